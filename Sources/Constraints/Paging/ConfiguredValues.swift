// Values of expressions in a configuration (`mapping`, `copy`, `clear`), worked out against one image as ASSERTs are.

public import LdsParser

/// What expressions of a configuration come to for one image.
public struct ConfiguredValues: Sendable {
  private var values: [String: UInt64] = [:]

  /// Evaluates every expression of `mapping`, whose tree is in `script`, the configuration's own.
  ///
  /// - Complexity: one pass over the image's symbols, however many expressions there are.
  public init(
    _ mapping: ConfiguredMapping, script: LinkerScript, image: Image, dialect: LinkerDialect = .bfd
  ) {
    self.init(
      mapping.base + mapping.start + mapping.end + mapping.regions.flatMap { $0.start + $0.end },
      script: script, image: image, dialect: dialect)
  }

  /// Evaluates `expressions`, whose tree is in `script`, the configuration's own.
  init(
    _ expressions: [ConfiguredExpression], script: LinkerScript, image: Image,
    dialect: LinkerDialect
  ) {
    var script = script
    var texts: [NameID: String] = [:]
    script.statements = []
    for (index, expression) in expressions.enumerated() {
      // A blank in the name: no symbol of an image can be meant.
      let name = script.names.intern("mapping \(index)")
      texts[name] = expression.text
      let assignment = Assignment(
        target: SpannedName(name, span: expression.span), isLocationCounter: false, compound: nil,
        value: expression.expression, written: expression.expression, kind: .plain)
      script.statements.append(Statement(.assignment(assignment), span: expression.span))
    }
    let program = Program(script)
    let report = EvaluationReport(
      program, evidence: Evidence([image], for: program), dialect: dialect)
    for assignment in report.assignments {
      guard let text = texts[assignment.symbol], let value = assignment.value else { continue }
      values[text] = value
    }
  }

  /// The value of an expression, spelled as in the configuration; nil if it cannot be known.
  public func callAsFunction(_ text: String) -> UInt64? { values[text] }
}
