// `#if` and its kin: which text is read, and which line decided it.

extension PreprocessorEngine {
  /// `#if`, `#ifdef`, `#ifndef`.
  mutating func openConditional(_ directive: Directive, _ hash: MacroToken) -> AfterDirective {
    let firstTest = tests.count
    var guardName: Int?
    let isTrue: Bool
    guessedName = -1
    if directive == .ifTrue {
      isTrue = evaluateCondition(hash, guardName: &guardName)
    } else {
      let name = readMacroName()
      if directive == .ifndef { guardName = name }
      isTrue = name.map { test($0) == (directive == .ifdef) } ?? (directive == .ifndef)
    }
    let line = hash.span.extended(to: span(input.lastEnd, input.lastEnd))
    var mayBeGuard = false
    if input.guardState == .nothingSeen {
      input.guardState = guardName == nil ? .none : .inside
      input.guardName = guardName ?? 0
      mayBeGuard = guardName != nil
    }
    if conditionals.count >= Limit.conditionalDepth {
      stop("conditionals nested deeper than \(Limit.conditionalDepth)", at: line)
      return .nothing
    }
    conditionals.append(
      Conditional(
        opening: line, isTaken: isTrue, branch: -1, isGuard: mayBeGuard, guess: guessedName))
    if isTrue { openBranch(line, firstTest: firstTest) }
    return isTrue ? .nothing : .skipGroup
  }

  /// Records the branch of the innermost conditional that is read from here.
  private mutating func openBranch(_ line: SourceSpan, firstTest: Int) {
    let current = conditionals.count - 1
    let around = current > input.conditionalBase ? conditionals[current - 1].branch : -1
    let opening = conditionals[current].opening
    branches.append(
      Branch(
        directive: line, opening: opening == line ? nil : opening, parent: around,
        isGuard: false, firstTest: firstTest, testCount: tests.count - firstTest))
    conditionals[current].branch = branches.count - 1
  }

  /// `#elif`, `#else` at the end of a branch that was read: the rest is skipped.
  mutating func switchBranch(_ directive: Directive, _ hash: MacroToken) -> AfterDirective {
    guard conditionals.count > input.conditionalBase else {
      error("stray-conditional", "'#\(directive.spelling)' without #if", at: hash.span)
      return .nothing
    }
    noteElse(directive, hash)
    conditionals[conditionals.count - 1].isTaken = true
    return .skipGroup
  }

  private mutating func noteElse(_ directive: Directive, _ hash: MacroToken) {
    let current = conditionals.count - 1
    if conditionals[current].hasElse {
      error("stray-conditional", "'#\(directive.spelling)' after #else", at: hash.span)
    }
    if directive == .elseBranch { conditionals[current].hasElse = true }
    if conditionals[current].isGuard {
      conditionals[current].isGuard = false
      input.guardState = .none
    }
  }

  /// `#endif`.
  mutating func closeConditional(_ hash: MacroToken) {
    guard conditionals.count > input.conditionalBase, let closed = conditionals.popLast() else {
      error("stray-conditional", "'#endif' without #if", at: hash.span)
      return
    }
    if closed.guess >= 0 {
      guessedConditionals.append(
        GuessedConditional(
          span: closed.opening.extended(to: hash.span), name: names.string(closed.guess)))
      warnOfLeftOut(closed)
    }
    guard closed.isGuard, input.guardState == .inside else { return }
    input.guardState = .closed
    if closed.branch >= 0, names.entries[input.guardName].definition >= 0 {
      branches[closed.branch].isGuard = true
    }
  }

  /// Says once a conditional that ASSERTs of it are left out on a guess.
  private mutating func warnOfLeftOut(_ conditional: Conditional) {
    guard let first = conditional.leftOut.first else { return }
    let name = names.string(conditional.guess)
    let count = conditional.leftOut.count
    let noted = diagnostics.count
    warning(
      "left-out-assert",
      "\(count) \(count == 1 ? "ASSERT is" : "ASSERTs are") left out here and not checked: no file that was found "
        + "defines '\(name)', which one that is missing may do",
      at: conditional.opening)
    guard diagnostics.count > noted else { return }
    diagnostics[noted].notes = [
      Diagnostic.Note(count == 1 ? "the ASSERT" : "the first of them", at: first),
      Diagnostic.Note("-D\(name) or -U\(name) tells whether it is defined"),
    ]
  }

  /// Counts the ASSERTs of a part of the innermost conditional that was skipped.
  private mutating func noteLeftOut(from start: Int, to end: Int) {
    let current = conditionals.count - 1
    guard current >= 0, conditionals[current].guess >= 0 else { return }
    conditionals[current].leftOut.add(
      input.reader, from: start, to: end, in: SourceID(index: UInt32(input.source)))
  }

  /// Ends the current file.
  mutating func leaveInput() {
    while conditionals.count > input.conditionalBase, let open = conditionals.popLast() {
      error("unterminated-conditional", "the conditional is not closed by #endif", at: open.opening)
    }
    if input.guardState == .closed, input.file >= 0 {
      files[input.file].guardName = input.guardName
    }
    if let outer = inputStack.popLast() { input = outer }
  }

