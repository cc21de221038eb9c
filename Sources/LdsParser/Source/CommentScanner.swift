// Finds the comments that speak to this program in text as the author wrote it, before any preprocessing.
//
//     /* lds-check: disable=load-address the loader moves us */
//     /* SAF-12-safe documented in safe.json */

/// A comment in C or in a linker script, from `/*` to `*/`.
public struct SourceComment: Sendable, Hashable {
  /// The whole comment.
  public var span: SourceSpan
  /// Lines of the statement that it is about, 1-based: its own if there is code on it, else the next one.
  public var lines: ClosedRange<Int>
  /// The text between the delimiters without blanks around it.
  public var text: [UInt8]
}

/// Scanner for comments.
public struct CommentScanner {
  /// A statement over more lines than this is looked at only so far.
  private static let statementLines = 64
  /// And only so many bytes and comments beside one comment are looked at, so that time stays in proportion.
  private static let statementBytes = 4 << 10
  private static let skippedComments = 16

  private let reader: ByteReader
  private let source: SourceID
  private let lines: LineTable

  /// The comments of `source` that begin with `lds-check:` or `SAF-`, in order.
  public static func directives(in source: SourceID, of sources: SourceSet) -> [SourceComment] {
    let buffer = sources.buffer(source)
    guard mayHold(buffer.reader) else { return [] }
    let scanner = CommentScanner(buffer.reader, source)
    return scanner.scan()
  }

  private init(_ reader: ByteReader, _ source: SourceID) {
    self.reader = reader
    self.source = source
    lines = LineTable(reader)
  }

  /// Whether the text holds one of the words at all: most files do not.
  private static func mayHold(_ reader: ByteReader) -> Bool {
    var position = 0
    while let dash = reader.firstIndex(of: UInt8(ascii: "-"), from: position, to: reader.count) {
      if dash >= 3 {
        switch (reader[dash - 3], reader[dash - 2], reader[dash - 1]) {
        case (UInt8(ascii: "l"), UInt8(ascii: "d"), UInt8(ascii: "s")),
          (UInt8(ascii: "S"), UInt8(ascii: "A"), UInt8(ascii: "F")):
          return true
        default: break
        }
      }
      position = dash + 1
    }
    return false
  }

  private func scan() -> [SourceComment] {
    var result: [SourceComment] = []
    var position = 0
    /// Whether there was anything but blanks and comments on this line so far.
    var hasCode = false
    /// Up to here `/*` opens no comment.
    var plainEnd = 0
    while position < reader.count {
      switch reader[position] {
      case UInt8(ascii: "\""):
        position = stringEnd(position)
        hasCode = true
      case UInt8(ascii: "/") where position >= plainEnd && isOpen(position):
        switch extent(position) {
        case .unclosed: return result
        case .plain(let end):
          plainEnd = end
          hasCode = true
          position += 2
        case .comment(let end):
          if let comment = comment(position, end, hasCode: hasCode) { result.append(comment) }
          if reader.firstIndex(of: 0x0A, from: position, to: end) != nil { hasCode = false }
          position = end
        }
      case let byte:
        if !Self.isBlank(byte) { hasCode = true }
        if byte == 0x0A { hasCode = false }
        position += 1
      }
    }
    return result
  }

  private func comment(_ start: Int, _ end: Int, hasCode: Bool) -> SourceComment? {
    guard isDirective(start) else { return nil }
    var text = reader.copy(start + 2, end - 2)[...]
    text = text.drop { Self.isBlank($0) }
    while let last = text.last, Self.isBlank(last) { text.removeLast() }
    return SourceComment(
      span: SourceSpan(
        source: source, start: UInt32(truncatingIfNeeded: start),
        end: UInt32(truncatingIfNeeded: end)
      ), lines: target(start, end, hasCode), text: Array(text))
  }

  // MARK: Bytes

