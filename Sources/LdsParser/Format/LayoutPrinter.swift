// Puts the tokens of a script on lines: which begins a line, how far in, and what stands between two of one line.

/// Printer of one script.
struct LayoutPrinter {
  /// Parentheses or braces that are open.
  enum Open {
    /// The column behind the parenthesis, nil where nothing stood behind it on its line; and the indentation of
    /// that line.
    case parenthesis(content: Int?, line: Int)
    /// The indentation of the closing brace; whether the block stands on one line.
    case brace(indent: Int, isOneLine: Bool)
  }

  /// What a conditional's branches begin with anew.
  struct State {
    var opens: [Open] = []
    /// Indentation of the statement that is being printed.
    var statementIndent = 0
    /// Index of its first token; nil between statements.
    var statement: Int?
    /// Index of the last token that is neither comment nor directive.
    var lastCode: Int?
  }

  let bytes: [UInt8]
  let tokens: [LayoutToken]
  let width: Int
  private let comments: CommentLayout
  let indentation: ScriptFormatter.Style.Indentation
  var state = State()
  private var branches: [(before: State, firstEnd: State?)] = []
  private var lines: [LayoutLine] = []
  /// The line that is being filled.
  private var line: LayoutLine?
  /// Tokens that begin a line because the ASSERT around them is too long.
  private var wrapped: Set<Int> = []

  /// The text of `tokens` in a style.
  static func print(
    _ bytes: [UInt8], _ tokens: [LayoutToken], style: ScriptFormatter.Style
  ) -> [UInt8] {
    var printer = LayoutPrinter(bytes: bytes, tokens: tokens, style: style)
    for index in tokens.indices { printer.put(index) }
    printer.finishLine()
    return printer.text()
  }

  private init(bytes: [UInt8], tokens: [LayoutToken], style: ScriptFormatter.Style) {
    self.bytes = bytes
    self.tokens = tokens
    width = style.width
    indentation = Self.indentation(bytes, tokens) ?? style.indentation
    comments = CommentLayout(bytes: bytes, usesTabs: indentation == .tab)
  }

  func word(_ index: Int) -> ArraySlice<UInt8> { bytes[tokens[index].range] }

  // MARK: - Tokens

  private mutating func put(_ index: Int) {
    let token = tokens[index]
    if line == nil || begins(index) {
      beginLine(index)
    } else {
      let gap = gap(before: index)
      if token.isCode { noteCell(index, isBehindBlank: gap > 0) }
      if isLastOfLine(index) { return putComment(index) }
      line?.text += [UInt8](repeating: 0x20, count: gap)
    }
    if token.isCode { begin(index) }
    switch token.kind {
    case .comment: append(comments.text(token.range, at: column))
    default: append(Array(bytes[token.range]))
    }
    nest(index)
    if token.isCode { state.lastCode = index }
  }

  private var column: Int { (line?.indent ?? 0) + (line?.text.count ?? 0) }

  private mutating func append(_ text: [UInt8]) {
    line?.text += text
    if text.contains(0x0A) { line?.isPart = true }
  }

  /// A statement that begins with `index`.
  private mutating func begin(_ index: Int) {
    guard state.statement == nil else { return }
    state.statement = index
    wrapAssertion(index)
  }

  private mutating func nest(_ index: Int) {
    switch tokens[index].kind {
    case .leftParen:
      state.opens.append(.parenthesis(content: column, line: line?.indent ?? 0))
    case .rightParen: if !state.opens.isEmpty { state.opens.removeLast() }
    case .leftBrace:
      state.opens.append(.brace(indent: state.statementIndent, isOneLine: isOneLine(index)))
      state.statement = nil
    case .rightBrace:
      guard case .brace(let indent, _)? = state.opens.popLast() else { return }
      state.statementIndent = indent
      state.statement = index
    case .semicolon: if !isInParentheses { state.statement = nil }
    case .directive(let effect): follow(effect)
    default: break
    }
  }

  private mutating func follow(_ effect: LayoutToken.Directive) {
    switch effect {
    case .opensBranches: branches.append((state, nil))
    case .nextBranch:
      guard let last = branches.indices.last else { return }
      branches[last].firstEnd = branches[last].firstEnd ?? state
      state = branches[last].before
    case .endsBranches:
      if let first = branches.popLast()?.firstEnd { state = first }
    case .other: break
    }
  }

  var isInParentheses: Bool {
    if case .parenthesis? = state.opens.last { true } else { false }
  }

  // MARK: - Lines

  /// Whether a token begins a line, where another one stands before it.
  private func begins(_ index: Int) -> Bool {
    let token = tokens[index]
    let last = tokens[index - 1]
    if token.isDirective || last.isDirective || last.kind == .lineComment { return true }
    if line?.comment.isEmpty == false { return true }
    if last.kind == .comment, token.lineEnds > 0 { return true }
    if isContinuation(index) { return false }
    switch token.kind {
    case .comment, .lineComment: return token.lineEnds > 0
    case .semicolon: return false
    case .rightBrace:
      if case .brace(_, true)? = state.opens.last { return false }
      return true
    case .leftBrace: return isCommandBrace(index) || isBehindStatement(index)
    default: return wrapped.contains(index) || token.lineEnds > 0 || isBehindStatement(index)
    }
  }

