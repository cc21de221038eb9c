// Who grew between two images, so that the rows sum to the difference of each region.

/// What became of memory from one image to another.
public struct MemoryDifference: Sendable {
  /// One region in both.
  public struct Region: Sendable {
    /// The name's bytes.
    public var name: [UInt8]
    /// Bytes used before; nil for a region that was not there.
    public var old: UInt64?
    /// Bytes used now; nil for a region that is gone.
    public var new: UInt64?
    /// What changed, the largest change first; sums to ``delta``.
    public var changes: [MemoryChange]

    /// Bytes more than before.
    public var delta: Int64 { Int64(truncatingIfNeeded: (new ?? 0) &- (old ?? 0)) }
    /// The name for people.
    public var displayName: String { String(decoding: name, as: UTF8.self) }
  }

  /// The regions, in the order of the new image, then those that are gone.
  public private(set) var regions: [Region] = []

  /// What became of `old` in `new`.
  public init(from old: MemoryUse, to new: MemoryUse, by grouping: MemoryGrouping) {
    for region in new.regions {
      let before = old.regions.first { $0.name == region.name }
      regions.append(
        Region(
          name: region.name, old: before?.used, new: region.used,
          changes: MemoryChange.all(
            from: before.map { old.rows(of: $0, by: grouping) } ?? [],
            to: new.rows(of: region, by: grouping))))
    }
    for region in old.regions where !new.regions.contains(where: { $0.name == region.name }) {
      regions.append(
        Region(
          name: region.name, old: region.used, new: nil,
          changes: MemoryChange.all(from: old.rows(of: region, by: grouping), to: [])))
    }
  }

  /// The changes of a region of the new image.
  public func region(_ name: [UInt8]) -> Region? { regions.first { $0.name == name } }
}

/// What became of one row.
public struct MemoryChange: Sendable, Hashable {
  /// What happened.
  public enum Kind: String, Sendable {
    case grown, shrunk, new, gone
  }

  /// The row as it is now, or as it was if it is gone.
  public var row: MemoryRow
  /// Bytes before, nil for what is new.
  public var old: Int64?
  /// Bytes now, nil for what is gone.
  public var new: Int64?

  /// Bytes more than before.
  public var delta: Int64 { (new ?? 0) &- (old ?? 0) }

  /// What happened.
  public var kind: Kind {
    if old == nil { return .new }
    if new == nil { return .gone }
    return delta < 0 ? .shrunk : .grown
  }

  /// The rows that changed, the largest change first.
  static func all(from old: [MemoryRow], to new: [MemoryRow]) -> [MemoryChange] {
    var before: [MemoryRow.Key: MemoryRow] = [:]
    for row in old { before[row.key] = row }
    var changes: [MemoryChange] = []
    var added: [MemoryRow] = []
    for row in new {
      if let match = before.removeValue(forKey: row.key) {
        changes.append(MemoryChange(row: row, old: match.bytes, new: row.bytes))
      } else {
        added.append(row)
      }
    }
    changes += pairs(old.filter { before[$0.key] != nil }, added)
    return changes.filter { $0.delta != 0 }.sorted { left, right in
      if left.delta.magnitude != right.delta.magnitude {
        return left.delta.magnitude > right.delta.magnitude
      }
      return left.row.name.lexicographicallyPrecedes(right.row.name)
    }
  }

  /// Rows whose names differ in their folders only, as where two builds stand in two places.
  private static func pairs(_ gone: [MemoryRow], _ added: [MemoryRow]) -> [MemoryChange] {
    let goneNames = Dictionary(grouping: gone) { key($0) }
    let addedNames = Dictionary(grouping: added) { key($0) }
    func isAlone(_ row: MemoryRow) -> Bool {
      goneNames[key(row)]?.count == 1 && addedNames[key(row)]?.count == 1
    }
    let moved = added.map { row in
      MemoryChange(
        row: row, old: isAlone(row) ? goneNames[key(row)]?.first?.bytes : nil, new: row.bytes)
    }
    return moved
      + gone.filter { !isAlone($0) }.map { MemoryChange(row: $0, old: $0.bytes, new: nil) }
  }

  private static func key(_ row: MemoryRow) -> MemoryRow.Key {
    MemoryRow.Key(kind: row.kind, name: MemoryNames.short(row.name))
  }
}
