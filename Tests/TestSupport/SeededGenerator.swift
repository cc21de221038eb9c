// Random numbers that are the same run after run, so that a failing case can be repeated.

/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
public struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  /// A generator that starts at `seed`.
  public init(seed: UInt64) {
    state = seed
  }

  /// The next number.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// A number below `bound`.
  public mutating func below(_ bound: Int) -> Int {
    Int.random(in: 0..<Swift.max(bound, 1), using: &self)
  }

  /// True once in `chances` times.
  public mutating func once(in chances: Int) -> Bool {
    below(chances) == 0
  }

  /// One of `choices`; nil only if there are none.
  public mutating func pick<Choice>(_ choices: [Choice]) -> Choice? {
    choices.randomElement(using: &self)
  }
}
