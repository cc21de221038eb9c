// `##`: two spellings put together and read again as one token.

extension PreprocessorEngine {
  /// Pastes `first` with what follows it in the innermost expansion and makes the result the next token.
  mutating func pasteAll(_ first: MacroToken) {
    var left = first
    guard let top = contexts.indices.last else { return }
    while contexts[top].position < contexts[top].tokens.count, !isStopped {
      let right = contexts[top].tokens[contexts[top].position]
      contexts[top].position += 1
      if right.kind == .padding { break }
      guard let pasted = paste(left, right) else {
        left.flags.remove(.pasteLeft)
        contexts[top].position -= 1
        if !isAssembler {
          error(
            "invalid-paste",
            "'\(quoted(left))' ## '\(quoted(right))' makes no single token",
            at: outermostSpan(first)
          )
        }
        break
      }
      left = pasted
      if !right.flags.contains(.pasteLeft) { break }
    }
    left.flags.remove(.pasteLeft)
    push([left])
  }

  /// The token that two spellings make together, or nil if they make more than one.
  private mutating func paste(_ left: MacroToken, _ right: MacroToken) -> MacroToken? {
    var spelling = text(left)
    // `/` ## `/` would start a comment.
    if left.kind == .slash, right.kind != .assign { return nil }
    appendText(of: right, to: &spelling)
    guard var token = readPasted(spelling) else { return nil }
    token.flags = left.flags.intersection(.prevWhite)
    token.source = left.source
    token.start = left.start
    token.end = left.end
    token.call = left.call
    return token
  }

  private func isName(_ spelling: [UInt8]) -> Bool {
    for byte in spelling where !isNameByte(byte) { return false }
    return true
  }

  /// Reads `spelling` as exactly one token. Common case first: a word and more of a word.
  private mutating func readPasted(_ spelling: [UInt8]) -> MacroToken? {
    guard let first = spelling.first else { return nil }
    if !Self.isDigit(first), isName(spelling) {
      var token = MacroToken(kind: .identifier, source: 0, start: 0, end: 0)
      token.value = UInt32(truncatingIfNeeded: names.intern(spelling))
      token.made = make(spelling)
      return token
    }
    let savedCount = diagnostics.count
    let (token, isWhole) = lexing(spelling) { engine in
      let token = engine.lexToken()
      return (token, engine.input.position == spelling.count && token.kind != .end)
    }
    if diagnostics.count > savedCount { diagnostics.removeSubrange(savedCount...) }
    guard isWhole, token.flags.isEmpty else { return nil }
    var pasted = token
    pasted.made = make(spelling)
    return pasted
  }

  /// What `read` makes of text that stands in no file.
  mutating func lexing<Result>(
    _ text: [UInt8], _ read: (inout PreprocessorEngine) -> Result
  ) -> Result {
    let buffer = SourceBuffer(path: FilePath(""), bytes: text)
    let saved = input
    let savedDirective = inDirective
    inDirective = true
    input.reader = buffer.reader
    input.position = 0
    input.atLineStart = false
    let result = read(&self)
    input = saved
    inDirective = savedDirective
    withExtendedLifetime(buffer) {}
    return result
  }
}
