// Rule weak-alignment-assert: ASSERTs check less than boot code needs.

import LdsParser

/// Compares the ASSERTs on the start of the image with the superpage of the profile, and those on its boundaries with
/// the sizes of pages.
///
/// It cannot see a stronger check that is made elsewhere.
struct WeakAlignmentAssert: Rule {
  static let description = RuleDescription(
    id: "weak-alignment-assert",
    summary:
      "no ASSERT holds the start of the image to a superpage, which boot code needs, or one its boundaries to a page",
    rationale: """
      'ASSERT(IS_ALIGNED(_start, MB(2)))' guards the loop that fills the superpage entries. Compared with \
      PAGE_SIZE it is content with images that the loop maps wrongly, and nobody notices: it still holds. \
      A SECTION_ALIGN of 1M, defined once, weakens every ALIGN and its ASSERT together: what is aligned to no size of a \
      page is mapped with small pages, if at all; and a PE image is loaded by its headers, superpage by superpage.
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
      .script(
        "nobody asks",
        """
        SECTIONS { . = 0x200000; ↓_start = .; .text : { *(.text) } . = ALIGN(0x1000);
          __2M_text_end = .; __2M_rodata_start = .; }
        """,
        messages: [
          "no ASSERT holds '_start' to a multiple of 0x200000, which profile 'xen-x86' needs"
        ]),
      .script(
        "boundaries on no size of a page",
        """
        #define SECTION_ALIGN 0x100000
        SECTIONS { . = 0x200000; _start = .; .text : { *(.text) } . = ALIGN(SECTION_ALIGN);
          __2M_text_end = .; __2M_rodata_start = .; }
        ASSERT(!(_start & 0x1fffff), "_start misaligned")
        ↓ASSERT(!(__2M_text_end & (SECTION_ALIGN - 1)), "__2M_text_end misaligned")
        """,
        messages: [
          "this ASSERT asks for a multiple of 0x100000 of '__2M_text_end', which is no size of a page: 0x1000 or "
            + "0x200000"
        ]),
      .script(
        "small pages in a PE image",
        """
        OUTPUT_FORMAT(pei-x86-64)
        SECTIONS { . = 0x200000; _start = .; .text : { *(.text) } . = ALIGN(0x1000);
          __2M_text_end = .; __2M_rodata_start = .; }
        ASSERT(!(_start & 0x1fffff), "_start misaligned")
        ↓ASSERT(!(__2M_text_end & 0xfff), "__2M_text_end misaligned")
        """,
        messages: [
          "this ASSERT asks for a multiple of 0x1000 of '__2M_text_end', and a PE image needs 0x200000"
        ]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, let profile = facts.profile, profile.needsSuperpageBase else {
      return []
    }
    return [start(facts, profile), boundary(facts, profile)].compactMap { $0 }
  }

  /// The seed of everything: slots are filled from the start of the image on.
  private func start(_ facts: ScriptFacts, _ profile: MappingDescription) -> Finding? {
    guard let start = profile.start.first(where: { facts.assigns($0) }),
      let symbol = facts.program.names.find(start)
    else { return nil }
    let size = profile.superpage.bytes
    let claims = facts.claims.filter { $0.symbol == symbol }
    guard let best = claims.max(by: { $0.alignment < $1.alignment }) else {
      guard let step = facts.onlyAssignment(of: symbol) else { return nil }
      return finding(
        "no ASSERT holds '\(start)' to a multiple of \(hexadecimal(size)), which profile '\(profile.name)' needs",
        at: .source(facts.program.steps[step].span), subject: start)
    }
    guard best.alignment < size else { return nil }
    return finding(
      "this ASSERT lets '\(start)' be a multiple of \(hexadecimal(best.alignment)), but profile "
        + "'\(profile.name)' needs a multiple of \(hexadecimal(size))",
      at: .source(facts.program.steps[best.step].span), subject: start)
  }

  /// Boundaries are on pages of one size or the other; one finding, since they have their alignment from one macro.
  private func boundary(_ facts: ScriptFacts, _ profile: MappingDescription) -> Finding? {
    let page = profile.pageSizes.min()?.bytes ?? 4096
    let size = profile.superpage.bytes
    let isPE = facts.program.outputFormats.contains { facts.name($0).hasPrefix("pei-") }
    let boundaries = Set(profile.superpageSymbols.compactMap(facts.program.names.find))
    let asked = facts.claims.first { claim in
      boundaries.contains(claim.symbol) && claim.alignment < size
        && facts.alignment(claimed: claim.symbol) == claim.alignment
        && (isPE || claim.alignment > page)
    }
    guard let asked else { return nil }
    let name = facts.name(asked.symbol)
    let number = hexadecimal(asked.alignment)
    return finding(
      "this ASSERT asks for a multiple of \(number) of '\(name)', "
        + (asked.alignment > page
          ? "which is no size of a page: \(hexadecimal(page)) or \(hexadecimal(size))"
          : "and a PE image needs \(hexadecimal(size))"),
      at: .source(facts.program.steps[asked.step].span), subject: name)
  }
}
