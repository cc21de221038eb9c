// Patterns of section and file names as GNU ld matches them (ldlang.c, wildcardp and name_match): a name
// without `*`, `?` or `[` is compared byte for byte, another goes to fnmatch(3) without flags, so that `*` takes
// `/` and leading dots too.

/// A set of bytes.
package struct ByteSet: Sendable, Equatable {
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  /// Every byte.
  package static let all: ByteSet = {
    var set = ByteSet()
    set.words = (.max, .max, .max, .max)
    return set
  }()

  /// No byte.
  package init() {}

  /// One byte.
  package init(_ byte: UInt8) { insert(byte) }

  /// Adds a byte.
  package mutating func insert(_ byte: UInt8) {
    let bit: UInt64 = 1 << UInt64(byte & 63)
    switch byte >> 6 {
    case 0: words.0 |= bit
    case 1: words.1 |= bit
    case 2: words.2 |= bit
    default: words.3 |= bit
    }
  }

  /// Whether a byte is in it.
  package func contains(_ byte: UInt8) -> Bool {
    let word =
      switch byte >> 6 {
      case 0: words.0
      case 1: words.1
      case 2: words.2
      default: words.3
      }
    return word >> UInt64(byte & 63) & 1 == 1
  }

  /// The byte of a set of one; nil for another set.
  package var only: UInt8? {
    let count =
      words.0.nonzeroBitCount + words.1.nonzeroBitCount + words.2.nonzeroBitCount
      + words.3.nonzeroBitCount
    return count == 1 ? least : nil
  }

  /// The smallest byte; nil for the empty set.
  package var least: UInt8? {
    for (index, word) in [words.0, words.1, words.2, words.3].enumerated() where word != 0 {
      return UInt8(index * 64 + word.trailingZeroBitCount)
    }
    return nil
  }

  /// Every byte but these.
  package var inverted: ByteSet {
    var set = ByteSet()
    set.words = (~words.0, ~words.1, ~words.2, ~words.3)
    return set
  }

  /// Whether both have the same bytes.
  package static func == (left: ByteSet, right: ByteSet) -> Bool { left.words == right.words }
}

