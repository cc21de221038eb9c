// Severities, the baseline and the order of findings.

import LdsParser
import TestSupport
import Testing

@testable import Constraints

struct FindingFilterTests {
  private let sources: SourceSet = {
    var sources = SourceSet()
    _ = sources.add(SourceBuffer(name: "b.lds", text: "one\ntwo\nthree\n"))
    _ = sources.add(SourceBuffer(name: "a.lds", text: "one\n"))
    return sources
  }()

  private func finding(_ rule: String, _ source: UInt32 = 0, at start: UInt32 = 0) -> Finding {
    Finding(
      rule: rule, severity: .warning, message: "m",
      at: .source(SourceSpan(source: SourceID(index: source), start: start, end: start + 1)),
      subject: rule)
  }

  private func level(_ rule: String, _ severity: Severity?) -> ConfiguredRule {
    ConfiguredRule(
      rule: rule, severity: severity, span: SourceSpan(source: SourceID(index: 0), start: 0, end: 0)
    )
  }

  @Test func severitiesAreThoseOfTheConfiguration() {
    let filter = FindingFilter(levels: [level("a", .error), level("b", nil), level("a", .note)])
    let shown = filter.apply(
      [finding("a"), finding("b"), finding("c")], sources: sources, ran: []
    ).shown
    #expect(shown.map(\.rule) == ["a", "c"])
    #expect(shown.map(\.severity) == [.note, .warning])
    #expect(!filter.isEnabled("b"))
    #expect(filter.isEnabled("c"))
  }

  @Test func theOrderIsByPlace() {
    var findings = [
      finding("a", 1), finding("b", 0, at: 0), finding("a", 0, at: 1), finding("a", 0, at: 5),
      finding("c", 0, at: 5),
    ]
    let image = Finding(
      rule: "z", severity: .error, message: "m",
      at: .image(FilePath("0"), line: nil, offset: nil), subject: "")
    findings.append(image)
    let expected = ["z", "a", "b", "a", "a", "c"]
    var random = SeededGenerator(seed: 3)
    for _ in 0..<50 {
      findings.shuffle(using: &random)
      #expect(
        FindingFilter().apply(findings, sources: sources, ran: []).shown.map(\.rule) == expected)
    }
  }

  @Test func theBaselineHidesAfterSuppressionsAndLevels() {
    let known = Baseline([finding("a"), finding("b")], sources: sources)
    let filter = FindingFilter(levels: [level("b", nil)], baseline: known)
    let result = filter.apply([finding("a"), finding("b")], sources: sources, ran: [])
    #expect(result.shown.isEmpty)
    #expect(result.known.map(\.rule) == ["a"])
    #expect(result.stale.map(\.rule) == ["b"])
  }

  @Test(arguments: FailureThreshold.allCases) func thresholds(_ threshold: FailureThreshold) {
    let reached = Severity.allCases.filter(threshold.isReached)
    let expected: [Severity] =
      switch threshold {
      case .error: [.error]
      case .warning: [.warning, .error]
      case .note: [.note, .warning, .error]
      case .never: []
      }
    #expect(reached == expected)
  }
}
