// Rule raw-image-padding: the end of a raw image is aligned, and the padding is in no section.

import LdsParser

/// Looks for an ALIGN outside output sections right before the symbol that ends a raw image.
///
/// It cannot see how the file is made, nor whether the last section has contents in every link: with an ELF file
/// ``RawImageEnd`` says that. Which symbols mean the end of the file is known by their usual names, or by an ASSERT that
/// wants a small alignment of one.
struct RawImagePadding: Rule {
  static let description = RuleDescription(
    id: "raw-image-padding",
    summary: "the end symbol of a raw binary image counts padding that is in no section",
    rationale: """
      '. = ALIGN(8);' between sections moves the location counter and writes nothing. objcopy -O binary copies \
      sections, so the file ends before the symbol says: U-Boot appended its device tree there and did not boot \
      ("Missing DTB"); eight commits added an ASSERT to every board (8b0ebe054bb), and the ASSERT holds all the \
      same.
      """,
    fix: "put the ALIGN at the end of the last section, inside its braces",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "inside the section",
        "SECTIONS { .data : { *(.data) . = ALIGN(8); } _image_binary_end = .; .bss : { *(.bss) } }"),
      .script(
        "the image goes on, and with it the padding",
        """
        SECTIONS {
          .data : { *(.data) } . = ALIGN(8); __image_copy_end = .; .rela.dyn : { *(.rela*) } .bss : { *(.bss) }
        }
        """),
      .script(
        "no raw image",
        "SECTIONS { .data : { *(.data) } . = ALIGN(8); _end = .; .bss : { *(.bss) } }"),
    ],
    bad: [
      .script(
        "between sections",
        "SECTIONS { .data : { *(.data) } ↓. = ALIGN(8); _image_binary_end = .; .bss : { *(.bss) } }",
        messages: [
          "'_image_binary_end' lies behind padding that no section holds, so a raw image ends before it"
        ]),
      .script(
        "a symbol that an ASSERT wants aligned for what is appended",
        """
        SECTIONS {
          .data : { *(.data) } ↓. = ALIGN(8); _end = .; . = ALIGN(4096); .init (NOLOAD) : { *(.init) }
        }
        ASSERT(_end % 8 == 0, "the device tree would not be aligned")
        """),
      .script(
        "aligned by itself",
        "SECTIONS { .data : { *(.data) } ↓__image_copy_end = ALIGN(16); .bss : { *(.bss) } }"),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    return facts.rawImageEnds.compactMap { step in
      guard let assignment = facts.assignment(step),
        case let name = facts.name(assignment.target.name),
        let setter = facts.runs.aligners(of: step).last, setter.alignment > 1,
        facts.hasContents(before: step), !facts.hasContents(after: step)
      else { return nil }
      return finding(
        "'\(name)' lies behind padding that no section holds, so a raw image ends before it",
        at: .source(facts.program.steps[setter.step].span),
        notes: setter.step == step
          ? []
          : [FindingNote("the symbol is set here", at: .source(facts.program.steps[step].span))],
        subject: name)
    }
  }
}

extension ScriptFacts {
  /// Whether a section that a raw image holds comes behind a step: objcopy then fills what lies before it.
  fileprivate func hasContents(after step: Int) -> Bool {
    program.steps[step...].contains { later in
      guard case .enter(let index) = later.action else { return false }
      return isFilled(index)
    }
  }

  /// Whether the output section that is closed before a step has bytes in a raw image: behind memory that is
  /// only zeroed, the symbol is not about the file.
  fileprivate func hasContents(before step: Int) -> Bool {
    let last = program.steps[..<step].last { entry in
      if case .leave = entry.action { true } else { false }
    }
    guard case .leave(let index)? = last?.action else { return false }
    return isFilled(index)
  }

  private func isFilled(_ index: Int) -> Bool {
    let traits = proof.plan.traits[index]
    if traits.isDiscard || traits.isOpaque || !traits.isAllocated { return false }
    let name = program.sections[index].name
    return traits.hasData || patterns.contains { $0.output == name && $0.isFilled }
  }
}

extension PlacedPattern {
  /// Whether it takes sections that have bytes in the file, by its name.
  fileprivate var isFilled: Bool {
    let name = text.drop { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "*") }
    return !["bss", "sbss", "dynbss", "dynsbss", "tbss", "COMMON", "scommon"].contains {
      name.starts(with: $0.utf8)
    }
  }
}
