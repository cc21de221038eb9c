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
  /// Whether a script or map is there to look messages up in.
  let hasScript: Bool

  /// Writes the messages in order: one that is repeated once, and what several mean or ask for once.
  func write(_ messages: [ExplainedMessage]) {
    var told: Set<String> = []
    var counts: [LinkerMessage.Repeat: Int] = [:]
    for message in messages { counts[message.explanation.message.repeated, default: 0] += 1 }
    for message in messages {
      let count = counts.removeValue(forKey: message.explanation.message.repeated)
      if let count { write(message, count, &told) }
    }
  }

  private func write(_ message: ExplainedMessage, _ count: Int, _ told: inout Set<String>) {
    let explanation = message.explanation
    writer.write("\(log.display):\(explanation.message.logLine): ", .place)
    let severity = explanation.message.severity
    writer.write("\(severity.rawValue): ", DiagnosticPrinter.style(severity))
    writer.write(String(decoding: explanation.message.text, as: UTF8.self))
    if let kind = explanation.kind { writer.write(" [\(kind)]", .faint) }
    if count > 1 { writer.write(" (\(count) times)", .faint) }
    writer.line()
    if let sources = message.sources {
      for span in message.spans.prefix(2) {
        fact("at", DiagnosticPrinter.place(span, sources))
        DiagnosticPrinter(writer: writer).snippet(span, sources)
      }
    }
    if let meaning = explanation.meaning, told.insert(meaning).inserted { fact("meaning", meaning) }
    for (index, detail) in explanation.details.enumerated() {
      if index == 0 { fact("filled", detail) } else { writer.line("      " + detail) }
    }
    if let next = explanation.next, told.insert(next).inserted { fact("next", next) }
    if !explanation.isRecognised, severity == .error { unknown(&told) }
  }

  private func unknown(_ told: inout Set<String>) {
    if hasScript {
      fact(
        "meaning",
        "no ASSERT of the input has this message, and it is no message about a script that is known here"
      )
    } else if told.insert("unknown").inserted {
      fact("meaning", "no message of a linker that is known here; it may be that of an ASSERT")
      fact(
        "next",
        "link once more with -Map=FILE (it is written even if the link fails), and give the script and that "
          + "map beside the log")
    }
  }

  private func fact(_ word: String, _ text: String) {
    writer.write("  \(word): ", .note)
    writer.line(text)
  }
}

extension LinkerMessage {
  /// What is alike in messages that say the same.
  fileprivate struct Repeat: Hashable {
    var severity: Severity
    var file: [UInt8]?
    var line: Int?
    var text: [UInt8]
  }

  fileprivate var repeated: Repeat {
    Repeat(severity: severity, file: file, line: line, text: text)
  }
}
