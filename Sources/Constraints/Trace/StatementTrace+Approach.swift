// What stands around a statement: what brought the location counter to it, and an ALIGN that comes too late.

internal import LdsParser

/// What last moved the location counter before a statement.
enum Approach: Hashable {
  /// `. = e` of this step; the number if it is `. = ALIGN(n)`.
  case move(step: Int, alignment: UInt64?)
  /// The end of this output section.
  case end(section: Int, step: Int)
  /// The start of this output section, in whose braces the statement stands.
  case start(section: Int, step: Int)
  /// Contents of the section around the statement.
  case contents(step: Int)
  /// Nothing: the location counter is 0.
  case nothing

  /// The step that left the location counter where it is.
  var step: Int? {
    switch self {
    case .move(let step, _), .end(_, let step), .start(_, let step), .contents(let step): step
    case .nothing: nil
    }
  }
}

extension StatementTrace {
  /// What last moved the location counter before `step`.
  func approach(to step: Int) -> Approach {
    var index = step - 1
    while index >= 0 {
      switch program.steps[index].action {
      case .assignment(let assignment) where assignment.isLocationCounter:
        return .move(step: index, alignment: alignment(of: assignment, at: index))
      case .leave(let section):
        if size(ofSection: section) != 0 { return .end(section: section, step: index) }
        // An empty section stands between: pass over what it holds.
        while index > 0, !isEnter(index, section) { index -= 1 }
      case .enter(let section):
        // A map does not say where a section ends: behind an empty one, its start is no place of interest.
        if program.isMap, size(ofSection: section) == 0 { break }
        return .start(section: section, step: index)
      case .contents(_, let size): if size > 0 { return .contents(step: index) }
      case .inputs, .data, .opaqueData: return .contents(step: index)
      case .endOverlay: return .contents(step: index)
      case .assignment, .assertion: break
      }
      index -= 1
    }
    return .nothing
  }

  private func isEnter(_ step: Int, _ section: Int) -> Bool {
    if case .enter(section) = program.steps[step].action { return true }
    return false
  }

  /// n, if the assignment is `. = ALIGN(n)` or `. = ALIGN(., n)`.
  func alignment(of assignment: Assignment, at step: Int) -> UInt64? {
    guard let values = values(of: assignment.value, at: step) else { return nil }
    switch program.expressions[assignment.value] {
    case .call1(.align, let amount): return values(amount)
    case .call2(.align, let operand, let amount):
      guard case .locationCounter = program.expressions[operand] else { return nil }
      return values(amount)
    default: return nil
    }
  }

  /// An ALIGN to a multiple of `multiple` that follows `step` before anything takes room.
  func lateAlignment(after step: Int, _ multiple: UInt64) -> Int? {
    var isInEmptySection = false
    for index in (step + 1)..<max(program.steps.count, step + 1) {
      switch program.steps[index].action {
      case .assignment(let assignment) where assignment.isLocationCounter:
        guard let amount = alignment(of: assignment, at: index), amount > 0,
          amount % multiple == 0
        else { return nil }
        return index
      case .assignment, .assertion: continue
      case .contents(_, let size): if size > 0 { return nil }
      case .enter(let section):
        if size(ofSection: section) != 0 { return nil }
        isInEmptySection = true
      case .leave(let section):
        if size(ofSection: section) != 0 { return nil }
        isInEmptySection = false
      case .inputs where isInEmptySection: continue
      case .inputs, .data, .opaqueData, .endOverlay: return nil
      }
    }
    return nil
  }
}
