// Reads what ld, lld and gold print on standard error; lines of compilers and make between them are passed over.
//
//     ld:xen.lds:22: undefined symbol `nosuch' referenced in expression
//     ld: __2M_text_end misaligned
//     ld.lld: error: xen.lds:12: unable to move location counter (0x51) backward to 0x4 for section '.text'
//     ld.gold: error: xen.lds:1:37: syntax error, unexpected ';'

/// The messages of one log.
public struct LinkerLog: Sendable {
  /// The messages in order.
  public private(set) var messages: [LinkerMessage] = []

  /// Whether no line names the linker that printed it, so that every line is taken for a message: somebody cut
  /// the names off.
  public private(set) var isBare = false

  /// Reads `buffer`.
  ///
  /// - Complexity: O(size of the log).
  public init(_ buffer: SourceBuffer) {
    read(buffer)
    guard messages.isEmpty else { return }
    isBare = true
    read(buffer)
  }

  private mutating func read(_ buffer: SourceBuffer) {
    let reader = buffer.reader
    var start = 0
    var number = 0
    while start < reader.count {
      let end = reader.firstIndex(of: 0x0A, from: start, to: reader.count) ?? reader.count
      number += 1
      add(reader.copy(start, end), number)
      start = end + 1
    }
  }

  private mutating func add(_ line: [UInt8], _ number: Int) {
    var line = line[...]
    if line.last == 0x0D { line.removeLast() }
    if line.starts(with: Array(">>>".utf8)), !messages.isEmpty {
      messages[messages.count - 1].details.append(Array(line))
      return
    }
    guard var rest = isBare ? line : Self.withoutProgram(line) else { return }
    var message = LinkerMessage(
      severity: .error, file: nil, line: nil, text: [], details: [], logLine: number)
    Self.takeSeverity(&rest, &message)
    Self.takePlace(&rest, &message)
    Self.takeSeverity(&rest, &message)
    message.text = Array(rest)
    if !rest.isEmpty { messages.append(message) }
  }

  /// The line behind `ld: ` or `/usr/bin/x86_64-linux-gnu-ld.gold:`; nil if no linker printed it.
  private static func withoutProgram(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let path = line[..<colon]
    let name = path.lastIndex(of: UInt8(ascii: "/")).map { path[($0 + 1)...] } ?? path
    guard isLinker(String(decoding: name, as: UTF8.self)) else { return nil }
    return line[(colon + 1)...].drop { $0 == 0x20 }
  }

  private static func isLinker(_ name: String) -> Bool {
    let names = ["ld", "ld.bfd", "ld.gold", "ld.lld", "ld64.lld", "lld", "gold"]
    return names.contains { name == $0 || name.hasSuffix("-" + $0) }
  }

  private static func takeSeverity(_ rest: inout ArraySlice<UInt8>, _ message: inout LinkerMessage)
  {
    for (word, severity) in [
      ("fatal error: ", Severity.error), ("error: ", .error), ("warning: ", .warning),
      ("note: ", .note), ("NOTE: ", .note),
    ] where rest.starts(with: Array(word.utf8)) {
      rest = rest.dropFirst(word.utf8.count)
      message.severity = severity
      return
    }
  }

  /// `FILE:LINE: `, `FILE:LINE:COLUMN: ` or, as GNU ld has it for some messages, `FILE:LINE `.
  private static func takePlace(_ rest: inout ArraySlice<UInt8>, _ message: inout LinkerMessage) {
    guard let colon = rest.firstIndex(of: UInt8(ascii: ":")), colon > rest.startIndex else {
      return
    }
    let file = rest[..<colon]
    guard !file.contains(0x20), !file.contains(UInt8(ascii: "(")) else { return }
    var after = rest[(colon + 1)...]
    guard let line = takeNumber(&after) else { return }
    if after.first == UInt8(ascii: ":") {
      after = after.dropFirst()
      var behind = after
      if takeNumber(&behind) != nil, behind.first == UInt8(ascii: ":") {
        after = behind.dropFirst()
      }
    }
    guard after.first == 0x20 else { return }
    message.file = Array(file)
    message.line = line
    rest = after.drop { $0 == 0x20 }
  }

  private static func takeNumber(_ text: inout ArraySlice<UInt8>) -> Int? {
    let digits = text.prefix { $0 >= 0x30 && $0 <= 0x39 }
    guard !digits.isEmpty, digits.count < 10 else { return nil }
    text = text.dropFirst(digits.count)
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }
}
