// A linker's log, explained message by message.
//
//     ld.log:1: error: cannot move location counter backwards (from 0x51 to 0x4) [location-counter-backwards]
//       at: boot.lds.S:12:5
//       meaning: '.' would have to go back over contents that are placed already
//       next: find what grew ...

import Constraints
import LdsParser

/// Writes explained messages.
struct LogText {
  let writer: TextWriter
  let log: LogExplaining
  /// Lines of one kind that are shown.
  private static let listed = 5

  /// Writes the messages in order: one that is repeated once, and what several mean or ask for once.
  ///
  /// - Parameter told: messages of ASSERTs that were explained from a map already.
  func write(besides told: Set<[UInt8]>) {
    var said: Set<String> = []
    let known = Set(told.map { $0.first == 0x0A ? Array($0.dropFirst()) : $0 })
    var groups: [MessageGroup] = []
    var indices: [MessageGroup.Key: Int] = [:]
    for message in log.messages where !isTold(message, known) {
      let key = MessageGroup.Key(message.explanation)
      if let index = indices[key] {
        groups[index].add(message)
      } else {
        indices[key] = groups.count
        groups.append(MessageGroup(message))
      }
    }
    var link: Int?
    for group in groups {
      let own = group.first.explanation.message.link
      if log.links.count > 1, own != link { heading(own) }
      link = own
      write(group, &said)
    }
    writeSuspects()
  }

  private func isTold(_ message: ExplainedMessage, _ told: Set<[UInt8]>) -> Bool {
    message.explanation.kind == .assertion && told.contains(message.explanation.message.text)
  }

  private func heading(_ index: Int) {
    let link = log.links[index]
    let lines = link.lines
    let range =
      lines.count == 1
      ? "line \(lines.lowerBound)" : "lines \(lines.lowerBound)-\(lines.upperBound)"
    let output = link.output.map { " of \(String(decoding: $0, as: UTF8.self))" } ?? ""
    writer.line("link \(index + 1)\(output) by \(link.linker.rawValue), \(range):", .bold)
  }

  private func write(_ group: MessageGroup, _ said: inout Set<String>) {
    let explanation = group.main.explanation
    for (message, count) in group.heads { head(message, count) }
    for origin in group.origins.prefix(3) { fact("in", origin) }
    if group.origins.count > 3 { writer.line("      and \(group.origins.count - 3) more places") }
    writePlaces(group.main, besides: group.first)
    if let total = group.sharedOverflow {
      fact("in all", "\(bytesInWords(total)): each number counts the sections before it, too")
    }
    if let meaning = explanation.meaning, said.insert(meaning).inserted { fact("meaning", meaning) }
    for (index, detail) in explanation.details.enumerated() {
      if index == 0 { fact("filled", detail) } else { writer.line("      " + detail) }
    }
    if let next = explanation.next, said.insert(next).inserted { fact("next", next) }
    if !explanation.isRecognised, explanation.message.severity == .error { unknown(&said) }
  }

  private func head(_ explanation: LogExplanation, _ count: Int) {
    let message = explanation.message
    writer.write("\(log.path.display):\(message.logLine): ", .place)
    writer.write("\(message.severity.rawValue): ", DiagnosticPrinter.style(message.severity))
    let lines = String(decoding: message.text, as: UTF8.self).split(separator: "\n")
    writer.write(lines.first.map(String.init) ?? "")
    if let kind = explanation.kind { writer.write(" [\(kind.rawValue)]", .faint) }
    if count > 1 { writer.write(" (\(count) times)", .faint) }
    writer.line()
    for line in lines.dropFirst() { writer.line("      " + line) }
  }

  /// - Parameter first: another message of the same group, whose first place is told in front.
  private func writePlaces(_ message: ExplainedMessage, besides first: ExplainedMessage) {
    let front = first.places.prefix(1).filter { place in
      !message.places.contains { $0.span == place.span }
    }
    for place in (front + message.places).prefix(2) {
      fact("at", place.sources.position(of: place.span).display)
      DiagnosticPrinter(writer: writer).snippet(place.span, place.sources)
    }
    guard message.places.isEmpty else { return }
    let printed = message.explanation.message
    if printed.origin.isEmpty, let file = printed.file, let line = printed.line {
      fact("at", "\(String(decoding: file, as: UTF8.self)):\(line)")
    }
    for detail in printed.details.prefix(Self.listed) {
      writer.line("      " + String(decoding: detail, as: UTF8.self))
    }
  }

