// GNU ld's printing of a map: behind the link it evaluates every ASSERT once more, with the last values of symbols, and
// prints what that comes to (ldlang.c, print_assignment; ld-semantics 6.8). What cannot have been printed is not what
// was linked: that tells lines inside an output section from those behind it, and LD_FEATURE("SANE_EXPR").

internal import LdsParser

/// The linker's map pass over one reading of a map.
struct PrintingPass {
  private var scope: PrintingScope
  private let program: Program

  /// The pass behind `walker`, which has run.
  ///
  /// - Parameters:
  ///   - isMoved: Whether a symbol may have been made relative to an output section beside the place where it is set.
  ///   - isOpen: Whether it may belong to any section by then.
  init(_ walker: Walker, isMoved: (NameID) -> Bool, isOpen: (NameID) -> Bool) {
    program = walker.program
    var open: Set<NameID> = []
    var neighbours: [NameID: [SectionKey]] = [:]
    for (name, steps) in program.assignments {
      if isOpen(name) {
        open.insert(name)
      } else if isMoved(name) {
        open.insert(name)
        if steps.count == 1 { neighbours[name] = Self.neighbours(of: steps[0], walker) }
      }
    }
    scope = PrintingScope(walker, open, neighbours)
  }

  /// The sections one of which GNU ld takes for a symbol set between them: the nearest that it kept before and behind
  /// (bfd/linker.c, _bfd_nearby_section). Of an empty one a map does not tell whether it was kept. One that is not
  /// allocated is passed over: what stands behind the last statement in every link, such as `.comment`.
  private static func neighbours(of step: Int, _ walker: Walker) -> [SectionKey] {
    let steps = walker.program.steps
    var keys: [SectionKey] = []
    func name(_ section: Int) -> [UInt8] {
      walker.program.names.bytes(walker.program.sections[section].name)
    }
    /// Adds a section; whether it was kept for certain.
    func add(_ step: Step) -> Bool {
      guard case .enter(let section) = step.action else { return false }
      let facts = walker.facts.section(section)
      if facts.start == 0, SectionNames.promisesNoMemory(name(section)) { return false }
      keys.append(.listed(section))
      return facts.size.map { $0 > 0 } ?? false
    }
    for step in steps[..<step].reversed() where add(step) { break }
    for step in steps[(step + 1)...] where add(step) { break }
    return keys
  }

  /// Whether the linker may have printed what stands beside a step if it stands in `context`, `expression` being its
  /// condition.
  mutating func mayPrint(
    _ expression: ExpressionID, in context: SectionKey?, at step: Int
  ) -> Bool {
    guard case .value(let printed)? = program.steps[step].printed else { return true }
    scope.walker.contextKey = context
    scope.walker.currentStep = step
    let outcome = Evaluator(program.expressions, scope: scope).evaluate(expression)
    if outcome.mayBe(printed, program.printedMask) { return true }
    // What stands in an empty section, which was dropped, is printed as if it stood in another one.
    guard case .listed(let section)? = context, scope.walker.facts.section(section).size == 0 else {
      return false
    }
    return outcome.branches.contains { branch in
      if case .value(let value) = branch { value.kind == .section(.listed(section)) } else { false }
    }
  }
}

extension Outcome {
  /// Whether a value of which a map shows `printed` may be that of one of its ways.
  func mayBe(_ printed: UInt64, _ mask: UInt64) -> Bool {
    branches.contains { branch in
      guard case .value(let value) = branch else { return false }
      return value.address.mayBe(printed, mask)
    }
  }
}

/// What expressions mean in the map pass.
private struct PrintingScope: EvaluationScope {
  var walker: Walker
  /// Symbols that were absolute when ASSERTs were judged, and may belong to some section by now.
  private let open: Set<NameID>
  /// Of some of them, the sections to which they may belong.
  private let neighbours: [NameID: [SectionKey]]
  /// Of those, the ones that are the location counter, aligned perhaps.
  private let places: Set<NameID>
  /// Sections that were written anew behind the script, with another size.
  private let resized: Set<[UInt8]>

  init(_ walker: Walker, _ open: Set<NameID>, _ neighbours: [NameID: [SectionKey]]) {
    self.walker = walker
    self.open = open
    self.neighbours = neighbours
    places = Set(neighbours.keys.filter { walker.program.isPlace($0) })
    let evidence = (walker.facts as? LinkFacts)?.evidence
    resized = Set(evidence?.sections.filter(\.isResized).map(\.name) ?? [])
    // The map's own location counter follows what is printed.
    self.walker.dot = walker.numbers.unknown(.locationCounter)
  }

  var numbers: Numbers { walker.numbers }
  var dialect: LinkerDialect { walker.dialect }
  var isSane: Bool { walker.isSane }
  var isPrintedText: Bool { true }
  var context: SectionKey? { walker.context }
  var locationCounter: Number { walker.locationCounter }
  var headerSize: Number { walker.headerSize }

  func base(of section: SectionKey) -> Number { walker.base(of: section) }
  func startsSection(_ address: Number) -> Bool { walker.startsSection(address) }

  func symbol(_ name: NameID) -> Outcome {
    if let inside = walker.outcomeIfInside(name) { return inside }
    let outcome = walker.symbol(name)
    guard open.contains(name) else { return outcome }
    guard let address = outcome.commonAddress else {
      return walker.somewhere(name, numbers.unknown(.symbolSection(name)))
    }
    guard let sections = neighbours[name] else { return walker.somewhere(name, address) }
    var ways = sections.map { section in
      Outcome(
        Value(
          offset: numbers.subtract(address, base(of: section)), address: address, in: section))
    }
    // A line that may stand inside its section makes the symbol relative to that from the start.
    ways += outcome.branches.compactMap { branch in
      if case .value(let value) = branch, value.kind != .absolute { Outcome(value) } else { nil }
    }
    // A place is always made relative; a number that is made of other symbols may stay one.
    if !places.contains(name) || ways.isEmpty {
      ways.append(Outcome(Value(address, kind: .absolute)))
    }
    var moved = ways[0]
    for way in ways.dropFirst() { moved.merge(way) }
    return moved
  }

  func isDefined(_ name: NameID) -> Number {
    // By now every statement has run.
    walker.program.assignments[name] == nil
      ? walker.isDefined(name) : numbers.unknownTruth(Lack(.objectDefinition(name)))
  }

  func section(_ function: NameFunction, _ name: NameID) -> Outcome {
    if function == .sizeOf, resized.contains(walker.program.names.bytes(name)) {
      return Outcome(Value(numbers.unknown(.sectionSize(name)), kind: .plain))
    }
    return walker.section(function, name)
  }
  func region(_ function: NameFunction, _ name: NameID) -> Outcome {
    walker.region(function, name)
  }
  func constant(_ name: NameID) -> Outcome { walker.constant(name) }
  func segmentStart(_ name: NameID, default value: Value) -> Outcome {
    walker.segmentStart(name, default: value)
  }
  func dataSegment(_ first: Value, _ second: Value?, isAlign: Bool) -> Outcome {
    walker.dataSegment(first, second, isAlign: isAlign)
  }
}
