// Recognises the claim behind a condition, whether its constants were folded by a linker or stand there as
// the author's macros made them.
//
//     ! ((_start & 0x1fffff))                        alignment of _start to 0x200000
//     ((kexec_reloc_end - kexec_reloc) <= 0x1000)    bound
//     ! (SIZEOF (.got))                              emptiness
//     ! (((_etext | _edata) & 0xfff))                alignment of both to 0x1000

internal import LdsParser

/// Finds claims in the conditions of one program.
struct ClaimRecognizer {
  let table: ExpressionTable
  /// The number an expression comes to, nil if unknown.
  let value: (ExpressionID) -> UInt64?

  /// The claim that `condition` makes.
  func claim(_ condition: ExpressionID) -> AssertionClaim {
    claim(condition, depth: 0)
  }

  /// Parentheses and operators between a condition and the comparison that claims something.
  private static let deepest = 64

  private func claim(_ id: ExpressionID, depth: Int) -> AssertionClaim {
    guard depth < Self.deepest else { return .other }
    switch table[id] {
    case .unary(.logicalNot, let operand):
      if case .unary(.logicalNot, let inner) = table[operand] {
        return claim(inner, depth: depth + 1)
      }
      return zero(operand) ?? .other
    case .binary(.logicalAnd, _, _):
      return all(id, joinedBy: .logicalAnd) { claim($0, depth: depth + 1) }
    case .binary(.logicalOr, _, _):
      return .any(
        table.operands(of: id, joinedBy: .logicalOr).flatMap { operand -> [AssertionClaim] in
          let part = claim(operand, depth: depth + 1)
          return if case .any(let inner) = part { inner } else { [part] }
        })
    case .conditional(let condition, let first, let second):
      // What the linker does not look at claims nothing.
      guard let chosen = value(condition) else { return .other }
      return claim(chosen != 0 ? first : second, depth: depth + 1)
    case .binary(.equal, let left, let right): return equality(left, right)
    case .binary(.lessOrEqual, let left, let right): return bound(left, right, isStrict: false)
    case .binary(.less, let left, let right): return bound(left, right, isStrict: true)
    case .binary(.greaterOrEqual, let left, let right): return bound(right, left, isStrict: false)
    case .binary(.greater, let left, let right): return bound(right, left, isStrict: true)
    default: return .other
    }
  }

