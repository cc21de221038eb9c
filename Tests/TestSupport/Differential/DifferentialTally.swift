// What a run of random links came to: verdicts by kind of evidence, undecided ones by cause.

/// Counts over many cases.
public struct DifferentialTally: Sendable {
  /// The counts for one kind of evidence.
  public struct Row: Sendable {
    /// ASSERTs judged, undecided ones included.
    public var judged = 0
    /// Those outside output sections.
    public var outside = 0
    /// Undecided ASSERTs.
    public var undecided = 0
    /// Those outside output sections.
    public var undecidedOutside = 0
    /// Assignments evaluated, and those of them without a value.
    public var assignments = 0
    /// Assignments of which the value is not known.
    public var valueless = 0
    /// Wrong verdicts.
    public var wrongVerdicts = 0
    /// Assignments that are said to differ from the image's, `stale-layout`.
    public var stale = 0
    /// Wrong verdicts and values.
    public var wrong: Int { wrongVerdicts + stale }
    /// How many ASSERTs are undecided for which cause.
    public var causes: [String: Int] = [:]
  }

  /// Links judged.
  public private(set) var links = 0
  /// Those of them with a wrong verdict or value from the link's own files.
  public private(set) var faulty = 0
  /// Those with one from altered files, or from a map of an earlier link.
  public private(set) var faultyIfAltered = 0
  /// Those of them in which the linker stopped at an ASSERT.
  public private(set) var stops = 0
  /// ASSERTs in those links.
  public private(set) var assertions = 0
  /// ASSERTs decided from at least one kind of evidence.
  public private(set) var decided = 0
  /// Scripts that the linker refused, by its words without places and numbers.
  public private(set) var refusals: [String: Int] = [:]
  /// The counts by kind of evidence.
  public private(set) var rows: [DifferentialCase.Evidence: Row] = [:]

  /// No counts.
  public init() {}

  /// Wrong verdicts and values.
  public var wrong: Int {
    rows.values.reduce(0) { $0 + $1.wrong }
  }

  /// Counts one case.
  public mutating func add(_ result: DifferentialCase.Result) {
    switch result {
    case .refused(let line):
      let words = line.split(separator: " ").dropFirst()
        .filter { word in !word.contains(where: \.isNumber) }
      refusals[words.prefix(8).joined(separator: " "), default: 0] += 1
    case .judged(let findings, let stopped):
      links += 1
      if stopped { stops += 1 }
      let faults = findings.filter { $0.fault != nil }
      if faults.contains(where: { !$0.evidence.isOfAlteredFiles }) { faulty += 1 }
      if faults.contains(where: \.evidence.isOfAlteredFiles) { faultyIfAltered += 1 }
      let asserts = findings.filter { !$0.isAssignment }
      assertions += Set(asserts.map(\.name)).count
      decided += Set(asserts.filter { $0.cause == nil }.map(\.name)).count
      for finding in findings { rows[finding.evidence, default: Row()].add(finding) }
    }
  }

  /// The counts as lines of text.
  public var lines: [String] {
    var lines = [
      "\(links) links, \(faulty) with a wrong verdict or value (\(faultyIfAltered) from altered files), "
        + "\(assertions) ASSERTs (\(decided) decided from some evidence), "
        + "\(stops) links stopped at an ASSERT, \(refusals.values.reduce(0, +)) not linked"
    ]
    for kind in DifferentialCase.Evidence.allCases {
      guard let row = rows[kind] else { continue }
      lines.append("\(kind.rawValue): \(row.text)")
    }
    for (words, count) in refusals.sorted(by: { $0.value > $1.value }).prefix(5) {
      lines.append("not linked: \(count) x \(words)")
    }
    return lines
  }
}

extension DifferentialTally.Row {
  mutating func add(_ finding: DifferentialCase.Finding) {
    if finding.isAssignment {
      if finding.fault != nil { stale += 1 }
      assignments += 1
      if finding.cause != nil { valueless += 1 }
      return
    }
    judged += 1
    if finding.fault != nil { wrongVerdicts += 1 }
    if finding.isOutside { outside += 1 }
    guard let cause = finding.cause else { return }
    undecided += 1
    causes[cause, default: 0] += 1
    if finding.isOutside { undecidedOutside += 1 }
  }

  /// `1000 judged, 0 wrong, 13 undecided (1.3 %): symbol 8, context 5`
  var text: String {
    let list = causes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    return
      "\(judged) judged, \(wrongVerdicts) wrong, \(undecided) undecided (\(Self.percent(undecided, judged)); "
      + "outside output sections \(Self.percent(undecidedOutside, outside))): \(list); "
      + "\(assignments) assignments, \(stale) falsely stale, \(valueless) without value"
  }

  private static func percent(_ part: Int, _ whole: Int) -> String {
    let tenths = whole == 0 ? 0 : (part * 1000 + whole / 2) / whole
    return "\(tenths / 10).\(tenths % 10) %"
  }
}
