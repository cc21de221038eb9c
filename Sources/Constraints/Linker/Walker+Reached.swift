// ASSERTs inside other expressions, such as `. = ASSERT(_end <= LIMIT, "too big")`: which of them the linker comes
// to, and with what outcome.

internal import LdsParser

extension Walker {
  typealias Reached = (assertion: ExpressionID, outcome: Outcome)

  /// The ASSERTs inside an expression, each with what it comes to in any context that the step may have.
  func reachedAssertions(_ expression: ExpressionID) -> [Reached] {
    let step = program.steps[currentStep]
    let outside = Evaluator(program.expressions, scope: self).reachedAssertions(expression)
    guard !outside.isEmpty, case .either(let section) = step.context else { return outside }
    var inner = self
    inner.contextKey = .listed(section)
    let inside = Evaluator(program.expressions, scope: inner).reachedAssertions(expression)
    // The value printed beside the line may tell in which of the two contexts it was evaluated.
    switch (fits(expression, step.printed), inner.fits(expression, step.printed)) {
    case (true, false): return fitting(outside, expression, step.printed)
    case (false, true): return inner.fitting(inside, expression, step.printed)
    default: break
    }
    var merged = fitting(outside, expression, step.printed)
    for other in inner.fitting(inside, expression, step.printed) {
      if let place = merged.firstIndex(where: { $0.assertion == other.assertion }) {
        merged[place].outcome.merge(other.outcome)
      } else {
        merged.append(other)
      }
    }
    return merged
  }

  /// Whether the expression of a map line may have the value printed beside it, read in this context.
  private func fits(_ expression: ExpressionID, _ printed: PrintedValue?) -> Bool {
    guard case .value(let value)? = printed else { return true }
    let outcome = Evaluator(program.expressions, scope: self).evaluate(expression)
    return outcome.branches.contains { mayBe($0, value) }
  }

  private func mayBe(_ branch: Outcome.Branch, _ printed: UInt64) -> Bool {
    guard case .value(let value) = branch else { return false }
    var address = value.address
    if value.kind == .plain, let contextKey {
      address = relative(value.offset, in: contextKey).address
    }
    return address.exact.map { ($0 ^ printed) & program.printedMask == 0 } ?? true
  }

  /// Where the whole expression is an ASSERT, the value printed is that of its condition.
  private func fitting(
    _ reached: [Reached], _ expression: ExpressionID, _ printed: PrintedValue?
  ) -> [Reached] {
    guard case .value(let value)? = printed else { return reached }
    return reached.map { item in
      guard item.assertion == expression else { return item }
      var fitting: Outcome?
      for branch in item.outcome.branches where mayBe(branch, value) {
        if fitting == nil { fitting = Outcome(branch) } else { fitting?.merge(Outcome(branch)) }
      }
      return (item.assertion, fitting ?? item.outcome)
    }
  }
}
