// What can be done about a place: edits of rules that were checked, mends of failing ASSERTs, a comment that
// silences a finding, an ASSERT for a boundary.

internal import LdsParser

/// Something that can be done.
public struct EditorAction: Sendable {
  /// What it is.
  public enum Kind: String, Sendable {
    case fix = "quickfix"
    case rewrite = "refactor.rewrite"
  }

  /// The sentence that is offered.
  public var title: String
  /// What it is.
  public var kind: Kind
  /// The edits that do it, in the sources of the analysis.
  public var edits: [EditorEdit]
  /// The finding that it is about; nil for none.
  public var finding: Finding?
}

extension ScriptAnalysis {
  /// What can be done about the text of `range`.
  public func actions(in range: Range<Int>) -> [EditorAction] {
    guard !isHeader else { return [] }
    let here = findings.filter { finding in
      guard case .source(let span) = finding.place, let place = self.range(span) else {
        return false
      }
      return place.lowerBound <= range.upperBound && range.lowerBound <= place.upperBound
    }
    return here.flatMap { (includer ?? self).fixes(of: $0) } + mends(in: range)
      + here.flatMap { silencing($0) }
      + assertions(in: range)
  }

  // MARK: - Fixes of rules

  /// The edits of a finding, if with them the finding is gone and no other has come up.
  private func fixes(of finding: Finding) -> [EditorAction] {
    guard !finding.fixes.isEmpty else { return [] }
    if let known = checkedFixes[finding] { return known }
    let actions = check(finding)
    checkedFixes[finding] = actions
    return actions
  }

  private func check(_ finding: Finding) -> [EditorAction] {
    var isEdited = false
    let fixer = ScriptFixer(host, limit: 1) { script in
      defer { isEdited = true }
      // The finding in question comes first: it is the one that is tried.
      let found = isEdited ? self.findings(of: script) : self.ruleFindings
      return found.filter { $0 == finding } + found.filter { $0 != finding }
    }
    guard let result = try? fixer.mend(loaded), !result.mended.isEmpty,
      result.after.bytes(in: 0..<result.after.count) != text.bytes(in: 0..<text.count)
    else { return [] }
    let edits = finding.fixes.map {
      EditorEdit(span: sources.authoredSpan(of: $0.span), replacement: $0.replacement)
    }
    return [
      EditorAction(title: "mend: \(finding.message)", kind: .fix, edits: edits, finding: finding)
    ]
  }

  /// The checked mends of the failing ASSERTs that stand in `range`.
  private func mends(in range: Range<Int>) -> [EditorAction] {
    guard let judged,
      judged.report.assertions.contains(where: { assertion in
        assertion.verdict == .fails
          && self.range(assertion.span).map {
            $0.overlaps(range.lowerBound..<(range.upperBound + 1))
          } == true
      })
    else { return [] }
    return (explained?.explanations ?? []).flatMap { explanation -> [EditorAction] in
      let indices = [explanation.assertion] + explanation.sameCause
      let isHere = indices.contains { index in
        self.range(judged.report.assertions[index].span)
          .map { $0.overlaps(range.lowerBound..<(range.upperBound + 1)) } == true
      }
      guard isHere else { return [] }
      return explanation.mends.map { mend in
        let edits = mend.edits.map { EditorEdit(span: $0.span, replacement: $0.replacement) }
        return EditorAction(title: mend.message, kind: .fix, edits: edits, finding: nil)
      }
    }
  }

  // MARK: - Comments that silence

  private func silencing(_ finding: Finding) -> [EditorAction] {
    guard case .source(let span) = finding.place, let place = range(span),
      ProgramFindings.everything.contains(where: { $0.id == finding.rule }),
      finding.rule != ProgramFindings.badSuppression.id,
      finding.rule != ProgramFindings.unusedSuppression.id
    else { return [] }
    let bytes = text.bytes(in: 0..<text.count)
    let start = bytes[..<place.lowerBound].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let blanks = bytes[start...].prefix { $0 == 0x20 || $0 == 0x09 }
    // A line that goes on with a directive above it cannot take a comment before it.
    if start >= 2, bytes[start - 2] == UInt8(ascii: "\\") { return [] }
    let comment =
      String(decoding: blanks, as: UTF8.self) + "/* lds-check: disable=\(finding.rule) */\n"
    return [
      EditorAction(
        title: "silence '\(finding.rule)' here", kind: .fix,
        edits: [EditorEdit(span: insertion(start), replacement: comment)], finding: finding)
    ]
  }

  private func insertion(_ offset: Int) -> SourceSpan {
    let place = UInt32(truncatingIfNeeded: offset)
    return SourceSpan(source: source, start: place, end: place)
  }

  // MARK: - ASSERTs for boundaries

  /// For a symbol that is set right behind `. = ALIGN(n)`: an ASSERT that it stays aligned.
  private func assertions(in range: Range<Int>) -> [EditorAction] {
    // The end of an included file may be anywhere in the script.
    guard includer == nil else { return [] }
    var result: [EditorAction] = []
    for case .sections(let statements) in script.statements.map(\.kind) {
      for (previous, statement) in zip(statements, statements.dropFirst()) {
        guard case .assignment(let move) = previous.kind, move.isLocationCounter,
          case .call1(.align, let amount) = script.expressions[move.written],
          case .assignment(let boundary) = statement.kind, !boundary.isLocationCounter,
          case .locationCounter = script.expressions[boundary.written],
          let place = self.range(statement.span),
          place.lowerBound <= range.upperBound, range.lowerBound <= place.upperBound
        else { continue }
        let name = script.names.string(boundary.target.name)
        let size = sources.authoredExpression(of: script.expressions.span(amount)).text
        let hasMacro = MacroTable(loaded).definitions(of: "IS_ALIGNED").contains {
          $0.origin == .file
        }
        let condition =
          hasMacro ? "IS_ALIGNED(\(name), \(size))" : "(\(name) & ((\(size)) - 1)) == 0"
        guard !isAsserted(boundary.target.name) else { continue }
        let end = text.count
        let needsLine = end > 0 && text.byte(at: end - 1) != 0x0A
        let line = "ASSERT(\(condition), \"\(name) misaligned\")\n"
        result.append(
          EditorAction(
            title: "assert that '\(name)' is aligned", kind: .rewrite,
            edits: [EditorEdit(span: insertion(end), replacement: (needsLine ? "\n" : "") + line)],
            finding: nil))
      }
    }
    return result
  }

  /// Whether some ASSERT names the symbol.
  private func isAsserted(_ name: NameID) -> Bool {
    func names(_ statements: [Statement]) -> Bool {
      statements.contains { statement in
        switch statement.kind {
        case .assertion(let assertion):
          return script.expressions.mentions(.symbol(name), in: assertion.condition)
        case .sections(let inner): return names(inner)
        default: return false
        }
      }
    }
    return names(script.statements)
  }
}
