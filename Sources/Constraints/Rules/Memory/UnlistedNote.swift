// Rule unlisted-note: a note that no PT_NOTE segment leads to.

import LdsParser

/// Compares notes in an ELF file with its PT_NOTE segments, where the script has a program header for notes.
///
/// It cannot see who reads a note: a tool goes by sections and finds it, a loader goes by segments and does not. Without a
/// PT_NOTE in PHDRS nobody is meant to look.
struct UnlistedNote: Rule {
  static let description = RuleDescription(
    id: "unlisted-note",
    summary: "a section of notes is in no PT_NOTE segment, although the script has one",
    rationale: """
      A loader finds notes by the program headers: the entry point of a PVH guest is in '.note.Xen', and without it in \
      PT_NOTE the domain builder says that there is no kernel image. 'readelf -n' shows the note all the same.
      """,
    fix: "name the header behind the section: '.note.Xen : { *(.note.Xen) } :text :note'",
    severity: .warning, needs: [.script, .image],
    good: [
      .script(
        "in both",
        "PHDRS { text PT_LOAD; note PT_NOTE; } SECTIONS { .note.Xen : { *(.note.Xen) } :text :note }",
        image: image(listed: 0x1000)),
      .script(
        "no header for notes",
        "PHDRS { text PT_LOAD; } SECTIONS { .note.Xen : { *(.note.Xen) } :text }",
        image: image(listed: nil)),
    ],
    bad: [
      .script(
        "in the other one only",
        "PHDRS { text PT_LOAD; note PT_NOTE; } SECTIONS { ↓.note.Xen : { *(.note.Xen) } :text }",
        image: image(listed: 0x2000),
        messages: [
          "'.note.Xen' holds notes and is in no PT_NOTE segment: who looks for notes by the program headers does not find "
            + "them"
        ])
    ])

  private static func image(listed: UInt64?) -> ImageFacts {
    var facts = ImageFacts(
      sections: [
        ImageFacts.Section(".note.Xen", at: 0x1000, size: 0x20, .read, flags: [.allocated, .note])
      ], profile: "sections")
    facts.sections[0].fileOffset = 0x1000
    facts.segments = [PagingExamples.load(0x1000, 0x20, "r-x", offset: 0x1000)]
    if let listed {
      var note = PagingExamples.load(listed, 0x20, "r--", offset: listed)
      note.type = ELF.segmentNote
      facts.segments.append(note)
    }
    return facts
  }

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, !facts.outline.headers.isEmpty else { return [] }
    return context.linkedELF.flatMap { image -> [Finding] in
      let listed = image.segments.filter { $0.type == ELF.segmentNote }
      guard !listed.isEmpty else { return [] }
      return image.outputSections.indices.compactMap { index in
        let section = image.outputSections[index]
        guard section.size > 0, section.flags?.isSuperset(of: [.allocated, .note]) == true,
          let offset = section.fileOffset, facts.placement(section.name) != nil,
          !listed.contains(where: { offset &- $0.fileOffset < $0.fileSize })
        else { return nil }
        let name = image.sectionName(index)
        return finding(
          "'\(name)' holds notes and is in no PT_NOTE segment: who looks for notes by the program headers does not find "
            + "them",
          at: facts.place(of: index, in: image), subject: name)
      }
    }
  }
}
