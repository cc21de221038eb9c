// Explanations as text for the person at the red job.
//
//     xen.lds.S:400:1: error: __2M_text_end misaligned: IS_ALIGNED(__2M_text_end, SECTION_ALIGN) fails
//       400 | ASSERT(IS_ALIGNED(__2M_text_end,     SECTION_ALIGN), "__2M_text_end misaligned")
//           |                   ^~~~~~~~~~~~~      ^~~~~~~~~~~~~ 0x200000 (2M)
//     cause: the last ALIGN before '__2M_text_end' is to 4K, not to 2M

import Constraints
import LdsParser

/// Writes explanations.
struct ExplanationText {
  let writer: TextWriter
  let isQuiet: Bool
  /// Contributions shown for one ASSERT.
  private static let listed = 8

  func write(_ image: ExplainedImage) {
    for (index, explanation) in image.explanations.enumerated() {
      if index > 0 { writer.line() }
      write(explanation, image)
    }
    if isQuiet { return }
    if image.explanations.isEmpty { writeNothing(image) } else { writeUndecided(image) }
  }

  /// What is neither explained nor known to hold.
  private func writeUndecided(_ image: ExplainedImage) {
    let told = Set(image.explanations.flatMap { [$0.assertion] + $0.sameCause })
    let verdicts = image.report.assertions.map(\.verdict)
    let open = verdicts.indices.filter { verdicts[$0] == .undecided }
    guard !open.isEmpty, image.hasFailure, told.isDisjoint(with: open),
      verdicts.indices.allSatisfy({ verdicts[$0] != .fails || told.contains($0) })
    else { return }
    writer.line()
    writer.write("\(image.subject.name): ", .place)
    writer.line("\(open.count) more undecided: 'lds-check eval' says what is missing")
  }

  private func writeNothing(_ image: ExplainedImage) {
    let holds = image.report.assertions.count { $0.verdict == .holds }
    let undecided = image.report.assertions.count { $0.verdict == .undecided }
    writer.write("\(image.subject.name): ", .place)
    writer.write("no ASSERT fails", .good)
    writer.line(
      ": \(holds) hold"
        + (undecided == 0 ? "" : ", \(undecided) undecided (--assert TEXT says why)"))
    for orphan in image.orphans {
      fact(
        "orphan",
        "no statement of the script describes '\(orphan.name)' (\(bytesInWords(orphan.size))): no "
          + "ASSERT sees where the linker put it; add '*(\(orphan.name))' where it belongs")
    }
    if !image.orphans.isEmpty { fact("help", "'lds-check lint' says what such a section breaks") }
  }

  private func write(_ explanation: Explanation, _ image: ExplainedImage) {
    let assertion = image.report.assertions[explanation.assertion]
    head(assertion, image)
    condition(explanation, assertion, image)
    for (index, cause) in explanation.causes.enumerated() {
      note(cause, isFirst: index == 0, image)
    }
    for (index, change) in explanation.since.enumerated() {
      if index == 0 { fact("since then", change) } else { writer.line("      " + change) }
    }
    facts(explanation, assertion, image)
    contributions(explanation, image)
    for effect in explanation.effects { fact("effect", effect) }
    if !explanation.sameCause.isEmpty {
      let others = explanation.sameCause.map { image.message(image.report.assertions[$0]) }
      fact("same cause", others.joined(separator: "; "))
    }
    for mend in explanation.mends { self.mend(mend, explanation, image) }
    if explanation.mends.isEmpty { for advice in explanation.advice { fact("help", advice) } }
  }

  // MARK: Parts

  private func head(_ assertion: AssertionReport, _ image: ExplainedImage) {
    writer.write(image.sources.position(of: assertion.span).display + ": ", .place)
    switch assertion.verdict {
    case .fails: writer.write("error: ", .error)
    case .undecided: writer.write("undecided: ", .warning)
    case .holds: writer.write("holds: ", .good)
    }
    writer.write(image.message(assertion), .bold)
    let isMap = image.report.program.isMap
    writer.line(": \(isMap ? image.expression(assertion) : image.source(assertion))")
  }

