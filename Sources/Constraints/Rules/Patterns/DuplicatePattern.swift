// Rule duplicate-pattern: the same input section pattern twice.

import LdsParser

struct DuplicatePattern: Rule {
  static let description = RuleDescription(
    id: "duplicate-pattern",
    summary: "an input section pattern repeats an earlier one and never matches",
    rationale: """
      The first pattern takes everything, the second nothing. Mostly a leftover; but where the second stands \
      between two symbols, their table is empty.
      """,
    fix: "remove the one that is not meant",
    severity: .warning, needs: [.script],
    good: [
      .script("two patterns", "SECTIONS { .a : { *(.data) *(.data.*) } }"),
      .script("two files", "SECTIONS { .a : { a.o(.data) } .b : { b.o(.data) } }"),
      .script(
        "one of two output sections is used",
        "SECTIONS { .a : ONLY_IF_RO { *(.eh_frame) } .a : ONLY_IF_RW { *(.eh_frame) } }"),
    ],
    bad: [
      .script(
        "in another output section: a leftover", "SECTIONS { .a : { *(.got) } .b : { *(↓.got) } }",
        messages: ["'.got' is taken by the same pattern before"]),
      .script(
        "between two symbols",
        "SECTIONS { .a : { *(.tab) start = .; KEEP(*(↓.tab)) end = .; } }"),
    ])

  /// Output sections that take what .init_array and .fini_array leave, in the linker's own scripts too.
  private static let fallbacks: Set<String> = [".ctors", ".dtors"]

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    let tables = EmptiedTables(facts)
    return facts.shadowedPatterns.compactMap { earlier, later in
      guard earlier.text == later.text, !Self.fallbacks.contains(facts.name(later.output)) else {
        return nil
      }
      let name = String(decoding: later.text, as: UTF8.self)
      return finding(
        "'\(name)' is taken by the same pattern before", at: .source(later.span),
        severity: tables.empties(earlier, later) ? nil : .note,
        notes: [FindingNote("the earlier pattern", at: .source(earlier.span))], subject: name)
    }
  }
}
