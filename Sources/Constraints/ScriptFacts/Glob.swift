// Patterns of section and file names as GNU ld matches them: fnmatch(3) without flags, so that `*` takes
// `/` and leading dots too (ld-semantics 10.1).

/// A set of bytes.
struct ByteSet: Sendable, Equatable {
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  /// Every byte.
  static let all: ByteSet = {
    var set = ByteSet()
    set.words = (.max, .max, .max, .max)
    return set
  }()

  /// No byte.
  init() {}

  /// One byte.
  init(_ byte: UInt8) { insert(byte) }

  mutating func insert(_ byte: UInt8) {
    let bit: UInt64 = 1 << UInt64(byte & 63)
    switch byte >> 6 {
    case 0: words.0 |= bit
    case 1: words.1 |= bit
    case 2: words.2 |= bit
    default: words.3 |= bit
    }
  }

  func contains(_ byte: UInt8) -> Bool {
    let word =
      switch byte >> 6 {
      case 0: words.0
      case 1: words.1
      case 2: words.2
      default: words.3
      }
    return word >> UInt64(byte & 63) & 1 == 1
  }

  /// Every byte but these.
  var inverted: ByteSet {
    var set = ByteSet()
    set.words = (~words.0, ~words.1, ~words.2, ~words.3)
    return set
  }

  static func == (left: ByteSet, right: ByteSet) -> Bool { left.words == right.words }
}

/// A pattern, taken apart.
struct Glob: Sendable, Equatable {
  /// One part: any number of any bytes, or one byte of a set.
  enum Part: Sendable, Equatable {
    case any
    case one(ByteSet)
  }

  /// The parts in order.
  private(set) var parts: [Part] = []
  /// The name it stands for, if it stands for one only.
  private(set) var literal: [UInt8]?
  /// What every name that it matches begins with; at least that.
  private(set) var prefix: [UInt8] = []

  /// Reads a pattern.
  init(_ pattern: [UInt8]) {
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

  private static let special = Array("*?[\\".utf8)

  /// `[a-z]`, `[!x]`, `[^x]`; nil where no bracket closes it.
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
      let byte = pattern[position]
      if byte == UInt8(ascii: "]"), position > first {
        return (isInverted ? set.inverted : set, position + 1)
      }
      if position + 2 < pattern.count, pattern[position + 1] == UInt8(ascii: "-"),
        pattern[position + 2] != UInt8(ascii: "]")
      {
        if byte <= pattern[position + 2] {
          for member in byte...pattern[position + 2] { set.insert(member) }
        }
        position += 3
      } else {
        set.insert(byte)
        position += 1
      }
    }
    return nil
  }

  /// Whether the pattern matches all of `name`.
  func matches(_ name: [UInt8]) -> Bool {
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

extension Glob {
  /// Pairs of states looked at before the answer is given up as "no".
  private static let stateLimit = 4096

  /// Whether every name that `other` matches is matched by this pattern too.
  ///
  /// Exact: the states of `other` are walked together with the set of states this pattern may be in. A
  /// pair of patterns that would need too many of them counts as not contained.
  func contains(_ other: Glob) -> Bool {
    if let name = other.literal { return name.starts(with: prefix) && matches(name) }
    if literal != nil { return false }
    if parts == [.any] { return true }
    // Most pairs of patterns differ in their first bytes.
    guard other.prefix.starts(with: prefix) else { return false }
    return Containment(self, other, limit: Self.stateLimit).holds
  }
}

/// The walk that decides whether one pattern contains another.
private struct Containment {
  private struct State: Hashable {
    var inner: Int
    var outer: [Int]
  }

  private let outer: Glob
  private let inner: Glob
  private let alphabet: [UInt8]
  private let limit: Int

  init(_ outer: Glob, _ inner: Glob, limit: Int) {
    self.outer = outer
    self.inner = inner
    self.limit = limit
    alphabet = Self.alphabet(outer.parts + inner.parts)
  }

  /// One byte of each kind that the patterns tell apart.
  private static func alphabet(_ parts: [Glob.Part]) -> [UInt8] {
    var sets: [ByteSet] = []
    for case .one(let set) in parts where !sets.contains(set) { sets.append(set) }
    var seen: Set<[Bool]> = []
    return (UInt8.min...UInt8.max).filter { byte in
      seen.insert(sets.map { $0.contains(byte) }).inserted
    }
  }

  var holds: Bool {
    let start = State(inner: 0, outer: closure([0]))
    var seen: Set<State> = [start]
    var open = [start]
    while let state = open.popLast() {
      if accepts(inner, state.inner), !state.outer.contains(outer.parts.count) { return false }
      if state.inner == inner.parts.count { continue }
      for next in successors(of: state) where seen.insert(next).inserted {
        if seen.count > limit { return false }
        open.append(next)
      }
    }
    return true
  }

  /// Whether nothing but `*` is left.
  private func accepts(_ glob: Glob, _ position: Int) -> Bool {
    glob.parts[position...].allSatisfy { $0 == .any }
  }

  private func successors(of state: State) -> [State] {
    switch inner.parts[state.inner] {
    case .any:
      let skipped = State(inner: state.inner + 1, outer: state.outer)
      return [skipped]
        + alphabet.map { State(inner: state.inner, outer: closure(step(state.outer, $0))) }
    case .one(let set):
      return alphabet.filter(set.contains).map {
        State(inner: state.inner + 1, outer: closure(step(state.outer, $0)))
      }
    }
  }

  private func step(_ states: [Int], _ byte: UInt8) -> [Int] {
    states.compactMap { position in
      guard position < outer.parts.count else { return nil }
      switch outer.parts[position] {
      case .any: return position
      case .one(let set): return set.contains(byte) ? position + 1 : nil
      }
    }
  }

  /// The states and those behind their stars, in order.
  private func closure(_ states: [Int]) -> [Int] {
    var result: Set<Int> = []
    for state in states {
      var position = state
      result.insert(position)
      while position < outer.parts.count, outer.parts[position] == .any {
        position += 1
        result.insert(position)
      }
    }
    return result.sorted()
  }
}
