// Every format of a report: as recorded, the same each time, and whole whatever a name or message holds.

import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

@testable import lds_check

struct ReportFormatTests {
  /// A SARIF document with the first rule only, and without places in the list of rules: what all rules say is no part
  /// of a report, and that each result names its rule has a test of its own.
  private static func excerpt(_ text: String, _ format: ReportFormat) -> String {
    guard format == .sarif else { return text }
    var lines: [String] = []
    var isFirst = true
    var isList = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line == "          ]" { isList = false }
      if !isList || isFirst {
        lines.append(line.replacing(/"ruleIndex": \d+/, with: "\"ruleIndex\": …"))
      }
      if line == "          \"rules\": [" { isList = true }
      if isList, line == "            }," {
        if isFirst { lines.append("            …") }
        isFirst = false
      }
    }
    return lines.joined(separator: "\n")
  }

  @Test(arguments: ReportFormat.allCases) func lint(_ format: ReportFormat) {
    let text = SyntheticReport.text(SyntheticReport.sample(.lint), format)
    expectSnapshot(Self.excerpt(text, format), named: "lint-\(format).txt")
  }

  @Test(arguments: [ReportFormat.text, .json]) func eval(_ format: ReportFormat) {
    expectSnapshot(
      SyntheticReport.text(SyntheticReport.sample(.eval), format), named: "eval-\(format).txt")
  }

  @Test(arguments: ReportFormat.allCases) func hostileText(_ format: ReportFormat) {
    let text = SyntheticReport.text(SyntheticReport.hostile(), format)
    expectSnapshot(Self.excerpt(text, format), named: "hostile-\(format).txt")
    let controls = text.unicodeScalars.filter { $0.value < 0x20 && $0 != "\n" || $0.value == 0x7F }
    #expect(controls.isEmpty)
  }

  @Test func quietTextIsALineAFinding() {
    let text = SyntheticReport.text(SyntheticReport.sample(.eval), .text, isQuiet: true)
    expectSnapshot(text, named: "quiet-text.txt")
    #expect(text.split(separator: "\n").count == 4)
    let hostile = SyntheticReport.text(SyntheticReport.hostile(), .text, isQuiet: true)
    #expect(hostile.split(separator: "\n").count == 1)
  }

  @Test(arguments: ReportFormat.allCases) func theSameEachTime(_ format: ReportFormat) {
    let first = SyntheticReport.bytes(SyntheticReport.sample(.lint), format)
    for _ in 0..<20 {
      #expect(SyntheticReport.bytes(SyntheticReport.sample(.lint), format) == first)
    }
  }

  @Test(arguments: [ReportFormat.json, .sarif, .gitlab]) func jsonIsJSON(_ format: ReportFormat) {
    for report in [SyntheticReport.sample(.lint), SyntheticReport.hostile()] {
      let data = Data(SyntheticReport.bytes(report, format))
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: data) }
    }
  }

  @Test func emptyReports() {
    let report = Report(
      kind: .lint, root: SyntheticReport.root, mainPath: FilePath("a.lds"))
    #expect(SyntheticReport.text(report, .text) == "no findings\n")
    #expect(SyntheticReport.text(report, .gitlab) == "[]\n")
    #expect(SyntheticReport.text(report, .github) == "no findings\n")
    #expect(report.exitCode(failOn: .note) == .success)
  }

  @Test func theExitStatusFollowsTheThreshold() {
    let report = SyntheticReport.sample(.lint)
    #expect(report.exitCode(failOn: .error) == .findings)
    #expect(report.exitCode(failOn: .never) == .success)
    var mild = report
    mild.findings.removeAll { $0.severity != .note }
    #expect(mild.exitCode(failOn: .warning) == .success)
    #expect(mild.exitCode(failOn: .note) == .findings)
  }
}
