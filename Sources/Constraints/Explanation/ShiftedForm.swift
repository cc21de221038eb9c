// Of an expression over moved places: by the sum of which distances its value changes.
//
//     trampoline_end - trampoline_start     both in .init.data: not at all
//     trampoline_start & 3                  not at all, if .init.data moves by multiples of 4
//     __2M_rwdata_end                       by the distance of its statement

internal import LdsParser

/// The change of a value as a sum of distances.
struct ShiftedForm {
  /// How often each distance is in the sum; empty for a value that stays.
  private var factors: [Int: Int] = [:]
  private var distances: [Int: Shift] = [:]

  /// Whether the value is the same after the edit.
  var isZero: Bool { factors.isEmpty }

  /// The one distance by which the value changes; nil if it is made of several.
  var distance: Shift? {
    guard let factor = factors.first else { return .zero }
    return factors.count == 1 && factor.value == 1 ? distances[factor.key] : nil
  }

  /// The most by which the value may grow; nil if that is not bounded.
  var growth: UInt64? { sum { $0 > 0 } }

  /// The most by which the value may shrink; nil if that is not bounded.
  var shrinkage: UInt64? { sum { $0 < 0 } }

  /// By how much the value changes, modulo 2^64; nil if that is not known to the byte.
  var exactChange: UInt64? {
    var change: UInt64 = 0
    for (group, factor) in factors {
      guard let distance = distances[group], distance.least == distance.most else { return nil }
      change &+= distance.most &* UInt64(bitPattern: Int64(factor))
    }
    return change
  }

  private func sum(_ isCounted: (Int) -> Bool) -> UInt64? {
    var total: UInt64 = 0
    for (group, factor) in factors where isCounted(factor) {
      guard let distance = distances[group], factor.magnitude < 1 << 16, distance.most < 1 << 40
      else { return nil }
      total &+= distance.most &* UInt64(factor.magnitude)
    }
    return total
  }

  /// Nil if what the expression is made of is not known.
  init?(_ expression: ExpressionID, _ analysis: ShiftAnalysis, dot: Shift?) {
    let table = analysis.program.expressions
    var forms: [UInt32: ShiftedForm?] = [:]
    for index in table.nodes(of: expression) {
      let node = ExpressionID(index: index)
      forms[index] = Self.form(node, analysis, dot) { forms[$0.index] ?? nil }
    }
    guard let form = forms[expression.index] ?? nil else { return nil }
    self = form
  }

  private init() {}

  private init(_ shift: Shift) {
    guard !shift.isZero else { return }
    factors = [shift.group: 1]
    distances = [shift.group: shift]
  }

  private static func form(
    _ node: ExpressionID, _ analysis: ShiftAnalysis, _ dot: Shift?,
    _ known: (ExpressionID) -> ShiftedForm?
  ) -> ShiftedForm? {
    let table = analysis.program.expressions
    if table.foldedValue(node) != nil { return ShiftedForm() }
    switch table[node] {
    case .integer, .sizeofHeaders: return ShiftedForm()
    case .locationCounter: return dot.map { ShiftedForm($0) }
    case .symbol(let name): return analysis.shift(of: name).map { ShiftedForm($0) }
    case .nameCall(let function, let name):
      return analysis.shift(function, name).map { ShiftedForm($0) }
    case .call1(.absolute, let operand), .unary(.plus, let operand): return known(operand)
    case .binary(let operation, let left, let right):
      guard let one = known(left), let other = known(right) else { return nil }
      return combine(operation, one, other, table.foldedValue(right), table.foldedValue(left))
    case .unary(_, let operand), .call1(_, let operand), .segmentStart(_, let operand),
      .assertion(let operand, _):
      return known(operand).flatMap { $0.isZero ? $0 : nil }
    case .call2(_, let left, let right):
      guard known(left)?.isZero == true, known(right)?.isZero == true else { return nil }
      return ShiftedForm()
    case .conditional(let condition, let left, let right):
      guard [condition, left, right].allSatisfy({ known($0)?.isZero == true }) else { return nil }
      return ShiftedForm()
    }
  }

  private static func combine(
    _ operation: BinaryOperator, _ one: ShiftedForm, _ other: ShiftedForm, _ right: UInt64?,
    _ left: UInt64?
  ) -> ShiftedForm? {
    if one.isZero, other.isZero { return one }
    switch operation {
    case .add: return one.adding(other, times: 1)
    case .subtract: return one.adding(other, times: -1)
    case .bitAnd:
      guard let mask = right ?? left else { return nil }
      return one.adding(other, times: 1).masked(by: mask)
    case .remainder:
      guard let right, right.nonzeroBitCount == 1 else { return nil }
      return one.masked(by: right &- 1)
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      // Two places that move alike stay as they are to each other.
      return one.factors == other.factors ? ShiftedForm() : nil
    default: return nil
    }
  }

