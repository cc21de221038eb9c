// An editor for tests: it sends messages to a server in the same process and takes the answers apart.

import Constraints
import FuzzReaders
import LdsParser

final class EditorSession {
  let host = MemoryEditorHost()
  let server: LanguageServer
  private var framing = MessageFraming()
  private var next = 1
  /// What the server said unasked, in order.
  var notifications: [JSONValue] = []

  init(encoding: String = "utf-16") {
    server = LanguageServer(host: host, name: "lds-check", version: "0")
    let capabilities: JSONValue = .object([
      "general": .object(["positionEncodings": .array([.string(encoding)])]),
      "workspace": .object(["codeLens": .object(["refreshSupport": true])]),
      "textDocument": .object([
        "documentSymbol": .object(["hierarchicalDocumentSymbolSupport": true])
      ]),
    ])
    _ = request("initialize", .object(["capabilities": capabilities]))
  }

  func send(_ message: JSONValue) { server.receive(MessageFraming.framed(message)) }

  func notify(_ method: String, _ params: JSONValue) {
    send(.object(["jsonrpc": "2.0", "method": .string(method), "params": params]))
    take(server.respond())
  }

  /// The whole answer: with `result` or `error`.
  @discardableResult
  func answer(_ method: String, _ params: JSONValue) -> JSONValue {
    let id = JSONValue.integer(next)
    next += 1
    send(.object(["jsonrpc": "2.0", "id": id, "method": .string(method), "params": params]))
    let messages = take(server.respond())
    return messages.first { $0["id"] == id && $0["method"] == nil } ?? .null
  }

  func request(_ method: String, _ params: JSONValue) -> JSONValue {
    answer(method, params)["result"] ?? .null
  }

  @discardableResult
  func take(_ bytes: [UInt8]) -> [JSONValue] {
    framing.append(bytes)
    var messages: [JSONValue] = []
    while let body = try? framing.next(), let message = JSONValue(body) {
      messages.append(message)
      if message["method"] != nil { notifications.append(message) }
    }
    return messages
  }

  // MARK: - Documents

  func open(_ text: String, _ uri: String = "file:///a.lds") {
    notify(
      "textDocument/didOpen",
      .object([
        "textDocument": .object([
          "uri": .string(uri), "languageId": "ld", "version": 1, "text": .string(text),
        ])
      ]))
  }

  func change(_ range: JSONValue?, _ text: String, _ uri: String = "file:///a.lds") {
    notify(
      "textDocument/didChange",
      .object([
        "textDocument": .object(["uri": .string(uri), "version": 2]),
        "contentChanges": .array([.object(["range": range, "text": .string(text)])]),
      ]))
  }

  /// What is wrong with each file, as last said.
  func diagnostics() -> [String: [JSONValue]] {
    take(server.idle())
    var result: [String: [JSONValue]] = [:]
    for message in notifications where message["method"] == "textDocument/publishDiagnostics" {
      result[message["params"]?["uri"]?.string ?? ""] =
        message["params"]?["diagnostics"]?.elements ?? []
    }
    return result
  }

  /// The answer to a request about a place of a document.
  func at(
    _ method: String, _ line: Int, _ character: Int, _ uri: String = "file:///a.lds",
    _ more: KeyValuePairs<String, JSONValue?> = [:]
  ) -> JSONValue {
    request(method, Self.params(line, character, uri, more))
  }

  static func params(
    _ line: Int, _ character: Int, _ uri: String = "file:///a.lds",
    _ more: KeyValuePairs<String, JSONValue?> = [:]
  ) -> JSONValue {
    let place: JSONValue = .object(["line": .integer(line), "character": .integer(character)])
    let base: JSONValue = .object([
      "textDocument": .object(["uri": .string(uri)]), "position": place,
      "range": .object(["start": place, "end": place]), "context": .object([]),
    ])
    guard case .object(var members) = base, case .object(let extra) = JSONValue.object(more) else {
      return base
    }
    members.removeAll { member in extra.contains { $0.key == member.key } }
    return .object(members + extra)
  }
}
