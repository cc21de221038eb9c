// Divisions in early passes: linkers evaluate every ASSERT in every pass, and stop at a zero divisor in the first
// one, when sections are empty and most symbols 0, even if the divisor is not 0 in the end.

internal import LdsParser

extension Walker {
  /// The outcome of an ASSERT, or one that is not known if the linker may have stopped at it in an early pass.
  ///
  /// A map comes from a link that went past its ASSERTs, and proofs are about the final pass.
  func doubtingDivisors(of condition: ExpressionID, _ outcome: Outcome) -> Outcome {
    guard !program.isMap, premise == .oneLink, dividesByUnsettled(condition) else {
      return outcome
    }
    let fails = outcome.branches.allSatisfy { branch in
      guard case .value(let value) = branch else { return branch != .invalid }
      return value.tested(by: dialect).isZero == true
    }
    if fails { return outcome }
    var doubted = outcome
    doubted.merge(Outcome(Value(numbers.unknown(Lack(.earlyPass)), kind: .absolute)))
    return doubted
  }

  private func dividesByUnsettled(_ condition: ExpressionID) -> Bool {
    let table = program.expressions
    var pending = [condition]
    while let next = pending.popLast() {
      switch table[next] {
      case .binary(let operation, let left, let right):
        if operation == .divide || operation == .remainder,
          table.nodes(of: right).contains(where: { mayBeZeroEarly(ExpressionID(index: $0)) })
        {
          return true
        }
        pending += [left, right]
      case .conditional(let test, let first, let second):
        // A constant protects the branch that is not taken in every pass.
        if let constant = table.foldedValue(test) {
          pending.append(constant != 0 ? first : second)
        } else {
          pending += [test, first, second]
        }
      case let node: pending += node.operands
      }
    }
    return false
  }

  /// Whether a node of a divisor may have another value in an early pass.
  private func mayBeZeroEarly(_ id: ExpressionID) -> Bool {
    switch program.expressions[id] {
    case .symbol(let name):
      // A constant of the script is there from its assignment on.
      guard let steps = program.assignments[name], steps.count == 1, steps[0] < currentStep,
        case .assignment(let assignment) = program.steps[steps[0]].action
      else { return true }
      return program.expressions.foldedValue(assignment.value) == nil || assignment.kind.isProvide
    case .locationCounter, .call1(.align, _), .call1(.next, _), .sizeofHeaders,
      .nameCall(.sizeOf, _), .nameCall(.address, _), .nameCall(.loadAddress, _),
      .nameCall(.alignOf, _), .call2(.dataSegmentAlign, _, _), .call2(.dataSegmentRelroEnd, _, _):
      return true
    default: return false
    }
  }
}
