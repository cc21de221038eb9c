// What GNU ld and lld compute from two 64-bit numbers (ld-semantics 3.3 and 8; ldexp.c, fold_binary and
// fold_unary). Used by the parser, which folds constants as the linker does, and by the evaluator.

/// The result of an operator on two numbers.
public enum ArithmeticResult: Sendable, Hashable {
  /// The number.
  case value(UInt64)
  /// Division or remainder by zero: fatal for the linker.
  case divisionByZero
  /// The least signed number divided by -1: GNU ld dies of SIGFPE.
  case divisionOverflow
}

/// Arithmetic on the linker's numbers: 64 bits, wrapping.
public enum LinkerArithmetic {
  /// The value of `operation` on `operand`.
  public static func apply(_ operation: UnaryOperator, _ operand: UInt64) -> UInt64 {
    switch operation {
    case .negate: 0 &- operand
    case .logicalNot: operand == 0 ? 1 : 0
    case .complement: ~operand
    case .plus: operand
    }
  }

  /// The value of `left operation right`.
  ///
  /// GNU ld divides signed, lld unsigned; shift counts are taken modulo 64, which is what ld's host CPU
  /// does with them.
  public static func apply(
    _ operation: BinaryOperator, _ left: UInt64, _ right: UInt64, dialect: LinkerDialect = .bfd
  ) -> ArithmeticResult {
    switch operation {
    case .logicalOr: .value(left != 0 || right != 0 ? 1 : 0)
    case .logicalAnd: .value(left != 0 && right != 0 ? 1 : 0)
    case .bitOr: .value(left | right)
    case .bitXor: .value(left ^ right)
    case .bitAnd: .value(left & right)
    case .equal: .value(left == right ? 1 : 0)
    case .notEqual: .value(left != right ? 1 : 0)
    case .less: .value(left < right ? 1 : 0)
    case .greater: .value(left > right ? 1 : 0)
    case .lessOrEqual: .value(left <= right ? 1 : 0)
    case .greaterOrEqual: .value(left >= right ? 1 : 0)
    case .shiftLeft: .value(left &<< right)
    case .shiftRight: .value(left &>> right)
    case .add: .value(left &+ right)
    case .subtract: .value(left &- right)
    case .multiply: .value(left &* right)
    case .divide, .remainder: divide(operation, left, right, dialect: dialect)
    }
  }

  private static func divide(
    _ operation: BinaryOperator, _ left: UInt64, _ right: UInt64, dialect: LinkerDialect
  ) -> ArithmeticResult {
    if right == 0 { return .divisionByZero }
    if dialect.follows(.dividesUnsigned) {
      return .value(operation == .divide ? left / right : left % right)
    }
    let dividend = Int64(bitPattern: left)
    let divisor = Int64(bitPattern: right)
    let (quotient, overflow) = dividend.dividedReportingOverflow(by: divisor)
    if overflow { return .divisionOverflow }
    return .value(UInt64(bitPattern: operation == .divide ? quotient : dividend % divisor))
  }

  /// The larger or smaller of two unsigned numbers, or `left` aligned up to `right`.
  ///
  /// The three `DATA_SEGMENT_` functions depend on the layout and are not arithmetic: nil.
  public static func apply(_ function: BinaryFunction, _ left: UInt64, _ right: UInt64) -> UInt64? {
    switch function {
    case .max: max(left, right)
    case .min: min(left, right)
    case .align: alignUp(left, to: right)
    case .dataSegmentAlign, .dataSegmentRelroEnd: nil
    }
  }

  /// `value` rounded up to a multiple of `alignment`, which need not be a power of two; 0 and 1 leave it
  /// as it is. Wraps at 2^64 (`align_n` in ldexp.c).
  public static func alignUp(_ value: UInt64, to alignment: UInt64) -> UInt64 {
    if alignment <= 1 { return value }
    return (value &+ (alignment &- 1)) / alignment &* alignment
  }

  /// `value` rounded up to a multiple of 2^`power`; 0 where that is more than 64 bits hold (`align_power` in bfd.c).
  public static func alignUp(_ value: UInt64, toPower power: Int) -> UInt64 {
    if power <= 0 { return value }
    return power < 64 ? alignUp(value, to: 1 << UInt64(power)) : 0
  }

  /// The smallest n with 2^n >= `value`; 0 for 0.
  public static func log2Ceiling(_ value: UInt64) -> UInt64 {
    value <= 1 ? 0 : UInt64(64 - (value - 1).leadingZeroBitCount)
  }
}
