// What the script parser says about its input, and how it finds the next statement after an error.

extension ScriptParser {
  /// Records that the next token is not what was expected there.
  mutating func unexpected(_ wanted: String, notes: [Diagnostic.Note] = []) -> SyntaxError {
    let token = pending ?? Token(kind: .endOfFile, start: lastEnd, end: lastEnd)
    let span = lexer.span(token.start, token.end)
    if reportSwallowedComment(before: token) || reportNumberSuffix(before: token)
      || reportMisspeltWord(before: token)
    {
      return SyntaxError()
    }
    switch token.kind {
    case .unterminatedComment:
      endWasReported = true
      error(
        "unterminated-comment",
        "comment '/*' is not closed before the end of the file, expected '*/'", at: span)
    case .endOfFile where endWasReported:
      break
    default:
      if token.kind == .endOfFile { endWasReported = true }
      let message = "found \(describe(token)), expected \(wanted)"
      error(.syntaxError, message, at: span, notes: notes + spellingHint() + releaseHint())
    }
    return SyntaxError()
  }

  /// Names a comment as what is wrong with the statement, and goes on behind it.
  private mutating func reportSwallowedComment(before token: Token) -> Bool {
    guard let start = lexer.swallowedComment, start <= token.start,
      let end = lexer.endOfComment(from: start + 2), start >= statementStart || token.start < end,
      !lexer.opensComment(from: start + 2, to: end - 2)
    else { return false }
    var wordStart = start - 1
    while wordStart > 0, lexer.isClass(lexer.reader[wordStart - 1], .expressionNext) {
      wordStart -= 1
    }
    let word = String(decoding: lexer.reader.copy(wordStart, start), as: UTF8.self)
    let reading =
      options.dialect == .lld
      ? "which \(options.dialect.name) does not take for a comment"
      : "where \(options.dialect.name) reads the name '\(word)/'"
    error(
      .syntaxError,
      "found '/*' directly behind '\(word)', \(reading); put a blank before the comment",
      at: lexer.span(start, start + 2))
    pending = nil
    lexer.position = max(lexer.position, end)
    return true
  }

  /// Names a command or function that is written with a slip as what is wrong with the statement.
  private mutating func reportMisspeltWord(before token: Token) -> Bool {
    var words: [(start: Int, end: Int)] = []
    if token.kind == .leftParen || token.kind == .leftBrace, lastKind == .name {
      words.append((lastStart, lastEnd))
    }
    if let word = statementWord, opensCall(behind: word.end) { words.append(word) }
    for word in words where word.end > word.start && word.end <= lexer.reader.count {
      let text = String(decoding: lexer.reader.copy(word.start, word.end), as: UTF8.self)
      guard let meant = Keyword.meant(by: text) else { continue }
      error(
        .syntaxError, "'\(text)' is no word of linker scripts; did you mean '\(meant)'?",
        at: lexer.span(word.start, word.end))
      return true
    }
    if token.kind == .leftBrace, opensVersionNode(behind: token.end) {
      error(
        .syntaxError,
        "this is a version script ('global:' and 'local:' in braces), which --version-script takes and -T does not",
        at: lexer.span(token.start, token.end))
      return true
    }
    if token.kind == .leftBrace, listDepth > 1, let word = statementWord, word.start == lastStart,
      lexer.reader[word.end - 1] != UInt8(ascii: ":")
    {
      let name = String(decoding: lexer.reader.copy(word.start, word.end), as: UTF8.self)
      error(
        .syntaxError, "found '{', expected ':' between '\(name)' and the braces of the section",
        at: lexer.span(token.start, token.end))
      return true
    }
    return false
  }

  /// Names a number with a suffix of other languages as what is wrong with the statement: `64KB`, `2G`, `0x1000U`.
  mutating func reportNumberSuffix(before token: Token) -> Bool {
    let names = [
      token.kind == .name ? (token.start, token.end) : nil,
      lastKind == .name ? (lastStart, lastEnd) : nil,
    ].compactMap { $0 }
    for (start, end) in names {
      var first = start
      while first > 0, ScriptParser.isWord(lexer.reader[first - 1]) { first &-= 1 }
      guard first < start, lexer.reader[first] &- 0x30 < 10 else { continue }
      let text = String(decoding: lexer.reader.copy(first, end), as: UTF8.self)
      error(
        .syntaxError,
        "'\(text)' is no number: it may end in K (times 1024) or M (times 1048576) and in nothing else",
        at: lexer.span(first, end))
      return true
    }
    return false
  }

  /// Whether the first word behind a brace is one of version scripts (ld manual, VERSION).
  private func opensVersionNode(behind brace: Int) -> Bool {
    var start = brace
    while start < lexer.reader.count, lexer.reader[start] <= 0x20 { start &+= 1 }
    let end = min(start + 7, lexer.reader.count)
    let word = String(decoding: lexer.reader.copy(start, end), as: UTF8.self)
    return word == "global:" || word.hasPrefix("local:")
  }

