// The protocol: messages in, messages out, whatever comes.

import Constraints
import FuzzReaders
import LdsParser
import TestSupport
import Testing

@Suite struct LanguageServerTests {
  private let script = """
    /* ä𝄞 */ first = 1; ASSERT(first == 1, "first")
    MEMORY
    {
      RAM (rw) : ORIGIN = 0x1000, LENGTH = 4K
    }
    SECTIONS
    {
      . = ALIGN(4096);
      start = .;
      .text : { *(.text) } >RAM
      . = ALIGN(4096);
      end = .;
    }
    ASSERT(end - start <= LENGTH(RAM), "too large")

    """

  // MARK: - The stream

  @Test func messagesComeInPieces() {
    let session = EditorSession()
    let message = MessageFraming.framed(
      .object(["jsonrpc": "2.0", "id": 7, "method": "shutdown"]))
    var output: [UInt8] = []
    for byte in message {
      session.server.receive([byte])
      output += session.server.respond()
    }
    #expect(session.take(output) == [.object(["jsonrpc": "2.0", "id": 7, "result": .null])])
    session.notify("exit", .null)
    #expect(session.server.end == .asked)
  }

  @Test(arguments: [
    "Content-Length: 99999999999\r\n\r\n{}", "Content-Length: -1\r\n\r\n{}",
    "Content-Length: 18446744073709551616\r\n\r\n", "Content-Length: x\r\n\r\n", "\r\n\r\n",
    "no colon\r\n\r\n", String(repeating: "x", count: 10_000),
    "A: " + String(repeating: "y", count: 10_000) + "\r\n",
  ])
  func aStreamThatCannotBeReadEnds(_ text: String) {
    let session = EditorSession()
    session.server.receive(Array(text.utf8))
    let answers = session.take(session.server.respond())
    #expect(answers.last?["error"]?["code"] == -32700)
    guard case .unreadable? = session.server.end else {
      Issue.record("\(text.prefix(40))")
      return
    }
    session.server.receive(Array("more".utf8))
    #expect(session.server.respond().isEmpty)
  }

  @Test func badMessagesAreAnsweredAndTheNextIsRead() {
    let session = EditorSession()
    for text in ["{", "[1,2]", "nonsense", String(repeating: "[", count: 100_000), "{}", "7"] {
      session.server.receive(Array("Content-Length: \(text.utf8.count)\r\n\r\n\(text)".utf8))
      let answers = session.take(session.server.respond())
      #expect(answers.count == 1 && answers.first?["error"] != nil, "\(text.prefix(20))")
    }
    #expect(session.answer("nobody/knows", .null)["error"]?["code"] == -32601)
    #expect(session.answer("textDocument/hover", .null)["error"]?["code"] == -32602)
    #expect(session.answer("shutdown", .null)["result"] == .null)
    #expect(session.answer("textDocument/hover", .null)["error"]?["code"] == -32600)
    session.notify("exit", .null)
    #expect(session.server.end == .asked)
  }

  @Test func nothingIsAnsweredBeforeInitialize() {
    let server = LanguageServer(host: MemoryEditorHost(), name: "x", version: "0")
    server.receive(
      MessageFraming.framed(
        .object(["jsonrpc": "2.0", "id": 1, "method": "textDocument/hover"])))
    let text = String(decoding: server.respond(), as: UTF8.self)
    #expect(text.contains("-32002"))
    server.receive(MessageFraming.framed(.object(["jsonrpc": "2.0", "method": "exit"])))
    _ = server.respond()
    #expect(server.end == .unasked)
  }

  @Test func cancelledRequestsAreNotWorkedOn() {
    let session = EditorSession()
    session.open(script)
    let params = EditorSession.params(0, 0)
    session.send(
      .object(["jsonrpc": "2.0", "id": 70, "method": "textDocument/hover", "params": params]))
    session.send(
      .object([
        "jsonrpc": "2.0", "method": "$/cancelRequest", "params": .object(["id": 70]),
      ]))
    let answers = session.take(session.server.respond())
    #expect(answers.first?["error"]?["code"] == -32800)
  }

  // MARK: - Places

