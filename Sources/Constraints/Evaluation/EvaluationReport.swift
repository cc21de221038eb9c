// The verdict on every ASSERT of a program, and what became of its assignments.

public import LdsParser

/// What the linker would decide.
public enum Verdict: String, Sendable, CaseIterable {
  /// The condition is not zero.
  case holds
  /// The condition is zero, or the linker stops at it.
  case fails
  /// A value is missing.
  case undecided
}

/// What one ASSERT came to.
public struct AssertionReport: Sendable {
  /// A name in the condition with its value.
  public struct Operand: Sendable {
    /// The node: a symbol, `.`, or a function of a name.
    public var expression: ExpressionID
    /// Its address or number; nil if unknown.
    public var value: UInt64?
  }

  /// The step of the program.
  public var step: Int
  /// The condition.
  public var condition: ExpressionID
  /// The message as a name of the program.
  public var message: NameID
  /// The ASSERT's text.
  public var span: SourceSpan
  /// The verdict.
  public var verdict: Verdict
  /// The raw number that was tested, nil if unknown.
  public var value: UInt64?
  /// What is missing; set exactly if the verdict is undecided.
  public var lack: Lack?
  /// Where the linker stops instead of judging.
  public var fault: Fault?
  /// Whether the verdict is the value that the linker printed in its map, since the condition's own
  /// values are not known.
  public var isPrintedVerdict: Bool
  /// Whether the linker's printed verdict contradicts this one.
  var isRefuted: Bool
  /// Whether the condition comes to the very number that a map prints beside it; nil where that cannot be told.
  var meetsPrint: Bool?
  /// The names of the condition with their values, in the order of the text, each once.
  public var operands: [Operand]
}

/// What one assignment to a symbol came to.
public struct AssignmentReport: Sendable {
  /// The step of the program.
  public var step: Int
  /// The symbol.
  public var symbol: NameID
  /// The assignment's text.
  public var span: SourceSpan
  /// Its value in the final pass, nil if it is not known without the image's own word.
  public var value: UInt64?
  /// The symbol's value in the image, nil if it is not there or another assignment has the last word.
  public var imageValue: UInt64?
  /// For a PROVIDE: whether it took effect.
  public var isApplied: Bool
  /// Whether both values are known and differ: the image was not made by this script.
  public var isStale: Bool
}

/// Everything that a program came to against one image.
public struct EvaluationReport: Sendable {
  /// The program.
  public var program: Program
  /// The evidence it was run against.
  public var evidence: Evidence
  /// One report an ASSERT, in script order.
  public var assertions: [AssertionReport]
  /// One report an assignment to a symbol, in script order.
  public var assignments: [AssignmentReport]
  /// Where files of another link lead to something else; see ``retractUnlessConfirmed(by:)``.
  public internal(set) var disagreements: [Disagreement] = []

  /// Names on which conditionals depend that nothing decides; see ``retract(_:dependingOn:)``.
  public private(set) var guessedNames: [String] = []

  /// Takes the verdict on an ASSERT back, because it was read on the guess that `name` is not defined.
  public mutating func retract(_ index: Int, dependingOn name: String) {
    guessedNames.append(name)
    forget(index, .condition(UInt32(truncatingIfNeeded: guessedNames.count - 1)))
  }

  /// Runs `program` against `evidence`.
  ///
  /// A map does not tell whether `LD_FEATURE("SANE_EXPR")` was in force: it is read both ways, and where
  /// the printed values do not tell which was meant, verdicts stand that both ways lead to.
  ///
  /// Nor does an image of 32-bit MIPS tell whether addresses were sign-extended, nor another 32-bit one what lies
  /// behind the end of the address space: verdicts on which the ways to take it disagree do not stand either.
  public init(_ program: Program, evidence: Evidence, dialect: LinkerDialect = .bfd) {
    let readings = evidence.readings(for: program)
    self.init(
      readings.first?.program ?? program, reading: readings.first?.evidence ?? evidence,
      dialect: dialect)
    for reading in readings.dropFirst() {
      let other = EvaluationReport(reading.program, reading: reading.evidence, dialect: dialect)
      keepVerdicts(confirmedBy: other, lacking: .upperHalf)
    }
  }

