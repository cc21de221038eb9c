// ASSERTs judged from objects come out as the linker judges them, those too of which an image would not tell.

import LdsParser
import TestSupport
import Testing

@Suite(.enabled(if: InstalledLinkers.canLink))
struct ForetoldVerdictsTests {
  /// What expressions saw of sections that went, of load addresses that program headers changed, of a symbol in a section
  /// that was dropped: each with a value that it has, and one that it has not.
  private static let conditions = [
    "ADDR(.gone) == 0x8040", "ADDR(.gone) == 0x8010", "ALIGNOF(.gone) == 64",
    "ALIGNOF(.gone) == 1", "LOADADDR(.gone) == 0x9010", "LOADADDR(.gone) == 0x9040", "s == 0x8040",
    "s == 0x8010", "LOADADDR(.zeros) == 0x9020", "LOADADDR(.zeros) == 0", "ADDR(.data) == behind",
    "behind == 0x8040",
  ]

  @Test(arguments: conditions)
  func areTheLinkers(_ condition: String) throws {
    let folder = try TemporaryFolder()
    let script = """
      SECTIONS {
        . = 0x8000; .text : AT(0x9000) { *(.text) }
        .gone ALIGN(64) : ALIGN(64) { *(.nothing) s = .; }
        behind = .;
        .data : { *(.data) }
        .zeros ALIGN(32) : { *(.tbss) }
      }
      ASSERT(\(condition), "m")

      """
    try folder.write("S", script)
    try folder.write(
      "a.s", ".text\n.skip 16\n.data\n.skip 6\n.section .tbss,\"awT\",@nobits\n.skip 8\n")
    try folder.write("link", "ld -T S a.o -o none\n")
    let linked = try ProgramRun.shell(
      "as --64 a.s -o a.o && ld -m elf_x86_64 -T S a.o -o o", folder: folder.path)
    let judged = try ProgramRun.run(
      ["eval", "--strict", "--linker", "bfd", "--link-command", "link"], folder: folder.path)
    #expect(judged.status == (linked.status == 0 ? 0 : 1), "\(judged.output)\(linked.errors)")
    #expect(!judged.output.contains("undecided"), "\(judged.output)")
    #expect(!judged.output.contains("stale-layout"), "\(judged.output)")
  }

  /// Each linker that is named lays the objects out by its own rules: from 2.45 on an orphan joins a READONLY section.
  @Test func everyLinkerLaysOut() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.s",
      ".section .data.x,\"aw\"\n.skip 5\n.section .own,\"aw\",@nobits\n.balign 8\n.skip 40\n")
    try folder.write(
      "S",
      "SECTIONS { .own (READONLY) : { *(.data.x) } }\nASSERT(SIZEOF(.own) == 5, \"m\")\n")
    _ = try ProgramRun.tool("as", ["--64", "a.s", "-o", "a.o"], folder: folder.path)
    for release in KnownRelease.bfd.suffix(3) {
      guard let path = release.path else { continue }
      let link = try ProgramRun.tool(
        path, ["-m", "elf_x86_64", "-T", "S", "a.o", "-o", "o"], folder: folder.path)
      let alone = try ProgramRun.run(
        ["eval", "--linker", release.dialect.description, "S", "a.o"], folder: folder.path)
      #expect(alone.status == (link.status == 0 ? 0 : 1), "\(release): \(alone.output)")
    }
    let both = try ProgramRun.run(
      ["eval", "--linker", "bfd@2.40", "--linker", "bfd@2.47", "S", "a.o"], folder: folder.path)
    #expect(both.status == 1, "\(both.output)")
    #expect(both.output.contains("fails"), "\(both.output)")
  }

  /// A region goes on behind the orphans that stand where the location counter moves before an empty section.
  @Test func explanationsHaveTheLinkersValues() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.s", ".text\n.skip 9\n.section .rodata.x,\"a\"\n.balign 4\n.skip 16\n")
    try folder.write(
      "S",
      """
      MEMORY { ROM : ORIGIN = 0x8000000, LENGTH = 1M  RAM (rw!x) : ORIGIN = 0x20000000, LENGTH = 1M }
      SECTIONS { .tables : { *(.text) } >ROM . = ALIGN(4); .tdata : { . = .; } AT>ROM }
      w = LOADADDR(.tdata);
      ASSERT(w == 0x800001c, "m")

      """)
    try folder.write("link", "ld -T S a.o -o none\n")
    let linked = try ProgramRun.shell(
      "as --64 a.s -o a.o && ld -m elf_x86_64 -T S a.o -o o", folder: folder.path)
    try #require(linked.status == 0, "\(linked.errors)")
    let run = try ProgramRun.run(
      ["explain", "--linker", "bfd", "--assert", "m", "--link-command", "link"],
      folder: folder.path)
    #expect(run.output.contains("0x800001c\n"), "\(run.output)")
    #expect(!run.output.contains("0x8000009"), "\(run.output)")
    #expect(!run.errors.contains("did not make"), "\(run.errors)")
  }
}
