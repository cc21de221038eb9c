// What lld up to 20 makes of an ASSERT: it has to hold in every pass over the script, and in the first pass nothing
// further down has been seen. Sections have no size and no address there, symbols of the script are 0, and a symbol of
// an object is its offset (lld/ELF/LinkerScript.cpp, assignAddresses; linker-versions 6.1).

internal import LdsParser

extension Walker {
  /// Whether an ASSERT counts before the final pass, too.
  var judgesEveryPass: Bool { dialect.follows(.assertionsInEveryPass) && !program.isMap }

  /// Whether this is the first pass of a linker that judges in it, or before that.
  var isFirstRound: Bool { judgesEveryPass && (round == 1 || isDeclaring) }

  /// How far the first pass has come with an output section.
  enum Progress {
    /// It has its address and size.
    case placed
    /// The current step is in it.
    case open
    /// Nothing is in it, and it has no address.
    case ahead
    /// One of these.
    case unknown
  }

  /// How far the first pass has come with an output section at the current step.
  func progress(of section: Int) -> Progress {
    guard isFirstRound else { return .placed }
    if isDeclaring { return .ahead }
    if case .inside(section) = program.steps[currentStep].context { return .open }
    if isReordered { return .unknown }
    return section > lastClosed ? .ahead : .placed
  }

  /// Whether statements may stand elsewhere among the sections than in the script.
  private var isReordered: Bool { facts.reordersStatements(of: program) }

  /// Keeps what an ASSERT comes to in a pass that is not the last.
  mutating func recordRound(_ condition: ExpressionID, _ outcome: Outcome) {
    if let earlier = roundOutcomes[condition] {
      roundOutcomes[condition] = Self.worse(earlier, outcome, dialect)
    } else {
      roundOutcomes[condition] = outcome
    }
  }

  /// The outcome of an ASSERT over all passes: that of the last one, unless it failed or may have failed in an earlier.
  func overPasses(_ condition: ExpressionID, _ last: Outcome) -> Outcome {
    guard judgesEveryPass, let earlier = roundOutcomes[condition] else { return last }
    if Self.fails(last, dialect) == true { return last }
    if facts.mayRelax, hangsOnLayout(condition) {
      var open = last
      open.merge(Outcome(Value(numbers.unknown(Lack(.relaxation)), kind: .absolute)))
      return open
    }
    if earlier == last { return last }
    if !movesByLaterThings {
      switch Self.fails(earlier, dialect) {
      case true?: return earlier
      case false?: return last
      case nil: break
      }
    }
    var open = last
    open.merge(Outcome(Value(numbers.unknown(Lack(.firstPass)), kind: .absolute)))
    return open
  }

  /// Whether a condition is about addresses or sizes, that code made shorter changes.
  private func hangsOnLayout(_ condition: ExpressionID) -> Bool {
    var pending = [condition]
    var known: Set<NameID> = []
    while let next = pending.popLast() {
      for index in program.expressions.nodes(of: next) {
        switch program.expressions[ExpressionID(index: index)] {
        case .locationCounter, .nameCall(.sizeOf, _), .nameCall(.address, _),
          .nameCall(.loadAddress, _), .call1(.align, _):
          return true
        case .symbol(let name) where known.insert(name).inserted:
          guard let steps = program.assignments[name] else { return true }
          for step in steps {
            if case .assignment(let assignment) = program.steps[step].action {
              pending.append(assignment.value)
            }
          }
        default: break
        }
      }
    }
    return false
  }

  /// The one of two outcomes that decides, both of which count.
  private static func worse(_ one: Outcome, _ other: Outcome, _ dialect: LinkerDialect) -> Outcome {
    switch (fails(one, dialect), fails(other, dialect)) {
    case (true?, _): one
    case (_, true?): other
    case (nil, _): one
    default: other
    }
  }

  /// Whether an ASSERT that comes to this fails; nil if it may. A pass in which the linker would stop never ends in an
  /// image to judge.
  private static func fails(_ outcome: Outcome, _ dialect: LinkerDialect) -> Bool? {
    var answer: Bool?
    for (index, branch) in outcome.branches.enumerated() {
      guard case .value(let value) = branch, let isZero = value.address.isZero else { return nil }
      if index > 0, answer != isZero { return nil }
      answer = isZero
    }
    return answer
  }

