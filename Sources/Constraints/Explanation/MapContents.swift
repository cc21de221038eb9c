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

  /// An input section with contents whose name is near to `name`, with its object; nil if none is, or one is called so.
  func inputNamedLike(_ name: [UInt8]) -> Contribution? {
    let rows = map.inputSections.filter { $0.size > 0 && $0.outputSection >= 0 }
    let names = Set(rows.map { $0.name(in: map) })
    guard !names.contains(name) else { return nil }
    let texts = names.map { String(decoding: $0, as: UTF8.self) }.sorted()
    guard let near = Suggestion.nearest(to: String(decoding: name, as: UTF8.self), among: texts)
    else { return nil }
    return rows.first { $0.name(in: map) == Array(near.utf8) }.map(contribution)
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
