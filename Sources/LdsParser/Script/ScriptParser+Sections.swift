// What stands directly inside `SECTIONS { ... }`: output sections, overlays, groups, assignments.
//
//   .text ADDR(.head) + 4 (NOLOAD) : AT(0x100) ALIGN(16) { *(.text) } >ROM AT>FLASH :code =0x90

extension ScriptParser {
  mutating func readSectionsStatement() throws(SyntaxError) -> Statement.Kind {
    switch peek(.script) {
    case .name:
      let token = take()
      // Still read as in a script, because ld cannot know yet which of the two it is.
      if peek(.script).isAssignment { return try readAssignment(token) }
      return try readOutputSection(token)
    case .hidden: return try readProvide(.hidden, in: .script)
    case .provide: return try readProvide(.provide, in: .script)
    case .provideHidden: return try readProvide(.provideHidden, in: .script)
    case .assert: return try readAssertion()
    case .entry where options.dialect.follows(.entryInSections): return try readEntry()
    case .sectionClass:
      take()
      let name = try readClassName()
      let body = try readBraced(.outputSection, "and the input sections of the class", state: .wild)
      return .sectionClass(name, body)
    case .overlay: return try readOverlay()
    case .group: return try readSectionGroup()
    case .include: return try readInclude(.sections)
    case .semicolon: throw refuseSemicolon()
    default:
      if let assignment = try readFunctionAssignment() { return assignment }
      throw unexpected("an output section, an assignment, ASSERT(...), ENTRY(...) or '}'")
    }
  }

  /// The name in `CLASS(name)`.
  mutating func readClassName() throws(SyntaxError) -> SpannedName {
    try expect(.leftParen, "'(' after CLASS", in: .script)
    let name = try expectName("the name of a section class", in: .script)
    try expect(.rightParen, "')' after the name", in: .script)
    return name
  }

  // MARK: - Output sections

  private mutating func readOutputSection(_ token: Token) throws(SyntaxError) -> Statement.Kind {
    var section = OutputSectionDescription(name: spannedName(token))
    try readAddressAndType(of: &section)
    try readAttributes(of: &section)
    let state: LexerState = section.constraint == nil ? .expression : .wild
    section.body = try readBraced(.outputSection, Self.bodyWanted, state: state)
    section.tail = try readTail(hasLoadAddress: section.loadAddress != nil)
    return .outputSection(section)
  }

  private static let bodyWanted =
    "before the section's statements (in this order: AT(address) ALIGN(n) ALIGN_WITH_INPUT SUBALIGN(n) "
    + "ONLY_IF_RO '{')"

  /// The address and type before the colon, and the colon.
  private mutating func readAddressAndType(
    of section: inout OutputSectionDescription
  ) throws(SyntaxError) {
    if peek(.expression) == .bind, options.dialect.follows(.bindAddress) {
      section.address = try readBind()
    } else if peek(.expression) == .leftParen {
      let open = take()
      if let type = try readType() {
        section.type = type
        return try expectColon()
      }
      // The type of another release is no address.
      if isWordOfOthers(pending) {
        throw unexpected("a section type that this linker knows, or an address")
      }
      section.address = try readExpression(after: open)
    } else if peek(.expression) != .colon {
      section.address = try readExpression()
    }
    if takeIf(.leftParen, in: .expression) {
      guard let type = try readType() else {
        throw unexpected("a section type such as NOLOAD, or ')'")
      }
      section.type = type
    }
    try expectColon()
  }

  private mutating func expectColon() throws(SyntaxError) {
    try expect(
      .colon, "':' after the output section's name, address and type, with a blank before it",
      in: .expression)
  }

  /// `BIND(address)`, `BIND(address) BLOCK(n)`: an old spelling of the address.
  private mutating func readBind() throws(SyntaxError) -> ExpressionID {
    take()
    let address = try readInParentheses("BIND")
    if takeIf(.block, in: .expression) { _ = try readInParentheses("BLOCK") }
    return address
  }

