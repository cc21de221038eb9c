// Rule bss-before-data: zeroed memory before contents in one segment.

import LdsParser

/// Compares the order of sections with their names.
///
/// It cannot see which sections of the objects are zeroed; it knows `.bss` and sections with contents by their
/// usual names, and segments by PHDRS alone.
struct BssBeforeData: Rule {
  static let description = RuleDescription(
    id: "bss-before-data",
    summary: "a section of zeroed memory stands before one with contents in the same segment",
    rationale: """
      A segment is bytes of the file followed by zeroed memory. What stands behind .bss makes the linker write all \
      of .bss as zeros into the file: the image grows by its size, and a loader that clears [bss_start, bss_end) \
      does it twice. ELD has a diagnostic of its own for it.
      """,
    fix: "move the section of zeroed memory to the end of the segment",
    severity: .warning, needs: [.script],
    good: [
      .script("at the end", "SECTIONS { .data : { *(.data) } .bss : { *(.bss) } }"),
      .script(
        "another segment",
        """
        PHDRS { data PT_LOAD; more PT_LOAD; }
        SECTIONS { .bss : { *(.bss) } :data .data : { *(.data) } :more }
        """),
      .script(
        "another region",
        """
        MEMORY { A : ORIGIN = 0, LENGTH = 1K B : ORIGIN = 0x1000, LENGTH = 1K }
        SECTIONS { .bss : { *(.bss) } >A .data : { *(.data) } >B }
        """),
      .script(
        "data of its own address",
        "SECTIONS { .bss : { *(.bss) } . = 0x100000; .data : { *(.data) } }"),
    ],
    bad: [
      .script(
        "bss in the middle", "SECTIONS { .bss : { *(.bss) } ↓.data : { *(.data) } }",
        messages: ["'.data' stands behind '.bss', which then takes room in the file"]),
      .script(
        "contents in the section of the zeroes",
        "SECTIONS { .data : { *(.data) } .bss : { *(.bss) *(↓.late_data) } }",
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".data", at: 0x1000, size: 0x10, [.read, .write]),
            ImageFacts.Section(".bss", at: 0x1010, size: 0x44, [.read, .write]),
          ], profile: "sections"),
        messages: [
          "'.bss' is for zeroed memory and has contents in this image: all of its 0x44 bytes are in the file, and what "
            + "clears it clears the contents; '.late_data' brought them"
        ]),
      .script(
        "with an ALIGN between",
        """
        PHDRS { all PT_LOAD; }
        SECTIONS { .bss : { *(.bss) } :all . = ALIGN(8); ↓.rodata : { *(.rodata) } :all }
        """),
    ])

  private static let contents: Set<String> = [
    ".text", ".rodata", ".data", ".sdata", ".init.text", ".init.data",
  ]

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    var bss: OutputSectionDescription?
    var findings = context.linkedELF.prefix(1).flatMap { filled(in: $0, facts) }
    for (index, step) in facts.program.steps.enumerated() {
      switch step.action {
      case .assignment(let assignment)
      where assignment.isLocationCounter && step.context == .between:
        if !isAlignment(index, facts) { bss = nil }
      case .enter(let section):
        guard let description = facts.program.sections[section].description else { continue }
        let name = facts.name(description.name.name)
        if description.address != nil { bss = nil }
        if name == ".bss" {
          bss = description
        } else if Self.contents.contains(name), let earlier = bss, isSamePlace(earlier, description)
        {
          findings.append(
            finding(
              "'\(name)' stands behind '\(facts.name(earlier.name.name))', which then takes room in the "
                + "file",
              at: .source(description.name.span),
              notes: [FindingNote("the zeroed memory", at: .source(earlier.name.span))],
              subject: name))
          bss = nil
        }
      default: break
      }
    }
    return findings
  }

  /// Sections for zeroed memory that something else has given contents: the linker then writes the zeroes, too.
  private func filled(in image: Image, _ facts: ScriptFacts) -> [Finding] {
    image.outputSections.indices.compactMap { index in
      let section = image.outputSections[index]
      guard section.isShipped, let placed = facts.placement(section.name),
        case let own = facts.patterns.filter({ $0.output == placed.name.name }),
        own.contains(where: \.isOfZeros), !own.contains(where: \.isOfCompilers),
        case let others = own.filter(\.isFilled), !others.isEmpty
      else { return nil }
      let name = image.sectionName(index)
      let texts = others.prefix(4).map { "'\(String(decoding: $0.text, as: UTF8.self))'" }
      return finding(
        "'\(name)' is for zeroed memory and has contents in this image: all of its \(sizeText(section.size)) are in the "
          + "file, and what clears it clears the contents; \(texts.joined(separator: " or ")) brought them",
        at: .source(others[0].span), subject: name)
    }
  }

  private func isAlignment(_ step: Int, _ facts: ScriptFacts) -> Bool {
    guard let value = facts.assignment(step)?.value,
      case .call1(.align, let measure) = facts.program.expressions[value],
      let bytes = facts.program.expressions.foldedValue(measure)
    else { return false }
    // A page or more starts another segment where the linker chooses.
    return bytes < 4096
  }

  private func isSamePlace(
    _ left: OutputSectionDescription, _ right: OutputSectionDescription
  ) -> Bool {
    if left.tail.region?.name != right.tail.region?.name { return false }
    if right.tail.programHeaders.isEmpty { return true }
    return left.tail.programHeaders.map(\.name) == right.tail.programHeaders.map(\.name)
  }
}
