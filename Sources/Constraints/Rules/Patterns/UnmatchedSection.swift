// Rule unmatched-section: an output section into which no input section goes.

import LdsParser

struct UnmatchedSection: Rule {
  static let description = RuleDescription(
    id: "unmatched-section",
    summary: "no input section of the map matches any pattern of an output section",
    rationale: """
      A misspelt or outdated pattern is no error: the output section is dropped, and what it was meant for is an \
      orphan or is discarded. Such lines stay in scripts for years.
      """,
    fix: "correct the patterns, or remove the output section",
    severity: .note, needs: [.script, .image],
    good: [
      .script(
        "nothing is known without a map", "SECTIONS { .text : { *(.txet) } }",
        image: ImageFacts(
          sections: [ImageFacts.Section(".text", at: 0x1000, size: 0x100, [.read, .execute])],
          profile: "sections")),
      .script(
        "debug information that no object has", "SECTIONS { .debug_names 0 : { *(.debug_names) } }",
        image: ImageFacts(
          kind: .gnuMap, sections: [ImageFacts.Section(".text", at: 0x1000, size: 0x100)],
          inputs: [".text"], profile: "sections")),
      .script(
        "taken", "SECTIONS { .text : { *(.text .text.*) } }",
        image: ImageFacts(
          kind: .gnuMap, sections: [ImageFacts.Section(".text", at: 0x1000, size: 0x100)],
          inputs: [".text.main"], profile: "sections")),
    ],
    bad: [
      .script(
        "misspelt", "SECTIONS { .text : { *(.text) } .table : { *(↓.tabel) } }",
        image: ImageFacts(
          kind: .gnuMap, sections: [ImageFacts.Section(".text", at: 0x1000, size: 0x100)],
          inputs: [".text", ".table"], profile: "sections"),
        messages: ["no input section of the map matches a pattern of '.table'"]),
      .script(
        "outdated", "SECTIONS { .text : { *(.text) } .old : { *(↓.old .old.*) } }",
        image: ImageFacts(
          kind: .gnuMap, sections: [ImageFacts.Section(".text", at: 0x1000, size: 0x100)],
          inputs: [".text"], profile: "sections")),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    let maps = context.images.map(\.image).filter {
      $0.kind == .gnuMap && !$0.inputSections.isEmpty
    }
    guard !maps.isEmpty else { return [] }
    var names: Set<[UInt8]> = []
    for map in maps {
      let text = map.sources.buffer(SourceID(index: 0))
      for section in map.inputSections {
        let start = Int(section.nameStart)
        names.insert(text.bytes(in: start..<(start + Int(section.nameLength))))
      }
    }
    var matched: Set<NameID> = []
    var first: [NameID: PlacedPattern] = [:]
    var order: [NameID] = []
    for pattern in facts.patterns {
      if first[pattern.output] == nil {
        first[pattern.output] = pattern
        order.append(pattern.output)
      }
      if matched.contains(pattern.output) { continue }
      if names.contains(where: pattern.section.matches) { matched.insert(pattern.output) }
    }
    return order.compactMap { output in
      guard !matched.contains(output), let pattern = first[output],
        facts.name(output) != "/DISCARD/", !facts.isOutsideMemory(output)
      else { return nil }
      return finding(
        "no input section of the map matches a pattern of '\(facts.name(output))'",
        at: .source(pattern.span), subject: facts.name(output))
    }
  }
}

extension ScriptFacts {
  /// Whether an output section stands at address 0 by itself, as debug information and symbol tables do.
  fileprivate func isOutsideMemory(_ output: NameID) -> Bool {
    outline.sections.contains { section, _ in
      section.name.name == output
        && section.address.flatMap(program.expressions.foldedValue) == 0
    }
  }
}
