// One line of input as it stands on a screen: which columns each byte takes, and the part that fits.

/// A measured line.
struct ScreenText {
  /// The part of a line that is shown.
  struct Window {
    /// Columns of the whole line.
    let columns: Range<Int>
    /// Columns that the ellipsis before it takes.
    let prefix: Int
    /// Whether an ellipsis follows.
    let isCutRight: Bool
  }

  private static let ellipsis = "..."

  private let pieces: [DisplayText.Piece]
  /// Column at which each byte's piece starts, and the column after the last.
  private let starts: [Int]
  /// Column after each byte's piece.
  private let ends: [Int]
  private let isCutLeft: Bool
  private let isCutRight: Bool

  /// Measures `line`.
  ///
  /// - Parameters:
  ///   - isCutLeft: whether there is more of the line before these bytes.
  ///   - isCutRight: whether there is more of it after them.
  init(_ line: ArraySlice<UInt8>, isCutLeft: Bool, isCutRight: Bool) {
    self.isCutLeft = isCutLeft
    self.isCutRight = isCutRight
    pieces = DisplayText.pieces(Array(line))
    var starts: [Int] = []
    var ends: [Int] = []
    var column = 0
    for piece in pieces {
      for _ in 0..<piece.byteCount {
        starts.append(column)
        ends.append(column + piece.width)
      }
      column += piece.width
    }
    starts.append(column)
    self.starts = starts
    self.ends = ends
  }

  private var width: Int { starts[starts.count - 1] }

  /// The columns of some bytes; at least one.
  func columns(of bytes: Range<Int>) -> Range<Int> {
    let first = starts[min(max(0, bytes.lowerBound), starts.count - 1)]
    let last = min(bytes.upperBound, ends.count) - 1
    let end = last >= bytes.lowerBound && last >= 0 ? ends[last] : first
    return first..<max(first + 1, end)
  }

  /// The part to show in `available` columns so that the first mark is seen, and the others if they fit.
  func window(around marks: [Range<Int>], available: Int) -> Window {
    // A caret may stand one column after the text.
    let needed = max(width, marks.map(\.upperBound).max() ?? 0)
    if needed <= available && !isCutLeft && !isCutRight {
      return Window(columns: 0..<needed, prefix: 0, isCutRight: false)
    }
    let dots = Self.ellipsis.utf8.count
    let room = available - 2 * dots
    let first = marks.first ?? 0..<1
    let last = marks.last(where: { $0.upperBound - first.lowerBound <= room }) ?? first
    let span = min(room, last.upperBound - first.lowerBound)
    var start = max(0, first.lowerBound - (room - span) / 2)
    if !isCutLeft && first.lowerBound + span <= available - dots { start = 0 }
    let leads = start > 0 || isCutLeft
    let length = leads ? room : available - dots
    let end = min(needed, start + length)
    return Window(
      columns: start..<max(start + 1, end), prefix: leads ? dots : 0,
      isCutRight: end < width || isCutRight)
  }

  /// The text of a window with its ellipses.
  func shown(_ window: Window) -> String {
    var text = window.prefix > 0 ? Self.ellipsis : ""
    var column = 0
    for piece in pieces {
      let end = column + piece.width
      if column >= window.columns.lowerBound && end <= window.columns.upperBound {
        text += piece.text
      } else if column < window.columns.upperBound && end > window.columns.lowerBound {
        // Half of a wide character or tab at the edge: blanks keep the columns.
        let overlap =
          min(end, window.columns.upperBound) - max(column, window.columns.lowerBound)
        text += String(repeating: " ", count: overlap)
      }
      column = end
    }
    return window.isCutRight ? text + Self.ellipsis : text
  }
}
