// Rule assert-message: the message names a symbol that the condition does not have.

import LdsParser

/// Compares the names in a message with the symbols and sections that the condition is about, and with what those are set from.
///
/// It cannot see what a message says in words other than names; a name without `_` or `.` is taken for a word.
struct AssertMessage: Rule {
  static let description = RuleDescription(
    id: "assert-message",
    summary:
      "the message of an ASSERT names a symbol or section that its condition does not mention",
    rationale: """
      The message is all that the linker prints. After a copied line it names the wrong symbol, and whoever reads \
      it looks in the wrong place; with a copied condition it is the condition that is wrong.
      """,
    fix: "name what the condition is about",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "the symbol itself",
        "text_end = 8; ASSERT(text_end % 8 == 0, \"text_end misaligned\")"),
      .script(
        "plain words", "end = 1; text_end = 2; ASSERT(text_end < 8, \"the end of text is too far\")"
      ),
      .script(
        "one of the two that the condition is about",
        "text_start = 0; text_end = 1; ASSERT(text_end - text_start < 8, \"text_end too far\")"),
      .script(
        "the section that the condition's symbols stand in",
        """
        SECTIONS { .text_sram : { s = .; *(.text) e = .; } }
        ASSERT(e - s <= 0x1000, ".text_sram has exceeded its limit")
        """),
      .script(
        "a symbol that the condition's symbol is made from",
        "text_end = 1; text_size = text_end - 0; ASSERT(text_size < 8, \"text_end too far\")"),
    ],
    bad: [
      .script(
        "copied",
        "text_end = 1; data_end = 2; ↓ASSERT(data_end % 8 == 0, \"text_end misaligned\")",
        messages: ["the message names 'text_end', the condition is about 'data_end'"]),
      .script(
        "a section",
        """
        SECTIONS { .got : { *(.got) } .plt : { *(.plt) } }
        ↓ASSERT(SIZEOF(.plt) == 0, ".got not empty")
        """,
        messages: ["the message names '.got', the condition is about '.plt'"]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    var room = Self.mostSteps
    let known = Set(facts.program.assignments.keys).union(facts.program.sections.map(\.name))
    return facts.conditions.compactMap { step, condition, message in
      let subjects = mentioned(condition, facts)
      guard !subjects.isEmpty, !facts.mentionsLocationCounter(condition) else { return nil }
      let named = words(facts.program.names.bytes(message)).compactMap(facts.program.names.find)
        .filter { known.contains($0) || subjects.contains($0) }
      guard let wrong = named.first, let reachable = reach(subjects, facts, &room),
        !named.contains(where: reachable.contains),
        homes(of: reachable, facts).isDisjoint(with: named)
      else { return nil }
      let list = subjects.map { "'\(facts.name($0))'" }.joinedWords()
      return finding(
        "the message names '\(facts.name(wrong))', the condition is about \(list)",
        at: .source(facts.program.steps[step].span), subject: facts.name(wrong))
    }
  }

  /// Words of a message that can only be names: with an underscore or a dot in or before them.
  private func words(_ message: [UInt8]) -> [[UInt8]] {
    message.split { !Self.isNameByte($0) }.map { word in
      var bytes = Array(word)
      while bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
      return bytes
    }.filter { word in
      word.count > 2 && word.contains { $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") }
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2E, 0x24: true
    default: false
    }
  }

  /// The symbols and sections in an expression.
  private func mentioned(_ id: ExpressionID, _ facts: ScriptFacts) -> [NameID] {
    var found = facts.symbols(in: id)
    for index in facts.program.expressions.nodes(of: id) {
      guard
        case .nameCall(let function, let name) = facts.program.expressions[
          ExpressionID(index: index)],
        function != .constant, !found.contains(name)
      else { continue }
      found.append(name)
    }
    return found
  }

  /// The output sections whose braces set one of the symbols.
  private func homes(of symbols: Set<NameID>, _ facts: ScriptFacts) -> Set<NameID> {
    var homes: Set<NameID> = []
    for step in symbols.flatMap({ facts.program.assignments[$0] ?? [] }) {
      guard case .inside(let section) = facts.program.steps[step].context else { continue }
      homes.insert(facts.program.sections[section].name)
    }
    return homes
  }

  /// Assignments that are followed in all.
  private static let mostSteps = 1 << 18

  /// The names and those that they are computed from; nil where that takes more assignments than there is room for.
  private func reach(_ names: [NameID], _ facts: ScriptFacts, _ room: inout Int) -> Set<NameID>? {
    var reached = Set(names)
    var open = names
    while let name = open.popLast() {
      for step in facts.program.assignments[name] ?? [] {
        guard let value = facts.assignment(step)?.value else { continue }
        room -= facts.program.expressions.nodes(of: value).count
        guard room > 0 else { return nil }
        for next in mentioned(value, facts) where reached.insert(next).inserted {
          open.append(next)
        }
      }
    }
    return reached
  }
}
