// A script's text in pieces, however unfinished it is: what an editor colours, folds and completes.

internal import LdsParser

/// One piece of text.
struct TextPiece {
  enum Kind {
    case word, string, comment, directive, punctuation
    case open, close
  }
  var kind: Kind
  var range: Range<Int>
}

/// The pieces of a text, in order. Nothing is an error: what is never closed reaches to the end.
struct TextPieces {
  let bytes: [UInt8]
  private(set) var pieces: [TextPiece] = []
  private var position = 0
  private var isAtLineStart = true

  init(_ bytes: [UInt8], upTo end: Int? = nil) {
    self.bytes = end.map { Array(bytes[..<min($0, bytes.count)]) } ?? bytes
    while position < self.bytes.count { read() }
  }

  private mutating func read() {
    let byte = bytes[position]
    switch byte {
    case 0x0A:
      isAtLineStart = true
      position += 1
      return
    case 0x20, 0x09, 0x0D:
      position += 1
      return
    case UInt8(ascii: "#") where isAtLineStart: add(.directive, to: directiveEnd())
    case UInt8(ascii: "#"): add(.comment, to: lineEnd(position))
    case UInt8(ascii: "\""): add(.string, to: end(of: "\"", from: position + 1))
    case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
      add(.comment, to: end(of: "*/", from: position + 2))
      return
    case UInt8(ascii: "/") where next == UInt8(ascii: "/"): add(.comment, to: lineEnd(position))
    case UInt8(ascii: "("), UInt8(ascii: "{"): add(.open, to: position + 1)
    case UInt8(ascii: ")"), UInt8(ascii: "}"): add(.close, to: position + 1)
    case let byte where Self.isNameByte(byte):
      var end = position + 1
      while end < bytes.count, Self.isNameByte(bytes[end]) { end += 1 }
      add(.word, to: end)
    default: add(.punctuation, to: position + 1)
    }
    isAtLineStart = false
  }

  private var next: UInt8? { position + 1 < bytes.count ? bytes[position + 1] : nil }

  private mutating func add(_ kind: TextPiece.Kind, to end: Int) {
    pieces.append(TextPiece(kind: kind, range: position..<end))
    position = end
  }

  private func lineEnd(_ start: Int) -> Int {
    bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
  }

  /// The end of a directive's line, with the lines that backslashes join to it. A comment in it that goes on
  /// belongs to it.
  private func directiveEnd() -> Int {
    var end = position
    while end < bytes.count, bytes[end] != 0x0A {
      if bytes[end] == UInt8(ascii: "\\"), end + 1 < bytes.count, bytes[end + 1] == 0x0A {
        end += 2
      } else if bytes[end...].starts(with: "/*".utf8) {
        end = self.end(of: "*/", from: end + 2)
      } else {
        end += 1
      }
    }
    return end
  }

  private func end(of text: String, from start: Int) -> Int {
    let wanted = Array(text.utf8)
    var offset = start
    while offset + wanted.count <= bytes.count {
      if bytes[offset] == wanted[0], bytes[offset...].starts(with: wanted) {
        return offset + wanted.count
      }
      offset += 1
    }
    return bytes.count
  }

  /// Whether the byte can be part of a symbol's or macro's name.
  static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2E, 0x24: true
    default: byte >= 0x80
    }
  }

  /// The name around or right before `offset`; nil where none is.
  static func name(in bytes: [UInt8], at offset: Int) -> Range<Int>? {
    var start = min(offset, bytes.count)
    while start > 0, isNameByte(bytes[start - 1]) { start -= 1 }
    var end = min(offset, bytes.count)
    while end < bytes.count, isNameByte(bytes[end]) { end += 1 }
    return start < end ? start..<end : nil
  }

  /// Every place where `name` stands as a word outside of comments and strings, those in directives included.
  static func words(_ name: [UInt8], in bytes: [UInt8]) -> [Range<Int>] {
    guard !name.isEmpty else { return [] }
    var found: [Range<Int>] = []
    for piece in TextPieces(bytes).pieces {
      switch piece.kind {
      case .word where bytes[piece.range].elementsEqual(name): found.append(piece.range)
      case .directive:
        // The words behind the `#`.
        let inner = Array(bytes[(piece.range.lowerBound + 1)..<piece.range.upperBound])
        for word in words(name, in: inner) {
          let start = piece.range.lowerBound + 1 + word.lowerBound
          found.append(start..<(start + word.count))
        }
      default: break
      }
    }
    return found
  }
}
