// Each operator on abstract numbers: what it does to bits, to bounds, and to sums of places.

internal import LdsParser

extension Numbers {
  /// A result that depends on both operands, of which nothing is known yet.
  private func result(_ left: Knowledge, _ right: Knowledge) -> Knowledge {
    var result = Knowledge(
      unknown: Knowledge.union(left.sources, right.sources),
      isSettled: left.isSettled && right.isSettled)
    result.ownSteps = left.ownSteps.union(right.ownSteps)
    result.bitsSteps = left.bitsSteps.union(right.bitsSteps)
    result.rangeSteps = left.rangeSteps.union(right.rangeSteps)
    return result
  }

  /// `left` and `right` under the operator.
  func add(_ left: Knowledge, _ right: Knowledge) -> Knowledge {
    var sum = result(left, right)
    sum.bits = left.bits + right.bits
    let (least, overflow) = left.least.addingReportingOverflow(right.least)
    let (most, overflows) = left.most.addingReportingOverflow(right.most)
    if overflow == overflows, least <= most {
      sum.least = least
      sum.most = most
    }
    if let one = left.form, let other = right.form, let form = one.adding(other) {
      adopt(form, &sum)
    }
    sum.tighten()
    return sum
  }

  /// `left` and `right` under the operator.
  func subtract(_ left: Knowledge, _ right: Knowledge) -> Knowledge {
    var difference = result(left, right)
    difference.bits = left.bits - right.bits
    if left.least >= right.most {
      difference.least = left.least - right.most
      difference.most = left.most - right.least
    } else if left.most < right.least {
      // Both ends wrap: the bounds stay in order.
      difference.least = left.least &- right.most
      difference.most = left.most &- right.least
    }
    if let one = left.form, let other = right.form, let form = one.adding(other, isNegative: true) {
      adopt(form, &difference)
      if form.terms.isEmpty, !one.terms.isEmpty {
        difference.ownSteps = left.ownSteps.cancelling(right.ownSteps)
      }
    }
    difference.tighten()
    return difference
  }

  /// Takes over what is known of `form`, which is the same number.
  private func adopt(_ form: LinearForm, _ number: inout Knowledge) {
    let known = knowledge(of: form)
    number.form = form
    if let exact = known.exact {
      // Places cancelled: only the assignments count.
      number.least = exact
      number.most = exact
      number.bits = KnownBits(exact)
      number.bitsSteps = StepList()
      number.rangeSteps = StepList()
      number.sources = []
      return
    }
    if number.bits.isCompatible(known.bits) { number.bits = number.bits.met(known.bits) }
    number.least = max(number.least, known.least)
    number.most = max(number.least, min(number.most, known.most))
    number.sources = known.sources
  }

  func multiply(_ left: Knowledge, _ right: Knowledge) -> Knowledge {
    if left.exact == 0 || right.exact == 0 { return decided(0, left.exact == 0 ? left : right) }
    if left.exact == 1 { return right }
    if right.exact == 1 { return left }
    var product = result(left, right)
    product.bits = left.bits * right.bits
    let (most, overflow) = left.most.multipliedReportingOverflow(by: right.most)
    if !overflow {
      product.least = left.least &* right.least
      product.most = most
    }
    product.tighten()
    return product
  }

  /// A number that one operand alone decides.
  private func decided(_ value: UInt64, _ operand: Knowledge) -> Knowledge {
    var result = Knowledge(value)
    result.isSettled = operand.isSettled
    result.ownSteps = operand.steps
    return result
  }

  func divide(
    _ operation: BinaryOperator, _ left: Knowledge, _ right: Knowledge,
    _ dialect: LinkerDialect
  ) -> Knowledge {
    var quotient = result(left, right)
    let isUnsigned = dialect.follows(.dividesUnsigned)
    guard let divisor = right.exact, divisor != 0, isUnsigned || divisor >> 63 == 0 else {
      return quotient
    }
    let isPlain = isUnsigned || left.most >> 63 == 0
    if operation == .divide {
      guard isPlain else { return quotient }
      quotient.least = left.least / divisor
      quotient.most = left.most / divisor
      if divisor & (divisor &- 1) == 0 {
        quotient.bits = left.bits >> UInt64(divisor.trailingZeroBitCount)
      }
    } else if divisor & (divisor &- 1) == 0, left.bits.trailingZeros >= divisor.trailingZeroBitCount
    {
      // Also a negative dividend leaves nothing.
      quotient.bits = KnownBits(0)
      quotient.most = 0
    } else if isPlain {
      quotient.most = min(left.most, divisor - 1)
      if divisor & (divisor &- 1) == 0 { quotient.bits = left.bits & KnownBits(divisor - 1) }
    }
    quotient.tighten()
    return quotient
  }

