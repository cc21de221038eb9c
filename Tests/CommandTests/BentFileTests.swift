// A small campaign of lds-bent: the exit status is 0, 1 or 2 whatever the input.

import Foundation
import TestSupport
import Testing

@Suite struct BentFileTests {
  @Test func bentFilesEndWithAStatusOfTheContract() throws {
    let folder = try TemporaryFolder()
    let tool = URL(fileURLWithPath: ProgramRun.program).deletingLastPathComponent()
      .appendingPathComponent("lds-bent").path
    // Time is for a build without optimisation on a busy machine.
    let run = try ProgramRun.tool(
      tool,
      [
        "--program", ProgramRun.program, "--cases", String(Effort.times(80)), "--seconds", "20",
        "--scratch",
        folder.path, "--keep", folder.path("kept"), Checkout.path("samples"),
        Checkout.path("Tests/LdsParserTests/Fixtures"),
      ])
    #expect(run.status == 0, "\(run.output)")
    #expect(run.output.contains("\(Effort.times(80)) bent files"))
  }
}
