// Rule shadowed-pattern: an earlier pattern takes everything that this one could match.

import LdsParser

/// Compares each pattern with those before it, names of files and sections, exclusions and flags.
///
/// It cannot see which sections the objects have, nor that several earlier patterns together take everything. A
/// pattern in KEEP behind one without it does something (see ``DuplicatePattern``).
struct ShadowedPattern: Rule {
  static let description = RuleDescription(
    id: "shadowed-pattern",
    summary: "an input section pattern never matches, since an earlier one takes all it could",
    rationale: """
      Every input section goes to the first pattern that matches it. Xen had '*(.init.rodata.*)' before \
      '*(.init.rodata.cf_clobber)' (3e56754b08): the table between '__initdata_cf_clobber_start' and its end was \
      empty, nothing was clobbered, and no tool said so.
      """,
    fix: "move the narrower pattern before the wider one, or exclude it there",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "the narrow one first",
        """
        SECTIONS { .init : {
          start = .; *(.init.rodata.cf_clobber) end = .;
          *(.init.rodata.*)
        } }
        """),
      .script(
        "the wide one leaves files out",
        """
        SECTIONS { .a : { *(EXCLUDE_FILE(boot.o) .text.*) } .b : { *(.text.boot) } }
        """),
      .script(
        "other files", "SECTIONS { .a : { boot.o(.text.*) } .b : { *(.text.boot) } }"),
      .script(
        "near miss: the dot", "SECTIONS { .a : { *(.text.*) } .b : { *(.text_boot .text) } }"),
      .script(
        "KEEP keeps what the pattern before it takes",
        "SECTIONS { .text : { *(.text .text.*) KEEP(*(.text.reset)) } }"),
      .script(
        "flags decide",
        "SECTIONS { .a : { INPUT_SECTION_FLAGS(SHF_EXECINSTR) *(.*) } .b : { *(.data) } }"),
    ],
    bad: [
      .script(
        "a table left empty",
        """
        SECTIONS { .init : {
          *(.init.rodata.*)
          start = .; *(↓.init.rodata.cf_clobber) end = .;
        } }
        """,
        messages: [
          "'.init.rodata.cf_clobber' never matches: '.init.rodata.*' before it takes all it could"
        ]),
      .script(
        "in another output section",
        "SECTIONS { .a : { KEEP(*(.data .data.*)) } .b : { KEEP(*(SORT(↓.data.boot.*))) } }"),
      .script(
        "discarded before it is kept",
        "SECTIONS { /DISCARD/ : { *(.note*) } .notes : { KEEP(*(↓.note.boot)) } }",
        messages: ["'.note.boot' never matches: '.note*' before it discards all it could take"]),
      .script(
        "a set within a set",
        "SECTIONS { .a : { *(.tab.[a-z]?) } .b : { lib.o(↓.tab.[bc]1) } }"),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    let tables = EmptiedTables(facts)
    return facts.shadowedPatterns.compactMap { earlier, later in
      // The same pattern again is the rule duplicate-pattern's.
      guard earlier.text != later.text else { return nil }
      let discard = facts.script.names.find("/DISCARD/")
      // What was discarded no KEEP brings back.
      let isLost = earlier.output == discard && later.output != discard && later.isKept
      let isTable = isLost || tables.empties(earlier, later)
      guard isTable || !earlier.leavesAnEffect(to: later) else { return nil }
      let name = String(decoding: later.text, as: UTF8.self)
      return finding(
        "'\(name)' never matches: '\(String(decoding: earlier.text, as: UTF8.self))' before it "
          + (isLost ? "discards all it could take" : "takes all it could"),
        at: .source(later.span), severity: isTable ? nil : .note,
        notes: [FindingNote("the earlier pattern", at: .source(earlier.span))], subject: name)
    }
  }
}
