// What somebody meets who writes a first script and gives a first command: slips in words, a mark of the editor, files in
// the wrong place.

import Foundation
import TestSupport
import Testing

struct FirstScriptTests {
  private func lint(_ script: String) throws -> ProgramRun {
    let folder = try TemporaryFolder()
    try folder.write("s.ld", script)
    return try ProgramRun.run(["lint", "s.ld"], folder: folder.path)
  }

  @Test(arguments: [
    ("OUTPUT_FROMAT(elf64-x86-64)\nSECTIONS { .text : { *(.text) } }\n", 1, "OUTPUT_FORMAT"),
    ("SECTION {\n .text : { *(.text) }\n}\n", 1, "SECTIONS"),
    ("sections\n{\n .text : { *(.text) }\n}\n", 1, "SECTIONS"),
    ("SECTIONS {\n .v : { KEPP(*(.v)) }\n}\n", 2, "KEEP"),
    ("SECTIONS {\n .v : { *(.v) PROVID(x = .); }\n}\n", 2, "PROVIDE"),
    ("SECTIONS {\n .v : { *(.v) . = ALGIN(4); }\n}\n", 2, "ALIGN"),
    ("x = 1;\ny = SIZOF(.text);\nz = 1;\n", 2, "SIZEOF"),
    ("x = 1;\nASERT(x > 1, \"m\")\nz = 1;\n", 2, "ASSERT"),
  ])
  func aSlipIsNamedOnce(_ script: String, _ line: Int, _ meant: String) throws {
    let run = try lint(script)
    #expect(run.status == 1)
    #expect(run.output.contains("did you mean '\(meant)'?"), "\(run.output)")
    #expect(run.output.contains("s.ld:\(line):"), "\(run.output)")
    #expect(run.output.contains("\n1 error"), "\(run.output)")
  }

  /// Words of no command are none of our business.
  @Test func otherWordsAreNotGuessedAt() throws {
    let run = try lint("FLASH (rx) : ORIGIN = 0, LENGTH = 1K\n")
    #expect(!run.output.contains("did you mean"), "\(run.output)")
  }

  /// Each statement is complained about by itself.
  @Test func whatFollowsIsReadOn() throws {
    let run = try lint(
      """
      x = 1;
      ASSERT(x > 0 "no comma")
      ASSERT(x = 0, "one sign")
      ASSERT x > 0, "no parenthesis";
      MEMORY { A : ORIGIN = 0, LENGTH = 1K; B : ORIGIN = 1K, LENGTH = 1K }
      SECTIONS {
        .y { *(.y) }
        . = 0x10_0000;
        .z : { *(.z) } > B
      }

      """)
    let places = run.output.matches(of: /--> s\.ld:(\d+):/).map { Int($0.1) }
    #expect(places == [2, 3, 4, 5, 7, 8], "\(run.output)")
    #expect(run.output.contains("expected ':' between '.y' and the braces"))
  }

  @Test func markOfTheEditorIsOneWarning() throws {
    let run = try lint("\u{FEFF}SECTIONS { .text : { *(.text) } }\n")
    #expect(run.status == 0)
    #expect(run.output.contains("byte order mark"), "\(run.output)")
    #expect(run.output.contains("\n1 warning"), "\(run.output)")
  }

  @Test func fileInPlaceOfACommand() throws {
    let run = try ProgramRun.run(["samples/unaligned/boot.lds"])
    #expect(run.status == 2)
    #expect(run.errors.contains("lds-check lint samples/unaligned/boot.lds"), "\(run.errors)")
    let slip = try ProgramRun.run(["lnit"])
    #expect(!slip.errors.contains("comes first"), "\(slip.errors)")
  }

  @Test func oneImageIsNotCompared() throws {
    let run = try ProgramRun.run(["diff", "samples/unaligned/boot.map"])
    #expect(run.status == 2)
    #expect(run.errors.contains("two images are compared, and 1 was given"), "\(run.errors)")
  }

  @Test func failureNamesTheNextCommand() throws {
    let next = "'lds-check explain' with the same files"
    let fails = try ProgramRun.run(["eval", "samples/unaligned/boot.map"])
    #expect(fails.output.components(separatedBy: next).count == 2, "\(fails.output)")
    let holds = try ProgramRun.run(["eval", "samples/sound/boot.map"])
    #expect(!holds.output.contains(next))
  }

  /// seL4 defines what some ways to run the preprocessor have anyway.
  @Test func whatIsTakenForPredefinedMayBeDefined() throws {
    let run = try lint("#define __ASSEMBLER__\nSECTIONS { .text : { *(.text) } }\n")
    #expect(!run.output.contains("macro-redefined"), "\(run.output)")
    let twice = try lint("#define A 1\n#define A 2\nSECTIONS { .text : { *(.text) } }\n")
    #expect(twice.output.contains("macro-redefined"), "\(twice.output)")
  }

  /// The declaration is there with the build's -D.
  @Test func regionThatAConditionLeavesOut() throws {
    let script = """
      MEMORY
      {
        ram (rwx) : ORIGIN = 0x20000000, LENGTH = 1K
      #if defined(_ROM)
        rom (rx) : ORIGIN = 0x8000000, LENGTH = _ROM
      #endif
      }
      SECTIONS { .text : { *(.text) } > rom .data : { *(.data) } > ram }

      """
    let run = try lint(script)
    #expect(!run.output.contains("undeclared-region"), "\(run.output)")
    let wrong = try lint(script.replacingOccurrences(of: "  rom (rx)", with: "  rim (rx)"))
    #expect(wrong.output.contains("undeclared-region"), "\(wrong.output)")
  }

  @Test(arguments: [
    "C:\\tools\\arm-none-eabi-ld.exe : region `F' overflowed by 8 bytes",
    "/lib/ld-linux-x86-64.so.2: region `F' overflowed by 8 bytes",
  ])
  func namesOfTheLinker(_ line: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("l.log", line + "\n")
    let run = try ProgramRun.run(["explain", "--log", "l.log"], folder: folder.path)
    #expect(run.status == 1)
    #expect(run.output.contains("[region-overflow]"), "\(run.output)")
  }
}
