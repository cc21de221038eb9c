// Templates of scripts: names between marks that sed or configure replaces before a linker sees the file.
//
//     . = %MEMBASE%;
//     @PREFIX@PROVIDE(_end = .);

extension ScriptParser {
  /// Where an error stands on a line with such a name, says once what the file is, in place of every error that follows
  /// from it.
  mutating func reportTemplate() {
    let source = lexer.span(0, 0).source
    let isOfText: (Diagnostic) -> Bool = { diagnostic in
      diagnostic.span?.source == source
        && (diagnostic.severity == .error || diagnostic.id == .invalidCharacter)
    }
    let errors = script.diagnostics.filter { isOfText($0) && $0.severity == .error }
    let reader = lexer.reader
    let names = errors.compactMap { error in
      error.span.flatMap { Self.placeholder(at: Int($0.start), reader) }
    }
    guard let name = names.first else { return }
    script.diagnostics.removeAll(where: isOfText)
    errorCount = 0
    let text = String(decoding: lexer.reader.copy(name.lowerBound, name.upperBound), as: UTF8.self)
    error(
      .syntaxError,
      "'\(text)' is a name that the build replaces: this is the template of a script, which no linker reads as it is; "
        + "give the script that the build makes of it",
      at: lexer.span(name.lowerBound, name.upperBound))
  }

  /// The `%NAME%` at an error, where an operator is no value, or the first `@NAME@` of its line.
  private static func placeholder(at error: Int, _ reader: ByteReader) -> Range<Int>? {
    guard error < reader.count else { return nil }
    if let name = marked(UInt8(ascii: "%"), from: error, reader) { return name }
    var at = error
    while at > 0, reader[at - 1] != 0x0A { at &-= 1 }
    while at < reader.count, reader[at] != 0x0A {
      if let name = marked(UInt8(ascii: "@"), from: at, reader) { return name }
      at &+= 1
    }
    return nil
  }

  /// The name between two marks that begins at `start`.
  private static func marked(_ mark: UInt8, from start: Int, _ reader: ByteReader) -> Range<Int>? {
    guard reader[start] == mark else { return nil }
    var end = start + 1
    while end < reader.count, isWord(reader[end]) { end &+= 1 }
    return end > start + 1 && end < reader.count && reader[end] == mark ? start..<end + 1 : nil
  }

  static func isWord(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
  }
}
