// What a region is filled with, in rows that sum to what is used.

internal import LdsParser

/// How contents are told apart.
public enum MemoryGrouping: String, Sendable, CaseIterable {
  /// Output sections.
  case section
  /// Objects, members of archives among them.
  case object
  /// Archives; objects that are in none are one row.
  case archive
  /// Symbols; input sections where the file has no sizes of symbols.
  case symbol
}

/// One row.
public struct MemoryRow: Sendable, Hashable {
  /// What it is.
  public enum Kind: String, Sendable, Hashable {
    case section, object, archive, symbol
    /// Bytes that no symbol covers.
    case unnamed
    /// Merged strings and constants, which many objects share.
    case shared
    /// Bytes of the script: data, stacks, heaps.
    case script
    /// Alignment and fill.
    case padding
    /// Sections at the same addresses: what is counted once of them. Negative.
    case overlap
    /// What lies behind the place up to which the linker counts. Negative.
    case uncounted
  }

  /// What it is.
  public var kind: Kind
  /// The name, for people and as a key from build to build.
  public var name: [UInt8]
  /// Bytes; negative for what is counted otherwise.
  public var bytes: Int64
  /// Of `bytes`, those that are only the load image of what runs elsewhere.
  public var loadImage: Int64 = 0
  /// Objects that share the bytes.
  public var sharers: Int = 0

  /// A row of `bytes`.
  public init(kind: Kind, name: [UInt8], bytes: Int64) {
    self.kind = kind
    self.name = name
    self.bytes = bytes
  }

  /// The name for people.
  public var displayName: String { String(decoding: name, as: UTF8.self) }

  /// Whether it is something that somebody wrote.
  public var isContributor: Bool {
    switch kind {
    case .section, .object, .archive, .symbol, .unnamed, .shared, .script: true
    case .padding, .overlap, .uncounted: false
    }
  }

  /// What tells rows apart.
  struct Key: Hashable {
    var kind: Kind
    var name: [UInt8]
  }

  var key: Key { Key(kind: kind, name: name) }
}

/// Adds up rows.
struct MemoryRows {
  private var rows: [MemoryRow.Key: MemoryRow] = [:]

  mutating func add(
    _ kind: MemoryRow.Kind, _ name: [UInt8], _ bytes: Int64, isLoadImage: Bool = false,
    sharers: Int = 0
  ) {
    if bytes == 0 { return }
    let key = MemoryRow.Key(kind: kind, name: name)
    var row = rows[key] ?? MemoryRow(kind: kind, name: name, bytes: 0)
    row.bytes &+= bytes
    if isLoadImage { row.loadImage &+= bytes }
    row.sharers = max(row.sharers, sharers)
    rows[key] = row
  }

  /// The rows, the largest first; those of ld's way to count last.
  var sorted: [MemoryRow] {
    rows.values.filter { $0.bytes != 0 }.sorted { left, right in
      if (left.bytes < 0) != (right.bytes < 0) { return right.bytes < 0 }
      if left.bytes != right.bytes { return left.bytes > right.bytes }
      if left.isContributor != right.isContributor { return left.isContributor }
      if left.name != right.name { return left.name.lexicographicallyPrecedes(right.name) }
      return left.kind.rawValue < right.kind.rawValue
    }
  }
}
