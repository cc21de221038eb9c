// Rule undefined-symbol: an expression uses a symbol that neither the script nor the image has.

import LdsParser

/// Looks for names that neither the script sets nor the image has.
///
/// It cannot see symbols that the linker defines by itself and leaves out of the symbol table; with a stripped
/// image or a map alone it says nothing.
struct UndefinedSymbol: Rule {
  static let description = RuleDescription(
    id: "undefined-symbol",
    summary: "an expression uses a symbol that neither the script nor the image defines",
    rationale: """
      GNU ld stops at such an expression: 'undefined symbol referenced in expression'. A misspelt symbol in an \
      ASSERT that was added after the last link is found so before the next one.
      """,
    fix: "correct the name, or define the symbol",
    severity: .error, needs: [.script, .image], foretellsFailure: true,
    good: [
      .script(
        "one from the script, one from the image",
        "a = 1; ASSERT(a < start, \"a\")",
        image: ImageFacts(
          symbols: [("start", 0x1000)], segments: [PagingExamples.load(0x1000, 0x1000, "r-x")])),
      .script(
        "asked for with DEFINED", "x = DEFINED(stack_size) ? stack_size : 0x1000;",
        image: ImageFacts(
          symbols: [("x", 0x1000)], segments: [PagingExamples.load(0x1000, 0x1000, "r-x")])),
    ],
    bad: [
      .script(
        "misspelt", "ASSERT(↓strat < 0x2000, \"far\")",
        image: ImageFacts(
          symbols: [("start", 0x1000)], segments: [PagingExamples.load(0x1000, 0x1000, "r-x")]),
        messages: ["neither the script nor the image defines 'strat'; did you mean 'start'?"]),
      .script(
        "in an assignment", "x = ↓end_of_text + 4;",
        image: ImageFacts(
          symbols: [("x", 0x1000)], segments: [PagingExamples.load(0x1000, 0x1000, "r-x")])),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    let images = context.images.map(\.image).filter {
      !$0.symbols.records.isEmpty && [.elf, .nm].contains($0.kind)
    }
    // A map lacks local and absolute symbols: only an image or a whole listing can tell.
    guard !images.isEmpty else { return [] }
    let table = facts.script.expressions
    var asked: Set<NameID> = []
    for id in facts.nodes {
      if case .nameCall(.defined, let name) = table[id] { asked.insert(name) }
    }
    var used: [(NameID, ExpressionID)] = []
    var seen: Set<NameID> = []
    for id in facts.nodes {
      guard case .symbol(let name) = table[id], facts.program.assignments[name] == nil,
        !asked.contains(name), !facts.isSegmentType(name), seen.insert(name).inserted
      else { continue }
      used.append((name, id))
    }
    let names = used.map { facts.program.names.bytes($0.0) }
    let indices = images.map { SymbolIndex($0.symbols, names: names) }
    let undefined = used.filter { name, _ in
      let bytes = facts.program.names.bytes(name)
      return indices.allSatisfy { $0.rows(bytes).isEmpty }
    }
    let own = facts.program.assignments.keys.map(facts.name).sorted()
    return undefined.enumerated().map { index, symbol in
      let (name, id) = symbol
      let near = index < Self.hints ? nearest(to: facts.name(name), own, images) : nil
      let hint = near.map { "; did you mean '\($0)'?" }
      return finding(
        "neither the script nor the image defines '\(facts.name(name))'" + (hint ?? ""),
        at: .source(table.span(id)), subject: facts.name(name))
    }
  }

  /// Names that are looked at for the one that was meant; a large image has millions.
  private static let comparedSymbols = 200_000

  /// Undefined symbols for which the one that was meant is looked for: a script that lacks more was linked
  /// to something else.
  private static let hints = 16

  /// The symbol that was meant: the script's own come first.
  private func nearest(to name: String, _ own: [String], _ images: [Image]) -> String? {
    if let near = Suggestion.nearest(to: name, among: own) { return near }
    let length = name.utf8.count
    let others = images.flatMap { image in
      image.symbols.records.prefix(Self.comparedSymbols).compactMap { record -> String? in
        guard record.binding != .local, abs(Int(record.nameLength) - length) <= 3 else {
          return nil
        }
        return String(decoding: image.symbols.nameBytes(record), as: UTF8.self)
      }
    }
    return Suggestion.nearest(to: name, among: others)
  }
}

extension ScriptFacts {
  /// `PT_LOAD` and the like are symbol nodes in PHDRS.
  func isSegmentType(_ name: NameID) -> Bool {
    self.name(name).hasPrefix("PT_")
  }
}
