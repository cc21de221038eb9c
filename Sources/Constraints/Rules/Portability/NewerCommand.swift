// Rule newer-command: a construct that the oldest linker wanted does not know.

import LdsParser

/// Compares commands with the version of GNU ld that has to read the script.
///
/// It cannot see features that are no command; without a version it says nothing.
struct NewerCommand: Rule {
  static let description = RuleDescription(
    id: "newer-command",
    summary: "a construct is newer than the linker that has to read the script",
    rationale: """
      An older GNU ld does not say that it does not know a word: inside an output section it takes it for a file \
      and ends in 'cannot find ASCIZ: No such file or directory'.
      """,
    fix: "write it another way, or ask for a newer linker with --ld-version",
    severity: .error, needs: [.script], foretellsFailure: true,
    good: [
      .script(
        "known then", "SECTIONS { .a : { BYTE(1) *(.a) } }", linkerVersion: LinkerVersion(2, 30)),
      .script(
        "new enough", "SECTIONS { .a (READONLY) : { *(.a) } }", linkerVersion: LinkerVersion(2, 38)),
    ],
    bad: [
      .script(
        "READONLY", "SECTIONS { ↓.a (READONLY) : { *(.a) } }", linkerVersion: LinkerVersion(2, 35),
        messages: ["READONLY needs GNU ld 2.38, the script has to be read by 2.35"]),
      .script(
        "ASCIZ", "SECTIONS { .a : { ↓ASCIZ \"boot\" } }", linkerVersion: LinkerVersion(2, 40),
        messages: ["ASCIZ needs GNU ld 2.41, the script has to be read by 2.40"]),
      .script(
        "REVERSE", "SECTIONS { .a : { *(REVERSE(↓.ctors.*)) } }",
        linkerVersion: LinkerVersion(2, 41),
        messages: ["REVERSE needs GNU ld 2.42, the script has to be read by 2.41"]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, let oldest = context.linkers.oldest(of: .bfd) else {
      return []
    }
    var found: [(word: String, version: LinkerVersion, span: SourceSpan)] = []
    for (section, span) in facts.outline.sections {
      switch section.type {
      case .readonly: found.append(("READONLY", LinkerVersion(2, 38), span))
      case .type, .readonlyType: found.append(("TYPE=", LinkerVersion(2, 39), span))
      default: break
      }
    }
    for statement in facts.outline.inner {
      switch statement.kind {
      case .ascii: found.append(("ASCIZ", LinkerVersion(2, 41), statement.span))
      case .linkerVersion: found.append(("LINKER_VERSION", LinkerVersion(2, 41), statement.span))
      case .inputSections(let description):
        for pattern in description.sections + [description.file].compactMap({ $0 })
        where pattern.sorts.contains(.reverse) {
          found.append(("REVERSE", LinkerVersion(2, 42), pattern.pattern.span))
        }
      default: break
      }
    }
    let wanted = oldest.version
    return found.compactMap { word, version, span in
      guard version > wanted else { return nil }
      return finding(
        "\(word) needs GNU ld \(version.major).\(version.minor), the script has to be read by "
          + "\(wanted.major).\(wanted.minor)",
        at: .source(span), subject: word)
    }
  }
}
