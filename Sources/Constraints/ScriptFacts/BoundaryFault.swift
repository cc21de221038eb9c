// A symbol of which an ASSERT or the profile wants an alignment that no statement of the script gives it.

import LdsParser

/// Why a boundary is not aligned.
struct BoundaryFault: Sendable {
  /// What is wrong.
  enum Kind: Sendable {
    /// The symbol is set and the location counter is aligned only then.
    case beforeAlign(AlignmentTrack.Setter)
    /// The statement before it aligns to less.
    case underaligned(AlignmentTrack.Setter)
    /// Nothing aligns it.
    case unaligned
    /// Aligned to the same number by chance of the configuration: the claim's macro and the statement's.
    case coincidence(AlignmentTrack.Setter, claimed: String, written: String)
  }

  /// What is wrong.
  var kind: Kind
  /// The symbol.
  var symbol: NameID
  /// The step that sets it.
  var step: Int
  /// The alignment wanted.
  var alignment: UInt64
  /// The claim of the ASSERT; nil if the profile wants it.
  var claim: AlignmentClaim?
}

extension ScriptFacts {
  /// Looks at every claim of an ASSERT, then at what the profile needs.
  func findBoundaryFaults() -> [BoundaryFault] {
    var faults: [BoundaryFault] = []
    var faulty: Set<NameID> = []
    let wanted = Dictionary(claims.map { ($0.symbol, $0.alignment) }, uniquingKeysWith: max)
    let proved = Set(proof.assertions.filter { $0.verdict == .alwaysHolds }.map(\.step))
    for claim in claims where wanted[claim.symbol] == claim.alignment {
      if faulty.contains(claim.symbol) { continue }
      if let fault = fault(
        claim.symbol, claim.alignment, claim, isProved: proved.contains(claim.step))
      {
        faults.append(fault)
        faulty.insert(claim.symbol)
      }
    }
    for (symbol, alignment) in profileNeeds where wanted[symbol] ?? 1 < alignment {
      if faulty.contains(symbol) { continue }
      if let fault = fault(symbol, alignment, nil, isProved: false) {
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
    _ symbol: NameID, _ alignment: UInt64, _ claim: AlignmentClaim?, isProved: Bool
  ) -> BoundaryFault? {
    guard let step = onlyAssignment(of: symbol), let place = alignments.places[step],
      let assignment = assignment(step)
    else { return nil }
    func fault(_ kind: BoundaryFault.Kind) -> BoundaryFault {
      BoundaryFault(kind: kind, symbol: symbol, step: step, alignment: alignment, claim: claim)
    }
    if place.bits >= alignment.trailingZeroBitCount {
      return claim.flatMap { coincidence($0, place) }.map(fault)
    }
    // What is proved is not luck.
    if isProved { return nil }
    if case .locationCounter = program.expressions[assignment.value],
      let later = laterSetter(after: step), later.alignment >= alignment
    {
      return fault(.beforeAlign(later))
    }
    if let weaker = place.setters.last(where: { $0.alignment < alignment }) {
      return fault(.underaligned(weaker))
    }
    return fault(.unaligned)
  }

  /// The first ALIGN of the same run behind a step.
  private func laterSetter(after step: Int) -> AlignmentTrack.Setter? {
    guard let index = alignments.nextMoves[step], let assignment = assignment(index),
      case .call1(.align, let measure) = program.expressions[assignment.value],
      let value = program.expressions.foldedValue(measure)
    else { return nil }
    return AlignmentTrack.Setter(step: index, alignment: value, measure: measure)
  }

  /// The ASSERT names a macro that another configuration defines otherwise, the statement another macro.
  private func coincidence(_ claim: AlignmentClaim, _ place: AlignmentTrack.Place)
    -> BoundaryFault.Kind?
  {
    let sources = script.sources
    let outer = sources.macroCalls(in: program.expressions.span(claim.subject)).map(\.call)
    let claimed = sources.macroCalls(in: program.expressions.span(claim.measure))
      .filter { !outer.contains($0.call) }
    guard let chosen = claimed.first, chosen.condition != nil,
      place.setters.count < AlignmentTrack.mostSetters
    else { return nil }
    var written: (setter: AlignmentTrack.Setter, name: String)?
    for setter in place.setters {
      let calls = sources.macroCalls(in: program.expressions.span(setter.measure))
      if calls.contains(where: { $0.name == chosen.name }) { return nil }
      if let name = calls.first?.name, claimed.contains(where: { $0.name == name }) {
        written = (setter, name)
      }
    }
    return written.map { .coincidence($0.setter, claimed: chosen.name, written: $0.name) }
  }
}
