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
