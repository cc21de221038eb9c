// The numbers of macros whose header was not found, as the map of the link has them: GNU ld prints every statement
// with numbers in the place of macros, so that what stands in one place in the script and the map tells the number.
//
//     script  ASSERT((text_end & (SECTION_ALIGN - 1)) == 0, ...)
//     map     ASSERT (((text_end & 0x1fffff) == 0x0), ...)        SECTION_ALIGN is 0x200000

internal import LdsParser

/// What names of a script stand for in the map of its link.
struct MacroNumbers {
  /// The numbers of those names for which the map has one, and no other anywhere.
  private(set) var values: [NameID: UInt64] = [:]
  private var contrary: Set<NameID> = []
  private let mine: Program
  private let theirs: Program
  private let open: Set<NameID>

  /// Compares the statements of a script with those of a map; `open` are the names of the script that may stand for
  /// numbers.
  init(_ script: Program, map: Program, open: Set<NameID>) {
    mine = script
    theirs = map
    self.open = open
    if open.isEmpty { return }
    for pair in StatementPairs(script, map, open: open).conditions {
      compare(pair.mine.condition, pair.theirs.condition)
    }
    compareAssignments()
    for name in contrary { values[name] = nil }
  }

  /// Symbols that both set as often are set in the same order.
  private mutating func compareAssignments() {
    for (name, steps) in mine.assignments.sorted(by: { $0.value[0] < $1.value[0] }) {
      guard let other = theirs.names.find(mine.names.bytes(name)),
        let listed = theirs.assignments[other], listed.count == steps.count
      else { continue }
      for (one, two) in zip(steps, listed) {
        guard case .assignment(let left) = mine.steps[one].action,
          case .assignment(let right) = theirs.steps[two].action,
          isAlike(left.value, right.value, depth: 0)
        else { continue }
        compare(left.value, right.value)
      }
    }
  }

  /// Whether two expressions are the same but for numbers.
  private func isAlike(_ left: ExpressionID, _ right: ExpressionID, depth: Int) -> Bool {
    guard depth < Limit.nesting else { return false }
    if isNumber(left, depth: depth) { return theirs.expressions.foldedValue(right) != nil }
    let (one, two) = (mine.expressions[left].operands, theirs.expressions[right].operands)
    return one.count == two.count && isSameNode(left, right)
      && zip(one, two).allSatisfy { isAlike($0, $1, depth: depth + 1) }
  }

  private mutating func compare(_ left: ExpressionID, _ right: ExpressionID, depth: Int = 0) {
    guard depth < Limit.nesting else { return }
    if isNumber(left, depth: depth) {
      if let number = theirs.expressions.foldedValue(right) { solve(left, number, depth) }
      return
    }
    let (one, two) = (mine.expressions[left].operands, theirs.expressions[right].operands)
    guard one.count == two.count else { return }
    for (left, right) in zip(one, two) { compare(left, right, depth: depth + 1) }
  }

  /// Whether an expression is made of nothing but numbers and open names.
  private func isNumber(_ id: ExpressionID, depth: Int) -> Bool {
    guard depth < Limit.nesting else { return false }
    switch mine.expressions[id] {
    case .integer: return true
    case .symbol(let name): return open.contains(name)
    case .unary, .binary, .conditional:
      return mine.expressions[id].operands.allSatisfy { isNumber($0, depth: depth + 1) }
    default: return false
    }
  }

  /// Whether two nodes are of one kind, and mean one name if they mean any.
  private func isSameNode(_ left: ExpressionID, _ right: ExpressionID) -> Bool {
    func isSame(_ one: NameID, _ two: NameID) -> Bool {
      mine.names.bytes(one) == theirs.names.bytes(two)
    }
    switch (mine.expressions[left], theirs.expressions[right]) {
    case (.symbol(let one), .symbol(let two)): return isSame(one, two)
    case (.locationCounter, .locationCounter), (.sizeofHeaders, .sizeofHeaders),
      (.conditional, .conditional):
      return true
    case (.unary(let one, _), .unary(let two, _)): return one == two
    case (.binary(let one, _, _), .binary(let two, _, _)): return one == two
    case (.call1(let one, _), .call1(let two, _)): return one == two
    case (.call2(let one, _, _), .call2(let two, _, _)): return one == two
    case (.nameCall(let one, let name), .nameCall(let two, let other)):
      return one == two && isSame(name, other)
    default: return false
    }
  }

  /// Takes `number` for an expression, and so for the one open name in it, where that follows.
  private mutating func solve(_ id: ExpressionID, _ number: UInt64, _ depth: Int) {
    guard depth < Limit.nesting else { return }
    switch mine.expressions[id] {
    case .symbol(let name):
      if values.updateValue(number, forKey: name) ?? number != number { contrary.insert(name) }
    case .unary(.negate, let operand): solve(operand, 0 &- number, depth + 1)
    case .unary(.complement, let operand): solve(operand, ~number, depth + 1)
    case .binary(let operation, let left, let right):
      let (first, second) = (
        mine.expressions.foldedValue(left), mine.expressions.foldedValue(right)
      )
      switch (operation, first, second) {
      case (.add, let known?, nil): solve(right, number &- known, depth + 1)
      case (.add, nil, let known?): solve(left, number &- known, depth + 1)
      case (.subtract, let known?, nil): solve(right, known &- number, depth + 1)
      case (.subtract, nil, let known?): solve(left, number &+ known, depth + 1)
      case (.multiply, let known?, nil) where known > 0 && number % known == 0:
        solve(right, number / known, depth + 1)
      case (.multiply, nil, let known?) where known > 0 && number % known == 0:
        solve(left, number / known, depth + 1)
      case (.shiftLeft, nil, let known?) where known < 64 && (number >> known) << known == number:
        solve(left, number >> known, depth + 1)
      case (.shiftLeft, let known?, nil):
        // One power of two is another one shifted.
        let distance = number.trailingZeroBitCount - known.trailingZeroBitCount
        if known > 0, distance >= 0, distance < 64, known << UInt64(distance) == number {
          solve(right, UInt64(distance), depth + 1)
        }
      default: break
      }
    default: break
    }
  }
}
