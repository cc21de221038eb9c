// Expressions as JSON.

import LdsParser

extension ScriptJSON {
  /// Writes an expression; `ScriptJSON.tooDeepExpression` has bounded the recursion.
  func write(_ id: ExpressionID) {
    let span = script.expressions.span(id)
    switch script.expressions[id] {
    case .integer(let value): node("integer", span) { json.member("value", hex: value) }
    case .symbol(let name):
      node("symbol", span) { json.member("name", script.names.bytes(name)) }
    case .locationCounter: node("location-counter", span)
    case .sizeofHeaders: node("sizeof-headers", span)
    case .unary(let operation, let operand):
      node("unary", span) {
        json.member("operator", operation.rawValue)
        operands([operand])
      }
    case .binary(let operation, let left, let right):
      node("binary", span) {
        json.member("operator", operation.rawValue)
        operands([left, right])
      }
    case .conditional(let condition, let first, let second):
      node("conditional", span) { operands([condition, first, second]) }
    case .call1(let function, let argument):
      call(function.rawValue, span, [argument])
    case .call2(let function, let first, let second):
      call(function.rawValue, span, [first, second])
    case .nameCall(let function, let name):
      call(function.rawValue, span, name: name, [])
    case .segmentStart(let name, let preset):
      call("SEGMENT_START", span, name: name, [preset])
    case .assertion(let condition, let message):
      call("ASSERT", span, name: message, [condition])
    }
  }

  private func call(
    _ function: String, _ span: SourceSpan, name: NameID? = nil, _ arguments: [ExpressionID]
  ) {
    node("call", span) {
      json.member("function", function)
      if let name { json.member("name", script.names.bytes(name)) }
      operands(arguments)
    }
  }

  private func operands(_ operands: [ExpressionID]) {
    if !operands.isEmpty { json.array("operands", operands) { write($0) } }
  }
}