  func combine(
    _ operation: BinaryOperator, _ left: Knowledge, _ right: Knowledge
  ) -> Knowledge {
    if operation == .bitAnd {
      if let mask = right.exact, left.bits.most & ~mask == 0 { return passed(left, right) }
      if let mask = left.exact, right.bits.most & ~mask == 0 { return passed(right, left) }
    } else if right.exact == 0 {
      return passed(left, right)
    } else if left.exact == 0 {
      return passed(right, left)
    }
    var result = result(left, right)
    switch operation {
    case .bitAnd:
      result.bits = left.bits & right.bits
      result.most = min(left.most, right.most)
    case .bitOr:
      result.bits = left.bits | right.bits
      result.least = max(left.least, right.least)
    default: result.bits = left.bits ^ right.bits
    }
    result.tighten()
    return result
  }

  /// `operand`, which `other` leaves as it is.
  private func passed(_ operand: Knowledge, _ other: Knowledge) -> Knowledge {
    var result = operand
    result.isSettled = operand.isSettled && other.isSettled
    result.ownSteps = operand.ownSteps.union(operand.bitsSteps).union(other.steps)
    return result
  }

  func shift(
    _ operation: BinaryOperator, _ left: Knowledge, _ right: Knowledge
  ) -> Knowledge {
    var result = result(left, right)
    guard let exact = right.exact else { return result }
    let count = exact & 63
    if operation == .shiftRight {
      result.bits = left.bits >> count
      result.least = left.least >> count
      result.most = left.most >> count
    } else {
      result.bits = left.bits << count
      if left.most <= UInt64.max >> count {
        result.least = left.least << count
        result.most = left.most << count
      }
    }
    result.tighten()
    return result
  }

  func logical(
    _ operation: BinaryOperator, _ left: Knowledge, _ right: Knowledge
  ) -> Knowledge {
    let decisive = operation == .logicalAnd
    if left.isZero == decisive { return truth(!decisive, [left]) }
    if right.isZero == decisive { return truth(!decisive, [right]) }
    let isKnown = left.isZero != nil && right.isZero != nil
    return truth(isKnown ? decisive : nil, [left, right])
  }

  /// The larger or the smaller number.
  func extreme(
    _ function: BinaryFunction, _ left: Knowledge, _ right: Knowledge
  ) -> Knowledge {
    if let isLess = order(left, right, orEqual: true)?.isTrue {
      return (function == .max) == isLess ? right : left
    }
    var result = left.joined(right)
    if function == .max {
      result.least = max(left.least, right.least)
      result.floor = left.form ?? right.form
    } else {
      result.most = min(left.most, right.most)
    }
    result.tighten()
    return result
  }

  /// `value` rounded up (`align_n` in ldexp.c).
  func align(_ value: Knowledge, to alignment: Knowledge) -> Knowledge {
    if alignment.most <= 1 { return value }
    if let unit = alignment.exact {
      if unit & (unit &- 1) == 0, value.bits.trailingZeros >= unit.trailingZeroBitCount {
        // Aligned already; this line is no reason for it.
        return value
      }
      if let number = value.exact {
        var result = Knowledge(LinkerArithmetic.alignUp(number, to: unit))
        result.isSettled = value.isSettled && alignment.isSettled
        result.ownSteps = value.steps.union(alignment.steps)
        return result
      }
    }
    var result = result(value, alignment)
    // Where the value came from does not matter for its alignment.
    result.ownSteps = alignment.ownSteps
    result.bitsSteps = alignment.bitsSteps
    result.rangeSteps = value.ownSteps.union(value.rangeSteps)
    result.floor = value.form ?? value.floor
    if let unit = alignment.exact {
      if unit & (unit &- 1) == 0 { result.bits = .zeros(unit.trailingZeroBitCount) }
      let (_, overflow) = value.most.addingReportingOverflow(unit - 1)
      if !overflow {
        result.least = LinkerArithmetic.alignUp(value.least, to: unit)
        result.most = LinkerArithmetic.alignUp(value.most, to: unit)
      }
    } else if let place = alignment.form?.place, alignment.form?.constant == 0,
      places[place].isPowerOfTwo
    {
      result.bits = .zeros(value.bits.trailingZeros)
      result.bitsSteps = value.ownSteps.union(value.bitsSteps)
    }
    result.tighten()
    return result
  }
}
