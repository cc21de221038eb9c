// Expressions of a link that is laid out: the evaluator's rules over the state of the link (ldexp.c, exp_fold_tree_1).

internal import LdsParser

/// What an expression came to in the pass that runs.
struct LayoutResult {
  /// What it is relative to; absolute for a plain number.
  var home: LinkSymbol.Home
  /// Whether it is a plain number, which takes on the section around it.
  var isPlain: Bool
  /// The number: an offset if it is relative to a section.
  var number: UInt64
  /// The number as an address.
  var address: UInt64
}

/// The world around an expression of a link.
struct LayoutScope: EvaluationScope {
  unowned let link: ObjectLink
  /// Whether the expression is what the location counter is set to: then an undefined symbol stops the linker.
  let movesDot: Bool

  private static let exactNumbers = Numbers(.oneLink)

  var numbers: Numbers { Self.exactNumbers }
  var dialect: LinkerDialect { link.options.dialect }
  var isSane: Bool { link.script.isSane }
  var isPrintedText: Bool { false }
  var context: SectionKey? { link.context.map { .listed($0.index) } }
  var locationCounter: Number { Number(link.dot) }
  var headerSize: Number {
    link.usesHeaderSize = true
    link.resumption.isSettled = false
    return Number(link.headerSize)
  }

  func base(of section: SectionKey) -> Number {
    guard case .listed(let index) = section else { return Number(0) }
    let output = link.allOutputs[index]
    if output !== link.context { link.noteReading(output.statement, before: .placed) }
    return Number(output.vma)
  }

  func startsSection(_ address: Number) -> Bool { true }

  func symbol(_ name: NameID) -> Outcome {
    guard let symbol = link.symbols.find(name), symbol.isDefined else {
      let isNeeded =
        link.phase == .final || (link.phase != .marking && link.phase != .opening && movesDot)
      return isNeeded ? Outcome(.fault(.undefinedSymbol(name))) : Outcome(.invalid)
    }
    if symbol.isOfScript { link.noteReading(symbol) }
    switch symbol.home {
    case .absolute: return Outcome(Value(Number(symbol.value), kind: .absolute))
    case .output(let section): return relative(symbol.value, section)
    case .input(let section):
      guard let output = section.output else {
        return link.phase == .marking
          ? Outcome(relative(Number(symbol.value), in: .input(section.order)))
          : Outcome(Value(Number(symbol.value), kind: .absolute))
      }
      link.noteReading(output.statement, before: .placed)
      return relative(symbol.value &+ section.offset, output)
    }
  }

  private func relative(_ offset: UInt64, _ section: OutputSection) -> Outcome {
    Outcome(relative(Number(offset), in: .listed(section.index)))
  }

  func isDefined(_ name: NameID) -> Number {
    guard let symbol = link.symbols.find(name), symbol.isDefined || symbol.state == .common else {
      return Number(0)
    }
    // One of the script counts from its statement on.
    let counts = !symbol.isOfScript || symbol.isAlsoOfObject || symbol.pass == link.pass
    return Number(counts ? 1 : 0)
  }

  func section(_ function: NameFunction, _ name: NameID) -> Outcome {
    if link.phase == .opening { return Outcome(.invalid) }
    guard let statement = link.statement(named: name) else {
      if link.phase == .final { return Outcome(.fault(.undefinedSection(name))) }
      let isSize = function == .sizeOf || function == .alignOf
      return isSize ? Outcome(Value(Number(0), kind: .plain)) : Outcome(.invalid)
    }
    let output = statement.output
    switch function {
    case .address:
      guard statement.progress >= .placed, let output else { return Outcome(.invalid) }
      return Outcome(relative(Number(0), in: .listed(output.index)))
    case .loadAddress:
      guard statement.progress >= .loaded, let output else { return Outcome(.invalid) }
      guard let expression = statement.loadAddress else {
        return Outcome(Value(Number(output.lma), kind: .absolute))
      }
      return loadAddress(expression)
    case .alignOf:
      guard let output else { return Outcome(Value(Number(0), kind: .plain)) }
      link.noteReading(statement, before: .placed)
      return Outcome(Value(Number(1 << UInt64(output.alignmentPower)), kind: .plain))
    default:
      guard let output else { return Outcome(Value(Number(0), kind: .plain)) }
      link.noteReading(statement, before: .placed)
      let before = dialect.follows(.knowsLaterSizes) ? output.sizeBefore : 0
      let size = statement.progress >= .placed ? output.size : before
      return Outcome(Value(Number(size), kind: .plain))
    }
  }

