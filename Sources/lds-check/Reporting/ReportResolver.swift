// From findings, whose places are spans, to what reports need: file, line, column and the text itself.

import Constraints
import LdsParser

/// Resolves places of one set of sources.
struct ReportResolver {
  let sources: SourceSet

  /// A finding for a report. What its rule says about mending becomes its help.
  func finding(_ finding: Finding, help: [String] = []) -> ReportFinding {
    ReportFinding(
      rule: finding.rule, severity: finding.severity, message: finding.message,
      place: place(finding.place),
      notes: finding.notes.map { ReportNote(message: $0.message, place: place($0.place)) },
      help: help, fixes: finding.fixes.map(fix), subject: finding.subject)
  }

  /// A finding that a comment hides.
  func suppressed(_ suppressed: FilteredFindings.Suppressed) -> ReportFinding {
    var result = finding(suppressed.finding)
    let reason = suppressed.suppression.reason
    switch suppressed.suppression.form {
    case .directive: result.justification = reason
    case .tag(let tag): result.justification = reason.isEmpty ? tag : "\(tag) \(reason)"
    }
    return result
  }

  /// What is known of an ASSERT before any link.
  func proof(_ proof: StatedProof) -> ReportProof {
    ReportProof(
      message: proof.message, place: place(proof.span), verdict: .init(proof.verdict),
      linker: proof.linker, because: proof.because,
      counterexample: proof.counterexample)
  }

  /// Everything that came out of a filter.
  func fill(_ report: inout Report, from filtered: FilteredFindings) {
    report.findings += filtered.shown.map { finding($0) }
    report.suppressed += filtered.suppressed.map { suppressed($0) }
    for known in filtered.known { report.accept(finding(known), because: "in the baseline") }
    for hidden in report.suppressed.suffix(filtered.suppressed.count) {
      let reason = hidden.justification ?? ""
      report.accept(hidden, because: reason.isEmpty ? "suppressed in the script" : reason)
    }
    report.knownCount += filtered.known.count
    report.stale += filtered.stale
  }

  /// The place of a finding; nil for none.
  func place(_ place: FindingPlace) -> ReportPlace? {
    switch place {
    case .source(let span): self.place(span)
    case .image(let path, let line, let offset): ReportPlace(path: path, line: line, offset: offset)
    case .none: nil
    }
  }

  /// The author's place of a span.
  func place(_ span: SourceSpan) -> ReportPlace {
    let authored = sources.authoredSpan(of: span)
    let position = sources.position(of: authored)
    let buffer = sources.buffer(authored.source)
    let first = sources.lineAndColumn(authored.source, offset: Int(authored.start))
    let lastByte = max(Int(authored.start), Int(authored.end) - 1)
    let last = sources.lineAndColumn(authored.source, offset: lastByte)
    let text = ReportPlace.Text(
      buffer: buffer, line: sources.lineRange(authored.source, line: first.line),
      bytes: authored.range, lastLine: sources.lineRange(authored.source, line: last.line))
    return ReportPlace(
      path: position.path, line: position.line, column: position.column,
      endLine: position.line + last.line - first.line,
      endColumn: last.column + (authored.end > authored.start ? 1 : 0), text: text)
  }

  private func fix(_ edit: FixEdit) -> ReportFix {
    ReportFix(place: place(edit.span), replacement: edit.replacement)
  }
}
