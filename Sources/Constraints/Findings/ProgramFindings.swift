// Findings that no rule makes but the program itself: verdicts on ASSERTs, and its own housekeeping.

public import LdsParser

/// What every finding's kind has for people and machines, be it a rule or a kind of this file.
public struct FindingKind: Sendable, Hashable {
  /// Stable kebab-case name.
  public var id: String
  /// One sentence.
  public var summary: String
  /// Why it matters.
  public var rationale: String
  /// What to do about it.
  public var fix: String
  /// How bad a finding is at its worst.
  public var severity: Severity

  /// A kind with its texts.
  public init(id: String, summary: String, rationale: String, fix: String, severity: Severity) {
    self.id = id
    self.summary = summary
    self.rationale = rationale
    self.fix = fix
    self.severity = severity
  }
}

/// The kinds that are not rules.
public enum ProgramFindings {
  /// An ASSERT that the linker would refuse.
  public static let assertionFails = FindingKind(
    id: "assertion-fails", summary: "An ASSERT of the script does not hold for the image.",
    rationale: "The linker refuses to link; what the boot code relies on is not there.",
    fix: "Run 'lds-check explain' with the same files: it names the line that decided it.",
    severity: .error)
  /// An ASSERT that cannot be judged.
  public static let assertionUndecided = FindingKind(
    id: "assertion-undecided", summary: "An ASSERT of the script cannot be judged.",
    rationale: "A value that it needs is not in the files given.",
    fix: "Give the file that the message names; --strict counts these as errors.", severity: .note)
  /// A constraint of the configuration that is broken.
  public static let constraintFails = FindingKind(
    id: "constraint-fails", summary: "A constraint of the configuration does not hold.",
    rationale: "The project states in its .lds-check.json what its boot code relies on.",
    fix: "See the 'why' of the constraint.", severity: .error)
  /// A constraint of the configuration that cannot be judged.
  public static let constraintUndecided = FindingKind(
    id: "constraint-undecided", summary: "A constraint of the configuration cannot be judged.",
    rationale: "A value that it needs is not in the files given.",
    fix: "Give the file that the message names; --strict counts these as errors.", severity: .note)
  /// A budget of the configuration that is exceeded.
  public static let budgetExceeded = FindingKind(
    id: "budget-exceeded", summary: "Something takes more memory than the configuration allows.",
    rationale: "The project keeps room for what comes later, or for what another team builds.",
    fix:
      "Run 'lds-check memory' with the map: it lists what fills the region, largest first, and with --against "
      + "what grew.", severity: .error)
  /// A budget of the configuration that cannot be judged.
  public static let budgetUndecided = FindingKind(
    id: "budget-undecided", summary: "A budget of the configuration cannot be judged.",
    rationale: "A number that it needs is not in the files given.",
    fix: "Give the file that the message names; --strict counts these as errors.", severity: .note)
  /// A bound that holds with little room.
  public static let lowHeadroom = FindingKind(
    id: "low-headroom", summary: "A bound holds, with less room than --min-headroom asks for.",
    rationale: "The next change that adds a few bytes breaks the build for somebody else.",
    fix: "Run 'lds-check explain --assert MESSAGE': it lists what fills the room, largest first.",
    severity: .error)
  /// Something that another linker makes otherwise.
  public static let linkerChange = FindingKind(
    id: "linker-change", summary: "One of the linkers named makes something else of the script.",
    rationale:
      "An upgrade of the toolchain moves sections, turns names into numbers, or judges an ASSERT in other passes, "
      + "and nobody edited the script.",
    fix: "Write it so that the linkers agree, or name the one that the project uses with --linker.",
    severity: .warning)
  /// A map or image that another script made.
  public static let staleLayout = FindingKind(
    id: "stale-layout", summary: "The image or map was not made by this script.",
    rationale:
      "A symbol has another value than the script gives it: verdicts would be about a mix.",
    fix: "Link again, or give the script that the image was linked with.", severity: .error)
  /// One of several files that cannot be read.
  public static let unreadableInput = FindingKind(
    id: "unreadable-input", summary: "One of the files given cannot be read.",
    rationale: "A file that was renamed is checked no more, and nobody notices.",
    fix: "Correct the name, or take it from the list.", severity: .error)
  /// A suppression that nothing needs.
  public static let unusedSuppression = FindingKind(
    id: "unused-suppression", summary: "A suppression comment hides nothing.",
    rationale: "It would hide the next finding there, which nobody has looked at.",
    fix: "Remove the comment, or the rule from its list.", severity: .warning)
  /// A suppression that cannot be understood.
  public static let badSuppression = FindingKind(
    id: "bad-suppression", summary: "A comment for lds-check cannot be understood.",
    rationale: "The author believes that a finding is hidden, and it is not.",
    fix: "Write /* lds-check: disable=RULE[,RULE] reason */.", severity: .warning)

  /// The kinds that are the verdict on an ASSERT or constraint.
  public static let verdicts = Set(
    [
      assertionFails, assertionUndecided, budgetExceeded, budgetUndecided, constraintFails,
      constraintUndecided,
    ].map(\.id))

  /// All of them, in order of their ids.
  public static let all =
    ([
      assertionFails, assertionUndecided, badSuppression, budgetExceeded, budgetUndecided,
      constraintFails, constraintUndecided, linkerChange, lowHeadroom, staleLayout,
      unreadableInput, unusedSuppression,
    ] + ReadingFindings.all).sorted { $0.id < $1.id }
}
