// Single values of a configuration: each is checked for its type and reported in the JSON if it is another.

extension ConfigurationReader {
  // MARK: Containers

  /// Calls `body` for each known key of an object; the others are reported.
  mutating func forEachMember<Key: ConfigurationKey>(
    _ id: JSONNodeID, _ keys: Key.Type, _ body: (inout Self, Key, JSONNodeID) -> Void
  ) {
    for (keyNode, value) in object(id) {
      let text = document.string(keyNode)
      guard let key = Key(rawValue: text) else {
        let known = Key.allCases.map(\.rawValue)
        let hint = Suggestion.nearest(to: text, among: known).map { "; did you mean '\($0)'?" }
        error(
          keyNode, "unknown-key",
          "\(Key.owner) has no key '\(text)'"
            + (hint ?? ", expected one of \(known.joined(separator: ", "))"))
        continue
      }
      body(&self, key, value)
    }
  }

  /// Reports which of `keys` an object does not have.
  @discardableResult
  mutating func require<Key: ConfigurationKey>(
    _ id: JSONNodeID, _ type: Key.Type, _ keys: [Key]
  ) -> Bool {
    guard document.kind(id) == .object else { return false }
    var isComplete = true
    for key in keys where document.member(key.rawValue, of: id) == nil {
      error(id, "missing-key", "\(Key.owner) needs the key '\(key.rawValue)'")
      isComplete = false
    }
    return isComplete
  }

  mutating func object(_ id: JSONNodeID) -> [(key: JSONNodeID, value: JSONNodeID)] {
    expect(id, .object) ? document.members(id) : []
  }

  mutating func array(_ id: JSONNodeID) -> [JSONNodeID] {
    expect(id, .array) ? document.elements(id) : []
  }

  /// The elements of an array of strings, or one string that stands for such an array.
  mutating func stringNodes(_ id: JSONNodeID) -> [JSONNodeID] {
    if document.kind(id) == .string { return [id] }
    guard document.kind(id) == .array else {
      wrongType(id, "a string or an array of strings")
      return []
    }
    return document.elements(id).filter { expect($0, .string) }
  }

  // MARK: Values

  mutating func strings(_ id: JSONNodeID) -> [String] {
    stringNodes(id).map { document.string($0) }
  }

  mutating func patterns(_ id: JSONNodeID) -> [PathPattern] { strings(id).map { PathPattern($0) } }

  mutating func paths(_ id: JSONNodeID) -> [FilePath] { stringNodes(id).compactMap { path($0) } }

  mutating func string(_ id: JSONNodeID) -> String? {
    expect(id, .string) ? document.string(id) : nil
  }

  mutating func boolean(_ id: JSONNodeID) -> Bool? {
    _ = expect(id, .boolean)
    return document.boolean(id)
  }

  mutating func path(_ id: JSONNodeID) -> FilePath? {
    guard expect(id, .string) else { return nil }
    let bytes = document.bytes(id)
    if bytes.isEmpty || bytes.contains(0) {
      error(id, "bad-value", "no file can have this name")
      return nil
    }
    return FilePath(bytes: bytes)
  }

  /// A name of a known list, unless the list is empty.
  mutating func name(_ id: JSONNodeID, _ kind: String, _ known: [String]) -> String? {
    guard let text = string(id) else { return nil }
    if known.isEmpty || known.contains(text) { return text }
    let hint = Suggestion.nearest(to: text, among: known).map { "; did you mean '\($0)'?" }
    error(id, "unknown-\(kind.replacingBlanks)", "no \(kind) is called '\(text)'" + (hint ?? ""))
    return nil
  }

