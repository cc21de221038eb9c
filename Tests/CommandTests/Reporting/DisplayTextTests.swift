// Nothing from an input file steers the terminal or hides itself.

import Testing

@testable import lds_check

struct DisplayTextTests {
  @Test(arguments: [
    ("plain", "plain"), ("a\u{1B}[31mb", "a<1b>[31mb"), ("a\tb", "a<09>b"), ("a\r", "a<0d>"),
    ("two\nlines", "two\nlines"), ("\u{7F}", "<7f>"), ("\u{9B}31m", "<U+9B>31m"),
    ("\u{202E}gnp", "<U+202E>gnp"), ("a\u{200B}b", "a<U+200B>b"), ("漢字 é", "漢字 é"),
  ])
  func escape(_ text: String, _ shown: String) {
    #expect(DisplayText.escape(text) == shown)
  }

  @Test func bytesThatAreNoUTF8() {
    #expect(
      DisplayText.escape([0x61, 0xFF, 0xC3, 0x62, 0xED, 0xA0, 0x80]) == "a<ff><c3>b<ed><a0><80>")
    #expect(DisplayText.escape([0xE6, 0xBC]) == "<e6><bc>")
  }

  @Test func everyByteIsShownAsSomethingHarmless() {
    for byte in UInt8.min...UInt8.max where byte != 0x0A {
      let shown = DisplayText.escape([byte])
      #expect(shown.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }, "\(byte)")
    }
  }

  @Test func tabsFillToTheNextStop() {
    let widths = DisplayText.pieces(Array("\tab\t漢\t".utf8)).map(\.width)
    #expect(widths == [8, 1, 1, 6, 2, 6])
  }

  @Test func combiningMarksTakeNoColumn() {
    #expect(DisplayText.pieces(Array("e\u{301}".utf8)).map(\.width) == [1, 0])
  }
}
