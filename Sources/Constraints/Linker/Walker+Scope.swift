// The walker as the world around an expression.

package import LdsParser

extension Walker: EvaluationScope {
  package var numbers: Numbers { layout.numbers }
  var facts: any LayoutFacts { layout.facts }
  package var isSane: Bool { program.isSane }
  package var isPrintedText: Bool { program.isMap }
  package var context: SectionKey? { contextKey }
  package var locationCounter: Number {
    isBeforeLastSection ? numbers.unknown(Lack(.placeBeforeSection)) : dot
  }

  /// Whether the location counter is one byte before the section that was left last, to which lld takes it as relative: it
  /// goes back behind a section without room, for which it was aligned.
  private var isBeforeLastSection: Bool {
    guard dialect == .lld, premise == .oneLink, contextKey == nil, let exact = dot.exact else {
      return false
    }
    var last = lastClosed
    while last >= 0, facts.section(last).presence == .dropped { last -= 1 }
    if case .listed(let orphans) = facts.orphans(behind: last >= 0 ? last : nil),
      orphans.contains(where: { $0.start == exact &+ 1 })
    {
      return true
    }
    return last >= 0 && layout.start(of: last).exact == exact &+ 1
  }

  package var headerSize: Number {
    facts.headerSize.map { Number($0) } ?? numbers.unknown(.headers)
  }

  package func base(of section: SectionKey) -> Number {
    switch section {
    case .listed(let index) where untaken.isNowhere(index): Number(0)
    case .listed(let index): layout.start(of: index)
    case .holding(let name, _): layout.base(ofSectionHolding: name)
    case .input: Number(0)
    }
  }

  package func startsSection(_ address: Number) -> Bool {
    if let exact = address.exact { return facts.startsSection(exact) }
    // What is not known of one link may be the start of a section. Of all links: an address is the start of its section if
    // it is a place as such.
    return premise == .oneLink || (address.form.map { $0.constant == 0 } ?? true)
  }

  package func symbol(_ name: NameID) -> Outcome {
    if !program.keepsOrder(of: name, with: currentStep) {
      return somewhere(name, numbers.unknown(Lack(.insertedSymbol(name), mayStop: true)))
    }
    if program.isMap, let inside = outcomeIfInside(name) { return inside }
    if Int(name.index) < symbols.count, let state = symbols[Int(name.index)] {
      return state.definedAt == nil ? carried(name, state.outcome) : moved(state)
    }
    switch layout.objectSymbol(name) {
    case .defined(let outcome): return unseen(name, outcome)
    case .perhaps(let defined):
      // A link that stops has no image of which an earlier pass would tell.
      var outcome = unseen(name, defined)
      if isFinal { outcome.merge(Outcome(.fault(.undefinedSymbol(name)))) }
      return outcome
    case .undefined:
      return isFinal ? Outcome(.fault(.undefinedSymbol(name))) : notYetSet(name)
    case .unknown(let lack):
      // Before the script's own assignment has run once, GNU ld takes the expression as invalid.
      if !isFinal, program.assignments[name] != nil { return notYetSet(name) }
      return somewhere(name, numbers.unknown(lack))
    }
  }

  /// What a symbol is worth in the first pass before the script sets it: nothing for GNU ld, 0 for lld, or what it was
  /// when it was declared.
  private func notYetSet(_ name: NameID) -> Outcome {
    dialect == .bfd ? Outcome(.invalid) : declared(name)
  }

  /// A value of which not even the kind is known: absolute, or in some section.
  func somewhere(_ name: NameID, _ address: Number) -> Outcome {
    var outcome = Outcome(
      Value(
        offset: numbers.unknown(Lack(.symbolSection(name))), address: address,
        in: .holding(name, letter: 0)))
    outcome.merge(Outcome(Value(address, kind: .absolute)))
    return outcome
  }

  package func isDefined(_ name: NameID) -> Number {
    let state = Int(name.index) < symbols.count ? symbols[Int(name.index)] : nil
    if state?.definedAt == nil, dialect.follows(.definesEarly), isAssignedForCertain(name) {
      return Number(1)
    }
    // INSERT puts statements elsewhere, before or behind those that set the symbol.
    if program.hasInsert, program.assignments[name] != nil {
      return numbers.unknownTruth(Lack(.insertedSymbol(name)))
    }
    if let early = isDefinedUnderConstraint(name) { return early }
    if let state, let step = state.definedAt {
      return isPerhapsProvided(name, state.outcome, at: step)
        ? numbers.unknownTruth(Lack(.objectDefinition(name))) : Number(1)
    }
    switch facts.isDefinedByObject(name) {
    case .some(let isDefined): return Number(isDefined ? 1 : 0)
    case .none: return numbers.unknownTruth(Lack(.objectDefinition(name)))
    }
  }

