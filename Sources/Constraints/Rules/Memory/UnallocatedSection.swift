// Rule unallocated-section: a section stands in a memory region, and no loader puts it there.

import LdsParser

/// Compares the flags of sections in an ELF file with the regions that the script puts them into.
///
/// It cannot see this in a map, which has no flags. Sections of debuggers and tools are told by their names.
struct UnallocatedSection: Rule {
  static let description = RuleDescription(
    id: "unallocated-section",
    summary: "a section is placed in a memory region and is not allocated, so nothing loads it",
    rationale: """
      '.section .isr_vector' without "a" gives a section that has an address, fills its region in the linker's table \
      and satisfies every ASSERT, and that is in no segment and no raw image: the chip starts with whatever is at \
      address 0.
      """,
    fix: "give the input sections the flag: '.section .isr_vector,\"a\"'",
    severity: .warning, needs: [.script, .image],
    good: [
      .script(
        "allocated",
        """
        MEMORY { ROM : ORIGIN = 0, LENGTH = 64K }
        SECTIONS { .isr : { KEEP(*(.isr)) } >ROM }
        """,
        image: ImageFacts(
          sections: [ImageFacts.Section(".isr", at: 0, size: 0x10, .read)], profile: "sections")),
      .script(
        "said so by its type",
        """
        MEMORY { ROM : ORIGIN = 0, LENGTH = 64K }
        SECTIONS { .info (INFO) : { KEEP(*(.info)) } >ROM }
        """,
        image: ImageFacts(
          sections: [ImageFacts.Section(".info", at: 0, size: 0x10, .read, flags: nil)],
          profile: "sections")),
      .script(
        "in no region",
        "SECTIONS { .tags 0 : { KEEP(*(.tags)) } }",
        image: ImageFacts(
          sections: [ImageFacts.Section(".tags", at: 0, size: 0x10, .read, flags: nil)],
          profile: "sections")),
    ],
    bad: [
      .script(
        "without the flag",
        """
        MEMORY { ROM : ORIGIN = 0, LENGTH = 64K }
        SECTIONS { ↓.isr : { KEEP(*(.isr_vector)) } >ROM }
        """,
        image: ImageFacts(
          sections: [ImageFacts.Section(".isr", at: 0, size: 0x10, .read, flags: nil)],
          profile: "sections"),
        messages: [
          "'.isr' is placed in region 'ROM' and is not loaded: none of its inputs is allocated (no flag \"a\"), so "
            + "no segment and no raw image has its 0x10 bytes"
        ])
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    return context.linkedELF.flatMap { image in
      image.outputSections.compactMap { section -> Finding? in
        guard section.size > 0, section.flags?.contains(.allocated) == false,
          !LoadedSection.isNeverMemory(section.name),
          !OutputSectionRecord.isDebugging(section.name),
          let placed = facts.placement(section.name), placed.isPlain,
          let region = placed.tail.region
        else { return nil }
        let name = String(decoding: section.name, as: UTF8.self)
        let patterns = facts.patterns.filter { $0.output == placed.name.name }.prefix(4)
        return finding(
          "'\(name)' is placed in region '\(facts.name(region.name))' and is not loaded: none of its inputs is "
            + "allocated (no flag \"a\"), so no segment and no raw image has its \(sizeText(section.size))",
          at: .source(placed.name.span),
          notes: patterns.map { pattern in
            FindingNote("its inputs are taken here", at: .source(pattern.span))
          }, subject: name)
      }
    }
  }
}

extension OutputSectionDescription {
  /// Whether its type leaves it to the inputs whether it is in memory.
  fileprivate var isPlain: Bool {
    switch type {
    case .normal, .readonly: true
    case .noload, .dsect, .copy, .info, .overlay, .type, .readonlyType: false
    }
  }
}
