// The walker as the world around an expression.

package import LdsParser

extension Walker: EvaluationScope {
  package var domain: Oracle.Domain { oracle.domain }
  package var isSane: Bool { program.isSane }
  package var isPrintedText: Bool { program.isMap }
  package var context: SectionKey? { contextKey }
  package var locationCounter: Number { dot }
  package var headerSize: Number { oracle.headerSize }

  package func base(of section: SectionKey) -> Number { oracle.base(of: section) }

  package func startsSection(_ address: Number) -> Bool {
    domain.exact(address).map { oracle.startsSection($0) } ?? false
  }

  package func symbol(_ name: NameID) -> Outcome<Number> {
    if !program.keepsOrder(of: name, with: currentStep) {
      return somewhere(name, domain.unknown(Lack(.insertedSymbol(name), mayStop: true)))
    }
    if Int(name.index) < symbols.count, let state = symbols[Int(name.index)] {
      return state.definedAt == nil ? oracle.carried(name, state.outcome) : state.outcome
    }
    switch oracle.objectSymbol(name) {
    case .defined(let outcome): return outcome
    case .undefined: return isFinal ? Outcome(.fault(.undefinedSymbol(name))) : notYetSet
    case .unknown(let lack):
      // Before the script's own assignment has run once, GNU ld takes the expression as invalid.
      if !isFinal, program.assignments[name] != nil { return notYetSet }
      return somewhere(name, domain.unknown(lack))
    }
  }

  /// What a symbol is worth in the first pass before the script sets it: nothing for GNU ld, 0 for lld.
  private var notYetSet: Outcome<Number> {
    dialect == .bfd ? Outcome(.invalid) : Outcome(Value(domain.constant(0), kind: .absolute))
  }

  /// A value of which not even the kind is known: absolute, or in some section.
  func somewhere(_ name: NameID, _ address: Number) -> Outcome<Number> {
    var outcome = Outcome(
      Value(
        offset: domain.unknown(Lack(.symbolSection(name))), address: address,
        in: .holding(name, letter: 0)))
    outcome.merge(Outcome(Value(address, kind: .absolute)))
    return outcome
  }

  package func isDefined(_ name: NameID) -> Number {
    let state = Int(name.index) < symbols.count ? symbols[Int(name.index)] : nil
    // INSERT puts statements elsewhere, before or behind those that set the symbol.
    if program.hasInsert, program.assignments[name] != nil {
      return domain.unknown(Lack(.insertedSymbol(name)))
    }
    if let state, let step = state.definedAt {
      return isPerhapsProvided(name, state.outcome, at: step)
        ? domain.unknown(Lack(.objectDefinition(name))) : domain.constant(1)
    }
    switch oracle.isDefinedByObject(name) {
    case .some(let isDefined): return domain.constant(isDefined ? 1 : 0)
    case .none: return domain.unknown(Lack(.objectDefinition(name)))
    }
  }

  /// Whether the symbol is set by a PROVIDE that nothing says took effect: lld's maps have no symbols of the script.
  private func isPerhapsProvided(
    _ name: NameID, _ outcome: Outcome<Number>, at step: Int
  ) -> Bool {
    guard dialect == .lld, case .assignment(let assignment) = program.steps[step].action,
      assignment.kind.isProvide, oracle.finalAddress(name) == nil
    else { return false }
    return oracle.isProvided(step: step, name, value: outcome) == nil
  }

  package func section(_ function: NameFunction, _ name: NameID) -> Outcome<Number> {
    if let index = program.section(named: name) {
      // While the linker sizes sections, it does not know the address of one that it is not done with.
      if dialect == .lld, function == .sizeOf, contextKey == .listed(index) {
        // What is in it so far.
        return Outcome(Value(difference(dot, base(of: .listed(index))), kind: .absolute))
      }
      if dialect == .bfd, !isFinal, index > lastClosed,
        function == .address || function == .loadAddress
      {
        return Outcome(
          Value(domain.unknown(Lack(.laterSection(name), mayStop: true)), kind: .absolute))
      }
      return fact(function, of: .listed(index), index: index, name)
    }
    switch oracle.unlistedSection(name) {
    case .found(let key, let index): return fact(function, of: key, index: index, name)
    case .absent:
      if dialect == .lld {
        // lld also knows sections of its own making, such as `.bss`, which it drops.
        let lack = Lack(.sectionExistence(name), mayStop: true)
        let number = function == .sizeOf ? domain.constant(0) : domain.unknown(lack)
        return Outcome(Value(number, kind: .absolute))
      }
      return Outcome(isFinal ? .fault(.undefinedSection(name)) : .invalid)
    case .unknown(let lack):
      let number = domain.unknown(lack)
      guard function == .address else {
        return Outcome(Value(number, kind: function == .loadAddress ? .absolute : .plain))
      }
      return Outcome(
        Value(offset: domain.constant(0), address: number, in: .holding(name, letter: 0)))
    }
  }

