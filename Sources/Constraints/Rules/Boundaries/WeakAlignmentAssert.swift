// Rule weak-alignment-assert: an ASSERT checks less than boot code needs.

import LdsParser

/// Compares the ASSERTs on the start of the image with the superpage of the profile.
///
/// It cannot see a stronger check that is made elsewhere.
struct WeakAlignmentAssert: Rule {
  static let description = RuleDescription(
    id: "weak-alignment-assert",
    summary:
      "an ASSERT on the start of the image checks less than a superpage, which boot code needs",
    rationale: """
      'ASSERT(IS_ALIGNED(_start, MB(2)))' guards the loop that fills the superpage entries. Compared with \
      PAGE_SIZE it is content with images that the loop maps wrongly, and nobody notices: it still holds.
      """,
    fix: "compare with the size of a superpage",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "a superpage",
        """
        SECTIONS { . = 0x200000; _start = .; .text : { *(.text) } . = ALIGN(0x1000);
          __2M_text_end = .; __2M_rodata_start = .; }
        ASSERT(!(_start & 0x1fffff), "_start misaligned")
        """),
      .script(
        "a weaker ASSERT beside a sufficient one",
        """
        SECTIONS { . = 0x200000; _start = .; .text : { *(.text) } . = ALIGN(0x1000);
          __2M_text_end = .; __2M_rodata_start = .; }
        ASSERT(!(_start & 0xfff), "_start not on a page")
        ASSERT(!(_start & 0x1fffff), "_start misaligned")
        """),
      .script(
        "no image that is mapped with superpages",
        """
        SECTIONS { . = 0x1000; _start = .; .text : { *(.text) } }
        ASSERT(!(_start & 0xfff), "_start misaligned")
        """),
    ],
    bad: [
      .script(
        "a page only",
        """
        SECTIONS { . = 0x200000; _start = .; .text : { *(.text) } . = ALIGN(0x1000);
          __2M_text_end = .; __2M_rodata_start = .; }
        ↓ASSERT(!(_start & 0xfff), "_start misaligned")
        """,
        messages: [
          "this ASSERT lets '_start' be a multiple of 0x1000, but profile 'xen-x86' needs a multiple of "
            + "0x200000"
        ]),
      .script(
        "one MiB",
        """
        SECTIONS { . = 0x200000; _start = .; .text : { *(.text) } . = ALIGN(0x1000);
          __2M_text_end = .; __2M_rodata_start = .; }
        ↓ASSERT(_start % 0x100000 == 0, "_start misaligned")
        """),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, let profile = facts.profile, profile.needsSuperpageBase,
      let start = profile.start.first(where: { facts.assigns($0) }),
      let symbol = facts.program.names.find(start)
    else { return [] }
    let claims = facts.claims.filter { $0.symbol == symbol }
    guard let best = claims.max(by: { $0.alignment < $1.alignment }),
      best.alignment < profile.superpage.bytes
    else { return [] }
    return [
      finding(
        "this ASSERT lets '\(start)' be a multiple of \(hexadecimal(best.alignment)), but profile "
          + "'\(profile.name)' needs a multiple of \(hexadecimal(profile.superpage.bytes))",
        at: .source(facts.program.steps[best.step].span), subject: start)
    ]
  }
}
