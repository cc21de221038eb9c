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

  private let reader: ByteReader
  private let source: SourceID
  private let sources: SourceSet

  /// The comments of `source` that begin with `lds-check:` or `SAF-`, in order.
  public static func directives(in source: SourceID, of sources: SourceSet) -> [SourceComment] {
    let buffer = sources.buffer(source)
    guard mayHold(buffer.reader) else { return [] }
    let scanner = CommentScanner(reader: buffer.reader, source: source, sources: sources)
    return scanner.scan()
  }

  /// Whether the text holds one of the words at all: most files do not.
  private static func mayHold(_ reader: ByteReader) -> Bool {
    var position = 0
    while let dash = reader.firstIndex(of: UInt8(ascii: "-"), from: position, to: reader.count) {
      if dash >= 3 {
        let before = reader.copy(dash - 3, dash)
        if before.elementsEqual("lds".utf8) || before.elementsEqual("SAF".utf8) { return true }
      }
      position = dash + 1
    }
    return false
  }

  private func scan() -> [SourceComment] {
    var result: [SourceComment] = []
    var position = 0
    while position < reader.count {
      switch reader[position] {
      case UInt8(ascii: "\""): position = stringEnd(position)
      case UInt8(ascii: "/") where isOpen(position):
        guard let end = commentEnd(position) else { return result }
        if let comment = comment(position, end) { result.append(comment) }
        position = end
      default: position += 1
      }
    }
    return result
  }

  private func comment(_ start: Int, _ end: Int) -> SourceComment? {
    guard isDirective(start) else { return nil }
    var text = reader.copy(start + 2, end - 2)[...]
    text = text.drop { Self.isBlank($0) }
    while let last = text.last, Self.isBlank(last) { text.removeLast() }
    return SourceComment(
      span: SourceSpan(
        source: source, start: UInt32(truncatingIfNeeded: start),
        end: UInt32(truncatingIfNeeded: end)
      ), lines: target(start, end), text: Array(text))
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

  /// The offset after a comment, nil if it is not closed.
  ///
  /// `lib/*.o` in a pattern opens no comment for the linker. Taken for one it would hide what follows; so
  /// a comment for this program inside another counts, and text after that is read anew.
  private func commentEnd(_ start: Int) -> Int? {
    var position = start + 2
    while position + 1 < reader.count {
      if reader[position] == UInt8(ascii: "*"), reader[position + 1] == UInt8(ascii: "/") {
        return position + 2
      }
      if isOpen(position), isDirective(position), !isDirective(start) { return position }
      position += 1
    }
    return nil
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

  private func line(_ offset: Int) -> Int {
    sources.lineAndColumn(source, offset: offset).line
  }

  /// The lines that a comment is about.
  private func target(_ start: Int, _ end: Int) -> ClosedRange<Int> {
    let first = line(start)
    if hasCode(before: start) || hasCode(after: end) { return statement(atLine: first) }
    return statement(atLine: nextCodeLine(after: end))
  }

  private func hasCode(before offset: Int) -> Bool {
    let start = sources.lineRange(source, line: line(offset)).lowerBound
    var position = start
    while position < offset {
      if isOpen(position), let end = commentEnd(position), end <= offset {
        position = end
      } else if Self.isBlank(reader[position]) {
        position += 1
      } else {
        // What ends a comment of an earlier line is no code.
        return !(reader[offset - 1] == UInt8(ascii: "/") && offset - 1 == position)
      }
    }
    return false
  }

  private func hasCode(after offset: Int) -> Bool {
    var position = offset
    while position < reader.count, reader[position] != 0x0A {
      if isOpen(position), let end = commentEnd(position) {
        position = end
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
    while position < reader.count, lineEnds < 2 {
      if reader[position] == 0x0A {
        lineEnds += 1
        position += 1
      } else if Self.isBlank(reader[position]) {
        position += 1
      } else if isOpen(position), let end = commentEnd(position) {
        position = end
        lineEnds = 0
      } else {
        return line(position)
      }
    }
    return line(offset) + 1
  }

  /// The lines from `first` to the one that closes the parentheses opened on it.
  private func statement(atLine first: Int) -> ClosedRange<Int> {
    var position = sources.lineRange(source, line: first).lowerBound
    guard position > 0 || first == 1 else { return first...first }
    var depth = 0
    var last = first
    while position < reader.count, last - first < Self.statementLines {
      switch reader[position] {
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")"): depth -= 1
      case UInt8(ascii: "\""):
        position = stringEnd(position)
        continue
      case UInt8(ascii: "/") where isOpen(position):
        guard let end = commentEnd(position) else { return first...last }
        last += reader.copy(position, end).count { $0 == 0x0A }
        position = end
        continue
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
