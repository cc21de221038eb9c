// Operators and brackets, and the states that have them (ld-semantics 1.1, ldlex.l).

extension Lexer {
  /// The longest operator at the current position that exists in `state`, or nil.
  mutating func lexPunctuation(_ byte: UInt8, in state: LexerState) -> TokenKind? {
    let next = position &+ 1 < reader.count ? reader[position &+ 1] : 0
    let afterNext = position &+ 2 < reader.count ? reader[position &+ 2] : 0
    if let kind = shiftAssignment(byte, next, afterNext, in: state) { return take(kind, 3) }
    if next == 0x3D, let kind = assignment(byte, in: state) { return take(kind, 2) }
    if state == .expression, let kind = twoByteOperator(byte, next) { return take(kind, 2) }
    if let kind = single(byte, in: state) { return take(kind, 1) }
    if state == .expression, byte == 0x2F { return lexDiscardOrDivide() }
    return nil
  }

  private mutating func take(_ kind: TokenKind, _ count: Int) -> TokenKind {
    position &+= count
    return kind
  }

  private func shiftAssignment(
    _ byte: UInt8, _ next: UInt8, _ afterNext: UInt8, in state: LexerState
  ) -> TokenKind? {
    guard byte == next, afterNext == 0x3D, state != .inputList else { return nil }
    if byte == 0x3C { return .shiftLeftAssign }
    return byte == 0x3E ? .shiftRightAssign : nil
  }

  private func assignment(_ byte: UInt8, in state: LexerState) -> TokenKind? {
    if state == .inputList { return nil }
    switch byte {
    case 0x2B: return .plusAssign
    case 0x2D: return .minusAssign
    case 0x2A: return .timesAssign
    case 0x2F: return .divideAssign
    case 0x26: return .andAssign
    case 0x7C: return .orAssign
    case 0x5E: return dialect.follows(.caretAssignment) ? .xorAssign : nil
    default: return nil
    }
  }

  private func twoByteOperator(_ byte: UInt8, _ next: UInt8) -> TokenKind? {
    switch (byte, next) {
    case (0x7C, 0x7C): .orOr
    case (0x26, 0x26): .andAnd
    case (0x3D, 0x3D): .equal
    case (0x21, 0x3D): .notEqual
    case (0x3E, 0x3D): .greaterOrEqual
    case (0x3C, 0x3D): .lessOrEqual
    case (0x3C, 0x3C): .shiftLeft
    case (0x3E, 0x3E): .shiftRight
    default: nil
    }
  }

  private func single(_ byte: UInt8, in state: LexerState) -> TokenKind? {
    switch byte {
    case 0x28: return .leftParen
    case 0x29: return .rightParen
    case 0x2C: return state == .wild ? nil : .comma
    default: break
    }
    if state == .inputList { return nil }
    switch byte {
    case 0x7B: return .leftBrace
    case 0x7D: return .rightBrace
    case 0x3B: return .semicolon
    case 0x3D: return .assign
    default: break
    }
    if state == .wild {
      switch byte {
      case 0x5B: return .leftBracket
      case 0x5D: return .rightBracket
      case 0x26: return .ampersand
      default: return nil
      }
    }
    return scriptSingle(byte) ?? (state == .expression ? expressionSingle(byte) : nil)
  }

  /// What can begin the part between a section's name and its brace must exist in scripts as well.
  private func scriptSingle(_ byte: UInt8) -> TokenKind? {
    switch byte {
    case 0x3E: .greater
    case 0x7E: .tilde
    case 0x21: .exclamation
    case 0x2B: .plus
    case 0x2D: .minus
    case 0x3A: .colon
    default: nil
    }
  }

  private func expressionSingle(_ byte: UInt8) -> TokenKind? {
    switch byte {
    case 0x26: .ampersand
    case 0x7C: .bar
    case 0x3F: .question
    case 0x2A: .times
    case 0x25: .remainder
    case 0x3C: .less
    case 0x5E: dialect.follows(.caret) ? .caret : nil
    default: nil
    }
  }

  /// `/DISCARD/` after a fill expression is the next section's name; any other slash divides.
  private mutating func lexDiscardOrDivide() -> TokenKind {
    let word: StaticString = "/DISCARD/"
    let end = position &+ word.utf8CodeUnitCount
    if end <= reader.count,
      zip(word.description.utf8, position..<end).allSatisfy({ reader[$1] == $0 })
    {
      lastToken = Token(kind: .name, start: position, end: end)
      position = end
      return .name
    }
    return take(.divide, 1)
  }
}
