// What the value printed beside an ASSERT in a GNU ld map is worth (ld-semantics 6.8).

internal import LdsParser

extension Reading {
  /// The verdict that a map prints beside an ASSERT, where it is the linker's own: a condition that is 0
  /// or 1 by its operator, over symbols that are assigned once, without the location counter.
  ///
  /// The linker evaluates once more to print. What it would see differently by then is excluded: the
  /// location counter, symbols with a later value (set again, or made of what earlier passes did not know),
  /// sizes in a PE map, load addresses changed by PHDRS, and,
  /// inside output sections, symbols set from the location counter, which are section-relative by then.
  ///
  /// - Parameters:
  ///   - step: The ASSERT.
  ///   - condition: Its condition.
  ///   - isChanging: Whether ASSERTs may see a symbol as an earlier pass left it, and the map its last value.
  func printedVerdict(
    _ step: Step, _ condition: ExpressionID, isChanging: (NameID) -> Bool
  ) -> Verdict? {
    guard case .value(let printed)? = step.printed, printed <= 1,
      case .assertion(let assertion) = step.action, assertion.condition == condition,
      hasTruthValue(program.expressions[condition])
    else { return nil }
    let nodes = program.expressions.nodes(of: condition).map { ExpressionID(index: $0) }
    guard nodes.allSatisfy({ isPrintedAsJudged($0, isChanging) }) else { return nil }
    if isPerhapsNowhere(step), !nodes.allSatisfy({ isNumber($0) }) { return nil }
    let isSurelyOutside = step.context == .top && !program.isSane
    if nodes.contains(where: { isMoved($0) }) {
      guard isSurelyOutside, nodes.dropLast().allSatisfy({ !isPlain($0) }),
        nodes.allSatisfy({ takesMovedOperands($0) })
      else { return nil }
    }
    return printed == 0 ? .fails : .holds
  }

  /// Whether a step may stand in a section that was not made, where addresses are compared as they are in their own
  /// sections; the map pass has that of absolute numbers there.
  private func isPerhapsNowhere(_ step: Step) -> Bool {
    switch step.context {
    case .inside(let section), .either(let section):
      program.sections[section].mapRecord.map { evidence.sections[$0].vma == nil } ?? false
    case .top, .between: false
    }
  }

  /// Whether a node is a number in every section: a symbol only if it is set once, to a constant.
  private func isNumber(_ id: ExpressionID) -> Bool {
    switch program.expressions[id] {
    case .symbol(let name):
      guard let steps = program.assignments[name], steps.count == 1,
        case .assignment(let assignment) = program.steps[steps[0]].action
      else { return false }
      return program.steps[steps[0]].context == .top
        && program.expressions.foldedValue(assignment.value) != nil
    case .nameCall(.address, _), .nameCall(.loadAddress, _), .nameCall(.origin, _), .segmentStart,
      .call1:
      return false
    default: return true
    }
  }

  /// Whether a node has the value in the map pass that it had in the final pass.
  private func isPrintedAsJudged(_ id: ExpressionID, _ isChanging: (NameID) -> Bool) -> Bool {
    switch program.expressions[id] {
    case .locationCounter, .call1(.align, _), .call1(.next, _), .assertion,
      .nameCall(.loadAddress, _), .conditional:
      false
    case .nameCall(.sizeOf, let name): !evidence.hasRoundedSizes && !isResized(name)
    case .symbol(let name):
      (program.assignments[name]?.count ?? 0) <= 1 && !isChanging(name)
        && !isRehomed(name)
    case .nameCall(.address, let name): !isEmpty(name)
    default: true
    }
  }

  /// Whether a symbol is made from a place in an empty section: when GNU ld drops the section, it makes the symbol
  /// relative to another one before it prints. Or from one where strings were merged, which moves it as well.
  func isRehomed(_ name: NameID, depth: Int = 0) -> Bool {
    guard depth < 8 else { return true }
    if program.assignments[name] == nil, let symbol = evidence.symbols[program.names.bytes(name)],
      evidence.isInMergedRow(symbol)
    {
      return true
    }
    return (program.assignments[name] ?? []).contains { index in
      let step = program.steps[index]
      guard case .assignment(let assignment) = step.action else { return false }
      switch step.context {
      case .inside(let section), .either(let section):
        if isEmpty(program.sections[section].name) { return true }
      case .top, .between: break
      }
      return program.expressions.nodes(of: assignment.value).contains { node in
        switch program.expressions[ExpressionID(index: node)] {
        case .nameCall(.address, let section): isEmpty(section)
        case .symbol(let other): isRehomed(other, depth: depth + 1)
        default: false
        }
      }
    }
  }

