// Operators and punctuation, longest match first.

enum Punctuation {
  /// The kind and length of the token that starts with these three bytes. Length 4 is `%:%:` when a colon
  /// follows, which the caller checks.
  static func scan(
    _ first: UInt8, _ second: UInt8, _ third: UInt8, isAssembler: Bool
  ) -> (MacroToken.Kind, Int) {
    let assigns = second == UInt8(ascii: "=")
    let doubled = second == first
    switch first {
    case UInt8(ascii: "="): return assigns ? (.equal, 2) : (.assign, 1)
    case UInt8(ascii: "!"): return assigns ? (.notEqual, 2) : (.not, 1)
    case UInt8(ascii: ">"):
      if doubled { return third == UInt8(ascii: "=") ? (.shiftRightAssign, 3) : (.shiftRight, 2) }
      return assigns ? (.greaterEqual, 2) : (.greater, 1)
    case UInt8(ascii: "<"):
      if doubled { return third == UInt8(ascii: "=") ? (.shiftLeftAssign, 3) : (.shiftLeft, 2) }
      if assigns { return (.lessEqual, 2) }
      if !isAssembler, second == UInt8(ascii: ":") { return (.openBracket, 2) }
      if !isAssembler, second == UInt8(ascii: "%") { return (.openBrace, 2) }
      return (.less, 1)
    case UInt8(ascii: "%"):
      if assigns { return (.percentAssign, 2) }
      if !isAssembler, second == UInt8(ascii: ">") { return (.closeBrace, 2) }
      if !isAssembler, second == UInt8(ascii: ":") {
        return third == UInt8(ascii: "%") ? (.hashHash, 4) : (.hash, 2)
      }
      return (.percent, 1)
    case UInt8(ascii: "+"):
      return doubled ? (.increment, 2) : assigns ? (.plusAssign, 2) : (.plus, 1)
    case UInt8(ascii: "-"):
      if second == UInt8(ascii: ">") { return (.arrow, 2) }
      return doubled ? (.decrement, 2) : assigns ? (.minusAssign, 2) : (.minus, 1)
    case UInt8(ascii: "*"): return assigns ? (.starAssign, 2) : (.star, 1)
    case UInt8(ascii: "/"): return assigns ? (.slashAssign, 2) : (.slash, 1)
    case UInt8(ascii: "&"): return doubled ? (.andAnd, 2) : assigns ? (.andAssign, 2) : (.and, 1)
    case UInt8(ascii: "|"): return doubled ? (.orOr, 2) : assigns ? (.orAssign, 2) : (.or, 1)
    case UInt8(ascii: "^"): return assigns ? (.xorAssign, 2) : (.xor, 1)
    case UInt8(ascii: "#"): return doubled ? (.hashHash, 2) : (.hash, 1)
    case UInt8(ascii: "."):
      return doubled && third == first ? (.ellipsis, 3) : (.dot, 1)
    case UInt8(ascii: ":"):
      if !isAssembler, second == UInt8(ascii: ">") { return (.closeBracket, 2) }
      return doubled && !isAssembler ? (.scope, 2) : (.colon, 1)
    default: return (single(first), 1)
    }
  }

  private static func single(_ byte: UInt8) -> MacroToken.Kind {
    switch byte {
    case UInt8(ascii: "?"): .question
    case UInt8(ascii: "~"): .tilde
    case UInt8(ascii: ","): .comma
    case UInt8(ascii: "("): .openParen
    case UInt8(ascii: ")"): .closeParen
    case UInt8(ascii: "["): .openBracket
    case UInt8(ascii: "]"): .closeBracket
    case UInt8(ascii: "{"): .openBrace
    case UInt8(ascii: "}"): .closeBrace
    case UInt8(ascii: ";"): .semicolon
    default: .other
    }
  }
}
