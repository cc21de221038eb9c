// Rule duplicate-assert: the same condition is asserted twice.

import LdsParser

/// Compares conditions as they are spelled after macros.
///
/// It cannot see that two conditions mean the same without being spelled alike, nor a symbol that is set anew
/// between two ASSERTs.
struct DuplicateAssert: Rule {
  static let description = RuleDescription(
    id: "duplicate-assert",
    summary: "an ASSERT repeats the condition of an earlier one",
    rationale: """
      A line is copied, the message changed, the condition forgotten: both hold, and what the second was to guard \
      is unguarded. Firmware copied whole blocks of ASSERTs between scripts so (nxp legacy-mcux-sdk#103).
      """,
    fix: "write the condition that was meant, or remove the line",
    severity: .warning, needs: [.script],
    good: [
      .script("two symbols", "ASSERT(a % 8 == 0, \"a\") ASSERT(b % 8 == 0, \"b\")"),
      .script("two bounds", "ASSERT(end <= 0x1000, \"page\") ASSERT(end <= 0x2000, \"pages\")"),
      .script(
        "the location counter is not the same twice",
        "SECTIONS { .a : { *(.a) } ASSERT(. < 0x100, \"a\") .b : { *(.b) } ASSERT(. < 0x100, \"b\") }"
      ),
    ],
    bad: [
      .script(
        "copied, and half changed",
        "ASSERT(text_end % 8 == 0, \"text\") ↓ASSERT(text_end % 8 == 0, \"data\")",
        messages: ["this ASSERT has the same condition as an earlier one: 'text_end % 0x8 == 0x0'"]),
      .script(
        "written otherwise", "ASSERT(a == 4096, \"a\") ↓ASSERT(a == 4 * 1024, \"a\")",
        messages: ["this ASSERT has the same condition as an earlier one: 'a == 0x1000'"]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    var seen: [String: Int] = [:]
    return facts.conditions.compactMap { step, condition, _ in
      guard facts.section(around: step) == nil, !facts.mentionsLocationCounter(condition),
        facts.program.expressions.foldedValue(condition) == nil
      else { return nil }
      let text = facts.text(condition)
      guard let earlier = seen[text] else {
        seen[text] = step
        return nil
      }
      return finding(
        "this ASSERT has the same condition as an earlier one: '\(text)'",
        at: .source(facts.program.steps[step].span),
        notes: [FindingNote("the earlier one", at: .source(facts.program.steps[earlier].span))],
        subject: text)
    }
  }
}

extension ScriptFacts {
  /// Whether an expression means another thing wherever it stands.
  func mentionsLocationCounter(_ id: ExpressionID) -> Bool {
    program.expressions.nodes(of: id).contains { index in
      switch program.expressions[ExpressionID(index: index)] {
      case .locationCounter, .call1(.align, _), .call1(.next, _): true
      default: false
      }
    }
  }
}
