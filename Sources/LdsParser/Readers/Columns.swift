// What the rows of maps and symbol lists have in common: hex columns, blanks, words. All work on
// ranges of bytes that the caller keeps inside one line.

/// Bytes that the readers compare with.
enum Byte {
  static let blank = UInt8(ascii: " ")
  static let tab = UInt8(ascii: "\t")
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  /// Eight blanks as one word.
  static let blanks8: UInt64 = 0x2020_2020_2020_2020
  /// `0x` as a little-endian half word.
  static let hexPrefix: UInt16 = 0x7830
}

/// A range of bytes of one input.
struct ByteRange: Sendable, Equatable {
  var start: Int
  var end: Int

  var count: Int { end &- start }
  var isEmpty: Bool { end <= start }
}

extension ByteReader {
  /// End of the line that starts at `start`: the offset of its line feed, or the end of the input.
  @inline(__always)
  func lineEnd(_ start: Int) -> Int {
    firstIndex(of: Byte.lineFeed, from: start, to: count) ?? count
  }

  /// `end` without a carriage return before it.
  @inline(__always)
  func withoutReturn(_ start: Int, _ end: Int) -> Int {
    end > start && self[end &- 1] == Byte.carriageReturn ? end &- 1 : end
  }

  /// First offset in `start..<end` that is no blank or tab; `end` if all are.
  @inline(__always)
  func skipBlanks(_ start: Int, _ end: Int) -> Int {
    var position = start
    while position < end, self[position] == Byte.blank || self[position] == Byte.tab {
      position &+= 1
    }
    return position
  }

  /// First offset in `start..<end` that is a blank or tab; `end` if none is.
  @inline(__always)
  func skipWord(_ start: Int, _ end: Int) -> Int {
    var position = start
    while position < end, self[position] != Byte.blank, self[position] != Byte.tab {
      position &+= 1
    }
    return position
  }

  /// `end` moved back over blanks and tabs.
  func trimEnd(_ start: Int, _ end: Int) -> Int {
    var position = end
    while position > start, self[position &- 1] == Byte.blank || self[position &- 1] == Byte.tab {
      position &-= 1
    }
    return position
  }

  /// Start of the last word in `start..<end`.
  func lastWord(_ start: Int, _ end: Int) -> Int {
    var position = end
    while position > start, self[position &- 1] != Byte.blank { position &-= 1 }
    return position
  }

  /// Whether the bytes at `start` spell `text` and end not after `end`.
  func hasPrefix(_ text: StaticString, at start: Int, end: Int) -> Bool {
    let length = text.utf8CodeUnitCount
    guard start >= 0, end <= count, end &- start >= length else { return false }
    return text.withUTF8Buffer { bytes in
      for index in 0..<length where unsafe bytes[index] != self[start &+ index] { return false }
      return true
    }
  }

  /// Offset of the first `text` in `start..<end`.
  func firstRange(of text: StaticString, from start: Int, to end: Int) -> Int? {
    let length = text.utf8CodeUnitCount
    let first = text.withUTF8Buffer { unsafe $0.first } ?? 0
    var position = start
    while end &- position >= length,
      let hit = firstIndex(of: first, from: position, to: end &- length &+ 1)
    {
      if hasPrefix(text, at: hit, end: end) { return hit }
      position = hit &+ 1
    }
    return nil
  }

  /// The number in hex digits of either case at `start`, and the offset after it; nil without a digit or
  /// with more than 64 bits.
  func hexDigits(_ start: Int, _ end: Int) -> (value: UInt64, next: Int)? {
    var value: UInt64 = 0
    var position = start
    while position < end, let digit = Self.hexDigit(self[position]) {
      if value >> 60 != 0 { return nil }
      value = value << 4 | UInt64(digit)
      position &+= 1
    }
    return position > start ? (value, position) : nil
  }

  /// The number in `0x` and hex digits at `start`, and the offset after it.
  func prefixedHex(_ start: Int, _ end: Int) -> (value: UInt64, next: Int)? {
    guard end &- start > 2, word16(start) == Byte.hexPrefix else { return nil }
    return hexDigits(start &+ 2, end)
  }

  /// The number in decimal digits at `start`, and the offset after it.
  func decimalDigits(_ start: Int, _ end: Int) -> (value: UInt64, next: Int)? {
    var value: UInt64 = 0
    var position = start
    while position < end, case let digit = self[position] &- UInt8(ascii: "0"), digit < 10 {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
      if overflow || carry { return nil }
      value = sum
      position &+= 1
    }
    return position > start ? (value, position) : nil
  }

  /// The value of one hex digit.
  @inline(__always)
  static func hexDigit(_ byte: UInt8) -> UInt8? {
    let decimal = byte &- UInt8(ascii: "0")
    if decimal < 10 { return decimal }
    let letter = (byte | 0x20) &- UInt8(ascii: "a")
    return letter < 6 ? letter &+ 10 : nil
  }

  /// The number in exactly 8 lower-case hex digits at `start`, or nil if a byte is anything else.
  @inline(__always)
  func hex8(_ start: Int) -> UInt64? {
    let word = word64(start)
    // Classify every byte at once by what carries into its top bit; bytes above 0x7f would disturb their
    // neighbours and are no digits.
    if word & 0x8080_8080_8080_8080 != 0 { return nil }
    let atLeastZero = word &+ 0x5050_5050_5050_5050  // top bit set: at least '0'
    let aboveNine = word &+ 0x4646_4646_4646_4646  // top bit set: above '9'
    let atLeastA = word &+ 0x1F1F_1F1F_1F1F_1F1F  // top bit set: at least 'a'
    let aboveF = word &+ 0x1919_1919_1919_1919  // top bit set: above 'f'
    let valid = (atLeastZero & ~aboveNine) | (atLeastA & ~aboveF)
    if valid & 0x8080_8080_8080_8080 != 0x8080_8080_8080_8080 { return nil }
    let bytes = word.byteSwapped
    let digits =
      (bytes & 0x0F0F_0F0F_0F0F_0F0F) &+ ((bytes >> 6) & 0x0101_0101_0101_0101) &* 9
    let pairs = (digits | digits >> 4) & 0x00FF_00FF_00FF_00FF
    let quads = (pairs | pairs >> 8) & 0x0000_FFFF_0000_FFFF
    return (quads | quads >> 16) & 0xFFFF_FFFF
  }

  /// The number in exactly 16 lower-case hex digits at `start`.
  @inline(__always)
  func hex16(_ start: Int) -> UInt64? {
    guard let high = hex8(start), let low = hex8(start &+ 8) else { return nil }
    return high << 32 | low
  }
}
