// A number of a link, or all that is known of it. Most numbers are exact and have no history: those are one word.

internal import LdsParser

/// A number of a link: exact, or the set of values that it may have.
///
/// Every operation of ``Numbers`` keeps at least each value that the linker could get.
package struct Number: Sendable {
  /// The number if there is no ``detail``, else the least that it can be.
  private var value: UInt64
  /// What is known beside the value, and how it came to be known; nil for an exact number without a history.
  private var detail: Shared<Knowledge>?

  /// Exactly `value`.
  package init(_ value: UInt64) {
    self.value = value
  }

  /// The number of which `knowledge` is known.
  package init(_ knowledge: Knowledge) {
    value = knowledge.least
    detail = knowledge.isPlain ? nil : Shared(knowledge)
  }

  /// A number of which nothing is known.
  package init(unknown lack: Lack) {
    self.init(Knowledge(unknown: lack))
  }

  /// A number of which nothing is known and nothing is said.
  package static let open = Number(Knowledge(unknown: []))

  /// The number, if it can be only one.
  package var exact: UInt64? {
    guard let detail else { return value }
    return detail.value.exact
  }

  /// Whether it is zero; nil if it may or may not be.
  package var isZero: Bool? {
    guard let detail else { return value == 0 }
    return detail.value.isZero
  }

  /// Whether it is exact and nothing else is known of it.
  var isPlain: Bool { detail == nil }

  /// All that is known.
  package var knowledge: Knowledge { detail?.value ?? Knowledge(value) }

  /// What is missing to know it exactly; nil if it is known.
  package var lack: Lack? { detail?.value.lack }

  /// The known bits.
  package var bits: KnownBits { detail?.value.bits ?? KnownBits(value) }
  /// The least that it can be, unsigned.
  package var least: UInt64 { value }
  /// The most that it can be, unsigned.
  package var most: UInt64 { detail?.value.most ?? value }
  /// The number as a sum of places, if it is one.
  package var form: LinearForm? { detail.map { $0.value.form } ?? LinearForm(value) }
  /// Whether it is the same in the last sizing pass and in the final pass.
  package var isSettled: Bool { detail?.value.isSettled ?? true }
  /// The steps through which it came.
  package var ownSteps: StepList { detail?.value.ownSteps ?? StepList() }
  /// The steps that made its bits known.
  package var bitsSteps: StepList { detail?.value.bitsSteps ?? StepList() }
  /// The steps that made its bounds known.
  package var rangeSteps: StepList { detail?.value.rangeSteps ?? StepList() }
  /// The steps that decide whether it is zero.
  var zeroSteps: StepList { detail?.value.zeroSteps ?? StepList() }

  /// The number with other knowledge.
  func changed(_ change: (inout Knowledge) -> Void) -> Number {
    var knowledge = knowledge
    change(&knowledge)
    return Number(knowledge)
  }

  /// The number without what it says of places.
  var withoutPlaces: Number {
    guard let form, !form.terms.isEmpty else { return self }
    return changed { number in
      number.form = nil
      number.floor = nil
      number.sources = number.sources.map { source in
        if case .missing = source { source } else { .missing(.locationCounter) }
      }
    }
  }

  /// The number, through one step more.
  func through(_ steps: StepList) -> Number {
    if steps.steps.isEmpty { return self }
    return changed { $0.ownSteps = $0.ownSteps.union(steps) }
  }
}

extension Number {
  /// Whether it hangs on where an output section was that something has moved.
  var isOfMovedSection: Bool {
    lack?.items.contains { if case .movedSection = $0 { true } else { false } } == true
  }
}

extension Number {
  /// Whether it may be a number of which an image or a map shows the bits of `mask`, these being those of `shown`.
  func mayBe(_ shown: UInt64, _ mask: UInt64 = .max) -> Bool {
    if let exact { return (exact ^ shown) & mask == 0 }
    if (bits.value ^ shown) & bits.mask & mask != 0 { return false }
    return mask != .max || (least <= shown && shown <= most)
  }
}

extension Number: Hashable {
  /// Numbers are equal if the same is known of them; how it came to be known does not count.
  package static func == (left: Number, right: Number) -> Bool {
    if left.value != right.value { return false }
    if left.detail == nil, right.detail == nil { return true }
    return left.knowledge == right.knowledge
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(value)
  }
}
