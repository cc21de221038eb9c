// The pieces of a script's text that its layout is made of. They are coarser than the linker's tokens, since a
// script that is not preprocessed yet has none: what `FOO(.text-x)` is, only its macros know.

/// One piece of text that is never changed, with what stood before it.
struct LayoutToken {
  enum Kind: Equatable {
    /// A run of bytes without blanks: a name, a pattern, a number, an operator outside of expressions.
    case word
    /// `"text"`
    case string
    /// An operator where the linker reads an expression whatever the macros are.
    case sign
    /// A comma there.
    case comma
    case leftParen, rightParen, leftBrace, rightBrace, semicolon
    /// `/* text */`
    case comment
    /// `// text` or `# text` behind code: reaches to the end of its line.
    case lineComment
    /// A line that begins with `#`, with the lines that continue it.
    case directive(Directive)
  }

  /// What a directive does to the nesting of the lines around it.
  enum Directive: Equatable {
    case opensBranches, nextBranch, endsBranches, other
  }

  var kind: Kind
  /// Its bytes.
  var range: Range<Int>
  /// Line ends between it and the token before.
  var lineEnds: Int
  /// Whether nothing stands between it and the token before.
  var isGlued: Bool
  /// Whether the author set it off by more than one blank.
  var isSetOff: Bool
  /// Whether it stands where an expression is read, whatever the macros are.
  var isInExpression: Bool

  /// Whether it is neither a comment nor a directive.
  var isCode: Bool {
    switch kind {
    case .comment, .lineComment, .directive: false
    default: true
    }
  }

  /// Whether it is a directive of any kind.
  var isDirective: Bool {
    if case .directive = kind { true } else { false }
  }

  /// Whether blanks on its sides mean nothing in any state of the linker's lexer: no name holds such a byte.
  var isBracket: Bool {
    switch kind {
    case .leftParen, .rightParen, .leftBrace, .rightBrace, .semicolon: true
    default: false
    }
  }
}
