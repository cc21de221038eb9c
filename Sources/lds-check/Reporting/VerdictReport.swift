// From verdicts to a report: each ASSERT with the author's words, each assignment.

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
        value: assignment.isApplied ? assignment.value : nil, imageValue: assignment.imageValue,
        refused: assignment.fault.map(report.text))
    }
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
      isConstraint: !judged.constraints.isEmpty,
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
}
