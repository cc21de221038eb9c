// Whether a number can only rise, or only fall, while a section grows byte by byte. Where every move of the location counter
// keeps the order of addresses, each address rises or stays, so that one that is the same at both ends of a range was
// the same all the way; a bound on such a number flips once, and a search by halves finds the byte.

internal import LdsParser

/// How the numbers of a script follow the growth of one section, from one layout to another.
struct GrowthMonotony {
  /// How a number moves.
  enum Trend {
    case constant, rising, falling

    var turned: Trend {
      switch self {
      case .constant: .constant
      case .rising: .falling
      case .falling: .rising
      }
    }

    /// That of a sum; nil if one rises and the other falls.
    static func + (_ one: Trend, _ other: Trend) -> Trend? {
      if one == .constant { return other }
      return other == .constant || one == other ? one : nil
    }
  }

  let script: LayoutScript
  /// The names of the script and of the objects.
  let names: NameTable
  private let section: [UInt8]
  private let before: Ends
  private let after: Ends
  /// What assigns each symbol.
  private var assigned: [NameID: [ExpressionID]] = [:]
  /// Whether every move of the location counter keeps the order of addresses.
  private(set) var keepsOrder = true
  /// Whether load addresses follow.
  private(set) var keepsLoadOrder = true

  /// What a layout came to.
  struct Ends {
    private var symbols: [[UInt8]: UInt64] = [:]
    private var sections: [[UInt8]: PredictedSection] = [:]

    init(_ layout: LayoutPrediction) {
      for symbol in layout.symbols where symbol.isGlobal { symbols[symbol.name] = symbol.value }
      for section in layout.sections where sections[section.name] == nil {
        sections[section.name] = section
      }
    }

    func symbol(_ name: [UInt8]) -> UInt64? { symbols[name] }
    func section(_ name: [UInt8]) -> PredictedSection? { sections[name] }
  }

  init(
    _ script: LayoutScript, _ names: NameTable, growing section: [UInt8],
    from before: LayoutPrediction, to after: LayoutPrediction
  ) {
    self.script = script
    self.names = names
    self.section = section
    self.before = Ends(before)
    self.after = Ends(after)
    var moves: [ExpressionID] = []
    var loads: [ExpressionID] = []
    func add(_ assignment: Assignment) {
      if assignment.isLocationCounter {
        moves.append(assignment.value)
      } else {
        assigned[assignment.target.name, default: []].append(assignment.value)
      }
    }
    for statement in script.statements {
      switch statement {
      case .assignment(let assignment): add(assignment.assignment)
      case .assertion: break
      case .section(let section):
        moves += [section.address].compactMap(\.self)
        loads += [section.loadAddress].compactMap(\.self)
        for case .assignment(let assignment) in section.body { add(assignment.assignment) }
      }
    }
    keepsOrder = moves.allSatisfy(onlyRises)
    keepsLoadOrder = loads.allSatisfy(onlyRises)
  }

  private func onlyRises(_ id: ExpressionID) -> Bool {
    switch trend(id, 0) {
    case .constant, .rising: true
    case .falling, nil: false
    }
  }

  /// Whether a number only rises, or only falls, from one layout to the other.
  func isOrdered(_ id: ExpressionID) -> Bool { keepsOrder && trend(id, 0) != nil }

  /// Whether a symbol does.
  func isOrdered(_ name: [UInt8]) -> Bool {
    guard keepsOrder else { return false }
    if let id = names.find(name), assigned[id] != nil { return symbol(id, 0) != nil }
    return between(before.symbol(name), after.symbol(name)) != nil
  }

  /// Whether a condition that holds goes on to hold up to some growth, and then fails for good.
  func failsForGood(_ condition: ExpressionID) -> Bool {
    keepsOrder && failsForGood(condition, 0)
  }

  private func failsForGood(_ id: ExpressionID, _ depth: Int) -> Bool {
    guard depth < Limit.nesting else { return false }
    switch script.expressions[id] {
    case .binary(.logicalAnd, let left, let right):
      return failsForGood(left, depth + 1) && failsForGood(right, depth + 1)
    case .binary(.equal, let left, let right):
      // They are equal at first, and part once.
      return difference(left, right, depth + 1) != nil
    case .assertion(let condition, _): return failsForGood(condition, depth + 1)
    default: return trend(id, depth) != nil
    }
  }

