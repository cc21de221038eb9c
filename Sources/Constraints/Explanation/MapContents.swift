// What a map lists between two addresses or in one output section: input sections with their objects.

public import LdsParser

/// The input and output sections of one map.
public struct MapContents: Sendable {
  private let map: Image

  /// The contents of `map`.
  public init(_ map: Image) {
    self.map = map
  }

  /// Input sections with a byte in `range`, largest first; discarded and empty ones are left out.
  public func inputs(in range: AddressRange) -> [Contribution] {
    sorted(
      map.inputSections.filter { row in
        row.outputSection >= 0
          && AddressRange(start: row.address, byteCount: row.size).overlaps(range)
          && isMemory(Int(row.outputSection))
      }.map(contribution))
  }

  /// A section that is not allocated has the address 0 in a map, and takes no room there.
  private func isMemory(_ section: Int) -> Bool {
    map.outputSections.indices.contains(section)
      && LoadedSection.isLoaded(map.outputSections[section])
  }

  /// Input sections of the output section called `name`, largest first.
  public func inputs(ofSection name: [UInt8]) -> [Contribution] {
    sorted(
      map.inputSections.filter { row in
        row.size > 0 && row.outputSection >= 0
          && Int(row.outputSection) < map.outputSections.count
          && map.outputSections[Int(row.outputSection)].name == name
      }.map(contribution))
  }

  /// The input section at `address`.
  public func input(at address: UInt64) -> Contribution? {
    inputs(in: AddressRange(start: address, byteCount: 1)).first
  }

  private func contribution(_ row: InputSectionRecord) -> Contribution {
    Contribution(
      section: row.name(in: map), object: row.object(in: map),
      address: row.address, size: row.size, offset: Int(row.nameStart))
  }

  private func sorted(_ rows: [Contribution]) -> [Contribution] {
    rows.sorted { ($1.size, $0.address) < ($0.size, $1.address) }
  }
}
