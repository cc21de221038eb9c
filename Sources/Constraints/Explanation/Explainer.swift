// Explains the ASSERTs of one report: claim, values, the statement that decided them, what it means.

public import LdsParser

/// Explains verdicts of one image.
public struct Explainer: Sendable {
  /// What is at hand beside the verdicts.
  public struct Surroundings: Sendable {
    /// The linker map of the image, for input sections; nil if none is given.
    public var map: Image?
    /// The page-mapping plan of the image, if one could be made.
    public var plan: SuperpagePlan?
    /// The script as it was parsed, for its input patterns; nil for a map alone.
    public var script: LinkerScript?

    /// A map, a plan and a script, as far as they are there.
    public init(map: Image? = nil, plan: SuperpagePlan? = nil, script: LinkerScript? = nil) {
      self.map = map
      self.plan = plan
      self.script = script
    }
  }

  let report: EvaluationReport
  let surroundings: Surroundings
  let trace: StatementTrace
  /// The map read as a program, where the report is about a script: a map knows the location counter inside
  /// output sections.
  let mapTrace: StatementTrace?
  let contents: MapContents?
  /// Room that statements leave.
  let moves: [LeftRoom]

  var program: Program { report.program }

  /// An explainer of the verdicts of `report`.
  public init(
    _ report: EvaluationReport, surroundings: Surroundings = Surroundings(),
    dialect: LinkerDialect = .bfd
  ) {
    self.report = report
    self.surroundings = surroundings
    trace = StatementTrace(
      report.program, facts: LinkFacts(report.program, report.evidence, dialect), dialect: dialect)
    contents = surroundings.map.map(MapContents.init)
    if let map = surroundings.map, map.kind.tells(.statements), !report.program.isMap {
      let program = Program(map: map)
      mapTrace = StatementTrace(
        program, facts: LinkFacts(program, Evidence([map], for: program), dialect), dialect: dialect
      )
    } else {
      mapTrace = nil
    }
    moves = Self.moves(trace, mapTrace)
  }

  /// Explains the ASSERTs with these indices; those that fail for the same cause are folded under the first.
  public func explain(_ indices: [Int]) -> [Explanation] {
    var explanations: [Explanation] = []
    var firstWithCause: [CauseKey: Int] = [:]
    for index in indices where report.assertions.indices.contains(index) {
      let explanation = explain(index)
      if report.assertions[index].verdict == .fails, explanation.causeKey != .own {
        if let first = firstWithCause[explanation.causeKey] {
          explanations[first].sameCause.append(index)
          continue
        }
        firstWithCause[explanation.causeKey] = explanations.count
      }
      explanations.append(explanation)
    }
    return explanations
  }

  /// Explains one ASSERT.
  public func explain(_ index: Int) -> Explanation {
    let assertion = report.assertions[index]
    let values = trace.values(of: assertion.condition, at: assertion.step)
    let claim = ClaimRecognizer(table: program.expressions) { values?($0) }
      .claim(assertion.condition)
    var explanation = Explanation(
      assertion: index, claim: claim, claimText: text(claim))
    if let fault = assertion.fault {
      explanation.causes.append(ExplanationNote(report.text(fault)))
    }
    if let lack = assertion.lack {
      explanation.causes.append(ExplanationNote(report.text(lack)))
    }
    // Values of one of two links would only look as if they explained something.
    guard let values, !assertion.isContradicted else { return explanation }
    addOperands(assertion, claim, values, to: &explanation)
    add(decidingPart(of: claim, values), values, assertion, to: &explanation)
    if case .all(let parts) = claim, parts.count(where: { isMet($0, values) == false }) > 1 {
      // To move one of several values mends nothing.
      explanation.distance = nil
    }
    return explanation
  }

  /// The part of a composed claim to speak about: the first that is not met, or the first.
  private func decidingPart(
    of claim: AssertionClaim, _ values: ExpressionValues
  ) -> AssertionClaim {
    switch claim {
    case .all(let parts), .any(let parts):
      let unmet = parts.first { isMet($0, values) == false }
      return decidingPart(of: unmet ?? parts.first ?? .other, values)
    default: return claim
    }
  }

  private func isMet(_ claim: AssertionClaim, _ values: ExpressionValues) -> Bool? {
    switch claim {
    case .alignment(let operand, let multiple, _): values(operand).map { $0 % multiple == 0 }
    case .clearBits(let operand, let mask): values(operand).map { $0 & mask == 0 }
    case .bound(let bound), .order(let bound):
      values.apply(bound.isStrict ? .less : .lessOrEqual, bound.value, bound.limit)
        .map { $0 != 0 }
    case .equality(let left, let right): values.apply(.equal, left, right).map { $0 != 0 }
    case .emptiness(let section): size(of: section).map { $0 == 0 }
    case .powerOfTwo(let operand): values(operand).map { $0 & ($0 &- 1) == 0 }
    case .all(let parts): parts.allSatisfy { isMet($0, values) != false }
    case .any(let parts): parts.contains { isMet($0, values) != false }
    case .other: nil
    }
  }

