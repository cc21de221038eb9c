// Evaluates one expression (ld-semantics 3; binutils ld/ldexp.c, exp_fold_tree_1). A loop over the flat
// nodes: operands stand before operators, so nothing recurses, and a fault in a branch that is not taken
// stays in that branch.

package import LdsParser

/// Evaluates expressions of one table in one scope.
package struct Evaluator<Scope: EvaluationScope> {
  typealias Branch = Outcome.Branch

  let table: ExpressionTable
  let scope: Scope

  /// An evaluator for the expressions of `table` in `scope`.
  package init(_ table: ExpressionTable, scope: Scope) {
    self.table = table
    self.scope = scope
  }

  /// What the expression comes to.
  package func evaluate(_ id: ExpressionID) -> Outcome {
    if let folded = folded(id) {
      return Outcome(scope.number(Number(folded)))
    }
    let all = evaluateAll(id)
    return all[all.count - 1]
  }

  /// What each node of the expression comes to, in the order of `table.nodes(of: id)`.
  package func evaluateAll(_ id: ExpressionID) -> [Outcome] {
    let range = table.nodes(of: id)
    var results: [Outcome] = []
    results.reserveCapacity(range.count)
    for index in range {
      let node = ExpressionID(index: index)
      results.append(evaluate(node) { results[Int($0.index - range.lowerBound)] })
    }
    return results
  }

  /// The conditions of ASSERTs inside the expression that the linker would come to, with their outcomes.
  package func reachedAssertions(
    _ id: ExpressionID
  ) -> [(assertion: ExpressionID, outcome: Outcome)] {
    let range = table.nodes(of: id)
    guard
      range.contains(where: {
        if case .assertion = table[ExpressionID(index: $0)] { true } else { false }
      })
    else { return [] }
    let results = evaluateAll(id)
    var reached: [(assertion: ExpressionID, outcome: Outcome)] = []
    var pending = [id]
    while let next = pending.popLast() {
      if folded(next) != nil { continue }
      if case .assertion(let condition, _) = table[next] {
        reached.append((next, results[Int(condition.index - range.lowerBound)]))
      }
      pending.append(contentsOf: takenOperands(next) { results[Int($0.index - range.lowerBound)] })
    }
    return reached.sorted { $0.assertion.index < $1.assertion.index }
  }

  /// Whether the linker comes to the symbol `name` when it evaluates the expression; nil if it may.
  func reaches(_ name: NameID, in id: ExpressionID) -> Bool? {
    let first = table.nodes(of: id).lowerBound
    let results = evaluateAll(id)
    var pending = [(id: id, isSure: true)]
    var mayReach = false
    while let (next, isSure) = pending.popLast() {
      if folded(next) != nil { continue }
      if case .symbol(name) = table[next] {
        if isSure { return true }
        mayReach = true
      }
      let operands = takenOperands(next) { results[Int($0.index - first)] }
      // Both branches: which one is not known.
      let areSure = isSure && !(isConditional(next) && operands.count == 3)
      for (place, operand) in operands.enumerated() {
        pending.append((operand, place == 0 ? isSure : areSure))
      }
    }
    return mayReach ? nil : false
  }

  func takenOperands(
    _ id: ExpressionID, _ result: (ExpressionID) -> Outcome
  ) -> [ExpressionID] {
    switch table[id] {
    case .integer, .symbol, .locationCounter, .nameCall, .sizeofHeaders: return []
    case .unary(_, let operand), .call1(_, let operand), .segmentStart(_, let operand),
      .assertion(let operand, _):
      return [operand]
    case .binary(let operation, let left, let right):
      if scope.dialect.follows(.skipsDecidedOperands), isDecided(operation, result(left)) {
        return [left]
      }
      return [left, right]
    case .call2(_, let left, let right): return [left, right]
    case .conditional(let condition, let first, let second):
      guard case .value(let value)? = result(condition).single,
        let isZero = tested(value).isZero
      else { return [condition, first, second] }
      return [condition, isZero ? second : first]
    }
  }

  /// The number that the linker has in place of the expression since it was parsed.
  private func folded(_ id: ExpressionID) -> UInt64? {
    scope.dialect.follows(.foldsNumbers) ? table.foldedValue(id) : nil
  }

  private func evaluate(
    _ id: ExpressionID, _ operand: (ExpressionID) -> Outcome
  ) -> Outcome {
    if let folded = folded(id) {
      return Outcome(scope.number(Number(folded)))
    }
    switch table[id] {
    case .integer(let value): return Outcome(scope.number(Number(value)))
    case .locationCounter: return Outcome(locationCounter)
    case .symbol(let name): return inContext(scope.symbol(name))
    case .sizeofHeaders: return Outcome(Value(scope.headerSize, kind: .plain))
    case .nameCall(let function, let name): return call(function, name)
    case .unary(let operation, let child):
      return operand(child).map(scope) { unary(operation, $0) }
    case .call1(let function, let child): return operand(child).map(scope) { call(function, $0) }
    case .binary(let operation, let left, let right):
      let isLogical = operation == .logicalAnd || operation == .logicalOr
      if isLogical, scope.dialect.follows(.skipsDecidedOperands) {
        return logicalLLD(operation, operand(left), operand(right))
      }
      return pairs(operand(left), operand(right)) { binary(operation, $0, $1) }
    case .call2(let function, let left, let right):
      let bare = scope.dialect == .lld && function == .align ? unaligned(left, operand) : nil
      return pairs(bare ?? operand(left), operand(right)) { call(function, $0, $1) }
    case .segmentStart(let name, let child):
      return operand(child).map(scope) { scope.segmentStart(name, default: $0) }
    case .assertion(let child, _): return assertionValue(operand(child))
    case .conditional(let condition, let first, let second):
      let outcome = conditional(operand(condition), operand(first), operand(second))
      guard scope.isPrintedText, case .conditional(let middle, let third, let last) = table[second]
      else { return outcome }
      return chain(
        outcome, [condition, first, middle, third].map(operand), operand(last),
        isLonger: isConditional(last))
    }
  }

  private func isConditional(_ id: ExpressionID) -> Bool {
    if case .conditional = table[id] { true } else { false }
  }

  /// A map prints `a ? b : (c ? d : e)` and `(a ? b : c) ? d : e` alike (ld-semantics 6.6): both are
  /// followed. Of a longer chain nothing is known.
  private func chain(
    _ outcome: Outcome, _ parts: [Outcome], _ last: Outcome,
    isLonger: Bool
  ) -> Outcome {
    if isLonger {
      let unknown = scope.numbers.unknown(Lack(.parentheses, mayStop: true))
      return Outcome(Value(unknown, kind: .absolute))
    }
    var both = outcome
    both.merge(conditional(conditional(parts[0], parts[1], parts[2]), parts[3], last))
    return both.bounded(scope, because: Lack(.parentheses))
  }

  private func assertionValue(_ condition: Outcome) -> Outcome {
    scope.dialect.follows(.assertionsAreMoves)
      ? Outcome(Value(scope.locationCounter, kind: .absolute)) : condition
  }

  /// GNU ld: relative to the output section around it. lld: also outside of one, to the last one.
  private var locationCounter: Value {
    guard scope.dialect == .lld else {
      return scope.relativeToContext(scope.locationCounter, isInside: true)
    }
    let section = scope.context ?? .listed(0)
    let place = placeLLD(scope.locationCounter, in: section)
    return Value(offset: place, address: place, in: section)
  }

  /// The number that decides whether a condition holds.
  func tested(_ value: Value) -> Number {
    value.tested(by: scope.dialect)
  }

  func conditional(
    _ condition: Outcome, _ first: Outcome, _ second: Outcome
  ) -> Outcome {
    condition.map(scope) { value in
      guard tested(value).isSettled else {
        return decided(by: value, first, second).unsettled(scope)
      }
      return decided(by: value, first, second)
    }
  }

  private func decided(by value: Value, _ first: Outcome, _ second: Outcome) -> Outcome {
    if let isZero = tested(value).isZero { return isZero ? second : first }
    var both = first
    both.merge(second)
    let lack = tested(value).lack
    // Without a condition there is neither value.
    if let lack, lack.mayStop {
      both.merge(Outcome(Value(scope.numbers.unknown(lack), kind: .absolute)))
    }
    return both.bounded(scope, because: lack)
  }

  /// Inside an output section, an absolute symbol is a plain number (ld-semantics 3.2).
  private func inContext(_ outcome: Outcome) -> Outcome {
    guard scope.dialect == .bfd, scope.context != nil || scope.isSane else { return outcome }
    return outcome.map(scope) { value in
      value.kind == .absolute ? Outcome(Value(value.offset, kind: .plain)) : Outcome(value)
    }
  }

  private func call(_ function: NameFunction, _ name: NameID) -> Outcome {
    switch function {
    case .sizeOf, .address, .loadAddress, .alignOf: scope.section(function, name)
    case .defined: Outcome(Value(scope.isDefined(name), kind: .plain))
    case .constant: scope.constant(name)
    case .length: scope.region(function, name)
    case .origin:
      scope.region(function, name).map(scope) {
        Outcome(scope.dialect == .bfd ? scope.relativeToContext($0.address) : $0)
      }
    }
  }

  func pairs(
    _ left: Outcome, _ right: Outcome,
    _ combine: (Value, Value) -> Outcome
  ) -> Outcome {
    // The linker evaluates left, then right: the first fault is the one it stops at, and a fault on the
    // right stops it whatever the left is worth.
    left.flatMap(scope) { first in
      right.flatMap(scope) { second in
        switch (first, second) {
        case (.fault, _): Outcome(first)
        case (_, .fault): Outcome(second)
        case (.invalid, _), (_, .invalid): Outcome(.invalid)
        case (.value(let one), .value(let two)): combine(one, two)
        }
      }
    }
  }
}

