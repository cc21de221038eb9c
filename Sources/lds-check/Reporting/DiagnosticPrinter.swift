// Diagnostics as text: place, severity, sentence, the line with a caret, notes.
//
//     xen.lds:12:16: error: expected ')' before ';' [syntax-error]
//        12 |   ASSERT(a, "b";
//           |                ^

import LdsParser

/// Writes what readers and parsers report.
struct DiagnosticPrinter {
  let writer: TextWriter

  /// Writes diagnostics of `file` in the order of their finding.
  func write(_ diagnostics: [Diagnostic], in sources: SourceSet, of file: FilePath) {
    for diagnostic in diagnostics { write(diagnostic, in: sources, of: file) }
  }

  /// Writes a diagnostic and its notes. One without a place is about the whole of `file`.
  func write(_ diagnostic: Diagnostic, in sources: SourceSet, of file: FilePath) {
    head(
      place: diagnostic.span.map { sources.position(of: $0).display } ?? file.display,
      severity: diagnostic.severity,
      message: diagnostic.message, id: diagnostic.id.rawValue)
    if let span = diagnostic.span { snippet(span, sources) }
    for note in diagnostic.notes {
      head(
        place: note.span.map { sources.position(of: $0).display }, severity: .note,
        message: note.message,
        id: nil)
      if let span = note.span { snippet(span, sources) }
    }
  }

  /// Writes a fault of a whole file.
  func write(_ error: ReadError, path: FilePath) {
    let place = error.offset.map { "\(path.display): offset 0x\(String($0, radix: 16))" }
    head(
      place: place ?? path.display, severity: .error, message: error.message, id: error.id.rawValue)
  }

  /// Writes the line of a span with a caret under it.
  func snippet(_ span: SourceSpan, _ sources: SourceSet, label: String? = nil) {
    let authored = sources.authoredSpan(of: span)
    let (line, _) = sources.lineAndColumn(authored.source, offset: Int(authored.start))
    let range = sources.lineRange(authored.source, line: line)
    let bytes = sources.buffer(authored.source).bytes(in: range)
    let start = min(max(0, Int(authored.start) - range.lowerBound), bytes.count)
    // A span over several lines is marked to the end of its first.
    let end = min(max(start, Int(authored.end) - range.lowerBound), bytes.count)
    writer.write(
      SourceSnippet.render(
        bytes, number: sources.position(of: span).line,
        marks: [.init(bytes: start..<end, label: label)],
        width: writer.width))
  }

  private func head(place: String?, severity: Severity, message: String, id: String?) {
    if let place { writer.write("\(place): ", .place) }
    writer.write("\(severity.rawValue): ", Self.style(severity))
    writer.write(message)
    if let id { writer.write(" [\(id)]", .faint) }
    writer.line()
  }

  static func style(_ severity: Severity) -> TextStyle {
    switch severity {
    case .error: .error
    case .warning: .warning
    case .note: .note
    }
  }
}
