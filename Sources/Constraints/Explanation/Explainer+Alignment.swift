// Why an address is not a multiple: the statement that set it, and what stood before that statement.
//
//     . = ALIGN(PAGE_SIZE);      aligns to too little
//     __2M_text_end = .;         set here
//
//     .text : { ... }            nothing aligns behind it
//     __2M_text_end = .;
//     . = ALIGN(SECTION_ALIGN);  comes too late

internal import LdsParser

extension Explainer {
  func explainAlignment(
    of operand: ExpressionID, to multiple: UInt64, _ values: ExpressionValues,
    _ explanation: inout Explanation
  ) {
    guard let value = values(operand) else { return }
    let past = value % multiple
    explanation.distance = ClaimDistance(
      up: past == 0 ? 0 : multiple - past, down: past, value: value)
    addFrameEffect(value, multiple, &explanation)
    if case .nameCall(.loadAddress, let section) = program.expressions[operand], past != 0 {
      explainLoadAddress(section, value, multiple, &explanation)
      return
    }
    switch program.expressions[operand] {
    case .binary(.subtract, let end, let start) where past != 0:
      explainLength(from: start, to: end, multiple, values, &explanation)
    case .nameCall(.sizeOf, let section) where past != 0:
      explainSize(of: section, multiple, &explanation)
    case .nameCall(.address, let section) where past != 0:
      explainSectionStart(section, multiple, amount(beside: operand, multiple), &explanation)
    case .symbol(let name):
      explainSymbol(name, operand, value, multiple, &explanation)
    default: return
    }
  }

  private func explainSymbol(
    _ name: NameID, _ operand: ExpressionID, _ value: UInt64, _ multiple: UInt64,
    _ explanation: inout Explanation
  ) {
    guard let step = source(of: name) else {
      explainObjectSymbol(name, value, multiple, &explanation)
      return
    }
    if value % multiple == 0 {
      explanation.causes += whyAligned(name, step, multiple)
      return
    }
    explainLocation(name, step, multiple, amount(beside: operand, multiple), &explanation)
  }

  /// The step that sets a symbol, through symbols that are set to one another.
  func source(of name: NameID) -> Int? {
    var current = name
    var step = setter(of: name)
    for _ in 0..<8 {
      guard let found = step, case .assignment(let assignment) = program.steps[found].action,
        case .symbol(let next) = program.expressions[assignment.value], next != current,
        let deeper = setter(of: next)
      else { break }
      current = next
      step = deeper
    }
    return step
  }

  /// Whether an assignment takes the location counter as it is.
  func takesLocationCounter(_ step: Int) -> Bool {
    guard case .assignment(let assignment) = program.steps[step].action else { return false }
    switch program.expressions[assignment.value] {
    case .locationCounter: return true
    case .call1(.absolute, let inner):
      if case .locationCounter = program.expressions[inner] { return true }
      return false
    default: return false
    }
  }