  /// The author's lines with the values under the operands.
  private func condition(
    _ explanation: Explanation, _ assertion: AssertionReport, _ image: ExplainedImage
  ) {
    var marks: [MarkedLine] = []
    for operand in explanation.operands {
      let span = image.report.program.expressions.span(operand.expression)
      for place in Self.places(of: span, image.sources).prefix(1) {
        MarkedLine.add(place, label: operand.label, to: &marks, image.sources)
      }
    }
    if marks.isEmpty {
      DiagnosticPrinter(writer: writer).snippet(assertion.span, image.sources)
    }
    for line in marks.sorted(by: { $0.line < $1.line }) { line.write(writer, image.sources) }
  }

  /// Where the author wrote the piece: the macro's argument, or the text itself.
  private static func places(of span: SourceSpan, _ sources: SourceSet) -> [SourceSpan] {
    let operands = sources.operandSpans(of: span)
    return operands.isEmpty ? [sources.authoredSpan(of: span)] : operands
  }

  /// The first is said in a sentence; the labels of further places speak for themselves.
  private func note(_ note: ExplanationNote, isFirst: Bool, _ image: ExplainedImage) {
    if isFirst || note.span == nil || note.label == nil {
      fact(isFirst ? "cause" : "and", note.message)
    }
    guard let span = note.span else { return }
    DiagnosticPrinter(writer: writer).snippet(span, image.sources, label: note.label)
  }

  private func facts(
    _ explanation: Explanation, _ assertion: AssertionReport, _ image: ExplainedImage
  ) {
    if let distance = explanation.distance, assertion.verdict == .fails {
      fact("distance", Self.text(distance))
    }
    if assertion.verdict != .fails, let headroom = explanation.headroom, headroom >= 0 {
      fact("headroom", bytesInWords(UInt64(headroom)))
    }
    guard !image.report.program.isMap else {
      fact("claim", explanation.claimText)
      return
    }
    let macros = MacroChain(
      of: image.report.program.expressions.span(assertion.condition), image.sources)
    let (source, expanded) = (image.source(assertion), image.expression(assertion))
    // A number that is written otherwise is none.
    let span = image.report.program.expressions.span(assertion.condition)
    let isExpanded = image.sources.origins(span.source)?.runs.isEmpty == false
    if !macros.lines.isEmpty || isExpanded && Self.letters(source) != Self.letters(expanded) {
      fact("after macros", "ASSERT(\(expanded))")
    }
    if !macros.lines.isEmpty { fact("macros", macros.lines.joined(separator: ", ")) }
  }

  /// What is written without blanks and the parentheses that change nothing.
  private static func letters(_ text: String) -> String {
    text.filter { !$0.isWhitespace && $0 != "(" && $0 != ")" }
  }

  private static func text(_ distance: ClaimDistance) -> String {
    var parts: [String] = []
    if let up = distance.up {
      parts.append("\(bytesInWords(up)) more reach \(hexadecimal(distance.value &+ up))")
    }
    if let down = distance.down {
      parts.append("\(bytesInWords(down)) less reach \(hexadecimal(distance.value &- down))")
    }
    return parts.joined(separator: "; ")
  }

  private func contributions(_ explanation: Explanation, _ image: ExplainedImage) {
    guard explanation.contributions.count > 1 else { return }
    let shown = explanation.contributions.prefix(Self.listed)
    fact("filled by", "largest first")
    let sizes = shown.map { hexadecimal($0.size) }
    let width = sizes.map(\.utf8.count).max() ?? 0
    for (row, size) in zip(shown, sizes) {
      let pad = String(repeating: " ", count: width - size.utf8.count)
      let line =
        row.statement.map { ", line \(image.sources.position(of: $0).line) of the script" } ?? ""
      writer.line("      \(pad)\(size) at \(hexadecimal(row.address))  \(row.description)\(line)")
    }
    let rest = explanation.contributions.count - shown.count
    if rest > 0 { writer.line("      and \(rest) more") }
  }

