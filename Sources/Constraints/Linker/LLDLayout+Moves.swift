// The location counter between sections, for lld: assignments to it, and the orphans that may stand in its way
// (lld/ELF/Writer.cpp, findOrphanPos).

internal import LdsParser

extension LLDLayout {
  package mutating func beforeMove(step: Int, dot: Number) -> Number {
    guard !isLost else { return lost }
    if isLink, program.hasInsert { return numbers.unknown(.insertedStatement) }
    if isReordered { return lost }
    return inSpot(.before(step), dot)
  }

  /// lld takes an ASSERT for an assignment to the location counter.
  package mutating func beforeRead(step: Int, dot: Number) -> Number {
    guard !isLost else { return lost }
    if isLink, program.hasInsert { return numbers.unknown(.insertedStatement) }
    if isReordered { return lost }
    if case .assertion = program.steps[step].action { return inSpot(.before(step), dot) }
    return program.sections.isEmpty ? lost : dot
  }

  private mutating func inSpot(_ spot: Spot, _ dot: Number) -> Number {
    isLink ? behindOrphansOrAtStart(dot) : inProof(spot) { $0.behindOrphansOrAtStart(dot) }
  }

  /// The first assignment to the location counter, or ASSERT, before all sections says where everything starts: orphans
  /// come behind it (lld/ELF/Writer.cpp, sortOrphanSections).
  private mutating func behindOrphansOrAtStart(_ dot: Number) -> Number {
    guard lastSection == nil, !isStarted, !isLost, !program.sections.isEmpty else {
      return behindOrphans(dot)
    }
    isStarted = true
    return dot
  }

  /// The location counter before an ASSERT, an assignment to it, or a section: lld puts orphans there and not
  /// before assignments to symbols. One that no other section follows comes after every statement.
  mutating func behindOrphans(_ dot: Number) -> Number {
    guard !isLost else { return lost }
    guard !program.sections.isEmpty else { return lost }
    guard !orphansPassed else { return dot }
    guard isLink else {
      orphansPassed = true
      return numbers.passed(dot, .orphans(after: lastSection), isSettled: true)
    }
    let isFollowed = program.sections.indices.dropFirst((lastSection ?? -1) + 1).contains {
      facts.section($0).presence != .dropped
    }
    switch facts.orphans(behind: lastSection) {
    case .none: return dot
    case .listed(let orphans) where !isFollowed && orphans.count <= 1: return dot
    case .listed, .hidden, .anywhere:
      orphansPassed = true
      return lost
    }
  }

  package mutating func move(
    step: Int, from dot: Number, to target: Number?, isInside: Bool
  ) -> Number {
    guard !isLost else { return lost }
    if isInside, let address = told[step] {
      moves[step] = Number(address)
      return Number(address)
    }
    let after =
      isLink
      ? landing(step: step, from: dot, to: target, isInside: isInside)
      : inProof(.behind(step)) {
        $0.landing(step: step, from: dot, to: target, isInside: isInside)
      }
    moves[step] = after
    return after
  }

  private mutating func landing(
    step: Int, from dot: Number, to target: Number?, isInside: Bool
  ) -> Number {
    guard let target else {
      return isInside ? numbers.passed(dot, .move(step: step), isSettled: true) : lost
    }
    let own = target.ownSteps.union(reason(step))
    if let form = target.form, form == dot.form { return dot }
    if numbers.isPosition(target) {
      numbers.extend(target)
      if target.isPlain, own.steps.isEmpty { return target }
      return target.changed { number in
        number.floor = nil
        number.ownSteps = own
      }
    }
    var place = Place(cause: .move(step: step), bits: target.bits, least: target.least)
    place.most = target.most
    place.bitsSteps = own.union(target.bitsSteps)
    place.rangeSteps = target.rangeSteps
    // Inside a section lld refuses to move the location counter back; elsewhere an alignment moves it on.
    if let floor = isInside ? dot.form : target.knowledge.floor { numbers.raise(&place, to: floor) }
    return numbers.position(place)
  }

  package func beforeEither(_ index: Int, dot: Number) -> Number { dot }
}
