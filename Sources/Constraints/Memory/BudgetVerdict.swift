// Budgets of a configuration, judged like ASSERTs.

public import LdsParser

/// What came of one budget.
public struct BudgetVerdict: Sendable {
  /// The budget.
  public var budget: ConfiguredBudget
  /// What was measured, in bytes; nil if it cannot be.
  public var used: Int64?
  /// The same in the older image.
  public var before: Int64?
  /// The bound on ``used`` that decides, in bytes: the one that is broken, else the first. A gap may not be smaller,
  /// everything else not larger.
  public var limit: Int64?
  /// What came out.
  public var verdict: Verdict
  /// What decided it: lower case, no full stop.
  public var reason: String
}

extension BudgetVerdict {
  /// The finding that an exceeded or undecided budget is; nil for one that holds.
  ///
  /// - Parameter isStrict: whether an undecided budget is an error.
  public func finding(isStrict: Bool) -> Finding? {
    let kind: FindingKind
    switch verdict {
    case .holds: return nil
    case .fails: kind = ProgramFindings.budgetExceeded
    case .undecided: kind = ProgramFindings.budgetUndecided
    }
    return Finding(
      rule: kind.id, severity: isStrict ? .error : kind.severity,
      message: "\(budget.name): \(reason)", at: .source(budget.span),
      notes: budget.why.map { [FindingNote("why: \($0)")] } ?? [], subject: budget.name)
  }
}

/// Judges budgets.
public struct BudgetJudge {
  private let use: MemoryUse
  private let older: MemoryUse?
  private let configuration: Configuration
  private let dialect: LinkerDialect
  /// The size of a file of the configuration, nil if there is none.
  private let fileSize: (FilePath) -> UInt64?

  /// - Parameters:
  ///   - older: what growth is measured against.
  ///   - fileSize: looks up a file that a budget names; libraries open none.
  public init(
    _ use: MemoryUse, against older: MemoryUse?, configuration: Configuration,
    dialect: LinkerDialect = .bfd, fileSize: @escaping (FilePath) -> UInt64?
  ) {
    self.use = use
    self.older = older
    self.configuration = configuration
    self.dialect = dialect
    self.fileSize = fileSize
  }

  /// The verdicts on all budgets, in order.
  public func judge() -> [BudgetVerdict] { configuration.budgets.map { judge($0) } }

  /// A measure, or why there is none.
  private enum Measure {
    case bytes(Int64, ClosedRange<Int64>)
    case lacking(String)

    static func exactly(_ bytes: Int64) -> Measure { .bytes(bytes, bytes...bytes) }
  }

  private func judge(_ budget: ConfiguredBudget) -> BudgetVerdict {
    let used: Int64
    let bounds: ClosedRange<Int64>
    switch measure(budget.subject, use) {
    case .lacking(let reason):
      return BudgetVerdict(budget: budget, verdict: .undecided, reason: reason)
    case .bytes(let bytes, let range): (used, bounds) = (bytes, range)
    }
    var verdict = BudgetVerdict(budget: budget, used: used, verdict: .holds, reason: "")
    if case .bytes(let bytes, _)? = older.map({ measure(budget.subject, $0) }) {
      verdict.before = bytes
    }
    guard let decisive = check(budget, used, verdict.before) else { return verdict }
    verdict.verdict = decisive.verdict
    verdict.limit = decisive.limit
    verdict.reason = decisive.text
    let others = [bounds.lowerBound, bounds.upperBound].map { check(budget, $0, verdict.before) }
    if others.contains(where: { $0?.verdict != decisive.verdict }) {
      verdict.verdict = .undecided
      verdict.reason = use.doubts.first?.text ?? verdict.reason
    }
    return verdict
  }

  /// The bound that decides: one that is broken, else one that cannot be judged, else the first.
  private func check(_ budget: ConfiguredBudget, _ used: Int64, _ before: Int64?) -> Check? {
    let checks = [
      budget.limit.map { most($0, budget, used) }, budget.atLeast.map { least($0, budget, used) },
      budget.growth.map { growth($0, used, before) },
    ].compactMap { $0 }
    return checks.first { $0.verdict == .fails } ?? checks.first { $0.verdict == .undecided }
      ?? checks.first
  }

  private struct Check {
    var verdict: Verdict
    var limit: Int64?
    var text: String
  }

  // MARK: Bounds

  private func most(
    _ amount: ConfiguredBudget.Amount, _ budget: ConfiguredBudget, _ used: Int64
  ) -> Check {
    guard let limit = bytes(amount, of: length(of: budget.subject)) else {
      return unknownShare(budget)
    }
    let over = used &- limit
    return Check(
      verdict: over > 0 ? .fails : .holds, limit: limit,
      text: "\(used) of at most \(limit) bytes\(share(amount)): "
        + (over > 0 ? "\(over) too many" : "\(0 &- over) left"))
  }

  private func least(
    _ amount: ConfiguredBudget.Amount, _ budget: ConfiguredBudget, _ used: Int64
  ) -> Check {
    let length = length(of: budget.subject)
    guard let limit = bytes(amount, of: length) else { return unknownShare(budget) }
    var there = used
    var word = "bytes"
    // The bound on what is measured: of a region that is what is used.
    var bound = limit
    if case .region = budget.subject {
      guard let length else { return unknownShare(budget) }
      there = length &- used
      bound = length &- limit
      word = "free bytes"
    }
    let missing = limit &- there
    return Check(
      verdict: missing > 0 ? .fails : .holds, limit: bound,
      text: "\(there) of at least \(limit) \(word)\(share(amount)): "
        + (missing > 0 ? "\(missing) too few" : "\(0 &- missing) more"))
  }

