// Goes through a log line by line: whose line is it, and does it begin a message or carry one on?

/// Reads one log.
struct LogReader {
  /// Whether lines without a linker's name are messages.
  private let isBare: Bool
  private var log = LinkerLog()
  /// What the next link makes, where a line has told it.
  private var announced: [UInt8]?
  /// Whether the next message belongs to another link than the last.
  private var isBetweenLinks = true
  /// Links whose output the failure of a build tool has named.
  private var linksNamed = 0
  /// Whether lines that nobody claims may carry on the last message.
  private var isInMessage = false
  /// What `in function` said, and the last line for which it holds.
  private var context = MessageOrigin()
  private var contextLine = 0

  /// Lines that the message of an ASSERT may have.
  private static let longestMessage = 16
  private static let keptSuspects = 64

  init(isBare: Bool) { self.isBare = isBare }

  /// Reads `buffer`, and is done.
  consuming func read(_ buffer: SourceBuffer) -> LinkerLog {
    let reader = buffer.reader
    let hasMark = buffer.bytes(in: 0..<3) == [0xEF, 0xBB, 0xBF]
    var start = hasMark ? 3 : 0
    while start < reader.count {
      let end = reader.firstIndex(of: 0x0A, from: start, to: reader.count) ?? reader.count
      log.lineCount += 1
      add(reader.copy(start, end)[...])
      start = end + 1
    }
    finish()
    return log
  }

  private mutating func add(_ line: ArraySlice<UInt8>) {
    let layers = LogDress.layers(of: LogDress.plain(line))
    for layer in layers {
      if let printed = PrintedBy(layer) { return addMessage(printed) }
      if carryOn(layer) { return }
      if let event = LinkEvent(layer) {
        log.isTranslated = log.isTranslated || LinkEvent.isTranslated(layer)
        note(event)
        return suspect(layers)
      }
      if enterFunction(layer) || addUnnamed(layer) { return }
    }
    let inner = layers[layers.count - 1]
    if isBare, !inner.isEmpty { return addMessage(PrintedBy(unnamed: inner)) }
    suspect(layers)
    follow(inner)
  }

  // MARK: Messages

  private mutating func addMessage(_ printed: PrintedBy) {
    var rest = printed.rest
    let severity = Self.takeSeverity(&rest)
    if enterFunction(rest) { return }
    if printed.family == .gold, severity == nil, isPreviousDefinition(rest) { return }
    var message = message(printed.family, severity, rest, isOfScript: printed.isTight)
    message.printed = Array(printed.rest)
    append(message)
  }

  /// A message of GNU ld behind `in function`, or of gold, has a place and no program in front.
  private mutating func addUnnamed(_ line: ArraySlice<UInt8>) -> Bool {
    if Self.isAboutDiscarded(line) {
      append(message(.gnu, nil, line, isOfScript: false))
      return true
    }
    guard let place = MessagePlace(line) else { return false }
    var rest = place.rest
    if Self.takeSeverity(&rest) == .error {
      // Compilers print such lines, too; gold's are about symbols or name a section.
      guard place.hasSection || rest.starts(with: Array("undefined reference to '".utf8)) else {
        return false
      }
      append(message(.gold, nil, line, isOfScript: false))
      return true
    }
    guard place.hasSection || contextLine == log.lineCount - 1 || Self.isAboutSymbol(rest) else {
      return false
    }
    append(message(.gnu, nil, line, isOfScript: false))
    return true
  }

  /// GNU ld names the program once and then only the place: these are its words.
  private static func isAboutSymbol(_ text: ArraySlice<UInt8>) -> Bool {
    ["undefined reference to `", "multiple definition of `", "relocation truncated to fit: "]
      .contains { text.starts(with: Array($0.utf8)) }
  }

  /// GNU ld prints this one alone without its name: "`f' referenced in section `.data' of a.o: defined in ...".
  private static func isAboutDiscarded(_ line: ArraySlice<UInt8>) -> Bool {
    line.first == UInt8(ascii: "`")
      && LogPiece.find(Array("' referenced in section `".utf8), in: line) != nil
  }

  private mutating func message(
    _ linker: LinkerFamily, _ severity: Severity?, _ text: ArraySlice<UInt8>, isOfScript: Bool
  ) -> LinkerMessage {
    var message = LinkerMessage(
      severity: severity ?? .error, linker: linker, file: nil, line: nil, text: Array(text),
      whole: Array(text), printed: Array(text), origin: MessageOrigin(), details: [], following: [],
      logLine: log.lineCount, link: 0)
    if severity == nil, Self.warnsOfFile(text) { message.severity = .warning }
    guard let place = MessagePlace(text) else { return message }
    message.file = place.file
    message.line = place.line
    message.origin.object = place.object
    message.origin.section = place.section
    message.origin.function = place.function
    let mayContinue = place.hasSection || Self.isAboutSymbol(place.rest)
    if linker == .gnu, place.object == nil, !isOfScript, mayContinue,
      contextLine >= log.lineCount - 1
    {
      message.origin.object = context.object
      message.origin.function = context.function
      contextLine = log.lineCount
    }
    var rest = place.rest
    if let inner = Self.takeSeverity(&rest), severity == nil { message.severity = inner }
    message.text = Array(rest)
    return message
  }

  /// `out: warning: ...`, as the BFD library marks warnings about one file.
  private static func warnsOfFile(_ text: ArraySlice<UInt8>) -> Bool {
    let file = text.prefix { $0 != UInt8(ascii: ":") && $0 != 0x20 }
    return text[file.endIndex...].starts(with: Array(": warning: ".utf8))
  }

