// The words of a linker script. What a run of bytes is depends on where it stands: `a-b` is one name at the
// top of a script and a subtraction inside an expression (ld-semantics 1.1).

/// Where the parser stands when it asks for a token; GNU ld's lexer has the same states.
enum LexerState: UInt8 {
  /// Top level, directly inside SECTIONS, MEMORY and PHDRS, and names in `ADDR(...)` and the like.
  case script
  /// Values, and everything between an output section's name and its brace.
  case expression
  /// Inside the braces of an output section.
  case wild
  /// Inside `INPUT(...)` and `GROUP(...)`.
  case inputList
  /// From `VERSION` to its closing brace; the lexer follows the nesting itself.
  case version

  /// The state as a bit of ``Keyword/states``.
  var mask: UInt8 { 1 << rawValue }
}

/// The kind of a token.
enum TokenKind: UInt8, CaseIterable {
  // Words.
  case name, libraryName, integer
  // The ends of things.
  case endOfFile, endOfInclude, unterminatedComment
  // Punctuation.
  case leftParen, rightParen, leftBrace, rightBrace, leftBracket, rightBracket
  case semicolon, comma, colon, question
  case assign, plusAssign, minusAssign, timesAssign, divideAssign
  case shiftLeftAssign, shiftRightAssign, andAssign, orAssign, xorAssign
  case plus, minus, times, divide, remainder, tilde, exclamation
  case ampersand, bar, caret, andAnd, orOr, equal, notEqual
  case less, greater, lessOrEqual, greaterOrEqual, shiftLeft, shiftRight
  // Keywords of scripts and expressions.
  case origin, length, block, bind, align, absolute, next, log2ceil, max, min
  case dataSegmentAlign, dataSegmentRelroEnd, dataSegmentEnd, segmentStart, sizeofHeaders
  case addr, loadaddr, alignof, sizeof, defined, constant
  case nocrossrefs, nocrossrefsTo, overlay, onlyIfRO, onlyIfRW, special, alignWithInput, subalign
  case assert, include, at, hidden, provide, provideHidden
  // Keywords of scripts.
  case memory, regionAlias, ldFeature, version, entry, extern, map, target, searchDir, output, input
  case group, lib, forceCommonAllocation, forceGroupAllocation, inhibitCommonAllocation, sections
  case insert, after, before, startup, outputFormat, outputArch, hll, syslib, float, nofloat, phdrs
  // Keywords of output section types, and of input lists.
  case noload, readonly, dsect, copy, info, type, asNeeded
  // Keywords inside output sections.
  case createObjectSymbols, constructors, fill, quad, squad, long, short, byte, asciz, linkerVersion
  case sortByName, sortByAlignment, sortByInitPriority, sortNone, reverse
  case inputSectionFlags, keep, excludeFile
  // Keywords of lld alone.
  case sectionClass, overwriteSections
  // Keywords of version scripts.
  case global, local, versionExtern
}

/// One token: its kind and its place in the current source.
struct Token {
  var kind: TokenKind
  /// Offset of the first byte, the opening quote included.
  var start: Int
  /// Offset after the last byte, the closing quote included.
  var end: Int
  /// The number, for ``TokenKind/integer``.
  var value: UInt64 = 0
  /// Whether a name was written in quotes.
  var isQuoted = false
}

extension TokenKind {
  /// Whether it is the name of a function of expressions.
  var isFunction: Bool {
    switch self {
    case .origin, .length, .block, .bind, .align, .absolute, .next, .log2ceil, .max, .min,
      .dataSegmentAlign, .dataSegmentRelroEnd, .dataSegmentEnd, .segmentStart, .sizeofHeaders,
      .addr, .loadaddr, .alignof, .sizeof, .defined, .constant:
      true
    default: false
    }
  }

  /// The operator of a compound assignment such as `+=`, or nil.
  var compoundOperator: BinaryOperator? {
    switch self {
    case .plusAssign: .add
    case .minusAssign: .subtract
    case .timesAssign: .multiply
    case .divideAssign: .divide
    case .shiftLeftAssign: .shiftLeft
    case .shiftRightAssign: .shiftRight
    case .andAssign: .bitAnd
    case .orAssign: .bitOr
    case .xorAssign: .bitXor
    default: nil
    }
  }

  /// Whether it makes the name before it the target of an assignment.
  var isAssignment: Bool { self == .assign || compoundOperator != nil }

  /// The operator it is between two values, or nil.
  var binaryOperator: BinaryOperator? {
    switch self {
    case .orOr: .logicalOr
    case .andAnd: .logicalAnd
    case .bar: .bitOr
    case .caret: .bitXor
    case .ampersand: .bitAnd
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .greater: .greater
    case .lessOrEqual: .lessOrEqual
    case .greaterOrEqual: .greaterOrEqual
    case .shiftLeft: .shiftLeft
    case .shiftRight: .shiftRight
    case .plus: .add
    case .minus: .subtract
    case .times: .multiply
    case .divide: .divide
    case .remainder: .remainder
    default: nil
    }
  }

  /// The operator it is before a value, or nil.
  var unaryOperator: UnaryOperator? {
    switch self {
    case .minus: .negate
    case .exclamation: .logicalNot
    case .tilde: .complement
    case .plus: .plus
    default: nil
    }
  }
}
