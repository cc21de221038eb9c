// `MEMORY { ROM (rx) : ORIGIN = 0x8000, LENGTH = 64K }` (ld-semantics 2.1).

extension ScriptParser {
  mutating func readMemory() throws(SyntaxError) -> Statement.Kind {
    take()
    let open = try expect(.leftBrace, "'{' after MEMORY", in: .script)
    var regions: [MemoryRegion] = []
    try readRegions(into: &regions)
    try expectClosing(open, in: .script)
    return .memory(regions)
  }

  /// Regions up to the closing brace or the end of the included file, which stays.
  private mutating func readRegions(into regions: inout [MemoryRegion]) throws(SyntaxError) {
    var isFirst = true
    while true {
      switch peek(.script) {
      case .rightBrace, .endOfInclude: return
      case .comma where !isFirst: take()
      default: break
      }
      switch peek(.script) {
      case .name: regions.append(try readRegion())
      case .semicolon:
        let token = take()
        error(
          "stray-semicolon", "';' is not allowed in MEMORY: the next region follows without one",
          at: lexer.span(token.start, token.end))
      case .include:
        _ = try readIncluded(in: .script) { parser throws(SyntaxError) in
          try parser.readRegions(into: &regions)
        }
      default: throw unexpected("the name of a memory region or '}'")
      }
      isFirst = false
    }
  }

  private mutating func readRegion() throws(SyntaxError) -> MemoryRegion {
    let start = nextStart
    let name = spannedName(take())
    if !registry.regions.insert(name.name).inserted {
      warning(
        "duplicate-region", "memory region \(quoted(name)) is declared again", at: name.span)
    }
    let attributes = try readAttributes()
    try expect(.colon, "':' after the region's name, with a blank before it", in: .script)
    try expect(.origin, ["org", "o"], "ORIGIN (or org, o) of the region", in: .script)
    try expect(.assign, "'=' after ORIGIN", in: .script)
    let origin = try readExpression()
    let hasComma = takeIf(.comma, in: .expression)
    if !hasComma, !options.dialect.follows(.regionsNeedNoComma) {
      throw unexpected("',' and LENGTH (or len, l)")
    }
    try expect(
      .length, ["len", "l"],
      hasComma
        ? "LENGTH (or len, l)" : "',' and LENGTH (without the comma only the long word works)",
      in: hasComma ? .script : .expression)
    try expect(.assign, "'=' after LENGTH", in: .script)
    let length = try readExpression()
    let span = span(from: start)
    relexName()
    return MemoryRegion(
      name: name, attributes: attributes, origin: origin, length: length, span: span)
  }

  /// A word of MEMORY, which may be a name elsewhere.
  private mutating func expect(
    _ kind: TokenKind, _ shortForms: [String], _ wanted: String, in state: LexerState
  ) throws(SyntaxError) {
    if peek(state) == .name, !options.dialect.follows(.memoryWordsEverywhere), let pending,
      shortForms.contains(where: {
        $0.utf8.elementsEqual(lexer.reader.copy(pending.start, pending.end))
      })
    {
      take()
      return
    }
    try expect(kind, wanted, in: state)
  }

  /// `(rx!w)`
  private mutating func readAttributes() throws(SyntaxError) -> [SectionFlagTerm] {
    guard takeIf(.leftParen, in: .script) else { return [] }
    var attributes: [SectionFlagTerm] = []
    repeat {
      let isNegated = takeIf(.exclamation, in: .script)
      let letters = try expectName("attribute letters (r w x a i l)", in: .script)
      checkAttributes(letters)
      attributes.append(SectionFlagTerm(name: letters, isNegated: isNegated))
    } while !takeIf(.rightParen, in: .script)
    return attributes
  }

  private mutating func checkAttributes(_ letters: SpannedName) {
    let known = Array("!rwxaliRWXALI".utf8)
    for letter in script.names.bytes(letters.name) where !known.contains(letter) {
      let shown = String(decoding: [letter], as: UTF8.self)
      return error(
        "unknown-attribute", "unknown memory attribute '\(shown)'; the letters are r w x a i l",
        at: letters.span)
    }
  }
}
