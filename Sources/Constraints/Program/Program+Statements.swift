// A map says what was linked, in statements, and what came of it, in numbers. Beside files of another link only
// the statements count.

internal import LdsParser

extension Program {
  /// The program of a map without what its link came to: no printed values, no places of contents.
  public var statementsAlone: Program {
    var program = self
    for index in steps.indices {
      program.steps[index].printed = nil
      if case .contents = steps[index].action { program.steps[index].action = .inputs }
    }
    return program
  }

  /// The program without what it sets: its ASSERTs are about the symbols that an image has.
  var assertionsAlone: Program {
    var program = self
    program.assignments = [:]
    for index in steps.indices {
      guard case .assignment(let assignment) = steps[index].action,
        !assignment.isLocationCounter
      else { continue }
      program.steps[index].action = .inputs
    }
    return program
  }

  /// What `x = DEFINED(x) ? x : value` gives a symbol that nobody else defines; nil for any other assignment. The
  /// symbol keeps what an object or an option makes of it.
  func defaultValue(of assignment: Assignment) -> ExpressionID? {
    let name = assignment.target.name
    guard case .conditional(let test, let own, let value) = expressions[assignment.value],
      expressions[test] == .nameCall(.defined, name), expressions[own] == .symbol(name),
      !expressions.nodes(of: value).contains(where: {
        expressions[ExpressionID(index: $0)] == .symbol(name)
      })
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
}
