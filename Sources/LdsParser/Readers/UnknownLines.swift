// Lines that fit no known form are counted and the first few shown; they never stop a reader.

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
