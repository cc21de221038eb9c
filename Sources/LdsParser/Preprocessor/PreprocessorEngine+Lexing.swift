// Bytes to preprocessing tokens: comments, spliced lines, quotes, and the places where the rules for
// assembler text differ from those for C.

extension PreprocessorEngine {
  /// The next token of the input, without regard to directives and macros.
  mutating func lexToken() -> MacroToken {
    while true {
      guard let flags = skipBlanks() else {
        let end = endToken()
        if inDirective || parsingArguments != 0 || inputStack.isEmpty || isStopped { return end }
        leaveInput()
        continue
      }
      let token = scanToken(flags)
      input.lastEnd = Int(token.end)
      return token
    }
  }

  /// An end token at the input's position.
  func endToken() -> MacroToken {
    MacroToken(kind: .end, source: input.source, start: input.position, end: input.position)
  }

  /// Skips blanks, comments and, outside directives, line ends. Nil at the end of the file, or of the
  /// directive's line.
  private mutating func skipBlanks() -> MacroToken.Flags? {
    let reader = input.reader
    let end = reader.count
    var flags: MacroToken.Flags = []
    let newLine: MacroToken.Flags = parsingArguments == 2 ? [.lineStart, .prevWhite] : .lineStart
    if input.atLineStart {
      flags = newLine
      input.atLineStart = false
    }
    var position = input.position
    while position < end {
      switch reader[position] {
      case 0x20, 0x09, 0x0B, 0x0C, 0:
        flags.insert(.prevWhite)
        position &+= 1
      case 0x0A:
        if inDirective {
          input.position = position
          return nil
        }
        position &+= 1
        input.lineStart = position
        flags = newLine
      case 0x0D where position &+ 1 < end && reader[position &+ 1] == 0x0A:
        position &+= 1
      case UInt8(ascii: "\\"):
        guard let next = Self.splice(reader, position) else {
          input.position = position
          return flags
        }
        position = next
        input.lineStart = next
      case UInt8(ascii: "/"):
        guard let next = skipComment(position) else {
          input.position = position
          return flags
        }
        position = next
        flags.insert(.prevWhite)
      default:
        input.position = position
        return flags
      }
    }
    input.position = end
    return nil
  }

  /// The position after a line splice at `position`, which holds a backslash.
  static func splice(_ reader: ByteReader, _ position: Int) -> Int? {
    var next = position &+ 1
    while next < reader.count {
      switch reader[next] {
      case 0x20, 0x09, 0x0B, 0x0C, 0x0D: next &+= 1
      case 0x0A: return next &+ 1
      default: return nil
      }
    }
    return nil
  }

  /// `position`, or the position after the splices that stand there.
  @inline(__always)
  static func afterSplices(_ reader: ByteReader, _ position: Int) -> Int {
    var position = position
    while position < reader.count, reader[position] == UInt8(ascii: "\\"),
      let next = splice(reader, position)
    {
      position = next
    }
    return position
  }

  /// The position after a comment that starts at `start`, or nil if none does. A line comment leaves its
  /// line end.
  mutating func skipComment(_ start: Int) -> Int? {
    let reader = input.reader
    let second = Self.afterSplices(reader, start &+ 1)
    guard second < reader.count else { return nil }
    if reader[second] == UInt8(ascii: "/") { return Self.lineEnd(reader, from: second) }
    guard reader[second] == UInt8(ascii: "*") else { return nil }
    var position = second &+ 1
    while position < reader.count {
      let byte = reader[position]
      if byte == 0x0A {
        input.lineStart = position &+ 1
      } else if byte == UInt8(ascii: "*") {
        let next = Self.afterSplices(reader, position &+ 1)
        if next < reader.count, reader[next] == UInt8(ascii: "/") { return next &+ 1 }
      }
      position &+= 1
    }
    error(
      "unterminated-comment", "the comment is not closed",
      at: span(start, min(start + 2, reader.count)))
    return reader.count
  }

  /// The position of the next line end that no backslash continues.
  static func lineEnd(_ reader: ByteReader, from start: Int) -> Int {
    var position = start
    while let newline = reader.firstIndex(of: 0x0A, from: position, to: reader.count) {
      var last = newline &- 1
      while last >= start, reader[last] == 0x0D || reader[last] == 0x20 || reader[last] == 0x09 {
        last &-= 1
      }
      if last < start || reader[last] != UInt8(ascii: "\\") { return newline }
      position = newline &+ 1
    }
    return reader.count
  }

