// Rule alignment-mask: a mask made by subtracting one from something that is no power of two.

import LdsParser

/// Looks at masks that are a number minus one, where the number is no power of two.
///
/// It cannot see a mask that is spelled as a number.
struct AlignmentMask: Rule {
  static let description = RuleDescription(
    id: "alignment-mask",
    summary: "a mask is made of a size that is no power of two, so it does not test alignment",
    rationale: """
      'IS_ALIGNED(x, size)' is '!(x & (size - 1))', which is right for powers of two only. Xen passed 'size - 1' \
      (b07c7d63f9), so that the mask was 2^n - 2, and superpages were detected where there were none.
      """,
    fix: "pass the size itself, a power of two",
    severity: .error, needs: [.script],
    good: [
      .script("a power of two", "ASSERT(!(start & (0x200000 - 1)), \"start misaligned\")"),
      .script("a flag, not a mask of an alignment", "ASSERT(!(flags & 0x1ffffe), \"flags set\")"),
      .script("alignment to one byte", "ASSERT(!(start & (1 - 1)), \"never\")"),
    ],
    bad: [
      .script(
        "the mask in place of the size", "ASSERT(!(start & (↓0x1fffff - 1)), \"start misaligned\")",
        messages: [
          "the mask 0x1ffffe is 0x1fffff - 1, and 0x1fffff is no power of two; 0x200000 - 1 would test for a "
            + "multiple of 0x200000"
        ]),
      .script(
        "a size that is no power of two",
        "ASSERT((start & (↓3 * 4096 - 1)) == 0, \"start misaligned\")",
        messages: [
          "the mask 0x2fff is 0x3000 - 1, and 0x3000 is no power of two, so it does not test for a multiple"
        ]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    let table = facts.script.expressions
    return facts.nodes.compactMap { id in
      let tested: ExpressionID
      switch table[id] {
      case .unary(.logicalNot, let operand): tested = operand
      case .binary(.equal, let left, let right) where table.foldedValue(right) == 0: tested = left
      case .binary(.equal, let left, let right) where table.foldedValue(left) == 0: tested = right
      default: return nil
      }
      guard case .binary(.bitAnd, let left, let right) = table[tested] else { return nil }
      return [right, left].compactMap { check($0, facts) }.first
    }
  }

  private func check(_ mask: ExpressionID, _ facts: ScriptFacts) -> Finding? {
    let table = facts.script.expressions
    guard case .binary(.subtract, let size, let one) = table[mask], table.foldedValue(one) == 1,
      let value = table.foldedValue(mask), let bytes = table.foldedValue(size),
      value & bytes != 0 || bytes == 0
    else { return nil }
    let next = bytes &+ 1
    let isOffByOne = next != 0 && next & bytes == 0
    let hint =
      isOffByOne
      ? "; \(hexadecimal(next)) - 1 would test for a multiple of \(hexadecimal(next))"
      : ", so it does not test for a multiple"
    return finding(
      "the mask \(hexadecimal(value)) is \(hexadecimal(bytes)) - 1, and \(hexadecimal(bytes)) is no "
        + "power of two" + hint,
      at: .source(table.span(mask)), subject: hexadecimal(value))
  }
}
