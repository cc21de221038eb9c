// Constraints of the configuration in lint: proved over the script, judged where there is evidence.

import TestSupport
import Testing

struct ConstraintLintTests {
  private func folder(_ expression: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(
      "x.lds", "SECTIONS { . = 0x1000; .text : { *(.text) } . = ALIGN(16); end = .; }\n")
    try folder.write("x.nm", "0000000000001040 A end\n")
    try folder.write(
      ".lds-check.json",
      "{\"constraints\": [{\"name\": \"limit\", \"expression\": \"\(expression)\", \"why\": \"room\"}]}\n"
    )
    return folder
  }

  @Test(arguments: [
    ("end % 8 == 0", "always-holds", 0, 0), ("end % 16 == 8", "never-holds", 1, 1),
    ("end <= 0x1030", "depends", 0, 1), ("end <= 0x1040", "depends", 0, 0),
    ("end == other", "depends", 0, 0),
  ])
  func everyConstraintIsProvedAndJudged(
    _ expression: String, _ proof: String, _ status: Int32, _ judged: Int32
  ) throws {
    let folder = try folder(expression)
    let alone = try ProgramRun.run(["lint", "--proofs", "x.lds"], folder: folder.path)
    #expect(alone.output.contains("\(proof)  .lds-check.json:1:"), "\(alone)")
    #expect(alone.status == status, "\(alone)")
    #expect(alone.output.contains("note: why: room") == (status == 1))
    let beside = try ProgramRun.run(["lint", "x.lds", "x.nm"], folder: folder.path)
    #expect(beside.status == judged, "\(beside)")
    let isUndecided = beside.output.contains("note[constraint-undecided]: limit")
    #expect(isUndecided == expression.contains("other"), "\(beside)")
  }

  @Test func aMistakeIsShownInTheConfiguration() throws {
    let folder = try folder("end % == 0")
    let run = try ProgramRun.run(["lint", "x.lds"], folder: folder.path)
    #expect(run.status == 2 && run.errors.contains(".lds-check.json:1:"), "\(run)")
    #expect(run.errors.contains("^"))
  }

  /// What follows from a cleared range is judged where it is said, and the symbol's own line is named.
  @Test func aContractIsJudgedAndHeldAgainstTheScript() throws {
    let folder = try TemporaryFolder()
    try folder.write("x.lds", "SECTIONS { .bss : { _sbss = .; *(.bss)\n_ebss = .; *(COMMON) } }\n")
    try folder.write("x.nm", "0000000000001000 A _sbss\n0000000000001003 A _ebss\n")
    try folder.write(
      ".lds-check.json",
      "{\"clear\": [{\"start\": \"_sbss\",\n  \"end\": \"_ebss\", \"word\": 4}]}\n")
    let alone = try ProgramRun.run(["lint", "x.lds"], folder: folder.path)
    #expect(alone.output.contains("x.lds:2:12") && alone.output.contains("'COMMON'"), "\(alone)")
    let beside = try ProgramRun.run(["lint", "x.lds", "x.nm"], folder: folder.path)
    #expect(beside.output.contains("  --> .lds-check.json:2:10"), "\(beside)")
    #expect(beside.output.contains("'_ebss' is set on line 2 of x.lds: _ebss = ."), "\(beside)")
    let explained = try ProgramRun.run(["explain", "x.lds", "x.nm"], folder: folder.path)
    #expect(!explained.output.contains("cause:"), "\(explained)")
  }
}
