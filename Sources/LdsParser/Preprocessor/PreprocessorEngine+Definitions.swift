// `#define` and `#undef`.

extension PreprocessorEngine {
  /// `#undef NAME`.
  mutating func undefine() {
    let token = lexToken()
    guard let name = acceptMacroName(token) else { return }
    names.entries[name].definition = -1
    names.entries[name].standIn = -1
    names.entries[name].isDisabled = false
  }

  /// The index of a name that may be defined, or nil after an error.
  private mutating func acceptMacroName(_ token: MacroToken) -> Int? {
    guard token.kind == .identifier, Int(token.value) != keyNames.defined else {
      let message =
        token.kind == .end ? "a macro name is missing" : "'\(quoted(token))' is no macro name"
      error("bad-macro", message, at: token.span)
      return nil
    }
    return Int(token.value)
  }

  /// `#define NAME body` and `#define NAME(a, b...) body`.
  mutating func define() {
    let nameToken = lexToken()
    guard let name = acceptMacroName(nameToken) else { return }
    var macro = StoredMacro(
      name: name, origin: definitionOrigin, nameSpan: nameToken.span, bodySpan: nameToken.span)
    macro.branch =
      conditionals.count > input.conditionalBase ? conditionals[conditionals.count - 1].branch : -1
    var token = lexToken()
    if token.kind == .openParen, !token.flags.contains(.prevWhite) {
      macro.isFunction = true
      guard readParameters(&macro) else {
        for parameter in macro.parameters { names.entries[Int(parameter)].parameter = 0 }
        return
      }
      token = lexToken()
    }
    let start = token.start
    let isSound = readBody(first: token, &macro)
    for parameter in macro.parameters { names.entries[Int(parameter)].parameter = 0 }
    guard isSound else { return }
    let end = macro.body.isEmpty ? start : UInt32(truncatingIfNeeded: input.lastEnd)
    macro.bodySpan = SourceSpan(source: nameToken.span.source, start: start, end: end)
    install(macro)
  }

  private mutating func install(_ macro: StoredMacro) {
    let old = names.entries[macro.name].definition
    if old >= 0 {
      if definitions[Int(old)].builtin == nil, isSame(definitions[Int(old)], macro) { return }
      // What is taken for predefined here, the build need not have (seL4 defines __ASSEMBLER__ itself).
      let isAssumed =
        definitions[Int(old)].origin == .predefined && definitions[Int(old)].builtin == nil
      if !isAssumed, errorCount <= Limit.reportedErrors,
        diagnostics.count < 4 * Limit.reportedErrors
      {
        let previous = definitions[Int(old)]
        var notes: [Diagnostic.Note] = []
        if previous.origin == .file {
          notes.append(Diagnostic.Note("the definition before", at: previous.nameSpan))
        }
        diagnostics.append(
          Diagnostic(
            id: "macro-redefined", severity: .warning,
            message: "macro '\(names.string(macro.name))' is defined again, otherwise than before",
            span: macro.nameSpan, notes: notes))
      }
    }
    if definitions.count >= options.definitionsLimit {
      stop("more than \(options.definitionsLimit) macros defined", at: macro.nameSpan)
      return
    }
    definitions.append(macro)
    names.entries[macro.name].definition = Int32(truncatingIfNeeded: definitions.count - 1)
    names.entries[macro.name].standIn = -1
    names.entries[macro.name].isDisabled = false
  }

  private func isSame(_ old: StoredMacro, _ new: StoredMacro) -> Bool {
    guard old.isFunction == new.isFunction, old.isVariadic == new.isVariadic,
      old.parameters == new.parameters, old.body.count == new.body.count
    else { return false }
    return zip(old.body, new.body).allSatisfy { first, second in
      first.kind == second.kind && first.flags == second.flags && text(first) == text(second)
    }
  }

  /// The parameters up to the closing parenthesis.
  private mutating func readParameters(_ macro: inout StoredMacro) -> Bool {
    var needsName = false
    while true {
      let token = lexToken()
      switch token.kind {
      case .closeParen where !needsName:
        return true
      case .identifier:
        guard addParameter(Int(token.value), token, &macro) else { return false }
      case .ellipsis:
        macro.isVariadic = true
        guard addParameter(keyNames.variadic, token, &macro) else { return false }
      default:
        let what =
          token.kind == .end
          ? "the parameter list is not closed" : "'\(quoted(token))' is no parameter"
        error("bad-macro", what, at: token.span)
        return false
      }
      var separator = lexToken()
      if separator.kind == .ellipsis, !macro.isVariadic {
        macro.isVariadic = true
        separator = lexToken()
      }
      if separator.kind == .closeParen { return true }
      guard separator.kind == .comma, !macro.isVariadic else {
        error("bad-macro", "',' or ')' is missing after a parameter", at: separator.span)
        return false
      }
      needsName = true
    }
  }

