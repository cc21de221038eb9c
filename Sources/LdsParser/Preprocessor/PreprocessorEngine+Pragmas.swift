// `#pragma` and `_Pragma`: the few that steer preprocessing; in C the others are text for the compiler.

extension PreprocessorEngine {
  /// `#pragma …`.
  mutating func pragma() {
    var tokens: [MacroToken] = []
    while true {
      let token = lexToken()
      if token.kind == .end { break }
      tokens.append(token)
    }
    perform(pragma: tokens, at: tokens.first?.span)
  }

  /// - Parameter place: The pragma in its file.
  private mutating func perform(pragma tokens: [MacroToken], at place: SourceSpan?) {
    let words = tokens.prefix(2).map { quoted($0) }
    switch words.first ?? "" {
    case "once":
      if inputStack.count > 1, input.file >= 0 { readOnlyOnce(input.file) }
    case "push_macro":
      guard let name = macroName(tokens, place) else { break }
      savedDefinitions[name, default: []].append(names.entries[name].definition)
    case "pop_macro":
      guard let name = macroName(tokens, place), let saved = savedDefinitions[name]?.popLast()
      else { break }
      names.entries[name].definition = saved
      names.entries[name].isDisabled = false
    case "GCC" where words.count == 2 && (words[1] == "error" || words[1] == "warning"):
      let text = tokens.dropFirst(2).first.map { quoted($0) } ?? ""
      if words[1] == "error" {
        error("error-directive", "#pragma GCC error \(text)", at: place)
      } else {
        warning("warning-directive", "#pragma GCC warning \(text)", at: place)
      }
    default:
      if !isAssembler { showPragma(tokens) }
    }
  }

  private mutating func showPragma(_ tokens: [MacroToken]) {
    var line: [UInt8] = Array("#pragma ".utf8)
    for (index, token) in tokens.enumerated() {
      if index > 0, token.flags.contains(.prevWhite) { line.append(0x20) }
      appendText(of: token, to: &line)
    }
    showLine(String(decoding: line, as: UTF8.self))
  }

  /// The name in `push_macro("NAME")`.
  private mutating func macroName(_ tokens: [MacroToken], _ place: SourceSpan?) -> Int? {
    guard tokens.count >= 4, tokens[1].kind == .openParen, tokens[2].kind == .string else {
      error("bad-pragma", "#pragma needs a macro name in quotes and parentheses", at: place)
      return nil
    }
    return names.intern(Array(text(tokens[2]).dropFirst().dropLast()))
  }

  /// `_Pragma("…")`.
  mutating func expandPragmaOperator(_ token: MacroToken) -> Bool {
    preventExpansion += 1
    defer { preventExpansion -= 1 }
    let open = nextSolidToken()
    let string = open.kind == .openParen ? nextSolidToken() : open
    let close = string.kind == .string ? nextSolidToken() : string
    guard open.kind == .openParen, string.kind == .string, close.kind == .closeParen else {
      if open.kind != .openParen { unread(open) }
      error("bad-pragma", "_Pragma needs one string in parentheses", at: outermostSpan(token))
      return false
    }
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in text(string).dropFirst().dropLast() {
      if byte == UInt8(ascii: "\\"), !isEscaped {
        isEscaped = true
        continue
      }
      isEscaped = false
      bytes.append(byte)
    }
    // gcc breaks the line here even where it prints nothing.
    breakLine()
    let tokens = lexing(bytes) { engine in
      var tokens: [MacroToken] = []
      while true {
        var token = engine.lexToken()
        if token.kind == .end { return tokens }
        if token.made == 0 {
          token.made = engine.make(Array(bytes[Int(token.start)..<Int(token.end)]))
        }
        tokens.append(token)
      }
    }
    perform(pragma: tokens, at: outermostSpan(token))
    return true
  }
}
