// Rule unassigned-segment: a section in no segment, or in one that PHDRS does not describe.

import LdsParser

struct UnassignedSegment: Rule {
  static let description = RuleDescription(
    id: "unassigned-segment",
    summary: "an output section goes to no segment, or to one that PHDRS does not describe",
    rationale: """
      With PHDRS a section without ':segment' goes where the section before it went. Before the first that names \
      one there is nothing to inherit: the section is in the file and nothing loads it. A name that PHDRS does not \
      have stops the link.
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
      .script("no PHDRS", "SECTIONS { .text : { *(.text) } }"),
    ],
    bad: [
      .script(
        "before the first",
        """
        PHDRS { text PT_LOAD; }
        SECTIONS { ↓.head : { *(.head) } .text : { *(.text) } :text }
        """,
        messages: ["'.head' is in no segment: no section before it names one"]),
      .script(
        "misspelt",
        """
        PHDRS { text PT_LOAD; }
        SECTIONS { .text : { *(.text) } :↓txet }
        """,
        messages: ["PHDRS has no segment 'txet'"]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, !facts.outline.headers.isEmpty else { return [] }
    let known = Set(facts.outline.headers.map { facts.name($0.name.name) } + ["NONE"])
    var findings: [Finding] = []
    var hasSegment = false
    for (section, span) in facts.outline.sections {
      let name = facts.name(section.name.name)
      for header in section.tail.programHeaders where !known.contains(facts.name(header.name)) {
        let segment = facts.name(header.name)
        findings.append(
          finding(
            "PHDRS has no segment '\(segment)'", at: .source(header.span), subject: segment))
      }
      hasSegment = hasSegment || !section.tail.programHeaders.isEmpty
      if hasSegment || name == "/DISCARD/" || !takesMemory(section, facts) { continue }
      findings.append(
        finding(
          "'\(name)' is in no segment: no section before it names one", at: .source(span),
          severity: .warning, subject: name))
    }
    return findings
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
