// What an oracle is asked that computes the layout from the script alone. One that looks the layout up in an
// image needs none of it: every question has an answer for that.

package import LdsParser

/// What the line before an output section's brace comes to.
package struct SectionHeader: Sendable {
  /// The address, if the script gives one.
  package var address: Outcome?
  /// The number of `ALIGN(n)`, if there is one.
  package var alignment: Outcome?
}

extension LayoutOracle {
  package func startsSection(_ address: UInt64) -> Bool { true }

  package static var readsHeaders: Bool { false }

  package static var repeatsItself: Bool { false }

  package mutating func beforeSection(_ index: Int, dot: Number) -> Number { dot }

  package mutating func enter(
    _ index: Int, from dot: Number, header: SectionHeader
  ) -> Number {
    enter(index, from: dot)
  }

  package mutating func move(
    step: Int, from dot: Number, to target: Number?, isInside: Bool
  ) -> Number {
    target ?? numbers.unknown(Lack(.locationCounter))
  }

  package func beforeEither(_ index: Int, dot: Number) -> Number { dot }

  package mutating func afterData(dot: Number) -> Number { dot }

  package func carried(
    _ name: NameID, _ outcome: Outcome
  ) -> Outcome { outcome }

  package func uncertain(_ name: NameID) -> Outcome? { nil }

  package func remembered(
    _ outcome: Outcome, step: Int
  ) -> Outcome { outcome }
}
