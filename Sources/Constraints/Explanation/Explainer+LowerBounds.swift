// Why something is too little: a bound from below, or a difference that has come out negative.

internal import LdsParser

extension Explainer {
  /// Whether the bound asks for at least so much.
  func isLower(_ bound: ClaimedBound) -> Bool {
    ClaimRecognizer(table: program.expressions) { _ in nil }.isLower(bound)
  }

  /// `SIZEOF(.data) > 0x40`: what is missing, and what there is.
  func explainLowerBound(
    _ bound: ClaimedBound, _ values: ExpressionValues, _ assertion: AssertionReport,
    _ explanation: inout Explanation
  ) {
    guard assertion.verdict == .fails, let least = values(bound.value),
      let value = values(bound.limit), value <= least
    else { return }
    let missing = least - value + (bound.isStrict ? 1 : 0)
    let subject = text(bound.limit)
    if countsBytes(bound.limit) {
      explanation.distance = ClaimDistance(up: missing, down: nil, value: value)
    }
    explanation.causeKey = .shortage(value, of: least)
    explanation.causes.append(
      ExplanationNote(
        "\(amountInWords(missing, of: bound.limit)) missing: \(subject) is \(hexadecimal(value)), "
          + "\(bound.isStrict ? "more than" : "at least") \(text(bound.value))"
          + (isNumber(bound.value) ? "" : " (\(hexadecimal(least)))") + " is wanted"))
    if case .nameCall(.sizeOf, let section) = program.expressions[bound.limit], let contents {
      explanation.contributions = contents.inputs(ofSection: program.names.bytes(section))
      explanation.advice.append(
        "something did not come in that was to be there: an input pattern that matches nothing, an object that is not "
          + "linked, or contents that --gc-sections took because no KEEP() holds them")
    }
    for symbol in symbols(in: bound.limit) {
      if let note = settingNote(symbol) { explanation.causes.append(note) }
    }
  }

  /// Whether an expression is a number as it is written.
  private func isNumber(_ id: ExpressionID) -> Bool {
    if case .integer = program.expressions[id] { return true }
    return false
  }

  /// A difference below 0: GNU ld and lld compare without sign, so it is larger than any limit.
  func explainWrapped(
    _ bound: ClaimedBound, _ values: ExpressionValues, _ assertion: AssertionReport,
    _ explanation: inout Explanation
  ) {
    guard assertion.verdict == .fails,
      case .binary(.subtract, let end, let start) = program.expressions[bound.value],
      let last = values(end), let first = values(start), last < first,
      let value = values(bound.value)
    else { return }
    explanation.causes.append(
      ExplanationNote(
        "\(text(bound.value)) is negative: \(text(end)) is \(hexadecimal(last)), "
          + "\(bytesInWords(first - last)) below \(text(start)) at \(hexadecimal(first)); the linker compares "
          + "without a sign, so the difference counts as \(hexadecimal(value))"))
    for symbol in symbols(in: bound.value) {
      if let note = settingNote(symbol) { explanation.causes.append(note) }
    }
    explanation.advice.append(
      "nothing has to shrink: mend the order of the two, or what put the second behind the first")
  }
}
