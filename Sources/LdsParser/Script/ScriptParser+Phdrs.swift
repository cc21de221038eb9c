// `PHDRS { text PT_LOAD FILEHDR PHDRS FLAGS(5); note PT_NOTE; }` (ld manual, "PHDRS").

extension ScriptParser {
  mutating func readProgramHeaders() throws(SyntaxError) -> Statement.Kind {
    take()
    let open = try expect(.leftBrace, "'{' after PHDRS", in: .script)
    var headers: [ProgramHeaderDescription] = []
    while peek(.script) == .name { headers.append(try readProgramHeader()) }
    if peek(.script) != .rightBrace, peek(.script) != .endOfFile {
      throw unexpected("the name of a program header or '}'")
    }
    try expectClosing(open, in: .script)
    return .programHeaders(headers)
  }

  private mutating func readProgramHeader() throws(SyntaxError) -> ProgramHeaderDescription {
    let start = nextStart
    let name = spannedName(take())
    let type = try readExpression()
    checkType(type)
    var header = ProgramHeaderDescription(name: name, type: type, span: span(from: start))
    qualifiers: while true {
      switch peek(.expression) {
      case .name: try readQualifier(of: &header)
      case .at:
        take()
        let address = try readInParentheses("AT")
        // ld reads qualifiers from the last to the first, so the first one wins.
        header.loadAddress = header.loadAddress ?? address
      default: break qualifiers
      }
    }
    header.span = span(from: start)
    try expect(
      .semicolon, "FILEHDR, PHDRS, AT(address), FLAGS(value) or ';' after the program header",
      in: .expression)
    checkLoadOrder(header)
    return header
  }

  private mutating func readQualifier(
    of header: inout ProgramHeaderDescription
  ) throws(SyntaxError) {
    let word = spannedName(take())
    let value = peek(.expression) == .leftParen ? try readInParentheses("FLAGS") : nil
    switch (script.names.string(word.name), value) {
    case ("FILEHDR", nil): header.hasFileHeader = true
    case ("PHDRS", nil): header.hasProgramHeaders = true
    case ("FLAGS", let flags?): header.flags = header.flags ?? flags
    default:
      error(
        "unknown-phdr-qualifier",
        "\(quoted(word)) cannot qualify a program header; expected FILEHDR, PHDRS, AT(address) or "
          + "FLAGS(value)", at: word.span)
    }
  }

  /// `(e)` after a word; everything in it is read as in expressions.
  mutating func readInParentheses(_ word: String) throws(SyntaxError) -> ExpressionID {
    try expect(.leftParen, "'(' after \(word)", in: .expression)
    let value = try readExpression()
    try expect(.rightParen, "')' after the value", in: .expression)
    return value
  }

  private static let types: Set<String> = [
    "PT_NULL", "PT_LOAD", "PT_DYNAMIC", "PT_INTERP", "PT_NOTE", "PT_SHLIB", "PT_PHDR", "PT_TLS",
    "PT_GNU_EH_FRAME", "PT_GNU_STACK", "PT_GNU_RELRO", "PT_GNU_PROPERTY",
  ]

  private mutating func checkType(_ type: ExpressionID) {
    let word: String? =
      switch script.expressions[type] {
      case .symbol(let name): script.names.string(name)
      case .locationCounter: "."
      default: nil
      }
    if let word {
      if Self.types.contains(word) { return }
      if options.dialect.follows(.openBSDHeaderTypes), word.hasPrefix("PT_OPENBSD_") { return }
      return error(
        "unknown-phdr-type", "unknown program header type '\(word)'; write its number",
        at: script.expressions.span(type))
    }
    checkReadTime(type, "the type of a program header")
  }

  /// Reports a value that ld needs while it reads, but cannot know then.
  mutating func checkReadTime(_ value: ExpressionID, _ what: String) {
    let span = script.expressions.span(value)
    switch script.readTimeValue(value) {
    case .number: break
    case .notConstant:
      error("not-constant", "\(what) must be a constant, known before the layout", at: span)
    case .divisionByZero:
      error("division-by-zero", "division by zero in \(what)", at: span)
    }
  }

  /// The segment with the headers must come before other PT_LOAD segments.
  private mutating func checkLoadOrder(_ header: ProgramHeaderDescription) {
    var isLoad = script.expressions.foldedValue(header.type) == 1
    if case .symbol(let name) = script.expressions[header.type] {
      isLoad = script.names.string(name) == "PT_LOAD"
    }
    guard isLoad else { return }
    let hasHeaders = header.hasFileHeader || header.hasProgramHeaders
    if hasHeaders, registry.hasPlainLoad {
      error(
        "phdr-order",
        "PHDRS and FILEHDR are not supported when an earlier PT_LOAD header lacks them",
        at: header.span)
    }
    if !hasHeaders { registry.hasPlainLoad = true }
  }
}
