// Expressions of a link by lld: the evaluator's rules over the state of the link (lld/ELF/ScriptParser.cpp, readPrimary;
// LinkerScript.cpp, getSymbolValue).

internal import LdsParser

/// What an expression came to (`ExprValue`).
struct LLDValue {
  /// The section that it is of, unless it is absolute.
  var home: LLDSymbol.Home
  var address: UInt64
  /// Whether it is of a section though ABSOLUTE made it absolute.
  var hasSection = false
  /// The type of the symbol that it is, if it is one and nothing else.
  var type: UInt8 = 0
}

/// The world around an expression.
struct LLDScope: EvaluationScope {
  unowned let link: LLDLink
  /// How many of the regions are known: those that stand above the one whose expression it is.
  var knownRegions = Int.max

  private static let exactNumbers = Numbers(.oneLink)

  var numbers: Numbers { Self.exactNumbers }
  var dialect: LinkerDialect { link.dialect }
  var isSane: Bool { false }
  var isPrintedText: Bool { false }
  /// Also outside of sections the location counter is of the last one.
  var context: SectionKey? { .listed(link.state.output.index) }
  var locationCounter: Number { Number(link.state.dot) }
  var headerSize: Number { Number(link.headerSize) }

  func base(of section: SectionKey) -> Number {
    switch section {
    case .listed(let index): Number(link.outputs[index].address)
    case .input(let number): Number(link.address(of: link.allInputs[number], 0) ?? 0)
    case .holding: Number(0)
    }
  }

  func extent(of section: SectionKey) -> (start: UInt64, end: UInt64)? {
    // Of what ABSOLUTE made absolute the section is not remembered.
    guard case .listed(let index) = section, index > 0 else { return nil }
    let output = link.outputs[index]
    return (output.address, output.address &+ output.size)
  }

  /// One byte before a section is its end for lld, if it is of that section, which is not told here.
  func startsSection(_ address: Number) -> Bool {
    guard let exact = address.exact else { return true }
    return link.outputs.contains { $0.isLive && $0.address == exact }
  }

  func symbol(_ name: NameID) -> Outcome {
    guard let symbol = link.symbols.find(name), symbol.isDefined else {
      return Outcome(.fault(.undefinedSymbol(name)))
    }
    guard let address = link.address(of: symbol) else {
      return Outcome(Value(numbers.unknown(Lack(.symbol(name))), kind: .absolute))
    }
    let number = Number(address)
    switch symbol.home {
    case .absolute: return Outcome(Value(number, kind: .absolute))
    case .output(let output):
      return Outcome(Value(offset: number, address: number, in: .listed(output.index)))
    case .input(let input):
      // Merged contents have no distances.
      if input.pieces != nil || input.frames != nil {
        return Outcome(Value(numbers.unknown(Lack(.symbol(name))), kind: .absolute))
      }
      return Outcome(
        Value(offset: number, address: number, in: .input(input.number), isInside: true))
    }
  }

  func isDefined(_ name: NameID) -> Number {
    guard let symbol = link.symbols.find(name), symbol.isDefined else { return Number(0) }
    if dialect.follows(.definesEarly) { return Number(1) }
    return Number(symbol.order < link.definedOrder ? 1 : 0)
  }

  func section(_ function: NameFunction, _ name: NameID) -> Outcome {
    guard let output = link.outputsByName[name] else {
      if function == .sizeOf || !link.assignsAddresses || dialect.follows(.missingSectionsAreZero) {
        return Outcome(Value(Number(0), kind: .absolute))
      }
      return Outcome(.fault(.undefinedSection(name)))
    }
    switch function {
    case .address: return Outcome(relative(Number(0), in: .listed(output.index)))
    case .loadAddress: return Outcome(Value(Number(output.loadAddress), kind: .absolute))
    case .alignOf: return Outcome(Value(Number(output.alignment), kind: .absolute))
    default:
      if link.isUnsized(output) {
        return Outcome(Value(numbers.unknown(Lack(.sectionSize(name))), kind: .absolute))
      }
      return Outcome(Value(Number(output.size), kind: .absolute))
    }
  }

  func region(_ function: NameFunction, _ name: NameID) -> Outcome {
    guard let region = link.regionsByName[name],
      let place = link.regions.firstIndex(where: { $0 === region }), place < knownRegions
    else { return Outcome(.fault(.undefinedRegion(name))) }
    // Each may name those above it more than once.
    guard link.regionBudget > 0 else {
      return Outcome(Value(numbers.unknown(Lack(.region(name))), kind: .absolute))
    }
    link.regionBudget -= 1
    var inner = self
    inner.knownRegions = place
    let expression = function == .origin ? region.origin : region.length
    return Evaluator(link.script.expressions, scope: inner).evaluate(expression)
  }

  func constant(_ name: NameID) -> Outcome {
    switch link.names.string(name) {
    case "MAXPAGESIZE": Outcome(Value(Number(link.maximumPageSize), kind: .absolute))
    case "COMMONPAGESIZE": Outcome(Value(Number(link.commonPageSize), kind: .absolute))
    default: Outcome(.fault(.unknownConstant(name)))
    }
  }

