// Rule undeclared-region: a section goes to a memory region that MEMORY does not have.

import LdsParser

struct UndeclaredRegion: Rule {
  static let description = RuleDescription(
    id: "undeclared-region",
    summary: "a section is placed in a memory region that no MEMORY line declares",
    rationale: """
      GNU ld warns and goes on with a region from 0 to the end of the address space: nothing checks its size, and \
      the section lands at 0. '>RAM:text' without a blank is such a name, too.
      """,
    fix: "declare the region, or correct the name",
    severity: .error, needs: [.script],
    good: [
      .script(
        "declared",
        "MEMORY { RAM : ORIGIN = 0, LENGTH = 64K } SECTIONS { .text : { *(.text) } >RAM }"),
      .script(
        "an alias",
        """
        MEMORY { RAM : ORIGIN = 0, LENGTH = 64K } REGION_ALIAS("CODE", RAM)
        SECTIONS { .text : { *(.text) } >CODE AT>RAM }
        """),
    ],
    bad: [
      .script(
        "misspelt",
        "MEMORY { RAM : ORIGIN = 0, LENGTH = 64K } SECTIONS { .text : { *(.text) } >↓RMA }",
        messages: ["no MEMORY line declares the region 'RMA'"]),
      .script(
        "for the load address",
        "MEMORY { RAM : ORIGIN = 0, LENGTH = 64K } SECTIONS { .data : { *(.data) } >RAM AT>↓FLASH }"
      ),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, !facts.program.hasInsert else { return [] }
    let isWhole = !facts.outline.regions.isEmpty
    return facts.outline.sections.flatMap { section, _ in
      [section.tail.region, section.tail.loadRegion].compactMap { region -> Finding? in
        guard let region, !facts.outline.hasRegion(region.name) else { return nil }
        let name = facts.name(region.name)
        // A script without MEMORY may be meant for another one that has it.
        return finding(
          "no MEMORY line declares the region '\(name)'", at: .source(region.span),
          severity: isWhole ? nil : .warning, subject: name)
      }
    }
  }
}
