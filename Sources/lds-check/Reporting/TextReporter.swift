// The report for people, after rustc: what and how bad, where, the line with a caret, then what explains it.
//
//     error[assertion-fails]: _start misaligned
//       --> xen/arch/x86/xen.lds.S:397:1
//       397 | ASSERT(IS_ALIGNED(_start, MB(2)), "_start misaligned")
//           | ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
//       note: set here
//       --> xen/arch/x86/xen.lds.S:60:3
//       help: ...

import Constraints
import LdsParser

/// Writes a report as text; quietly, one line for each finding and nothing else.
struct TextReporter {
  let writer: TextWriter
  let isQuiet: Bool

  func write(_ report: Report) {
    if isQuiet {
      for finding in report.findings { writeLine(finding) }
      return
    }
    if report.kind == .superpages {
      writePlans(report)
      return writeEnd(report)
    }
    if let memory = report.memory {
      MemoryText(writer: writer).write(memory)
      return writeEnd(report)
    }
    if report.kind == .eval {
      VerdictText(writer: writer).write(report.assertions)
      GrowthText.write(report.growth, writer)
      for premise in report.unmet { write(premise) }
    }
    // Of a verdict, its line says all there is.
    // A broken constraint has its reason besides.
    let told = ProgramFindings.verdicts.subtracting([ProgramFindings.constraintFails.id])
    for finding in report.findings where report.kind != .eval || !told.contains(finding.rule) {
      write(finding)
    }
    for proof in report.proofs
    where report.proofDetail == .listed || proof.counterexample != nil {
      write(proof, isListed: report.proofDetail == .listed)
    }
    writeEnd(report)
  }

  // MARK: Findings

  /// `xen.lds.S:397:1: error: _start misaligned [assertion-fails]`
  private func writeLine(_ finding: ReportFinding) {
    if let place = finding.place { writer.write(ReportText.place(place) + ": ", .place) }
    writer.write("\(finding.severity.rawValue): ", DiagnosticPrinter.style(finding.severity))
    writer.write(ReportText.inline(finding.message))
    writer.line(" [\(finding.rule)]", .faint)
  }

  private func write(_ finding: ReportFinding) {
    writer.write(
      "\(finding.severity.rawValue)[\(finding.rule)]", DiagnosticPrinter.style(finding.severity))
    writer.line(": " + ReportText.inline(finding.message), .bold)
    if let place = finding.place { write(place) }
    for note in finding.notes {
      writer.write("  note: ", .note)
      writer.line(ReportText.inline(note.message))
      if let place = note.place { write(place) }
    }
    for help in finding.help {
      writer.write("  help: ", .good)
      writer.line(ReportText.inline(help))
    }
    writer.line()
  }

  /// The place and, where there is text, its line.
  private func write(_ place: ReportPlace) {
    writer.write("  --> ", .faint)
    writer.line(ReportText.place(place), .place)
    guard let text = place.text, let number = place.line else { return }
    let line = text.buffer.bytes(in: text.line)
    let start = min(max(0, text.bytes.lowerBound - text.line.lowerBound), line.count)
    // What goes on over more lines is marked to the end of its first.
    let end = min(max(start, text.bytes.upperBound - text.line.lowerBound), line.count)
    writer.write(
      SourceSnippet.render(
        line, number: number, marks: [.init(bytes: start..<end)], width: writer.width))
  }

  /// `note: what is proved of 2 ASSERTs is not said of xen.elf: '.bss' passes the end of the address space`
  private func write(_ premise: ReportPremise) {
    writer.write("note: ", .note)
    let count = premise.assertions.count
    writer.line(
      ReportText.inline(
        "what lint proves of \(count) ASSERT\(count == 1 ? "" : "s") is not said of "
          + "\(premise.subject.text ?? "this image"): \(premise.unmet.reason)"))
  }

  private func write(_ proof: ReportProof, isListed: Bool) {
    let style: TextStyle =
      switch proof.verdict {
      case .alwaysHolds: .good
      case .neverHolds: .error
      case .depends: .note
      }
    writer.write(proof.verdict.rawValue, style)
    if proof.linker == .lld { writer.write(" (\(proof.linker.family.rawValue))", .note) }
    writer.write("  \(ReportText.place(proof.place))", .place)
    writer.write("  " + ReportText.inline(proof.message))
    writer.line(ReportText.agreeing(proof.linkers), .note)
    if isListed {
      for step in proof.because { writer.line("  because " + ReportText.inline(step)) }
    }
    guard let counterexample = proof.counterexample else { return }
    writer.line("  " + ReportText.inline(counterexample.sentence))
    if let command = counterexample.command { writer.line("  try it: \(command)") }
  }

  // MARK: Plans

  /// Each plan with what was found about it, and the differences of two.
  private func writePlans(_ report: Report) {
    let text = PlanText(writer: writer)
    // Of two images the answer comes first.
    if let comparison = report.comparison { write(comparison, report, text) }
    for result in report.plans {
      text.write(result.plan)
      writer.line()
      for finding in result.findings { write(finding) }
    }
    GrowthText.write(report.growth, writer)
    if let order = report.order { OrderText.write(order, writer) }
  }

  private func write(_ comparison: PlanComparison, _ report: Report, _ text: PlanText) {
    let (left, right) = (report.plans[0].plan.path, report.plans[1].plan.path)
    let isOneName = left.lastComponent == right.lastComponent
    text.write(
      comparison, left: (isOneName ? left : left.lastComponent).display,
      right: (isOneName ? right : right.lastComponent).display)
    writer.line()
  }

  // MARK: The end

  private func writeEnd(_ report: Report) {
    for entry in report.stale {
      writer.write("note: ", .note)
      let count = entry.count == 1 ? "" : " (\(entry.count) of them)"
      let file = entry.file.isEmpty ? "" : " in \(entry.file)"
      writer.line(
        ReportText.inline(
          "the baseline lists '\(entry.rule)'\(file), which is gone\(count): \(entry.subject)"))
    }
    let fails = report.assertions.contains { $0.verdict == .fails && $0.accepted == nil }
    if report.kind == .eval, fails {
      writer.write("next: ", .note)
      writer.line("'lds-check explain' with the same files says why, and what would mend it")
    }
    // Always the last line.
    writer.line(ReportSummary.line(report), .bold)
  }
}
