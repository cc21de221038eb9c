// What INSERT does to the order of statements: `SECTIONS { .note : { start = .; } } INSERT AFTER .text` moves the
// output section with all that stands in it (GNU ld also what stands around it in its SECTIONS).

internal import LdsParser

extension Program {
  /// Whether the order of a step and all assignments to a symbol is that of the script. Those of one output section
  /// stay in order, and a symbol with one assignment has the same value in every pass but the first.
  func keepsOrder(of name: NameID, with step: Int) -> Bool {
    guard hasInsert, let steps = assignments[name], steps.count > 1 else { return true }
    return haveOneContext(steps) && steps.contains { isInContext(step, of: $0) }
  }

  /// Whether a step is the one that gives a symbol its final value.
  func isLastAssignment(_ step: Int, of name: NameID) -> Bool {
    guard let steps = assignments[name], steps.last == step else { return false }
    return !hasInsert || haveOneContext(steps)
  }

  private func haveOneContext(_ steps: [Int]) -> Bool {
    steps.allSatisfy { isInContext($0, of: steps[0]) }
  }

  /// Whether two steps stand in the same output section, or both at the top of the script: INSERT of GNU ld moves
  /// what stands in SECTIONS, outside output sections, as well.
  private func isInContext(_ step: Int, of other: Int) -> Bool {
    guard steps.indices.contains(step), steps.indices.contains(other) else { return false }
    return steps[step].context == steps[other].context && steps[step].context != .between
  }
}
