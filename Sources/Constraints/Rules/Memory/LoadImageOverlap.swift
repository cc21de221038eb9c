// Rule load-image-overlap: memory without contents takes the load addresses of what is loaded.

import LdsParser

/// Compares the load addresses of sections without contents with those of sections that have some.
///
/// It cannot see which addresses the tool behind the link goes by: a programmer that writes bytes only never meets the
/// zeroes. That two sections with contents overlap the linker says itself.
struct LoadImageOverlap: Rule {
  static let description = RuleDescription(
    id: "load-image-overlap",
    summary: "a section without contents has the load addresses of a section that is loaded",
    rationale: """
      A NOLOAD section without AT behind one with 'AT>FLASH' inherits the flash as its load region, and since it does \
      not move that region on, the next section is loaded at the same place. The ELF file then has two segments that \
      claim the same bytes: a loader that clears memory at the load address overwrites the other's contents \
      (pico-sdk#1538).
      """,
    fix: "put it in front of the first section with AT>, or behind the last one",
    severity: .warning, needs: [.script, .image],
    good: [
      .script(
        "behind what is loaded",
        """
        MEMORY { ROM : ORIGIN = 0, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS { .data : { *(.data) } >RAM AT>ROM .fast : { *(.fast) } >RAM AT>ROM .bss : { *(.bss) } >RAM }
        """,
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".data", at: 0x2000_0000, size: 0x10, .read, lma: 0x100),
            ImageFacts.Section(".fast", at: 0x2000_0010, size: 0x10, .read, lma: 0x110),
            ImageFacts.Section(
              ".bss", at: 0x2000_0020, size: 0x100, .read, lma: 0x120, flags: [.allocated, .noBits]),
          ], profile: "sections")),
      .script(
        "at its own address",
        "SECTIONS { .data 0x1000 : { *(.data) } .bss : { *(.bss) } }",
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".data", at: 0x1000, size: 0x10, .read),
            ImageFacts.Section(
              ".bss", at: 0x1008, size: 0x100, .read, flags: [.allocated, .noBits]),
          ], profile: "sections")),
    ],
    bad: [
      .script(
        "inherits the flash",
        """
        MEMORY { ROM : ORIGIN = 0, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS {
          .data : { *(.data) } >RAM AT>ROM
          ↓.keep (NOLOAD) : { *(.keep) } >RAM
          .fast : { *(.fast) } >RAM AT>ROM
        }
        """,
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".data", at: 0x2000_0000, size: 0x10, .read, lma: 0x100),
            ImageFacts.Section(
              ".keep", at: 0x2000_0010, size: 0x100, .read, lma: 0x110,
              flags: [.allocated, .noBits]),
            ImageFacts.Section(".fast", at: 0x2000_0110, size: 0x10, .read, lma: 0x110),
          ], profile: "sections"),
        messages: [
          "'.keep' has no contents and takes load addresses 0x110 to 0x210, where '.fast' is loaded (0x110): both "
            + "claim the same bytes"
        ]),
      .script(
        "two with contents",
        """
        SECTIONS {
          .rodata 0x100 : { *(.rodata) }
          ↓.data 0x20000000 : AT(0x104) { *(.data) }
        }
        """,
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".rodata", at: 0x100, size: 0x10, .read, lma: 0x100),
            ImageFacts.Section(".data", at: 0x2000_0000, size: 0x10, .read, lma: 0x104),
          ], profile: "sections"),
        messages: [
          "'.data' is loaded at 0x104, where '.rodata' is loaded (0x100 to 0x110): one of them is lost in a raw image"
        ]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    return context.linkedELF.flatMap { image in
      let shipped = ShippedImage(image, form: .binary)?.parts ?? []
      return image.outputSections.indices.compactMap { index in
        finding(index, shipped, image, facts)
      } + zip(shipped, shipped.dropFirst()).compactMap { both($0, $1, image, facts) }
    }
  }

  /// Two sections with contents: the linker refuses that, unless it is told not to look (--no-check-sections).
  private func both(
    _ first: ShippedImage.Part, _ second: ShippedImage.Part, _ image: Image, _ facts: ScriptFacts
  ) -> Finding? {
    guard second.load < first.load &+ first.size, second.size > 0, let one = first.section,
      let other = second.section
    else { return nil }
    let name = image.sectionName(other)
    return finding(
      "'\(name)' is loaded at \(hexadecimal(second.load)), where '\(image.sectionName(one))' is loaded "
        + "(\(hexadecimal(first.load)) to \(hexadecimal(first.load &+ first.size))): one of them is lost in a raw image",
      at: facts.place(of: other, in: image),
      notes: [
        FindingNote("the other section is placed here", at: facts.place(of: one, in: image))
      ], subject: name)
  }

  private func finding(
    _ index: Int, _ shipped: [ShippedImage.Part], _ image: Image, _ facts: ScriptFacts
  ) -> Finding? {
    let section = image.outputSections[index]
    guard section.size > 0, let vma = section.vma, let load = section.lma, load != vma,
      section.flags?.isSuperset(of: [.allocated, .noBits]) == true,
      section.flags?.contains(.threadLocal) == false,
      let part = shipped.first(where: { part in
        part.load &- load < section.size || load &- part.load < part.size
      }),
      let other = part.section
    else { return nil }
    let name = image.sectionName(index)
    return finding(
      "'\(name)' has no contents and takes load addresses \(hexadecimal(load)) to "
        + "\(hexadecimal(load &+ section.size)), where '\(image.sectionName(other))' is loaded "
        + "(\(hexadecimal(part.load))): both claim the same bytes",
      at: facts.place(of: index, in: image),
      notes: [
        FindingNote("the other section is placed here", at: facts.place(of: other, in: image))
      ], subject: name)
  }
}
