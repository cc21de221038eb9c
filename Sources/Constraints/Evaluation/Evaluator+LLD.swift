// lld's rules, where they differ from GNU ld's (ld-semantics 8; lld/ELF/ScriptParser.cpp and
// LinkerScript.cpp, ExprValue): numbers are addresses nearly everywhere, and a value is section-relative
// only so that a symbol set from it gets a section.

internal import LdsParser

extension Evaluator {
  /// `&&` and `||` evaluate their right side only if the left one does not decide.
  func logicalLLD(
    _ operation: BinaryOperator, _ left: Outcome<Number>, _ right: Outcome<Number>
  ) -> Outcome<Number> {
    left.map(scope) { first in
      if let isZero = scope.domain.isZero(first.address) {
        if isZero == (operation == .logicalAnd) {
          return absolute(scope.domain.constant(isZero ? 0 : 1))
        }
      }
      return right.map(scope) { binaryLLD(operation, first, $0) }
    }
  }

  func binaryLLD(
    _ operation: BinaryOperator, _ left: Value<Number>, _ right: Value<Number>
  ) -> Outcome<Number> {
    switch operation {
    case .add, .bitAnd, .bitOr, .bitXor:
      if isRelative(left), isRelative(right) { return Outcome(.fault(.bothRelative)) }
      return applyLLD(operation, left, right, section: sectionOf(left) ?? sectionOf(right))
    case .subtract:
      let section = isRelative(left) && isRelative(right) ? nil : sectionOf(left)
      return applyLLD(operation, left, right, section: section)
    default:
      return applyLLD(operation, left, right, section: nil)
    }
  }

  func callLLD(
    _ function: BinaryFunction, _ left: Value<Number>, _ right: Value<Number>
  ) -> Outcome<Number> {
    if function == .align {
      return aligned(left.address, to: right, section: sectionOf(left))
    }
    return absolute(scope.domain.apply(function, left.address, right.address))
  }

  func callLLD(_ function: UnaryFunction, _ value: Value<Number>) -> Outcome<Number> {
    switch function {
    case .absolute: absolute(value.address)
    case .log2Ceiling: absolute(scope.domain.log2Ceiling(value.address))
    case .align: aligned(scope.locationCounter, to: value, section: nil)
    case .next: Outcome(.invalid)
    case .dataSegmentEnd: scope.dataSegment(value, nil, isAlign: false)
    }
  }

  private func applyLLD(
    _ operation: BinaryOperator, _ left: Value<Number>, _ right: Value<Number>,
    section: SectionKey?
  ) -> Outcome<Number> {
    switch scope.domain.apply(operation, left.address, right.address, dialect: .lld) {
    case .fault(let fault): Outcome(.fault(fault))
    case .number(let number): placed(number, in: section)
    }
  }

  private func aligned(
    _ address: Number, to alignment: Value<Number>, section: SectionKey?
  ) -> Outcome<Number> {
    if let exact = scope.domain.exact(alignment.address), exact & (exact &- 1) != 0 {
      return Outcome(.fault(.alignmentNotPowerOfTwo))
    }
    return placed(scope.domain.apply(.align, address, alignment.address), in: section)
  }

  private func placed(_ address: Number, in section: SectionKey?) -> Outcome<Number> {
    guard let section else { return absolute(address) }
    let offset = scope.difference(address, scope.base(of: section))
    return Outcome(Value(offset: offset, address: address, in: section))
  }

  private func absolute(_ number: Number) -> Outcome<Number> {
    Outcome(Value(number, kind: .absolute))
  }

  private func isRelative(_ value: Value<Number>) -> Bool {
    sectionOf(value) != nil
  }

  private func sectionOf(_ value: Value<Number>) -> SectionKey? {
    if case .section(let section) = value.kind { return section }
    return nil
  }
}
