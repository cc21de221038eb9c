// What an expression may refer to, asked by the evaluator and answered by the walker.

package import LdsParser

/// The world around one expression: context, location counter, symbols, sections, regions.
package protocol EvaluationScope {
  /// The domain of numbers.
  associatedtype Domain: ValueDomain

  /// Arithmetic.
  var domain: Domain { get }
  /// Whose rules apply.
  var dialect: LinkerDialect { get }
  /// Whether `LD_FEATURE("SANE_EXPR")` was seen.
  var isSane: Bool { get }
  /// Whether the expressions were read from a map, which drops the parentheses around `?:`.
  var isPrintedText: Bool { get }
  /// The output section whose braces the expression stands in; nil elsewhere.
  var context: SectionKey? { get }
  /// The location counter as an address.
  var locationCounter: Domain.Number { get }
  /// The size of the file and program headers.
  var headerSize: Domain.Number { get }

  /// The VMA of an output section.
  func base(of section: SectionKey) -> Domain.Number
  /// Whether an output section of the script may start at the address.
  func startsSection(_ address: Domain.Number) -> Bool
  /// A symbol's value; an absolute one has kind ``ValueKind/absolute`` whatever the context.
  func symbol(_ name: NameID) -> Outcome<Domain.Number>
  /// 1 if `DEFINED(name)` holds here, else 0.
  func isDefined(_ name: NameID) -> Domain.Number
  /// `SIZEOF`, `ADDR`, `LOADADDR` or `ALIGNOF` of an output section.
  func section(_ function: NameFunction, _ name: NameID) -> Outcome<Domain.Number>
  /// The origin (an address) or length of a memory region.
  func region(_ function: NameFunction, _ name: NameID) -> Outcome<Domain.Number>
  /// `CONSTANT(name)`.
  func constant(_ name: NameID) -> Outcome<Domain.Number>
  /// `SEGMENT_START(name, value)`.
  func segmentStart(_ name: NameID, default value: Value<Domain.Number>) -> Outcome<Domain.Number>
  /// One of the `DATA_SEGMENT_` functions; `second` is nil for `DATA_SEGMENT_END`.
  func dataSegment(
    _ first: Value<Domain.Number>, _ second: Value<Domain.Number>?, isAlign: Bool
  ) -> Outcome<Domain.Number>
}

extension EvaluationScope {
  /// A number written in the script: absolute outside output sections, plain inside.
  func number(_ number: Domain.Number) -> Value<Domain.Number> {
    Value(number, kind: context == nil && !isSane ? .absolute : .plain)
  }

  /// An address as the linker's `new_rel_from_abs` takes it: relative to the section around it.
  ///
  /// - Parameters:
  ///   - address: The address.
  ///   - isInside: Whether it is surely not below the section: offsets of such an address are large numbers.
  func relativeToContext(
    _ address: Domain.Number, isInside: Bool = false
  ) -> Value<Domain.Number> {
    guard let context else { return Value(address, kind: .absolute) }
    return Value(
      offset: difference(address, base(of: context)), address: address, in: context,
      isInside: isInside)
  }

  /// The value at `offset` in `section`.
  func relative(_ offset: Domain.Number, in section: SectionKey) -> Value<Domain.Number> {
    Value(offset: offset, address: sum(base(of: section), offset), in: section)
  }

  /// The sum of two numbers, which no linker refuses.
  func sum(_ left: Domain.Number, _ right: Domain.Number) -> Domain.Number {
    total(.add, left, right)
  }

  /// The difference of two numbers, which no linker refuses.
  func difference(_ left: Domain.Number, _ right: Domain.Number) -> Domain.Number {
    total(.subtract, left, right)
  }

  private func total(
    _ operation: BinaryOperator, _ left: Domain.Number, _ right: Domain.Number
  ) -> Domain.Number {
    switch domain.apply(operation, left, right, dialect: dialect) {
    case .number(let number): number
    case .fault: domain.unknown(Lack(.locationCounter))
    }
  }
}
