// Text from files on its way to a terminal: nothing in it may steer the terminal or hide what it says.

/// Bytes made fit to be shown, and the columns they take.
///
///     ESC [ 3 1 m    ->  <1b>[31m
///     0xff           ->  <ff>
///     U+202E         ->  <U+202E>   (reverses what follows on screen)
enum DisplayText {
  /// One piece that is shown as a whole.
  struct Piece {
    /// Bytes of the input it stands for.
    let byteCount: Int
    let text: String
    /// Columns on a terminal.
    let width: Int
  }

  /// The pieces of one line; a tab fills up to the next multiple of 8 columns.
  static func pieces(_ bytes: [UInt8]) -> [Piece] {
    var pieces: [Piece] = []
    pieces.reserveCapacity(bytes.count)
    var column = 0
    var index = 0
    while index < bytes.count {
      let piece: Piece
      if bytes[index] == 0x09 {
        let width = 8 - column % 8
        piece = Piece(byteCount: 1, text: String(repeating: " ", count: width), width: width)
      } else {
        piece = Self.piece(bytes, at: index)
      }
      pieces.append(piece)
      column += piece.width
      index += piece.byteCount
    }
    return pieces
  }

  /// `text` with everything escaped that is no plain text; line feeds stay.
  static func escape(_ text: String) -> String {
    if isHarmless(text.utf8) { return text }
    return escape(Array(text.utf8))
  }

  /// `bytes` with everything escaped that is no plain text; line feeds stay.
  static func escape(_ bytes: [UInt8]) -> String {
    if isHarmless(bytes) { return String(decoding: bytes, as: UTF8.self) }
    var result = ""
    var index = 0
    while index < bytes.count {
      if bytes[index] == 0x0A {
        result += "\n"
        index += 1
      } else {
        let piece = Self.piece(bytes, at: index)
        result += piece.text
        index += piece.byteCount
      }
    }
    return result
  }

  /// `text` without what runners of CI jobs obey in any output: GitHub Actions a line that starts with `::`
  /// (blanks of every script are trimmed before it looks) and `##[` anywhere, Azure Pipelines `##vso[`.
  ///
  /// - Parameters:
  ///   - isAtLineStart: whether nothing but blanks stands before `text` on its line.
  ///   - shown: what is written for the first byte of such a mark.
  static func disarmed(
    _ text: String, isAtLineStart: Bool, shown: (UInt8) -> String = hex
  ) -> String {
    guard text.utf8.contains(where: { $0 == colon || $0 == hash }) else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var isBlank = isAtLineStart
    for (index, byte) in bytes.enumerated() {
      let rest = bytes[index...].dropFirst()
      let isCommand =
        switch byte {
        case colon: isBlank && rest.first == colon
        case hash: rest.starts(with: "#[".utf8) || rest.starts(with: "#vso[".utf8)
        default: false
        }
      if isCommand { result += shown(byte).utf8 } else { result.append(byte) }
      // Some characters beyond ASCII are blanks.
      isBlank = byte == 0x0A || isBlank && (byte == 0x20 || byte >= 0x80)
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static let colon = UInt8(ascii: ":")
  private static let hash = UInt8(ascii: "#")

  /// The lines of a source text, for a terminal: escaped, with tabs as blanks.
  static func sourceText(_ bytes: [UInt8]) -> String {
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    return lines.map { pieces(Array($0)).map(\.text).joined() }.joined(separator: "\n")
  }

  /// Columns that escaped text takes.
  static func width(_ text: String) -> Int {
    if isHarmless(text.utf8) { return text.utf8.count }
    return text.unicodeScalars.reduce(0) { $0 + width($1) }
  }

  /// Printable ASCII, as nearly everything is; Unicode's tables are slow to ask.
  private static func isHarmless(_ bytes: some Sequence<UInt8>) -> Bool {
    bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F || $0 == 0x0A }
  }

  private static func piece(_ bytes: [UInt8], at index: Int) -> Piece {
    let byte = bytes[index]
    if byte >= 0x20 && byte < 0x7F {
      return Piece(byteCount: 1, text: String(UnicodeScalar(byte)), width: 1)
    }
    var decoder = UTF8()
    var iterator = bytes[index..<min(index + 4, bytes.count)].makeIterator()
    guard byte >= 0x80, case .scalarValue(let scalar) = decoder.decode(&iterator) else {
      return Piece(byteCount: 1, text: hex(byte), width: 4)
    }
    let count = UTF8.width(scalar)
    if misleads(scalar) {
      let text = "<U+" + String(scalar.value, radix: 16, uppercase: true) + ">"
      return Piece(byteCount: count, text: text, width: text.utf8.count)
    }
    return Piece(byteCount: count, text: String(scalar), width: width(scalar))
  }

  private static func hex(_ byte: UInt8) -> String {
    "<" + (byte < 16 ? "0" : "") + String(byte, radix: 16) + ">"
  }

  /// C1 controls, line separators, and the formatting characters that turn text around or hide it.
  static func misleads(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      true
    default: false
    }
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: 0
    default: isWide(scalar.value) ? 2 : 1
    }
  }

  /// East Asian Wide and Fullwidth (UAX 11), in blocks, and emoji.
  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
      0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
