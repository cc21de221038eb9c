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
