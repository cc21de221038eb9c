// `#if` arithmetic: 64-bit integers, signed until something unsigned comes along (C11 6.10.1, intmax_t).

/// A value of a condition.
private struct ConditionValue {
  var bits: UInt64
  var isUnsigned = false

  init(_ bits: UInt64, isUnsigned: Bool = false) {
    self.bits = bits
    self.isUnsigned = isUnsigned
  }

  init(_ truth: Bool) {
    bits = truth ? 1 : 0
  }

  var signed: Int64 { Int64(bitPattern: bits) }
  var isNegative: Bool { !isUnsigned && signed < 0 }
}

/// Reads one condition by precedence climbing.
private struct ConditionParser {
  var token: MacroToken
  var hasFailed = false
  /// Above 0 inside operands that do not count, such as the right side of `0 &&`.
  var skipped = 0
  var depth = 0

  mutating func advance(_ engine: inout PreprocessorEngine) {
    token = engine.nextSolidToken()
  }

  mutating func fail(_ engine: inout PreprocessorEngine, _ message: String) -> ConditionValue {
    if !hasFailed {
      let place = token.kind == .end ? engine.placeOfInput : engine.outermostSpan(token)
      engine.error("bad-condition", message, at: place)
    }
    hasFailed = true
    return ConditionValue(0)
  }

  static func precedence(_ kind: MacroToken.Kind) -> Int {
    switch kind {
    case .comma: 1
    case .question: 2
    case .orOr: 3
    case .andAnd: 4
    case .or: 5
    case .xor: 6
    case .and: 7
    case .equal, .notEqual: 8
    case .less, .greater, .lessEqual, .greaterEqual: 9
    case .shiftLeft, .shiftRight: 10
    case .plus, .minus: 11
    case .star, .slash, .percent: 12
    default: 0
    }
  }

  mutating func expression(_ engine: inout PreprocessorEngine, above minimum: Int)
    -> ConditionValue
  {
    depth += 1
    defer { depth -= 1 }
    if depth > Limit.nesting {
      return fail(&engine, "the condition is nested deeper than \(Limit.nesting)")
    }
    var left = unary(&engine)
    while !hasFailed {
      let kind = token.kind
      let level = Self.precedence(kind)
      if level == 0 || level <= minimum { return left }
      advance(&engine)
      switch kind {
      case .question: left = choice(&engine, left)
      case .andAnd, .orOr:
        let decided = (left.bits != 0) == (kind == .orOr)
        if decided { skipped += 1 }
        let right = expression(&engine, above: level)
        if decided { skipped -= 1 }
        left = ConditionValue(
          kind == .orOr ? left.bits != 0 || right.bits != 0 : left.bits != 0 && right.bits != 0)
      default:
        let right = expression(&engine, above: level)
        if !hasFailed { left = binary(&engine, kind, left, right) }
      }
    }
    return left
  }

  private mutating func choice(_ engine: inout PreprocessorEngine, _ condition: ConditionValue)
    -> ConditionValue
  {
    let isTrue = condition.bits != 0
    if !isTrue { skipped += 1 }
    let first = expression(&engine, above: 0)
    if !isTrue { skipped -= 1 }
    guard !hasFailed, token.kind == .colon else {
      return fail(&engine, "':' is missing after '?'")
    }
    advance(&engine)
    if isTrue { skipped += 1 }
    let second = expression(&engine, above: 1)
    if isTrue { skipped -= 1 }
    return ConditionValue(
      isTrue ? first.bits : second.bits, isUnsigned: first.isUnsigned || second.isUnsigned)
  }

  private mutating func unary(_ engine: inout PreprocessorEngine) -> ConditionValue {
    var operators: [MacroToken.Kind] = []
    while [.plus, .minus, .not, .tilde].contains(token.kind) {
      operators.append(token.kind)
      advance(&engine)
    }
    var value = primary(&engine)
    for kind in operators.reversed() {
      switch kind {
      case .minus: value.bits = 0 &- value.bits
      case .tilde: value.bits = ~value.bits
      case .not: value = ConditionValue(value.bits == 0)
      default: break
      }
    }
    return value
  }

