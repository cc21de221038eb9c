// Expressions of a script as rules look at them: every node with its text, and what each is relative to.

import LdsParser

extension ScriptFacts {
  /// Every node of every expression that the script spells, operands first.
  var nodes: [ExpressionID] {
    (0..<UInt32(truncatingIfNeeded: script.expressions.count)).map { ExpressionID(index: $0) }
  }

  /// The bytes of a piece of the text that was parsed.
  func bytes(_ span: SourceSpan) -> [UInt8] {
    script.sources.buffer(span.source).bytes(in: span.range)
  }

  /// Whether an operand stands in parentheses of its own.
  func isParenthesised(_ id: ExpressionID) -> Bool {
    let span = program.expressions.span(id)
    let buffer = script.sources.buffer(span.source)
    if buffer.byte(at: Int(span.start)) == UInt8(ascii: "(") {
      // The span of `(a) + b` starts so too, but ends elsewhere.
      return encloses(buffer, span)
    }
    var before = Int(span.start) - 1
    while let byte = buffer.byte(at: before), byte <= 0x20 { before -= 1 }
    var after = Int(span.end)
    while let byte = buffer.byte(at: after), byte <= 0x20 { after += 1 }
    return buffer.byte(at: before) == UInt8(ascii: "(")
      && buffer.byte(at: after) == UInt8(ascii: ")")
  }

  private func encloses(_ buffer: SourceBuffer, _ span: SourceSpan) -> Bool {
    var depth = 0
    for offset in span.range {
      switch buffer.byte(at: offset) {
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")"):
        depth -= 1
        if depth == 0 { return offset == Int(span.end) - 1 }
      default: break
      }
    }
    return false
  }

  /// The names of symbols in an expression, each once, in order.
  func symbols(in id: ExpressionID) -> [NameID] {
    var found: [NameID] = []
    var known: Set<NameID> = []
    for index in program.expressions.nodes(of: id) {
      if case .symbol(let name) = program.expressions[ExpressionID(index: index)],
        known.insert(name).inserted
      {
        found.append(name)
      }
    }
    return found
  }

  /// The conditions of ASSERTs, in order, with their messages.
  var conditions: [(step: Int, condition: ExpressionID, message: NameID)] {
    var found: [(step: Int, condition: ExpressionID, message: NameID)] = []
    for (index, step) in program.steps.enumerated() {
      switch step.action {
      case .assertion(let assertion):
        found.append((index, assertion.condition, assertion.message.name))
      case .assignment(let assignment):
        for node in program.expressions.nodes(of: assignment.value) {
          let id = ExpressionID(index: node)
          guard case .assertion(let condition, let message) = program.expressions[id] else {
            continue
          }
          found.append((index, condition, message))
        }
      default: break
      }
    }
    return found
  }

  /// What a value is surely relative to.
  enum Relation: Equatable {
    /// A plain number.
    case plain
    /// An absolute address.
    case absolute
    /// The start of an output section.
    case section
  }

  /// The value of a step's expression, with every node below it.
  struct Tree {
    /// The root: the value of an assignment, the condition of an ASSERT.
    let root: ExpressionID
    fileprivate let first: UInt32
    fileprivate let outcomes: [Outcome]

    /// The number that a node is never below, as GNU ld computes with it; nil where the linker may stop.
    func least(_ id: ExpressionID) -> UInt64? {
      guard id.index >= first, id.index - first < outcomes.count else { return nil }
      var least: UInt64?
      for branch in outcomes[Int(id.index - first)].branches {
        guard case .value(let value) = branch else { return nil }
        least = min(least ?? .max, value.offset.least)
      }
      return least
    }

    /// The address or number that a node is in every link; nil where that depends on objects.
    func exact(_ id: ExpressionID) -> UInt64? {
      guard id.index >= first, id.index - first < outcomes.count else { return nil }
      return address(of: outcomes[Int(id.index - first)])
    }

    /// What a node is relative to; nil where that depends on objects, or the linker stops.
    func relation(_ id: ExpressionID) -> Relation? {
      guard id.index >= first, id.index - first < outcomes.count else { return nil }
      var relation: Relation?
      for branch in outcomes[Int(id.index - first)].branches {
        guard case .value(let value) = branch else { return nil }
        let part: Relation =
          switch value.kind {
          case .plain: .plain
          case .absolute: .absolute
          case .section: .section
          }
        if let relation, relation != part { return nil }
        relation = part
      }
      return relation
    }
  }

  /// Whether a value has its top bit set in every link, so that it is negative for who reads a sign in it.
  func isNegative(_ id: ExpressionID, in tree: Tree) -> Bool {
    if let folded = program.expressions.foldedValue(id) { return folded >> 63 == 1 }
    return tree.least(id).map { $0 >> 63 == 1 } ?? false
  }

  /// The expression of a step with what its nodes are; nil for a step without one.
  func tree(_ step: Int) -> Tree? {
    let walker = proof.walker
    guard let result = result(of: step, walker) else { return nil }
    let root: ExpressionID
    switch program.steps[step].action {
    case .assignment(let assignment): root = assignment.value
    case .assertion(let assertion): root = assertion.condition
    default: return nil
    }
    let outcomes = Evaluator(program.expressions, scope: walker.scope(of: result)).evaluateAll(root)
    return Tree(
      root: root, first: program.expressions.nodes(of: root).lowerBound, outcomes: outcomes)
  }

  private func result(
    of step: Int, _ walker: Walker
  ) -> Walker.Result? {
    var low = 0
    var high = walker.results.count
    while low < high {
      let middle = (low + high) / 2
      if walker.results[middle].step < step { low = middle + 1 } else { high = middle }
    }
    guard low < walker.results.count, walker.results[low].step == step else { return nil }
    return walker.results[low]
  }

  /// The output section whose braces a step stands in.
  func section(around step: Int) -> String? {
    guard case .inside(let index) = program.steps[step].context else { return nil }
    return name(program.sections[index].name)
  }
}
