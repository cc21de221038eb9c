// ASSERTs in text that a conditional leaves out, as a person counts them in the script:
//
//     #ifdef CONFIG_KEXEC
//     ASSERT(kexec_reloc_size <= PAGE_SIZE, "kexec_reloc is too large")
//     #endif

/// The ASSERTs of text that was not read: outside comments, quotes and directives.
struct LeftOutAssertions: Sendable {
  private(set) var count = 0
  /// The first one's word.
  private(set) var first: SourceSpan?

  /// Adds those of `start..<end`, which begins at a line's start or behind a directive.
  mutating func add(_ reader: ByteReader, from start: Int, to end: Int, in source: SourceID) {
    var position = start
    var isLineStart = true
    while position < end {
      let byte = reader[position]
      switch byte {
      case Byte.lineFeed: isLineStart = true
      case Byte.blank, Byte.tab, Byte.carriageReturn: break
      case UInt8(ascii: "#") where isLineStart:
        position = Self.endOfDirective(reader, position, end)
      case UInt8(ascii: "/") where reader.hasPrefix("/*", at: position, end: end):
        position = (reader.firstRange(of: "*/", from: position + 2, to: end) ?? end) + 1
      case UInt8(ascii: "/") where reader.hasPrefix("//", at: position, end: end):
        position = reader.lineEnd(position) - 1
      case UInt8(ascii: "\""):
        position = reader.firstIndex(of: byte, from: position + 1, to: end) ?? end
        isLineStart = false
      default:
        isLineStart = false
        if ScriptRecognizer.isNameByte(byte) {
          position = addWord(reader, position, end, source) - 1
        }
      }
      position += 1
    }
  }

  /// Passes a word, which counts if it is the name of a call of ASSERT; returns its end.
  private mutating func addWord(
    _ reader: ByteReader, _ start: Int, _ end: Int, _ source: SourceID
  ) -> Int {
    var position = start
    while position < end, ScriptRecognizer.isNameByte(reader[position]) { position += 1 }
    let next = reader.skipBlanks(position, end)
    guard position - start == 6, reader.hasPrefix("ASSERT", at: start, end: position), next < end,
      reader[next] == UInt8(ascii: "(")
    else { return position }
    count += 1
    if first == nil { first = ByteRange(start: start, end: position).span(in: source) }
    return position
  }

  /// The last byte of a directive with its continuation lines, before the line feed.
  private static func endOfDirective(_ reader: ByteReader, _ start: Int, _ end: Int) -> Int {
    var last = reader.lineEnd(start)
    while last < end, reader[reader.withoutReturn(start, last) - 1] == UInt8(ascii: "\\") {
      last = reader.lineEnd(last + 1)
    }
    return min(last, end) - 1
  }
}
