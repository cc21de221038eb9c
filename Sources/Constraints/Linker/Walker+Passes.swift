// The passes of GNU ld over a script in which symbols are read before they are set: what is read then is the value of
// the pass before, so that the number of passes counts (ldlang.c, lang_process; ld-semantics 3.6).

internal import LdsParser

extension Walker {
  /// Rounds of an assigning and a sizing pass after which a symbol that still changes is given up: it depends on itself,
  /// or is at the end of a chain that the linker does not come to.
  private static var mostRounds: Int { 4 }

  /// Runs all passes but the final one: opening, binding, marking, sizing, then rounds of assigning and sizing, as many as
  /// the program headers and relaxation ask for. A symbol keeps what it has at the end of any of them.
  mutating func runRounds() {
    symbols = Array(repeating: nil, count: symbols.count)
    runWithoutLayout(.opening)
    runWithoutLayout(.marking)
    // Sections are sized once without headers, to find those that are empty.
    let isMarked = !unsettled.needsHeaders && !unsettled.endsDataSegment
    if isMarked { runPass() } else { runWithoutLayout(.marking) }
    runPass()
    // A file of ELF is mapped to segments then, which asks for a round unless the script knew how many there are.
    var ends = facts.isELF && !unsettled.needsHeaders ? [] : [symbols]
    var changing: Set<NameID> = []
    for _ in 0..<Self.mostRounds {
      let before = symbols
      layout.beginFinalPhase()
      pass = .assigning
      runPass()
      layout.beginSizing()
      pass = .sizing
      runPass()
      if unsettled.endsDataSegment {
        ends.append(symbols)
        runPass()
      }
      changing = names(thatDifferIn: before, symbols)
      if changing.isEmpty, !ends.isEmpty { break }
      ends.append(symbols)
    }
    for end in ends { merge(end) }
    forget(changing)
  }

  private func names(
    thatDifferIn one: [SymbolState?], _ other: [SymbolState?]
  ) -> Set<NameID> {
    Set(
      program.assignments.keys.filter {
        one[Int($0.index)]?.outcome != other[Int($0.index)]?.outcome
      })
  }

  /// A symbol may have the value that it has at another end of the passes.
  private mutating func merge(_ end: [SymbolState?]) {
    for name in program.assignments.keys {
      let index = Int(name.index)
      guard end[index]?.outcome != symbols[index]?.outcome else { continue }
      guard var outcome = symbols[index]?.outcome, let other = end[index]?.outcome else {
        forget([name])
        continue
      }
      outcome.merge(other)
      let bounded = outcome.bounded(self, because: Lack(.unsettled(name)))
      symbols[index] = SymbolState(outcome: bounded, definedAt: nil)
    }
  }

  /// A pass in which no section has an address: assignments of numbers have a value, and those of such symbols.
  private mutating func runWithoutLayout(_ pass: Pass) {
    self.pass = pass
    defer { self.pass = .sizing }
    for index in symbols.indices { symbols[index]?.definedAt = nil }
    contextKey = nil
    dot = Number(0)
    for (index, step) in program.steps.enumerated() {
      guard case .assignment(let assignment) = step.action, !assignment.isLocationCounter else {
        continue
      }
      currentStep = index
      bind(assignment, step)
    }
  }

  private mutating func bind(_ assignment: Assignment, _ step: Step) {
    let name = assignment.target.name
    let content = content(of: assignment.value)
    // Names have no value while files are opened.
    if pass == .opening, content == .symbols { return }
    let isOutside = step.context == .top || step.context == .between
    guard content != .other, isOutside, !assignment.kind.isProvide else {
      let lack = Lack(.unsettled(name), mayStop: true)
      symbols[Int(name.index)] = SymbolState(
        outcome: somewhere(name, numbers.unknown(lack)), definedAt: nil)
      return
    }
    set(name, evaluate(assignment, step))
  }

  /// What an expression is made of.
  private enum Content { case numbers, symbols, other }

  private func content(of expression: ExpressionID) -> Content {
    var content = Content.numbers
    for index in program.expressions.nodes(of: expression) {
      switch program.expressions[ExpressionID(index: index)] {
      case .integer, .unary, .binary: break
      case .symbol(let name) where program.assignments[name] != nil: content = .symbols
      default: return .other
      }
    }
    return content
  }
}
