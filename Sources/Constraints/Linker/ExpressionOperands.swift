// The names in an expression, which are what people look for beside a verdict.

internal import LdsParser

extension ExpressionTable {
  /// What the names in an expression come to.
  func operands(of id: ExpressionID, in scope: some EvaluationScope) -> [ExpressionID: UInt64] {
    let evaluator = Evaluator(self, scope: scope)
    var operands: [ExpressionID: UInt64] = [:]
    for operand in named(in: id) {
      guard case .value(let value)? = evaluator.evaluate(operand).single else { continue }
      operands[operand] = value.address.exact
    }
    return operands
  }

  /// The names in an expression, each once: symbols, the location counter, functions of a name.
  func named(in id: ExpressionID) -> [ExpressionID] {
    var seen: Set<ExpressionNode> = []
    return nodes(of: id).compactMap { index in
      let operand = ExpressionID(index: index)
      switch self[operand] {
      case .symbol, .locationCounter, .nameCall, .sizeofHeaders:
        return seen.insert(self[operand]).inserted ? operand : nil
      default: return nil
      }
    }
  }
}
