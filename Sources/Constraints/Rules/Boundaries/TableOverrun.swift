// Rule table-overrun: an end symbol is set behind more than its table.

import LdsParser

/// Compares the patterns before an end symbol with those that the profile lists for its table.
///
/// It cannot see what the patterns take.
struct TableOverrun: Rule {
  static let description = RuleDescription(
    id: "table-overrun",
    summary:
      "an end symbol that belongs right behind a table is set behind other input sections too",
    rationale: """
      Code walks or copies from the start of a table to its end symbol. Set a few patterns too late, the symbol \
      takes in what lies between: the ASSERT on the size fires for the wrong reason, or holds and too much is \
      copied (Xen copies [kexec_reloc, kexec_reloc_end) to another page).
      """,
    fix: "set the symbol directly behind the table's pattern",
    severity: .error, needs: [.script],
    good: [
      .script(
        "directly behind",
        """
        SECTIONS {
          .text : { *(.text.entry) *(.text.kexec) kexec_reloc_end = .; *(.text) }
          . = ALIGN(0x1000); __2M_text_end = .; __2M_rodata_start = .;
        }
        """),
      .script(
        "aligned first",
        """
        SECTIONS {
          .text : { *(.text.kexec) . = ALIGN(8); kexec_reloc_end = .; *(.text) }
          . = ALIGN(0x1000); __2M_text_end = .; __2M_rodata_start = .;
        }
        """),
    ],
    bad: [
      .script(
        "a pattern too late",
        """
        SECTIONS {
          .text : { *(.text.kexec) *(.text.cold) ↓kexec_reloc_end = .; *(.text) }
          . = ALIGN(0x1000); __2M_text_end = .; __2M_rodata_start = .;
        }
        """,
        messages: [
          "'kexec_reloc_end' is set behind '.text.cold', so it ends more than '.text.kexec'"
        ]),
      .script(
        "in one list with others",
        """
        SECTIONS {
          .text : { *(.text.kexec .text.hot) ↓kexec_reloc_end = .; *(.text) }
          . = ALIGN(0x1000); __2M_text_end = .; __2M_rodata_start = .;
        }
        """),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, let profile = facts.profile else { return [] }
    return profile.tables.compactMap { table in
      guard let symbol = facts.program.names.find(table.end),
        let step = facts.onlyAssignment(of: symbol), facts.takesLocationCounter(step)
      else { return nil }
      let patterns = facts.patternsBefore(step)
      let isTable = { (pattern: PlacedPattern) in
        table.sections.contains { Array($0.utf8) == pattern.text }
      }
      guard let first = patterns.firstIndex(where: isTable),
        let stray = patterns[first...].first(where: { !isTable($0) })
      else { return nil }
      return finding(
        "'\(table.end)' is set behind '\(String(decoding: stray.text, as: UTF8.self))', so it ends more "
          + "than '\(table.sections.joined(separator: "' and '"))'",
        at: .source(facts.program.steps[step].span),
        notes: [
          FindingNote("the table is here", at: .source(patterns[first].statement)),
          FindingNote("this lies in between", at: .source(stray.statement)),
        ], subject: table.end)
    }
  }
}

extension ScriptFacts {
  /// The patterns of the output section that a step stands in, up to the step.
  func patternsBefore(_ step: Int) -> [PlacedPattern] {
    guard case .inside = program.steps[step].context else { return [] }
    var statements: Set<SourceSpan> = []
    var index = step - 1
    while index >= 0, program.steps[index].context == program.steps[step].context {
      if case .inputs = program.steps[index].action { statements.insert(program.steps[index].span) }
      index -= 1
    }
    return patterns.filter { statements.contains($0.statement) }
  }
}