  private init(_ program: Program, reading evidence: Evidence, dialect: LinkerDialect) {
    let facts = LinkFacts(program, evidence, dialect)
    self.init(reading: program, facts)
    guard program.isMap, dialect == .bfd else { return }
    var saneProgram = program
    saneProgram.isSane = true
    let sane = EvaluationReport(reading: saneProgram, LinkFacts(saneProgram, evidence, dialect))
    switch (isRefuted || isOutprinted(by: sane), sane.isRefuted || sane.isOutprinted(by: self)) {
    case (false, true): break
    case (true, false): self = sane
    default:
      keepVerdicts(confirmedBy: sane, lacking: .feature)
    }
    for index in assertions.indices where assertions[index].isRefuted { forget(index, .feature) }
  }

  /// Takes back what another way to read the evidence does not lead to: a verdict, or how it comes about.
  private mutating func keepVerdicts(confirmedBy other: EvaluationReport, lacking: Missing) {
    for index in assertions.indices where assertions[index].verdict != .undecided {
      guard index < other.assertions.count,
        other.assertions[index].verdict == assertions[index].verdict
      else {
        forget(index, lacking)
        continue
      }
      if other.assertions[index].fault != assertions[index].fault { assertions[index].fault = nil }
      if other.assertions[index].value != assertions[index].value { assertions[index].value = nil }
    }
    for index in assignments.indices where assignments[index].isStale {
      assignments[index].isStale =
        index < other.assignments.count && other.assignments[index].isStale
    }
  }

  /// Takes a verdict back that depends on what a map does not tell.
  private mutating func forget(_ index: Int, _ missing: Missing) {
    assertions[index].verdict = .undecided
    assertions[index].lack = Lack(missing)
    assertions[index].fault = nil
    assertions[index].isPrintedVerdict = false
  }

  /// Takes over what a map of the same link knows of ASSERTs that are undecided here.
  ///
  /// Only if the map lists the very same ASSERTs: as many, with the same messages in the same order.
  public mutating func adoptVerdicts(ofMap map: EvaluationReport) {
    let messages = assertions.map { program.names.bytes($0.message) }
    guard messages == map.assertions.map({ map.program.names.bytes($0.message) }) else { return }
    for (index, other) in map.assertions.enumerated()
    where assertions[index].verdict == .undecided && other.verdict != .undecided {
      assertions[index].verdict = other.verdict
      assertions[index].lack = nil
      assertions[index].isPrintedVerdict = other.isPrintedVerdict
    }
  }

  private init(reading program: Program, _ facts: LinkFacts) {
    self.program = program
    evidence = facts.evidence
    assertions = []
    assignments = []
    var walker = Walker(program, facts: facts, dialect: facts.dialect)
    walker.run()
    for result in walker.results { adopt(result, walker) }
  }

  /// Whether a value that the linker printed contradicts this reading of the program.
  private var isRefuted: Bool {
    assignments.contains(where: \.isStale)
  }

  /// Whether numbers that a map prints beside ASSERTs are those of the other reading, and not of this one. Of what
  /// neither reading explains, nothing follows.
  private func isOutprinted(by other: EvaluationReport) -> Bool {
    zip(assertions, other.assertions).contains { $0.meetsPrint == false && $1.meetsPrint == true }
  }

