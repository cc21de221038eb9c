// Whether one pattern takes every name that another takes.

import LdsParser

extension Glob {
  /// Pairs of states looked at before the answer is given up as "no".
  private static let stateLimit = 4096

  /// Whether every name that `other` matches is matched by this pattern too.
  ///
  /// Exact: the states of `other` are walked together with the set of states this pattern may be in. A
  /// pair of patterns that would need too many of them counts as not contained. `steps` is how many more states
  /// may be looked at, over many calls.
  func contains(_ other: Glob, steps: inout Int) -> Bool {
    if let name = other.literal { return name.starts(with: prefix) && matches(name) }
    if literal != nil { return false }
    if parts == [.any] || self == other { return true }
    // Most pairs of patterns differ in their first bytes.
    guard other.prefix.starts(with: prefix) else { return false }
    // A name that stands for the others rules most of the rest out.
    guard matches(other.sample(avoiding: self)) else { return false }
    var walk = Containment(self, other, limit: min(steps, Self.stateLimit))
    defer { steps -= walk.visited }
    return walk.holds()
  }

  /// Whether every name that `other` matches is matched by this pattern too.
  func contains(_ other: Glob) -> Bool {
    var steps = Int.max
    return contains(other, steps: &steps)
  }

  /// A name that this pattern matches; where any bytes may stand, one stands that `outer` does not spell.
  private func sample(avoiding outer: Glob) -> [UInt8] {
    let spelled = Set(outer.runs.joined())
    let free = (1...UInt8.max).first { !spelled.contains($0) } ?? 1
    return parts.map { part in
      guard case .one(let set) = part, !set.contains(free) else { return free }
      return set.least ?? free
    }
  }

  /// The stretches of bytes that it spells, between its wildcards, in order; none of them is empty.
  var runs: [[UInt8]] {
    var runs: [[UInt8]] = []
    var isOpen = false
    for part in parts {
      guard case .one(let set) = part, let byte = set.only else {
        isOpen = false
        continue
      }
      if isOpen { runs[runs.count - 1].append(byte) } else { runs.append([byte]) }
      isOpen = true
    }
    return runs
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
  /// States looked at.
  private(set) var visited = 0

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

  mutating func holds() -> Bool {
    let start = State(inner: 0, outer: closure([0]))
    var seen: Set<State> = [start]
    var open = [start]
    while let state = open.popLast() {
      visited += 1
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
