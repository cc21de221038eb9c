// GNU ld's printing of a map: behind the link it evaluates every ASSERT once more, with the last values of symbols, and
// prints what that comes to (ldlang.c, print_assignment; ld-semantics 6.8). What cannot have been printed is not what
// was linked: that tells lines inside an output section from those behind it, and LD_FEATURE("SANE_EXPR").

internal import LdsParser

/// The linker's map pass over one reading of a map.
struct PrintingPass {
  private var scope: PrintingScope
  private let program: Program

  /// The pass behind `walker`, which has run; `isOpen` tells of which symbols the section is another one by then.
  init(_ walker: Walker, isOpen: (NameID) -> Bool) {
    program = walker.program
    var open: Set<NameID> = []
    for name in program.assignments.keys where isOpen(name) { open.insert(name) }
    scope = PrintingScope(walker, open)
  }

  /// Whether the linker may have printed what stands beside a step if it stands in `context`, `expression` being its
  /// condition.
  mutating func mayPrint(
    _ expression: ExpressionID, in context: SectionKey?, at step: Int
  ) -> Bool {
    guard case .value(let printed)? = program.steps[step].printed else { return true }
    scope.walker.contextKey = context
    scope.walker.currentStep = step
    return Evaluator(program.expressions, scope: scope).evaluate(expression)
      .mayBe(printed, program.printedMask)
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

extension Number {
  /// Whether it may be a number of which a map shows `printed`.
  fileprivate func mayBe(_ printed: UInt64, _ mask: UInt64) -> Bool {
    if let exact { return (exact ^ printed) & mask == 0 }
    if (bits.value ^ printed) & bits.mask & mask != 0 { return false }
    return mask != .max || (least <= printed && printed <= most)
  }
}

/// What expressions mean in the map pass.
private struct PrintingScope: EvaluationScope {
  var walker: Walker
  /// Symbols that were absolute when ASSERTs were judged, and may belong to some section by now.
  private let open: Set<NameID>
  /// Sections that were written anew behind the script, with another size.
  private let resized: Set<[UInt8]>

  init(_ walker: Walker, _ open: Set<NameID>) {
    self.walker = walker
    self.open = open
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
    let outcome = walker.symbol(name)
    guard open.contains(name) else { return outcome }
    guard case .value(let value)? = outcome.single else {
      return walker.somewhere(name, numbers.unknown(.symbolSection(name)))
    }
    return walker.somewhere(name, value.address)
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
