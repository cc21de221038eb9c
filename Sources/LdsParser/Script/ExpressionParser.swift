// Expressions by operator precedence, with a stack of its own instead of recursion: a sum of a million terms
// and a hundred thousand parentheses cost memory, not stack (ld-semantics 2.4).

/// Operands and unfinished operators of the expression that is being read.
struct ExpressionStack {
  /// A finished part and its text, parentheses included.
  struct Operand {
    var expression: ExpressionID
    var start: Int
    var end: Int
  }

  /// Something that waits for an operand or a closing parenthesis.
  enum Frame {
    case unary(UnaryOperator, start: Int)
    case binary(BinaryOperator)
    case parenthesis(start: Int)
    /// `condition ?`, waiting for `:`.
    case question(start: Int)
    /// `condition ? value :`, waiting for the other value.
    case alternative
    case call1(UnaryFunction, start: Int)
    /// A function of two values with the number of those that are complete.
    case call2(BinaryFunction, start: Int, count: Int)
    /// `ALIGN(`, which takes one value or two.
    case align(start: Int)
    case segmentStart(NameID, start: Int)
    case assertion(start: Int)

    /// Whether it counts towards the depth of the expression.
    var nests: Bool { if case .binary = self { false } else { true } }
  }

  var operands: [Operand] = []
  var frames: [Frame] = []
  var depth = 0
}

extension ScriptParser {
  /// Reads an expression; the token behind it is left pending, read in the EXPRESSION state.
  ///
  /// - Parameter open: the parenthesis it begins with, if that was taken already.
  mutating func readExpression(after open: Token? = nil) throws(SyntaxError) -> ExpressionID {
    expressionStack.operands.removeAll(keepingCapacity: true)
    expressionStack.frames.removeAll(keepingCapacity: true)
    expressionStack.depth = 0
    if let open { try push(.parenthesis(start: open.start)) }
    while true {
      try readOperand()
      if try readOperators() { break }
    }
    return expressionStack.operands[0].expression
  }

  // MARK: - Operands

  /// Reads one operand with the operators and opening parentheses before it.
  private mutating func readOperand() throws(SyntaxError) {
    while true {
      let kind = peek(.expression)
      if let unary = kind.unaryOperator {
        try push(.unary(unary, start: take().start))
        continue
      }
      switch kind {
      case .leftParen:
        try push(.parenthesis(start: take().start))
      case .integer:
        let token = take()
        return finish(.integer(token.value), from: token.start)
      case .name:
        let token = take()
        if try readFileOffset(token) { return }
        let isDot = token.end &- token.start == (token.isQuoted ? 3 : 1) && isDot(token)
        return finish(isDot ? .locationCounter : .symbol(intern(token)), from: token.start)
      case .sizeofHeaders:
        return finish(.sizeofHeaders, from: take().start)
      default:
        if try readFunction(kind) { return }
      }
    }
  }

  /// Reads `FILE_OFFSET(symbol)` of a constraint: no linker has a symbol of that name.
  private mutating func readFileOffset(_ token: Token) throws(SyntaxError) -> Bool {
    guard options.readsFileOffsets, !token.isQuoted, peek(.expression) == .leftParen,
      lexer.reader.copy(token.start, token.end) == ImageName.fileOffset
    else { return false }
    take()
    let symbol = try expectName("a symbol in FILE_OFFSET(...)", in: .expression)
    try expect(.rightParen, "')' after the symbol", in: .expression)
    let name = ImageName.fileOffset(of: script.names.bytes(symbol.name))
    finish(.symbol(script.names.intern(name)), from: token.start)
    return true
  }

  private func isDot(_ token: Token) -> Bool {
    lexer.reader[token.start &+ (token.isQuoted ? 1 : 0)] == 0x2E
  }

  /// Reads a function up to its first value.
  ///
  /// - Returns: whether it is complete, because it takes a name.
  private mutating func readFunction(_ kind: TokenKind) throws(SyntaxError) -> Bool {
    if let function = Self.nameFunction(kind) {
      try readNameFunction(function)
      return true
    }
    guard let start = pending?.start, let frame = Self.frame(kind, start: start) else {
      throw unexpected(expectedOperand())
    }
    take()
    if kind == .segmentStart {
      try readSegmentStart(from: start)
    } else {
      try expect(.leftParen, "'(' after the function's name", in: .expression)
      try push(frame)
    }
    return false
  }

  private func expectedOperand() -> String {
    if pending?.kind == .assign { return "a value; there is no assignment inside an expression" }
    return "a value: a number, a symbol, a function, '.' or '('"
  }

