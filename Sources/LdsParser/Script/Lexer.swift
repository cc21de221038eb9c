// Cuts script text into tokens, one at a time, in the state the parser asks for (ld-semantics 1). Nothing is
// copied: a token is a kind and two offsets.

/// The tokens of a script and of the files it includes.
struct Lexer {
  /// A complaint about bytes that make no token.
  struct Fault {
    /// What is wrong with the bytes.
    enum Kind: Equatable {
      /// A byte that means nothing here; the linker warns and goes on.
      case invalidByte(UInt8)
      /// A number that lld refuses.
      case malformedNumber
    }
    let kind: Kind
    let state: LexerState
    let span: SourceSpan
  }

  /// One file that is being read.
  private struct Input {
    let buffer: SourceBuffer
    let source: SourceID
    var position: Int
    /// `# 12 "file"` lines met so far.
    var markers: [OriginTable.LineMarker] = []
  }

  /// Which part of a VERSION command is being read; the lexer follows its braces (ldlex.l).
  enum VersionState {
    case start, script
    case node(nesting: Int)
  }

  let dialect: LinkerDialect
  let classes: [CharacterClass]
  private let keywords: KeywordTable
  private var outer: [Input] = []
  private var input: Input
  /// Access to the bytes of the current file, which `input` keeps alive.
  private(set) var reader: ByteReader
  /// Offset of the next byte to look at.
  var position = 0
  /// Set by the parser when it enters VERSION.
  var versionState = VersionState.start
  /// Bytes that made no token, up to ``Limit/reportedErrors``.
  private(set) var faults: [Fault] = []
  private var isMuted = false
  /// Where a `/*` stands that the linker reads as part of the word before it.
  private(set) var swallowedComment: Int?

  /// A lexer at the start of `buffer`.
  init(buffer: SourceBuffer, source: SourceID, dialect: LinkerDialect) {
    self.dialect = dialect
    classes = CharacterClass.table(dialect: dialect)
    keywords = KeywordTable(dialect: dialect)
    input = Input(buffer: buffer, source: source, position: 0)
    reader = buffer.reader
  }

  /// Number of open files, the main one included.
  var depth: Int { outer.count + 1 }

  /// Whether the file `path` is being read, directly or further out.
  func isOpen(_ path: FilePath) -> Bool {
    input.buffer.path == path || outer.contains { $0.buffer.path == path }
  }

  /// Goes on with the start of an included file.
  mutating func push(_ buffer: SourceBuffer, source: SourceID) {
    input.position = position
    outer.append(input)
    input = Input(buffer: buffer, source: source, position: 0)
    reader = buffer.reader
    position = 0
    swallowedComment = nil
  }

  /// Goes back to the including file, and returns the line markers of the one that ended.
  mutating func pop() -> [OriginTable.LineMarker] {
    let markers = input.markers
    guard let last = outer.popLast() else { return markers }
    input = last
    reader = last.buffer.reader
    position = last.position
    swallowedComment = nil
    return markers
  }

  /// The next token as it reads in `state`.
  mutating func next(in state: LexerState) -> Token {
    while true {
      if let end = skipBlanksAndComments(in: state) { return end }
      let start = position
      if let kind = lex(in: state, from: start) {
        if kind == .name || kind == .integer { return lastToken }
        return Token(kind: kind, start: start, end: position)
      }
      // Nothing matches: the linker warns and drops the byte.
      report(.invalidByte(reader[start]), in: state, from: start, to: start &+ 1)
      position = start &+ 1
    }
  }

  /// A token that is read only to find the next statement: what it holds is not complained about.
  mutating func nextForRecovery(in state: LexerState) -> Token {
    isMuted = true
    defer { isMuted = false }
    return next(in: state)
  }

  /// The token that a function which returned `.name` or `.integer` has made.
  var lastToken = Token(kind: .endOfFile, start: 0, end: 0)

