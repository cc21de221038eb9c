// Why an output section is not aligned as an ASSERT wants it: ALIGNOF, and the address it begins at.
//
//     ASSERT(ALIGNOF(.data) >= 16, ...)          no input section asks for more than 4
//     ASSERT(ADDR(.vectors) % 0x80 == 0, ...)    nothing aligns the start of .vectors

internal import LdsParser

extension Explainer {
  /// Explains a claim on `ALIGNOF(.s)`; whether it is one.
  func explainSectionAlignment(
    _ claim: AssertionClaim, _ values: ExpressionValues, _ assertion: AssertionReport,
    _ explanation: inout Explanation
  ) -> Bool {
    guard assertion.verdict == .fails, let (section, operand, wanted) = alignmentClaimed(claim)
    else { return false }
    let name = self.name(section)
    let place = program.section(named: section).flatMap {
      program.sections[$0].description?.name.span
    }
    guard let value = values(operand) else {
      explanation.causes.append(
        ExplanationNote(
          "the map has the linker's verdict, but not ALIGNOF(\(name)): the linked image has it",
          at: place))
      addSectionAlignmentAdvice(name, wanted, &explanation)
      return true
    }
    if value > wanted {
      explanation.causes.append(
        ExplanationNote(
          "an input section of '\(name)', or its description, asks for an alignment of \(multipleInWords(value))",
          at: place, label: "aligned to \(multipleInWords(value))"))
      return true
    }
    explanation.causes.append(
      ExplanationNote(
        "'\(name)' is aligned to \(multipleInWords(value)), not to \(multipleInWords(wanted)): neither its input "
          + "sections nor its description ask for more", at: place,
        label: "aligned to \(multipleInWords(value))"))
    addSectionAlignmentAdvice(name, wanted, &explanation)
    return true
  }

  private func addSectionAlignmentAdvice(
    _ name: String, _ wanted: UInt64, _ explanation: inout Explanation
  ) {
    guard wanted.nonzeroBitCount == 1 else { return }
    explanation.advice.append(
      "write '\(name) : ALIGN(\(multipleInDigits(wanted))) { ... }', or ask for it in the source (.balign "
        + "\(wanted)); '. = ALIGN()' inside of the braces does not raise ALIGNOF")
  }

  /// The section, the operand and the least alignment of a claim on ALIGNOF.
  private func alignmentClaimed(
    _ claim: AssertionClaim
  ) -> (section: NameID, operand: ExpressionID, wanted: UInt64)? {
    func claimed(_ operand: ExpressionID, _ other: ExpressionID, _ more: UInt64 = 0)
      -> (section: NameID, operand: ExpressionID, wanted: UInt64)?
    {
      guard case .nameCall(.alignOf, let section) = program.expressions[operand],
        let wanted = program.expressions.foldedValue(other)
      else { return nil }
      return (section, operand, wanted &+ more)
    }
    switch claim {
    case .bound(let bound):
      return claimed(bound.limit, bound.value, bound.isStrict ? 1 : 0).map {
        ($0.section, $0.operand, Self.powerOfTwo(from: $0.wanted))
      }
    case .equality(let left, let right): return claimed(left, right) ?? claimed(right, left)
    case .alignment(let operand, let multiple, _):
      guard case .nameCall(.alignOf, let section) = program.expressions[operand] else { return nil }
      return (section, operand, multiple)
    default: return nil
    }
  }

  private static func powerOfTwo(from least: UInt64) -> UInt64 {
    guard least > 1, least <= 1 << 62 else { return max(least, 1) }
    return 1 << LinkerArithmetic.log2Ceiling(least)
  }

  /// Why `ADDR(.s)` is no multiple: an address of its own, an ALIGN to less, or none.
  func explainSectionStart(
    _ section: NameID, _ multiple: UInt64, _ measure: ExpressionID?,
    _ explanation: inout Explanation
  ) {
    guard let index = program.section(named: section),
      let description = program.sections[index].description
    else { return }
    let name = self.name(section)
    let wanted = multipleInWords(multiple)
    guard let address = description.address else {
      let start = explanation.distance.map { "begins at \(hexadecimal($0.value))" }
      explanation.causes.append(
        ExplanationNote(
          "nothing aligns the start of '\(name)' to \(wanted): it begins where what stands before it ends",
          at: description.name.span, label: start))
      addStartMend(description, index, multiple, measure, &explanation)
      return
    }
    let span = program.expressions.span(address)
    if case .call1(.align, let amount) = program.expressions[address],
      let alignment = program.expressions.foldedValue(amount)
    {
      explanation.causes.append(
        ExplanationNote(
          "the address of '\(name)' is aligned to \(multipleInWords(alignment)), not to \(wanted)",
          at: span,
          label: "aligns to \(multipleInWords(alignment)) only"))
      explanation.advice.append("align it to \(multipleInDigits(multiple)) there")
    } else {
      explanation.causes.append(
        ExplanationNote(
          "the address of '\(name)' is given here", at: span,
          label: explanation.distance.map { "comes to \(hexadecimal($0.value))" }))
      explanation.advice.append("give an address that is a multiple of \(wanted)")
    }
  }

  /// Behind a region's contents the location counter does not count, and only the section's own ALIGN moves it.
  private func addStartMend(
    _ description: OutputSectionDescription, _ index: Int, _ multiple: UInt64,
    _ measure: ExpressionID?, _ explanation: inout Explanation
  ) {
    guard multiple.nonzeroBitCount == 1 else { return }
    let name = self.name(program.sections[index].name)
    let amount = measure.flatMap(authoredText) ?? hexadecimal(multiple)
    explanation.advice.append("write '\(name) : ALIGN(\(amount)) { ... }'")
    guard program.regions.isEmpty,
      let place = statementStart(of: description.name.span)
    else { return }
    explanation.candidates.append(
      Mend(
        "put '. = ALIGN(\(amount));' before '\(name)'",
        edits: [FixEdit(place, replacement: ". = ALIGN(\(amount));\n\(indentation(of: place))")]))
  }
}