/// A pattern, taken apart.
package struct Glob: Sendable, Equatable {
  /// One part: any number of any bytes, or one byte of a set.
  package enum Part: Sendable, Equatable {
    case any
    case one(ByteSet)
  }

  /// The parts in order.
  package private(set) var parts: [Part] = []
  /// The name it stands for, if it stands for one only.
  package private(set) var literal: [UInt8]?
  /// What every name that it matches begins with; at least that.
  package private(set) var prefix: [UInt8] = []

  /// Reads a pattern.
  package init(_ pattern: [UInt8]) {
    guard pattern.contains(where: Self.wildcards.contains) else {
      parts = pattern.map { .one(ByteSet($0)) }
      literal = pattern
      prefix = pattern
      return
    }
    var position = 0
    var name: [UInt8]? = []
    while position < pattern.count {
      let byte = pattern[position]
      position += 1
      switch byte {
      case UInt8(ascii: "*"):
        if parts.last != .any { parts.append(.any) }
        name = nil
      case UInt8(ascii: "?"):
        parts.append(.one(.all))
        name = nil
      case UInt8(ascii: "["):
        if let (set, end) = Self.bracket(pattern, position) {
          parts.append(.one(set))
          position = end
          name = nil
        } else {
          parts.append(.one(ByteSet(byte)))
          name?.append(byte)
        }
      default:
        var taken = byte
        if byte == UInt8(ascii: "\\"), position < pattern.count {
          taken = pattern[position]
          position += 1
        }
        parts.append(.one(ByteSet(taken)))
        name?.append(taken)
      }
    }
    literal = name
    prefix = name ?? Array(pattern.prefix { !Self.special.contains($0) })
  }

  private static let wildcards = Array("*?[".utf8)
  private static let special = Array("*?[\\".utf8)

  /// `[a-z]`, `[!x]`, `[^x]`, `[[:digit:]]`; nil where no bracket closes it.
  private static func bracket(_ pattern: [UInt8], _ start: Int) -> (ByteSet, Int)? {
    var position = start
    var isInverted = false
    if position < pattern.count, [UInt8(ascii: "!"), UInt8(ascii: "^")].contains(pattern[position])
    {
      isInverted = true
      position += 1
    }
    var set = ByteSet()
    let first = position
    while position < pattern.count {
      if pattern[position] == UInt8(ascii: "]"), position > first {
        return (isInverted ? set.inverted : set, position + 1)
      }
      if let (members, end) = namedClass(pattern, position) {
        for member in members { set.insert(member) }
        position = end
        continue
      }
      guard let low = member(pattern, &position) else { return nil }
      guard position + 1 < pattern.count, pattern[position] == UInt8(ascii: "-"),
        pattern[position + 1] != UInt8(ascii: "]")
      else {
        set.insert(low)
        continue
      }
      position += 1
      guard let high = member(pattern, &position) else { return nil }
      if low <= high { for member in low...high { set.insert(member) } }
    }
    return nil
  }

  /// One byte of a bracket; a backslash takes the next one as it is.
  private static func member(_ pattern: [UInt8], _ position: inout Int) -> UInt8? {
    if pattern[position] == UInt8(ascii: "\\") { position += 1 }
    guard position < pattern.count else { return nil }
    defer { position += 1 }
    return pattern[position]
  }

  /// `[:digit:]` inside a bracket, in the C locale.
  private static func namedClass(_ pattern: [UInt8], _ start: Int) -> ([UInt8], Int)? {
    guard pattern[start...].starts(with: "[:".utf8) else { return nil }
    let name = pattern[(start + 2)...].prefix { $0 != UInt8(ascii: ":") }
    let end = name.endIndex
    guard pattern[end...].starts(with: ":]".utf8),
      let members = CharacterClassName(rawValue: String(decoding: name, as: UTF8.self))?.members
    else { return nil }
    return (members, end + 2)
  }

  /// Whether the pattern matches all of `name`.
  package func matches(_ name: [UInt8]) -> Bool {
    if let literal { return literal == name }
    var position = 0
    var index = 0
    var star: (part: Int, name: Int)?
    while index < name.count {
      if position < parts.count, case .one(let set) = parts[position], set.contains(name[index]) {
        position += 1
        index += 1
      } else if position < parts.count, parts[position] == .any {
        star = (position, index)
        position += 1
      } else if let last = star {
        position = last.part + 1
        index = last.name + 1
        star = (last.part, index)
      } else {
        return false
      }
    }
    return parts[position...].allSatisfy { $0 == .any }
  }
}

/// The classes that a bracket may name (POSIX, "RE Bracket Expression"), in the C locale.
private enum CharacterClassName: String {
  case alnum, alpha, blank, cntrl, digit, graph, lower, print, punct, space, upper, xdigit

  var members: [UInt8] {
    (0...127).filter { byte in
      let letter = byte | 0x20
      let isAlpha = (0x61...0x7A).contains(letter)
      let isDigit = (0x30...0x39).contains(byte)
      return switch self {
      case .alnum: isAlpha || isDigit
      case .alpha: isAlpha
      case .blank: byte == 0x20 || byte == 0x09
      case .cntrl: byte < 0x20 || byte == 0x7F
      case .digit: isDigit
      case .graph: (0x21...0x7E).contains(byte)
      case .lower: (0x61...0x7A).contains(byte)
      case .print: (0x20...0x7E).contains(byte)
      case .punct: (0x21...0x7E).contains(byte) && !isAlpha && !isDigit
      case .space: byte == 0x20 || (0x09...0x0D).contains(byte)
      case .upper: (0x41...0x5A).contains(byte)
      case .xdigit: isDigit || (0x61...0x66).contains(letter)
      }
    }
  }
}
