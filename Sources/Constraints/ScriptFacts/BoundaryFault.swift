// A symbol of which an ASSERT or the profile wants an alignment that no statement of the script gives it.

import LdsParser

/// Why a boundary is not aligned.
struct BoundaryFault: Sendable {
  /// What is wrong.
  enum Kind: Sendable {
    /// The symbol is set and the location counter is aligned only then.
    case beforeAlign(StatementRuns.Aligner)
    /// The statement before it aligns to less.
    case underaligned(StatementRuns.Aligner)
    /// Nothing aligns it.
    case unaligned
    /// Aligned to the same number by chance of the configuration: the claim's macro and the statement's.
    case coincidence(StatementRuns.Aligner, claimed: String, written: String)
  }

  /// What is wrong.
  var kind: Kind
  /// The symbol.
  var symbol: NameID
  /// The step that sets it.
  var step: Int
  /// The alignment wanted.
  var alignment: UInt64
  /// The claim of the ASSERT; nil if the profile or a constraint wants it.
  var claim: AlignmentClaim?
  /// The constraint that wants it; nil if the script or the profile does.
  var constraint: String?
  /// How bad it is.
  var severity: Severity

  /// The largest alignment that a type of C has by itself (x86-64 and AArch64 psABI): contents often end on it,
  /// and what asks for no more may hold without an ALIGN in every build of a project.
  static let natural: UInt64 = 16
}

extension ScriptFacts {
  /// Looks at every claim of an ASSERT, then at what the profile needs.
  func findBoundaryFaults() -> [BoundaryFault] {
    var faults: [BoundaryFault] = []
    var faulty: Set<NameID> = []
    let wanted = Dictionary(claims.map { ($0.symbol, $0.alignment) }, uniquingKeysWith: max)
    let proofs = Dictionary(
      proof.assertions.map { ($0.step, $0.verdict) }, uniquingKeysWith: { first, _ in first })
    for claim in claims where wanted[claim.symbol] == claim.alignment {
      if faulty.contains(claim.symbol) { continue }
      if let fault = fault(
        claim.symbol, claim.alignment, claim, proof: proofs[claim.step] ?? .depends)
      {
        faults.append(fault)
        faulty.insert(claim.symbol)
      }
    }
    for demand in demands where !faulty.contains(demand.symbol) {
      guard wanted[demand.symbol] ?? 1 < demand.alignment,
        var fault = fault(demand.symbol, demand.alignment, nil, proof: .depends)
      else { continue }
      fault.constraint = demand.constraint
      faults.append(fault)
      faulty.insert(demand.symbol)
    }
    for (symbol, alignment) in profileNeeds where wanted[symbol] ?? 1 < alignment {
      if faulty.contains(symbol) { continue }
      if let fault = fault(symbol, alignment, nil, proof: .depends) {
        faults.append(fault)
        faulty.insert(symbol)
      }
    }
    return faults
  }

  /// The largest alignment that ASSERTs ask of a symbol, 1 for none.
  func alignment(claimed symbol: NameID) -> UInt64 {
    claims.filter { $0.symbol == symbol }.map(\.alignment).max() ?? 1
  }

  /// What the profile asks of symbols that the script sets.
  var profileNeeds: [(symbol: NameID, alignment: UInt64)] {
    guard let profile else { return [] }
    let page = profile.pageSizes.min()?.bytes ?? 4096
    return profile.superpageSymbols.compactMap(program.names.find)
      .filter { program.assignments[$0] != nil }.map { ($0, page) }
  }

  private func fault(
    _ symbol: NameID, _ alignment: UInt64, _ claim: AlignmentClaim?, proof: ProofVerdict
  ) -> BoundaryFault? {
    guard let step = onlyAssignment(of: symbol), let assignment = assignment(step),
      followsLayout(assignment.value)
    else { return nil }
    let aligners = runs.aligners(of: step)
    func fault(_ kind: BoundaryFault.Kind, ifNatural mild: Severity) -> BoundaryFault {
      let mayHold = alignment <= BoundaryFault.natural && proof != .neverHolds
      return BoundaryFault(
        kind: kind, symbol: symbol, step: step, alignment: alignment, claim: claim,
        severity: mayHold ? mild : .error)
    }
    if places.alignmentHoped(of: step) >= alignment.trailingZeroBitCount {
      guard
        var found = claim.flatMap({ coincidence($0, aligners) })
          .map({ fault($0, ifNatural: .warning) })
      else { return nil }
      found.severity = .warning
      return found
    }
    // What is proved is not luck.
    if proof == .alwaysHolds { return nil }
    if case .locationCounter = program.expressions[assignment.value],
      let later = laterSetter(after: step), isMeant(later, alignment)
    {
      return fault(.beforeAlign(later), ifNatural: .warning)
    }
    if let weaker = aligners.last(where: { $0.alignment < alignment }) {
      return fault(.underaligned(weaker), ifNatural: .warning)
    }
    if alignment <= BoundaryFault.natural, followsAlignedContents(step, alignment) { return nil }
    return fault(.unaligned, ifNatural: .note)
  }

  /// Whether a value has to do with where something stands: a number is what it is, and no contents move it.
  private func followsLayout(_ value: ExpressionID) -> Bool {
    program.expressions.nodes(of: value).contains { index in
      switch program.expressions[ExpressionID(index: index)] {
      case .integer, .nameCall(.origin, _), .nameCall(.length, _), .unary, .binary, .conditional:
        false
      default: true
      }
    }
  }

  /// Whether an ALIGN behind a symbol may have been meant to stand before it: one to a page is there for what
  /// follows where the symbol has to be a multiple of 8 only.
  private func isMeant(_ later: StatementRuns.Aligner, _ alignment: UInt64) -> Bool {
    later.alignment == alignment
      || (later.alignment > alignment && alignment > BoundaryFault.natural)
  }

  /// The first ALIGN of the same run behind a step.
  private func laterSetter(after step: Int) -> StatementRuns.Aligner? {
    runs.nextMove(after: step).flatMap(runs.aligner)
  }

  /// The ASSERT names a macro that another configuration defines otherwise, the statement another macro.
  private func coincidence(
    _ claim: AlignmentClaim, _ aligners: [StatementRuns.Aligner]
  ) -> BoundaryFault.Kind? {
    let sources = script.sources
    let outer = sources.macroCalls(in: program.expressions.span(claim.subject)).map(\.call)
    let claimed = sources.macroCalls(in: program.expressions.span(claim.measure))
      .filter { !outer.contains($0.call) }
    guard let chosen = claimed.first, chosen.condition != nil,
      aligners.count < StatementRuns.mostAligners
    else { return nil }
    var written: (setter: StatementRuns.Aligner, name: String)?
    for setter in aligners {
      let calls = sources.macroCalls(in: program.expressions.span(setter.measure))
      if calls.contains(where: { $0.name == chosen.name }) { return nil }
      if let name = calls.first?.name, claimed.contains(where: { $0.name == name }) {
        written = (setter, name)
      }
    }
    return written.map { .coincidence($0.setter, claimed: chosen.name, written: $0.name) }
  }
}