  private func growth(
    _ amount: ConfiguredBudget.Amount, _ used: Int64, _ before: Int64?
  ) -> Check {
    guard let before else {
      return Check(
        verdict: .undecided, limit: nil, text: "growth needs an older image: --against FILE")
    }
    let allowed = bytes(amount, of: before) ?? 0
    let grown = used &- before
    let over = grown &- allowed
    return Check(
      verdict: over > 0 ? .fails : .holds, limit: before &+ allowed,
      text: "grown by \(grown) bytes from \(before), at most \(allowed)\(share(amount)) may be: "
        + (over > 0 ? "\(over) too many" : "\(0 &- over) left"))
  }

  private func unknownShare(_ budget: ConfiguredBudget) -> Check {
    Check(
      verdict: .undecided, limit: nil,
      text: "a share needs the length of a region; give \"region\" or a number of bytes")
  }

  private func bytes(_ amount: ConfiguredBudget.Amount, of whole: Int64?) -> Int64? {
    switch amount {
    case .bytes(let bytes): return Int64(clamping: bytes)
    case .permille(let permille):
      guard let whole, whole >= 0 else { return nil }
      let (product, overflow) = UInt64(whole).multipliedReportingOverflow(by: permille)
      return overflow ? Int64(clamping: UInt64(whole) / 1000 &* permille) : Int64(product / 1000)
    }
  }

  private func share(_ amount: ConfiguredBudget.Amount) -> String {
    guard case .permille(let permille) = amount else { return "" }
    return permille % 10 == 0 ? " (\(permille / 10) %)" : " (\(permille / 10).\(permille % 10) %)"
  }

  // MARK: Measures

  private func length(of subject: ConfiguredBudget.Subject) -> Int64? {
    switch subject {
    case .region(let name), .contributor(_, region: .some(let name)):
      use.region(named: name)?.length.map { Int64(clamping: $0) }
    case .contributor, .gap, .file: nil
    }
  }

  private func measure(_ subject: ConfiguredBudget.Subject, _ use: MemoryUse) -> Measure {
    switch subject {
    case .region(let name):
      guard let region = use.region(named: name) else { return noRegion(name, use) }
      return .bytes(Int64(truncatingIfNeeded: region.used), use.bounds(of: region))
    case .contributor(let pattern, let name):
      guard let name else { return contributions(pattern, use.regions, use) }
      guard let region = use.region(named: name) else { return noRegion(name, use) }
      return contributions(pattern, [region], use)
    case .gap(let from, let to): return gap(from, to, use)
    case .file(let path):
      guard let size = fileSize(path) else { return .lacking("there is no file \(path.display)") }
      return .exactly(Int64(clamping: size))
    }
  }

  private func noRegion(_ name: String, _ use: MemoryUse) -> Measure {
    let known = use.regions.filter { $0.length != nil }.map(\.displayName)
    let hint = Suggestion.nearest(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
    return .lacking(
      known.isEmpty
        ? MemoryDoubt.noRegions.text : "MEMORY has no region '\(name)'\(hint)")
  }

  private func contributions(
    _ pattern: String, _ regions: [MemoryUse.Region], _ use: MemoryUse
  ) -> Measure {
    let matcher = ContributorPattern(pattern)
    var sum: Int64 = 0
    for region in regions { sum &+= use.bytes(of: matcher, in: region) }
    if sum == 0, use.files[0].inputSections.isEmpty {
      return .lacking("only a map tells which object or archive takes what: give it, too")
    }
    return .exactly(sum)
  }

  private func gap(
    _ from: ConfiguredExpression, _ to: ConfiguredExpression, _ use: MemoryUse
  ) -> Measure {
    var mapping = ConfiguredMapping()
    mapping.start = [from]
    mapping.end = [to]
    for file in use.files {
      let values = ConfiguredValues(
        mapping, script: configuration.script, image: file, dialect: dialect)
      if let start = values(from.text), let end = values(to.text) {
        return .exactly(Int64(truncatingIfNeeded: end &- start))
      }
    }
    return .lacking("'\(from.text)' or '\(to.text)' has no value in the files given")
  }
}

/// The pattern of a contributor: an object, an archive, a member, or an output section.
struct ContributorPattern {
  private let glob: Glob

  init(_ pattern: String) {
    glob = Glob(Array(pattern.utf8))
  }

  /// Whether the pattern matches a name, or what stands behind one of its slashes.
  func matches(_ name: [UInt8]) -> Bool {
    if glob.matches(name) { return true }
    for index in name.indices where name[index] == UInt8(ascii: "/") {
      if glob.matches(Array(name[(index + 1)...])) { return true }
    }
    return false
  }
}

extension MemoryUse {
  /// The bytes of `region` whose object, archive or output section `pattern` matches.
  func bytes(of pattern: ContributorPattern, in region: Region) -> Int64 {
    var sum: Int64 = 0
    for resident in region.residents where resident.size > 0 {
      if pattern.matches(resident.name) {
        sum &+= Int64(truncatingIfNeeded: resident.size)
        continue
      }
      for piece in image.contents.pieces(of: resident.section) {
        guard case .input(let row) = piece.owner else { continue }
        let object = image.layout.inputSections[row].object(in: image.layout)
        let archive = PieceNamer.archive(of: object)
        if pattern.matches(object) || archive.map(pattern.matches) ?? false {
          sum &+= Int64(truncatingIfNeeded: piece.size)
        }
      }
    }
    return sum
  }
}