  func explainLocation(
    _ name: NameID, _ step: Int, _ multiple: UInt64, _ amount: ExpressionID?,
    _ explanation: inout Explanation
  ) {
    let place = span(of: step)
    let symbol = self.name(name)
    guard takesLocationCounter(step) else {
      if explainOwnAlign(name, step, multiple, amount, &explanation) { return }
      explanation.causes.append(
        ExplanationNote(
          "'\(symbol)' is computed here", at: place,
          label: trace.value(of: step).map { "comes to \(hexadecimal($0))" }))
      if case .assignment(let assignment) = program.steps[step].action,
        case .nameCall(.loadAddress, let section) = program.expressions[assignment.value],
        let value = trace.value(of: step)
      {
        explainLoadAddress(section, value, multiple, &explanation)
      }
      return
    }
    if isOnlyProvided(step) {
      explanation.causes.append(
        ExplanationNote(
          "'\(symbol)' is set here unless an object defines it; a GNU ld map tells which", at: place
        ))
      return
    }
    let approach = trace.approach(to: step)
    if let decided = approach.step {
      explanation.causeKey = .location(step: decided, multiple: multiple)
    }
    let wanted = multipleInWords(multiple)
    let late = trace.lateAlignment(after: step, multiple)
    let set = setLabel(step, approach)
    switch approach {
    case .move(let move, let alignment?) where multiple % max(alignment, 1) == 0:
      explanation.causes.append(
        ExplanationNote(
          "the last ALIGN before '\(symbol)' is to \(multipleInWords(alignment)), not to \(wanted)",
          at: span(of: move), label: "aligns to \(multipleInWords(alignment)) only"))
      explanation.causes.append(ExplanationNote("'\(symbol)' is set", at: place, label: set))
    case .move(let move, _):
      explanation.causes.append(
        ExplanationNote(
          "this statement puts '\(symbol)' where it is", at: span(of: move),
          label: trace.value(of: move).map { "'.' = \(hexadecimal($0))" }))
      explanation.causes.append(ExplanationNote("'\(symbol)' is set", at: place, label: set))
    default:
      explanation.causes.append(
        ExplanationNote(
          late.map { "'\(symbol)' is set before '\(statement($0))', which comes too late for it" }
            ?? "nothing aligns '.' to \(wanted) between \(words(approach)) and '\(symbol)'",
          at: place, label: set))
    }
    addCandidates(name, step, multiple, approach, late: late, amount: amount, &explanation)
    if let late {
      explanation.causes.append(
        ExplanationNote(
          "the ALIGN to \(wanted) comes only after '\(symbol)' is set",
          at: span(of: late),
          label: trace.value(of: late).map { "moves '.' to \(hexadecimal($0)), too late" }
            ?? "too late"))
    }
  }

  /// `end = ALIGN(8);` where more is wanted; whether it is that.
  private func explainOwnAlign(
    _ name: NameID, _ step: Int, _ multiple: UInt64, _ wanted: ExpressionID?,
    _ explanation: inout Explanation
  ) -> Bool {
    guard case .assignment(let assignment) = program.steps[step].action,
      case .call1(.align, let amount) = program.expressions[assignment.value],
      let alignment = program.expressions.foldedValue(amount), alignment > 0,
      multiple % alignment == 0, let value = trace.value(of: step)
    else { return false }
    explanation.causes.append(
      ExplanationNote(
        "'\(self.name(name))' is aligned to \(multipleInWords(alignment)), not to \(multipleInWords(multiple))",
        at: span(of: step), label: "comes to \(hexadecimal(value))"))
    if let span = amountSpan(of: step) {
      let text = wanted.flatMap(authoredText) ?? hexadecimal(multiple)
      explanation.candidates.append(
        Mend("align '\(self.name(name))' to \(text)", edits: [FixEdit(span, replacement: text)]))
    }
    return true
  }

  /// Whether a step is a PROVIDE of which nothing tells whether it took effect.
  private func isOnlyProvided(_ step: Int) -> Bool {
    guard case .assignment(let assignment) = program.steps[step].action, assignment.kind.isProvide
    else { return false }
    return trace.value(of: step) == nil && locationCounter(before: step) == nil
  }

  /// A load address follows what lies before it in the load image, whatever aligns '.'.
  private func explainLoadAddress(
    _ section: NameID, _ value: UInt64, _ multiple: UInt64, _ explanation: inout Explanation
  ) {
    let name = self.name(section)
    let own = report.evidence.sections.first { $0.name == program.names.bytes(section) }
    guard let own, let address = own.vma, address != value else { return }
    let before = report.evidence.sections.compactMap { record -> (end: UInt64, name: String)? in
      guard let start = record.lma ?? record.vma, let size = record.size, size > 0,
        start &+ size <= value
      else { return nil }
      return (start &+ size, String(decoding: record.name, as: UTF8.self))
    }.max { $0.end < $1.end }
    let place = before.map { "follows the end of \($0.name) (\(hexadecimal($0.end)))" }
    explanation.causes.append(
      ExplanationNote(
        "the load address of \(name) \(place ?? "is \(hexadecimal(value))"); an ALIGN of '.' moves its run address "
          + "(VMA, \(hexadecimal(address))) only"))
    let wanted = multipleInWords(multiple)
    let inside =
      before.map { "end \($0.name) with '. = ALIGN(\(wanted))' inside of its braces, or " } ?? ""
    explanation.advice.append(inside + "give \(name) AT(ALIGN(..., \(wanted))) or ALIGN_WITH_INPUT")
  }

