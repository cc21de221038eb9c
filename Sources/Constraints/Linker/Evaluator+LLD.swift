// lld's rules, where they differ from GNU ld's (ld-semantics 8; lld/ELF/ScriptParser.cpp and
// LinkerScript.cpp, ExprValue): numbers are addresses nearly everywhere, and a value is section-relative
// only so that a symbol set from it gets a section. Only the address of such a value counts, not which section
// it is in.

internal import LdsParser

extension Evaluator {
  /// `&&` and `||` evaluate their right side only if the left one does not decide.
  func logicalLLD(
    _ operation: BinaryOperator, _ left: Outcome, _ right: Outcome
  ) -> Outcome {
    left.map(scope) { first in
      let decided = absolute(Number(operation == .logicalAnd ? 0 : 1))
      if isDecided(operation, Outcome(first)) { return decided }
      let both = right.map(scope) { binaryLLD(operation, first, $0) }
      guard first.address.isZero == nil else { return both }
      // The right side counts only if the left one does not decide, which is not known.
      var either = decided
      either.merge(both)
      let hasFault = either.branches.contains { if case .fault = $0 { true } else { false } }
      guard either.branches.count > 1, !hasFault, let lack = first.address.lack else {
        return either
      }
      return absolute(scope.numbers.unknown(lack))
    }
  }

  private func next(_ number: Number) -> Number { scope.sum(number, Number(1)) }

  /// What an address is that is relative to an output section: offset -1 is the end of the section
  /// (OutputSections.cpp, SectionBase::getOffset). The location counter is there, too, where it goes back behind
  /// thread-local zeros that were aligned by one byte.
  func placeLLD(_ address: Number, in section: SectionKey) -> Number {
    guard let extent = scope.extent(of: section), next(address).exact == extent.start else {
      return address
    }
    return Number(extent.end)
  }

  /// Whether the left side of `&&` or `||` decides.
  func isDecided(_ operation: BinaryOperator, _ left: Outcome) -> Bool {
    guard operation == .logicalAnd || operation == .logicalOr,
      case .value(let value)? = left.single, let isZero = value.address.isZero
    else { return false }
    return isZero == (operation == .logicalAnd)
  }

  func binaryLLD(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) -> Outcome {
    let result: Value?
    switch operation {
    case .add, .bitAnd, .bitOr, .bitXor:
      if isRelative(left), isRelative(right) { return Outcome(.fault(.bothRelative)) }
      result = isRelative(left) ? left : isRelative(right) ? right : hasSection(left) ? left : right
    case .subtract:
      // The difference of two places is absolute; a place that ABSOLUTE made absolute is one again.
      guard !isRelative(left) || !isRelative(right), hasSection(left) else {
        result = nil
        break
      }
      result =
        isRelative(left)
        ? left : Value(offset: left.offset, address: left.address, in: .listed(0))
    default:
      result = nil
    }
    switch scope.numbers.apply(operation, left.address, right.address, dialect: .lld) {
    case .fault(let fault): return Outcome(.fault(fault))
    case .number(let number):
      guard let result else { return absolute(number) }
      if case .section(let key) = result.kind, !result.isInsideSection, scope.extent(of: key) != nil
      {
        return Outcome(moved(result, to: placeLLD(number, in: key)))
      }
      let isOneBefore =
        !(isRelative(result) && result.isInsideSection) && scope.startsSection(next(number))
      guard isOneBefore, hasSection(result) else { return Outcome(moved(result, to: number)) }
      return Outcome(moved(result, to: scope.numbers.unknown(Lack(.placeBeforeSection))))
    }
  }

  /// The operand of ALIGN without the ALIGN that it may be itself: of nested ones only the outermost counts.
  func unaligned(
    _ id: ExpressionID, _ operand: (ExpressionID) -> Outcome
  ) -> Outcome {
    switch table[id] {
    case .call2(.align, let inner, _):
      // What is wrong with the alignment stays wrong.
      return pairs(operand(id), unaligned(inner, operand)) { Outcome($1) }
    case .call1(.absolute, let inner):
      return unaligned(inner, operand).map(scope) { callLLD(.absolute, $0) }
    case .segmentStart(_, let inner): return unaligned(inner, operand)
    case .unary(.plus, let inner): return unaligned(inner, operand)
    case .conditional(let condition, let first, let second):
      return conditional(operand(condition), unaligned(first, operand), unaligned(second, operand))
    default: return operand(id)
    }
  }

  func callLLD(
    _ function: BinaryFunction, _ left: Value, _ right: Value
  ) -> Outcome {
    if function == .align {
      return aligned(left, to: right)
    }
    return absolute(scope.numbers.apply(function, left.address, right.address))
  }

  func callLLD(_ function: UnaryFunction, _ value: Value) -> Outcome {
    switch function {
    case .absolute: Outcome(forced(value))
    case .log2Ceiling: absolute(scope.numbers.log2Ceiling(value.address))
    case .align: aligned(plain(scope.locationCounter), to: value)
    case .next: Outcome(.invalid)
    case .dataSegmentEnd: scope.dataSegment(value, nil, isAlign: false)
    }
  }

  private func aligned(_ value: Value, to alignment: Value) -> Outcome {
    if let exact = alignment.address.exact, exact & (exact &- 1) != 0 {
      return Outcome(.fault(.alignmentNotPowerOfTwo))
    }
    return Outcome(
      moved(value, to: scope.numbers.apply(.align, value.address, alignment.address)))
  }

  private func absolute(_ number: Number) -> Outcome { Outcome(plain(number)) }

  private func plain(_ number: Number) -> Value { Value(number, kind: .absolute) }

  /// The value at another address.
  private func moved(_ value: Value, to address: Number) -> Value {
    var result = value
    result.offset = address
    result.address = address
    return result
  }

  /// ABSOLUTE: absolute from now on, but a place in a section still. For absolute values of lld,
  /// ``Value/isInsideSection`` says that.
  private func forced(_ value: Value) -> Value {
    var result = plain(value.address)
    result.isInsideSection = hasSection(value)
    return result
  }

  private func isRelative(_ value: Value) -> Bool {
    if case .section = value.kind { true } else { false }
  }

  private func hasSection(_ value: Value) -> Bool {
    isRelative(value) || value.isInsideSection
  }
}
