// What stands between two tokens of one line, and what fits on one.

extension LayoutPrinter {
  /// Blanks before a token that stands on the line of the token before it.
  func gap(before index: Int) -> Int {
    let token = tokens[index]
    let last = tokens[index - 1]
    if !token.isCode || !last.isCode { return 1 }
    if last.kind == .leftParen || token.kind == .rightParen || token.kind == .semicolon { return 0 }
    if token.kind == .leftBrace || last.kind == .leftBrace || token.kind == .rightBrace { return 1 }
    if last.kind == .rightBrace { return word(index).first == UInt8(ascii: ",") ? 0 : 1 }
    if token.kind == .leftParen, last.kind == .word,
      StatementWords.takesParentheses(word(index - 1))
    {
      return 0
    }
    if token.kind == .comma { return 0 }
    if last.kind == .comma { return 1 }
    if last.kind == .sign, isUnary(index - 1) {
      return token.kind == .sign && !token.isGlued ? 1 : 0
    }
    if token.kind == .sign || last.kind == .sign { return 1 }
    return token.isGlued ? 0 : 1
  }

  /// Whether an operator has no value before it.
  private func isUnary(_ index: Int) -> Bool {
    switch word(index).first {
    case UInt8(ascii: "!"), UInt8(ascii: "~"): return tokens[index].range.count == 1
    case UInt8(ascii: "-"), UInt8(ascii: "+"):
      guard tokens[index].range.count == 1, let before = tokens[..<index].last(where: \.isCode)
      else { return false }
      return before.kind == .sign || before.kind == .leftParen || before.kind == .comma
    default: return false
    }
  }

  /// Columns from the first byte of one token to the end of another, on one line.
  func measured(_ first: Int, _ last: Int) -> Int {
    guard first <= last else { return 0 }
    var width = tokens[first].range.count
    for index in (first + 1)..<(last + 1) {
      width += gap(before: index) + tokens[index].range.count
    }
    return width
  }

  /// Whether a brace opens the block of a command: it stands on a line of its own.
  func isCommandBrace(_ index: Int) -> Bool {
    guard let last = state.lastCode, last == state.statement else { return false }
    return StatementWords.isCommand(word(last))
  }

  /// Whether the block that a brace opens stays on one line: its author wrote it so, it holds one statement at
  /// most, and it fits.
  func isOneLine(_ open: Int) -> Bool {
    if isCommandBrace(open) { return false }
    var depth = 0
    var first: Int?
    for index in (open + 1)..<tokens.count {
      let token = tokens[index]
      guard token.isCode, token.lineEnds == 0, token.kind != .leftBrace else { return false }
      if token.kind == .rightBrace { return fits(index) }
      if depth == 0, let statement = first {
        let last = tokens[index - 1].kind
        if last == .semicolon, token.kind != .semicolon { return false }
        if last == .rightParen, endsClosed(statement, before: index) { return false }
      }
      first = first ?? index
      if token.kind == .leftParen { depth += 1 }
      if token.kind == .rightParen { depth -= 1 }
    }
    return false
  }

  /// Whether the line of the statement that is being printed ends within the width, with its closing brace and
  /// what follows that on the same line.
  private func fits(_ close: Int) -> Bool {
    var end = close
    while end + 1 < tokens.count, tokens[end + 1].isCode, tokens[end + 1].lineEnds == 0,
      tokens[end + 1].kind != .rightBrace, !StatementWords.beginsStatement(word(end + 1))
    {
      end += 1
    }
    let start = state.statement ?? close
    return state.statementIndent + measured(start, end) <= width
  }
}
