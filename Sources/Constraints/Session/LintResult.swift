// What comes of one run of the rules: findings, and what is known of ASSERTs before any link.

public import LdsParser

/// What the rules found in one script, or in images without one.
public struct LintResult: Sendable {
  /// What was found, the parser's diagnostics included.
  public var findings: [Finding]
  /// Where the findings' spans point.
  public var sources: SourceSet
  /// The rules that had what they need.
  public var ran: Set<String>
  /// What the script alone decides of its ASSERTs.
  public var proofs: [StatedProof] = []
  /// The variant that the script was read as.
  public var variant: String?
  /// The script; nil where only images were looked at.
  public var script: FilePath?

  /// What was found in `sources`.
  public init(
    findings: [Finding], sources: SourceSet, ran: Set<String>, proofs: [StatedProof] = [],
    variant: String? = nil, script: FilePath? = nil
  ) {
    self.findings = findings
    self.sources = sources
    self.ran = ran
    self.proofs = proofs
    self.variant = variant
    self.script = script
  }
}

/// What is known of an ASSERT or constraint before any link, in words.
public struct StatedProof: Sendable {
  /// What the linker would print.
  public var message: String
  /// The ASSERT's text, in the sources of the result.
  public var span: SourceSpan
  /// The verdict.
  public var verdict: ProofVerdict
  /// The linker by whose rules it was reached, and for which alone it holds.
  public var linker: LinkerDialect
  /// The lines that the proof rests on, or what it depends on.
  public var because: [String]
  /// Inputs for which it fails, and how they are linked; nil if nobody looked for them, or none were found.
  public var counterexample: StatedCounterexample?
}

/// Inputs for which an ASSERT fails, in words.
public struct StatedCounterexample: Sendable {
  /// `fails with .text of 4097 bytes, holds with 4096`; or that none was found.
  public var sentence: String
  /// The command that links them; nil if none was found.
  public var command: String?

  /// What was found.
  public init(sentence: String, command: String? = nil) {
    self.sentence = sentence
    self.command = command
  }
}
