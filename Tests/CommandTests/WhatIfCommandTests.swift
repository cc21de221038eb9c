// Edits, thresholds and counterexamples on the command line.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite(
  .enabled(if: InstalledLinkers.canLink && InstalledLinkers.bfd?.version == LinkerVersion(2, 40)))
struct WhatIfCommandTests {
  private static let script = """
    #ifndef PAD
    #define PAD 16
    #endif
    SECTIONS {
      . = 0x100000;
      .text : { *(.text) }
      . = ALIGN(PAD);
      .data : { *(.data) }
      _end = .;
      ASSERT(_end <= 0x100100, "too big")
    }

    """

  /// A folder with an object, the script, and what the linker makes of the same text without macros.
  private static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("m.lds.S", script)
    let plain = script.split(separator: "\n").filter { !$0.hasPrefix("#") }
      .joined(separator: "\n").replacing("PAD", with: "16")
    try folder.write("m.lds", plain + "\n")
    try folder.write("m.s", ".text\n.globl f\nf: .skip 40\n.data\n.skip 10\n")
    let line =
      "as --64 m.s -o m.o && ld -m elf_x86_64 --no-warn-rwx-segments -T m.lds m.o -o m -Map m.map"
    try #require(ProgramRun.shell(line, folder: folder.path).status == 0)
    return folder
  }

  private static func faults(_ run: ProgramRun, _ schema: String) throws -> [String] {
    let schema = try #require(
      JSONSchema(Checkout.bytes("Documentation/schemas/\(schema).json")))
    return schema.faults(of: Array(run.output.utf8))
  }

  @Test(
    arguments: [
      (
        ["--with-define", "PAD=512"], "fails: too big\nsection .data: address 0x100030 -> 0x100200"
      ),
      (["--set-align", ".data=64"], "section .data: address 0x100030 -> 0x100040"),
      (["--grow", "m.o=2K"], "fails: too big\nsection .text: size 0x28 -> 0x828"),
      (["--grow", "m.o:.data=6"], "section .data: size 0xa -> 0x10"),
    ])
  func editsOfObjects(_ edit: [String], _ begin: String) throws {
    let folder = try Self.folder()
    let run = try ProgramRun.run(["what-if", "m.lds.S", "m.o"] + edit, folder: folder.path)
    #expect(run.output.hasPrefix(begin), "\(run.output)\(run.errors)")
    #expect(run.status == (begin.hasPrefix("fails") ? 1 : 0))
  }

  /// The same edits over the map and the image say the same.
  @Test(
    arguments: [
      ["--set-align", ".data=64"], ["--grow", "m.o=2K"], ["--grow", "m.o:.data=6"],
      ["--grow", ".text=1"],
    ])
  func editsOfAMap(_ edit: [String]) throws {
    let folder = try Self.folder()
    let objects = try ProgramRun.run(["what-if", "m.lds", "m.o"] + edit, folder: folder.path)
    let map = try ProgramRun.run(
      ["what-if", "m.lds", "m.map", "m"] + edit, folder: folder.path)
    #expect(map.output == objects.output, "\(map.errors)")
    #expect(map.status == objects.status)
    let json = try ProgramRun.run(
      ["what-if", "m.lds", "m.map", "m", "--format", "json"] + edit, folder: folder.path)
    #expect(try Self.faults(json, "what-if") == [])
  }

  @Test func aMapAloneIsRefused() throws {
    let folder = try Self.folder()
    let run = try ProgramRun.run(
      ["what-if", "m.lds", "m.map", "--grow", ".text=1"], folder: folder.path)
    #expect(run.status == 2 && run.errors.contains("need the image of the same link"))
  }

  @Test func headroomOfObjects() throws {
    let folder = try Self.folder()
    let run = try ProgramRun.run(["eval", "--headroom", "m.lds", "m.o"], folder: folder.path)
    #expect(run.output.contains("may grow: .data by 198, .text by 200 bytes"), "\(run.output)")
    let json = try ProgramRun.run(
      ["eval", "--headroom", "m.lds", "m.o", "--format", "json"], folder: folder.path)
    #expect(json.output.contains(#"{"section": ".data", "bytes": 198, "exact": true}"#))
    #expect(try Self.faults(json, "eval") == [])
  }

  /// So many bytes more leave budgets and constraints as they are, and one more does not: `memory` says the same of
  /// objects that really are so large.
  @Test func headroomOfBudgetsAndConstraints() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "m.lds",
      """
      MEMORY { FLASH (rx) : ORIGIN = 0x8000000, LENGTH = 8K
               RAM (rw) : ORIGIN = 0x20000000, LENGTH = 4K }
      SECTIONS {
        .text : { *(.text) } >FLASH
        .data : { *(.data) } >RAM AT>FLASH
        .bss : { *(.bss) . = ALIGN(8); _end = .; } >RAM
      }

      """)
    try folder.write(
      ".lds-check.json",
      """
      {"constraints": [{"name": "stack", "expression": "ORIGIN(RAM) + LENGTH(RAM) - _end >= 0x400"}],
       "budgets": [{"region": "FLASH", "limit": "75%"}]}
      """)
    func status(text: Int, bss: Int) throws -> Int {
      try folder.write(
        "m.s", ".text\n.globl _start\n_start: .skip \(text)\n.data\n.skip 100\n.bss\n.skip \(bss)\n"
      )
      _ = try ProgramRun.tool("as", ["--64", "m.s", "-o", "m.o"], folder: folder.path)
      return try ProgramRun.run(["memory", "m.lds", "m.o"], folder: folder.path).status
    }
    #expect(try status(text: 1000, bss: 300) == 0)
    let run = try ProgramRun.run(["eval", "--headroom", "m.lds", "m.o"], folder: folder.path)
    #expect(
      run.output.contains("budget 'FLASH': holds -> fails\n  may grow: .text by 5044 bytes\n"),
      "\(run.output)")
    #expect(
      run.output.contains("constraint 'stack': holds -> fails\n  may grow: .data by 2672"),
      "\(run.output)")
    #expect(try status(text: 1000 + 5044, bss: 300) == 0)
    #expect(try status(text: 1000 + 5045, bss: 300) == 1)
    #expect(try status(text: 1000, bss: 300 + 2672) == 0)
    #expect(try status(text: 1000, bss: 300 + 2673) == 1)
  }

  @Test func headroomOfSlots() throws {
    let folder = try Self.folder()
    let run = try ProgramRun.run(
      ["superpages", "--headroom", "m.lds", "m.o"], folder: folder.path)
    // 0x200000 - _end
    #expect(run.output.contains("2M slots: 1 -> 2\n  may grow: .data by 1048518"), "\(run.output)")
    let json = try ProgramRun.run(
      ["superpages", "--headroom", "m.lds", "m.o", "--format", "json"], folder: folder.path)
    #expect(try Self.faults(json, "superpages") == [])
  }

  @Test func counterexamplesAreWritten() throws {
    let folder = try Self.folder()
    let run = try ProgramRun.run(
      ["lint", "m.lds", "--counterexample", "found"], folder: folder.path)
    #expect(
      run.output.contains("too big\n  fails with .data of 257 bytes, holds with 256\n"),
      "\(run.output)\(run.errors)")
    #expect(run.output.contains("  try it: sh found/01/link.sh\n"))
    let link = try ProgramRun.shell("sh found/01/link.sh", folder: folder.path)
    #expect(link.status != 0 && link.errors.contains("too big"), "\(link.errors)")
    let json = try ProgramRun.run(
      ["lint", "m.lds", "--counterexample", "found", "--format", "json"], folder: folder.path)
    #expect(try Self.faults(json, "lint") == [])
  }
}