  private func fact(
    _ function: NameFunction, of key: SectionKey, index: Int, _ name: NameID
  ) -> Outcome<Number> {
    switch function {
    case .address: return Outcome(relative(domain.constant(0), in: key))
    case .loadAddress:
      // GNU ld evaluates the AT(...) expression again, here and now (ld-semantics 3.2).
      if dialect == .bfd, index < program.sections.count,
        let load = program.sections[index].description?.loadAddress
      {
        return indirect(load, lack: Lack(.sectionLoadAddress(name)), kind: .absolute) { _ in }
      }
      return Outcome(
        Value(oracle.fact(.loadAddress, ofSection: index, name), kind: .absolute))
    default: return Outcome(Value(oracle.fact(function, ofSection: index, name), kind: .plain))
    }
  }

  package func region(_ function: NameFunction, _ name: NameID) -> Outcome<Number> {
    let kind: ValueKind = function == .origin ? .absolute : .plain
    if let index = program.region(named: name) {
      let region = program.regions[index]
      let expression = function == .origin ? region.origin : region.length
      return indirect(expression, lack: Lack(.region(name)), kind: kind) { scope in
        scope.contextKey = nil
        scope.dot = scope.domain.constant(0)
      }
    }
    if let known = oracle.region(function, program.regionAliases[name] ?? name) {
      return Outcome(Value(known, kind: kind))
    }
    // GNU ld warns and takes a region that nobody declared as all of memory (ld-semantics 3.8).
    return Outcome(Value(domain.constant(function == .origin ? 0 : .max), kind: kind))
  }

  /// The address that another expression of the script gives. Such expressions may refer to each other
  /// in a circle, which ends in an unknown number.
  private func indirect(
    _ expression: ExpressionID, lack: Lack, kind: ValueKind, _ prepare: (inout Walker) -> Void
  ) -> Outcome<Number> {
    let count = program.expressions.nodes(of: expression).count
    guard count <= indirectNodes else {
      return Outcome(Value(domain.unknown(lack.stopping()), kind: kind))
    }
    var inner = self
    inner.indirectNodes /= max(count, 2)
    prepare(&inner)
    return Evaluator(program.expressions, scope: inner).evaluate(expression).map(self) {
      Outcome(Value($0.address, kind: kind))
    }
  }

  package func constant(_ name: NameID) -> Outcome<Number> {
    guard let value = oracle.constant(name) else { return Outcome(.fault(.unknownConstant(name))) }
    return Outcome(Value(value, kind: .plain))
  }

  package func segmentStart(_ name: NameID, default value: Value<Number>) -> Outcome<Number> {
    if dialect == .lld { return Outcome(value) }
    // -Ttext-segment and its kin replace the value in GNU ld; lld keeps it. GNU ld takes it as an address
    // (ldexp.c, SEGMENT_START: new_rel_from_abs).
    let isReplaceable = Self.replaceableSegments.contains(program.names.string(name))
    guard isReplaceable else { return Outcome(relativeToContext(value.offset)) }
    let known = oracle.settings.segmentStart(
      program.names.bytes(name), default: domain.exact(value.offset))
    let address =
      switch known {
      case .option(let address): domain.constant(address)
      case .script: value.offset
      case .unknown: domain.unknown(Lack(.segmentStart(name)))
      }
    return Outcome(relativeToContext(address))
  }

  /// The segments whose start an option of GNU ld sets: `-Ttext=` .. `-Tldata-segment=` (lexsup.c).
  private static var replaceableSegments: Set<String> {
    ["text", "data", "bss", "text-segment", "rodata-segment", "ldata-segment"]
  }

  package func dataSegment(
    _ first: Value<Number>, _ second: Value<Number>?, isAlign: Bool
  ) -> Outcome<Number> {
    if dialect == .lld { return dataSegmentLLD(first, isEnd: second == nil, isAlign: isAlign) }
    guard contextKey == nil else { return Outcome(.invalid) }
    guard let second else { return Outcome(first) }
    let lack = Lack(.dataSegment)
    return Outcome(
      Value(domain.unknown(lack), kind: !isAlign && second.kind == .plain ? .plain : .absolute))
  }
}

extension Walker {
  /// lld aligns the location counter and looks at nothing else.
  private func dataSegmentLLD(
    _ first: Value<Number>, isEnd: Bool, isAlign: Bool
  ) -> Outcome<Number> {
    if isEnd { return Outcome(Value(dot, kind: .absolute)) }
    guard isAlign, let alignment = domain.exact(first.address), alignment & (alignment &- 1) == 0
    else { return Outcome(Value(domain.unknown(Lack(.dataSegment)), kind: .absolute)) }
    return Outcome(Value(domain.apply(.align, dot, first.address), kind: .absolute))
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
