// One way to take the input: one program, run once over one account of the image. What it comes to is no verdict yet;
// that is made of all readings at once.

internal import LdsParser

/// What a program comes to in one reading.
struct Reading: Sendable {
  let program: Program
  let evidence: Evidence
  let dialect: LinkerDialect
  /// One report an ASSERT, in script order.
  private(set) var assertions: [AssertionReport] = []
  /// One report an assignment to a symbol, in script order.
  private(set) var assignments: [AssignmentReport] = []
  /// Steps of a map beside which no way to read them explains what is printed.
  private var unexplained: Set<Int> = []
  /// Contexts that what is printed rules out: a line of a map that stands inside the output section above it, or behind.
  private var contexts: [Int: StatementContext] = [:]

  /// Every reading of `program` over one account of an image: the one place where the linker's rules are run.
  ///
  /// A map does not tell whether `LD_FEATURE("SANE_EXPR")` was in force: it is read both ways. Of a way that the
  /// printed values contradict nothing is left, so long as they do not contradict the other one too.
  ///
  /// - Parameter isBinding: whether lines of a map are bound to the output section above them, or what follows it, by
  ///   what is printed beside them.
  static func all(
    of program: Program, evidence: Evidence, dialect: LinkerDialect, isBinding: Bool
  ) -> (first: Reading, others: [Reading]) {
    var program = program
    var (first, others) = all(program, evidence, dialect)
    guard program.isMap, dialect == .bfd, isBinding else { return (first, others) }
    for _ in 0..<mostBindings {
      // What every reading that is left says of a line.
      let contexts = first.contexts.filter { step, context in
        others.allSatisfy { $0.contexts[step] == context }
      }
      guard program.bind(contexts) else { break }
      (first, others) = all(program, evidence, dialect)
    }
    return (first, others)
  }

  /// One line that is bound tells of others; more rounds than this are not made.
  private static var mostBindings: Int { 3 }

  private static func all(
    _ program: Program, _ evidence: Evidence, _ dialect: LinkerDialect
  ) -> (first: Reading, others: [Reading]) {
    let plain = Reading(program, LinkFacts(program, evidence, dialect))
    guard program.isMap, dialect == .bfd else { return (plain, []) }
    var saneProgram = program
    saneProgram.isSane = true
    let sane = Reading(saneProgram, LinkFacts(saneProgram, evidence, dialect))
    switch (plain.isRefuted(beside: sane), sane.isRefuted(beside: plain)) {
    case (false, true): return (plain, [])
    case (true, false): return (sane, [])
    default: return (plain, [sane])
    }
  }

  private init(_ program: Program, _ facts: LinkFacts) {
    self.program = program
    evidence = facts.evidence
    dialect = facts.dialect
    var walker = Walker(program, facts: facts, dialect: facts.dialect)
    walker.run()
    var printing: PrintingPass?
    if program.isMap, walker.dialect == .bfd {
      printing = PrintingPass(
        walker, isMoved: { isMoved($0) }, isOpen: { isRehomed($0) })
    }
    for result in walker.results { adopt(result, walker, &printing) }
  }

  /// Whether a value that the linker printed contradicts this reading and not the other one. Of what neither explains,
  /// nothing follows.
  private func isRefuted(beside other: Reading) -> Bool {
    !unexplained.isSubset(of: other.unexplained)
  }

