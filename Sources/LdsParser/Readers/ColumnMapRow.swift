// One row of an lld or mold map (ld-semantics 7.1 and 7.2): columns, one blank, then a text whose
// indentation tells what it is.
//
//             VMA              LMA     Size Align Out     In      Symbol
//          401000           401000       50    16 .text
//          401000           401000       50    16         a/setup.o:(.text)
//          401040           401040        0     1                 f1

/// The columns of a row.
struct ColumnMapRow {
  /// Depth of the text.
  enum Level: Equatable {
    /// Output section, or a statement outside one.
    case out
    /// Input section, or a statement inside an output section.
    case inside
    /// Symbol.
    case symbol
  }

  var vma: UInt64
  var lma: UInt64?
  var size: UInt64
  var alignment: UInt64
  var level: Level
  /// The text without its indentation; empty for an ASSERT.
  var text: ByteRange

  /// The row `start..<end` of an lld map.
  static func lld(_ reader: ByteReader, _ start: Int, _ end: Int) -> ColumnMapRow? {
    guard let (vma, afterVMA) = reader.hexDigits(reader.skipBlanks(start, end), end),
      let (lma, afterLMA) = reader.hexDigits(reader.skipBlanks(afterVMA, end), end),
      let (size, afterSize) = reader.hexDigits(reader.skipBlanks(afterLMA, end), end),
      let (alignment, next) = reader.decimalDigits(reader.skipBlanks(afterSize, end), end)
    else { return nil }
    return ColumnMapRow(
      reader, vma: vma, lma: lma, size: size, alignment: alignment, from: next, to: end)
  }

  /// The row `start..<end` of a mold map: addresses with `0x` or a plain 0, sizes decimal.
  static func mold(_ reader: ByteReader, _ start: Int, _ end: Int) -> ColumnMapRow? {
    let column = reader.skipBlanks(start, end)
    guard let (vma, afterVMA) = reader.prefixedHex(column, end) ?? reader.hexDigits(column, end),
      let (size, afterSize) = reader.decimalDigits(reader.skipBlanks(afterVMA, end), end),
      let (alignment, next) = reader.decimalDigits(reader.skipBlanks(afterSize, end), end)
    else { return nil }
    return ColumnMapRow(
      reader, vma: vma, lma: nil, size: size, alignment: alignment, from: next, to: end)
  }

  private init?(
    _ reader: ByteReader, vma: UInt64, lma: UInt64?, size: UInt64, alignment: UInt64,
    from next: Int, to end: Int
  ) {
    guard next < end, reader[next] == Byte.blank else { return nil }
    let first = reader.skipBlanks(next, end)
    switch first - next - 1 {
    case 0..<8: level = .out
    case 8..<16: level = .inside
    default: level = .symbol
    }
    self.vma = vma
    self.lma = lma
    self.size = size
    self.alignment = alignment
    text = ByteRange(start: first, end: max(first, reader.trimEnd(first, end)))
  }
}
