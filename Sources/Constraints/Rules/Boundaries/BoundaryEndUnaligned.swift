// Rule boundary-end-unaligned: the start of a stretch is aligned, its end is not.

import LdsParser

/// Looks for a start symbol right behind an ALIGN and an end symbol of the same name without one, around data that may
/// end at any byte; tables of pointers end on one.
///
/// It cannot see the loop that uses the two: one that steps by bytes, or compares with `<`, needs no aligned end. So a
/// finding is a note, and a warning where an image shows that the end is no multiple.
struct BoundaryEndUnaligned: Rule {
  static let description = RuleDescription(
    id: "boundary-end-unaligned",
    summary: "a stretch begins aligned and ends wherever its contents do",
    rationale: """
      Start-up code copies .data and clears .bss word by word until it meets the end symbol. If the end is no \
      multiple of the word and the loop compares for equality, it runs over it and through the rest of memory. It \
      depends on the last object, so it breaks with an unrelated change.
      """,
    fix: "put the same ALIGN before the end symbol",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "both aligned",
        "SECTIONS { .bss : { . = ALIGN(4); bss_start = .; *(.bss) . = ALIGN(4); bss_end = .; } }"),
      .script(
        "pointers end on a word",
        "SECTIONS { .a : { . = ALIGN(4); init_start = .; *(.init_array) init_end = .; } }"),
      .script(
        "nothing aligned", "SECTIONS { .bss : { bss_start = .; *(.bss) bss_end = .; } }"),
      .script(
        "aligned behind the section",
        "SECTIONS { .bss : { . = ALIGN(4); bss_start = .; *(.bss) } . = ALIGN(4); bss_end = .; }"),
    ],
    bad: [
      .script(
        "the end is not aligned",
        "SECTIONS { .bss : { . = ALIGN(4); bss_start = .; *(.bss) ↓bss_end = .; } }",
        messages: [
          "'bss_start' is aligned to 0x4 and 'bss_end' is not: a loop over words may step past it"
        ]),
      .script(
        "the names of scripts for microcontrollers",
        "SECTIONS { .data : { . = ALIGN(4); _sdata = .; *(.data) ↓_edata = .; } }",
        messages: [
          "'_sdata' is aligned to 0x4 and '_edata' is not: a loop over words may step past it"
        ]),
    ])

  /// What loops step by; what is aligned to more is aligned for another reason, and its end need not be.
  private static let mostWord: UInt64 = 16

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    let images = context.images.map(\.image).filter { !$0.isRelocatable }
    return facts.program.steps.indices.compactMap { step in
      guard let end = facts.assignment(step), facts.takesLocationCounter(step),
        case .inside = facts.program.steps[step].context,
        case let name = facts.name(end.target.name),
        let start = facts.rangeStart(of: name, besides: step),
        let word = facts.runs.aligners(of: start).last?.alignment,
        (2...Self.mostWord).contains(word), word & (word &- 1) == 0,
        facts.places.alignmentHoped(of: step) < word.trailingZeroBitCount,
        facts.placesBytes(start..<step)
      else { return nil }
      let values = images.compactMap { $0.value(ofGlobal: name) }
      let odd = values.first { $0 % word != 0 }
      if !values.isEmpty, odd == nil { return nil }
      let first = facts.assignment(start).map { facts.name($0.target.name) } ?? ""
      return finding(
        "'\(first)' is aligned to \(hexadecimal(word)) and '\(name)' is not"
          + (odd.map { " (\(hexadecimal($0)))" } ?? "") + ": a loop over words may step past it",
        at: .source(facts.program.steps[step].span), severity: odd == nil ? .note : nil,
        notes: [FindingNote("the start", at: .source(facts.program.steps[start].span))],
        subject: name)
    }
  }
}

extension ScriptFacts {
  /// Whether sections of any size stand between two steps: what compilers make of variables. They stand among the first
  /// of a stretch.
  fileprivate func placesBytes(_ range: Range<Int>) -> Bool {
    let statements = Set(
      range.prefix(64).compactMap { step -> SourceSpan? in
        guard case .inputs = program.steps[step].action else { return nil }
        return program.steps[step].span
      })
    return patterns.contains { pattern in
      statements.contains(pattern.statement)
        && [".data", ".bss", ".sdata", ".sbss"].contains { pattern.text == Array($0.utf8) }
    }
  }
}
