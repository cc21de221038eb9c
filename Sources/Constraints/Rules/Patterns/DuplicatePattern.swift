// Rule duplicate-pattern: the same input section pattern twice.

import LdsParser

/// Compares patterns as they are spelled.
///
/// It cannot see which sections the objects have. A pattern in KEEP behind one without it does something: what it
/// matches survives --gc-sections, whichever pattern takes it (ldlang.c, lang_gc_sections). The same pattern in another
/// memory region does something under --enable-non-contiguous-regions.
struct DuplicatePattern: Rule {
  static let description = RuleDescription(
    id: "duplicate-pattern",
    summary: "an input section pattern repeats an earlier one and never matches",
    rationale: """
      The first pattern takes everything, the second nothing. Mostly a leftover; but where the second stands \
      between two symbols, their table is empty. KEEP has its effect all the same, so a repeated pattern in KEEP is \
      reported only there (the scripts of avr-libc have '*(.init0) KEEP(*(.init0))').
      """,
    fix: "remove the one that is not meant",
    severity: .warning, needs: [.script],
    good: [
      .script("two patterns", "SECTIONS { .a : { *(.data) *(.data.*) } }"),
      .script("two files", "SECTIONS { .a : { a.o(.data) } .b : { b.o(.data) } }"),
      .script(
        "one of two output sections is used",
        "SECTIONS { .a : ONLY_IF_RO { *(.eh_frame) } .a : ONLY_IF_RW { *(.eh_frame) } }"),
      .script(
        "KEEP keeps what the pattern before it takes",
        "SECTIONS { .text : { *(.text) *(.init0) KEEP(*(.init0)) *(.init1) } }"),
      .script(
        "what does not fit into the first region, with --enable-non-contiguous-regions",
        """
        MEMORY { A : ORIGIN = 0x1000, LENGTH = 4K B : ORIGIN = 0x8000, LENGTH = 4K }
        SECTIONS { .a : { *(.data) } >A .b : { *(.data) } >B }
        """),
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
      let isTable = tables.empties(earlier, later)
      if !isTable, earlier.leavesAnEffect(to: later) || facts.areInOtherRegions(earlier, later) {
        return nil
      }
      let name = String(decoding: later.text, as: UTF8.self)
      return finding(
        "'\(name)' is taken by the same pattern before", at: .source(later.span),
        severity: isTable ? nil : .note,
        notes: [FindingNote("the earlier pattern", at: .source(earlier.span))], subject: name)
    }
  }
}

extension ScriptFacts {
  /// Whether two patterns fill different memory regions: with --enable-non-contiguous-regions the later one takes
  /// what does not fit into the first (ld manual, "Options").
  fileprivate func areInOtherRegions(_ earlier: PlacedPattern, _ later: PlacedPattern) -> Bool {
    guard let first = region(of: earlier.output), let second = region(of: later.output) else {
      return false
    }
    return first != second
  }

  private func region(of output: NameID) -> NameID? {
    let section = outline.sections.first { $0.section.name.name == output }?.section
    return (section?.tail.region).map { outline.resolved($0.name) }
  }
}
