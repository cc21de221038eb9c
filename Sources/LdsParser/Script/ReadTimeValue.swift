// What an expression is worth before anything is laid out: ld wants such values for fills and for the types
// of program headers while it is still reading (ldexp.c, exp_get_vma and exp_get_fill).

/// The value of an expression while the script is being read.
enum ReadTimeValue {
  /// Known now.
  case number(UInt64)
  /// Depends on symbols or on the layout: the linker refuses it here.
  case notConstant
  /// `/` or `%` by zero.
  case divisionByZero
}

extension LinkerScript {
  /// The value that ld has for `expression` while it reads the script.
  func readTimeValue(_ expression: ExpressionID) -> ReadTimeValue {
    if let folded = expressions.foldedValue(expression) { return .number(folded) }
    let range = expressions.nodes(of: expression)
    var values: [ReadTimeValue] = []
    values.reserveCapacity(range.count)
    func value(_ id: ExpressionID) -> ReadTimeValue { values[Int(id.index - range.lowerBound)] }
    for index in range {
      let id = ExpressionID(index: index)
      switch expressions[id] {
      case .integer(let number): values.append(.number(number))
      case .locationCounter: values.append(.number(0))
      case .nameCall(let function, let name):
        values.append(Self.readTimeValue(function, names.string(name)))
      case .segmentStart(_, let value): values.append(values[Int(value.index - range.lowerBound)])
      case .conditional(let condition, let first, let second):
        if case .number(let test) = value(condition) {
          values.append(value(test != 0 ? first : second))
        } else {
          values.append(.notConstant)
        }
      case .unary(let operation, let operand):
        values.append(value(operand).map { .number(LinkerArithmetic.apply(operation, $0)) })
      case .call1(let function, let operand):
        values.append(value(operand).map { Self.apply(function, $0) })
      case .binary(let operation, let left, let right):
        values.append(value(left).merge(value(right)) { Self.apply(operation, $0, $1) })
      case .call2(let function, let left, let right):
        values.append(
          value(left).merge(value(right)) { first, second in
            LinkerArithmetic.apply(function, first, second).map { .number($0) } ?? .notConstant
          })
      case .assertion(let condition, _): values.append(value(condition))
      case .symbol, .sizeofHeaders: values.append(.notConstant)
      }
    }
    return values.last ?? .notConstant
  }

  private static func apply(_ function: UnaryFunction, _ operand: UInt64) -> ReadTimeValue {
    switch function {
    case .absolute: .number(operand)
    case .log2Ceiling: .number(LinkerArithmetic.log2Ceiling(operand))
    case .next, .align, .dataSegmentEnd: .notConstant
    }
  }

  private static func readTimeValue(_ function: NameFunction, _ name: String) -> ReadTimeValue {
    switch function {
    // No symbol is defined yet, and no region has a place.
    case .defined, .origin, .length: .number(0)
    // What counts here is that it is known; the number depends on the target.
    case .constant where name == "MAXPAGESIZE" || name == "COMMONPAGESIZE": .number(0x1000)
    default: .notConstant
    }
  }

  private static func apply(
    _ operation: BinaryOperator, _ left: UInt64, _ right: UInt64
  ) -> ReadTimeValue {
    switch LinkerArithmetic.apply(operation, left, right) {
    case .value(let value): .number(value)
    case .divisionByZero, .divisionOverflow: .divisionByZero
    }
  }
}

extension ReadTimeValue {
  fileprivate func map(_ transform: (UInt64) -> ReadTimeValue) -> ReadTimeValue {
    if case .number(let number) = self { transform(number) } else { self }
  }

  fileprivate func merge(
    _ other: ReadTimeValue, _ combine: (UInt64, UInt64) -> ReadTimeValue
  ) -> ReadTimeValue {
    switch (self, other) {
    case (.number(let left), .number(let right)): combine(left, right)
    case (.divisionByZero, _), (_, .divisionByZero): .divisionByZero
    default: .notConstant
    }
  }
}
