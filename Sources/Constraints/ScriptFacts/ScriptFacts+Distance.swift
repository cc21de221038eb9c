// How far one boundary lies from another where the script alone says it, although neither is known:
// `. = __image_base__ + 0x200000; _start = .;`.

import LdsParser

extension ScriptFacts {
  /// A symbol, or nothing, and a number added to it.
  private struct Form {
    var base: NameID?
    var offset: UInt64
  }

  /// The distance from `base` to `symbol`, both as the first assignment of `symbol` has them.
  func distance(from base: NameID, to symbol: NameID) -> UInt64? {
    guard let step = onlyAssignment(of: symbol), let value = assignment(step)?.value else {
      return nil
    }
    var dot: Form? = Form(base: nil, offset: 0)
    var known: [NameID: Form] = [:]
    for index in 0..<step {
      switch program.steps[index].action {
      case .assignment(let assignment):
        let form = self.form(assignment.value, dot, known)
        if assignment.isLocationCounter { dot = form } else { known[assignment.target.name] = form }
      case .assertion: break
      default: dot = nil
      }
    }
    guard let end = form(value, dot, known) else { return nil }
    let start =
      known[base] ?? (program.assignments[base] == nil ? Form(base: base, offset: 0) : nil)
    guard let start, start.base == end.base else { return nil }
    return end.offset &- start.offset
  }

  private func form(_ id: ExpressionID, _ dot: Form?, _ known: [NameID: Form]) -> Form? {
    let range = program.expressions.nodes(of: id)
    var forms: [Form?] = []
    forms.reserveCapacity(range.count)
    for index in range {
      let node = ExpressionID(index: index)
      let operand = { (id: ExpressionID) in forms[Int(id.index - range.lowerBound)] }
      forms.append(form(node, dot, known, operand))
    }
    return forms[forms.count - 1]
  }

  private func form(
    _ id: ExpressionID, _ dot: Form?, _ known: [NameID: Form], _ operand: (ExpressionID) -> Form?
  ) -> Form? {
    if let value = program.expressions.foldedValue(id) { return Form(base: nil, offset: value) }
    switch program.expressions[id] {
    case .locationCounter: return dot
    case .symbol(let name):
      if program.assignments[name] == nil { return Form(base: name, offset: 0) }
      return known[name]
    case .call1(.absolute, let child), .unary(.plus, let child): return operand(child)
    case .binary(.add, let left, let right):
      guard let first = operand(left), let second = operand(right),
        first.base == nil || second.base == nil
      else { return nil }
      return Form(base: first.base ?? second.base, offset: first.offset &+ second.offset)
    case .binary(.subtract, let left, let right):
      guard let first = operand(left), let second = operand(right),
        second.base == nil || second.base == first.base
      else { return nil }
      return Form(
        base: second.base == nil ? first.base : nil, offset: first.offset &- second.offset)
    default: return nil
    }
  }
}
