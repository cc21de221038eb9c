// Runs a program pass after pass, as GNU ld does until the layout settles, and once more for the final
// pass in which ASSERTs count (ld-semantics 3.6; ldlang.c, lang_do_assignments). The one walker: the facts are a
// parameter.

package import LdsParser

/// Runs one program over one layout.
package struct Walker: Sendable {
  /// What the linker's symbol table has for a symbol that the script assigns.
  struct SymbolState: Sendable, Hashable {
    var outcome: Outcome
    /// The step that set it last; nil while it has the value of an earlier pass.
    var definedAt: Int?
    /// What it came to if that line of a map, which may stand inside an output section or behind it, stands inside.
    var ifInside: Outcome?
    /// Whether it is a place in a section that lld's first pass had not come to.
    var isAhead = false
  }

  /// What became of a step in the final pass.
  package struct Result: Sendable {
    /// The step's index.
    package var step: Int
    /// What its expression came to.
    package var outcome: Outcome
    /// For a PROVIDE: whether it took effect.
    package var isApplied: Bool
    /// The location counter before the step.
    package var locationCounter: Number
    /// The context in which the expression was evaluated; nil outside output sections.
    package var context: SectionKey?
    /// Conditions of ASSERTs inside the expression.
    package var assertions: [(assertion: ExpressionID, outcome: Outcome)]
    /// Each way to read a line of a map that may stand inside an output section or behind it; else empty.
    var ways: [Way] = []
  }

  /// A line of a map, read in one of the contexts in which it may stand.
  struct Way: Sendable {
    /// The output section; nil behind it.
    var context: SectionKey?
    /// What the expression comes to.
    var outcome: Outcome
  }

  /// The program.
  package var program: Program { sharedProgram.value }
  /// Whose rules apply.
  package let dialect: LinkerDialect
  /// Whether it is about one link or about all of them.
  let premise: NumberPremise
  /// The linker's rules for output sections, and what is known of them.
  package internal(set) var layout: any SectionLayout
  /// Results of the final pass, in step order; steps without an expression have none.
  package internal(set) var results: [Result] = []

  var symbols: [SymbolState?]
  var unsettled: UnsettledSymbols { sharedUnsettled.value }
  private let sharedProgram: Shared<Program>
  private let sharedUnsettled: Shared<UnsettledSymbols>
  var dot: Number
  var contextKey: SectionKey?
  /// The pass that runs.
  var pass = Pass.sizing
  var isFinal: Bool { pass == .final }
  /// What symbols came to before the final pass.
  private var beforeFinal: [SymbolState?] = []
  /// Whether a final pass is kept; one that only finds out what the next one may take for granted is not.
  var keepsResults = true
  var currentStep = 0
  /// Whether a line of a map has moved the location counter that may stand behind the open output section.
  var isPerhapsPastEnd = false
  /// The output section of a map whose lines are being walked.
  private var openInMap: Int?
  /// The ways to read the step, as far as they have been evaluated.
  var ways: [Way] = []
  /// The output section that this pass closed last, -1 for none.
  var lastClosed = -1
  /// The pass that is made, from 1 on.
  private(set) var round = 0
  /// Whether symbols are declared, before the first pass of lld.
  var isDeclaring = false
  /// What conditions of ASSERTs came to in passes before the last, for a linker that judges in each.
  var roundOutcomes: [ExpressionID: Outcome] = [:]
  /// Whether what is placed by later things moves the layout between passes, for such a linker.
  private(set) var movesByLaterThings = false
  /// Nodes that AT and MEMORY expressions which refer to one another may still have: each shares out its
  /// part among those it refers to, so that neither a circle nor a tree of them runs for long.
  var indirectNodes = 1 << 14
  /// Symbols that had the same value at the end of the last two passes of a proof.
  var carriedNames: Set<NameID> = []
  /// Whether they have been compared.
  var isCompared = false
  /// Whether the walk is for a certificate: each value then follows from statements before it in the same pass.
  var isCertifying = false
  /// For a certificate: the location counter behind each step, of the last pass of each kind.
  private(set) var dots: [Pass: [Number]] = [:]
  /// Sections of the program of which the linker takes no inputs, their ONLY_IF not being met.
  let untaken: UntakenSections
  /// Whether nothing is known of the layout.
  var isLayoutLost: Bool { layout.isLost }

  /// More passes than lld makes.
  private static var mostPasses: Int { 8 }

  /// A walker that has not run yet.
  package init(_ program: Program, facts: any LayoutFacts, dialect: LinkerDialect = .bfd) {
    sharedProgram = Shared(program)
    premise = facts.premise
    self.dialect = dialect
    layout =
      dialect == .lld ? LLDLayout(program, facts) : GNULayout(program, facts, dialect)
    symbols = Array(repeating: nil, count: program.names.count)
    sharedUnsettled = Shared(UnsettledSymbols(program))
    dot = Number(0)
    untaken = UntakenSections(program, facts, dialect)
    if judgesEveryPass { movesByLaterThings = LaterThings(program).movesLayout }
  }

  /// Runs all passes.
  package mutating func run() {
    if premise == .everyLink { return prove() }
    if dialect == .lld { return runUntilStable() }
    runPass()
    let first = symbols
    runPass()
    // A pass depends on the values that it begins with: where the first two ended alike, all others do.
    if !Self.haveSameValues(first, symbols) || unsettled.readsLaterSections { runRounds() }
    forget(unsettled.symbols)
    beginFinalPhase()
    runPass()
  }

  static func haveSameValues(_ one: [SymbolState?], _ other: [SymbolState?]) -> Bool {
    one.count == other.count && zip(one, other).allSatisfy { $0?.outcome == $1?.outcome }
  }

  /// lld repeats the pass until no symbol changes, and gives up after a few (LinkerScript.cpp,
  /// assignAddresses): what an image comes from has settled.
  private mutating func runUntilStable() {
    if judgesEveryPass { declare() }
    var previous: [SymbolState?] = []
    for _ in 0..<Self.mostPasses where previous != symbols {
      previous = symbols
      runPass()
    }
    forgetUnsettled(previous)
    beginFinalPhase()
    runPass()
  }

  mutating func beginFinalPhase() {
    layout.beginFinalPhase()
    pass = .final
    beforeFinal = symbols
  }

  /// Whether an expression at `step` may see another value of a symbol than the last one: one that is set further down,
  /// and has not surely ended every pass with the same.
  func mayChange(_ name: NameID, seenAt step: Int) -> Bool {
    guard let first = program.assignments[name]?.first, first > step else { return false }
    let index = Int(name.index)
    guard let before = beforeFinal[index]?.outcome.commonAddress?.exact else { return true }
    return before != symbols[index]?.outcome.commonAddress?.exact
  }

  /// A symbol that still changes has whatever value lld's last round but one left.
  private mutating func forgetUnsettled(_ previous: [SymbolState?]) {
    let changing = program.assignments.keys.filter { name in
      let index = Int(name.index)
      return index >= previous.count || symbols[index] != previous[index]
    }
    forget(unsettled.circular.union(changing))
  }

  /// Forgets the values that symbols have before the final pass.
  mutating func forget(_ names: Set<NameID>) {
    for name in names where program.assignments[name] != nil {
      let isInserted = program.hasInsert && !unsettled.circular.contains(name)
      let lack = Lack(isInserted ? .insertedSymbol(name) : .unsettled(name), mayStop: true)
      symbols[Int(name.index)] = SymbolState(
        outcome: Outcome(Value(numbers.unknown(lack), kind: .absolute)), definedAt: nil)
    }
  }

  mutating func runPass() {
    results.removeAll(keepingCapacity: true)
    round += 1
    for index in symbols.indices { symbols[index]?.definedAt = nil }
    dot = Number(0)
    contextKey = nil
    openInMap = nil
    lastClosed = -1
    layout.beginPass()
    if isCertifying { dots[pass] = [] }
    for index in program.steps.indices {
      currentStep = index
      ways.removeAll(keepingCapacity: true)
      let step = program.steps[index]
      if let openInMap, step.isStatement, step.context == .top { leave(openInMap) }
      run(step)
      if isCertifying { dots[pass]?.append(dot) }
    }
    layout.endPass(dot: dot)
  }

  private mutating func run(_ step: Step) {
    switch step.action {
    case .enter(let section):
      enter(section)
      if program.isMap { openInMap = section }
    case .leave(let section):
      // A map shows where a section ends only by what is known to stand behind it.
      if !program.isMap || openInMap == section { leave(section) }
    case .inputs, .opaqueData:
      dot = layout.afterInputs(step: currentStep, in: openSection(of: step), dot: dot)
      // The table of places is another one now.
      dot = numbers.resolved(dot)
    case .contents(let address, let size):
      dot = layout.afterContents(address: address, size: size, near: nearSection(of: step))
      isPerhapsPastEnd = false
    case .data(let byteCount, let value):
      if let value { evaluateData(value, step) }
      dot = layout.afterData(dot: sum(dot, Number(byteCount)))
    case .endOverlay(let members): dot = layout.leaveOverlay(members, dot: dot)
    case .assignment(let assignment): run(assignment, step)
    case .assertion(let assertion): run(assertion, step)
    }
  }

  private mutating func leave(_ section: Int) {
    dot = layout.leave(section, inside: dot)
    if isPerhapsPastEnd {
      let isSettled = dot.isSettled
      dot = numbers.unknown(Lack(.context)).changed { $0.isSettled = isSettled }
    }
    isPerhapsPastEnd = false
    lastClosed = section
    openInMap = nil
  }

  /// Data is evaluated without the section as context (ld-semantics 3.1).
  private mutating func evaluateData(_ value: ExpressionID, _ step: Step) {
    guard isFinal else { return }
    contextKey = nil
    record(value, Evaluator(program.expressions, scope: self).evaluate(value))
  }

  private mutating func enter(_ section: Int) {
    dot = layout.beforeSection(section, dot: dot)
    contextKey = nil
    let description = program.sections[section].description
    let header = SectionHeader(
      address: description?.address.map {
        Evaluator(program.expressions, scope: self).evaluate($0)
      },
      alignment: description?.alignment.map {
        Evaluator(program.expressions, scope: self).evaluate($0)
      },
      subalignment: dialect == .bfd && dialect.follows(.subalignReplaces)
        ? description?.subalignment.map {
          Evaluator(program.expressions, scope: self).evaluate($0)
        } : nil,
      loadAddress: computesLoads
        ? description?.loadAddress.map {
          Evaluator(program.expressions, scope: self).evaluate($0)
        } : nil)
    dot = layout.enter(section, from: dot, header: header)
  }

  /// Whether the layout computes load addresses: proofs and lld's do not.
  private var computesLoads: Bool { premise == .oneLink && dialect == .bfd }

  /// The section whose braces a step stands in, or that it stands behind.
  private func nearSection(of step: Step) -> Int? {
    switch step.context {
    case .inside(let section), .either(let section): section
    case .top, .between: nil
    }
  }

  /// The section whose braces a step stands in, for certain.
  private func openSection(of step: Step) -> Int? {
    if case .inside(let section) = step.context { section } else { nil }
  }

  private mutating func run(_ assertion: Assertion, _ step: Step) {
    prepareDot(step, moves: false)
    guard isFinal || judgesEveryPass else { return }
    var outcome: Outcome?
    for key in contexts(of: step) {
      contextKey = key
      let part = doubtingDivisors(
        of: assertion.condition,
        Evaluator(program.expressions, scope: self).evaluate(assertion.condition))
      ways.append(Way(context: key, outcome: part))
      if outcome == nil { outcome = part } else { outcome?.merge(part) }
    }
    guard let outcome else { return }
    if !isFinal { return recordRound(assertion.condition, outcome) }
    record(assertion.condition, overPasses(assertion.condition, outcome))
  }

  /// The contexts in which a statement may have to be read: one, or two for the line of a map.
  func contexts(of step: Step) -> [SectionKey?] {
    switch step.context {
    case .top, .between: [nil]
    case .inside(let section): [.listed(section)]
    case .either(let section): [.listed(section), nil]
    }
  }

  /// Between sections, the location counter may first have to pass orphans.
  mutating func prepareDot(_ step: Step, moves: Bool) {
    // Where the statement stands among orphans is found all the same.
    defer { if let listed = facts.listedPlace(of: currentStep) { dot = Number(listed.before) } }
    if case .either(let section) = step.context {
      dot = layout.beforeEither(section, dot: dot)
      return
    }
    guard step.context == .top || step.context == .between else { return }
    if program.isMap {
      if !moves { meetDot() }
      return
    }
    dot =
      moves
      ? layout.beforeMove(step: currentStep, dot: dot)
      : layout.beforeRead(step: currentStep, dot: dot)
    if !moves { meetDot() }
  }

  /// Where the script does not tell the location counter of the final pass, a symbol of the image may.
  private mutating func meetDot() {
    guard isFinal, premise == .oneLink, dot.exact == nil, !dot.isOfMovedSection,
      let told = facts.toldPlace(of: currentStep),
      let place = facts.addressWidth.number(told, within: dot), dot.mayBe(place)
    else { return }
    layout.numbers.learn(dot, is: place)
    dot = Number(place)
  }

  mutating func record(
    _ expression: ExpressionID, _ outcome: Outcome, isApplied: Bool = true
  ) {
    guard isFinal, keepsResults else {
      if !isFinal, judgesEveryPass {
        for inner in reachedAssertions(expression) { recordRound(inner.assertion, inner.outcome) }
      }
      return
    }
    let inner = reachedAssertions(expression).map {
      (assertion: $0.assertion, outcome: overPasses($0.assertion, $0.outcome))
    }
    results.append(
      Result(
        step: currentStep, outcome: outcome, isApplied: isApplied, locationCounter: dot,
        context: contextKey, assertions: inner, ways: ways.count > 1 ? ways : []))
  }

  /// Of the ways that a map line may be read, those that fit the value printed beside it; all of them if
  /// none fits, since the linker evaluates once more to print (ld-semantics 6.8).
  func prune(_ outcome: Outcome, printed: PrintedValue?) -> Outcome {
    guard outcome.single == nil, case .value(let value)? = printed else { return outcome }
    var fitting: Outcome?
    for branch in outcome.branches {
      guard case .value(let candidate) = branch else { continue }
      if let exact = candidate.address.exact,
        (exact ^ value) & program.printedMask != 0
      {
        continue
      }
      if fitting == nil { fitting = Outcome(branch) } else { fitting?.merge(Outcome(branch)) }
    }
    return fitting ?? outcome
  }
}

extension Step {
  /// Whether it is an assignment or an ASSERT.
  var isStatement: Bool {
    switch action {
    case .assignment, .assertion: true
    default: false
    }
  }
}
