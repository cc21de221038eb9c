// Places of a text as editors count them: lines from 0, and in a line units of UTF-16 or bytes of UTF-8.

internal import LdsParser

/// How an editor counts in a line (LSP 3.17, "PositionEncodingKind").
public enum PositionEncoding: String, Sendable {
  case utf16 = "utf-16"
  case utf8 = "utf-8"
}

/// A place as editors name it.
public struct EditorPosition: Sendable, Hashable, Comparable {
  /// From 0.
  public var line: Int
  /// Units of the encoding before it in its line.
  public var character: Int

  /// By line, then by character.
  public static func < (left: EditorPosition, right: EditorPosition) -> Bool {
    (left.line, left.character) < (right.line, right.character)
  }
}

/// The lines of one text.
public struct TextPositions: Sendable {
  /// The text.
  public let bytes: [UInt8]
  private let starts: [Int]
  private let encoding: PositionEncoding

  /// The places of `bytes`.
  public init(_ bytes: [UInt8], _ encoding: PositionEncoding) {
    self.bytes = bytes
    self.encoding = encoding
    var starts = [0]
    for (index, byte) in bytes.enumerated() where byte == 0x0A { starts.append(index + 1) }
    self.starts = starts
  }

  /// The place of a byte; the end for what lies behind it.
  public func position(of offset: Int) -> EditorPosition {
    let offset = max(0, min(offset, bytes.count))
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    let before = bytes[starts[low]..<offset]
    return EditorPosition(
      line: low, character: encoding == .utf8 ? before.count : Self.units(before))
  }

  /// The byte at a place; a place behind the end of its line is that end.
  public func offset(of position: EditorPosition) -> Int {
    guard position.line >= 0 else { return 0 }
    guard position.line < starts.count else { return bytes.count }
    let start = starts[position.line]
    let end = lineEnd(position.line)
    if encoding == .utf8 { return min(start + max(0, position.character), end) }
    var units = 0
    var offset = start
    while offset < end, units < position.character {
      let length = Self.length(bytes[offset])
      units += length == 4 ? 2 : 1
      offset += length
    }
    return min(offset, end)
  }

  /// Number of lines.
  public var lineCount: Int { starts.count }

  /// The first byte of a line, from 0.
  public func lineStart(_ line: Int) -> Int { starts[max(0, min(line, starts.count - 1))] }

  /// The end of a line, without what ends it.
  public func lineEnd(_ line: Int) -> Int {
    guard line + 1 < starts.count else { return bytes.count }
    let end = starts[line + 1] - 1
    return end > starts[line] && bytes[end - 1] == 0x0D ? end - 1 : end
  }

  private static func units(_ bytes: ArraySlice<UInt8>) -> Int {
    var units = 0
    for byte in bytes where byte & 0xC0 != 0x80 { units += byte >= 0xF0 ? 2 : 1 }
    return units
  }

  /// Bytes of the character that begins with `byte`; 1 for a byte that begins none.
  private static func length(_ byte: UInt8) -> Int {
    switch byte {
    case 0xC0..<0xE0: 2
    case 0xE0..<0xF0: 3
    case 0xF0..<0xF8: 4
    default: 1
    }
  }
}

/// Converts spans of one set of sources; the lines of each file are counted once.
final class PlaceConverter {
  private let sources: SourceSet
  private let encoding: PositionEncoding
  private var positions: [SourceID: TextPositions] = [:]

  init(_ sources: SourceSet, _ encoding: PositionEncoding) {
    self.sources = sources
    self.encoding = encoding
  }

  private func positions(of source: SourceID) -> TextPositions {
    if let known = positions[source] { return known }
    let buffer = sources.buffer(source)
    let new = TextPositions(buffer.bytes(in: 0..<buffer.count), encoding)
    positions[source] = new
    return new
  }

  /// The range of a span of an author's file.
  func range(_ span: SourceSpan) -> JSONValue {
    Self.range(span.range, positions(of: span.source))
  }

  /// Where the author wrote a span.
  func location(_ span: SourceSpan) -> JSONValue {
    let authored = sources.authoredSpan(of: span)
    return .object([
      "uri": .string(DocumentURI.uri(sources.buffer(authored.source).path)),
      "range": range(authored),
    ])
  }

  static func range(_ range: Range<Int>, _ positions: TextPositions) -> JSONValue {
    .object([
      "start": value(positions.position(of: range.lowerBound)),
      "end": value(positions.position(of: range.upperBound)),
    ])
  }

  static func value(_ position: EditorPosition) -> JSONValue {
    .object(["line": .integer(position.line), "character": .integer(position.character)])
  }
}
