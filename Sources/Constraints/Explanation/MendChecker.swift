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
  /// Verdicts over the computed layout of the script as it was.
  private let baseline: [Verdict]

  /// What an edit does to the ASSERTs.
  public struct Effect: Sendable {
    /// The verdict on each ASSERT, in script order.
    public var verdicts: [Verdict]
    /// ASSERTs of which the verdict cannot be told after the edit, though it was before.
    public var unknown: [Int]
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
    guard RelayoutOracle.canPlace(report.program, report.evidence, dialect) else {
      entryDots = nil
      baseline = []
      return
    }
    let evidence = report.evidence
    let plain = Self.run(report.program, evidence, provided, nil, .most, dialect)
    let dots = plain.oracle.entryDots
    let again = Self.run(report.program, evidence, provided, dots, .most, dialect)
    let agrees = zip(again.oracle.inner.evidence.sections, evidence.sections).allSatisfy {
      now, then in
      then.size == 0 || now.vma == then.vma && now.size == then.size
    }
    entryDots = agrees ? dots : nil
    baseline = agrees ? Self.verdicts(of: again) : []
  }

  /// What `edited`, the program of the edited script, does; nil if that cannot be told, because the layout of
  /// this image is not computed again as it is.
  public func effect(of edited: Program) -> Effect? {
    guard let entryDots, edited.sections.count == report.program.sections.count else { return nil }
    let most = Self.run(edited, report.evidence, provided, entryDots, .most, dialect)
    let verdicts = Self.verdicts(of: most)
    guard verdicts.count == baseline.count, baseline.count == report.assertions.count else {
      return nil
    }
    if most.oracle.hasElasticSections {
      // Addresses only grow with sizes: what is the same at both ends is the same between them.
      let least = Self.run(edited, report.evidence, provided, entryDots, .least, dialect)
      guard Self.parts(of: most) == Self.parts(of: least) else { return nil }
    }
    let unknown = verdicts.indices.filter { index in
      verdicts[index] == .undecided && report.assertions[index].verdict != .undecided
    }
    return Effect(verdicts: verdicts, unknown: unknown)
  }

  /// Whether the edit makes the ASSERTs at `indices` hold and lets none fail that did not fail before. ASSERTs
  /// of which the computed layout never told the verdict do not count against it.
  public func mends(_ indices: [Int], by effect: Effect) -> Bool {
    guard indices.allSatisfy({ effect.verdicts[$0] == .holds }) else { return false }
    return report.assertions.indices.allSatisfy { index in
      switch effect.verdicts[index] {
      case .holds: true
      case .fails: report.assertions[index].verdict == .fails
      case .undecided: baseline[index] == .undecided
      }
    }
  }

  private static func run(
    _ program: Program, _ evidence: Evidence, _ provided: Set<[UInt8]>, _ dots: [Int: UInt64]?,
    _ extreme: RelayoutOracle.Extreme, _ dialect: LinkerDialect
  ) -> Walker<RelayoutOracle> {
    let oracle = RelayoutOracle(
      program, evidence: evidence, provided: provided, dotBefore: dots, extreme: extreme,
      dialect: dialect)
    var walker = Walker(program, oracle: oracle, dialect: dialect)
    walker.run()
    return walker
  }

  /// The verdicts of a run, as ``EvaluationReport`` orders them.
  private static func verdicts(of walker: Walker<RelayoutOracle>) -> [Verdict] {
    var verdicts: [Verdict] = []
    for result in walker.results {
      if case .assertion = walker.program.steps[result.step].action {
        verdicts.append(Judgement(result.outcome, dialect: walker.dialect).verdict)
      }
      guard result.isApplied else { continue }
      for (_, outcome) in result.assertions {
        verdicts.append(Judgement(outcome, dialect: walker.dialect).verdict)
      }
    }
    return verdicts
  }

  /// What every part of every condition came to.
  private static func parts(of walker: Walker<RelayoutOracle>) -> [[Outcome<ExactNumber>]] {
    walker.results.compactMap { result in
      guard case .assertion(let assertion) = walker.program.steps[result.step].action else {
        return nil
      }
      return Evaluator(walker.program.expressions, scope: walker.scope(of: result))
        .evaluateAll(assertion.condition)
    }
  }
}
