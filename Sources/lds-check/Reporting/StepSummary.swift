// What a GitHub job shows on its page: the report as Markdown, in the file that GITHUB_STEP_SUMMARY names.

import Constraints
import LdsParser

/// Makes the Markdown of a report.
struct StepSummary {
  /// GitHub takes 1 MiB from a step; so many rows stay far below.
  private static let rows = 200

  let report: Report

  func text() -> String {
    var text = "### lds-check: \(ReportSummary.line(report))\n"
    if !report.findings.isEmpty {
      text += "\n| | Rule | Place | Finding |\n|---|---|---|---|\n"
      let findings = Severity.allCases.reversed().flatMap { severity in
        report.findings.filter { $0.severity == severity }
      }
      for finding in findings.prefix(Self.rows) { text += row(finding) }
      let rest = findings.count - Self.rows
      if rest > 0 { text += "\nand \(rest) more\n" }
    }
    let open = report.assertions.filter { $0.verdict == .undecided }
    if !open.isEmpty {
      text += "\n| Undecided ASSERT | Why |\n|---|---|\n"
      for assertion in open.prefix(Self.rows) {
        text +=
          "| \(MarkdownText.cell(assertion.message)) | \(MarkdownText.cell(assertion.reason ?? "")) |\n"
      }
    }
    return text
  }

  private func row(_ finding: ReportFinding) -> String {
    let place = finding.place.map { ReportText.place($0, report.root) } ?? ""
    return
      "| \(finding.severity.rawValue) | \(MarkdownText.cell(finding.rule)) | \(MarkdownText.cell(place)) | "
      + "\(MarkdownText.cell(finding.message)) |\n"
  }
}

/// Makes text harmless for Markdown.
enum MarkdownText {
  /// Text on one line, for a paragraph or the cell of a table.
  static func cell(_ text: String) -> String {
    var result = ""
    for scalar in ReportText.inline(DisplayText.escape(text)).unicodeScalars {
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "|", "\\", "`", "*", "_", "[", "]", "#", "~", "!", "$", "@":
        result += "&#\(scalar.value);"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