  private mutating func primary(_ engine: inout PreprocessorEngine) -> ConditionValue {
    let current = token
    switch current.kind {
    case .openParen:
      advance(&engine)
      let value = expression(&engine, above: 0)
      if hasFailed { return value }
      guard token.kind == .closeParen else { return fail(&engine, "')' is missing") }
      advance(&engine)
      return value
    case .identifier:
      if Int(current.value) == engine.keyNames.defined { return definedOperator(&engine) }
      advance(&engine)
      if token.kind == .openParen, !hasFailed {
        if engine.lacksFiles || !engine.options.isWholeCommand {
          return unknownCall(&engine, current)
        }
        return fail(
          &engine, "'\(engine.quoted(current))' is no macro, but is called like one")
      }
      if skipped == 0 { engine.noteGuess(Int(current.value)) }
      return ConditionValue(0)
    case .number:
      guard let value = number(engine.text(current)) else {
        return fail(&engine, "'\(engine.quoted(current))' is no integer")
      }
      advance(&engine)
      return value
    case .character:
      guard
        let value = CharacterConstant.value(
          engine.text(current), isUnsigned: engine.hasUnsignedCharacters)
      else { return fail(&engine, "'\(engine.quoted(current))' is no character constant") }
      advance(&engine)
      return ConditionValue(UInt64(bitPattern: value))
    case .hash:
      let isAsserted = engine.testAssertion()
      advance(&engine)
      return ConditionValue(isAsserted)
    case .end:
      return fail(&engine, "the condition is not complete")
    default:
      return fail(&engine, "'\(engine.quoted(current))' cannot stand in a condition")
    }
  }

  /// `IS_ENABLED(CONFIG_X)` whose header is missing, or which an option defines that is not known: taken as 0, with a
  /// warning.
  private mutating func unknownCall(
    _ engine: inout PreprocessorEngine, _ name: MacroToken
  ) -> ConditionValue {
    engine.noteGuess(Int(name.value))
    engine.warning(
      .unknownMacro,
      "no file defines '\(engine.quoted(name))': the condition takes it for 0", at: name.span)
    if !engine.lacksFiles, let last = engine.diagnostics.indices.last {
      engine.diagnostics[last].notes.append(
        Diagnostic.Note(
          "a compiler refuses this unless -D or -include (\"includeFiles\" of .lds-check.json) defines it"
        ))
    }
    var depth = 0
    repeat {
      if token.kind == .openParen { depth += 1 }
      if token.kind == .closeParen { depth -= 1 }
      advance(&engine)
    } while depth > 0 && token.kind != .end
    return ConditionValue(0)
  }

  private mutating func definedOperator(_ engine: inout PreprocessorEngine) -> ConditionValue {
    engine.preventExpansion += 1
    advance(&engine)
    let hasParenthesis = token.kind == .openParen
    if hasParenthesis { advance(&engine) }
    guard token.kind == .identifier else {
      engine.preventExpansion -= 1
      return fail(&engine, "'defined' needs a macro name")
    }
    let isDefined =
      skipped == 0 ? engine.test(Int(token.value)) : engine.isDefined(Int(token.value))
    if hasParenthesis {
      advance(&engine)
      if token.kind != .closeParen {
        engine.preventExpansion -= 1
        return fail(&engine, "')' is missing after 'defined'")
      }
    }
    engine.preventExpansion -= 1
    advance(&engine)
    return ConditionValue(isDefined)
  }

  private mutating func binary(
    _ engine: inout PreprocessorEngine, _ kind: MacroToken.Kind, _ left: ConditionValue,
    _ right: ConditionValue
  ) -> ConditionValue {
    let isUnsigned = left.isUnsigned || right.isUnsigned
    let a = left.bits
    let b = right.bits
    func less(_ x: ConditionValue, _ y: ConditionValue) -> Bool {
      isUnsigned ? x.bits < y.bits : x.signed < y.signed
    }
    switch kind {
    case .comma: return right
    case .or: return ConditionValue(a | b, isUnsigned: isUnsigned)
    case .xor: return ConditionValue(a ^ b, isUnsigned: isUnsigned)
    case .and: return ConditionValue(a & b, isUnsigned: isUnsigned)
    case .equal: return ConditionValue(a == b)
    case .notEqual: return ConditionValue(a != b)
    case .less: return ConditionValue(less(left, right))
    case .greater: return ConditionValue(less(right, left))
    case .lessEqual: return ConditionValue(!less(right, left))
    case .greaterEqual: return ConditionValue(!less(left, right))
    case .plus: return ConditionValue(a &+ b, isUnsigned: isUnsigned)
    case .minus: return ConditionValue(a &- b, isUnsigned: isUnsigned)
    case .star: return ConditionValue(a &* b, isUnsigned: isUnsigned)
    case .shiftLeft, .shiftRight:
      return shift(left, right, isLeft: (kind == .shiftLeft) != right.isNegative)
    default: return divide(&engine, kind, left, right, isUnsigned: isUnsigned)
    }
  }

