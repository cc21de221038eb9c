// What an oracle is asked that computes the layout from the script alone. One that looks the layout up in an
// image needs none of it: every question has an answer for that.

package import LdsParser

/// What the line before an output section's brace comes to.
package struct SectionHeader<Number: Sendable & Hashable>: Sendable {
  /// The address, if the script gives one.
  package var address: Outcome<Number>?
  /// The number of `ALIGN(n)`, if there is one.
  package var alignment: Outcome<Number>?
}

extension LayoutOracle {
  package var settings: LinkSettings { LinkSettings() }

  package func startsSection(_ address: UInt64) -> Bool { true }

  package static var readsHeaders: Bool { false }

  package static var repeatsItself: Bool { false }

  package mutating func beforeSection(_ index: Int, dot: Domain.Number) -> Domain.Number { dot }

  package mutating func enter(
    _ index: Int, from dot: Domain.Number, header: SectionHeader<Domain.Number>
  ) -> Domain.Number {
    enter(index, from: dot)
  }

  package mutating func move(
    step: Int, from dot: Domain.Number, to target: Domain.Number?, isInside: Bool
  ) -> Domain.Number {
    target ?? domain.unknown(Lack(.locationCounter))
  }

  package func beforeEither(_ index: Int, dot: Domain.Number) -> Domain.Number { dot }

  package mutating func afterData(dot: Domain.Number) -> Domain.Number { dot }

  package func carried(
    _ name: NameID, _ outcome: Outcome<Domain.Number>
  ) -> Outcome<Domain.Number> { outcome }

  package func uncertain(_ name: NameID) -> Outcome<Domain.Number>? { nil }

  package func remembered(
    _ outcome: Outcome<Domain.Number>, step: Int
  ) -> Outcome<Domain.Number> { outcome }
}
