// Checks an edit before it is offered: the ASSERTs are evaluated again over the layout that the edited script
// would give.

public import LdsParser

/// Judges edited scripts against the image of the script as it was.
public struct MendChecker: Sendable {
  private let report: EvaluationReport
  private let dialect: LinkerDialect
  private let provided: Set<[UInt8]>
  /// The location counter before each section, as the script was linked; nil if the layout cannot be computed.
  private let entryDots: [Int: UInt64]?
  /// Verdicts over the computed layout of the script as it was; those of the report if it cannot be computed.
  private let baseline: [Verdict]

  /// What an edit does to the ASSERTs.
  public struct Effect: Sendable {
    /// The verdict on each ASSERT, in script order.
    public var verdicts: [Verdict]
    /// ASSERTs that hold, and of which the verdict cannot be told after the edit.
    public var unknown: [Int]
    /// Why the places behind the edit could not be followed; nil if they could.
    public var obstacle: String?
  }

  /// A checker of edits to the script of `report`.
  public init(_ report: EvaluationReport, dialect: LinkerDialect = .bfd) {
    self.report = report
    self.dialect = dialect
    provided = Set(
      report.assignments.filter { assignment in
        guard assignment.isApplied,
          case .assignment(let node) = report.program.steps[assignment.step].action
        else { return false }
        return node.kind.isProvide
      }.map { report.program.names.bytes($0.symbol) })
    guard EditedFacts.canPlace(report.program, report.evidence, dialect) else {
      entryDots = nil
      baseline = report.assertions.map(\.verdict)
      return
    }
    let evidence = report.evidence
    let plain = Self.run(report.program, evidence, provided, nil, .most, dialect)
    let dots = plain.editedFacts?.entryDots
    let again = Self.run(report.program, evidence, provided, dots, .most, dialect)
    let agrees = zip(again.editedFacts?.sections ?? [], evidence.sections).allSatisfy {
      now, then in
      then.size == 0 || now.vma == then.vma && now.size == then.size
    }
    entryDots = agrees ? dots : nil
    baseline = agrees ? Self.judged(again).map(\.verdict) : report.assertions.map(\.verdict)
  }

  /// What `edited`, the program of the edited script, does; nil if that cannot be told, because it has other
  /// sections or ASSERTs.
  public func effect(of edited: Program) -> Effect? {
    guard edited.sections.count == report.program.sections.count,
      let judged = relaidVerdicts(of: edited)
    else { return nil }
    var effect = Effect(verdicts: judged, unknown: [])
    adoptProofs(of: edited, into: &effect.verdicts)
    adoptShifts(of: edited, into: &effect)
    effect.unknown = effect.verdicts.indices.filter { index in
      effect.verdicts[index] == .undecided && report.assertions[index].verdict == .holds
    }
    return effect
  }

  /// Verdicts over the computed layout of `edited`; undecided where it cannot be computed, nil if it has other
  /// ASSERTs.
  private func relaidVerdicts(of edited: Program) -> [Verdict]? {
    guard let entryDots else {
      let count = edited.steps.count { step in
        if case .assertion = step.action { true } else { false }
      }
      return count == report.assertions.count
        ? Array(repeating: .undecided, count: count) : nil
    }
    let changed = Set(
      edited.sections.indices.filter { edited.inside($0) != report.program.inside($0) })
    let most = Self.run(edited, report.evidence, provided, entryDots, .most, dialect, changed)
    let judged = Self.judged(most)
    guard judged.count == baseline.count, baseline.count == report.assertions.count else {
      return nil
    }
    var verdicts = judged.map(\.verdict)
    if most.editedFacts?.hasElasticSections != false {
      let least = Self.run(edited, report.evidence, provided, entryDots, .least, dialect, changed)
      for (index, other) in Self.judged(least).enumerated()
      where !judged[index].agrees(with: other, edited) {
        verdicts[index] = .undecided
      }
    }
    return verdicts
  }

