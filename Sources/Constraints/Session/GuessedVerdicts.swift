// A script without its tree takes names that its conditionals ask for as undefined. What was read on such a
// guess decides nothing:
//
//     ASSERT(SIZEOF(.got.plt) == 0 ||
//     #ifdef CONFIG_X86_64
//            SIZEOF(.got.plt) == 0x18, ...

internal import LdsParser

extension LoadedScript {
  /// The doubts about statements of `program`, which is that of the script, by the numbers of their steps: ASSERTs
  /// whose text may be another in the build, or that may not be there.
  func doubts(of program: Program) -> [Int: Doubt] {
    guard let expansion, !expansion.missingIncludes.isEmpty else { return [:] }
    var doubts: [Int: Doubt] = [:]
    for (index, step) in program.steps.enumerated() where program.hasAssertion(step) {
      doubts[index] = Doubt(
        text: guess(behind: step.span, expansion, countsPresence: false),
        presence: guess(behind: step.span, expansion, countsPresence: true))
    }
    return doubts
  }

  /// The name on which the text of a statement depends or, if that counts, whether it is there.
  private func guess(
    behind span: SourceSpan, _ expansion: PreprocessedScript, countsPresence: Bool
  ) -> String? {
    let authored = script.sources.authoredSpan(of: span)
    for conditional in expansion.guessedConditionals
    where conditional.span.source == authored.source {
      let region = conditional.span
      guard region.start < authored.end, authored.start < region.end else { continue }
      let isAround = region.start <= authored.start && authored.end <= region.end
      if countsPresence || !isAround { return conditional.name }
    }
    for call in script.sources.macroCalls(in: span) {
      guard let macro = call.macro, expansion.macros.indices.contains(macro) else { continue }
      let name = expansion.macros[macro].span.flatMap { definition in
        expansion.guessedConditionals.first { conditional in
          conditional.span.source == definition.source && conditional.span.start <= definition.start
            && definition.end <= conditional.span.end
        }?.name
      }
      if let name { return name }
    }
    return nil
  }

  /// Names that may be macros of a header that was not found: the script does not set them, and no file of the image
  /// has them.
  func openNames(of report: EvaluationReport) -> Set<NameID> {
    guard let expansion, !expansion.missingIncludes.isEmpty else { return [] }
    let program = report.program
    var names: Set<NameID> = []
    for index in 0..<program.expressions.count {
      let id = ExpressionID(index: UInt32(truncatingIfNeeded: index))
      guard case .symbol(let name) = program.expressions[id],
        program.assignments[name] == nil,
        report.evidence.symbols[program.names.bytes(name)] == nil
      else { continue }
      names.insert(name)
    }
    return names
  }
}
