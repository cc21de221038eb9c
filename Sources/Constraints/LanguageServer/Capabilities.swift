// What an editor says it can do, and what this server says (LSP 3.17, "Initialize Request").

/// What matters here of an editor's abilities.
struct ClientCapabilities {
  /// Whether it can count in bytes.
  var acceptsUTF8 = false
  /// Requests with which it can be asked to ask again.
  var refreshes: [String] = []
  /// Whether a completion may hold places for the cursor.
  var takesSnippets = false
  /// Whether symbols may be nested.
  var takesNestedSymbols = false

  init() {}

  init(_ capabilities: JSONValue) {
    let encodings = capabilities["general"]?["positionEncodings"]?.elements ?? []
    acceptsUTF8 = encodings.contains("utf-8")
    for (key, method) in [
      ("codeLens", "workspace/codeLens/refresh"), ("inlayHint", "workspace/inlayHint/refresh"),
      ("semanticTokens", "workspace/semanticTokens/refresh"),
    ] where capabilities["workspace"]?[key]?["refreshSupport"]?.boolean == true {
      refreshes.append(method)
    }
    let text = capabilities["textDocument"]
    takesSnippets =
      text?["completion"]?["completionItem"]?["snippetSupport"]?.boolean == true
    takesNestedSymbols =
      text?["documentSymbol"]?["hierarchicalDocumentSymbolSupport"]?.boolean == true
  }
}

/// What this server does.
enum ServerCapabilities {
  /// Modifiers of tokens, by their bit.
  static let modifiers = ["definition", "unused"]

  static func value(_ encoding: PositionEncoding) -> JSONValue {
    let types = EditorToken.Kind.allCases.map { JSONValue.string($0.rawValue) }
    let legend: JSONValue = .object([
      "tokenTypes": .array(types), "tokenModifiers": .array(modifiers.map { .string($0) }),
    ])
    return .object([
      "positionEncoding": .string(encoding.rawValue),
      "textDocumentSync": .object(["openClose": true, "change": 2, "save": true]),
      "hoverProvider": true, "definitionProvider": true, "referencesProvider": true,
      "documentHighlightProvider": true, "documentSymbolProvider": true,
      "workspaceSymbolProvider": true, "foldingRangeProvider": true,
      "documentFormattingProvider": true, "inlayHintProvider": true,
      "renameProvider": .object(["prepareProvider": true]),
      "codeLensProvider": .object(["resolveProvider": false]),
      "codeActionProvider": .object([
        "codeActionKinds": .array(["quickfix", "refactor.rewrite"])
      ]),
      "completionProvider": .object([
        "triggerCharacters": .array([".", ">", ":", "(", "#"]), "resolveProvider": false,
      ]),
      "semanticTokensProvider": .object(["legend": legend, "full": true, "range": false]),
    ])
  }
}

/// The requests that are answered.
enum Request: String, CaseIterable {
  case hover = "textDocument/hover"
  case definition = "textDocument/definition"
  case references = "textDocument/references"
  case highlight = "textDocument/documentHighlight"
  case prepareRename = "textDocument/prepareRename"
  case rename = "textDocument/rename"
  case documentSymbols = "textDocument/documentSymbol"
  case workspaceSymbols = "workspace/symbol"
  case foldings = "textDocument/foldingRange"
  case completion = "textDocument/completion"
  case semanticTokens = "textDocument/semanticTokens/full"
  case lenses = "textDocument/codeLens"
  case hints = "textDocument/inlayHint"
  case actions = "textDocument/codeAction"
  case formatting = "textDocument/formatting"
}