  private mutating func addParameter(_ name: Int, _ token: MacroToken, _ macro: inout StoredMacro)
    -> Bool
  {
    if names.entries[name].parameter != 0 {
      error("bad-macro", "parameter '\(names.string(name))' stands twice", at: token.span)
      return false
    }
    if macro.parameters.count >= Limit.macroParameters {
      error("bad-macro", "more than \(Limit.macroParameters) parameters", at: token.span)
      return false
    }
    macro.parameters.append(UInt32(truncatingIfNeeded: name))
    names.entries[name].parameter = UInt32(truncatingIfNeeded: macro.parameters.count)
    return true
  }

  /// The replacement, with `#` and `##` turned into flags of their operands.
  private mutating func readBody(first: MacroToken, _ macro: inout StoredMacro) -> Bool {
    var token = first
    var afterPaste = false
    while token.kind != .end {
      token.flags.remove(.lineStart)
      if macro.body.isEmpty, !afterPaste { token.flags.remove(.prevWhite) }
      if token.kind == .hashHash {
        guard !macro.body.isEmpty else {
          error("bad-macro", "'##' stands at the start of a macro body", at: token.span)
          return false
        }
        macro.body[macro.body.count - 1].flags.insert(.pasteLeft)
        afterPaste = true
        token = lexToken()
        continue
      }
      afterPaste = false
      let parameter = token.kind == .identifier ? names.entries[Int(token.value)].parameter : 0
      if parameter != 0 {
        token.kind = .parameter
        token.value = parameter - 1
      }
      guard addToBody(token, &macro) else { return false }
      token = lexToken()
    }
    if afterPaste {
      error("bad-macro", "'##' stands at the end of a macro body", at: macro.nameSpan)
      return false
    }
    return hasSoundStringification(macro) && hasSoundOptional(&macro)
  }

  private mutating func addToBody(_ token: MacroToken, _ macro: inout StoredMacro) -> Bool {
    var token = token
    let isOptional =
      token.kind == .identifier && Int(token.value) == keyNames.optional && macro.isVariadic
    if isOptional { macro.hasOptional = true }
    if macro.isFunction, let last = macro.body.last, last.kind == .hash,
      !last.flags.contains(.pasteLeft)
    {
      if token.kind == .parameter || isOptional {
        token.flags.remove(.prevWhite)
        token.flags.formUnion(last.flags.intersection(.prevWhite))
        token.flags.insert(.stringify)
        macro.body[macro.body.count - 1] = token
        return true
      }
      if !isAssembler {
        error("bad-macro", "'#' is not followed by a parameter", at: last.span)
        return false
      }
    }
    macro.body.append(token)
    return true
  }

  private mutating func hasSoundStringification(_ macro: StoredMacro) -> Bool {
    if macro.isFunction, !isAssembler, let last = macro.body.last, last.kind == .hash {
      error("bad-macro", "'#' is not followed by a parameter", at: last.span)
      return false
    }
    return true
  }

  /// Checks that each `__VA_OPT__` is followed by balanced parentheses.
  private mutating func hasSoundOptional(_ macro: inout StoredMacro) -> Bool {
    guard macro.hasOptional else { return true }
    var depth = 0
    var isInside = false
    for (index, token) in macro.body.enumerated() {
      if !isInside, token.kind == .identifier, Int(token.value) == keyNames.optional {
        guard index + 1 < macro.body.count, macro.body[index + 1].kind == .openParen else {
          error("bad-macro", "'(' is missing after '__VA_OPT__'", at: token.span)
          return false
        }
        isInside = true
        depth = 0
      } else if isInside, token.kind == .identifier, Int(token.value) == keyNames.optional {
        error("bad-macro", "'__VA_OPT__' stands in another", at: token.span)
        return false
      } else if isInside, token.kind == .openParen {
        depth += 1
        if depth == 1, token.flags.contains(.pasteLeft) { return refuseEnd(token) }
      } else if isInside, token.kind == .closeParen {
        depth -= 1
        if depth == 0 {
          isInside = false
          if macro.body[index - 1].flags.contains(.pasteLeft) { return refuseEnd(token) }
        }
      }
    }
    if isInside { error("bad-macro", "'__VA_OPT__' is not closed", at: macro.nameSpan) }
    return !isInside
  }

  private mutating func refuseEnd(_ token: MacroToken) -> Bool {
    error("bad-macro", "'##' stands at an end of '__VA_OPT__'", at: token.span)
    return false
  }
}
