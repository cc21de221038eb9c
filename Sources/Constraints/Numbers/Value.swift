// GNU ld's values: a number and what it is relative to (ld-semantics 3.1).

public import LdsParser

/// An output section as values know it.
public enum SectionKey: Sendable, Hashable {
  /// The section with this index in the walker's list of output sections.
  case listed(Int)
  /// The section that holds an object's symbol, of which only the class is known (its nm letter).
  case holding(NameID, letter: UInt8)
  /// An input section, by its number, before it is placed: it begins at 0.
  case input(Int)

  /// Whether two keys name the same output section; nil if that cannot be told.
  ///
  /// Symbols of one section have the same nm letter, since the letter is about the section.
  public func isSame(as other: SectionKey) -> Bool? {
    switch (self, other) {
    case (.listed(let left), .listed(let right)), (.input(let left), .input(let right)):
      return left == right
    case (.listed, .input), (.input, .listed): return false
    case (.holding(let left, let leftLetter), .holding(let right, let rightLetter)):
      if left == right { return true }
      return leftLetter != 0 && rightLetter != 0 && leftLetter != rightLetter ? false : nil
    default:
      return nil
    }
  }
}

/// What a number is relative to.
public enum ValueKind: Sendable, Hashable {
  /// A plain number: it takes on the kind of what it meets.
  case plain
  /// An absolute address.
  case absolute
  /// An offset from the start of an output section.
  case section(SectionKey)
}

/// A value of an expression.
///
/// Both forms of a section-relative value are kept, since evidence may know one and not the other: an nm
/// listing knows addresses and no offsets. For plain and absolute values the two are the same number.
package struct Value: Sendable, Hashable {
  /// What it is relative to.
  package var kind: ValueKind
  /// The raw number, on which `!`, `?:` and ASSERT work: the offset for a section-relative value.
  package var offset: Number
  /// The number with the section's VMA added.
  package var address: Number
  /// Whether the place is known to lie at or after the start of its section, so that offsets compare as
  /// addresses do. True for symbols of objects and the location counter.
  package var isInsideSection: Bool

  /// A plain or absolute number.
  package init(_ number: Number, kind: ValueKind) {
    self.kind = kind
    offset = number
    address = number
    isInsideSection = false
  }

  /// A value relative to `section`.
  package init(offset: Number, address: Number, in section: SectionKey, isInside: Bool = false) {
    kind = .section(section)
    self.offset = offset
    self.address = address
    isInsideSection = isInside
  }

  /// The number that decides whether a condition holds.
  package func tested(by dialect: LinkerDialect) -> Number {
    dialect.follows(.testsOffsets) ? offset : address
  }
}

/// What an expression may come to: normally one value; several where the evidence leaves a choice open,
/// such as the context of a map line or an undecided condition.
package struct Outcome: Sendable, Hashable {
  /// One way the evaluation may go.
  package enum Branch: Sendable, Hashable {
    /// A value.
    case value(Value)
    /// The linker stops here.
    case fault(Fault)
    /// The linker takes the expression as invalid: a symbol set from it becomes 0.
    case invalid
  }

  /// The first way, beside the others: there is seldom more than one, and an array costs an allocation.
  private var first: Branch
  private var others: [Branch] = []

  /// The ways, without repetition; never empty.
  package var branches: Branches { Branches(first: first, others: others) }

  /// The ways of an outcome, in the order in which they were found.
  package struct Branches: RandomAccessCollection, Sendable {
    fileprivate let first: Branch
    fileprivate let others: [Branch]

    package var startIndex: Int { 0 }
    package var endIndex: Int { others.count + 1 }

    package subscript(position: Int) -> Branch {
      position == 0 ? first : others[position - 1]
    }
  }

  /// More ways than this are not followed.
  package static var limit: Int { 8 }

  /// One way.
  package init(_ branch: Branch) {
    first = branch
  }

  /// One value.
  package init(_ value: Value) {
    first = .value(value)
  }

  /// The only way there is, or nil.
  package var single: Branch? {
    others.isEmpty ? first : nil
  }

  /// The address that it has whichever way it goes; nil if there is none, or more than one.
  var commonAddress: Number? {
    guard case .value(let value) = first else { return nil }
    return others.allSatisfy { other in
      if case .value(let other) = other { other.address == value.address } else { false }
    } ? value.address : nil
  }

  /// Whether it is the same in the last sizing pass and in the final pass.
  var isSettled: Bool {
    branches.allSatisfy { branch in
      guard case .value(let value) = branch else { return true }
      return value.offset.isSettled && value.address.isSettled
    }
  }

  /// Adds the ways of another outcome.
  package mutating func merge(_ other: Outcome) {
    add(other.first)
    for branch in other.others { add(branch) }
  }

  private mutating func add(_ branch: Branch) {
    if branch != first, !others.contains(branch) { others.append(branch) }
  }

  /// Number of ways.
  var count: Int { others.count + 1 }
}

/// What makes GNU ld stop while it evaluates (ld-semantics 3.2, 3.3).
public enum Fault: Error, Sendable, Hashable {
  /// `undefined symbol 'x' referenced in expression`
  case undefinedSymbol(NameID)
  /// `unresolvable symbol 'x' referenced in expression`
  case unresolvableSymbol(NameID)
  /// `undefined section 'x' referenced in expression`
  case undefinedSection(NameID)
  /// `undefined MEMORY region 'x' referenced in expression`
  case undefinedRegion(NameID)
  /// `/ by zero`
  case divisionByZero
  /// `% by zero`
  case remainderByZero
  /// The least signed number divided by -1: ld dies of SIGFPE.
  case divisionOverflow
  /// `unknown constant 'x' referenced in expression`
  case unknownConstant(NameID)
  /// lld: `alignment must be power of 2`
  case alignmentNotPowerOfTwo
  /// lld: `at least one side of the expression must be absolute`
  case bothRelative
}
