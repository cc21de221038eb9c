// Where the lines of a text start.

/// The lines of one text: offset to line and back.
struct LineTable: Sendable {
  /// The offset of each line, the first being 0.
  private let starts: [UInt32]

  /// The lines of all that `reader` holds.
  init(_ reader: ByteReader) {
    var starts: [UInt32] = [0]
    var position = 0
    while let newline = reader.firstIndex(of: 0x0A, from: position, to: reader.count) {
      position = newline + 1
      starts.append(UInt32(truncatingIfNeeded: position))
    }
    self.starts = starts
  }

  /// How many lines there are.
  var count: Int { starts.count }

  /// The 1-based line that `offset` stands on.
  func line(at offset: Int) -> Int {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(starts[middle]) <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// The offset at which a 1-based line starts, which must be one of the table's.
  func start(of line: Int) -> Int { Int(starts[line - 1]) }
}
