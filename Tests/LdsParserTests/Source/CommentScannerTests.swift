// Comments for this program, and the statement that each is about.

import LdsParser
import TestSupport
import Testing

struct CommentScannerTests {
  private func scan(_ text: String) -> [SourceComment] {
    var sources = SourceSet()
    let source = sources.add(SourceBuffer(name: "a.lds.S", text: text))
    return CommentScanner.directives(in: source, of: sources)
  }

  @Test(arguments: [
    ("a = 1; /* lds-check: disable=x */\nb = 2;", 1...1),
    ("/* lds-check: disable=x */\nb = 2;", 2...2),
    ("/* lds-check: disable=x */ b = 2;\nc = 3;", 1...1),
    ("\n  /*\n * lds-check:\n */\n/*  lds-check: disable=x\n * reason */\nb = 2;", 7...7),
    // Comments may stand between, blank lines may not.
    ("/* lds-check: disable=x */\n/* why */ /* more */\nb = 2;", 3...3),
    ("/* lds-check: disable=x */\n\nb = 2;", 2...2),
    // A statement over several lines is one.
    ("/* lds-check: disable=x */\nASSERT(a\n  == (b),\n \"not ) closed\")\nc = 3;", 2...4),
    ("/* lds-check: disable=x */\nASSERT(a", 2...2), ("/* lds-check: disable=x */", 2...2),
    ("/* one */ /* lds-check: disable=x */ /* three */\nb = 2;", 2...2),
    ("/* a\n b */ /* lds-check: disable=x */\nb = 2;", 3...3),
  ]) func targets(_ text: String, _ lines: ClosedRange<Int>) {
    #expect(scan(text).map(\.lines) == [lines])
  }

  @Test(arguments: [
    "/* see lds-check: disable=x */", "x = \"/* lds-check: disable=x */\";",
    "/* lds-check: disable=x",
    "lds-check: disable=x", "/* SAFE-1 */ lds- SAF-", "",
  ]) func otherTextIsNone(_ text: String) {
    #expect(scan(text).isEmpty)
  }

  @Test func textIsWithoutDelimiters() {
    let found = scan("/*lds-check: disable=x  why */ a\n/*\tSAF-1-safe */\nb /* SAF-2-safe*/")
    #expect(
      found.map { String(decoding: $0.text, as: UTF8.self) } == [
        "lds-check: disable=x  why", "SAF-1-safe", "SAF-2-safe",
      ])
    #expect(found.map(\.lines) == [1...1, 3...3, 3...3])
  }

  @Test func aPatternThatLooksLikeACommentHidesNothing() {
    let found = scan(
      "*(lib/*.o)\nb = 1; /* lds-check: disable=x */\n/* lds-check: disable=y */\nc;")
    #expect(found.map(\.lines) == [2...2, 4...4])
  }

  @Test func anUnclosedStringEndsWithItsLine() {
    #expect(scan("#error don\"t\n/* lds-check: disable=x */\na").map(\.lines) == [3...3])
  }

  /// Text made to be slow: a search that starts over costs sixteen times the work for four times the text.
  @Test(
    arguments: [
      "/*", "/* lds-check: disable=x */", "/* lds-check: disable=x */\n", "/* SAF-1-safe */ (\n",
      "\"",
    ])
  func hostileTextCostsTimeInProportion(_ unit: String) {
    let texts = [14, 16].map { shift in
      String(repeating: unit, count: (1 << shift) / unit.utf8.count)
        + "\n/* lds-check: disable=x */\na"
    }
    let growth = WorkTime.excess(over: 9, { _ = scan(texts[0]) }, { _ = scan(texts[1]) })
    #expect(growth == nil, "\(growth ?? 0) times the time")
  }
}
