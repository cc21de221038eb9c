// INCLUDE: a file whose statements stand where the command stands. Nothing is opened here; the provider is
// asked, first for the name as written, then in each search path.

extension ScriptParser {
  /// `INCLUDE file` with a list of statements.
  mutating func readInclude(_ level: StatementLevel) throws(SyntaxError) -> Statement.Kind {
    var statements: [Statement] = []
    let name = try readIncluded(in: level.state) { parser throws(SyntaxError) in
      statements = parser.readStatements(level)
    }
    return .include(name, statements)
  }

  /// Reads `INCLUDE file` in any place; `read` reads what the file holds, up to its end.
  mutating func readIncluded(
    in state: LexerState, _ read: (inout ScriptParser) throws(SyntaxError) -> Void
  ) throws(SyntaxError) -> SpannedName {
    take()
    let name = try expectName("the name of the file to include", in: state)
    guard let buffer = open(name) else { return name }
    let source = script.sources.add(buffer)
    let end = (lastEnd, lastKind)
    let statement = (statementStart, statementWord)
    lexer.push(buffer, source: source)
    defer {
      pending = nil
      script.sources.attach(lexer.pop(), to: source)
      (lastEnd, lastKind) = end
      (statementStart, statementWord) = statement
    }
    (statementStart, statementWord) = (0, nil)
    try read(&self)
    while peek(state) != .endOfInclude {
      _ = unexpected("the end of the included file")
      take()
      skipStatement(in: state)
    }
    return name
  }

  private mutating func open(_ name: SpannedName) -> SourceBuffer? {
    if lexer.depth >= Limit.linkerIncludeDepth {
      error(
        "include-depth", "INCLUDE nested deeper than \(Limit.linkerIncludeDepth) files",
        at: name.span)
      return nil
    }
    let wanted = FilePath(bytes: script.names.bytes(name.name))
    let candidates = [wanted] + options.searchPaths.map { $0.appending(wanted) }
    for path in candidates {
      do {
        guard let buffer = try provider.open(path) else { continue }
        if lexer.isOpen(buffer.path) {
          error(
            "include-cycle", "'\(path.display)' is being read already; INCLUDE would never end",
            at: name.span)
          return nil
        }
        return buffer
      } catch {
        self.error(error.id, "cannot read '\(path.display)': \(error.message)", at: name.span)
        return nil
      }
    }
    let places = options.searchPaths.isEmpty ? "" : ", nor in the search paths"
    error("include-not-found", "there is no file '\(wanted.display)'\(places)", at: name.span)
    return nil
  }
}