  private func opensCall(behind end: Int) -> Bool {
    var at = end
    while at < lexer.reader.count, lexer.reader[at] == 0x20 || lexer.reader[at] == 0x09 { at &+= 1 }
    return at < lexer.reader.count && lexer.reader[at] == UInt8(ascii: "(")
  }

  /// Why the word before the error may not be what its author thinks.
  private func spellingHint() -> [Diagnostic.Note] {
    guard lastKind == .name, lastEnd > 1, lexer.reader[lastEnd - 1] != 0x22 else { return [] }
    let last = lexer.span(lastEnd - 1, lastEnd)
    switch lexer.reader[lastEnd - 1] {
    case 0x2C:
      return [
        Diagnostic.Note("this ',' is part of the name before it; put a blank between", at: last)
      ]
    case 0x3A:
      return [
        Diagnostic.Note("this ':' is part of the name before it; put a blank between", at: last)
      ]
    default:
      return []
    }
  }

  /// Whether a name is a word that another release of a linker knows.
  func isWordOfOthers(_ token: Token?) -> Bool {
    guard let token, token.kind == .name, !token.isQuoted else { return false }
    return Keyword.rule(of: lexer.reader.copy(token.start, token.end)) != nil
  }

  /// Which linkers know the word at hand, where this one does not.
  private func releaseHint() -> [Diagnostic.Note] {
    let words = [pending.map { ($0.start, $0.end) }, (lastStart, lastEnd), statementWord]
      .compactMap { $0 }
    for (start, end) in words where end > start && end <= lexer.reader.count {
      guard let rule = Keyword.rule(of: lexer.reader.copy(start, end)),
        !options.dialect.follows(rule), let known = rule.whoFollows
      else { continue }
      let word = String(decoding: lexer.reader.copy(start, end), as: UTF8.self)
      return [
        Diagnostic.Note(
          "\(word) is for \(known); \(options.dialect.name) does not know it",
          at: lexer.span(start, end))
      ]
    }
    return []
  }

  /// Records an error; beyond ``Limit/reportedErrors`` they are only counted.
  mutating func error(
    _ id: DiagnosticID, _ message: String, at span: SourceSpan, notes: [Diagnostic.Note] = []
  ) {
    errorCount += 1
    guard errorCount <= Limit.reportedErrors else { return }
    script.diagnostics.append(
      Diagnostic(id: id, severity: .error, message: message, span: span, notes: notes))
  }

  /// Records something odd that the linker accepts.
  mutating func warning(_ id: DiagnosticID, _ message: String, at span: SourceSpan) {
    guard script.diagnostics.count < 2 * Limit.reportedErrors else { return }
    script.diagnostics.append(
      Diagnostic(id: id, severity: .warning, message: message, span: span))
  }

  /// A token as people call it.
  func describe(_ token: Token) -> String {
    switch token.kind {
    case .endOfFile: return "the end of the file"
    case .endOfInclude: return "the end of the included file"
    case .name where token.isQuoted: return "the quoted name \(text(token))"
    case .name, .libraryName: return "the name '\(text(token))'"
    case .integer: return "the number '\(text(token))'"
    default:
      let isWord = lexer.reader[token.start] | 0x20 &- 0x61 < 26
      return isWord ? "the keyword '\(text(token))'" : "'\(text(token))'"
    }
  }

  private func text(_ token: Token) -> String {
    let end = min(token.end, token.start + 60)
    let text = String(decoding: lexer.reader.copy(token.start, end), as: UTF8.self)
    return end < token.end ? text + "..." : text
  }

  /// The name for messages.
  func quoted(_ name: SpannedName) -> String { "'\(script.names.string(name.name))'" }

  /// Turns what the lexer noted into diagnostics.
  mutating func reportLexicalFaults() {
    let hasMark = reportByteOrderMark()
    for fault in lexer.faults.dropFirst(hasMark ? Self.byteOrderMark.count : 0) {
      switch fault.kind {
      case .invalidByte(let byte):
        let message = invalidByteMessage(byte, in: fault.state)
        if isRefused(byte, in: fault.state) {
          error(.invalidCharacter, message, at: fault.span)
        } else {
          warning(.invalidCharacter, message, at: fault.span)
        }
      case .malformedNumber:
        error("malformed-number", "lld cannot read this as a number", at: fault.span)
      }
    }
    reportTemplate()
    script.diagnostics.sort { left, right in
      guard let first = left.span, let second = right.span else { return false }
      return (first.source.index, first.start) < (second.source.index, second.start)
    }
  }

