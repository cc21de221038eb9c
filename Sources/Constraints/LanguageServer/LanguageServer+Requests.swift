// The answers to an editor's requests: what the analysis says, in the words of the protocol.

internal import LdsParser

extension LanguageServer {
  func answer(_ request: Request, _ params: JSONValue) throws(ResponseError) -> JSONValue {
    if request == .workspaceSymbols { return workspaceSymbols(params) }
    guard let uri = params["textDocument"]?["uri"]?.string else {
      throw ResponseError(code: .invalidParams, message: "the request names no document")
    }
    guard let document = documents[DocumentURI.path(uri)] else {
      throw ResponseError(code: .invalidParams, message: "'\(uri)' is not open")
    }
    let offset = document.positions.offset(of: Self.position(params["position"]))
    let analysis = document.analysis
    switch request {
    case .hover: return hover(analysis, offset, document)
    case .definition: return locations(analysis.definitions(at: offset), analysis)
    case .references:
      let all = params["context"]?["includeDeclaration"]?.boolean ?? true
      return references(analysis, offset, all)
    case .highlight: return highlights(analysis, offset, document)
    case .prepareRename:
      return analysis.renameableName(at: offset).map {
        PlaceConverter.range($0, document.positions)
      } ?? .null
    case .rename: return try rename(analysis, offset, params)
    case .documentSymbols: return documentSymbols(document)
    case .foldings: return foldings(document)
    case .completion: return completion(analysis, offset, document)
    case .semanticTokens: return semanticTokens(document)
    case .lenses: return lenses(document)
    case .hints: return hints(document, params)
    case .actions: return actions(document, params)
    case .formatting: return try formatting(document, params)
    case .workspaceSymbols: return .null
    }
  }

  private func hover(_ analysis: ScriptAnalysis, _ offset: Int, _ document: OpenDocument)
    -> JSONValue
  {
    guard let hover = analysis.hover(at: offset) else { return .null }
    return .object([
      "contents": .object(["kind": "markdown", "value": .string(hover.text)]),
      "range": PlaceConverter.range(hover.range, document.positions),
    ])
  }

  // MARK: - Places

  private func locations(_ places: [EditorPlace], _ analysis: ScriptAnalysis) -> JSONValue {
    let converter = PlaceConverter(analysis.sources, encoding)
    return .array(places.map { location($0, converter) })
  }

  private func location(_ place: EditorPlace, _ converter: PlaceConverter) -> JSONValue {
    .object([
      "uri": .string(uri(place.path)), "range": converter.range(place.span),
    ])
  }

  /// A file as the editor spells it, if it is open.
  private func uri(_ path: FilePath) -> String { documents[path]?.uri ?? DocumentURI.uri(path) }

  private func highlights(
    _ analysis: ScriptAnalysis, _ offset: Int, _ document: OpenDocument
  ) -> JSONValue {
    let places = analysis.references(at: offset).filter { $0.path == document.text.path }
    return .array(
      places.map {
        .object(["range": PlaceConverter.range($0.span.range, document.positions)])
      })
  }

  private func rename(
    _ analysis: ScriptAnalysis, _ offset: Int, _ params: JSONValue
  ) throws(ResponseError) -> JSONValue {
    guard let name = params["newName"]?.string else {
      throw ResponseError(code: .invalidParams, message: "the request has no new name")
    }
    do throws(RenameError) {
      let edits = try analysis.rename(at: offset, to: name)
      var sets = [(analysis: analysis, edits: edits)]
      if let subject = analysis.subject(at: offset) {
        for other in sharing(analysis, edits.map(\.span.source)) {
          sets.append((other, try other.edits(of: subject, to: name)))
        }
        if let text = analysis.leftBehind(by: subject) { warn(text) }
      }
      return workspaceEdit(sets)
    } catch {
      throw ResponseError(code: .requestFailed, message: error.message)
    }
  }

  /// Every place of a name, those in other open scripts that share a file with it included.
  private func references(
    _ analysis: ScriptAnalysis, _ offset: Int, _ withDefinitions: Bool
  ) -> JSONValue {
    let places = analysis.references(at: offset, withDefinitions: withDefinitions)
    var all = locations(places, analysis).elements
    if let subject = analysis.subject(at: offset) {
      for other in sharing(analysis, places.map(\.span.source)) {
        let places = other.spans(of: subject).map(other.place)
        all += locations(places, other).elements.filter { !all.contains($0) }
      }
    }
    return .array(all)
  }

  /// The other open scripts that include one of these files of `analysis`.
  private func sharing(_ analysis: ScriptAnalysis, _ files: [SourceID]) -> [ScriptAnalysis] {
    let own = (analysis.includer ?? analysis).path
    let paths = Set(files.map { analysis.sources.buffer($0).path }).subtracting([own])
    guard !paths.isEmpty else { return [] }
    return documentOrder.compactMap { documents[$0]?.analysis }.filter { other in
      other.includer == nil && other.path != own
        && other.files.contains { paths.contains(other.sources.buffer($0).path) }
    }
  }

