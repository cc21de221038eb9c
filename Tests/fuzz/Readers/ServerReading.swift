// What an editor sends, and what a formatter is given.

import Constraints
import LdsParser

/// The language server and the formatter.
enum ServerReading {
  /// Any bytes as the stream of an editor, in pieces of changing size.
  static func serve(_ bytes: [UInt8]) -> Int {
    let server = LanguageServer(host: MemoryEditorHost(), name: "lds-check", version: "0")
    var sum = 0
    var start = 0
    var size = 1
    while start < bytes.count, server.end == nil {
      let end = min(bytes.count, start + size)
      server.receive(bytes[start..<end])
      sum &+= server.respond().count
      start = end
      size = size * 3 % 509 + 1
    }
    return sum &+ server.idle().count
  }

  /// Any bytes as the text of an open document, with every request at several places.
  static func edit(_ bytes: [UInt8]) -> Int {
    let server = LanguageServer(host: MemoryEditorHost(), name: "lds-check", version: "0")
    var sum = 0
    func send(_ method: String, _ params: JSONValue, id: Int? = nil) {
      let message: JSONValue = .object([
        "jsonrpc": "2.0", "id": id.map { .integer($0) }, "method": .string(method),
        "params": params,
      ])
      server.receive(MessageFraming.framed(message))
      sum &+= server.respond().count
    }
    let uri: JSONValue = "file:///a.lds.S"
    send("initialize", .object(["capabilities": .object([])]), id: 1)
    let text = String(decoding: bytes, as: UTF8.self)
    send(
      "textDocument/didOpen",
      .object(["textDocument": .object(["uri": uri, "text": .string(text)])]))
    for (index, line) in [0, 1, 3, 9].enumerated() {
      let place: JSONValue = .object(["line": .integer(line), "character": .integer(index * 5)])
      let range: JSONValue = .object(["start": place, "end": place])
      let params: JSONValue = .object([
        "textDocument": .object(["uri": uri]), "position": place, "range": range,
        "newName": "another_name", "context": .object([]), "query": "a",
      ])
      for method in LanguageServer.requestNames { send(method, params, id: 2) }
      send(
        "textDocument/didChange",
        .object([
          "textDocument": .object(["uri": uri]),
          "contentChanges": .array([.object(["range": range, "text": "x = ADDR(.a);"])]),
        ]))
    }
    return sum &+ server.idle().count
  }

  /// A script that can be formatted keeps its tokens and is done after one run.
  static func format(_ bytes: [UInt8]) -> Int {
    var sum = 0
    for isPreprocessed in [false, true] {
      let first = run(bytes, isPreprocessed)
      if first.fault != nil {
        precondition(first.bytes == bytes, "a script with a fault was changed")
        continue
      }
      let second = run(first.bytes, isPreprocessed)
      precondition(second.fault == nil && second.bytes == first.bytes, "formatting is not stable")
      sum &+= first.bytes.count
      if isPreprocessed { continue }
      let old = ScriptParser.parse(file(bytes))
      let new = ScriptParser.parse(file(first.bytes))
      if old.isRefused { continue }
      precondition(ScriptFormatter.isSameReading(old, new), "formatting changed what is read")
    }
    return sum
  }

  private static func run(_ bytes: [UInt8], _ isPreprocessed: Bool) -> ScriptFormatter.Result {
    var sources = SourceSet()
    let source = sources.add(file(bytes))
    return ScriptFormatter.format(source, in: sources, isPreprocessed: isPreprocessed)
  }
}