  private func unknown(_ said: inout Set<String>) {
    guard said.insert("unknown").inserted else { return }
    if log.isTranslated {
      fact(
        "meaning",
        "the linker speaks another language in this log, and only its English messages are known here"
      )
      fact("next", "link once more with LC_ALL=C in the environment, and give that log")
    } else if log.hasScript {
      fact(
        "meaning",
        "no ASSERT of the input has this message, and it is no message about a script that is known here"
      )
    } else {
      fact("meaning", "no message of a linker that is known here")
      fact("next", "give the script beside the log, if it may be the message of an ASSERT")
    }
  }

  /// What others have said, where the linker is not what failed.
  private func writeSuspects() {
    guard !log.hasError, log.audience == .ofTheLog else { return }
    if log.messages.isEmpty {
      writer.write("\(log.path.display): ", .place)
      writer.write("error: ", .error)
      writer.line(
        log.lineCount == 0
          ? "is empty: the linker printed nothing"
          : "no message of a linker is known among its lines (\(log.lineCount))")
    }
    guard !log.suspects.isEmpty else { return }
    writer.line("  not of a linker, but errors by their look:", .note)
    for line in log.suspects.prefix(Self.listed) {
      writer.write("    \(log.path.display):\(line.number): ", .place)
      writer.line(String(decoding: line.text, as: UTF8.self))
    }
    let rest = log.suspects.count - Self.listed
    if rest > 0 { writer.line("    and \(rest) more") }
    if log.suspects.contains(where: { $0.tellsOfSignal }) {
      fact(
        "next",
        "the linker was ended from outside and has said nothing of the script: a limit on memory or time, most likely; "
          + "link it alone, with fewer jobs (-j1), without LTO or debug information, or with more memory"
      )
    }
  }

  private func fact(_ word: String, _ text: String) {
    writer.write("  \(word): ", .note)
    writer.line(text)
  }
}

extension LoggedLine {
  /// Whether it tells that a program was killed, as the system does where memory is short.
  fileprivate var tellsOfSignal: Bool {
    let words = String(decoding: text, as: UTF8.self)
    return ["Killed", "signal 9", "SIGKILL"].contains { words.includes($0) }
  }
}

/// Messages that say the same, and all that one region is too small.
private struct MessageGroup {
  /// What is alike in them.
  struct Key: Hashable {
    private let severity: Severity
    private let file: [UInt8]?
    private let line: Int?
    private let text: [UInt8]
    private let region: [UInt8]?
    private let link: Int

    init(_ explanation: LogExplanation) {
      let message = explanation.message
      // Of an undefined symbol each use is a message.
      let isOfSymbol = explanation.kind == .undefinedReference
      region = explanation.overflowing
      severity = message.severity
      let isShared = isOfSymbol || region != nil
      file = isShared ? nil : message.file
      line = isShared ? nil : message.line
      text = isOfSymbol ? explanation.name ?? message.text : region == nil ? message.text : []
      link = message.link
    }
  }

  let first: ExplainedMessage
  /// The one that says most: how many bytes do not fit into a region.
  private(set) var main: ExplainedMessage
  /// The messages as printed, each text once, with how often it stands in the log.
  private(set) var heads: [(message: LogExplanation, count: Int)] = []
  /// Where in the inputs, each place once.
  private(set) var origins: [String] = []

  init(_ message: ExplainedMessage) {
    first = message
    main = message
    add(message)
  }

  /// The bytes that do not fit into a region where lld gives a number with each section.
  var sharedOverflow: UInt64? {
    Set(heads.compactMap(\.message.overflow)).count > 1 ? main.explanation.overflow : nil
  }

  mutating func add(_ message: ExplainedMessage) {
    let explanation = message.explanation
    if explanation.overflow ?? 0 > main.explanation.overflow ?? 0 { main = message }
    let isOneText = explanation.overflowing == nil
    if let index = heads.firstIndex(where: {
      isOneText || $0.message.message.text == explanation.message.text
    }) {
      heads[index].count += 1
    } else {
      heads.append((explanation, 1))
    }
    guard let origin = Self.words(message.explanation.message), !origins.contains(origin) else {
      return
    }
    origins.append(origin)
  }

  private static func words(_ message: LinkerMessage) -> String? {
    let origin = message.origin
    guard !origin.isEmpty else { return nil }
    let function = origin.function.map { "function \(String(decoding: $0, as: UTF8.self))" }
    let object = origin.object.map { String(decoding: $0, as: UTF8.self) }
    var text = [function, object].compactMap { $0 }.joined(separator: " of ")
    if let section = origin.section {
      text += (text.isEmpty ? "" : ", at ") + String(decoding: section, as: UTF8.self)
    }
    if let file = message.file, let line = message.line {
      text += " (\(String(decoding: file, as: UTF8.self)):\(line))"
    }
    return text
  }
}