  private func difference(
    _ left: ExpressionID, _ right: ExpressionID, _ depth: Int
  ) -> Trend? {
    guard let one = trend(left, depth), let other = trend(right, depth) else { return nil }
    return one + other.turned
  }

  private func trend(_ id: ExpressionID, _ depth: Int) -> Trend? {
    guard depth < Limit.nesting else { return nil }
    if script.expressions.foldedValue(id) != nil { return .constant }
    switch script.expressions[id] {
    case .integer: return .constant
    case .locationCounter: return .rising
    case .symbol(let name): return symbol(name, depth + 1)
    case .nameCall(let function, let name): return call(function, names.bytes(name))
    case .unary(let operation, let operand):
      guard let inner = trend(operand, depth + 1) else { return nil }
      return operation == .plus ? inner : inner.turned
    case .binary(let operation, let left, let right):
      return binary(operation, left, right, depth + 1)
    case .call1(.align, let amount):
      // `ALIGN(. != 0 ? n : 1)` leaves 0 where it is, as ALIGN(n) does.
      if case .conditional(_, let unit, _) = script.expressions[amount],
        EmptyMove(id, script.expressions) == .aligned
      {
        return trend(unit, depth + 1) == .constant ? .rising : nil
      }
      return trend(amount, depth + 1) == .constant ? .rising : nil
    case .call1(.dataSegmentEnd, _): return nil
    case .call1(_, let operand): return trend(operand, depth + 1)
    case .call2(.align, let value, let amount):
      return trend(amount, depth + 1) == .constant ? trend(value, depth + 1) : nil
    case .call2(.max, let left, let right), .call2(.min, let left, let right):
      guard let one = trend(left, depth + 1), let other = trend(right, depth + 1) else {
        return nil
      }
      return one + other
    case .segmentStart(_, let preset): return trend(preset, depth + 1)
    case .assertion: return .constant
    // As many headers as PHDRS has.
    case .sizeofHeaders: return script.headers == nil ? nil : .constant
    case .call2, .conditional: return nil
    }
  }

  private func binary(
    _ operation: BinaryOperator, _ left: ExpressionID, _ right: ExpressionID, _ depth: Int
  ) -> Trend? {
    guard let one = trend(left, depth), let other = trend(right, depth) else { return nil }
    if one == .constant, other == .constant { return .constant }
    switch operation {
    case .add, .logicalAnd, .logicalOr: return one + other
    case .subtract, .greater, .greaterOrEqual: return one + other.turned
    case .less, .lessOrEqual: return one.turned + other
    case .multiply, .divide, .shiftLeft, .shiftRight: return other == .constant ? one : nil
    case .bitAnd:
      // `x & ~0xfff` keeps the order.
      guard let mask = script.expressions.foldedValue(right) else { return nil }
      return (~mask &+ 1).nonzeroBitCount == 1 ? one : nil
    case .equal, .notEqual, .bitOr, .bitXor, .remainder: return nil
    }
  }

  /// What rises and is the same at both ends does not move.
  private func between(_ before: UInt64?, _ after: UInt64?) -> Trend? {
    guard let before, let after, before <= after else { return nil }
    return before == after ? .constant : .rising
  }

  private func symbol(_ name: NameID, _ depth: Int) -> Trend? {
    let text = names.bytes(name)
    let ends = between(before.symbol(text), after.symbol(text))
    guard let values = assigned[name] else { return ends }
    let trends = values.map { trend($0, depth) }
    guard let first = trends.first, let inner = first, trends.allSatisfy({ $0 == first }) else {
      return nil
    }
    switch inner {
    case .rising: return ends
    case .falling: return between(after.symbol(text), before.symbol(text))?.turned
    case .constant: return .constant
    }
  }

  private func call(_ function: NameFunction, _ name: [UInt8]) -> Trend? {
    let (one, other) = (before.section(name), after.section(name))
    switch function {
    case .origin, .length, .constant, .defined, .alignOf: return .constant
    case .address: return between(one?.vma, other?.vma)
    case .loadAddress: return keepsLoadOrder ? between(one?.lma, other?.lma) : nil
    case .sizeOf:
      // A section that does not move pads inside as before.
      guard let one, let other, one.vma == other.vma else { return nil }
      return name == section
        ? between(one.size, other.size) : one.size == other.size ? .constant : nil
    }
  }
}
