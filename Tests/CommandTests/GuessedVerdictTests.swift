// Scripts without their headers: what was read on a guess is not judged by it.

import TestSupport
import Testing

@Suite struct GuessedVerdictTests {
  private static let script = """
    #include <gone.h>
    #ifdef CONFIG_BIG
    #define UNIT 0x200000
    #else
    #define UNIT 0x1000
    #endif
    made = 3;
    ASSERT((start & (UNIT - 1)) == 0, "by a macro")
    ASSERT(start ==
    #ifdef CONFIG_HIGH
      0x2000,
    #else
      0x3000,
    #endif
      "by its text")
    #ifndef CONFIG_NONE
    ASSERT(start == 1, "by its place")
    ASSERT(start == 0x3000, "holds wherever it is")
    #endif
    ASSERT(start == 2, "by nothing")

    """

  private func eval(_ options: [String], _ listing: String = "") throws -> ProgramRun {
    let folder = try TemporaryFolder()
    try folder.write("x.lds.S", Self.script)
    try folder.write("x.nm", "0000000000003000 T start\n0000000000003000 T other\n" + listing)
    return try ProgramRun.run(["eval", "x.lds.S", "x.nm"] + options, folder: folder.path)
  }

  private func verdicts(_ run: ProgramRun) -> [String] {
    run.output.split(separator: "\n").compactMap { line in
      let word = line.prefix { $0 != " " }
      return ["holds", "fails", "undecided"].contains(word) ? String(word) : nil
    }.sorted()
  }

  @Test func namesTheGuess() throws {
    let run = try eval([])
    #expect(verdicts(run) == ["fails", "holds", "undecided", "undecided", "undecided"], "\(run)")
    for name in ["BIG", "HIGH", "NONE"] {
      #expect(run.output.contains("no file that was found defines 'CONFIG_\(name)'"), "\(run)")
    }
  }

  @Test func theCommandLineDecides() throws {
    let run = try eval(["-UCONFIG_BIG", "-DCONFIG_HIGH", "-U", "CONFIG_NONE"])
    #expect(verdicts(run) == ["fails", "fails", "fails", "holds", "holds"], "\(run)")
  }

  @Test func saysWhyTheMakerIsNotChecked() throws {
    let run = try eval([], "0000000000000004 A made\n")
    #expect(run.output.contains("note[stale-layout]: whether this script made x.nm is not checked"))
    #expect(
      run.output.contains("'made' differs, for which include files that are not found may be"))
  }
}