  /// What the edited script alone proves needs no layout.
  private func adoptProofs(of edited: Program, into verdicts: inout [Verdict]) {
    guard verdicts.contains(.undecided) else { return }
    let proofs = ProofReport(edited, dialect: dialect).assertions
    guard proofs.count == verdicts.count else { return }
    for (index, proof) in proofs.enumerated() where verdicts[index] == .undecided {
      if proof.verdict == .alwaysHolds { verdicts[index] = .holds }
    }
  }

  /// What holds now goes on holding if all that it is made of stays, or moves by what does not matter to it.
  private func adoptShifts(of edited: Program, into effect: inout Effect) {
    guard dialect == .bfd, effect.verdicts.contains(.undecided) else { return }
    let trace = StatementTrace(
      report.program, facts: LinkFacts(report.program, report.evidence, dialect), dialect: dialect)
    let analysis: ShiftAnalysis
    do throws(ShiftAnalysis.Obstacle) {
      analysis = try ShiftAnalysis(from: trace, to: edited, evidence: report.evidence)
    } catch {
      effect.obstacle = error.text
      return
    }
    for index in effect.verdicts.indices where effect.verdicts[index] == .undecided {
      let assertion = report.assertions[index]
      let holds =
        switch assertion.verdict {
        case .holds: analysis.keeps(assertion, trace)
        case .fails: analysis.mends(assertion, trace)
        case .undecided: false
        }
      if holds { effect.verdicts[index] = .holds }
    }
  }

  /// Whether the edit makes the ASSERTs at `indices` hold and lets none fail that did not fail before. ASSERTs
  /// of which the computed layout never told the verdict do not count against it.
  public func mends(_ indices: [Int], by effect: Effect) -> Bool {
    indices.allSatisfy { effect.verdicts[$0] == .holds } && breaks(effect).isEmpty
      && doubts(effect).isEmpty
  }

  /// ASSERTs that fail with the edit and not without.
  private func breaks(_ effect: Effect) -> [Int] {
    effect.verdicts.indices.filter {
      effect.verdicts[$0] == .fails && report.assertions[$0].verdict != .fails
    }
  }

  /// ASSERTs that hold, and of which it is not known whether they do with the edit. One that fails has nothing to lose.
  private func doubts(_ effect: Effect) -> [Int] {
    effect.verdicts.indices.filter {
      effect.verdicts[$0] == .undecided && baseline[$0] != .undecided
        && report.assertions[$0].verdict != .fails
    }
  }

  /// ASSERTs that stand between an edit that mends those at `indices` and its being offered: whether they still
  /// hold is not known. Nil if the edit does not mend them, or breaks others.
  public func obstacles(_ indices: [Int], to effect: Effect) -> [Int]? {
    guard indices.allSatisfy({ effect.verdicts[$0] == .holds }), breaks(effect).isEmpty else {
      return nil
    }
    return doubts(effect)
  }

  /// The image that `edited`, the program of the edited script, would give, as far as rules look at it; nil where
  /// the layout cannot be computed to the byte.
  func image(_ image: Image, under edited: Program) -> Image? {
    guard let entryDots, edited.sections.count == report.program.sections.count else { return nil }
    let changed = Set(
      edited.sections.indices.filter { edited.inside($0) != report.program.inside($0) })
    guard changed.isEmpty else { return nil }
    let walker = Self.run(edited, report.evidence, provided, entryDots, .most, dialect)
    guard let facts = walker.editedFacts, !facts.hasElasticSections else { return nil }
    var moved = image
    var distances: [Int: UInt64] = [:]
    for (index, record) in image.outputSections.enumerated() {
      let old = report.evidence.sections.firstIndex {
        $0.name == record.name && $0.vma == record.vma
      }
      guard let old, let now = facts.sections[old].vma, let vma = record.vma else {
        continue
      }
      distances[index] = now &- vma
      moved.outputSections[index].vma = now
      moved.outputSections[index].lma = record.lma.map { $0 &+ (now &- vma) }
    }
    for index in moved.symbols.records.indices {
      let record = moved.symbols.records[index]
      if case .section(let section) = record.place, let distance = distances[section] {
        moved.symbols.records[index].value = record.value &+ distance
      }
      guard let name = edited.names.find(image.symbols.nameBytes(record)),
        edited.assignments[name] != nil,
        let state = walker.symbols[Int(name.index)], let value = address(of: state.outcome)
      else { continue }
      moved.symbols.records[index].value = value
    }
    return moved
  }