  /// A section type and its closing parenthesis; nil if an expression follows the opening one instead.
  private mutating func readType() throws(SyntaxError) -> OutputSectionType? {
    let type: OutputSectionType
    switch peek(.expression) {
    case .rightParen:
      guard options.dialect.follows(.emptySectionType) else {
        throw unexpected("a section type such as NOLOAD, or an address")
      }
      take()
      return .normal
    case .noload: type = .noload
    case .dsect: type = .dsect
    case .copy: type = .copy
    case .info: type = .info
    case .overlay: type = .overlay
    case .type:
      let value = try readTypeValue()
      try expect(.rightParen, "')' after the section type", in: .expression)
      return .type(value)
    case .readonly:
      take()
      return try readReadonlyType()
    default: return nil
    }
    take()
    try expect(.rightParen, "')' after the section type", in: .expression)
    return type
  }

  private mutating func readReadonlyType() throws(SyntaxError) -> OutputSectionType {
    var type = OutputSectionType.readonly
    if options.dialect.follows(.typeNumber), takeIf(.leftParen, in: .expression) {
      guard peek(.expression) == .type else { throw unexpected("TYPE") }
      type = .readonlyType(try readTypeValue())
      try expect(.rightParen, "')' after the type's value", in: .expression)
    }
    try expect(.rightParen, "')' after the section type", in: .expression)
    return type
  }

  private mutating func readTypeValue() throws(SyntaxError) -> ExpressionID {
    take()
    try expect(.assign, "'=' after TYPE", in: .expression)
    return try readExpression()
  }

  /// What stands between the colon and the brace, in its fixed order.
  private mutating func readAttributes(
    of section: inout OutputSectionDescription
  ) throws(SyntaxError) {
    if takeIf(.at, in: .expression) { section.loadAddress = try readInParentheses("AT") }
    if takeIf(.align, in: .expression) { section.alignment = try readInParentheses("ALIGN") }
    section.alignsWithInput = takeIf(.alignWithInput, in: .expression)
    if takeIf(.subalign, in: .expression) {
      section.subalignment = try readInParentheses("SUBALIGN")
    }
    switch peek(.expression) {
    case .onlyIfRO: section.constraint = .onlyIfRO
    case .onlyIfRW: section.constraint = .onlyIfRW
    case .special: section.constraint = .special
    default: break
    }
    if section.constraint != nil { take() }
    if section.alignsWithInput, section.alignment != nil {
      error(
        "align-conflict", "ALIGN_WITH_INPUT and ALIGN(...) exclude each other",
        at: section.name.span)
    }
  }

  /// `>REGION AT>REGION :segment =fill` and a comma, all optional.
  private mutating func readTail(hasLoadAddress: Bool) throws(SyntaxError) -> OutputSectionTail {
    var tail = OutputSectionTail()
    // The state of the token behind a section; up to 2.35 an expression's, as in front of the braces.
    let state: LexerState = options.dialect.follows(.operatorsEndNames) ? .script : .expression
    if takeIf(.greater, in: state) {
      tail.region = try expectName("the memory region after '>'", in: .script)
    }
    if peek(state) == .at {
      let start = take().start
      try expect(.greater, "'>' and a memory region after AT", in: .script)
      tail.loadRegion = try expectName("the memory region after 'AT>'", in: .script)
      if hasLoadAddress {
        error(
          "load-conflict", "the section has both a load address and a load region",
          at: span(from: start))
      }
    }
    _ = peek(state)
    (tail.programHeaders, tail.fill) = try readHeadersAndFill()
    for region in [tail.region, tail.loadRegion] {
      if let region { registry.regions.insert(region.name) }
    }
    readTailComma()
    return tail
  }

  /// `:segment =fill`; the token behind them is left to be read as in a script.
  private mutating func readHeadersAndFill() throws(SyntaxError) -> ([SpannedName], ExpressionID?) {
    var headers: [SpannedName] = []
    while takeIf(.colon, in: .script) {
      headers.append(try expectName("a program header after ':'", in: .script))
    }
    guard takeIf(.assign, in: .script) else { return (headers, nil) }
    let fill = try readExpression()
    checkReadTime(fill, "a fill value")
    // ld reads a name behind the value again; other tokens keep the form they had in the expression.
    relexName()
    return (headers, fill)
  }

  private mutating func readTailComma() {
    let end = (lastEnd, lastKind)
    // The comma is no part of the statement.
    if takeIf(.comma, in: .script) { (lastEnd, lastKind) = end }
  }

