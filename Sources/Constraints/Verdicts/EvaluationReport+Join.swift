// The one place where several readings of one input become a verdict. Each reading is a hypothesis on the whole input;
// a verdict stands where all of them lead to it.

public import LdsParser

/// What the readings of one input differ in, and so what would tell which of them is right.
enum Hypothesis {
  /// Whether `LD_FEATURE("SANE_EXPR")` was in force.
  case feature
  /// What the upper halves of the addresses of a 32-bit image are.
  case upperHalf
  /// Which files are of the link that is judged: files that contradict each other were made by different links, and a
  /// verdict on a mix of them would be on an image that never was.
  case files
}

/// What two parts of the evidence make of one condition.
public struct Disagreement: Sendable {
  /// The name of the condition on whose value they differ; nil where the values are the same, as far as they
  /// are known, and the verdicts are not.
  public let operand: ExpressionID?
  /// Its values.
  public let values: (first: UInt64, second: UInt64)
  /// The files that give them.
  public let files: (first: [FilePath], second: [FilePath])
}

extension AssertionReport {
  /// Whether it is undecided since the files given contradict each other.
  public var isContradicted: Bool {
    lack?.items.contains { if case .agreement = $0 { true } else { false } } == true
  }
}

extension EvaluationReport {
  /// What `first` and all `others`, readings of one program, lead to; of what they agree on, the values of the first
  /// are shown.
  static func join(
    _ first: EvaluationReport, _ others: [EvaluationReport], over hypothesis: Hypothesis
  ) -> EvaluationReport {
    if others.isEmpty { return first }
    var disagreements = first.disagreements
    let assertions = first.assertions.enumerated().map { index, mine in
      let theirs = others.map { $0.same(as: mine, at: index) }
      switch hypothesis {
      case .feature: return mine.joined(with: theirs, lacking: .feature)
      case .upperHalf: return mine.joined(with: theirs, lacking: .upperHalf)
      case .files:
        let files = others.map { (first.evidence.files, $0.evidence.files) }
        let start = disagreements.count
        disagreements += zip(theirs, files).compactMap { mine.disagreement(with: $0, $1) }
        return mine.contradicted(by: theirs, start..<disagreements.count)
      }
    }
    let assignments = first.assignments.enumerated().map { index, mine in
      hypothesis == .files
        ? mine
        : mine.joined(
          with: others.map { $0.assignments.indices.contains(index) ? $0.assignments[index] : nil })
    }
    return EvaluationReport(
      program: first.program, evidence: first.evidence, dialect: first.dialect,
      assertions: assertions, assignments: assignments, disagreements: disagreements,
      guessedNames: first.guessedNames)
  }

  /// The report with what else is known of the conditions: which of them hang on a guess, and what the map of the link
  /// says of the same ones.
  func completed(doubts: [Int: Doubt], map: MapWord?) -> EvaluationReport {
    var names = guessedNames
    var disagreements = disagreements
    let assertions = assertions.map { own in
      var assertion = own
      if let name = doubts[own.step]?.name(own.verdict) {
        assertion = own.undecided(.condition(UInt32(truncatingIfNeeded: names.count)))
        names.append(name)
      }
      guard let word = map?.word(on: own) else { return assertion }
      if assertion.verdict == .undecided {
        if hangsOnContraryLoads(assertion) { return assertion }
        return assertion.judged(
          word.verdict, value: assertion.value, lack: nil, fault: assertion.fault,
          isPrinted: word.isPrintedVerdict)
      }
      if assertion.verdict == word.verdict { return assertion }
      // A tool may have changed the image behind the link; or the line stands elsewhere in the script.
      let others = evidence.files.filter { $0 != map?.file }
      if others.isEmpty { return assertion.undecided(.context) }
      let start = disagreements.count
      disagreements.append(
        Disagreement(
          operand: nil, values: (0, 0), files: (others, map.map { [$0.file] } ?? [])))
      return assertion.contradicted(by: [nil], start..<start + 1)
    }
    return EvaluationReport(
      program: program, evidence: evidence, dialect: dialect, assertions: assertions,
      assignments: assignments,
      disagreements: disagreements, guessedNames: names)
  }

  /// The report with what a layout of this very script from its objects says: that is the link, and no image of it.
  func foretold(by layout: ForetoldVerdicts) -> EvaluationReport {
    EvaluationReport(
      program: program, evidence: evidence, dialect: dialect,
      assertions: assertions.map { own in
        layout.word(on: own.condition).map(own.judged(as:)) ?? own
      },
      assignments: assignments.map(\.fresh), disagreements: disagreements,
      guessedNames: guessedNames)
  }

  /// Whether an ASSERT is undecided since image and map give a section different load addresses.
  private func hangsOnContraryLoads(_ assertion: AssertionReport) -> Bool {
    assertion.lack?.items.contains { item in
      guard case .sectionLoadAddress(let name) = item else { return false }
      return evidence.contraryLoads[program.names.bytes(name)] != nil
    } == true
  }

  /// The report on the same ASSERT; nil if this one lacks it, since an assignment that has it did not apply here.
  private func same(as other: AssertionReport, at index: Int) -> AssertionReport? {
    func isSame(_ mine: AssertionReport) -> Bool {
      mine.step == other.step && mine.condition == other.condition
    }
    if assertions.indices.contains(index), isSame(assertions[index]) { return assertions[index] }
    return assertions.first(where: isSame)
  }
}

