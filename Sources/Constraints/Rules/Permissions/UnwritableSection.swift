// Rule unwritable-section: variables in a segment that may not be written.

import LdsParser

/// Compares the flags of sections in an ELF file with those of the segments that load them.
///
/// It cannot see whether a loader maps by segments: a kernel that sets up its own page tables does not care, so it is a
/// note. The linkers give a segment what its sections ask for; only FLAGS in PHDRS can forbid it.
struct UnwritableSection: Rule {
  static let description = RuleDescription(
    id: "unwritable-section",
    summary: "a writable section lies in a segment that the script's FLAGS make read-only",
    rationale: """
      A section without ':header' stays in the segment of the one before. '.data' behind ':text' then is in a segment \
      with FLAGS(5), and a loader that maps by segments makes the first write a page fault.
      """,
    fix: "name the header of the data behind the section",
    severity: .note, needs: [.script, .image],
    good: [
      .script(
        "in a segment of its own",
        "PHDRS { t PT_LOAD FLAGS(5); d PT_LOAD FLAGS(6); } SECTIONS { .text : { *(.text) } :t .data : { *(.data) } :d }",
        image: image(data: "rw-")),
      .script(
        "a segment with all permissions",
        "PHDRS { t PT_LOAD FLAGS(7); } SECTIONS { .text : { *(.text) } :t .data : { *(.data) } }",
        image: image(data: "rwx")),
    ],
    bad: [
      .script(
        "in the segment of the code",
        "PHDRS { t PT_LOAD FLAGS(5); } SECTIONS { .text : { *(.text) } :t ↓.data : { *(.data) } }",
        image: image(data: "r-x"),
        messages: [
          "'.data' is writable, and its segment at 0x2000 is r-x: who maps it as the program headers say gets a fault at "
            + "the first write"
        ])
    ])

  private static func image(data: String) -> ImageFacts {
    var facts = ImageFacts(
      sections: [
        ImageFacts.Section(".text", at: 0x1000, size: 0x20, [.read, .execute]),
        ImageFacts.Section(".data", at: 0x2000, size: 0x20, [.read, .write]),
      ], profile: "sections")
    facts.segments = [
      PagingExamples.load(0x1000, 0x20, "r-x", offset: 0x1000),
      PagingExamples.load(0x2000, 0x20, data, offset: 0x2000),
    ]
    return facts
  }

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, facts.outline.headers.contains(where: { $0.flags != nil })
    else { return [] }
    return context.linkedELF.flatMap { image in
      image.outputSections.indices.compactMap { index -> Finding? in
        let section = image.outputSections[index]
        guard section.flags?.contains(.writable) == true, let memory = section.memory,
          facts.placement(section.name) != nil,
          let segment = image.segments.first(where: {
            $0.isLoaded && memory.lowerBound &- $0.virtualAddress < $0.memorySize
          }), !segment.isWritable
        else { return nil }
        let name = image.sectionName(index)
        let permissions = Permissions(segment)
        return finding(
          "'\(name)' is writable, and its segment at \(hexadecimal(segment.virtualAddress)) is \(permissions): who maps "
            + "it as the program headers say gets a fault at the first write",
          at: facts.place(of: index, in: image), subject: name)
      }
    }
  }
}
