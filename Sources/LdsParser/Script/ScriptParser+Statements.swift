// Statement lists: what may stand at the top of a script, directly inside SECTIONS, and inside an output
// section, with the separators that each place wants (ld-semantics 2.1 to 2.3).

/// The place of a statement list.
enum StatementLevel {
  case top, sections, outputSection

  /// The state in which its statements begin.
  var state: LexerState { self == .outputSection ? .wild : .script }
}

extension ScriptParser {
  /// Reads statements up to the end of the file or, inside braces, up to the closing one, which stays.
  mutating func readStatements(_ level: StatementLevel) -> [Statement] {
    listDepth += 1
    defer { listDepth -= 1 }
    var statements: [Statement] = []
    while true {
      switch peek(level.state) {
      case .endOfFile, .endOfInclude: return statements
      case .rightBrace where level != .top: return statements
      default: break
      }
      do {
        let statement = try readStatement(level)
        statements.append(statement)
        readSeparator(after: statement, level)
      } catch {
        skipStatement(in: level.state)
        // No list is open at the top that this brace could close.
        if level == .top, pending?.kind == .rightBrace { take() }
      }
    }
  }

  private mutating func readStatement(_ level: StatementLevel) throws(SyntaxError) -> Statement {
    let start = nextStart
    statementStart = start
    statementWord = pending.flatMap { $0.kind == .name ? ($0.start, $0.end) : nil }
    let kind =
      switch level {
      case .top: try readTopStatement()
      case .sections: try readSectionsStatement()
      case .outputSection: try readOutputStatement()
      }
    return Statement(kind, span: span(from: start))
  }

  /// The braces around a list: reads to the closing one, which is taken.
  mutating func readBraced(
    _ level: StatementLevel, _ what: String, state: LexerState
  ) throws(SyntaxError) -> [Statement] {
    let open = try expect(.leftBrace, "'{' \(what)", in: state)
    try checkDepth(listDepth, "groups", open)
    let statements = readStatements(level)
    try expectClosing(open, in: level.state)
    return statements
  }

  /// Refuses nesting beyond what recursion can bear.
  mutating func checkDepth(_ depth: Int, _ what: String, _ open: Token) throws(SyntaxError) {
    guard depth > Limit.nesting else { return }
    error(
      "nesting-limit", "\(what) nested deeper than \(Limit.nesting)",
      at: lexer.span(open.start, open.end))
    throw SyntaxError()
  }

  /// Takes the brace that closes `open`.
  mutating func expectClosing(_ open: Token, in state: LexerState) throws(SyntaxError) {
    if takeIf(.rightBrace, in: state) { return }
    let note = Diagnostic.Note("opened here", at: lexer.span(open.start, open.end))
    throw unexpected("'}'", notes: [note])
  }

  // MARK: - Separators

  /// Takes the separator after a statement, where one is wanted.
  private mutating func readSeparator(after statement: Statement, _ level: StatementLevel) {
    let state: LexerState
    switch statement.kind {
    case .assignment: state = level.state
    case .assertion
    where level == .outputSection && options.dialect.follows(.assertionsNeedSeparators):
      state = .expression
    default: return
    }
    let kind = peek(state)
    if kind == .semicolon || kind == .comma {
      take()
      return
    }
    let text = lexer.span(lastEnd, lastEnd)
    let what = if case .assignment = statement.kind { "the assignment" } else { "ASSERT" }
    if let token = pending, lastKind == .name, token.kind == .leftParen,
      case let word = String(decoding: lexer.reader.copy(lastStart, lastEnd), as: UTF8.self),
      let meant = Keyword.meant(by: word)
    {
      error(
        .syntaxError, "'\(word)' is no function of linker scripts; did you mean '\(meant)'?",
        at: lexer.span(lastStart, lastEnd))
    } else {
      reportMissingSeparator(what, at: text)
    }
    if goesOn(statement) { skipStatement(in: level.state) } else { relex() }
  }

  /// Whether what stands behind a statement without a separator belongs to it: the rest of its line.
  private func goesOn(_ statement: Statement) -> Bool {
    guard case .assignment = statement.kind, let token = pending else { return false }
    switch token.kind {
    case .rightBrace, .endOfFile, .endOfInclude, .unterminatedComment: return false
    default:
      return lexer.reader.firstIndex(of: 0x0A, from: lastEnd, to: max(token.start, lastEnd)) == nil
    }
  }

  private mutating func reportMissingSeparator(_ what: String, at span: SourceSpan) {
    if let token = pending, reportNumberSuffix(before: token) { return }
    let found = pending.map { describe($0) } ?? "nothing"
    error(
      .missingSeparator, "expected ';' or ',' after \(what), found \(found)", at: span)
  }

