// The statement part of a GNU ld map, line by line (ld-semantics 6.2 to 6.7); gold prints the same rows:
//
//   .text           0x0000000000401000       0x50
//    *(.text .text.*)
//    .text          0x0000000000401000       0x50 a/setup.o
//                   0x0000000000401040                f1
//                   0x0000000000402000                edata = ALIGN (0x1000)
//
// Most lines of a large map are rows of input sections and symbols at fixed columns. Those are taken by
// whole words; every line that is unusual in any way goes to the exact reading in GNUMapScanner+Lines.

/// Scans a stretch of the statement part.
struct GNUMapScanner {
  let reader: ByteReader
  let parts: ImageParts
  /// Digits of an address: 16 or 8.
  let digits: Int
  var tables = GNUMapTables()

  /// The line before was empty.
  var afterBlank = true
  /// The last output section's name stood alone; its columns may follow on the next line.
  var awaitsOutputColumns = false
  /// An input section's name that stood alone.
  var awaitedInput: ByteRange?
  /// Where input sections are not wanted: the line that has the columns of the last contents since the
  /// last statement, -1 for none.
  var contents = -1
  /// Nothing after this belongs to the statement part.
  var isFinished = false

  /// ` *fill* ` as a word.
  private static let fillWord: UInt64 = 0x202a_6c6c_6966_2a20

  init(reader: ByteReader, parts: ImageParts, digits: Int) {
    self.reader = reader
    self.parts = parts
    self.digits = digits
  }

  /// Scans the lines that start in `start..<stop`; returns where the next one starts, which is past
  /// `stop` only if the last statement ran over several lines.
  mutating func scan(from start: Int, to stop: Int) -> Int {
    var position = start
    let skipsInputs = !parts.contains(.inputSections)
    let isWide = digits == 16
    while position < stop {
      let end = reader.lineEnd(position)
      tables.lines.note(lineAt: position)
      if end == position {
        afterBlank = true
        awaitsOutputColumns = false
        position = end &+ 1
        continue
      }
      if isWide, takeSymbol(position, end) || (skipsInputs && skipInput(position, end)) {
        afterBlank = false
        position = end &+ 1
        continue
      }
      position = readLine(position, end)
      if isFinished { break }
    }
    tables.lastContents = takeContents()
    return isFinished ? reader.count : position
  }

  /// Adds a row of the statement part behind the contents before it.
  mutating func add(_ row: GNUMapRow) {
    if !row.isContents, let contents = takeContents() { tables.rows.append(contents) }
    contents = -1
    tables.rows.append(row)
  }

  /// Forgets the last contents; where they are, exactly read.
  private mutating func takeContents() -> GNUMapRow? {
    guard contents >= 0, parts.contains(.statements) else { return nil }
    let start = contents
    contents = -1
    let end = reader.lineEnd(start)
    guard reader[start + Self.nameColumns - 1] == Byte.blank,
      let (address, next) = reader.prefixedHex(start + Self.nameColumns, end),
      let (size, _) = reader.prefixedHex(reader.skipBlanks(next, end), end)
    else {
      tables.hasDoubtfulContents = true
      return nil
    }
    return GNUMapRow(kind: .contents(address: address, size: size), offset: start)
  }

  /// Takes `16 blanks, 0x, 16 digits, 16 blanks, name`; false if the line is anything else.
  @inline(__always)
  private mutating func takeSymbol(_ start: Int, _ end: Int) -> Bool {
    guard end &- start > 50, reader.word64(start) == Byte.blanks8,
      reader.word64(start &+ 8) == Byte.blanks8, reader.word64(start &+ 34) == Byte.blanks8,
      reader.word64(start &+ 42) == Byte.blanks8, reader.word16(start &+ 16) == Byte.hexPrefix,
      let value = reader.hex16(start &+ 18)
    else { return false }
    let name = start &+ 50
    let first = reader[name]
    // An assignment, PROVIDE or ASSERT stands in the same column; all but the last hold a `=`.
    if first == Byte.blank { return false }
    if first == UInt8(ascii: "A"), reader.hasPrefix("ASSERT (", at: name, end: end) { return false }
    if reader.firstIndex(of: UInt8(ascii: "="), from: name, to: end) != nil { return false }
    takeAwaitedPattern()
    addSymbol(ByteRange(start: name, end: reader.withoutReturn(name, end)), value: value)
    awaitsOutputColumns = false
    return true
  }

  /// Passes over what is certainly a row of an input section, or the name of one whose row follows.
  @inline(__always)
  private mutating func skipInput(_ start: Int, _ end: Int) -> Bool {
    guard end &- start > 18, reader[start] == Byte.blank, !awaitsOutputColumns else { return false }
    let second = reader[start &+ 1]
    if second == Byte.blank {
      // `16 blanks, 0x, digits, size, file`; the letters may begin BYTE, SHORT, LONG, QUAD, SQUAD.
      guard end &- start > 46, reader.word64(start) == Byte.blanks8,
        reader.word64(start &+ 8) == Byte.blanks8, reader.word16(start &+ 16) == Byte.hexPrefix,
        reader[start &+ 34] == Byte.blank, reader[start &+ 44] != Byte.blank,
        reader[start &+ 45] == Byte.blank
      else { return false }
      switch reader[start &+ 46] {
      case Byte.blank, UInt8(ascii: "B"), UInt8(ascii: "S"), UInt8(ascii: "L"), UInt8(ascii: "Q"):
        return false
      default:
        if awaitedInput != nil { contents = start }
        awaitedInput = nil
        return true
      }
    }
    if second == UInt8(ascii: "*") {
      guard reader.word64(start) == Self.fillWord, reader.word16(start &+ 16) == Byte.hexPrefix
      else { return false }
      contents = start
      return true
    }
    if reader.word16(start &+ 16) == Byte.hexPrefix, reader[start &+ 15] == Byte.blank {
      guard end &- start > 46, reader[start &+ 34] == Byte.blank,
        reader[start &+ 45] == Byte.blank, reader[start &+ 46] != Byte.blank
      else { return false }
      noteThreadLocalName(start &+ 1, end)
      contents = start
      return true
    }
    guard startsWithColumns(end &+ 1) else { return false }
    noteThreadLocalName(start &+ 1, end)
    awaitedInput = ByteRange(start: start &+ 1, end: end)
    return true
  }

  /// Names of thread-local zeros tell more of a section than that it has contents.
  @inline(__always)
  private mutating func noteThreadLocalName(_ start: Int, _ end: Int) {
    guard reader[start] == UInt8(ascii: "."), reader[start &+ 1] == UInt8(ascii: "t"),
      reader.hasPrefix(".tbss", at: start, end: end)
        || reader.hasPrefix(".tcommon", at: start, end: end)
    else { return }
    tables.hasDoubtfulContents = true
  }

  /// Whether a line at `start` begins with 16 blanks and `0x`.
  @inline(__always)
  func startsWithColumns(_ start: Int) -> Bool {
    start <= reader.count &- 18 && reader.word64(start) == Byte.blanks8
      && reader.word64(start &+ 8) == Byte.blanks8
      && reader.word16(start &+ 16) == Byte.hexPrefix
  }

  @inline(__always)
  mutating func addSymbol(_ name: ByteRange, value: UInt64) {
    guard parts.contains(.symbols) else { return }
    tables.symbols.append(
      SymbolRecord(
        nameStart: UInt32(truncatingIfNeeded: name.start),
        nameLength: UInt32(truncatingIfNeeded: name.count), value: value,
        place: .section(tables.outputSections.count &- 1), binding: .global))
  }
}
