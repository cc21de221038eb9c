// Rule contradicting-asserts: two ASSERTs cannot both hold.

import LdsParser

/// Compares the bounds that ASSERTs give for expressions that are spelled alike after macros.
///
/// It cannot see bounds on the same value that are spelled in different ways.
struct ContradictingAsserts: Rule {
  static let description = RuleDescription(
    id: "contradicting-asserts",
    summary: "two ASSERTs on one value cannot both hold",
    rationale: """
      Bounds live apart: one comes from a header, one from the board. Where they leave nothing between them, every \
      link fails, and each message looks as if the other one were no concern.
      """,
    fix: "agree on one bound",
    severity: .error, needs: [.script], foretellsFailure: true,
    good: [
      .script("a range", "ASSERT(end >= 0x1000, \"small\") ASSERT(end <= 0x2000, \"large\")"),
      .script(
        "touching bounds", "ASSERT(end >= 0x1000, \"small\") ASSERT(end <= 0x1000, \"large\")"),
      .script(
        "alternatives",
        "ASSERT(size == 0 || size == 24, \"odd\") ASSERT(size == 0 || size == 8, \"odd\")"),
    ],
    bad: [
      .script(
        "two values", "ASSERT(start == 0x1000, \"here\") ↓ASSERT(start == 0x2000, \"there\")",
        messages: ["this cannot hold together with an earlier ASSERT on 'start'"]),
      .script(
        "an empty range",
        "ASSERT(end - start < 0x1000, \"large\") ↓ASSERT(end - start >= 0x1000, \"small\")",
        messages: ["this cannot hold together with an earlier ASSERT on 'end - start'"]),
    ])

  /// What the ASSERTs so far leave of a value.
  private struct Range {
    var least: UInt64 = 0
    var most: UInt64 = .max
    var steps: [Int] = []
  }

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    var ranges: [String: Range] = [:]
    var findings: [Finding] = []
    for (step, condition, _) in facts.conditions {
      guard facts.section(around: step) == nil, !facts.mentionsLocationCounter(condition) else {
        continue
      }
      for part in facts.program.expressions.operands(of: condition, joinedBy: .logicalAnd) {
        guard let (subject, least, most) = bounds(part, facts.program.expressions) else { continue }
        let text = facts.text(subject)
        var range = ranges[text] ?? Range()
        let isOpen = range.least <= range.most
        range.least = max(range.least, least)
        range.most = min(range.most, most)
        if isOpen, range.least > range.most {
          findings.append(
            finding(
              "this cannot hold together with an earlier ASSERT on '\(text)'",
              at: .source(facts.program.steps[step].span),
              notes: range.steps.suffix(2).map {
                FindingNote("the earlier one", at: .source(facts.program.steps[$0].span))
              }, subject: text))
        }
        range.steps.append(step)
        ranges[text] = range
      }
    }
    return findings
  }

  private func bounds(
    _ id: ExpressionID, _ table: ExpressionTable
  ) -> (ExpressionID, least: UInt64, most: UInt64)? {
    guard case .binary(let operation, let left, let right) = table[id],
      table.foldedValue(left) == nil, let value = table.foldedValue(right)
    else { return nil }
    switch operation {
    case .equal: return (left, value, value)
    case .less: return value > 0 ? (left, 0, value &- 1) : nil
    case .lessOrEqual: return (left, 0, value)
    case .greater: return value < .max ? (left, value &+ 1, .max) : nil
    case .greaterOrEqual: return (left, value, .max)
    default: return nil
    }
  }
}