  /// A word of an enumeration.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ id: JSONNodeID, _ type: Choice.Type
  ) -> Choice? {
    guard let text = string(id) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    notAllowed(id, text, Choice.allCases.map(\.rawValue))
    return nil
  }

  /// `"lld@19"`; several in an array.
  mutating func linkers(_ id: JSONNodeID) -> [LinkerDialect] {
    guard document.kind(id) == .array else { return linker(id) }
    var result: [LinkerDialect] = []
    for element in document.elements(id) { result.add(linker(element)) }
    return result
  }

  private mutating func linker(_ id: JSONNodeID) -> [LinkerDialect] {
    guard let text = string(id) else { return [] }
    if let request = LinkerRequest(text) { return request.dialects }
    error(id, "bad-value", "'\(text)' is no linker, expected \(LinkerRequest.forms)")
    return []
  }

  /// `"2.40"`
  mutating func version(_ id: JSONNodeID) -> LinkerVersion? {
    guard let text = string(id) else { return nil }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    if parts.count >= 2, parts.count <= 4, let major = parts[0], let minor = parts[1],
      parts.allSatisfy({ ($0 ?? -1) >= 0 })
    {
      return LinkerVersion(major, minor)
    }
    error(id, "bad-value", "'\(text)' is no version, expected one such as \"2.40\"")
    return nil
  }

  /// A number, or a string such as `"0x200000"` or `"2M"`.
  mutating func byteCount(_ id: JSONNodeID) -> UInt64? {
    switch document.kind(id) {
    case .number:
      if let value = document.integer(id), value >= 0 { return UInt64(value) }
    case .string:
      if let value = NumberText.bytes(document.string(id)) { return value }
    default:
      wrongType(id, "a number or a string such as \"0x200000\" or \"2M\"")
      return nil
    }
    let text = document.string(id)
    error(id, "bad-value", "'\(text)' is no number, expected one such as \"0x200000\" or \"2M\"")
    return nil
  }

  // MARK: Expressions

  /// One expression, or an array of them of which the first that can be evaluated counts.
  mutating func expressions(_ id: JSONNodeID) -> [ConfiguredExpression] {
    stringNodes(id).compactMap { expression($0) }
  }

  /// A linker-script expression in a string. Its bytes become a source that leads back to the JSON, so
  /// that whatever is said about it is shown there.
  mutating func expression(_ id: JSONNodeID) -> ConfiguredExpression? {
    guard expect(id, .string) else { return nil }
    var bytes: [UInt8] = []
    var runs: [OriginTable.Run] = []
    document.decode(id) { piece, spelled in
      runs.append(
        OriginTable.Run(
          offset: UInt32(truncatingIfNeeded: bytes.count),
          spelled: SourceSpan(
            source: document.source, start: UInt32(truncatingIfNeeded: spelled.lowerBound),
            end: UInt32(truncatingIfNeeded: spelled.upperBound)), call: nil))
      bytes += piece
    }
    let end = document.span(id).end
    runs.append(
      OriginTable.Run(
        offset: UInt32(truncatingIfNeeded: bytes.count),
        spelled: SourceSpan(source: document.source, start: end - 1, end: end), call: nil))
    let buffer = SourceBuffer(path: document.buffer.path, bytes: bytes)
    let source = result.script.sources.add(buffer, origins: OriginTable(runs: runs))
    let expression = ScriptParser.parseExpression(
      source, in: &result.script, options: .constraint)
    result.diagnostics += result.script.diagnostics
    result.script.diagnostics = []
    guard let expression else { return nil }
    return ConfiguredExpression(
      text: String(decoding: bytes, as: UTF8.self), expression: expression,
      span: document.span(id))
  }

  // MARK: Faults

  private mutating func expect(_ id: JSONNodeID, _ kind: JSONKind) -> Bool {
    if document.kind(id) == kind { return true }
    wrongType(id, kind.described)
    return false
  }

  private mutating func wrongType(_ id: JSONNodeID, _ wanted: String) {
    error(id, "wrong-type", "found \(document.kind(id).described), expected \(wanted)")
  }

  mutating func notAllowed(_ id: JSONNodeID, _ text: String, _ allowed: [String]) {
    let hint = Suggestion.nearest(to: text, among: allowed).map { "; did you mean '\($0)'?" }
    error(
      id, "bad-value",
      "found '\(text)', expected one of \(allowed.joined(separator: ", "))" + (hint ?? ""))
  }

  mutating func error(_ id: JSONNodeID, _ kind: DiagnosticID, _ message: String) {
    guard result.diagnostics.count < Limit.reportedErrors else { return }
    result.diagnostics.append(
      Diagnostic(id: kind, severity: .error, message: message, span: document.span(id)))
  }
}

extension String {
  /// With `-` for blanks, for ids of diagnostics.
  fileprivate var replacingBlanks: String { String(map { $0 == " " ? "-" : $0 }) }
}
