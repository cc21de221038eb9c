// Rule empty-table: a start and a stop symbol with nothing between them.

import LdsParser

/// Looks for a start and an end symbol of one name with nothing placed between them.
///
/// It cannot see tables whose symbols have other words than start, begin, end and stop, nor tables that no
/// object has anything for.
struct EmptyTable: Rule {
  static let description = RuleDescription(
    id: "empty-table",
    summary: "a pair of start and end symbols encloses nothing",
    rationale: """
      Code walks from the start symbol to the end symbol. Drop '*(.ex_table)' between '__start___ex_table' and \
      '__stop___ex_table' of xen.lds.S: the section becomes an orphan somewhere else, every ASSERT holds, and the \
      first fault that wants its table entry is fatal.
      """,
    fix: "put the table's input section pattern between the symbols",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "a table", "SECTIONS { .a : { __start_t = .; *(.t) __stop_t = .; } }"),
      .script(
        "room is made", "SECTIONS { .a : { stack_start = .; . = . + 4096; stack_end = .; *(.a) } }"),
      .script(
        "the end of one and the start of the next",
        "SECTIONS { .a : { a_start = .; *(.a) a_end = .; b_start = .; *(.b) b_end = .; } }"),
      .script(
        "symbols that are asked for only if nobody defines them",
        "SECTIONS { .a : { PROVIDE(__base_relocs_start = .); PROVIDE(__base_relocs_end = .); } }"),
    ],
    bad: [
      .script(
        "the pattern is missing", "SECTIONS { .a : { *(.a) __start_t = .; ↓__stop_t = .; *(.b) } }",
        messages: ["nothing lies between '__start_t' and '__stop_t'"]),
      .script(
        "with an ALIGN only",
        "SECTIONS { .a : { *(.a) . = ALIGN(8); ctors_begin = .; . = ALIGN(8); ↓ctors_end = .; *(.b) } }",
        messages: ["nothing lies between 'ctors_begin' and 'ctors_end'"]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    let rooms = facts.roomsBefore
    return facts.program.steps.indices.compactMap { step in
      guard let end = facts.assignment(step), !end.kind.isProvide, facts.takesLocationCounter(step)
      else { return nil }
      let name = facts.name(end.target.name)
      guard
        let start = facts.rangeStart(
          of: name, where: { rooms[$0] == rooms[step] && facts.areOfOneTable($0, step) })
      else { return nil }
      let first = facts.assignment(start).map { facts.name($0.target.name) } ?? ""
      return finding(
        "nothing lies between '\(first)' and '\(name)'",
        at: .source(facts.program.steps[step].span),
        notes: [FindingNote("the start", at: .source(facts.program.steps[start].span))],
        subject: name)
    }
  }
}

extension ScriptFacts {
  /// How many steps before each one move the location counter, but by ALIGN: they make room.
  fileprivate var roomsBefore: [Int] {
    var count = 0
    return program.steps.indices.map { step in
      defer { if makesRoom(step) { count += 1 } }
      return count
    }
  }

  private func makesRoom(_ step: Int) -> Bool {
    guard let assignment = assignment(step), assignment.isLocationCounter else { return false }
    if case .call1(.align, _) = program.expressions[assignment.value] { return false }
    return true
  }

  /// Whether two steps set symbols in one section with no contents between them.
  fileprivate func areOfOneTable(_ start: Int, _ end: Int) -> Bool {
    guard start < end, runs[start] == runs[end],
      case .inside = program.steps[start].context
    else { return false }
    return program.steps[start].context == program.steps[end].context
      && takesLocationCounter(start) && assignment(start)?.kind.isProvide == false
  }
}

extension ScriptFacts {
  /// The step that sets the start symbol of the range that the symbol `end` ends, the first that `isMeant` takes.
  func rangeStart(of end: String, where isMeant: (Int) -> Bool) -> Int? {
    RangeName(end).starts.compactMap(program.names.find).compactMap(onlyAssignment)
      .first(where: isMeant)
  }

  /// The step above `step`, which sets the symbol `end`, that sets the start of its range to the location counter.
  func rangeStart(of end: String, above step: Int) -> Int? {
    rangeStart(of: end) { $0 < step && takesLocationCounter($0) }
  }

  /// The same in the output section that `step` stands in, or between sections as that does.
  func rangeStart(of end: String, besides step: Int) -> Int? {
    rangeStart(of: end) {
      $0 < step && program.steps[$0].context == program.steps[step].context
        && takesLocationCounter($0)
    }
  }
}
