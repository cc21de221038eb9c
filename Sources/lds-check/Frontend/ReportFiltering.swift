// What becomes of findings in this run: the configuration, the suppressions in the script, the baseline and
// the options that say when to fail.

import Constraints
import LdsParser

/// Filters findings as the options and the configuration of a run want it.
struct ReportFiltering {
  /// Whether an undecided ASSERT is an error.
  let isStrict: Bool
  /// From which severity on the run fails.
  let failOn: FailureThreshold
  private let configuration: LoadedConfiguration?
  private let baseline: Baseline?
  private var batches: [FindingBatch] = []

  init(_ arguments: ParsedArguments, _ configuration: LoadedConfiguration?) throws {
    self.configuration = configuration
    isStrict = arguments.has(.strict) || configuration?.configuration.isStrict == true
    failOn = arguments.choice(
      .failOn, default: configuration?.configuration.failOn ?? FailureThreshold.error)
    let path = arguments.path(.baseline) ?? configuration?.baseline
    baseline = try path.map { try BaselineFile.read($0) }
  }

  /// Whether the configuration lets a rule run.
  func isEnabled(_ rule: String) -> Bool {
    FindingFilter(levels: configuration?.configuration.rules ?? []).isEnabled(rule)
  }

  /// Takes the findings of one image, whose places are in `sources`.
  ///
  /// - Parameter ran: the rules that had all they need.
  mutating func add(_ findings: [Finding], sources: SourceSet, ran: Set<String> = []) {
    let rules = ProgramFindings.everything.map(\.id)
    batches.append(
      FindingBatch(
        findings, sources: sources,
        suppressions: SuppressionSet(sources, tags: configuration?.tags ?? [], rules: rules),
        ran: ran.union(ProgramFindings.all.map(\.id))))
  }

  /// Filters everything that was added into `report`.
  ///
  /// - Parameter take: called with the findings of each batch in turn, if somebody else wants to add them.
  func finish(
    into report: inout Report, _ take: (([ReportFinding], Int) -> Void)? = nil
  ) {
    let filter = FindingFilter(
      levels: configuration?.configuration.rules ?? [], baseline: baseline)
    for (index, (batch, filtered)) in zip(batches, filter.apply(batches)).enumerated() {
      let count = report.findings.count
      ReportResolver(sources: batch.sources).fill(&report, from: filtered)
      guard let take else { continue }
      take(Array(report.findings[count...]), index)
      report.findings.removeSubrange(count...)
    }
  }
}
