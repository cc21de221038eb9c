// The passes of a proof: sizing passes, then the final pass (ld-semantics 3.6). How often GNU ld repeats
// either is not known, so a value of an earlier pass counts only where every pass agrees on it.

internal import LdsParser

extension Walker {
  /// Runs all passes.
  mutating func prove() {
    if judgesEveryPass { declare() }
    runPass()
    runPass()
    let sized = symbols
    beginFinalPhase()
    keepsResults = false
    runPass()
    keepsResults = true
    for name in program.assignments.keys {
      let index = Int(name.index)
      guard let state = symbols[index], let earlier = sized[index], isSettled(state.outcome),
        state.outcome == earlier.outcome
      else { continue }
      carriedNames.insert(name)
    }
    isCompared = true
    runPass()
  }

  private func isSettled(_ outcome: Outcome) -> Bool {
    outcome.branches.allSatisfy { branch in
      guard case .value(let value) = branch else { return false }
      return value.offset.isSettled && value.address.isSettled
    }
  }

  /// What a symbol is worth that still has the value of an earlier pass.
  func carried(_ name: NameID, _ outcome: Outcome) -> Outcome {
    if premise == .oneLink { return outcome.map(self) { Outcome($0.withoutPlaces) } }
    if isCertifying { return unknown(name, .unsettled(name)) }
    if carriedNames.contains(name) { return outcome }
    if case .value(let value)? = outcome.single, value.kind == .absolute, value.offset.exact != nil,
      !isLayoutLost, !isCompared
    {
      return outcome
    }
    return unknown(name, .unsettled(name))
  }

  /// What a symbol is worth of which it is not known whether the script sets it; nil if that is known.
  func uncertain(_ name: NameID) -> Outcome? {
    premise == .oneLink ? nil : unknown(name, .objectDefinition(name))
  }

  /// The outcome as it is kept in the symbol that the current step sets.
  func remembered(_ outcome: Outcome) -> Outcome {
    if premise == .oneLink { return outcome }
    if isLayoutLost, case .assignment(let assignment) = program.steps[currentStep].action {
      return unknown(assignment.target.name, .locationCounter)
    }
    let own = StepList(currentStep)
    return outcome.map(self) { value in
      var value = value
      value.offset = value.offset.through(own)
      value.address = value.address.through(own)
      return Outcome(value)
    }
  }

  /// A symbol of which neither value nor section are known.
  func unknown(_ name: NameID, _ missing: Missing) -> Outcome {
    let number = numbers.unknown(missing)
    var outcome = Outcome(
      Value(offset: number, address: number, in: .holding(name, letter: 0)))
    outcome.merge(Outcome(Value(number, kind: .absolute)))
    return outcome
  }
}

extension Value {
  /// The value as another pass sees it, whose places are other ones.
  var withoutPlaces: Value {
    var value = self
    value.offset = offset.withoutPlaces
    value.address = address.withoutPlaces
    return value
  }
}
