// What an ASSERT says about the alignment of a symbol, whatever way it is written:
//
//     !(_start & 0x1fffff)     (_start & (0x200000 - 1)) == 0     _start % 0x200000 == 0
//     _start == ALIGN(_start, 0x200000)

import LdsParser

/// One symbol that has to be a multiple of something.
struct AlignmentClaim: Sendable {
  /// The symbol.
  var symbol: NameID
  /// A power of two.
  var alignment: UInt64
  /// The expression the alignment was read from: the mask, the divisor, the second operand of ALIGN.
  var measure: ExpressionID
  /// The expression that is the symbol.
  var subject: ExpressionID
  /// The step of the ASSERT, or the assignment it stands in.
  var step: Int

  /// The claims of every ASSERT, in order.
  static func all(of program: Program) -> [AlignmentClaim] {
    var claims: [AlignmentClaim] = []
    for (index, step) in program.steps.enumerated() {
      // Inside an output section numbers are offsets: such an ASSERT says nothing about addresses.
      guard step.context == .top || step.context == .between, !program.isSane else { continue }
      for condition in conditions(of: step, program.expressions) {
        for part in conjuncts(condition, program.expressions) {
          claims += self.claims(part, index, program.expressions)
        }
      }
    }
    return claims
  }

  /// The conditions that a step asserts.
  static func conditions(of step: Step, _ table: ExpressionTable) -> [ExpressionID] {
    switch step.action {
    case .assertion(let assertion): return [assertion.condition]
    case .assignment(let assignment):
      return table.nodes(of: assignment.value).compactMap { index in
        guard case .assertion(let condition, _) = table[ExpressionID(index: index)] else {
          return nil
        }
        return condition
      }
    default: return []
    }
  }

  /// `a && b && c` as its parts.
  static func conjuncts(_ id: ExpressionID, _ table: ExpressionTable) -> [ExpressionID] {
    var parts: [ExpressionID] = []
    var open = [id]
    while let next = open.popLast() {
      if case .binary(.logicalAnd, let left, let right) = table[next] {
        open += [right, left]
      } else {
        parts.append(next)
      }
    }
    return parts
  }

  private static func claims(
    _ condition: ExpressionID, _ step: Int, _ table: ExpressionTable
  ) -> [AlignmentClaim] {
    switch table[condition] {
    case .unary(.logicalNot, let operand): return zero(operand, step, table)
    case .binary(.equal, let left, let right):
      if table.foldedValue(right) == 0 { return zero(left, step, table) }
      if table.foldedValue(left) == 0 { return zero(right, step, table) }
      return aligned(left, right, step, table) + aligned(right, left, step, table)
    default: return []
    }
  }

  /// What it means that `expression` is zero.
  private static func zero(
    _ expression: ExpressionID, _ step: Int, _ table: ExpressionTable
  ) -> [AlignmentClaim] {
    guard case .binary(let operation, let left, let right) = table[expression] else { return [] }
    switch operation {
    case .bitAnd:
      let (subject, mask) = table.foldedValue(right) == nil ? (right, left) : (left, right)
      guard let value = table.foldedValue(mask), value != 0, value & (value &+ 1) == 0,
        value != .max
      else { return [] }
      return subjects(subject, table).map {
        AlignmentClaim(
          symbol: $0.name, alignment: value &+ 1, measure: mask, subject: $0.node, step: step)
      }
    case .remainder:
      guard let value = table.foldedValue(right), value > 1, value & (value &- 1) == 0 else {
        return []
      }
      return subjects(left, table).map {
        AlignmentClaim(
          symbol: $0.name, alignment: value, measure: right, subject: $0.node, step: step)
      }
    default: return []
    }
  }

  /// `symbol == ALIGN(symbol, n)`
  private static func aligned(
    _ left: ExpressionID, _ right: ExpressionID, _ step: Int, _ table: ExpressionTable
  ) -> [AlignmentClaim] {
    guard case .symbol(let name) = table[left],
      case .call2(.align, let subject, let measure) = table[right],
      case .symbol(name) = table[subject], let value = table.foldedValue(measure), value > 1,
      value & (value &- 1) == 0
    else { return [] }
    return [
      AlignmentClaim(symbol: name, alignment: value, measure: measure, subject: left, step: step)
    ]
  }

  /// The symbols that must all be aligned for `a | b` to be.
  private static func subjects(
    _ id: ExpressionID, _ table: ExpressionTable
  ) -> [(name: NameID, node: ExpressionID)] {
    switch table[id] {
    case .symbol(let name): [(name, id)]
    case .call1(.absolute, let operand): subjects(operand, table)
    case .binary(.bitOr, let left, let right) where !isDeep(id, table):
      subjects(left, table) + subjects(right, table)
    default: []
    }
  }

  private static func isDeep(_ id: ExpressionID, _ table: ExpressionTable) -> Bool {
    table.nodes(of: id).count > Limit.nesting
  }
}
