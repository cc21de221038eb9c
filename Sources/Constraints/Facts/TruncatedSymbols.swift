// Symbols of which a 32-bit image keeps only the lower half: GNU ld calculates with 64 bits, so that
// `x = -SIZEOF(.bss);` is 0xfffffffffffffff0 to an ASSERT and 0xfffffff0 in the image.

internal import LdsParser

/// Finds the symbols that the script may have given an upper half.
struct TruncatedSymbols {
  /// The symbols.
  private(set) var names: Set<NameID> = []

  private let program: Program
  private let evidence: Evidence
  /// Whether the location counter, and with it any address, may have more than 32 bits.
  private var hasWideAddresses = false

  private static let limit: UInt64 = 1 << 32

  init(_ program: Program, _ evidence: Evidence) {
    self.program = program
    self.evidence = evidence
    guard evidence.is32Bit else { return }
    var count = -1
    var wasWide = false
    while count != names.count || wasWide != hasWideAddresses {
      count = names.count
      wasWide = hasWideAddresses
      hasWideAddresses = hasWideAddresses || movesFar()
      for step in program.steps {
        guard case .assignment(let assignment) = step.action, !assignment.isLocationCounter,
          !names.contains(assignment.target.name), !fits(assignment)
        else { continue }
        names.insert(assignment.target.name)
      }
    }
  }

  /// Whether an address of the script itself may have more than 32 bits.
  private func movesFar() -> Bool {
    program.steps.contains { step in
      guard case .assignment(let assignment) = step.action, assignment.isLocationCounter else {
        return false
      }
      return !fits(assignment.value)
    }
      || program.sections.contains { section in
        section.description?.address.map { !fits($0) } ?? false
      }
  }

  /// Whether a value has the upper half 0. A difference from a known number that is in the image with the lower
  /// half of its value is negative exactly if it and that number pass the limit together.
  private func fits(_ assignment: Assignment) -> Bool {
    guard case .binary(.subtract, let left, let right) = program.expressions[assignment.value],
      let taken = known(right),
      let symbol = evidence.symbols[program.names.bytes(assignment.target.name)]
    else { return fits(assignment.value) }
    let lower = symbol.address & (Self.limit - 1)
    return fits(left) && lower + taken < Self.limit
  }

  /// A number below the limit: one written out, or that of a symbol of the image.
  private func known(_ id: ExpressionID) -> UInt64? {
    if let number = program.expressions.foldedValue(id) {
      return number < Self.limit ? number : nil
    }
    guard case .symbol(let name) = program.expressions[id], fits(id) else { return nil }
    return evidence.symbols[program.names.bytes(name)].map { $0.address & (Self.limit - 1) }
  }

  /// Whether an expression has the upper half 0 whatever the layout, as long as no address passes the end of the
  /// 32-bit address space (see ``Evidence/readings(for:)``). Operands stand before operators.
  private func fits(_ id: ExpressionID) -> Bool {
    let range = program.expressions.nodes(of: id)
    var results: [Bool] = []
    results.reserveCapacity(range.count)
    for index in range {
      let node = ExpressionID(index: index)
      if let number = program.expressions.foldedValue(node) {
        // Of MIPS addresses the sign may have been extended.
        results.append(number < Self.limit || (evidence.isMIPS32 && number >> 31 == 0x1_ffff_ffff))
      } else {
        results.append(fits(node) { results[Int($0.index - range.lowerBound)] })
      }
    }
    return results.last ?? false
  }

  private func fits(_ id: ExpressionID, _ operand: (ExpressionID) -> Bool) -> Bool {
    switch program.expressions[id] {
    case .integer, .assertion, .sizeofHeaders: return true
    case .symbol(let name): return !names.contains(name)
    case .locationCounter: return !hasWideAddresses
    case .nameCall(let function, _):
      return !hasWideAddresses || (function != .address && function != .loadAddress)
    case .unary(let operation, let inner):
      return operation == .logicalNot || (operation == .plus && operand(inner))
    case .call1(let function, let inner):
      return function == .log2Ceiling || (operand(inner) && !hasWideAddresses)
    case .call2(_, let left, let right): return operand(left) && operand(right)
    case .segmentStart(_, let inner): return operand(inner)
    case .conditional(_, let first, let second): return operand(first) && operand(second)
    case .binary(let operation, let left, let right):
      return fits(operation, left, right, operand)
    }
  }

  private func fits(
    _ operation: BinaryOperator, _ left: ExpressionID, _ right: ExpressionID,
    _ operand: (ExpressionID) -> Bool
  ) -> Bool {
    switch operation {
    case .bitAnd: return operand(left) || operand(right)
    case .bitOr, .bitXor: return operand(left) && operand(right)
    case .shiftRight, .divide: return operand(left)
    case .remainder: return operand(left) || operand(right)
    case .add: return operand(left) && operand(right) && (isSmall(left) || isSmall(right))
    case .subtract, .multiply, .shiftLeft: return false
    default: return operation.isTruthValued
    }
  }

  /// A size, or a number of at most 24 bits, which takes no address past the end but from close to it.
  private func isSmall(_ id: ExpressionID) -> Bool {
    if let number = program.expressions.foldedValue(id) { return number < 1 << 24 }
    switch program.expressions[id] {
    case .nameCall(.sizeOf, _), .nameCall(.alignOf, _), .sizeofHeaders: return true
    default: return false
    }
  }
}
