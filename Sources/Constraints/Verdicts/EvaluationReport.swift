// The verdict on every ASSERT of a program, and what became of its assignments.

public import LdsParser

/// What the linker would decide.
public enum Verdict: String, Sendable, CaseIterable {
  /// The condition is not zero.
  case holds
  /// The condition is zero, or the linker stops at it.
  case fails
  /// A value is missing.
  case undecided
}

/// What one ASSERT came to.
public struct AssertionReport: Sendable {
  /// A name in the condition with its value.
  public struct Operand: Sendable {
    /// The node: a symbol, `.`, or a function of a name.
    public let expression: ExpressionID
    /// Its address or number; nil if unknown.
    public let value: UInt64?
  }

  /// The step of the program.
  public let step: Int
  /// The condition.
  public let condition: ExpressionID
  /// The message as a name of the program.
  public let message: NameID
  /// The ASSERT's text.
  public let span: SourceSpan
  /// The verdict.
  public let verdict: Verdict
  /// The raw number that was tested, nil if unknown.
  public let value: UInt64?
  /// What is missing; set exactly if the verdict is undecided.
  public let lack: Lack?
  /// Where the linker stops instead of judging.
  public let fault: Fault?
  /// Whether the verdict is the value that the linker printed in its map, since the condition's own
  /// values are not known.
  public let isPrintedVerdict: Bool
  /// The names of the condition with their values, in the order of the text, each once.
  public let operands: [Operand]
}

/// What one assignment to a symbol came to.
public struct AssignmentReport: Sendable {
  /// The step of the program.
  public let step: Int
  /// The symbol.
  public let symbol: NameID
  /// The assignment's text.
  public let span: SourceSpan
  /// Its value in the final pass, nil if it is not known without the image's own word.
  public let value: UInt64?
  /// The symbol's value in the image, nil if it is not there or another assignment has the last word.
  public let imageValue: UInt64?
  /// For a PROVIDE: whether it took effect.
  public let isApplied: Bool
  /// Whether both values are known and differ: the image was not made by this script.
  public let isStale: Bool
  /// Why the linker refuses the assignment, and with it the script; nil if it does not, or if that is not known.
  public let fault: Fault?
}

/// Everything that a program came to against one image. Nothing in it is changed once it is made: what several readings
/// of the input lead to is made of all of them by one join.
public struct EvaluationReport: Sendable {
  /// The program.
  public let program: Program
  /// The evidence it was run against.
  public let evidence: Evidence
  /// The linker whose rules decided.
  public let dialect: LinkerDialect
  /// One report an ASSERT, in script order.
  public let assertions: [AssertionReport]
  /// One report an assignment to a symbol, in script order.
  public let assignments: [AssignmentReport]
  /// Where files of another link lead to something else.
  public let disagreements: [Disagreement]
  /// Names on which conditionals depend that nothing decides.
  public let guessedNames: [String]

  /// Runs `program` against `evidence`.
  ///
  /// A map does not tell whether `LD_FEATURE("SANE_EXPR")` was in force, nor does an image of 32-bit MIPS tell whether
  /// addresses were sign-extended, nor another 32-bit one what lies behind the end of the address space: verdicts
  /// stand that every way to take it leads to.
  public init(_ program: Program, evidence: Evidence, dialect: LinkerDialect = .bfd) {
    let accounts = evidence.readings(for: program)
    let first = accounts.first ?? (program, evidence)
    self = Self.join(
      EvaluationReport(
        account: first.program, first.evidence, dialect, isOnly: accounts.count == 1),
      accounts.dropFirst().map {
        EvaluationReport(account: $0.program, $0.evidence, dialect, isOnly: false)
      },
      over: .upperHalf)
  }

  /// What one account of the image leads to.
  private init(
    account program: Program, _ evidence: Evidence, _ dialect: LinkerDialect, isOnly: Bool
  ) {
    let readings = Reading.all(
      of: program, evidence: evidence, dialect: dialect, isBinding: isOnly)
    self = Self.join(
      EvaluationReport(readings.first), readings.others.map(EvaluationReport.init), over: .feature)
  }

  /// What one reading comes to.
  init(_ reading: Reading) {
    self.init(
      program: reading.program, evidence: reading.evidence, dialect: reading.dialect,
      assertions: reading.assertions, assignments: reading.assignments)
  }

  init(
    program: Program, evidence: Evidence, dialect: LinkerDialect, assertions: [AssertionReport],
    assignments: [AssignmentReport], disagreements: [Disagreement] = [],
    guessedNames: [String] = []
  ) {
    self.program = program
    self.evidence = evidence
    self.dialect = dialect
    self.assertions = assertions
    self.assignments = assignments
    self.disagreements = disagreements
    self.guessedNames = guessedNames
  }
}
