// Rule linker-difference: GNU ld and lld give the same text different values.

import LdsParser

/// Looks for what GNU ld and ld.lld read or lay out differently.
///
/// It cannot see which of them the project uses, unless `--linker` or the configuration says it.
struct LinkerDifference: Rule {
  static let description = RuleDescription(
    id: "linker-difference",
    summary: "GNU ld and ld.lld give this text different values",
    rationale: """
      Between the braces of an output section a plain number is relative to the section for GNU ld and absolute for \
      lld: 'size = . - start;' is 0x1388 with lld and 0x201388 with GNU ld, and an ASSERT on it holds with one of \
      them only. '. = 0x100' means the section's start plus 0x100, or the address 0x100 (zephyr#58315). '010' is 8, \
      or 10. '. = ASSERT(1, ...)' moves the location counter to 1, or leaves it. GNU ld divides with sign, so an \
      address in the upper half of the address space has a negative quotient; lld divides without.
      """,
    fix:
      "compute sizes outside of output sections; write '. = ADDR(.section) + n'; write numbers in hex",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "outside", "SECTIONS { .a : { a = .; *(.a) b = .; } size = b - a; }"),
      .script(
        "relative to the location counter", "SECTIONS { .a : { *(.a) . = . + 0x100; x = .; } }"),
      .script("hex and zero", "x = 0x10 + 0;"),
      .script(
        "a remainder that is tested for zero",
        "x = 0xffff800000000000; ASSERT(x % 4096 == 0, \"x\")"),
      .script("a shift", "x = 0xffff800000200000; slot = x >> 21;"),
      .script("a small address", "x = 0x40200000; slot = x / 0x200000;"),
      .script(
        "an ASSERT as a value at the end, as Linux has it",
        "SECTIONS { .a : { *(.a) } } . = ASSERT(SIZEOF(.a) < 5, \"a\");"),
      .script(
        "an image that begins at 0", "SECTIONS { . = 0; .a : { *(.a) . = 0x100; *(.b) } }"),
      .script("ABSOLUTE", "SECTIONS { .a : { a = .; *(.a) size = ABSOLUTE(0x10); } }"),
      .script(
        "an assignment for the sake of its ASSERT",
        "SECTIONS { .a : { *(.a) _ = ASSERT(. < 0x100000, \"too high\"); } }"),
    ],
    bad: [
      .script(
        "a size", "SECTIONS { .a : { a = .; *(.a) ↓size = . - a; } }",
        messages: [
          "GNU ld makes 'size' an address in '.a', ld.lld a plain number: the value is relative to the section "
            + "only with GNU ld"
        ]),
      .script(
        "a quotient of an address",
        "x = 0xffff800000200000; slot = ↓x / 0x200000;",
        messages: [
          "GNU ld takes 'x' for a negative number and divides with sign, ld.lld without: the quotients differ"
        ]),
      .script("a remainder", "x = ↓(0 - 8) % 3;"),
      .script(
        "the location counter", "SECTIONS { .a : { *(.a) ↓. = 0x100; } }",
        messages: ["'. = 0x100' is an offset in '.a' with GNU ld and an address with ld.lld"]),
      .script(
        "several in one section",
        "SECTIONS { .a : { *(.a) ↓. = 0x100; *(.b) . = 0x180; *(.c) . = 0x200; } }",
        messages: [
          "'. = 0x100' is an offset in '.a' with GNU ld and an address with ld.lld, and so are 2 more lines of it"
        ]),
      .script(
        "octal", "x = ↓010;", messages: ["'010' is octal with GNU ld (0x8) and decimal with ld.lld"]
      ),
      .script(
        "an ASSERT as a value", "SECTIONS { ↓. = ASSERT(a < 5, \"a\"); .a : { *(.a) } }",
        messages: [
          "GNU ld moves the location counter to the value of the condition, ld.lld leaves it where it is"
        ]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, context.linkers.count > 1 else { return [] }
    return offsets(facts) + assignments(facts) + octals(facts) + quotients(facts)
  }

  /// Numbers for the location counter between braces: one finding for each output section.
  private func offsets(_ facts: ScriptFacts) -> [Finding] {
    var steps: [Int: [Int]] = [:]
    for step in facts.program.steps.indices {
      guard case .inside(let section) = facts.program.steps[step].context,
        let assignment = facts.assignment(step), assignment.isLocationCounter,
        isPlain(assignment, step, facts)
      else { continue }
      steps[section, default: []].append(step)
    }
    return steps.keys.sorted().compactMap { section in
      guard let all = steps[section], let first = all.first,
        let assignment = facts.assignment(first)
      else { return nil }
      let more = all.count - 1
      let rest =
        more == 0
        ? "" : more == 1 ? ", and so is 1 more line of it" : ", and so are \(more) more lines of it"
      return finding(
        "'. = \(facts.text(assignment.written))' is an offset in '\(facts.name(facts.program.sections[section].name))' "
          + "with GNU ld and an address with ld.lld\(rest)",
        at: .source(facts.program.steps[first].span), subject: facts.text(assignment.value))
    }
  }

  /// Whether an assignment between braces takes a number that GNU ld counts from the start of the section.
  private func isPlain(_ assignment: Assignment, _ step: Int, _ facts: ScriptFacts) -> Bool {
    if case .assertion = facts.program.expressions[assignment.value] { return false }
    guard let tree = facts.tree(step), tree.relation(assignment.value) == .plain else {
      return false
    }
    return !facts.isOnlyChecked(assignment) && !startsAtZero(step, facts)
  }

  /// Divisions of which an operand surely has its top bit set. The sign does not change whether a remainder
  /// is zero, and with other remainders of addresses nobody reckons; so those of numbers only are reported.
  private func quotients(_ facts: ScriptFacts) -> [Finding] {
    let table = facts.program.expressions
    return facts.program.steps.indices.flatMap { step -> [Finding] in
      guard let tree = facts.tree(step) else { return [] }
      return table.nodes(of: tree.root).compactMap { index in
        let id = ExpressionID(index: index)
        guard case .binary(let operation, let left, let right) = table[id],
          operation == .divide || (operation == .remainder && table.foldedValue(id) != nil),
          let negative = [left, right].first(where: { facts.isNegative($0, in: tree) }),
          table.foldedValue(id).map({ $0 != unsigned(operation, left, right, table) }) ?? true
        else { return nil }
        let noun = operation == .divide ? "quotients" : "remainders"
        return finding(
          "GNU ld takes '\(facts.text(negative))' for a negative number and divides with sign, ld.lld without: "
            + "the \(noun) differ",
          at: .source(table.span(id)), subject: facts.text(id))
      }
    }
  }

  /// What lld makes of two numbers.
  private func unsigned(
    _ operation: BinaryOperator, _ left: ExpressionID, _ right: ExpressionID,
    _ table: ExpressionTable
  ) -> UInt64? {
    guard let left = table.foldedValue(left), let right = table.foldedValue(right), right != 0
    else { return nil }
    return operation == .divide ? left / right : left % right
  }

  private func assignments(_ facts: ScriptFacts) -> [Finding] {
    facts.program.steps.indices.compactMap { step in
      guard let assignment = facts.assignment(step) else { return nil }
      let place = FindingPlace.source(facts.program.steps[step].span)
      let name = facts.name(assignment.target.name)
      if assignment.isLocationCounter,
        case .assertion = facts.program.expressions[assignment.value]
      {
        guard facts.isLocationCounterUsed(after: step) else { return nil }
        return finding(
          "GNU ld moves the location counter to the value of the condition, ld.lld leaves it where it is",
          at: place, subject: name)
      }
      guard !assignment.isLocationCounter, let section = facts.section(around: step),
        isPlain(assignment, step, facts)
      else { return nil }
      return finding(
        "GNU ld makes '\(name)' an address in '\(section)', ld.lld a plain number: the value is relative to the "
          + "section only with GNU ld",
        at: place, subject: name)
    }
  }

  /// Whether the output section around a statement is put at 0 (`. = 0; .a : {`), where offset and address are one number.
  private func startsAtZero(_ step: Int, _ facts: ScriptFacts) -> Bool {
    guard case .inside(let section) = facts.program.steps[step].context else { return false }
    for before in facts.program.steps[..<step].reversed() {
      switch before.action {
      case .enter(section):
        if let address = facts.program.sections[section].description?.address {
          return facts.program.expressions.foldedValue(address) == 0
        }
      case .assignment(let assignment) where before.context == .between:
        guard assignment.isLocationCounter else { continue }
        return facts.program.expressions.foldedValue(assignment.value) == 0
      case .leave: return false
      default: continue
      }
    }
    return false
  }

  private func octals(_ facts: ScriptFacts) -> [Finding] {
    facts.nodes.compactMap { id in
      let span = facts.script.expressions.span(id)
      guard case .integer(let value) = facts.script.expressions[id], value > 7 else { return nil }
      let text = facts.bytes(span)
      guard text.count > 1, text[0] == UInt8(ascii: "0"),
        text.allSatisfy({ (0x30...0x37).contains($0) })
      else { return nil }
      let word = String(decoding: text, as: UTF8.self)
      return finding(
        "'\(word)' is octal with GNU ld (\(hexadecimal(value))) and decimal with ld.lld",
        at: .source(span), subject: word)
    }
  }
}

extension ScriptFacts {
  /// Whether an assignment is there for its ASSERT: `_ = ASSERT(...)`, and nothing reads the symbol.
  fileprivate func isOnlyChecked(_ assignment: Assignment) -> Bool {
    guard case .assertion = program.expressions[assignment.value] else { return false }
    let symbol = ExpressionNode.symbol(assignment.target.name)
    return !nodes.contains { script.expressions[$0] == symbol }
  }

  /// Whether anything behind a step is placed at the location counter, or reads it.
  fileprivate func isLocationCounterUsed(after step: Int) -> Bool {
    program.steps[(step + 1)...].contains { later in
      switch later.action {
      case .assignment(let assignment): mentionsLocationCounter(assignment.value)
      case .assertion(let assertion): mentionsLocationCounter(assertion.condition)
      case .leave: false
      default: true
      }
    }
  }
}
