// GitHub workflow commands, which become annotations on the changed files.
//
//     ::error file=xen/arch/x86/xen.lds.S,line=397,col=1,endColumn=60,title=assertion-fails::_start misaligned
//
// Source: docs.github.com, "Workflow commands for GitHub Actions"; actions/toolkit, packages/core/src/command.ts.

import LdsParser

/// Writes annotations, the worst first.
struct GitHubReporter {
  /// GitHub shows this many of one kind from one step, and silently drops the others.
  static let shownOfOneKind = 10

  let output: Output

  func write(_ report: Report) {
    for severity in Severity.allCases.reversed() {
      let findings = report.findings.filter { $0.severity == severity }
      for finding in findings.prefix(Self.shownOfOneKind) { write(finding, report) }
      let rest = findings.count - Self.shownOfOneKind
      if rest > 0 {
        let word = ReportSummary.counted(rest, severity.rawValue)
        output.write("\(word) more, without annotation: GitHub shows ten of a kind\n")
      }
    }
    output.write(ReportSummary.line(report) + "\n")
  }

  private func write(_ finding: ReportFinding, _ report: Report) {
    var properties: [(String, String)] = []
    let place = report.shown(finding).place
    properties.append(("file", DisplayText.escape(report.root.shown(place.path).bytes)))
    if let line = place.line {
      properties.append(("line", String(line)))
      let last = place.endLine ?? line
      if last > line { properties.append(("endLine", String(last))) }
      let columns = place.utf16Columns
      // Columns are of use on one line only.
      if last == line, let start = columns.start {
        properties.append(("col", String(start)))
        if let end = columns.end, end > start { properties.append(("endColumn", String(end))) }
      }
    }
    properties.append(("title", finding.rule))
    let list = properties.map { "\($0)=\(Self.escapeProperty($1))" }.joined(separator: ",")
    let message = Self.escapeData(Self.message(finding, report))
    output.write("::\(Self.command(finding.severity)) \(list)::\(message)\n")
  }

  private static func message(_ finding: ReportFinding, _ report: Report) -> String {
    let notes = finding.notes.map { note in
      guard let place = note.place else { return note.message }
      return ReportText.place(place, report.root) + ": " + note.message
    }
    return ([report.shown(finding).message] + notes + finding.help).map(DisplayText.escape)
      .joined(separator: "\n")
  }

  private static func command(_ severity: Severity) -> String {
    switch severity {
    case .error: "error"
    case .warning: "warning"
    case .note: "notice"
    }
  }

  private static func escapeData(_ text: String) -> String {
    escape(text, also: "")
  }

  private static func escapeProperty(_ text: String) -> String {
    escape(text, also: ":,")
  }

  private static func escape(_ text: String, also special: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar == "%" || scalar == "\r" || scalar == "\n"
        || special.unicodeScalars.contains(scalar)
      {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += (scalar.value < 16 ? "%0" : "%") + digits
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
