// What a script alone decides: of each ASSERT whether it always holds, never holds, or depends on the
// objects, and of each symbol what is known wherever it is set.

public import LdsParser

/// What follows from the script for every link that gets as far as judging the ASSERT.
public enum ProofVerdict: String, Sendable, CaseIterable {
  /// The condition is never zero.
  case alwaysHolds = "always-holds"
  /// The condition is always zero.
  case neverHolds = "never-holds"
  /// It depends on something that is not in the script.
  case depends
}

/// A statement on which a proof rests.
public struct ProofStep: Sendable {
  /// The step of the program.
  public var step: Int
  /// The statement's text.
  public var span: SourceSpan
  /// The statement as written, on one line.
  public var statement: String
  /// What it contributes: `sets the location counter to a multiple of 0x200000`.
  public var effect: String
}

/// A thing outside the script on which an ASSERT depends.
public enum ProofDependency: Sendable, Hashable {
  /// Sizes and alignments of the input sections that a statement places.
  case inputs(step: Int)
  /// Input sections that no pattern takes and that ld adds at the end of the output section of their name.
  case unmatched(section: Int)
  /// The largest alignment of an output section's input sections.
  case alignment(section: Int)
  /// Where an output section starts, which the script does not fix.
  case placement(section: Int)
  /// Whether ld drops an output section because it is empty, or gives it no room in memory.
  case existence(section: Int)
  /// Orphan sections behind an output section; before the first one if nil.
  case orphans(after: Int?)
  /// An assignment to the location counter that leads to an unknown place.
  case move(step: Int)
  /// A symbol of an object.
  case symbol(NameID)
  /// `CONSTANT(name)`: the target's, or set with a -z option.
  case pageSize(NameID)
  /// Something else that no script tells.
  case missing(Missing)
  /// The linker stops before it judges.
  case stop(Fault)
}

/// What was found out about one ASSERT.
public struct AssertionProof: Sendable {
  /// The step of the program.
  public var step: Int
  /// The condition.
  public var condition: ExpressionID
  /// The message as a name of the program.
  public var message: NameID
  /// The ASSERT's text.
  public var span: SourceSpan
  /// The verdict.
  public var verdict: ProofVerdict
  /// For a proof: the statements it rests on, in script order; no statement more than needed. For `depends`:
  /// those that set what the condition is about. Of more than ``Limit/proofSteps`` the last.
  public var because: [ProofStep]
  /// For `depends`: on what, in script order.
  public var dependencies: [ProofDependency]
}

/// What one assignment makes of a symbol in every link.
public struct SymbolFact: Sendable {
  /// The symbol.
  public var symbol: NameID
  /// The step of the program.
  public var step: Int
  /// The assignment's text.
  public var span: SourceSpan
  /// The address is a multiple of 2 to this power; 64 for the number 0.
  public var alignmentPower: Int
  /// The address is not below this.
  public var least: UInt64
  /// The address is not above this.
  public var most: UInt64
  /// Whether the value is absolute rather than relative to an output section; nil if either may be.
  public var isAbsolute: Bool?
  /// Whether the assignment may stay without effect: PROVIDE.
  public var isConditional: Bool
  /// The statement that aligned the address last: an assignment to the location counter, an output section's
  /// line, or an assignment to the symbol itself.
  public var alignedBy: Int?
  /// The address.
  var number: Number
}

/// Everything that a script decides on its own.
public struct ProofReport: Sendable {
  /// The program.
  public let program: Program
  /// One proof an ASSERT, in script order.
  public internal(set) var assertions: [AssertionProof] = []
  /// One fact an assignment to a symbol, in script order.
  public private(set) var symbols: [SymbolFact] = []
  /// What every proof takes for granted.
  public static let premises = [
    "no address wraps around because of the contents or the alignment of sections",
    "the linker's command line sets no symbol and no address, keeps orphan sections, and asks for a final link",
    "input sections have the flags that their names promise",
  ]

  /// The linker by whose rules it was proved, and for which alone it holds.
  public let dialect: LinkerDialect

  /// What every statement came to.
  let trace: StatementTrace
  var walker: Walker { trace.walker }
  let plan: LayoutPlan

  /// Proves what can be proved of a script's program, by the rules of one linker.
  public init(_ program: Program, dialect: LinkerDialect = .bfd) {
    self.init(program, dialect: dialect, isCertifying: false)
  }

  /// The same, perhaps for a certificate, which does without the values of earlier passes.
  init(_ program: Program, dialect: LinkerDialect, isCertifying: Bool) {
    self.program = program
    self.dialect = dialect
    plan = LayoutPlan(program)
    trace = StatementTrace(program, facts: NoFacts(), dialect: dialect, isCertifying: isCertifying)
    for result in walker.results { adopt(result) }
  }

