// The linker's arithmetic on numbers of which perhaps only something is known. Every result stands for at least each
// number that the linker could get; nothing here guesses.

package import LdsParser

/// The result of an operator.
package enum NumberResult: Sendable {
  /// A number.
  case number(Number)
  /// The linker stops.
  case fault(Fault)
}

/// What may be taken for granted of numbers that are not known.
package enum NumberPremise: Sendable {
  /// They are those of one link that happened: the linker may have stopped at what is missing, and what is missing was
  /// the same in its last passes.
  case oneLink
  /// They stand for every link that gets as far as judging: whatever would have stopped it did not, and passes may
  /// differ.
  case everyLink
}

/// Arithmetic over the places of one layout.
package struct Numbers: Sendable {
  /// The places that forms speak of.
  package var places = PlaceTable()
  /// What is taken for granted of unknown numbers.
  package let premise: NumberPremise

  /// Arithmetic without places.
  package init(_ premise: NumberPremise = .oneLink) {
    self.premise = premise
  }

  /// Exactly `value`.
  package func constant(_ value: UInt64) -> Number { Number(value) }

  /// A number of which nothing is known.
  package func unknown(_ lack: Lack) -> Number {
    var number = Knowledge(unknown: lack)
    if premise == .everyLink {
      number.mayStop = false
      number.isSettled = false
    }
    return Number(number)
  }

  /// A number of which one thing is missing.
  package func unknown(_ missing: Missing) -> Number { unknown(Lack(missing)) }

  /// 0 or 1, which of them is not known.
  package func unknownTruth(_ lack: Lack) -> Number {
    if lack.mayStop, premise == .oneLink { return unknown(lack) }
    return unknown(lack).changed {
      $0.most = 1
      $0.tighten()
    }
  }

  /// The number that is `form`, with what the places tell of it.
  package func number(_ form: LinearForm) -> Number { Number(knowledge(of: form)) }

  /// What is known if it is one of two numbers.
  package func joined(_ left: Number, _ right: Number) -> Number {
    left == right ? left : Number(left.knowledge.joined(right.knowledge))
  }

  /// Notes that a number was seen to be `value`: where it is one place and an offset, that tells the place.
  package mutating func learn(_ number: Number, is value: UInt64) {
    guard let form = number.form, let id = form.place, !places[id].isPowerOfTwo,
      places[id].exact == nil
    else { return }
    places.learn(id, is: value &- form.constant)
  }

  /// The number with what was learnt of its places since.
  package func resolved(_ number: Number) -> Number {
    guard let form = number.form, form.terms.contains(where: { places[$0.place].exact != nil })
    else { return number }
    return self.number(form)
  }

  // MARK: Operators

  /// `operation` on a number.
  package func apply(_ operation: UnaryOperator, _ operand: Number) -> Number {
    if operand.isPlain { return Number(LinkerArithmetic.apply(operation, operand.least)) }
    return settle(apply(operation, operand.knowledge), operand, operand)
  }

  /// `operation` on two numbers.
  package func apply(
    _ operation: BinaryOperator, _ left: Number, _ right: Number, dialect: LinkerDialect
  ) -> NumberResult {
    if let one = left.exact, let other = right.exact {
      switch LinkerArithmetic.apply(operation, one, other, dialect: dialect) {
      case .divisionByZero:
        return .fault(operation == .divide ? .divisionByZero : .remainderByZero)
      case .divisionOverflow: return .fault(.divisionOverflow)
      case .value(let value):
        if left.isPlain, right.isPlain { return .number(Number(value)) }
        return .number(Number(decided(value, left.knowledge, right.knowledge)))
      }
    }
    let isDivision = operation == .divide || operation == .remainder
    if isDivision, right.exact == 0 {
      return .fault(operation == .divide ? .divisionByZero : .remainderByZero)
    }
    let result = settle(
      apply(operation, left.knowledge, right.knowledge, dialect), left, right)
    // A divisor of which nothing is known may be zero.
    guard isDivision, premise == .oneLink, right.isZero == nil else { return .number(result) }
    return .number(result.exact == nil ? result.changed { $0.mayStop = true } : result)
  }

  /// The larger or smaller number, or `left` aligned up to `right`.
  package func apply(_ function: BinaryFunction, _ left: Number, _ right: Number) -> Number {
    if left.isPlain, right.isPlain,
      let value = LinkerArithmetic.apply(function, left.least, right.least)
    {
      return Number(value)
    }
    switch function {
    case .max, .min: return settle(extreme(function, left.knowledge, right.knowledge), left, right)
    case .align: return settle(align(left.knowledge, to: right.knowledge), left, right)
    case .dataSegmentAlign, .dataSegmentRelroEnd: return unknown(.dataSegment)
    }
  }

  /// The logarithm to base 2, rounded up.
  package func log2Ceiling(_ operand: Number) -> Number {
    if operand.isPlain { return Number(LinkerArithmetic.log2Ceiling(operand.least)) }
    return settle(log2Ceiling(operand.knowledge), operand, operand)
  }

  /// The sum, modulo 2^64.
  package func add(_ left: Number, _ right: Number) -> Number {
    if left.isPlain, right.isPlain { return Number(left.least &+ right.least) }
    return settle(add(left.knowledge, right.knowledge), left, right)
  }

  /// The difference, modulo 2^64.
  package func subtract(_ left: Number, _ right: Number) -> Number {
    if left.isPlain, right.isPlain { return Number(left.least &- right.least) }
    return settle(subtract(left.knowledge, right.knowledge), left, right)
  }

  /// `value` rounded up.
  package func align(_ value: Number, to alignment: Number) -> Number {
    apply(.align, value, alignment)
  }

  /// Whether `left < right`, or `left <= right`; nil if it may or may not be.
  package func isOrdered(_ left: Number, _ right: Number, orEqual: Bool) -> Bool? {
    order(left.knowledge, right.knowledge, orEqual: orEqual)?.isTrue
  }

  /// Where the linker might have stopped at an operand, nothing is decided by the other one.
  private func settle(_ result: Knowledge, _ left: Number, _ right: Number) -> Number {
    guard premise == .oneLink, left.lack?.mayStop == true || right.lack?.mayStop == true else {
      return Number(result)
    }
    let lack: Lack? =
      switch (left.lack, right.lack) {
      case (let one?, let other?): one.union(other)
      case (let one, let other): one ?? other
      }
    return lack.map { Number(unknown: $0) } ?? Number(result)
  }

  /// A number that both operands decide.
  private func decided(_ value: UInt64, _ left: Knowledge, _ right: Knowledge) -> Knowledge {
    var result = Knowledge(value)
    result.isSettled = left.isSettled && right.isSettled
    result.ownSteps = left.steps.union(right.steps)
    return result
  }
}

