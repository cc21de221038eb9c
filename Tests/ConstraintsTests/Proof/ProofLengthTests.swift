// A proof names at most so many statements.

import Constraints
import LdsParser
import Testing

@Suite struct ProofLengthTests {
  /// A sum over a chain of symbols, each made from the one before.
  private func proof(_ count: Int) -> AssertionProof? {
    let chain = (1...count).map { "a\($0) = a\($0 - 1) + 1;\n" }.joined()
    let text = "a0 = 1;\n" + chain + "ASSERT(a\(count) == \(count + 1), \"m\")\n"
    let script = ScriptParser.parse(SourceBuffer(name: "a.lds", text: text))
    return ProofReport(Program(script)).assertions.first
  }

  @Test func proofsNameTheLastStatementsBehindThem() {
    let short = proof(Limit.proofSteps - 1)
    #expect(short?.verdict == .alwaysHolds)
    #expect(short?.because.map(\.step) == Array(0..<Limit.proofSteps))
    let long = proof(Limit.proofSteps + 10)
    #expect(long?.verdict == .alwaysHolds)
    #expect(long?.because.map(\.step) == Array(11..<Limit.proofSteps + 11))
  }
}
