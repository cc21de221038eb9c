// `# 12 "xen.lds.S" 2`: what a C preprocessor leaves to say where the next line came from. To the linker it is
// a comment; to a reader of messages it is the way back to the file a person wrote.

extension Lexer {
  /// The line marker in the comment `start..<end`, which begins with `#`, or nil if it is another comment.
  func lineMarker(from start: Int, to end: Int) -> OriginTable.LineMarker? {
    guard isFirstOnLine(start) else { return nil }
    var at = skipBlanks(from: start &+ 1, to: end)
    let word: StaticString = "line"
    if at &+ 4 < end, zip(word.description.utf8, at...).allSatisfy({ reader[$1] == $0 }) {
      at = skipBlanks(from: at &+ 4, to: end)
    }
    let digits = at
    at = min(self.end(of: .decimal, from: at), end)
    guard at > digits, at &- digits <= 9 else { return nil }
    let line = Int(truncatingIfNeeded: value(digits, at, radix: 10))
    at = skipBlanks(from: at, to: end)
    guard at < end, reader[at] == 0x22, let path = fileName(from: at &+ 1, to: end) else {
      return nil
    }
    return OriginTable.LineMarker(
      offset: UInt32(truncatingIfNeeded: start), line: line, path: path)
  }

  private func isFirstOnLine(_ start: Int) -> Bool {
    var at = start
    while at > 0 {
      at &-= 1
      if reader[at] == 0x0A { return true }
      if reader[at] != 0x20, reader[at] != 0x09 { return false }
    }
    return true
  }

  private func skipBlanks(from start: Int, to end: Int) -> Int {
    var at = start
    while at < end, reader[at] == 0x20 || reader[at] == 0x09 { at &+= 1 }
    return at
  }

  /// The name up to the closing quote; the preprocessor puts a backslash before quotes and backslashes.
  private func fileName(from start: Int, to end: Int) -> FilePath? {
    var bytes: [UInt8] = []
    var at = start
    while at < end {
      var byte = reader[at]
      if byte == 0x22 { return FilePath(bytes: bytes) }
      if byte == 0x5C, at &+ 1 < end {
        at &+= 1
        byte = reader[at]
      }
      bytes.append(byte)
      at &+= 1
    }
    return nil
  }
}
