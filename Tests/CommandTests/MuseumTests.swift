// The cases of Tests/museum, each a failure that happened to somebody: built with the linkers that are there, and
// lds-check's answers compared with what is right.

import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: ExternalTool.has("python3", "bash"), "needs python3 and bash"))
struct MuseumTests {
  @Test func everyCaseIsAnsweredAsItsListSays() throws {
    let run = try ProgramRun.tool(
      "python3", [Checkout.path("Tests/museum/museum.py"), "--tool", ProgramRun.program])
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    // Without a linker all are skipped; the last line says so.
    #expect(run.output.contains(" passed, 0 failed, "), "\(run.output.suffix(300))\(run.errors)")
  }
}
