// What stands inside the braces of an output section: `*(.text .text.*) KEEP(*(.init)) LONG(1) . = ALIGN(8);`
// (ld-semantics 2.2, `stmt`).

extension ScriptParser {
  mutating func readOutputStatement() throws(SyntaxError) -> Statement.Kind {
    switch peek(.wild) {
    case .name:
      let token = take()
      if peek(.wild).isAssignment { return try readAssignment(token) }
      return .inputSections(try readPatterns(of: WildcardPattern(pattern: spannedName(token))))
    case .semicolon:
      take()
      return .empty
    case .hidden: return try readProvide(.hidden, in: .wild)
    case .provide: return try readProvide(.provide, in: .wild)
    case .provideHidden: return try readProvide(.provideHidden, in: .wild)
    case .assert: return try readAssertion()
    case .include: return try readInclude(.outputSection)
    case .keep: return .inputSections(try readKeep())
    case .sectionClass:
      take()
      return .classReference(try readClassName())
    case .sortByName: return try readSortOrConstructors()
    case .sortNone, .reverse, .excludeFile, .leftBracket, .inputSectionFlags:
      return .inputSections(try readInputSections())
    case .byte, .short, .long, .quad, .squad, .fill, .asciz, .linkerVersion, .constructors,
      .createObjectSymbols:
      return try readData()
    default:
      throw unexpected(
        "an input section description such as *(.text), an assignment, data such as BYTE(0), or '}'"
      )
    }
  }

  // MARK: - Data

  private mutating func readData() throws(SyntaxError) -> Statement.Kind {
    let kind = take().kind
    switch kind {
    case .constructors: return .constructors(sorted: false)
    case .createObjectSymbols: return .createObjectSymbols
    case .linkerVersion: return .linkerVersion
    case .asciz: return .ascii(try expectName("the text in quotes", in: .wild))
    case .fill:
      let value = try readDataValue("FILL")
      checkReadTime(value, "a fill value")
      return .fill(value)
    default:
      let width = Self.width(kind)
      return .data(width, try readDataValue(width.rawValue))
    }
  }

  private static func width(_ kind: TokenKind) -> DataWidth {
    switch kind {
    case .byte: .byte
    case .short: .short
    case .long: .long
    case .quad: .quad
    default: .squad
    }
  }

  private mutating func readDataValue(_ word: String) throws(SyntaxError) -> ExpressionID {
    try expect(.leftParen, "'(' after \(word)", in: .wild)
    let value = try readExpression()
    try expect(.rightParen, "')' after the value", in: .expression)
    return value
  }

  // MARK: - Input sections

  /// `KEEP(*(.text))`
  private mutating func readKeep() throws(SyntaxError) -> InputSectionDescription {
    take()
    try expect(.leftParen, "'(' after KEEP", in: .wild)
    _ = peek(.wild)
    var description = try readInputSections()
    try expect(.rightParen, "')' that closes KEEP(", in: .wild)
    description.isKept = true
    return description
  }

  /// `SORT(CONSTRUCTORS)`, or `SORT(file)(sections)`
  private mutating func readSortOrConstructors() throws(SyntaxError) -> Statement.Kind {
    take()
    try expect(.leftParen, "'(' after SORT", in: .wild)
    if takeIf(.constructors, in: .wild) {
      try expect(.rightParen, "')' after CONSTRUCTORS", in: .wild)
      return .constructors(sorted: true)
    }
    return .inputSections(try readPatterns(of: try readFileSort(.byName)))
  }

  /// `[flags] file(sections)`, `[flags] file`, `[flags] [ sections ]`
  private mutating func readInputSections() throws(SyntaxError) -> InputSectionDescription {
    var flags: [SectionFlagTerm] = []
    if peek(.wild) == .inputSectionFlags { flags = try readFlags() }
    if takeIf(.leftBracket, in: .wild) {
      let sections = try readSectionPatterns(to: .rightBracket, "']'")
      return InputSectionDescription(file: nil, sections: sections, flags: flags)
    }
    var description = try readPatterns(of: try readFilePattern())
    description.flags = flags
    return description
  }

  /// The sections of `file`, if a list follows.
  private mutating func readPatterns(
    of file: WildcardPattern
  ) throws(SyntaxError) -> InputSectionDescription {
    if takeIf(.leftParen, in: .wild) {
      let sections = try readSectionPatterns(to: .rightParen, "')'")
      return InputSectionDescription(file: file, sections: sections)
    }
    if !file.sorts.isEmpty || !file.excludedFiles.isEmpty {
      throw unexpected("'(' and the sections of the file")
    }
    return InputSectionDescription(file: file, sections: [], hasSectionList: false)
  }

  /// `(SHF_ALLOC & !SHF_WRITE)` after INPUT_SECTION_FLAGS
  private mutating func readFlags() throws(SyntaxError) -> [SectionFlagTerm] {
    take()
    try expect(.leftParen, "'(' after INPUT_SECTION_FLAGS", in: .wild)
    var flags: [SectionFlagTerm] = []
    repeat {
      let token = try expect(.name, "a section flag such as SHF_ALLOC", in: .wild)
      flags.append(flag(token))
    } while takeIf(.ampersand, in: .wild)
    try expect(.rightParen, "'&' and a flag, or ')'", in: .wild)
    return flags
  }

