// Symbols that GNU ld's earlier passes leave with other values than the last one: while it sizes sections, one
// that it drops in the end still moves the location counter to the address or alignment given for it, up to the
// next section that is kept (ld-semantics 5.1).

internal import LdsParser

/// Finds the symbols that are made from the location counter behind a dropped section.
struct RestlessSymbols {
  /// The symbols.
  private(set) var names: Set<NameID> = []

  private let program: Program
  private let evidence: Evidence
  private let binding: SectionBinding

  init(_ program: Program, _ evidence: Evidence, _ binding: SectionBinding) {
    self.program = program
    self.evidence = evidence
    self.binding = binding
    let moved = movedSteps()
    guard moved.contains(true) else { return }
    var count = -1
    while count != names.count {
      count = names.count
      for (index, step) in program.steps.enumerated() {
        guard case .assignment(let assignment) = step.action else { continue }
        let reads = program.expressions.nodes(of: assignment.value).contains { node in
          switch program.expressions[ExpressionID(index: node)] {
          case .locationCounter, .call1(.align, _), .call1(.next, _),
            .call2(.dataSegmentAlign, _, _):
            moved[index]
          case .symbol(let name): names.contains(name)
          default: false
          }
        }
        if reads { names.insert(assignment.target.name) }
      }
    }
  }

  /// For each step, whether the location counter may have been elsewhere before it.
  private func movedSteps() -> [Bool] {
    var isMoved = program.isMap && hidesSections(after: nil)
    return program.steps.map { step in
      let before = isMoved
      switch step.action {
      case .enter(let index):
        if binding.mayBeDropped(index, evidence) {
          isMoved = isMoved || mayMove(index)
        } else {
          isMoved = false
        }
      case .leave(let index):
        if program.isMap, hidesSections(after: index) { isMoved = true }
      case .assignment(let assignment) where assignment.isLocationCounter:
        if program.expressions.foldedValue(assignment.value) != nil { isMoved = false }
      default: break
      }
      return before
    }
  }

  /// Whether a dropped section moves the location counter. A map does not show how it is described, but where it
  /// would have been.
  private func mayMove(_ index: Int) -> Bool {
    if program.isMap {
      guard let place = binding.evidenceIndex[index], place > 0,
        let vma = evidence.sections[place].vma, let before = evidence.sections[place - 1].vma,
        let size = evidence.sections[place - 1].size
      else { return true }
      return vma != before &+ size
    }
    let description = program.sections[index].description
    return description?.address != nil || description?.alignment != nil
  }

  /// Whether the map lists sections without an address, which were dropped, between one and the next that has
  /// one. The program of a map leaves them out.
  private func hidesSections(after index: Int?) -> Bool {
    let start = index.map { (binding.evidenceIndex[$0] ?? -1) + 1 } ?? 0
    for section in evidence.sections[min(start, evidence.sections.count)...] {
      if section.name == Array("/DISCARD/".utf8) { continue }
      return section.vma == nil
    }
    return false
  }
}
