// The constraints of a configuration, proved over a script as if they were ASSERTs at its end.

public import LdsParser

/// What a script alone decides of conditions that stand outside of it.
public struct ConstraintProofs: Sendable {
  /// One constraint with its proof.
  public struct Proof: Sendable {
    /// The constraint.
    public var constraint: ConfiguredConstraint
    /// What was found out; its spans point into ``sources``.
    public var proof: AssertionProof
  }

  /// In order of the configuration.
  public let proofs: [Proof]
  /// The script's report with the constraints in it.
  public let report: ProofReport
  /// Where its spans point: the script's sources, and the text of the constraints.
  public let sources: SourceSet

  /// Proves what can be proved of `constraints` for every link of `script` by one linker.
  public init(
    _ constraints: [ConfiguredConstraint], over script: LinkerScript, dialect: LinkerDialect = .bfd
  ) {
    var extended = script
    var stated: [ConfiguredConstraint] = []
    for constraint in constraints {
      let source = extended.sources.add(
        SourceBuffer(name: constraint.name, text: constraint.expression.text))
      // It was read once before, so it is well-formed.
      guard
        let condition = ScriptParser.parseExpression(
          source, in: &extended, options: .constraint)
      else { continue }
      let span = extended.expressions.span(condition)
      let message = SpannedName(extended.names.intern(constraint.name), span: span)
      extended.statements.append(
        Statement(.assertion(Assertion(condition: condition, message: message)), span: span))
      stated.append(constraint)
    }
    let report = ProofReport(Program(extended), dialect: dialect)
    sources = extended.sources
    self.report = report
    proofs = zip(stated, report.assertions.suffix(stated.count)).map { constraint, proof in
      Proof(constraint: constraint, proof: proof)
    }
  }
}
