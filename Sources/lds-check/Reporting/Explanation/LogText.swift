// A linker's log, explained message by message.
//
//     ld.log:1: error: cannot move location counter backwards (from 0x51 to 0x4)
//       at: boot.lds.S:12:5
//       meaning: '.' would have to go back over contents that are placed already
//       next: find what grew ...

import Constraints
import LdsParser

/// One message with the places found for it.
struct ExplainedMessage {
  var explanation: LogExplanation
  /// Places in `sources`.
  let spans: [SourceSpan]
  let sources: SourceSet?
}

/// Writes explained messages.
struct LogText {
  let writer: TextWriter
  let log: FilePath

  func write(_ message: ExplainedMessage) {
    let explanation = message.explanation
    writer.write("\(log.display):\(explanation.message.logLine): ", .place)
    let severity = explanation.message.severity
    writer.write("\(severity.rawValue): ", DiagnosticPrinter.style(severity))
    writer.write(String(decoding: explanation.message.text, as: UTF8.self))
    if let kind = explanation.kind { writer.write(" [\(kind)]", .faint) }
    writer.line()
    if let sources = message.sources {
      for span in message.spans.prefix(2) {
        fact("at", DiagnosticPrinter.place(span, sources))
        DiagnosticPrinter(writer: writer).snippet(span, sources)
      }
    }
    if let meaning = explanation.meaning { fact("meaning", meaning) }
    for (index, detail) in explanation.details.enumerated() {
      if index == 0 { fact("filled", detail) } else { writer.line("      " + detail) }
    }
    if let next = explanation.next { fact("next", next) }
    if !explanation.isRecognised, severity == .error {
      fact(
        "meaning",
        "no ASSERT of the input has this message, and it is no message about a script that is known here"
      )
    }
  }

  private func fact(_ word: String, _ text: String) {
    writer.write("  \(word): ", .note)
    writer.line(text)
  }
}
