// The lines of a proof and the things that stand in its way, in words.

internal import LdsParser

extension ProofReport {
  /// The statements behind a proof.
  func explain(_ steps: StepList) -> [ProofStep] {
    steps.steps.map { index in
      let step = program.steps[Int(index)]
      return ProofStep(
        step: Int(index), span: step.span, statement: text(of: step.span),
        effect: effect(of: step, at: Int(index)))
    }
  }

  /// A statement on one line.
  func text(of span: SourceSpan) -> String {
    let buffer = program.sources.buffer(span.source)
    var bytes: [UInt8] = []
    for offset in span.range where offset < buffer.count {
      let byte = buffer.reader[offset]
      let isBlank = byte == 0x20 || (0x09...0x0D).contains(byte)
      if isBlank, bytes.isEmpty || bytes.last == 0x20 { continue }
      bytes.append(isBlank ? 0x20 : byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func effect(of step: Step, at index: Int) -> String {
    switch step.action {
    case .assignment(let assignment) where assignment.isLocationCounter:
      guard let number = walker.layout.landing(of: index) else {
        return "sets the location counter"
      }
      return "sets the location counter to \(words(number))"
    case .assignment(let assignment):
      if case .locationCounter = program.expressions[assignment.value] { return "takes it" }
      let name = program.names.string(assignment.target.name)
      guard let fact = fact(ofStep: index) else { return "sets \(name)" }
      return "sets \(name) to \(words(fact.number))"
    case .enter(let section): return "starts at \(words(walker.layout.start(of: section)))"
    default: return "takes part"
    }
  }

  /// What a step makes of a symbol; facts are in order of steps, one a step.
  private func fact(ofStep step: Int) -> SymbolFact? {
    var low = 0
    var high = symbols.count
    while low < high {
      let middle = (low + high) / 2
      if symbols[middle].step < step { low = middle + 1 } else { high = middle }
    }
    return low < symbols.count && symbols[low].step == step ? symbols[low] : nil
  }

  private func words(_ number: Number) -> String {
    if let exact = number.exact { return hex(exact) }
    let power = number.bits.trailingZeros
    if power > 0 { return "a multiple of \(hex(1 << UInt64(min(power, 63))))" }
    return number.least > 0 ? "\(hex(number.least)) or above" : "an unknown address"
  }

  private func hex(_ number: UInt64) -> String {
    "0x" + String(number, radix: 16)
  }

  /// Whatever the branches of an undecided condition depend on.
  func dependencies(of outcome: Outcome) -> [ProofDependency] {
    var found: [ProofDependency] = []
    for branch in outcome.branches {
      switch branch {
      case .fault(let fault): add(.stop(fault), &found)
      case .invalid: add(.missing(.dataSegment), &found)
      case .value(let value): collect(tested(value).knowledge.sources, &found)
      }
    }
    return found.sorted { position($0) < position($1) }
  }

  private func collect(_ sources: [NumberSource], _ found: inout [ProofDependency]) {
    var ends: Set<PlaceID> = []
    for case .place(let place) in sources { ends.insert(place) }
    for source in sources {
      switch source {
      case .missing(let item): add(.missing(item), &found)
      case .place(let place): follow(place, until: ends, &found)
      case .stretch(let from, let to): follow(to, until: [from], isStretch: true, &found)
      }
    }
  }

  /// The causes of a place and of those before it, back to one that is aligned, or that the expression
  /// refers to as well.
  private func follow(
    _ place: PlaceID, until ends: Set<PlaceID>, isStretch: Bool = false,
    _ found: inout [ProofDependency]
  ) {
    var current = place
    for _ in 0..<(isStretch ? Self.stretchLimit : Self.chainLimit) {
      let known = walker.numbers.places[current]
      if case .move = known.cause, known.parent != nil {
        // An alignment: what it aligns is what counts.
      } else {
        add(dependency(known.cause), &found)
      }
      guard let parent = known.parent, !ends.contains(parent) else { return }
      if !isStretch, walker.numbers.places[parent].bits.trailingZeros >= 12 { return }
      current = parent
    }
  }

  /// Of the things before an address, the nearest ones are named; between two addresses more of them.
  private static var chainLimit: Int { 6 }
  private static var stretchLimit: Int { 16 }

  private func add(_ dependency: ProofDependency, _ found: inout [ProofDependency]) {
    if !found.contains(dependency) { found.append(dependency) }
  }

  private func dependency(_ cause: PlaceCause) -> ProofDependency {
    switch cause {
    case .inputs(let step): .inputs(step: step)
    case .appended(let section): .unmatched(section: section)
    case .alignment(let section): .alignment(section: section)
    case .placement(let section): .placement(section: section)
    case .existence(let section): .existence(section: section)
    case .orphans(let section): .orphans(after: section)
    case .move(let step): .move(step: step)
    case .object(let name): .symbol(name)
    case .pageSize(let name): .pageSize(name)
    }
  }

  /// Where in the script a dependency stands; things outside it come last.
  private func position(_ dependency: ProofDependency) -> Int {
    switch dependency {
    case .inputs(let step), .move(let step): step * 2
    case .alignment(let section), .placement(let section):
      plan.entrySteps[section] * 2
    case .unmatched(let section), .existence(let section), .orphans(.some(let section)):
      plan.leaveSteps[section] * 2 + 1
    case .orphans(.none): 0
    case .symbol, .pageSize, .missing, .stop: Int.max
    }
  }

  /// A dependency in words.
  public func text(_ dependency: ProofDependency) -> String {
    switch dependency {
    case .inputs(let step):
      "the sizes of the input sections of `\(text(of: program.steps[step].span))`"
    case .unmatched(let section):
      "input sections called \(name(section)) that no pattern takes: ld adds them to its end"
    case .alignment(let section): "the alignment of the input sections of \(name(section))"
    case .placement(let section): "where \(name(section)) is placed"
    case .existence(let section): "whether \(name(section)) is empty"
    case .orphans(.some(let section)):
      "an orphan section placed after \(name(section)) could move it"
    case .orphans(.none): "an orphan section placed before the first section could move it"
    case .move(let step): "where `\(text(of: program.steps[step].span))` leads"
    case .symbol(let name): "the symbol \(program.names.string(name)) of an object"
    case .pageSize(let name):
      "\(program.names.string(name)) of the target or the command line"
    case .missing(let item): text(item)
    case .stop(let fault): text(fault)
    }
  }

  private func name(_ section: Int) -> String {
    program.names.string(program.sections[section].name)
  }

  private func text(_ item: Missing) -> String {
    switch item {
    case .symbol(let name), .symbolSection(let name), .mergedSymbol(let name):
      "the symbol \(program.names.string(name)) of an object"
    case .objectDefinition(let name): "whether an object defines \(program.names.string(name))"
    case .unsettled(let name):
      "\(program.names.string(name)), which is used before the script sets it"
    case .sectionAddress(let name), .movedSection(let name):
      "the address of \(program.names.string(name))"
    case .sectionSize(let name): "the size of \(program.names.string(name))"
    case .sectionLoadAddress(let name): "the load address of \(program.names.string(name))"
    case .sectionAlignment(let name): "the alignment of \(program.names.string(name))"
    case .sectionExistence(let name):
      "the section \(program.names.string(name)), which the script does not describe"
    case .region(let name): "the memory region \(program.names.string(name))"
    case .headers: "the size of the file headers"
    case .pageSize(let name): program.names.string(name)
    case .segmentStart(let name):
      "the start of the segment \(program.names.string(name)), which the linker's command line may set"
    case .dataSegment: "how ld sizes the data segment"
    case .laterSection(let name):
      "the address of \(program.names.string(name)), which comes later in the script"
    case .insertedSymbol(let name):
      "\(program.names.string(name)), which INSERT may set before or behind where it is read"
    case .insertedStatement, .locationCounter, .context, .feature, .parentheses, .agreement,
      .upperHalf, .earlyPass, .firstPass, .relaxation, .placeBeforeSection, .condition:
      "a layout that is not worked out"
    }
  }

  private func text(_ fault: Fault) -> String {
    switch fault {
    case .undefinedSymbol(let name), .unresolvableSymbol(let name), .undefinedSection(let name),
      .undefinedRegion(let name), .unknownConstant(let name):
      "ld stops here: \(program.names.string(name)) is undefined"
    case .divisionByZero, .remainderByZero: "ld stops here: division by zero"
    case .divisionOverflow, .alignmentNotPowerOfTwo, .bothRelative: "ld stops here"
    }
  }
}