  private func words(_ approach: Approach) -> String {
    switch approach {
    case .end(let section, _): "the end of \(name(program.sections[section].name))"
    case .start(let section, _): "the start of \(name(program.sections[section].name))"
    case .contents(let step): contentsInWords(step)
    case .move, .nothing: "the statement before"
    }
  }

  /// The end of the input section that a map lists at a step.
  private func contentsInWords(_ step: Int) -> String {
    guard case .contents(let address, _) = program.steps[step].action,
      let input = contents?.input(at: address)
    else { return "the contents before it" }
    return "the end of \(input.description)"
  }

  private func setLabel(_ step: Int, _ approach: Approach) -> String {
    guard let value = locationCounter(before: step) ?? trace.value(of: step) else {
      return "set here"
    }
    let start = "set here; '.' was \(hexadecimal(value))"
    switch approach {
    case .end(let section, _): return start + ", the end of \(name(program.sections[section].name))"
    case .move(let move, _): return start + " after '\(statement(move))'"
    default: return start
    }
  }

  /// The location counter before a step: from the script, or from the map's line of the same assignment.
  func locationCounter(before step: Int) -> UInt64? {
    if let known = trace.locationCounter(before: step) { return known }
    guard let mapTrace, case .assignment(let assignment) = program.steps[step].action,
      !assignment.isLocationCounter,
      let steps = program.assignments[assignment.target.name],
      let ordinal = steps.firstIndex(of: step),
      let name = mapTrace.program.names.find(program.names.bytes(assignment.target.name)),
      let mapSteps = mapTrace.program.assignments[name], mapSteps.count == steps.count
    else { return nil }
    return mapTrace.locationCounter(before: mapSteps[ordinal])
  }

  /// The author's text of a statement, or what stands after macros.
  func statement(_ step: Int) -> String {
    program.sources.authoredExpression(of: span(of: step)).text
  }

  // MARK: Other cases

  private func whyAligned(_ name: NameID, _ step: Int, _ multiple: UInt64) -> [ExplanationNote] {
    let symbol = self.name(name)
    guard takesLocationCounter(step) else { return [settingNote(name)].compactMap { $0 } }
    let set = ExplanationNote(
      "'\(symbol)' is set", at: span(of: step),
      label: setLabel(step, trace.approach(to: step)))
    let approach = trace.approach(to: step)
    if case .move(let move, nil) = approach,
      case .assignment(let moving) = program.steps[move].action,
      let constant = program.expressions.foldedValue(moving.value), constant % multiple == 0,
      program.steps[move].context != program.steps[step].context
        || program.steps[step].context == .between
    {
      return [
        ExplanationNote(
          "this number is a multiple of \(multipleInWords(multiple)), in every link",
          at: span(of: move), label: "'.' = \(hexadecimal(constant))"), set,
      ]
    }
    guard case .move(let move, let alignment?) = approach, alignment % multiple == 0 else {
      return [
        ExplanationNote(
          "no statement directly before '\(symbol)' aligns '.' to \(multipleInWords(multiple)): it is so for this "
            + "image only", at: span(of: step), label: setLabel(step, approach))
      ]
    }
    return [
      ExplanationNote(
        "this ALIGN makes '\(symbol)' a multiple of \(multipleInWords(multiple))",
        at: span(of: move), label: "aligns to \(multipleInWords(alignment))"), set,
    ]
  }