  private func workspaceEdit(_ edits: [EditorEdit], _ analysis: ScriptAnalysis) -> JSONValue {
    workspaceEdit([(analysis, edits)])
  }

  /// Edits of several scripts as one; what they share is changed once.
  private func workspaceEdit(
    _ sets: [(analysis: ScriptAnalysis, edits: [EditorEdit])]
  ) -> JSONValue {
    var files: [(uri: String, edits: [JSONValue])] = []
    for (analysis, edits) in sets {
      let converter = PlaceConverter(analysis.sources, encoding)
      for edit in edits {
        let uri = uri(analysis.sources.buffer(edit.span.source).path)
        let value: JSONValue = .object([
          "range": converter.range(edit.span), "newText": .string(edit.replacement),
        ])
        if let index = files.firstIndex(where: { $0.uri == uri }) {
          if !files[index].edits.contains(value) { files[index].edits.append(value) }
        } else {
          files.append((uri, [value]))
        }
      }
    }
    let changes = files.map { JSONValue.Member(key: $0.uri, value: .array($0.edits)) }
    return .object(["changes": .object(changes)])
  }

  /// Shows a warning beside an answer.
  private func warn(_ text: String) {
    let params: JSONValue = .object(["type": 2, "message": .string(text)])
    send(.object(["jsonrpc": "2.0", "method": "window/showMessage", "params": params]))
  }

  // MARK: - The whole text

  private func foldings(_ document: OpenDocument) -> JSONValue {
    .array(
      document.analysis.foldings.compactMap { folding in
        let start = document.positions.position(of: folding.range.lowerBound).line
        var end = document.positions.position(of: folding.range.upperBound).line
        // The closing brace, or the next directive, stays to be seen.
        if folding.kind == .region { end -= 1 }
        guard end > start else { return nil }
        return .object([
          "startLine": .integer(start), "endLine": .integer(end),
          "kind": folding.kind == .comment ? "comment" : nil,
        ])
      })
  }

  private func semanticTokens(_ document: OpenDocument) -> JSONValue {
    var data: [JSONValue] = []
    var last = EditorPosition(line: 0, character: 0)
    let kinds = EditorToken.Kind.allCases
    for token in document.analysis.tokens {
      let start = document.positions.position(of: token.range.lowerBound)
      let end = document.positions.position(of: token.range.upperBound)
      guard start.line == end.line, start >= last else { continue }
      let isSameLine = start.line == last.line
      let modifiers = (token.isDefinition ? 1 : 0) | (token.isIdle ? 2 : 0)
      data += [
        .integer(start.line - last.line),
        .integer(isSameLine ? start.character - last.character : start.character),
        .integer(end.character - start.character),
        .integer(kinds.firstIndex(of: token.kind) ?? 0), .integer(modifiers),
      ]
      last = start
    }
    return .object(["data": .array(data)])
  }

  private func lenses(_ document: OpenDocument) -> JSONValue {
    .array(
      document.analysis.lenses.map { lens in
        .object([
          "range": PlaceConverter.range(lens.range, document.positions),
          "command": .object(["title": .string(lens.title), "command": ""]),
        ])
      })
  }

  private func hints(_ document: OpenDocument, _ params: JSONValue) -> JSONValue {
    let range = params["range"]
    let start = range.map { document.positions.offset(of: Self.position($0["start"])) } ?? 0
    let end = range.map { document.positions.offset(of: Self.position($0["end"])) } ?? .max
    return .array(
      document.analysis.hints.filter { start <= $0.offset && $0.offset <= end }.map { hint in
        .object([
          "position": PlaceConverter.value(document.positions.position(of: hint.offset)),
          "label": .string(hint.label), "tooltip": .string(hint.tooltip), "paddingLeft": true,
        ])
      })
  }

  private func formatting(
    _ document: OpenDocument, _ params: JSONValue
  ) throws(ResponseError) -> JSONValue {
    let options = params["options"]
    let isBlanks = options?["insertSpaces"]?.boolean ?? true
    let width = options?["tabSize"]?.integer ?? 2
    let result = host.format(
      document.text, indentation: isBlanks ? .blanks(width) : .tab)
    if let fault = result.fault {
      throw ResponseError(code: .requestFailed, message: fault.message)
    }
    let old = document.text.bytes(in: 0..<document.text.count)
    if result.bytes == old { return .array([]) }
    // Only the lines that differ: the cursor stays where it is.
    return .array([LineEdit(from: old, to: result.bytes).value(document.positions)])
  }

