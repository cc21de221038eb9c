// Rule section-relative-comparison: inside an output section a symbol is compared with a number.

import LdsParser

/// Compares the kinds that GNU ld gives the two sides of a comparison.
///
/// It cannot see a kind that depends on objects.
struct SectionRelativeComparison: Rule {
  static let description = RuleDescription(
    id: "section-relative-comparison",
    summary: "inside an output section an address is compared with a number as an offset",
    rationale: """
      The same ASSERT means two things: outside of output sections GNU ld compares addresses, between the braces \
      it takes the number for an offset in the section. 'ASSERT(. <= 0x8000)' is then about the size, and \
      'ASSERT(f1 == 0x401040)' fails for the very address that it names. ld.lld compares addresses everywhere.
      """,
    fix: "put the ASSERT behind the output section, or compare 'ABSOLUTE(symbol)'",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "outside", "SECTIONS { .text : { f1 = .; *(.text) } } ASSERT(f1 <= 0x401040, \"far\")"),
      .script(
        "the size so far", "SECTIONS { .text : { *(.text) ASSERT(. <= 0x1000, \"large\"); } }"),
      .script(
        "two places", "SECTIONS { .text : { f1 = .; *(.text) ASSERT(f1 < ., \"empty\"); } }"),
    ],
    bad: [
      .script(
        "an address",
        "SECTIONS { .text 0x401000 : { f1 = .; *(.text) ASSERT(↓f1 <= 0x401040, \"far\"); } }",
        messages: [
          "inside '.text' this compares the offset of 'f1' in the section with 0x401040, not its address"
        ]),
      .script(
        "the location counter with an address",
        "SECTIONS { .text 0x401000 : { *(.text) ASSERT(↓. <= 0x402000, \"far\"); } }",
        messages: [
          "inside '.text' this compares the offset of '.' in the section with 0x402000, not its address"
        ]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, context.linkers.contains(.bfd) else { return [] }
    var findings: [Finding] = []
    for (step, condition, _) in facts.conditions {
      guard let section = facts.section(around: step), let tree = facts.tree(step) else { continue }
      for index in facts.program.expressions.nodes(of: condition) {
        let id = ExpressionID(index: index)
        guard case .binary(let operation, let left, let right) = facts.program.expressions[id],
          operation.isComparison,
          let (place, number) = address(left, right, step, facts, tree)
            ?? address(right, left, step, facts, tree)
        else { continue }
        findings.append(
          finding(
            "inside '\(section)' this compares the offset of '\(facts.text(place))' in the section with "
              + "\(hexadecimal(number)), not its address",
            at: .source(facts.program.expressions.span(id)), subject: facts.text(id)))
      }
    }
    return findings
  }

  /// A value that is relative to a section, beside a number that is meant for an address.
  private func address(
    _ value: ExpressionID, _ number: ExpressionID, _ step: Int, _ facts: ScriptFacts,
    _ tree: ScriptFacts.Tree
  ) -> (ExpressionID, UInt64)? {
    guard let number = facts.program.expressions.foldedValue(number),
      tree.relation(value) == .section
    else { return nil }
    switch facts.program.expressions[value] {
    case .symbol: return (value, number)
    case .locationCounter:
      // Sizes are compared so on purpose; a number above the section's own address is no size.
      guard case .inside(let index) = facts.program.steps[step].context,
        let address = facts.program.sections[index].description?.address,
        let base = facts.program.expressions.foldedValue(address), base > 0, number >= base
      else { return nil }
      return (value, number)
    default: return nil
    }
  }
}