  private func explainObjectSymbol(
    _ name: NameID, _ value: UInt64, _ multiple: UInt64, _ explanation: inout Explanation
  ) {
    guard let note = objectNote(name) else { return }
    explanation.causes.append(note)
    guard value % multiple != 0, let input = contents?.input(at: value) else { return }
    let wanted = multipleInWords(multiple)
    let start = input.address % multiple
    if start == 0 {
      explanation.advice.append(
        "'\(self.name(name))' is not at the start of its section: align it there, in the object's source "
          + "(.balign \(multiple))")
    } else if let forced = subalignment(of: input), forced.alignment % multiple != 0 {
      explanation.causes.insert(
        ExplanationNote(
          "\(input.description) starts at \(hexadecimal(input.address)), "
            + "\(bytesInWords(start)) past a multiple of \(wanted): "
            + "SUBALIGN(\(multipleInWords(forced.alignment))) of '\(forced.section)' places it, whatever alignment "
            + "the object asks for",
          at: forced.span, label: "every input section is aligned to this and no more"), at: 0)
      explanation.advice.append(
        "the object is not the cause: take SUBALIGN away or make it SUBALIGN(\(wanted)), or give "
          + "\(String(decoding: input.section, as: UTF8.self)) an output section of its own")
    } else {
      let reason =
        program.isMap
        ? "the object asks for no more, or SUBALIGN() of the script, which a map does not list, overrules it"
        : "the object asks for no more"
      explanation.causes.append(
        ExplanationNote(
          "\(input.description) starts at \(hexadecimal(input.address)), "
            + "\(bytesInWords(start)) past a multiple of \(wanted): \(reason)"))
      explanation.advice.append(
        "align the section in the object's source (.balign \(multiple), or "
          + "__attribute__((aligned(\(multiple))))), or give it an output section or ALIGN of its own"
      )
    }
  }

  /// The SUBALIGN of the output section that holds an input section (ld manual, "Forced Input Alignment": it overrides
  /// any value given by input sections, larger or smaller).
  private func subalignment(
    of input: Contribution
  ) -> (section: String, alignment: UInt64, span: SourceSpan)? {
    let home = report.evidence.sections.first { section in
      guard let vma = section.vma, let size = section.size else { return false }
      return AddressRange(start: vma, byteCount: size).contains(input.address)
    }
    guard let home, let name = program.names.find(home.name),
      let section = program.section(named: name),
      let amount = program.sections[section].description?.subalignment,
      let alignment = program.expressions.foldedValue(amount), alignment > 0
    else { return nil }
    return (self.name(name), alignment, program.expressions.span(amount))
  }
}

// What a misaligned boundary does to the page tables, from the superpage plan.
extension Explainer {
  /// Says what shares the superpage that holds `address`, when the claim is about pages at least that large.
  func addFrameEffect(
    _ address: UInt64, _ multiple: UInt64, _ explanation: inout Explanation
  ) {
    guard let plan = surroundings.plan, multiple >= plan.pageSize.bytes,
      !plan.pageSize.isAligned(address),
      let frame = plan.frames.first(where: { $0.range.contains(address) })
    else { return }
    let regions = frame.regions.map { index in
      let region = plan.regions[index]
      return "\(region.name) (\(region.permissions.map(\.description) ?? "???"))"
    }
    guard !regions.isEmpty else { return }
    let held =
      "slot \(frame.slot), the \(plan.pageSize) page \(frame.range), holds "
      + regions.joined(separator: " and ")
    explanation.effects.append(
      frame.isMixed ? held + ": it cannot be one superpage with one permission" : held)
    if plan.superpageMappable == false, !plan.mapped.superpageSymbols.isEmpty {
      explanation.effects.append(
        "using_2M_mapping() is false: boot code falls back to 4K pages for the whole image")
    }
  }
}
