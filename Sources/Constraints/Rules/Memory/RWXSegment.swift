// Rule rwx-segment: PHDRS gives a segment every permission.

import LdsParser

/// Reads the FLAGS of PHDRS.
///
/// It cannot see segments whose flags come from their sections; the linker warns of those.
struct RWXSegment: Rule {
  static let description = RuleDescription(
    id: "rwx-segment",
    summary: "PHDRS describes a loadable segment that may be written and executed",
    rationale: """
      "LOAD segment with RWX permissions" is the warning that projects do not know what to do with (osv#1322, \
      nuttx#11462); OP-TEE's build failed on it (OP-TEE#5471). With FLAGS(7) the script asks for it.
      """,
    fix: "describe two segments, FLAGS(5) for code and FLAGS(6) for data",
    severity: .warning, needs: [.script],
    good: [
      .script("two segments", "PHDRS { text PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6); }"),
      .script("the linker decides", "PHDRS { text PT_LOAD; }"),
      .script("not loaded", "PHDRS { stack PT_GNU_STACK FLAGS(7); }"),
    ],
    bad: [
      .script(
        "all flags", "PHDRS { ↓all PT_LOAD FLAGS(7); }",
        messages: ["segment 'all' may be written and executed"]),
      .script("put together", "PHDRS { ↓all 1 FLAGS(4 | 2 | 1); }"),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    return facts.outline.headers.compactMap { header in
      guard facts.isLoad(header), let flags = header.flags,
        let value = facts.program.expressions.foldedValue(flags), value & 3 == 3
      else { return nil }
      let name = facts.name(header.name.name)
      return finding(
        "segment '\(name)' may be written and executed", at: .source(header.span), subject: name)
    }
  }
}

extension ScriptFacts {
  /// Whether an entry of PHDRS is loaded.
  func isLoad(_ header: ProgramHeaderDescription) -> Bool {
    if case .symbol(let type) = program.expressions[header.type] { return name(type) == "PT_LOAD" }
    return program.expressions.foldedValue(header.type) == 1
  }
}
