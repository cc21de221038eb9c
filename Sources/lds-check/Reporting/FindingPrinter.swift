// Findings as text: place, severity, sentence, rule, the line with a caret, notes.
//
//     xen-syms.map:16733: error: orphan section '.ex_table' lies in region rodata r-- (slot 2) [stray-section]

import Constraints
import LdsParser

/// Writes what rules report.
struct FindingPrinter {
  let writer: TextWriter
  /// Where spans of findings point.
  let sources: SourceSet

  /// Writes a finding and its notes.
  func write(_ finding: Finding) {
    head(finding.place, finding.severity, finding.message)
    writer.line(" [\(finding.rule)]", .faint)
    snippet(finding.place)
    for note in finding.notes {
      head(note.place, .note, note.message)
      writer.line()
      snippet(note.place)
    }
  }

  private func head(_ place: FindingPlace, _ severity: Severity, _ message: String) {
    switch place {
    case .source(let span): writer.write(DiagnosticPrinter.place(span, sources) + ": ", .place)
    case .image(let path, let line?, _): writer.write("\(path.display):\(line): ", .place)
    case .image(let path, nil, _): writer.write("\(path.display): ", .place)
    case .none: writer.write("  ")
    }
    writer.write("\(severity.rawValue): ", DiagnosticPrinter.style(severity))
    writer.write(message)
  }

  private func snippet(_ place: FindingPlace) {
    guard case .source(let span) = place else { return }
    DiagnosticPrinter(writer: writer).snippet(span, sources)
  }
}