  private func add(
    _ claim: AssertionClaim, _ values: ExpressionValues, _ assertion: AssertionReport,
    to explanation: inout Explanation
  ) {
    if explainSectionAlignment(claim, values, assertion, &explanation) { return }
    switch claim {
    case .alignment(let operand, let multiple, _):
      explainAlignment(of: operand, to: multiple, values, &explanation)
    case .bound(let bound), .order(let bound):
      explainBound(bound, values, assertion, &explanation)
    case .emptiness(let section): explainContents(of: section, &explanation)
    case .equality(let left, let right): explainEquality(left, right, values, &explanation)
    case .clearBits(let operand, let mask): explainMask(operand, mask, values, &explanation)
    case .powerOfTwo(let operand): explainPowerOfTwo(operand, values, &explanation)
    case .all, .any, .other: break
    }
    if assertion.verdict == .fails {
      addInstructionBits(claim, in: assertion.condition, &explanation)
    }
    if assertion.verdict == .fails { addNothing(claim, assertion, values, &explanation) }
    if explanation.causes.isEmpty { addMissingValues(assertion, &explanation) }
    if explanation.causes.isEmpty {
      var told: Set<NameID> = []
      for operand in explanation.operands.prefix(4) {
        guard case .symbol(let name) = program.expressions[operand.expression] else { continue }
        if case .equality = claim {
          explainChain(of: name, &told, &explanation)
        } else if let note = settingNote(name, operand.value) {
          explanation.causes.append(note)
        }
      }
    }
  }

  /// The symbol table has an address of Thumb code with bit 0 set, and GNU ld computes without it.
  private func addInstructionBits(
    _ claim: AssertionClaim, in condition: ExpressionID, _ explanation: inout Explanation
  ) {
    switch claim {
    case .bound, .order, .emptiness, .powerOfTwo, .all, .any: return
    case .alignment, .clearBits, .equality, .other: break
    }
    guard trace.walker.dialect == .bfd else { return }
    for operand in explanation.operands {
      guard case .symbol(let name) = program.expressions[operand.expression],
        let symbol = report.evidence.symbols[program.names.bytes(name)], symbol.address & 1 == 0
      else { continue }
      let written = self.name(name)
      let isUnsaid = !symbol.hasInstructionBit
      if isUnsaid, !mayBeThumb(name, in: condition) { continue }
      explanation.causes.append(
        ExplanationNote(
          isUnsaid
            ? "if '\(written)' is Thumb code, nm shows \(hexadecimal(symbol.address | 1)), but in expressions GNU ld "
              + "leaves the Thumb bit out; ld.lld does not"
            : "'\(written)' is Thumb code: nm shows \(hexadecimal(symbol.address | 1)), but in expressions GNU ld leaves "
              + "the Thumb bit out (\(hexadecimal(symbol.address))); ld.lld does not"))
      explanation.advice.append(
        "write '(\(written) | 1)' in the script, or put the address into a section of an object (.word \(written))"
      )
    }
  }

  /// Whether a condition asks for bit 0 of an object's symbol, and a map, which does not know Thumb code from other, is
  /// of a link for ARM.
  private func mayBeThumb(_ name: NameID, in condition: ExpressionID) -> Bool {
    guard let format = surroundings.map?.outputFormat,
      String(decoding: format, as: UTF8.self).hasSuffix("arm"), setter(of: name) == nil
    else { return false }
    let table = program.expressions
    return table.nodes(of: condition).contains { index in
      switch table[ExpressionID(index: index)] {
      case .binary(.bitAnd, let left, let right):
        table[left] == .symbol(name) && table.foldedValue(right) == 1
      case .binary(.remainder, let left, let right):
        table[left] == .symbol(name) && table.foldedValue(right) == 2
      default: false
      }
    }
  }

