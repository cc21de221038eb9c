// The linker's operators as terms of SMT-LIB, over bit vectors of 64 bits: unsigned but for `/` and `%`, as in ldexp.c.

internal import LdsParser

extension CertificateGoals {
  func call(_ function: BinaryFunction, _ left: String, _ right: String) -> String {
    switch function {
    case .max: "(ite (bvuge \(left) \(right)) \(left) \(right))"
    case .min: "(ite (bvule \(left) \(right)) \(left) \(right))"
    default:
      "(ite (bvule \(right) \(Self.word(1))) \(left) "
        + "(bvmul (bvudiv (bvadd \(left) (bvsub \(right) \(Self.word(1)))) \(right)) \(right)))"
    }
  }

  static func truth(_ condition: String) -> String {
    "(ite \(condition) \(word(1)) \(word(0)))"
  }

  static func value(
    _ operation: BinaryOperator, _ left: String, _ right: String
  ) -> String {
    let isNotZero = { (text: String) in "(distinct \(text) \(word(0)))" }
    return switch operation {
    case .add: "(bvadd \(left) \(right))"
    case .subtract: "(bvsub \(left) \(right))"
    case .multiply: "(bvmul \(left) \(right))"
    case .divide: "(bvsdiv \(left) \(right))"
    case .remainder: "(bvsrem \(left) \(right))"
    case .bitAnd: "(bvand \(left) \(right))"
    case .bitOr: "(bvor \(left) \(right))"
    case .bitXor: "(bvxor \(left) \(right))"
    case .shiftLeft: "(bvshl \(left) (bvand \(right) \(word(63))))"
    case .shiftRight: "(bvlshr \(left) (bvand \(right) \(word(63))))"
    case .equal: truth("(= \(left) \(right))")
    case .notEqual: truth("(distinct \(left) \(right))")
    case .less: truth("(bvult \(left) \(right))")
    case .greater: truth("(bvugt \(left) \(right))")
    case .lessOrEqual: truth("(bvule \(left) \(right))")
    case .greaterOrEqual: truth("(bvuge \(left) \(right))")
    case .logicalAnd: truth("(and \(isNotZero(left)) \(isNotZero(right)))")
    case .logicalOr: truth("(or \(isNotZero(left)) \(isNotZero(right)))")
    }
  }
}
