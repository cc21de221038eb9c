// Cuts a script as its author wrote it into the pieces that a formatter may move apart or together.
//
// Blanks decide what a linker reads: `a-b` is one name in a script and a difference in an expression. So the
// scanner keeps words whole, and splits at operators only where an expression is read whatever macros stand
// around: in the parentheses of ASSERT, ALIGN and the like, and behind ` = ` up to `;`.

/// Scanner for the layout of one script.
struct LayoutScanner {
  /// What is open around a place.
  struct Frame {
    enum Kind {
      case file, brace
      /// Braces in which nothing ends a value but the next line: of MEMORY.
      case regions
      /// Parentheses around an expression.
      case expression
      /// `PROVIDE(`: an expression begins behind `=`.
      case assignment
      /// Parentheses of which only the macros know what they hold.
      case opaque
    }
    var kind: Kind
    /// Where it was opened.
    var open: Int
    /// Whether ` = ` was met and what ends the value not yet.
    var isValue = false

    var isBrace: Bool { kind == .brace || kind == .regions }
  }

  /// What is open, and what else decides how the next bytes are cut.
  private struct Nesting {
    var frames = [Frame(kind: .file, open: 0)]
    /// Whether this is the line of a closing brace, where `=` is the fill of a section.
    var isBehindBrace = false
  }

  private struct Branches {
    var before: Nesting
    var firstEnd: Nesting?
  }

  let bytes: [UInt8]
  let source: SourceID
  /// Whether the C preprocessor reads the script before the linker.
  private let isPreprocessed: Bool
  private(set) var tokens: [LayoutToken] = []
  private var nesting = Nesting()
  private var branches: [Branches] = []
  private var position = 0
  private var lineEnds = 0
  private var isAtLineStart = true
  /// Functions of the linker that the script itself redefines as macros.
  private var redefined: Set<String> = []

  /// The tokens of `bytes`.
  ///
  /// - Throws: a diagnostic in `source` for what is never closed or was never opened.
  static func scan(
    _ bytes: [UInt8], in source: SourceID, isPreprocessed: Bool
  ) throws(LayoutFault) -> [LayoutToken] {
    var scanner = LayoutScanner(bytes: bytes, source: source, isPreprocessed: isPreprocessed)
    try scanner.run()
    return scanner.tokens
  }

  private init(bytes: [UInt8], source: SourceID, isPreprocessed: Bool) {
    self.bytes = bytes
    self.source = source
    self.isPreprocessed = isPreprocessed
  }