  /// `DEFINED` of a symbol that is set under ONLY_IF_RO or ONLY_IF_RW: lld declares it where a statement sets it that surely
  /// counts, however far down, and only else there (LinkerScript.cpp, declareSymbols). Nil where the usual rules say it.
  private func isDefinedUnderConstraint(_ name: NameID) -> Number? {
    guard dialect.follows(.declaresConstrainedLast),
      program.assignments[name]?.contains(where: { program.isConstrained(step: $0) }) == true
    else { return nil }
    if let declared = declaration(of: name) {
      if declared < currentStep { return Number(1) }
    } else if premise == .oneLink, facts.finalAddress(name) != nil {
      return nil
    }
    return facts.isDefinedByObject(name).map { Number($0 ? 1 : 0) }
      ?? numbers.unknownTruth(Lack(.objectDefinition(name)))
  }

  /// Whether a statement sets the symbol whatever is linked.
  private func isAssignedForCertain(_ name: NameID) -> Bool { declaration(of: name) != nil }

  /// The first statement other than PROVIDE that sets the symbol, of those that hang on no input section.
  private func declaration(of name: NameID) -> Int? {
    program.assignments[name]?.first { step in
      if case .assignment(let assignment) = program.steps[step].action {
        !assignment.kind.isProvide
          && !(dialect.follows(.declaresConstrainedLast) && program.isConstrained(step: step))
      } else {
        false
      }
    }
  }

  /// Whether the symbol is set by a PROVIDE that nothing says took effect: lld's maps have no symbols of the script, a
  /// stripped image has none at all. To ask whether it is defined is no reference to it (ld-semantics 3.7).
  private func isPerhapsProvided(
    _ name: NameID, _ outcome: Outcome, at step: Int
  ) -> Bool {
    guard premise == .oneLink, case .assignment(let assignment) = program.steps[step].action,
      assignment.kind.isProvide, facts.finalAddress(name) == nil
    else { return false }
    if case .value? = program.steps[step].printed { return false }
    return facts.isProvided(step: step, name, value: outcome) == nil
  }

  package func section(_ function: NameFunction, _ name: NameID) -> Outcome {
    // Which section is the next one is not asked here.
    if function == .sizeOf || function == .alignOf, dialect.follows(.knowsNextSection),
      program.names.bytes(name) == Array("NEXT_SECTION".utf8)
    {
      let number = numbers.unknown(
        function == .sizeOf ? .sectionSize(name) : .sectionAlignment(name))
      return Outcome(Value(number, kind: .plain))
    }
    if let first = program.section(named: name),
      let index = facts.section(meantBy: name, first)
    {
      if isPerhapsAnother(index, name) {
        let number = numbers.unknown(Lack(.sectionExistence(name)))
        switch function {
        case .address: return somewhere(name, number)
        case .loadAddress: return Outcome(Value(number, kind: .absolute))
        default: return Outcome(Value(number, kind: .plain))
        }
      }
      if function != .alignOf, let outcome = unseen(function, of: index) { return outcome }
      if function == .sizeOf, !dialect.follows(.discardHasSize), isDiscard(name) {
        return Outcome(.fault(.undefinedSection(name)))
      }
      if function == .sizeOf, !dialect.follows(.knowsLaterSizes), index > lastClosed,
        placesSomething
      {
        return Outcome(Value(numbers.unknown(Lack(.laterSection(name))), kind: .plain))
      }
      // While the linker sizes sections, it does not know the address of one that it is not done with.
      if dialect == .lld, function == .sizeOf, contextKey == .listed(index) {
        // What is in it so far.
        return Outcome(Value(difference(dot, base(of: .listed(index))), kind: .absolute))
      }
      if dialect == .bfd, pass == .sizing, index > lastClosed,
        function == .address || function == .loadAddress
      {
        guard premise == .everyLink else { return Outcome(.invalid) }
        return Outcome(
          Value(numbers.unknown(Lack(.laterSection(name), mayStop: true)), kind: .absolute))
      }
      return fact(function, of: .listed(index), index: index, name)
    }
    switch facts.unlistedSection(name) {
    case .found(let index):
      // Nothing was placed in an orphan yet when the first pass begins.
      if function != .alignOf, isFirstRound {
        return Outcome(Value(numbers.unknown(Lack(.firstPass)), kind: .absolute))
      }
      return fact(function, of: .listed(index), index: index, name)
    case .absent:
      if dialect == .lld {
        let isOwn = SectionNames.mayBeOfLinker(program.names.bytes(name))
        if isFinal, function != .sizeOf, !isOwn { return Outcome(.fault(.undefinedSection(name))) }
        // lld also knows sections of its own making, such as `.bss`, which it drops.
        let lack = Lack(.sectionExistence(name), mayStop: true)
        let number = function == .sizeOf ? Number(0) : numbers.unknown(lack)
        return Outcome(Value(number, kind: .absolute))
      }
      return Outcome(isFinal ? .fault(.undefinedSection(name)) : .invalid)
    case .unknown(let lack):
      let number = numbers.unknown(lack)
      guard function == .address else {
        return Outcome(Value(number, kind: function == .loadAddress ? .absolute : .plain))
      }
      return Outcome(
        Value(offset: Number(0), address: number, in: .holding(name, letter: 0)))
    }
  }

