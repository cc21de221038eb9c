// From what the rules found to what is reported: severities of the configuration, suppressions in the script,
// the baseline, and an order that is the same run after run.

public import LdsParser

/// What becomes of findings.
public struct FindingFilter: Sendable {
  /// What the configuration says about rules.
  public var levels: [ConfiguredRule]
  /// Comments that hide findings.
  public var suppressions: SuppressionSet?
  /// Known findings.
  public var baseline: Baseline?

  /// A filter that lets everything through but for what is given.
  public init(
    levels: [ConfiguredRule] = [], suppressions: SuppressionSet? = nil, baseline: Baseline? = nil
  ) {
    self.levels = levels
    self.suppressions = suppressions
    self.baseline = baseline
  }

  /// Whether the configuration lets a rule run.
  public func isEnabled(_ rule: String) -> Bool {
    // Of several lines about one rule the last counts.
    guard let level = levels.last(where: { $0.rule == rule }) else { return true }
    return level.severity != nil
  }

  /// Applies it.
  ///
  /// - Parameters:
  ///   - findings: in any order.
  ///   - sources: the sources their places are in.
  ///   - ran: the rules that had all they need; of others nothing shows whether a suppression is used.
  public func apply(
    _ findings: [Finding], sources: SourceSet, ran: Set<String>
  ) -> FilteredFindings {
    var result = FilteredFindings()
    var candidates: [Finding] = []
    var used: [[String: Bool]] = (suppressions?.suppressions ?? []).map { _ in [:] }
    for finding in findings + (suppressions?.faults ?? []) {
      guard let finding = levelled(finding) else { continue }
      var hidden: Suppression?
      for (index, suppression) in (suppressions?.suppressions ?? []).enumerated()
      where suppression.covers(finding, in: sources) {
        used[index][finding.rule] = true
        hidden = hidden ?? suppression
      }
      if let hidden {
        result.suppressed.append(.init(finding: finding, suppression: hidden))
      } else {
        candidates.append(finding)
      }
    }
    candidates += unused(used, sources, ran).compactMap(levelled)
    let order = FindingOrder(sources)
    candidates = order.sorted(candidates)
    let suppressedOrder = order.sorted(result.suppressed, by: \.finding)
    result.suppressed = suppressedOrder
    if let baseline {
      (result.shown, result.known, result.stale) = baseline.split(candidates, sources: sources)
    } else {
      result.shown = candidates
    }
    return result
  }

  /// The finding at the severity of the configuration; nil if its rule is off.
  private func levelled(_ finding: Finding) -> Finding? {
    guard let level = levels.last(where: { $0.rule == finding.rule }) else { return finding }
    guard let severity = level.severity else { return nil }
    var finding = finding
    finding.severity = severity
    return finding
  }

  /// Findings about directives, rule by rule, that hid nothing. Tags may stand there for another analyser,
  /// and text that the preprocessor left out has had no chance.
  private func unused(
    _ used: [[String: Bool]], _ sources: SourceSet, _ ran: Set<String>
  ) -> [Finding] {
    var result: [Finding] = []
    var live: LiveText?
    for (suppression, used) in zip(suppressions?.suppressions ?? [], used)
    where suppression.form == .directive {
      let idle = suppression.rules.filter { used[$0] == nil && ran.contains($0) && isEnabled($0) }
      if idle.isEmpty { continue }
      let text = live ?? LiveText(sources)
      live = text
      guard text.isLive(suppression.lines, in: suppression.span.source) else { continue }
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
    lines.count == 1
      ? "line \(lines.lowerBound)" : "lines \(lines.lowerBound) to \(lines.upperBound)"
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

/// The order of findings in reports: by file, line, column, rule and message.
private struct FindingOrder {
  private let sources: SourceSet

  init(_ sources: SourceSet) {
    self.sources = sources
  }

  func sorted(_ findings: [Finding]) -> [Finding] {
    sorted(findings, by: \.self)
  }

  func sorted<Element>(_ elements: [Element], by finding: (Element) -> Finding) -> [Element] {
    let keyed = elements.enumerated().map { offset, element in
      (key: key(finding(element)), offset: offset, element: element)
    }
    return keyed.sorted { left, right in
      if left.key.place != right.key.place { return left.key.place < right.key.place }
      return (left.key.rule, left.key.message, left.offset)
        < (right.key.rule, right.key.message, right.offset)
    }.map(\.element)
  }

  private struct Place: Comparable {
    let path: [UInt8]
    let line: Int
    let column: Int

    static func < (left: Place, right: Place) -> Bool {
      if left.path != right.path { return left.path.lexicographicallyPrecedes(right.path) }
      return (left.line, left.column) < (right.line, right.column)
    }
  }

  private func key(_ finding: Finding) -> (place: Place, rule: String, message: String) {
    let place =
      switch finding.place {
      case .source(let span):
        {
          let position = sources.position(of: span)
          return Place(path: position.path.bytes, line: position.line, column: position.column)
        }()
      case .image(let path, let line, let offset):
        Place(path: path.bytes, line: line ?? 0, column: offset ?? 0)
      case .none: Place(path: [], line: 0, column: 0)
      }
    return (place, finding.rule, finding.message)
  }
}
