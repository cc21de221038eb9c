// Reads a GNU ld script into a tree: `ENTRY(start) SECTIONS { .text : { *(.text) } }` (ld-semantics 2).
//
// ld's own parser is made by bison and decides with one token of lookahead, and a token looked at keeps the
// form it had in the state it was read in. This parser looks at the same tokens in the same states, so what
// ld refuses (`.text:{`, `r=5;`) is refused here, and for the same reason.

/// Parser of linker scripts.
public struct ScriptParser {
  /// What decides how a script is read.
  public struct Options: Sendable {
    /// The linker whose commands exist, and whose spelling of numbers and names counts.
    public var dialect: LinkerDialect
    /// Where INCLUDE looks after the name itself, in order (`-L`).
    public var searchPaths: [FilePath]
    /// Whether `FILE_OFFSET(symbol)` is read, which only constraints of a configuration have: as a reference to a
    /// symbol of that whole name.
    public var readsFileOffsets = false

    /// Options; without a dialect the newest GNU ld reads.
    public init(dialect: LinkerDialect = .bfd, searchPaths: [FilePath] = []) {
      self.dialect = dialect
      self.searchPaths = searchPaths
    }

    /// How a constraint of a configuration is read.
    public static var constraint: Options {
      var options = Options()
      options.readsFileOffsets = true
      return options
    }
  }

  /// Thrown after the diagnostic is recorded; caught where the next statement can be found.
  struct SyntaxError: Error {}

  let options: Options
  let provider: any SourceProvider
  var script: LinkerScript
  var lexer: Lexer
  /// The token that was looked at and not yet taken.
  var pending: Token?
  /// Offset after the last token that was taken, and its kind.
  var lastEnd = 0
  /// Offset of that token.
  var lastStart = 0
  /// Offset of the statement which is read.
  var statementStart = 0
  /// The name that begins the statement which is read; nil for others.
  var statementWord: (start: Int, end: Int)?
  var lastKind = TokenKind.endOfFile
  /// Whether the end of the file was complained about; one complaint is enough.
  var endWasReported = false
  var errorCount = 0
  /// Names whose repetition ld refuses while reading.
  var registry = NameRegistry()
  /// Depth of the statement lists that are being read.
  var listDepth = 0
  /// Work space of the expression reader.
  var expressionStack = ExpressionStack()

  init(
    _ main: SourceID, script: LinkerScript, options: Options, provider: any SourceProvider
  ) {
    var options = options
    options.dialect = options.dialect.reader
    self.options = options
    self.provider = provider
    self.script = script
    lexer = Lexer(
      buffer: script.sources.buffer(main), source: main, dialect: options.dialect)
  }

  /// Reads the script `main` of `sources`, and what it includes through `provider`.
  ///
  /// Faults are in ``LinkerScript/diagnostics``: errors where the linker refuses the script while reading it,
  /// several in one run. Line markers are attached to the sources of the result.
  public static func parse(
    _ main: SourceID, in sources: SourceSet, options: Options = Options(),
    provider: some SourceProvider = NoSources()
  ) -> LinkerScript {
    var parser = ScriptParser(
      main, script: LinkerScript(sources: sources, main: main), options: options,
      provider: provider)
    parser.script.statements = parser.readStatements(.top)
    parser.finish(main)
    return parser.script
  }

  /// Reads a script that is a buffer of its own.
  public static func parse(
    _ buffer: SourceBuffer, options: Options = Options(),
    provider: some SourceProvider = NoSources()
  ) -> LinkerScript {
    var sources = SourceSet()
    let main = sources.add(buffer)
    return parse(main, in: sources, options: options, provider: provider)
  }

