// From what the rules found to what is reported: severities of the configuration, suppressions in the script,
// the baseline, and an order that is the same run after run.

public import LdsParser

/// What becomes of findings.
public struct FindingFilter: Sendable {
  /// What the configuration says about rules, in all files and in some.
  public var levels: RuleLevels
  /// Comments that hide findings.
  public var suppressions: SuppressionSet?
  /// Known findings.
  public var baseline: Baseline?
  /// What files are called in the baseline.
  public var naming: FileNaming

  /// A filter that lets everything through but for what is given.
  public init(
    levels: RuleLevels = [], suppressions: SuppressionSet? = nil,
    baseline: Baseline? = nil, naming: FileNaming = .asGiven
  ) {
    self.levels = levels
    self.suppressions = suppressions
    self.baseline = baseline
    self.naming = naming
  }

  /// Whether a rule runs: it does unless it is off in every file.
  public func isEnabled(_ rule: String) -> Bool { levels.isEnabled(rule) }

  /// Applies it to the findings of one script.
  ///
  /// - Parameters:
  ///   - findings: in any order.
  ///   - sources: the sources their places are in.
  ///   - ran: the rules that had all they need; of others nothing shows whether a suppression is used.
  public func apply(
    _ findings: [Finding], sources: SourceSet, ran: Set<String>
  ) -> FilteredFindings {
    apply([
      FindingBatch(findings, sources: sources, suppressions: suppressions, ran: ran)
    ])[0]
  }

  /// Applies it to findings of several scripts or images, with one result each.
  ///
  /// An entry of the baseline knows a finding once, whichever image it is about, and a comment is unused
  /// only if no image uses it. What is stale stands in the last result.
  public func apply(_ batches: [FindingBatch]) -> [FilteredFindings] {
    var usage = SuppressionUsage()
    var candidates: [[Finding]] = []
    var results: [FilteredFindings] = []
    for batch in batches {
      var result = FilteredFindings()
      candidates.append(visible(batch, &usage, &result))
      results.append(result)
    }
    for (index, batch) in batches.enumerated() {
      candidates[index] += unused(batch, &usage).compactMap {
        levels.applied(to: $0, batch.sources)
      }
      let order = FindingOrder(batch.sources)
      results[index].shown = order.sorted(candidates[index])
      results[index].suppressed = order.sorted(results[index].suppressed, by: \.finding)
    }
    guard let baseline else { return results }
    var ledger = baseline.ledger()
    for (index, batch) in batches.enumerated() {
      (results[index].shown, results[index].known) = ledger.split(
        results[index].shown, sources: batch.sources, naming: naming)
    }
    if !results.isEmpty { results[results.count - 1].stale = ledger.stale }
    return results
  }

  /// The findings of a batch that no comment hides, at their severity.
  private func visible(
    _ batch: FindingBatch, _ usage: inout SuppressionUsage, _ result: inout FilteredFindings
  ) -> [Finding] {
    var visible: [Finding] = []
    for finding in batch.findings + (batch.suppressions?.faults ?? []) {
      guard let finding = levels.applied(to: finding, batch.sources) else { continue }
      let hiding = (batch.suppressions?.suppressions ?? [])
        .filter { $0.covers(finding, in: batch.sources) }
      for suppression in hiding { usage.use(suppression, for: finding.rule, in: batch.sources) }
      if let first = hiding.first {
        result.suppressed.append(.init(finding: finding, suppression: first))
      } else {
        visible.append(finding)
      }
    }
    return visible
  }

