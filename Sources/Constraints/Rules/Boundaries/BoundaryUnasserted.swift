// Rule boundary-unasserted: boot code relies on a boundary that no ASSERT guards.

import LdsParser

/// Looks for boundaries of the profile that no ASSERT is about.
///
/// It cannot see checks that code makes at run time, or an ASSERT of C.
struct BoundaryUnasserted: Rule {
  static let description = RuleDescription(
    id: "boundary-unasserted",
    summary: "no ASSERT guards a boundary of which the profile needs the alignment",
    rationale: """
      Boot code compares the boundaries with the superpage, or maps from one to the next. A script in which they \
      happen to be aligned is right until somebody moves a line, and then the linker says nothing.
      """,
    fix: "add 'ASSERT(IS_ALIGNED(symbol, size), \"symbol misaligned\")'",
    severity: .note, needs: [.script],
    good: [
      .script(
        "all guarded",
        """
        SECTIONS { .text : { *(.text) } . = ALIGN(0x1000); __2M_text_end = .; __2M_rodata_start = .; }
        ASSERT(!(__2M_text_end & 0xfff), "__2M_text_end misaligned")
        ASSERT(!(__2M_rodata_start & 0xfff), "__2M_rodata_start misaligned")
        """),
      .script(
        "no profile applies",
        "SECTIONS { .text : { *(.text) } . = ALIGN(0x1000); text_end = .; }"),
    ],
    bad: [
      .script(
        "one of two is guarded",
        """
        SECTIONS { .text : { *(.text) } . = ALIGN(0x1000); __2M_text_end = .; ↓__2M_rodata_start = .; }
        ASSERT(!(__2M_text_end & 0xfff), "__2M_text_end misaligned")
        """,
        messages: [
          "no ASSERT guards the alignment of '__2M_rodata_start', on which profile 'xen-x86' relies"
        ]),
      .script(
        "an ASSERT about something else",
        """
        SECTIONS { .text : { *(.text) } . = ALIGN(0x1000); ↓__2M_text_end = .; ↓__2M_rodata_start = .; }
        ASSERT(__2M_text_end <= __2M_rodata_start, "text behind rodata")
        """),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, let profile = facts.profile else { return [] }
    let unaligned = Set(facts.boundaryFaults.map(\.symbol))
    return facts.profileNeeds.compactMap { symbol, _ in
      guard facts.alignment(claimed: symbol) == 1, !unaligned.contains(symbol),
        let step = facts.onlyAssignment(of: symbol)
      else { return nil }
      let name = facts.name(symbol)
      return finding(
        "no ASSERT guards the alignment of '\(name)', on which profile '\(profile.name)' relies",
        at: .source(facts.program.steps[step].span), subject: name)
    }
  }
}
