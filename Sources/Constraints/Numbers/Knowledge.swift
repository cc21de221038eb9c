// Numbers of which something is known whatever the objects: bits, bounds, and how they hang together with
// other numbers.

internal import LdsParser

/// A thing outside the script that a number depends on.
package enum NumberSource: Sendable, Hashable {
  /// The address of a place.
  case place(PlaceID)
  /// How far one place is from another.
  case stretch(from: PlaceID, to: PlaceID)
  /// Something that nothing at hand tells.
  case missing(Missing)
}

/// What is known of a number of a link.
package struct Knowledge: Sendable, Equatable {
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
  /// Whether the linker might stop at what is missing (a symbol that may not exist, a divisor that may be zero), so
  /// that nothing that depends on it can be decided.
  package var mayStop = false
  /// What it depends on, in the order of need; at most ``Lack/limit`` are kept.
  package var sources: [NumberSource]
  /// The steps through which it came, the steps that made its bits known, and those of its bounds.
  package var ownSteps = StepList()
  package var bitsSteps = StepList()
  package var rangeSteps = StepList()

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
  package init(unknown sources: [NumberSource], isSettled: Bool = false) {
    bits = .none
    least = 0
    most = .max
    self.isSettled = isSettled
    self.sources = sources
  }

  /// Nothing is known, for want of what `lack` names.
  package init(unknown lack: Lack) {
    self.init(unknown: lack.items.map { .missing($0) }, isSettled: true)
    mayStop = lack.mayStop
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

  /// Whether it is exact, and without a history.
  var isPlain: Bool {
    least == most && isSettled && !mayStop && sources.isEmpty && floor == nil
      && form?.terms.isEmpty == true && ownSteps.steps.isEmpty && bitsSteps.steps.isEmpty
      && rangeSteps.steps.isEmpty
  }

  /// What is missing to know it exactly; nil if it is known. Places count as the location counter.
  var lack: Lack? {
    if exact != nil { return nil }
    var lack: Lack?
    for source in sources {
      var item = Missing.locationCounter
      if case .missing(let missing) = source { item = missing }
      lack = lack?.union(Lack(item)) ?? Lack(item)
    }
    let found = lack ?? Lack(.locationCounter)
    return mayStop ? found.stopping() : found
  }

  /// Whether it is zero; nil if it may or may not be.
  package var isZero: Bool? {
    if most == 0 { return true }
    return least > 0 || bits.value != 0 ? false : nil
  }

  /// Every step behind what is known.
  package var steps: StepList { ownSteps.union(bitsSteps).union(rangeSteps) }

  /// The steps that decide whether it is zero.
  var zeroSteps: StepList {
    if bits.value != 0 || bits.exact == 0 { return ownSteps.union(bitsSteps) }
    return ownSteps.union(rangeSteps)
  }

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
  func joined(_ other: Knowledge) -> Knowledge {
    if self == other { return self }
    var result = Knowledge(
      unknown: Self.union(sources, other.sources), isSettled: isSettled && other.isSettled)
    result.bits = bits.joined(other.bits)
    result.least = min(least, other.least)
    result.most = max(most, other.most)
    result.mayStop = mayStop || other.mayStop
    if form == other.form { result.form = form }
    result.ownSteps = ownSteps.union(other.ownSteps)
    result.bitsSteps = bitsSteps.union(other.bitsSteps)
    result.rangeSteps = rangeSteps.union(other.rangeSteps)
    return result
  }

  static func union(_ left: [NumberSource], _ right: [NumberSource]) -> [NumberSource] {
    if right.isEmpty { return left }
    if left.isEmpty { return right }
    var result = left
    for source in right where result.count < Lack.limit && !result.contains(source) {
      result.append(source)
    }
    return result
  }

  /// Numbers are equal if the same is known of them; how it came to be known does not count.
  package static func == (left: Knowledge, right: Knowledge) -> Bool {
    left.bits == right.bits && left.least == right.least && left.most == right.most
      && left.form == right.form && left.isSettled == right.isSettled
      && left.mayStop == right.mayStop && left.sources == right.sources
      && left.floor == right.floor
  }
}
