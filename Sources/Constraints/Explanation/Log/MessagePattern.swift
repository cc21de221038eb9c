// Patterns for the messages of linkers: literal text with typed holes that are kept.
//
//     region `{region}' overflowed by {number} bytes

/// What a hole of a message holds.
enum MessageHole: String, Sendable {
  /// A symbol, decorated or not.
  case symbol
  /// A section of the output or of an input.
  case section
  /// A memory region.
  case region
  /// An entry of PHDRS.
  case segment
  /// The section that INSERT names.
  case anchor
  /// A file, with the member of an archive.
  case file
  /// A decimal number.
  case number
  /// A hexadecimal number, with `0x` or without.
  case hex
  /// One word.
  case word
  /// Anything.
  case text

  /// Whether `bytes` can stand in the hole.
  func takes(_ bytes: ArraySlice<UInt8>) -> Bool {
    switch self {
    case .number: !bytes.isEmpty && bytes.allSatisfy(Self.isDigit)
    case .hex:
      !bytes.isEmpty
        && (bytes.starts(with: Array("0x".utf8)) ? bytes.dropFirst(2) : bytes).allSatisfy(
          Self.isHexDigit)
    case .section, .region, .segment, .anchor, .word:
      !bytes.isEmpty && !bytes.contains(0x20) && !bytes.contains(0x0A)
    case .symbol: !bytes.isEmpty && !bytes.contains(0x0A)
    // Of names with blanks, paths are files, and what GNU ld 2.47 calls its own sections.
    case .file:
      bytes.elementsEqual("linker stubs".utf8)
        || !bytes.isEmpty && !bytes.contains(0x0A)
          && (!bytes.contains(0x20) || bytes.contains(UInt8(ascii: "/"))
            || bytes.contains(UInt8(ascii: "\\")))
    case .text: !bytes.contains(0x0A)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "f")
  }
}

/// A message with holes.
struct MessagePattern: Sendable {
  /// The text before the first hole.
  private let start: [UInt8]
  /// Each hole with the text behind it.
  private let parts: [(hole: MessageHole, then: [UInt8])]
  /// Messages of linkers are shorter; of a longer one nothing is sought.
  private static let longest = 4096

  /// The pattern that `text` spells.
  init(_ text: String) {
    var pieces = text.utf8.split(separator: UInt8(ascii: "{"), omittingEmptySubsequences: false)[
      ...]
    start = Array(pieces.removeFirst())
    parts = pieces.map { piece in
      let end = piece.firstIndex(of: UInt8(ascii: "}")) ?? piece.startIndex
      guard let hole = MessageHole(rawValue: String(decoding: piece[..<end], as: UTF8.self)) else {
        preconditionFailure("a pattern of this program names no hole: \(text)")
      }
      return (hole, Array(piece[end...].dropFirst()))
    }
  }

  /// Whether nothing else looks like it: every hole is bounded by more than the end of the message.
  var isDistinct: Bool {
    !parts.isEmpty && !parts.contains { $0.hole == .text || $0.hole == .file && $0.then.isEmpty }
      || parts.isEmpty && start.count > 20
  }

  /// What stands in the holes of `message`; nil if it is another message. A hole takes as little as it can.
  func match(_ message: [UInt8]) -> [(hole: MessageHole, name: [UInt8])]? {
    guard message.count <= Self.longest, message.starts(with: start) else { return nil }
    var names: [(MessageHole, [UInt8])] = []
    return fill(0, message[start.count...], &names) ? names : nil
  }

  private func fill(
    _ index: Int, _ rest: ArraySlice<UInt8>, _ names: inout [(MessageHole, [UInt8])]
  ) -> Bool {
    guard index < parts.count else { return rest.isEmpty }
    let (hole, then) = parts[index]
    if then.isEmpty, index == parts.count - 1 {
      guard hole.takes(rest) else { return false }
      names.append((hole, Array(rest)))
      return true
    }
    var from = rest.startIndex
    while let found = Self.find(then, in: rest, from: from) {
      let content = rest[..<found]
      if hole.takes(content) {
        names.append((hole, Array(content)))
        if fill(index + 1, rest[(found + then.count)...], &names) { return true }
        names.removeLast()
      }
      from = found + 1
    }
    return false
  }

  private static func find(_ part: [UInt8], in text: ArraySlice<UInt8>, from: Int) -> Int? {
    guard let first = part.first, part.count <= text.endIndex - from else { return nil }
    let last = text.endIndex - part.count
    var from = from
    while from <= last, let hit = text[from...last].firstIndex(of: first) {
      if text[hit...].starts(with: part) { return hit }
      from = hit + 1
    }
    return nil
  }
}
