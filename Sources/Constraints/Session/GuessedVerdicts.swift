// A script without its tree takes names that its conditionals ask for as undefined. What was read on such a
// guess decides nothing:
//
//     ASSERT(SIZEOF(.got.plt) == 0 ||
//     #ifdef CONFIG_X86_64
//            SIZEOF(.got.plt) == 0x18, ...

internal import LdsParser

extension LoadedScript {
  /// Takes back verdicts on ASSERTs whose text may be another in the build, and failures of ASSERTs that may
  /// not be there.
  func retractGuesses(in report: inout EvaluationReport) {
    guard let expansion, !expansion.missingIncludes.isEmpty else { return }
    for index in report.assertions.indices {
      let assertion = report.assertions[index]
      guard assertion.verdict != .undecided,
        let name = guess(behind: assertion.span, expansion, mayFail: assertion.verdict == .fails)
      else { continue }
      report.retract(index, dependingOn: name)
    }
  }

  /// The name on which the text of an ASSERT depends or, for one that fails, whether it is there.
  private func guess(
    behind span: SourceSpan, _ expansion: PreprocessedScript, mayFail: Bool
  ) -> String? {
    let authored = script.sources.authoredSpan(of: span)
    for conditional in expansion.guessedConditionals
    where conditional.span.source == authored.source {
      let region = conditional.span
      guard region.start < authored.end, authored.start < region.end else { continue }
      let isAround = region.start <= authored.start && authored.end <= region.end
      if mayFail || !isAround { return conditional.name }
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
}
