// What an ASSERT says about the alignment of a symbol, whatever way it is written:
//
//     !(_start & 0x1fffff)     (_start & (0x200000 - 1)) == 0     _start % 0x200000 == 0
//     _start == ALIGN(_start, 0x200000)     !((_start | _end) & 0x1fffff)

import LdsParser

/// One symbol that has to be a multiple of a power of two.
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
    // Inside an output section numbers are offsets: such an ASSERT says nothing about addresses.
    if program.isSane { return [] }
    let table = program.expressions
    let recognizer = ClaimRecognizer(table: table) { _ in nil }
    return program.steps.enumerated().flatMap { index, step -> [AlignmentClaim] in
      guard step.context == .top || step.context == .between else { return [] }
      return step.conditions(in: table).flatMap { condition in
        recognizer.claim(condition).conjuncts.compactMap { AlignmentClaim($0, index, table) }
      }
    }
  }

  private init?(_ claim: AssertionClaim, _ step: Int, _ table: ExpressionTable) {
    guard case .alignment(var subject, let alignment, let measure) = claim,
      alignment > 1, alignment & (alignment &- 1) == 0
    else { return nil }
    while case .call1(.absolute, let operand) = table[subject] { subject = operand }
    guard case .symbol(let name) = table[subject] else { return nil }
    self.init(symbol: name, alignment: alignment, measure: measure, subject: subject, step: step)
  }

  private init(
    symbol: NameID, alignment: UInt64, measure: ExpressionID, subject: ExpressionID, step: Int
  ) {
    self.symbol = symbol
    self.alignment = alignment
    self.measure = measure
    self.subject = subject
    self.step = step
  }
}

extension AssertionClaim {
  /// What all has to hold: the parts of `all`, else the claim itself.
  var conjuncts: [AssertionClaim] {
    if case .all(let parts) = self { parts } else { [self] }
  }
}

extension Step {
  /// The conditions that a step asserts: its own, or those of the ASSERTs in an assignment's value.
  func conditions(in table: ExpressionTable) -> [ExpressionID] {
    switch action {
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
}

extension ExpressionTable {
  /// `a && b && c` as its parts, in order; an expression of another kind as its only part. A chain may be as
  /// long as a script, so nothing recurses.
  func operands(of id: ExpressionID, joinedBy joiner: BinaryOperator) -> [ExpressionID] {
    var parts: [ExpressionID] = []
    var open = [id]
    while let next = open.popLast() {
      if case .binary(joiner, let left, let right) = self[next] {
        open += [right, left]
      } else {
        parts.append(next)
      }
    }
    return parts
  }
}
