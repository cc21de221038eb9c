// Rule collected-table: --gc-sections took what the script collects.

import LdsParser

/// Looks in a map of GNU ld (of an image without one, at the symbols: a note) for input sections that were discarded, all of those that a pattern is for: a pattern between two symbols,
/// or one with KEEP that names files which are not linked.
///
/// It cannot see why the linker discarded them: code that nothing calls is what --gc-sections is for, so patterns of what
/// compilers put into .text, .data and the like are left alone.
struct CollectedTable: Rule {
  static let description = RuleDescription(
    id: "collected-table",
    summary: "--gc-sections discarded everything that a table or a KEEP is for",
    rationale: """
      The entries of a table between two symbols are found by walking it; no code refers to them, so --gc-sections removes \
      them, and the table is empty: no driver is registered, no test runs. And a KEEP that names one file keeps nothing once \
      that file has another name.
      """,
    fix: "write KEEP(*(.pattern)), for every file",
    severity: .warning, needs: [.script, .image],
    good: [
      .script(
        "kept", "SECTIONS { .t : { t_start = .; KEEP(*(.t)) t_end = .; } }",
        image: map(discarded: [], kept: [".t"])),
      .script(
        "some of it is there", "SECTIONS { .t : { t_start = .; *(.t) t_end = .; } }",
        image: map(discarded: [".t"], kept: [".t"])),
      .script(
        "code that nothing calls", "SECTIONS { .text : { a = .; *(.text.cold) b = .; *(.text) } }",
        image: map(discarded: [".text.cold"], kept: [".text"])),
    ],
    bad: [
      .script(
        "a table without KEEP", "SECTIONS { .t : { t_start = .; ↓*(.t) t_end = .; } }",
        image: map(discarded: [".t"], kept: [".text"]),
        messages: [
          "'t_start' and 't_end' enclose nothing: --gc-sections discarded '.t' of a.o (0x1 bytes), which its pattern "
            + "does not KEEP"
        ]),
      .script(
        "by an image", "SECTIONS { .t : { t_start = .; ↓*(.t) t_end = .; } }",
        image: ImageFacts(symbols: [("t_start", 0x1000), ("t_end", 0x1000)], profile: "sections"),
        messages: [
          "'t_start' and 't_end' enclose nothing in this image: no object had '.t', or --gc-sections removed it, since its "
            + "pattern has no KEEP"
        ]),
      .script(
        "another file", "SECTIONS { .v : { ↓KEEP(*startup.o(.vectors)) } }",
        image: map(discarded: [".vectors"], kept: [".text"]),
        messages: [
          "'.vectors' of a.o (0x1 bytes) was discarded by --gc-sections: its KEEP is for files called '*startup.o' only"
        ]),
    ])

  private static func map(discarded: [String], kept: [String]) -> ImageFacts {
    var facts = ImageFacts("a.map", kind: .gnuMap, inputs: kept, profile: "sections")
    facts.discarded = discarded
    return facts
  }

  private static let compiled = [
    ".text", ".rodata", ".data", ".bss", ".sdata", ".sbss", ".tdata", ".tbss", ".debug",
    ".eh_frame",
    ".ARM", ".note", ".comment", ".rel", "COMMON",
  ].map { Array($0.utf8) }

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    let maps = context.images.map(\.image).filter { $0.kind == .gnuMap }
    if maps.isEmpty { return context.linkedELF.prefix(1).flatMap { empty(in: $0, facts) } }
    return facts.patterns.compactMap { pattern in
      guard pattern.output != facts.script.names.find("/DISCARD/"), !pattern.section.prefix.isEmpty,
        !Self.compiled.contains(where: { pattern.section.prefix.starts(with: $0) }),
        let (object, size) = maps.lazy.compactMap({ $0.discarded(by: pattern.section) }).first
      else { return nil }
      return finding(pattern, "\(object) (\(hexadecimal(size)) bytes)", facts)
    }
  }

  /// Tables without KEEP that have no entry in an image; only a map would tell why.
  private func empty(in image: Image, _ facts: ScriptFacts) -> [Finding] {
    facts.patterns.compactMap { pattern in
      guard !pattern.isKept, pattern.output != facts.script.names.find("/DISCARD/"),
        !pattern.section.prefix.isEmpty, !pattern.isOfLinker,
        !Self.compiled.contains(where: { pattern.section.prefix.starts(with: $0) }),
        let (start, end) = facts.symbols(around: pattern),
        let value = image.value(ofGlobal: start), image.value(ofGlobal: end) == value
      else { return nil }
      let name = String(decoding: pattern.text, as: UTF8.self)
      return finding(
        "'\(start)' and '\(end)' enclose nothing in this image: no object had '\(name)', or --gc-sections removed it, "
          + "since its pattern has no KEEP",
        at: .source(pattern.statement), severity: .note, subject: name)
    }
  }

  private func finding(
    _ pattern: PlacedPattern, _ what: String, _ facts: ScriptFacts
  ) -> Finding? {
    let name = String(decoding: pattern.text, as: UTF8.self)
    if pattern.isKept, pattern.file != nil {
      let file = facts.fileText(of: pattern)
      return finding(
        "'\(name)' of \(what) was discarded by --gc-sections: its KEEP is for files called '\(file)' only",
        at: .source(pattern.statement), subject: name)
    }
    guard !pattern.isKept, let (start, end) = facts.symbols(around: pattern) else { return nil }
    return finding(
      "'\(start)' and '\(end)' enclose nothing: --gc-sections discarded '\(name)' of \(what), which its pattern does not "
        + "KEEP",
      at: .source(pattern.statement), subject: name)
  }
}

extension ScriptFacts {
  /// The file pattern as it is written.
  fileprivate func fileText(of pattern: PlacedPattern) -> String {
    for statement in outline.inner where statement.span == pattern.statement {
      if case .inputSections(let description) = statement.kind, let file = description.file {
        return name(file.pattern.name)
      }
    }
    return "*"
  }

  /// The symbols right in front of a pattern and right behind it, what aligns between them left out.
  fileprivate func symbols(around pattern: PlacedPattern) -> (start: String, end: String)? {
    let own = program.steps.indices.filter { step in
      if case .inputs = program.steps[step].action {
        return program.steps[step].span == pattern.statement
      }
      return false
    }
    guard let first = own.first, let last = own.last else { return nil }
    func symbol(_ steps: some Sequence<Int>) -> String? {
      for step in steps {
        guard program.steps[step].context == program.steps[first].context,
          let assignment = assignment(step)
        else { return nil }
        if assignment.isLocationCounter { continue }
        return takesLocationCounter(step) ? name(assignment.target.name) : nil
      }
      return nil
    }
    guard let start = symbol(program.steps.indices[..<first].reversed()),
      let end = symbol(program.steps.indices[(last + 1)...])
    else { return nil }
    return (start, end)
  }
}