  // MARK: - Overlays and groups

  /// `OVERLAY 0x1000 : NOCROSSREFS AT(0x4000) { .a { a.o(.text) } .b { b.o(.text) } } >RAM`
  private mutating func readOverlay() throws(SyntaxError) -> Statement.Kind {
    take()
    var overlay = OverlayDescription()
    if peek(.expression) != .colon { overlay.address = try readExpression() }
    try expect(.colon, "':' after OVERLAY and its address", in: .expression)
    overlay.forbidsCrossReferences = takeIf(.nocrossrefs, in: .expression)
    if takeIf(.at, in: .expression) { overlay.loadAddress = try readInParentheses("AT") }
    if peek(.expression) == .subalign {
      take()
      overlay.subalignment = try readInParentheses("SUBALIGN")
    }
    let open = try expect(
      .leftBrace, "'{' (after NOCROSSREFS AT(address) SUBALIGN(n))", in: .script)
    while peek(.script) == .name { overlay.members.append(try readOverlayMember()) }
    if peek(.script) != .rightBrace, peek(.script) != .endOfFile {
      throw unexpected("the name of a section in the overlay or '}'")
    }
    try expectClosing(open, in: .script)
    overlay.tail = try readTail(hasLoadAddress: overlay.loadAddress != nil)
    return .overlay(overlay)
  }

  private mutating func readOverlayMember() throws(SyntaxError) -> OverlayMember {
    let start = nextStart
    let name = spannedName(take())
    let body = try readBraced(
      .outputSection, "after the section's name (no ':' in an overlay)", state: .wild)
    let (headers, fill) = try readHeadersAndFill()
    let member = OverlayMember(
      name: name, body: body, programHeaders: headers, fill: fill, span: span(from: start))
    readTailComma()
    return member
  }

  /// `GROUP 0x1000 : { ... }`: ld sets dot and goes on with what the braces hold.
  private mutating func readSectionGroup() throws(SyntaxError) -> Statement.Kind {
    let start = take().start
    var header = OutputSectionDescription(
      name: SpannedName(script.names.intern("."), span: span(from: start)))
    try readAddressAndType(of: &header)
    var parts: [Statement] = []
    if let address = header.address {
      let assignment = Assignment(
        target: header.name, isLocationCounter: true, compound: nil, value: address,
        written: address, kind: .plain)
      parts.append(Statement(.assignment(assignment), span: span(from: start)))
    } else if !options.dialect.follows(.emptyGroupsAreSections) {
      error(
        "group-without-address", "GROUP needs an address; without one GNU ld crashes",
        at: span(from: start))
    }
    let body = try readBraced(.sections, "after GROUP and its address", state: .script)
    if body.isEmpty, options.dialect.follows(.emptyGroupsAreSections) {
      // An output section of that name.
      header.name.name = script.names.intern("GROUP")
      return .outputSection(header)
    }
    return .sectionGroup(parts + body)
  }
}

// What stands inside SECTIONS, in a file of its own: coreboot's program.ld, files for --section-ordering-file.
extension ScriptParser {
  /// Reads the source `main` as the statements between the braces of SECTIONS, which some other file has.
  ///
  /// - Returns: the script as if SECTIONS stood around it, with a note that says so; nil where it cannot be read so
  ///   either, or places no section.
  public static func parseFragment(
    _ main: SourceID, in sources: SourceSet, options: Options = Options(),
    provider: some SourceProvider = NoSources()
  ) -> LinkerScript? {
    var parser = ScriptParser(
      main, script: LinkerScript(sources: sources, main: main), options: options,
      provider: provider)
    let body = parser.readStatements(.sections)
    parser.finish(main)
    var script = parser.script
    let places = body.contains { statement in
      switch statement.kind {
      case .outputSection, .overlay: true
      default: false
      }
    }
    guard !script.isRefused, places else { return nil }
    let whole = SourceSpan(
      source: main, start: 0,
      end: UInt32(truncatingIfNeeded: sources.buffer(main).count))
    script.statements = [Statement(.sections(body), span: whole)]
    script.diagnostics.append(
      Diagnostic(
        id: .scriptFragment, severity: .note,
        message: "this is a part of SECTIONS of another script, and read as such",
        span: body.first?.span))
    return script
  }
}