  private static func nameFunction(_ kind: TokenKind) -> NameFunction? {
    switch kind {
    case .sizeof: .sizeOf
    case .addr: .address
    case .loadaddr: .loadAddress
    case .alignof: .alignOf
    case .origin: .origin
    case .length: .length
    case .defined: .defined
    case .constant: .constant
    default: nil
    }
  }

  private static func frame(_ kind: TokenKind, start: Int) -> ExpressionStack.Frame? {
    switch kind {
    case .align: .align(start: start)
    case .block: .call1(.align, start: start)
    case .absolute: .call1(.absolute, start: start)
    case .next: .call1(.next, start: start)
    case .log2ceil: .call1(.log2Ceiling, start: start)
    case .dataSegmentEnd: .call1(.dataSegmentEnd, start: start)
    case .max: .call2(.max, start: start, count: 0)
    case .min: .call2(.min, start: start, count: 0)
    case .dataSegmentAlign: .call2(.dataSegmentAlign, start: start, count: 0)
    case .dataSegmentRelroEnd: .call2(.dataSegmentRelroEnd, start: start, count: 0)
    case .assert: .assertion(start: start)
    // The name is filled in when it is read.
    case .segmentStart: .parenthesis(start: start)
    default: nil
    }
  }

  /// `SIZEOF(.text-x)`: names of sections and regions are spelled as in scripts, symbols as in expressions.
  private mutating func readNameFunction(_ function: NameFunction) throws(SyntaxError) {
    let start = take().start
    let state: LexerState =
      function == .defined || function == .constant ? .expression : .script
    try expect(.leftParen, "'(' after \(function.rawValue)", in: state)
    let name = try expectName("a name in \(function.rawValue)(...)", in: state)
    let isName = function == .defined && options.dialect.follows(.definedTakesWords)
    try expect(.rightParen, "')' after the name", in: isName ? .script : state)
    finish(.nameCall(function, name.name), from: start)
  }

  private mutating func readSegmentStart(from start: Int) throws(SyntaxError) {
    try expect(.leftParen, "'(' after SEGMENT_START", in: .script)
    let name = try expectName("the segment's name", in: .script)
    try expect(
      .comma, "',' after the segment's name (put the name in quotes, or a blank before the comma)",
      in: .expression)
    try push(.segmentStart(name.name, start: start))
  }

  // MARK: - Operators

  /// Reads what follows an operand.
  ///
  /// - Returns: whether the expression is complete; otherwise an operand must follow.
  private mutating func readOperators() throws(SyntaxError) -> Bool {
    while true {
      let kind = peek(.expression)
      if let binary = kind.binaryOperator {
        try reduce(downTo: binary.precedence)
        take()
        expressionStack.frames.append(.binary(binary))
        return false
      }
      switch kind {
      case .question:
        try reduce(downTo: 2)
        let start = expressionStack.operands.last?.start ?? lastEnd
        take()
        try push(.question(start: start))
        return false
      case .colon:
        try reduceAlternatives()
        guard case .question? = expressionStack.frames.last else { return try finishExpression() }
        take()
        expressionStack.frames[expressionStack.frames.count - 1] = .alternative
        return false
      case .comma:
        try reduceAlternatives()
        if expressionStack.frames.isEmpty { return true }
        if try readComma() { return false }
      case .rightParen:
        try reduceAlternatives()
        if expressionStack.frames.isEmpty { return true }
        try readClosingParenthesis()
      default:
        try reduceAlternatives()
        return try finishExpression()
      }
    }
  }

  /// Checks that nothing is open where the expression ends.
  private mutating func finishExpression() throws(SyntaxError) -> Bool {
    guard let frame = expressionStack.frames.last else { return true }
    let (wanted, start) = Self.missing(frame)
    let note = Diagnostic.Note("opened here", at: lexer.span(start, start &+ 1))
    throw unexpected(wanted, notes: [note])
  }

  private static func missing(_ frame: ExpressionStack.Frame) -> (wanted: String, start: Int) {
    switch frame {
    case .question(let start): return ("':' and the other value of '?'", start)
    case .segmentStart(_, let start): return ("')' after SEGMENT_START's value", start)
    case .assertion(let start): return ("',' and the message of ASSERT", start)
    case .call2(let function, let start, let count) where count == 0:
      return ("',' and the second value of \(function.rawValue)", start)
    case .call1(_, let start), .call2(_, let start, _), .align(let start), .parenthesis(let start),
      .unary(_, let start):
      return ("an operator or ')'", start)
    case .binary, .alternative: return ("an operator", 0)
    }
  }

