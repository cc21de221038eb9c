// Rule number-like-name: a name that GNU ld reads as a number, or a number that is not what it looks like.

import LdsParser

/// Reads words as the lexer of GNU ld does.
///
/// It cannot see which version the script is linked with, unless `--ld-version` or the configuration says it.
struct NumberLikeName: Rule {
  static let description = RuleDescription(
    id: "number-like-name",
    summary:
      "a name is a number to GNU ld, or a number stops at a digit that its base does not have",
    rationale: """
      GNU ld takes any word of hexadecimal digits that ends in b, d, h, o or x for a number: up to 2.40 'add', \
      'dead', 'bad' and 'fed' are 0, and no message tells. '08' is octal and stops at the 8: 0.
      """,
    fix: "put the name in quotes, or choose another; write decimal numbers without leading zeros",
    severity: .error, needs: [.script],
    good: [
      .script("names that are no numbers", "x = face + beef + label;"),
      .script("in quotes it is a name", "x = \"add\" + 1;"),
      .script("numbers", "x = 0ABh + 10d + 010 + 0x08;"),
    ],
    bad: [
      .script(
        "a symbol called add", "add = 7; x = ↓add + 1;",
        messages: ["GNU ld up to 2.40 reads 'add' as the number 0x0, not as the symbol"]),
      .script(
        "octal eight", "x = ↓08;",
        messages: ["'08' is octal and ends at the first 8 or 9: it is 0x0"]),
      .script(
        "every linker takes it for a number", "abh = 1; x = ↓abh;",
        messages: ["GNU ld reads 'abh' as the number 0xab, not as the symbol"]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, context.linkers.contains(.bfd) else { return [] }
    let table = facts.script.expressions
    return facts.nodes.compactMap { id in
      switch table[id] {
      case .symbol, .integer: break
      default: return nil
      }
      let text = facts.bytes(table.span(id))
      var word: String { String(decoding: text, as: UTF8.self) }
      let place = FindingPlace.source(table.span(id))
      switch table[id] {
      case .symbol:
        guard let value = Self.oldValue(text) else { return nil }
        return finding(
          "GNU ld up to 2.40 reads '\(word)' as the number \(hexadecimal(value)), not as the symbol",
          at: place, subject: word)
      case .integer(let value):
        if let first = text.first, Self.isLetter(first), facts.assigns(word) {
          return finding(
            "GNU ld reads '\(word)' as the number \(hexadecimal(value)), not as the symbol",
            at: place, subject: word)
        }
        guard Self.isCutOctal(text) else { return nil }
        return finding(
          "'\(word)' is octal and ends at the first 8 or 9: it is \(hexadecimal(value))", at: place,
          subject: word)
      default: return nil
      }
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20)
  }

  private static func digit(_ byte: UInt8) -> UInt64? {
    switch byte {
    case 0x30...0x39: UInt64(byte) - 0x30
    case 0x41...0x46, 0x61...0x66: UInt64(byte | 0x20) - 0x57
    default: nil
    }
  }

  /// What ld up to 2.40 makes of a name of hexadecimal digits that ends in a letter of a base.
  static func oldValue(_ text: [UInt8]) -> UInt64? {
    guard text.count > 1, let last = text.last, text.dropLast().allSatisfy({ digit($0) != nil })
    else { return nil }
    let base: UInt64
    switch last | 0x20 {
    case UInt8(ascii: "b"): base = 2
    case UInt8(ascii: "d"): base = 10
    case UInt8(ascii: "o"): base = 8
    default: return nil
    }
    var value: UInt64 = 0
    for byte in text.dropLast() {
      guard let digit = digit(byte), digit < base else { break }
      value = value &* base &+ digit
    }
    return value
  }

  private static func isCutOctal(_ text: [UInt8]) -> Bool {
    guard text.count > 1, text[0] == UInt8(ascii: "0"),
      text.allSatisfy({ (0x30...0x39).contains($0) })
    else { return false }
    return text.contains { $0 >= UInt8(ascii: "8") }
  }
}