  private func mend(_ mend: Mend, _ explanation: Explanation, _ image: ExplainedImage) {
    fact("help", mend.message)
    for edit in mend.edits {
      let place = image.sources.position(of: edit.span).display
      writer.write("      \(place): ", .place)
      let old = image.sources.buffer(edit.span.source).text(in: edit.span.range)
      if edit.replacement.isEmpty {
        writer.line("remove '\(Self.oneLine(old))'")
      } else if old.isEmpty {
        writer.line("insert '\(Self.oneLine(edit.replacement))'")
      } else {
        writer.line("'\(Self.oneLine(old))' becomes '\(Self.oneLine(edit.replacement))'")
      }
    }
    if let cost = mend.cost { writer.line("      it \(cost.text)") }
    writer.line("      " + checkedText(explanation, image), .faint)
    for remark in explanation.mendRemarks.prefix(3) { fact("still wrong", remark) }
  }

  /// What the check of an edit found.
  private func checkedText(_ explanation: Explanation, _ image: ExplainedImage) -> String {
    let start = "checked: with it "
    let unknown = explanation.mendUnknowns.map { image.message(image.report.assertions[$0]) }
    let others = "no other ASSERT fails that holds now"
    let own = explanation.sameCause.isEmpty ? "this ASSERT holds" : "these ASSERTs hold"
    if unknown.isEmpty { return start + "\(own), and \(others)" }
    return start + "\(own); not known without the image: \(unknown.joined(separator: "; "))"
  }

  private static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private func fact(_ word: String, _ text: String) {
    writer.write("  \(word): ", .note)
    writer.line(text)
  }
}

/// The macros that gave a piece of expanded text.
struct MacroChain {
  /// One entry a macro, in order of first use.
  let lines: [String]

  init(of span: SourceSpan, _ sources: SourceSet) {
    var seen: Set<String> = []
    lines = sources.macroCalls(in: span).compactMap { call in
      guard seen.insert(call.name).inserted else { return nil }
      guard let definition = call.definition else { return "\(call.name) (-D or predefined)" }
      let position = sources.position(of: definition)
      var text = "\(call.name) (\(position.path.lastComponent.display):\(position.line)"
      if let condition = call.condition {
        text += ", because \(Self.line(condition, sources))"
      }
      return text + ")"
    }
  }

  private static func line(_ span: SourceSpan, _ sources: SourceSet) -> String {
    let line = sources.position(of: span).line
    let text = sources.buffer(span.source).text(in: span.range)
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ") + ", line \(line)"
  }
}

/// One line and the places to point at in it.
struct MarkedLine {
  let source: SourceID
  /// 1-based line of the source's own text.
  let line: Int
  private let span: SourceSpan
  private var marks: [SourceSnippet.Mark]

  /// Adds `span` to the lines; of places that overlap the first one stays.
  static func add(
    _ span: SourceSpan, label: String, to lines: inout [MarkedLine], _ sources: SourceSet
  ) {
    let line = sources.lineAndColumn(span.source, offset: Int(span.start)).line
    let range = sources.lineRange(span.source, line: line)
    let start = max(0, Int(span.start) - range.lowerBound)
    let end = max(start, min(Int(span.end), range.upperBound) - range.lowerBound)
    let mark = SourceSnippet.Mark(bytes: start..<end, label: label)
    if let index = lines.firstIndex(where: { $0.source == span.source && $0.line == line }) {
      guard !lines[index].marks.contains(where: { $0.bytes.overlaps(mark.bytes) }) else { return }
      lines[index].marks.append(mark)
    } else {
      lines.append(MarkedLine(source: span.source, line: line, span: span, marks: [mark]))
    }
  }

  /// Writes the line with its carets.
  func write(_ writer: TextWriter, _ sources: SourceSet) {
    let bytes = sources.buffer(source).bytes(in: sources.lineRange(source, line: line))
    writer.write(
      SourceSnippet.render(
        bytes, number: sources.position(of: span).line, marks: marks, width: writer.width))
  }
}