  @Test(arguments: [("utf-16", 10), ("utf-8", 13)])
  func charactersAreCountedAsTheEditorCounts(_ encoding: String, _ column: Int) {
    let session = EditorSession(encoding: encoding)
    session.open(script)
    let found = session.at("textDocument/definition", 0, column + 1)
    let start = found.elements.first?["range"]?["start"]
    #expect(start?["line"] == 0 && start?["character"] == .integer(column))
    // An edit behind the characters of several units.
    let place: JSONValue = .object(["line": 0, "character": .integer(column)])
    let end: JSONValue = .object(["line": 0, "character": .integer(column + 5)])
    session.change(.object(["start": place, "end": end]), "other")
    #expect(
      session.at("textDocument/hover", 0, column + 1)["contents"]?["value"]?.string?
        .contains("symbol `other`") == true)
  }

  @Test func urisLeadToFilesAndBack() {
    for path in ["/a b/ä%.lds", "/x#y?.lds", "/plain/name.lds.S"] {
      #expect(DocumentURI.path(DocumentURI.uri(FilePath(path))) == FilePath(path))
    }
    #expect(DocumentURI.path("file:///a%20b%zz") == FilePath("/a b%zz"))
    #expect(DocumentURI.path("untitled:Untitled-1") == FilePath("untitled:Untitled-1"))
  }

  // MARK: - A session

  @Test func whatIsWrongIsSaidAndTakenBack() throws {
    let session = EditorSession()
    session.open("SECTIONS { .text : { *(.text) }\n")
    let wrong = session.diagnostics()["file:///a.lds"] ?? []
    #expect(wrong.first?["severity"] == 1 && wrong.first?["source"] == "lds-check")
    session.change(nil, script)
    let right = session.diagnostics()["file:///a.lds"] ?? []
    #expect(!right.contains { $0["severity"] == 1 }, "\(right)")
    session.notify(
      "textDocument/didClose",
      .object(["textDocument": .object(["uri": "file:///a.lds"])]))
    #expect(session.diagnostics()["file:///a.lds"] == [])
  }

  @Test func namesAreFoundAndChanged() {
    let session = EditorSession()
    session.open(script)
    // `start` of the last ASSERT.
    let line = 13
    let column = 13
    let definition = session.at("textDocument/definition", line, column)
    #expect(definition.elements.first?["range"]?["start"]?["line"] == 8)
    let references = session.at("textDocument/references", line, column)
    #expect(references.elements.count == 2)
    let rename = session.at(
      "textDocument/rename", line, column, "file:///a.lds", ["newName": "begin"])
    #expect(rename["changes"]?["file:///a.lds"]?.elements.count == 2)
    let bad = session.answer(
      "textDocument/rename", EditorSession.params(line, column, "file:///a.lds", ["newName": "end"])
    )
    #expect(bad["error"]?["code"] == -32803)
    let region = session.at("textDocument/references", 9, 25)
    #expect(region.elements.count == 3)
  }

  @Test func namesInBranchesThatAreLeftOutAreChangedToo() {
    let session = EditorSession()
    session.open(
      "#ifdef NEVER\nx = edge;\n#endif\nSECTIONS { edge = .; }\n#define LIMIT edge\ny = LIMIT;\n")
    let rename = session.at(
      "textDocument/rename", 3, 12, "file:///a.lds", ["newName": "border"])
    #expect(rename["changes"]?["file:///a.lds"]?.elements.count == 3)
    let macro = session.at(
      "textDocument/rename", 5, 5, "file:///a.lds", ["newName": "BOUND"])
    #expect(macro["changes"]?["file:///a.lds"]?.elements.count == 2)
  }

  @Test func namesThatAMacroPutsTogetherAreNotChanged() {
    let session = EditorSession()
    session.open("#define SET(x) x##_end = .\nSECTIONS { SET(text); }\ny = text_end;\n")
    let answer = session.answer(
      "textDocument/rename", EditorSession.params(2, 6, "file:///a.lds", ["newName": "z"]))
    #expect(answer["error"]?["message"]?.string?.contains("put together") == true)
  }

  @Test func includedFilesAreReachedAndDiagnosed() {
    let session = EditorSession()
    let header = "#define PAGE 4096\n"
    session.host.files[FilePath("/page.h")] = SourceBuffer(
      path: FilePath("/page.h"), bytes: Array(header.utf8))
    session.open("#include \"page.h\"\nSECTIONS { . = ALIGN(PAGE); a = .; }\n")
    let macro = session.at("textDocument/definition", 1, 23)
    #expect(macro.elements.first?["uri"] == "file:///page.h")
    #expect(session.at("textDocument/definition", 0, 12).elements.first?["uri"] == "file:///page.h")
    // What the editor holds of the header counts, and not the file.
    session.open("#define OTHER 1\n", "file:///page.h")
    #expect(session.at("textDocument/definition", 1, 23).elements.isEmpty)
  }

  @Test func aHeaderIsAPartOfTheScriptsThatIncludeIt() throws {
    let session = EditorSession()
    let header = "#define TEXT .text : { *(.text) } text_end = .;\nlimit = text_end + 1;\n"
    session.host.files[FilePath("/part.lds.h")] = SourceBuffer(
      path: FilePath("/part.lds.h"), bytes: Array(header.utf8))
    let body = "#include \"part.lds.h\"\nSECTIONS { TEXT }\nend = text_end;\n"
    session.open(body)
    session.open(body + "ASSERT(text_end > 7, \"second\")\n", "file:///b.lds")
    session.open(header, "file:///part.lds.h")
    // From the header to the script, and to the other one that shares it.
    let rename = session.at(
      "textDocument/rename", 1, 9, "file:///part.lds.h", ["newName": "code_end"])
    #expect(rename["changes"]?["file:///part.lds.h"]?.elements.count == 2)
    #expect(rename["changes"]?["file:///a.lds"]?.elements.count == 1)
    #expect(rename["changes"]?["file:///b.lds"]?.elements.count == 2)
    let same = session.at("textDocument/rename", 2, 8, "file:///a.lds", ["newName": "code_end"])
    for file in ["part.lds.h", "a.lds", "b.lds"] {
      let (one, other) = (
        rename["changes"]?["file:///\(file)"], same["changes"]?["file:///\(file)"]
      )
      #expect(one?.elements.count == other?.elements.count, "\(file)")
    }
    let taken = session.answer(
      "textDocument/rename",
      EditorSession.params(1, 9, "file:///part.lds.h", ["newName": "end"]))
    #expect(taken["error"]?["code"] == -32803)
    #expect(
      session.at("textDocument/references", 1, 9, "file:///part.lds.h").elements.count == 5)
    #expect(
      session.at("textDocument/hover", 1, 9, "file:///part.lds.h")["contents"]?["value"]?.string?
        .contains("set at a.lds:2") == true)
    // What is wrong with the header is said once, by whichever script; closing one leaves it to the other.
    session.change(nil, header + "ASSERT(1, \"always\")\n", "file:///part.lds.h")
    let count = { session.diagnostics()["file:///part.lds.h"]?.count }
    let first = count()
    #expect((first ?? 0) > 0)
    session.notify(
      "textDocument/didClose", .object(["textDocument": .object(["uri": "file:///a.lds"])]))
    #expect(count() == first)
    session.notify(
      "textDocument/didClose", .object(["textDocument": .object(["uri": "file:///b.lds"])]))
    #expect(count() == 0)
    #expect(
      session.at("textDocument/hover", 1, 9, "file:///part.lds.h")["contents"]?["value"]?.string?
        .contains("an object has to") == true)
  }

  @Test func objectsAreKnownByTheirNames() throws {
    let session = EditorSession()
    let object = ELFObjectText.bytes(
      [
        UnplacedSection(name: Array(".text.of_object".utf8), type: 1, flags: 6, alignment: 1),
        UnplacedSection(name: Array(".not_there".utf8), type: 1, flags: 0, alignment: 1),
      ], hasEntry: true)
    session.host.linked.add(SourceBuffer(path: FilePath("/build/main.o"), bytes: object))
    session.open("SECTIONS { .a : { *(\n) } }\nx = \n;y = _start;\n")
    let labels = { (line: Int, column: Int) -> [String] in
      session.at("textDocument/completion", line, column)["items"]?.elements.compactMap {
        $0["label"]?.string
      } ?? []
    }
    let sections = labels(0, 21)
    #expect(sections.first == ".text.of_object" && !sections.contains(".not_there"))
    #expect(labels(2, 4).contains("_start"))
    #expect(
      session.at("textDocument/hover", 3, 7)["contents"]?["value"]?.string?
        .contains("defined by main.o") == true)
    // Nothing but scripts is changed by a new name.
    _ = session.at("textDocument/rename", 3, 7, "file:///a.lds", ["newName": "begin"])
    let warning = session.notifications.last { $0["method"] == "window/showMessage" }
    #expect(
      warning?["params"]?["message"]?.string?.hasPrefix("main.o defines '_start'") == true)
  }

  @Test func aRegionIsAsFullAsTheLinkerSays() throws {
    let session = EditorSession()
    session.open(try Checkout.text("samples/firmware/firmware.ld"))
    let map = SourceBuffer(
      path: FilePath("/after.map"), bytes: try Checkout.bytes("samples/firmware/after.map"))
    session.host.build([try ImageReader.read(map, as: FormatRecognizer.recognize(map), parts: .all)]
    )
    session.take(session.server.idle())
    let hover = session.at("textDocument/hover", 3, 4)["contents"]?["value"]?.string ?? ""
    #expect(hover.contains("overflows by 0x4d0 (1232 bytes)"), "\(hover)")
    #expect(hover.contains("largest: .text"))
  }

  @Test func aSymbolIsToldAsEveryLinkHasIt() {
    let session = EditorSession()
    session.open("SECTIONS { .a : { *(.a) }\n. = ALIGN(0x200000);\nedge = .; two = 2; }\n")
    let hover = { (column: Int) in
      session.at("textDocument/hover", 2, column)["contents"]?["value"]?.string ?? ""
    }
    #expect(hover(1).contains("in every link a multiple of `0x200000`, by line 2"), "\(hover(1))")
    #expect(hover(11).contains("in every link `0x2`"), "\(hover(11))")
  }

  @Test func aBuildMovesTheLenses() throws {
    let session = EditorSession()
    session.open(script)
    let titles = { () -> [String] in
      session.at("textDocument/codeLens", 0, 0).elements.compactMap {
        $0["command"]?["title"]?.string
      }
    }
    #expect(titles() == ["always-holds", "depends"])
    session.take(session.server.idle())
    let map = try image(
      "0000000000000000 T start\n0000000000000800 T end\n0000000000000001 A first\n")
    session.host.build([map])
    session.take(session.server.idle())
    #expect(
      session.notifications.last { $0["id"] != nil }?["method"] == "workspace/codeLens/refresh")
    #expect(titles() == ["holds", "holds, 2,048 bytes left"])
    let everything: JSONValue = .object([
      "start": .object(["line": 0, "character": 0]), "end": .object(["line": 99, "character": 0]),
    ])
    let hints = session.at("textDocument/inlayHint", 0, 0, "file:///a.lds", ["range": everything])
    #expect(hints.elements.contains { $0["label"] == "0x800" })
    session.host.build([
      try image("0000000000000000 T start\n0000000000001800 T end\n0000000000000001 A first\n")
    ])
    session.take(session.server.idle())
    #expect(titles() == ["holds", "fails by 0x800"])
    #expect(
      session.diagnostics()["file:///a.lds"]?.contains { $0["code"] == "assertion-fails" } == true)
  }

  private func image(_ listing: String) throws -> Image {
    let buffer = SourceBuffer(path: FilePath("/a.nm"), bytes: Array(listing.utf8))
    return try ImageReader.read(buffer, as: FormatRecognizer.recognize(buffer), parts: .all)
  }

  @Test func completionsFitTheirPlace() {
    let cases: [(String, String, Bool)] = [
      ("SECTIONS { .text : { ↓", "KEEP", true), ("SECTIONS { .text : { ↓", "SECTIONS", false),
      ("↓", "SECTIONS", true),
      ("MEMORY { RAM : ORIGIN = 0, LENGTH = 1 }\nSECTIONS { .a : { } >↓", "RAM", true),
      ("PHDRS { code PT_LOAD; }\nSECTIONS { .a : { } :↓", "code", true),
      ("SECTIONS { .a : { *(.a) } }\nx = SIZEOF(↓", ".a", true), ("x = ↓", "ALIGN", true),
      ("SECTIONS { .a : { *(↓", ".rodata", true), ("/* x ↓", "SECTIONS", false),
      ("#define A 1\nx = ↓", "A", true), ("ASSERT(↓", "ADDR", true),
      ("SECTIONS { .a : { *(.a) }\n ↓", "ASSERT", true),
    ]
    for (text, word, isOffered) in cases {
      let marked = MarkedText(text)
      let session = EditorSession()
      session.open(marked.text)
      let positions = TextPositions(Array(marked.text.utf8), .utf16)
      let place = positions.position(of: marked.offsets[0])
      let labels = session.at("textDocument/completion", place.line, place.character)["items"]?
        .elements.compactMap { $0["label"]?.string }
      #expect(labels?.contains(word) == isOffered, "\(text): \(word)")
    }
  }

  @Test func actionsMendSilenceAndAssert() throws {
    let session = EditorSession()
    session.open(
      "SECTIONS\n{\n  . = ALIGN(4096);\n  __2M_text_end = .;\n  __2M_rodata_start = .;\n  .text : { *(.text) }\n}\n"
    )
    let range: JSONValue = .object([
      "start": .object(["line": 0, "character": 0]), "end": .object(["line": 9, "character": 0]),
    ])
    let actions = session.at("textDocument/codeAction", 0, 0, "file:///a.lds", ["range": range])
    let titles = actions.elements.compactMap { $0["title"]?.string }
    #expect(titles.contains("assert that '__2M_text_end' is aligned"), "\(titles)")
    #expect(titles.contains { $0.hasPrefix("silence ") }, "\(titles)")
    let only = session.at(
      "textDocument/codeAction", 0, 0, "file:///a.lds",
      ["range": range, "context": .object(["only": .array(["refactor"])])])
    #expect(only.elements.allSatisfy { $0["kind"] == "refactor.rewrite" })
  }

  @Test func formattingChangesTheLinesThatDiffer() {
    let session = EditorSession()
    session.open("a = 1;\nb  =  2;\nc = 3;\n")
    let edits = session.at(
      "textDocument/formatting", 0, 0, "file:///a.lds",
      ["options": .object(["tabSize": 2, "insertSpaces": true])])
    #expect(edits.elements.count == 1)
    #expect(edits.elements.first?["newText"] == "b = 2;\n")
    session.change(nil, "SECTIONS {")
    let answer = session.answer("textDocument/formatting", EditorSession.params(0, 0))
    #expect(answer["error"]?["code"] == -32803)
  }

  // MARK: - Edits

  /// After any edit the answers are those of a server that never saw another text.
  @Test(arguments: 0..<6)
  func answersDoNotDependOnWhatWasBefore(_ seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let session = EditorSession()
    var text = Array(script.utf8).filter { $0 < 0x80 }
    session.open(String(decoding: text, as: UTF8.self))
    let pieces = [
      "}", "{", "x = 1;\n", "*", "(", ")", "/*", "*/", "\"", "#if 0\n", "#endif\n", " ",
    ]
    for _ in 0..<12 {
      let start = random.below(text.count)
      let end = min(text.count, start + random.below(6))
      let new = random.pick(pieces) ?? ""
      let positions = TextPositions(text, .utf16)
      let range: JSONValue = .object([
        "start": place(positions.position(of: start)), "end": place(positions.position(of: end)),
      ])
      session.change(range, new)
      text.replaceSubrange(start..<end, with: Array(new.utf8))
      let fresh = EditorSession()
      fresh.open(String(decoding: text, as: UTF8.self))
      let line = random.below(14)
      for method in LanguageServer.requestNames {
        let params = EditorSession.params(
          line, random.below(20), "file:///a.lds", ["newName": "n", "query": "t"])
        #expect(
          session.answer(method, params)["result"] == fresh.answer(method, params)["result"],
          "\(method)")
      }
      #expect(session.diagnostics() == fresh.diagnostics())
    }
  }

  private func place(_ position: EditorPosition) -> JSONValue {
    .object(["line": .integer(position.line), "character": .integer(position.character)])
  }
}