  /// The macro name after `#ifdef` and its like.
  private mutating func readMacroName() -> Int? {
    let token = lexToken()
    if token.kind == .identifier { return Int(token.value) }
    error(
      "bad-condition",
      token.kind == .end ? "a macro name is missing" : "'\(quoted(token))' is no macro name",
      at: token.kind == .end ? span(input.lastEnd, input.lastEnd) : token.span)
    return nil
  }

  /// Whether `name` is defined; the answer is kept for the condition's record.
  mutating func test(_ name: Int) -> Bool {
    let index = names.entries[name].definition
    noteGuess(name)
    tests.append((name, index >= 0))
    return index >= 0
  }

  /// Notes that a condition depends on a name which a missing file may define.
  mutating func noteGuess(_ name: Int) {
    guard guessedName < 0, lacksFiles, names.entries[name].definition < 0 else { return }
    if !undefinedNames.contains(name) { guessedName = name }
  }

  /// Skips to the branch of the innermost conditional that is to be read, or to its end.
  mutating func skipGroup() {
    var depth = 0
    var start = input.position
    while nextSkippedDirective() {
      let hash = MacroToken(
        kind: .hash, source: input.source, start: input.position, end: input.position + 1)
      input.position += 1
      inDirective = true
      let name = lexToken()
      var isDone = false
      let kind = directive(of: name)
      if depth == 0, kind?.endsGroup == true {
        noteLeftOut(from: start, to: Int(hash.start))
        start = Int(hash.start)
      }
      switch kind {
      case .ifTrue, .ifdef, .ifndef: depth += 1
      case .endif:
        if depth == 0 {
          closeConditional(hash)
          isDone = true
        } else {
          depth -= 1
        }
      case .elif where depth == 0: isDone = resume(.elif, hash)
      case .elifdef where depth == 0: isDone = resume(.elifdef, hash)
      case .elifndef where depth == 0: isDone = resume(.elifndef, hash)
      case .elseBranch where depth == 0: isDone = resume(.elseBranch, hash)
      default: break
      }
      if isDone {
        endDirective()
        return
      }
      // The rest of the line is skipped as text: quotes and comments in it count, words do not.
      inDirective = false
      input.position = min(input.position, max(Int(name.end), Int(hash.end)))
      skipLine()
    }
  }

  /// Whether the branch that `directive` opens is to be read.
  private mutating func resume(_ directive: Directive, _ hash: MacroToken) -> Bool {
    noteElse(directive, hash)
    let current = conditionals.count - 1
    if conditionals[current].isTaken { return false }
    let firstTest = tests.count
    var isTrue = true
    guessedName = conditionals[current].guess
    defer { conditionals[current].guess = guessedName }
    if directive == .elif {
      var guardName: Int?
      isTrue = evaluateCondition(hash, guardName: &guardName)
    } else if directive != .elseBranch {
      let name = readMacroName()
      isTrue = name.map { test($0) == (directive == .elifdef) } ?? false
    }
    guard isTrue else { return false }
    conditionals[current].isTaken = true
    openBranch(
      hash.span.extended(to: span(input.lastEnd, input.lastEnd)), firstTest: firstTest)
    return true
  }

  /// Moves to the next line that starts with `#`; false at the end of the file.
  private mutating func nextSkippedDirective() -> Bool {
    let reader = input.reader
    while true {
      guard let newline = reader.firstIndex(of: 0x0A, from: input.position, to: reader.count) else {
        input.position = reader.count
        return false
      }
      var position = newline + 1
      input.lineStart = position
      scan: while position < reader.count {
        switch reader[position] {
        case 0x20, 0x09, 0x0B, 0x0C, 0x0D, 0: position += 1
        case UInt8(ascii: "/"):
          guard let next = skipComment(position) else { break scan }
          position = next
        case UInt8(ascii: "\\"):
          guard let next = Self.splice(reader, position) else { break scan }
          position = next
        default: break scan
        }
      }
      input.position = position
      if position < reader.count, reader[position] == UInt8(ascii: "#") { return true }
      skipLine()
    }
  }

  /// Moves to the line end, past quotes and comments.
  private mutating func skipLine() {
    let reader = input.reader
    var position = input.position
    while position < reader.count {
      switch reader[position] {
      case 0x0A:
        input.position = position
        return
      case UInt8(ascii: "\\"):
        position = Self.splice(reader, position) ?? position + 1
      case UInt8(ascii: "/"):
        position = skipComment(position) ?? position + 1
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        position = Self.endOfQuoted(reader, position)
      default:
        position &+= 1
      }
    }
    input.position = position
  }

  /// The position after a quoted literal, or the line's end if it is not closed.
  private static func endOfQuoted(_ reader: ByteReader, _ start: Int) -> Int {
    let mark = reader[start]
    var position = start + 1
    while position < reader.count {
      switch reader[position] {
      case mark: return position + 1
      case 0x0A: return position
      case UInt8(ascii: "\\"):
        if let next = splice(reader, position) {
          position = next
        } else {
          position += position + 1 < reader.count && reader[position + 1] != 0x0A ? 2 : 1
        }
      default: position += 1
      }
    }
    return position
  }
}