  /// The bytes `start..<end` of the input as a span.
  func span(_ start: Int, _ end: Int) -> SourceSpan {
    SourceSpan(
      source: SourceID(index: UInt32(input.source)), start: UInt32(truncatingIfNeeded: start),
      end: UInt32(truncatingIfNeeded: end))
  }

  private mutating func scanToken(_ flags: MacroToken.Flags) -> MacroToken {
    let reader = input.reader
    let start = input.position
    let byte = reader[start]
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      if let literal = prefixedLiteral(start, flags) { return literal }
      return scanIdentifier(start, flags)
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      return scanNumber(start, flags)
    case UInt8(ascii: "."):
      let next = Self.afterSplices(reader, start &+ 1)
      if next < reader.count, Self.isDigit(reader[next]) { return scanNumber(start, flags) }
      return scanPunctuation(start, flags)
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      return scanQuoted(start, quote: start, flags)
    case UInt8(ascii: "<") where wantsHeaderName:
      return scanHeaderName(start, flags) ?? scanPunctuation(start, flags)
    case UInt8(ascii: "$") where !isAssembler:
      return scanIdentifier(start, flags)
    case 0x80...:
      return isAssembler ? scanForeign(start, flags) : scanIdentifier(start, flags)
    default:
      return scanPunctuation(start, flags)
    }
  }

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  /// Whether a byte goes on with an identifier.
  func isNameByte(_ byte: UInt8) -> Bool { words.isName(byte) }

  private mutating func scanIdentifier(_ start: Int, _ flags: MacroToken.Flags) -> MacroToken {
    let reader = input.reader
    // Asked of a value of its own: a build without optimization copies what it asks, once a byte.
    let words = words
    var position = start
    while position < reader.count, words.isName(reader[position]) { position &+= 1 }
    if position < reader.count, reader[position] == UInt8(ascii: "\\"),
      Self.splice(reader, position) != nil
    {
      return scanSpliced(.identifier, start, flags) { byte, _ in words.isName(byte) }
    }
    input.position = position
    var token = MacroToken(
      kind: .identifier, flags: flags, source: input.source, start: start, end: position)
    token.value = UInt32(truncatingIfNeeded: names.intern(reader, start, position))
    return token
  }

  private mutating func scanNumber(_ start: Int, _ flags: MacroToken.Flags) -> MacroToken {
    let reader = input.reader
    let words = words
    var position = start &+ 1
    while position < reader.count, words.isNumber(reader[position], after: reader[position &- 1]) {
      position &+= 1
    }
    if position < reader.count, reader[position] == UInt8(ascii: "\\"),
      Self.splice(reader, position) != nil
    {
      return scanSpliced(.number, start, flags) { byte, last in
        words.isNumber(byte, after: last)
      }
    }
    input.position = position
    return MacroToken(
      kind: .number, flags: flags, source: input.source, start: start, end: position)
  }

  /// A word with line splices inside: its text is made without them.
  private mutating func scanSpliced(
    _ kind: MacroToken.Kind, _ start: Int, _ flags: MacroToken.Flags,
    _ goesOn: (UInt8, UInt8) -> Bool
  ) -> MacroToken {
    let reader = input.reader
    var text: [UInt8] = [reader[start]]
    var position = Self.afterSplices(reader, start &+ 1)
    while position < reader.count, goesOn(reader[position], text[text.count - 1]) {
      text.append(reader[position])
      position = Self.afterSplices(reader, position &+ 1)
    }
    input.position = position
    var token = MacroToken(
      kind: kind, flags: flags, source: input.source, start: start, end: position)
    if kind == .identifier { token.value = UInt32(truncatingIfNeeded: names.intern(text)) }
    token.made = make(text)
    return token
  }

  /// `L"…"`, and in C `u8"…"` and its like: nil if the letters start no literal.
  private mutating func prefixedLiteral(_ start: Int, _ flags: MacroToken.Flags) -> MacroToken? {
    let reader = input.reader
    var quote = start &+ 1
    switch reader[start] {
    case UInt8(ascii: "L"): break
    case UInt8(ascii: "U") where !isAssembler: break
    case UInt8(ascii: "u") where !isAssembler:
      if quote < reader.count, reader[quote] == UInt8(ascii: "8") { quote &+= 1 }
    default: return nil
    }
    guard quote < reader.count else { return nil }
    let byte = reader[quote]
    guard
      byte == UInt8(ascii: "\"") || (byte == UInt8(ascii: "'") && quote == start &+ 1)
    else { return nil }
    return scanQuoted(start, quote: quote, flags)
  }

  /// A string or character constant. Without its closing quote the rest of the line is one token of no kind.
  private mutating func scanQuoted(_ start: Int, quote: Int, _ flags: MacroToken.Flags)
    -> MacroToken
  {
    let reader = input.reader
    let mark = reader[quote]
    var position = quote &+ 1
    var isClosed = false
    var isSpliced = false
    while position < reader.count {
      let byte = reader[position]
      if byte == mark {
        position &+= 1
        isClosed = true
        break
      }
      if byte == 0x0A { break }
      if byte == UInt8(ascii: "\\") {
        if let next = Self.splice(reader, position) {
          position = next
          isSpliced = true
          continue
        }
        let next = Self.afterSplices(reader, position &+ 1)
        isSpliced = isSpliced || next != position &+ 1
        if !wantsHeaderName, next < reader.count, reader[next] != 0x0A {
          position = next
        }
      }
      position &+= 1
    }
    if !isClosed, position > quote &+ 1, reader[position &- 1] == 0x0D { position &-= 1 }
    input.position = position
    let kind: MacroToken.Kind =
      !isClosed ? .other : mark == UInt8(ascii: "'") ? .character : .string
    var token = MacroToken(
      kind: kind, flags: flags, source: input.source, start: start, end: position)
    if isSpliced { token.made = make(Self.withoutSplices(reader, start, position)) }
    return token
  }

  /// The bytes of `start..<end` without line splices.
  static func withoutSplices(_ reader: ByteReader, _ start: Int, _ end: Int) -> [UInt8] {
    var text: [UInt8] = []
    var position = start
    while position < end {
      if reader[position] == UInt8(ascii: "\\"), let next = splice(reader, position) {
        position = next
      } else {
        text.append(reader[position])
        position &+= 1
      }
    }
    return text
  }

  private mutating func scanHeaderName(_ start: Int, _ flags: MacroToken.Flags) -> MacroToken? {
    let reader = input.reader
    let end = Self.lineEnd(reader, from: start)
    guard let close = reader.firstIndex(of: UInt8(ascii: ">"), from: start, to: end) else {
      return nil
    }
    input.position = close &+ 1
    return MacroToken(
      kind: .headerName, flags: flags, source: input.source, start: start, end: close &+ 1)
  }

  /// One character outside ASCII, whole if it is valid UTF-8.
  private mutating func scanForeign(_ start: Int, _ flags: MacroToken.Flags) -> MacroToken {
    let reader = input.reader
    var length = 1
    switch reader[start] {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF: length = 3
    case 0xF0...0xF4: length = 4
    default: break
    }
    for offset in 1..<max(length, 1) {
      let position = start &+ offset
      if position >= reader.count || reader[position] & 0xC0 != 0x80 {
        length = 1
        break
      }
    }
    input.position = start &+ length
    return MacroToken(
      kind: .other, flags: flags, source: input.source, start: start, end: start &+ length)
  }

  private mutating func scanPunctuation(_ start: Int, _ flags: MacroToken.Flags) -> MacroToken {
    let reader = input.reader
    let second = Self.afterSplices(reader, start &+ 1)
    let third = second < reader.count ? Self.afterSplices(reader, second &+ 1) : second
    func byte(_ position: Int) -> UInt8 { position < reader.count ? reader[position] : 0x0A }
    let (kind, length) = Punctuation.scan(
      reader[start], byte(second), byte(third), isAssembler: isAssembler)
    var end = start &+ 1
    if length >= 2 { end = second &+ 1 }
    if length >= 3 { end = third &+ 1 }
    if length == 4 {
      let fourth = Self.afterSplices(reader, end)
      guard byte(fourth) == UInt8(ascii: ":") else {
        input.position = second &+ 1
        return MacroToken(
          kind: .hash, flags: flags, source: input.source, start: start, end: second &+ 1)
      }
      end = fourth &+ 1
    }
    input.position = end
    var token = MacroToken(
      kind: kind, flags: flags, source: input.source, start: start, end: end)
    if end &- start != length { token.made = make(Self.withoutSplices(reader, start, end)) }
    return token
  }
}
