// Rule unsigned-comparison: a comparison that cannot come out otherwise, since there are no negative numbers.

import LdsParser

/// Looks for values with their top bit set in a comparison, all of which the linkers make without a sign.
///
/// It cannot see a difference that becomes negative in some links only.
struct UnsignedComparison: Rule {
  static let description = RuleDescription(
    id: "unsigned-comparison",
    summary:
      "a comparison with 0 always has the same result, since the linker compares without sign",
    rationale: """
      'end - limit < 0' looks for a section that is still below its limit. Linkers compare 64-bit numbers without \
      sign, so it is never true, and 'limit - end >= 0' always is: an ASSERT made so fails always, or never.
      """,
    fix: "compare the two values: 'end < limit'",
    severity: .error, needs: [.script],
    good: [
      .script("the values compared", "ASSERT(end <= limit, \"too large\")"),
      .script("something there", "ASSERT(end - start > 0, \"empty\")"),
      .script("two numbers, folded by the linker", "x = 1 >= 0;"),
    ],
    bad: [
      .script(
        "never below zero", "ASSERT(↓limit - end < 0, \"too small\")",
        messages: ["'limit - end < 0x0' is never true: the linker compares without sign"]),
      .script(
        "always at least zero", "ASSERT(↓limit - end >= 0, \"too large\")",
        messages: ["'limit - end >= 0x0' is always true: the linker compares without sign"]),
      .script("the other way round", "ASSERT(↓0 <= limit - end, \"too large\")"),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    let table = facts.script.expressions
    return facts.nodes.compactMap { id in
      guard case .binary(let operation, let left, let right) = table[id] else { return nil }
      let isTrue: Bool
      switch operation {
      case .less where table.foldedValue(right) == 0: isTrue = false
      case .greaterOrEqual where table.foldedValue(right) == 0: isTrue = true
      case .greater where table.foldedValue(left) == 0: isTrue = false
      case .lessOrEqual where table.foldedValue(left) == 0: isTrue = true
      default: return nil
      }
      // What the linker folds is some macro's choice.
      guard table.foldedValue(id) == nil else { return nil }
      return finding(
        "'\(facts.text(id))' is \(isTrue ? "always" : "never") true: the linker compares without sign",
        at: .source(table.span(id)), subject: facts.text(id))
    }
  }
}
