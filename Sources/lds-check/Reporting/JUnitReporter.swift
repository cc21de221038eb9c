// JUnit XML, which every CI shows: one test case an ASSERT (passed, failed, skipped when undecided), and one
// a rule. Elements and attributes are those of the schema by which Jenkins checks such files (xunit-plugin,
// junit-10.xsd), which knows no place of a test case: it stands in the text of a failure.

import Constraints
import LdsParser

/// Writes a report as test suites: one for each image (and variant) with ASSERTs, one for the rules.
struct JUnitReporter {
  private struct Case {
    enum Result {
      case passed
      case failed(String, detail: String)
      case skipped(String)
    }
    let attributes: [(String, String)]
    let result: Result
    var output = ""
  }

  private struct Suite {
    let name: String
    let cases: [Case]

    func count(_ isCounted: (Case.Result) -> Bool) -> Int { cases.count { isCounted($0.result) } }

    var attributes: [(String, String)] {
      let failures = count { if case .failed = $0 { true } else { false } }
      let skipped = count { if case .skipped = $0 { true } else { false } }
      return totals(failures) + [("skipped", String(skipped))]
    }

    /// The attributes of all suites together.
    var totals: [(String, String)] {
      totals(count { if case .failed = $0 { true } else { false } })
    }

    private func totals(_ failures: Int) -> [(String, String)] {
      [
        ("name", name), ("tests", String(cases.count)), ("failures", String(failures)),
        ("errors", "0"), ("time", "0"),
      ]
    }
  }

  let output: Output

  func write(_ report: Report) {
    var suites = assertionSuites(report)
    if let rules = ruleSuite(report) { suites.append(rules) }
    let cases = suites.flatMap(\.cases)
    let total = Suite(name: Version.name, cases: cases)
    var xml = XMLWriter(output: output)
    xml.element("testsuites", total.totals) { xml in
      for suite in suites {
        xml.element("testsuite", suite.attributes) { xml in
          for test in suite.cases { Self.write(test, to: &xml) }
        }
      }
    }
  }

  private static func write(_ test: Case, to xml: inout XMLWriter) {
    switch test.result {
    case .passed where test.output.isEmpty:
      xml.leaf("testcase", test.attributes)
    default:
      xml.element("testcase", test.attributes) { xml in
        switch test.result {
        case .passed: break
        case .failed(let message, let detail):
          xml.leaf("failure", [("message", message), ("type", "error")], text: detail)
        case .skipped(let message): xml.leaf("skipped", [("message", message)])
        }
        if !test.output.isEmpty { xml.leaf("system-out", text: test.output) }
      }
    }
  }

  // MARK: ASSERTs

  private func assertionSuites(_ report: Report) -> [Suite] {
    var subjects: [ReportSubject] = []
    for assertion in report.assertions where !subjects.contains(assertion.subject) {
      subjects.append(assertion.subject)
    }
    return subjects.map { subject in
      var names = UniqueNames()
      let cases = report.assertions.filter { $0.subject == subject }.map { assertion in
        Case(
          attributes: attributes(
            name: names.next(assertion.message), path: assertion.place, report.root),
          result: result(assertion, report))
      }
      return Suite(name: subject.text ?? "ASSERTs", cases: cases)
    }
  }

  private func attributes(
    name: String, path place: ReportPlace, _ root: RepositoryRoot
  ) -> [(String, String)] {
    [
      ("classname", DisplayText.escape(root.shown(place.path).bytes)), ("name", name),
      ("time", "0"),
    ]
  }

  private func result(_ assertion: ReportAssertion, _ report: Report) -> Case.Result {
    switch assertion.verdict {
    case .holds: return .passed
    case .undecided: return .skipped("undecided: " + (assertion.reason ?? "a value is missing"))
    case .fails:
      if let accepted = assertion.accepted { return .skipped("fails, known: " + accepted) }
      var detail = ReportText.place(assertion.place, report.root) + ": assertion fails\n"
      if let source = assertion.source { detail += "source: \(source)\n" }
      detail += "expression: \(assertion.expression)\n"
      if let value = assertion.value { detail += "value: \(hexadecimal(value))\n" }
      return .failed(assertion.message, detail: detail)
    }
  }

  // MARK: Rules

  /// Each rule that ran or found something; errors fail it, milder findings are its output. Failing ASSERTs
  /// have cases of their own.
  private func ruleSuite(_ report: Report) -> Suite? {
    let own = report.assertions.isEmpty ? [] : ProgramFindings.verdicts
    let ids = Set(report.ran + report.findings.map(\.rule)).subtracting(own).sorted()
    if ids.isEmpty { return nil }
    let cases = ids.map { id in
      let findings = report.findings.filter { $0.rule == id }
      let errors = findings.filter { $0.severity == .error }
      let result: Case.Result =
        errors.first.map { .failed($0.message, detail: lines(errors, report)) } ?? .passed
      return Case(
        attributes: [("classname", "rules"), ("name", id), ("time", "0")], result: result,
        output: lines(findings.filter { $0.severity != .error }, report))
    }
    return Suite(name: "rules", cases: cases)
  }

  private func lines(_ findings: [ReportFinding], _ report: Report) -> String {
    findings.map { finding in
      let place = finding.place.map { ReportText.place($0, report.root) + ": " } ?? ""
      return "\(place)\(finding.severity.rawValue): \(finding.message)\n"
    }.joined()
  }
}

/// Makes names unique: JUnit readers take equal names for one test.
private struct UniqueNames {
  private var counts: [String: Int] = [:]

  mutating func next(_ name: String) -> String {
    let count = counts[name, default: 0] + 1
    counts[name] = count
    return count == 1 ? name : "\(name) (\(count))"
  }
}
