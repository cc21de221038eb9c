// The statement part of a map, cut into stretches that are scanned side by side where that pays.

struct GNUMapStretches: Sendable {
  let buffer: SourceBuffer
  let parts: ImageParts
  let digits: Int

  /// Bytes from which a second thread pays for itself, for each further one too.
  static let bytesPerThread = 4 << 20
  /// More threads than this wait for memory, not for the processor.
  static let mostThreads = 4

  /// Real maps have a symbol for every 200 to 1000 bytes.
  private static let bytesPerSymbol = 160

  /// The tables of everything from `start` on.
  func scan(from start: Int) -> GNUMapTables {
    scan(
      from: start,
      pieces: min(Workers.available, Self.mostThreads, (buffer.count - start) / Self.bytesPerThread)
    )
  }

  /// The tables of everything from `start` on, scanned in `pieces` stretches.
  func scan(from start: Int, pieces: Int) -> GNUMapTables {
    let cuts = cuts(from: start, pieces: pieces)
    let results = Workers.map(cuts.count - 1) { index in
      // The first stretch takes in the others; room that is not used costs no memory.
      stretch(
        from: cuts[index], to: cuts[index + 1],
        holding: (index == 0 ? buffer.count : cuts[index + 1]) - cuts[index])
    }
    // A statement that runs over a cut, or the end of the statement part before the last one, means that
    // a stretch did not begin where it seemed to.
    let isWhole = results.indices.dropLast().allSatisfy {
      results[$0].stop == cuts[$0 + 1] && !results[$0].tables.hasOutputLine
    }
    guard isWhole, var tables = results.first?.tables else {
      return stretch(from: start, to: buffer.count, holding: buffer.count - start).tables
    }
    for later in results.dropFirst() { tables.append(later.tables) }
    return tables
  }

  private func stretch(
    from start: Int, to stop: Int, holding bytes: Int
  ) -> (tables: GNUMapTables, stop: Int) {
    var scanner = GNUMapScanner(reader: buffer.reader, parts: parts, digits: digits)
    if parts.contains(.symbols) {
      scanner.tables.symbols.reserveCapacity(bytes / Self.bytesPerSymbol)
    }
    let next = scanner.scan(from: start, to: stop)
    return (scanner.tables, next)
  }

  /// Where stretches begin, and the end: only at rows that need nothing of the lines before them, which
  /// are those of input sections (` .text...`).
  private func cuts(from start: Int, pieces: Int) -> [Int] {
    let reader = buffer.reader
    var cuts = [start]
    for piece in 1..<max(1, pieces) {
      var position = start + (reader.count - start) / pieces * piece
      position = reader.lineEnd(max(position, cuts[cuts.count - 1])) + 1
      while position < reader.count - 2,
        reader[position] != Byte.blank || reader[position + 1] != UInt8(ascii: ".")
      {
        position = reader.lineEnd(position) + 1
      }
      if position < reader.count - 2 { cuts.append(position) }
    }
    return cuts + [reader.count]
  }
}
