// Edits that may mend a misaligned symbol, to be checked before anybody sees them: align before it, align to
// more, or set it behind the ALIGN that comes too late.

internal import LdsParser

extension Explainer {
  /// Adds candidates for a symbol that `step` sets from the location counter.
  func addCandidates(
    _ name: NameID, _ step: Int, _ multiple: UInt64, _ approach: Approach, late: Int?,
    amount: ExpressionID?, _ explanation: inout Explanation
  ) {
    guard !program.isMap, let place = editableSpan(of: step) else { return }
    let symbol = self.name(name)
    let wanted = amount.flatMap(authoredText) ?? hexadecimal(multiple)
    let align = ". = ALIGN(\(wanted));"
    if let late, let target = editableSpan(of: late), target.source == place.source {
      explanation.candidates.append(
        Mend(
          "set '\(symbol)' behind '\(statement(late))'",
          edits: [
            FixEdit(wholeLine(place), replacement: ""),
            FixEdit(
              SourceSpan(source: target.source, start: target.end, end: target.end),
              replacement: "\n\(indentation(of: place))\(sourceText(place))"),
          ]))
    }
    if case .move(let move, let alignment?) = approach, multiple % max(alignment, 1) == 0,
      let span = amountSpan(of: move)
    {
      explanation.candidates.append(
        Mend(
          "align to \(wanted) before '\(symbol)'", edits: [FixEdit(span, replacement: wanted)]))
    }
    let before = Mend(
      "put '\(align)' before '\(symbol)'",
      edits: [
        FixEdit(
          SourceSpan(source: place.source, start: place.start, end: place.start),
          replacement: "\(align)\n\(indentation(of: place))")
      ])
    guard case .end(let section, _) = approach, let inside = lastAlign(section, align) else {
      explanation.candidates.append(before)
      return
    }
    // What stands in a region follows the section before it and not '.'.
    explanation.candidates += program.regions.isEmpty ? [before, inside] : [inside, before]
  }

  /// The ALIGN as the last statement of an output section; nil where that end is not written out.
  func lastAlign(_ section: Int, _ align: String) -> Mend? {
    guard !program.isMap, trace.size(ofSection: section) ?? 0 > 0,
      let description = program.sections[section].description, let last = description.body.last
    else { return nil }
    let written = program.sources.authoredExpression(of: last.span)
    guard !written.isPartial, written.call == nil else { return nil }
    let buffer = program.sources.buffer(written.span.source)
    var end = Int(written.span.end)
    while let byte = buffer.byte(at: end), byte == 0x20 || byte == 0x09 || byte == 0x3B { end += 1 }
    while end > 0, let byte = buffer.byte(at: end - 1), byte == 0x20 || byte == 0x09 { end -= 1 }
    let place = SourceSpan(
      source: written.span.source, start: UInt32(clamping: end), end: UInt32(clamping: end))
    let isAlone = isFirstOfItsLine(written.span)
    return Mend(
      "end '\(name(program.sections[section].name))' with '\(align)'",
      edits: [
        FixEdit(
          place,
          replacement: isAlone ? "\n\(indentation(of: written.span))\(align)" : " \(align)")
      ])
  }

  private func isFirstOfItsLine(_ span: SourceSpan) -> Bool {
    let buffer = program.sources.buffer(span.source)
    var start = Int(span.start)
    while start > 0, let byte = buffer.byte(at: start - 1), byte == 0x20 || byte == 0x09 {
      start -= 1
    }
    return start == 0 || buffer.byte(at: start - 1) == 0x0A
  }

  /// The author's text of a statement, if it is written out there: a statement that a macro makes cannot be
  /// edited alone.
  private func editableSpan(of step: Int) -> SourceSpan? {
    let span = program.steps[step].span
    let written = program.sources.authoredExpression(of: span)
    guard !written.isPartial, written.call == nil else { return nil }
    // The semicolon is no part of the statement, but goes where it goes.
    let buffer = program.sources.buffer(written.span.source)
    var end = Int(written.span.end)
    while let byte = buffer.byte(at: end), byte == 0x20 || byte == 0x09 { end += 1 }
    guard buffer.byte(at: end) == UInt8(ascii: ";") else { return nil }
    var whole = written.span
    whole.end = UInt32(clamping: end + 1)
    return whole
  }

  /// Where the amount of `. = ALIGN(amount)` is written.
  func amountSpan(of step: Int) -> SourceSpan? {
    guard let whole = editableSpan(of: step),
      case .assignment(let assignment) = program.steps[step].action,
      case .call1(.align, let amount) = program.expressions[assignment.value]
    else { return nil }
    // Parentheses of a macro's body do not belong to the expression, so that it is but part of the call.
    let written = program.sources.authoredSpan(of: program.expressions.span(amount))
    return written.source == whole.source && written.start > whole.start && written.end < whole.end
      ? written : nil
  }

  /// The place before a statement that begins with `span`, if that is written out there.
  func statementStart(of span: SourceSpan) -> SourceSpan? {
    let written = program.sources.authoredExpression(of: span)
    guard !program.isMap, !written.isPartial, written.call == nil else { return nil }
    return SourceSpan(
      source: written.span.source, start: written.span.start, end: written.span.start)
  }

  func authoredText(_ expression: ExpressionID) -> String? {
    let span = program.expressions.span(expression)
    guard let place = program.sources.operandSpans(of: span).first else {
      let written = program.sources.authoredExpression(of: span)
      return written.isPartial ? nil : written.text
    }
    return sourceText(place)
  }

  private func sourceText(_ span: SourceSpan) -> String {
    program.sources.buffer(span.source).text(in: span.range)
  }

  /// The span with its indentation and line feed where nothing else is on the line.
  private func wholeLine(_ span: SourceSpan) -> SourceSpan {
    let buffer = program.sources.buffer(span.source)
    guard isFirstOfItsLine(span), buffer.byte(at: Int(span.end)) == 0x0A else { return span }
    let start = Int(span.start) - indentation(of: span).utf8.count
    return SourceSpan(
      source: span.source, start: UInt32(clamping: start), end: span.end + 1)
  }

  func indentation(of span: SourceSpan) -> String {
    let line = program.sources.lineAndColumn(span.source, offset: Int(span.start)).line
    let start = program.sources.lineRange(span.source, line: line).lowerBound
    let before = program.sources.buffer(span.source).bytes(in: start..<max(start, Int(span.start)))
    return String(decoding: before.prefix { $0 == 0x20 || $0 == 0x09 }, as: UTF8.self)
  }
}
