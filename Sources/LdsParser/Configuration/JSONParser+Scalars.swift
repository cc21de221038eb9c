// Strings, numbers and words of JSON, and what is said about text that is none.

extension JSONParser {
  mutating func readString() throws(Stop) {
    let start = position
    position += 1
    while position < reader.count {
      let byte = reader[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        append(.string, from: start, to: position)
        return
      case UInt8(ascii: "\\"):
        readEscape()
      case 0..<0x20:
        throw fail(
          byte == 0x0A
            ? "found the end of the line in a string, expected '\"'"
            : "found \(found()) in a string, expected an escape such as \\t or \\u0009")
      case 0x80...:
        try readMultibyte()
      default:
        position += 1
      }
    }
    position = start
    throw fail("the string is not closed before the end of the file, expected '\"'")
  }

  /// A bad escape is reported and left to be read as U+FFFD.
  private mutating func readEscape() {
    let start = position
    let (scalar, length) = JSONEscape.read(reader, at: position, to: reader.count)
    position = min(position + length, reader.count)
    if scalar == nil {
      record(
        "bad-escape",
        "no such escape, expected \\\" \\\\ \\/ \\b \\f \\n \\r \\t, \\uXXXX or a surrogate pair",
        at: span(start, position))
    }
  }

  private mutating func readMultibyte() throws(Stop) {
    let bytes = reader.copy(position, min(position + 4, reader.count))
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&iterator) else {
      throw fail("found \(found()), expected UTF-8 text", id: "invalid-utf8")
    }
    position += UTF8.width(scalar)
  }

  mutating func readNumber() throws(Stop) {
    let start = position
    if at("-") { position += 1 }
    if at("0") {
      position += 1
      if at("x") || at("X") {
        throw fail("JSON has no hexadecimal numbers; write it as a string: \"0x...\"")
      }
      if digit() { throw fail("a number cannot start with 0") }
    } else {
      try readDigits()
    }
    if at(".") {
      position += 1
      try readDigits()
    }
    if at("e") || at("E") {
      position += 1
      if at("+") || at("-") { position += 1 }
      try readDigits()
    }
    append(.number, from: start, to: position)
  }

  private mutating func readDigits() throws(Stop) {
    guard digit() else { throw fail("found \(found()), expected a digit") }
    while digit() { position += 1 }
  }

  private func at(_ scalar: Unicode.Scalar) -> Bool {
    position < reader.count && reader[position] == UInt8(ascii: scalar)
  }

  private func digit() -> Bool {
    position < reader.count && (0x30...0x39).contains(reader[position])
  }

  /// `true`, `false`, `null`
  mutating func readWord() throws(Stop) {
    let word = text(position, wordEnd())
    switch word {
    case "true", "false": append(.boolean, from: position, to: position + word.utf8.count)
    case "null": append(.null, from: position, to: position + word.utf8.count)
    default: throw fail("found \(found()), expected \(hint(word))")
    }
    position += word.utf8.count
  }

  /// What to write instead of `word`.
  private func hint(_ word: String) -> String {
    switch word.lowercased() {
    case "true", "false", "null": return "'\(word.lowercased())' in small letters"
    case "none", "nil": return "'null'"
    default: break
    }
    if at("'") { return "a value; strings stand in double quotes" }
    if at("/") { return "a value; JSON has no comments" }
    if at(",") { return "a value before the comma" }
    return word.isEmpty ? "a value" : "a value; strings stand in double quotes"
  }

  // MARK: Faults

  /// Records the fault that ends the reading.
  mutating func fail(_ message: String, id: DiagnosticID = "json-syntax") -> Stop {
    let end = max(wordEnd(), min(position + 1, reader.count))
    record(id, message, at: span(min(position, reader.count), end))
    return Stop()
  }

  mutating func record(
    _ id: DiagnosticID, _ message: String, at span: SourceSpan, notes: [Diagnostic.Note] = []
  ) {
    guard diagnostics.count < Limit.reportedErrors else { return }
    diagnostics.append(
      Diagnostic(id: id, severity: .error, message: message, span: span, notes: notes))
  }

  func span(_ start: Int, _ end: Int) -> SourceSpan {
    SourceSpan(
      source: source, start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end)
    )
  }

  /// What stands at the current byte, for a message.
  func found() -> String {
    guard position < reader.count else { return "the end of the file" }
    let end = wordEnd()
    if end > position { return "'\(text(position, end))'" }
    let byte = reader[position]
    switch byte {
    case 0x0A: return "the end of the line"
    case 0x21..<0x7F: return "'\(Character(Unicode.Scalar(byte)))'"
    default: return "byte 0x" + String(byte, radix: 16)
    }
  }

  /// The end of the letters and digits at the current byte, of at most 20.
  private func wordEnd() -> Int {
    var end = position
    while end < reader.count, end - position < 20 {
      switch reader[end] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        end += 1
      default: return end
      }
    }
    return end
  }

  private func text(_ start: Int, _ end: Int) -> String {
    String(decoding: reader.copy(start, end), as: UTF8.self)
  }
}
