// Rule unassigned-segment: a section in no segment, or in one that PHDRS does not describe.

import LdsParser

/// Follows the segments that sections are given, as the linker passes them on.
///
/// It cannot see segments that `-z` options and defaults make where there is no PHDRS.
struct UnassignedSegment: Rule {
  static let description = RuleDescription(
    id: "unassigned-segment",
    summary:
      "an output section goes to no segment that is loaded, to two, to one of another kind, or to one that PHDRS does not describe",
    rationale: """
      With PHDRS a section without ':segment' goes where the section before it went: .bss behind .tbss into the \
      thread-local segment alone, where nothing loads it. Before the first that names one GNU ld looks ahead, and puts \
      the section into the segment of the next that does and into that of the last one, too, which then begins below \
      everything else. A name that PHDRS does not have stops the link.
      """,
    fix: "name the segment behind the section: '} :text'",
    severity: .error, needs: [.script],
    good: [
      .script(
        "inherited",
        """
        PHDRS { text PT_LOAD; }
        SECTIONS { .text : { *(.text) } :text .data : { *(.data) } }
        """),
      .script(
        "left out on purpose",
        """
        PHDRS { text PT_LOAD; }
        SECTIONS { .text : { *(.text) } :text .debug : { *(.debug) } :NONE }
        """),
      .script(
        "before the first, and there is one segment only",
        """
        PHDRS { text PT_LOAD; }
        SECTIONS { .head : { *(.head) } .text : { *(.text) } :text }
        """),
      .script("no PHDRS", "SECTIONS { .text : { *(.text) } }"),
      .script(
        "thread-local data is loaded, too",
        """
        PHDRS { data PT_LOAD; tls PT_TLS; }
        SECTIONS { .data : { *(.data) } :data .tbss : { *(.tbss) } :data :tls .bss : { *(.bss) } :data }
        """),
    ],
    bad: [
      .script(
        "taken over from thread-local data",
        """
        PHDRS { data PT_LOAD; tls PT_TLS; }
        SECTIONS { .data : { *(.data) } :data .tbss : { *(.tbss) } :tls ↓.bss : { *(.bss) } }
        """,
        messages: [
          "'.bss' names no segment and takes over 'tls' from the section before, so no PT_LOAD segment holds it"
        ]),
      .script(
        "before the first",
        """
        PHDRS { text PT_LOAD; data PT_LOAD; }
        SECTIONS { ↓.head : { *(.head) } .text : { *(.text) } :text .data : { *(.data) } :data }
        """,
        messages: [
          "'.head' names no segment, nor does a section before it: GNU ld puts it into 'text' and into 'data' as well"
        ]),
      .script(
        "many before the first",
        """
        PHDRS { text PT_LOAD; data PT_LOAD; }
        SECTIONS { ↓.head : { *(.head) } .tail : { *(.tail) } .text : { *(.text) } :text .data : { *(.data) } :data }
        """,
        messages: [
          "'.head' and 1 more name no segment, nor does a section before them: GNU ld puts them into 'text' and into "
            + "'data' as well"
        ]),
      .script(
        "nobody names one",
        """
        PHDRS { ↓text PT_LOAD; }
        SECTIONS { .text : { *(.text) } }
        """,
        messages: ["no section names a segment, and GNU ld refuses to link with PHDRS alone"]),
      .script(
        "code in a segment of notes",
        """
        PHDRS { text PT_LOAD; note PT_NOTE; }
        SECTIONS { .text : { *(.text) } :text .note : { *(.note.*) } :note :text
          .note.more : { *(.note.more) } ↓.init.text : { *(.init.text) } .rest : { *(.rest) } :text }
        """,
        messages: [
          "'.init.text' names no segment and takes over 'note', too, from the section before: who reads the PT_NOTE "
            + "segment finds it there"
        ]),
      .script(
        "misspelt",
        """
        PHDRS { text PT_LOAD; }
        SECTIONS { .text : { *(.text) } :↓txet }
        """,
        messages: ["PHDRS has no segment 'txet'"]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    // A macro whose header is missing may name a segment: `} UK_SEGMENT_DATA`.
    guard let facts = context.facts, !facts.outline.headers.isEmpty,
      !facts.script.diagnostics.contains(where: { $0.id == .unknownMacro })
    else { return [] }
    let known = Set(facts.outline.headers.map { facts.name($0.name.name) } + ["NONE"])
    // PT_NULL says that nothing is to be loaded.
    let loaded = Set(
      facts.outline.headers.filter { facts.isLoad($0) || facts.isNull($0) }
        .map { facts.name($0.name.name) })
    let named = facts.outline.sections.map { section, _ in
      section.tail.programHeaders.map { facts.name($0.name) }
    }.filter { !$0.isEmpty }
    guard let next = named.first, let last = named.last else { return unnamed(facts) }
    // ldlang.c, lang_record_phdrs: the search ahead is made for the first segment, and for the others the last section
    // is still known.
    let further = last.filter { loaded.contains($0) && !next.contains($0) }
    var findings: [Finding] = []
    var ahead: [(name: String, span: SourceSpan)] = []
    var hasSegment = false
    // The headers of the section before, which a section without its own takes over.
    var inherited: [String] = []
    for (section, span) in facts.outline.sections {
      let name = facts.name(section.name.name)
      for header in section.tail.programHeaders where !known.contains(facts.name(header.name)) {
        let segment = facts.name(header.name)
        findings.append(
          finding(
            "PHDRS has no segment '\(segment)'", at: .source(header.span), subject: segment))
      }
      hasSegment = hasSegment || !section.tail.programHeaders.isEmpty
      let own = section.tail.programHeaders.map { facts.name($0.name) }
      defer { if !own.isEmpty { inherited = own } }
      if own.isEmpty, let segment = inherited.first, segment != "NONE", name != "/DISCARD/",
        loaded.isDisjoint(with: inherited), takesMemory(section, facts)
      {
        findings.append(
          finding(
            "'\(name)' names no segment and takes over '\(segment)' from the section before, so no PT_LOAD segment "
              + "holds it",
            at: .source(span), subject: name))
        continue
      }
      if own.isEmpty, takesMemory(section, facts), name != "/DISCARD/",
        let alien = facts.alienSegment(among: inherited, for: section)
      {
        findings.append(
          finding(
            "'\(name)' names no segment and takes over '\(alien.name)', too, from the section before: who reads the "
              + "\(alien.type) segment finds it there",
            at: .source(span), severity: .warning, subject: name))
        continue
      }
      guard !hasSegment, name != "/DISCARD/", takesMemory(section, facts) else { continue }
      ahead.append((name, span))
    }
    if let first = ahead.first, let segment = next.first, let other = further.first {
      findings.append(self.ahead(first.name, ahead.count - 1, at: first.span, segment, other))
    }
    return findings
  }

  /// Sections before the first that names a segment: one finding.
  private func ahead(
    _ name: String, _ more: Int, at span: SourceSpan, _ segment: String, _ other: String
  ) -> Finding {
    let subject =
      more == 0
      ? "'\(name)' names no segment, nor does a section before it: GNU ld puts it"
      : "'\(name)' and \(more) more name no segment, nor does a section before them: GNU ld puts them"
    return finding(
      "\(subject) into '\(segment)' and into '\(other)' as well", at: .source(span),
      severity: .warning, subject: name)
  }

  /// PHDRS and no section that names one of its segments.
  private func unnamed(_ facts: ScriptFacts) -> [Finding] {
    guard let header = facts.outline.headers.first, !facts.program.hasInsert,
      facts.outline.sections.contains(where: { takesMemory($0.section, facts) })
    else { return [] }
    return [
      finding(
        "no section names a segment, and GNU ld refuses to link with PHDRS alone",
        at: .source(header.span), subject: "PHDRS")
    ]
  }

  /// Sections at address 0 by themselves, and those of types that are not loaded, want no segment.
  private func takesMemory(_ section: OutputSectionDescription, _ facts: ScriptFacts) -> Bool {
    switch section.type {
    case .dsect, .copy, .info, .overlay: return false
    default: break
    }
    return section.address.flatMap(facts.program.expressions.foldedValue) != 0
  }
}

extension ScriptFacts {
  /// Segments that programs read as a whole, by their numbers (elf(5), p_type), and how the sections that belong there
  /// are called.
  private static let readSegments: [(type: String, number: UInt64, prefixes: [String])] = [
    ("PT_DYNAMIC", 2, [".dynamic"]), ("PT_NOTE", 4, [".note", ".buildid"]),
    ("PT_TLS", 7, [".tdata", ".tbss", ".gnu.linkonce.t"]),
  ]

  /// The segment among `names` in which a section is out of place: neither its name nor an input pattern is of that kind.
  fileprivate func alienSegment(
    among names: [String], for section: OutputSectionDescription
  ) -> (name: String, type: String)? {
    for header in outline.headers where names.contains(name(header.name.name)) {
      let kind = Self.readSegments.first { known in
        if case .symbol(let type) = program.expressions[header.type] {
          return name(type) == known.type
        }
        return program.expressions.foldedValue(header.type) == known.number
      }
      guard let kind else { continue }
      let texts =
        [name(section.name.name)]
        + patterns.filter { $0.output == section.name.name }
        .map { String(decoding: $0.text, as: UTF8.self) }
      if !texts.contains(where: { text in kind.prefixes.contains(where: text.hasPrefix) }) {
        return (name(header.name.name), kind.type)
      }
    }
    return nil
  }

  /// Whether an entry of PHDRS is one that no loader looks at.
  fileprivate func isNull(_ header: ProgramHeaderDescription) -> Bool {
    if case .symbol(let type) = program.expressions[header.type] { return name(type) == "PT_NULL" }
    return program.expressions.foldedValue(header.type) == 0
  }
}