  /// `AT(e)` is evaluated again where LOADADDR stands.
  private func loadAddress(_ expression: ExpressionID) -> Outcome {
    guard link.entersNested() else { return Outcome(.invalid) }
    defer { link.leavesNested() }
    return Evaluator(link.script.expressions, scope: self).evaluate(expression).map(self) {
      Outcome(Value($0.address, kind: .absolute))
    }
  }

  func region(_ function: NameFunction, _ name: NameID) -> Outcome {
    let region = link.region(name)
    return function == .origin
      ? Outcome(Value(Number(region.origin), kind: .absolute))
      : Outcome(Value(Number(region.length), kind: .plain))
  }

  func constant(_ name: NameID) -> Outcome {
    switch link.names.string(name) {
    case "MAXPAGESIZE": Outcome(Value(Number(link.maximumPageSize), kind: .plain))
    case "COMMONPAGESIZE": Outcome(Value(Number(link.commonPageSize), kind: .plain))
    default: Outcome(.fault(.unknownConstant(name)))
    }
  }

  func segmentStart(_ name: NameID, default value: Value) -> Outcome {
    // The number of the script, too, is taken as an address (ldexp.c, SEGMENT_START: new_rel_from_abs).
    let address = link.options.settings.segmentStarts[link.names.bytes(name)].map { Number($0) }
    return Outcome(relativeToContext(address ?? value.offset))
  }

  func dataSegment(_ first: Value, _ second: Value?, isAlign: Bool) -> Outcome {
    link.resumption.isSettled = false
    guard link.context == nil, link.phase != .opening else { return Outcome(.invalid) }
    guard let one = first.offset.exact else { return Outcome(.invalid) }
    guard let other = second?.offset.exact else {
      link.dataSegment.end(at: one)
      return Outcome(first)
    }
    let address =
      isAlign
      ? link.dataSegment.align(
        dot: link.dot, maximum: one, common: other, isProtected: link.protectsRelocated)
      : link.dataSegment.endProtected(offset: one, at: other)
    return Outcome(Value(Number(address), kind: .absolute))
  }
}

extension ObjectLink {
  /// What an expression comes to; nil if it is not valid in this pass.
  ///
  /// - Throws: where the linker stops.
  func evaluate(
    _ id: ExpressionID, in section: OutputSection? = nil, dot: UInt64, movesDot: Bool = false
  ) throws(LayoutStop) -> LayoutResult? {
    context = section
    self.dot = dot
    resumption.readsAhead = false
    if let location = locationCounter(id, in: section) { return location }
    let scope = LayoutScope(link: self, movesDot: movesDot)
    let mayRemember = phase != .opening && script.expressions.foldedValue(id) == nil
    if mayRemember, let known = resumption.answer(id, scope) { return known }
    let evaluator = Evaluator(script.expressions, scope: scope)
    let outcome = evaluator.evaluate(id)
    // Whatever pass comes to a name makes it known, so that a PROVIDE has somebody to provide for.
    if phase != .final, !resumption.isRunning, namesNewSymbol(id) {
      for name in evaluator.reachedSymbols(id) { symbols.refer(to: name) }
    }
    if phase == .final { noteAssertions(evaluator, id) }
    switch outcome.single {
    case .value(let value):
      guard let number = value.offset.exact, let address = value.address.exact else { return nil }
      let result = LayoutResult(
        home: home(of: value.kind), isPlain: value.kind == .plain, number: number, address: address)
      if mayRemember { resumption.remember(id, scope, result) }
      return result
    case .fault(.divisionByZero) where phase == .marking: return nil
    case .fault(.remainderByZero) where phase == .marking: return nil
    case .fault(let fault): throw .linkerStops(words(of: fault))
    case .invalid, nil: return nil
    }
  }

  /// `.` alone and `ALIGN(number)`, most of what a script says, as the evaluator has them (LayoutScopeTests).
  private func locationCounter(_ id: ExpressionID, in section: OutputSection?) -> LayoutResult? {
    var address = dot
    switch script.expressions[id] {
    case .locationCounter: break
    case .call1(.align, let amount):
      guard let number = script.expressions.foldedValue(amount), number.nonzeroBitCount == 1 else {
        return nil
      }
      address = LinkerArithmetic.alignUp(dot, to: number)
    default: return nil
    }
    return LayoutResult(
      home: section.map { .output($0) } ?? .absolute, isPlain: false,
      number: address &- (section?.vma ?? 0), address: address)
  }