  /// Whether a token is a backslash at the end of its line: it stays there.
  private func isContinuation(_ index: Int) -> Bool {
    word(index).elementsEqual("\\".utf8) && tokens[index].lineEnds == 0
      && index + 1 < tokens.count && tokens[index + 1].lineEnds > 0
  }

  /// Whether what stands before a token of the same line is a statement of its own.
  private func isBehindStatement(_ index: Int) -> Bool {
    guard !isInParentheses, let last = state.lastCode else { return false }
    switch tokens[last].kind {
    case .leftBrace:
      if case .brace(_, true)? = state.opens.last { return false }
      return true
    case .semicolon: return true
    case .rightBrace:
      return tokens[index].kind == .leftBrace || StatementWords.beginsStatement(word(index))
    case .rightParen:
      return state.statement.map { endsClosed($0, before: index) } ?? false
    default: return false
    }
  }

  /// Whether a statement that no `;` ends is over before the word `index`.
  func endsClosed(_ statement: Int, before index: Int) -> Bool {
    tokens[index].kind == .word && !tokens[index].isGlued
      && StatementWords.isClosed(word(statement)) && !StatementWords.goesOn(word(index))
  }

  private mutating func beginLine(_ index: Int) {
    let token = tokens[index]
    finishLine()
    let isAfterBrace = lines.last?.text.last == UInt8(ascii: "{") && lines.last?.isVerbatim == false
    var next = LayoutLine(
      indent: 0,
      hasGap: token.lineEnds > 1 && !lines.isEmpty && !isAfterBrace && token.kind != .rightBrace)
    if token.isDirective {
      next.isVerbatim = true
      next.text = Array(blanks(before: token.range.lowerBound))
      line = next
      return
    }
    let place = indent(for: index)
    next.indent = place.column
    next.isPart = place.isPart
    if place.isPart, let above = lines.indices.last { lines[above].isPart = true }
    if token.isCode, !place.isPart, token.kind != .rightBrace {
      state.statement = nil
      state.statementIndent = place.column
    }
    line = next
  }

  /// The blanks from the start of the line to `offset`.
  private func blanks(before offset: Int) -> ArraySlice<UInt8> {
    var start = offset
    while start > 0, bytes[start - 1] == 0x20 || bytes[start - 1] == 0x09 { start -= 1 }
    return start == 0 || bytes[start - 1] == 0x0A ? bytes[start..<offset] : []
  }

  private mutating func finishLine() {
    guard var done = line else { return }
    if done.columns == nil { (done.cells, done.setOff) = ([], []) }
    lines.append(done)
    line = nil
  }

  /// How far in the line of a token begins, and whether it goes on with what the line above began.
  private mutating func indent(for index: Int) -> (column: Int, isPart: Bool) {
    let token = tokens[index]
    if token.kind == .rightBrace, case .brace(let indent, _)? = state.opens.last {
      return (indent, false)
    }
    if case .parenthesis(let content, let line)? = state.opens.last {
      var content = content
      if let last = state.lastCode, tokens[last].kind == .leftParen {
        content = nil
        state.opens[state.opens.count - 1] = .parenthesis(content: nil, line: line)
      }
      if token.kind == .rightParen { return (content.map { $0 - 1 } ?? line, true) }
      return (content ?? line + indentation.columns, true)
    }
    if token.kind == .leftBrace, isCommandBrace(index) { return (state.statementIndent, true) }
    if state.statement != nil, goesOn(index) {
      return (state.statementIndent + indentation.columns, true)
    }
    guard case .brace(let indent, _)? = state.opens.last else { return (0, false) }
    return (indent + indentation.columns, false)
  }

  /// Whether the token at the start of a line goes on with the statement of the line above.
  private func goesOn(_ index: Int) -> Bool {
    let token = tokens[index]
    if token.isInExpression || token.kind == .sign || token.kind == .leftParen { return true }
    guard let last = state.lastCode, tokens[last].kind != .semicolon,
      tokens[last].kind != .leftBrace
    else { return false }
    if tokens[last].kind == .sign { return true }
    if tokens[last].kind == .word, StatementWords.wantsMore(word(last)) { return true }
    return token.kind == .word && StatementWords.goesOn(word(index))
  }

  // MARK: - Comments behind code

  /// Whether a token is a comment after which its line ends.
  private func isLastOfLine(_ index: Int) -> Bool {
    switch tokens[index].kind {
    case .lineComment: return true
    case .comment:
      guard index + 1 < tokens.count, tokens[index + 1].lineEnds == 0 else { return true }
      return tokens[index + 1].isCode && tokens[index + 1].kind != .rightBrace
        && isBehindStatement(index + 1)
    default: return false
    }
  }

