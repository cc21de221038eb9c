// Lines that start with `#`: which directive it is, and those that need few words.

extension PreprocessorEngine {
  /// What is left to do when a directive's line is finished.
  enum AfterDirective {
    case nothing
    /// Skip to the branch of the conditional that is to be read.
    case skipGroup
    /// Read this file.
    case enter(source: UInt16, file: Int, nextFolder: Int)
  }

  /// Carries out the directive that `hash` starts; false if the line is assembler text.
  mutating func handleDirective(_ hash: MacroToken) -> Bool {
    let savedParsing = parsingArguments
    let savedPrevention = preventExpansion
    parsingArguments = 0
    preventExpansion = 0
    inDirective = true
    defer {
      parsingArguments = savedParsing
      preventExpansion = savedPrevention
    }
    let name = lexToken()
    var after = AfterDirective.nothing
    if let directive = directive(of: name) {
      noteForGuard(directive)
      after = perform(directive, hash, name)
    } else if name.kind == .number, !isAssembler {
      setLine(first: name)
    } else if name.kind != .end {
      if isAssembler {
        inDirective = false
        unread(name)
        return false
      }
      error("unknown-directive", "'#\(quoted(name))' is no directive", at: name.span)
    }
    endDirective()
    switch after {
    case .nothing: break
    case .skipGroup: skipGroup()
    case .enter(let source, let file, let nextFolder):
      enter(source: source, file: file, nextFolder: nextFolder)
    }
    return true
  }

  /// The directive that a name after `#` stands for.
  func directive(of name: MacroToken) -> Directive? {
    guard name.kind == .identifier else { return nil }
    return Directive(rawValue: names.entries[Int(name.value)].directive)
  }

  /// Reads the rest of the directive's line.
  mutating func endDirective() {
    while !contexts.isEmpty { popContext() }
    lookahead.removeAll(keepingCapacity: true)
    while lexToken().kind != .end {}
    inDirective = false
  }

  /// A directive outside the include guard means that there is none.
  private mutating func noteForGuard(_ directive: Directive) {
    switch input.guardState {
    case .nothingSeen where directive != .ifndef && directive != .ifTrue: input.guardState = .none
    case .closed: input.guardState = .none
    default: break
    }
  }

  private mutating func perform(_ directive: Directive, _ hash: MacroToken, _ name: MacroToken)
    -> AfterDirective
  {
    switch directive {
    case .define: define()
    case .undef: undefine()
    case .include, .includeNext, .importFile: return include(directive, hash)
    case .ifTrue, .ifdef, .ifndef: return openConditional(directive, hash)
    case .elif, .elifdef, .elifndef, .elseBranch: return switchBranch(directive, hash)
    case .endif: closeConditional(hash)
    case .line: setLine(first: nextSolidToken())
    case .error:
      // Without its headers and options a script may find itself configured impossibly.
      let message = "#error \(restOfLine())"
      let span = hash.span.extended(to: name.span)
      if lacksFiles || !options.isWholeCommand {
        warning("error-directive", message, at: span)
      } else {
        error("error-directive", message, at: span)
      }
    case .warning:
      warning(
        "warning-directive", "#warning \(restOfLine())", at: hash.span.extended(to: name.span))
    case .pragma: pragma()
    case .ident, .sccs:
      let text = restOfLine()
      if text.hasPrefix("\"") {
        if !isAssembler { showLine("#ident \(text)") }
      } else {
        error("bad-ident", "#ident needs a text in quotes", at: hash.span.extended(to: name.span))
      }
    case .assert: assert()
    case .unassert: unassert()
    }
    return .nothing
  }

  /// The unexpanded rest of the directive, tokens with single blanks where blanks stand.
  mutating func restOfLine() -> String {
    var bytes: [UInt8] = []
    while true {
      let token = lexToken()
      if token.kind == .end { break }
      if token.flags.contains(.prevWhite), !bytes.isEmpty { bytes.append(0x20) }
      appendText(of: token, to: &bytes)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Prints a line of its own that leads back to nothing.
  mutating func showLine(_ line: String) {
    breakLine()
    printer.bytes.append(contentsOf: Array(line.utf8))
    printer.lineHasText = true
    breakLine()
  }

  /// Ends the line if anything stands on it.
  mutating func breakLine() {
    if !printer.lineHasText { return }
    printer.bytes.append(0x0A)
    printer.lineHasText = false
    printer.previous = nil
  }

  /// `#line 12 "file"`.
  private mutating func setLine(first: MacroToken) {
    let digits = text(first)
    guard first.kind == .number, digits.count < 11, digits.allSatisfy({ Self.isDigit($0) }) else {
      error("bad-line", "#line needs a number", at: first.span)
      return
    }
    let line = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    let (own, _) = sources.lineAndColumn(first.span.source, offset: input.position)
    input.lineShift = line - own - 1
    let name = nextSolidToken()
    guard name.kind == .string else {
      if name.kind != .end { error("bad-line", "the file name is not in quotes", at: name.span) }
      return
    }
    input.presumedName = Array(text(name).dropFirst().dropLast())
  }
}
