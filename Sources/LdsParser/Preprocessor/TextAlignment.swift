// From a place in the preprocessed file that kbuild left to the author's line: `xen.lds:240` of a linker
// message stands in a text made with -P, so lines there mean nothing. Our own expansion of the same script has
// the same tokens, and knows where each came from.

/// Pairs the tokens of a file with those of an expansion of the same script.
public struct TextAlignment: Sendable {
  private var offsets: [UInt32] = []
  private var ends: [UInt32] = []
  private var expandedOffsets: [UInt32] = []
  private var expandedEnds: [UInt32] = []
  /// Tokens that agree at the start and at the end of both texts.
  private var commonStart = 0
  private var commonEnd = 0
  private let expanded: SourceID

  /// Whether both texts have the same tokens throughout.
  public var isComplete: Bool {
    commonStart == offsets.count && offsets.count == expandedOffsets.count
  }

  /// Pairs `file` with `expanded`, both of `sources`.
  ///
  /// - Complexity: O(size of both texts).
  public init(of file: SourceID, to expanded: SourceID, in sources: SourceSet) {
    self.expanded = expanded
    let reader = sources.buffer(file).reader
    let other = sources.buffer(expanded).reader
    (offsets, ends) = Self.tokens(reader)
    (expandedOffsets, expandedEnds) = Self.tokens(other)
    let limit = min(offsets.count, expandedOffsets.count)
    func isSame(_ mine: Int, _ theirs: Int) -> Bool {
      let length = Int(ends[mine] - offsets[mine])
      return length == Int(expandedEnds[theirs] - expandedOffsets[theirs])
        && reader.equal(
          Int(offsets[mine]), other, Int(expandedOffsets[theirs]), length: length)
    }
    while commonStart < limit, isSame(commonStart, commonStart) { commonStart += 1 }
    while commonEnd < limit - commonStart,
      isSame(offsets.count - 1 - commonEnd, expandedOffsets.count - 1 - commonEnd)
    {
      commonEnd += 1
    }
  }

  /// The place in the expansion of the token at or after `offset` of the file. Nil where the two texts
  /// differ, which means that the file was made from another state of the script.
  public func expandedSpan(at offset: Int) -> SourceSpan? {
    var low = 0
    var high = offsets.count
    while low < high {
      let middle = (low + high) / 2
      if Int(ends[middle]) <= offset { low = middle + 1 } else { high = middle }
    }
    guard low < offsets.count else { return nil }
    let index: Int
    if low < commonStart {
      index = low
    } else if low >= offsets.count - commonEnd {
      index = low - offsets.count + expandedOffsets.count
    } else {
      return nil
    }
    return SourceSpan(source: expanded, start: expandedOffsets[index], end: expandedEnds[index])
  }

  /// The author's position of a 1-based line and column of the file.
  public func position(
    of file: SourceID, line: Int, column: Int = 1, in sources: SourceSet
  ) -> SourcePosition? {
    let range = sources.lineRange(file, line: line)
    let offset = min(range.lowerBound + max(column, 1) - 1, range.upperBound)
    guard !range.isEmpty, let span = expandedSpan(at: offset) else { return nil }
    return sources.position(of: span)
  }

  /// Words and single other characters; comments and blanks part them.
  private static func tokens(_ reader: ByteReader) -> ([UInt32], [UInt32]) {
    var starts: [UInt32] = []
    var ends: [UInt32] = []
    var position = 0
    while position < reader.count {
      let next = AuthoredText.skipped(reader, position, reader.count)
      if next > position {
        position = next
        continue
      }
      let start = position
      repeat {
        position += 1
      } while position < reader.count && isWordByte(reader[start])
        && isWordByte(reader[position])
      starts.append(UInt32(truncatingIfNeeded: start))
      ends.append(UInt32(truncatingIfNeeded: position))
    }
    return (starts, ends)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
      || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "$")
  }
}
