// Rule dropped-address: an output section without inputs is dropped, and its address with it.

import LdsParser

/// Looks in an image for sections without an address of their own behind one that has an address and is not there.
///
/// It cannot see what comes without an image: whether a section is empty is up to the objects. A number that is given to
/// the location counter in between, or a region, places the next section by itself.
struct DroppedAddress: Rule {
  static let description = RuleDescription(
    id: "dropped-address",
    summary: "a section is placed by the address of one that this link does not have",
    rationale: """
      '.data 0x20000000 : { *(.data) } .bss : { *(.bss) }' puts .bss into RAM as long as some object has .data. Without \
      any, the linker drops .data, and the address with it: .bss then follows .text, in flash. No message says so.
      """,
    fix:
      "set the location counter in front of the section ('. = ADDRESS;'), or place both in a MEMORY region",
    severity: .warning, needs: [.script, .image],
    good: [
      .script(
        "the location counter is set",
        "SECTIONS { .text 0x1000 : { *(.text) } . = 0x20000000; .data : { *(.data) } .bss : { *(.bss) } }",
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".text", at: 0x1000, size: 0x10, [.read, .execute]),
            ImageFacts.Section(".bss", at: 0x2000_0000, size: 0x10, [.read, .write]),
          ], profile: "sections")),
      .script(
        "the section is there",
        "SECTIONS { .text 0x1000 : { *(.text) } .data 0x20000000 : { *(.data) } .bss : { *(.bss) } }",
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".text", at: 0x1000, size: 0x10, [.read, .execute]),
            ImageFacts.Section(".data", at: 0x2000_0000, size: 4, [.read, .write]),
            ImageFacts.Section(".bss", at: 0x2000_0004, size: 0x10, [.read, .write]),
          ], profile: "sections")),
    ],
    bad: [
      .script(
        "no object has .data",
        "SECTIONS { .text 0x1000 : { *(.text) } .data ↓0x20000000 : { *(.data) } .bss : { *(.bss) } }",
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".text", at: 0x1000, size: 0x10, [.read, .execute]),
            ImageFacts.Section(".bss", at: 0x1010, size: 0x10, [.read, .write]),
          ], profile: "sections"),
        messages: [
          "'.data' is empty in this link and was dropped with its address 0x20000000: '.bss' behind it has none of its "
            + "own and stands at 0x1010"
        ]),
      .script(
        "one more that is empty in between",
        """
        SECTIONS {
          .text 0x1000 : { *(.text) }
          .data ↓0x20000000 : { *(.data) }
          .fast : { *(.fast) }
          .bss : { *(.bss) }
        }
        """,
        image: ImageFacts(
          kind: .gnuMap,
          sections: [
            ImageFacts.Section(".text", at: 0x1000, size: 0x10),
            ImageFacts.Section(".bss", at: 0x1010, size: 0x10),
          ], inputs: [".text", ".bss"], profile: "sections")),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, !facts.program.hasInsert else { return [] }
    return context.images.map(\.image).filter { !$0.isRelocatable && $0.kind.tells(.everySection) }
      .flatMap { image in findings(facts, image) }
  }

  private func findings(_ facts: ScriptFacts, _ image: Image) -> [Finding] {
    let program = facts.program
    var placed: [[UInt8]: UInt64] = [:]
    for record in image.outputSections where record.size > 0 {
      guard let vma = record.vma, record.flags?.contains(.allocated) ?? (vma != 0) else { continue }
      placed[record.name] = vma
    }
    // The address of the sections before that are not in the image.
    var dropped: (name: NameID, address: UInt64, span: SourceSpan)?
    var findings: [Finding] = []
    for step in program.steps {
      switch step.action {
      case .assignment(let assignment)
      where assignment.isLocationCounter && step.context == .between:
        dropped = nil
      case .enter(let index):
        guard let section = program.sections[index].description else {
          dropped = nil
          continue
        }
        let name = program.sections[index].name
        if let vma = placed[program.names.bytes(name)] {
          if let before = dropped, section.address == nil, section.tail.region == nil,
            vma < before.address
          {
            findings.append(
              finding(
                "'\(facts.name(before.name))' is empty in this link and was dropped with its address "
                  + "\(hexadecimal(before.address)): '\(facts.name(name))' behind it has none of its own and stands at "
                  + "\(hexadecimal(vma))",
                at: .source(before.span), subject: facts.name(before.name)))
          }
          dropped = nil
        } else if let written = section.address, facts.name(name) != "/DISCARD/",
          let address = program.expressions.foldedValue(written), address != 0
        {
          dropped = (name, address, program.expressions.span(written))
        }
      default: continue
      }
    }
    return findings
  }
}
