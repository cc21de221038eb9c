// Where parts of an image run and are loaded, as superpages see it.

internal import LdsParser

/// A section, or a segment of an image without sections, with both of its addresses.
public struct LoadedPlace: Sendable, Hashable {
  /// `'.text'`, or `program header 0`.
  public var name: String
  /// Where it runs.
  public var virtual: UInt64
  /// Where it is loaded.
  public var physical: UInt64
  /// Index of the section in `Image.outputSections`; nil for a segment.
  public var section: Int?

  /// The sections among `loaded` with their load addresses, and where those have none, the segments that begin in
  /// `range`. Zeroes have no place in a file, and the linker hands them addresses of no meaning.
  static func all(
    _ image: Image, _ loaded: [LoadedSection], in range: AddressRange
  ) -> [LoadedPlace] {
    let sections = loaded.compactMap { section in
      section.loadAddress.map {
        LoadedPlace(
          name: section.name, virtual: section.range.start, physical: $0, section: section.index)
      }
    }
    guard sections.isEmpty else { return sections }
    let segments = image.segments.enumerated().filter { $0.element.isLoaded }
    // All 0 in an image of several segments mean that there are no load addresses.
    guard segments.count <= 1 || segments.contains(where: { $0.element.physicalAddress != 0 })
    else { return [] }
    return segments.compactMap { index, segment in
      guard range.contains(segment.virtualAddress) else { return nil }
      return LoadedPlace(
        name: "program header \(index)", virtual: segment.virtualAddress,
        physical: segment.physicalAddress, section: nil)
    }
  }
}
