// `lds-check lint` and `rules` as a user runs them.

import Foundation
import TestSupport
import Testing

struct LintCommandTests {
  private static let unaligned = """
    SECTIONS {
      .text : { *(.text) }
      text_end = .;
      .rodata : { *(.rodata) }
      rodata_end = .;
      . = ALIGN(0x200000);
      .data : { *(.data) }
      . = ALIGN(0x1000);
      data_end = .;
    }
    ASSERT(!(text_end & 0x1fffff), "text_end misaligned")
    ASSERT(!(rodata_end & 0x1fffff), "rodata_end misaligned")
    ASSERT(!(data_end & 0x1fffff), "data_end misaligned")

    """

  @Test func textIsAsRecorded() throws {
    let run = try ProgramRun.run(["lint", "samples/unaligned/boot.lds"])
    #expect(run.status == 1)
    #expect(run.errors == "")
    expectSnapshot(run.output, named: "lint-unaligned.txt")
  }

  @Test func jsonIsAsRecorded() throws {
    let run = try ProgramRun.run(["lint", "--format", "json", "samples/unaligned/boot.lds"])
    #expect(run.status == 1)
    expectSnapshot(run.output, named: "lint-unaligned.json")
  }

  @Test func filesOfOneLinkTellAFindingOnce() throws {
    let map = "samples/unaligned/boot.map"
    for files in [[map], [map, "samples/unaligned/boot.nm"], ["samples/unaligned/boot.nm", map]] {
      let output = try ProgramRun.run(["lint"] + files).output
      #expect(output.components(separatedBy: "[superpage-boundary]").count == 2, "\(output)")
    }
    let apart = try ProgramRun.run(["lint", map, "samples/grown/boot.map"]).output
    #expect(apart.contains("unaligned/boot.map"))
  }

  @Test func soundScriptsHaveNoFinding() throws {
    for script in ["samples/sound/boot.lds", "samples/boot.lds.S"] {
      let run = try ProgramRun.run(["lint", "-q", "--fail-on", "warning", script])
      #expect(run.status == 0, "\(run.output)")
      #expect(!run.output.contains("error") && !run.output.contains("warning"), "\(run.output)")
    }
  }

  @Test func aScriptThatNoLinkerReadsIsAFinding() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("broken.lds", "SECTIONS { .text : { *(.text } }\n")
    let run = try ProgramRun.run(["lint", "-q", file])
    #expect(run.status == 1)
    #expect(run.output.contains(":1:30: error: "), "\(run.output)")
    #expect(run.output.contains("[syntax-error]"))
  }

  @Test func severityDecidesTheStatus() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a.lds", "ASSERT(1, \"never\")\n")
    #expect(try ProgramRun.run(["lint", file]).status == 0)
    #expect(try ProgramRun.run(["lint", "--fail-on", "note", file]).status == 1)
    let broken = try folder.write("b.lds", Self.unaligned)
    #expect(try ProgramRun.run(["lint", "--fail-on", "never", broken]).status == 0)
  }

  @Test func diffShowsAndFixMends() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("a.lds", Self.unaligned)
    let shown = try ProgramRun.run(["lint", "--diff", "a.lds"], folder: folder.path)
    #expect(shown.status == 1)
    expectSnapshot(shown.output, named: "lint-diff.txt")
    #expect(try String(contentsOfFile: file, encoding: .utf8) == Self.unaligned)
    let patched = try ProgramRun.shell(
      "cp a.lds b.lds && \"$LDS_CHECK\" lint --diff b.lds > b.diff; patch -s b.lds < b.diff",
      folder: folder.path)
    let mended = try ProgramRun.run(["lint", "--fix", "a.lds"], folder: folder.path)
    #expect(mended.status == 0, "\(mended.output)")
    #expect(mended.errors.contains("mended boundary-unaligned"))
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.contains(". = ALIGN(0x200000);\n  text_end = .;"))
    if patched.status == 0 {
      #expect(try String(contentsOfFile: folder.path + "/b.lds", encoding: .utf8) == text)
    }
    let again = try ProgramRun.run(["lint", "--diff", "a.lds"], folder: folder.path)
    #expect(again.status == 0)
    #expect(again.output == "")
  }

  @Test func edgesOfMendingAreExplained() throws {
    let both = try ProgramRun.run(["lint", "--fix", "--diff", "samples/unaligned/boot.lds"])
    #expect(both.status == 2)
    let input = try ProgramRun.run(["lint", "--fix", "-"], input: Self.unaligned)
    #expect(input.status == 2)
    #expect(input.errors.contains("cannot be mended in place"), "\(input.errors)")
  }

  @Test func macrosOfTheAuthorAreMendedWhereTheyAre() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(
      "m.lds.S",
      """
      #define BOUNDARY 0x200000
      #define END(name) name = .;
      SECTIONS {
        .text : { *(.text) }
        text_end = .;
        .data : { *(.data) }
      }
      ASSERT(!(text_end & (BOUNDARY - 1)), "text_end misaligned")

      """)
    let run = try ProgramRun.run(["lint", "--diff", "m.lds.S"], folder: folder.path)
    #expect(run.output.contains("+  . = ALIGN(BOUNDARY);\n   text_end = .;"), "\(run.output)")
  }

  @Test func ruleDocumentIsTrue() throws {
    let run = try ProgramRun.run(["rules", "--format", "markdown"])
    #expect(run.status == 0)
    let file = Checkout.root.appendingPathComponent("Documentation/rules.md")
    if ProcessInfo.processInfo.environment["LDS_RECORD"] == "1" {
      try Data(run.output.utf8).write(to: file)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == run.output, "LDS_RECORD=1 writes it")
  }

  @Test func everyRuleHasAPage() throws {
    let list = try ProgramRun.run(["rules"])
    #expect(list.status == 0)
    let names = list.output.split(separator: "\n").compactMap { $0.split(separator: " ").first }
    #expect(names.count > 30)
    let page = try ProgramRun.run(["rules", "boundary-before-align"])
    expectSnapshot(page.output, named: "rule-page.txt")
    let unknown = try ProgramRun.run(["rules", "boundary-before-aling"])
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("did you mean 'boundary-before-align'?"), "\(unknown.errors)")
  }
}