  private func isResized(_ section: NameID) -> Bool {
    let name = program.names.bytes(section)
    return evidence.sections.contains { $0.isResized && $0.name == name }
  }

  private func isEmpty(_ section: NameID) -> Bool {
    let name = program.names.bytes(section)
    return evidence.sections.contains { $0.name == name && ($0.size == 0 || $0.vma == nil) }
  }

  /// Whether a node is a symbol that was absolute when ASSERTs were judged and belongs to a section when
  /// they are printed: one set outside output sections from the location counter.
  func isMoved(_ id: ExpressionID) -> Bool {
    if case .symbol(let name) = program.expressions[id] { isMoved(name) } else { false }
  }

  /// The same of a symbol.
  func isMoved(_ name: NameID) -> Bool {
    guard let step = program.assignments[name]?.first,
      case .assignment(let assignment) = program.steps[step].action
    else { return false }
    if case .inside = program.steps[step].context { return false }
    return program.expressions.nodes(of: assignment.value).contains { index in
      switch program.expressions[ExpressionID(index: index)] {
      case .locationCounter, .call1, .segmentStart, .nameCall(.origin, _), .symbol: true
      default: false
      }
    }
  }

  /// Whether a node is a plain number, which takes on what it meets.
  private func isPlain(_ id: ExpressionID) -> Bool {
    switch program.expressions[id] {
    case .sizeofHeaders, .call1(.log2Ceiling, _), .nameCall(.alignOf, _), .nameCall(.sizeOf, _),
      .nameCall(.length, _), .nameCall(.defined, _), .nameCall(.constant, _):
      true
    case .binary(let operation, _, _): operation.isTruthValued
    default: false
    }
  }

  /// Whether a node comes to the same whether its operands are absolute or in a section: differences and
  /// most comparisons do, and whatever combines an address with a number written out.
  private func takesMovedOperands(_ id: ExpressionID) -> Bool {
    switch program.expressions[id] {
    case .unary(_, let operand), .call1(_, let operand), .segmentStart(_, let operand):
      return !isMoved(operand)
    case .call2(_, let left, let right): return !isMoved(left) && !isMoved(right)
    case .binary(let operation, let left, let right):
      if operation.isOrdering {
        // Within a section offsets are compared, and that of an address below it is a large number.
        return [left, right].allSatisfy { !isMoved($0) || isLocationCounter($0) }
      }
      if operation == .subtract || operation.isComparison { return true }
      if isMoved(left), program.expressions.foldedValue(right) == nil { return false }
      return !isMoved(right) || program.expressions.foldedValue(left) != nil
    default: return true
    }
  }

  /// Whether a node is a symbol for the location counter, aligned perhaps, which is not below the section before it.
  private func isLocationCounter(_ id: ExpressionID) -> Bool {
    if case .symbol(let name) = program.expressions[id] { program.isPlace(name) } else { false }
  }

  private func hasTruthValue(_ node: ExpressionNode) -> Bool {
    switch node {
    case .unary(.logicalNot, _): true
    case .binary(let operation, _, _): operation.isTruthValued
    default: false
    }
  }
}

extension BinaryOperator {
  /// Whether it compares two numbers.
  var isComparison: Bool {
    isTruthValued && self != .logicalAnd && self != .logicalOr
  }

  /// Whether it tells which of two numbers is larger.
  var isOrdering: Bool {
    switch self {
    case .less, .greater, .lessOrEqual, .greaterOrEqual: true
    default: false
    }
  }

  /// Whether the result is 0 or 1 and a plain number, whatever the operands are.
  var isTruthValued: Bool {
    switch self {
    case .equal, .notEqual, .less, .greater, .lessOrEqual, .greaterOrEqual, .logicalAnd, .logicalOr:
      true
    default: false
    }
  }
}
