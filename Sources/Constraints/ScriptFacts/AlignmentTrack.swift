// Which symbols are aligned because a statement of the script aligns them, and which at most by luck: sizes
// that happen to fit.

import LdsParser

/// The alignment that statements give to the location counter and to symbols.
///
/// What nothing in the script decides (an object's symbol, the start of a section whose inputs may have
/// any alignment) counts as aligned: this is for saying that something surely is not.
struct AlignmentTrack: Sendable {
  /// A statement that aligns the location counter or a symbol.
  struct Setter: Sendable, Hashable {
    /// The step.
    var step: Int
    /// To what.
    var alignment: UInt64
    /// The operand of ALIGN that says so.
    var measure: ExpressionID
  }

  /// What is known of a symbol's value.
  struct Place: Sendable {
    /// Trailing zero bits, 64 for as many as one likes.
    var bits: Int
    /// The steps of the same run that align it, in order: no contents lie between them and the symbol. Of
    /// more than ``mostSetters`` the last.
    var setters: [Setter]
  }

  /// Setters kept for one symbol: real scripts have one or two.
  static let mostSetters = 32

  /// For each assignment of a symbol, by step.
  private(set) var places: [Int: Place] = [:]
  /// For each step the number of its run: steps between which nothing is placed.
  private(set) var runs: [Int]
  /// For each step the next one of its run that moves the location counter, if there is one.
  private(set) var nextMoves: [Int?]

  private let program: Program
  private var bits = 64
  private var setters: [Setter] = []
  private var symbolBits: [NameID: Int] = [:]

  init(_ program: Program) {
    self.program = program
    runs = Array(repeating: 0, count: program.steps.count)
    nextMoves = Array(repeating: nil, count: program.steps.count)
    var run = 0
    for (index, step) in program.steps.enumerated() {
      if pass(step, index) {
        run += 1
        setters = []
      }
      runs[index] = run
    }
    findNextMoves()
  }

  private mutating func findNextMoves() {
    var next: Int?
    for index in program.steps.indices.reversed() {
      nextMoves[index] = next.flatMap { runs[$0] == runs[index] ? $0 : nil }
      if case .assignment(let assignment) = program.steps[index].action,
        assignment.isLocationCounter
      {
        next = index
      }
    }
  }

  /// Follows one step; true if it places something.
  private mutating func pass(_ step: Step, _ index: Int) -> Bool {
    switch step.action {
    case .assertion: return false
    case .assignment(let assignment):
      follow(assignment, index)
      return false
    case .enter(let section): enter(section)
    case .leave: break
    case .inputs, .contents, .opaqueData: bits = 0
    case .data(let count, _): bits = min(bits, count.trailingZeroBitCount)
    case .endOverlay: bits = 0
    }
    return true
  }

  /// The start of a section is aligned as its inputs ask, unless it has an address.
  private mutating func enter(_ index: Int) {
    let description = program.sections[index].description
    guard let address = description?.address else {
      bits = 64
      return
    }
    bits = bits(of: address)
    if let alignment = description?.alignment.flatMap(program.expressions.foldedValue) {
      bits = max(bits, Self.bits(alignment))
    }
  }

  private mutating func follow(_ assignment: Assignment, _ index: Int) {
    let value = bits(of: assignment.value)
    let setter = self.setter(assignment.value, index)
    if assignment.isLocationCounter {
      bits = value
      if let setter { setters = (setters + [setter]).suffix(Self.mostSetters) }
    } else {
      places[index] = Place(bits: value, setters: setters + (setter.map { [$0] } ?? []))
      symbolBits[assignment.target.name] = value
    }
  }

  /// The ALIGN that makes up the whole of a value.
  private func setter(_ value: ExpressionID, _ index: Int) -> Setter? {
    let measure: ExpressionID
    switch program.expressions[value] {
    case .call1(.align, let operand): measure = operand
    case .call2(.align, let operand, let second):
      guard case .locationCounter = program.expressions[operand] else { return nil }
      measure = second
    default: return nil
    }
    return program.expressions.foldedValue(measure).map {
      Setter(step: index, alignment: $0, measure: measure)
    }
  }

  /// Trailing zero bits of a value, as many as may be hoped for.
  private func bits(of id: ExpressionID) -> Int {
    let table = program.expressions
    let range = table.nodes(of: id)
    var results: [Int] = []
    results.reserveCapacity(range.count)
    for index in range {
      let node = ExpressionID(index: index)
      results.append(bits(of: node) { results[Int($0.index - range.lowerBound)] })
    }
    return results[results.count - 1]
  }

  private func bits(of id: ExpressionID, _ operand: (ExpressionID) -> Int) -> Int {
    let table = program.expressions
    if let value = table.foldedValue(id) { return value.trailingZeroBitCount }
    switch table[id] {
    case .locationCounter: return bits
    case .symbol(let name): return symbolBits[name] ?? 64
    case .unary(.negate, let child), .unary(.plus, let child), .call1(.absolute, let child),
      .segmentStart(_, let child):
      return operand(child)
    case .call1(.align, let measure): return aligned(bits, measure)
    case .call2(.align, let value, let measure): return aligned(operand(value), measure)
    case .call2(.max, let left, let right), .call2(.min, let left, let right),
      .conditional(_, let left, let right):
      return max(operand(left), operand(right))
    case .binary(let operation, let left, let right):
      return bits(operation, operand(left), operand(right), right)
    default: return 64
    }
  }

  private func aligned(_ value: Int, _ measure: ExpressionID) -> Int {
    guard let alignment = program.expressions.foldedValue(measure) else { return 64 }
    return max(value, Self.bits(alignment))
  }

  private func bits(
    _ operation: BinaryOperator, _ left: Int, _ right: Int, _ second: ExpressionID
  ) -> Int {
    switch operation {
    case .add, .subtract, .bitOr, .bitXor: return min(left, right)
    case .bitAnd: return max(left, right)
    case .multiply: return min(64, left + right)
    case .shiftLeft:
      guard let count = program.expressions.foldedValue(second) else { return 64 }
      return min(64, left + Int(count & 63))
    default: return 64
    }
  }

  /// The bits that aligning to `alignment` clears; none for one that is no power of two.
  private static func bits(_ alignment: UInt64) -> Int {
    alignment == 0 || alignment & (alignment &- 1) != 0 ? 0 : alignment.trailingZeroBitCount
  }
}
