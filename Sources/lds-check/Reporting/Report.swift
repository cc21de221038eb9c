// What a command has to say, for every format alike: findings, verdicts, proofs. Places are resolved to the
// author's files, so that reports of several scripts and images can be one.

import Constraints
import LdsParser

/// The result of a command before it has a form.
struct Report: Sendable {
  /// Which command made it; the JSON form differs.
  enum Kind: Sendable {
    case lint, eval, explain, superpages, memory
  }

  var kind: Kind
  /// The linkers whose word it is.
  var linkers: [LinkerDialect] = []
  /// To report, in order.
  var findings: [ReportFinding] = []
  /// Hidden by comments in the script, in order.
  var suppressed: [ReportFinding] = []
  /// One for each ASSERT and image, in script order.
  var assertions: [ReportAssertion] = []
  /// Assignments re-evaluated against an image, in script order.
  var assignments: [ReportAssignment] = []
  /// What can be said of ASSERTs before any link, in script order.
  var proofs: [ReportProof] = []
  /// What proofs take for granted and an image does not meet.
  var unmet: [ReportPremise] = []
  /// How much of them people are shown; other programs get everything.
  var proofDetail = ProofDetail.counted
  /// By how many bytes sections may grow until something changes that is no ASSERT.
  var growth: [LayoutThreshold] = []
  /// Of superpages: an order of sections that takes fewer.
  var order: ReportOrder?
  /// Of superpages: the images, in the order given, with the findings about each.
  var plans: [SuperpageResult] = []
  /// Of superpages: what two images differ in.
  var comparison: PlanComparison?
  /// Of memory: the regions, their contents and budgets.
  var memory: MemoryResult?
  /// The rules that had all they need, in order: JUnit shows those that found nothing, too.
  var ran: [String] = []
  /// Findings hidden by the baseline.
  var knownCount = 0
  /// Entries of the baseline whose findings are gone.
  var stale: [Baseline.Entry] = []
  /// Where paths are relative to.
  var root: RepositoryRoot
  /// The first input, for findings without a place in formats that want one.
  var mainPath: FilePath

  init(kind: Kind, root: RepositoryRoot, mainPath: FilePath) {
    self.kind = kind
    self.root = root
    self.mainPath = mainPath
  }

  /// How many findings have this severity.
  func count(_ severity: Severity) -> Int {
    findings.count { $0.severity == severity }
  }

  /// How many ASSERTs have this verdict.
  func count(_ verdict: Verdict) -> Int {
    assertions.count { $0.verdict == verdict }
  }

  /// Where CI shows a finding, and its message there.
  ///
  /// Images and maps are no part of a repository, and what points into them is shown nowhere; so their
  /// findings point at the script and name the file.
  func shown(_ finding: ReportFinding) -> (place: ReportPlace, message: String) {
    if let place = finding.place, place.text != nil || place.path == mainPath {
      return (place, finding.message)
    }
    let file = finding.place.map { " (in \(ReportText.place($0, root)))" } ?? ""
    return (ReportPlace(path: mainPath), finding.message + file)
  }

  /// Notes with the ASSERT that `finding` is about why its failure is not reported.
  mutating func accept(_ finding: ReportFinding, because reason: String) {
    guard ProgramFindings.verdicts.contains(finding.rule) else { return }
    let index = assertions.firstIndex { assertion in
      assertion.verdict == .fails && assertion.accepted == nil
        && assertion.message == finding.message && assertion.place.path == finding.place?.path
        && assertion.place.line == finding.place?.line
        && assertion.place.column == finding.place?.column
    }
    if let index { assertions[index].accepted = reason }
  }

  /// The exit status that `--fail-on` asks for.
  func exitCode(failOn threshold: FailureThreshold) -> ExitCode {
    findings.contains { threshold.isReached(by: $0.severity) } ? .findings : .success
  }
}

/// How much text says of what is proved.
enum ProofDetail: Sendable {
  /// How many there are of each verdict, in the last line.
  case counted
  /// Each, with its reasons.
  case listed
}

/// A place in a file, with its text where there is any.
struct ReportPlace: Sendable {
  /// Text around the place.
  struct Text: Sendable {
    let buffer: SourceBuffer
    /// The whole line of the first byte.
    let line: Range<Int>
    /// The bytes meant.
    let bytes: Range<Int>
    /// The whole line of the last byte.
    let lastLine: Range<Int>
  }

