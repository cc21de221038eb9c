// Carets stand under the bytes that are meant, whatever the line holds.

import TestSupport
import Testing

@testable import lds_check

struct SourceSnippetTests {
  private func render(
    _ line: [UInt8], _ marks: [SourceSnippet.Mark], width: Int = 80
  ) -> String {
    SourceSnippet.render(line, number: 12, marks: marks, width: width)
      .map { $0.map(\.text).joined() }.joined(separator: "\n")
  }

  /// Each pair of marks in `marked` is the start and end of a range.
  private func render(_ marked: String, labels: [String?] = [], width: Int = 80) -> String {
    let parsed = MarkedText(marked)
    let marks = stride(from: 0, to: parsed.offsets.count, by: 2).map { index in
      SourceSnippet.Mark(
        bytes: parsed.offsets[index]..<parsed.offsets[index + 1],
        label: index / 2 < labels.count ? labels[index / 2] : nil)
    }
    return render(Array(parsed.text.utf8), marks, width: width)
  }

  @Test func oneCaret() {
    #expect(
      render("ASSERT(a↓;↓") == """
           12 | ASSERT(a;
              |         ^
        """)
  }

  @Test func aRange() {
    #expect(
      render("  ↓_start↓ = .;") == """
           12 |   _start = .;
              |   ^~~~~~
        """)
  }

  @Test func pastTheEnd() {
    #expect(
      render("ASSERT(a↓↓") == """
           12 | ASSERT(a
              |         ^
        """)
  }

  @Test func severalLabels() {
    #expect(
      render(
        "ASSERT(↓_end↓ - ↓_start↓ <= ↓LIMIT↓, \"x\")", labels: ["0x501000", "0x400000", "0x1000"])
          == """
             12 | ASSERT(_end - _start <= LIMIT, "x")
                |        ^~~~   ^~~~~~    ^~~~~ 0x1000
                |        |      0x400000
                |        0x501000
          """)
  }

  @Test func labelsAtOnePlace() {
    #expect(
      render("↓a↓↓↓ + b", labels: ["first", "second"]) == """
           12 | a + b
              | ^^ second
              | first
        """)
  }

  @Test func tabsAndWideCharacters() {
    #expect(
      render("\t漢字\t↓x↓ = 1;") == """
           12 |         漢字    x = 1;
              |                 ^
        """)
  }

  @Test func combiningMarksAndEscapes() {
    #expect(
      render("e\u{301}\u{1B}[1m ↓x↓;") == """
           12 | e\u{301}<1b>[1m x;
              |          ^
        """)
  }

  @Test func aByteThatIsNoUTF8() {
    #expect(
      render([0x61, 0xFF, 0x62], [.init(bytes: 1..<2)]) == """
           12 | a<ff>b
              |  ^~~~
        """)
  }

  @Test func carriageReturnIsLeftOut() {
    #expect(
      render(Array("a;\r".utf8), [.init(bytes: 1..<2)]) == """
           12 | a;
              |  ^
        """)
  }

  @Test func longLinesAreCut() {
    let line = (0..<100).map { "word\($0)" }.joined(separator: " ")
    let bytes = Array(line.utf8)
    let start = line.utf8.count / 2
    #expect(
      render(bytes, [.init(bytes: start..<(start + 4))], width: 60) == """
           12 | ...47 word48 word49 word50 word51 word52 word53 w...
              |                         ^~~~
        """)
    #expect(
      render(bytes, [.init(bytes: 0..<5)], width: 60) == """
           12 | word0 word1 word2 word3 word4 word5 word6 word7 w...
              | ^~~~~
        """)
    #expect(
      render(bytes, [.init(bytes: (bytes.count - 6)..<bytes.count)], width: 60).hasSuffix("^~~~~~"))
  }

  @Test func everyPlaceOfALongLineIsShown() {
    // The byte under the caret is the byte that was asked for, at every offset and many widths.
    let bytes = (0..<400).map { UInt8(ascii: "a") + UInt8($0 % 26) }
    for width in [1, 30, 47, 80, 200, 500] {
      for offset in 0..<bytes.count {
        let lines = render(bytes, [.init(bytes: offset..<(offset + 1))], width: width)
          .split(separator: "\n")
        let caret = Array(lines[1].utf8).firstIndex(of: UInt8(ascii: "^"))
        let shown = caret.map { Array(lines[0].utf8)[$0] }
        #expect(shown == bytes[offset], "width \(width), offset \(offset)")
        #expect(lines[0].utf8.count <= max(width, 33))
      }
    }
  }

  @Test func megabytesOfLineAreCutToTheirPlace() {
    var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 5_000_000)
    bytes[4_000_000] = UInt8(ascii: "X")
    let text = render(bytes, [.init(bytes: 4_000_000..<4_000_001)])
    let lines = text.split(separator: "\n").map { Array($0.utf8) }
    #expect(
      lines[0].firstIndex(of: UInt8(ascii: "X")) == lines[1].firstIndex(of: UInt8(ascii: "^")))
    #expect(text.utf8.count < 200)
  }
}
