// Rule missing-common: common variables lie behind the symbol that ends the zeroed memory.

import LdsParser

/// Looks for the output section that takes `.bss`, an end symbol behind its patterns, and no pattern for COMMON.
///
/// It cannot see whether the objects have common variables; gcc makes none since version 10 unless it is told to
/// (`-fcommon`), assemblers and older libraries do. With a map that shows none it says nothing.
struct MissingCommon: Rule {
  static let description = RuleDescription(
    id: "missing-common",
    summary: "no pattern takes COMMON, and a symbol ends the zeroed memory before it",
    rationale: """
      What no statement names goes to the end of its output section (ld manual, "Orphan Sections"), and so behind \
      the symbol that ends .bss: start-up code does not clear it, and the heap begins on top of it. A kernel stack \
      of four pages, defined in an assembler file with .comm, was overwritten that way.
      """,
    fix: "add '*(COMMON)' before the end symbol",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "taken", "SECTIONS { .bss : { start = .; *(.bss .bss.*) *(COMMON) end = .; } }"),
      .script("no symbol behind it", "SECTIONS { .bss : { *(.bss .bss.*) } }"),
      .script(
        "taken by a wildcard", "SECTIONS { .bss : { start = .; *(.bss) *(COM*) end = .; } }"),
    ],
    bad: [
      .script(
        "behind the end", "SECTIONS { .bss : { start = .; *(.bss .bss.*) ↓end = .; } }",
        messages: ["no pattern takes COMMON, so common variables lie behind 'end'"]),
      .script(
        "aligned first", "SECTIONS { .bss : { *(.sbss) *(.bss) . = ALIGN(8); ↓bss_end = .; } }"),
    ])

  private static let common = Array("COMMON".utf8)

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, !facts.program.hasInsert,
      !facts.patterns.contains(where: { $0.section.matches(Self.common) }),
      let bss = facts.patterns.last(where: { $0.text == Array(".bss".utf8) }),
      let step = facts.endSymbol(behind: bss), let assignment = facts.assignment(step)
    else { return [] }
    let maps = context.images.map(\.image).filter {
      $0.kind.tells(.everyInput) && !$0.inputSections.isEmpty
    }
    let found = maps.compactMap(\.firstCommon)
    if !maps.isEmpty, found.isEmpty { return [] }
    let name = facts.name(assignment.target.name)
    let notes = found.first.map { object, size in
      [FindingNote("\(object) has \(hexadecimal(size)) bytes of them")]
    }
    return [
      finding(
        "no pattern takes COMMON, so common variables lie behind '\(name)'",
        at: .source(facts.program.steps[step].span), severity: found.isEmpty ? .note : nil,
        notes: notes ?? [], subject: name)
    ]
  }
}

extension ScriptFacts {
  /// The last assignment of the location counter to a symbol behind a pattern, in its output section.
  fileprivate func endSymbol(behind pattern: PlacedPattern) -> Int? {
    let inputs = program.steps.lastIndex { step in
      if case .inputs = step.action { step.span == pattern.statement } else { false }
    }
    guard let inputs, case .inside = program.steps[inputs].context else { return nil }
    return program.steps[(inputs + 1)...].indices
      .prefix { program.steps[$0].context == program.steps[inputs].context }
      .last { takesLocationCounter($0) && assignment($0)?.isLocationCounter == false }
  }
}

extension Image {
  /// The first common block of a map: the object that has it, and its size.
  fileprivate var firstCommon: (object: String, size: UInt64)? {
    let common = Array("COMMON".utf8)
    return inputSections.lazy.filter { section in
      section.size > 0 && section.outputSection >= 0 && section.name(in: self) == common
    }.map { section in
      (String(decoding: section.object(in: self), as: UTF8.self), section.size)
    }.first
  }
}
