// Suppression comments hide what they say, and nothing else; what they do not hide is said.

import LdsParser
import Testing

@testable import Constraints

struct SuppressionTests {
  private let rules = ["load-address", "image-slot", "unused-suppression", "bad-suppression"]

  private func sources(_ text: String) -> SourceSet {
    var sources = SourceSet()
    _ = sources.add(SourceBuffer(name: "a.lds.S", text: text))
    return sources
  }

  private func finding(_ rule: String, line: Int, in sources: SourceSet) -> Finding {
    let range = sources.lineRange(SourceID(index: 0), line: line)
    return Finding(
      rule: rule, severity: .error, message: "m",
      at: .source(
        SourceSpan(
          source: SourceID(index: 0), start: UInt32(range.lowerBound),
          end: UInt32(range.upperBound))), subject: "s")
  }

  @Test(arguments: [
    (
      "/* lds-check: disable=load-address the loader moves us */", ["load-address"],
      "the loader moves us"
    ),
    ("/* lds-check:disable=load-address,image-slot */", ["load-address", "image-slot"], ""),
    (
      "/* lds-check: disable=load-address, image-slot why */", ["load-address", "image-slot"], "why"
    ),
    (
      "/* lds-check: disable=load-address ,image-slot\n * why\n * so */",
      ["load-address", "image-slot"], "why so"
    ),
  ]) func directives(_ text: String, _ expected: [String], _ reason: String) {
    let set = SuppressionSet(sources(text), rules: rules)
    #expect(set.faults.isEmpty)
    #expect(set.suppressions.map(\.rules) == [expected])
    #expect(set.suppressions.map(\.reason) == [reason])
  }

  @Test(arguments: [
    ("/* lds-check: */", "found '' after 'lds-check:', expected disable=RULE"),
    (
      "/* lds-check: disabel=load-address */",
      "found 'disabel=load-address' after 'lds-check:', expected disable=RULE"
    ),
    ("/* lds-check: disable= load-address */", "'disable=' names no rule, expected disable=RULE"),
    (
      "/* lds-check: disable=load-adress */",
      "no rule is called 'load-adress'; did you mean 'load-address'?"
    ),
  ]) func mistakes(_ text: String, _ message: String) {
    let set = SuppressionSet(sources(text), rules: rules)
    #expect(set.suppressions.isEmpty)
    #expect(set.faults.map(\.message) == [message])
    #expect(set.faults.map(\.rule) == ["bad-suppression"])
  }

  @Test func aFileIsSuppressedWhole() {
    let sources = sources("a;\nb;\n/* lds-check: disable-file=image-slot all of it */\nc;\n")
    let set = SuppressionSet(sources, rules: rules)
    #expect(set.faults.isEmpty)
    #expect(set.suppressions.map(\.reason) == ["all of it"])
    let found = [1, 2, 4].map { finding("image-slot", line: $0, in: sources) }
    let other = finding("load-address", line: 4, in: sources)
    let result = FindingFilter(suppressions: set).apply(
      found + [other], sources: sources, ran: Set(rules))
    #expect(result.suppressed.count == 3)
    #expect(result.shown.map(\.rule) == ["load-address"])
    let idle = FindingFilter(suppressions: set).apply([], sources: sources, ran: Set(rules))
    #expect(idle.shown.map(\.rule) == ["unused-suppression"])
    #expect(idle.shown.first?.notes.map(\.message) == ["it is about the whole file"])
  }

  @Test func tagsCountOnlyWithAMeaning() {
    let sources = sources("/* SAF-12-safe moved */\na;\n/* SAF-13-safe */\nb;")
    #expect(SuppressionSet(sources, rules: rules).suppressions.isEmpty)
    let tags = [ConfiguredTag(tag: "SAF-12-safe", rules: ["load-address"])]
    let set = SuppressionSet(sources, tags: tags, rules: rules)
    #expect(set.suppressions.map(\.form) == [.tag("SAF-12-safe")])
    let result = FindingFilter(suppressions: set).apply(
      [
        finding("load-address", line: 2, in: sources),
        finding("load-address", line: 4, in: sources),
      ],
      sources: sources, ran: ["load-address"])
    #expect(result.suppressed.map(\.suppression.reason) == ["moved"])
    #expect(result.shown.count == 1)
  }

  @Test func aSuppressionHidesItsRuleOnItsLine() {
    let sources = sources("/* lds-check: disable=load-address */\na;\nb;")
    let set = SuppressionSet(sources, rules: rules)
    let result = FindingFilter(suppressions: set).apply(
      [
        finding("load-address", line: 2, in: sources),
        finding("load-address", line: 3, in: sources),
        finding("image-slot", line: 2, in: sources),
      ], sources: sources, ran: ["load-address", "image-slot"])
    #expect(result.suppressed.count == 1)
    #expect(result.shown.map(\.rule) == ["image-slot", "load-address"])
  }

  @Test func unusedSuppressionsAreFound() {
    let sources = sources("/* lds-check: disable=load-address,image-slot */\na;")
    let filter = FindingFilter(suppressions: SuppressionSet(sources, rules: rules))
    let unused = filter.apply([], sources: sources, ran: Set(rules)).shown
    #expect(
      unused.map(\.message) == [
        "no finding of 'load-address', 'image-slot' is suppressed here"
      ])
    // Half used: the other half is said.
    let half = filter.apply(
      [finding("image-slot", line: 2, in: sources)], sources: sources, ran: Set(rules))
    #expect(half.shown.map(\.subject) == ["load-address"])
    // A rule that could not run says nothing, nor does one that is off.
    #expect(filter.apply([], sources: sources, ran: []).shown.isEmpty)
    var off = filter
    off.levels = RuleLevels(
      ["load-address", "image-slot"].map {
        ConfiguredRule(
          rule: $0, severity: nil,
          span: SourceSpan(source: SourceID(index: 0), start: 0, end: 0))
      })
    #expect(off.apply([], sources: sources, ran: Set(rules)).shown.isEmpty)
  }

  @Test func aSuppressionIsUnusedIfNoImageUsesIt() {
    let sources = sources("/* lds-check: disable=load-address */\na;")
    let set = SuppressionSet(sources, rules: rules)
    func shown(_ findings: [[Finding]]) -> [Int] {
      FindingFilter().apply(
        findings.map {
          FindingBatch($0, sources: sources, suppressions: set, ran: Set(rules))
        }
      ).map(\.shown.count)
    }
    let used = finding("load-address", line: 2, in: sources)
    #expect(shown([[], [used]]) == [0, 0])
    #expect(shown([[], []]) == [1, 0])
  }

  @Test func whatThePreprocessorLeftOutIsNotUnused() {
    // Line 2 was expanded, line 4 was behind an #if.
    let text =
      "/* lds-check: disable=load-address */\na;\n/* lds-check: disable=load-address */\nb;"
    var sources = SourceSet()
    let file = sources.add(SourceBuffer(name: "a.lds.S", text: text))
    let line = sources.lineRange(file, line: 2)
    let spelled = SourceSpan(
      source: file, start: UInt32(line.lowerBound), end: UInt32(line.lowerBound + 1))
    _ = sources.add(
      SourceBuffer(name: "a.lds", text: "a;"),
      origins: OriginTable(runs: [.init(offset: 0, spelled: spelled, call: nil)]))
    let filter = FindingFilter(suppressions: SuppressionSet(sources, rules: rules))
    let shown = filter.apply([], sources: sources, ran: Set(rules)).shown
    #expect(shown.map(\.notes) == [[FindingNote("it is about line 2")]])
  }
}