  /// `start.o: in function `main':` is no message, it says where the next ones are.
  private mutating func enterFunction(_ text: ArraySlice<UInt8>) -> Bool {
    for word in [": in function `", ": In function `"].map({ Array($0.utf8) }) {
      guard let found = LogPiece.find(word, in: text), text.suffix(2).elementsEqual("':".utf8)
      else { continue }
      context.object = Array(text[..<found])
      context.function = Array(text[(found + word.count)...].dropLast(2))
      contextLine = log.lineCount
      isInMessage = false
      return true
    }
    return false
  }

  private mutating func append(_ message: LinkerMessage) {
    let isOther = log.links.last.map { $0.linker != message.linker } ?? true
    if isBetweenLinks || isOther {
      log.links.append(
        LoggedLink(output: announced, linker: message.linker, lines: log.lineCount...log.lineCount))
      announced = nil
      isBetweenLinks = false
    }
    log.messages.append(message)
    log.messages[log.messages.count - 1].link = log.links.count - 1
    extendLink()
    isInMessage = message.file == nil && message.origin.isEmpty
  }

  private mutating func extendLink() {
    guard let last = log.links.indices.last else { return }
    log.links[last].lines = log.links[last].lines.lowerBound...log.lineCount
  }

  // MARK: Lines that go with a message

  /// lld's `>>> ...`; mold's mark under a line of a script, with its message behind.
  private mutating func carryOn(_ line: ArraySlice<UInt8>) -> Bool {
    guard let last = log.messages.indices.last else { return false }
    if line.starts(with: Array(">>>".utf8)) {
      log.messages[last].details.append(Array(line))
    } else if log.messages[last].linker == .mold, log.messages[last].logLine == log.lineCount - 1,
      line.starts(with: Array("^ ".utf8))
    {
      log.messages[last].details.append(log.messages[last].text)
      log.messages[last].text = Array(line.dropFirst(2))
    } else {
      return false
    }
    extendLink()
    return true
  }

  /// gold says `other.o: previous definition here` on a line of its own.
  private mutating func isPreviousDefinition(_ text: ArraySlice<UInt8>) -> Bool {
    guard let last = log.messages.indices.last,
      LogPiece.find(Array(": previous definition here".utf8), in: text) != nil
    else { return false }
    log.messages[last].details.append(Array(text))
    extendLink()
    return true
  }

  private mutating func follow(_ line: ArraySlice<UInt8>) {
    guard isInMessage, let last = log.messages.indices.last else { return }
    if line.isEmpty || log.messages[last].following.count == Self.longestMessage {
      isInMessage = false
    } else {
      log.messages[last].following.append(Array(line))
    }
  }

  /// A message that begins with a line break, as those of cortex-m-rt do, has its text on the lines behind.
  private mutating func finish() {
    for index in log.messages.indices where log.messages[index].text.isEmpty {
      let lines = log.messages[index].following
      log.messages[index].text = Array(lines.joined(separator: [0x0A]))
      log.messages[index].whole = lines.first ?? []
      log.messages[index].printed = lines.first ?? []
      log.messages[index].following = Array(lines.dropFirst())
    }
    log.messages.removeAll { $0.text.isEmpty }
  }

  // MARK: Lines of others

  private mutating func note(_ event: LinkEvent) {
    isInMessage = false
    switch event {
    case .begins(let name): announced = name ?? announced
    case .failed(let name):
      guard let name, announced == nil, let last = log.links.indices.last,
        linksNamed <= last, !name.suffix(2).elementsEqual(".o".utf8)
      else { break }
      // Jobs that run side by side mix their announcements; what failed is told behind the messages.
      log.links[last].output = name
      linksNamed = last + 1
    }
    isBetweenLinks = true
  }

  /// Keeps a line that looks like an error of somebody else.
  private mutating func suspect(_ layers: [ArraySlice<UInt8>]) {
    guard log.suspects.count < Self.keptSuspects,
      let text = layers.first(where: Self.startsWithText) ?? layers.last
    else { return }
    let line = LoggedLine(number: log.lineCount, text: Array(text))
    if Self.holds(Self.marks, layers[0]) {
      log.suspects.append(line)
    } else if log.doubtful.count < Self.keptSuspects, Self.holds(Self.weakMarks, layers[0]) {
      log.doubtful.append(line)
    }
  }

  private static func startsWithText(_ line: ArraySlice<UInt8>) -> Bool {
    guard let first = line.first else { return false }
    return !LogPiece.isDigit(first) && LogPiece.isWord(first) || first == UInt8(ascii: "/")
  }

  /// Words with which compilers, build tools and CI services report errors.
  private static let marks = [
    ": error:", ": fatal error:", ": ERROR:", "error[", "##[error]", "::error", "*** [", "] Error ",
    "FAILED:", "panicked at", "undefined reference", "Segmentation fault", "core dumped",
  ].map { Array($0.utf8) }
  /// Words that stand in errors and elsewhere.
  private static let weakMarks = [
    "error:", "Error:", "ERROR", "Error ", "fatal", "Fatal", "FATAL", "failed", "FAILED",
    "not found",
    "No such file", "Killed",
  ].map { Array($0.utf8) }

  private static func holds(_ marks: [[UInt8]], _ line: ArraySlice<UInt8>) -> Bool {
    marks.contains { LogPiece.find($0, in: line) != nil }
  }

  private static func takeSeverity(_ text: inout ArraySlice<UInt8>) -> Severity? {
    for (word, severity) in severities where LogPiece.take(word, &text) {
      text = text.drop { $0 == 0x20 }
      return severity
    }
    return nil
  }

  private static let severities: [(StaticString, Severity)] = [
    ("fatal error:", .error), ("fatal:", .error), ("error:", .error), ("error,", .error),
    ("warning:", .warning), ("Warning:", .warning), ("warning,", .warning), ("note:", .note),
    ("NOTE:", .note),
  ]
}