  private mutating func adopt(
    _ result: Walker.Result, _ walker: Walker
  ) {
    let step = program.steps[result.step]
    switch step.action {
    case .assertion(let assertion):
      assertions.append(
        report(
          result, step, condition: assertion.condition, message: assertion.message.name,
          outcome: result.outcome, walker))
    case .assignment(let assignment):
      if !assignment.isLocationCounter {
        assignments.append(report(result, step, assignment, walker))
      }
    default: break
    }
    guard result.isApplied else { return }
    for (id, outcome) in result.assertions {
      guard case .assertion(let condition, let message) = program.expressions[id] else { continue }
      assertions.append(
        report(
          result, step, condition: condition, message: message, outcome: outcome, walker))
    }
  }

  private func report(
    _ result: Walker.Result, _ step: Step, condition: ExpressionID,
    message: NameID, outcome: Outcome, _ walker: Walker
  ) -> AssertionReport {
    let judgement = Judgement(outcome, dialect: walker.dialect)
    var report = AssertionReport(
      step: result.step, condition: condition, message: message, span: step.span,
      verdict: judgement.verdict, value: judgement.value, lack: judgement.lack,
      fault: judgement.fault, isPrintedVerdict: false, isRefuted: false, meetsPrint: nil,
      operands: operands(of: condition, result, walker))
    let unsettled = walker.unsettled
    let isChanging: (NameID) -> Bool = {
      unsettled.late.contains($0) || unsettled.symbols.contains($0)
    }
    if let value = commonAddress(result.outcome) {
      report.meetsPrint = meetsPrint(value, step, condition, isChanging)
    }
    let printed = printedVerdict(step, condition, isChanging: isChanging)
    guard let printed else { return report }
    if report.verdict == .undecided {
      report.verdict = printed
      report.lack = nil
      report.isPrintedVerdict = true
    }
    report.isRefuted = report.verdict != printed
    return report
  }

  private func report(
    _ result: Walker.Result, _ step: Step, _ assignment: Assignment,
    _ walker: Walker
  ) -> AssignmentReport {
    let name = assignment.target.name
    let value = commonAddress(result.outcome)
    var imageValue: UInt64?
    let symbol = evidence.symbols[program.names.bytes(name)]
    if program.isLastAssignment(result.step, of: name), let symbol, symbol.place != .undefined,
      (walker.facts as? LinkFacts)?.tellsPlace(of: name) ?? true
    {
      imageValue = symbol.address
    }
    let mask: UInt64 = evidence.is32Bit ? 0xffff_ffff : .max
    var isStale = false
    if result.isApplied, !assignment.kind.isProvide, let value, let imageValue {
      isStale = value & mask != imageValue & mask
    }
    return AssignmentReport(
      step: result.step, symbol: name, span: step.span, value: value, imageValue: imageValue,
      isApplied: result.isApplied, isStale: isStale)
  }

  private func operands(
    of condition: ExpressionID, _ result: Walker.Result,
    _ walker: Walker
  ) -> [AssertionReport.Operand] {
    var operands: [AssertionReport.Operand] = []
    var seen: Set<ExpressionNode> = []
    let scope = walker.scope(of: result)
    for index in program.expressions.nodes(of: condition) {
      let id = ExpressionID(index: index)
      let node = program.expressions[id]
      switch node {
      case .symbol, .locationCounter, .nameCall, .sizeofHeaders: break
      default: continue
      }
      guard seen.insert(node).inserted else { continue }
      let value = commonAddress(Evaluator(program.expressions, scope: scope).evaluate(id))
      operands.append(AssertionReport.Operand(expression: id, value: value))
      if operands.count == Lack.limit { break }
    }
    return operands
  }

  /// The address that an outcome has whichever way it goes.
  private func commonAddress(_ outcome: Outcome) -> UInt64? {
    if let single = outcome.single {
      if case .value(let value) = single, let address = value.address.exact {
        return address
      }
      return nil
    }
    var common: UInt64?
    for branch in outcome.branches {
      guard case .value(let value) = branch, let address = value.address.exact,
        common ?? address == address
      else { return nil }
      common = address
    }
    return common
  }
}
