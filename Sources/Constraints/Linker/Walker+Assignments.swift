// Assignments: PROVIDE, self reference, the location counter (ld-semantics 3.5, 3.6, 4, 5.1; ldexp.c,
// case etree_assign).

internal import LdsParser

extension Walker {
  mutating func run(_ assignment: Assignment, _ step: Step) {
    if assignment.isLocationCounter {
      move(assignment, step)
      return
    }
    prepareDot(step, moves: false)
    let name = assignment.target.name
    switch untaken.effect(of: assignment, step, in: pass, program) {
    case .runs: break
    case .skips: return
    case .carries, .open:
      return set(name, somewhere(name, numbers.unknown(Lack(.unsettled(name), mayStop: true))))
    }
    if dialect == .bfd, premise == .oneLink, let value = program.defaultValue(of: assignment),
      isDefined(name).exact == nil
    {
      return runDefault(assignment, value, step)
    }
    let reachesItself = isFinal || dialect == .lld ? false : refersToItself(assignment, step)
    guard let waits = reachesItself else {
      let lack = Lack(.unsettled(name), mayStop: true)
      set(name, Outcome(Value(numbers.unknown(lack), kind: .absolute)))
      return
    }
    if waits, isAbsoluteHere(name) == false {
      // GNU ld leaves such an assignment to the last pass, unless the symbol is an absolute one that the
      // script has set earlier in this pass.
      doubt(name)
      return
    }
    if assignment.kind.isProvide, !isFinal || !keepsResults, uncertain(name) != nil {
      if !isConstantHere(name) { doubt(name) }
      return
    }
    var outcome = evaluate(assignment, step)
    if waits, isAbsoluteHere(name) == nil {
      if let before = symbols[Int(name.index)]?.outcome { outcome.merge(before) }
      outcome = outcome.bounded(self, because: Lack(.context))
    }
    if assignment.kind.isProvide {
      let isApplied = applies(step, name, outcome)
      if isApplied != true {
        if isApplied == nil { doubtProvided(name) } else { leaveToObject(name) }
        record(assignment.value, outcome, isApplied: false)
        return
      }
    }
    var settled = outcome
    if program.isLastAssignment(currentStep, of: name) {
      settled = completed(outcome, assignment)
    }
    set(name, remembered(settled))
    noteIfInside(name)
    record(assignment.value, outcome)
  }

  /// Keeps what a line of a map makes of a symbol if it stands inside the output section above it.
  private mutating func noteIfInside(_ name: NameID) {
    guard ways.count > 1, let way = ways.first(where: { $0.context != nil }),
      way.outcome.commonAddress?.exact != nil
    else { return }
    symbols[Int(name.index)]?.ifInside = way.outcome
  }

  /// What a symbol is worth to a line of a map that is read as one inside the output section above it: then the lines
  /// between that section's contents and this one stand inside, too. Nil if the symbol is set elsewhere, or further down.
  func outcomeIfInside(_ name: NameID) -> Outcome? {
    guard case .either(let section) = program.steps[currentStep].context,
      contextKey == .listed(section), Int(name.index) < symbols.count,
      let state = symbols[Int(name.index)], let outcome = state.ifInside,
      let definedAt = state.definedAt, definedAt < currentStep,
      program.steps[definedAt].context == .either(section)
    else { return nil }
    return outcome
  }

  /// `x = DEFINED(x) ? x : value`, where nothing tells whether an object or an option defines the symbol: it has
  /// the value, or what is in the image in the end.
  private mutating func runDefault(
    _ assignment: Assignment, _ value: ExpressionID, _ step: Step
  ) {
    let name = assignment.target.name
    var outcome = evaluate(assignment, value: value, step)
    // What is made from later symbols may have been something else in a pass before the last.
    let isLast =
      program.isLastAssignment(currentStep, of: name) && (isFinal || !unsettled.late.contains(name))
    if isLast, let other = facts.finalSymbol(name, base: { base(of: $0) }) {
      let isOther = outcome.branches.allSatisfy { differs($0, from: other) }
      // A value that is not the image's is not the one that the symbol got.
      outcome = isOther ? other : completed(outcome, assignment)
      if !isOther { outcome.merge(other) }
    } else {
      let lack = Lack(.objectDefinition(name), mayStop: true)
      outcome.merge(somewhere(name, numbers.unknown(lack)))
    }
    set(name, remembered(outcome))
    record(assignment.value, outcome)
  }

  /// Whether a value is certainly not the image's, as far as it shows it.
  private func differs(_ branch: Outcome.Branch, from shown: Outcome) -> Bool {
    guard case .value(let value) = branch, let exact = value.address.exact else { return false }
    return shown.branches.allSatisfy { other in
      guard case .value(let other) = other, let address = other.address.exact else { return false }
      return (address ^ exact) & facts.addressWidth.mask != 0
    }
  }

  mutating func evaluate(_ assignment: Assignment, _ step: Step) -> Outcome {
    evaluate(assignment, value: assignment.value, step)
  }

