// What may stand at a place of a script that is being written: decided by the text before it alone.

/// What a word at a place would be.
enum CompletionPlace: Equatable {
  /// The name of a directive behind `#`.
  case directive
  /// Nothing can be said: in a comment, a string.
  case nothing
  /// A statement, at one of three levels.
  case statement(CommandHelp.Place)
  /// A value.
  case expression
  /// Between a section's name and its brace.
  case header
  /// The name of an output section, a memory region, a program header.
  case section, region, segment
  /// The name of input sections.
  case pattern

  /// The place of `offset` in `bytes`.
  static func at(_ offset: Int, in bytes: [UInt8]) -> CompletionPlace {
    var start = min(offset, bytes.count)
    while start > 0, TextPieces.isNameByte(bytes[start - 1]) { start -= 1 }
    let pieces = TextPieces(bytes, upTo: start).pieces
    if let last = pieces.last, last.range.upperBound == start {
      switch last.kind {
      case .comment where !bytes[..<start].suffix(2).elementsEqual("*/".utf8): return .nothing
      case .string where last.range.count == 1 || bytes[start - 1] != 0x22: return .nothing
      case .directive:
        let words = bytes[(last.range.lowerBound + 1)..<start].split { $0 <= 0x20 }
        return words.isEmpty ? .directive : .expression
      default: break
      }
    }
    return CompletionReader(bytes: bytes, pieces: pieces).place
  }
}

/// Follows the brackets and statements before a place.
private struct CompletionReader {
  private struct Open {
    /// The word before the bracket.
    let word: String
    let isBrace: Bool
  }

  private let bytes: [UInt8]
  private var opens: [Open] = []
  /// Words and signs of the statement so far.
  private var words: [String] = []
  /// Whether the statement is the end of an output section: what stands behind `}`.
  private var isTail = false

  init(bytes: [UInt8], pieces: [TextPiece]) {
    self.bytes = bytes
    for piece in pieces { take(piece) }
  }

  private mutating func take(_ piece: TextPiece) {
    let text = String(decoding: bytes[piece.range], as: UTF8.self)
    switch piece.kind {
    case .comment, .directive: return
    case .open:
      opens.append(Open(word: words.last ?? "", isBrace: text == "{"))
      if text == "{" { begin() } else { words.append(text) }
    case .close:
      let isBrace = text == "}"
      while let last = opens.popLast(), last.isBrace != isBrace {}
      if isBrace {
        begin()
        isTail = true
      } else {
        words.append(text)
      }
    case .punctuation where text == ";":
      if opens.last?.isBrace ?? true { begin() }
    default:
      // A line of its own ends what stands behind a closing brace.
      if isTail, words.isEmpty || !Self.tailWords.contains(words[words.count - 1]),
        piece.kind == .word, text.first == "." || startsLine(piece)
      {
        begin()
      }
      words.append(text)
    }
  }

  private static let tailWords: Set<String> = [">", ":", "=", "AT"]

  private mutating func begin() {
    words = []
    isTail = false
  }

  private func startsLine(_ piece: TextPiece) -> Bool {
    var start = piece.range.lowerBound
    while start > 0, bytes[start - 1] == 0x20 || bytes[start - 1] == 0x09 { start -= 1 }
    return start == 0 || bytes[start - 1] == 0x0A
  }

  /// The commands whose blocks are open, and whether an output section is.
  private var level: CommandHelp.Place {
    let braces = opens.filter(\.isBrace)
    guard let first = braces.first else { return .top }
    if first.word == "SECTIONS" { return braces.count > 1 ? .outputSection : .sections }
    return first.word == "MEMORY" || first.word == "PHDRS" ? .header : .outputSection
  }

  var place: CompletionPlace {
    let isInParentheses = opens.last.map { !$0.isBrace } ?? false
    if isInParentheses { return inParentheses }
    if isTail, let last = words.last {
      if last == ">" { return .region }
      if last == ":" { return .segment }
    }
    if words.contains("=") || words.last == "=" { return .expression }
    switch level {
    case .top: return .statement(.top)
    case .sections:
      return words.isEmpty || isTail || !endsHeaderName ? .statement(.sections) : .header
    case .outputSection: return .statement(.outputSection)
    default: return words.isEmpty ? .nothing : .expression
    }
  }

  /// Whether the statement began as an output section does.
  private var endsHeaderName: Bool {
    guard let first = words.first, first.first == "." || first.first == "/" else { return false }
    return first != "."
  }

  private var inParentheses: CompletionPlace {
    let word = opens.last?.word ?? ""
    switch word {
    case "SIZEOF", "ADDR", "LOADADDR", "ALIGNOF", "NOCROSSREFS", "NOCROSSREFS_TO": return .section
    case "ORIGIN", "LENGTH", "REGION_ALIAS": return .region
    case "ENTRY", "EXTERN", "DEFINED": return .expression
    case "KEEP": return .statement(.outputSection)
    default: break
    }
    if level == .outputSection, !words.contains("="),
      CommandHelp.of(word)?.places.contains(.expression) != true,
      !Self.values.contains(word),
      opens.contains(where: { !$0.isBrace && !Self.values.contains($0.word) })
    {
      return .pattern
    }
    return .expression
  }

  private static let values: Set<String> = [
    "ASSERT", "PROVIDE", "HIDDEN", "PROVIDE_HIDDEN", "BYTE", "SHORT", "LONG", "QUAD", "SQUAD",
    "FILL", "AT",
    "SUBALIGN",
  ]
}
