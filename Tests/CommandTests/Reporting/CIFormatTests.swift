// GitHub annotations, GitLab Code Quality and JUnit, read back as their consumers read them.

import Constraints
import Foundation
import FoundationXML
import LdsParser
import TestSupport
import Testing

@testable import lds_check

struct CIFormatTests {
  // MARK: GitHub

  /// What the runner's own parser makes of a line (actions/runner, ActionCommand.cs).
  private func command(_ line: Substring) -> (properties: [String: String], message: String)? {
    guard line.hasPrefix("::"), let end = line.dropFirst(2).range(of: "::") else { return nil }
    let head = line[line.index(line.startIndex, offsetBy: 2)..<end.lowerBound]
    let list = head.split(separator: " ", maxSplits: 1).last ?? ""
    var properties: [String: String] = [:]
    for pair in list.split(separator: ",") {
      let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
      if parts.count == 2 { properties[parts[0]] = unescape(parts[1], property: true) }
    }
    return (properties, unescape(String(line[end.upperBound...]), property: false))
  }

  private func unescape(_ text: String, property: Bool) -> String {
    var text = text.replacingOccurrences(of: "%0D", with: "\r")
      .replacingOccurrences(of: "%0A", with: "\n")
    if property {
      text = text.replacingOccurrences(of: "%3A", with: ":")
        .replacingOccurrences(of: "%2C", with: ",")
    }
    return text.replacingOccurrences(of: "%25", with: "%")
  }

  @Test func hostileTextIsOneAnnotation() throws {
    let lines = SyntheticReport.text(SyntheticReport.hostile(), .github).split(separator: "\n")
    #expect(lines.count == 2)
    let annotation = try #require(command(lines[0]))
    #expect(annotation.properties["file"] == "x|<b>,:%\n::error::<7f><ff>")
    #expect(annotation.properties["line"] == "1")
    #expect(annotation.message.contains("::set-env::x\n"))
    #expect(command(lines[1]) == nil)
  }

  @Test func tenOfAKindAndTheWorstFirst() {
    var report = SyntheticReport.sample(.lint)
    let finding = report.findings[1]
    report.findings += (0..<25).map { _ in finding }
    let lines = SyntheticReport.text(report, .github).split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("::warning ") } == 10)
    #expect(lines.first?.hasPrefix("::error ") == true)
    #expect(lines.contains { $0.hasPrefix("16 warnings more") })
  }

  @Test func theStepSummaryHoldsNoMarkup() {
    let text = StepSummary(report: SyntheticReport.hostile()).text()
    expectSnapshot(text, named: "hostile-summary.md")
    #expect(!text.contains("<b>"))
    for line in text.split(separator: "\n") where line.hasPrefix("| error") {
      #expect(line.count { $0 == "|" } == 5)
    }
    expectSnapshot(
      StepSummary(report: SyntheticReport.sample(.eval)).text(), named: "summary.md")
  }

  @Test func theStepSummaryIsAppended() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("summary", "before\n")
    try StepSummary(report: SyntheticReport.sample(.lint)).append(to: FilePath(path))
    #expect(folder.text("summary")?.hasPrefix("before\n### lds-check: 1 error") == true)
  }

  // MARK: GitLab

  @Test func codeQualityHasWhatGitLabAsksFor() throws {
    let data = Data(SyntheticReport.bytes(SyntheticReport.sample(.lint), .gitlab))
    let array = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
    #expect(array.count == 4)
    #expect(Set(array.compactMap { $0["fingerprint"] as? String }).count == 4)
    for entry in array {
      #expect(["info", "minor", "major"].contains(entry["severity"] as? String ?? ""))
      #expect(entry["description"] is String)
      #expect(entry["check_name"] is String)
      let location = try #require(entry["location"] as? [String: Any])
      #expect(location["path"] is String)
      #expect(((location["lines"] as? [String: Int])?["begin"] ?? 0) >= 1)
    }
  }

  @Test func fingerprintsDoNotKnowLines() {
    var report = SyntheticReport.sample(.lint)
    var sequence = FingerprintSequence(report.root)
    let before = report.findings.map { sequence.next($0) }
    for index in report.findings.indices { report.findings[index].place?.line = 99 }
    sequence = FingerprintSequence(report.root)
    #expect(report.findings.map { sequence.next($0) } == before)
  }

  /// Test vectors of the FNV authors (isthe.com/chongo/tech/comp/fnv).
  @Test(arguments: [
    ("", "6c62272e07bb014262b821756295c58d"), ("a", "d228cb696f1a8caf78912b704e4a8964"),
  ]) func fingerprintHash(_ text: String, _ hash: String) {
    #expect(FingerprintSequence.hash(Array(text.utf8)) == hash)
  }

  // MARK: JUnit

  private final class Counter: NSObject, XMLParserDelegate {
    var names: [String: Int] = [:]
    var cases: [String] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      names[name, default: 0] += 1
      if name == "testcase", let test = attributes["name"] { cases.append(test) }
    }
  }

  @Test func junitIsWellFormed() throws {
    for (report, cases) in [(SyntheticReport.sample(.eval), 6), (SyntheticReport.hostile(), 3)] {
      let parser = XMLParser(data: Data(SyntheticReport.bytes(report, .junit)))
      let counter = Counter()
      parser.delegate = counter
      #expect(parser.parse(), "\(String(describing: parser.parserError))")
      #expect(counter.names["testcase"] == cases)
      #expect(Set(counter.cases).count == cases)
    }
  }

  @Test func aKnownFailureIsSkipped() {
    var report = SyntheticReport.sample(.eval)
    report.assertions[0].accepted = "in the baseline"
    #expect(!SyntheticReport.text(report, .junit).contains("<failure"))
    #expect(SyntheticReport.text(report, .junit).contains("fails, known: in the baseline"))
  }
}
