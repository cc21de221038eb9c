// What a map shows of its own damage: lines in no form that a linker writes, since the blanks that tell rows
// apart were lost on the way, an ASSERT that cannot be read, or nothing at all.
//
//   0x0000000000401040                f1                 once this stood behind 16 blanks

extension Image {
  /// Of so many lines that are not empty, one in no known form means that the others are not to be trusted.
  private static let linesPerUnknown = 4

  /// Notes why nothing can be judged by a map.
  ///
  /// A reader goes on past lines it does not know, but each may have been an ASSERT, a symbol or a section.
  ///
  /// - Parameters:
  ///   - unknown: The lines in no known form.
  ///   - start: Where the rows of the map begin.
  mutating func noteDamage(
    _ unknown: UnknownLines, from start: Int, in source: SourceID, _ reader: ByteReader
  ) {
    let message: String
    let place: Int
    if let assertion = unknown.firstAssertion {
      place = assertion
      message =
        "line \(line(of: assertion, in: source)) of the map holds an ASSERT that cannot be read; what the map does "
        + "not show any more may be wrong"
    } else if let first = unknown.first.first, isMostlyUnknown(unknown.count, reader, from: start) {
      place = first.start
      message =
        "\(unknown.count) lines of the map, the first of them line \(line(of: place, in: source)), are in no form that a "
        + "linker writes: its blanks were lost, as in text that was copied from a log or a ticket"
    } else if outputSections.allSatisfy({ $0.vma == nil }), symbols.records.isEmpty {
      place = reader.count
      message = "the map lists no section and no symbol"
    } else {
      return
    }
    diagnostics.append(
      Diagnostic(
        id: "damaged-map", severity: .warning,
        message: message + "; nothing is judged by it: give the file as the linker wrote it",
        span: ByteRange(start: place, end: place).span(in: source)))
  }

  private func line(of place: Int, in source: SourceID) -> Int {
    sources.position(of: ByteRange(start: place, end: place).span(in: source)).line
  }

  /// Whether `count` lines are more than a stray few.
  private func isMostlyUnknown(_ count: Int, _ reader: ByteReader, from start: Int) -> Bool {
    guard count > 0 else { return false }
    var lines = 0
    var position = start
    while position < reader.count {
      let lineEnd = reader.lineEnd(position)
      if reader.withoutReturn(position, lineEnd) > position { lines += 1 }
      if lines > count * Self.linesPerUnknown { return false }
      position = lineEnd + 1
    }
    return true
  }
}

/// Counts the unknown lines of one input and keeps the first.
struct UnknownLines: Sendable {
  /// Lines that are shown one by one; the rest is only counted.
  private static let shown = 5

  private(set) var count = 0
  private(set) var first: [ByteRange] = []
  /// Where the first one starts that holds an ASSERT as GNU ld prints it.
  private(set) var firstAssertion: Int?

  mutating func add(_ start: Int, _ end: Int) {
    count += 1
    if first.count < Self.shown { first.append(ByteRange(start: start, end: end)) }
  }

  /// Adds a line of a map that lists ASSERTs.
  mutating func add(_ start: Int, _ end: Int, of reader: ByteReader) {
    add(start, end)
    if firstAssertion == nil, reader.firstRange(of: "ASSERT (", from: start, to: end) != nil {
      firstAssertion = start
    }
  }

  mutating func append(_ later: UnknownLines) {
    count += later.count
    first.append(contentsOf: later.first.prefix(Self.shown - first.count))
    firstAssertion = firstAssertion ?? later.firstAssertion
  }
}

extension Image {
  /// Records `lines` of `what` and says where the first of them stand.
  mutating func note(_ lines: UnknownLines, in source: SourceID, of what: String) {
    unknownLineCount += lines.count
    for line in lines.first {
      let span = SourceSpan(
        source: source, start: UInt32(truncatingIfNeeded: line.start),
        end: UInt32(truncatingIfNeeded: line.end))
      diagnostics.append(
        Diagnostic(
          id: "unknown-line", severity: .note, message: "not a line of \(what) in any known form",
          span: span))
    }
  }
}