  /// As the file was named.
  var path: FilePath
  /// 1-based; nil for a binary file, or a file as a whole.
  var line: Int?
  /// 1-based, in bytes.
  var column: Int?
  /// 1-based line of the last byte.
  var endLine: Int?
  /// 1-based column after the last byte, in bytes.
  var endColumn: Int?
  /// Byte offset in a binary file.
  var offset: Int?
  var text: Text?
}

/// A further place of a finding.
struct ReportNote: Sendable {
  var message: String
  var place: ReportPlace?
}

/// An edit of the script.
struct ReportFix: Sendable {
  /// The text to replace.
  var place: ReportPlace
  var replacement: String
}

/// A finding with its places resolved.
struct ReportFinding: Sendable {
  var rule: String
  var severity: Severity
  var message: String
  var place: ReportPlace?
  var notes: [ReportNote] = []
  /// What to do, a sentence a line.
  var help: [String] = []
  /// Edits that together mend it.
  var fixes: [ReportFix] = []
  /// What tells it from others of its rule in its file.
  var subject: String
  /// Of a suppressed finding the author's reason.
  var justification: String?
}

/// What an ASSERT was judged against.
struct ReportSubject: Equatable, Sendable {
  var image: String?
  /// The variant of the script that made it, by the name that `--variant` gave it.
  var variant: String?

  /// `xen.efi (variant efi)`; nil if there is nothing to name.
  var text: String? {
    guard let variant else { return image }
    return image.map { "\($0) (variant \(variant))" } ?? "variant \(variant)"
  }
}

/// The verdict on one ASSERT for one image.
struct ReportAssertion: Sendable {
  /// What the linker prints.
  var message: String
  /// What the author wrote; nil from a map alone.
  var source: String?
  /// The same after macros.
  var expression: String
  var place: ReportPlace
  /// The image it was judged against.
  var image: String?
  /// The variant of the script that made it, by the name that `--variant` gave it.
  var variant: String?
  var verdict: Verdict
  /// The number that was tested.
  var value: UInt64?
  /// Why it is undecided.
  var reason: String?
  /// What its bounds have left, if that was asked for.
  var headroom: [Headroom] = []
  /// By how many bytes sections may grow until it fails, if that was asked for and objects tell it.
  var growth: [LayoutThreshold] = []
  /// The names of the condition with their values.
  var operands: [ReportOperand] = []
  /// Whether the configuration states it and no script.
  var isConstraint = false
  /// Whether `source` is what the author wrote before macros were expanded.
  var isFromMacros = false
  /// Why a failure is not reported: a suppression or the baseline.
  var accepted: String?
  /// The linkers whose verdict it is, where others say otherwise.
  var linkers: [LinkerDialect] = []

  var subject: ReportSubject { ReportSubject(image: image, variant: variant) }
}

/// A name in a condition with its value.
struct ReportOperand: Sendable {
  var name: String
  var value: UInt64?

  /// `_start = 0x200000`
  var text: String {
    "\(name) = \(value.map { "0x" + String($0, radix: 16) } ?? "unknown")"
  }
}

/// An assignment to a symbol, re-evaluated.
struct ReportAssignment: Sendable {
  var symbol: String
  var place: ReportPlace
  var value: UInt64?
  var imageValue: UInt64?
  /// Why the linker refuses it.
  var refused: String?
  /// The linkers that give this value, where others give another.
  var linkers: [LinkerDialect] = []
}

/// What is known of an ASSERT before any link.
struct ReportProof: Sendable {
  enum Verdict: String, Sendable {
    case alwaysHolds = "always-holds"
    case neverHolds = "never-holds"
    case depends
  }

  var message: String
  var place: ReportPlace
  var verdict: Verdict
  /// The linker by whose rules it was reached.
  var linker: LinkerDialect
  /// The linkers that it holds for, where others say otherwise.
  var linkers: [LinkerDialect] = []
  /// The steps of the proof, or what it depends on.
  var because: [String]
  /// Inputs for which it fails; nil if nobody asked for them.
  var counterexample: StatedCounterexample?
}

/// A premise of the proofs over a script that an image does not meet.
struct ReportPremise: Sendable {
  var subject: ReportSubject
  /// By whose rules the proofs were made.
  var linker: LinkerDialect
  var unmet: UnmetPremise
  /// The messages of the ASSERTs of which something is proved, in script order.
  var assertions: [String]
}

extension ReportProof.Verdict {
  /// The verdict for a report.
  init(_ verdict: ProofVerdict) {
    self =
      switch verdict {
      case .alwaysHolds: .alwaysHolds
      case .neverHolds: .neverHolds
      case .depends: .depends
      }
  }
}
