// The same text gives different tokens in different states (ld-semantics 1.1 to 1.6).

import Testing

@testable import LdsParser

@Suite struct LexerTests {
  private func tokens(
    _ text: String, _ state: LexerState,
    dialect: LinkerDialect = LinkerDialect(.bfd, LinkerVersion(2, 40))
  ) -> [String] {
    let buffer = SourceBuffer(name: "s.lds", text: text)
    var lexer = Lexer(
      buffer: buffer, source: SourceID(index: 0), dialect: dialect)
    var found: [String] = []
    while true {
      let token = lexer.next(in: state)
      switch token.kind {
      case .endOfFile: return found
      case .unterminatedComment: return found + ["unterminated"]
      case .name: found.append("n:" + buffer.text(in: token.start..<token.end))
      case .integer: found.append(String(token.value, radix: 16))
      default: found.append(buffer.text(in: token.start..<token.end))
      }
    }
  }

  @Test(arguments: [
    ("r=5", ["n:r=5"]), ("r =5", ["n:r", "=", "5"]), ("r /=2", ["n:r", "n:/=2"]),
    ("r /= 2", ["n:r", "/=", "2"]), (".text:{", ["n:.text:", "{"]), ("~ ~x", ["~", "n:~x"]),
    ("a,b", ["n:a,b"]), ("$ff $ffg 10K", ["ff", "n:$ffg", "2800"]), ("KEEP", ["n:KEEP"]),
    ("\"a b\"x", ["n:\"a b\"", "n:x"]), ("a /* b /* c */ d", ["n:a", "n:d"]),
    ("a # b\nc", ["n:a", "n:c"]), ("é", []), ("a\r\nb", ["n:a", "n:b"]),
    ("a /* b", ["n:a", "unterminated"]), ("\"a", ["n:a"]),
  ])
  func scriptState(text: String, expected: [String]) {
    #expect(tokens(text, .script) == expected)
  }

  @Test(arguments: [
    ("f1/2", ["n:f1/2"]), ("f1-f2", ["n:f1", "-", "n:f2"]), ("./2", ["n:./2"]),
    (".-f1", ["n:.", "-", "n:f1"]),
    ("f1/**/", ["n:f1/", "*", "*", "/"]), ("5/**/", ["5"]),
    ("/DISCARD/ /x", ["n:/DISCARD/", "/", "n:x"]),
    ("KEEP", ["n:KEEP"]), ("7^2", ["7", "2"]), ("a<<=b", ["n:a", "<<=", "n:b"]),
    ("a&&b||c!=d", ["n:a", "&&", "n:b", "||", "n:c", "!=", "n:d"]),
  ])
  func expressionState(text: String, expected: [String]) {
    #expect(tokens(text, .expression) == expected)
  }

  @Test(arguments: [
    ("r=5;", ["n:r=5", ";"]), ("*(.a, .b)", ["n:*", "(", "n:.a,", "n:.b", ")"]),
    ("[.bk] [ .b ]", ["n:[.bk]", "[", "n:.b", "]"]), ("a += b", ["n:a", "+=", "n:b"]),
    ("a/*b*/ /*c*/", ["n:a/*b*/"]), ("==", ["n:=="]), ("!A & B", ["n:!A", "&", "n:B"]),
    (",", ["n:,"]),
  ])
  func wildState(text: String, expected: [String]) {
    #expect(tokens(text, .wild) == expected)
  }

  @Test(arguments: [
    ("-lc =a b,", ["-lc", "n:=a", "n:b,"]), ("a # b", ["n:a", "n:b"]),
    ("a , b", ["n:a", ",", "n:b"]),
  ])
  func inputListState(text: String, expected: [String]) {
    #expect(tokens(text, .inputList) == expected)
  }

  /// The table of ld-semantics 1.5; two tokens where the linker sees two.
  @Test(arguments: [
    ("010", ["8"]), ("08", ["0"]), ("0779", ["3f"]), ("10h", ["10"]), ("077h", ["77"]),
    ("0ABh", ["ab"]), ("ABh", ["ab"]), ("abx", ["ab"]), ("100x", ["100"]), ("101B", ["5"]),
    ("10b", ["2"]), ("12b", ["1"]), ("2b", ["0"]), ("17o", ["f"]), ("18o", ["1"]), ("10d", ["a"]),
    ("1Ad", ["1"]), ("1K", ["400"]), ("0x10K", ["4000"]), ("010K", ["2000"]), ("$ffK", ["3fc00"]),
    ("1m", ["100000"]), ("0x", ["0"]), ("0x1d", ["1d"]), ("0xfed", ["fed"]), ("$f1", ["f1"]),
    ("18446744073709551616", ["ffffffffffffffff"]), ("0x4000000000000000K", ["0"]),
    ("1K1", ["400", "1"]), ("0b11", ["0", "b"]), ("add", ["0"]), ("fed", ["0"]),
    ("aaaax", ["aaaa"]),
    ("face", ["n:face"]), ("b", ["n:b"]), ("2x3", ["2", "3"]), ("1_0", ["1", "n:_0"]),
  ])
  func numbers(text: String, expected: [String]) {
    #expect(tokens(text, .expression) == expected)
  }

  @Test func laterLinkersWantDigitsOfTheRadix() {
    #expect(
      tokens("add ABh 17o 18o 101b", .expression, dialect: .bfd)
        == ["n:add", "ab", "f", "12", "n:o", "5"])
    #expect(tokens("7^2", .expression, dialect: .bfd) == ["7", "^", "2"])
    #expect(tokens("a ^= b", .wild, dialect: .bfd) == ["n:a", "^=", "n:b"])
  }

  @Test func lldHasNoOctalAndDividesAtASlash() {
    #expect(
      tokens("010 10h 1K add f1/2 $10", .expression, dialect: .lld)
        == ["a", "10", "400", "n:add", "n:f1", "/", "2", "n:$10"])
  }

  @Test func keywordsBelongToStates() {
    let buffer = SourceBuffer(name: "k", text: "KEEP COPY len ASCIZ")
    defer { withExtendedLifetime(buffer) {} }
    let reader = buffer.reader
    let old = KeywordTable(dialect: LinkerDialect(.bfd, LinkerVersion(2, 40)))
    #expect(old.find(reader, 0, 4, in: .wild) == .keep)
    #expect(old.find(reader, 0, 4, in: .script) == nil)
    #expect(old.find(reader, 5, 9, in: .expression) == .copy)
    #expect(old.find(reader, 10, 13, in: .script) == .length)
    #expect(old.find(reader, 14, 19, in: .wild) == nil)
    #expect(KeywordTable(dialect: .bfd).find(reader, 14, 19, in: .wild) == .asciz)
  }
}

@Suite struct LLDNumberTests {
  /// ld.lld 21: 64 bits are a number, one more is malformed; warnings before it do not hide that.
  @Test(arguments: [
    ("0xffffffffffffffff", true), ("18446744073709551615", true), ("18446744073709551616", false),
    (String(repeating: "\u{E9}", count: 80) + "18446744073709551616", false),
  ])
  func numbersOf64Bits(_ text: String, _ isAccepted: Bool) {
    let script = ScriptParser.parse(
      SourceBuffer(name: "S", text: "x = \(text);\n"), options: .init(dialect: .lld))
    #expect(!script.isRefused == isAccepted)
  }
}