extension Numbers {
  /// The number that is `form`, with what the places tell of it.
  func knowledge(of form: LinearForm) -> Knowledge {
    let form = form.replacing { places[$0].exact }
    if form.terms.isEmpty { return Knowledge(form.constant) }
    var number = Knowledge(
      unknown: form.terms.map { .place($0.place) },
      isSettled: form.terms.allSatisfy { places[$0.place].isSettled })
    number.form = form
    if let place = form.place {
      describe(place, form.constant, &number)
    } else if let (from, to) = form.difference {
      number.bits = places[to].bits - places[from].bits + KnownBits(form.constant)
      number.bitsSteps = places[to].bitsSteps.union(places[from].bitsSteps)
      if let distance = places.distance(from: from, to: to) {
        number.sources = [.stretch(from: from, to: to)]
        let least = Int128(distance) + Int128(Int64(bitPattern: form.constant))
        let most = Int128(UInt64.max) - Int128(places[from].least)
        if least >= 0, most + Int128(Int64(bitPattern: form.constant)) <= Int128(UInt64.max) {
          number.least = UInt64(clamping: least)
          number.most = UInt64(clamping: most + Int128(Int64(bitPattern: form.constant)))
        }
      }
    }
    number.tighten()
    return number
  }

  private func describe(_ id: PlaceID, _ offset: UInt64, _ number: inout Knowledge) {
    let place = places[id]
    number.bits = place.bits + KnownBits(offset)
    number.bitsSteps = place.bitsSteps
    if place.isPowerOfTwo {
      if offset == 0 { number.least = max(place.least, 1) }
      return
    }
    guard isInRange(LinearForm(id, offset: offset)) else { return }
    number.least = UInt64(
      clamping: Int128(place.least) + Int128(Int64(bitPattern: offset)))
    let most = Int128(place.most) + Int128(Int64(bitPattern: offset))
    if place.most != .max, most <= Int128(UInt64.max) { number.most = UInt64(clamping: most) }
    number.rangeSteps = place.rangeSteps
  }

