// `memory --format markdown`: a comment for a merge request, the same text for the same files, so that it can be
// replaced in place. Its first line is a mark by which a script finds the comment of the run before.

import Constraints
import LdsParser

/// Writes a memory result as Markdown of GitHub and GitLab.
struct MemoryMarkdown {
  private static let shownRows = 15
  private static let shownChanges = 8
  private static let barWidth = 10

  let result: MemoryResult

  /// The document.
  var document: String {
    var text = "<!-- lds-check memory \(MarkdownText.cell(result.image)) -->\n"
    text += "### Memory of \(MarkdownText.cell(result.image)): \(verdict)\n"
    text += failures
    if let use = result.use {
      text += table(use)
      text += growers(use)
      text += budgets
      for region in use.regions { text += contents(region) }
    }
    if let trend = result.trend { text += self.trend(trend) }
    return text
  }

  private var verdict: String {
    let broken = result.budgets.count { $0.verdict == .fails }
    var parts = result.overflowing.map {
      "\(MarkdownText.cell($0.displayName)) overflows by \($0.overflow) bytes"
    }
    if broken > 0 { parts.append(ReportSummary.counted(broken, "budget") + " exceeded") }
    let constraints = result.failingConstraints.count
    if constraints > 0 {
      parts.append(ReportSummary.counted(constraints, "constraint") + " broken")
    }
    return parts.isEmpty ? "within all limits" : parts.joined(separator: ", ")
  }

  private var failures: String {
    let budgets = result.budgets.filter { $0.verdict == .fails }.map { verdict in
      "- :x: **\(MarkdownText.cell(verdict.budget.name))**: \(MarkdownText.cell(verdict.reason))"
        + (verdict.budget.why.map { " (\(MarkdownText.cell($0)))" } ?? "") + "\n"
    }
    let constraints = result.failingConstraints.map {
      "- :x: **\(MarkdownText.cell($0))** does not hold\n"
    }
    let lines = (constraints + budgets).joined()
    return lines.isEmpty ? "" : "\n" + lines
  }

  private func table(_ use: MemoryUse) -> String {
    let compares = result.difference != nil
    var text = "\n| Region | | Used | Of | Free | |\(compares ? " Change |" : "")\n"
    text += "|---|---|--:|--:|--:|--:|\(compares ? "--:|" : "")\n"
    for region in use.regions {
      text += "| \(MarkdownText.cell(region.displayName)) | \(bar(region)) | \(region.used) | "
      text += "\(region.length.map { "\($0)" } ?? "") | \(region.free.map { "\($0)" } ?? "") | "
      text += "\(MemoryNumbers.percent(region.used, of: region.length)) |"
      if compares {
        let delta = result.difference?.region(region.name)?.delta ?? 0
        text += " \(MemoryNumbers.signed(delta)) |"
      }
      text += "\n"
    }
    return text
  }

  private func bar(_ region: MemoryUse.Region) -> String {
    guard let tenths = MemoryNumbers.tenths(region.used, of: region.length) else { return "" }
    let filled = min(Self.barWidth, (tenths * Self.barWidth + 999) / 1000)
    return "`" + String(repeating: "█", count: filled)
      + String(repeating: "░", count: Self.barWidth - filled) + "`"
  }

  private func growers(_ use: MemoryUse) -> String {
    guard let difference = result.difference, let older = result.older else { return "" }
    var rows = ""
    for region in difference.regions {
      for change in region.changes.prefix(Self.shownChanges) {
        rows +=
          "| \(MarkdownText.cell(region.displayName)) | \(MarkdownText.cell(MemoryNumbers.name(change.row))) | "
          + "\(change.old.map { "\($0)" } ?? "–") | \(change.new.map { "\($0)" } ?? "–") | "
          + "\(MemoryNumbers.signed(change.delta)) |\n"
      }
      let rest = region.changes.dropFirst(Self.shownChanges)
      if !rest.isEmpty {
        let sum = rest.reduce(Int64(0)) { $0 &+ $1.delta }
        rows +=
          "| \(MarkdownText.cell(region.displayName)) | and \(rest.count) more | | | "
          + "\(MemoryNumbers.signed(sum)) |\n"
      }
    }
    if rows.isEmpty { return "\nNothing changed since \(MarkdownText.cell(older)).\n" }
    return
      "\n**Changed since \(MarkdownText.cell(older))**\n\n| Region | What | Before | Now | Change |\n"
      + "|---|---|--:|--:|--:|\n" + rows
  }

  private var budgets: String {
    if result.budgets.isEmpty { return "" }
    var text = "\n| | Budget | |\n|---|---|---|\n"
    for verdict in result.budgets {
      let mark =
        switch verdict.verdict {
        case .fails: ":x:"
        case .undecided: ":grey_question:"
        case .holds: ":white_check_mark:"
        }
      text +=
        "| \(mark) | \(MarkdownText.cell(verdict.budget.name)) | \(MarkdownText.cell(verdict.reason)) |\n"
    }
    return text
  }

  private func contents(_ region: MemoryUse.Region) -> String {
    let rows = result.rows(region)
    if rows.isEmpty { return "" }
    var text =
      "\n<details><summary>\(MarkdownText.cell(region.displayName)) by \(result.grouping.rawValue)</summary>\n\n"
    text += "| Bytes | | What |\n|--:|--:|---|\n"
    for row in rows.prefix(Self.shownRows) {
      let share = MemoryNumbers.percent(
        UInt64(clamping: row.bytes), of: region.length ?? region.used)
      text += "| \(row.bytes) | \(share) | \(MarkdownText.cell(MemoryNumbers.name(row))) |\n"
    }
    let rest = rows.dropFirst(Self.shownRows)
    if !rest.isEmpty {
      text += "| \(rest.reduce(Int64(0)) { $0 &+ $1.bytes }) | | and \(rest.count) more |\n"
    }
    return text + "\n</details>\n"
  }

  private func trend(_ trend: MemoryTrend) -> String {
    var text = "\n| \(ReportSummary.counted(trend.builds, "build")) | | Last |\n|---|---|--:|\n"
    for series in trend.series {
      text +=
        "| \(MarkdownText.cell(series.name)) | \(series.sparkline) | \(series.values.last ?? 0) |\n"
    }
    return text
  }
}
