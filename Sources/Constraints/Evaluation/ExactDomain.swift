// Numbers for judging an image: known exactly, or unknown with the reason.

package import LdsParser

/// A 64-bit number, or what is missing to know it.
package enum ExactNumber: Sendable, Hashable {
  /// The number.
  case known(UInt64)
  /// What is missing.
  case unknown(Lack)
}

/// The domain of exact numbers.
package struct ExactDomain: ValueDomain {
  /// The domain.
  package init() {}

  package func constant(_ value: UInt64) -> ExactNumber { .known(value) }

  package func unknown(_ lack: Lack) -> ExactNumber { .unknown(lack) }

  package func exact(_ number: ExactNumber) -> UInt64? {
    if case .known(let value) = number { return value }
    return nil
  }

  package func lack(_ number: ExactNumber) -> Lack? {
    if case .unknown(let lack) = number { return lack }
    return nil
  }

  package func isZero(_ number: ExactNumber) -> Bool? {
    exact(number).map { $0 == 0 }
  }

  package func apply(_ operation: UnaryOperator, _ operand: ExactNumber) -> ExactNumber {
    guard case .known(let value) = operand else { return operand }
    return .known(LinkerArithmetic.apply(operation, value))
  }

  package func apply(
    _ operation: BinaryOperator, _ left: ExactNumber, _ right: ExactNumber, dialect: LinkerDialect
  ) -> NumberResult<ExactNumber> {
    switch (left, right) {
    case (.known(let first), .known(let second)):
      switch LinkerArithmetic.apply(operation, first, second, dialect: dialect) {
      case .value(let value): return .number(.known(value))
      case .divisionByZero:
        return .fault(operation == .divide ? .divisionByZero : .remainderByZero)
      case .divisionOverflow: return .fault(.divisionOverflow)
      }
    case (.unknown(let lack), .known(let value)):
      if let decided = decide(operation, known: value, isLeft: false), !lack.mayStop {
        return .number(.known(decided))
      }
      if value == 0, operation == .divide { return .fault(.divisionByZero) }
      if value == 0, operation == .remainder { return .fault(.remainderByZero) }
      return .number(.unknown(lack))
    case (.known(let value), .unknown(let lack)):
      if let decided = decide(operation, known: value, isLeft: true), !lack.mayStop {
        return .number(.known(decided))
      }
      return .number(.unknown(mayDivideByZero(operation) ? lack.stopping() : lack))
    case (.unknown(let first), .unknown(let second)):
      let lack = first.union(second)
      return .number(.unknown(mayDivideByZero(operation) ? lack.stopping() : lack))
    }
  }

  package func apply(
    _ function: BinaryFunction, _ left: ExactNumber, _ right: ExactNumber
  ) -> ExactNumber {
    switch (left, right) {
    case (.known(let first), .known(let second)):
      if let value = LinkerArithmetic.apply(function, first, second) { return .known(value) }
      return .unknown(Lack(.dataSegment))
    case (.unknown(let first), .unknown(let second)): return .unknown(first.union(second))
    case (.unknown(let lack), .known), (.known, .unknown(let lack)): return .unknown(lack)
    }
  }

  package func log2Ceiling(_ operand: ExactNumber) -> ExactNumber {
    guard case .known(let value) = operand else { return operand }
    return .known(LinkerArithmetic.log2Ceiling(value))
  }

  private func mayDivideByZero(_ operation: BinaryOperator) -> Bool {
    operation == .divide || operation == .remainder
  }

  /// The result that does not depend on the other operand, if there is one.
  private func decide(_ operation: BinaryOperator, known: UInt64, isLeft: Bool) -> UInt64? {
    switch operation {
    case .logicalAnd, .bitAnd, .multiply: known == 0 ? 0 : nil
    case .logicalOr: known != 0 ? 1 : nil
    case .bitOr: known == .max ? .max : nil
    case .less: !isLeft && known == 0 ? 0 : isLeft && known == .max ? 0 : nil
    case .greater: isLeft && known == 0 ? 0 : !isLeft && known == .max ? 0 : nil
    case .lessOrEqual: isLeft && known == 0 ? 1 : !isLeft && known == .max ? 1 : nil
    case .greaterOrEqual: !isLeft && known == 0 ? 1 : isLeft && known == .max ? 1 : nil
    case .shiftLeft, .shiftRight: isLeft && known == 0 ? 0 : nil
    case .bitXor, .equal, .notEqual, .add, .subtract, .divide, .remainder: nil
    }
  }
}
