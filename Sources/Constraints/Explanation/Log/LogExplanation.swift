// One message of a linker, explained: what it means, the statement it is about, what to do next.

public import LdsParser

/// A linker's message with its meaning.
public struct LogExplanation: Sendable {
  /// The message; its severity is what it comes to, also where the linker prints it bare.
  public var message: LinkerMessage
  /// Its kind; nil for one that is not known.
  public var kind: LinkerMessageID?
  /// What is wrong, in plain words.
  public var meaning: String?
  /// What to do.
  public var next: String?
  /// The statements it is about, the first the most likely.
  public var places: [LogPlace] = []
  /// Whether ``places`` say more than the line that the linker names.
  public var isPlaceCertain = false
  /// What the map tells about it: what fills a region that overflowed.
  public var details: [String] = []
  /// The symbol that it is about, where it is about one.
  public var name: [UInt8]?
  /// The memory region that it says overflows.
  public var overflowing: [UInt8]?
  /// The bytes by which it does, as the message gives them; nil for a message without a number.
  public var overflow: UInt64?
  /// Whether nothing but a linker writes such a line, though no program's name stands in front.
  public var isDistinct = false

  /// Explains `message`.
  ///
  /// - Parameter subject: the scripts or the map of the link; ASSERTs are recognised by their messages, and names in
  ///   messages lead to the statements that use them.
  public init(_ message: LinkerMessage, in subject: LogSubject) {
    self.message = message
    if explainAssertion(subject) { return }
    guard let known = LinkerMessageKind.recognise(message) else {
      if subject.isEmpty, mayBeAssertion, !subject.isTranslated { guessAssertion() }
      return
    }
    kind = known.kind.id
    meaning = known.kind.meaning
    next = known.kind.next
    isDistinct = known.isDistinct
    name = known.first(.symbol)
    if message.severity == .error, let severity = known.kind.severity {
      self.message.severity = severity
    }
    places = known.holes.flatMap { subject.places(of: $0.name, $0.hole) }
    addWords(known, subject)
    addFill(known, subject)
  }

  /// Whether the message has a meaning that is known.
  public var isRecognised: Bool { kind != nil }

  // MARK: ASSERTs

  private mutating func explainAssertion(_ subject: LogSubject) -> Bool {
    var found = subject.assertions(printed: message.printed, following: message.following)
    if found.isEmpty, message.severity == .error {
      found = subject.assertions(printed: message.whole, following: message.following)
    }
    guard let first = found.first else { return false }
    message.severity = .error
    message.text = first.message.first == 0x0A ? Array(first.message.dropFirst()) : first.message
    kind = .assertion
    isDistinct = true
    meaning = "this is the message of an ASSERT whose condition came out as 0"
    if subject.map == nil, !subject.wroteNoMap {
      next =
        "link once more with -Map=FILE and give that map, too: it is written even if the link fails, and has the "
        + "values behind the condition"
    }
    places = found.map(\.place)
    return true
  }

