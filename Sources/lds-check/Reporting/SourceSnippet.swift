// A line of an input with carets under the bytes that matter.
//
//       12 |   ASSERT(_end - _start <= LIMIT, "too large")
//          |          ^~~~   ^~~~~~    ^~~~~ 0x1000
//          |          |      0x400000
//          |          0x501000

import LdsParser

/// Shows one line of source. Columns are counted in bytes; what stands on screen is another matter: tabs,
/// wide and combining characters and escaped bytes are measured, and a long line is cut to a window.
struct SourceSnippet {
  /// A run of bytes to point at.
  struct Mark {
    /// Offsets in the line; an empty range points between two bytes, or past the end.
    let bytes: Range<Int>
    /// What to say about it.
    var label: String?
    var style: TextStyle = .caret
  }

  /// A line as runs of text in one style.
  typealias Line = [(text: String, style: TextStyle)]

  /// A mark in columns of the shown text.
  private struct PlacedMark {
    let columns: Range<Int>
    let label: String?
    let style: TextStyle
  }

  /// Bytes on either side of a mark that are looked at in a huge line.
  private static let reach = 4096

  /// The lines to print, without line feeds.
  ///
  /// - Parameters:
  ///   - bytes: the line; a carriage return at its end is left out.
  ///   - number: its number for the margin.
  ///   - width: columns of the screen.
  static func render(_ bytes: [UInt8], number: Int, marks: [Mark], width: Int) -> [Line] {
    let margin = Margin(number: number)
    var marks = marks.sorted { $0.bytes.lowerBound < $1.bytes.lowerBound }
    var line = bytes.last == 0x0D ? bytes[..<(bytes.count - 1)] : bytes[...]
    let cut = cutHuge(&line, &marks)
    let text = ScreenText(line, isCutLeft: cut.left, isCutRight: cut.right)
    let placed = marks.map { mark in
      PlacedMark(columns: text.columns(of: mark.bytes), label: mark.label, style: mark.style)
    }
    let window = text.window(
      around: placed.map(\.columns), available: max(24, width - margin.width))
    var result: [Line] = [[(margin.numbered, .faint), (text.shown(window), .plain)]]
    let visible = placed.compactMap { clip($0, to: window) }
    for below in caretLines(visible) { result.append([(margin.blank, .faint)] + below) }
    return result
  }

  /// The two forms of the margin.
  private struct Margin {
    let numbered: String
    let blank: String
    var width: Int { blank.utf8.count }

    init(number: Int) {
      let digits = String(number)
      let column = max(5, digits.utf8.count + 1)
      numbered = String(repeating: " ", count: column - digits.utf8.count) + digits + " | "
      blank = String(repeating: " ", count: column) + " | "
    }
  }

  /// Cuts a line of megabytes to the surroundings of its marks, which are moved with it.
  private static func cutHuge(
    _ line: inout ArraySlice<UInt8>, _ marks: inout [Mark]
  ) -> (left: Bool, right: Bool) {
    guard line.count > 4 * reach else { return (false, false) }
    let center = min(marks.first?.bytes.lowerBound ?? 0, line.count)
    let start = max(0, center - reach)
    let end = min(line.count, center + reach)
    let result = (left: start > 0, right: end < line.count)
    line = line[start..<end]
    marks = marks.map { mark in
      let lower = max(0, mark.bytes.lowerBound - start)
      return Mark(
        bytes: lower..<max(lower, mark.bytes.upperBound - start), label: mark.label,
        style: mark.style)
    }
    return result
  }

  /// The mark in columns of the window; nil if it lies outside.
  private static func clip(_ mark: PlacedMark, to window: ScreenText.Window) -> PlacedMark? {
    let start = max(mark.columns.lowerBound, window.columns.lowerBound)
    let end = min(mark.columns.upperBound, window.columns.upperBound)
    guard start < end else { return nil }
    let shift = window.prefix - window.columns.lowerBound
    return PlacedMark(
      columns: (start + shift)..<(end + shift), label: mark.label, style: mark.style)
  }

  /// The carets with the last label beside them, then the other labels from right to left.
  private static func caretLines(_ marks: [PlacedMark]) -> [Line] {
    guard !marks.isEmpty else { return [] }
    var carets: Line = []
    var column = 0
    for mark in marks where mark.columns.upperBound > column {
      let start = max(mark.columns.lowerBound, column)
      carets.append((String(repeating: " ", count: start - column), .plain))
      let tail = mark.columns.upperBound - start - 1
      carets.append(("^" + String(repeating: "~", count: tail), mark.style))
      column = mark.columns.upperBound
    }
    var labelled = marks.filter { $0.label != nil }
    if let last = marks.last, last.columns.upperBound == column, let label = last.label {
      carets.append((" " + label, last.style))
      labelled.removeLast()
    }
    var lines = [carets]
    while let mark = labelled.popLast(), let label = mark.label {
      lines.append(labelLine(mark, label, behind: labelled))
    }
    return lines
  }

  /// One label under its caret, with a bar for each label still to come on its left.
  private static func labelLine(
    _ mark: PlacedMark, _ label: String, behind others: [PlacedMark]
  ) -> Line {
    var line: Line = []
    var column = 0
    for other in others
    where other.columns.lowerBound >= column
      && other.columns.lowerBound < mark.columns.lowerBound
    {
      line.append((String(repeating: " ", count: other.columns.lowerBound - column), .plain))
      line.append(("|", other.style))
      column = other.columns.lowerBound + 1
    }
    line.append((String(repeating: " ", count: mark.columns.lowerBound - column), .plain))
    line.append((label, mark.style))
    return line
  }
}

extension TextWriter {
  /// Writes the lines of a snippet.
  func write(_ lines: [SourceSnippet.Line]) {
    for line in lines {
      for run in line { write(run.text, run.style) }
      output.write("\n")
    }
  }
}
