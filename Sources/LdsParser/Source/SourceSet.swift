// All the texts that one script was made of: the files themselves, text expanded from them by the
// preprocessor, and for expanded text the way back to what the author wrote.

/// The sources of one analysis, in order of opening.
public struct SourceSet: Sendable {
  private struct Entry: Sendable {
    let buffer: SourceBuffer
    /// Where its lines start.
    let lines: Lines
    /// For text made by the preprocessor or carrying line markers: where each piece came from.
    var origins: OriginTable?
  }

  private enum Lines: Sendable {
    /// All of them.
    case table(LineTable)
    /// Line numbers of places here and there, from a reader that counted them on the way.
    case anchors(LineAnchors)
  }

  private var entries: [Entry] = []

  /// An empty set.
  public init() {}

  /// Number of sources.
  public var count: Int { entries.count }

  /// Adds a source and returns its name in this set.
  ///
  /// `origins` is, for expanded text, the table that leads back to the author's files; `lines` are the lines
  /// that a reader of large files counted on the way. Without it all of them are found here, so that any
  /// number of places in the source can be told.
  public mutating func add(
    _ buffer: SourceBuffer, origins: OriginTable? = nil, lines: LineAnchors? = nil
  ) -> SourceID {
    let lines = lines.map { Lines.anchors($0) } ?? .table(LineTable(buffer.reader))
    entries.append(Entry(buffer: buffer, lines: lines, origins: origins))
    return SourceID(index: UInt32(truncatingIfNeeded: entries.count - 1))
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
    switch entry.lines {
    case .table(let table):
      let line = table.line(at: offset)
      return (line, offset - table.start(of: line) + 1)
    case .anchors(let anchors):
      return Self.lineAndColumn(entry.buffer, anchors, offset: offset)
    }
  }

  /// The bytes of 1-based `line`, without its line feed; empty past the end.
  public func lineRange(_ id: SourceID, line: Int) -> Range<Int> {
    let entry = entries[Int(id.index)]
    switch entry.lines {
    case .table(let table):
      guard line >= 1, line <= table.count else { return 0..<0 }
      let start = table.start(of: line)
      let end = line < table.count ? table.start(of: line + 1) - 1 : entry.buffer.count
      return start..<max(start, end)
    case .anchors(let anchors): return Self.lineRange(entry.buffer, anchors, line: line)
    }
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

  private static func lineRange(
    _ buffer: SourceBuffer, _ anchors: LineAnchors, line: Int
  ) -> Range<Int> {
    let reader = buffer.reader
    guard line >= 1 else { return 0..<0 }
    var (start, before) = anchors.anchor(beforeLine: line)
    while before + 1 < line {
      guard let newline = reader.firstIndex(of: 0x0A, from: start, to: reader.count) else {
        return 0..<0
      }
      start = newline + 1
      before += 1
    }
    return start..<(reader.firstIndex(of: 0x0A, from: start, to: reader.count) ?? reader.count)
  }
}
