// Rule section-relative-test: ASSERT, `!` or `?:` on a value that is an offset.

import LdsParser

/// Looks at what an ASSERT tests without a comparison, and at its kind.
///
/// It cannot see a kind that depends on objects.
struct SectionRelativeTest: Rule {
  static let description = RuleDescription(
    id: "section-relative-test",
    summary: "ASSERT, '!' or '?:' tests the offset of a symbol in its section, not its address",
    rationale: """
      GNU ld tests the number that it has, and of a symbol in a section that is the offset: 'ASSERT(_start)' fails \
      for the first symbol of a section, '_start ? 1 : 2' is 2, 'ASSERT(ADDR(.data))' always fails. ld.lld tests \
      the address.
      """,
    fix: "test 'ABSOLUTE(symbol)', or compare it with a number outside of output sections",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "the address",
        "SECTIONS { .text : { start = .; *(.text) } } ASSERT(ABSOLUTE(start), \"none\")"),
      .script(
        "a comparison", "SECTIONS { .text : { start = .; *(.text) } } ASSERT(start != 0, \"none\")"),
      .script("a symbol of an object, which may be absolute", "ASSERT(flag, \"none\")"),
      .script(
        "the difference of two sections' symbols",
        """
        SECTIONS { .a : { a = .; *(.a) } .b : { b = .; *(.b) } }
        ASSERT(!(b - a), "apart")
        """),
    ],
    bad: [
      .script(
        "the offset 0",
        "SECTIONS { .text : { start = .; *(.text) } } ASSERT(↓start, \"none\")",
        messages: [
          "ASSERT tests the offset of 'start' in its section, not its address"
        ]),
      .script(
        "'!' as well",
        "SECTIONS { .text : { start = .; *(.text) } } ASSERT(!↓start, \"some\")",
        messages: ["'!' tests the offset of 'start' in its section, not its address"]),
      .script(
        "the address of a section is the offset 0 in it",
        "SECTIONS { .data : { *(.data) } } x = ↓ADDR(.data) ? 1 : 2;",
        messages: ["'?:' tests the offset of 'ADDR(.data)' in its section, not its address"]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, context.linkers.contains(.bfd) else { return [] }
    return facts.program.steps.indices.flatMap { step -> [Finding] in
      let places = tests(facts.program.steps[step], facts)
      guard !places.isEmpty, let tree = facts.tree(step) else { return [] }
      return places.compactMap { operation, id in
        // Inside an output section the location counter is an offset, and meant as one.
        if facts.section(around: step) != nil, usesLocationCounter(id, facts) { return nil }
        guard tree.relation(id) == .section else { return nil }
        return finding(
          "\(operation) tests the offset of '\(facts.text(id))' in its section, not its address",
          at: .source(facts.program.expressions.span(id)), subject: facts.text(id))
      }
    }
  }

  private func usesLocationCounter(_ id: ExpressionID, _ facts: ScriptFacts) -> Bool {
    facts.program.expressions.mentions(.locationCounter, in: id)
  }

  /// What is tested for zero in a step.
  private func tests(_ step: Step, _ facts: ScriptFacts) -> [(String, ExpressionID)] {
    let table = facts.program.expressions
    var found: [(String, ExpressionID)] = []
    let root: ExpressionID
    switch step.action {
    case .assertion(let assertion):
      root = assertion.condition
      found.append(("ASSERT", root))
    case .assignment(let assignment): root = assignment.value
    default: return []
    }
    for index in table.nodes(of: root) {
      switch table[ExpressionID(index: index)] {
      case .unary(.logicalNot, let operand): found.append(("'!'", operand))
      case .conditional(let condition, _, _): found.append(("'?:'", condition))
      case .assertion(let condition, _): found.append(("ASSERT", condition))
      default: break
      }
    }
    return found.filter { !isNegation($0.1, table) }
  }

  /// `!x` is reported for what it negates.
  private func isNegation(_ id: ExpressionID, _ table: ExpressionTable) -> Bool {
    if case .unary(.logicalNot, _) = table[id] { return true }
    return false
  }
}
