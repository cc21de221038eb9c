// Macro calls: finding the parenthesis, collecting arguments, entering the expansion.

extension PreprocessorEngine {
  /// One argument of a function-like macro call.
  struct Argument {
    /// The tokens as written, without padding at either end.
    var tokens: [MacroToken] = []
    /// The tokens after macro expansion, once they are asked for.
    var expanded: [MacroToken]?
    /// Whether a variadic argument is missing altogether, as in `f(a)` for `f(a, b...)`.
    var isOmitted = false
  }

  /// Starts the expansion of the macro `token`; false if it is not called here.
  mutating func expandMacro(_ token: MacroToken) -> Bool {
    let name = Int(token.value)
    let index = Int(names.entries[name].definition)
    if let builtin = definitions[index].builtin {
      return expandBuiltin(builtin, token)
    }
    expansionCount += 1
    if expansionCount > options.expansionLimit {
      stop("more than \(options.expansionLimit) macro expansions", at: outermostSpan(token))
      return false
    }
    if definitions[index].isFunction {
      return expandCall(token, index)
    }
    let call = recordCall(token, index, close: nil)
    var body = definitions[index].body
    charge(body.count, token)
    if call != 0 {
      for position in body.indices { body[position].call = call }
    }
    names.entries[name].isDisabled = true
    push(body, name: name)
    return true
  }

  private mutating func expandCall(_ token: MacroToken, _ index: Int) -> Bool {
    preventExpansion += 1
    parsingArguments = 1
    var arguments: [Argument] = []
    let close = readArguments(token, index, &arguments)
    parsingArguments = 0
    preventExpansion -= 1
    guard let close else { return false }
    let call = recordCall(token, index, close: close)
    if call != 0 {
      for argument in arguments.indices {
        for position in arguments[argument].tokens.indices
        where arguments[argument].tokens[position].call == token.call {
          arguments[argument].tokens[position].call = call
        }
      }
    }
    let expansion =
      definitions[index].parameters.isEmpty
      ? ownBody(index, call) : substitute(index, &arguments, call: call)
    charge(expansion.count, token)
    names.entries[Int(token.value)].isDisabled = true
    push(expansion, name: Int(token.value))
    return true
  }

  private func ownBody(_ index: Int, _ call: UInt32) -> [MacroToken] {
    var body = definitions[index].body
    for position in body.indices { body[position].call = call }
    return body
  }

  /// The closing parenthesis of a call, with its arguments; nil if no call stands here.
  private mutating func readArguments(
    _ name: MacroToken, _ index: Int, _ arguments: inout [Argument]
  ) -> MacroToken? {
    var padding: MacroToken?
    var token: MacroToken
    while true {
      token = nextToken()
      if token.kind != .padding { break }
      // The first padding with a source counts, unless one without follows and no blank is lost by it.
      let isKept =
        padding.map { $0.flags.contains(.prevWhite) || token.flags.contains(.hasSource) } ?? false
      if !isKept || padding?.flags.contains(.hasSource) == false { padding = token }
    }
    guard token.kind == .openParen else {
      if token.kind != .end || token.flags.contains(.argumentEnd) {
        unread(token)
        if let padding { push([padding]) }
      }
      return nil
    }
    parsingArguments = 2
    guard let close = collectArguments(name, index, &arguments) else { return nil }
    return acceptArguments(name, index, &arguments) ? close : nil
  }

  private mutating func collectArguments(
    _ name: MacroToken, _ index: Int, _ arguments: inout [Argument]
  ) -> MacroToken? {
    let parameterCount = definitions[index].parameters.count
    let isVariadic = definitions[index].isVariadic
    var argument = Argument()
    var depth = 0
    while true {
      let token = nextToken()
      switch token.kind {
      case .padding:
        if argument.tokens.isEmpty { continue }
      case .openParen:
        depth += 1
      case .closeParen:
        if depth == 0 {
          finish(&argument, &arguments)
          return token
        }
        depth -= 1
      case .comma where depth == 0 && !(isVariadic && arguments.count + 1 == parameterCount):
        finish(&argument, &arguments)
        continue
      case .end:
        if token.flags.contains(.argumentEnd) { unread(token) }
        error(
          "unterminated-macro-call",
          "the argument list of macro '\(names.string(Int(name.value)))' is not closed",
          at: outermostSpan(name))
        return nil
      case .hash where token.flags.contains(.lineStart):
        // An assembler's `#` line inside arguments, which handleDirective left alone.
        break
      default:
        break
      }
      // Arguments beyond the last parameter are counted for the message, not kept.
      if arguments.count < max(parameterCount, 1) { argument.tokens.append(token) }
      charge(1, name)
    }
  }

  private func finish(_ argument: inout Argument, _ arguments: inout [Argument]) {
    while argument.tokens.last?.kind == .padding { argument.tokens.removeLast() }
    arguments.append(argument)
    argument = Argument()
  }

  /// Whether the number of arguments fits; fills in an omitted variadic one.
  private mutating func acceptArguments(
    _ name: MacroToken, _ index: Int, _ arguments: inout [Argument]
  ) -> Bool {
    let wanted = definitions[index].parameters.count
    if wanted == 0, arguments.count == 1, arguments[0].tokens.isEmpty { arguments.removeAll() }
    let isVariadic = definitions[index].isVariadic
    if arguments.count == wanted {
      if isVariadic, wanted == 1, arguments[0].tokens.isEmpty { arguments[0].isOmitted = true }
      return true
    }
    if isVariadic, arguments.count + 1 == wanted {
      arguments.append(Argument(isOmitted: true))
      return true
    }
    let macro = names.string(Int(name.value))
    let message =
      arguments.count < wanted
      ? "macro '\(macro)' needs \(wanted) arguments, but has \(arguments.count)"
      : "macro '\(macro)' takes \(wanted) arguments, but has \(arguments.count)"
    let isWordOfLinker = Keyword.all.contains { $0.spelling == macro }
    let notes =
      isWordOfLinker
      ? [
        Diagnostic.Note(
          "'\(macro)' is a word of linker scripts, too: headers leave such macros out where the build says that no C is "
            + "compiled (-D__ASSEMBLY__, -D__ASSEMBLER__, -D__LINKER__)")
      ] : []
    error(.macroArguments, message, at: outermostSpan(name), notes: notes)
    return false
  }

  /// The tokens of an argument after macro expansion.
  mutating func expand(_ argument: inout Argument) -> [MacroToken] {
    if let known = argument.expanded { return known }
    guard !argument.tokens.isEmpty else {
      argument.expanded = []
      return []
    }
    var expanded: [MacroToken] = []
    if argumentDepth >= Limit.nesting {
      stop("macro calls nested in arguments deeper than \(Limit.nesting)", at: nil)
      return []
    }
    argumentDepth += 1
    let depth = contexts.count
    let savedPrevention = preventExpansion
    preventExpansion = 0
    push(argument.tokens + [.argumentEnd])
    while true {
      let token = nextToken()
      if token.kind == .end { break }
      expanded.append(token)
      charge(1, token)
    }
    while contexts.count > depth { popContext() }
    preventExpansion = savedPrevention
    argumentDepth -= 1
    argument.expanded = expanded
    return expanded
  }
}