  /// A condition that wants something between two symbols.
  private func addNothing(
    _ claim: AssertionClaim, _ assertion: AssertionReport, _ values: ExpressionValues,
    _ explanation: inout Explanation
  ) {
    switch claim {
    case .order(let bound) where bound.isStrict:
      explainNothing(from: bound.value, to: bound.limit, values, &explanation)
      explainNothing(in: bound.limit, &explanation)
    case .alignment(let operand, _, _):
      for symbol in symbols(in: operand) { explainOrigin(of: symbol, &explanation) }
    case .bound(let bound):
      explainNothing(in: bound.limit, &explanation)
      guard case .binary(.subtract, let end, let start) = program.expressions[bound.limit] else {
        return
      }
      explainNothing(from: start, to: end, values, &explanation)
    case .other:
      switch program.expressions[assertion.condition] {
      case .nameCall(.sizeOf, let section): explainNothing(in: section, &explanation)
      case .binary(.notEqual, let size, let zero)
      where program.expressions.foldedValue(zero) == 0:
        explainNothing(in: size, &explanation)
      case .binary(.subtract, let end, let start), .binary(.notEqual, let end, let start):
        explainNothing(from: start, to: end, values, &explanation)
        explainNothing(from: end, to: start, values, &explanation)
      default: return
      }
    default: return
    }
  }

  /// A condition that wants something in the section whose size `expression` is.
  private func explainNothing(in expression: ExpressionID, _ explanation: inout Explanation) {
    guard case .nameCall(.sizeOf, let section) = program.expressions[expression] else { return }
    explainNothing(in: section, &explanation)
  }

  /// A verdict may be known from the map's own word where the values behind it are not.
  private func addMissingValues(
    _ assertion: AssertionReport, _ explanation: inout Explanation
  ) {
    guard assertion.isPrintedVerdict else { return }
    for operand in explanation.operands where operand.value == nil {
      guard case .symbol(let name) = program.expressions[operand.expression] else { continue }
      explanation.causes.append(
        ExplanationNote(
          "the map has the linker's verdict, but not the value of '\(self.name(name))': absolute symbols of "
            + "objects stand in no map; give nm of the image beside it"))
    }
  }

  // MARK: Facts

  /// The size of an output section; nil if unknown.
  func size(of section: NameID) -> UInt64? {
    if let index = program.section(named: section) { return trace.size(ofSection: index) }
    let bytes = program.names.bytes(section)
    return report.evidence.sections.first { $0.name == bytes }?.size
  }

  /// The text of an expression after macros, constants folded.
  func text(_ id: ExpressionID) -> String {
    ExpressionWriter.text(of: id, in: program.expressions, names: program.names, folded: true)
  }

  func name(_ id: NameID) -> String { program.names.string(id) }

  /// The step that gives a symbol its final value; nil for a symbol of an object.
  func setter(of name: NameID) -> Int? {
    program.assignments[name]?.last { trace.isApplied($0) && !isOverruled($0, name) }
  }

  /// Whether a PROVIDE comes to something else than the image has: an object defines the symbol.
  private func isOverruled(_ step: Int, _ name: NameID) -> Bool {
    guard case .assignment(let assignment) = program.steps[step].action, assignment.kind.isProvide,
      let symbol = report.evidence.symbols[program.names.bytes(name)], symbol.place != .undefined,
      let value = trace.value(of: step) ?? locationCounter(before: step)
    else { return false }
    return value != symbol.address
  }

  /// Where a symbol is set, or that an object defines it.
  func settingNote(_ name: NameID, _ known: UInt64? = nil) -> ExplanationNote? {
    guard let step = setter(of: name) else { return objectNote(name) }
    let value = trace.value(of: step) ?? known
    return ExplanationNote(
      "'\(self.name(name))' is set here", at: span(of: step),
      label: value.map { "set here to \(hexadecimal($0))" } ?? "set here")
  }

  /// The text of a statement; in a map the part of the line that is one.
  func span(of step: Int) -> SourceSpan {
    guard program.isMap, case .assignment(let assignment) = program.steps[step].action else {
      return program.steps[step].span
    }
    return assignment.target.span.extended(to: program.expressions.span(assignment.value))
  }

  /// Which input section holds an object's symbol.
  func objectNote(_ name: NameID) -> ExplanationNote? {
    guard let symbol = report.evidence.symbols[program.names.bytes(name)] else { return nil }
    // Beside the conditions of a configuration nothing says what a script sets.
    let isBesideScripts = program.sections.isEmpty && program.assignments.isEmpty
    if symbol.place == .absolute {
      if isBesideScripts { return nil }
      return ExplanationNote(
        "'\(self.name(name))' is a number that no statement of the script sets: an object, an option of the link "
          + "(--defsym) or the linker itself does")
    }
    guard let input = contents?.input(at: symbol.address) else {
      if isBesideScripts { return nil }
      return ExplanationNote("'\(self.name(name))' is defined by an object")
    }
    let offset = symbol.address &- input.address
    return ExplanationNote(
      "'\(self.name(name))' is at offset \(hexadecimal(offset)) in \(input.description)")
  }
}
