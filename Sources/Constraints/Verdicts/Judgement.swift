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
        let tested = dialect == .bfd ? known.offset : known.address
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
    lack = lack ?? Lack(.context)
  }

  private static func verdict(
    of branch: Outcome.Branch, _ dialect: LinkerDialect
  ) -> Verdict {
    switch branch {
    case .fault: return .fails
    case .invalid: return .undecided
    case .value(let value):
      switch (dialect == .bfd ? value.offset : value.address).isZero {
      case true?: return .fails
      case false?: return .holds
      case nil: return .undecided
      }
    }
  }
}