  /// The value with the section around it as its place if it is a plain number.
  private mutating func evaluate(
    _ assignment: Assignment, value: ExpressionID, _ step: Step
  ) -> Outcome {
    var outcome: Outcome?
    for key in contexts(of: step) {
      contextKey = key
      let raw = Evaluator(program.expressions, scope: self).evaluate(value)
      let part = raw.map(self) { value in
        if dialect == .lld, value.kind == .absolute {
          // The symbol forgets the section of a place that ABSOLUTE made absolute.
          return Outcome(Value(value.address, kind: .absolute))
        }
        guard value.kind == .plain else { return Outcome(value) }
        guard let key, dialect == .bfd else { return Outcome(Value(value.offset, kind: .absolute)) }
        return Outcome(relative(value.offset, in: key))
      }
      ways.append(Way(context: key, outcome: part))
      if outcome == nil { outcome = part } else { outcome?.merge(part) }
    }
    let all = outcome ?? Outcome(.invalid)
    // What is printed is the value of the final pass, and of earlier ones if nothing later goes into it.
    let isPrinted =
      program.assignments[assignment.target.name]?.count == 1
      && (isFinal || !unsettled.late.contains(assignment.target.name))
    return isPrinted && (isFinal || all.isSettled) ? prune(all, printed: step.printed) : all
  }

  mutating func set(_ name: NameID, _ outcome: Outcome) {
    let index = Int(name.index)
    if outcome.single == .invalid {
      // An invalid expression defines a symbol that is new, as 0, and leaves others alone, also those that an earlier
      // expression has made known as undefined.
      if let outcome = uncertain(name) {
        symbols[index] = SymbolState(outcome: outcome, definedAt: nil)
        return
      }
      guard symbols[index] == nil else { return }
      switch unsettled.mention(of: name, before: currentStep) {
      case .certain: return
      case .possible:
        forget([name])
        return
      case .none: break
      }
      let zero = Number(0)
      symbols[index] = SymbolState(
        outcome: Outcome(
          contextKey.map { relative(zero, in: $0) } ?? Value(zero, kind: .absolute)),
        definedAt: currentStep)
      return
    }
    symbols[index] = SymbolState(
      outcome: outcome, definedAt: currentStep, isAhead: isAhead(outcome))
  }

  /// Forgets a symbol of which it is open in an early pass whether the PROVIDE or an object sets it.
  private mutating func doubtProvided(_ name: NameID) {
    guard uncertain(name) == nil else { return doubt(name) }
    let lack = Lack(.objectDefinition(name))
    symbols[Int(name.index)] = SymbolState(
      outcome: somewhere(name, numbers.unknown(lack)), definedAt: nil)
  }

  /// A symbol that the script would only PROVIDE, and does not, is that of an object or an option, in every pass.
  private mutating func leaveToObject(_ name: NameID) {
    let index = Int(name.index)
    guard premise == .oneLink, symbols[index]?.definedAt == nil, program.isOnlyProvided(name)
    else { return }
    symbols[index] = facts.finalSymbol(name, base: { base(of: $0) }).map {
      let outcome = unseen(name, $0)
      return SymbolState(
        outcome: outcome, definedAt: currentStep, isAhead: isAhead(outcome))
    }
  }

  /// Forgets a symbol of which nothing tells whether the script sets it here.
  private mutating func doubt(_ name: NameID) {
    guard let outcome = uncertain(name) else { return }
    symbols[Int(name.index)] = SymbolState(outcome: outcome, definedAt: nil)
  }

  /// Whether an earlier statement sets the symbol to a constant. Any other assignment may have been without
  /// value in the first pass, and a PROVIDE that has taken effect once goes on doing so.
  private func isConstantHere(_ name: NameID) -> Bool {
    guard let step = symbols[Int(name.index)]?.definedAt, step != currentStep,
      case .assignment(let assignment) = program.steps[step].action
    else { return false }
    return program.expressions.foldedValue(assignment.value) != nil
  }

  /// Whether a PROVIDE takes effect: the symbol is referenced and nobody else defines it. Nil if nothing
  /// tells and does not take it for granted.
  private func applies(_ step: Step, _ name: NameID, _ outcome: Outcome) -> Bool? {
    if step.printed == .notProvided { return false }
    if case .value? = step.printed { return true }
    // A plain assignment of the script wins over a PROVIDE that comes after it.
    if let state = symbols[Int(name.index)], let definedAt = state.definedAt,
      definedAt != currentStep, uncertain(name) == nil || isConstantHere(name)
    {
      return false
    }
    if let isProvided = facts.isProvided(step: currentStep, name, value: outcome) {
      // Before the final pass the value may be another than the one in the image.
      let mayChange =
        (isFirstRound || !isFinal && unsettled.late.contains(name))
        && facts.finalAddress(name) != nil
      return !isProvided && mayChange ? nil : isProvided
    }
    return uncertain(name) == nil ? true : nil
  }

