// Spans as editors name them: ranges of lines and characters, with a URI.

internal import LdsParser

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