  private mutating func lex(in state: LexerState, from start: Int) -> TokenKind? {
    let byte = reader[start]
    if state == .version { return lexVersion(byte, from: start) }
    if byte == 0x22 { return lexQuoted(from: start) }
    switch state {
    case .expression:
      return lexExpressionWord(byte, from: start) ?? lexPunctuation(byte, in: state)
    case .script:
      return lexScriptWord(byte, from: start) ?? lexPunctuation(byte, in: state)
    case .wild:
      return lexWild(byte, from: start) ?? lexPunctuation(byte, in: state)
    default:
      return lexInputListWord(byte, from: start) ?? lexPunctuation(byte, in: state)
    }
  }

  // MARK: - Words

  /// The keyword or name `start..<end`.
  mutating func word(_ start: Int, _ end: Int, in state: LexerState) -> TokenKind {
    position = end
    // The longest match wins: `f1/**/` is the name `f1/`, and `**/` behind it.
    if state != .wild, reader[end &- 1] == 0x2F, end &- start > 1, end < reader.count,
      reader[end] == 0x2A
    {
      swallowedComment = end &- 1
    }
    if let keyword = keywords.find(reader, start, end, in: state) { return keyword }
    lastToken = Token(kind: .name, start: start, end: end)
    return .name
  }

  /// Offset after the bytes of `allowed` from `start` on.
  func end(of allowed: CharacterClass, from start: Int) -> Int {
    var end = start
    while end < reader.count, !classes[Int(reader[end])].isDisjoint(with: allowed) { end &+= 1 }
    return end
  }

  func isClass(_ byte: UInt8, _ wanted: CharacterClass) -> Bool {
    !classes[Int(byte)].isDisjoint(with: wanted)
  }

  /// `"anything but a quote"`; a quote that is never closed is an invalid byte.
  mutating func lexQuoted(from start: Int) -> TokenKind? {
    guard let close = reader.firstIndex(of: 0x22, from: start &+ 1, to: reader.count) else {
      return nil
    }
    position = close &+ 1
    lastToken = Token(kind: .name, start: start, end: position, isQuoted: true)
    return .name
  }

  private mutating func lexScriptWord(_ byte: UInt8, from start: Int) -> TokenKind? {
    // `$ff` is a number even where no expression is expected.
    if isClass(byte, .decimal) || byte == 0x24 {
      let nameEnd = byte == 0x24 ? end(of: .scriptNext, from: start) : start
      if let number = lexNumber(from: start, nameEnd: nameEnd) { return number }
    }
    guard isClass(byte, .scriptFirst) else { return nil }
    let end = end(of: .scriptNext, from: start)
    // Operators come before names of the same length: `/=`, `~`.
    if byte == 0x7E, end == start &+ 1 { return nil }
    if byte == 0x2F, end == start &+ 2, reader[start &+ 1] == 0x3D { return nil }
    return word(start, end, in: .script)
  }

  private mutating func lexInputListWord(_ byte: UInt8, from start: Int) -> TokenKind? {
    let next = start &+ 1 < reader.count ? reader[start &+ 1] : 0
    if byte == 0x2D, next == 0x6C {
      let end = end(of: .scriptNext, from: start &+ 2)
      guard end > start &+ 2 else { return nil }
      position = end
      return .libraryName
    }
    let isSysroot = byte == 0x3D && isClass(next, .scriptFirst)
    guard isSysroot || isClass(byte, .scriptFirst) else { return nil }
    return word(start, end(of: .scriptNext, from: start &+ 1), in: .inputList)
  }

  private mutating func lexWild(_ byte: UInt8, from start: Int) -> TokenKind? {
    guard isClass(byte, .wild) else {
      // A comma that is part of no name is one of its own.
      return byte == 0x2C ? word(start, start &+ 1, in: .wild) : nil
    }
    let end = end(of: .wild, from: start)
    // Operators and brackets come before names of the same length.
    if end == start &+ 1, byte == 0x3D || byte == 0x5B || byte == 0x5D { return nil }
    if end == start &+ 2, reader[start &+ 1] == 0x3D {
      switch byte {
      case 0x2B, 0x2D, 0x2A, 0x2F: return nil
      case 0x5E where dialect.follows(.caretAssignment): return nil
      default: break
      }
    }
    return word(start, end, in: .wild)
  }

