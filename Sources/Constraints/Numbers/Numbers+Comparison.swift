// Comparisons: by cancelled places, by bounds, by the order of places, by bits that differ.

internal import LdsParser

extension Numbers {
  /// A decided comparison and the steps that decided it.
  struct Decision {
    var isTrue: Bool
    var steps: StepList
  }

  /// `left` and `right` under the operator.
  func compare(
    _ operation: BinaryOperator, _ left: Knowledge, _ right: Knowledge
  ) -> Knowledge {
    let decision: Decision? =
      switch operation {
      case .equal: equality(left, right)
      case .notEqual: equality(left, right).map { Decision(isTrue: !$0.isTrue, steps: $0.steps) }
      case .less: order(left, right, orEqual: false)
      case .lessOrEqual: order(left, right, orEqual: true)
      case .greater: order(right, left, orEqual: false)
      default: order(right, left, orEqual: true)
      }
    guard let decision else { return truth(nil, [left, right]) }
    var result = Knowledge(decision.isTrue ? 1 : 0)
    result.isSettled = left.isSettled && right.isSettled
    result.ownSteps = decision.steps
    return result
  }

  /// Whether `left == right`.
  func equality(_ left: Knowledge, _ right: Knowledge) -> Decision? {
    let own = left.ownSteps.union(right.ownSteps)
    let distant = left.ownSteps.cancelling(right.ownSteps)
    if let one = left.form, let other = right.form, !one.terms.isEmpty,
      let form = one.adding(other, isNegative: true), form.terms.isEmpty
    {
      return Decision(isTrue: form.constant == 0, steps: distant)
    }
    if let one = left.exact, one == right.exact {
      return Decision(isTrue: true, steps: left.steps.union(right.steps))
    }
    if !left.bits.isCompatible(right.bits) {
      return Decision(isTrue: false, steps: own.union(left.bitsSteps).union(right.bitsSteps))
    }
    if left.most < right.least || right.most < left.least {
      return Decision(isTrue: false, steps: own.union(left.rangeSteps).union(right.rangeSteps))
    }
    if let one = left.form, let other = right.form {
      if let distance = distance(from: one, to: other), distance > 0 {
        return Decision(isTrue: false, steps: distant)
      }
      if let distance = distance(from: other, to: one), distance > 0 {
        return Decision(isTrue: false, steps: distant)
      }
    }
    return nil
  }

  /// Whether `left < right`, or `left <= right`.
  func order(_ left: Knowledge, _ right: Knowledge, orEqual: Bool) -> Decision? {
    let own = left.ownSteps.union(right.ownSteps)
    if let one = left.form, let other = right.form, !one.terms.isEmpty, !other.terms.isEmpty {
      let distant = left.ownSteps.cancelling(right.ownSteps)
      if one == other { return Decision(isTrue: orEqual, steps: distant) }
      if let distance = distance(from: one, to: other), distance > 0 || (orEqual && distance >= 0) {
        return Decision(isTrue: true, steps: distant)
      }
      if let distance = distance(from: other, to: one), distance > 0 || (!orEqual && distance >= 0)
      {
        return Decision(isTrue: false, steps: distant)
      }
    }
    if orEqual ? left.most <= right.least : left.most < right.least {
      return Decision(isTrue: true, steps: boundSteps(left, right, own))
    }
    if orEqual ? left.least > right.most : left.least >= right.most {
      return Decision(isTrue: false, steps: boundSteps(left, right, own))
    }
    return nil
  }

  /// A bound that every number has is no one's merit.
  private func boundSteps(
    _ left: Knowledge, _ right: Knowledge, _ own: StepList
  ) -> StepList {
    own.union(left.rangeSteps).union(right.rangeSteps)
  }
}