  /// The bytes that some editors put in front of UTF-8.
  private static var byteOrderMark: [UInt8] { [0xEF, 0xBB, 0xBF] }

  /// Says once of the three bytes what they are.
  private mutating func reportByteOrderMark() -> Bool {
    let count = Self.byteOrderMark.count
    guard lexer.reader.count >= count, lexer.reader.copy(0, count) == Self.byteOrderMark,
      lexer.faults.count >= count
    else { return false }
    let isRefused = !options.dialect.follows(.leavesOutStrayBytes)
    warning(
      .invalidCharacter,
      "the file begins with a byte order mark (U+FEFF), which is no part of the language: GNU ld ignores it with a "
        + "warning, and ld.lld \(isRefused ? "stops" : "would stop") here; save the file as UTF-8 without it",
      at: lexer.span(0, count))
    return true
  }

  private func invalidByteMessage(_ byte: UInt8, in state: LexerState) -> String {
    let place =
      switch state {
      case .script: "here"
      case .expression: "in an expression"
      case .wild: "inside an output section"
      case .inputList: "in a list of files"
      case .version: "in a version script"
      }
    let isPrintable = byte >= 0x20 && byte < 0x7F
    let digits = String(byte, radix: 16)
    let shown =
      isPrintable
      ? "character '\(Character(UnicodeScalar(byte)))'" : "byte 0x\(byte < 16 ? "0" : "")\(digits)"
    let hint = byte == 0x22 ? "; a quote that is not closed does not begin a name" : ""
    let effect =
      isRefused(byte, in: state)
      ? ", and \(options.dialect.name) refuses it" : "; the linker ignores it"
    return "\(shown) means nothing \(place)\(effect)\(hint)"
  }

  /// Whether a byte that makes no token stops the linker. In an output section lld takes it for the name of a file, but for
  /// a quote, which has to be closed.
  private func isRefused(_ byte: UInt8, in state: LexerState) -> Bool {
    (state == .script || state == .expression || byte == UInt8(ascii: "\""))
      && !options.dialect.follows(.leavesOutStrayBytes)
  }

  // MARK: - Recovery

  /// Goes on after the statement that was refused: behind its `;`, or behind the braces it opened, or before
  /// the brace that closes the list around it.
  mutating func skipStatement(in state: LexerState) {
    if let end = endOfCall(), end > pending?.start ?? lexer.position {
      pending = nil
      lexer.position = end
      lastEnd = end
      return
    }
    if let token = pending {
      switch token.kind {
      case .endOfFile, .endOfInclude: return
      case .unterminatedComment: lexer.position = lexer.reader.count
      default: lexer.position = token.start
      }
      pending = nil
    }
    var depth = 0
    while true {
      let token = lexer.nextForRecovery(in: state)
      switch token.kind {
      case .leftBrace:
        depth += 1
      case .rightBrace:
        if depth == 0 {
          pending = token
          return
        }
        depth -= 1
        if depth == 0 { return skipRestOfLine() }
      case .semicolon where depth == 0:
        lastEnd = token.end
        return
      case .endOfFile, .endOfInclude, .unterminatedComment:
        pending = token
        return
      default:
        break
      }
    }
  }

  /// The end of a statement of the form `WORD(...);`, by its parentheses; nil for others.
  private func endOfCall() -> Int? {
    let reader = lexer.reader
    var at = statementStart
    while at < reader.count, lexer.isClass(reader[at], .expressionNext) { at &+= 1 }
    guard at > statementStart, opensCall(behind: at) else { return nil }
    var depth = 0
    while at < reader.count {
      switch reader[at] {
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")"):
        depth -= 1
        if depth == 0 { return behindSemicolon(at + 1) }
      case 0x22:
        guard let close = reader.firstIndex(of: 0x22, from: at + 1, to: reader.count) else {
          return nil
        }
        at = close
      case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ";"): return nil
      default: break
      }
      at &+= 1
    }
    return nil
  }

  private func behindSemicolon(_ end: Int) -> Int {
    var at = end
    while at < lexer.reader.count, lexer.reader[at] == 0x20 || lexer.reader[at] == 0x09 { at &+= 1 }
    return at < lexer.reader.count && lexer.reader[at] == UInt8(ascii: ";") ? at + 1 : end
  }

  /// After the brace of a skipped section, `>REGION AT>REGION :segment` stands on the same line.
  private mutating func skipRestOfLine() {
    lastEnd = lexer.position
    let end =
      lexer.reader.firstIndex(of: 0x0A, from: lexer.position, to: lexer.reader.count)
      ?? lexer.reader.count
    var at = lexer.position
    while at < end, lexer.reader[at] != 0x7D, lexer.reader[at] != 0x2F { at &+= 1 }
    lexer.position = at
  }
}