  /// Whether a map has another section of the name: the first may be one whose ONLY_IF was not met, or that of an orphan
  /// which does not fit into the script's, and that is the one that expressions mean.
  private func isPerhapsAnother(_ index: Int, _ name: NameID) -> Bool {
    program.isMap && dialect == .bfd
      && program.sections[(index + 1)...].contains { $0.name == name }
  }

  private func isDiscard(_ name: NameID) -> Bool {
    program.names.bytes(name) == Array("/DISCARD/".utf8)
  }

  /// Whether the current step sets an address or the location counter.
  private var placesSomething: Bool {
    switch program.steps[currentStep].action {
    case .enter: true
    case .assignment(let assignment): assignment.isLocationCounter
    default: false
    }
  }

  private func fact(
    _ function: NameFunction, of key: SectionKey, index: Int, _ name: NameID
  ) -> Outcome {
    switch function {
    case .address: return Outcome(relative(Number(0), in: key))
    case .loadAddress:
      // GNU ld evaluates the AT(...) expression again, here and now (ld-semantics 3.2).
      if dialect == .bfd, index < program.sections.count,
        let load = program.sections[index].description?.loadAddress
      {
        return indirect(load, lack: Lack(.sectionLoadAddress(name)), kind: .absolute) { _ in }
      }
      return Outcome(
        Value(layout.fact(.loadAddress, ofSection: index, name), kind: .absolute))
    default: return Outcome(Value(layout.fact(function, ofSection: index, name), kind: .plain))
    }
  }

  package func region(_ function: NameFunction, _ name: NameID) -> Outcome {
    let kind: ValueKind = function == .origin ? .absolute : .plain
    if let index = program.region(named: name) {
      if isAbove(program.regions[index]) { return Outcome(.fault(.undefinedRegion(name))) }
      let region = program.regions[index]
      let expression = function == .origin ? region.origin : region.length
      return indirect(expression, lack: Lack(.region(name)), kind: kind) { scope in
        scope.contextKey = nil
        scope.dot = Number(0)
      }
    }
    if let known = facts.region(function, program.regionAliases[name] ?? name) {
      return Outcome(Value(known, kind: kind))
    }
    // A script without MEMORY is one of several of its link, unless its command says otherwise.
    if program.regions.isEmpty, !program.isMap, !facts.settings.isComplete {
      return Outcome(Value(numbers.unknown(Lack(.region(name))), kind: kind))
    }
    if dialect.follows(.regionsAreReadInOrder) {
      return Outcome(.fault(.undefinedRegion(name)))
    }
    // GNU ld warns and takes a region that nobody declared as all of memory (ld-semantics 3.8).
    return Outcome(Value(Number(function == .origin ? 0 : .max), kind: kind))
  }

  /// Whether the current step stands above the MEMORY command of a region, for a linker that has not read it then.
  private func isAbove(_ region: ProgramRegion) -> Bool {
    guard dialect.follows(.regionsAreReadInOrder), !program.isMap else { return false }
    let declared = program.expressions.span(region.origin)
    let own = program.steps[currentStep].span
    return declared.source == own.source && own.start < declared.start
  }

