// Page tables as data: which bits of an address index which table, and which entries can map memory.

/// One level of a page table.
public struct PageTableLevel: Sendable, Hashable {
  /// What the architecture calls it: `L2`, `PMD`.
  public var name: String
  /// Lowest address bit of the index; an entry stands for `1 << shift` bytes.
  public var shift: UInt8
  /// Number of index bits: a table has `1 << indexBits` entries.
  public var indexBits: UInt8
  /// Whether an entry may map memory itself (a page or block) instead of leading to a table.
  public var canMap: Bool

  /// A level with its bits.
  public init(_ name: String, shift: UInt8, indexBits: UInt8, canMap: Bool) {
    self.name = name
    self.shift = shift
    self.indexBits = indexBits
    self.canMap = canMap
  }

  /// What one entry stands for.
  public var entrySize: PageSize { PageSize(shift: shift) }
  /// What one whole table stands for.
  public var tableSize: PageSize { PageSize(shift: shift &+ indexBits) }
  /// Entries of a table.
  public var capacity: UInt64 { 1 << UInt64(indexBits) }

  /// Index of `address` in its table.
  public func slot(_ address: UInt64) -> UInt64 {
    (address >> UInt64(shift)) & (capacity &- 1)
  }
}

/// The page-table format of one architecture and granule.
public struct PageTableModel: Sendable, Hashable {
  /// Stable name: `x86-64-4level`.
  public var name: String
  /// For people: `x86-64, 4 levels`.
  public var title: String
  /// Translated address bits.
  public var virtualBits: UInt8
  /// Levels from the root to the base pages.
  public var levels: [PageTableLevel]

  /// A format with its levels, root first.
  public init(name: String, title: String, virtualBits: UInt8, levels: [PageTableLevel]) {
    self.name = name
    self.title = title
    self.virtualBits = virtualBits
    self.levels = levels
  }

  /// The smallest page.
  public var basePage: PageSize { levels.last?.entrySize ?? .size4K }

  /// Every size an entry can map, smallest first.
  public var pageSizes: [PageSize] {
    levels.filter(\.canMap).map(\.entrySize).sorted()
  }

  /// The level whose entries stand for `size`.
  public func level(mapping size: PageSize) -> PageTableLevel? {
    levels.first { $0.entrySize == size }
  }
}

/// The entries of one level that a range of addresses uses.
public struct SlotSpan: Sendable, Hashable {
  /// Index of the first address in its table.
  public var first: UInt64
  /// Index of the last address in its table; below `first` when the range goes on in a next table.
  public var last: UInt64
  /// Entries used, over all tables.
  public var count: UInt64
  /// Tables of this level that the range touches; more than 1 means that the index starts over at 0.
  public var tables: UInt64

  /// Whether the range goes on in a next table, where the index starts over at 0.
  public var leavesTable: Bool { tables > 1 }
}

extension PageTableLevel {
  /// The entries that the bytes of `range` use; nil for an empty range.
  public func slots(of range: AddressRange) -> SlotSpan? {
    guard !range.isEmpty else { return nil }
    return SlotSpan(
      first: slot(range.start), last: slot(range.last), count: range.pageCount(entrySize),
      tables: range.pageCount(tableSize))
  }
}
