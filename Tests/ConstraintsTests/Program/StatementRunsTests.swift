// Which statements stand together, and which of them align a symbol: a bounded number, the last ones.

import LdsParser
import Testing

@testable import Constraints

struct StatementRunsTests {
  private func program(_ text: String) -> Program {
    Program(ScriptParser.parse(SourceBuffer(name: "a.lds", text: text)))
  }

  private func aligning(_ statements: Int) -> Program {
    let moves = (1...statements).map { ". = ALIGN(\($0));" }.joined(separator: "\n")
    return program("SECTIONS { .t : { *(.a) \(moves) x = .; y = .; } }")
  }

  private func step(of symbol: String, _ program: Program) throws -> Int {
    let name = try #require(program.names.find(symbol))
    return try #require(program.assignments[name]?.first)
  }

  @Test func alignersOfOneSymbolAreBounded() throws {
    let most = StatementRuns.mostAligners
    for count in [1, most - 1, most, most + 1, 10 * most] {
      let program = aligning(count)
      let runs = StatementRuns(program)
      for symbol in ["x", "y"] {
        let found = runs.aligners(of: try step(of: symbol, program)).map(\.alignment)
        #expect(found == Array((1...UInt64(count)).suffix(most)))
      }
    }
  }

  @Test func alignersAreOfTheSameRun() throws {
    let program = program(
      "SECTIONS { . = ALIGN(4); .t : { *(.t) } . = ALIGN(8); x = .; z = ALIGN(16); . = ALIGN(32); }"
    )
    let runs = StatementRuns(program)
    #expect(runs.aligners(of: try step(of: "x", program)).map(\.alignment) == [8])
    #expect(runs.aligners(of: try step(of: "z", program)).map(\.alignment) == [8, 16])
  }

  @Test func theNextMoveIsOfTheSameRun() throws {
    let program = program(
      "SECTIONS { x = .; . = ALIGN(4); . = ALIGN(8); .t : { *(.t) } y = .; .u : { *(.u) } . = ALIGN(16); }"
    )
    let runs = StatementRuns(program)
    let x = try step(of: "x", program)
    #expect(runs.nextMove(after: x) == x + 1)
    #expect(runs.nextMove(after: x + 1) == x + 2)
    #expect(runs.nextMove(after: x + 2) == nil)
    #expect(runs.nextMove(after: try step(of: "y", program)) == nil)
  }
}
