// Why a length is no multiple: which of its ends is off, or where the contents of a section end.
//
//     ASSERT((bss_end - bss_start) % 8 == 0, ...)    'bss_start' is 4 past a multiple of 8, 'bss_end' is one
//     ASSERT(SIZEOF(.text) % 512 == 0, ...)          nothing rounds the end of .text up

internal import LdsParser

extension Explainer {
  /// `end - start` is no multiple: whichever end is none is where to look.
  func explainLength(
    from start: ExpressionID, to end: ExpressionID, _ multiple: UInt64, _ values: ExpressionValues,
    _ explanation: inout Explanation
  ) {
    let ends = [start, end].compactMap { side -> (name: NameID, past: UInt64)? in
      guard case .symbol(let name) = program.expressions[side], let value = values(side) else {
        return nil
      }
      return (name, value % multiple)
    }
    guard ends.count == 2 else { return }
    let wanted = multipleInWords(multiple)
    let words = ends.sorted { $0.past < $1.past }.map { end in
      end.past == 0
        ? "'\(name(end.name))' is a multiple of \(wanted)"
        : "'\(name(end.name))' is \(bytesInWords(end.past)) past one of \(wanted)"
    }
    explanation.causes.append(ExplanationNote(words.joined(separator: ", ")))
    for (name, past) in ends {
      guard let step = source(of: name) else { continue }
      if past == 0 {
        if let note = settingNote(name) { explanation.causes.append(note) }
      } else {
        explainLocation(name, step, multiple, nil, &explanation)
      }
    }
  }

  /// The size of an output section is what its contents take, unless its last statement rounds it up.
  func explainSize(
    of section: NameID, _ multiple: UInt64, _ explanation: inout Explanation
  ) {
    guard let index = program.section(named: section),
      let description = program.sections[index].description,
      let record = report.evidence.sections.first(where: {
        $0.name == program.names.bytes(section)
      }), let start = record.vma
    else { return }
    let wanted = multipleInWords(multiple)
    let name = self.name(section)
    explanation.causes.append(
      ExplanationNote(
        "nothing rounds the end of \(name) up to a multiple of \(wanted): it ends where its contents do",
        at: description.name.span, label: "\(bytesInWords(record.size ?? 0))"))
    if start % multiple == 0, multiple.nonzeroBitCount == 1,
      let mend = lastAlign(index, ". = ALIGN(\(multipleInDigits(multiple)));")
    {
      explanation.candidates.append(mend)
    }
    explanation.advice.append(
      start % multiple == 0
        ? "'. = ALIGN(\(wanted));' as the last statement of \(name) rounds its size up, where there is room behind it"
        : "\(name) begins at \(hexadecimal(start)), which is no multiple of \(wanted): align its start, and end it with "
          + "'. = ALIGN(\(wanted));'")
  }
}
