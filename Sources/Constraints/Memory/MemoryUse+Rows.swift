// From the sections of a region to rows that sum to what the linker counts.

internal import LdsParser

extension MemoryUse {
  /// What `region` is filled with, the largest first. The rows sum to ``Region/used``, to the byte, always:
  /// padding, sections that share addresses and what the linker leaves out are rows of their own.
  public func rows(of region: Region, by grouping: MemoryGrouping) -> [MemoryRow] {
    var rows = MemoryRows()
    let namer = PieceNamer(image, grouping)
    for resident in region.residents {
      namer.add(resident, to: &rows)
    }
    addRemainder(of: region, to: &rows)
    return rows.sorted
  }

  /// What the sizes of the sections do not explain.
  private func addRemainder(of region: Region, to rows: inout MemoryRows) {
    guard let origin = region.origin else { return }
    let cover = AddressCover(
      region.residents.map { (start: $0.address &- origin, size: $0.size) }, limit: region.used)
    rows.add(.padding, Array("(between sections)".utf8), cover.gaps)
    rows.add(.overlap, Array("(at the same addresses)".utf8), 0 &- cover.shared)
    let sum = region.residents.reduce(Int64(0)) { $0 &+ Int64(truncatingIfNeeded: $1.size) }
    let explained = sum &+ cover.gaps &- cover.shared
    rows.add(
      .uncounted, Array("(behind the last section, where ld stops counting)".utf8),
      Int64(truncatingIfNeeded: region.used) &- explained)
  }
}

/// How intervals cover the range from 0 to a limit.
private struct AddressCover {
  /// Bytes below the limit that no interval covers.
  private(set) var gaps: Int64 = 0
  /// Bytes that intervals cover more than once, counted once less than covered.
  private(set) var shared: Int64 = 0

  init(_ intervals: [(start: UInt64, size: UInt64)], limit: UInt64) {
    var cursor: UInt64 = 0
    for interval in intervals.filter({ $0.size > 0 }).sorted(by: { $0.start < $1.start }) {
      let end = interval.start &+ interval.size
      if end < interval.start { continue }
      if interval.start > cursor {
        let upTo = min(interval.start, max(cursor, limit))
        gaps &+= Int64(truncatingIfNeeded: upTo &- cursor)
      } else {
        let upTo = min(end, cursor)
        shared &+= Int64(truncatingIfNeeded: upTo &- interval.start)
      }
      cursor = max(cursor, end)
    }
    // A pointer that wrapped below the origin says nothing of gaps.
    if limit > cursor, limit < 1 << 62 { gaps &+= Int64(truncatingIfNeeded: limit &- cursor) }
  }
}
