// What it takes to map a range: entries of each size, tables of each level.

/// Entries and tables for one range, with the largest pages that fit.
public struct MappingDemand: Sendable, Hashable {
  /// Mapping entries at each level of the model, root first.
  public var entries: [UInt64]
  /// Tables at each level of the model, root first.
  public var tables: [UInt64]
  /// Bytes mapped: the range grown to whole base pages.
  public var mappedBytes: UInt64

  /// Tables below the root.
  public var tableCount: UInt64 { tables.dropFirst().reduce(0, &+) }
}

extension PageTableModel {
  /// What mapping `range` takes when every entry is as large as alignment allows, at most `largest`.
  ///
  /// `displacement` is the physical minus the virtual address; a page of some size fits only where the
  /// two agree modulo that size.
  /// - Returns: nil if they do not even agree modulo the base page, so that nothing can be mapped.
  /// - Complexity: O(levels²), whatever the length of the range.
  public func demand(
    for range: AddressRange, largest: PageSize, displacement: UInt64 = 0
  ) -> MappingDemand? {
    guard basePage.isAligned(displacement) else { return nil }
    var demand = MappingDemand(
      entries: levels.map { _ in 0 }, tables: levels.map { _ in 0 },
      mappedBytes: range.pageCount(basePage) &* basePage.bytes)
    for piece in range.unwrapped {
      // In numbers of base pages nothing overflows, not even an end at 2^64.
      let first = piece.start >> UInt64(basePage.shift)
      add(first..<(first &+ piece.pageCount(basePage)), largest, displacement, to: &demand)
    }
    // The two halves of a wrapped range hang off one root.
    if !demand.tables.isEmpty, !range.isEmpty { demand.tables[0] = 1 }
    return demand
  }

  private func add(
    _ pages: Range<UInt64>, _ largest: PageSize, _ displacement: UInt64,
    to demand: inout MappingDemand
  ) {
    var open = [pages]
    // Entries of the level above that the range touches and that do not map it themselves.
    var leadingOn: UInt64 = 1
    for (index, level) in levels.enumerated() {
      let pagesShift = UInt64(level.shift &- basePage.shift)
      demand.tables[index] &+= leadingOn
      leadingOn = 0
      var rest: [Range<UInt64>] = []
      let fits =
        level.canMap && level.entrySize <= largest && level.entrySize.isAligned(displacement)
      for part in open {
        let touched = ((part.upperBound &- 1) >> pagesShift) &- (part.lowerBound >> pagesShift) &+ 1
        let inner = fits ? aligned(part, shift: pagesShift) : nil
        guard let inner else {
          rest.append(part)
          leadingOn &+= touched
          continue
        }
        let count = (inner.upperBound &- inner.lowerBound) >> pagesShift
        demand.entries[index] &+= count
        leadingOn &+= touched &- count
        if part.lowerBound < inner.lowerBound { rest.append(part.lowerBound..<inner.lowerBound) }
        if inner.upperBound < part.upperBound { rest.append(inner.upperBound..<part.upperBound) }
      }
      open = rest
    }
  }

  /// The whole pages of `1 << shift` base pages inside `pages`.
  private func aligned(_ pages: Range<UInt64>, shift: UInt64) -> Range<UInt64>? {
    let mask = (1 << shift) &- 1 as UInt64
    let low = (pages.lowerBound &+ mask) & ~mask
    let high = pages.upperBound & ~mask
    return low < high ? low..<high : nil
  }
}