  private mutating func putComment(_ index: Int) {
    let token = tokens[index]
    let text = comments.text(token.range, at: column + 1)
    // A comment over several lines keeps its place behind the code.
    if text.contains(0x0A) {
      line?.text.append(0x20)
      append(text)
    } else if line?.comment.isEmpty == true {
      line?.comment = text
      line?.isCommentSetOff = token.isSetOff
    }
  }

  // MARK: - Columns

  /// Remembers what may be aligned with the lines above and below: `=`, the parts of a header up to `:`, arguments.
  private mutating func noteCell(_ index: Int, isBehindBlank: Bool) {
    guard let current = line, !current.isPart, isBehindBlank, let statement = state.statement,
      tokens[statement].kind == .word
    else { return }
    if isInParentheses { return noteArgument(index, of: statement) }
    guard current.columns == nil else { return }
    let isAssignment = tokens[index].kind == .sign
    if isAssignment, index != statement + 1 { return }
    addCell(index)
    if isAssignment {
      line?.columns = .assignment
    } else if word(index).elementsEqual(":".utf8) {
      line?.columns = .header
    }
  }

  /// What stands behind a comma of a statement that is a call.
  private mutating func noteArgument(_ index: Int, of statement: Int) {
    // In a call that nobody knows a comma is the end of a word.
    guard word(index - 1).last == UInt8(ascii: ","), tokens[statement + 1].kind == .leftParen
    else { return }
    let columns = LayoutLine.Columns.arguments(Array(word(statement)))
    guard line?.columns ?? columns == columns else { return }
    if line?.columns == nil {
      line?.cells = []
      line?.setOff = []
    }
    addCell(index)
    line?.columns = columns
  }

  private mutating func addCell(_ index: Int) {
    guard let current = line else { return }
    line?.cells.append(current.text.count + 1)
    line?.setOff.append(tokens[index].isSetOff && tokens[index].lineEnds == 0)
  }

  // MARK: - Long assertions

  /// Breaks an ASSERT that the author wrote on one line and that does not fit: before its message and, if that
  /// is not enough, behind its outermost `||` or `&&`.
  private mutating func wrapAssertion(_ start: Int) {
    guard word(start).elementsEqual("ASSERT".utf8), let end = closing(of: start + 1),
      tokens[(start + 1)...end].allSatisfy({ $0.isCode && $0.lineEnds == 0 }),
      column + measured(start, end) + 1 > width
    else { return }
    var depth = 0
    var message: Int?
    var connectives: [String: [Int]] = [:]
    for index in (start + 1)...end {
      switch tokens[index].kind {
      case .leftParen: depth += 1
      case .rightParen: depth -= 1
      case .comma where depth == 1: message = index + 1
      case .sign where depth == 1:
        connectives[String(decoding: word(index), as: UTF8.self), default: []].append(index + 1)
      default: break
      }
    }
    guard let message else { return }
    wrapped.insert(message)
    if column + measured(start, message - 1) > width {
      wrapped.formUnion(connectives["||"] ?? connectives["&&"] ?? [])
    }
  }

  /// The parenthesis that closes the one at `open`.
  private func closing(of open: Int) -> Int? {
    guard open < tokens.count, tokens[open].kind == .leftParen else { return nil }
    var depth = 0
    for index in open..<tokens.count {
      if tokens[index].kind == .leftParen { depth += 1 }
      if tokens[index].kind == .rightParen { depth -= 1 }
      if depth == 0 { return index }
    }
    return nil
  }

  // MARK: - Text

  private mutating func text() -> [UInt8] {
    ColumnAligner.align(&lines)
    let lineEnd = comments.lineEnd
    var result: [UInt8] = []
    for line in lines {
      if line.hasGap { result += lineEnd }
      if !line.isVerbatim { result += comments.blanks(line.indent) }
      result += line.text
      if !line.comment.isEmpty { result += [0x20] + line.comment }
      result += lineEnd
    }
    return result
  }

  /// The indentation that the first line inside braces shows; nil if none does.
  private static func indentation(
    _ bytes: [UInt8], _ tokens: [LayoutToken]
  ) -> ScriptFormatter.Style.Indentation? {
    var depth = 0
    var last: LayoutToken?
    for token in tokens where token.isCode {
      defer { last = token }
      if token.kind == .leftBrace { depth += 1 }
      if token.kind == .rightBrace { depth -= 1 }
      guard depth == 1, last?.kind == .leftBrace, token.kind != .rightBrace, token.lineEnds > 0
      else { continue }
      var start = token.range.lowerBound
      while start > 0, bytes[start - 1] != 0x0A { start -= 1 }
      let blanks = bytes[start..<token.range.lowerBound]
      if blanks.first == 0x09 { return .tab }
      return [2, 3, 4, 8].contains(blanks.count) ? .blanks(blanks.count) : nil
    }
    return nil
  }
}