  private static func run(
    _ program: Program, _ evidence: Evidence, _ provided: Set<[UInt8]>, _ dots: [Int: UInt64]?,
    _ extreme: EditedFacts.Extreme, _ dialect: LinkerDialect, _ changed: Set<Int> = []
  ) -> Walker {
    let facts = EditedFacts(
      program, evidence: evidence, provided: provided, dotBefore: dots, extreme: extreme,
      changed: changed, dialect: dialect)
    var walker = Walker(program, facts: facts, dialect: dialect)
    walker.run()
    return walker
  }

  /// One ASSERT over one computed layout.
  private struct Judged {
    var verdict: Verdict
    /// What every part of the condition came to.
    var parts: [Outcome]
    /// Where the condition is a lone symbol beside a constant: addresses only grow with sizes, so what such a
    /// comparison says at both ends of the range it says between them.
    var isMonotone: Bool

    /// Whether the verdict is the same for every size between two at which it was judged: nothing it is made
    /// of changes, or it can change but once.
    func agrees(with other: Judged, _ program: Program) -> Bool {
      verdict == other.verdict && (parts == other.parts || isMonotone)
    }
  }

  /// The ASSERTs of a run, as ``EvaluationReport`` orders them.
  private static func judged(_ walker: Walker) -> [Judged] {
    var judged: [Judged] = []
    for result in walker.results {
      if case .assertion(let assertion) = walker.program.steps[result.step].action {
        let evaluator = Evaluator(walker.program.expressions, scope: walker.scope(of: result))
        judged.append(
          Judged(
            verdict: Judgement(result.outcome, dialect: walker.dialect).verdict,
            parts: evaluator.evaluateAll(assertion.condition),
            isMonotone: isMonotone(assertion.condition, walker.program.expressions)))
      }
      guard result.isApplied else { continue }
      for (_, outcome) in result.assertions {
        judged.append(
          Judged(
            verdict: Judgement(outcome, dialect: walker.dialect).verdict, parts: [outcome],
            isMonotone: false))
      }
    }
    return judged
  }

  private static func isMonotone(_ condition: ExpressionID, _ table: ExpressionTable) -> Bool {
    guard case .binary(let operation, let left, let right) = table[condition] else { return false }
    switch operation {
    case .less, .lessOrEqual, .greater, .greaterOrEqual: break
    default: return false
    }
    func isSymbol(_ id: ExpressionID) -> Bool {
      if case .symbol = table[id] { true } else { false }
    }
    return isSymbol(left) && table.foldedValue(right) != nil
      || table.foldedValue(left) != nil && isSymbol(right)
  }
}

extension Program {
  /// What stands inside an output section, as far as it decides the layout: targets and folded values.
  fileprivate func inside(_ section: Int) -> [[UInt8]] {
    steps.compactMap { step in
      guard step.context == .inside(section) else { return nil }
      guard case .assignment(let assignment) = step.action else { return [] }
      return names.bytes(assignment.target.name) + [0x3D]
        + ExpressionWriter.bytes(
          of: assignment.value, in: expressions, names: names, folded: true)
    }
  }
}

extension Walker {
  /// The facts of a run under an edited script, as the layout left them; nil for a run over others.
  fileprivate var editedFacts: EditedFacts? { facts as? EditedFacts }
}
