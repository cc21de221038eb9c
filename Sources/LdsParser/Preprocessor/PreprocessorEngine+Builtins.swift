// Macros that are computed at each use: __LINE__ and its like, __has_include, _Pragma.

extension PreprocessorEngine {
  /// Names of the computed macros.
  private static let builtins: [(StaticString, StoredMacro.Builtin)] = [
    ("__LINE__", .line), ("__FILE__", .file), ("__BASE_FILE__", .baseFile),
    ("__INCLUDE_LEVEL__", .includeLevel), ("__COUNTER__", .counter), ("__DATE__", .date),
    ("__TIME__", .time), ("__TIMESTAMP__", .timestamp), ("_Pragma", .pragma),
    ("__has_include", .hasInclude), ("__has_include_next", .hasIncludeNext),
  ]

  /// Defines the macros that are computed.
  mutating func defineBuiltins() {
    var all = Self.builtins
    // gcc has these in C only.
    if !isAssembler { all += Self.featureTests }
    let nowhere = SourceSpan(source: SourceID(index: 0), start: 0, end: 0)
    for (name, builtin) in all {
      let index = names.intern(name)
      definitions.append(
        StoredMacro(
          name: index, origin: .predefined, builtin: builtin, nameSpan: nowhere,
          bodySpan: nowhere))
      names.entries[index].definition = Int32(definitions.count - 1)
    }
  }

  /// Expands a computed macro; false if it stays as it is.
  mutating func expandBuiltin(_ builtin: StoredMacro.Builtin, _ token: MacroToken) -> Bool {
    var kind = MacroToken.Kind.number
    let text: [UInt8]
    switch builtin {
    case .line: text = Array(String(lineNumber(of: token)).utf8)
    case .includeLevel: text = Array(String(max(includeLevel, 0)).utf8)
    case .counter:
      text = Array(String(counter).utf8)
      counter &+= 1
    case .file:
      kind = .string
      text = Self.quote(input.presumedName ?? fileName)
    case .baseFile:
      kind = .string
      text = Self.quote(mainPath)
    case .date, .time, .timestamp:
      kind = .string
      text = Array(fixedTime(builtin, token).utf8)
    case .pragma:
      return expandPragmaOperator(token)
    case .hasInclude, .hasIncludeNext:
      guard let answer = hasInclude(token, isNext: builtin == .hasIncludeNext) else { return false }
      text = [answer ? UInt8(ascii: "1") : UInt8(ascii: "0")]
    case .hasAttribute, .hasStandardAttribute, .hasBuiltin:
      text = Array(String(testFeature(builtin)).utf8)
    }
    var result = token
    result.kind = kind
    result.flags = []
    result.made = make(text)
    push([result])
    return true
  }

  /// Dates would make the same input give different output, so they read as gcc prints unknown ones.
  private mutating func fixedTime(_ builtin: StoredMacro.Builtin, _ token: MacroToken) -> String {
    diagnostics.append(
      Diagnostic(
        id: "date-macro", severity: .note,
        message: "'\(quoted(token))' is taken as unknown, so that results can be repeated",
        span: outermostSpan(token)))
    return switch builtin {
    case .date: "\"??? ?? ????\""
    case .time: "\"??:??:??\""
    default: "\"??? ??? ?? ??:??:?? ????\""
    }
  }

  static func quote(_ bytes: [UInt8]) -> [UInt8] {
    var quoted: [UInt8] = [UInt8(ascii: "\"")]
    for byte in bytes {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        quoted.append(UInt8(ascii: "\\"))
      }
      quoted.append(byte)
    }
    quoted.append(UInt8(ascii: "\""))
    return quoted
  }

  /// Number of files between the script and the current one.
  var includeLevel: Int {
    max(inputStack.count - 1, 0)
  }

  /// The name of the file being read, as `__FILE__` gives it.
  private var fileName: [UInt8] {
    input.file >= 0 ? files[input.file].path.bytes : mainPath
  }

  /// The line of `token`, or of the macro name whose body it is in.
  private mutating func lineNumber(of token: MacroToken) -> Int {
    var place = token.span
    var call = token.callIndex
    while let index = call, index < calls.count, stepToCaller() {
      // A token from an argument stands where the call stands; one from the body moves to the call.
      if let macro = calls[index].macro, isInBody(place, of: usedMacros[macro]) {
        place = calls[index].call
      }
      call = calls[index].parent
    }
    let (line, _) = sources.lineAndColumn(place.source, offset: Int(place.start))
    return line + (place.source.index == UInt32(input.source) ? input.lineShift : 0)
  }

  private func isInBody(_ place: SourceSpan, of definition: Int) -> Bool {
    let body = definitions[definition].bodySpan
    return body.source == place.source && body.start <= place.start && place.end <= body.end
  }

  /// `__has_include("x")` or `(<x>)`; nil outside `#if`.
  private mutating func hasInclude(_ token: MacroToken, isNext: Bool) -> Bool? {
    guard inDirective else {
      error(
        "misplaced-operator", "'\(quoted(token))' stands outside #if", at: outermostSpan(token))
      return nil
    }
    let saved = wantsHeaderName
    wantsHeaderName = true
    let open = nextSolidToken()
    if open.kind != .openParen { unread(open) }
    let header = readHeaderName(first: nextSolidToken())
    wantsHeaderName = saved
    guard let header else {
      error(
        "bad-condition", "'\(quoted(token))' needs a file name in quotes or angle brackets",
        at: token.span)
      return false
    }
    if open.kind == .openParen, nextSolidToken().kind != .closeParen {
      error("bad-condition", "')' is missing after '\(quoted(token))'", at: token.span)
    }
    return find(header, isNext: isNext) != nil
  }
}
