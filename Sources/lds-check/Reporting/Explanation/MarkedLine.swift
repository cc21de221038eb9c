// A source line with several labelled places, gathered from the operands of a condition.

import LdsParser

/// One line and the places to point at in it.
struct MarkedLine {
  let source: SourceID
  /// 1-based line of the source's own text.
  let line: Int
  private let span: SourceSpan
  private var marks: [SourceSnippet.Mark]

  /// Adds `span` to the lines; of places that overlap the first one stays.
  static func add(
    _ span: SourceSpan, label: String, to lines: inout [MarkedLine], _ sources: SourceSet
  ) {
    let line = sources.lineAndColumn(span.source, offset: Int(span.start)).line
    let range = sources.lineRange(span.source, line: line)
    let start = max(0, Int(span.start) - range.lowerBound)
    let end = max(start, min(Int(span.end), range.upperBound) - range.lowerBound)
    let mark = SourceSnippet.Mark(bytes: start..<end, label: label)
    if let index = lines.firstIndex(where: { $0.source == span.source && $0.line == line }) {
      guard !lines[index].marks.contains(where: { $0.bytes.overlaps(mark.bytes) }) else { return }
      lines[index].marks.append(mark)
    } else {
      lines.append(MarkedLine(source: span.source, line: line, span: span, marks: [mark]))
    }
  }

  /// Writes the line with its carets.
  func write(_ writer: TextWriter, _ sources: SourceSet) {
    let bytes = sources.buffer(source).bytes(in: sources.lineRange(source, line: line))
    writer.write(
      SourceSnippet.render(
        bytes, number: sources.position(of: span).line, marks: marks, width: writer.width))
  }
}