  /// Reads the source `source` of `script` as one expression, such as the right side of `--defsym`.
  ///
  /// - Returns: the expression in `script.expressions`, or nil if diagnostics were added to `script`.
  public static func parseExpression(
    _ source: SourceID, in script: inout LinkerScript, options: Options = Options()
  ) -> ExpressionID? {
    var parser = ScriptParser(source, script: script, options: options, provider: NoSources())
    let result = parser.readLoneExpression()
    parser.reportLexicalFaults()
    script = parser.script
    return result
  }

  /// Reads `buffer` as one expression.
  ///
  /// - Returns: a script without statements that holds the expression, and the expression unless refused.
  public static func parseExpression(
    _ buffer: SourceBuffer, options: Options = Options()
  ) -> (script: LinkerScript, expression: ExpressionID?) {
    var sources = SourceSet()
    let main = sources.add(buffer)
    var script = LinkerScript(sources: sources, main: main)
    let expression = parseExpression(main, in: &script, options: options)
    return (script, expression)
  }

  private mutating func readLoneExpression() -> ExpressionID? {
    do {
      let expression = try readExpression()
      if peek(.expression) != .endOfFile {
        throw unexpected("an operator or the end of the expression")
      }
      return expression
    } catch {
      return nil
    }
  }

  mutating func finish(_ main: SourceID) {
    script.sources.attach(lexer.pop(), to: main)
    reportLexicalFaults()
    if errorCount > Limit.reportedErrors {
      script.diagnostics.append(
        Diagnostic(
          id: .tooManyErrors, severity: .error,
          message: "\(errorCount - Limit.reportedErrors) more errors are not shown", span: nil))
    }
  }

  // MARK: - Tokens

  /// The kind of the next token, which is read in `state` unless it was looked at before.
  mutating func peek(_ state: LexerState) -> TokenKind {
    if let pending { return pending.kind }
    let token = lexer.next(in: state)
    pending = token
    return token.kind
  }

  /// Takes the token that ``peek(_:)`` looked at.
  @discardableResult
  mutating func take() -> Token {
    guard let token = pending else { return Token(kind: .endOfFile, start: lastEnd, end: lastEnd) }
    // The end of a file is taken only by who opened it.
    if token.kind == .endOfFile { return token }
    pending = nil
    lastEnd = token.end
    lastStart = token.start
    lastKind = token.kind
    return token
  }

  /// Takes the next token if it is of `kind`.
  mutating func takeIf(_ kind: TokenKind, in state: LexerState) -> Bool {
    guard peek(state) == kind else { return false }
    take()
    return true
  }

  /// Takes a token of `kind`, or reports that `wanted` was expected.
  @discardableResult
  mutating func expect(
    _ kind: TokenKind, _ wanted: @autoclosure () -> String, in state: LexerState
  ) throws(SyntaxError) -> Token {
    guard peek(state) == kind else { throw unexpected(wanted()) }
    return take()
  }

  /// Takes a name.
  mutating func expectName(
    _ wanted: @autoclosure () -> String, in state: LexerState
  ) throws(SyntaxError) -> SpannedName {
    spannedName(try expect(.name, wanted(), in: state))
  }

  /// Reads a name that was looked at in another state again, as ld does after values (ldlex_backup).
  mutating func relexName() {
    guard let token = pending, token.kind == .name else { return }
    lexer.position = token.start
    pending = nil
  }

  // MARK: - Names and places

  /// The name that a token spells, without its quotes.
  mutating func spannedName(_ token: Token) -> SpannedName {
    SpannedName(
      intern(token), span: lexer.span(token.start, token.end), isQuoted: token.isQuoted)
  }

  mutating func intern(_ token: Token) -> NameID {
    let quote = token.isQuoted ? 1 : 0
    return script.names.intern(lexer.reader, token.start &+ quote, token.end &- quote)
  }

  /// Offset of the token that comes next.
  var nextStart: Int { pending?.start ?? lexer.position }

  /// The text from `start` to the end of the last token.
  func span(from start: Int) -> SourceSpan { lexer.span(start, max(start, lastEnd)) }
}
