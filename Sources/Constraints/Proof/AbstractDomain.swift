// The domain of proofs: the linker's arithmetic on numbers of which only something is known. Every result
// stands for at least each number that the linker could get; nothing here guesses.

package import LdsParser

/// Arithmetic on abstract numbers over the places of one layout.
package struct AbstractDomain: ValueDomain {
  /// The places that forms speak of.
  package var places = PlaceTable()

  private static let lacking = Lack(.locationCounter)

  /// A domain without places.
  package init() {}

  package func constant(_ value: UInt64) -> AbstractNumber { AbstractNumber(value) }

  package func unknown(_ lack: Lack) -> AbstractNumber {
    var number = AbstractNumber(unknown: lack.items.map { .missing($0) })
    if case .objectDefinition? = lack.items.first { number.most = 1 }
    number.tighten()
    return number
  }

  package func exact(_ number: AbstractNumber) -> UInt64? { number.exact }

  package func lack(_ number: AbstractNumber) -> Lack? {
    number.exact == nil ? Self.lacking : nil
  }

  package func isZero(_ number: AbstractNumber) -> Bool? { number.isZero }

  /// The number that is `form`, with what the places tell of it.
  package func number(_ form: LinearForm) -> AbstractNumber {
    if form.terms.isEmpty { return AbstractNumber(form.constant) }
    var number = AbstractNumber(
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

  private func describe(_ id: PlaceID, _ offset: UInt64, _ number: inout AbstractNumber) {
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
    number.rangeSteps = place.rangeSteps
  }

  /// Whether the form, taken as a sum of whole numbers with a signed constant, is the number itself: the
  /// sum does not wrap.
  package func isInRange(_ form: LinearForm) -> Bool {
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
  package func distance(from right: LinearForm, to left: LinearForm) -> Int128? {
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

  package func log2Ceiling(_ operand: AbstractNumber) -> AbstractNumber {
    var result = AbstractNumber(unknown: operand.sources, isSettled: operand.isSettled)
    result.least = LinkerArithmetic.log2Ceiling(operand.least)
    result.most = LinkerArithmetic.log2Ceiling(operand.most)
    result.ownSteps = operand.ownSteps.union(operand.rangeSteps)
    result.tighten()
    return result
  }

  package func apply(_ operation: UnaryOperator, _ operand: AbstractNumber) -> AbstractNumber {
    switch operation {
    case .plus: return operand
    case .negate: return subtract(AbstractNumber(0), operand)
    case .complement: return subtract(AbstractNumber(.max), operand)
    case .logicalNot: return truth(operand.isZero, [operand])
    }
  }

  package func apply(
    _ operation: BinaryOperator, _ left: AbstractNumber, _ right: AbstractNumber,
    dialect: LinkerDialect
  ) -> NumberResult<AbstractNumber> {
    if let one = left.exact, let other = right.exact {
      return exactResult(operation, one, other, left, right, dialect)
    }
    switch operation {
    case .divide, .remainder:
      if right.exact == 0 {
        return .fault(operation == .divide ? .divisionByZero : .remainderByZero)
      }
      return .number(divide(operation, left, right, dialect))
    case .add: return .number(add(left, right))
    case .subtract: return .number(subtract(left, right))
    case .multiply: return .number(multiply(left, right))
    case .bitAnd, .bitOr, .bitXor: return .number(combine(operation, left, right))
    case .shiftLeft, .shiftRight: return .number(shift(operation, left, right))
    case .equal, .notEqual, .less, .greater, .lessOrEqual, .greaterOrEqual:
      return .number(compare(operation, left, right))
    case .logicalAnd, .logicalOr: return .number(logical(operation, left, right))
    }
  }

  private func exactResult(
    _ operation: BinaryOperator, _ one: UInt64, _ other: UInt64, _ left: AbstractNumber,
    _ right: AbstractNumber, _ dialect: LinkerDialect
  ) -> NumberResult<AbstractNumber> {
    switch LinkerArithmetic.apply(operation, one, other, dialect: dialect) {
    case .divisionByZero: return .fault(operation == .divide ? .divisionByZero : .remainderByZero)
    case .divisionOverflow: return .fault(.divisionOverflow)
    case .value(let value):
      var result = AbstractNumber(value)
      result.isSettled = left.isSettled && right.isSettled
      result.ownSteps = left.steps.union(right.steps)
      return .number(result)
    }
  }

  package func apply(
    _ function: BinaryFunction, _ left: AbstractNumber, _ right: AbstractNumber
  ) -> AbstractNumber {
    switch function {
    case .max, .min: return extreme(function, left, right)
    case .align: return align(left, to: right)
    case .dataSegmentAlign, .dataSegmentRelroEnd: return unknown(Lack(.dataSegment))
    }
  }

  /// 0 or 1, with the steps that decided it.
  func truth(_ isTrue: Bool?, _ operands: [AbstractNumber]) -> AbstractNumber {
    let isSettled = operands.allSatisfy { $0.isSettled }
    guard let isTrue else {
      var result = AbstractNumber(
        unknown: operands.reduce([]) { AbstractNumber.union($0, $1.sources) },
        isSettled: isSettled)
      result.most = 1
      result.tighten()
      // The assignments behind an open question are what a reader looks at first.
      result.ownSteps = operands.reduce(StepList()) { $0.union($1.ownSteps).union($1.bitsSteps) }
      return result
    }
    var result = AbstractNumber(isTrue ? 1 : 0)
    result.isSettled = isSettled
    result.ownSteps = operands.reduce(StepList()) { $0.union($1.zeroSteps) }
    return result
  }
}

extension AbstractNumber {
  /// The steps that decide whether it is zero.
  var zeroSteps: StepList {
    if bits.value != 0 || bits.exact == 0 { return ownSteps.union(bitsSteps) }
    return ownSteps.union(rangeSteps)
  }
}