  /// What holds if the same holds for every operand of `joiner`.
  private func all(
    _ id: ExpressionID, joinedBy joiner: BinaryOperator, _ claim: (ExpressionID) -> AssertionClaim
  ) -> AssertionClaim {
    let parts = table.operands(of: id, joinedBy: joiner).flatMap { claim($0).conjuncts }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  /// The claim that `operand` is zero.
  private func zero(_ operand: ExpressionID) -> AssertionClaim? {
    switch table[operand] {
    case .nameCall(.sizeOf, let section): return .emptiness(section)
    case .binary(.bitAnd, let left, let right):
      if isOneLess(right, than: left) { return .powerOfTwo(left) }
      if isOneLess(left, than: right) { return .powerOfTwo(right) }
      if let mask = constant(right) { return cleared(left, mask, right) }
      if let mask = constant(left) { return cleared(right, mask, left) }
      return nil
    case .binary(.remainder, let left, let right):
      guard let multiple = constant(right), multiple != 0, multiple < 1 << 63 else { return nil }
      return aligned(left, multiple, right)
    case .binary(.bitOr, let left, let right):
      // No bit is set in `a | b` if none is in either.
      guard let first = zero(left), let second = zero(right) else { return nil }
      return .all(first.conjuncts + second.conjuncts)
    default: return nil
    }
  }

  /// Whether `other` is `operand - 1`.
  private func isOneLess(_ other: ExpressionID, than operand: ExpressionID) -> Bool {
    guard case .binary(.subtract, let inner, let one) = table[other] else { return false }
    return table.foldedValue(one) == 1 && constant(operand) == nil && isSame(inner, operand)
  }

  private func cleared(
    _ operand: ExpressionID, _ mask: UInt64, _ measure: ExpressionID
  ) -> AssertionClaim {
    if mask != 0, mask & (mask &+ 1) == 0, mask != .max {
      return aligned(operand, mask &+ 1, measure)
    }
    return all(operand, joinedBy: .bitOr) { .clearBits(of: $0, mask: mask) }
  }

  /// `a | b` has no low bit set if neither has, so both are multiples of a power of two.
  private func aligned(
    _ operand: ExpressionID, _ multiple: UInt64, _ measure: ExpressionID
  ) -> AssertionClaim {
    guard multiple & (multiple &- 1) == 0 else {
      return .alignment(of: operand, to: multiple, measure: measure)
    }
    return all(operand, joinedBy: .bitOr) { .alignment(of: $0, to: multiple, measure: measure) }
  }

  private func equality(_ left: ExpressionID, _ right: ExpressionID) -> AssertionClaim {
    if constant(right) == 0, let claim = zero(left) { return claim }
    if constant(left) == 0, let claim = zero(right) { return claim }
    return alignedCopy(of: left, in: right) ?? alignedCopy(of: right, in: left)
      ?? roundedPower(of: left, in: right) ?? roundedPower(of: right, in: left)
      ?? .equality(left, right)
  }

  /// `x == 1 << LOG2CEIL(x)`: the next power of two is the value itself.
  private func roundedPower(of operand: ExpressionID, in other: ExpressionID) -> AssertionClaim? {
    guard case .binary(.shiftLeft, let one, let power) = table[other], table.foldedValue(one) == 1,
      case .call1(.log2Ceiling, let inner) = table[power], isSame(inner, operand)
    else { return nil }
    return .powerOfTwo(operand)
  }

  /// The claim that `operand` equals `other`, where that is `ALIGN(operand, n)` or `operand & ~mask`.
  private func alignedCopy(of operand: ExpressionID, in other: ExpressionID) -> AssertionClaim? {
    let measure: ExpressionID
    switch table[other] {
    case .call2(.align, let inner, let amount):
      guard isSame(inner, operand) else { return nil }
      measure = amount
    case .call1(.align, let amount):
      guard case .locationCounter = table[operand] else { return nil }
      measure = amount
    case .binary(.bitAnd, let left, let right):
      return clearedCopy(of: operand, left, right) ?? clearedCopy(of: operand, right, left)
    default: return nil
    }
    return constant(measure).flatMap { $0 > 1 ? aligned(operand, $0, measure) : nil }
  }

  /// `x == (x & ~0xfff)`: nothing is cut off.
  private func clearedCopy(
    of operand: ExpressionID, _ kept: ExpressionID, _ measure: ExpressionID
  ) -> AssertionClaim? {
    guard isSame(kept, operand), let mask = constant(measure), mask != .max else { return nil }
    // A number of 32 bits is meant for addresses of 32 bits.
    return cleared(operand, mask >> 31 == 1 ? ~mask & 0xffff_ffff : ~mask, measure)
  }

  private func bound(
    _ small: ExpressionID, _ large: ExpressionID, isStrict: Bool
  ) -> AssertionClaim {
    if case .nameCall(.sizeOf, let section) = table[small],
      constant(large) == (isStrict ? 1 : 0)
    {
      return .emptiness(section)
    }
    let claimed = ClaimedBound(value: small, limit: large, isStrict: isStrict)
    return isPlace(small) && isPlace(large) ? .order(claimed) : .bound(claimed)
  }

  /// Whether the expression is nothing but a place: two of them in order need no room between.
  private func isPlace(_ id: ExpressionID) -> Bool {
    switch table[id] {
    case .symbol, .locationCounter, .nameCall(.address, _), .nameCall(.loadAddress, _): true
    default: false
    }
  }

  /// The value of an expression in which no symbol, section or location counter stands.
  func constant(_ id: ExpressionID) -> UInt64? {
    if let folded = table.foldedValue(id) { return folded }
    return isConstant(id) ? value(id) : nil
  }

  /// Whether the bound asks for at least so much: a number on the small side, none on the large.
  func isLower(_ bound: ClaimedBound) -> Bool {
    isConstant(bound.value) && !isConstant(bound.limit)
  }

  /// Whether no symbol, section or location counter stands in an expression.
  private func isConstant(_ id: ExpressionID) -> Bool {
    table.nodes(of: id).allSatisfy { index in
      switch table[ExpressionID(index: index)] {
      case .symbol, .locationCounter, .sizeofHeaders, .assertion, .segmentStart,
        .call1(.align, _), .call1(.next, _), .call1(.dataSegmentEnd, _):
        false
      case .nameCall(let function, _):
        function == .constant || function == .length || function == .origin
      default: true
      }
    }
  }

  /// Whether two expressions are written alike after macros.
  private func isSame(_ left: ExpressionID, _ right: ExpressionID) -> Bool {
    let first = table.nodes(of: left)
    let second = table.nodes(of: right)
    guard first.count == second.count else { return false }
    return zip(first, second).allSatisfy { one, other in
      shape(table[ExpressionID(index: one)], from: first.lowerBound)
        == shape(table[ExpressionID(index: other)], from: second.lowerBound)
    }
  }

  /// A node with its operands counted from the start of the expression.
  private func shape(_ node: ExpressionNode, from base: UInt32) -> ExpressionNode {
    func moved(_ id: ExpressionID) -> ExpressionID { ExpressionID(index: id.index &- base) }
    return switch node {
    case .integer, .symbol, .locationCounter, .nameCall, .sizeofHeaders: node
    case .unary(let operation, let operand): .unary(operation, moved(operand))
    case .binary(let operation, let left, let right): .binary(operation, moved(left), moved(right))
    case .conditional(let condition, let first, let second):
      .conditional(moved(condition), moved(first), moved(second))
    case .call1(let function, let operand): .call1(function, moved(operand))
    case .call2(let function, let left, let right): .call2(function, moved(left), moved(right))
    case .segmentStart(let name, let operand): .segmentStart(name, moved(operand))
    case .assertion(let operand, let message): .assertion(moved(operand), message)
    }
  }
}
