// All the texts that one script was made of: the files themselves, text expanded from them by the
// preprocessor, and for expanded text the way back to what the author wrote.

/// The sources of one analysis, in order of opening.
public struct SourceSet: Sendable {
  private struct Entry: Sendable {
    let buffer: SourceBuffer
    /// Offsets at which lines start, the first being 0; nil for a large source, which is scanned when
    /// a place in it is asked for.
    var lineStarts: [UInt32]?
    /// For a large source: line numbers of places here and there.
    let anchors: LineAnchors?
    /// For text made by the preprocessor or carrying line markers: where each piece came from.
    var origins: OriginTable?
  }

  /// Sources up to this size get a table of lines when they are added.
  private static let indexedBytes = 1 << 20

  private var entries: [Entry] = []

  /// An empty set.
  public init() {}

  /// Number of sources.
  public var count: Int { entries.count }

  /// Adds a source and returns its name in this set.
  ///
  /// `origins` is, for expanded text, the table that leads back to the author's files; `lines` are, for a
  /// large source, the lines that its reader counted on the way.
  public mutating func add(
    _ buffer: SourceBuffer, origins: OriginTable? = nil, lines: LineAnchors? = nil
  ) -> SourceID {
    let starts = buffer.count <= Self.indexedBytes ? Self.lineStarts(buffer, to: buffer.count) : nil
    entries.append(Entry(buffer: buffer, lineStarts: starts, anchors: lines, origins: origins))
    return SourceID(index: UInt32(truncatingIfNeeded: entries.count - 1))
  }

  /// Makes the table of lines of a large source too: for text of which many places will be asked for.
  mutating func indexLines(of id: SourceID) {
    let entry = entries[Int(id.index)]
    if entry.lineStarts != nil || entry.anchors != nil { return }
    entries[Int(id.index)].lineStarts = Self.lineStarts(entry.buffer, to: entry.buffer.count)
  }

  /// Adds line markers that were found while a source was read, in order of offset.
  public mutating func attach(_ markers: [OriginTable.LineMarker], to id: SourceID) {
    if markers.isEmpty { return }
    entries[Int(id.index)].origins = entries[Int(id.index)].origins ?? OriginTable()
    entries[Int(id.index)].origins?.lineMarkers = markers
  }

  /// The bytes of a source of this set.
  public func buffer(_ id: SourceID) -> SourceBuffer {
    entries[Int(id.index)].buffer
  }

  /// The origin table of expanded text; nil for a file read as it is.
  public func origins(_ id: SourceID) -> OriginTable? {
    entries[Int(id.index)].origins
  }

  /// 1-based line and byte column of `offset` in the source's own text, not looking through expansion.
  public func lineAndColumn(_ id: SourceID, offset: Int) -> (line: Int, column: Int) {
    let entry = entries[Int(id.index)]
    if entry.lineStarts == nil, let anchors = entry.anchors {
      return Self.lineAndColumn(entry.buffer, anchors, offset: offset)
    }
    let starts =
      entry.lineStarts ?? Self.lineStarts(entry.buffer, to: min(offset, entry.buffer.count))
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(starts[middle]) <= offset { low = middle } else { high = middle }
    }
    return (low + 1, offset - Int(starts[low]) + 1)
  }

  /// The bytes of 1-based `line`, without its line feed; empty past the end.
  public func lineRange(_ id: SourceID, line: Int) -> Range<Int> {
    let entry = entries[Int(id.index)]
    let starts = entry.lineStarts ?? Self.lineStarts(entry.buffer, to: entry.buffer.count)
    guard line >= 1, line <= starts.count else { return 0..<0 }
    let start = Int(starts[line - 1])
    let end = line < starts.count ? Int(starts[line]) - 1 : entry.buffer.count
    return start..<max(start, end)
  }

  /// The author's place of a span's first byte: through macro calls and line markers to the outermost
  /// text that a person wrote.
  public func position(of span: SourceSpan) -> SourcePosition {
    let authored = authoredSpan(of: span)
    let buffer = buffer(authored.source)
    let (line, column) = lineAndColumn(authored.source, offset: Int(authored.start))
    if let marker = origins(authored.source)?.lineMarker(before: authored.start) {
      let (markerLine, _) = lineAndColumn(authored.source, offset: Int(marker.offset))
      return SourcePosition(
        path: marker.path, line: marker.line + (line - markerLine - 1), column: column)
    }
    return SourcePosition(path: buffer.path, line: line, column: column)
  }

  /// The span in the author's file that a span of expanded text came from; the span itself when it is
  /// already in a file. For text from a macro this is the call, not the definition.
  public func authoredSpan(of span: SourceSpan) -> SourceSpan {
    var current = span
    // Expanded text never leads to expanded text of a later source, so this ends; the bound is a guard.
    for _ in 0..<entries.count {
      guard let origins = origins(current.source), let outer = origins.authored(current) else {
        return current
      }
      current = outer
    }
    return current
  }

  private static func lineAndColumn(
    _ buffer: SourceBuffer, _ anchors: LineAnchors, offset: Int
  ) -> (line: Int, column: Int) {
    let reader = buffer.reader
    let end = min(offset, reader.count)
    var (start, line) = anchors.anchor(before: end)
    while let newline = reader.firstIndex(of: 0x0A, from: start, to: end) {
      start = newline + 1
      line += 1
    }
    return (line + 1, offset - start + 1)
  }

  private static func lineStarts(_ buffer: SourceBuffer, to end: Int) -> [UInt32] {
    let reader = buffer.reader
    var starts: [UInt32] = [0]
    var position = 0
    while let newline = reader.firstIndex(of: 0x0A, from: position, to: end) {
      position = newline + 1
      starts.append(UInt32(truncatingIfNeeded: position))
    }
    return starts
  }
}
