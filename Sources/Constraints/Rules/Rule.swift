// What a rule is: one file that says what it checks, why, how to mend it, and shows it by example.

public import LdsParser

/// What a rule cannot do without.
public enum RuleNeed: String, Sendable, CaseIterable {
  /// A linker script.
  case script
  /// An image, map or symbol listing.
  case image
  /// The page-mapping plan of an image.
  case plan
}

/// Everything that is said about a rule, for its page, its tests and its findings.
public struct RuleDescription: Sendable {
  /// Stable kebab-case name; it never changes.
  public var id: String
  /// One sentence: what it reports.
  public var summary: String
  /// Why it matters, with a real incident.
  public var rationale: String
  /// What to do about it.
  public var fix: String
  /// How bad a finding is at its worst, unless the configuration says otherwise.
  public var severity: Severity
  /// What it needs to run.
  public var needs: Set<RuleNeed>
  /// Inputs it is silent about, a near miss among them.
  public var good: [RuleExample]
  /// Inputs it reports.
  public var bad: [RuleExample]
  /// Whether it says that the linker stops or that an ASSERT fails: a link that succeeded has decided otherwise, and what
  /// it lets pass (--noinhibit-exec) it has said itself.
  public var foretellsFailure: Bool

  /// A description with all its parts.
  public init(
    id: String, summary: String, rationale: String, fix: String, severity: Severity,
    needs: Set<RuleNeed>, foretellsFailure: Bool = false, good: [RuleExample], bad: [RuleExample]
  ) {
    self.id = id
    self.summary = summary
    self.rationale = rationale
    self.fix = fix
    self.severity = severity
    self.needs = needs
    self.foretellsFailure = foretellsFailure
    self.good = good
    self.bad = bad
  }
}

/// One check.
///
/// A rule reads its context and returns findings. It prints nothing, opens nothing and sorts nothing.
public protocol Rule: Sendable {
  /// What is said about it.
  static var description: RuleDescription { get }

  /// Makes the rule; it has no state.
  init()

  /// What it finds; called only when the context has what ``RuleDescription/needs`` says.
  func check(_ context: RuleContext) -> [Finding]
}

extension Rule {
  /// A finding of this rule at its own severity or a milder one.
  func finding(
    _ message: String, at place: FindingPlace, severity: Severity? = nil,
    notes: [FindingNote] = [], fixes: [FixEdit] = [], subject: String
  ) -> Finding {
    Finding(
      rule: Self.description.id, severity: severity ?? Self.description.severity,
      message: message, at: place, notes: notes, fixes: fixes, subject: subject)
  }
}