  /// What a symbol of the script is worth in the first pass above its assignment: the linker has evaluated every
  /// assignment once before, when nothing was placed, and keeps what came of it for constants (LinkerScript.cpp,
  /// addSymbol).
  func declared(_ name: NameID) -> Outcome {
    let unknown = Outcome(Value(numbers.unknown(Lack(.firstPass)), kind: .absolute))
    guard isFirstRound, let steps = program.assignments[name], let last = steps.last,
      case .assignment(let assignment) = program.steps[last].action
    else { return Outcome(Value(Number(0), kind: .absolute)) }
    if isDeclaring, steps.count > 1 || last >= currentStep || assignment.kind.isProvide {
      return unknown
    }
    let constant = program.expressions.foldedValue(assignment.value).map {
      Outcome(Value(Number($0), kind: .absolute))
    }
    if assignment.kind.isProvide,
      facts.isProvided(step: last, name, value: constant ?? unknown) != true
    {
      return unknown
    }
    if let constant { return constant }
    switch program.expressions[assignment.value] {
    case .nameCall(.sizeOf, _): return Outcome(Value(Number(0), kind: .absolute))
    // It is 0 before it is declared.
    case .symbol(name) where steps.count == 1:
      return Outcome(Value(Number(0), kind: .absolute))
    case .locationCounter:
      // A place in a section: one byte before it is the end of that.
      var value = Value(Number(0), kind: .absolute)
      value.isInsideSection = true
      return Outcome(value)
    default: return unknown
    }
  }

  /// A symbol of an object as the first pass has it. Where its section stands further down, the section's address is 0
  /// then, and so is the place of an input section in it; in the section that is open, the inputs that come later are
  /// at its start.
  func unseen(_ name: NameID, _ outcome: Outcome) -> Outcome {
    guard isFirstRound else { return outcome }
    return outcome.map(self) { value in
      guard case .section(let key) = value.kind else { return Outcome(value) }
      let unknown = Outcome(Value(numbers.unknown(Lack(.firstPass)), kind: .absolute))
      guard case .listed(let index) = key, index < program.sections.count else { return unknown }
      switch progress(of: index) {
      case .placed: return Outcome(value)
      case .unknown: return unknown
      case .ahead:
        let offset = offsetInFirstPass(name, value)
        return Outcome(Value(offset: offset, address: offset, in: key, isInside: true))
      case .open:
        guard !isPlaced(value, in: index) else { return Outcome(value) }
        let offset = offsetInFirstPass(name, value)
        let address = numbers.add(base(of: key), offset)
        return Outcome(Value(offset: offset, address: address, in: key, isInside: true))
      }
    }
  }

  /// The offset in an output section of something in an input section that has no place in it yet.
  private func offsetInFirstPass(_ name: NameID, _ value: Value) -> Number {
    if let offset = facts.offsetInObject(name) { return Number(offset) }
    return numbers.unknown(Lack(.firstPass)).changed {
      guard let most = value.offset.exact else { return }
      $0.most = most
      $0.tighten()
    }
  }

  /// Whether a place in the output section that is open is in what has been put there.
  private func isPlaced(_ value: Value, in section: Int) -> Bool {
    if let address = value.address.exact, let end = dot.exact, address < end { return true }
    guard !layout.plan.traits[section].mayBeExtended else { return false }
    for step in program.steps[currentStep...] {
      switch step.action {
      case .leave(section): return true
      case .inputs, .opaqueData: return false
      default: break
      }
    }
    return true
  }

  /// `SIZEOF`, `ADDR` or `LOADADDR` of a section that the first pass has not come to; nil if it has.
  func unseen(_ function: NameFunction, of section: Int) -> Outcome? {
    switch progress(of: section) {
    case .placed, .open: return nil
    case .unknown: return Outcome(Value(numbers.unknown(Lack(.firstPass)), kind: .absolute))
    case .ahead: break
    }
    // One byte before it is its end, as everywhere.
    if function == .address {
      return Outcome(Value(offset: Number(0), address: Number(0), in: .listed(section)))
    }
    // A segment has the distance of the section that is placed in it now.
    let mayBeFar = function == .loadAddress && mayHaveDistance
    return Outcome(
      Value(mayBeFar ? numbers.unknown(Lack(.firstPass)) : Number(0), kind: .absolute))
  }

  /// Whether a section that was placed in this pass may have given its distance to the segment of a later one.
  private var mayHaveDistance: Bool {
    guard program.loading.headers == .none, program.loading.sections <= .addresses else {
      return true
    }
    var last = lastClosed
    if case .inside(let section) = program.steps[currentStep].context { last = max(last, section) }
    // Members of overlays have none that is theirs alone.
    return program.sections.prefix(last &+ 1).contains {
      $0.description.map { $0.loadAddress != nil } ?? true
    }
  }