extension AssertionReport {
  /// A report that is not joined with any other yet.
  init(
    step: Int, condition: ExpressionID, message: NameID, span: SourceSpan,
    _ judgement: Judgement, operands: [Operand]
  ) {
    self.init(
      step: step, condition: condition, message: message, span: span,
      verdict: judgement.verdict, value: judgement.value, lack: judgement.lack,
      fault: judgement.fault, isPrintedVerdict: false, operands: operands)
  }

  /// The same ASSERT with another end.
  fileprivate func judged(
    _ verdict: Verdict, value: UInt64?, lack: Lack?, fault: Fault?, isPrinted: Bool = false,
    operands: [Operand]? = nil
  ) -> AssertionReport {
    AssertionReport(
      step: step, condition: condition, message: message, span: span, verdict: verdict,
      value: value, lack: lack, fault: fault, isPrintedVerdict: isPrinted,
      operands: operands ?? self.operands)
  }

  /// The verdict of a layout, with the values that it has.
  fileprivate func judged(as word: ForetoldVerdicts.Word) -> AssertionReport {
    judged(
      word.verdict, value: word.value, lack: nil, fault: word.verdict == verdict ? fault : nil,
      operands: operands.map {
        Operand(expression: $0.expression, value: word.operands[$0.expression])
      })
  }

  /// Undecided for want of what would tell.
  func undecided(_ missing: Missing) -> AssertionReport {
    judged(.undecided, value: value, lack: Lack(missing), fault: nil)
  }

  /// What the condition's values lead to, and what the linker printed beside it.
  func joined(withPrinted printed: Verdict) -> AssertionReport {
    switch verdict {
    case .undecided: judged(printed, value: value, lack: nil, fault: fault, isPrinted: true)
    case printed: self
    default: undecided(.feature)
    }
  }

  /// The verdict if every reading has it, with the number and the fault that all have.
  fileprivate func joined(
    with others: [AssertionReport?], lacking missing: Missing
  ) -> AssertionReport {
    if verdict == .undecided { return self }
    guard others.allSatisfy({ $0?.verdict == verdict }) else { return undecided(missing) }
    return judged(
      verdict, value: others.allSatisfy { $0?.value == value } ? value : nil, lack: lack,
      fault: others.allSatisfy { $0?.fault == fault } ? fault : nil, isPrinted: isPrintedVerdict)
  }

  /// Whether files of another link lead to the same by the same values.
  fileprivate func isConfirmed(by other: AssertionReport) -> Bool {
    guard verdict == other.verdict, value == other.value, fault == other.fault,
      operands.count == other.operands.count
    else { return false }
    // Of what neither knows there is nothing to take back.
    if verdict == .undecided { return lack == other.lack }
    return zip(operands, other.operands).allSatisfy { $0.value == $1.value }
  }

  /// On which value two parts of the evidence differ; nil if they lead to the same.
  fileprivate func disagreement(
    with other: AssertionReport?, _ files: (first: [FilePath], second: [FilePath])
  ) -> Disagreement? {
    if let other, isConfirmed(by: other) { return nil }
    for operand in operands {
      let same = other?.operands.first { $0.expression == operand.expression }
      if let mine = operand.value, let theirs = same?.value, mine != theirs {
        return Disagreement(operand: operand.expression, values: (mine, theirs), files: files)
      }
    }
    return Disagreement(operand: nil, values: (0, 0), files: files)
  }

  /// Undecided if files of another link lead to something else: for each of the disagreements that have these numbers.
  fileprivate func contradicted(
    by others: [AssertionReport?], _ numbers: Range<Int>
  ) -> AssertionReport {
    let lacks = numbers.map { Lack(.agreement(UInt32(truncatingIfNeeded: $0))) }
    guard let first = lacks.first else { return self }
    let reason = lacks.dropFirst().reduce(first) { $0.union($1) }
    return judged(
      .undecided, value: nil, lack: lack.map { reason.union($0) } ?? reason, fault: nil,
      operands: operands.map { operand in
        let values = others.compactMap { other in
          other?.operands.first { $0.expression == operand.expression }?.value
        }
        let isOpen = values.contains { $0 != operand.value }
        return Operand(expression: operand.expression, value: isOpen ? nil : operand.value)
      })
  }
}

extension AssignmentReport {
  /// The assignment of the script that the image was made by: what it came to is what the image has.
  fileprivate var fresh: AssignmentReport {
    AssignmentReport(
      step: step, symbol: symbol, span: span, value: isStale ? imageValue : value,
      imageValue: imageValue, isApplied: isApplied, isStale: false, fault: fault)
  }

  /// An image is of another script only if it is in every reading.
  fileprivate func joined(with others: [AssignmentReport?]) -> AssignmentReport {
    AssignmentReport(
      step: step, symbol: symbol, span: span, value: value, imageValue: imageValue,
      isApplied: isApplied, isStale: isStale && others.allSatisfy { $0?.isStale == true },
      fault: others.allSatisfy { $0?.fault == fault } ? fault : nil)
  }
}
