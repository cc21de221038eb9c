// Numbers as the linkers spell them: `0x10`, `010`, `$ff`, `0ABh`, `64K` (ld-semantics 1.5).

extension Lexer {
  /// A number, keyword or name in an expression: the longest that matches, a number on equal length.
  mutating func lexExpressionWord(_ byte: UInt8, from start: Int) -> TokenKind? {
    let isDigit = isClass(byte, .decimal)
    let isName = isClass(byte, .expressionFirst)
    guard isDigit || isName else { return nil }
    if dialect == .lld { return lexLLDWord(from: start) }
    let nameEnd = isName ? end(of: .expressionNext, from: start) : start
    if isClass(byte, .hexadecimal), let (end, radix) = suffixedNumber(from: start),
      end >= nameEnd, end >= plainNumberEnd(from: start)
    {
      return integer(start, end, value: value(start, end, radix: radix))
    }
    if isDigit || byte == 0x24, let number = lexNumber(from: start, nameEnd: nameEnd) {
      return number
    }
    return isName ? word(start, nameEnd, in: .expression) : nil
  }

  /// `0x1f`, `$1f`, `017`, `31`, each with an optional K or M.
  ///
  /// Nil if the text is something else: a name such as `$f.x`, which ends at `nameEnd`, is longer than the
  /// number in it.
  mutating func lexNumber(from start: Int, nameEnd: Int) -> TokenKind? {
    let end = plainNumberEnd(from: start)
    guard end > start, end >= nameEnd else { return nil }
    let suffix = reader[end &- 1] | 0x20
    let digitsEnd = suffix == 0x6B || suffix == 0x6D ? end &- 1 : end
    var number: UInt64
    if reader[start] == 0x24 {
      number = value(start &+ 1, digitsEnd, radix: 16)
    } else if reader[start] == 0x30, digitsEnd > start &+ 1 {
      let isHex = reader[start &+ 1] | 0x20 == 0x78
      number = value(start &+ (isHex ? 2 : 0), digitsEnd, radix: isHex ? 16 : 8)
    } else {
      number = value(start, digitsEnd, radix: 10)
    }
    if digitsEnd < end { number = number &* (suffix == 0x6B ? 1 << 10 : 1 << 20) }
    return integer(start, end, value: number)
  }

  private mutating func integer(_ start: Int, _ end: Int, value: UInt64) -> TokenKind {
    position = end
    lastToken = Token(kind: .integer, start: start, end: end, value: value)
    return .integer
  }

  /// Offset after a number without a radix letter; `start` itself if there is none.
  private func plainNumberEnd(from start: Int) -> Int {
    var end = start
    if reader[start] == 0x24 {
      end = self.end(of: .hexadecimal, from: start &+ 1)
      if end == start &+ 1 { return start }
    } else {
      end = self.end(of: .decimal, from: start)
      if end == start &+ 1, reader[start] == 0x30, end < reader.count, reader[end] | 0x20 == 0x78 {
        let hexEnd = self.end(of: .hexadecimal, from: end &+ 1)
        if hexEnd > end &+ 1 { end = hexEnd }
      }
    }
    guard end > start, end < reader.count else { return end }
    let suffix = reader[end] | 0x20
    return suffix == 0x6B || suffix == 0x6D ? end &+ 1 : end
  }

  /// `ABh`, `17o`, `101b`, `10d`: where it ends and its radix.
  ///
  /// Up to 2.40 any hexadecimal digits may stand before the letter, which makes numbers of words such as
  /// `add` and `feed`; later linkers want digits of the radix before B, O and D.
  private func suffixedNumber(from start: Int) -> (end: Int, radix: UInt64)? {
    let run = end(of: .hexadecimal, from: start)
    let anyDigits = dialect.follows(.anyDigitsBeforeBase)
    if run < reader.count {
      let letter = reader[run] | 0x20
      if letter == 0x68 || letter == 0x78 { return (run &+ 1, 16) }
      if letter == 0x6F, anyDigits || digits(below: 8, from: start) == run {
        return (run &+ 1, 8)
      }
    }
    var last = run &- 1
    while last > start {
      let letter = reader[last] | 0x20
      if letter == 0x62, anyDigits || digits(below: 2, from: start) == last {
        return (last &+ 1, 2)
      }
      if letter == 0x64, anyDigits || digits(below: 10, from: start) == last {
        return (last &+ 1, 10)
      }
      last &-= 1
    }
    return nil
  }

  private func digits(below limit: UInt8, from start: Int) -> Int {
    var end = start
    while end < reader.count, reader[end] &- 0x30 < limit { end &+= 1 }
    return end
  }

  /// The number in `start..<end`, up to the first byte that is no digit of `radix`; too large saturates.
  func value(_ start: Int, _ end: Int, radix: UInt64) -> UInt64 {
    exactValue(start, end, radix: radix) ?? .max
  }

  /// The same; nil if it is too large.
  private func exactValue(_ start: Int, _ end: Int, radix: UInt64) -> UInt64? {
    var result: UInt64 = 0
    for offset in start..<end {
      let byte = reader[offset]
      let digit: UInt8 = byte &- 0x30 < 10 ? byte &- 0x30 : (byte | 0x20) &- 0x61 &+ 10
      if digit >= radix { break }
      let (product, overflow) = result.multipliedReportingOverflow(by: radix)
      let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
      if overflow || carry { return nil }
      result = sum
    }
    return result
  }

  /// lld cuts a whole word first and then asks whether it is a number; it has no octal and no `$ff`.
  private mutating func lexLLDWord(from start: Int) -> TokenKind? {
    let end = end(of: .expressionNext, from: start)
    let count = end &- start
    let last = reader[end &- 1] | 0x20
    if !isClass(reader[start], .decimal) {
      // `ABh` is a number to lld as well; a word of other letters is a name.
      guard last == 0x68, count > 1, self.end(of: .hexadecimal, from: start) == end &- 1 else {
        return word(start, end, in: .expression)
      }
    }
    var first = start
    var digitsEnd = end
    var radix: UInt64 = 10
    var scale: UInt64 = 1
    if count > 2, reader[start] == 0x30, reader[start &+ 1] | 0x20 == 0x78 {
      (first, radix) = (start &+ 2, 16)
    } else if last == 0x68 {
      (digitsEnd, radix) = (end &- 1, 16)
    } else if last == 0x6B || last == 0x6D {
      (digitsEnd, scale) = (end &- 1, last == 0x6B ? 1 << 10 : 1 << 20)
    }
    let allowed: CharacterClass = radix == 16 ? .hexadecimal : .decimal
    let number = exactValue(first, digitsEnd, radix: radix)
    let (scaled, overflow) = (number ?? .max).multipliedReportingOverflow(by: scale)
    let isWhole = digitsEnd > first && self.end(of: allowed, from: first) >= digitsEnd
    if !isWhole || overflow || number == nil {
      report(.malformedNumber, in: .expression, from: start, to: end)
    }
    return integer(start, end, value: scaled)
  }
}
