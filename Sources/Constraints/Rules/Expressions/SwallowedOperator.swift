// Rule swallowed-operator: blanks are missing, so that an operator is part of a name.

import LdsParser

/// Looks for operators that the lexer of GNU ld takes into a name.
///
/// It cannot see a symbol that is meant to have such a name; a quoted one is believed.
struct SwallowedOperator: Rule {
  static let description = RuleDescription(
    id: "swallowed-operator",
    summary: "an operator without blanks around it is part of a name",
    rationale: """
      What a name may hold depends on where it stands: 'f1/2' is one symbol to GNU ld and a division to lld; \
      'a-b = 1;' defines the symbol 'a-b'; inside an output section 'size=5;' names a file of that name; in \
      '*(.a, .b)' the comma belongs to the first pattern, which then matches nothing.
      """,
    fix: "put blanks around the operator; quote a name that is meant so",
    severity: .error, needs: [.script],
    good: [
      .script("blanks", "x = f1 / 2; SECTIONS { .s : { size = 5; *(.a .b) } }"),
      .script("operators that need no blanks", "x = f1-f2*2;"),
      .script("a quoted name", "\"a-b\" = 1;"),
      .script("file names with slashes", "SECTIONS { .s : { lib/a.o(.text) } }"),
    ],
    bad: [
      .script(
        "division", "x = ↓f1/2;",
        messages: ["'f1/2' is one name to GNU ld; write 'f1 / 2' to divide"]),
      .script(
        "an assignment that is none", "SECTIONS { .s : { *(.s) ↓size=5; } }",
        messages: ["'size=5' is a file name here; write blanks around '=' to assign"]),
      .script(
        "an assignment of a function", "SECTIONS { .s : { *(.s) . ↓=ALIGN(4); } }",
        messages: ["'=ALIGN' is a file name here; write blanks around '=' to assign"]),
      .script(
        "a symbol with a minus", "↓a-b = 1;",
        messages: ["this defines a symbol called 'a-b'; quote it if that is meant"]),
      .script(
        "lines that are meant as comments",
        "↓//open = 0x40000010;\n//close = 0x40000020;\n//x = 1;",
        messages: [
          "'//' begins no comment here: this defines a symbol called '//open', and 2 more lines do the like; write "
            + "/* ... */"
        ]),
      .script(
        "a comment inside of a section", "SECTIONS { .s : { *(.s) ↓// code\n } }",
        messages: [
          "'//' begins no comment here: the linker looks for files called '//'; write /* ... */"
        ]),
      .script(
        "a comment between sections", "SECTIONS { .a : { *(.a) } ↓//code\n .b : { *(.b) } }",
        messages: [
          "'//' begins no comment here: this describes an output section called '//code'; write /* ... */"
        ]),
      .script(
        "a comma", "SECTIONS { .s : { *(↓.a, .b) } }",
        messages: [
          "the comma belongs to the pattern '.a,', which matches no '.a'; patterns are separated "
            + "by blanks"
        ]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, context.linkers.contains(.bfd) else { return [] }
    return names(facts) + targets(facts) + patterns(facts)
      + files(facts) + sections(facts)
  }

  private func names(_ facts: ScriptFacts) -> [Finding] {
    let table = facts.script.expressions
    return facts.nodes.compactMap { id in
      guard case .symbol(let symbol) = table[id], facts.program.assignments[symbol] == nil else {
        return nil
      }
      let text = facts.bytes(table.span(id))
      guard text.first != UInt8(ascii: "\""), let slash = text.firstIndex(of: UInt8(ascii: "/")),
        slash > 0
      else { return nil }
      let word = facts.name(symbol)
      let spaced = word.replacingBytes("/", with: " / ")
      return finding(
        "'\(word)' is one name to GNU ld; write '\(spaced)' to divide", at: .source(table.span(id)),
        fixes: edit(table.span(id), spaced, facts), subject: word)
    }
  }

  private func edit(_ span: SourceSpan, _ text: String, _ facts: ScriptFacts) -> [FixEdit] {
    facts.spelled(span).map { [FixEdit($0.span, replacement: text)] } ?? []
  }

  private func targets(_ facts: ScriptFacts) -> [Finding] {
    let strange = facts.program.steps.compactMap { step -> SpannedName? in
      guard case .assignment(let assignment) = step.action, !assignment.target.isQuoted else {
        return nil
      }
      let text = facts.bytes(assignment.target.span)
      guard text.first != UInt8(ascii: "\""),
        text.contains(where: { "-+:,[]=/~".utf8.contains($0) })
      else { return nil }
      return assignment.target
    }
    let isOther: (SpannedName) -> Bool = { Self.isForPreprocessor(facts.name($0.name)) }
    return meantOtherwise(strange, "this defines a symbol called", facts)
      + strange.filter { !isOther($0) }.map { target in
        let word = facts.name(target.name)
        return finding(
          "this defines a symbol called '\(word)'; quote it if that is meant",
          at: .source(target.span), severity: .warning, subject: word)
      }
  }

  /// Whether only a C preprocessor takes the word for no name: a comment, or a line that goes on.
  private static func isForPreprocessor(_ word: String) -> Bool {
    word.hasPrefix("//") || word.hasSuffix("\\")
  }

  /// Those names that are meant for a preprocessor: one finding for each file, however many lines it is.
  private func meantOtherwise(
    _ names: [SpannedName], _ effect: String, _ facts: ScriptFacts
  ) -> [Finding] {
    let meant = names.filter { Self.isForPreprocessor(facts.name($0.name)) }
    return Dictionary(grouping: meant, by: \.span.source).values.compactMap { names in
      guard let first = names.min(by: { $0.span.start < $1.span.start }) else { return nil }
      let word = facts.name(first.name)
      let more = names.count - 1
      let rest =
        more == 0
        ? ""
        : more == 1 ? ", and 1 more line does the like" : ", and \(more) more lines do the like"
      let isComment = word.hasPrefix("//")
      let kind = isComment ? PreprocessorOnly.Kind.lineComment : .joinedLine
      let mark = isComment ? "'//' begins no comment here" : "a backslash joins no lines here"
      return finding(
        "\(mark): \(effect) '\(word)'\(rest); \(kind.advice)", at: .source(first.span),
        severity: .warning, subject: word)
    }
  }

  private func patterns(_ facts: ScriptFacts) -> [Finding] {
    facts.patterns.compactMap { pattern in
      guard pattern.text.count > 1, let last = pattern.text.last,
        let mark = [
          UInt8(ascii: ","): "comma", UInt8(ascii: ":"): "colon", UInt8(ascii: ";"): "semicolon",
        ][last]
      else { return nil }
      let word = String(decoding: pattern.text, as: UTF8.self)
      return finding(
        "the \(mark) belongs to the pattern '\(word)', which matches no '\(word.dropLast())'; patterns are "
          + "separated by blanks",
        at: .source(pattern.span), fixes: edit(pattern.span, String(word.dropLast()), facts),
        subject: word)
    }
  }

  private func sections(_ facts: ScriptFacts) -> [Finding] {
    let names = facts.outline.sections.map(\.section.name).filter { !$0.isQuoted }
    return meantOtherwise(names, "this describes an output section called", facts)
  }

  private func files(_ facts: ScriptFacts) -> [Finding] {
    let bare = facts.outline.bareFiles.filter { !$0.isQuoted }
    let others = meantOtherwise(bare, "the linker looks for files called", facts)
    // `. =ALIGN(4)` is the file '.', and the section '4' of files '=ALIGN'.
    let listed = facts.outline.filesWithSections.filter {
      !$0.isQuoted && facts.name($0.name).hasPrefix("=")
    }
    return others
      + (bare.filter { facts.name($0.name).contains("=") } + listed).map { file in
        let word = facts.name(file.name)
        return finding(
          "'\(word)' is a file name here; write blanks around '=' to assign",
          at: .source(file.span), subject: word)
      }
  }
}

extension String {
  /// The text with every `old` replaced.
  fileprivate func replacingBytes(_ old: Character, with new: String) -> String {
    map { $0 == old ? new : String($0) }.joined()
  }
}
