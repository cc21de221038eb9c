// One preprocessing token as the preprocessor handles it: 24 bytes without references, so that macro bodies
// and arguments are plain arrays.

/// A preprocessing token: its kind, where it was spelled, and which macro call produced it.
struct MacroToken {
  /// What the token is. The operators that make another operator when `=` follows come first.
  enum Kind: UInt8 {
    case assign, not, greater, less, plus, minus, star, slash, percent, and, or, xor
    case shiftRight, shiftLeft
    case tilde, andAnd, orOr, question, colon, comma, openParen, closeParen
    case equal, notEqual, greaterEqual, lessEqual
    case plusAssign, minusAssign, starAssign, slashAssign, percentAssign, andAssign, orAssign
    case xorAssign, shiftRightAssign, shiftLeftAssign
    case hash, hashHash, openBracket, closeBracket, openBrace, closeBrace, semicolon
    case ellipsis, increment, decrement, arrow, dot, scope
    case identifier, number, string, character, headerName
    /// A byte (or the rest of a line after a lone quote) that starts no other token.
    case other
    /// A parameter in a macro body; `value` is its number from 0.
    case parameter
    /// Stands between tokens of different origin, so that the printer keeps them apart.
    case padding
    /// The end of a directive, of a macro argument, or of all input.
    case end

    /// Whether `=` directly after the token would make another token of the two.
    var joinsAssign: Bool { rawValue <= Kind.shiftLeft.rawValue }

    /// Whether the token is an operator or punctuation.
    var isPunctuation: Bool { rawValue < Kind.identifier.rawValue }
  }

  /// Facts about one token.
  struct Flags: OptionSet {
    let rawValue: UInt8
    /// A blank, comment or (inside arguments) line end stands before the token. On padding: before its
    /// source token.
    static let prevWhite = Flags(rawValue: 1)
    /// First token of its line.
    static let lineStart = Flags(rawValue: 2)
    /// Left operand of `##`.
    static let pasteLeft = Flags(rawValue: 4)
    /// A macro name met inside its own expansion: never expanded any more.
    static let noExpand = Flags(rawValue: 8)
    /// A parameter after `#`.
    static let stringify = Flags(rawValue: 16)
    /// Padding that takes its blank from a source token.
    static let hasSource = Flags(rawValue: 32)
    /// An end token that closes a macro argument.
    static let argumentEnd = Flags(rawValue: 64)
  }

  var kind: Kind
  var flags: Flags
  /// Index of the source in the set where the token is spelled.
  var source: UInt16
  /// Offsets of the spelling.
  var start: UInt32
  var end: UInt32
  /// Index of an identifier's name; number of a parameter.
  var value: UInt32
  /// Index plus one of the macro call that produced the token; 0 for text of a file.
  var call: UInt32
  /// Index plus one of made text (pasted, stringified, spliced); 0 when the source's bytes are the text.
  var made: UInt32

  /// A token spelled at `start..<end` of `source`.
  init(kind: Kind, flags: Flags = [], source: UInt16, start: Int, end: Int) {
    self.kind = kind
    self.flags = flags
    self.source = source
    self.start = UInt32(truncatingIfNeeded: start)
    self.end = UInt32(truncatingIfNeeded: end)
    value = 0
    call = 0
    made = 0
  }

  /// Padding without a source: keeps the next token from joining the one before, adds no blank by itself.
  static let avoidPaste = MacroToken(kind: .padding, source: 0, start: 0, end: 0)

  /// Closes a macro argument while it is expanded by itself.
  static let argumentEnd = MacroToken(
    kind: .end, flags: .argumentEnd, source: 0, start: 0, end: 0)

  /// Padding that asks for a blank if one stood before `token`.
  static func padding(for token: MacroToken) -> MacroToken {
    var padding = avoidPaste
    padding.flags = token.flags.contains(.prevWhite) ? [.hasSource, .prevWhite] : .hasSource
    return padding
  }

  /// Where the token is spelled.
  var span: SourceSpan {
    SourceSpan(source: SourceID(index: UInt32(source)), start: start, end: end)
  }

  /// The macro call that produced the token, or nil for text of a file.
  var callIndex: Int? { call == 0 ? nil : Int(call) - 1 }
}
