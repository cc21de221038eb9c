// What bounds have left, and what is no bound.

import LdsParser
import Testing

@testable import Constraints

struct HeadroomTests {
  private func headroom(_ condition: String) -> [Headroom] {
    let script = ScriptParser.parse(
      SourceBuffer(
        name: "t.lds",
        text: "a = 0x100; b = 0x1a0; top = 0xffffffffffffff00;\nASSERT(\(condition), \"m\")\n"))
    let program = Program(script)
    return Headroom.all(of: EvaluationReport(program, evidence: Evidence()))
  }

  @Test(
    arguments: [
      ("b - a <= 0x100", 0x60, 375), ("b - a < 0x100", 0x5f, 371), ("b - a <= 0xa0", 0, 0),
      ("b - a <= 0x90", -0x10, 0), ("0xa0 >= b - a", 0, 0), ("b - a < 0xa0", -1, 0),
      ("b <= 0xffffffffffffffff", nil, nil), ("top <= 0x100", nil, nil),
    ] as [(String, Int64?, Int?)])
  func bytesLeft(_ condition: String, _ left: Int64?, _ permille: Int?) {
    let rows = headroom(condition)
    #expect(rows.first?.left == left)
    #expect(rows.first?.permille == permille)
  }

  @Test func everyBoundOfAConjunctionCounts() {
    #expect(headroom("b - a <= 0x100 && a <= 0x200 && b != 0").map(\.left) == [0x60, 0x100])
  }

  @Test(arguments: ["!(a & 0xff)", "a == b", "b - a <= nosuch", "b - a <= 0xa0 || 1"])
  func othersHaveNone(_ condition: String) {
    #expect(headroom(condition).isEmpty)
  }

  @Test(
    arguments: [
      ("5%", 50), ("5", 50), ("2.5%", 25), ("100", 1000), ("0", 0), ("101", nil), ("-1", nil),
      ("5.25", nil), ("", nil), ("%", nil), ("5.", nil), (".5", nil), ("1.-", nil),
    ] as [(String, Int?)])
  func percentagesAreRead(_ text: String, _ permille: Int?) {
    #expect(Headroom.permille(text) == permille)
  }
}
