// GNU ld and gold maps as a whole: header, statement part, expressions.

/// Reads GNU ld `-Map` files, and gold's, which have the same rows.
enum GNUMapReader {
  static func read(
    _ buffer: SourceBuffer, isGold: Bool, parts: ImageParts
  ) throws(ReadError) -> Image {
    let reader = buffer.reader
    var header = GNUMapHeader(reader: reader, parts: parts)
    header.read(isGold: isGold)
    guard let start = header.statements else {
      throw ReadError(
        id: "truncated-map", message: "the map ends before its memory map begins",
        offset: reader.count)
    }
    let digits = header.digits != 0 ? header.digits : addressDigits(reader, from: start)
    let tables = GNUMapStretches(buffer: buffer, parts: parts, digits: digits).scan(from: start)
    if tables.hasDoubtfulContents, !parts.contains(.inputSections) {
      return try read(buffer, isGold: isGold, parts: parts.union(.inputSections))
    }
    var image = Image(buffer: buffer, kind: isGold ? .goldMap : .gnuMap)
    var lines = header.lines
    lines.append(tables.lines)
    let source = image.sources.add(buffer, lines: lines)
    image.is32Bit = digits == 8
    if let format = tables.outputFormat {
      image.outputFormat = buffer.bytes(in: format)
      if reader.firstRange(of: "mips", from: format.lowerBound, to: format.upperBound) != nil {
        image.machine = ELF.machineMIPS
      }
    }
    image.regions = header.regions
    image.linker = isGold ? nil : .gnuMap(header, tables)
    let unknown = fill(&image, header: header, tables: tables, parts: parts, source: source)
    image.noteDamage(unknown, from: start, in: source, reader)
    if !isGold, !tables.hasOutputLine {
      image.diagnostics.append(
        Diagnostic(
          id: "truncated-map", severity: .warning,
          message: "the map has no OUTPUT line at its end; it may have been cut short",
          span: ByteRange(start: reader.count, end: reader.count).span(in: source)))
    }
    return image
  }

  /// Digits of the first address of the statement part.
  private static func addressDigits(_ reader: ByteReader, from start: Int) -> Int {
    guard let hit = reader.firstRange(of: " 0x", from: start, to: reader.count),
      let (_, next) = reader.prefixedHex(hit + 1, min(reader.count, hit + 32))
    else { return 16 }
    return next - hit - 3 == 8 ? 8 : 16
  }

  /// Fills the image; returns the lines in no known form.
  private static func fill(
    _ image: inout Image, header: GNUMapHeader, tables: consuming GNUMapTables, parts: ImageParts,
    source: SourceID
  ) -> UnknownLines {
    let reader = image.symbols.names.reader
    let discarded = header.discarded.count
    var rows = tables.rows
    if parts.contains(.statements), let last = tables.lastContents { rows.append(last) }
    image.symbols.records = tables.symbols
    image.outputSections = tables.outputSections
    image.markSymbolsBeforeSections()
    if image.kind == .goldMap { image.markOffsetsAsThreadLocal() }
    image.inputSections = discarded == 0 ? [] : header.discarded
    image.resizedInputs = tables.resizedInputs
    for (input, size) in tables.sizesBeforeRelaxing {
      image.sizesBeforeRelaxing[input + discarded] = size
    }
    if discarded == 0 {
      image.inputSections = tables.inputSections
    } else {
      image.inputSections.append(contentsOf: tables.inputSections)
    }
    var unknown = tables.unknown
    let parser = MapStatementParser(
      reader: reader, source: source, oddNames: OddNames.collect(rows, image, reader: reader))
    image.statements.reserveCapacity(rows.count)
    for row in rows {
      guard let kind = kind(of: row, parser, discarded: discarded, into: &image) else {
        unknown.add(row.offset, reader.lineEnd(row.offset), of: reader)
        continue
      }
      image.statements.append(MapStatement(kind, offset: UInt32(truncatingIfNeeded: row.offset)))
    }
    image.note(unknown, in: source, of: "a GNU ld map")
    return unknown
  }

  private static func kind(
    of row: GNUMapRow, _ parser: MapStatementParser, discarded: Int, into image: inout Image
  ) -> MapStatement.Kind? {
    switch row.kind {
    case .outputSection(let index): .outputSection(index)
    case .inputSection(let index): .inputSection(index + discarded)
    case .fill(let address, let size): .fill(address: address, size: size)
    case .contents(let address, let size): .contents(address: address, size: size)
    case .data(let width, let address, let value, let text):
      .data(
        width, address: address, value: value,
        expression: text.isEmpty ? nil : parser.expression(text, into: &image))
    case .expression(let value, let text): parser.statement(text, value, into: &image)
    case .pattern: .pattern
    }
  }
}

extension Image {
  /// A symbol row before the first output section, which no linker prints, belongs to none.
  fileprivate mutating func markSymbolsBeforeSections() {
    for row in symbols.records.indices {
      guard case .section(let index) = symbols.records[row].place else { continue }
      if index >= 0 { return }
      symbols.records[row].place = .unknownSection
    }
  }

  /// gold prints thread-local symbols with their offset: alone of all they lie outside their section.
  fileprivate mutating func markOffsetsAsThreadLocal() {
    for row in symbols.records.indices {
      guard case .section(let index) = symbols.records[row].place,
        !outputSections[index].spans(symbols.records[row].value)
      else { continue }
      symbols.records[row].isThreadLocal = true
    }
  }
}

extension OutputSectionRecord {
  /// Whether `address` lies in the section or at its end.
  func spans(_ address: UInt64) -> Bool {
    guard let vma else { return false }
    return address &- vma <= size
  }
}

/// Names in a map that cannot be told from operators by their letters: quoted in the script, printed bare.
enum OddNames {
  /// Names that are tried; a map with more of them has names nobody wrote.
  private static let most = 256

  /// Targets of assignments, output sections and regions with unusual characters, longest first.
  static func collect(_ rows: [GNUMapRow], _ image: Image, reader: ByteReader) -> [ByteRange] {
    var names: [ByteRange] = []
    for row in rows where names.count < most {
      guard case .expression(_, let text) = row.kind,
        let target = MapExpressionParser.target(reader, text), isOdd(reader, target)
      else { continue }
      names.append(target)
    }
    for section in image.outputSections where names.count < most {
      let start = Int(section.place)
      let range = ByteRange(start: start, end: start + section.name.count)
      if isOdd(reader, range) { names.append(range) }
    }
    return names.sorted { $0.count > $1.count }
  }

  private static func isOdd(_ reader: ByteReader, _ name: ByteRange) -> Bool {
    for position in name.start..<max(name.start, name.end) {
      switch reader[position] {
      case Byte.blank, UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "?"), UInt8(ascii: ":"),
        UInt8(ascii: ","):
        return true
      default: break
      }
    }
    return false
  }
}
