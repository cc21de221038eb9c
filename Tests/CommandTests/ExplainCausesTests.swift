// Causes that the script makes: what `explain` names after a link with the real GNU ld has failed.

import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: ExternalTool.has("ld", "as"), "needs GNU ld and as"))
struct ExplainCausesTests {
  private static let assembly = """
    .globl stack, blob
    .section .stack,"aw"\n.balign 4096\nstack: .zero 4096
    .section .other,"aw"\n.byte 1
    .section .text.blob,"ax"\n.balign 4096\nblob: .zero 512
    .text\n.zero 0x9000
    .section .dbg,"a"\n.zero 0x3000

    """

  /// Links a script whose ASSERT fails, with a map, and explains it.
  private func explain(
    _ script: String, against good: String? = nil, map: String = "-Map=a.map"
  ) throws -> String {
    let folder = try TemporaryFolder()
    try folder.write("a.s", Self.assembly)
    try folder.write("a.lds", script)
    var arguments = ["explain", "a.lds", "a.map"]
    if let good {
      try folder.write("g.lds", good)
      let link = try ProgramRun.shell(
        "as --64 a.s -o a.o && ld -m elf_x86_64 -T g.lds a.o -o g.elf -Map=g.map",
        folder: folder.path)
      try #require(link.status == 0, "\(link.errors)")
      arguments += ["--against", "g.map"]
    }
    let link = try ProgramRun.shell(
      "as --64 a.s -o a.o && ld -m elf_x86_64 -T a.lds a.o -o a.elf \(map)", folder: folder.path)
    #expect(link.status != 0 && link.errors.contains("too bad"), "\(link.errors)")
    let run = try ProgramRun.run(arguments, folder: folder.path)
    #expect(run.status == 1, "\(run.errors)")
    return run.output
  }

  private static func sections(_ text: String, _ condition: String) -> String {
    "SECTIONS\n{\n  . = 0x100000;\n  .text : {\n\(text)\n  }\n  .rest : { *(.stack .other .dbg) }\n}\n"
      + "ASSERT(\(condition), \"too bad\")\n"
  }

  @Test func subalignOverrulesTheObject() throws {
    let text = try explain(
      "SECTIONS { . = 0x100000; .init : SUBALIGN(64) { *(.other) *(.stack) } .text : { *(.text*) } }\n"
        + "ASSERT(!(stack & 0xfff), \"too bad\")\n")
    #expect(text.contains("SUBALIGN(0x40) of '.init' places it"), "\(text)")
    #expect(text.contains("the object is not the cause"), "\(text)")
    #expect(!text.contains(".balign"), "\(text)")
  }

  /// Without SUBALIGN the object is told to align.
  @Test func theObjectIsNamedWhereItIsTheCause() throws {
    let text = try explain(
      "SECTIONS { . = 0x100040; .text : { *(.text*) } .init : { *(.other) *(.dbg) } .stack : { *(.stack) } }\n"
        + "ASSERT(!(stack & 0xffff), \"too bad\")\n")
    #expect(text.contains(".balign 65536") && !text.contains("SUBALIGN"), "\(text)")
  }

  @Test func roomThatAStatementLeavesIsNamed() throws {
    let script = Self.sections(
      "    *(.text.blob)\n    *(.text)\n    . += 0x40000000; etext = .;",
      "etext - blob <= 0x10000")
    let text = try explain(script)
    #expect(text.contains("0x40000000 (1 GiB) are left empty by '. += 0x40000000'"), "\(text)")
    #expect(text.contains("nothing has to shrink"), "\(text)")
  }

  @Test func whatStandsBehindARoundedEndIsNotItsContents() throws {
    let text = try explain(
      """
      SECTIONS
      {
        . = 0x100000; start = .;
        .text : { *(.text.blob) }
        end = ALIGN(0x200000);
        .dbg : { *(.dbg) *(.text .stack .other) }
      }
      ASSERT(end - start <= 0x1000, "too bad")

      """)
    #expect(text.contains("the contents end at 0x100200"), "\(text)")
    #expect(!text.contains(".dbg of a.o"), "\(text)")
  }