  private func adding(_ other: ShiftedForm, times factor: Int) -> ShiftedForm {
    var sum = self
    sum.distances.merge(other.distances) { first, _ in first }
    for (group, count) in other.factors {
      let total = (sum.factors[group] ?? 0) &+ count &* factor
      sum.factors[group] = total == 0 ? nil : total
    }
    return sum
  }

  /// The low bits that `mask` keeps do not change if every distance is a multiple of a larger power of two.
  private func masked(by mask: UInt64) -> ShiftedForm? {
    guard mask.leadingZeroBitCount > 0 else { return nil }
    let limit: UInt64 = 1 << UInt64(64 - mask.leadingZeroBitCount)
    let keeps = factors.keys.allSatisfy { (distances[$0]?.granule ?? 1) % limit == 0 }
    return keeps ? ShiftedForm() : nil
  }
}

extension ShiftAnalysis {
  /// How far a symbol moves; nil if that is not known.
  func shift(of name: NameID) -> Shift? {
    if program.assignments[name] != nil { return symbols[name] ?? nil }
    guard let symbol = evidence.symbols[program.names.bytes(name)] else {
      // A map of GNU ld lists every global symbol of an object that is in a section; others are absolute.
      return evidence.kinds.contains { $0.tells(.objectSymbols) } ? .zero : nil
    }
    switch symbol.place {
    case .absolute: return .zero
    case .section(let place): return sections[place]?.inside
    case .someSection, .unknown:
      let place = evidence.sections.firstIndex { section in
        guard let vma = section.vma, let size = section.size else { return false }
        return symbol.address &- vma < size
      }
      if let place { return sections[place]?.inside }
      // Below the image stands nothing that moves: '__image_base__' of a PE link.
      let starts = evidence.sections.compactMap(\.vma).filter { $0 != 0 }
      return starts.min().flatMap { symbol.address < $0 ? .zero : nil }
    case .undefined: return nil
    }
  }

  /// By how much a fact about a section changes; nil if that is not known.
  func shift(_ function: NameFunction, _ name: NameID) -> Shift? {
    switch function {
    case .constant, .defined, .origin, .length, .alignOf: return .zero
    case .sizeOf, .address, .loadAddress:
      let bytes = program.names.bytes(name)
      guard let place = evidence.sections.firstIndex(where: { $0.name == bytes }) else {
        return function == .sizeOf && evidence.hasAllSections ? .zero : nil
      }
      guard let section = sections[place] else { return nil }
      switch function {
      case .address: return section.start
      case .loadAddress: return section.load
      default: return section.inside == nil ? section.growth : .zero
      }
    }
  }
}

extension ShiftAnalysis {
  /// Whether an ASSERT on alignment that fails holds then, for certain.
  func mends(_ assertion: AssertionReport, _ trace: StatementTrace) -> Bool {
    guard let values = trace.values(of: assertion.condition, at: assertion.step) else {
      return false
    }
    let claim = ClaimRecognizer(table: program.expressions, value: { values($0) }).claim(
      assertion.condition)
    return claim.conjuncts.allSatisfy { part in
      guard case .alignment(let operand, let multiple, _) = part, let value = values(operand),
        let change = ShiftedForm(operand, self, dot: assertionDots[assertion.step])?.exactChange
      else { return false }
      return (value &+ change) % multiple == 0
    }
  }

  /// Whether an ASSERT that holds goes on holding.
  func keeps(_ assertion: AssertionReport, _ trace: StatementTrace) -> Bool {
    let dot = assertionDots[assertion.step]
    if ShiftedForm(assertion.condition, self, dot: dot)?.isZero == true { return true }
    guard let values = trace.values(of: assertion.condition, at: assertion.step) else {
      return false
    }
    switch ClaimRecognizer(table: program.expressions, value: { values($0) }).claim(
      assertion.condition)
    {
    case .bound(let bound), .order(let bound):
      // A difference that falls below zero is a very large number.
      guard ShiftedForm(bound.limit, self, dot: dot)?.isZero == true,
        let form = ShiftedForm(bound.value, self, dot: dot), let growth = form.growth,
        let shrinkage = form.shrinkage, let value = values(bound.value), shrinkage <= value,
        let room = bound.headroom(values), room >= 0
      else { return false }
      return growth <= UInt64(room)
    default: return false
    }
  }
}