  /// Shifts; a negative count shifts the other way, as in gcc.
  private func shift(_ left: ConditionValue, _ right: ConditionValue, isLeft: Bool)
    -> ConditionValue
  {
    let count = right.isNegative ? 0 &- right.bits : right.bits
    var result = left
    if isLeft {
      result.bits = count >= 64 ? 0 : left.bits << count
    } else if left.isUnsigned {
      result.bits = count >= 64 ? 0 : left.bits >> count
    } else {
      result.bits = UInt64(bitPattern: left.signed >> Int64(min(count, 63)))
    }
    return result
  }

  private mutating func divide(
    _ engine: inout PreprocessorEngine, _ kind: MacroToken.Kind, _ left: ConditionValue,
    _ right: ConditionValue, isUnsigned: Bool
  ) -> ConditionValue {
    guard right.bits != 0 else {
      return skipped > 0 ? ConditionValue(0) : fail(&engine, "division by zero in a condition")
    }
    if isUnsigned {
      return ConditionValue(
        kind == .slash ? left.bits / right.bits : left.bits % right.bits, isUnsigned: true)
    }
    let (quotient, _) = left.signed.dividedReportingOverflow(by: right.signed)
    let (remainder, _) = left.signed.remainderReportingOverflow(dividingBy: right.signed)
    return ConditionValue(UInt64(bitPattern: kind == .slash ? quotient : remainder))
  }

  /// An integer constant with its suffix; too large ones keep their low 64 bits.
  private func number(_ text: [UInt8]) -> ConditionValue? {
    var digits = text[...]
    var radix: UInt64 = 10
    if text.count > 1, text[0] == UInt8(ascii: "0") {
      switch text[1] | 0x20 {
      case UInt8(ascii: "x"):
        radix = 16
        digits = text.dropFirst(2)
      case UInt8(ascii: "b"):
        radix = 2
        digits = text.dropFirst(2)
      default: radix = 8
      }
    }
    var value: UInt64 = 0
    var count = 0
    while let byte = digits.first, let digit = CharacterConstant.digit(byte), digit < radix {
      value = value &* radix &+ digit
      digits = digits.dropFirst()
      count += 1
    }
    guard count > 0 else { return nil }
    let suffix = digits.map { $0 | 0x20 }
    let isUnsigned = suffix.contains(UInt8(ascii: "u"))
    let rest = suffix.filter { $0 != UInt8(ascii: "u") }
    let l = UInt8(ascii: "l")
    guard suffix.count - rest.count <= 1, rest.isEmpty || rest == [l] || rest == [l, l],
      suffix.count != 3 || suffix[1] == l
    else { return nil }
    return ConditionValue(value, isUnsigned: isUnsigned || value >> 63 != 0)
  }
}

extension PreprocessorEngine {
  /// Evaluates the condition of `#if` or `#elif`; false if it is faulty.
  ///
  /// - Parameter guardName: set when the condition is exactly `!defined NAME`.
  mutating func evaluateCondition(_ hash: MacroToken, guardName: inout Int?) -> Bool {
    let firstTest = tests.count
    let usedBefore = expansionCount
    var parser = ConditionParser(token: nextSolidToken())
    let startsWithNot = parser.token.kind == .not
    let value = parser.expression(&self, above: 0)
    if !parser.hasFailed, parser.token.kind != .end {
      _ = parser.fail(&self, "an operator is missing before '\(quoted(parser.token))'")
    }
    if parser.hasFailed { return false }
    if startsWithNot, tests.count == firstTest + 1, usedBefore == expansionCount,
      isGuardCondition(from: hash)
    {
      guardName = tests[firstTest].name
    }
    return value.bits != 0
  }

  /// Whether the directive's text is `!defined NAME` and nothing more.
  private func isGuardCondition(from hash: MacroToken) -> Bool {
    guard let reader = readers[Int(hash.source)], Int(hash.start) <= input.lastEnd else {
      return false
    }
    let text = reader.copy(Int(hash.start), input.lastEnd)
    return !text.contains { "&|=<>?:+-*/%^~,".utf8.contains($0) }
      && text.count(where: { $0 == UInt8(ascii: "!") }) == 1
  }

  /// Whether `name` is a macro now.
  func isDefined(_ name: Int) -> Bool {
    names.entries[name].definition >= 0
  }
}
