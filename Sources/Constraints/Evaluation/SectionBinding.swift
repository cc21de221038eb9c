// Which output section of the image is which of the program: by name, and among equal names by order.

internal import LdsParser

/// The correspondence of a program's output sections and an image's.
struct SectionBinding {
  /// For each section of the program, its index in the evidence.
  var evidenceIndex: [Int?]
  /// For each section of the evidence, its index in the walker's list: that of the program's section, or
  /// a number behind them all.
  var listedIndex: [Int]
  /// For the program section (-1 for the start), the orphans that follow it in the image.
  var orphansAfter: [Int: [Int]]
  private let anchors: [Int]

  init(_ program: Program, _ evidence: Evidence) {
    var places: [[UInt8]: [Int]] = [:]
    for (index, section) in evidence.sections.enumerated() {
      places[section.name, default: []].append(index)
    }
    evidenceIndex = program.sections.enumerated().map { index, section in
      if let record = section.mapRecord, record < evidence.sections.count {
        let name = program.names.bytes(section.name)
        if evidence.sections[record].name == name { return record }
      }
      let found = places[program.names.bytes(section.name)] ?? []
      return section.ordinal < found.count ? found[section.ordinal] : nil
    }
    listedIndex = evidence.sections.indices.map { program.sections.count + $0 }
    for (index, place) in evidenceIndex.enumerated() {
      if let place { listedIndex[place] = index }
    }
    var anchor = -1
    anchors = evidenceIndex.enumerated().map { index, place in
      if place != nil { anchor = index }
      return anchor
    }
    orphansAfter = [:]
    var last = -1
    for index in evidence.sections.indices {
      if listedIndex[index] < program.sections.count {
        last = listedIndex[index]
      } else {
        orphansAfter[last, default: []].append(index)
      }
    }
  }

  /// For each section of the program, the last allocated orphan behind it. A section that was dropped stands
  /// between an orphan and the section that the orphan follows.
  func lastOrphans(_ evidence: Evidence) -> [Int?] {
    evidenceIndex.indices.map { index in
      orphansAfter[anchors[index]]?.last {
        evidence.sections[$0].flags?.contains(.allocated) ?? true
      }
    }
  }

  /// The section of the program whose place orphans behind a section take: itself or, if the image does not
  /// have it, the last one before it that the image has; -1 if there is none.
  func anchor(of index: Int) -> Int { anchors.indices.contains(index) ? anchors[index] : -1 }
}