  func segmentStart(_ name: NameID, default value: Value) -> Outcome { Outcome(value) }

  func dataSegment(_ first: Value, _ second: Value?, isAlign: Bool) -> Outcome {
    guard second != nil else { return Outcome(Value(locationCounter, kind: .absolute)) }
    let unit = isAlign ? max(1, first.address.exact ?? 1) : link.maximumPageSize
    let address = (link.state.dot &+ unit &- 1) & (0 &- unit)
    return Outcome(Value(Number(address), kind: .absolute))
  }
}

extension LLDLink {
  /// What an expression comes to.
  ///
  /// - Throws: where lld stops, and what is not modelled.
  func evaluate(_ id: ExpressionID) throws(LayoutStop) -> LLDValue {
    definedOrder = order(ofDefinedIn: id)
    regionBudget = 1 << 12
    let evaluator = Evaluator(script.expressions, scope: LLDScope(link: self))
    let outcome = evaluator.evaluate(id)
    if assignsAddresses {
      for reached in evaluator.reachedAssertions(id) {
        guard case .assertion(_, let message) = script.expressions[reached.assertion] else {
          continue
        }
        judge(reached.assertion, message, reached.outcome.single)
      }
    }
    switch outcome.single {
    case .value(let value):
      guard let address = value.address.exact else {
        throw .refused(words(ofLack: value.address.lack))
      }
      var result = LLDValue(
        home: home(of: value.kind), address: address, hasSection: value.isInsideSection)
      if case .symbol(let name) = script.expressions[id] {
        result.type = symbols.find(name)?.type ?? 0
      }
      return result
    case .fault(.bothRelative) where options.keepsFaultyOutput:
      throw .refused("the sum of two places is not modelled for ld.lld with --noinhibit-exec")
    case .fault(let fault): throw .linkerStops(words(of: fault))
    case .invalid, nil: throw .refused("an expression that may come to several values")
    }
  }

  private func order(ofDefinedIn id: ExpressionID) -> Int {
    if definedOrders.isEmpty { return 0 }
    for index in script.expressions.nodes(of: id) {
      if let order = definedOrders[index] { return order }
    }
    return 0
  }

  func value(_ id: ExpressionID) throws(LayoutStop) -> UInt64 { try evaluate(id).address }

  /// The alignment that an expression comes to (`checkAlignment`).
  func alignmentValue(_ id: ExpressionID) throws(LayoutStop) -> UInt64 {
    let value = max(1, try value(id))
    guard value & (value - 1) == 0 else { throw .linkerStops("alignment must be power of 2") }
    return value & 0xffff_ffff
  }

  private func home(of kind: ValueKind) -> LLDSymbol.Home {
    switch kind {
    case .section(.listed(let index)): .output(outputs[index])
    case .section(.input(let number)): .input(allInputs[number])
    case .section(.holding), .plain, .absolute: .absolute
    }
  }

  /// Notes how an ASSERT came out: before lld 21 it has to hold in every pass.
  func judge(_ condition: ExpressionID, _ message: NameID, _ outcome: Outcome.Branch?) {
    var number: UInt64?
    if case .value(let value)? = outcome { number = value.address.exact }
    let judged = JudgedAssertion(
      condition: condition, message: message, value: number,
      operands: script.expressions.operands(of: condition, in: LLDScope(link: self)))
    guard let place = judgedAssertions.firstIndex(where: { $0.condition == condition }) else {
      judgedAssertions.append(judged)
      return
    }
    if dialect.follows(.assertionsInEveryPass), judgedAssertions[place].value == 0 { return }
    judgedAssertions[place] = judged
  }

  private func words(ofLack lack: Lack?) -> String {
    for item in lack?.items ?? [] {
      switch item {
      case .symbol(let name):
        return
          "\(names.string(name)) is in merged contents or is not linked: in an expression that is not modelled for ld.lld"
      case .sectionSize(let name):
        return "the size of \(names.string(name)) depends on the name of the linker that is in it"
      case .placeBeforeSection:
        return "a place one byte before a section is its end for ld.lld, which is not modelled"
      default: continue
      }
    }
    return "an expression of what is not modelled for ld.lld"
  }

  private func words(of fault: Fault) -> String {
    switch fault {
    case .undefinedSymbol(let name), .unresolvableSymbol(let name):
      "symbol not found: \(names.string(name))"
    case .undefinedSection(let name): "undefined section \(names.string(name))"
    case .undefinedRegion(let name): "memory region not defined: \(names.string(name))"
    case .divisionByZero: "division by zero"
    case .remainderByZero: "modulo by zero"
    case .divisionOverflow: "a division overflows"
    case .unknownConstant(let name): "unknown constant: \(names.string(name))"
    case .alignmentNotPowerOfTwo: "alignment must be power of 2"
    case .bothRelative: "at least one side of the expression must be absolute"
    }
  }
}
