// `lds-check explain --log FILE`: the linker's messages, each with its meaning and place.

import Constraints
import LdsParser

/// Explains one log.
struct LogExplaining {
  let path: FilePath
  let messages: [ExplainedMessage]
  /// Whether there was a script or map to look them up in.
  let hasScript: Bool

  /// Looks every message of the log up.
  ///
  /// - Parameters:
  ///   - script: the script that was linked, if it is given.
  ///   - subject: the image it was linked to, if one is given.
  init(_ buffer: SourceBuffer, script: LoadedScript?, subject: ExplanationSubject?) {
    path = buffer.path
    let program = script.map { Program($0.script) } ?? subject?.report.program
    hasScript = program != nil
    var places = script.map { LogPlaces($0) }
    let log = LinkerLog(buffer)
    var shown = log.messages.map { message in
      let explanation = LogExplanation(message, program: program, map: subject?.map)
      let own = places?.span(of: message)
      let spans = own.map { [$0] } ?? explanation.spans
      return ExplainedMessage(
        explanation: explanation, spans: spans,
        sources: own != nil ? places?.sources : program?.sources)
    }
    // The linker names a region twice; its contents are shown where the number of bytes stands.
    for index in shown.indices {
      let rows = shown[index].explanation.details.dropFirst()
      if shown[(index + 1)...].contains(where: { $0.explanation.details.dropFirst() == rows }) {
        shown[index].explanation.details = []
      }
    }
    messages = log.isBare ? shown.filter(\.explanation.isRecognised) : shown
  }

  /// The log at `path`.
  static func open(_ path: FilePath) throws(InputError) -> SourceBuffer {
    do {
      return try FileInput.read(path)
    } catch {
      throw InputError(path: path, reason: error)
    }
  }

  /// Messages that are not those of ASSERTs: an explained ASSERT says more than its message.
  func unexplained(besides shown: Bool) -> [ExplainedMessage] {
    messages.filter { !shown || $0.explanation.kind != "assertion" }
  }

  /// Whether the log has an error.
  var hasError: Bool { messages.contains { $0.explanation.message.severity == .error } }
}
