// Rule orphan-section: an output section of the image that the script does not describe.

import LdsParser

/// Compares the output sections of an image with those of the script.
///
/// It cannot see options that place sections (`--section-start` makes none, `-r` keeps all), nor a second
/// script of the same link.
struct OrphanSection: Rule {
  static let description = RuleDescription(
    id: "orphan-section",
    summary: "the image has a section that the script does not describe",
    rationale: """
      The linker places what no statement names where it thinks best: behind the last section of the same kind, or \
      inside a read-only window. Kernel maintainers collect such reports by the dozen (ClangBuiltLinux#1187, \
      #1193, #1185), each found by a warning that was switched on too late.
      """,
    fix: "add a pattern for it to the output section that it belongs to, or to /DISCARD/",
    severity: .warning, needs: [.script, .image],
    good: [
      .script(
        "described", "SECTIONS { .text : { *(.text) } }",
        image: ImageFacts(
          sections: [ImageFacts.Section(".text", at: 0x1000, size: 0x100, [.read, .execute])],
          profile: "sections")),
      .script(
        "the default script of the linker counts where there is none", "x = 1;",
        image: ImageFacts(
          sections: [ImageFacts.Section(".text", at: 0x1000, size: 0x100, [.read, .execute])],
          profile: "sections")),
    ],
    bad: [
      .script(
        "a section of an object", "SECTIONS { .text : { *(.text) } }",
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".text", at: 0x1000, size: 0x100, [.read, .execute]),
            ImageFacts.Section(".ex_table", at: 0x1100, size: 0x40, .read),
          ], profile: "sections"),
        messages: [
          "no statement of the script describes '.ex_table' (0x40 bytes at 0x1100); add '*(.ex_table)' "
            + "where it belongs"
        ]),
      .script(
        "two", "SECTIONS { .text : { *(.text) } /DISCARD/ : { *(.comment) } }",
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".got", at: 0x1000, size: 0x18, [.read, .write]),
            ImageFacts.Section(".wx", at: 0x2000, size: 8, [.read, .write, .execute]),
          ], profile: "sections"),
        messages: [
          "no statement of the script describes '.got' (0x18 bytes at 0x1000); add '*(.got)' where it belongs",
          "no statement of the script describes '.wx' (0x8 bytes at 0x2000); add '*(.wx)' where it belongs",
        ]),
      .script(
        "in front of the image",
        "SECTIONS { .text 0x1000 : { *(.text) } }",
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".note.gnu.build-id", at: 0x1000, size: 0x24, .read),
            ImageFacts.Section(".text", at: 0x1024, size: 0x100, [.read, .execute]),
          ], profile: "sections"),
        messages: [
          "no statement of the script describes '.note.gnu.build-id' (0x24 bytes at 0x1000); add "
            + "'*(.note.gnu.build-id)' where it belongs"
        ]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, !facts.program.sections.isEmpty, !facts.program.hasInsert
    else {
      return []
    }
    let described = Set(facts.program.sections.map { facts.program.names.bytes($0.name) })
    var seen: Set<[UInt8]> = []
    let maps = context.images.map(\.image).filter {
      $0.kind.tells(.everyInput) && !$0.inputSections.isEmpty
    }
    return context.images.flatMap { planned -> [Finding] in
      let image = planned.image
      guard !image.isRelocatable, image.kind.tells(.everySection) else { return [] }
      var surroundings: OrphanSurroundings?
      return image.outputSections.indices.compactMap { index in
        let section = image.outputSections[index]
        guard isLoaded(section), let vma = section.vma, !described.contains(section.name),
          seen.insert(section.name).inserted
        else { return nil }
        let name = String(decoding: section.name, as: UTF8.self)
        let known = surroundings ?? OrphanSurroundings(facts, image, maps: maps, isLoaded: isLoaded)
        surroundings = known
        return finding(
          "no statement of the script describes '\(name)' (\(hexadecimal(section.size)) bytes at "
            + "\(hexadecimal(vma))); add '*(\(name))' where it belongs",
          at: image.place(ofSection: index),
          notes: known.notes(on: section, at: vma), subject: name)
      }
    }
  }

  /// Whether the section takes memory. Maps have no flags; what they show at 0 are debug sections and the like.
  private func isLoaded(_ section: OutputSectionRecord) -> Bool {
    guard section.size > 0 else { return false }
    return section.flags?.contains(.allocated) ?? (section.vma.map { $0 != 0 } ?? false)
  }
}
