// `lds-check explain --log FILE`: the linker's messages, each with its meaning and place.

import Constraints
import LdsParser

/// One message with the places found for it.
struct ExplainedMessage {
  var explanation: LogExplanation
  /// Places in scripts or the map, the first the most likely.
  let places: [LogPlace]
  /// What its link makes, if the log tells.
  let output: [UInt8]?
}

/// Who reads explanations of messages.
enum LogAudience {
  /// Somebody with a log that may be of anything.
  case ofTheLog
  /// Somebody who has just read the linker's words on the screen: what is not understood is no news, nor is what a later
  /// message says whole.
  case behindTheLinker
}

/// Explains one log.
struct LogExplaining {
  let path: FilePath
  let messages: [ExplainedMessage]
  /// The links of the log that have messages.
  let links: [LoggedLink]
  /// Lines of others that are errors by their look; where nothing at all was understood, those that may be.
  let suspects: [LoggedLine]
  let lineCount: Int
  /// Who reads it.
  let audience: LogAudience
  /// Whether the linker speaks another language than English.
  let isTranslated: Bool
  /// Whether there was a script or map to look messages up in.
  let hasScript: Bool

  /// Looks every message of the log up.
  ///
  /// - Parameters:
  ///   - buffer: the log.
  ///   - scripts: the scripts of the link, as far as they are given.
  ///   - subject: the image it was linked to, if one is given.
  ///   - audience: who reads it.
  init(
    _ buffer: SourceBuffer, scripts: [LoadedScript], subject: ExplanationSubject?,
    for audience: LogAudience = .ofTheLog
  ) {
    self.path = buffer.path
    self.audience = audience
    let log = LinkerLog(buffer)
    var logSubject = LogSubject(
      scripts: scripts.map(\.script), program: subject?.report.program, map: subject?.map,
      isTranslated: log.isTranslated)
    logSubject.wroteNoMap = audience == .behindTheLinker && subject?.map == nil
    isTranslated = log.isTranslated
    var finders = scripts.map { LogPlaces($0) }
    var shown = log.messages.map { message in
      let explanation = LogExplanation(message, in: logSubject)
      return ExplainedMessage(
        explanation: explanation, places: Self.places(of: explanation, &finders),
        output: log.links[message.link].output)
    }
    Self.dropConsequences(&shown)
    Self.keepLastFill(&shown)
    if audience == .behindTheLinker { Self.keepLastOverflow(&shown) }
    switch audience {
    case .ofTheLog: messages = log.isBare ? shown.filter(\.explanation.isDistinct) : shown
    case .behindTheLinker:
      messages = shown.filter {
        $0.explanation.isDistinct && $0.explanation.message.severity == .error
      }
    }
    hasScript = !logSubject.isEmpty
    links = log.links
    let doubtful = log.suspects.isEmpty && messages.isEmpty ? log.doubtful : log.suspects
    suspects = audience == .ofTheLog ? doubtful : []
    lineCount = log.lineCount
  }

  /// Whether a message says that a region is too small.
  var tellsOfOverflow: Bool { messages.contains { $0.explanation.overflowing != nil } }

  /// The log at `path`; `-` is standard input.
  static func open(_ path: FilePath) throws(InputError) -> SourceBuffer {
    do {
      return try path == FilePath("-") ? FileInput.readStandardInput() : FileInput.read(path)
    } catch {
      throw InputError(path: path, reason: error)
    }
  }

  /// The line that the linker names, in the author's text; else what the explanation found by names.
  private static func places(
    of explanation: LogExplanation, _ finders: inout [LogPlaces]
  ) -> [LogPlace] {
    guard !explanation.isPlaceCertain else { return explanation.places }
    for index in finders.indices {
      if let span = finders[index].span(of: explanation.message) {
        return [LogPlace(span, in: finders[index].sources)]
      }
    }
    return explanation.places
  }

  /// What does not reach a symbol that is not there has no other cause. Alone, the line is about a weak symbol.
  private static func dropConsequences(_ shown: inout [ExplainedMessage]) {
    func names(_ kind: LinkerMessageID) -> Set<[UInt8]> {
      Set(shown.filter { $0.explanation.kind == kind }.compactMap(\.explanation.name))
    }
    let undefined = names(.undefinedReference)
    shown.removeAll { message in
      let explanation = message.explanation
      return explanation.kind == .relocationOverflow
        && explanation.name.map(undefined.contains) ?? false
    }
  }

  /// The linker names a region twice; its contents are shown where the number of bytes stands.
  private static func keepLastFill(_ shown: inout [ExplainedMessage]) {
    for index in shown.indices {
      let rows = shown[index].explanation.details.dropFirst()
      if shown[(index + 1)...].contains(where: { $0.explanation.details.dropFirst() == rows }) {
        shown[index].explanation.details = []
      }
    }
  }

  /// GNU ld names a region for a section that does not fit and for the bytes, lld for each section more: the last has
  /// the whole.
  private static func keepLastOverflow(_ shown: inout [ExplainedMessage]) {
    var seen: Set<[UInt8]> = []
    shown = shown.reversed().filter { message in
      message.explanation.overflowing.map { seen.insert($0).inserted } ?? true
    }.reversed()
  }

  /// Whether what is wrong with a script is what a message means.
  func tells(_ fault: Diagnostic) -> Bool {
    messages.contains { $0.explanation.isPlaceCertain && $0.explanation.meaning == fault.message }
  }

  /// Whether the log has an error of a linker.
  var hasError: Bool { messages.contains { $0.explanation.message.severity == .error } }

  /// Whether there is something left to do: an error of the linker, one of somebody else, or a log of which nothing
  /// was understood.
  var needsAttention: Bool { hasError || messages.isEmpty || !suspects.isEmpty }
}
