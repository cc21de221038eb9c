// GitLab Code Quality: an array of findings, each with a fingerprint that is unique in the report
// (docs.gitlab.com/ci/testing/code_quality).

import LdsParser

/// Writes the findings of a report for `artifacts: reports: codequality`.
struct GitLabReporter {
  let output: Output

  func write(_ report: Report) {
    let json = JSONWriter(output)
    var fingerprints = FingerprintSequence(report.root)
    json.array(report.findings) { finding in
      let (place, message) = report.shown(finding)
      json.object {
        json.member("description", Self.description(finding, message))
        json.member("check_name", finding.rule)
        json.member("fingerprint", fingerprints.next(finding))
        json.member("severity", Self.severity(finding.severity))
        json.object("location") {
          json.member("path", report.root.shown(place.path).bytes)
          json.row("lines") {
            let line = place.line ?? 1
            json.member("begin", line)
            if let end = place.endLine, end > line { json.member("end", end) }
          }
        }
      }
    }
    json.end()
  }

  /// GitLab shows one line; notes that explain the values belong to it.
  private static func description(_ finding: ReportFinding, _ message: String) -> String {
    let notes = finding.notes.filter { $0.place == nil }.map(\.message)
    return ([message] + notes).joined(separator: "; ")
  }

  private static func severity(_ severity: Severity) -> String {
    switch severity {
    case .error: "major"
    case .warning: "minor"
    case .note: "info"
    }
  }
}
