// What verdicts are found as: a finding for what fails, is undecided, or does not fit the image.

internal import LdsParser

extension JudgedImage {
  /// What fails, what is undecided, and what does not fit.
  ///
  /// - Parameter isStrict: whether an undecided ASSERT is an error.
  public func findings(isStrict: Bool) -> [Finding] {
    report.assertions.enumerated().compactMap { finding($1, at: $0, isStrict: isStrict) }
      + staleLayouts
  }

  private func finding(_ assertion: AssertionReport, at index: Int, isStrict: Bool) -> Finding? {
    let isConstraint = constraints.indices.contains(index)
    let kind: FindingKind
    switch assertion.verdict {
    case .holds: return nil
    case .fails:
      kind = isConstraint ? ProgramFindings.constraintFails : ProgramFindings.assertionFails
    case .undecided:
      kind = isConstraint ? ProgramFindings.constraintUndecided : ProgramFindings.assertionUndecided
    }
    let severity = assertion.verdict == .undecided && isStrict ? .error : kind.severity
    let message = report.program.names.string(assertion.message)
    let isDerived = isConstraint && constraints[index].protection != nil
    var notes =
      isDerived ? [] : [FindingNote("the condition is \(expression(assertion.condition))")]
    notes += assertion.operands.map {
      FindingNote("\(expression($0.expression)) = \($0.value.map(hexadecimal) ?? "unknown")")
    }
    if isConstraint, let why = constraints[index].why {
      notes.append(FindingNote("why: \(why)"))
    }
    if isConstraint, assertion.verdict == .fails {
      notes += setters(of: assertion).map { FindingNote($0) }
    }
    notes += protectionAdvice(assertion, at: index).map { FindingNote($0) }
    if let reason = reason(assertion) { notes.append(FindingNote(reason)) }
    return Finding(
      rule: kind.id, severity: severity, message: message, at: .source(assertion.span),
      notes: notes, subject: "\(message): \(expression(assertion.condition))")
  }

  /// More than a few say nothing new: the image is of another script.
  private static let shownStale = 3

  private var staleLayouts: [Finding] {
    // The values that a map prints are the linker's last word on its own statements.
    if report.program.isMap { return [] }
    let stale = report.assignments.filter(\.isStale)
    if script?.expansion?.missingIncludes.isEmpty == false { return unclearLayout(stale) }
    return stale.prefix(Self.shownStale).enumerated().map { index, assignment in
      let symbol = report.program.names.string(assignment.symbol)
      var message =
        "'\(symbol)' is \(hex(assignment.value)) by this script and \(hex(assignment.imageValue)) in "
        + "\(name ?? "the image"), which another script made"
      if index == Self.shownStale - 1, stale.count > Self.shownStale {
        message += "; \(stale.count - Self.shownStale) more symbols differ"
      }
      return Finding(
        rule: ProgramFindings.staleLayout.id, severity: ProgramFindings.staleLayout.severity,
        message: message, at: .source(assignment.span), subject: symbol)
    }
  }

  /// Where values differ that headers which were not found may decide, nothing is known of who made the image.
  private func unclearLayout(_ stale: [AssignmentReport]) -> [Finding] {
    guard let first = stale.first else { return [] }
    let symbol = report.program.names.string(first.symbol)
    let others = stale.count > 1 ? " and \(stale.count - 1) more symbols differ" : " differs"
    return [
      Finding(
        rule: ProgramFindings.staleLayout.id, severity: .note,
        message: "whether this script made \(name ?? "the image") is not checked: "
          + "'\(symbol)'\(others), for which include files that are not found may be the reason",
        at: .source(first.span), subject: symbol)
    ]
  }

  private func hex(_ value: UInt64?) -> String { value.map(hexadecimal) ?? "unknown" }

  private func expression(_ id: ExpressionID) -> String {
    ExpressionWriter.text(
      of: id, in: report.program.expressions, names: report.program.names, folded: true)
  }

  private func reason(_ assertion: AssertionReport) -> String? {
    if let lack = assertion.lack { return report.text(lack) }
    return assertion.fault.map { report.text($0) }
  }
}
