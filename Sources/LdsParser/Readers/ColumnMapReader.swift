// lld and mold maps. lld prints the statements of the script as their source text, with the location counter
// (not the symbol's value) in the address column, so that text goes through the script parser.

/// Reads maps with lld's columns.
struct ColumnMapReader {
  private let reader: ByteReader
  private let parts: ImageParts
  private let isMold: Bool
  private var image: Image
  private var unknown = UnknownLines()
  private var lines = LineAnchors()
  private var statements = SourceStatements()
  /// Whether the rows of symbols are those of a common block of lld, `a.o:(COMMON)`: no such symbol is local.
  private var isInCommons = false

  static func read(
    _ buffer: SourceBuffer, isMold: Bool, parts: ImageParts
  ) throws(ReadError) -> Image {
    var map = ColumnMapReader(buffer, isMold: isMold, parts: parts)
    guard let digits = map.addressDigits else {
      throw ReadError(
        id: "damaged-map",
        message:
          "the map has lost its blanks, which tell sections from symbols, as text does that is copied "
          + "from a log or a ticket; give the file as the linker wrote it", offset: 0)
    }
    map.image.is32Bit = isMold ? nil : digits == 8
    map.image.linker = LinkerEvidence(
      isMold ? .mold : .lld, words: "the form of a map of \(isMold ? "mold" : "lld")")
    map.readRows()
    return map.finish(buffer)
  }

  private init(_ buffer: SourceBuffer, isMold: Bool, parts: ImageParts) {
    reader = buffer.reader
    self.isMold = isMold
    self.parts = parts
    image = Image(buffer: buffer, kind: isMold ? .moldMap : .lldMap)
  }

  private mutating func readRows() {
    var position = 0
    while position < reader.count {
      let lineEnd = reader.lineEnd(position)
      let end = reader.withoutReturn(position, lineEnd)
      lines.note(lineAt: position)
      if position == 0 {
        // The heads of the columns.
      } else if let row = row(position, end) {
        take(row, at: position)
      } else if reader.skipBlanks(position, end) < end {
        unknown.add(position, end)
      }
      position = lineEnd + 1
    }
  }

  /// The width of addresses by the heads of the columns, of which blanks at the start of the line may be gone; nil
  /// if those between them are.
  private var addressDigits: Int? {
    let end = reader.lineEnd(0)
    guard reader.firstRange(of: "Size Align Out     In      Symbol", from: 0, to: end) != nil else {
      return nil
    }
    if isMold { return 16 }
    let first = reader.skipWord(reader.skipBlanks(0, end), end)
    // A blank, and the second column as wide as the first.
    let width = reader.skipWord(reader.skipBlanks(first, end), end) - first - 1
    return width == 8 || width == 16 ? width : nil
  }

  private func row(_ start: Int, _ end: Int) -> ColumnMapRow? {
    isMold ? ColumnMapRow.mold(reader, start, end) : ColumnMapRow.lld(reader, start, end)
  }

  private mutating func take(_ row: ColumnMapRow, at offset: Int) {
    if row.text.isEmpty {
      // An ASSERT: lld prints its columns and no text.
      if isMold {
        unknown.add(offset, reader.lineEnd(offset))
      } else if parts.contains(.statements) {
        image.statements.append(
          MapStatement(
            .unnamedAssertion, offset: UInt32(truncatingIfNeeded: offset),
            locationCounter: row.vma))
      }
      return
    }
    if row.level == .symbol {
      addSymbol(row)
    } else if !isMold, SourceStatements.looksLikeStatement(reader, row) {
      if parts.contains(.statements) { statements.add(row, at: offset, image: &image) }
    } else if row.level == .out {
      addOutputSection(row, at: offset)
    } else if !addInput(row, at: offset) {
      unknown.add(offset, reader.lineEnd(offset))
    }
  }

  private mutating func addSymbol(_ row: ColumnMapRow) {
    guard parts.contains(.symbols) else { return }
    let section = image.outputSections.count - 1
    let isOutside = section >= 0 && !image.outputSections[section].spans(row.vma)
    image.symbols.records.append(
      SymbolRecord(
        nameStart: UInt32(truncatingIfNeeded: row.text.start),
        nameLength: UInt32(truncatingIfNeeded: row.text.count), value: row.vma,
        size: isMold ? 0 : row.size, place: section >= 0 ? .section(section) : .unknownSection,
        binding: isInCommons ? .global : nil, isThreadLocal: !isMold && isOutside))
  }

  private mutating func addOutputSection(_ row: ColumnMapRow, at offset: Int) {
    isInCommons = false
    image.outputSections.append(
      OutputSectionRecord(
        name: reader.copy(row.text.start, row.text.end), vma: row.vma, lma: row.lma,
        size: row.size, alignment: row.alignment, place: UInt32(truncatingIfNeeded: offset)))
    add(.outputSection(image.outputSections.count - 1), at: offset)
  }

  /// `file:(section)`.
  private mutating func addInput(_ row: ColumnMapRow, at offset: Int) -> Bool {
    guard reader[row.text.end - 1] == UInt8(ascii: ")"),
      let colon = reader.firstRange(of: ":(", from: row.text.start, to: row.text.end)
    else { return false }
    isInCommons =
      !isMold && reader.copy(colon + 2, row.text.end - 1).elementsEqual("COMMON".utf8)
    guard parts.contains(.inputSections) else { return true }
    image.inputSections.append(
      InputSectionRecord(
        name: ByteRange(start: colon + 2, end: row.text.end - 1),
        object: ByteRange(start: row.text.start, end: reader.trimEnd(row.text.start, colon)),
        address: row.vma, size: row.size, outputSection: image.outputSections.count - 1,
        alignment: UInt32(exactly: row.alignment) ?? 0))
    add(.inputSection(image.inputSections.count - 1), at: offset)
    return true
  }

  private mutating func add(_ kind: MapStatement.Kind, at offset: Int) {
    guard parts.contains(.statements) else { return }
    image.statements.append(MapStatement(kind, offset: UInt32(truncatingIfNeeded: offset)))
  }

  private mutating func finish(_ buffer: SourceBuffer) -> Image {
    let source = image.sources.add(buffer, lines: lines)
    statements.parse(into: &image, map: source, reader: reader, unknown: &unknown)
    image.note(unknown, in: source, of: isMold ? "a mold map" : "an lld map")
    image.noteDamage(unknown, from: 0, in: source, reader)
    return image
  }
}
