// Rule insert-target: INSERT names an output section that no script of the link has.

import LdsParser

/// Compares what INSERT names with the output sections of the other scripts that are given.
///
/// It cannot see the linker's own script, which counts where no other one has SECTIONS, nor which of several scripts
/// are linked together.
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
    let others = context.others.map(ScriptOutline.init)
    let names = zip(context.others, others).flatMap { script, outline in
      outline.sections.map { script.names.string($0.section.name.name) }
    }
    // Without SECTIONS in another script, the linker's own one is added to.
    guard !names.isEmpty else { return [] }
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