  /// The address that another expression of the script gives. Such expressions may refer to each other
  /// in a circle, which ends in an unknown number.
  private func indirect(
    _ expression: ExpressionID, lack: Lack, kind: ValueKind, _ prepare: (inout Walker) -> Void
  ) -> Outcome {
    let count = program.expressions.nodes(of: expression).count
    guard count <= indirectNodes else {
      return Outcome(Value(numbers.unknown(lack.stopping()), kind: kind))
    }
    var inner = self
    inner.indirectNodes /= max(count, 2)
    prepare(&inner)
    return Evaluator(program.expressions, scope: inner).evaluate(expression).map(self) {
      Outcome(Value($0.address, kind: kind))
    }
  }

  package func constant(_ name: NameID) -> Outcome {
    let text = program.names.string(name)
    guard text == "MAXPAGESIZE" || text == "COMMONPAGESIZE" else {
      return Outcome(.fault(.unknownConstant(name)))
    }
    return Outcome(
      Value(facts.constant(text).map { Number($0) } ?? layout.pageSize(name), kind: .plain))
  }

  package func segmentStart(_ name: NameID, default value: Value) -> Outcome {
    if dialect == .lld { return Outcome(value) }
    // -Ttext-segment and its kin replace the value in GNU ld; lld keeps it. GNU ld takes it as an address
    // (ldexp.c, SEGMENT_START: new_rel_from_abs).
    let isReplaceable = Self.replaceableSegments.contains(program.names.string(name))
    guard isReplaceable else { return Outcome(relativeToContext(value.offset)) }
    let known = facts.settings.segmentStart(
      program.names.bytes(name), default: value.offset.exact)
    let address =
      switch known {
      case .option(let address): Number(address)
      case .script: value.offset
      case .unknown: numbers.unknown(.segmentStart(name))
      }
    return Outcome(relativeToContext(address))
  }

  /// The segments whose start an option of GNU ld sets: `-Ttext=` .. `-Tldata-segment=` (lexsup.c).
  private static var replaceableSegments: Set<String> {
    ["text", "data", "bss", "text-segment", "rodata-segment", "ldata-segment"]
  }

  package func dataSegment(
    _ first: Value, _ second: Value?, isAlign: Bool
  ) -> Outcome {
    if dialect == .lld { return dataSegmentLLD(first, isEnd: second == nil, isAlign: isAlign) }
    guard contextKey == nil else { return Outcome(.invalid) }
    guard let second else { return Outcome(first) }
    if isAlign, unsettled.dataSegments == 1, !unsettled.endsDataSegment,
      let size = first.address.exact, size > 0
    {
      // The next page and, unless `-z relro` is in force, the offset in it that the location counter has: nothing saves
      // a page (ldexp.c, DATA_SEGMENT_ALIGN).
      let page = numbers.apply(.align, dot, Number(size))
      if case .number(let offset) = numbers.apply(.bitAnd, dot, Number(size &- 1), dialect: .bfd) {
        var outcome = Outcome(Value(page, kind: .absolute))
        outcome.merge(Outcome(Value(numbers.add(page, offset), kind: .absolute)))
        return outcome
      }
    }
    let lack = Lack(.dataSegment)
    return Outcome(
      Value(numbers.unknown(lack), kind: !isAlign && second.kind == .plain ? .plain : .absolute))
  }
}

extension Walker {
  /// lld aligns the location counter and looks at nothing else.
  private func dataSegmentLLD(
    _ first: Value, isEnd: Bool, isAlign: Bool
  ) -> Outcome {
    if isEnd { return Outcome(Value(dot, kind: .absolute)) }
    guard isAlign, let alignment = first.address.exact, alignment & (alignment &- 1) == 0
    else { return Outcome(Value(numbers.unknown(Lack(.dataSegment)), kind: .absolute)) }
    return Outcome(Value(numbers.apply(.align, dot, first.address), kind: .absolute))
  }

  /// The world as it was when a result of the final pass was computed, with the symbols' final values.
  package func scope(of result: Result) -> Walker {
    var scope = self
    scope.contextKey = result.context
    scope.dot = result.locationCounter
    scope.currentStep = result.step
    return scope
  }
}