  /// Whether a value is a place in a section that the first pass has not come to.
  func isAhead(_ outcome: Outcome) -> Bool {
    guard isFirstRound, !isMadeOfPlaceHere else { return false }
    return outcome.branches.contains { branch in
      guard case .value(let value) = branch, case .section(.listed(let index)) = value.kind,
        index < program.sections.count
      else { return false }
      return progress(of: index) == .ahead
    }
  }

  /// Whether the step assigns what is made of the location counter and numbers alone: outside of sections that counts
  /// from the section before, which has been placed.
  private var isMadeOfPlaceHere: Bool {
    guard case .assignment(let assignment) = program.steps[currentStep].action else { return false }
    return program.expressions.nodes(of: assignment.value).allSatisfy { node in
      switch program.expressions[ExpressionID(index: node)] {
      case .symbol, .nameCall: false
      default: true
      }
    }
  }

  /// A symbol of the script as the first pass has it: one that was made of a place further down moves with that when it
  /// is placed (LinkerScript.cpp, assignSymbol).
  func moved(_ state: SymbolState) -> Outcome {
    let isAfterAll = isFirstRound && !isDeclaring && isReordered && !isConstant(state)
    guard isAfterAll || state.isAhead && !isAhead(state.outcome) else { return state.outcome }
    return Outcome(Value(numbers.unknown(Lack(.firstPass)), kind: .absolute))
  }

  /// Whether a symbol has the only value that the script ever gives it, since that is a constant.
  private func isConstant(_ state: SymbolState) -> Bool {
    guard let step = state.definedAt,
      case .assignment(let assignment) = program.steps[step].action
    else { return false }
    return program.assignments[assignment.target.name]?.count == 1
      && program.expressions.foldedValue(assignment.value) != nil
  }

  /// What lld does before anything is placed: it evaluates every assignment once, and with it the ASSERTs inside
  /// (LinkerScript.cpp, addSymbol).
  mutating func declare() {
    isDeclaring = true
    defer { isDeclaring = false }
    for (index, step) in program.steps.enumerated() {
      guard case .assignment(let assignment) = step.action, !assignment.isLocationCounter
      else { continue }
      currentStep = index
      let isCertain = isDeclared(assignment, step)
      for inner in reachedAssertions(assignment.value) {
        let mayFail = Self.fails(inner.outcome, dialect) != false
        let unknown = Outcome(Value(numbers.unknown(Lack(.firstPass)), kind: .absolute))
        recordRound(inner.assertion, isCertain || !mayFail ? inner.outcome : unknown)
      }
    }
  }

  /// Whether the assignment is made for certain.
  private func isDeclared(_ assignment: Assignment, _ step: Step) -> Bool {
    if assignment.kind.isProvide { return false }
    guard case .inside(let section) = step.context else { return true }
    return !program.sections[section].isConstrained
  }
}

/// Whether the layout of a program may move between passes because something is placed by what stands further down.
struct LaterThings {
  /// Whether an address or a move of the location counter depends on it.
  private(set) var movesLayout = false
  /// What is made of a symbol: other symbols, and nil for the layout.
  private var readers: [NameID: [NameID?]] = [:]
  private var found: [NameID?] = []
  private var closing: [Int]

  init(_ program: Program) {
    closing = Array(repeating: Int.max, count: program.sections.count)
    for (index, step) in program.steps.enumerated() {
      if case .leave(let section) = step.action { closing[section] = index }
    }
    for (index, step) in program.steps.enumerated() {
      switch step.action {
      case .assignment(let assignment):
        let isMove = assignment.isLocationCounter
        note(assignment.value, makes: isMove ? nil : assignment.target.name, at: index, program)
      case .enter(let section):
        let header = program.sections[section].description
        for value in [header?.address, header?.alignment].compactMap({ $0 }) {
          note(value, makes: nil, at: index, program)
        }
      default: break
      }
    }
    var known: Set<NameID> = []
    while let next = found.popLast() {
      guard let name = next else {
        movesLayout = true
        return
      }
      if known.insert(name).inserted { found += readers[name] ?? [] }
    }
  }

  private mutating func note(
    _ value: ExpressionID, makes target: NameID?, at index: Int, _ program: Program
  ) {
    for node in program.expressions.nodes(of: value) {
      switch program.expressions[ExpressionID(index: node)] {
      case .symbol(let name):
        readers[name, default: []].append(target)
        // A symbol of an object may lie anywhere.
        if (program.assignments[name]?.first ?? .max) > index { found.append(target) }
      case .nameCall(let function, let name):
        guard [.sizeOf, .address, .loadAddress].contains(function) else { break }
        if program.section(named: name).map({ closing[$0] > index }) ?? true {
          found.append(target)
        }
      default: break
      }
    }
  }
}
