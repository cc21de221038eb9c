// What the location counter and every expression came to, statement by statement: the trace behind a verdict.

internal import LdsParser

/// The final pass over one program, by what is known of its link: the image's facts behind a verdict, none behind a proof.
struct StatementTrace: Sendable {
  let walker: Walker
  private var resultOfStep: [Int: Int] = [:]

  var program: Program { walker.program }

  /// Runs `program` and keeps what came out.
  init(
    _ program: Program, facts: any LayoutFacts, dialect: LinkerDialect, isCertifying: Bool = false
  ) {
    var walker = Walker(program, facts: facts, dialect: dialect)
    walker.isCertifying = isCertifying
    walker.run()
    for (index, result) in walker.results.enumerated() { resultOfStep[result.step] = index }
    self.walker = walker
  }

  /// What became of a statement; nil for one without an expression.
  func result(of step: Int) -> Walker.Result? { resultOfStep[step].map { walker.results[$0] } }

  /// The location counter before a statement, an address; nil if unknown.
  func locationCounter(before step: Int) -> UInt64? {
    result(of: step)?.locationCounter.exact
  }

  /// What the expression of a statement came to; nil if unknown.
  func value(of step: Int) -> UInt64? {
    result(of: step).flatMap { address(of: $0.outcome) }
  }

  /// The values of all parts of an expression of `step`.
  func values(of expression: ExpressionID, at step: Int) -> ExpressionValues? {
    guard let result = result(of: step) else { return nil }
    let scope = walker.scope(of: result)
    return ExpressionValues(
      Evaluator(program.expressions, scope: scope), of: expression,
      table: program.expressions)
  }

  /// Whether a statement took effect; a PROVIDE need not.
  func isApplied(_ step: Int) -> Bool {
    result(of: step)?.isApplied ?? false
  }

  /// The size of an output section of the program; nil if unknown.
  func size(ofSection index: Int) -> UInt64? {
    walker.layout.fact(.sizeOf, ofSection: index, program.sections[index].name).exact
  }

  /// The declared region that an output section of the program is placed in; nil for none, and where it is not known.
  func region(ofSection index: Int) -> Int? { walker.layout.declaredRegion(of: index) }

  /// The declared region that an output section of the program is loaded into, if it is named there or before; nil for
  /// none, and where it is not known.
  func loadRegion(ofSection index: Int) -> Int? { walker.layout.loadRegion(of: index) }
}

/// What each part of one expression came to.
struct ExpressionValues {
  private let evaluator: Evaluator<Walker>
  private let outcomes: [Outcome]
  private let first: UInt32

  init(
    _ evaluator: Evaluator<Walker>, of expression: ExpressionID,
    table: ExpressionTable
  ) {
    self.evaluator = evaluator
    outcomes = evaluator.evaluateAll(expression)
    first = table.nodes(of: expression).lowerBound
  }

  /// The value of a part as an address or number; nil if unknown.
  func callAsFunction(_ part: ExpressionID) -> UInt64? {
    outcome(part).flatMap { address(of: $0) }
  }

  /// `left operation right` as the linker would compute it; nil if unknown.
  func apply(
    _ operation: BinaryOperator, _ left: ExpressionID, _ right: ExpressionID
  ) -> UInt64? {
    guard let one = outcome(left), let other = outcome(right) else { return nil }
    var results: Set<UInt64?> = []
    for branch in evaluator.pairs(one, other, { evaluator.binary(operation, $0, $1) }).branches {
      if case .value(let value) = branch {
        results.insert(value.offset.exact)
      } else {
        results.insert(nil)
      }
    }
    return results.count == 1 ? results.first ?? nil : nil
  }

  private func outcome(_ part: ExpressionID) -> Outcome? {
    guard part.index >= first, Int(part.index - first) < outcomes.count else { return nil }
    return outcomes[Int(part.index - first)]
  }
}

/// The address that all ways of an outcome agree on: a map leaves open what a line is relative to, and
/// the address is the same either way.
func address(of outcome: Outcome) -> UInt64? {
  var found: UInt64?
  for branch in outcome.branches {
    guard case .value(let value) = branch, let address = value.address.exact,
      found == nil || found == address
    else { return nil }
    found = address
  }
  return found
}
