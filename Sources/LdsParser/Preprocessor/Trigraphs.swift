// Trigraphs, which ISO C had until C23: nine characters that old terminals lacked, written as three.
//
//     ??=define ALIGNED(x) ??(x??)        is #define ALIGNED(x) [x]

enum Trigraphs {
  /// `buffer` with each trigraph replaced by a spliced line end and the character it stands for: as long as
  /// before, so that places stay true. Nil if there is no trigraph.
  static func replaced(in buffer: SourceBuffer) -> SourceBuffer? {
    let reader = buffer.reader
    let question = UInt8(ascii: "?")
    var bytes: [UInt8]?
    var position = 0
    while let first = reader.firstIndex(of: question, from: position, to: reader.count),
      first + 2 < reader.count
    {
      position = first + 1
      guard reader[first + 1] == question, let character = character(reader[first + 2]) else {
        continue
      }
      if bytes == nil { bytes = reader.copy(0, reader.count) }
      bytes?.replaceSubrange(first..<(first + 3), with: [UInt8(ascii: "\\"), 0x0A, character])
      position = first + 3
    }
    return bytes.map { SourceBuffer(path: buffer.path, bytes: $0) }
  }

  private static func character(_ third: UInt8) -> UInt8? {
    switch third {
    case UInt8(ascii: "="): UInt8(ascii: "#")
    case UInt8(ascii: "("): UInt8(ascii: "[")
    case UInt8(ascii: ")"): UInt8(ascii: "]")
    case UInt8(ascii: "/"): UInt8(ascii: "\\")
    case UInt8(ascii: "'"): UInt8(ascii: "^")
    case UInt8(ascii: "<"): UInt8(ascii: "{")
    case UInt8(ascii: ">"): UInt8(ascii: "}")
    case UInt8(ascii: "!"): UInt8(ascii: "|")
    case UInt8(ascii: "-"): UInt8(ascii: "~")
    default: nil
    }
  }
}
