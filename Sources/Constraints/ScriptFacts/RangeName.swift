// Names of the two ends of a stretch: `__start_t` and `__stop_t`, `_sdata` and `_edata`, `bss_start` and `bss_end`,
// `BssStart` and `BssEnd`.

/// A symbol's name in words, which underscores, `$`, `.` and capitals part.
struct RangeName {
  /// The words as written, and what stands between them.
  private var pieces: [String]

  private static let starts = ["start", "begin"]
  private static let ends: Set<String> = ["end", "stop"]

  init(_ name: String) {
    pieces = []
    var last: UInt8?
    for byte in name.utf8 {
      let isNew = last.map {
        Self.isWord($0) != Self.isWord(byte) || (Self.isLower($0) && Self.isUpper(byte))
      }
      if isNew ?? true { pieces.append("") }
      pieces[pieces.count - 1].unicodeScalars.append(Unicode.Scalar(byte))
      last = byte
    }
  }

  /// What the name is the end of, its words parted by underscores: `bss` for `__bss_end`, `Image_Binary` for
  /// `ImageBinaryEnd`. Nil if the last word is not one for an end; empty for `_end`.
  var endedSubject: String? {
    guard let last = pieces.lastIndex(where: Self.isWord),
      Self.ends.contains(pieces[last].lowercased())
    else { return nil }
    return pieces[..<last].filter(Self.isWord).joined(separator: "_")
  }

  /// The names that the start of a stretch may have of which this is the end: the word for the end replaced.
  var starts: [String] {
    pieces.indices.flatMap { index -> [String] in
      let word = pieces[index]
      if Self.ends.contains(word.lowercased()) {
        return Self.starts.map { replacing(index, by: Self.inCase(of: word, $0)) }
      }
      // `_sdata` and `_edata`, as scripts for microcontrollers have them.
      guard word.utf8.first == UInt8(ascii: "e"), word.utf8.count > 2 else { return [] }
      return [replacing(index, by: "s" + word.dropFirst())]
    }
  }

  private func replacing(_ index: Int, by word: String) -> String {
    var pieces = pieces
    pieces[index] = word
    return pieces.joined()
  }

  /// `Start` for `End`, `START` for `END`.
  private static func inCase(of model: String, _ word: String) -> String {
    guard let first = model.utf8.first, isUpper(first) else { return word }
    if model.utf8.allSatisfy(isUpper) { return word.uppercased() }
    return word.prefix(1).uppercased() + word.dropFirst()
  }

  private static func isWord(_ piece: String) -> Bool { piece.utf8.first.map(isWord) ?? false }

  private static func isWord(_ byte: UInt8) -> Bool {
    byte != UInt8(ascii: "_") && byte != UInt8(ascii: "$") && byte != UInt8(ascii: ".")
  }

  private static func isUpper(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5A }
  private static func isLower(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7A }
}
