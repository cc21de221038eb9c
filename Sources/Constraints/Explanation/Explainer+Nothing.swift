// Why nothing lies between two symbols, and where a location counter came from that was set back from an end.

internal import LdsParser

extension Explainer {
  /// `table_end - table_start` is 0, or `table_end > table_start` does not hold since they are equal: the patterns
  /// between the two took nothing.
  func explainNothing(
    from start: ExpressionID, to end: ExpressionID, _ values: ExpressionValues,
    _ explanation: inout Explanation
  ) {
    guard let first = values(start), values(end) == first,
      case .symbol(let startName) = program.expressions[start],
      case .symbol(let endName) = program.expressions[end],
      let begin = setter(of: startName), let finish = setter(of: endName), begin < finish
    else { return }
    let inputs = (begin..<finish).filter { step in
      if case .inputs = program.steps[step].action { true } else { false }
    }
    guard !inputs.isEmpty else { return }
    explanation.causes.append(
      ExplanationNote("nothing lies between \(text(start)) and \(text(end))"))
    addUnmatched(inputs, &explanation)
  }

  /// `SIZEOF(.vectors) != 0` does not hold: the patterns of the section took nothing.
  func explainNothing(in section: NameID, _ explanation: inout Explanation) {
    guard size(of: section) == 0, let index = program.section(named: section) else { return }
    let inputs = program.steps.indices.filter { step in
      guard case .inputs = program.steps[step].action else { return false }
      return program.steps[step].context == .inside(index)
    }
    guard !inputs.isEmpty else { return }
    explanation.causes.append(ExplanationNote("nothing lies in '\(name(section))'"))
    addUnmatched(inputs, &explanation)
  }

  /// Says of descriptions of input sections that they took nothing, and what each would have needed.
  private func addUnmatched(_ inputs: [Int], _ explanation: inout Explanation) {
    for step in inputs.prefix(4) {
      let span = program.steps[step].span
      explanation.causes.append(
        ExplanationNote(
          "no input section of this link matched here", at: span, label: "takes nothing"))
      guard let pattern = pattern(at: span) else { continue }
      explanation.advice.append(advice(pattern))
    }
  }

  /// The first pattern of the description at `span`, as written, and whether it stands in KEEP.
  private func pattern(at span: SourceSpan) -> (text: String, isKept: Bool, glob: Glob)? {
    for section in program.sections {
      for statement in section.description?.body ?? [] where statement.span == span {
        guard case .inputSections(let description) = statement.kind,
          let first = description.sections.first
        else { return nil }
        let bytes = program.names.bytes(first.pattern.name)
        return (String(decoding: bytes, as: UTF8.self), description.isKept, Glob(bytes))
      }
    }
    return nil
  }

  private func advice(_ pattern: (text: String, isKept: Bool, glob: Glob)) -> String {
    if let map = surroundings.map, let (object, _) = map.discarded(by: pattern.glob) {
      return
        "'\(pattern.text)' of \(object) was discarded by --gc-sections: write KEEP(*(\(pattern.text)))"
    }
    let missing = "no object that was linked has a section '\(pattern.text)'"
    let bytes = Array(pattern.text.utf8)
    if pattern.glob.literal != nil, let near = contents?.inputNamedLike(bytes) {
      return missing + "; \(near.description) is called nearly so: is it meant?"
    }
    return pattern.isKept
      ? missing
      : "\(missing), or --gc-sections took it since nothing refers to it: KEEP(*(\(pattern.text))) holds it"
  }

  /// What put the location counter where a symbol takes it: a statement right before it that computes it from other
  /// symbols.
  func explainOrigin(of name: NameID, _ explanation: inout Explanation) {
    guard let step = setter(of: name), takesLocationCounter(step), let mover = mover(before: step),
      case .assignment(let assignment) = program.steps[mover].action
    else { return }
    let names = symbols(in: assignment.value)
    guard !names.isEmpty else { return }
    explanation.causes.append(
      ExplanationNote("'.' is put there by this line", at: span(of: mover), label: "moves '.'"))
    for name in names {
      if let note = settingNote(name) { explanation.causes.append(note) }
      if let note = emptySection(before: name) { explanation.causes.append(note) }
    }
  }

  /// How a symbol comes to its value, over the symbols that it is computed from.
  func explainChain(
    of name: NameID, _ told: inout Set<NameID>, _ explanation: inout Explanation
  ) {
    guard told.count < Self.longestChain, told.insert(name).inserted else { return }
    let known = report.evidence.symbols[program.names.bytes(name)]?.address
    if let note = settingNote(name, known) { explanation.causes.append(note) }
    explainOrigin(of: name, &explanation)
    guard let step = setter(of: name), case .assignment(let assignment) = program.steps[step].action
    else { return }
    if told.count > 1, let note = emptySection(before: name) { explanation.causes.append(note) }
    for further in symbols(in: assignment.value) {
      explainChain(of: further, &told, &explanation)
    }
  }

  /// Symbols of one chain that are told.
  private static var longestChain: Int { 6 }

  /// The last assignment to the location counter before a step, if nothing is placed in between.
  private func mover(before step: Int) -> Int? {
    for earlier in program.steps.indices[..<step].reversed() {
      switch program.steps[earlier].action {
      case .assignment(let assignment):
        if assignment.isLocationCounter { return earlier }
      case .enter, .assertion: continue
      case .leave, .inputs, .contents, .data, .opaqueData, .endOverlay: return nil
      }
    }
    return nil
  }

  /// That the output section before the one place where a symbol is set has nothing in it.
  private func emptySection(before name: NameID) -> ExplanationNote? {
    guard let step = setter(of: name), takesLocationCounter(step) else { return nil }
    for earlier in program.steps.indices[..<step].reversed() {
      guard case .leave(let index) = program.steps[earlier].action else { continue }
      guard trace.size(ofSection: index) == 0 else { return nil }
      let section = program.sections[index]
      return ExplanationNote(
        "'\(self.name(section.name))' before it is empty in this link",
        at: section.description?.name.span, label: "no input section")
    }
    return nil
  }
}
