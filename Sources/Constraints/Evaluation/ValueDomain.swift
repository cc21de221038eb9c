// What numbers are is a parameter: exact ones when an image is at hand, abstract ones for proofs. The rules
// on kinds, contexts and passes are written once, over any of them.

package import LdsParser

/// The result of an operator over numbers of a domain.
package enum NumberResult<Number: Sendable & Hashable>: Sendable {
  /// A number.
  case number(Number)
  /// The linker stops.
  case fault(Fault)
}

/// A kind of number with the linker's arithmetic on it.
///
/// Every operation is sound: the result stands for at least every number that the linker could get from
/// operands that the arguments stand for.
package protocol ValueDomain: Sendable {
  /// A number, possibly not known exactly.
  associatedtype Number: Sendable & Hashable

  /// Exactly `value`.
  func constant(_ value: UInt64) -> Number
  /// A number of which nothing is known.
  func unknown(_ lack: Lack) -> Number
  /// The number, if there is only one that it can be.
  func exact(_ number: Number) -> UInt64?
  /// Why it is not known exactly; nil if it is, or if the domain has no reason to give.
  func lack(_ number: Number) -> Lack?
  /// Whether the number is zero; nil if it may or may not be.
  func isZero(_ number: Number) -> Bool?
  /// `operation` on a number.
  func apply(_ operation: UnaryOperator, _ operand: Number) -> Number
  /// `operation` on two numbers.
  func apply(
    _ operation: BinaryOperator, _ left: Number, _ right: Number, dialect: LinkerDialect
  ) -> NumberResult<Number>
  /// The larger or smaller number, or `left` aligned up to `right`.
  func apply(_ function: BinaryFunction, _ left: Number, _ right: Number) -> Number
  /// The logarithm to base 2, rounded up.
  func log2Ceiling(_ operand: Number) -> Number
}