  private mutating func adopt(
    _ result: Walker.Result, _ walker: Walker, _ printing: inout PrintingPass?
  ) {
    let step = program.steps[result.step]
    let outcome = fitting(result, step, &printing)
    switch step.action {
    case .assertion(let assertion):
      assertions.append(
        report(
          result, step, condition: assertion.condition, message: assertion.message.name,
          outcome: outcome, walker))
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

  /// What an expression comes to in the ways to read it that explain what the linker printed beside it.
  private mutating func fitting(
    _ result: Walker.Result, _ step: Step, _ printing: inout PrintingPass?
  ) -> Outcome {
    guard case .value(let printed)? = step.printed, printing != nil else { return result.outcome }
    let ways =
      result.ways.isEmpty
      ? [Walker.Way(context: result.context, outcome: result.outcome)] : result.ways
    let fitting: [Walker.Way]
    switch step.action {
    case .assertion(let assertion):
      fitting = ways.filter {
        printing?.mayPrint(assertion.condition, in: $0.context, at: result.step) ?? true
      }
    case .assignment(let assignment) where !assignment.isLocationCounter:
      // Of a symbol that is set again the last value is printed.
      guard program.assignments[assignment.target.name]?.count == 1 else { return result.outcome }
      fitting = ways.filter { $0.outcome.mayBe(printed, program.printedMask) }
    default: return result.outcome
    }
    guard let first = fitting.first else {
      unexplained.insert(result.step)
      return result.outcome
    }
    if fitting.count < ways.count, case .either(let section) = step.context {
      contexts[result.step] = first.context == nil ? .top : .inside(section)
    }
    var outcome = first.outcome
    for way in fitting.dropFirst() { outcome.merge(way.outcome) }
    return outcome
  }

  private mutating func report(
    _ result: Walker.Result, _ step: Step, condition: ExpressionID,
    message: NameID, outcome: Outcome, _ walker: Walker
  ) -> AssertionReport {
    let judgement = Judgement(outcome, dialect: walker.dialect)
    let own = AssertionReport(
      step: result.step, condition: condition, message: message, span: step.span, judgement,
      operands: operands(of: condition, result, walker))
    let unsettled = walker.unsettled
    let isChanging: (NameID) -> Bool = {
      unsettled.late.contains($0) || unsettled.symbols.contains($0)
        || walker.mayChange($0, seenAt: result.step)
    }
    let printed = printedVerdict(step, condition, isChanging: isChanging)
    return printed.map { own.joined(withPrinted: $0) } ?? own
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
      let isOdd =
        walker.dialect.follows(.addressesHaveInstructionBit) && symbol.hasInstructionBit
      imageValue = isOdd ? symbol.address | 1 : symbol.address
    }
    let mask: UInt64 = evidence.is32Bit ? 0xffff_ffff : .max
    var isStale = false
    // A line of a map that prints what the image has was not changed since.
    let isPrinted =
      if case .value(let printed)? = step.printed, let imageValue {
        (printed ^ imageValue) & mask == 0
      } else {
        false
      }
    if result.isApplied, !isPrinted, !assignment.kind.isProvide, let value, let imageValue {
      isStale = value & mask != imageValue & mask
    }
    return AssignmentReport(
      step: result.step, symbol: name, span: step.span, value: value, imageValue: imageValue,
      isApplied: result.isApplied, isStale: isStale,
      fault: result.isApplied ? Judgement(result.outcome, dialect: walker.dialect).fault : nil)
  }

  private func operands(
    of condition: ExpressionID, _ result: Walker.Result,
    _ walker: Walker
  ) -> [AssertionReport.Operand] {
    let evaluator = Evaluator(program.expressions, scope: walker.scope(of: result))
    return program.expressions.named(in: condition).prefix(Lack.limit).map { id in
      AssertionReport.Operand(expression: id, value: commonAddress(evaluator.evaluate(id)))
    }
  }

  /// The address that an outcome has whichever way it goes on: a link that stops has none.
  private func commonAddress(_ outcome: Outcome) -> UInt64? {
    if let single = outcome.single {
      if case .value(let value) = single, let address = value.address.exact {
        return address
      }
      return nil
    }
    var common: UInt64?
    for branch in outcome.branches {
      if case .fault = branch { continue }
      guard case .value(let value) = branch, let address = value.address.exact,
        common ?? address == address
      else { return nil }
      common = address
    }
    return common
  }
}