  /// Whether the linker comes to the symbol's own value on the way to its new one; nil if it may.
  private mutating func refersToItself(_ assignment: Assignment, _ step: Step) -> Bool? {
    guard program.expressions.mentions(.symbol(assignment.target.name), in: assignment.value)
    else { return false }
    var answers: [Bool?] = []
    for key in contexts(of: step) {
      contextKey = key
      let evaluator = Evaluator(program.expressions, scope: self)
      answers.append(evaluator.reaches(assignment.target.name, in: assignment.value))
    }
    return answers.allSatisfy { $0 == answers[0] } ? answers[0] : nil
  }

  /// Whether the symbol is an absolute one that the script has set earlier in this pass; nil if it may be.
  private func isAbsoluteHere(_ name: NameID) -> Bool? {
    guard let state = symbols[Int(name.index)], state.definedAt != nil else { return false }
    let isAbsolute = state.outcome.branches.map { branch in
      if case .value(let value) = branch { value.kind == .absolute } else { false }
    }
    return isAbsolute.allSatisfy { $0 == isAbsolute[0] } ? isAbsolute[0] : nil
  }

  /// Where the script alone does not tell the number, the image does: it has the last assignment's. Before
  /// the final pass a value that is made from later symbols, or from where a dropped section moved the location
  /// counter, may still be another.
  private mutating func completed(_ outcome: Outcome, _ assignment: Assignment) -> Outcome {
    let name = assignment.target.name
    guard isFinal || !unsettled.late.contains(name), let shown = facts.finalAddress(name)
    else { return outcome }
    if program.isMap, program.assignments[name]?.last == currentStep, contradicts(outcome, shown) {
      // What the linker prints beside the line is what it came to there; the place was another one.
      return somewhere(
        name, facts.addressWidth == .full ? Number(shown) : facts.addressWidth.open(shown))
    }
    // Tools behind the link move symbols with their section.
    let isOfMovedSection = outcome.branches.contains { branch in
      if case .value(let value) = branch { value.address.isOfMovedSection } else { false }
    }
    if isOfMovedSection { return outcome }
    // Of 32 bits the upper half is what the script makes it.
    var address = facts.addressWidth == .full ? Number(shown) : facts.addressWidth.open(shown)
    if case .value(let value)? = outcome.single,
      let whole = facts.addressWidth.number(shown, within: value.address)
    {
      address = Number(whole)
    }
    let isCertain = program.assignments[name]?.count == 1 && !assignment.kind.isProvide
    if isCertain, let exact = address.exact, case .value(let value)? = outcome.single,
      isFinal || value.address.isSettled, facts.tellsLocationCounter(name)
    {
      // The symbol tells the location counter wherever its value hangs on that.
      layout.numbers.learn(value.address, is: exact)
      dot = numbers.resolved(dot)
    }
    return outcome.map(self) { value in
      guard value.address.exact == nil, isFinal || value.address.isSettled else {
        return Outcome(value)
      }
      if let lack = value.address.lack {
        if lack.mayStop, !isFinal { return Outcome(value) }
        // What nothing was placed for yet has another value than in the end.
        if isFirstRound, lack.items.contains(.firstPass) { return Outcome(value) }
        if lack.hidesKind { return somewhere(name, address) }
      }
      guard case .section(let section) = value.kind else {
        return Outcome(Value(address, kind: value.kind))
      }
      return Outcome(
        Value(
          offset: difference(address, base(of: section)), address: address, in: section,
          isInside: value.isInsideSection))
    }
  }

  /// Whether an outcome is known, and is not what an image shows of it.
  private func contradicts(_ outcome: Outcome, _ shown: UInt64) -> Bool {
    outcome.branches.allSatisfy { branch in
      guard case .value(let value) = branch, let exact = value.address.exact else { return false }
      return (exact ^ shown) & facts.addressWidth.mask != 0
    }
  }

  private mutating func move(_ assignment: Assignment, _ step: Step) {
    prepareDot(step, moves: true)
    var outcome: Outcome?
    for key in contexts(of: step) {
      contextKey = key
      let raw = Evaluator(program.expressions, scope: self).evaluate(assignment.value)
      let part = raw.map(self) { value in
        guard value.kind == .plain, let key, dialect == .bfd else { return Outcome(value) }
        return Outcome(relative(value.offset, in: key))
      }
      if outcome == nil { outcome = part } else { outcome?.merge(part) }
    }
    guard let outcome else { return }
    if case .either = step.context { isPerhapsPastEnd = true }
    record(assignment.value, outcome)
    let target =
      facts.listedPlace(of: currentStep).map { Number($0.behind) } ?? outcome.commonAddress
    for case .value(let value) in outcome.branches where target == nil {
      if let address = value.address.exact { layout.mayHaveReached(address) }
    }
    dot = layout.move(
      step: currentStep, from: dot, to: target, isInside: contextKey != nil)
  }
}
