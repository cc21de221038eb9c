// One row of an nm listing in each of nm's three forms (binutils manual, "nm"; ld-semantics 7.4).

/// The columns of a row; ``NMReader`` makes symbols of them.
struct NMRow: Equatable {
  var name: ByteRange
  /// Nil for a symbol without one: undefined, or weak and undefined.
  var value: UInt64?
  var size: UInt64
  var letter: UInt8
  /// Digits of the value column: 8 or 16, 0 where it is not padded.
  var width: Int

  // MARK: bsd

  /// `0000000000401040 T f1`, with `-S` a size before the letter, with `-A` `file:` before it all.
  static func bsd(_ reader: ByteReader, _ start: Int, _ end: Int) -> NMRow? {
    if let row = bareBSD(reader, start, end) { return row }
    var position = start
    while let colon = reader.firstIndex(of: UInt8(ascii: ":"), from: position, to: end) {
      if let row = bareBSD(reader, colon + 1, end) { return row }
      position = colon + 1
    }
    return nil
  }

  private static func bareBSD(_ reader: ByteReader, _ start: Int, _ end: Int) -> NMRow? {
    guard let (column, width) = paddedColumn(reader, start, end) else { return nil }
    var position = start + width + 1
    var size: UInt64 = 0
    if column != nil, let second = paddedColumn(reader, position, end), let bytes = second.value,
      second.width == width
    {
      size = bytes
      position += width + 1
    }
    guard end - position >= 2, isLetter(reader[position]), reader[position + 1] == Byte.blank else {
      return nil
    }
    let letter = reader[position]
    if column == nil, !isUndefined(letter) { return nil }
    let value = isUndefined(letter) ? nil : column
    let name = position + 2
    let nameEnd = reader.firstIndex(of: Byte.tab, from: name, to: end) ?? end
    return NMRow(
      name: ByteRange(start: name, end: nameEnd), value: value, size: size, letter: letter,
      width: width)
  }

  /// 16 or 8 digits and a blank, or as many blanks and one more.
  private static func paddedColumn(
    _ reader: ByteReader, _ start: Int, _ end: Int
  ) -> (value: UInt64?, width: Int)? {
    for width in [16, 8] where end - start > width && reader[start + width] == Byte.blank {
      if let (value, next) = reader.hexDigits(start, start + width), next == start + width {
        return (value, width)
      }
      if reader.skipBlanks(start, start + width) == start + width,
        start + width + 1 < end, reader[start + width + 1] != Byte.blank
      {
        return (nil, width)
      }
    }
    return nil
  }

  // MARK: posix

  /// `f1 T 401040 8`, `x A 1234 `, `g U         `; with `-A` `file: ` before it.
  static func posix(_ reader: ByteReader, _ start: Int, _ end: Int) -> NMRow? {
    var words: [ByteRange] = []
    var stop = reader.trimEnd(start, end)
    while stop > start, words.count < 3 {
      var first = stop
      while first > start, reader[first - 1] != Byte.blank { first -= 1 }
      words.append(ByteRange(start: first, end: stop))
      stop = reader.trimEnd(start, first)
    }
    for letterIndex in stride(from: words.count - 1, through: 0, by: -1) {
      let letter = words[letterIndex]
      let nameEnd = reader.trimEnd(start, letter.start)
      guard letter.count == 1, isLetter(reader[letter.start]), nameEnd > start else { continue }
      let numbers = words[..<letterIndex].reversed().map { hexWord(reader, $0) }
      if numbers.contains(where: { $0 == nil }) { continue }
      if letterIndex == 0, !isUndefined(reader[letter.start]) { continue }
      let name = ByteRange(start: afterFilePrefix(reader, start, nameEnd), end: nameEnd)
      return NMRow(
        name: name, value: letterIndex > 0 ? numbers[0] : nil,
        size: letterIndex > 1 ? numbers[1] ?? 0 : 0, letter: reader[letter.start], width: 0)
    }
    return nil
  }

  private static func hexWord(_ reader: ByteReader, _ word: ByteRange) -> UInt64? {
    guard let (value, next) = reader.hexDigits(word.start, word.end), next == word.end else {
      return nil
    }
    return value
  }

  private static func afterFilePrefix(_ reader: ByteReader, _ start: Int, _ end: Int) -> Int {
    guard let colon = reader.firstRange(of: ": ", from: start, to: end) else { return start }
    return colon + 2 < end ? colon + 2 : start
  }

  // MARK: sysv

  /// `f1    |0000000000401040|   T  |   FUNC|0000000000000008|     |.text`; a name may hold `|`, so
  /// the columns are counted from the end.
  static func sysV(_ reader: ByteReader, _ start: Int, _ end: Int) -> (NMRow, section: ByteRange)? {
    var bars: [Int] = []
    var position = end
    while position > start, bars.count < 6 {
      position -= 1
      if reader[position] == UInt8(ascii: "|") { bars.append(position) }
    }
    guard bars.count == 6 else { return nil }
    let value = trimmed(reader, bars[5] + 1, bars[4])
    let letter = trimmed(reader, bars[4] + 1, bars[3])
    let size = trimmed(reader, bars[2] + 1, bars[1])
    guard letter.count == 1, isLetter(reader[letter.start]) else { return nil }
    let number = value.isEmpty ? nil : hexWord(reader, value)
    if number == nil, !value.isEmpty { return nil }
    let row = NMRow(
      name: ByteRange(start: start, end: reader.trimEnd(start, bars[5])),
      value: isUndefined(reader[letter.start]) ? nil : number,
      size: size.isEmpty ? 0 : hexWord(reader, size) ?? 0, letter: reader[letter.start],
      width: bars[4] - bars[5] - 1)
    return (row, trimmed(reader, bars[0] + 1, end))
  }

  private static func trimmed(_ reader: ByteReader, _ start: Int, _ end: Int) -> ByteRange {
    let first = reader.skipBlanks(start, end)
    return ByteRange(start: first, end: reader.trimEnd(first, end))
  }

  // MARK: letters

  /// The letters of nm's manual, and `?`, `-`.
  static func isLetter(_ byte: UInt8) -> Bool {
    "AaBbCcDdeGgIiNnpRrSsTtUuVvWw?-".utf8.contains(byte)
  }

  /// `U`, and `w` or `v`: weak and undefined.
  static func isUndefined(_ letter: UInt8) -> Bool {
    letter == UInt8(ascii: "U") || letter == UInt8(ascii: "w") || letter == UInt8(ascii: "v")
  }
}
