// A baseline knows findings by what they are, not by where they stand.

import LdsParser
import TestSupport
import Testing

@testable import Constraints

struct BaselineTests {
  /// What a baseline makes of findings.
  private func split(_ baseline: Baseline, _ findings: [Finding]) -> FilteredFindings {
    FindingFilter(baseline: baseline).apply(findings, sources: sources, ran: [])
  }

  private let sources: SourceSet = {
    var sources = SourceSet()
    _ = sources.add(SourceBuffer(name: "arch/x86/a.lds", text: "one\ntwo\nthree\n"))
    return sources
  }()

  private func finding(_ rule: String, _ subject: String, at start: UInt32 = 0) -> Finding {
    Finding(
      rule: rule, severity: .warning, message: "m",
      at: .source(SourceSpan(source: SourceID(index: 0), start: start, end: start + 1)),
      subject: subject)
  }

  @Test func movedFindingsAreKnown() {
    let baseline = Baseline([finding("a", "x"), finding("b", "y")], sources: sources)
    let result = split(
      baseline, [finding("b", "y", at: 4), finding("a", "x", at: 8), finding("a", "z", at: 9)])
    #expect(result.known.map(\.subject) == ["y", "x"])
    #expect(result.shown.map(\.subject) == ["z"])
    #expect(result.stale.isEmpty)
  }

  @Test func equalFindingsAreCounted() {
    let two = [finding("a", "x"), finding("a", "x", at: 4)]
    let baseline = Baseline(two, sources: sources)
    #expect(baseline.entries.map(\.count) == [2])
    #expect(split(baseline, two + [finding("a", "x", at: 8)]).shown.count == 1)
    let stale = split(baseline, [two[1]]).stale
    #expect(stale.map(\.count) == [1])
    #expect(stale.map(\.file) == ["arch/x86/a.lds"])
  }

  @Test func anEntryKnowsOneFindingOfAllImages() {
    let baseline = Baseline([finding("a", "x"), finding("a", "gone")], sources: sources)
    let batch = FindingBatch([finding("a", "x")], sources: sources, suppressions: nil, ran: [])
    let results = FindingFilter(baseline: baseline).apply([batch, batch])
    #expect(results.map(\.known.count) == [1, 0])
    #expect(results.map(\.shown.count) == [0, 1])
    #expect(results.map { $0.stale.map(\.subject) } == [[], ["gone"]])
  }

  @Test func theOrderOfFindingsDoesNotMatter() {
    let findings = ["x", "y", "z", "y"].map { finding("a", $0) }
    #expect(
      Baseline(findings, sources: sources).entries
        == Baseline(findings.reversed(), sources: sources).entries)
  }

  /// Two boards have a file of one name; what is known of one is new in the other.
  @Test func filesOfOneNameAreTwoFiles() {
    var boards = SourceSet()
    let spans = ["boards/a/linker.ld", "boards/b/linker.ld"].map { name in
      SourceSpan(source: boards.add(SourceBuffer(name: name, text: "x\n")), start: 0, end: 1)
    }
    let findings = spans.map {
      Finding(rule: "a", severity: .error, message: "m", at: .source($0), subject: "x")
    }
    let filter = FindingFilter(baseline: Baseline([findings[0]], sources: boards))
    let result = filter.apply([findings[1]], sources: boards, ran: [])
    #expect(result.shown.count == 1)
    #expect(result.stale.map(\.file) == ["boards/a/linker.ld"])
    #expect(filter.apply([findings[0]], sources: boards, ran: []).shown.isEmpty)
  }

  /// What an older program wrote names files without their folders.
  @Test func listsOfTheFirstVersionGoByTheNameAlone() {
    let text = #"{"version": 1, "findings": [{"rule": "a", "file": "a.lds", "subject": "x"}]}"#
    let (baseline, _, diagnostics) = Baseline.read(SourceBuffer(name: "b", text: text))
    #expect(diagnostics.isEmpty)
    #expect(split(baseline, [finding("a", "x")]).shown.isEmpty)
    let second = text.replacing("\"version\": 1", with: "\"version\": 2")
    let (paths, _, _) = Baseline.read(SourceBuffer(name: "b", text: second))
    #expect(split(paths, [finding("a", "x")]).shown.count == 1)
  }

  @Test func aWrittenListIsRead() {
    let text = #"""
      {"version": 1, "later": null,
       "findings": [{"rule": "a", "file": "a.lds", "subject": "x \u0022", "count": 2},
                    {"rule": "a", "file": "a.lds", "subject": "y"}]}
      """#
    let (baseline, _, diagnostics) = Baseline.read(SourceBuffer(name: "b", text: text))
    #expect(diagnostics.isEmpty)
    #expect(baseline.entries.map(\.subject) == ["x \"", "y"])
    #expect(baseline.entries.map(\.count) == [2, 1])
  }

  @Test(arguments: [
    (#"↓{"findings": []}"#, "expected a baseline with \"version\": 2, or 1"),
    (#"{"version": ↓3, "findings": []}"#, "expected a baseline with \"version\": 2, or 1"),
    (#"↓{"version": 1}"#, "a baseline needs an array 'findings'"),
    (
      #"{"version": 1, "findings": [↓{"rule": "a", "file": "b"}]}"#,
      "a finding of a baseline needs a string 'subject'"
    ),
    (
      #"{"version": 1, "findings": [{"rule": "a", "file": "b", "subject": "c", "count": ↓0}]}"#,
      "'count' is a number above 0"
    ), ("{↓", "found the end of the file, expected a key in double quotes or '}'"),
  ]) func mistakesAreShown(_ marked: String, _ message: String) {
    let text = MarkedText(marked)
    let (_, _, diagnostics) = Baseline.read(SourceBuffer(name: "b", text: text.text))
    #expect(diagnostics.map(\.message) == [message])
    #expect(diagnostics.first?.span.map { Int($0.start) } == text.offsets.first)
  }
}
