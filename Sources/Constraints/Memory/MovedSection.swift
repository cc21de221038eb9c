// Sections that do not lie in memory as the image was loaded: something has to bring them to where they run.

import LdsParser

/// A section, and how far it runs from where it is loaded.
struct MovedSection {
  /// Its index among the output sections of the image.
  var index: Int
  var run: Range<UInt64>
  var load: UInt64

  fileprivate var distance: UInt64 { run.lowerBound &- load }
}

extension Image {
  /// Of the sections that have an address, a load address and are `wanted`, those that are not as far from their load
  /// address as the one that is loaded first: whoever loads the image moves what is.
  func movedSections(where wanted: (OutputSectionRecord) -> Bool) -> [MovedSection] {
    let loaded = outputSections.indices.compactMap { index -> MovedSection? in
      let section = outputSections[index]
      guard wanted(section), let run = section.memory, let load = section.lma else { return nil }
      return MovedSection(index: index, run: run, load: load)
    }
    guard let first = loaded.min(by: { ($0.load, $0.index) < ($1.load, $1.index) }) else {
      return []
    }
    return loaded.filter { $0.distance != first.distance }
  }
}
