// What an expression may refer to, asked by the evaluator and answered by the walker.

package import LdsParser

/// The world around one expression: context, location counter, symbols, sections, regions.
package protocol EvaluationScope {
  /// Arithmetic.
  var numbers: Numbers { get }
  /// Whose rules apply.
  var dialect: LinkerDialect { get }
  /// Whether `LD_FEATURE("SANE_EXPR")` was seen.
  var isSane: Bool { get }
  /// Whether the expressions were read from a map, which drops the parentheses around `?:`.
  var isPrintedText: Bool { get }
  /// The output section whose braces the expression stands in; nil elsewhere.
  var context: SectionKey? { get }
  /// The location counter as an address.
  var locationCounter: Number { get }
  /// The size of the file and program headers.
  var headerSize: Number { get }

  /// The VMA of an output section.
  func base(of section: SectionKey) -> Number
  /// Where an output section begins and ends, if that is known to the byte.
  func extent(of section: SectionKey) -> (start: UInt64, end: UInt64)?
  /// Whether an output section of the script may start at the address.
  func startsSection(_ address: Number) -> Bool
  /// A symbol's value; an absolute one has kind ``ValueKind/absolute`` whatever the context.
  func symbol(_ name: NameID) -> Outcome
  /// 1 if `DEFINED(name)` holds here, else 0.
  func isDefined(_ name: NameID) -> Number
  /// `SIZEOF`, `ADDR`, `LOADADDR` or `ALIGNOF` of an output section.
  func section(_ function: NameFunction, _ name: NameID) -> Outcome
  /// The origin (an address) or length of a memory region.
  func region(_ function: NameFunction, _ name: NameID) -> Outcome
  /// `CONSTANT(name)`.
  func constant(_ name: NameID) -> Outcome
  /// `SEGMENT_START(name, value)`.
  func segmentStart(_ name: NameID, default value: Value) -> Outcome
  /// One of the `DATA_SEGMENT_` functions; `second` is nil for `DATA_SEGMENT_END`.
  func dataSegment(
    _ first: Value, _ second: Value?, isAlign: Bool
  ) -> Outcome
}

extension EvaluationScope {
  package func extent(of section: SectionKey) -> (start: UInt64, end: UInt64)? { nil }

  /// A number written in the script: absolute outside output sections, plain inside.
  func number(_ number: Number) -> Value {
    Value(number, kind: context == nil && !isSane ? .absolute : .plain)
  }

  /// An address as the linker's `new_rel_from_abs` takes it: relative to the section around it.
  ///
  /// - Parameters:
  ///   - address: The address.
  ///   - isInside: Whether it is surely not below the section: offsets of such an address are large numbers.
  func relativeToContext(
    _ address: Number, isInside: Bool = false
  ) -> Value {
    guard let context else { return Value(address, kind: .absolute) }
    return Value(
      offset: difference(address, base(of: context)), address: address, in: context,
      isInside: isInside)
  }

  /// The value at `offset` in `section`.
  func relative(_ offset: Number, in section: SectionKey) -> Value {
    Value(offset: offset, address: sum(base(of: section), offset), in: section)
  }

  /// The sum of two numbers, which no linker refuses.
  func sum(_ left: Number, _ right: Number) -> Number { numbers.add(left, right) }

  /// The difference of two numbers, which no linker refuses.
  func difference(_ left: Number, _ right: Number) -> Number { numbers.subtract(left, right) }
}