  private func namesNewSymbol(_ id: ExpressionID) -> Bool {
    script.expressions.nodes(of: id).contains { index in
      guard case .symbol(let name) = script.expressions[ExpressionID(index: index)] else {
        return false
      }
      return symbols.find(name).map { $0.state == .new } ?? true
    }
  }

  private func home(of kind: ValueKind) -> LinkSymbol.Home {
    switch kind {
    case .section(.listed(let index)): .output(allOutputs[index])
    case .section(.input(let number)):
      inputNames.section(numbered: number).map { .input($0) } ?? .absolute
    case .section(.holding), .plain, .absolute: .absolute
    }
  }

  /// The address that an expression outside of sections comes to.
  func address(_ id: ExpressionID, dot: UInt64) throws(LayoutStop) -> UInt64? {
    let result = try evaluate(id, dot: dot)
    resumption.noteDeciding()
    return result?.address
  }

  /// The exponent of the power of two that an alignment is rounded up to (ldlang.c, exp_get_power).
  func power(of expression: ExpressionID) throws(LayoutStop) -> Int {
    guard let value = try address(expression, dot: 0) else {
      throw .linkerStops("invalid alignment expression")
    }
    return Int(LinkerArithmetic.log2Ceiling(value))
  }

  private func noteAssertions(_ evaluator: Evaluator<LayoutScope>, _ id: ExpressionID) {
    for reached in evaluator.reachedAssertions(id) {
      guard case .assertion(_, let message) = script.expressions[reached.assertion] else {
        continue
      }
      judge(reached.assertion, message, reached.outcome)
    }
  }

  /// Notes how an ASSERT came out.
  func judge(_ condition: ExpressionID, _ message: NameID, _ outcome: Outcome) {
    var number: UInt64?
    if case .value(let value)? = outcome.single { number = value.offset.exact }
    judgedAssertions.append(
      JudgedAssertion(
        condition: condition, message: message, value: number,
        operands: resumption.isRunning && resumption.detail != .whole
          ? [:]
          : script.expressions.operands(
            of: condition, in: LayoutScope(link: self, movesDot: false))))
  }

  private func words(of fault: Fault) -> String {
    switch fault {
    case .undefinedSymbol(let name), .unresolvableSymbol(let name):
      "undefined symbol `\(names.string(name))' referenced in expression"
    case .undefinedSection(let name):
      "undefined section `\(names.string(name))' referenced in expression"
    case .undefinedRegion(let name):
      "undefined MEMORY region `\(names.string(name))' referenced in expression"
    case .divisionByZero: "/ by zero"
    case .remainderByZero: "% by zero"
    case .divisionOverflow: "a division overflows"
    case .unknownConstant(let name):
      "unknown constant `\(names.string(name))' referenced in expression"
    case .alignmentNotPowerOfTwo, .bothRelative: "an expression cannot be evaluated"
    }
  }
}

/// An ASSERT as the last pass judged it.
struct JudgedAssertion {
  /// Its condition, or the whole ASSERT if it is part of an expression.
  var condition: ExpressionID
  var message: NameID
  /// What the condition came to; nil if it is not valid.
  var value: UInt64?
  /// The names in it with their addresses, where they have one.
  var operands: [ExpressionID: UInt64]
}

extension Evaluator {
  /// The symbols that the linker comes to when it evaluates the expression.
  func reachedSymbols(_ id: ExpressionID) -> [NameID] {
    let range = table.nodes(of: id)
    var names: [NameID] = []
    guard
      range.contains(where: {
        if case .symbol = table[ExpressionID(index: $0)] { true } else { false }
      })
    else { return [] }
    let results = evaluateAll(id)
    var pending = [id]
    while let next = pending.popLast() {
      if scope.dialect == .bfd, table.foldedValue(next) != nil { continue }
      if case .symbol(let name) = table[next] { names.append(name) }
      if case .conditional(let condition, _, _) = table[next],
        results[Int(condition.index - range.lowerBound)].single == .invalid
      {
        // Without a condition there is neither branch.
        pending.append(condition)
        continue
      }
      pending += takenOperands(next) { results[Int($0.index - range.lowerBound)] }
    }
    return names
  }
}
