// Rule location-counter-back: a number that is given to the location counter lies inside what was placed before.

import LdsParser

/// Compares numbers that are given to the location counter with the sections of an image before them.
///
/// It cannot see sizes without an image. A number outside of every earlier section is a place of its own, as for
/// overlays and debug information.
struct LocationCounterBack: Rule {
  static let description = RuleDescription(
    id: "location-counter-back",
    summary: "the location counter is set back into a section that was placed before",
    rationale: """
      '. = BASE + SIZE;' looks like a limit and is none: outside output sections GNU ld sets the location counter \
      back without a word when the contents have grown past it. 'ram_end' behind it then lies inside the heap.
      """,
    fix: "state the limit: 'ASSERT(image_end <= limit, \"...\")', or a MEMORY region",
    severity: .warning, needs: [.script, .image],
    good: [
      .script(
        "room is left",
        "SECTIONS { . = 0x1000; .data : { *(.data) } . = 0x1000 + 0x1000; end = .; }",
        image: ImageFacts(
          sections: [ImageFacts.Section(".data", at: 0x1000, size: 0x800, [.read, .write])],
          profile: "sections")),
      .script(
        "another place",
        "SECTIONS { . = 0x8000; .data : { *(.data) } . = 0x1000; .low : { *(.low) } }",
        image: ImageFacts(
          sections: [ImageFacts.Section(".data", at: 0x8000, size: 0x800, [.read, .write])],
          profile: "sections")),
    ],
    bad: [
      .script(
        "past the limit",
        "SECTIONS { . = 0x1000; .data : { *(.data) } ↓. = 0x1000 + 0x1000; end = .; }",
        image: ImageFacts(
          sections: [ImageFacts.Section(".data", at: 0x1000, size: 0x1814, [.read, .write])],
          profile: "sections"),
        messages: [
          "this sets the location counter back to 0x2000, inside '.data', which ends at 0x2814: 0x814 bytes too far"
        ]),
      .script(
        "past the limit that symbols give",
        """
        STACK = 0x400; TOP = 0x3000;
        SECTIONS { . = 0x1000; .data : { *(.data) } ↓. = TOP - STACK; bottom = .; . += STACK; top = .; }
        """,
        image: ImageFacts(
          sections: [ImageFacts.Section(".data", at: 0x1000, size: 0x1d00, [.read, .write])],
          profile: "sections"),
        messages: [
          "this sets the location counter back to 0x2c00, inside '.data', which ends at 0x2d00: 0x100 bytes too far"
        ]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    return context.images.map(\.image).filter { !$0.isRelocatable }.flatMap { image in
      var placed: [OutputSectionRecord] = []
      var findings: [Finding] = []
      for (index, step) in facts.program.steps.enumerated() {
        switch step.action {
        case .leave(let section):
          let name = facts.program.names.bytes(facts.program.sections[section].name)
          placed += image.outputSections.filter { record in
            record.name == name && record.size > 0 && record.flags?.contains(.allocated) ?? true
          }
        case .assignment(let assignment)
        where assignment.isLocationCounter && step.context == .between:
          guard let target = facts.tree(index)?.exact(assignment.value),
            let inside = placed.first(where: { $0.contains(target) }), let start = inside.vma
          else { continue }
          let end = start &+ inside.size
          let name = String(decoding: inside.name, as: UTF8.self)
          findings.append(
            finding(
              "this sets the location counter back to \(hexadecimal(target)), inside '\(name)', which ends at "
                + "\(hexadecimal(end)): \(hexadecimal(end &- target)) bytes too far",
              at: .source(step.span), subject: name))
        default: break
        }
      }
      return findings
    }
  }
}

extension OutputSectionRecord {
  /// Whether an address lies behind its first byte and before its end.
  fileprivate func contains(_ address: UInt64) -> Bool {
    guard let vma else { return false }
    return address > vma && address &- vma < size
  }
}
