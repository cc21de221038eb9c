// The location counter between sections: assignments to it, and the orphans that ld may put in its way
// (ldlang.c, insert_os_after; ldelf.c, ldelf_place_orphan; ld-semantics 5.5).

internal import LdsParser

extension ProofOracle {
  package mutating func beforeRead(step: Int, dot: Number) -> Number {
    guard !isLost else { return lost }
    // Any statement between sections sets the default region's pointer (ld-semantics 5.1).
    if !isFinal { pointer = dot }
    return dot
  }

  /// Orphans stand before the first assignment to the location counter behind the section they follow, or
  /// right before the next section. Those that follow no section pass one assignment first.
  package mutating func beforeMove(step: Int, dot: Number) -> Number {
    guard !isLost else { return lost }
    movesInGap += 1
    guard movesInGap == (lastSection == nil ? 2 : 1) else { return dot }
    return passOrphans(key: step, dot)
  }

  package mutating func beforeSection(_ index: Int, dot: Number) -> Number {
    guard !isLost else { return lost }
    return passOrphans(key: entrySteps[index], dot)
  }

  private mutating func passOrphans(key: Int, _ dot: Number) -> Number {
    let cause = PlaceCause.orphans(after: lastSection)
    // Orphans without room in memory, at address 0, follow a section of their kind; where there is none
    // they may come before the first section.
    let isBack = lastSection.map { traits[$0].attractsUnallocated } ?? true
    if isFinal {
      guard let gap = gaps[key], gap.before == dot, dot.isSettled, !isBack else {
        return root(cause)
      }
      if gap.after.isSettled { return gap.after }
      return gap.isForward ? passed(dot, cause, isSettled: true) : root(cause)
    }
    let isTogether = dot == pointer && program.regions.isEmpty
    // An orphan with an address of its own moves the location counter of the sizing pass even if it is
    // empty and dropped: one without room in memory is at 0, and any one of a PE image is aligned.
    let isSettled = dot.isSettled && !isBack && !isPE
    let after =
      isTogether && !isBack
      ? passed(dot, cause, isSettled: isSettled) : root(cause, isSettled: false)
    pointer =
      isTogether && !isBack
      ? after
      : passed(pointer, cause, isSettled: pointer.isSettled)
    for region in pointers.indices {
      pointers[region] = passed(pointers[region], cause, isSettled: true)
    }
    gaps[key] = GapRecord(before: dot, after: after, isForward: isTogether && !isBack)
    return after
  }

  package mutating func move(
    step: Int, from dot: Number, to target: Number?, isInside: Bool
  ) -> Number {
    guard !isLost else { return lost }
    if isFinal, let record = moves[step] {
      // Inside a section the padding of the sizing pass stands for the assignment.
      if isInside { return record.after }
      if record.before == dot, dot.isSettled, record.target == target, target?.isSettled == true {
        return record.after
      }
    }
    let after = landing(step: step, from: dot, to: target, isInside: isInside)
    guard !isFinal else { return after }
    moves[step] = MoveRecord(before: dot, target: target, after: after)
    if !isInside { pointer = after }
    return after
  }

  /// Where `. = target` leads.
  private mutating func landing(
    step: Int, from dot: Number, to target: Number?, isInside: Bool
  ) -> Number {
    guard let target else {
      return isInside
        ? advance(from: dot, .move(step: step), bits: .none, steps: StepList(), isSettled: true)
        : root(.move(step: step), isSettled: false)
    }
    let own = target.ownSteps.union(StepList(step))
    if let form = target.form, form == dot.form { return dot }
    if isPosition(target), target.isSettled || !isInside {
      extend(target)
      return target.changed { number in
        number.floor = nil
        number.ownSteps = own
        guard let form = number.form, form.place != nil else { return }
        number.least = max(number.least, numbers.number(form).least)
        number.tighten()
      }
    }
    var place = Place(cause: .move(step: step), bits: target.bits, least: target.least)
    place.bitsSteps = own.union(target.bitsSteps)
    place.rangeSteps = target.rangeSteps
    place.isSettled = isInside || target.isSettled
    // Inside a section ld refuses to move the location counter back; elsewhere an alignment moves it on.
    if let floor = isInside ? dot.form : target.knowledge.floor { raise(&place, to: floor) }
    return position(place)
  }
}

extension ProofOracle {
  /// A number of a layout that is not modelled.
  var lost: Number { numbers.unknown(.locationCounter) }

  /// Whether a number is one place and an offset, or exact: places may follow it.
  func isPosition(_ number: Number) -> Bool {
    guard let form = number.form else { return false }
    if form.terms.isEmpty { return true }
    guard let place = form.place else { return false }
    return !numbers.places[place].isPowerOfTwo
  }

  /// The address of a new place.
  private mutating func position(_ place: Place) -> Number {
    // The numbers is read after the place was added to it.
    let id = numbers.places.add(place)
    return numbers.number(LinearForm(id))
  }

  /// A place that may be anywhere.
  mutating func root(_ cause: PlaceCause, isSettled: Bool = true) -> Number {
    var place = Place(cause: cause)
    place.isSettled = isSettled
    return position(place)
  }

  /// A place that is not below `number`.
  mutating func advance(
    from number: Number, _ cause: PlaceCause, bits: KnownBits, steps: StepList,
    isSettled: Bool
  ) -> Number {
    var place = Place(cause: cause, bits: bits, least: number.least)
    place.bitsSteps = steps
    place.rangeSteps = number.ownSteps.union(number.rangeSteps)
    place.isSettled = isSettled
    if let form = number.form { raise(&place, to: form) }
    return position(place)
  }

  /// Puts a place behind a position.
  private func raise(_ place: inout Place, to form: LinearForm) {
    let number = numbers.number(form)
    if number.least > place.least {
      place.least = number.least
      place.rangeSteps = number.rangeSteps
    }
    guard let parent = form.place, numbers.isInRange(form), Int64(bitPattern: form.constant) >= 0
    else { return }
    place.parent = parent
    place.distance = form.constant
  }

  /// A place that is not below `number`, of which nothing else is known.
  mutating func passed(
    _ number: Number, _ cause: PlaceCause, isSettled: Bool
  ) -> Number {
    advance(from: number, cause, bits: .none, steps: StepList(), isSettled: isSettled)
  }

  /// A place that is one of two numbers, the second of which is not below `lower`.
  mutating func either(
    _ first: Number, _ second: Number, above lower: Number,
    _ cause: PlaceCause
  ) -> Number {
    if first.form != nil, first.form == second.form { return second }
    var place = Place(
      cause: cause, bits: first.bits.joined(second.bits), least: min(first.least, second.least))
    place.bitsSteps =
      first.ownSteps.union(first.bitsSteps).union(second.ownSteps).union(second.bitsSteps)
    place.rangeSteps = first.ownSteps.union(first.rangeSteps)
    place.isSettled = first.isSettled && second.isSettled
    if let one = first.form, let other = lower.form,
      let distance = numbers.distance(from: one, to: other), distance >= 0
    {
      raise(&place, to: one)
    }
    return position(place)
  }

  /// The location counter got here without running over the end of the address space.
  mutating func extend(_ number: Number) {
    guard let form = number.form, let place = form.place, Int64(bitPattern: form.constant) > 0
    else { return }
    numbers.places.extend(place, to: form.constant)
  }
}