  private static func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 }

  private func isOpen(_ position: Int) -> Bool {
    position + 1 < reader.count && reader[position] == UInt8(ascii: "/")
      && reader[position + 1] == UInt8(ascii: "*")
  }

  /// Whether the comment that opens at `position` begins with a word for this program.
  private func isDirective(_ position: Int) -> Bool {
    var start = position + 2
    while start < reader.count, Self.isBlank(reader[start]) { start += 1 }
    let word = reader.copy(start, min(start + 10, reader.count))
    return word.starts(with: "lds-check:".utf8) || word.starts(with: "SAF-".utf8)
  }

  /// What `/*` turns out to be.
  private enum Extent {
    /// A comment up to this offset.
    case comment(Int)
    /// A comment that nothing ends.
    case unclosed
    /// No comment for the linker, nor is any `/*` before this offset.
    case plain(Int)
  }

  /// `lib/*.o` in a pattern opens no comment for the linker. Taken for one it would hide what follows; so
  /// a comment for this program inside another shows that the other is none.
  private func extent(_ start: Int) -> Extent {
    let isDirective = isDirective(start)
    var position = start + 2
    while position + 1 < reader.count {
      if reader[position] == UInt8(ascii: "*"), reader[position + 1] == UInt8(ascii: "/") {
        return .comment(position + 2)
      }
      if !isDirective, isOpen(position), self.isDirective(position) { return .plain(position) }
      position += 1
    }
    return .unclosed
  }

  /// The offset after the comment at `start`; nil if there is none.
  private func commentEnd(_ start: Int) -> Int? {
    guard isOpen(start), case .comment(let end) = extent(start) else { return nil }
    return end
  }

  /// The offset after a string, or of the end of its line: strings of scripts hold no line ends.
  private func stringEnd(_ start: Int) -> Int {
    var position = start + 1
    while position < reader.count {
      if reader[position] == UInt8(ascii: "\"") { return position + 1 }
      if reader[position] == 0x0A { return position }
      position += 1
    }
    return position
  }

  // MARK: Lines

  /// The lines that a comment is about.
  private func target(_ start: Int, _ end: Int, _ hasCodeBefore: Bool) -> ClosedRange<Int> {
    if hasCodeBefore || hasCode(after: end) { return statement(atLine: lines.line(at: start)) }
    return statement(atLine: nextCodeLine(after: end))
  }

  private func hasCode(after offset: Int) -> Bool {
    var position = offset
    var skipped = 0
    while position < reader.count, reader[position] != 0x0A {
      if skipped < Self.skippedComments, let end = commentEnd(position) {
        position = end
        skipped += 1
      } else if Self.isBlank(reader[position]) {
        position += 1
      } else {
        return true
      }
    }
    return false
  }

  /// The next line, or the first after comments that stand there. A blank line ends the search.
  private func nextCodeLine(after offset: Int) -> Int {
    var position = offset
    var lineEnds = 0
    var skipped = 0
    while position < reader.count, lineEnds < 2 {
      if reader[position] == 0x0A {
        lineEnds += 1
        position += 1
      } else if Self.isBlank(reader[position]) {
        position += 1
      } else if skipped < Self.skippedComments, let end = commentEnd(position) {
        position = end
        lineEnds = 0
        skipped += 1
      } else {
        return lines.line(at: position)
      }
    }
    return lines.line(at: offset) + 1
  }

  /// The lines from `first` to the one that closes the parentheses opened on it.
  private func statement(atLine first: Int) -> ClosedRange<Int> {
    guard first <= lines.count else { return first...first }
    var position = lines.start(of: first)
    var depth = 0
    var last = first
    let end = min(reader.count, position + Self.statementBytes)
    while position < end, last - first < Self.statementLines {
      switch reader[position] {
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")"): depth -= 1
      case UInt8(ascii: "\""):
        position = stringEnd(position)
        continue
      case UInt8(ascii: "/"):
        if let end = commentEnd(position) {
          last += reader.copy(position, end).count { $0 == 0x0A }
          position = end
          continue
        }
      case 0x0A:
        if depth <= 0 { return first...last }
        last += 1
      default: break
      }
      position += 1
    }
    // Parentheses that never close say nothing about where the statement ends.
    return first...(depth > 0 ? first : last)
  }
}
