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

  /// Filters `findings`, whose places are in `sources`, into `report`.
  func apply(
    _ findings: [Finding], sources: SourceSet, ran: Set<String> = [], to report: inout Report
  ) {
    let rules = ProgramFindings.everything.map(\.id)
    let filter = FindingFilter(
      levels: configuration?.configuration.rules ?? [],
      suppressions: SuppressionSet(sources, tags: configuration?.tags ?? [], rules: rules),
      baseline: baseline)
    let filtered = filter.apply(
      findings, sources: sources, ran: ran.union(ProgramFindings.all.map(\.id)))
    ReportResolver(sources: sources).fill(&report, from: filtered)
  }
}
