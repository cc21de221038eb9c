// What the files do not tell of the use of memory, and which file would.

/// Why a count may not be the linker's.
public enum MemoryDoubt: Sendable, Hashable {
  /// Whether a section has bytes to load; `isCounted` says how it is counted.
  case loading(section: [UInt8], region: [UInt8], bytes: UInt64, isCounted: Bool)
  /// Whether `AT>REGION` or `AT(address)` gives a load address; the linker counts the first only.
  case loadAddress(section: [UInt8], region: [UInt8], bytes: UInt64)
  /// Whether the last section of a region takes memory: types such as INFO and COPY do not.
  case allocation(section: [UInt8], region: [UInt8], bytes: UInt64)
  /// Whether the alignment of an empty section, which the image does not have, moved the region.
  case dropped(section: [UInt8], region: [UInt8])
  /// Which section of the script an orphan follows, and with it whether it is loaded into a region.
  case orphan(section: [UInt8], region: [UInt8], bytes: UInt64, isCounted: Bool)
  /// No MEMORY is known.
  case noRegions
  /// ORIGIN or LENGTH of a region is no number before the link.
  case unknownExtent
  /// A region that sections name and nothing declares.
  case undeclared(region: [UInt8])

  /// The region whose count is in doubt; nil where all are.
  var region: [UInt8]? {
    switch self {
    case .loading(_, let region, _, _), .orphan(_, let region, _, _),
      .loadAddress(_, let region, _),
      .allocation(_, let region, _), .dropped(_, let region),
      .undeclared(let region):
      region
    case .noRegions, .unknownExtent: nil
    }
  }

  /// The sentence: lower case, no full stop.
  public var text: String {
    switch self {
    case .loading(let section, let region, let bytes, _):
      "the map does not tell whether '\(Self.shown(section))' has bytes in \(Self.shown(region)), which would be "
        + "\(bytes): give the linked image too"
    case .loadAddress(let section, let region, _):
      "'\(Self.shown(section))' is counted in \(Self.shown(region)): the map does not tell AT>\(Self.shown(region)) from "
        + "AT(address), which the linker does not count: give the script too"
    case .allocation(let section, let region, _):
      "the map does not tell whether '\(Self.shown(section))' takes memory in \(Self.shown(region)): give the script or "
        + "the linked image too"
    case .dropped(let section, let region):
      "the image does not tell how the empty section '\(Self.shown(section))' aligned \(Self.shown(region)): give the "
        + "map too"
    case .orphan(let section, let region, let bytes, _):
      "the image does not tell which section of the script '\(Self.shown(section))' follows, and so whether it is loaded "
        + "into \(Self.shown(region)), which would be \(bytes): the map of the link tells"
    case .noRegions:
      "no MEMORY is known, so all sections count as one: give the linker script, or a map of GNU ld"
    case .unknownExtent:
      "ORIGIN or LENGTH of a region is no number in the script: the map of GNU ld has it"
    case .undeclared(let region): "no MEMORY line declares the region '\(Self.shown(region))'"
    }
  }

  private static func shown(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