  /// Whether the form, taken as a sum of whole numbers with a signed constant, is the number itself: the
  /// sum does not wrap.
  func isInRange(_ form: LinearForm) -> Bool {
    if form.terms.isEmpty { return true }
    if let id = form.place {
      let place = places[id]
      let offset = Int64(bitPattern: form.constant)
      if offset < 0 { return offset != .min && place.least >= UInt64(-offset) }
      return form.constant <= place.reach
    }
    guard let (from, to) = form.difference else { return false }
    let offset = Int128(Int64(bitPattern: form.constant))
    guard let distance = places.distance(from: from, to: to) else { return false }
    let most = Int128(UInt64.max) - Int128(places[from].least) + offset
    return Int128(distance) + offset >= 0 && most <= Int128(UInt64.max)
  }

  /// What `left - right` is at least, as whole numbers; nil if their order is not known from places.
  func distance(from right: LinearForm, to left: LinearForm) -> Int128? {
    guard isInRange(left), isInRange(right) else { return nil }
    guard let form = left.adding(right, isNegative: true) else { return nil }
    // A form without places counts its constant unsigned, others signed.
    let offset = whole(left) - whole(right)
    if form.terms.isEmpty { return offset }
    guard let (from, to) = form.difference, let distance = places.distance(from: from, to: to)
    else { return nil }
    return Int128(distance) + offset
  }

  private func whole(_ form: LinearForm) -> Int128 {
    form.terms.isEmpty ? Int128(form.constant) : Int128(Int64(bitPattern: form.constant))
  }

  func log2Ceiling(_ operand: Knowledge) -> Knowledge {
    var result = Knowledge(unknown: operand.sources, isSettled: operand.isSettled)
    result.least = LinkerArithmetic.log2Ceiling(operand.least)
    result.most = LinkerArithmetic.log2Ceiling(operand.most)
    result.ownSteps = operand.ownSteps.union(operand.rangeSteps)
    result.tighten()
    return result
  }

  func apply(_ operation: UnaryOperator, _ operand: Knowledge) -> Knowledge {
    switch operation {
    case .plus: return operand
    case .negate: return subtract(Knowledge(0), operand)
    case .complement: return subtract(Knowledge(.max), operand)
    case .logicalNot: return truth(operand.isZero, [operand])
    }
  }

  func apply(
    _ operation: BinaryOperator, _ left: Knowledge, _ right: Knowledge, _ dialect: LinkerDialect
  ) -> Knowledge {
    switch operation {
    case .divide, .remainder: divide(operation, left, right, dialect)
    case .add: add(left, right)
    case .subtract: subtract(left, right)
    case .multiply: multiply(left, right)
    case .bitAnd, .bitOr, .bitXor: combine(operation, left, right)
    case .shiftLeft, .shiftRight: shift(operation, left, right)
    case .equal, .notEqual, .less, .greater, .lessOrEqual, .greaterOrEqual:
      compare(operation, left, right)
    case .logicalAnd, .logicalOr: logical(operation, left, right)
    }
  }

  /// 0 or 1, with the steps that decided it.
  func truth(_ isTrue: Bool?, _ operands: [Knowledge]) -> Knowledge {
    let isSettled = operands.allSatisfy { $0.isSettled }
    guard let isTrue else {
      var result = Knowledge(
        unknown: operands.reduce([]) { Knowledge.union($0, $1.sources) },
        isSettled: isSettled)
      result.most = 1
      result.tighten()
      // The assignments behind an open question are what a reader looks at first.
      result.ownSteps = operands.reduce(StepList()) { $0.union($1.ownSteps).union($1.bitsSteps) }
      return result
    }
    var result = Knowledge(isTrue ? 1 : 0)
    result.isSettled = isSettled
    result.ownSteps = operands.reduce(StepList()) { $0.union($1.zeroSteps) }
    return result
  }
}
