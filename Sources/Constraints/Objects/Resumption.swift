// A layout that goes on from the one before it. All passes but the last sizing and the final one are there to settle what
// a pass reads before it comes to it: sizes of later sections, symbols of later statements, the number of headers. Where
// nothing that decides an address is read like that, one sizing pass finds what all of them would; and as long as the
// same output sections are kept, that pass needs nothing but the sizes.

internal import LdsParser

/// What layouts of one link have in common with the one before.
final class Resumption {
  /// Whether the last layout may be gone on from.
  var isPossible = false
  /// Whether a layout goes on from the one before.
  var isRunning = false
  /// What will be asked of it.
  var detail = LayoutDetail.whole
  /// Whether nothing that the pass had not come to has decided an address in it.
  var isSettled = true
  /// Whether the expression that was evaluated last has read such a thing.
  var readsAhead = false
  /// Whether what the pass had not come to has decided an address in it, the number of headers left aside.
  var followsLater = false
  /// Counts what may have changed the sizes of input sections.
  var age = 0
  /// What expressions came to, by their numbers.
  private var answers: [Answer?] = []
  /// Whether assignments without consequence are marked.
  private var knowsConsequences = false

  /// What an expression came to, and what it had read.
  private final class Answer {
    /// The nodes that read something.
    let leaves: [ExpressionID]
    /// What they read, and the output section around the expression.
    var read: [Value] = []
    var context: SectionKey?
    var base: UInt64 = 0
    var result: LayoutResult?

    init(_ leaves: [ExpressionID]) { self.leaves = leaves }
  }

  /// Notes that the expression that was evaluated last decides an address.
  func noteDeciding() {
    guard readsAhead else { return }
    isSettled = false
    followsLater = true
  }

  /// Whether an assignment that no expression reads is left out.
  func leavesOut(_ phase: Pass) -> Bool { phase != .final || detail == .verdicts }

  /// What the expression came to the last time that it read the same.
  func answer(_ id: ExpressionID, _ scope: LayoutScope) -> LayoutResult? {
    guard answers.indices.contains(Int(id.index)), let answer = answers[Int(id.index)],
      let result = answer.result,
      answer.context == scope.context, answer.base == scope.link.context?.vma ?? 0
    else { return nil }
    for (leaf, before) in zip(answer.leaves, answer.read) {
      guard let value = scope.read(leaf), value.isSame(as: before) else { return nil }
    }
    return result
  }

  /// Remembers what the expression came to.
  func remember(_ id: ExpressionID, _ scope: LayoutScope, _ result: LayoutResult) {
    if answers.isEmpty {
      answers = Array(repeating: nil, count: scope.link.script.expressions.count)
    }
    guard answers.indices.contains(Int(id.index)) else { return }
    guard let answer = answers[Int(id.index)] ?? scope.leaves(of: id).map(Answer.init) else {
      return
    }
    answers[Int(id.index)] = answer
    answer.result = nil
    answer.read.removeAll(keepingCapacity: true)
    for leaf in answer.leaves {
      guard let value = scope.read(leaf) else { return }
      answer.read.append(value)
    }
    answer.context = scope.context
    answer.base = scope.link.context?.vma ?? 0
    answer.result = result
  }

  /// Marks the assignments of symbols that no expression reads.
  func markConsequences(_ link: ObjectLink) {
    guard !knowsConsequences else { return }
    knowsConsequences = true
    let expressions = link.script.expressions
    var isRead = Array(repeating: false, count: link.names.count)
    for index in 0..<expressions.count {
      switch expressions[ExpressionID(index: UInt32(index))] {
      case .symbol(let name), .nameCall(.defined, let name): isRead[Int(name.index)] = true
      default: break
      }
    }
    for statement in link.assignments {
      let assignment = statement.assignment
      statement.isOfNoConsequence =
        !assignment.isLocationCounter && !isRead[Int(assignment.target.name.index)]
        && !expressions.mayStop(assignment.value)
    }
  }
}

extension ExpressionTable {
  /// Whether the linker may stop at the expression, depending on numbers.
  fileprivate func mayStop(_ id: ExpressionID) -> Bool {
    nodes(of: id).contains { index in
      switch self[ExpressionID(index: index)] {
      case .assertion, .sizeofHeaders, .call2(.dataSegmentAlign, _, _),
        .call2(.dataSegmentRelroEnd, _, _), .call1(.dataSegmentEnd, _):
        true
      case .binary(.divide, _, let right), .binary(.remainder, _, let right):
        foldedValue(right) ?? 0 == 0
      default: false
      }
    }
  }
}

extension Value {
  fileprivate func isSame(as other: Value) -> Bool {
    kind == other.kind && offset.exact == other.offset.exact
      && address.exact == other.address.exact
  }
}

