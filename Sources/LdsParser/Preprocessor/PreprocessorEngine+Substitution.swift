// Arguments put in for parameters: expanded, as they are beside `##`, or as a string after `#`.

extension PreprocessorEngine {
  /// What is known while a body is copied.
  private struct Substitution {
    var index: Int
    var call: UInt32
    var result: [MacroToken] = []
    /// Inside `__VA_OPT__(…)`: depth of parentheses, 0 outside.
    var optionalDepth = 0
    var optionalStart = -1
    var optionalIsDropped = false
    var optionalIsString = false
    var optionalString: MacroToken?
  }

  /// The body of macro `index` with `arguments` put in.
  mutating func substitute(_ index: Int, _ arguments: inout [Argument], call: UInt32)
    -> [MacroToken]
  {
    let body = definitions[index].body
    var state = Substitution(index: index, call: call)
    state.result.reserveCapacity(body.count * 2)
    var position = 0
    while position < body.count, !isStopped {
      let token = body[position]
      let afterPaste = position > 0 && body[position - 1].flags.contains(.pasteLeft)
      if definitions[index].hasOptional,
        substituteOptional(token, position, afterPaste, &arguments, &state)
      {
        position += 1
        continue
      }
      if token.kind == .parameter {
        substitute(token, isFirst: position == 0, afterPaste: afterPaste, &arguments, &state)
      } else {
        var copy = token
        copy.call = call
        state.result.append(copy)
      }
      if copiedTokens + state.result.count > options.expandedTokensLimit {
        charge(state.result.count, token)
      }
      position += 1
    }
    return state.result
  }

  private mutating func substitute(
    _ parameter: MacroToken, isFirst: Bool, afterPaste: Bool, _ arguments: inout [Argument],
    _ state: inout Substitution
  ) {
    let number = Int(parameter.value)
    let isPasted = parameter.flags.contains(.pasteLeft)
    var dropped = false
    var tokens: [MacroToken]
    var unflag: Int?
    if parameter.flags.contains(.stringify) {
      tokens = [stringify(arguments[number].tokens, parameter, call: state.call)]
    } else if isPasted || afterPaste {
      tokens = arguments[number].tokens
      if afterPaste, !isPasted, let last = state.result.indices.last {
        let isLastVariadic =
          definitions[state.index].isVariadic
          && number + 1 == definitions[state.index].parameters.count
        if state.result[last].kind == .comma, isLastVariadic {
          if arguments[number].isOmitted {
            state.result.removeLast()
            dropped = true
          } else {
            unflag = last
          }
        } else if tokens.isEmpty {
          unflag = last
        }
      }
    } else {
      tokens = expand(&arguments[number])
    }
    // Padding on the left of an argument, unless it is the right operand of ##.
    if !inDirective, !isFirst, !afterPaste, state.optionalStart != state.result.count {
      state.result.append(.padding(for: parameter))
    }
    if !tokens.isEmpty {
      state.result.append(contentsOf: tokens)
      if isPasted { unflag = state.result.count - 1 }
    }
    // Even an empty argument keeps its neighbours apart.
    if !inDirective, !isPasted { state.result.append(.avoidPaste) }
    guard !dropped, let unflag, unflag < state.result.count else { return }
    if isPasted {
      state.result[unflag].flags.insert(.pasteLeft)
    } else {
      state.result[unflag].flags.remove(.pasteLeft)
    }
  }

  /// Follows `__VA_OPT__(…)`; true if `token` needs nothing more.
  private mutating func substituteOptional(
    _ token: MacroToken, _ position: Int, _ afterPaste: Bool, _ arguments: inout [Argument],
    _ state: inout Substitution
  ) -> Bool {
    if state.optionalDepth == 0 {
      guard token.kind == .identifier, Int(token.value) == keyNames.optional else { return false }
      if !inDirective, position > 0, !afterPaste {
        state.result.append(.padding(for: token))
      }
      let last = arguments.count - 1
      let expanded = last >= 0 ? expand(&arguments[last]) : []
      state.optionalIsDropped = !expanded.contains { $0.kind != .padding }
      state.optionalIsString = token.flags.contains(.stringify)
      state.optionalString = token
      state.optionalStart = state.result.count
      state.optionalDepth = 1
      return true
    }
    // Depth 1 is between the name and its parenthesis.
    if token.kind == .openParen {
      state.optionalDepth += 1
      if state.optionalDepth == 2 { return true }
    } else if token.kind == .closeParen {
      state.optionalDepth -= 1
      if state.optionalDepth == 1 {
        endOptional(token, &state)
        return true
      }
    }
    return state.optionalIsDropped
  }

  private mutating func endOptional(_ close: MacroToken, _ state: inout Substitution) {
    let start = state.optionalStart
    if close.flags.contains(.pasteLeft) {
      while state.result.count > start, let last = state.result.last, last.kind == .padding,
        !last.flags.contains(.hasSource)
      {
        state.result.removeLast()
      }
    }
    if state.optionalIsString, let source = state.optionalString {
      let text = stringify(Array(state.result[start...]), source, call: state.call)
      state.result.removeSubrange(start...)
      state.result.append(text)
    }
    if state.result.count == start, start > 0,
      state.result[start - 1].flags.contains(.pasteLeft)
    {
      state.result[start - 1].flags.remove(.pasteLeft)
      if close.flags.contains(.pasteLeft) { state.result[start - 1].flags.insert(.pasteLeft) }
    } else if state.result.count > start, close.flags.contains(.pasteLeft) {
      state.result[state.result.count - 1].flags.insert(.pasteLeft)
    }
    if !close.flags.contains(.pasteLeft), !inDirective { state.result.append(.avoidPaste) }
    state.optionalDepth = 0
    state.optionalStart = -1
  }

  /// `#parameter`: the argument's spelling as a string literal.
  mutating func stringify(_ tokens: [MacroToken], _ parameter: MacroToken, call: UInt32)
    -> MacroToken
  {
    var string: [UInt8] = [UInt8(ascii: "\"")]
    var backslashes = 0
    var blank: Bool?
    for token in tokens {
      if token.kind == .padding {
        if blank == nil || (blank == false && !token.flags.contains(.hasSource)) {
          blank = token.flags.contains(.hasSource) ? token.flags.contains(.prevWhite) : nil
        }
        continue
      }
      if string.count > 1, blank ?? token.flags.contains(.prevWhite) {
        string.append(UInt8(ascii: " "))
      }
      blank = nil
      let spelling = text(token)
      if token.kind == .string || token.kind == .character {
        for byte in spelling {
          if byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\"") {
            string.append(UInt8(ascii: "\\"))
          }
          string.append(byte)
        }
      } else {
        string.append(contentsOf: spelling)
      }
      backslashes = spelling == [UInt8(ascii: "\\")] ? backslashes + 1 : 0
      if string.count > options.pastedBytesLimit { break }
    }
    if backslashes % 2 == 1 { string.removeLast() }
    string.append(UInt8(ascii: "\""))
    var token = parameter
    token.kind = .string
    token.flags = parameter.flags.intersection([.prevWhite, .pasteLeft])
    if let first = tokens.first(where: { $0.kind != .padding }) {
      token.source = first.source
      token.start = first.start
      token.end = first.end
    }
    token.call = call
    token.made = make(string)
    return token
  }
}