  @Test func anEndSymbolBehindOtherPatternsIsTold() throws {
    let text = try explain(
      Self.sections(
        "    *(.text.blob)\n    *(.text)\n    blob_end = .;", "blob_end - blob <= 4096"))
    #expect(
      text.contains("set 'blob_end' directly behind '*(.text.blob)' (line 5)"), "\(text)")
    // Where the table alone is too large, it has to shrink.
    let large = try explain(
      Self.sections("    *(.text.blob)\n    *(.text)\n    blob_end = .;", "blob_end - blob <= 64"))
    #expect(large.contains("shrink what fills the room"), "\(large)")
  }

  @Test func aStatementThatMovedOverAPatternIsAChangeOfTheScript() throws {
    let condition = "blob_end - blob <= 4096"
    let text = try explain(
      Self.sections("    *(.text.blob)\n    *(.text)\n    blob_end = .;", condition),
      against: Self.sections("    *(.text.blob)\n    blob_end = .;\n    *(.text)", condition))
    #expect(
      text.contains("the script changed: 'blob_end = .' moved behind '*(.text)'"), "\(text)")
  }

  @Test func numbersAreNotLaidOnObjectsNorOnMacros() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.s", Self.assembly)
    try folder.write(
      "a.lds",
      "SECTIONS { . = 0x200000; _start = .; .text : { *(.text*) } .rest : { *(.stack .other .dbg) } }\n"
        + "ASSERT(opt == 5, \"one\nmore\") ASSERT(!(_start & 0x1fffff), \"start\")\n")
    let link = try ProgramRun.shell(
      "as --64 a.s -o a.o && ld -m elf_x86_64 --noinhibit-exec --defsym opt=4 -T a.lds a.o -o a.elf",
      folder: folder.path)
    #expect(link.errors.contains("one\nmore"))
    let run = try ProgramRun.run(["explain", "a.lds", "a.elf"], folder: folder.path)
    #expect(run.output.contains("an option of the link (--defsym)"), "\(run.output)")
    #expect(!run.output.contains("after macros"), "\(run.output)")
    let start = try ProgramRun.run(
      ["explain", "--assert", "start", "a.lds", "a.elf"], folder: folder.path)
    #expect(
      start.output.contains("this number is a multiple of 2M, in every link"), "\(start.output)")
    let eval = try ProgramRun.run(["eval", "a.lds", "a.elf"], folder: folder.path)
    #expect(eval.output.contains("  one\n                      more\n"), "\(eval.output)")
    #expect(eval.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(eval.output)")
  }

  /// Where the linker puts an orphan is no change of the script.
  @Test func orphansAreNoStatements() throws {
    let condition = "blob_end - blob <= 4096"
    let head = "SECTIONS\n{\n  . = 0x100000;\n"
    let good = head + "  .text : { *(.text.blob) blob_end = .; *(.text) }\n}\n"
    let bad = head + "  .a : { *(.other) }\n  .text : { *(.text.blob) *(.text) blob_end = .; }\n}\n"
    let text = try explain(
      bad + "ASSERT(\(condition), \"too bad\")\n",
      against: good + "ASSERT(\(condition), \"too bad\")\n")
    #expect(text.contains("'blob_end = .' moved behind '*(.text)'"), "\(text)")
    for orphan in [".dbg", ".stack", ".iplt", ".rela"] {
      #expect(!text.contains("the script changed: '\(orphan)"), "\(text)")
    }
  }

  @Test(.enabled(if: ExternalTool.has("arm-none-eabi-ld", "arm-none-eabi-as"), "needs Arm tools"))
  func thumbBitIsNamed() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "k.s", ".syntax unified\n.thumb\n.text\n.globl reset\n.thumb_func\nreset: bx lr\n")
    try folder.write(
      "k.lds", "SECTIONS { .text 0x8000 : { *(.text) } }\nASSERT((reset & 1) == 1, \"even\")\n")
    let link = try ProgramRun.shell(
      "arm-none-eabi-as k.s -o k.o && arm-none-eabi-ld --noinhibit-exec -T k.lds k.o -o k.elf",
      folder: folder.path)
    #expect(link.errors.contains("even"))
    let run = try ProgramRun.run(["explain", "k.lds", "k.elf"], folder: folder.path)
    #expect(run.output.contains("'reset' is Thumb code: nm shows 0x8001"), "\(run.output)")
  }
}
