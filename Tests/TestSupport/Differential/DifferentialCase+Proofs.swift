// What is proved of a script before the link, against the link.

import Constraints
import LdsParser

extension DifferentialCase {
  /// The proofs, where their premises hold: no option sets a symbol or an address (`ProofReport.premises`). Those that the
  /// image shows are asked of it before.
  func proofs(of program: Program, _ failed: Set<String>, _ isStopped: Bool) -> [Finding] {
    guard !script.setsAddresses else { return [] }
    var findings: [Finding] = []
    for proof in ProofReport(program, dialect: linker.dialect).assertions {
      var finding = Finding(
        evidence: .script, name: program.names.string(proof.message), isAssignment: false,
        isOutside: Self.isOutside(program.steps[proof.step]), cause: nil, fault: nil)
      // Where the linker stops it has not judged.
      if isStopped, finding.name == GeneratedScript.faultMessage { continue }
      let fails = failed.contains(finding.name)
      switch proof.verdict {
      case .depends: finding.cause = "depends"
      case .alwaysHolds, .neverHolds:
        if fails == (proof.verdict == .alwaysHolds) {
          finding.fault =
            "\(finding.name) \(proof.verdict.rawValue), the linker says it "
            + (fails ? "fails" : "holds")
        }
      }
      findings.append(finding)
    }
    return findings
  }
}
