// Rule unmatched-section: an output section into which no input section goes.

import LdsParser

/// Compares the input sections of a map with the patterns of the script.
///
/// It cannot see other configurations, whose objects have other sections: a note, not more.
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
      $0.kind.tells(.everyInput) && !$0.inputSections.isEmpty
    }
    guard !maps.isEmpty else { return [] }
    var all: Set<[UInt8]> = []
    for map in maps {
      for section in map.inputSections { all.insert(section.name(in: map)) }
    }
    let names = SortedNames(all)
    var matched: Set<NameID> = []
    var first: [NameID: PlacedPattern] = [:]
    var order: [NameID] = []
    for pattern in facts.patterns {
      if first[pattern.output] == nil {
        first[pattern.output] = pattern
        order.append(pattern.output)
      }
      if matched.contains(pattern.output) { continue }
      if names.matched(by: pattern.section) { matched.insert(pattern.output) }
    }
    let isOutsideMemory = facts.sectionsOutsideMemory
    return order.compactMap { output in
      guard !matched.contains(output), let pattern = first[output],
        facts.name(output) != "/DISCARD/", !isOutsideMemory.contains(output)
      else { return nil }
      return finding(
        "no input section of the map matches a pattern of '\(facts.name(output))'",
        at: .source(pattern.span), subject: facts.name(output))
    }
  }
}

/// Names in order, in which those that begin alike stand together.
private struct SortedNames {
  private let names: [[UInt8]]

  init(_ names: Set<[UInt8]>) {
    self.names = names.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Whether a pattern matches one of them.
  func matched(by pattern: Glob) -> Bool {
    var low = 0
    var high = names.count
    while low < high {
      let middle = (low + high) / 2
      if names[middle].lexicographicallyPrecedes(pattern.prefix) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return names[low...].prefix { $0.starts(with: pattern.prefix) }.contains(where: pattern.matches)
  }
}

extension ScriptFacts {
  /// Output sections that stand at address 0 by themselves, as debug information and symbol tables do.
  fileprivate var sectionsOutsideMemory: Set<NameID> {
    Set(
      outline.sections.map(\.section)
        .filter { $0.address.flatMap(program.expressions.foldedValue) == 0 }.map(\.name.name))
  }
}