  /// Reads the pending token again in the state that is asked for next.
  mutating func relex() {
    guard let token = pending, token.kind != .endOfFile, token.kind != .endOfInclude,
      token.kind != .unterminatedComment
    else { return }
    lexer.position = token.start
    pending = nil
  }

  /// Reports a `;` that is not allowed directly inside SECTIONS.
  mutating func refuseSemicolon() -> SyntaxError {
    let token = pending ?? Token(kind: .semicolon, start: lastEnd, end: lastEnd)
    error(
      "stray-semicolon",
      "';' is not allowed here: directly inside SECTIONS it ends assignments only, and nothing follows "
        + "ASSERT(...), ENTRY(...), INCLUDE or the '}' of an output section",
      at: lexer.span(token.start, token.end))
    return SyntaxError()
  }

  // MARK: - Statements of every level

  /// `x = e` or `x += e`; the name is taken, the operator is pending.
  mutating func readAssignment(_ token: Token) throws(SyntaxError) -> Statement.Kind {
    let target = spannedName(token)
    if let pending, pending.kind != .assign, pending.kind != .plusAssign,
      !options.dialect.follows(.compoundAssignments)
    {
      throw unexpected("'=' or '+=', the only assignments that \(options.dialect.name) has")
    }
    let compound = take().kind.compoundOperator
    let isDot = isLocationCounter(target)
    guard let compound else {
      let value = try readExpression()
      return .assignment(
        Assignment(
          target: target, isLocationCounter: isDot, compound: nil, value: value, written: value,
          kind: .plain))
    }
    // ld makes `x = x + e` of `x += e`.
    let old = script.expressions.append(
      isDot ? .locationCounter : .symbol(target.name), span: target.span)
    let written = try readExpression()
    let value = script.expressions.append(
      .binary(compound, old, written),
      span: target.span.extended(to: script.expressions.span(written)))
    return .assignment(
      Assignment(
        target: target, isLocationCounter: isDot, compound: compound, value: value,
        written: written, kind: .plain))
  }

  /// `MAX = 5;`, for linkers to which the names of functions are ordinary names here; nil for anything else.
  mutating func readFunctionAssignment() throws(SyntaxError) -> Statement.Kind? {
    guard options.dialect.follows(.functionNamesAreSymbols), let pending, pending.kind.isFunction
    else { return nil }
    var name = take()
    guard peek(.script).isAssignment else { throw unexpected("'=' after the name") }
    name.kind = .name
    return try readAssignment(name)
  }

  /// `PROVIDE(x = e)`, `HIDDEN(x = e)`, `PROVIDE_HIDDEN(x = e)`.
  mutating func readProvide(
    _ kind: AssignmentKind, in state: LexerState
  ) throws(SyntaxError) -> Statement.Kind {
    take()
    let word = kind.rawValue
    try expect(.leftParen, "'(' after \(word)", in: state)
    let inner = options.dialect.follows(.providedNamesEndAtOperators) ? .expression : state
    let target = try expectName("the symbol that \(word) defines", in: inner)
    try expect(
      .assign, "'=' with blanks around it after the symbol (\(word) takes no '+=' and the like)",
      in: inner)
    let value = try readExpression()
    try expect(.rightParen, "')' after the value", in: .expression)
    let isDot = isLocationCounter(target)
    if isDot, kind.isProvide {
      error(
        "provide-location-counter", "the location counter '.' cannot be provided", at: target.span)
    }
    return .assignment(
      Assignment(
        target: target, isLocationCounter: isDot, compound: nil, value: value, written: value,
        kind: kind))
  }

  /// Whether a name that was just read is `.`, with or without quotes.
  func isLocationCounter(_ name: SpannedName) -> Bool {
    let quote = name.isQuoted ? 1 : 0
    let range = name.span.range
    return range.count == 1 + 2 * quote && lexer.reader[range.lowerBound + quote] == 0x2E
  }

  /// `ASSERT(e, "message")`
  mutating func readAssertion() throws(SyntaxError) -> Statement.Kind {
    take()
    try expect(.leftParen, "'(' after ASSERT", in: .expression)
    let condition = try readExpression()
    try expect(.comma, "',' and the message of ASSERT", in: .expression)
    let message = try expectName("the message of ASSERT in quotes", in: .expression)
    try expect(.rightParen, "')' after the message", in: .expression)
    return .assertion(Assertion(condition: condition, message: message))
  }

  /// `ENTRY(symbol)`
  mutating func readEntry() throws(SyntaxError) -> Statement.Kind {
    take()
    try expect(.leftParen, "'(' after ENTRY", in: .script)
    let symbol = try expectName("the entry symbol", in: .script)
    try expect(.rightParen, "')' after the entry symbol", in: .script)
    return .entry(symbol)
  }
}
