// What lld up to 20 makes of an ASSERT: it has to hold in every pass over the script, and in the first pass nothing
// further down has been seen. Sections have no size and no address there, symbols of the script are 0, and a symbol of
// an object is its offset (lld/ELF/LinkerScript.cpp, assignAddresses; linker-versions 6.1).

internal import LdsParser

extension Walker {
  /// Whether an ASSERT counts before the final pass, too.
  var judgesEveryPass: Bool { dialect.follows(.assertionsInEveryPass) && !program.isMap }

  /// Whether this is the first pass of a linker that judges in it.
  var isFirstRound: Bool { round == 1 && judgesEveryPass }

  /// Whether the output section has not been closed in this pass, as far as the first pass goes.
  func isAhead(_ section: Int) -> Bool { isFirstRound && section > lastClosed }

  /// Whether a section's address, size or load address is still that of no pass at all.
  func isUnseen(_ section: Int) -> Bool {
    guard isAhead(section) else { return false }
    if case .inside(section) = program.steps[currentStep].context { return false }
    return true
  }

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
    guard judgesEveryPass, let earlier = roundOutcomes[condition], earlier != last else {
      return last
    }
    if Self.fails(last, dialect) == true { return last }
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
    guard isFirstRound, let last = program.assignments[name]?.last,
      case .assignment(let assignment) = program.steps[last].action
    else { return Outcome(Value(Number(0), kind: .absolute)) }
    if let constant = program.expressions.foldedValue(assignment.value) {
      return Outcome(Value(Number(constant), kind: .absolute))
    }
    switch program.expressions[assignment.value] {
    case .locationCounter, .nameCall(.sizeOf, _):
      return Outcome(Value(Number(0), kind: .absolute))
    default: return Outcome(Value(numbers.unknown(Lack(.firstPass)), kind: .absolute))
    }
  }

  /// A symbol of an object as the first pass has it, where its section stands further down: the section's address is 0
  /// then, and so is the place of an input section in it.
  func unseen(_ outcome: Outcome) -> Outcome {
    guard isFirstRound else { return outcome }
    return outcome.map(self) { value in
      guard case .section(let key) = value.kind else { return Outcome(value) }
      guard case .listed(let index) = key, index < program.sections.count else {
        return Outcome(Value(numbers.unknown(Lack(.firstPass)), kind: .absolute))
      }
      guard isUnseen(index) else { return Outcome(value) }
      let most = value.offset.exact
      let offset = numbers.unknown(Lack(.firstPass)).changed {
        guard let most else { return }
        $0.most = most
        $0.tighten()
      }
      return Outcome(Value(offset: offset, address: offset, in: key, isInside: true))
    }
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
