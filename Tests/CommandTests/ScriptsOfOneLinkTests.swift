// Several scripts of one link, `-T memory.ld -T sections.ld -T rom.ld`, are judged as the linker reads them; scripts of
// different links are not taken together.

import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: InstalledLinkers.canLink, "needs ld and as"))
struct ScriptsOfOneLinkTests {
  private static let files = [
    "memory.ld": """
    MEMORY {
      IRAM (rx) : ORIGIN = 0x40080000, LENGTH = 0x400
      DRAM (rw) : ORIGIN = 0x3ffb0000, LENGTH = 0x800
    }
    REGION_ALIAS("code", IRAM);
    _stack_size = 0x100;

    """,
    "sections.ld": """
    SECTIONS {
      .text : { *(.text) *(.rodata*) } > code
      .data : { *(.data) } > DRAM
      .bss : { *(.bss) } > DRAM
      _heap_start = .;
    }
    ASSERT(_heap_start + _stack_size <= ORIGIN(DRAM) + LENGTH(DRAM), "the-stack")
    ASSERT(_heap_start + 0x800 <= ORIGIN(DRAM) + LENGTH(DRAM), "the-heap")
    ASSERT(rom_printf == 0x40007d54, "the-rom")

    """,
    "rom.ld": "PROVIDE(rom_printf = 0x40007d54);\n",
    "a.s": """
    .globl _start
    .text
    _start: .skip 0x40
    .data
    .quad 1
    .bss
    .skip 0x200

    """,
    "link.cmd":
      "ld -m elf_x86_64 -T memory.ld -T sections.ld -T rom.ld a.o -o a.elf -Map=a.map\n",
  ]

  private static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(name, text) }
    let run = try ProgramRun.shell(
      "as --64 a.s -o a.o; ld -m elf_x86_64 -T memory.ld -T sections.ld -T rom.ld a.o -o a.elf -Map=a.map; "
        + "ld -m elf_x86_64 --noinhibit-exec -T memory.ld -T sections.ld -T rom.ld a.o -o b.elf",
      folder: folder.path)
    // The one that fails, once a link.
    try #require(run.errors.contains("the-heap"), "\(run.errors)")
    #expect(!run.errors.contains("the-stack") && !run.errors.contains("the-rom"))
    return folder
  }

  private func verdicts(_ arguments: [String], _ folder: TemporaryFolder) throws -> [String: String]
  {
    let run = try ProgramRun.run(["eval", "--format", "json"] + arguments, folder: folder.path)
    let json = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let rows = try #require(json?["assertions"] as? [[String: Any]], "\(run.errors)")
    return Dictionary(
      rows.map { ($0["message"] as? String ?? "", $0["verdict"] as? String ?? "") }
    ) { $0 == $1 ? $0 : "both" }
  }

  private static let right = ["the-stack": "holds", "the-heap": "fails", "the-rom": "holds"]

  @Test func scriptsOfACommandAreOne() throws {
    let folder = try Self.folder()
    #expect(try verdicts(["--link-command", "link.cmd", "b.elf"], folder) == Self.right)
    #expect(try verdicts(["--link-command", "link.cmd", "a.map"], folder) == Self.right)
    let lint = try ProgramRun.run(
      ["lint", "--proofs", "--link-command", "link.cmd"], folder: folder.path)
    #expect(!lint.output.contains("always-holds"), "\(lint.output)")
    #expect(lint.output.contains("sections.ld:7:1"), "\(lint.output)")
  }

  @Test func aRegionThatAnotherScriptDeclaresTells() throws {
    let folder = try Self.folder()
    for order in [["memory.ld", "sections.ld", "rom.ld"], ["rom.ld", "sections.ld", "memory.ld"]] {
      #expect(try verdicts(order + ["b.elf"], folder) == Self.right, "\(order)")
    }
  }

  /// The linker has said what the sizes of regions are; one script of two does not.
  @Test func aScriptWithoutItsMemoryDecidesNothingAboutRegions() throws {
    let folder = try Self.folder()
    let alone = try verdicts(["sections.ld", "b.elf"], folder)
    #expect(alone["the-heap"] == "undecided" && alone["the-stack"] == "undecided", "\(alone)")
    let text = try ProgramRun.run(
      ["eval", "sections.ld", "b.elf"], folder: folder.path, environment: ["COLUMNS": "9999"])
    #expect(text.output.contains("declares the region"), "\(text.output)")
    let lint = try ProgramRun.run(["lint", "--proofs", "sections.ld"], folder: folder.path)
    #expect(lint.output.contains("3 depend on the objects"), "\(lint.output)")
  }

  @Test func twoBoardsTellNothing() throws {
    let folder = try Self.folder()
    try folder.write(
      "other.ld",
      "MEMORY { IRAM : ORIGIN = 0, LENGTH = 1K\n DRAM : ORIGIN = 0, LENGTH = 64K }\nREGION_ALIAS(\"code\", IRAM);\n"
    )
    let run = try ProgramRun.run(
      ["lint", "--proofs", "memory.ld", "other.ld", "sections.ld"], folder: folder.path)
    #expect(run.output.contains("3 depend on the objects"), "\(run.output)")
  }
}
