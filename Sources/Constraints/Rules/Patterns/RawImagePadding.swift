// Rule raw-image-padding: the end of a raw image is aligned, and the padding is in no section.

import LdsParser

/// Looks for an ALIGN right before the symbol that ends a raw image: outside output sections, or at the end of a table
/// between two symbols, which may have no entries in some configuration.
///
/// It cannot see how the file is made, nor whether a section that is no such table has contents in every link: with an
/// ELF file ``RawImageEnd`` says that. Which symbol means the end of the file is said by "image" of the configuration,
/// else known by the usual names, or by an ASSERT that wants a small alignment of one.
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
        "memory that is zeroed",
        """
        SECTIONS { .data : { *(.data) } .bss : { b = .; *(.bss) e = .; . = ALIGN(8); } _image_binary_end = .; }
        """),
      .script(
        "a table in front of a section that pads",
        """
        SECTIONS {
          .table : { first = .; KEEP(*(.table)) last = .; }
          .list : { KEEP(*(.list)) . = ALIGN(8); } _image_binary_end = .; .bss : { *(.bss) }
        }
        """),
      .script(
        "a table that pads, with data of the script",
        """
        SECTIONS {
          .text : { *(.text) }
          .table : { first = .; KEEP(*(.table)) last = .; LONG(0) . = ALIGN(8); } _image_binary_end = .;
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
        "in a table that may have no entry",
        """
        SECTIONS {
          .list : { KEEP(*(.list)) }
          .table : { first = .; KEEP(*(.table)) last = .; ↓. = ALIGN(8); }
          _image_binary_end = .;
          .bss : { *(.bss) }
        }
        """,
        messages: [
          "'_image_binary_end' counts the padding of '.table', which GNU ld leaves out of the file if no object has "
            + "a section for it: a raw image then ends before the symbol"
        ]),
      .script(
        "in a section of its own",
        """
        SECTIONS {
          .data : { *(.data) } .pad : { ↓. = ALIGN(8); } _image_binary_end = .; .bss : { *(.bss) }
        }
        """,
        messages: [
          "'_image_binary_end' counts the padding of '.pad', which GNU ld leaves out of the file since the section has "
            + "no input: a raw image ends before the symbol"
        ]),
      .script(
        "aligned by itself",
        "SECTIONS { .data : { *(.data) } ↓__image_copy_end = ALIGN(16); .bss : { *(.bss) } }"),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, context.mayShipRaw else { return [] }
    var padded: [(cause: Padding, ends: [Int])] = []
    let declared = context.shipped?.end
    for step in facts.rawImageEnds(declared: declared) {
      // What comes behind a symbol that is declared as the end is empty, or the author knows better.
      if declared == nil, facts.hasContents(after: step) { continue }
      guard let cause = outside(step, facts) ?? inEmptyTable(step, facts, context.linkers) else {
        continue
      }
      if let index = padded.firstIndex(where: { $0.cause == cause }) {
        padded[index].ends.append(step)
      } else {
        padded.append((cause, [step]))
      }
    }
    return padded.map { finding($0.cause, $0.ends, facts) }
  }

  /// What pads.
  private struct Padding: Equatable {
    /// The ALIGN.
    var step: Int
    /// The table at whose end it stands; nil for one outside output sections.
    var table: Int?
    /// Whether nothing else is in that section in any link.
    var isAlone = false
  }

  private func finding(_ cause: Padding, _ ends: [Int], _ facts: ScriptFacts) -> Finding {
    let names = ends.compactMap { facts.assignment($0).map { facts.name($0.target.name) } }
    let named = names.map { "'\($0)'" }.joinedWords()
    let notes = ends.filter { $0 != cause.step }.map { step in
      FindingNote("the symbol is set here", at: .source(facts.program.steps[step].span))
    }
    let message: String
    if let table = cause.table {
      let section = facts.name(facts.program.sections[table].name)
      message =
        "\(named) \(names.count == 1 ? "counts" : "count") the padding of '\(section)', which GNU ld leaves out of "
        + (cause.isAlone
          ? "the file since the section has no input: a raw image ends before the symbol"
          : "the file if no object has a section for it: a raw image then ends before the symbol")
    } else {
      message =
        "\(named) \(names.count == 1 ? "lies" : "lie") behind padding that no section holds, so a raw image ends "
        + "before it"
    }
    return finding(
      message, at: .source(facts.program.steps[cause.step].span),
      severity: isHarmless(cause, names, facts) ? .note : .warning, notes: notes,
      subject: names.last ?? "")
  }

  /// Whether the symbol bounds a copy only, which may take some bytes too many; or the table is one that the linker makes
  /// itself for every position-independent image.
  private func isHarmless(_ cause: Padding, _ names: [String], _ facts: ScriptFacts) -> Bool {
    if names.allSatisfy({ $0.hasSuffix("copy_end") }) { return true }
    guard let table = cause.table else { return false }
    let name = facts.program.sections[table].name
    return facts.patterns.contains { $0.output == name && $0.isOfLinker }
  }

  /// An ALIGN between the last section and the symbol.
  private func outside(_ step: Int, _ facts: ScriptFacts) -> Padding? {
    guard let setter = facts.runs.aligners(of: step).last, setter.alignment > 1,
      facts.hasContents(before: step)
    else { return nil }
    return Padding(step: setter.step)
  }

  /// An ALIGN at the end of a table that nothing may be registered in: the output section then has no input, and GNU
  /// ld gives one that only moves the location counter no contents (`SHT_NOBITS`); lld does (`SHT_PROGBITS`).
  private func inEmptyTable(
    _ step: Int, _ facts: ScriptFacts, _ linkers: [LinkerDialect]
  ) -> Padding? {
    guard linkers.contains(where: { $0 == .bfd }), let table = facts.lastTable(before: step),
      let alignment = facts.trailingAlignment(table.leave, of: table.section)
    else { return nil }
    return Padding(step: alignment, table: table.section, isAlone: table.isAlone)
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
    lastSection(before: step).map { isFilled($0.section) } ?? false
  }

  private func isFilled(_ index: Int) -> Bool {
    let traits = proof.plan.traits[index]
    if traits.isDiscard || traits.isOpaque || !traits.isAllocated { return false }
    let name = program.sections[index].name
    return traits.hasData || patterns.contains { $0.output == name && $0.isFilled }
  }
}
