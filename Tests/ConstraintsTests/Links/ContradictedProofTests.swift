// An option such as -Tdata moves sections against the script: what is proved of the script alone is not said beside an
// image that denies it.

import Foundation
import LdsParser
import TestSupport
import Testing

struct ContradictedProofTests {
  private struct Answer: Decodable {
    struct Verdict: Decodable {
      var message: String
      var verdict: String
    }
    var proofs: [Verdict]?
    var assertions: [Verdict]?
  }

  /// `tdata` and `tbss` of the kept links: linked with -Tdata=0x2000 and -Tbss=0x2000.
  @Test(arguments: ["tdata", "tbss"], ["o", "m"])
  func noProofStandsAgainstTheImage(_ link: String, _ image: String) throws {
    let folder = "\(KeptLink.home)/\(link)"
    let lint = try verdicts(["lint", "--format", "json", "S", image], folder).proofs ?? []
    let eval = try verdicts(["eval", "--format", "json", "S", image], folder).assertions ?? []
    #expect(lint.count == eval.count && !eval.isEmpty)
    let contradicted = zip(lint, eval).filter { proof, verdict in
      proof.verdict == "always-holds" && verdict.verdict == "fails"
        || proof.verdict == "never-holds" && verdict.verdict == "holds"
    }
    #expect(contradicted.isEmpty)
  }

  private func verdicts(_ arguments: [String], _ folder: String) throws -> Answer {
    let run = try ProgramRun.run(arguments, folder: folder)
    return try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8))
  }
}
