// The JSON reader: what RFC 8259 allows is read, what it forbids is shown at its byte.

import Foundation
import LdsParser
import TestSupport
import Testing

struct JSONParserTests {
  private func parse(_ text: String) -> (JSONDocument?, [Diagnostic]) {
    parse(Array(text.utf8))
  }

  private func parse(_ bytes: [UInt8]) -> (JSONDocument?, [Diagnostic]) {
    var sources = SourceSet()
    let source = sources.add(SourceBuffer(path: FilePath("a.json"), bytes: bytes))
    return JSONParser.parse(source, in: sources)
  }

  @Test func valuesKeepTheirSpans() throws {
    let text = #" {"a": [1, -2.5e+3, "x"], "b": {"c": null, "d": [true, false, {}, []]}} "#
    let (document, diagnostics) = parse(text)
    #expect(diagnostics.isEmpty)
    let json = try #require(document)
    let array = try #require(json.member("a", of: json.root))
    let spelled = json.elements(array).map { json.span($0) }
      .map { String(decoding: Array(text.utf8)[$0.range], as: UTF8.self) }
    #expect(spelled == ["1", "-2.5e+3", #""x""#])
    #expect(json.elements(array).map { json.integer($0) } == [1, nil, nil])
    let inner = try #require(json.member("b", of: json.root))
    #expect(json.members(inner).map { json.string($0.key) } == ["c", "d"])
    let flags = try #require(json.member("d", of: inner))
    #expect(json.elements(flags).map { json.kind($0) } == [.boolean, .boolean, .object, .array])
    #expect(json.elements(flags).map { json.boolean($0) } == [true, false, nil, nil])
  }

  @Test(arguments: [
    (#""\" \\ \/ \b\f\n\r\t""#, "\" \\ / \u{8}\u{C}\n\r\t"),
    (#""\u00e9\u4E2D\ud83d\ude00""#, "é中😀"), (#""é中😀""#, "é中😀"), (#""""#, ""),
    ("\u{FEFF}\"after a mark\"", "after a mark"),
  ]) func stringsAreDecoded(_ text: String, _ value: String) throws {
    let (document, diagnostics) = parse(text)
    #expect(diagnostics.isEmpty)
    let json = try #require(document)
    #expect(json.string(json.root) == value)
  }

  @Test(arguments: [
    ("↓", "found the end of the file, expected a value"),
    ("{\"a\": 1↓ \"b\": 2}", nil),
    ("{\"a\": 1 ↓\"b\": 2}", "found '\"', expected ',' or '}'"),
    ("[1, ↓]", "found ']' after a comma, expected another element"),
    ("{\"a\": 1, ↓}", "found '}' after a comma, expected another member"),
    ("{↓a: 1}", "found 'a', expected a key in double quotes or '}'"),
    ("{\"a\" ↓= 1}", "found '=', expected ':' after the key"),
    ("[↓True]", "found 'True', expected 'true' in small letters"),
    ("[↓'a']", "found ''', expected a value; strings stand in double quotes"),
    ("[1] ↓2", "found '2', expected the end of the file after the value"),
    ("[↓/* x */ 1]", "found '/', expected a value; JSON has no comments"),
    ("[0↓x10]", "JSON has no hexadecimal numbers; write it as a string: \"0x...\""),
    ("[0↓1]", "a number cannot start with 0"),
    ("[1.↓]", "found ']', expected a digit"), ("[-↓]", "found ']', expected a digit"),
    ("[↓+1]", "found '+', expected a value"),
    ("[\"a↓\n\"]", "found the end of the line in a string, expected '\"'"),
    ("[↓\"a", "the string is not closed before the end of the file, expected '\"'"),
    ("[\"a\u{1}\"]", nil), ("[1 ↓", "found the end of the file, expected ',' or ']'"),
    (
      "[\"a↓\\x\"]",
      "no such escape, expected \\\" \\\\ \\/ \\b \\f \\n \\r \\t, \\uXXXX or a surrogate pair"
    ),
    (
      "[\"↓\\ud800\"]",
      "no such escape, expected \\\" \\\\ \\/ \\b \\f \\n \\r \\t, \\uXXXX or a surrogate pair"
    ),
    ("{\"a\": 1, ↓\"\\u0061\": 2}", "the key 'a' is already there"),
  ]) func faultsHaveAPlace(_ marked: String, _ message: String?) throws {
    let text = MarkedText(marked)
    let (_, diagnostics) = parse(text.text)
    let fault = try #require(diagnostics.first)
    guard let message else { return }
    #expect(fault.message == message)
    #expect(fault.span.map { Int($0.start) } == text.offsets.first)
  }

  @Test func invalidUTF8IsRefused() throws {
    let (document, diagnostics) = parse([0x22, 0x61, 0xC3, 0x28, 0x22])
    #expect(document == nil)
    #expect(diagnostics.map(\.id) == ["invalid-utf8"])
    #expect(diagnostics.first?.span?.start == 2)
  }

  @Test func depthIsLimited() {
    let depth = Limit.nesting
    let fits = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    #expect(parse(fits).1.isEmpty)
    let (document, diagnostics) = parse("[" + fits + "]")
    #expect(document == nil)
    #expect(diagnostics.map(\.id) == ["nesting-limit"])
    #expect(parse(String(repeating: "[", count: 1_000_000)).0 == nil)
  }

  /// Foundation reads the same documents. It keeps no rule about duplicate keys, so none are made.
  @Test func agreesWithFoundationOnMutatedDocuments() throws {
    var random = SeededGenerator(seed: 7)
    let seed = Array(
      #"{"a":[1,-0,2.5e-3,"x\n\u00e9"],"b":{"c":null,"d":true},"e":false,"f":"","g":[[],{}]} "#.utf8
    )
    let alphabet = Array(#"{}[]",:0123456789.-+eEtrufalsn\ /"#.utf8)
    var accepted = 0
    for _ in 0..<4000 {
      var bytes = seed
      for _ in 0..<Int.random(in: 0...2, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[index] = byte
        case 1: bytes.insert(byte, at: index)
        default: bytes.remove(at: index)
        }
      }
      let (document, diagnostics) = parse(bytes)
      if diagnostics.contains(where: { $0.id == "duplicate-key" }) { continue }
      let theirs =
        (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
      let ours = document != nil && diagnostics.isEmpty
      if ours { accepted += 1 }
      #expect(ours == theirs, "\(String(decoding: bytes, as: UTF8.self)): \(diagnostics)")
    }
    #expect(accepted > 500)
  }
}
