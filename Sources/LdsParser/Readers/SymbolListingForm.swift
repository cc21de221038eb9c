// Which form of symbol listing a text has: nm's bsd, posix and sysv forms, or Xen's own.
//
//   bsd    0000000000401040 T f1        posix  f1 T 401040 8        xen  0xffff82d040200008 t head.o#x
//   sysv   f1                  |0000000000401040|   T  |              FUNC|0000000000000008|     |.text

enum SymbolListingForm {
  case bsd
  case posix
  case sysV
  case xen

  var format: FileFormat {
    switch self {
    case .bsd: .nmBSD
    case .posix: .nmPosix
    case .sysV: .nmSysV
    case .xen: .xenSymbols
    }
  }

  /// Rows that are looked at.
  private static let sample = 64

  /// The form of the listing, or nil if the first rows do not agree on one.
  static func of(_ reader: ByteReader) -> Self? {
    var form: Self?
    var seen = 0
    var position = 0
    while position < reader.count, seen < sample {
      let lineEnd = reader.lineEnd(position)
      let end = reader.withoutReturn(position, lineEnd)
      if !isHeading(reader, position, end) {
        guard let row = formOfRow(reader, position, end), form == nil || form == row else {
          return nil
        }
        form = row
        seen += 1
      } else if reader.hasPrefix("Symbols from ", at: position, end: end) {
        return .sysV
      }
      position = lineEnd + 1
    }
    return form
  }

  /// Empty lines and the `file.o:` lines between the members of a listing.
  private static func isHeading(_ reader: ByteReader, _ start: Int, _ end: Int) -> Bool {
    if end == start { return true }
    if reader.hasPrefix("Symbols from ", at: start, end: end) { return true }
    return reader[end - 1] == UInt8(ascii: ":") && reader[start] != Byte.blank
      && reader.skipWord(start, end) == end
  }

  private static func formOfRow(_ reader: ByteReader, _ start: Int, _ end: Int) -> Self? {
    if XenSymbolsReader.row(reader, start, end) != nil { return .xen }
    if NMRow.bsd(reader, start, end) != nil { return .bsd }
    if NMRow.posix(reader, start, end) != nil { return .posix }
    return nil
  }
}

// What the readers of symbol lists share: every line is a row, or it is not known.
extension Image {
  /// A list that is read line by line. `read` takes the line from `start` to `end`, and tells whether it knows it.
  @inline(__always)
  static func listing(
    _ buffer: SourceBuffer, _ kind: ImageKind, _ description: String,
    _ read: (inout Image, _ reader: ByteReader, _ start: Int, _ end: Int) -> Bool
  ) -> Image {
    var image = Image(buffer: buffer, kind: kind)
    let source = image.sources.add(buffer, lines: LineAnchors())
    let reader = buffer.reader
    var unknown = UnknownLines()
    var position = 0
    while position < reader.count {
      let lineEnd = reader.lineEnd(position)
      let end = reader.withoutReturn(position, lineEnd)
      if !read(&image, reader, position, end) { unknown.add(position, end) }
      position = lineEnd + 1
    }
    image.note(unknown, in: source, of: description)
    return image
  }
}
