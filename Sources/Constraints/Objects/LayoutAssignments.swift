// Assignments of a link that is laid out: which take effect in which pass, and where the location counter goes
// (ldexp.c, case etree_assign; ldlang.c, lang_do_assignments_1).

internal import LdsParser

extension ObjectLink {
  /// The script's assignments run once while files are opened: what they set is defined from here on, what they read and
  /// nobody sets is undefined, and is looked for in archives.
  func evaluateFirst() throws(LayoutStop) {
    phase = .opening
    pass += 1
    for region in script.regions {
      for expression in [region.originExpression, region.lengthExpression] {
        if let expression { _ = try evaluate(expression, dot: 0) }
      }
    }
    for statement in script.statements {
      switch statement {
      case .assignment(let assignment): _ = try assign(assignment, in: nil, dot: 0)
      case .assertion: break
      case .section(let section):
        for case .assignment(let assignment) in section.body {
          _ = try assign(assignment, in: nil, dot: 0)
        }
      }
    }
    for region in script.regions {
      guard let origin = region.originExpression, let length = region.lengthExpression else {
        continue
      }
      region.origin = try evaluate(origin, dot: 0)?.number ?? 0
      region.length = try evaluate(length, dot: 0)?.number ?? 0
      region.reset()
    }
  }

  /// Evaluates an assignment.
  ///
  /// - Returns: the location counter behind it.
  func assign(
    _ statement: AssignmentStatement, in section: OutputSection?, dot: UInt64
  ) throws(LayoutStop) -> UInt64 {
    let assignment = statement.assignment
    if assignment.isLocationCounter {
      return phase == .opening ? dot : try move(assignment, in: section, dot: dot)
    }
    if statement.isOfNoConsequence, resumption.isRunning, resumption.leavesOut(phase) { return dot }
    let name = assignment.target.name
    if assignment.kind.isProvide, !statement.isProvided {
      guard let symbol = symbols.find(name), symbol.isUndefined || symbol.isOfLinker else {
        return dot
      }
    }
    // An assignment that reads its own symbol waits for the last pass, unless that is an absolute one set in this pass.
    let mayWait = phase != .final && !isSetInThisPass(name)
    let result = try evaluate(assignment.value, in: section, dot: dot)
    if mayWait, reads(name, in: assignment.value) {
      resumption.isSettled = false
      return dot
    }
    // It keeps the value of another pass.
    if result == nil {
      symbols.find(name)?.isAhead = true
      if phase == .final { resumption.isSettled = false }
    }
    if assignment.kind.isProvide { statement.isProvided = true }
    set(symbols.entry(name), result, in: section)
    return dot
  }

  private func isSetInThisPass(_ name: NameID) -> Bool {
    guard let symbol = symbols.find(name), symbol.isDefined, symbol.isOfScript, symbol.pass == pass,
      case .absolute = symbol.home
    else { return false }
    return true
  }

  /// Whether the expression that was evaluated last comes to the symbol.
  private func reads(_ name: NameID, in expression: ExpressionID) -> Bool {
    guard script.expressions.mentions(.symbol(name), in: expression) else { return false }
    let scope = LayoutScope(link: self, movesDot: false)
    return Evaluator(script.expressions, scope: scope).reachedSymbols(expression).contains(name)
  }

  private func set(_ symbol: LinkSymbol, _ result: LayoutResult?, in section: OutputSection?) {
    guard result != nil || symbol.state == .new else { return }
    var home = result?.home ?? .absolute
    if let section, result?.isPlain ?? true { home = .output(section) }
    if !symbol.isOfScript, symbol.isDefined || symbol.state == .common {
      symbol.isAlsoOfObject = true
    }
    symbol.state = .defined
    symbol.value = result?.number ?? 0
    symbol.home = home
    symbol.isOfScript = true
    symbol.isOfLinker = false
    symbol.pass = pass
    symbol.isAhead = resumption.readsAhead
  }

  // MARK: The location counter

  private func move(
    _ assignment: Assignment, in section: OutputSection?, dot: UInt64
  ) throws(LayoutStop) -> UInt64 {
    let result = try evaluate(assignment.value, in: section, dot: dot, movesDot: true)
    resumption.noteDeciding()
    if phase == .marking, let section, !leavesEmpty(assignment.value, result) {
      section.bits.insert(.kept)
    }
    guard let result else {
      if phase == .marking { return dot }
      throw .linkerStops("invalid assignment to location counter")
    }
    guard phase == .marking || phase == .sizing || section == nil else { return dot }
    var base: UInt64 = result.isPlain ? section?.vma ?? 0 : 0
    if case .output(let home) = result.home { base = home.vma }
    // A number is absolute between sections, and an offset inside of one.
    let target = result.number &+ base
    if target < dot, section != nil {
      throw .linkerStops(
        "cannot move location counter backwards (from \(hexadecimal(dot)) to \(hexadecimal(target)))"
      )
    }
    return target
  }

  private func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  /// Whether an assignment to the location counter keeps no section.
  private func leavesEmpty(_ value: ExpressionID, _ result: LayoutResult?) -> Bool {
    guard let result, result.number == 0 else { return false }
    switch EmptyMove(value, script.expressions) {
    case .number(let number): return number == 0
    case .symbol(let name): return isZero(name)
    case .aligned: return true
    case nil: return false
    }
  }

  /// Whether a symbol was set to the number 0 in this pass.
  private func isZero(_ name: NameID) -> Bool {
    guard let symbol = symbols.find(name), symbol.isOfScript, symbol.pass == pass,
      symbol.state == .defined, case .absolute = symbol.home
    else { return false }
    return symbol.value == 0
  }

  /// Evaluates an ASSERT; it is judged in the last pass.
  func check(_ assertion: Assertion, in section: OutputSection?, dot: UInt64) throws(LayoutStop) {
    let result = try evaluate(assertion.condition, in: section, dot: dot)
    guard phase == .final else { return }
    let outcome =
      result.map { Outcome(Value(Number($0.number), kind: .plain)) } ?? Outcome(.invalid)
    judge(assertion.condition, assertion.message.name, outcome)
  }
}
