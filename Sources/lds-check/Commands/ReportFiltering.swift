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
  private let levels: RuleLevels
  private let naming: FileNaming
  private var batches: [FindingBatch] = []

  init(_ arguments: ParsedArguments, _ configuration: LoadedConfiguration?) throws {
    self.configuration = configuration
    isStrict = arguments.has(.strict) || configuration?.configuration.isStrict == true
    failOn = arguments.choice(
      .failOn, default: configuration?.configuration.failOn ?? FailureThreshold.error)
    let path = arguments.path(.baseline) ?? configuration?.baseline
    baseline = try path.map { try BaselineFile.read($0) }
    levels = try RuleLevels(arguments, configuration)
    let main = arguments.inputs.first { !$0.isStandardInput }?.path ?? FilePath(".")
    let root = RepositoryRoot.find(from: main)
    let folder = root.folder ?? root.workingFolder
    naming = FileNaming { root.name(of: $0, seenFrom: folder) }
  }

  /// Whether options and configuration let a rule run.
  func isEnabled(_ rule: String) -> Bool { levels.isEnabled(rule) }

  /// Takes the findings of one image, whose places are in `sources`.
  ///
  /// - Parameters:
  ///   - ran: the rules that had all they need.
  ///   - hasComments: whether the sources are scripts; a map has no comments to look for.
  mutating func add(
    _ findings: [Finding], sources: SourceSet, ran: Set<String> = [], hasComments: Bool = true
  ) {
    let rules = ProgramFindings.everything.map(\.id)
    batches.append(
      FindingBatch(
        findings, sources: sources,
        suppressions: SuppressionSet(
          hasComments ? sources : SourceSet(), tags: configuration?.tags ?? [], rules: rules),
        ran: ran.union(ProgramFindings.all.map(\.id))))
  }

  /// What becomes of everything that was added, batch by batch.
  func finish() -> [FilteredFindings] {
    FindingFilter(levels: levels, baseline: baseline, naming: naming).apply(batches)
  }

  /// All findings that were added, as known ones.
  var known: Baseline {
    Baseline(joining: batches.map { Baseline($0.findings, sources: $0.sources, naming: naming) })
  }

  /// Filters everything that was added into `report`.
  ///
  /// - Returns: for each batch, in the order they were added, where its findings stand in the report.
  @discardableResult
  func finish(into report: inout Report) -> [Range<Int>] {
    zip(batches, finish()).map { batch, filtered in
      let start = report.findings.count
      ReportResolver(sources: batch.sources).fill(&report, from: filtered)
      return start..<report.findings.count
    }
  }
}