  // MARK: - Blanks and complaints

  /// Moves to the next byte that is neither blank nor comment; a token only where there is none.
  private mutating func skipBlanksAndComments(in state: LexerState) -> Token? {
    let first = position
    while position < reader.count {
      switch reader[position] {
      case 0x20, 0x09, 0x0A, 0x0D:
        position &+= 1
      case 0x0B where dialect.follows(.allBlanks), 0x0C where dialect.follows(.allBlanks):
        position &+= 1
      case 0x23 where state != .inputList && dialect.follows(.numberSignComments):
        let end = reader.firstIndex(of: 0x0A, from: position, to: reader.count) ?? reader.count
        if let marker = lineMarker(from: position, to: end) { input.markers.append(marker) }
        position = end
      case 0x2F where position &+ 1 < reader.count && reader[position &+ 1] == 0x2A:
        let start = position
        if start == first, hidesComment(at: start, in: state) {
          swallowedComment = start
          return nil
        }
        guard let end = endOfComment(from: start &+ 2) else {
          position = reader.count
          return Token(kind: .unterminatedComment, start: start, end: start &+ 2)
        }
        position = end
      default:
        return nil
      }
    }
    let kind: TokenKind = outer.isEmpty ? .endOfFile : .endOfInclude
    return Token(kind: kind, start: reader.count, end: reader.count)
  }

  /// Whether lld takes the `/*` for operators: up to lld 20 it cuts at blanks, brackets and quotes first, and looks into
  /// a word for operators only then (ScriptLexer.cpp, `tokenize`, `maybeSplitExpr`).
  private func hidesComment(at start: Int, in state: LexerState) -> Bool {
    guard state == .expression, dialect == .lld, !dialect.follows(.commentsEndWords), start > 0
    else { return false }
    let before = reader[start &- 1]
    // `>=` and the like are cut whole.
    if before == 0x3D, start > 1, "<>&|".utf8.contains(reader[start &- 2]) { return false }
    return isClass(before, .scriptNext) && before != 0x2C || "*?!^".utf8.contains(before)
  }

  /// Offset after `*/`, or nil.
  func endOfComment(from start: Int) -> Int? {
    var from = start
    while let star = reader.firstIndex(of: 0x2A, from: from, to: reader.count) {
      from = star &+ 1
      guard from < reader.count, reader[from] == 0x2F else { continue }
      let hasZero = reader.firstIndex(of: 0, from: start, to: from) != nil
      return dialect.follows(.zerosEndComments) && hasZero ? nil : from &+ 1
    }
    return nil
  }

  /// Whether a `/*` stands in `start..<end`.
  func opensComment(from start: Int, to end: Int) -> Bool {
    var from = start
    while let slash = reader.firstIndex(of: 0x2F, from: from, to: end) {
      from = slash &+ 1
      if from < end, reader[from] == 0x2A { return true }
    }
    return false
  }

  /// Notes bytes that make no token.
  mutating func report(_ kind: Fault.Kind, in state: LexerState, from start: Int, to end: Int) {
    // Where bytes without meaning fill the list, what the linker refuses must still be told.
    let limit = kind == .malformedNumber ? 2 * Limit.reportedErrors : Limit.reportedErrors
    guard !isMuted, faults.count < limit else { return }
    faults.append(Fault(kind: kind, state: state, span: span(start, end)))
  }

  /// A span of the current file.
  func span(_ start: Int, _ end: Int) -> SourceSpan {
    SourceSpan(
      source: input.source, start: UInt32(truncatingIfNeeded: start),
      end: UInt32(truncatingIfNeeded: end))
  }
}