  private func actions(_ document: OpenDocument, _ params: JSONValue) -> JSONValue {
    let analysis = document.analysis
    let start = document.positions.offset(of: Self.position(params["range"]?["start"]))
    let end = document.positions.offset(of: Self.position(params["range"]?["end"]))
    let only = params["context"]?["only"]?.elements.compactMap(\.string)
    let list = DiagnosticList(analysis, encoding)
    return .array(
      analysis.actions(in: min(start, end)..<max(start, end)).filter { action in
        only?.contains { action.kind.rawValue.hasPrefix($0) } ?? true
      }.map { action in
        var diagnostics: JSONValue?
        if let finding = action.finding, case .source(let span) = finding.place {
          diagnostics = .array([
            list.diagnostic(finding, analysis.sources.authoredSpan(of: span))
          ])
        }
        return .object([
          "title": .string(action.title), "kind": .string(action.kind.rawValue),
          "diagnostics": diagnostics, "edit": workspaceEdit(action.edits, analysis),
        ])
      })
  }

  // MARK: - Lists of names

  private func completion(
    _ analysis: ScriptAnalysis, _ offset: Int, _ document: OpenDocument
  ) -> JSONValue {
    let found = analysis.completions(at: offset)
    let range = PlaceConverter.range(found.range, document.positions)
    let items = found.words.enumerated().map { index, word -> JSONValue in
      let isSnippet = client.takesSnippets && !word.snippet.isEmpty
      let number = String(index)
      return .object([
        "label": .string(word.label), "kind": .integer(Self.kind(word.kind)),
        "detail": word.detail.isEmpty ? nil : .string(word.detail),
        // The order of kinds is ours, not that of the alphabet.
        "sortText": .string(String(repeating: "0", count: max(0, 5 - number.count)) + number),
        "insertTextFormat": isSnippet ? 2 : nil,
        "textEdit": .object([
          "range": range, "newText": .string(isSnippet ? word.snippet : word.label),
        ]),
      ])
    }
    return .object(["isIncomplete": false, "items": .array(items)])
  }

  private static func kind(_ kind: EditorCompletion.Kind) -> Int {
    switch kind {
    case .keyword: 14
    case .function: 3
    case .symbol: 6
    case .section: 7
    case .region: 13
    case .segment: 20
    case .macro: 21
    case .pattern: 10
    }
  }

  private static func kind(_ kind: EditorSymbol.Kind) -> Int {
    switch kind {
    case .command: 3
    case .section: 5
    case .symbol: 13
    case .assertion: 24
    case .region: 10
    case .segment: 22
    case .macro: 14
    }
  }

  private func documentSymbols(_ document: OpenDocument) -> JSONValue {
    func nested(_ symbol: EditorSymbol) -> JSONValue {
      .object([
        "name": .string(symbol.name), "kind": .integer(Self.kind(symbol.kind)),
        "range": PlaceConverter.range(symbol.range, document.positions),
        "selectionRange": PlaceConverter.range(symbol.nameRange, document.positions),
        "children": .array(symbol.children.map(nested)),
      ])
    }
    let outline = document.analysis.outline
    guard !client.takesNestedSymbols else { return .array(outline.map(nested)) }
    return .array(flat(outline).map { information($0, document) })
  }

  private func flat(_ symbols: [EditorSymbol]) -> [EditorSymbol] {
    symbols.flatMap { [$0] + flat($0.children) }
  }

  private func information(_ symbol: EditorSymbol, _ document: OpenDocument) -> JSONValue {
    .object([
      "name": .string(symbol.name), "kind": .integer(Self.kind(symbol.kind)),
      "location": .object([
        "uri": .string(document.uri),
        "range": PlaceConverter.range(symbol.nameRange, document.positions),
      ]),
    ])
  }

  private func workspaceSymbols(_ params: JSONValue) -> JSONValue {
    let query = params["query"]?.string?.lowercased() ?? ""
    var result: [JSONValue] = []
    for path in documentOrder {
      guard let document = documents[path] else { continue }
      for symbol in flat(document.analysis.outline)
      where query.isEmpty || symbol.name.lowercased().includes(query) {
        result.append(information(symbol, document))
      }
    }
    return .array(result)
  }
}

/// The lines in which two texts differ, as one edit.
struct LineEdit {
  private let range: Range<Int>
  private let text: [UInt8]

  init(from old: [UInt8], to new: [UInt8]) {
    let shorter = min(old.count, new.count)
    var start = 0
    while start < shorter, old[start] == new[start] { start += 1 }
    // From the start of the line, so that no character is cut.
    while start > 0, old[start - 1] != 0x0A { start -= 1 }
    var end = 0
    while end < shorter - start, old[old.count - 1 - end] == new[new.count - 1 - end] { end += 1 }
    while end > 0, old[old.count - end - 1] != 0x0A { end -= 1 }
    range = start..<(old.count - end)
    text = Array(new[start..<(new.count - end)])
  }

  func value(_ positions: TextPositions) -> JSONValue {
    .object([
      "range": PlaceConverter.range(range, positions),
      "newText": .string(String(decoding: text, as: UTF8.self)),
    ])
  }
}
