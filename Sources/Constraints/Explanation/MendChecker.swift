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
    let plain = RelayoutOracle(
      report.program, evidence: report.evidence, provided: provided, dotBefore: [:],
      dialect: dialect)
    var walker = Walker(report.program, oracle: plain, dialect: dialect)
    walker.run()
    let dots = walker.oracle.entryDots
    let verdicts = Self.verdicts(
      report.program, report.evidence, provided, dots, dialect, reproducing: report.evidence)
    baseline = verdicts ?? []
    entryDots = verdicts == nil ? nil : dots
  }

  /// What `edited`, the program of the edited script, does; nil if that cannot be told, because the layout of
  /// this image is not computed again as it is.
  public func effect(of edited: Program) -> Effect? {
    guard let entryDots, edited.sections.count == report.program.sections.count,
      let verdicts = Self.verdicts(
        edited, report.evidence, provided, entryDots, dialect, reproducing: nil),
      verdicts.count == baseline.count, baseline.count == report.assertions.count
    else { return nil }
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

  /// The verdicts over a computed layout; nil if `image` is given and the layout is not the image's.
  private static func verdicts(
    _ program: Program, _ evidence: Evidence, _ provided: Set<[UInt8]>, _ dots: [Int: UInt64],
    _ dialect: LinkerDialect, reproducing image: Evidence?
  ) -> [Verdict]? {
    let oracle = RelayoutOracle(
      program, evidence: evidence, provided: provided, dotBefore: dots, dialect: dialect)
    var walker = Walker(program, oracle: oracle, dialect: dialect)
    walker.run()
    if let image {
      let placed = walker.oracle.inner.evidence.sections
      guard zip(placed, image.sections).allSatisfy({ $0.vma == $1.vma && $0.size == $1.size })
      else { return nil }
    }
    var verdicts: [Verdict] = []
    for result in walker.results {
      if case .assertion = program.steps[result.step].action {
        verdicts.append(Judgement(result.outcome, dialect: dialect).verdict)
      }
      guard result.isApplied else { continue }
      for (_, outcome) in result.assertions {
        verdicts.append(Judgement(outcome, dialect: dialect).verdict)
      }
    }
    return verdicts
  }
}
