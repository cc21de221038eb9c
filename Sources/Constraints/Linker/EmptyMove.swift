// Assignments to the location counter that do not keep an empty output section, if they come to 0 (ldexp.c, is_dot_plus_0
// and is_align_conditional; ld manual 3.6.7, Output Section Discarding).

internal import LdsParser

/// An assignment to the location counter of a form that may leave its section empty; every other one keeps it.
enum EmptyMove: Equatable {
  /// `. = n`, `. = . + n`, `. += n`: leaves it empty if the number is 0.
  case number(UInt64)
  /// `. = s`, `. = . + s`, `. += s`: leaves it empty if the symbol was set to the number 0.
  case symbol(NameID)
  /// `. = ALIGN(. != 0 ? n : 1)`: leaves it empty if it comes to 0, as it does where nothing is in front of it.
  case aligned

  /// The form of `. = value`; nil for one that keeps the section.
  init?(_ value: ExpressionID, _ table: ExpressionTable) {
    if let addend = Self(addend: value, table) {
      self = addend
      return
    }
    switch table[value] {
    case .binary(.add, let left, let right):
      guard table[left] == .locationCounter, let addend = Self(addend: right, table) else {
        return nil
      }
      self = addend
    case .call1(.align, let unit):
      guard case .conditional(let condition, _, let last) = table[unit],
        case .binary(.notEqual, let left, let right) = table[condition],
        table[left] == .locationCounter, table.foldedValue(right) == 0,
        table.foldedValue(last) == 1
      else { return nil }
      self = .aligned
    default: return nil
    }
  }

  private init?(addend: ExpressionID, _ table: ExpressionTable) {
    if let number = table.foldedValue(addend) {
      self = .number(number)
    } else if case .symbol(let name) = table[addend] {
      self = .symbol(name)
    } else {
      return nil
    }
  }
}
