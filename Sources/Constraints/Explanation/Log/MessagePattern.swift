// Patterns for the messages of linkers: literal text with holes that are kept.
//
//     region `*' overflowed by * bytes

/// A message with holes.
struct MessagePattern: Sendable {
  private let pieces: [[UInt8]]

  /// The pattern that `text` spells; each `*` is a hole.
  init(_ text: StaticString) {
    pieces = text.description.utf8.split(
      separator: UInt8(ascii: "*"), omittingEmptySubsequences: false
    ).map { Array($0) }
  }

  /// What stands in the holes of `message`; nil if it is another message. A hole takes as little as it can, the
  /// last one the rest.
  func match(_ message: [UInt8]) -> [[UInt8]]? {
    guard let first = pieces.first, message.starts(with: first) else { return nil }
    var position = first.count
    var holes: [[UInt8]] = []
    for (index, piece) in pieces.enumerated().dropFirst() {
      if piece.isEmpty, index == pieces.count - 1 {
        holes.append(Array(message[position...]))
        return holes
      }
      guard let found = Self.find(piece, in: message, from: position) else { return nil }
      holes.append(Array(message[position..<found]))
      position = found + piece.count
    }
    return position == message.count ? holes : nil
  }

  private static func find(_ piece: [UInt8], in text: [UInt8], from start: Int) -> Int? {
    guard piece.count <= text.count else { return nil }
    var position = start
    while position <= text.count - piece.count {
      if text[position..<position + piece.count].elementsEqual(piece) { return position }
      position += 1
    }
    return nil
  }
}
