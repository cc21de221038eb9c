// The words inside `VERSION { ... }`, whose states change with the braces (ldlex.l, VERS_START and on).

extension Lexer {
  /// The token at the current position, which is neither blank nor comment.
  mutating func lexVersion(_ byte: UInt8, from start: Int) -> TokenKind? {
    switch versionState {
    case .start:
      guard byte == 0x7B else { return nil }
      versionState = .script
      return take(.leftBrace)
    case .script:
      return lexVersionScript(byte, from: start)
    case .node(let nesting):
      return lexVersionNode(byte, nesting: nesting, from: start)
    }
  }

  private mutating func take(_ kind: TokenKind) -> TokenKind {
    position &+= 1
    return kind
  }

  private func separator(_ byte: UInt8) -> TokenKind? {
    switch byte {
    case 0x3A: .colon
    case 0x2C: .comma
    case 0x3B: .semicolon
    default: nil
    }
  }

  private mutating func lexVersionScript(_ byte: UInt8, from start: Int) -> TokenKind? {
    if let kind = separator(byte) { return take(kind) }
    if byte == 0x7B {
      versionState = .node(nesting: 0)
      return take(.leftBrace)
    }
    if byte == 0x7D { return take(.rightBrace) }
    guard isClass(byte, .tagFirst) else { return nil }
    position = end(of: .tagNext, from: start &+ 1)
    lastToken = Token(kind: .name, start: start, end: position)
    return .name
  }

  private mutating func lexVersionNode(
    _ byte: UInt8, nesting: Int, from start: Int
  ) -> TokenKind? {
    if byte == 0x22 { return lexQuoted(from: start) }
    if let kind = separator(byte) { return take(kind) }
    if byte == 0x7B {
      versionState = .node(nesting: nesting + 1)
      return take(.leftBrace)
    }
    if byte == 0x7D {
      versionState = nesting == 0 ? .script : .node(nesting: nesting - 1)
      return take(.rightBrace)
    }
    guard isClass(byte, .versionFirst) else { return nil }
    var end = start &+ 1
    while end < reader.count {
      if isClass(reader[end], .versionNext) {
        end &+= 1
      } else if reader[end] == 0x3A, end &+ 1 < reader.count, reader[end &+ 1] == 0x3A {
        end &+= 2
      } else {
        break
      }
    }
    position = end
    if let keyword = versionKeyword(start, end) { return keyword }
    lastToken = Token(kind: .name, start: start, end: end)
    return .name
  }

  private func versionKeyword(_ start: Int, _ end: Int) -> TokenKind? {
    func spells(_ word: StaticString) -> Bool {
      word.utf8CodeUnitCount == end &- start
        && zip(word.description.utf8, start..<end).allSatisfy { reader[$1] == $0 }
    }
    if spells("global") { return .global }
    if spells("local") { return .local }
    return spells("extern") ? .versionExtern : nil
  }
}
