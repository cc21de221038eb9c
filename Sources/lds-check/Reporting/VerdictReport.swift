// From verdicts to a report: each ASSERT with the author's words, each assignment, and a finding for what
// fails, is undecided, or does not fit the image.

import Constraints
import LdsParser

/// Adds the verdicts of one image to a report.
struct VerdictReport {
  let judged: JudgedImage
  private let report: EvaluationReport
  private let program: Program
  private let resolver: ReportResolver

  init(_ judged: JudgedImage) {
    self.judged = judged
    report = judged.report
    program = judged.report.program
    resolver = ReportResolver(sources: judged.report.program.sources)
  }

  /// The verdict lines, in script order.
  var assertions: [ReportAssertion] { report.assertions.map(assertion) }

  /// The verdict lines with what bounds have left.
  func assertions(with headroom: [Headroom]) -> [ReportAssertion] {
    var assertions = assertions
    for room in headroom { assertions[room.assertion].headroom.append(room) }
    return assertions
  }

  /// Every assignment of the script. A map states them itself; there is nothing to compare.
  var assignments: [ReportAssignment] {
    report.assignments.map { assignment in
      ReportAssignment(
        symbol: program.names.string(assignment.symbol), place: resolver.place(assignment.span),
        value: assignment.isApplied ? assignment.value : nil, imageValue: assignment.imageValue)
    }
  }

  /// What fails, what is undecided, and what does not fit.
  ///
  /// - Parameter isStrict: whether an undecided ASSERT is an error.
  func findings(isStrict: Bool) -> [Finding] {
    report.assertions.enumerated().compactMap { finding($1, at: $0, isStrict: isStrict) }
      + staleLayouts
  }

  // MARK: ASSERTs

  private func assertion(_ assertion: AssertionReport) -> ReportAssertion {
    ReportAssertion(
      message: program.names.string(assertion.message),
      source: source(of: assertion.condition),
      expression: expression(assertion.condition), place: resolver.place(assertion.span),
      image: judged.name, variant: judged.script?.variant, verdict: assertion.verdict,
      value: assertion.value,
      reason: reason(assertion), operands: operands(assertion),
      isFromMacros: isFromMacros(assertion.condition))
  }

  /// What the author wrote. A map prints the linker's form, which is what `expression` shows already.
  private func source(of condition: ExpressionID) -> String? {
    if program.isMap { return nil }
    return program.sources.authoredExpression(of: program.expressions.span(condition)).text
  }

  private func isFromMacros(_ condition: ExpressionID) -> Bool {
    let span = program.expressions.span(condition)
    return program.sources.origins(span.source)?.runs.isEmpty == false
  }

  private func expression(_ id: ExpressionID) -> String {
    ExpressionWriter.text(of: id, in: program.expressions, names: program.names, folded: true)
  }

  private func reason(_ assertion: AssertionReport) -> String? {
    if let lack = assertion.lack { return report.text(lack) }
    return assertion.fault.map { report.text($0) }
  }

  private func operands(_ assertion: AssertionReport) -> [ReportOperand] {
    assertion.operands.map { operand in
      ReportOperand(name: expression(operand.expression), value: operand.value)
    }
  }

  // MARK: Findings

  private func finding(_ assertion: AssertionReport, at index: Int, isStrict: Bool) -> Finding? {
    let isConstraint = judged.constraints.indices.contains(index)
    let kind: FindingKind
    switch assertion.verdict {
    case .holds: return nil
    case .fails:
      kind = isConstraint ? ProgramFindings.constraintFails : ProgramFindings.assertionFails
    case .undecided:
      kind = isConstraint ? ProgramFindings.constraintUndecided : ProgramFindings.assertionUndecided
    }
    let severity = assertion.verdict == .undecided && isStrict ? .error : kind.severity
    let message = program.names.string(assertion.message)
    var notes = [FindingNote("the condition is \(expression(assertion.condition))")]
    notes += operands(assertion).map { FindingNote($0.text) }
    if isConstraint, let why = judged.constraints[index].why {
      notes.append(FindingNote("why: \(why)"))
    }
    if let reason = reason(assertion) { notes.append(FindingNote(reason)) }
    return Finding(
      rule: kind.id, severity: severity, message: message, at: .source(assertion.span),
      notes: notes, subject: "\(message): \(expression(assertion.condition))")
  }

  /// More than a few say nothing new: the image is of another script.
  private static let shownStale = 3

  private var staleLayouts: [Finding] {
    // The values that a map prints are the linker's last word on its own statements.
    if program.isMap { return [] }
    let stale = report.assignments.filter(\.isStale)
    if judged.script?.expansion?.missingIncludes.isEmpty == false { return unclearLayout(stale) }
    return stale.prefix(Self.shownStale).enumerated().map { index, assignment in
      let name = program.names.string(assignment.symbol)
      var message =
        "'\(name)' is \(hex(assignment.value)) by this script and \(hex(assignment.imageValue)) in "
        + "\(judged.name ?? "the image"), which another script made"
      if index == Self.shownStale - 1, stale.count > Self.shownStale {
        message += "; \(stale.count - Self.shownStale) more symbols differ"
      }
      return Finding(
        rule: ProgramFindings.staleLayout.id, severity: ProgramFindings.staleLayout.severity,
        message: message, at: .source(assignment.span), subject: name)
    }
  }

  /// Where values differ that headers which were not found may decide, nothing is known of who made the image.
  private func unclearLayout(_ stale: [AssignmentReport]) -> [Finding] {
    guard let first = stale.first else { return [] }
    let name = program.names.string(first.symbol)
    let others = stale.count > 1 ? " and \(stale.count - 1) more symbols differ" : " differs"
    return [
      Finding(
        rule: ProgramFindings.staleLayout.id, severity: .note,
        message: "whether this script made \(judged.name ?? "the image") is not checked: "
          + "'\(name)'\(others), for which include files that are not found may be the reason",
        at: .source(first.span), subject: name)
    ]
  }

  private func hex(_ value: UInt64?) -> String {
    value.map { "0x" + String($0, radix: 16) } ?? "unknown"
  }
}
