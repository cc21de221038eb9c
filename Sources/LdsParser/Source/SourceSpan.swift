// Where a piece of text stands: a source and a range of its bytes.

/// Names one source of a ``SourceSet``.
public struct SourceID: Hashable, Sendable {
  /// Position in the set, in order of opening.
  public let index: UInt32

  /// The source at `index` of its set.
  public init(index: UInt32) {
    self.index = index
  }
}

/// A range of bytes in one source: `start` is the first byte, `end` the first byte after.
public struct SourceSpan: Hashable, Sendable {
  /// The source that holds the text.
  public var source: SourceID
  /// Offset of the first byte.
  public var start: UInt32
  /// Offset after the last byte; equal to `start` for a place between two bytes.
  public var end: UInt32

  /// The bytes `start..<end` of `source`.
  public init(source: SourceID, start: UInt32, end: UInt32) {
    self.source = source
    self.start = start
    self.end = max(start, end)
  }

  /// The span from the start of this one to the end of `last`; this one if they are of different sources.
  public func extended(to last: SourceSpan) -> SourceSpan {
    guard last.source == source, last.end >= start else { return self }
    return SourceSpan(source: source, start: start, end: max(end, last.end))
  }

  /// The offsets as a range of integers.
  public var range: Range<Int> { Int(start)..<Int(end) }
}

/// A place as people name it.
public struct SourcePosition: Hashable, Sendable {
  /// The file's name.
  public var path: FilePath
  /// 1-based line.
  public var line: Int
  /// 1-based column in bytes, as gcc and ld count.
  public var column: Int

  /// Line `line`, byte column `column` of `path`.
  public init(path: FilePath, line: Int, column: Int) {
    self.path = path
    self.line = line
    self.column = column
  }

  /// `file:line:column`, as compilers name places.
  public var display: String { "\(path.display):\(line):\(column)" }
}
