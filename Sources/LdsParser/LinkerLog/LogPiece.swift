// Small pieces that every line of a log may have: blanks, numbers, paths.

/// Recognisers of pieces of lines; each takes what it knows from the front and leaves the rest.
enum LogPiece {
  /// Whether `text` begins as a path does: `/usr/bin`, `./ld`, `C:\tools`.
  static func isPath(_ text: ArraySlice<UInt8>) -> Bool {
    text.starts(with: [UInt8(ascii: "/")]) || text.starts(with: Array("./".utf8))
      || text.starts(with: Array("../".utf8)) || isDrivePath(text)
  }

  /// Whether `text` begins with a drive, as `C:\` or `C:/`.
  static func isDrivePath(_ text: ArraySlice<UInt8>) -> Bool {
    let start = text.startIndex
    guard text.count > 2, text[start + 1] == UInt8(ascii: ":") else { return false }
    let isLetter =
      (text[start] | 0x20) >= UInt8(ascii: "a") && (text[start] | 0x20) <= UInt8(ascii: "z")
    return isLetter
      && (text[start + 2] == UInt8(ascii: "/") || text[start + 2] == UInt8(ascii: "\\"))
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  static func isHexDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "f")
  }

  /// A letter, a digit or one of `_ . -`, as in names of jobs and containers.
  static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
      || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// Takes `word` from the front; false if it does not stand there.
  static func take(_ word: StaticString, _ text: inout ArraySlice<UInt8>) -> Bool {
    let count = word.utf8CodeUnitCount
    guard text.count >= count, text.prefix(count).elementsEqual(word.description.utf8) else {
      return false
    }
    text = text.dropFirst(count)
    return true
  }

  /// Takes between `least` and `most` digits; nil if there are fewer or more.
  static func takeDigits(
    _ text: inout ArraySlice<UInt8>, _ least: Int, _ most: Int
  ) -> ArraySlice<UInt8>? {
    let digits = text.prefix(while: isDigit)
    guard digits.count >= least, digits.count <= most else { return nil }
    text = text.dropFirst(digits.count)
    return digits
  }

  /// Takes a line number.
  static func takeNumber(_ text: inout ArraySlice<UInt8>) -> Int? {
    takeDigits(&text, 1, 9).map { $0.reduce(0) { $0 * 10 + Int($1 - 0x30) } }
  }

  /// Takes all bytes in front that are `wanted`.
  static func skip(_ text: inout ArraySlice<UInt8>, _ wanted: (UInt8) -> Bool) {
    text = text.drop(while: wanted)
  }

  /// Where `part` stands first in `text`.
  static func find(_ part: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
    guard let first = part.first, part.count <= text.count else { return nil }
    var from = text.startIndex
    let last = text.endIndex - part.count
    while from <= last, let hit = text[from...last].firstIndex(of: first) {
      if text[hit...].starts(with: part) { return hit }
      from = hit + 1
    }
    return nil
  }
}
