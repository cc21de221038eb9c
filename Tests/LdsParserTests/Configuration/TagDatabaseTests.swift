// Xen's databases of analyser tags.

import LdsParser
import TestSupport
import Testing

struct TagDatabaseTests {
  private func read(_ text: String) -> TagDatabase {
    TagDatabase(SourceBuffer(name: "safe.json", text: text), rules: ["load-address", "image-slot"])
  }

  @Test func entriesOfThisProgramAreRead() {
    let database = read(
      #"""
      {"version": "1.0", "content": [
        {"id": "SAF-0-safe", "analyser": {"eclair": "MC3A2.R8.6"}, "name": "n", "text": "t"},
        {"id": "SAF-3-safe", "analyser": {"eclair": "x", "lds-check": "load-address"}},
        {"id": "SAF-4-safe", "analyser": {"lds-check": "load-address, image-slot"}},
        {"id": "SAF-0-false-positive-lds-check", "violation-id": "image-slot", "tool-version": "1.0"},
        {"id": "SAF-1-false-positive-eclair", "violation-id": "MC3A2.R20.7"},
        {"id": "SAF-5-safe", "analyser": {}, "name": "Sentinel", "text": "Next ID to be used"}]}
      """#)
    #expect(database.diagnostics.isEmpty)
    #expect(
      database.tags == [
        ConfiguredTag(tag: "SAF-3-safe", rules: ["load-address"]),
        ConfiguredTag(tag: "SAF-4-safe", rules: ["load-address", "image-slot"]),
        ConfiguredTag(tag: "SAF-0-false-positive-lds-check", rules: ["image-slot"]),
      ])
  }

  @Test func mistakesAreShown() {
    let text = MarkedText(
      #"{"content": [{"id": "SAF-3-safe", "analyser": {"lds-check": ↓"load-adress"}}]}"#)
    let database = read(text.text)
    #expect(
      database.diagnostics.map(\.message) == [
        "no rule is called 'load-adress'; did you mean 'load-address'?"
      ])
    #expect(database.diagnostics.first?.span.map { Int($0.start) } == text.offsets[0])
    #expect(read("{}").diagnostics.map(\.id) == ["missing-key"])
    #expect(read("{").diagnostics.map(\.id) == ["json-syntax"])
  }

  @Test(arguments: [
    ("SAF-12-safe", true), ("SAF-0-safe", true), ("SAF-1-false-positive-lds-check", true),
    ("SAF-12-safe*/", true), ("SAF-012-safe", false), ("SAF--safe", false), ("SAF-1-safer", false),
    ("SAF-1-false-positive-eclair", false), ("SAF-99999999999-safe", false), ("XSAF-1-safe", false),
  ]) func tags(_ text: String, _ isTag: Bool) {
    #expect((SuppressionTag(Array(text.utf8)) != nil) == isTag)
  }
}
