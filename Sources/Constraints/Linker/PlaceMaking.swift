// New places of a layout: where the location counter gets to by something that is not known.

internal import LdsParser

extension Numbers {
  /// The address of a new place.
  mutating func position(_ place: Place) -> Number {
    // The table is read after the place was added to it.
    let id = places.add(place)
    return number(LinearForm(id))
  }

  /// A place that may be anywhere.
  mutating func anywhere(_ cause: PlaceCause, isSettled: Bool = true) -> Number {
    var place = Place(cause: cause)
    place.isSettled = isSettled
    return position(place)
  }

  /// A place that is not below `number`, of which nothing else is known.
  mutating func passed(_ number: Number, _ cause: PlaceCause, isSettled: Bool) -> Number {
    advanced(from: number, cause, bits: .none, steps: StepList(), isSettled: isSettled)
  }

  /// A place that is not below `number`.
  mutating func advanced(
    from number: Number, _ cause: PlaceCause, bits: KnownBits, steps: StepList, isSettled: Bool,
    most: UInt64 = .max
  ) -> Number {
    var place = Place(cause: cause, bits: bits, least: number.least)
    place.bitsSteps = steps
    place.rangeSteps = number.ownSteps.union(number.rangeSteps)
    place.isSettled = isSettled
    place.most = max(place.least, most)
    if let form = number.form { raise(&place, to: form) }
    return position(place)
  }

  /// A place that is one of two numbers, the second of which is not below `lower`.
  mutating func either(
    _ first: Number, _ second: Number, above lower: Number, _ cause: PlaceCause
  ) -> Number {
    if first == second || (first.form != nil && first.form == second.form) { return second }
    let one = first.knowledge
    let other = second.knowledge
    var place = Place(
      cause: cause, bits: one.bits.joined(other.bits), least: min(one.least, other.least))
    place.most = max(one.most, other.most)
    place.bitsSteps =
      one.ownSteps.union(one.bitsSteps).union(other.ownSteps).union(other.bitsSteps)
    place.rangeSteps = one.ownSteps.union(one.rangeSteps)
    place.isSettled = one.isSettled && other.isSettled
    if let form = one.form, let bound = lower.form,
      let distance = distance(from: form, to: bound), distance >= 0
    {
      raise(&place, to: form)
    }
    return position(place)
  }

  /// Puts a place behind a position.
  func raise(_ place: inout Place, to form: LinearForm) {
    let number = knowledge(of: form)
    if number.least > place.least {
      place.least = number.least
      place.rangeSteps = number.rangeSteps
    }
    guard let parent = form.place, isInRange(form), Int64(bitPattern: form.constant) >= 0
    else { return }
    place.parent = parent
    place.distance = form.constant
  }

  /// Whether a number is one place and an offset, or exact: places may follow it.
  func isPosition(_ number: Number) -> Bool {
    guard let form = number.form else { return false }
    if form.terms.isEmpty { return true }
    guard let place = form.place else { return false }
    return !places[place].isPowerOfTwo
  }

  /// The location counter got here without running over the end of the address space.
  mutating func extend(_ number: Number) {
    guard let form = number.form, let place = form.place, Int64(bitPattern: form.constant) > 0
    else { return }
    places.extend(place, to: form.constant)
  }
}
