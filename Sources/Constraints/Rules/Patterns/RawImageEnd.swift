// Rule raw-image-end: the end symbol of a raw image is not where the file ends.

import LdsParser

/// Compares the end symbol of a raw image with the last byte that objcopy -O binary writes.
///
/// It cannot see how the file is made: it takes for granted that it is made of the sections with contents, as
/// objcopy does. Only ELF files tell which sections have any. Which symbol means the end of the file is said by "image" of
/// the configuration; without that it is known by the usual names, or by an ASSERT that wants a small alignment of one,
/// as whatever is appended there does, and only padding is told.
struct RawImageEnd: Rule {
  static let description = RuleDescription(
    id: "raw-image-end",
    summary: "the end symbol of a raw binary image lies behind the last byte of the file",
    rationale: """
      U-Boot looks for its device tree at '_image_binary_end'. On evb-ast2600 the last section held an ALIGN(8) and \
      no contents, so objcopy -O binary left it out: the file ended at 0xc92c, the symbol was 0xc930, and SPL said \
      "Missing DTB" (fcda974e360).
      """,
    fix: "put the ALIGN at the end of the last section that always has contents",
    severity: .warning, needs: [.script, .image],
    good: [
      .script(
        "the file ends at the symbol",
        "SECTIONS { .data : { *(.data) . = ALIGN(8); } _image_binary_end = .; .bss : { *(.bss) } }",
        image: ImageFacts(
          symbols: [("_image_binary_end", 0x1010)],
          sections: [ImageFacts.Section(".data", at: 0x1000, size: 0x10, [.read, .write])],
          profile: "sections")),
      .script(
        "no raw image",
        "SECTIONS { .data : { *(.data) } _end = .; }",
        image: ImageFacts(
          symbols: [("_end", 0x1018)],
          sections: [ImageFacts.Section(".data", at: 0x1000, size: 0x10, [.read, .write])],
          profile: "sections")),
    ],
    bad: [
      .script(
        "padding in a section without contents",
        """
        SECTIONS {
          .data : { *(.data) }
          .binman : { KEEP(*(.binman*)) . = ALIGN(8); }
          ↓_image_binary_end = .;
        }
        """,
        image: ImageFacts(
          symbols: [("_image_binary_end", 0x1010)],
          sections: [ImageFacts.Section(".data", at: 0x1000, size: 0xc, [.read, .write])],
          profile: "sections"),
        messages: [
          "'_image_binary_end' is 0x1010, but a raw image (objcopy -O binary) ends at 0x100c, 0x4 bytes before it"
        ])
    ])

  /// Padding up to this size is an alignment; what is larger is memory that is only zeroed.
  private static let mostPadding: UInt64 = 64

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, context.mayShipRaw else { return [] }
    let declared = context.shipped?.end
    return context.linkedELF.flatMap { image in
      facts.rawImageEnds(declared: declared).compactMap {
        finding($0, facts, image, isDeclared: declared != nil)
      }
    }
  }

  private func finding(
    _ step: Int, _ facts: ScriptFacts, _ image: Image, isDeclared: Bool
  ) -> Finding? {
    guard let assignment = facts.assignment(step),
      case let name = facts.name(assignment.target.name),
      let value = image.value(ofGlobal: name), let shipped = ShippedImage(image, form: .binary),
      let last = shipped.parts.last(where: { $0.load &+ $0.size == shipped.end })
    else { return nil }
    let end = last.run &+ last.size
    // Where the file is put, and where its last byte runs.
    if value == end || value == shipped.end { return nil }
    let isPadding = end < value && value &- end <= Self.mostPadding
    guard isDeclared || isPadding else { return nil }
    let distance =
      end < value
      ? "\(hexadecimal(value &- end)) bytes before it"
      : "\(hexadecimal(end &- value)) bytes behind it"
    return finding(
      "'\(name)' is \(hexadecimal(value)), but a raw image (objcopy -O binary) ends at \(hexadecimal(end)), "
        + distance,
      at: .source(facts.program.steps[step].span), severity: isDeclared ? .error : .warning,
      notes: empty(image, end..<max(end, value), facts), subject: name)
  }

  /// Sections without contents that take the addresses behind the end of the file.
  private func empty(
    _ image: Image, _ range: Range<UInt64>, _ facts: ScriptFacts
  ) -> [FindingNote] {
    image.outputSections.compactMap { section in
      guard section.size > 0, let vma = section.vma, range.contains(vma) || vma == range.lowerBound,
        section.flags?.isSuperset(of: [.allocated, .noBits]) == true
      else { return nil }
      let name = String(decoding: section.name, as: UTF8.self)
      let place = facts.outline.sections.first { facts.name($0.section.name.name) == name }
      return FindingNote(
        "'\(name)' has no input with contents in this link: its \(hexadecimal(section.size)) bytes are not in "
          + "the file",
        at: place.map { .source($0.section.name.span) } ?? .none)
    }
  }
}
