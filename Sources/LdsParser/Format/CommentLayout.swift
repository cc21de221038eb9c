// Blanks at the start of a line, and comments at a new place: the lines after the first move with it.

struct CommentLayout {
  private let bytes: [UInt8]
  private let usesTabs: Bool
  /// What ends the author's lines.
  let lineEnd: [UInt8]

  /// The layout of comments of `bytes`.
  init(bytes: [UInt8], usesTabs: Bool) {
    self.bytes = bytes
    self.usesTabs = usesTabs
    let first = bytes.firstIndex(of: 0x0A) ?? 0
    lineEnd = first > 0 && bytes[first - 1] == 0x0D ? [0x0D, 0x0A] : [0x0A]
  }

  /// The comment `range` with its first byte in column `column`, from 0.
  ///
  /// A line that begins with `*` stands one column further in than the first; others move as far as it moved.
  func text(_ range: Range<Int>, at column: Int) -> [UInt8] {
    let lines = bytes[range].split(separator: 0x0A, omittingEmptySubsequences: false)
    var result = Self.trimmed(lines[0])
    if lines.count == 1 { return result }
    let moved = column - self.column(range.lowerBound)
    for line in lines.dropFirst() {
      result += lineEnd
      let text = line.drop(while: LayoutScanner.isBlank)
      if text.isEmpty { continue }
      let old = self.column(text.startIndex)
      let new = text.first == UInt8(ascii: "*") ? column + 1 : max(0, old + moved)
      result += blanks(new) + Self.trimmed(text)
    }
    return result
  }

  /// Blanks up to `column`.
  func blanks(_ column: Int) -> [UInt8] {
    guard usesTabs else { return [UInt8](repeating: 0x20, count: column) }
    return [UInt8](repeating: 0x09, count: column / 8) + [UInt8](repeating: 0x20, count: column % 8)
  }

  private static func trimmed(_ line: ArraySlice<UInt8>) -> [UInt8] {
    var line = line
    while let last = line.last, LayoutScanner.isBlank(last) { line.removeLast() }
    return Array(line)
  }

  /// The column of `offset` in its line, tabs eight wide.
  private func column(_ offset: Int) -> Int {
    var start = offset
    while start > 0, bytes[start - 1] != 0x0A { start -= 1 }
    var column = 0
    for byte in bytes[start..<offset] { column = byte == 0x09 ? (column / 8 + 1) * 8 : column + 1 }
    return column
  }
}
