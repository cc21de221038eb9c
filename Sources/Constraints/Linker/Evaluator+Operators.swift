// Operators on values: which form of each operand counts, and what the result is relative to
// (ld-semantics 3.3; ldexp.c, fold_unary, fold_binary, arith_result_section).

internal import LdsParser

extension Evaluator {
  /// Two operands after GNU ld has made their kinds agree.
  private struct Pairing {
    var left: Number
    var right: Number
    /// What both are relative to now.
    var kind: ValueKind
    /// Whether one was a plain number beside something else, which then keeps its kind.
    var hasPlain: Bool
  }

  func unary(_ operation: UnaryOperator, _ value: Value) -> Outcome {
    if operation == .plus { return Outcome(value) }
    if scope.dialect == .lld {
      return Outcome(Value(scope.numbers.apply(operation, value.address), kind: .absolute))
    }
    return Outcome(result(scope.numbers.apply(operation, value.offset), kind: value.kind))
  }

  func binary(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) -> Outcome {
    if scope.dialect == .lld { return binaryLLD(operation, left, right) }
    var outcome: Outcome?
    for pairing in pairings(left, right, for: operation) {
      let part: Outcome
      switch scope.numbers.apply(operation, pairing.left, pairing.right, dialect: .bfd) {
      case .fault(let fault): part = Outcome(.fault(fault))
      case .number(let number):
        part = Outcome(
          arithmeticResult(number, operation, left, right, kind: resultKind(operation, pairing)))
      }
      if outcome == nil { outcome = part } else { outcome?.merge(part) }
    }
    return outcome ?? Outcome(.invalid)
  }

  func call(
    _ function: BinaryFunction, _ left: Value, _ right: Value
  ) -> Outcome {
    switch function {
    case .dataSegmentAlign: return scope.dataSegment(left, right, isAlign: true)
    case .dataSegmentRelroEnd: return scope.dataSegment(left, right, isAlign: false)
    case .max, .min, .align: break
    }
    if scope.dialect == .lld { return callLLD(function, left, right) }
    var outcome: Outcome?
    for pairing in pairings(left, right, for: nil) {
      let number = scope.numbers.apply(function, pairing.left, pairing.right)
      let part = Outcome(result(number, kind: pairing.kind))
      if outcome == nil { outcome = part } else { outcome?.merge(part) }
    }
    return outcome ?? Outcome(.invalid)
  }

  func call(_ function: UnaryFunction, _ value: Value) -> Outcome {
    if scope.dialect == .lld { return callLLD(function, value) }
    switch function {
    case .absolute: return Outcome(Value(value.address, kind: .absolute))
    case .log2Ceiling: return Outcome(Value(scope.numbers.log2Ceiling(value.offset), kind: .plain))
    case .align:
      let aligned = scope.numbers.apply(.align, scope.locationCounter, value.offset)
      return Outcome(scope.relativeToContext(aligned, isInside: true))
    case .next:
      let aligned = scope.numbers.apply(.align, scope.locationCounter, value.address)
      return Outcome(Value(aligned, kind: .absolute))
    case .dataSegmentEnd: return scope.dataSegment(value, nil, isAlign: false)
    }
  }

  /// The ways in which two operands may meet: one, or two where it is not known whether they are in the
  /// same section.
  private func pairings(
    _ left: Value, _ right: Value, for operation: BinaryOperator?
  ) -> [Pairing] {
    switch (left.kind, right.kind) {
    case (.section(let first), .section(let second)):
      let same = sameSection(left, right, for: operation)
      let apart = Pairing(
        left: left.address, right: right.address, kind: .absolute, hasPlain: false)
      guard let isSame = first.isSame(as: second) else { return [same, apart] }
      return isSame ? [same] : [apart]
    case (.plain, .plain), (.absolute, .absolute):
      return [Pairing(left: left.offset, right: right.offset, kind: left.kind, hasPlain: false)]
    case (.plain, let kind):
      return [Pairing(left: left.offset, right: right.offset, kind: kind, hasPlain: true)]
    case (let kind, .plain):
      return [Pairing(left: left.offset, right: right.offset, kind: kind, hasPlain: true)]
    case (.absolute, .section), (.section, .absolute):
      return [
        Pairing(left: left.address, right: right.address, kind: .absolute, hasPlain: false)
      ]
    }
  }

  /// Two values of one section meet as offsets. Where the offsets are not known, addresses give the same
  /// difference and the same equality, and for places inside the section the same order.
  private func sameSection(
    _ left: Value, _ right: Value, for operation: BinaryOperator?
  ) -> Pairing {
    let offsetsKnown =
      left.offset.lack == nil && right.offset.lack == nil
    let useAddresses: Bool
    switch operation {
    case .subtract, .equal, .notEqual: useAddresses = !offsetsKnown
    case .less, .greater, .lessOrEqual, .greaterOrEqual:
      useAddresses = !offsetsKnown && left.isInsideSection && right.isInsideSection
    default: useAddresses = false
    }
    return Pairing(
      left: useAddresses ? left.address : left.offset,
      right: useAddresses ? right.address : right.offset, kind: left.kind, hasPlain: false)
  }

  private func resultKind(_ operation: BinaryOperator, _ pairing: Pairing) -> ValueKind {
    if operation.isTruthValued { return .plain }
    if pairing.hasPlain { return pairing.kind }
    return scope.context == nil && !scope.isSane ? .absolute : .plain
  }

  /// A result of `kind`; for a sum or difference with a plain number the address follows from the
  /// operand's address, even where the section's own address is not known.
  private func arithmeticResult(
    _ number: Number, _ operation: BinaryOperator, _ left: Value, _ right: Value,
    kind: ValueKind
  ) -> Value {
    guard case .section(let section) = kind else { return Value(number, kind: kind) }
    switch operation {
    case .add:
      return Value(
        offset: number, address: scope.sum(left.address, right.address), in: section)
    case .subtract where right.kind == .plain:
      return Value(
        offset: number, address: scope.difference(left.address, right.address), in: section)
    default: return result(number, kind: kind)
    }
  }

  private func result(_ number: Number, kind: ValueKind) -> Value {
    guard case .section(let section) = kind else { return Value(number, kind: kind) }
    return scope.relative(number, in: section)
  }
}
