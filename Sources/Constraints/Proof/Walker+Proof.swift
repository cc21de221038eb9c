// The passes of a proof: sizing passes, then the final pass (ld-semantics 3.6). How often GNU ld repeats
// either is not known, so a value of an earlier pass counts only where every pass agrees on it.

internal import LdsParser

extension Walker where Oracle == ProofOracle {
  /// Runs all passes.
  mutating func prove() {
    runPass()
    runPass()
    let sized = symbols
    oracle.beginFinalPhase()
    isFinal = true
    keepsResults = false
    runPass()
    keepsResults = true
    for name in program.assignments.keys {
      let index = Int(name.index)
      guard let state = symbols[index], let earlier = sized[index], isSettled(state.outcome),
        state.outcome == earlier.outcome
      else { continue }
      oracle.carriedNames.insert(name)
    }
    oracle.isCompared = true
    runPass()
  }

  private func isSettled(_ outcome: Outcome) -> Bool {
    outcome.branches.allSatisfy { branch in
      guard case .value(let value) = branch else { return false }
      return value.offset.isSettled && value.address.isSettled
    }
  }
}
