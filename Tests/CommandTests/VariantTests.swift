// `--variant` and `--where`: one script under several sets of flags, and the way back from its text.

import TestSupport
import Testing

struct VariantTests {
  private static let script = """
    #ifdef EFI
    # define BASE 0x2000
    #else
    # define BASE 0x1000
    #endif
    #define CHECK(what) ASSERT(what == BASE, "base")
    start = BASE;
    CHECK(start)

    """

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("x.lds.S", Self.script)
    try folder.write("one.nm", "0000000000001000 A start\n")
    try folder.write("two.nm", "0000000000002000 A start\n")
    try folder.write(
      "efi.cmd", "cmd_x.lds := gcc -E -P -nostdinc -DEFI -o x.lds x.lds.S\n")
    return folder
  }

  @Test(arguments: ["efi=-DEFI", "efi=-I. '-DEFI=1'", "efi=efi.cmd"])
  func eachImageIsJudgedByItsVariant(_ variant: String) throws {
    let folder = try folder()
    let run = try ProgramRun.run(
      ["eval", "x.lds.S", "--variant", variant, "one.nm", "two.nm"], folder: folder.path)
    #expect(run.status == 0, "\(run)")
    #expect(run.output.contains("one.nm:\n") && run.output.contains("two.nm (variant efi):\n"))
    #expect(run.output.contains("2 ASSERTs hold"), "\(run.output)")
    let alone = try ProgramRun.run(["eval", "x.lds.S", "two.nm"], folder: folder.path)
    #expect(alone.status == 1)
  }

  @Test func reportsNameTheVariant() throws {
    let folder = try folder()
    func report(_ format: String) throws -> String {
      try ProgramRun.run(
        ["eval", "x.lds.S", "--variant=efi=-DEFI", "--format", format, "one.nm", "two.nm"],
        folder: folder.path
      ).output
    }
    let json = try report("json")
    #expect(json.contains("\"variant\": null") && json.contains("\"variant\": \"efi\""))
    let junit = try report("junit")
    #expect(junit.contains("name=\"one.nm\"") && junit.contains("name=\"two.nm (variant efi)\""))
  }

  @Test func everyVariantIsParsed() throws {
    let folder = try folder()
    let run = try ProgramRun.run(
      ["parse", "--expand", "--variant=efi=-DEFI", "x.lds.S"], folder: folder.path)
    #expect(run.output.contains("start = 0x1000;") && run.output.contains("start = 0x2000;"))
  }

  /// Once what all variants share, with its variant what only some have.
  @Test func lintSaysOnceWhatIsTheSame() throws {
    let folder = try folder()
    try folder.write(
      "y.lds.S",
      """
      #ifdef EFI
      # define UNIT 0x1000
      #else
      # define UNIT 0x1001
      #endif
      SECTIONS { .text : { *(.text) } end = .; }
      ASSERT(!(end & 0xfff), "end misaligned")
      ASSERT(UNIT % 2 == 0, "odd")

      """)
    let run = try ProgramRun.run(
      ["lint", "--proofs", "y.lds.S", "--variant=efi=-DEFI", "--variant=more=-DEFI"],
      folder: folder.path)
    let count = { (text: String) in
      run.output.split(separator: text, omittingEmptySubsequences: false).count - 1
    }
    #expect(count("error[boundary-unaligned]") == 1 && count("  end misaligned") == 1, "\(run)")
    #expect(count("error[assert-never-holds]") == 1 && count("note[assert-always-true]") == 1)
    #expect(count("note: only with the flags given outside of --variant") == 1)
    #expect(count("note: only with variant 'efi', 'more'") == 1, "\(run)")
    #expect(run.output.contains("2 errors, 1 note"))
  }

  @Test(arguments: ["efi", "=-DEFI", "efi=--strict", "efi=nothing"])
  func badVariantsAreRefused(_ variant: String) throws {
    let folder = try folder()
    let run = try ProgramRun.run(["eval", "--variant", variant, "x.lds.S"], folder: folder.path)
    #expect(run.status == 2 && run.output == "" && run.errors.contains("--variant"), "\(run)")
  }

  @Test func placesOfTheExpandedTextAreTraced() throws {
    let folder = try folder()
    try folder.write(
      "efi.lds", "start = 0x2000;\n\n   ASSERT(start == 0x2000, \"base\")\n")
    let run = try ProgramRun.run(
      ["parse", "--where", "efi.lds:1", "--where=efi.lds:3:21", "-DEFI", "x.lds.S"],
      folder: folder.path)
    #expect(
      run.output == """
        x.lds.S:7:1
        x.lds.S:8:1
          from BASE, defined at x.lds.S:2:10
          from CHECK, defined at x.lds.S:6:9

        """, "\(run)")
    let other = try ProgramRun.run(
      ["parse", "--where=efi.lds:3:21", "x.lds.S"], folder: folder.path)
    #expect(other.status == 2 && other.errors.contains("efi.lds:3:21: nothing there"), "\(other)")
    for place in ["efi.lds", ":3", "efi.lds:0"] {
      let bad = try ProgramRun.run(["parse", "--where", place, "x.lds.S"], folder: folder.path)
      #expect(bad.status == 2 && bad.errors.contains("FILE:LINE"), "\(bad)")
    }
  }
}
