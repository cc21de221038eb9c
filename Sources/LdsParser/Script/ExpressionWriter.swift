// Expressions as text with no more parentheses than needed: `!(_start & 0x1fffff)`. Numbers are hexadecimal,
// operators between values have blanks around them (`a/b` would be one name to GNU ld).

/// Writes expressions the way the linker reads them back.
public enum ExpressionWriter {
  /// What is still to be written.
  private enum Piece {
    case expression(ExpressionID, parentheses: Bool)
    case text(StaticString)
    case byte(UInt8)
    case word(String)
    case name(NameID, quoted: Bool)
  }

  /// Tighter than any binary operator.
  private static let unary = 12

  /// The text of `expression`, one style for every user.
  ///
  /// `folded` says whether parts that GNU ld computes while it parses are shown as their values.
  public static func text(
    of expression: ExpressionID, in table: ExpressionTable, names: NameTable, folded: Bool = false
  ) -> String {
    String(
      decoding: bytes(of: expression, in: table, names: names, folded: folded), as: UTF8.self)
  }

  /// The same text as bytes; names need not be UTF-8.
  public static func bytes(
    of expression: ExpressionID, in table: ExpressionTable, names: NameTable, folded: Bool = false
  ) -> [UInt8] {
    var output: [UInt8] = []
    // An expression may be a sum of a million terms: a stack, not recursion.
    var stack: [Piece] = [.expression(expression, parentheses: false)]
    while let piece = stack.popLast() {
      switch piece {
      case .text(let text): output += Array(text.description.utf8)
      case .byte(let byte): output.append(byte)
      case .word(let word): output += Array(word.utf8)
      case .name(let name, let quoted):
        let bytes = names.bytes(name)
        if quoted {
          NameWriter.append(bytes, quoted: true, to: &output)
        } else {
          NameWriter.append(bytes, to: &output)
        }
      case .expression(let id, let parentheses):
        if folded, let value = table.foldedValue(id) {
          output += hexadecimal(value)
        } else {
          let parts = pieces(of: table[id], in: table, folded: folded)
          if parentheses { stack.append(.byte(0x29)) }
          stack += parts.reversed()
          if parentheses { stack.append(.byte(0x28)) }
        }
      }
    }
    return output
  }

  /// `0x1fffff`
  static func hexadecimal(_ value: UInt64) -> [UInt8] {
    Array("0x".utf8) + Array(String(value, radix: 16).utf8)
  }

  private static func pieces(
    of node: ExpressionNode, in table: ExpressionTable, folded: Bool
  ) -> [Piece] {
    func operand(_ id: ExpressionID, atLeast precedence: Int) -> Piece {
      let isNumber = folded && table.foldedValue(id) != nil
      return .expression(
        id, parentheses: !isNumber && Self.precedence(of: table[id]) < precedence)
    }
    switch node {
    case .integer(let value):
      return hexadecimal(value).map { .byte($0) }
    case .symbol(let name):
      return [.name(name, quoted: false)]
    case .locationCounter:
      return [.byte(0x2E)]
    case .sizeofHeaders:
      return [.text("SIZEOF_HEADERS")]
    case .unary(let operation, let value):
      // `- -x` rather than `--x`, which other tools read as one operator.
      let isNested = if case .unary(operation, _) = table[value] { true } else { false }
      return [.word(operation.rawValue), operand(value, atLeast: isNested ? unary + 1 : unary)]
    case .binary(let operation, let left, let right):
      let precedence = operation.precedence
      return [
        operand(left, atLeast: precedence), .word(" \(operation.rawValue) "),
        operand(right, atLeast: precedence + 1),
      ]
    case .conditional(let condition, let first, let second):
      return [
        operand(condition, atLeast: 2), .text(" ? "), operand(first, atLeast: 2), .text(" : "),
        operand(second, atLeast: 1),
      ]
    default:
      return call(node)
    }
  }

  private static func call(_ node: ExpressionNode) -> [Piece] {
    func value(_ id: ExpressionID) -> Piece { .expression(id, parentheses: false) }
    switch node {
    case .call1(let function, let operand):
      return [.word(function.rawValue), .byte(0x28), value(operand), .byte(0x29)]
    case .call2(let function, let left, let right):
      return [
        .word(function.rawValue), .byte(0x28), value(left), .text(", "), value(right), .byte(0x29),
      ]
    case .nameCall(let function, let name):
      return [.word(function.rawValue), .byte(0x28), .name(name, quoted: false), .byte(0x29)]
    case .segmentStart(let name, let operand):
      return [
        .text("SEGMENT_START("), .name(name, quoted: true), .text(", "), value(operand),
        .byte(0x29),
      ]
    case .assertion(let condition, let message):
      return [
        .text("ASSERT("), value(condition), .text(", "), .name(message, quoted: true), .byte(0x29),
      ]
    default:
      return []
    }
  }

  private static func precedence(of node: ExpressionNode) -> Int {
    switch node {
    case .conditional: 1
    case .binary(let operation, _, _): operation.precedence
    case .unary: unary
    default: unary + 2
    }
  }
}
