// What `memory` has to show, before it has a form.

import Constraints
import LdsParser

/// The memory of one image, beside an older one if there is one.
struct MemoryResult: Sendable {
  /// The name of the image.
  let image: String
  /// Its use of memory; nil where a history alone is shown.
  let use: MemoryUse?
  /// The name of the older image.
  let older: String?
  let difference: MemoryDifference?
  let grouping: MemoryGrouping
  let budgets: [BudgetVerdict]
  /// Constraints of the configuration that fail, by name.
  var failingConstraints: [String] = []
  /// The builds of the history, if one was given.
  var trend: MemoryTrend?

  /// The rows of a region.
  func rows(_ region: MemoryUse.Region) -> [MemoryRow] {
    use?.rows(of: region, by: grouping) ?? []
  }

  /// The change of a row since the older image; nil where nothing is compared, or it has not changed.
  func change(_ row: MemoryRow, in region: MemoryUse.Region) -> MemoryChange? {
    difference?.region(region.name)?.changes.first { $0.row == row }
  }

  /// Regions that overflow, in order.
  var overflowing: [MemoryUse.Region] { use?.regions.filter { $0.overflow > 0 } ?? [] }
}

/// Numbers of bytes and shares as every format writes them.
enum MemoryNumbers {
  /// Tenths of a per cent of `whole`, rounded; nil where there is no whole.
  static func tenths(_ part: UInt64, of whole: UInt64?) -> Int? {
    guard let whole, whole > 0 else { return nil }
    let share = Double(part) * 1000 / Double(whole)
    return Int(exactly: share.rounded()) ?? .max
  }

  /// `101.9%`
  static func percent(_ part: UInt64, of whole: UInt64?) -> String {
    guard let tenths = tenths(part, of: whole) else { return "" }
    return "\(tenths / 10).\(tenths % 10)%"
  }

  /// `+192`, `-64`, `0`
  static func signed(_ bytes: Int64) -> String { bytes > 0 ? "+\(bytes)" : "\(bytes)" }

  /// `1 byte`, `2 bytes`
  static func bytes(_ count: Int64) -> String { count == 1 ? "1 byte" : "\(count) bytes" }

  /// `name 1234, other 1000` of the largest contributors.
  static func largest(_ rows: [MemoryRow], _ count: Int) -> String {
    rows.filter { $0.isContributor && $0.bytes > 0 }.prefix(count)
      .map { "\(name($0)) \($0.bytes)" }.joined(separator: ", ")
  }

  /// `lwip.o +1400 (new)` of the largest changes.
  static func changes(_ changes: [MemoryChange], _ count: Int) -> String {
    changes.prefix(count).map { change in
      let word =
        switch change.kind {
        case .new: " (new)"
        case .gone: " (gone)"
        case .grown, .shrunk: ""
        }
      return "\(name(change.row)) \(signed(change.delta))\(word)"
    }.joined(separator: ", ")
  }

  /// The name of a row for people, without the folders of archives.
  static func name(_ row: MemoryRow) -> String {
    let name = String(decoding: MemoryNames.short(row.name), as: UTF8.self)
    return row.sharers > 1 ? "\(name), shared by \(row.sharers)" : name
  }
}
