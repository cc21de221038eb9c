// Numbers of which something is known whatever the objects: bits, bounds, and how they hang together with
// other numbers.

internal import LdsParser

/// A thing outside the script that a number depends on.
package enum ProofSource: Sendable, Hashable {
  /// The address of a place.
  case place(PlaceID)
  /// How far one place is from another.
  case stretch(from: PlaceID, to: PlaceID)
  /// Something that no script tells.
  case missing(Missing)
}

/// What is known of a number of a link.
package struct AbstractNumber: Sendable, Hashable {
  /// Its known bits.
  package var bits: KnownBits
  /// Its bounds, unsigned.
  package var least: UInt64
  package var most: UInt64
  /// The number as a sum of places, if it is one.
  package var form: LinearForm?
  /// A number that it is not below, unless an alignment ran over the end of the address space.
  package var floor: LinearForm?
  /// Whether it is the same number in the last sizing pass and in the final pass.
  package var isSettled: Bool
  /// What it depends on; at most ``sourceLimit`` are kept.
  package var sources: [ProofSource]
  /// The steps through which it came, the steps that made its bits known, and those of its bounds.
  package var ownSteps = StepList()
  package var bitsSteps = StepList()
  package var rangeSteps = StepList()

  static let sourceLimit = 12

  /// Exactly `value`.
  package init(_ value: UInt64) {
    bits = KnownBits(value)
    least = value
    most = value
    form = LinearForm(value)
    isSettled = true
    sources = []
  }

  /// Nothing is known.
  package init(unknown sources: [ProofSource], isSettled: Bool = false) {
    bits = .none
    least = 0
    most = .max
    self.isSettled = isSettled
    self.sources = sources
  }

  /// A number of which bits and bounds are known.
  package init(bits: KnownBits, least: UInt64, most: UInt64) {
    self.bits = bits
    self.least = least
    self.most = most
    isSettled = true
    sources = []
    tighten()
  }

  /// The number, if it can be only one.
  package var exact: UInt64? { least == most ? least : nil }

  /// Whether it is zero; nil if it may or may not be.
  package var isZero: Bool? {
    if most == 0 { return true }
    return least > 0 || bits.value != 0 ? false : nil
  }

  /// Every step behind what is known.
  package var steps: StepList { ownSteps.union(bitsSteps).union(rangeSteps) }

  /// Lets bits and bounds sharpen each other.
  mutating func tighten() {
    if bits.exact != nil { rangeSteps = StepList() }
    if bits.least > least {
      least = bits.least
      rangeSteps = rangeSteps.union(bitsSteps)
    }
    if bits.most < most {
      most = bits.most
      rangeSteps = rangeSteps.union(bitsSteps)
    }
    if least >= most {
      // Bounds that contradict each other belong to links that do not exist.
      most = least
      if bits.exact == nil { bitsSteps = bitsSteps.union(rangeSteps) }
      bits = KnownBits(least)
      if form == nil {
        form = LinearForm(least)
        ownSteps = ownSteps.union(bitsSteps)
        bitsSteps = StepList()
      }
      rangeSteps = StepList()
    }
  }

  /// What is known if it is one of two numbers.
  func joined(_ other: AbstractNumber) -> AbstractNumber {
    if self == other { return self }
    var result = AbstractNumber(
      unknown: Self.union(sources, other.sources), isSettled: isSettled && other.isSettled)
    result.bits = bits.joined(other.bits)
    result.least = min(least, other.least)
    result.most = max(most, other.most)
    if form == other.form { result.form = form }
    result.ownSteps = ownSteps.union(other.ownSteps)
    result.bitsSteps = bitsSteps.union(other.bitsSteps)
    result.rangeSteps = rangeSteps.union(other.rangeSteps)
    return result
  }

  static func union(_ left: [ProofSource], _ right: [ProofSource]) -> [ProofSource] {
    if right.isEmpty { return left }
    if left.isEmpty { return right }
    var result = left
    for source in right where result.count < sourceLimit && !result.contains(source) {
      result.append(source)
    }
    return result
  }

  /// Numbers are equal if the same is known of them; how it came to be known does not count.
  package static func == (left: AbstractNumber, right: AbstractNumber) -> Bool {
    left.bits == right.bits && left.least == right.least && left.most == right.most
      && left.form == right.form && left.isSettled == right.isSettled
      && left.sources == right.sources && left.floor == right.floor
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(bits)
    hasher.combine(least)
    hasher.combine(most)
  }
}
