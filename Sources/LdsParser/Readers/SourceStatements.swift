// The statements of an lld map: pieces of the script's own text, parsed together as one script in lld's
// dialect. Each piece keeps its place in the map.

/// Collects statements printed as source text and parses them.
struct SourceStatements {
  private struct Piece {
    /// Index in ``Image/statements`` of the place that is kept for it.
    var slot: Int
    var text: ByteRange
    var offset: Int
    var locationCounter: UInt64
    var advance: UInt64
    var data: DataWidth?
    /// Where it starts in the collected text.
    var start = 0
  }

  private static let mostRuns = 1 << 18

  private var pieces: [Piece] = []

  /// Whether the text of a row is a statement and not a section or `file:(section)`.
  static func looksLikeStatement(_ reader: ByteReader, _ row: ColumnMapRow) -> Bool {
    if row.level == .inside, dataWidth(reader, row.text) != nil { return true }
    for word: StaticString in ["PROVIDE(", "HIDDEN(", "PROVIDE_HIDDEN("]
    where reader.hasPrefix(word, at: row.text.start, end: row.text.end) {
      return true
    }
    guard let equals = assignmentSign(reader, row.text) else { return false }
    if row.level == .out { return true }
    // A file name may hold `=`, but in `file:(section)` it is no operator between blanks.
    return reader.firstRange(of: ":(", from: row.text.start, to: row.text.end) == nil
      || reader[equals - 1] == Byte.blank || equals + 1 == row.text.end
      || reader[equals + 1] == Byte.blank
  }

  /// Where `=` stands after a name and perhaps an operator.
  private static func assignmentSign(_ reader: ByteReader, _ text: ByteRange) -> Int? {
    guard
      let equals = reader.firstIndex(of: UInt8(ascii: "="), from: text.start, to: text.end),
      equals > text.start
    else { return nil }
    return equals
  }

  private static func dataWidth(_ reader: ByteReader, _ text: ByteRange) -> DataWidth? {
    guard reader[text.end - 1] == UInt8(ascii: ")"),
      let bracket = reader.firstIndex(of: UInt8(ascii: "("), from: text.start, to: text.end),
      bracket - text.start <= 6
    else { return nil }
    return DataWidth(
      rawValue: String(
        decoding: reader.copy(text.start, reader.trimEnd(text.start, bracket)), as: UTF8.self))
  }

  /// Keeps a place for the statement of `row` among those of `image`.
  mutating func add(_ row: ColumnMapRow, at offset: Int, image: inout Image) {
    var piece = Piece(
      slot: image.statements.count, text: row.text, offset: offset, locationCounter: row.vma,
      advance: row.size)
    piece.data = Self.dataWidth(image.symbols.names.reader, row.text)
    pieces.append(piece)
    image.statements.append(
      MapStatement(
        .fill(address: row.vma, size: row.size), offset: UInt32(truncatingIfNeeded: offset)))
  }

  /// Parses what was collected; what is no statement counts as an unknown line.
  mutating func parse(
    into image: inout Image, map: SourceID, reader: ByteReader, unknown: inout UnknownLines
  ) {
    if pieces.isEmpty { return }
    let (text, origins) = collect(map: map, reader: reader)
    let buffer = SourceBuffer(path: image.path, bytes: text)
    let main = image.sources.add(buffer, origins: origins)
    let script = ScriptParser.parse(
      main, in: image.sources, options: ScriptParser.Options(dialect: .lld))
    image.sources = script.sources
    image.names = script.names
    image.expressions = script.expressions
    var kinds = [MapStatement.Kind?](repeating: nil, count: pieces.count)
    for statement in script.statements {
      guard case .assignment(let assignment) = statement.kind,
        let index = piece(at: Int(statement.span.start))
      else { continue }
      kinds[index] = kind(pieces[index], assignment)
    }
    place(kinds, into: &image, reader: reader, unknown: &unknown)
  }

  private func kind(_ piece: Piece, _ assignment: Assignment) -> MapStatement.Kind {
    if let width = piece.data {
      return .data(
        width, address: piece.locationCounter, value: nil, expression: assignment.value)
    }
    return .assignment(assignment, .none)
  }

  /// Puts the parsed statements into the places kept for them and closes those that stay empty.
  private func place(
    _ kinds: [MapStatement.Kind?], into image: inout Image, reader: ByteReader,
    unknown: inout UnknownLines
  ) {
    var empty: Set<Int> = []
    for (piece, kind) in zip(pieces, kinds) {
      if let kind {
        image.statements[piece.slot] = MapStatement(
          kind, offset: UInt32(truncatingIfNeeded: piece.offset),
          locationCounter: piece.locationCounter, advance: piece.advance)
      } else {
        empty.insert(piece.slot)
        unknown.add(piece.offset, reader.lineEnd(piece.offset))
      }
    }
    if empty.isEmpty { return }
    image.statements = image.statements.enumerated().filter { !empty.contains($0.offset) }
      .map(\.element)
  }

  /// One statement a line; `BYTE(e)` goes in as the assignment of `e` to a name nobody sees.
  private mutating func collect(map: SourceID, reader: ByteReader) -> ([UInt8], OriginTable) {
    var text: [UInt8] = []
    var runs: [OriginTable.Run] = []
    for index in pieces.indices {
      var range = pieces[index].text
      pieces[index].start = text.count
      if pieces[index].data != nil {
        text.append(contentsOf: "DATA = ".utf8)
        range.start =
          reader.firstIndex(of: UInt8(ascii: "("), from: range.start, to: range.end) ?? range.start
      }
      Self.addRuns(range, at: text.count, map: map, reader: reader, to: &runs)
      text.append(contentsOf: reader.copy(range.start, range.end))
      text.append(contentsOf: ";\n".utf8)
    }
    return (text, OriginTable(runs: runs))
  }

  /// One run for each word and one for each other byte, so that every token leads to its own place; for a
  /// map that is nothing but statements one run a statement must do.
  private static func addRuns(
    _ range: ByteRange, at offset: Int, map: SourceID, reader: ByteReader,
    to runs: inout [OriginTable.Run]
  ) {
    var position = range.start
    while position < range.end {
      var end = position + 1
      if runs.count > mostRuns {
        end = range.end
      } else if ScriptRecognizer.isNameByte(reader[position]) {
        while end < range.end, ScriptRecognizer.isNameByte(reader[end]) { end += 1 }
      }
      runs.append(
        OriginTable.Run(
          offset: UInt32(truncatingIfNeeded: offset + position - range.start),
          spelled: ByteRange(start: position, end: end).span(in: map), call: nil))
      position = end
    }
  }

  private func piece(at offset: Int) -> Int? {
    var low = 0
    var high = pieces.count
    while low < high {
      let middle = (low + high) / 2
      if pieces[middle].start <= offset { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? low - 1 : nil
  }
}
