// Memory for people: what overflows and what changed first, then the table, then who fills each region.
//
//     FLASH overflows by 1232 bytes: 66768 of 65536 are used
//       largest           net/lwip.o 23456, libc.a(printf.o) 9000
//       since old.map     +1300: net/lwip.o +1400, app/main.o -100
//     region            origin    length      used      free    used
//     FLASH         0x08000000     65536     66768     -1232  101.9%  ##########!

import Constraints
import LdsParser

/// Writes a memory result as text.
struct MemoryText {
  let writer: TextWriter

  /// Rows of a region that are shown.
  private static let shownRows = 10
  private static let barWidth = 10

  func write(_ result: MemoryResult) {
    for region in result.overflowing.prefix(3) { writeOverflow(region, result) }
    if let use = result.use {
      if result.overflowing.isEmpty, let older = result.older { writeGrowth(result, since: older) }
      writeTable(use)
      writeBudgets(result.budgets)
      for region in use.regions { writeRows(region, result) }
      for doubt in use.doubts.prefix(4) { note(doubt.text) }
    }
    if let trend = result.trend { writeTrend(trend) }
  }

  // MARK: The answer

  private func writeOverflow(_ region: MemoryUse.Region, _ result: MemoryResult) {
    writer.line(
      "\(region.displayName) overflows by \(region.overflow) bytes: \(region.used) of "
        + "\(region.length ?? 0) are used", .error)
    writer.line(
      "  " + Self.padded("largest", 18) + MemoryNumbers.largest(result.rows(region), 4))
    if let older = result.older, let change = result.difference?.region(region.name) {
      writer.line("  " + Self.padded("since \(older)", 18) + Self.summary(change))
    }
  }

  private func writeGrowth(_ result: MemoryResult, since older: String) {
    let changed = result.difference?.regions.filter { !$0.changes.isEmpty } ?? []
    if changed.isEmpty { return writer.line("nothing changed since \(older)") }
    for change in changed.prefix(4) {
      writer.write("\(change.displayName) since \(older): ", .bold)
      writer.line(Self.summary(change))
    }
  }

  private static func summary(_ change: MemoryDifference.Region) -> String {
    change.changes.isEmpty
      ? "unchanged"
      : "\(MemoryNumbers.signed(change.delta)): " + MemoryNumbers.changes(change.changes, 4)
  }

  // MARK: The table

  private func writeTable(_ use: MemoryUse) {
    let digits = use.regions.contains { ($0.origin ?? 0) > 0xffff_ffff } ? 16 : 8
    let width = max(7, min(24, 1 + (use.regions.map { $0.displayName.utf8.count }.max() ?? 0)))
    writer.line(
      Self.padded("region", width) + Self.right("origin", digits + 4)
        + Self.right("length", 11) + Self.right("used", 11) + Self.right("free", 11)
        + Self.right("used%", 8), .faint)
    for region in use.regions {
      let origin = region.origin.map { Self.address($0, digits) } ?? ""
      writer.write(
        Self.padded(region.displayName, width) + Self.right(origin, digits + 4)
          + Self.right(region.length.map { "\($0)" } ?? "", 11) + Self.right("\(region.used)", 11)
          + Self.right(region.free.map { "\($0)" } ?? "", 11)
          + Self.right(MemoryNumbers.percent(region.used, of: region.length), 8))
      writer.write(
        region.length == nil ? "" : "  " + Self.bar(region),
        region.overflow > 0 ? .error : .faint)
      let names = region.aliases.map { String(decoding: $0, as: UTF8.self) }
      writer.line(names.isEmpty ? "" : "  also \(names.joined(separator: ", "))")
    }
  }

  private static func bar(_ region: MemoryUse.Region) -> String {
    guard let tenths = MemoryNumbers.tenths(region.used, of: region.length) else { return "" }
    let filled = min(barWidth, tenths * barWidth / 1000 + (tenths % 100 > 0 ? 1 : 0))
    return String(repeating: "#", count: filled)
      + String(repeating: ".", count: barWidth - filled) + (region.overflow > 0 ? "!" : "")
  }

