// Rule table-overrun: an end symbol is set behind more than its table.

import LdsParser

/// Compares the patterns before an end symbol with those that the profile lists for its table, or that are called as its
/// start symbol.
///
/// It cannot see what the patterns take. A table whose start an object defines is told by its name: `*(.text.blob)` for
/// `blob` and `blob_end`; of tables between two symbols of the script it is not known what belongs to them, but what
/// compilers put into .text, .data, .rodata and .bss does not, unless they are called so.
struct TableOverrun: Rule {
  static let description = RuleDescription(
    id: "table-overrun",
    summary:
      "an end symbol that belongs right behind a table is set behind other input sections too",
    rationale: """
      Code walks or copies from the start of a table to its end symbol. Set a few patterns too late, the symbol \
      takes in what lies between: the ASSERT on the size fires for the wrong reason, or holds and too much is \
      copied (Xen copies [kexec_reloc, kexec_reloc_end) to another page).
      """,
    fix: "set the symbol directly behind the table's pattern",
    severity: .error, needs: [.script],
    good: [
      .script(
        "directly behind",
        """
        SECTIONS {
          .text : { *(.text.entry) *(.text.kexec) kexec_reloc_end = .; *(.text) }
          . = ALIGN(0x1000); __2M_text_end = .; __2M_rodata_start = .;
        }
        """),
      .script(
        "aligned first",
        """
        SECTIONS {
          .text : { *(.text.kexec) . = ALIGN(8); kexec_reloc_end = .; *(.text) }
          . = ALIGN(0x1000); __2M_text_end = .; __2M_rodata_start = .;
        }
        """),
      .script(
        "parts of one whole",
        "SECTIONS { .init : { _sinittext = .; *(.init.text) *(.exit.text) _einittext = .; } }"),
      .script(
        "with what one file has",
        "SECTIONS { .ram : { __ram_start__ = .; *(.ram*) *i2c.o(.rodata) __ram_end__ = .; } }"),
      .script(
        "the whole of it",
        "SECTIONS { .text : { text_start = .; *(.text.boot) *(.text) text_end = .; } }"),
      .script(
        "constants of one object",
        "SECTIONS { .ram : { ram_start = .; *(.ram) *dvfs.o(.rodata) ram_end = .; } }"),
    ],
    bad: [
      .script(
        "a pattern too late",
        """
        SECTIONS {
          .text : { *(.text.kexec) *(.text.cold) ↓kexec_reloc_end = .; *(.text) }
          . = ALIGN(0x1000); __2M_text_end = .; __2M_rodata_start = .;
        }
        """,
        messages: [
          "'kexec_reloc_end' is set behind '.text.cold', so it ends more than '.text.kexec'"
        ]),
      .script(
        "in one list with others",
        """
        SECTIONS {
          .text : { *(.text.kexec .text.hot) ↓kexec_reloc_end = .; *(.text) }
          . = ALIGN(0x1000); __2M_text_end = .; __2M_rodata_start = .;
        }
        """),
      .script(
        "a table of an object",
        """
        SECTIONS { .text : { *(.text.blob) *(.text) ↓blob_end = .; } }
        ASSERT(blob_end - blob <= 4096, "blob is too large")
        """,
        messages: ["'blob_end' is set behind '.text', so it ends more than '.text.blob'"]),
      .script(
        "a table between two symbols",
        """
        SECTIONS { .rodata : { __start_notes = .; *(.notes) *(.rodata) ↓__stop_notes = .; } }
        """,
        messages: ["'__stop_notes' is set behind '.rodata', so it ends more than '.notes'"]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    let listed = facts.profile?.tables ?? []
    let told = listed.compactMap { table -> Finding? in
      guard let symbol = facts.program.names.find(table.end),
        let step = facts.onlyAssignment(of: symbol), facts.takesLocationCounter(step)
      else { return nil }
      return finding(step, facts.patternsBefore(step), facts) { pattern in
        table.sections.contains { Array($0.utf8) == pattern.text }
      }
    }
    let ends = Set(listed.map(\.end))
    return told
      + facts.program.steps.indices.compactMap { step in
        guard let end = facts.assignment(step)?.target.name, facts.onlyAssignment(of: end) == step,
          facts.takesLocationCounter(step), case let name = facts.name(end), !ends.contains(name)
        else { return nil }
        return ofObject(name, step, facts) ?? between(name, step, facts)
      }
  }

  /// `blob_end` behind `*(.text.blob)`, where an expression names `blob` and the script does not set it.
  private func ofObject(_ end: String, _ step: Int, _ facts: ScriptFacts) -> Finding? {
    guard let stem = Self.stem(of: end), let start = facts.program.names.find(stem),
      !facts.assigns(stem),
      facts.nodes.contains(where: { facts.script.expressions[$0] == .symbol(start) })
    else { return nil }
    let words = Array(stem.utf8)
    return finding(step, facts.patternsBefore(step), facts, severity: .warning) { pattern in
      pattern.text.split(separator: UInt8(ascii: ".")).contains { Array($0) == words }
    }
  }

  /// `__start_t = .; *(.t) *(.rodata) __stop_t = .;`
  private func between(_ end: String, _ step: Int, _ facts: ScriptFacts) -> Finding? {
    guard let start = facts.rangeStart(of: end, besides: step) else { return nil }
    let patterns = facts.patternsBefore(step, from: start)
    let compiled = [".text", ".rodata", ".data", ".bss"]
    // What is taken of named files is taken on purpose.
    let isCompiled = { (pattern: PlacedPattern) in
      pattern.file == nil && compiled.contains { Array($0.utf8) == pattern.text }
    }
    // What the compiler makes is the table itself where a name says so, or where it comes first.
    guard let first = patterns.first, !isCompiled(first),
      !compiled.contains(where: { kind in
        end.includes(String(kind.dropFirst())) || first.text.starts(with: kind.utf8)
      }),
      first.text.split(separator: UInt8(ascii: ".")).contains(where: { part in
        end.includes(String(decoding: part.filter { $0 != 0x2A }, as: UTF8.self))
      })
    else { return nil }
    return finding(step, patterns, facts, severity: .warning) { !isCompiled($0) }
  }

  /// `blob` of `blob_end`.
  private static func stem(of end: String) -> String? {
    guard let suffix = ["_end", "_stop"].first(where: end.hasSuffix) else { return nil }
    let stem = String(end.dropLast(suffix.utf8.count))
    return stem.utf8.count > 2 ? stem : nil
  }

  private func finding(
    _ step: Int, _ patterns: [PlacedPattern], _ facts: ScriptFacts, severity: Severity? = nil,
    _ isTable: (PlacedPattern) -> Bool
  ) -> Finding? {
    guard let first = patterns.firstIndex(where: isTable),
      let stray = patterns[first...].first(where: { !isTable($0) }),
      let end = facts.assignment(step).map({ facts.name($0.target.name) })
    else { return nil }
    var names: [String] = []
    for pattern in patterns where isTable(pattern) {
      let text = String(decoding: pattern.text, as: UTF8.self)
      if !names.contains(text) { names.append(text) }
    }
    return finding(
      "'\(end)' is set behind '\(String(decoding: stray.text, as: UTF8.self))', so it ends more "
        + "than '\(names.joined(separator: "' and '"))'",
      at: .source(facts.program.steps[step].span), severity: severity,
      notes: [
        FindingNote("the table is here", at: .source(patterns[first].statement)),
        FindingNote("this lies in between", at: .source(stray.statement)),
      ], subject: end)
  }
}

extension ScriptFacts {
  /// The patterns of the output section that a step stands in, up to the step, from `start` on.
  func patternsBefore(_ step: Int, from start: Int = 0) -> [PlacedPattern] {
    guard case .inside = program.steps[step].context else { return [] }
    var statements: Set<SourceSpan> = []
    var index = step - 1
    while index >= start, program.steps[index].context == program.steps[step].context {
      if case .inputs = program.steps[index].action { statements.insert(program.steps[index].span) }
      index -= 1
    }
    return patterns.filter { statements.contains($0.statement) }
  }
}