  private mutating func adopt(_ result: Walker.Result) {
    let step = program.steps[result.step]
    switch step.action {
    case .assertion(let assertion):
      append(result, assertion.condition, assertion.message.name, result.outcome)
    case .assignment(let assignment) where !assignment.isLocationCounter:
      symbols.append(fact(assignment, result))
    default: break
    }
    if case .assignment(let assignment) = step.action, assignment.kind.isProvide { return }
    for (id, outcome) in result.assertions {
      guard case .assertion(let condition, let message) = program.expressions[id] else { continue }
      append(result, condition, message, outcome)
    }
  }

  private mutating func append(
    _ result: Walker.Result, _ condition: ExpressionID, _ message: NameID,
    _ outcome: Outcome
  ) {
    var proof = AssertionProof(
      step: result.step, condition: condition, message: message,
      span: program.steps[result.step].span, verdict: .depends, because: [], dependencies: [])
    let (verdict, steps) = self.verdict(outcome)
    proof.verdict = verdict
    if verdict == .depends { proof.dependencies = dependencies(of: outcome) }
    proof.because = explain(steps)
    assertions.append(proof)
  }

  /// A branch in which the linker stops is no link that judges the ASSERT.
  private func verdict(
    _ outcome: Outcome
  ) -> (ProofVerdict, StepList) {
    var verdict: ProofVerdict?
    var steps = StepList()
    var open = StepList()
    var isOpen = false
    for branch in outcome.branches {
      guard case .value(let value) = branch else {
        if branch == .invalid { isOpen = true }
        continue
      }
      open = open.union(tested(value).ownSteps).union(tested(value).bitsSteps)
      steps = steps.union(tested(value).zeroSteps)
      let part: ProofVerdict? = tested(value).isZero.map { $0 ? .neverHolds : .alwaysHolds }
      if part == nil || (verdict != nil && verdict != part) { isOpen = true }
      verdict = part
    }
    if let verdict, !isOpen { return (verdict, steps) }
    return (.depends, open)
  }

  /// The number that decides whether a condition holds.
  func tested(_ value: Value) -> Number { value.tested(by: dialect) }

  private func fact(
    _ assignment: Assignment, _ result: Walker.Result
  ) -> SymbolFact {
    var numbers: [Number] = []
    var isAbsolute: Bool?
    for branch in result.outcome.branches {
      guard case .value(let value) = branch else { continue }
      let isRelative: Bool
      if case .section = value.kind { isRelative = true } else { isRelative = false }
      isAbsolute = numbers.isEmpty || isAbsolute == !isRelative ? !isRelative : nil
      numbers.append(value.address)
    }
    let number =
      numbers.dropFirst().reduce(numbers.first ?? .open) { walker.numbers.joined($0, $1) }
    return SymbolFact(
      symbol: assignment.target.name, step: result.step, span: program.steps[result.step].span,
      alignmentPower: number.bits.trailingZeros, least: number.least, most: number.most,
      isAbsolute: isAbsolute, isConditional: assignment.kind.isProvide,
      alignedBy: aligner(number, result.step), number: number)
  }

  private func aligner(_ number: Number, _ step: Int) -> Int? {
    guard number.bits.trailingZeros > 0 else { return nil }
    let steps = number.ownSteps.union(number.bitsSteps).steps.map { Int($0) }
    let moves = steps.filter { candidate in
      switch program.steps[candidate].action {
      case .assignment(let assignment): assignment.isLocationCounter
      default: true
      }
    }
    return moves.last ?? step
  }

  /// The facts on a symbol, one an assignment.
  public func facts(of symbol: NameID) -> [SymbolFact] {
    symbols.filter { $0.symbol == symbol }
  }

  /// Whether the address that `first` sets is never above the one that `second` sets: true, false if it is
  /// always above, nil if that depends on the objects.
  public func isOrdered(_ first: SymbolFact, _ second: SymbolFact) -> Bool? {
    walker.numbers.isOrdered(first.number, second.number, orEqual: true)
  }

  /// The least distance in bytes from the address that `first` sets to the one that `second` sets; nil if
  /// the order depends on the objects.
  public func distance(from first: SymbolFact, to second: SymbolFact) -> UInt64? {
    let numbers = walker.numbers
    guard numbers.isOrdered(first.number, second.number, orEqual: true) == true else {
      return nil
    }
    return numbers.subtract(second.number, first.number).least
  }
}
