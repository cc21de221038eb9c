// GNU ld's own way of printing expressions (exp_print_tree), written independently of the parser: what
// was read must print as the line that was read.

import LdsParser

struct MapPrinter {
  let image: Image

  func text(_ statement: MapStatement.Kind) -> String? {
    switch statement {
    case .assignment(let assignment, _):
      let body = "\(name(assignment.target.name)) = \(text(assignment.value))"
      return assignment.kind == .provide ? "PROVIDE (\(body))" : body
    case .assertion(let assertion, _):
      return "ASSERT (\(text(assertion.condition)), \(name(assertion.message.name)))"
    default: return nil
    }
  }

  func text(_ id: ExpressionID) -> String {
    switch image.expressions[id] {
    case .integer(let value): "0x" + String(value, radix: 16)
    case .symbol(let symbol): name(symbol)
    case .locationCounter: "."
    case .sizeofHeaders: "SIZEOF_HEADERS"
    case .unary(let sign, let one): "\(sign.rawValue) (\(text(one)))"
    case .binary(let infix, let left, let right):
      "(\(text(left)) \(infix.rawValue) \(text(right)))"
    case .conditional(let condition, let first, let second):
      "\(text(condition))?\(text(first)):\(text(second))"
    case .call1(let function, let one): "\(function.rawValue) (\(text(one)))"
    case .call2(.dataSegmentRelroEnd, let first, let second):
      "DATA_SEGMENT_RELRO_END (\(text(second)), \(text(first)))"
    case .call2(let function, let first, let second):
      "\(function.rawValue) (\(text(first)), \(text(second)))"
    case .nameCall(let function, let operand): "\(function.rawValue) (\(name(operand)))"
    case .segmentStart(let segment, let one): "SEGMENT_START (\"\(name(segment))\", \(text(one)))"
    case .assertion(let one, let message): "ASSERT (\(text(one)), \(name(message)))"
    }
  }

  private func name(_ id: NameID) -> String { image.names.string(id) }
}
