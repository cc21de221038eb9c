// Rule symbol-set-twice: of two values of a symbol, nothing ever sees the first.

import LdsParser

/// Looks for symbols that are set twice with nothing between that uses them.
///
/// It cannot see that a value is meant as a default. A symbol that is used between its two assignments, or in the
/// second one, is a variable and no mistake; where both are places, or both are numbers, a finding is a note; PROVIDE and DEFINED say outright that there may be another value.
struct SymbolSetTwice: Rule {
  static let description = RuleDescription(
    id: "symbol-set-twice",
    summary: "a symbol is set a second time, and nothing has used its first value",
    rationale: """
      The linker keeps one value of a symbol for the whole image, the last one. 'stack_top = ORIGIN(ram) + \
      LENGTH(ram);' at the top of a script and 'stack_top = .;' behind .bss at its end give a stack of what is left \
      behind .bss, and the line that everybody reads is the first.
      """,
    fix: "remove one of the two, or make the first one PROVIDE()",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "a variable",
        "SECTIONS { tmp = 1; a = tmp; tmp = 2; b = tmp; .text : { *(.text) } }"),
      .script(
        "counted on", "n = 1; n = n + 1;"),
      .script(
        "a default", "PROVIDE(stack_top = 0x8000); SECTIONS { .bss : { *(.bss) stack_top = .; } }"),
    ],
    bad: [
      .script(
        "two tops of the stack",
        """
        stack_top = 0x8000;
        SECTIONS { .bss : { *(.bss) } .stack : { . += 0x1000; ↓stack_top = .; } }
        """,
        messages: [
          "'stack_top' is set again, so its value before (line 1) is never used: the last one holds everywhere"
        ]),
      .script(
        "one boundary twice, and its neighbour nowhere",
        """
        SECTIONS { .text : { *(.text) } . = ALIGN(0x1000); __2M_text_end = .; __2M_rodata_start = .;
          .rodata : { *(.rodata) } . = ALIGN(0x1000); __2M_rodata_end = .; ↓__2M_rodata_start = .;
          .init : { *(.init) } . = ALIGN(0x1000); __2M_init_end = .; __2M_rwdata_start = .;
          .data : { *(.data) } __2M_rwdata_end = ALIGN(0x1000); }
        """,
        messages: [
          "'__2M_rodata_start' is set again, so its value before (line 1) is never used; '__2M_init_start', which "
            + "profile 'xen-x86' needs, is set nowhere"
        ]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    // What a missing header would have made of a name is not known.
    guard let facts = context.facts, !facts.hasUnknownMacros else { return [] }
    let uses = facts.usesBySymbol
    return facts.program.assignments.filter { $0.value.count > 1 }.sorted {
      $0.key.index < $1.key.index
    }
    .flatMap { symbol, steps -> [Finding] in
      zip(steps, steps.dropFirst()).compactMap { first, second in
        guard facts.isPlain(first), facts.isPlain(second),
          uses[symbol]?.contains(where: { $0 > first && $0 <= second }) != true,
          facts.program.steps[first].span != facts.program.steps[second].span
        else { return nil }
        let name = facts.name(symbol)
        let before = facts.program.steps[first].span
        let missing = facts.missingBoundary(beside: name)
        return finding(
          "'\(name)' is set again, so its value before (line "
            + "\(facts.script.sources.position(of: before).line)) is never used"
            + (missing ?? ": the last one holds everywhere"),
          at: .source(facts.program.steps[second].span),
          // A place that is set anew behind more contents is meant; a number for a place is not.
          severity: missing == nil && facts.isNumber(first) == facts.isNumber(second)
            ? .note : nil,
          notes: [FindingNote("the value before", at: .source(before))], subject: name)
      }
    }
  }
}

extension ScriptFacts {
  /// The boundary of the profile that nothing sets while another one is set twice.
  fileprivate func missingBoundary(beside name: String) -> String? {
    guard let profile, profile.superpageSymbols.contains(name),
      let missing = profile.superpageSymbols.first(where: { !assigns($0) })
    else { return nil }
    return "; '\(missing)', which profile '\(profile.name)' needs, is set nowhere"
  }

  /// Whether macros of files that were not found are part of the script.
  fileprivate var hasUnknownMacros: Bool {
    script.diagnostics.contains { $0.id == .missingInclude || $0.id == .unknownMacro }
  }

  /// For each symbol that is set more than once, the steps whose expressions name it.
  fileprivate var usesBySymbol: [NameID: [Int]] {
    var uses: [NameID: [Int]] = [:]
    for (index, step) in program.steps.enumerated() {
      let expression: ExpressionID
      switch step.action {
      case .assignment(let assignment): expression = assignment.value
      case .assertion(let assertion): expression = assertion.condition
      default: continue
      }
      for node in program.expressions.nodes(of: expression) {
        switch program.expressions[ExpressionID(index: node)] {
        case .symbol(let name), .nameCall(.defined, let name):
          if program.assignments[name]?.count ?? 0 > 1 { uses[name, default: []].append(index) }
        default: break
        }
      }
    }
    return uses
  }

  /// Whether a step sets a number: no place of this link, but what MEMORY or a constant says.
  fileprivate func isNumber(_ step: Int) -> Bool {
    guard let value = assignment(step)?.value else { return false }
    return program.expressions.nodes(of: value).allSatisfy { node in
      switch program.expressions[ExpressionID(index: node)] {
      case .integer, .unary, .binary, .conditional, .nameCall(.origin, _), .nameCall(.length, _),
        .nameCall(.constant, _):
        true
      default: false
      }
    }
  }

  /// Whether a step is `symbol = value` and nothing else.
  fileprivate func isPlain(_ step: Int) -> Bool {
    guard let assignment = assignment(step), !assignment.isLocationCounter else { return false }
    return !assignment.kind.isProvide && assignment.compound == nil
  }
}
