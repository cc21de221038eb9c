// From what a condition came to, to a verdict (ld-semantics 3.9).

package import LdsParser

/// The verdict on one condition.
package struct Judgement: Sendable {
  /// The verdict.
  package var verdict: Verdict
  /// The raw number that was tested, nil if unknown.
  package var value: UInt64?
  /// What is missing for an undecided verdict.
  package var lack: Lack?
  /// Where the linker stops instead of judging.
  package var fault: Fault?

  /// Judges `outcome`: GNU ld tests the raw number (the offset of a section-relative value), lld the
  /// address.
  package init(_ outcome: Outcome<ExactNumber>, dialect: LinkerDialect) {
    verdict = .undecided
    for (index, branch) in outcome.branches.enumerated() {
      let part = Self.verdict(of: branch, dialect)
      if index == 0 { verdict = part }
      if part != verdict || part == .undecided { verdict = .undecided }
      switch branch {
      case .fault(let found): fault = fault ?? found
      case .invalid: lack = lack ?? Lack(.dataSegment)
      case .value(let known):
        let tested = dialect == .bfd ? known.offset : known.address
        switch tested {
        case .known(let number): value = outcome.branches.count == 1 ? number : nil
        case .unknown(let missing): lack = lack?.union(missing) ?? missing
        }
      }
    }
    if verdict == .undecided {
      lack = lack ?? Lack(.context)
      fault = nil
    } else {
      lack = nil
    }
  }

  private static func verdict(
    of branch: Outcome<ExactNumber>.Branch, _ dialect: LinkerDialect
  ) -> Verdict {
    switch branch {
    case .fault: return .fails
    case .invalid: return .undecided
    case .value(let value):
      guard case .known(let number) = dialect == .bfd ? value.offset : value.address else {
        return .undecided
      }
      return number == 0 ? .fails : .holds
    }
  }
}

extension EvaluationReport {
  /// The verdict that a map prints beside an ASSERT, where section 6.8 of ld-semantics says that it is the
  /// linker's own: a condition that is 0 or 1 by its operator, over symbols that are assigned once, without
  /// the location counter, and without a SIZEOF in a PE map.
  func printedVerdict(_ step: Step, _ condition: ExpressionID) -> Verdict? {
    guard case .value(let printed)? = step.printed, printed <= 1 else { return nil }
    guard case .assertion(let assertion) = step.action, assertion.condition == condition else {
      return nil
    }
    guard hasTruthValue(program.expressions[condition]) else { return nil }
    for index in program.expressions.nodes(of: condition) {
      switch program.expressions[ExpressionID(index: index)] {
      case .locationCounter, .call1(.align, _), .call1(.next, _), .assertion,
        .nameCall(.sizeOf, _), .nameCall(.loadAddress, _):
        return nil
      case .symbol(let name):
        if (program.assignments[name]?.count ?? 0) > 1 { return nil }
        if case .either? = program.assignments[name].flatMap({ $0.first }).map({
          program.steps[$0].context
        }) {
          return nil
        }
      default: break
      }
    }
    return printed == 0 ? .fails : .holds
  }

  private func hasTruthValue(_ node: ExpressionNode) -> Bool {
    switch node {
    case .unary(.logicalNot, _): return true
    case .binary(let operation, _, _):
      switch operation {
      case .equal, .notEqual, .less, .greater, .lessOrEqual, .greaterOrEqual, .logicalAnd,
        .logicalOr:
        return true
      default: return false
      }
    default: return false
    }
  }
}
