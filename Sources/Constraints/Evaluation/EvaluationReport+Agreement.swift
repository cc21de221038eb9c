// Files of one image that contradict each other were made by different links. A verdict on a mix of them would be
// on an image that never was: each part is judged alone, and what they do not agree on is undecided.

public import LdsParser

/// What two parts of the evidence make of one condition.
public struct Disagreement: Sendable {
  /// The name of the condition on whose value they differ; nil where the values are the same, as far as they
  /// are known, and the verdicts are not.
  public var operand: ExpressionID?
  /// Its values.
  public var values: (first: UInt64, second: UInt64)
  /// The files that give them.
  public var files: (first: [FilePath], second: [FilePath])
}

extension AssertionReport {
  /// Whether it is undecided since the files given contradict each other.
  public var isContradicted: Bool {
    lack?.items.contains { if case .agreement = $0 { true } else { false } } == true
  }
}

extension EvaluationReport {
  /// Takes every verdict back that `other`, which judged the same program by files that contradict those
  /// of this report, does not confirm: with the same result from the same values.
  public mutating func retractUnlessConfirmed(by other: EvaluationReport) {
    var places: [Place: Int] = [:]
    for (index, assertion) in other.assertions.enumerated() {
      places[Place(step: assertion.step, condition: assertion.condition)] = index
    }
    for index in assertions.indices {
      let mine = assertions[index]
      let place = places[Place(step: mine.step, condition: mine.condition)]
      let theirs = place.map { other.assertions[$0] }
      if let theirs, mine.isConfirmed(by: theirs) { continue }
      retract(index, theirs, other)
    }
  }

  /// Where an ASSERT stands, in a program that both reports have.
  private struct Place: Hashable {
    var step: Int
    var condition: ExpressionID
  }

  private mutating func retract(
    _ index: Int, _ theirs: AssertionReport?, _ other: EvaluationReport
  ) {
    var disagreement = Disagreement(
      operand: nil, values: (0, 0), files: (evidence.files, other.evidence.files))
    for (place, operand) in assertions[index].operands.enumerated() {
      let same = theirs?.operands.first { $0.expression == operand.expression }
      guard let mine = operand.value, let theirs = same?.value, mine != theirs else { continue }
      assertions[index].operands[place].value = nil
      if disagreement.operand != nil { continue }
      disagreement.operand = operand.expression
      disagreement.values = (mine, theirs)
    }
    let lack = Lack(.agreement(UInt32(truncatingIfNeeded: disagreements.count)))
    disagreements.append(disagreement)
    assertions[index].verdict = .undecided
    assertions[index].lack = lack.union(assertions[index].lack ?? lack)
    assertions[index].value = nil
    assertions[index].fault = nil
    assertions[index].isPrintedVerdict = false
  }
}

extension AssertionReport {
  /// Whether another judgement of the same condition came to the same by the same values.
  fileprivate func isConfirmed(by other: AssertionReport) -> Bool {
    guard verdict == other.verdict, value == other.value, fault == other.fault,
      operands.count == other.operands.count
    else { return false }
    // Of what neither knows there is nothing to take back.
    if verdict == .undecided { return lack == other.lack }
    return zip(operands, other.operands).allSatisfy { $0.value == $1.value }
  }
}