  /// GNU ld, gold and lld print the text of an ASSERT that fails, and nothing with it: no place, no file.
  private var mayBeAssertion: Bool {
    guard message.severity == .error, message.linker != .mold, message.line == nil,
      message.origin.isEmpty, message.details.isEmpty
    else { return false }
    // What begins with a file is about that file.
    let token = message.text.prefix { $0 != 0x20 && $0 != 0x0A }
    let isFile =
      token.last == UInt8(ascii: ":")
      && token.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }
    return !isFile
  }

  private mutating func guessAssertion() {
    kind = .assertion
    meaning =
      "\(message.linker.rawValue) has no message of its own like this that is known here: most likely it is the text "
      + "of an ASSERT whose condition came out as 0"
    next =
      "give the script beside the log: it shows the ASSERT. For its values, link once more with -Map=FILE (it is "
      + "written even if the link fails), and give that map, too"
  }

  // MARK: What is special about some kinds

  private mutating func addWords(_ known: LinkerMessageKind.Recognised, _ subject: LogSubject) {
    switch known.kind.id {
    case .unplacedOrphan:
      if let name = known.first(.section) {
        next = Self.orphanAdvice(String(decoding: name, as: UTF8.self), known.kind.next)
      }
    case .undefinedRegion:
      if let region = known.first(.region) { explainRegion(region, subject) }
    case .undefinedInExpression, .undefinedReference:
      repeatSuggestion(known.kind)
      if let symbol = known.first(.symbol) { suggest(symbol, known.kind, subject) }
    case .syntaxError: explainRefusal(subject)
    case .missingInput:
      if let file = known.first(.file) { explainRequest(file, known.kind, subject) }
    case .sectionOverlap: explainOverlap(known, subject)
    case .locationCounterBackwards: explainStepBack(known)
    case .headersWithoutRoom, .headersBehindLoad, .segmentNotCovered:
      places = subject.headerEntries
    default: break
    }
  }

  /// What our own reading of the script stumbles over, in the author's text.
  private mutating func explainRefusal(_ subject: LogSubject) {
    guard let (fault, place) = subject.refusal(behind: message) else { return }
    places = [place]
    isPlaceCertain = true
    meaning = fault.message
    next =
      fault.id == .needsPreprocessor
      ? fault.notes.last?.message ?? LinkerMessageKind.scriptAdvice
      : "mend it there; 'lds-check lint SCRIPT' tells whether the linker would refuse anything else"
  }

  /// A file that the script itself asks for.
  private mutating func explainRequest(
    _ file: [UInt8], _ kind: LinkerMessageKind, _ subject: LogSubject
  ) {
    guard let (place, isBare) = subject.request(ofFile: file) else { return }
    places = [place]
    if file.starts(with: "//".utf8) {
      meaning = "'//' starts no comment: the linker looks for files of the names behind it"
      next = "write /* ... */"
    } else if isBare {
      meaning = "a bare name inside an output section is a file to load, and there is none of it"
      next =
        "write 'FILE(SECTIONS)' to take sections, or '=' with blanks to assign; else \(kind.next)"
    } else {
      meaning = "the script asks for this file, and the linker does not find it"
    }
  }

  /// lld takes its own tables for orphans, too, and refuses to discard them.
  private static func orphanAdvice(_ name: String, _ others: String) -> String {
    [".symtab", ".strtab", ".shstrtab"].contains(name)
      ? "add '\(name) 0 : { *(\(name)) }': lld counts the tables that it makes itself"
      : "add '*(\(name))' " + others
  }

  /// lld evaluates ORIGIN and LENGTH while it reads, GNU ld behind all of the script.
  private mutating func explainRegion(_ region: [UInt8], _ subject: LogSubject) {
    guard let (use, declaration) = subject.useBeforeDeclaration(ofRegion: region) else { return }
    let name = String(decoding: region, as: UTF8.self)
    kind = .regionBeforeMemory
    meaning =
      "lld reads the script from top to bottom, and the MEMORY command with '\(name)' stands below this use of it; "
      + "GNU ld does not mind"
    next = "move MEMORY above the first ORIGIN() and LENGTH()"
    places = [use, declaration]
    isPlaceCertain = true
  }

  /// lld looks for symbols of nearly the name itself: ">>> did you mean: memcpy_s".
  private mutating func repeatSuggestion(_ kind: LinkerMessageKind) {
    let mark = ">>> did you mean: "
    guard
      let line = message.details.map({ String(decoding: $0, as: UTF8.self) })
        .first(where: { $0.hasPrefix(mark) })
    else { return }
    next = "the linker knows '\(line.dropFirst(mark.count))': is it the same? Else \(kind.next)"
  }

  /// A symbol of the script that differs by a slip of the finger.
  private mutating func suggest(
    _ symbol: [UInt8], _ kind: LinkerMessageKind, _ subject: LogSubject
  ) {
    let name = String(decoding: symbol, as: UTF8.self)
    let known = subject.assignedSymbols.prefix(4096).filter { $0 != name }
    guard let near = Suggestion.nearest(to: name, among: Array(known)) else { return }
    next = "the script sets '\(near)': is it the same? Else \(kind.next)"
  }

  /// How far the one section reaches into the other, and what put the other there.
  private mutating func explainOverlap(
    _ known: LinkerMessageKind.Recognised, _ subject: LogSubject
  ) {
    let names = known.holes.filter { $0.hole == .section }.map(\.name)
    var ends = known.holes.filter { $0.hole == .hex }.compactMap { Self.hexadecimalNumber($0.name) }
    // lld has a line for each: ">>> .data range is [0x1010, 0x100F]".
    if ends.isEmpty { ends = message.details.flatMap(Self.range) }
    guard names.count == 2, ends.count == 4 else { return }
    let ranges = [(names[0], ends[0], ends[1]), (names[1], ends[2], ends[3])].sorted { $0.1 < $1.1 }
    let (first, second) = (ranges[0], ranges[1])
    guard first.1 < second.1, first.2 >= second.1, first.2 < .max else { return }
    let words = ranges.map { String(decoding: $0.0, as: UTF8.self) }
    meaning =
      "\(words[0]) ends at \(hexadecimal(first.2 + 1)), and \(words[1]) begins at \(hexadecimal(second.1)): "
      + "\(bytesInWords(first.2 + 1 - second.1)) too many before it: \(known.kind.meaning)"
    let cause = subject.placement(ofSection: second.0)
    places = cause + places.filter { place in !cause.contains { $0.span == place.span } }
  }

  /// How far back the location counter would have to go.
  private mutating func explainStepBack(_ known: LinkerMessageKind.Recognised) {
    let places = known.holes.filter { $0.hole == .hex }.compactMap {
      Self.hexadecimalNumber($0.name)
    }
    guard places.count == 2, places[0] > places[1] else { return }
    meaning =
      "the contents end at \(hexadecimal(places[0])), \(bytesInWords(places[0] - places[1])) behind "
      + "\(hexadecimal(places[1])), where '.' is to be set: \(known.kind.meaning)"
    next =
      "find what grew, and shrink it or move it elsewhere; else set '.' to a higher place, or write '. = ALIGN(...)'"
  }

  private static func hexadecimalNumber(_ bytes: [UInt8]) -> UInt64? {
    let text = String(decoding: bytes, as: UTF8.self)
    return UInt64(text.hasPrefix("0x") ? String(text.dropFirst(2)) : text, radix: 16)
  }

  private static func range(_ line: [UInt8]) -> [UInt64] {
    let parts = line.split {
      $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]") || $0 == 0x2C || $0 == 0x20
    }
    return parts.suffix(2).compactMap { hexadecimalNumber(Array($0)) }
  }

  private mutating func addFill(_ known: LinkerMessageKind.Recognised, _ subject: LogSubject) {
    guard known.kind.id == .regionOverflow else { return }
    overflowing = known.first(.region)
    overflow = known.first(.number).flatMap { UInt64(String(decoding: $0, as: UTF8.self)) }
    if let map = subject.map, let region = known.first(.region) {
      if let fill = RegionFill(region, overflow: overflow, in: map, script: subject.script) {
        details = [fill.summary] + fill.rows
      }
    }
    if details.isEmpty, !subject.wroteNoMap {
      next =
        "link once more with -Map=FILE and give that map, too: it tells what fills the region; then "
        + known.kind.next
    }
  }
}
