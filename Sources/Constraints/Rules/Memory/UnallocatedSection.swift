// Rule unallocated-section: a section stands in a memory region, and no loader puts it there.

import LdsParser

/// Compares the flags of sections in an ELF file with what the script takes them for: memory, if they are in a region or
/// hold a symbol that is set to an address.
///
/// It cannot see this in a map, which has no flags. Sections of debuggers and tools are told by their names.
struct UnallocatedSection: Rule {
  static let description = RuleDescription(
    id: "unallocated-section",
    summary: "a section that the script takes for memory is not allocated, so nothing loads it",
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
        ]),
      .script(
        "in no segment",
        "PHDRS { text PT_LOAD; } SECTIONS { .text : { *(.text) } :text ↓.data : { *(.data) } :NONE }",
        image: unsegmented,
        messages: [
          "'.data' is allocated and in no loaded segment, so a loader of ELF files gives it no memory"
        ]),
      .script(
        "kept for the hardware",
        "SECTIONS { . = 0x1000; ↓.hdr : { KEEP(*(.hdr)) } .text : { *(.text) } }",
        image: ImageFacts(
          sections: [ImageFacts.Section(".hdr", at: 0, size: 0x10, .read, flags: nil)],
          profile: "sections"),
        messages: [
          "'.hdr' is kept (KEEP) and is not loaded: none of its inputs is allocated (no flag \"a\"), so no segment "
            + "and no raw image has its 0x10 bytes"
        ]),
      .script(
        "with a symbol",
        "SECTIONS { ↓.isr 0x1000 : { isr_start = .; KEEP(*(.isr_vector)) } .text : { *(.text) } }",
        image: ImageFacts(
          sections: [ImageFacts.Section(".isr", at: 0, size: 0x10, .read, flags: nil)],
          profile: "sections"),
        messages: [
          "'.isr' holds 'isr_start' and is not loaded: none of its inputs is allocated (no flag \"a\"), so no segment "
            + "and no raw image has its 0x10 bytes"
        ]),
    ])

  private static let unsegmented: ImageFacts = {
    var facts = ImageFacts(
      sections: [
        ImageFacts.Section(".text", at: 0x1000, size: 0x10, [.read, .execute]),
        ImageFacts.Section(".data", at: 0x1010, size: 0x10, [.read, .write]),
      ], profile: "sections")
    facts.segments = [PagingExamples.load(0x1000, 0x10, "r-x", offset: 0x1000)]
    facts.sections[0].fileOffset = 0x1000
    facts.sections[1].fileOffset = 0x1010
    return facts
  }()

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    return context.linkedELF.flatMap { image in
      unsegmented(image, facts)
        + image.outputSections.compactMap { section -> Finding? in
          guard section.size > 0, section.flags?.contains(.allocated) == false,
            !LoadedSection.isNeverMemory(section.name),
            !OutputSectionRecord.isDebugging(section.name),
            let placed = facts.placement(section.name), placed.isPlain,
            let meaning = facts.memory(placed)
          else { return nil }
          let name = String(decoding: section.name, as: UTF8.self)
          let patterns = facts.patterns.filter { $0.output == placed.name.name }.prefix(4)
          return finding(
            "'\(name)' \(meaning) and is not loaded: none of its inputs is allocated (no flag \"a\"), so no segment "
              + "and no raw image has its \(sizeText(section.size))",
            at: .source(placed.name.span),
            notes: patterns.map { pattern in
              FindingNote("its inputs are taken here", at: .source(pattern.span))
            }, subject: name)
        }
    }
  }
}

extension UnallocatedSection {
  /// Sections that are allocated, and that no segment loads: `:NONE`, or only headers of other types.
  private func unsegmented(_ image: Image, _ facts: ScriptFacts) -> [Finding] {
    let loaded = image.segments.filter(\.isLoaded)
    guard !loaded.isEmpty else { return [] }
    return image.outputSections.indices.compactMap { index in
      let section = image.outputSections[index]
      guard section.isShipped, let memory = section.memory, let offset = section.fileOffset,
        !loaded.contains(where: { segment in
          let isAtItsAddress =
            memory.lowerBound >= segment.virtualAddress
            && memory.lowerBound &- segment.virtualAddress < segment.memorySize
          return isAtItsAddress
            || offset >= segment.fileOffset && offset &- segment.fileOffset < segment.fileSize
        })
      else { return nil }
      let name = image.sectionName(index)
      return finding(
        "'\(name)' is allocated and in no loaded segment, so a loader of ELF files gives it no memory",
        at: facts.place(of: index, in: image), subject: name)
    }
  }
}

extension ScriptFacts {
  /// What says that the author takes an output section for memory: its region, or symbols in it that have an address.
  fileprivate func memory(_ section: OutputSectionDescription) -> String? {
    if let region = section.tail.region { return "is placed in region '\(name(region.name))'" }
    if let address = section.address, program.expressions.foldedValue(address) == 0 { return nil }
    let symbol = section.body.lazy.compactMap { statement -> NameID? in
      guard case .assignment(let assignment) = statement.kind, !assignment.isLocationCounter,
        self.program.expressions[assignment.value] == .locationCounter
      else { return nil }
      return assignment.target.name
    }.first
    if let symbol { return "holds '\(name(symbol))'" }
    // KEEP is for what --gc-sections removes: sections of memory. At no address of its own it stands where '.' is.
    let own = patterns.filter { $0.output == section.name.name }
    return section.address == nil && !own.isEmpty && own.allSatisfy(\.isKept)
      ? "is kept (KEEP)" : nil
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
