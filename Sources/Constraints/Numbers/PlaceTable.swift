// The places of a layout in the order that the linker guarantees: an input section of unknown size moves the
// location counter to a new place, which is not below the old one.

package import LdsParser

/// What made the address of a place unknown.
package enum PlaceCause: Sendable, Hashable {
  /// Sizes and alignments of the input sections that the step places.
  case inputs(step: Int)
  /// Input sections called like this output section that no pattern takes: ld adds them at its end.
  case appended(section: Int)
  /// The alignment of the input sections of an output section.
  case alignment(section: Int)
  /// Where an output section starts that has no address of its own.
  case placement(section: Int)
  /// Whether an output section is dropped, or takes room in memory at all.
  case existence(section: Int)
  /// Orphan sections behind this output section; before the first one if nil.
  case orphans(after: Int?)
  /// The assignment to the location counter.
  case move(step: Int)
  /// A symbol that an object defines.
  case object(NameID)
  /// A page size of the target or the command line.
  case pageSize(NameID)
}

/// A place of the layout.
package struct Place: Sendable, Hashable {
  /// The known bits of its address.
  package var bits: KnownBits
  /// Its address is not below this.
  package var least: UInt64
  /// Its address is not above this.
  package var most = UInt64.max
  /// Why it is not known.
  package var cause: PlaceCause
  /// The place that it is not below.
  package var parent: PlaceID?
  /// How far behind its parent it is at least.
  package var distance: UInt64
  /// Steps that made the bits known, and those that made the lower bound known.
  package var bitsSteps: StepList
  package var rangeSteps: StepList
  /// The location counter is known to get this far behind the place, so that no address in between wraps.
  package var reach: UInt64
  /// Whether it is the same in the last sizing pass and in the final pass.
  package var isSettled = true
  /// Its address, where something told it later.
  package var exact: UInt64?
  /// Whether it is a power of two and no address.
  package var isPowerOfTwo = false
  /// The stretch of places of which it is one, each the parent of the next, and its place there.
  fileprivate var stretch: Int32 = 0
  /// Distance from the stretch's first place.
  fileprivate var depth: UInt64 = 0

  /// A place behind `parent`, or anywhere.
  package init(
    cause: PlaceCause, bits: KnownBits = .none, least: UInt64 = 0, parent: PlaceID? = nil,
    distance: UInt64 = 0, reach: UInt64 = 0
  ) {
    self.cause = cause
    self.bits = bits
    self.least = max(least, bits.least)
    self.parent = parent
    self.distance = distance
    self.reach = reach
    bitsSteps = StepList()
    rangeSteps = StepList()
  }
}

/// All places of one layout.
package struct PlaceTable: Sendable {
  private var places: [Place] = []
  /// The last place of each stretch, and the first.
  private var tails: [PlaceID] = []
  private var heads: [PlaceID] = []

  /// Number of places.
  package var count: Int { places.count }

  /// The place with this number.
  package subscript(id: PlaceID) -> Place { places[Int(id)] }

  /// Adds a place.
  package mutating func add(_ place: Place) -> PlaceID {
    let id = PlaceID(truncatingIfNeeded: places.count)
    var place = place
    if let parent = place.parent, tails[Int(self[parent].stretch)] == parent {
      place.stretch = self[parent].stretch
      let (depth, overflow) = self[parent].depth.addingReportingOverflow(place.distance)
      place.depth = overflow ? .max : depth
      tails[Int(place.stretch)] = id
    } else {
      place.stretch = Int32(truncatingIfNeeded: tails.count)
      tails.append(id)
      heads.append(id)
    }
    places.append(place)
    return id
  }

  /// A place behind those that it is measured from and that `isKnown` does not know yet, the first of them first.
  func lineage(of id: PlaceID, knowing isKnown: (PlaceID) -> Bool) -> [PlaceID] {
    var lineage = [id]
    var first = id
    while let parent = self[first].parent, !isKnown(parent) {
      lineage.append(parent)
      first = parent
    }
    return lineage.reversed()
  }

  /// Notes that the location counter gets `offset` behind a place.
  mutating func extend(_ id: PlaceID, to offset: UInt64) {
    places[Int(id)].reach = max(places[Int(id)].reach, offset)
  }

  /// Notes the address of a place.
  mutating func learn(_ id: PlaceID, is address: UInt64) {
    places[Int(id)].exact = address
  }

  /// How far `later` is behind `earlier` at least; nil if the order is not known.
  package func distance(from earlier: PlaceID, to later: PlaceID) -> UInt64? {
    var current = later
    var total: UInt64 = 0
    while current >= earlier {
      let place = self[current]
      let target = self[earlier]
      if place.stretch == target.stretch {
        return place.depth >= target.depth ? saturating(total, place.depth - target.depth) : nil
      }
      let head = self[heads[Int(place.stretch)]]
      total = saturating(saturating(total, place.depth), head.distance)
      guard let parent = head.parent else { return nil }
      current = parent
    }
    return nil
  }

  private func saturating(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
  }

  /// Forgets every place but the first `count`.
  mutating func truncate(to count: Int) {
    guard count < places.count else { return }
    let kept = Array(places[..<count])
    self = PlaceTable()
    for place in kept {
      var place = place
      let reach = place.reach
      place.reach = 0
      let id = add(place)
      extend(id, to: reach)
    }
  }
}

/// Steps of a program in order, each once: the lines of a proof. Of more than ``Limit/proofSteps`` the last
/// ones are kept, so that a script of a million lines has proofs of a bounded size.
package struct StepList: Sendable, Hashable {
  /// The steps.
  package private(set) var steps: [Int32] = []

  /// No step.
  package init() {}

  /// One step.
  package init(_ step: Int) {
    steps = [Int32(truncatingIfNeeded: step)]
  }

  /// The steps of both.
  package func union(_ other: StepList) -> StepList {
    if other.steps.isEmpty || self == other { return self }
    if steps.isEmpty { return other }
    var result = StepList()
    result.steps.reserveCapacity(steps.count + other.steps.count)
    var left = 0
    var right = 0
    while left < steps.count || right < other.steps.count {
      if right == other.steps.count || (left < steps.count && steps[left] < other.steps[right]) {
        result.steps.append(steps[left])
        left += 1
      } else {
        if left < steps.count, steps[left] == other.steps[right] { left += 1 }
        result.steps.append(other.steps[right])
        right += 1
      }
    }
    result.steps.removeFirst(max(0, result.steps.count - Limit.proofSteps))
    return result
  }

  /// The steps of one and not of the other: what both have in common cancels in a difference.
  package func cancelling(_ other: StepList) -> StepList {
    var result = StepList()
    result.steps = union(other).steps.filter { steps.contains($0) != other.steps.contains($0) }
    return result
  }
}
