// Questions about places of a layout: what could align one, and how far one is from another.

internal import LdsParser

extension StatementTrace {
  /// How many of the lowest bits of what a statement comes to may be 0 by more than luck; 64 for as many as one likes.
  ///
  /// Contents whose sizes happen to fit align nothing. The start of a section whose inputs may ask for any alignment, a
  /// symbol of an object and whatever is not worked out count as aligned, orphans as if there were none: this is for
  /// saying that something surely is not.
  func alignmentHoped(of step: Int) -> Int {
    var hope = AlignmentHope(trace: self)
    return hope.power(ofStep: step, AlignmentHope.mostPlaces)
  }

  /// The bytes from a symbol to where a statement sets another one, where that is the same in every link; both as the
  /// statement finds them. Nil if it depends on more than the script.
  func distance(from base: NameID, toValueOf step: Int) -> UInt64? {
    guard let result = result(of: step) else { return nil }
    let starts = walker.scope(of: result).symbol(base).branches
    var distance: UInt64?
    for end in result.outcome.branches {
      for start in starts {
        guard case .value(let end) = end, case .value(let start) = start,
          let found = walker.numbers.subtract(end.address, start.address).exact,
          distance ?? found == found
        else { return nil }
        distance = found
      }
    }
    return distance
  }
}

/// Follows a value back to what could align it.
private struct AlignmentHope {
  /// Places that are followed back, one behind the other.
  static let mostPlaces = 16

  let trace: StatementTrace
  private var known: [PlaceID: Int] = [:]

  init(trace: StatementTrace) {
    self.trace = trace
  }

  mutating func power(ofStep step: Int, _ left: Int) -> Int {
    guard left > 0, let result = trace.result(of: step) else { return 64 }
    var power = 0
    for branch in result.outcome.branches {
      guard case .value(let value) = branch else { return 64 }
      power = max(power, self.power(of: value.address, left - 1))
    }
    return power
  }

  private mutating func power(of number: Number, _ left: Int) -> Int {
    let known = number.bits.trailingZeros
    if number.exact != nil { return known }
    if let form = number.form {
      var power = form.constant.trailingZeroBitCount
      for term in form.terms {
        power = min(power, self.power(of: term.place, left) + term.factor.trailingZeroBitCount)
      }
      return max(known, power)
    }
    let sources = number.knowledge.sources
    if sources.isEmpty || sources.count >= Lack.limit { return 64 }
    for source in sources {
      switch source {
      case .place(let place): if power(of: place, left) == 64 { return 64 }
      case .stretch: break
      case .missing: return 64
      }
    }
    return known
  }

  private mutating func power(of id: PlaceID, _ left: Int) -> Int {
    if let found = known[id] { return found }
    guard left > 0 else { return 64 }
    // What leads back to itself is not worked out.
    known[id] = 64
    let place = trace.walker.numbers.places[id]
    let power = max(place.bits.trailingZeros, power(behind: place, left - 1))
    known[id] = power
    return power
  }

  private mutating func power(behind place: Place, _ left: Int) -> Int {
    switch place.cause {
    case .inputs: return 0
    case .alignment, .placement, .object, .pageSize: return 64
    case .move(let step): return power(ofStep: step, left)
    case .appended(let section):
      // There need not be any, nor need a section be empty.
      return place.parent.map { power(of: $0, left) } ?? power(ofEndOf: section, left)
    case .orphans(let section):
      if let parent = place.parent {
        return min(power(of: parent, left), place.distance.trailingZeroBitCount)
      }
      return section.map { power(ofEndOf: $0, left) } ?? 64
    case .existence(let section): return power(ofEndOf: section, left)
    }
  }

  private mutating func power(ofEndOf section: Int, _ left: Int) -> Int {
    let layout = trace.walker.layout
    let size = layout.fact(.sizeOf, ofSection: section, trace.program.sections[section].name)
    return power(of: layout.numbers.add(layout.start(of: section), size), left)
  }
}