  /// Takes a comma between the values of a function, or the rest of an ASSERT.
  ///
  /// - Returns: whether an operand must follow.
  private mutating func readComma() throws(SyntaxError) -> Bool {
    let last = expressionStack.frames.count - 1
    switch expressionStack.frames[last] {
    case .align(let start):
      take()
      expressionStack.frames[last] = .call2(.align, start: start, count: 1)
      return true
    case .call2(let function, let start, let count) where count == 0:
      take()
      expressionStack.frames[last] = .call2(function, start: start, count: 1)
      return true
    case .assertion(let start):
      take()
      let message = try expectName("the message of ASSERT", in: .expression)
      try expect(.rightParen, "')' after the message", in: .expression)
      pop()
      let condition = expressionStack.operands.removeLast()
      finish(.assertion(condition.expression, message.name), from: start)
      return false
    default:
      _ = try finishExpression()
      return false
    }
  }

  private mutating func readClosingParenthesis() throws(SyntaxError) {
    guard let frame = expressionStack.frames.last else { return }
    let last = expressionStack.operands.count - 1
    let operand = expressionStack.operands[last].expression
    switch frame {
    case .parenthesis(let start):
      take()
      pop()
      expressionStack.operands[last].start = start
      expressionStack.operands[last].end = lastEnd
    case .call1(let function, let start):
      close()
      let node = ExpressionNode.call1(function, operand)
      finish(node, from: start, folded: script.expressions.folded(node, options.dialect))
    case .align(let start):
      close()
      finish(.call1(.align, operand), from: start)
    case .segmentStart(let name, let start):
      close()
      finish(.segmentStart(name, operand), from: start)
    case .call2(let function, let start, let count) where count == 1:
      close()
      let first = expressionStack.operands.removeLast().expression
      let node = ExpressionNode.call2(function, first, operand)
      finish(node, from: start, folded: script.expressions.folded(node, options.dialect))
    default:
      _ = try finishExpression()
    }
  }

  /// Takes the closing parenthesis of a function, with its frame and last operand.
  private mutating func close() {
    take()
    pop()
    expressionStack.operands.removeLast()
  }

  // MARK: - The stack

  private mutating func push(_ frame: ExpressionStack.Frame) throws(SyntaxError) {
    expressionStack.depth += 1
    if expressionStack.depth > Limit.nesting {
      error(
        "nesting-limit", "expression nested deeper than \(Limit.nesting)",
        at: span(from: lastEnd - 1))
      throw SyntaxError()
    }
    expressionStack.frames.append(frame)
  }

  private mutating func pop() {
    if let frame = expressionStack.frames.popLast(), frame.nests { expressionStack.depth -= 1 }
  }

  /// Completes the operators that bind at least as tightly as `precedence`; all but `?:` are left-associative.
  private mutating func reduce(downTo precedence: Int) throws(SyntaxError) {
    while let frame = expressionStack.frames.last {
      switch frame {
      case .unary(let operation, let start):
        pop()
        let operand = expressionStack.operands.removeLast()
        let value = script.expressions.foldedValue(operand.expression)
        finish(
          .unary(operation, operand.expression), from: start, to: operand.end,
          folded: value.map { LinkerArithmetic.apply(operation, $0) })
      case .binary(let operation) where operation.precedence >= precedence:
        pop()
        try finishBinary(operation)
      default:
        return
      }
    }
  }

  /// Completes every operator and conditional back to an opening parenthesis or `?`.
  private mutating func reduceAlternatives() throws(SyntaxError) {
    try reduce(downTo: 2)
    while case .alternative? = expressionStack.frames.last {
      pop()
      let last = expressionStack.operands.removeLast()
      let first = expressionStack.operands.removeLast()
      let condition = expressionStack.operands.removeLast()
      let node = ExpressionNode.conditional(
        condition.expression, first.expression, last.expression)
      finish(
        node, from: condition.start, to: last.end,
        folded: script.expressions.folded(node, options.dialect))
      try reduce(downTo: 2)
    }
  }

  private mutating func finishBinary(_ operation: BinaryOperator) throws(SyntaxError) {
    let right = expressionStack.operands.removeLast()
    let left = expressionStack.operands.removeLast()
    let folded = try fold(operation, left, right)
    finish(
      .binary(operation, left.expression, right.expression), from: left.start, to: right.end,
      folded: folded)
  }

  /// Appends a node and makes it an operand; without `end` its text ends at the last token.
  private mutating func finish(
    _ node: ExpressionNode, from start: Int, to end: Int? = nil, folded: UInt64? = nil
  ) {
    let end = end ?? lastEnd
    let expression = script.expressions.append(node, span: lexer.span(start, end), folded: folded)
    expressionStack.operands.append(
      ExpressionStack.Operand(expression: expression, start: start, end: end))
  }
}
