// What assignments of a kind mean.

internal import LdsParser

extension Program {
  /// What `x = DEFINED(x) ? x : value` gives a symbol that nobody else defines; nil for any other assignment. The
  /// symbol keeps what an object or an option makes of it.
  func defaultValue(of assignment: Assignment) -> ExpressionID? {
    let name = assignment.target.name
    guard case .conditional(let test, let own, let value) = expressions[assignment.value],
      expressions[test] == .nameCall(.defined, name), expressions[own] == .symbol(name),
      !expressions.mentions(.symbol(name), in: value)
    else { return nil }
    return value
  }

  /// Whether the script sets a symbol in PROVIDEs alone.
  func isOnlyProvided(_ name: NameID) -> Bool {
    assignments[name]?.allSatisfy { step in
      if case .assignment(let assignment) = steps[step].action {
        assignment.kind.isProvide
      } else {
        false
      }
    } ?? false
  }

  /// Whether a symbol that is set once is the location counter, aligned perhaps.
  func isPlace(_ name: NameID) -> Bool {
    guard let set = assignments[name], set.count == 1,
      case .assignment(let assignment) = steps[set[0]].action
    else { return false }
    switch expressions[assignment.value] {
    case .locationCounter, .call1(.align, _): return true
    default: return false
    }
  }
}

extension Step {
  /// The expression that it evaluates; nil if it has none.
  var expression: ExpressionID? {
    switch action {
    case .assignment(let assignment): assignment.value
    case .assertion(let assertion): assertion.condition
    case .data(_, let value): value
    default: nil
    }
  }
}
