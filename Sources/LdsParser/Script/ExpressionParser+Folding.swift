// Operators over constants are computed while parsing, as GNU ld does: `5/0` is fatal even in a branch that is
// never taken, and maps show one number (ld-semantics 3.3).

extension ScriptParser {
  mutating func fold(
    _ operation: BinaryOperator, _ left: ExpressionStack.Operand, _ right: ExpressionStack.Operand
  ) throws(SyntaxError) -> UInt64? {
    guard let first = script.expressions.foldedValue(left.expression),
      let second = script.expressions.foldedValue(right.expression)
    else { return nil }
    switch LinkerArithmetic.apply(operation, first, second, dialect: options.dialect) {
    case .value(let value): return value
    // It is divided when it is evaluated, and then only if the value is needed.
    case .divisionByZero where !options.dialect.follows(.foldsNumbers): return nil
    case .divisionByZero:
      error(
        "division-by-zero",
        "'\(operation.rawValue)' by the constant 0; the linker stops here, "
          + "even where the value is never used", at: lexer.span(left.start, right.end))
    case .divisionOverflow:
      error(
        "division-overflow",
        "the least signed number '\(operation.rawValue)' -1 makes GNU ld crash",
        at: lexer.span(left.start, right.end))
    }
    return nil
  }
}
