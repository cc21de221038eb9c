// Line numbers of a large input without a table of all its lines: a reader that walks over every line
// anyway drops an anchor now and then, and a place is found by counting from the nearest one.

/// Offsets at which known lines start.
public struct LineAnchors: Sendable {
  /// Lines between two anchors.
  private static let interval = 256

  private var offsets: [UInt32] = [0]
  private var numbers: [Int] = [0]
  private var count = 0

  /// Anchors for a text of which no line has been seen.
  public init() {}

  /// Counts the line that starts at `offset`; lines are told in order.
  @inline(__always)
  mutating func note(lineAt offset: Int) {
    if count & (Self.interval &- 1) == 0 { drop(at: offset) }
    count &+= 1
  }

  /// Counts the lines that start in `start..<end`, the first at `start`.
  mutating func note(from start: Int, to end: Int, in reader: ByteReader) {
    var position = start
    while position < end {
      note(lineAt: position)
      position = reader.lineEnd(position) &+ 1
    }
  }

  private mutating func drop(at offset: Int) {
    offsets.append(UInt32(truncatingIfNeeded: offset))
    numbers.append(count)
  }

  /// Adds the anchors of the lines that follow.
  mutating func append(_ later: LineAnchors) {
    offsets.append(contentsOf: later.offsets.dropFirst())
    numbers.append(contentsOf: later.numbers.dropFirst().map { $0 &+ count })
    count &+= later.count
  }

  /// The last anchor at or before 1-based `line`: where its line starts, and how many lines stand before it.
  func anchor(beforeLine line: Int) -> (offset: Int, line: Int) {
    anchor { numbers[$0] < line }
  }

  /// The last anchor at or before `offset`: where its line starts, and how many lines stand before it.
  func anchor(before offset: Int) -> (offset: Int, line: Int) {
    anchor { Int(offsets[$0]) <= offset }
  }

  private func anchor(isBefore: (Int) -> Bool) -> (offset: Int, line: Int) {
    var low = 0
    var high = offsets.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if isBefore(middle) { low = middle } else { high = middle }
    }
    return (Int(offsets[low]), numbers[low])
  }
}
