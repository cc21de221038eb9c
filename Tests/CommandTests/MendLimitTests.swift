// `--fix` tries so many findings and no more; what is left is reported.

import Constraints
import LdsParser
import Testing

@testable import lds_check

struct MendLimitTests {
  /// A script with `count` boundaries that an ASSERT wants aligned and nothing aligns.
  private func script(_ count: Int) -> String {
    "SECTIONS {\n" + (0..<count).map { "  .a\($0) : { *(.a\($0)) }\n  a\($0) = .;\n" }.joined()
      + "}\n" + (0..<count).map { "ASSERT(a\($0) % 128 == 0, \"a\($0) misaligned\")\n" }.joined()
  }

  private func mended(_ count: Int, limit: Int) throws -> (mended: Int, left: Int) {
    let arguments = try ArgumentParser.parse(
      ["a.lds"].map { Array($0.utf8) }, options: LintCommand.allOptions, command: "lint")
    let run = LintRun(
      arguments: arguments, configuration: nil, settings: try LintSettings(arguments, nil))
    let lint = { (script: LoadedScript) in
      var alone = LoadedInputs()
      alone.scripts = [script]
      return try run.findings(alone)
    }
    let loader = try ScriptLoader(arguments)
    let loaded = try loader.load(SourceBuffer(name: "a.lds", text: script(count)))
    let result = try ScriptFixer(loader, limit: limit, lint: lint).mend(loaded)
    let left = try lint(result.script).count { $0.rule == "boundary-unaligned" }
    return (result.mended.count, left)
  }

  @Test func justAtTheLimitAndOneMore() throws {
    #expect(try mended(5, limit: 5) == (5, 0))
    #expect(try mended(6, limit: 5) == (5, 1))
    #expect(Limit.triedMends == 200)
  }
}