  /// Findings about directives, rule by rule, that hid nothing. Tags may stand there for another analyser,
  /// and text that the preprocessor left out has had no chance.
  private func unused(_ batch: FindingBatch, _ usage: inout SuppressionUsage) -> [Finding] {
    var result: [Finding] = []
    var live: LiveText?
    for suppression in batch.suppressions?.suppressions ?? []
    where suppression.form == .directive {
      let idle = usage.idleRules(of: suppression, in: batch.sources)
        .filter { batch.ran.contains($0) && levels.isEnabled($0) }
      if idle.isEmpty { continue }
      let text = live ?? LiveText(batch.sources)
      live = text
      guard text.isLive(suppression.lines, in: suppression.span.source) else { continue }
      // Said once, not for each image.
      for rule in idle { usage.use(suppression, for: rule, in: batch.sources) }
      let names = idle.map { "'\($0)'" }.joined(separator: ", ")
      result.append(
        Finding(
          rule: ProgramFindings.unusedSuppression.id,
          severity: ProgramFindings.unusedSuppression.severity,
          message: "no finding of \(names) is suppressed here", at: .source(suppression.span),
          notes: [FindingNote("it is about \(Self.described(suppression.lines))")],
          subject: idle.joined(separator: ",")))
    }
    return result
  }

  private static func described(_ lines: ClosedRange<Int>) -> String {
    if lines.upperBound == .max { return "the whole file" }
    return lines.count == 1
      ? "line \(lines.lowerBound)" : "lines \(lines.lowerBound) to \(lines.upperBound)"
  }
}

/// The findings of one script with one image.
public struct FindingBatch: Sendable {
  /// In any order.
  public var findings: [Finding]
  /// The sources their places are in.
  public var sources: SourceSet
  /// The comments in these sources.
  public var suppressions: SuppressionSet?
  /// The rules that had all they need.
  public var ran: Set<String>

  /// Findings whose places are in `sources`.
  public init(
    _ findings: [Finding], sources: SourceSet, suppressions: SuppressionSet?, ran: Set<String>
  ) {
    self.findings = findings
    self.sources = sources
    self.suppressions = suppressions
    self.ran = ran
  }
}

/// What became of findings, each list in the order of reports.
public struct FilteredFindings: Sendable {
  /// A finding with the comment that hides it.
  public struct Suppressed: Sendable {
    /// The finding.
    public var finding: Finding
    /// The comment.
    public var suppression: Suppression
  }

  /// To report.
  public var shown: [Finding] = []
  /// Hidden by comments.
  public var suppressed: [Suppressed] = []
  /// Hidden by the baseline.
  public var known: [Finding] = []
  /// Entries of the baseline whose findings are gone.
  public var stale: [Baseline.Entry] = []
}

/// The author's text that expanded sources came from.
struct LiveText {
  private let sources: SourceSet
  /// Lines that gave at least one token, for every source that expanded text leads to.
  private var lines: [SourceID: Set<Int>] = [:]
  private var hasExpansion = false

  /// Looks through every expanded source of `sources`.
  init(_ sources: SourceSet) {
    self.sources = sources
    for index in 0..<sources.count {
      let expanded = SourceID(index: UInt32(truncatingIfNeeded: index))
      guard let origins = sources.origins(expanded), !origins.runs.isEmpty else { continue }
      hasExpansion = true
      var previous: SourceSpan?
      for run in origins.runs {
        let authored = sources.authoredSpan(
          of: SourceSpan(source: expanded, start: run.offset, end: run.offset))
        // All tokens of one macro call lead to the same place.
        if authored == previous { continue }
        previous = authored
        add(authored)
      }
    }
  }

  private mutating func add(_ span: SourceSpan) {
    let first = sources.lineAndColumn(span.source, offset: Int(span.start)).line
    let last = sources.lineAndColumn(span.source, offset: max(Int(span.start), Int(span.end) - 1))
    lines[span.source, default: []].formUnion(first...max(first, last.line))
  }

  /// Whether one of `lines` was part of the script. Without any expansion everything is.
  func isLive(_ lines: ClosedRange<Int>, in source: SourceID) -> Bool {
    guard hasExpansion else { return true }
    return self.lines[source]?.contains { lines.contains($0) } ?? false
  }
}
