// Rule insert-target: INSERT names an output section that no script of the link has.

import LdsParser

/// Compares what INSERT names with the output sections of the other scripts that are given.
///
/// It cannot see the linker's own script, which counts where no other one has SECTIONS. Of several others it is silent:
/// which are linked together, nobody says.
struct InsertTarget: Rule {
  static let description = RuleDescription(
    id: "insert-target",
    summary: "INSERT names an output section that none of the scripts given has",
    rationale: """
      A script with INSERT is added to another one: to that of a further -T, or to the linker's own. '.rodata not \
      found for insert' is all that the linker says, and a script that was written for the linker's own has names \
      that the script of a board need not have.
      """,
    fix: "name an output section that the other script has",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "the other script has it",
        "SECTIONS { .table : { *(.table) } } INSERT AFTER .data;",
        beside: "SECTIONS { .text : { *(.text) } .data : { *(.data) } }"),
      .script(
        "the linker's own script is meant",
        "SECTIONS { .table : { *(.table) } } INSERT AFTER .rodata;"),
      .script(
        "the other script is an addition, too",
        "SECTIONS { .table : { *(.table) } } INSERT AFTER .rodata;",
        beside: "SECTIONS { .more : { *(.more) } } INSERT AFTER .text;"),
    ],
    bad: [
      .script(
        "for another script",
        "SECTIONS { .table : { *(.table) } } INSERT AFTER ↓.rodata;",
        beside: "SECTIONS { .text : { *(.text) } .data : { *(.data) } }",
        messages: [
          "INSERT AFTER '.rodata', which no script given has: the linker stops there; they have .data, .text"
        ])
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    let bases = context.others.map { ($0, ScriptOutline($0)) }
      .filter { !$0.1.sections.isEmpty && $0.1.inserts.isEmpty }
    // Without SECTIONS in another script, the linker's own one is added to; of several, nobody says which is meant, or
    // whether one is.
    guard let (script, outline) = bases.first, bases.count == 1 else { return [] }
    let names = outline.sections.map { script.names.string($0.section.name.name) }
    let known = Set(names + facts.outline.sections.map { facts.name($0.section.name.name) })
    return facts.outline.inserts.compactMap { command, target in
      let name = facts.name(target.name)
      guard !known.contains(name) else { return nil }
      let listed = Set(names).sorted()
      return finding(
        "\(command.rawValue) '\(name)', which no script given has: "
          + "the linker stops there; they have \(listed.prefix(6).joined(separator: ", "))"
          + (listed.count > 6 ? " and \(listed.count - 6) more" : ""),
        at: .source(target.span), subject: name)
    }
  }
}
