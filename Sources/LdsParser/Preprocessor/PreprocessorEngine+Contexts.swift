// Where the next token comes from: the innermost macro expansion being read, else the input.

extension PreprocessorEngine {
  /// The next token after macro expansion. Padding tokens tell the printer where tokens of different
  /// origin meet.
  mutating func nextToken() -> MacroToken {
    while true {
      if isStopped { return endToken() }
      var token: MacroToken
      if contexts.isEmpty {
        token = nextInputToken()
      } else {
        let top = contexts.count &- 1
        let position = contexts[top].position
        if position == contexts[top].tokens.count {
          popContext()
          if inDirective { continue }
          return .avoidPaste
        }
        token = contexts[top].tokens[position]
        contexts[top].position = position &+ 1
        if token.flags.contains(.pasteLeft) {
          pasteAll(token)
          if inDirective { continue }
          return .padding(for: token)
        }
      }
      if token.kind != .identifier || token.flags.contains(.noExpand) { return token }
      let name = Int(token.value)
      if names.entries[name].definition < 0, !adoptStandIn(name, token) { return token }
      if names.entries[name].isDisabled {
        token.flags.insert(.noExpand)
        return token
      }
      if preventExpansion > 0 || !expandMacro(token) { return token }
      if inDirective { continue }
      return .padding(for: token)
    }
  }

  /// The next token that is no padding.
  mutating func nextSolidToken() -> MacroToken {
    while true {
      let token = nextToken()
      if token.kind != .padding { return token }
    }
  }

  /// The next token of the input; directives are carried out on the way.
  mutating func nextInputToken() -> MacroToken {
    while true {
      let token = lookahead.popLast() ?? lexToken()
      if token.flags.contains(.lineStart), token.kind != .end {
        if token.kind == .hash, parsingArguments != 1, !inDirective {
          if handleDirective(token) { continue }
        }
        if parsingArguments == 0, !inDirective { startLine(token) }
      }
      if !inDirective, token.kind != .end, input.guardState != .inside { input.guardState = .none }
      return token
    }
  }

  /// Makes `tokens` the next to be read. `name` stays disabled until they are used up.
  mutating func push(_ tokens: [MacroToken], name: Int = -1) {
    contexts.append(Context(tokens: tokens, name: name))
  }

  /// Ends the innermost expansion.
  mutating func popContext() {
    guard let context = contexts.popLast() else { return }
    if context.name >= 0 { names.entries[context.name].isDisabled = false }
  }

  /// Gives the last token back, to be read again.
  mutating func unread(_ token: MacroToken) {
    if contexts.isEmpty {
      lookahead.append(token)
    } else {
      let top = contexts.count - 1
      if contexts[top].position > 0 { contexts[top].position -= 1 }
    }
  }

  /// Keeps `text` as the spelling of a made token; the result goes to ``MacroToken/made``.
  mutating func make(_ text: some Collection<UInt8>) -> UInt32 {
    made.bytes.append(contentsOf: text)
    made.ends.append(UInt32(truncatingIfNeeded: made.bytes.count))
    if made.bytes.count > options.pastedBytesLimit {
      stop("more than \(options.pastedBytesLimit >> 20) MiB of text made by # and ##", at: nil)
    }
    return UInt32(truncatingIfNeeded: made.ends.count)
  }

  /// Adds a token's text to `bytes`.
  func appendText(of token: MacroToken, to bytes: inout [UInt8]) {
    Self.appendText(of: token, made, readers, to: &bytes)
  }

  /// Adds a token's text to `bytes`.
  static func appendText(
    of token: MacroToken, _ made: MadeText, _ readers: [ByteReader?], to bytes: inout [UInt8]
  ) {
    if token.made != 0 {
      let index = Int(token.made) - 1
      let start = index == 0 ? 0 : Int(made.ends[index - 1])
      bytes.append(contentsOf: made.bytes[start..<Int(made.ends[index])])
    } else if token.start < token.end, let reader = readers[Int(token.source)] {
      reader.append(Int(token.start), Int(token.end), to: &bytes)
    }
  }

  /// A token's text.
  func text(_ token: MacroToken) -> [UInt8] {
    var bytes: [UInt8] = []
    appendText(of: token, to: &bytes)
    return bytes
  }

  /// A token's text for messages, cut if it is long.
  func quoted(_ token: MacroToken) -> String {
    let bytes = text(token)
    if bytes.count > 60 { return String(decoding: bytes[..<57], as: UTF8.self) + "..." }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Counts copied tokens against the limit.
  mutating func charge(_ count: Int, _ token: MacroToken) {
    copiedTokens += count
    if copiedTokens > options.expandedTokensLimit {
      stop(
        "macros expand to more than \(options.expandedTokensLimit) tokens", at: outermostSpan(token)
      )
    }
  }
}