extension Outcome {
  /// The outcomes of each way, joined.
  func flatMap<Scope: EvaluationScope>(
    _ scope: Scope, _ transform: (Branch) -> Outcome
  ) -> Outcome {
    if let single { return transform(single) }
    let branches = branches
    var result = transform(branches[0])
    for branch in branches.dropFirst() { result.merge(transform(branch)) }
    return result.bounded(scope, because: nil)
  }

  /// The outcomes of each value, joined; faults and invalid results stay.
  func map<Scope: EvaluationScope>(
    _ scope: Scope, _ transform: (Value) -> Outcome
  ) -> Outcome {
    flatMap(scope) { branch in
      if case .value(let value) = branch { return transform(value) }
      return Outcome(branch)
    }
  }

  /// The outcome, which may be another one in the final pass.
  func unsettled<Scope: EvaluationScope>(_ scope: Scope) -> Outcome {
    map(scope) { value in
      var value = value
      value.offset = value.offset.changed { $0.isSettled = false }
      value.address = value.address.changed { $0.isSettled = false }
      return Outcome(value)
    }
  }

  /// The outcome itself, or unknown values if it has more ways than are followed: one of each kind that there
  /// is, since what a number is relative to decides what it means beside others.
  func bounded<Scope: EvaluationScope>(
    _ scope: Scope, because lack: Lack?
  ) -> Outcome {
    guard count > Self.limit else { return self }
    let unknown = scope.numbers.unknown((lack ?? Lack(.context)).stopping())
    var kinds: [ValueKind] = []
    for case .value(let value) in branches where !kinds.contains(value.kind) {
      kinds.append(value.kind)
    }
    var result = Outcome(Value(unknown, kind: .plain))
    for kind in kinds.prefix(Self.limit) {
      if case .section(let section) = kind {
        result.merge(Outcome(Value(offset: unknown, address: unknown, in: section)))
      } else {
        result.merge(Outcome(Value(unknown, kind: kind)))
      }
    }
    if kinds.count > Self.limit || branches.contains(.invalid) { result.merge(Outcome(.invalid)) }
    return result
  }
}