  /// `!` is part of the word for the lexer, quotes or not.
  private mutating func flag(_ token: Token) -> SectionFlagTerm {
    let quote = token.isQuoted ? 1 : 0
    let first = token.start + quote
    let isNegated = first < token.end - quote && lexer.reader[first] == 0x21
    var name = spannedName(token)
    if isNegated { name.name = script.names.intern(lexer.reader, first + 1, token.end - quote) }
    return SectionFlagTerm(name: name, isNegated: isNegated)
  }

  // MARK: - Patterns

  private mutating func readFilePattern() throws(SyntaxError) -> WildcardPattern {
    switch peek(.wild) {
    case .sortByName:
      take()
      try expect(.leftParen, "'(' after SORT", in: .wild)
      return try readFileSort(.byName)
    case .sortNone:
      take()
      try expect(.leftParen, "'(' after SORT_NONE", in: .wild)
      return try readFileSort(.none)
    default:
      return try readReversible(inner: [.byName])
    }
  }

  /// A sorted file pattern behind its opening parenthesis.
  private mutating func readFileSort(_ sort: SortKind) throws(SyntaxError) -> WildcardPattern {
    var pattern = try readReversible(inner: [])
    try expect(.rightParen, "')' after the pattern", in: .wild)
    pattern.sorts.insert(sort, at: 0)
    return pattern
  }

  private mutating func readSectionPatterns(
    to closing: TokenKind, _ spelling: String
  ) throws(SyntaxError) -> [WildcardPattern] {
    var patterns: [WildcardPattern] = []
    repeat {
      patterns += try readSectionPatternList(spelling)
    } while !takeIf(closing, in: .wild)
    return patterns
  }

  /// A pattern, or for lld a list of them inside one sort or two.
  private mutating func readSectionPatternList(
    _ closing: String
  ) throws(SyntaxError) -> [WildcardPattern] {
    guard options.dialect.follows(.sortsTakeLists), let outer = Self.sort(peek(.wild)) else {
      return [try readSectionPattern(closing)]
    }
    take()
    try expect(.leftParen, "'(' after \(outer.rawValue)", in: .wild)
    var sorts = [outer]
    if let inner = Self.sort(peek(.wild)) {
      take()
      try expect(.leftParen, "'(' after the inner sort", in: .wild)
      sorts.append(inner)
    }
    var patterns: [WildcardPattern] = []
    repeat {
      var pattern = try readReversible(inner: [])
      pattern.sorts = sorts + pattern.sorts
      patterns.append(pattern)
    } while !takeIf(.rightParen, in: .wild)
    if sorts.count > 1 { try expect(.rightParen, "')' after the patterns", in: .wild) }
    return patterns
  }

  /// A pattern of section names, sorted by at most two criteria.
  private mutating func readSectionPattern(
    _ closing: String
  ) throws(SyntaxError) -> WildcardPattern {
    guard let outer = Self.sort(peek(.wild)) else {
      return try readReversible(inner: [.byName, .byInitPriority], or: closing)
    }
    take()
    try expect(.leftParen, "'(' after \(outer.rawValue)", in: .wild)
    let canNest = outer == .byName || outer == .byAlignment
    var inner: SortKind?
    if canNest, peek(.wild) == .sortByName || peek(.wild) == .sortByAlignment {
      inner = Self.sort(take().kind)
      try expect(.leftParen, "'(' after the inner sort", in: .wild)
    }
    var pattern = try readReversible(inner: [])
    if let inner {
      try expect(.rightParen, "')' after the pattern", in: .wild)
      pattern.sorts.insert(inner, at: 0)
    }
    try expect(.rightParen, "')' after the pattern", in: .wild)
    pattern.sorts.insert(outer, at: 0)
    return pattern
  }

  private static func sort(_ kind: TokenKind) -> SortKind? {
    switch kind {
    case .sortByName: .byName
    case .sortByAlignment: .byAlignment
    case .sortByInitPriority: .byInitPriority
    case .sortNone: SortKind.none
    default: nil
    }
  }

  /// A pattern, or `REVERSE(pattern)`, or REVERSE around one of the sorts in `inner` (2.42 and later).
  private mutating func readReversible(
    inner: [SortKind], or closing: String? = nil
  ) throws(SyntaxError) -> WildcardPattern {
    guard takeIf(.reverse, in: .wild) else { return try readPattern(or: closing) }
    try expect(.leftParen, "'(' after REVERSE", in: .wild)
    var sorts: [SortKind] = [.reverse]
    if let sort = Self.sort(peek(.wild)), inner.contains(sort) {
      take()
      try expect(.leftParen, "'(' after \(sort.rawValue)", in: .wild)
      sorts.append(sort)
    }
    var pattern = try readPattern(or: nil)
    for _ in sorts { try expect(.rightParen, "')' after the pattern", in: .wild) }
    pattern.sorts = sorts
    return pattern
  }

  /// `name`, or `EXCLUDE_FILE(files) name`
  private mutating func readPattern(or closing: String?) throws(SyntaxError) -> WildcardPattern {
    var excluded: [SpannedName] = []
    if takeIf(.excludeFile, in: .wild) {
      try expect(.leftParen, "'(' after EXCLUDE_FILE", in: .wild)
      repeat {
        excluded.append(try expectName("a file pattern", in: .wild))
      } while !takeIf(.rightParen, in: .wild)
    }
    let wanted = closing.map { "a section pattern or \($0)" } ?? "a pattern"
    let name = try expectName(wanted, in: .wild)
    return WildcardPattern(pattern: name, excludedFiles: excluded)
  }
}
