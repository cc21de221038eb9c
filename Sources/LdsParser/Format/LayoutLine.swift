// One line of formatted text, and the columns that lines one after another share.

/// A line before its columns are set.
struct LayoutLine {
  /// Column of its first byte, from 0.
  var indent: Int
  /// What stands on it, without the comment at its end.
  var text: [UInt8] = []
  /// The comment behind code.
  var comment: [UInt8] = []
  /// Whether the author set the comment off by more than a blank.
  var isCommentSetOff = false
  /// Whether an empty line stands before it.
  var hasGap: Bool
  /// What its columns are; only lines of one kind share them.
  enum Columns: Hashable {
    /// `=` of an assignment.
    case assignment
    /// The parts of a header up to `:`.
    case header
    /// The arguments of a call such as ASSERT, behind commas; what is called.
    case arguments([UInt8])
  }

  /// Offsets in ``text`` of what may be aligned.
  var cells: [Int] = []
  /// Whether the author set one of them off by more than a blank.
  var setOff: [Bool] = []
  /// What the cells are; nil until they are complete: `=`, `:` or a comma was met.
  var columns: Columns?
  /// Whether it is part of a statement over several lines, or holds line ends: such lines share no columns.
  var isPart = false
  /// A directive: its text has its own blanks before it.
  var isVerbatim = false
}

/// Lines one after another whose author aligned something stay aligned; all others get one blank.
enum ColumnAligner {
  /// Sets the columns of `lines`.
  static func align(_ lines: inout [LayoutLine]) {
    alignRuns(
      &lines, isJoined: { $0.cells.count == $1.cells.count && $0.columns == $1.columns },
      holds: { $0.columns != nil }
    ) {
      alignCells(&$0[$1])
    }
    alignRuns(&lines, isJoined: { _, _ in true }, holds: { !$0.comment.isEmpty }) {
      alignComments(&$0[$1])
    }
  }

  private static func alignRuns(
    _ lines: inout [LayoutLine], isJoined: (LayoutLine, LayoutLine) -> Bool,
    holds: (LayoutLine) -> Bool, _ align: (inout [LayoutLine], Range<Int>) -> Void
  ) {
    var start = 0
    while start < lines.count {
      guard holds(lines[start]), !lines[start].isPart, !lines[start].isVerbatim else {
        start += 1
        continue
      }
      var end = start + 1
      while end < lines.count, holds(lines[end]), !lines[end].isPart, !lines[end].isVerbatim,
        !lines[end].hasGap, lines[end].indent == lines[start].indent,
        isJoined(lines[start], lines[end])
      {
        end += 1
      }
      align(&lines, start..<end)
      start = end
    }
  }

  private static func alignCells(_ lines: inout ArraySlice<LayoutLine>) {
    guard let count = lines.first?.cells.count else { return }
    for cell in 0..<count where lines.contains(where: { $0.setOff[cell] }) {
      let column = lines.map { $0.cells[cell] }.max() ?? 0
      for index in lines.indices {
        let missing = column - lines[index].cells[cell]
        let blanks = [UInt8](repeating: 0x20, count: missing)
        lines[index].text.insert(contentsOf: blanks, at: lines[index].cells[cell])
        for later in cell..<count { lines[index].cells[later] += missing }
      }
    }
  }

  private static func alignComments(_ lines: inout ArraySlice<LayoutLine>) {
    let isAligned = lines.contains(where: \.isCommentSetOff)
    let width = lines.map(\.text.count).max() ?? 0
    for index in lines.indices {
      let gap = isAligned ? width - lines[index].text.count + 1 : 1
      lines[index].text += [UInt8](repeating: 0x20, count: gap) + lines[index].comment
      lines[index].comment = []
    }
  }
}