  private mutating func run() throws(LayoutFault) {
    while true {
      let start = position
      skipBlanks()
      guard position < bytes.count else { break }
      try readToken(after: start)
    }
    guard let open = nesting.frames.last, open.kind != .file else { return }
    throw fault("'\(open.isBrace ? "{" : "(")' is never closed", open.open, open.open + 1)
  }

  private mutating func skipBlanks() {
    lineEnds = 0
    while position < bytes.count, Self.isBlank(bytes[position]) {
      if bytes[position] == 0x0A {
        lineEnds += 1
        isAtLineStart = true
      }
      position += 1
    }
  }

  private mutating func readToken(after blanks: Int) throws(LayoutFault) {
    let start = position
    let byte = bytes[start]
    if byte == UInt8(ascii: "#") {
      if isAtLineStart { return readDirective(blanks) }
      return add(.lineComment, to: lineEnd(from: start), blanks)
    }
    if starts(Self.opening, start), let end = find(Self.closing, from: start + 2) {
      // A comment does not end the start of a line: a directive may follow it.
      let wasAtLineStart = isAtLineStart
      add(.comment, to: end + 2, blanks)
      isAtLineStart = wasAtLineStart
      return
    }
    if starts(Self.opening, start) { throw fault("the comment is never closed", start, start + 2) }
    if starts(Self.slashes, start) { return add(.lineComment, to: lineEnd(from: start), blanks) }
    if byte == UInt8(ascii: "\"") {
      guard let close = find([0x22], from: start + 1) else {
        throw fault("the string is never closed", start, start + 1)
      }
      return add(.string, to: close + 1, blanks)
    }
    if try readBracket(byte, blanks) { return }
    if isExpression { return readExpressionPiece(byte, blanks) }
    readWord(blanks)
  }

  // MARK: - Nesting

  private var frame: Frame {
    get { nesting.frames[nesting.frames.count - 1] }
    set { nesting.frames[nesting.frames.count - 1] = newValue }
  }

  private var isExpression: Bool { frame.kind == .expression || frame.isValue }

  private mutating func readBracket(_ byte: UInt8, _ blanks: Int) throws(LayoutFault) -> Bool {
    let start = position
    switch byte {
    case UInt8(ascii: "("):
      let kind = kindOfParentheses()
      add(.leftParen, to: start + 1, blanks)
      nesting.frames.append(Frame(kind: kind, open: start))
    case UInt8(ascii: ")"):
      guard frame.kind != .file, !frame.isBrace else {
        throw fault("')' closes nothing", start, start + 1)
      }
      nesting.frames.removeLast()
      add(.rightParen, to: start + 1, blanks)
    case UInt8(ascii: "{"):
      frame.isValue = false
      add(.leftBrace, to: start + 1, blanks)
      nesting.frames.append(Frame(kind: kindOfBraces(), open: start))
      nesting.isBehindBrace = false
    case UInt8(ascii: "}"):
      guard frame.isBrace else {
        let isParen = frame.kind != .file
        throw fault(
          isParen ? "'}' stands where ')' has to come first" : "'}' closes nothing", start,
          start + 1)
      }
      nesting.frames.removeLast()
      add(.rightBrace, to: start + 1, blanks)
      nesting.isBehindBrace = true
    case UInt8(ascii: ";"):
      frame.isValue = false
      nesting.isBehindBrace = false
      add(.semicolon, to: start + 1, blanks)
    default: return false
    }
    return true
  }

  private func kindOfBraces() -> Frame.Kind {
    let word = tokens.dropLast().last(where: \.isCode)
    return word.map { bytes[$0.range].elementsEqual("MEMORY".utf8) } == true ? .regions : .brace
  }

  /// What stands in the parentheses that begin here.
  private func kindOfParentheses() -> Frame.Kind {
    guard frame.kind != .opaque else { return .opaque }
    guard let last = tokens.last(where: \.isCode) else { return .opaque }
    switch last.kind {
    case .word:
      let name = String(decoding: bytes[last.range], as: UTF8.self)
      if redefined.contains(name) { return .opaque }
      if Self.assigning.contains(name) { return .assignment }
      return Self.calculating.contains(name) ? .expression : .opaque
    case .sign, .comma, .leftParen: return isExpression ? .expression : .opaque
    default: return .opaque
    }
  }

  // MARK: - Tokens

  mutating func add(_ kind: LayoutToken.Kind, to end: Int, _ blanks: Int) {
    var end = end
    if case .lineComment = kind {
      while end > position, Self.isBlank(bytes[end - 1]) { end -= 1 }
    }
    let gap = bytes[blanks..<position]
    if case .word = kind,
      lineEnds > 0 || StatementWords.beginsStatement(bytes[position..<end])
    {
      nesting.isBehindBrace = false
    }
    tokens.append(
      LayoutToken(
        kind: kind, range: position..<end, lineEnds: lineEnds, isGlued: gap.isEmpty,
        isSetOff: gap.count > 1 || gap.contains(0x09), isInExpression: isExpression))
    position = end
    isAtLineStart = false
  }

  private mutating func readWord(_ blanks: Int) {
    var end = position
    while end < bytes.count, !Self.endsWord(bytes[end]), !isComment(end) { end += 1 }
    if end == position { end += 1 }
    guard Self.assignmentSigns.contains(where: { $0.elementsEqual(bytes[position..<end]) }),
      isValuePlace, blanks < position, end >= bytes.count || Self.isBlank(bytes[end])
    else { return add(.word, to: end, blanks) }
    add(.sign, to: end, blanks)
    frame.isValue = true
  }

  /// Whether ` = ` can begin a value here.
  private var isValuePlace: Bool {
    frame.kind != .opaque && frame.kind != .regions && !nesting.isBehindBrace
      && tokens.last?.isCode == true
  }

  private func isComment(_ offset: Int) -> Bool {
    isPreprocessed && offset > position
      && (starts(Self.opening, offset) || starts(Self.slashes, offset))
  }

  /// A piece of an expression: a comma, an operator, a name or number.
  private mutating func readExpressionPiece(_ byte: UInt8, _ blanks: Int) {
    if byte == UInt8(ascii: ",") {
      add(.comma, to: position + 1, blanks)
      // What ends a value outside of parentheses, a comma ends too.
      if frame.kind == .file || frame.kind == .brace { frame.isValue = false }
      return
    }
    for sign in Self.signs where starts(sign, position) {
      return add(.sign, to: position + sign.count, blanks)
    }
    var end = position + 1
    let isNumber = byte >= 0x30 && byte <= 0x39
    while end < bytes.count, !Self.endsWord(bytes[end]), !isComment(end),
      isNumber ? Self.isNumeric(bytes[end]) : !Self.isOperator(bytes[end])
    {
      end += 1
    }
    add(.word, to: end, blanks)
  }

  // MARK: - Directives

  private mutating func readDirective(_ blanks: Int) {
    var end = isPreprocessed ? directiveEnd(position) : lineEnd(from: position)
    let words = bytes[(position + 1)..<end].split(whereSeparator: Self.isBlank)
    let name = words.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
    while end > position, Self.isBlank(bytes[end - 1]) { end -= 1 }
    let effect = isPreprocessed ? Self.effects[name] ?? .other : .other
    if name == "define", words.count > 1 {
      let macro = words[words.startIndex + 1].prefix { $0 != UInt8(ascii: "(") }
      redefined.insert(String(decoding: macro, as: UTF8.self))
    }
    let nestingHere = nesting
    add(.directive(effect), to: end, blanks)
    nesting = nestingHere
    follow(effect)
  }

  /// Each branch of a conditional begins where the `#if` stood; what follows `#endif` stands behind the first.
  private mutating func follow(_ effect: LayoutToken.Directive) {
    switch effect {
    case .opensBranches: branches.append(Branches(before: nesting))
    case .nextBranch:
      guard let last = branches.indices.last else { return }
      branches[last].firstEnd = branches[last].firstEnd ?? nesting
      nesting = branches[last].before
    case .endsBranches:
      if let first = branches.popLast()?.firstEnd { nesting = first }
    case .other: break
    }
  }

  /// The end of a directive's line: comments and spliced lines belong to it.
  private func directiveEnd(_ start: Int) -> Int {
    var end = start
    while end < bytes.count {
      if starts(Self.opening, end) {
        end = find(Self.closing, from: end + 2).map { $0 + 2 } ?? bytes.count
      } else if starts(Self.slashes, end) {
        return lineEnd(from: end)
      } else if bytes[end] == UInt8(ascii: "\"") {
        end = stringEnd(end)
      } else if let next = splice(end) {
        end = next
      } else if bytes[end] == 0x0A {
        return end
      } else {
        end += 1
      }
    }
    return end
  }

  /// The offset behind a string of a directive, which ends with its line at the latest.
  private func stringEnd(_ start: Int) -> Int {
    var end = start + 1
    while end < bytes.count, bytes[end] != 0x0A, bytes[end] != UInt8(ascii: "\"") {
      if splice(end) != nil { return end }
      end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    if end < bytes.count, bytes[end] == UInt8(ascii: "\"") { end += 1 }
    return min(end, bytes.count)
  }

  /// The offset behind a backslash and the line end after it.
  private func splice(_ offset: Int) -> Int? {
    guard bytes[offset] == UInt8(ascii: "\\") else { return nil }
    var next = offset + 1
    while next < bytes.count, bytes[next] != 0x0A, Self.isBlank(bytes[next]) { next += 1 }
    return next < bytes.count && bytes[next] == 0x0A ? next + 1 : nil
  }

  private func lineEnd(from start: Int) -> Int {
    var end = start
    while end < bytes.count, bytes[end] != 0x0A {
      end = isPreprocessed ? splice(end) ?? end + 1 : end + 1
    }
    return end
  }
}

/// A script whose brackets, comments or strings do not fit together.
struct LayoutFault: Error {
  let diagnostic: Diagnostic
}