  // MARK: Budgets

  private func writeBudgets(_ budgets: [BudgetVerdict]) {
    for verdict in [Verdict.fails, .undecided, .holds] {
      for budget in budgets where budget.verdict == verdict {
        let (word, style): (String, TextStyle) =
          switch verdict {
          case .fails: ("fails", .error)
          case .undecided: ("undecided", .warning)
          case .holds: ("holds", .good)
          }
        writer.write(Self.padded(word, 11), style)
        writer.write(budget.budget.name, .bold)
        writer.line("  " + budget.reason)
        if verdict == .fails, let why = budget.budget.why { writer.line("           \(why)") }
      }
    }
  }

  // MARK: Contents

  private func writeRows(_ region: MemoryUse.Region, _ result: MemoryResult) {
    let rows = result.rows(region)
    if rows.isEmpty { return }
    writer.line()
    writer.write("\(region.displayName) by \(result.grouping.rawValue)", .bold)
    writer.line(
      result.older.map { ", changes since \($0)" } ?? "", .faint)
    let ending = rows.filter { $0.bytes < 0 }
    let shown = rows.filter { $0.bytes >= 0 }
    for row in shown.prefix(Self.shownRows) { writeRow(row, region, result) }
    let rest = shown.dropFirst(Self.shownRows)
    if !rest.isEmpty {
      let sum = rest.reduce(Int64(0)) { $0 &+ $1.bytes }
      writer.line(Self.right("\(sum)", 11) + "          and \(rest.count) more", .faint)
    }
    for row in ending { writeRow(row, region, result) }
    writeGone(region, result)
  }

  private func writeRow(
    _ row: MemoryRow, _ region: MemoryUse.Region, _ result: MemoryResult
  ) {
    let share = MemoryNumbers.percent(UInt64(clamping: row.bytes), of: region.length ?? region.used)
    writer.write(Self.right("\(row.bytes)", 11) + Self.right(share, 8) + "  ")
    writer.write(MemoryNumbers.name(row))
    if row.loadImage > 0 {
      writer.write(
        row.loadImage == row.bytes ? "  (load image)" : "  (\(row.loadImage) of it load image)",
        .faint)
    }
    if let change = result.change(row, in: region) {
      writer.write(
        change.kind == .new ? "  new" : "  \(MemoryNumbers.signed(change.delta))",
        change.delta > 0 ? .warning : .good)
    }
    writer.line()
  }

  private func writeGone(_ region: MemoryUse.Region, _ result: MemoryResult) {
    let gone = result.difference?.region(region.name)?.changes.filter { $0.kind == .gone } ?? []
    if gone.isEmpty { return }
    writer.line("      gone: " + MemoryNumbers.changes(gone, 6))
  }

  private func note(_ text: String) {
    writer.write("note: ", .note)
    writer.line(ReportText.inline(text))
  }

  // MARK: Trend

  private func writeTrend(_ trend: MemoryTrend) {
    writer.line()
    writer.line("\(ReportSummary.counted(trend.builds, "build")) of \(trend.image)", .bold)
    for series in trend.series {
      let last = series.values.last ?? 0
      let change = series.values.first.map { MemoryNumbers.signed(last &- $0) } ?? ""
      writer.line(
        Self.padded(series.name, 16) + " \(series.sparkline)  \(last)"
          + (series.length.map { " of \($0)" } ?? "") + " (\(change) since the first)")
    }
  }

  // MARK: Columns

  private static func padded(_ text: String, _ width: Int) -> String {
    let columns = DisplayText.width(DisplayText.escape(text))
    return text + String(repeating: " ", count: max(columns < width ? 0 : 1, width - columns))
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.utf8.count)) + text
  }

  private static func address(_ value: UInt64, _ digits: Int) -> String {
    let text = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}
