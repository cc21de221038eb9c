// What lint says of the constraints of a configuration: proved over each script, judged where there is evidence.

internal import LdsParser

extension Session {
  /// One result for each script with its proofs, and one for each image with its verdicts.
  func lintConstraints() -> [LintResult] {
    guard let configuration, !configuration.constraints.isEmpty else { return [] }
    var results = scripts.filter { !$0.script.isRefused }.map {
      Self.prove(configuration, over: $0, dialect: dialect, isJudged: !images.isEmpty)
    }
    guard !images.isEmpty else { return results }
    for judged in judgeConstraints() {
      results.append(
        LintResult(
          findings: judged.findings(isStrict: false),
          sources: configuration.script.sources, ran: []))
    }
    return results
  }

  private static func prove(
    _ configuration: Configuration, over loaded: LoadedScript, dialect: LinkerDialect,
    isJudged: Bool
  ) -> LintResult {
    let proved = ConstraintProofs(
      configuration.constraints, over: loaded.script, dialect: dialect)
    var result = LintResult(
      findings: [], sources: configuration.script.sources, ran: [], variant: loaded.variant,
      script: loaded.path)
    for item in proved.proofs {
      let constraint = item.constraint
      let because = reasons(item.proof, of: proved.report, in: proved.sources)
      result.proofs.append(
        StatedProof(
          message: constraint.name, span: constraint.expression.span,
          verdict: item.proof.verdict, linker: proved.report.dialect, because: because))
      // Of an image the verdict says the same.
      guard item.proof.verdict == .neverHolds, !isJudged else { continue }
      let kind = ProgramFindings.constraintFails
      let why = constraint.why.map { [FindingNote("why: \($0)")] } ?? []
      result.findings.append(
        Finding(
          rule: kind.id, severity: kind.severity,
          message:
            "\(constraint.name): it fails in every link of \(loaded.path.lastComponent.display)",
          at: .source(constraint.expression.span),
          notes: why + because.map { FindingNote($0) },
          subject: "\(constraint.name): \(constraint.expression.text)"))
    }
    return result
  }
}
