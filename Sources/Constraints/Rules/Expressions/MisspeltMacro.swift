// Rule misspelt-macro: a name in capitals that nobody defines, one slip away from a macro of the script.

import LdsParser

/// Compares names in capitals that the script uses and nobody sets with the macros that it uses.
///
/// It cannot see symbols of objects: one that is called nearly as a macro and in capitals is taken for a slip. Only macros
/// that were used somewhere in the script are known to it.
struct MisspeltMacro: Rule {
  static let description = RuleDescription(
    id: "misspelt-macro",
    summary: "a name differs by a slip from a macro that the script uses",
    rationale: """
      What is no macro is a symbol to the linker: '. = ALIGN(SECTION_ALING);' is no error of the preprocessor, and \
      the linker says "undefined symbol" long after everything has been compiled, or nothing at all where a symbol of \
      that name is provided.
      """,
    fix: "write the macro's name",
    severity: .error, needs: [.script],
    good: [
      .script("no macro", "SECTIONS { . = ALIGN(SECTION_ALIGN); .text : { *(.text) } }"),
      .script(
        "a symbol in small letters", "SECTIONS { x = section_alinn; .text : { *(.text) } }"),
    ],
    bad: [
      .script(
        "two letters changed places",
        """
        #define SECTION_ALIGN 0x200000
        SECTIONS { .text : { *(.text) } . = ALIGN(SECTION_ALIGN); a = .; .data : { *(.data) }
          . = ALIGN(↓SECTION_ALING); b = .; }
        """,
        messages: ["no one sets 'SECTION_ALING'; did you mean the macro 'SECTION_ALIGN'?"])
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts,
      let calls = facts.script.sources.origins(facts.script.main)?.calls
    else { return [] }
    let macros = Array(Set(calls.map(\.name))).sorted()
    if macros.isEmpty { return [] }
    let table = facts.script.expressions
    var seen: Set<NameID> = []
    return facts.nodes.compactMap { id in
      guard case .symbol(let symbol) = table[id], facts.program.assignments[symbol] == nil,
        case let name = facts.name(symbol), Self.isMacroLike(name), seen.insert(symbol).inserted,
        let near = macros.first(where: { Self.isSlip(name, $0) })
      else { return nil }
      return finding(
        "no one sets '\(name)'; did you mean the macro '\(near)'?", at: .source(table.span(id)),
        subject: name)
    }
  }

  /// Capitals, digits and underscores: what people call macros.
  private static func isMacroLike(_ name: String) -> Bool {
    name.utf8.count >= 6
      && name.utf8.allSatisfy {
        (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
      }
  }

  /// One letter changed, left out, added or swapped; another number at the end is another name.
  private static func isSlip(_ name: String, _ macro: String) -> Bool {
    let digits = { (text: String) in text.utf8.filter { (0x30...0x39).contains($0) } }
    return name != macro && digits(name) == digits(macro)
      && Suggestion.editDistance(Array(name.utf8), Array(macro.utf8)) == 1
  }
}
