// Rule operator-precedence: a bit operator beside a comparison, which binds tighter.

import LdsParser

/// Looks for `&`, `|` and `^` beside an operator that binds tighter and has no parentheses.
///
/// It cannot see what the author meant; somebody who knows the table by heart gets a finding too.
struct OperatorPrecedence: Rule {
  static let description = RuleDescription(
    id: "operator-precedence",
    summary: "a comparison or '!' binds tighter than the bit operator beside it",
    rationale: """
      As in C, 'a & b == c' is 'a & (b == c)', and '!a & b' is '(!a) & b'. 'ASSERT(_start & 0xfff == 0)' tests the \
      lowest bit of '_start & 0', which is never set: the ASSERT always fails, and with '!=' it asks something \
      else than it says.
      """,
    fix: "put parentheses around what belongs together",
    severity: .warning, needs: [.script],
    good: [
      .script("parentheses", "ASSERT((start & 0xfff) == 0, \"misaligned\")"),
      .script("meant so", "ASSERT(start & (a == b), \"odd\")"),
      .script("logic", "ASSERT(a == b && !c, \"odd\")"),
      .script("negation of all", "ASSERT(!(start & 0xfff), \"misaligned\")"),
    ],
    bad: [
      .script(
        "the comparison comes first", "ASSERT(↓start & 0xfff == 0, \"misaligned\")",
        messages: ["'==' binds tighter than '&': this is 'start & (0xfff == 0x0)'"]),
      .script(
        "so does '!'", "ASSERT(↓!start & 0xfff, \"misaligned\")",
        messages: ["'!' binds tighter than '&': this is '(!start) & 0xfff'"]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    let table = facts.script.expressions
    return facts.nodes.compactMap { id in
      guard case .binary(let operation, let left, let right) = table[id],
        [.bitAnd, .bitOr, .bitXor].contains(operation)
      else { return nil }
      for (operand, isLeft) in [(left, true), (right, false)] {
        guard let inner = tighter(operand, isLeft: isLeft, table), !facts.isParenthesised(operand)
        else { continue }
        let first = isLeft ? "(\(plain(left, facts)))" : plain(left, facts)
        let second = isLeft ? plain(right, facts) : "(\(plain(right, facts)))"
        return finding(
          "'\(inner)' binds tighter than '\(operation.rawValue)': this is "
            + "'\(first) \(operation.rawValue) \(second)'",
          at: .source(table.span(id)), subject: facts.text(id))
      }
      return nil
    }
  }

  private func plain(_ id: ExpressionID, _ facts: ScriptFacts) -> String {
    ExpressionWriter.text(of: id, in: facts.script.expressions, names: facts.script.names)
  }

  /// The operator of an operand that people read the other way round.
  private func tighter(_ id: ExpressionID, isLeft: Bool, _ table: ExpressionTable) -> String? {
    switch table[id] {
    case .binary(let operation, _, _)
    where [.equal, .notEqual, .less, .greater, .lessOrEqual, .greaterOrEqual].contains(operation):
      return operation.rawValue
    case .unary(.logicalNot, _) where isLeft: return "!"
    default: return nil
    }
  }
}
