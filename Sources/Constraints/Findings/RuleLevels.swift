// How bad findings are in this run: what the configuration says of rules, in all files and in some, and the rules
// that were asked for.

public import LdsParser

/// Severities of rules by file.
public struct RuleLevels: Sendable {
  /// What is said about rules in every file, in order.
  public var everywhere: [ConfiguredRule]
  /// What is said about them in some files besides, in order.
  public var overrides: [ConfiguredOverride]
  /// What a file is called as overrides see it, from the folder of the configuration.
  public var naming: FileNaming
  /// The only rules that are asked for; nil for all.
  public var selected: Set<String>?
  /// Rules that are not asked for.
  public var ignored: Set<String>

  /// Levels as they are given; nothing given lets every finding be as its rule has it.
  public init(
    _ everywhere: [ConfiguredRule] = [], overrides: [ConfiguredOverride] = [],
    naming: FileNaming = .asGiven, selected: Set<String>? = nil, ignored: Set<String> = []
  ) {
    self.everywhere = everywhere
    self.overrides = overrides
    self.naming = naming
    self.selected = selected
    self.ignored = ignored
  }

  /// Whether a rule may find something in some file.
  public func isEnabled(_ rule: String) -> Bool {
    if !isAskedFor(rule) { return false }
    // Of several lines about one rule the last counts.
    guard let level = everywhere.last(where: { $0.rule == rule }), level.severity == nil else {
      return true
    }
    return overrides.contains { $0.rules.contains { $0.rule == rule && $0.severity != nil } }
  }

  /// The severities that a finding of the rule may have: its own at most, unless the configuration says otherwise.
  public func mayBe(_ rule: String, atLeast isReached: (Severity) -> Bool, own: Severity) -> Bool {
    let everywhere = everywhere.last { $0.rule == rule }
    let named =
      [everywhere.map(\.severity) ?? own]
      + overrides.flatMap { $0.rules.filter { $0.rule == rule }.map(\.severity) }
    return isAskedFor(rule) && named.contains { $0.map(isReached) ?? false }
  }

  private func isAskedFor(_ rule: String) -> Bool {
    selected?.contains(rule) != false && !ignored.contains(rule)
  }

  /// The finding at its severity; nil if its rule is off where it is.
  func applied(to finding: Finding, _ sources: SourceSet) -> Finding? {
    guard isAskedFor(finding.rule) else { return nil }
    var level = everywhere.last { $0.rule == finding.rule }
    if !overrides.isEmpty, let path = path(of: finding, sources) {
      for override in overrides where override.covers(path) {
        level = override.rules.last { $0.rule == finding.rule } ?? level
      }
    }
    guard let level else { return finding }
    guard let severity = level.severity else { return nil }
    var finding = finding
    finding.severity = severity
    return finding
  }

  /// The script of a finding, seen from the configuration.
  private func path(of finding: Finding, _ sources: SourceSet) -> FilePath? {
    guard case .source(let span) = finding.place else { return nil }
    return FilePath(naming.name(sources.position(of: span).path))
  }
}

extension RuleLevels: ExpressibleByArrayLiteral {
  /// What is said in every file.
  public init(arrayLiteral elements: ConfiguredRule...) {
    self.init(elements)
  }
}
