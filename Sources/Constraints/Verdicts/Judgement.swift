// From what a condition came to, to a verdict (ld-semantics 3.9).

package import LdsParser

/// The verdict on one condition.
package struct Judgement: Sendable {
  /// The verdict.
  package var verdict: Verdict
  /// The raw number that was tested, nil if unknown.
  package var value: UInt64?
  /// What is missing for an undecided verdict.
  package var lack: Lack?
  /// Where the linker stops instead of judging.
  package var fault: Fault?

  /// Judges `outcome`: GNU ld tests the raw number (the offset of a section-relative value), lld the
  /// address.
  package init(_ outcome: Outcome, dialect: LinkerDialect) {
    verdict = .undecided
    var faults: [Fault] = []
    for (index, branch) in outcome.branches.enumerated() {
      let part = Self.verdict(of: branch, dialect)
      if index == 0 { verdict = part }
      if part != verdict || part == .undecided { verdict = .undecided }
      switch branch {
      case .fault(let found): faults.append(found)
      case .invalid: lack = lack ?? Lack(.dataSegment)
      case .value(let known):
        let tested = known.tested(by: dialect)
        if let number = tested.exact {
          value = outcome.single != nil ? number : nil
        } else if let missing = tested.lack {
          lack = lack?.union(missing) ?? missing
        }
      }
    }
    guard verdict == .undecided else {
      lack = nil
      // A fault one way and 0 another are both a failure, of which the cause is open.
      if faults.count == outcome.branches.count { fault = faults.first }
      return
    }
    for case .undefinedSymbol(let name) in faults where lack == nil {
      lack = Lack(.objectDefinition(name))
    }
    lack = lack ?? Lack(.context)
  }

  private static func verdict(
    of branch: Outcome.Branch, _ dialect: LinkerDialect
  ) -> Verdict {
    switch branch {
    case .fault: return .fails
    case .invalid: return .undecided
    case .value(let value):
      switch value.tested(by: dialect).isZero {
      case true?: return .fails
      case false?: return .holds
      case nil: return .undecided
      }
    }
  }
}

/// A conditional of the script that was decided by a name which nothing defines, and which the build may define.
package struct Doubt: Sendable {
  /// The name on which the text hangs; nil if the text is the same either way.
  package var text: String?
  /// The name on which it hangs whether the statement is there, or what its text is.
  package var presence: String?

  /// A doubt about a statement; nil if there is none.
  package init?(text: String?, presence: String?) {
    if text == nil, presence == nil { return nil }
    self.text = text
    self.presence = presence
  }

  /// The name that takes a verdict back: of an ASSERT that holds it does not matter whether it is there.
  func name(_ verdict: Verdict) -> String? {
    switch verdict {
    case .holds: text
    case .fails: presence
    case .undecided: nil
    }
  }
}