extension LayoutScope {
  /// What the expression reads; nil if what it comes to depends on more.
  fileprivate func leaves(of id: ExpressionID) -> [ExpressionID]? {
    let expressions = link.script.expressions
    var leaves: [ExpressionID] = []
    for index in expressions.nodes(of: id) {
      let node = ExpressionID(index: index)
      switch expressions[node] {
      case .integer, .unary, .binary, .conditional: break
      case .call1(.absolute, _), .call1(.log2Ceiling, _), .call2(.align, _, _), .call2(.max, _, _),
        .call2(.min, _, _):
        break
      case .nameCall(.constant, _), .nameCall(.length, _): break
      case .symbol, .locationCounter, .nameCall(.sizeOf, _), .nameCall(.address, _),
        .nameCall(.alignOf, _), .call1(.align, _), .call1(.next, _):
        leaves.append(node)
      case .nameCall, .sizeofHeaders, .segmentStart, .assertion, .call1, .call2: return nil
      }
    }
    return leaves
  }

  /// What a node of these reads; nil if it has no value.
  fileprivate func read(_ leaf: ExpressionID) -> Value? {
    let outcome: Outcome
    switch link.script.expressions[leaf] {
    case .symbol(let name): outcome = symbol(name)
    case .nameCall(let function, let name): outcome = section(function, name)
    default: outcome = Outcome(relativeToContext(locationCounter))
    }
    guard case .value(let value)? = outcome.single else { return nil }
    return value
  }
}

extension ObjectLink {
  /// Notes that an expression reads something of a section that the pass may not have come to.
  func noteReading(_ section: SectionStatement, before progress: SectionProgress) {
    if phase == .sizing, section.progress < progress { resumption.readsAhead = true }
  }

  /// Notes that an expression reads a symbol of the script.
  func noteReading(_ symbol: LinkSymbol) {
    if symbol.pass == pass {
      if symbol.isAhead { resumption.readsAhead = true }
    } else if phase == .sizing {
      resumption.readsAhead = true
    } else if symbol.isAhead {
      // In the final pass it has the value of the last sizing pass.
      resumption.isSettled = false
    }
  }

  /// Whether a layout may go on from the one that was made: the same sections would be kept, and nothing was laid out by
  /// what only later passes know.
  var mayResume: Bool {
    guard resumption.isSettled, !providesByBranches, framePlaces.isEmpty, let snapshot,
      snapshot.isIntact(self),
      growth.inputs.allSatisfy({ $0.size > 0 }),
      !symbols.all.contains(where: \.isOfLinker)
    else { return false }
    return sections.allSatisfy(keepsItsFate)
  }

  /// Whether numbers may decide which PROVIDE takes effect: one branch of `?:` alone asks for it.
  private var providesByBranches: Bool {
    let expressions = script.expressions
    let provided = Set(
      assignments.filter { $0.assignment.kind.isProvide }.map { $0.assignment.target.name })
    if provided.isEmpty { return false }
    return expressions.contains { node in
      guard case .conditional(_, let one, let other) = node else { return false }
      return [one, other].contains { branch in
        expressions.nodes(of: branch).contains { index in
          if case .symbol(let name) = expressions[ExpressionID(index: index)] {
            provided.contains(name)
          } else {
            false
          }
        }
      }
    }
  }

  /// Whether it does not depend on addresses if a section is kept.
  private func keepsItsFate(_ section: SectionStatement) -> Bool {
    guard section.isTaken, let output = section.output, !output.bits.contains(.kept) else {
      return true
    }
    var isPlain = section.address == nil && section.subalignment == nil
    for statement in section.body {
      switch statement {
      case .inputs(let inputs):
        for placed in inputs.placed where !placed.section.bits.contains(.excluded) {
          if placed.section.size > 0 { return true }
        }
      case .placed(let placed):
        if placed.section.size > 0, !placed.section.bits.contains(.excluded) { return true }
      case .data: return true
      case .assignment(let assignment):
        if assignment.assignment.isLocationCounter { isPlain = false }
      case .assertion, .objectSymbols, .other: break
      }
    }
    return isPlain
  }

  /// Lays the link out from where the layout before it has come.
  ///
  /// - Returns: false if that does not tell what the linker would do; then all is to be done from the beginning.
  func resume(growing growths: [LayoutGrowth], _ detail: LayoutDetail) -> Bool {
    resumption.markConsequences(self)
    resumption.isRunning = true
    resumption.detail = detail
    defer {
      resumption.isRunning = false
      removeFromBodies()
    }
    do throws(LayoutStop) {
      for growth in growths { try grow(growth) }
      if !growth.inputs.isEmpty {
        // An empty one is not among those that are unwound.
        guard growth.inputs.allSatisfy({ $0.size > 0 }) else { return false }
        resumption.age += 1
      }
      for output in outputs {
        output.storedLMA = nil
        output.isOfNoteSegment = false
      }
      (overflows, judgedAssertions, hidesLoadAddresses) = ([:], [], false)
      (phase, resumption.isSettled) = (.sizing, true)
      resetPass()
      try sizePass()
      guard resumption.isSettled else { return false }
      try assignPass(.final)
      guard resumption.isSettled else { return false }
      complaints = addressComplaints()
      try applyHeaderAddresses()
      try checkLayout()
      return true
    } catch {
      return false
    }
  }
}
