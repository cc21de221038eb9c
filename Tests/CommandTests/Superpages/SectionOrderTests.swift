// The order of output sections that takes fewer superpages: what is told is what the linker makes of it.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite(
  .enabled(if: InstalledLinkers.canLink && InstalledLinkers.bfd?.version == LinkerVersion(2, 40)))
struct SectionOrderTests {
  private static let objects = """
    .section .text,"ax"
    .globl _start
    _start: .skip 0x1000
    .section .d1,"aw"
    .skip 8
    .section .d2,"aw"
    .balign 0x100000
    .skip 0x80000
    .section .d3,"aw"
    .skip 0x1000
    .section .bss,"aw",@nobits
    .balign 64
    .skip 0x80000

    """

  private static func script(_ order: [String], _ between: String = "") -> String {
    """
    ENTRY(_start)
    SECTIONS
    {
      . = 0xffffffff80000000;
      .text : { *(.text) }
      . = ALIGN(4096);
      \(order.map { "\($0) : { *(\($0)) }" }.joined(separator: between + "\n  "))
      _end = .;
      ASSERT(SIZEOF(.d1) == 8, "d1")
    }

    """
  }

  /// Where the image ends as the linker has it.
  private static func end(_ order: [String], _ folder: TemporaryFolder) throws -> UInt64 {
    try folder.write("other.lds", script(order))
    let line =
      "ld -m elf_x86_64 --no-warn-rwx-segments -T other.lds a.o -o image && nm image | sed -n 's/ . _end$//p'"
    let run = try ProgramRun.shell(line, folder: folder.path)
    return try #require(
      UInt64(run.output.trimmingCharacters(in: .whitespacesAndNewlines), radix: 16))
  }

  private static let written = [".d1", ".d2", ".d3", ".bss"]

  private static func folder(_ script: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("a.s", objects)
    try folder.write("a.lds", script)
    try #require(ProgramRun.shell("as --64 a.s -o a.o", folder: folder.path).status == 0)
    return folder
  }

  @Test func aBetterOrderIsThatOfTheLinker() throws {
    let folder = try Self.folder(Self.script(Self.written))
    let run = try ProgramRun.run(
      ["superpages", "--headroom", "a.lds", "a.o", "--format", "json"], folder: folder.path)
    let top = try #require(
      JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let order = try #require(top["order"] as? [String: Any])
    #expect(order["from"] as? Int == 2)
    #expect(order["to"] as? Int == 1)
    let told = try #require((order["runs"] as? [[String: Any]])?.first)
    #expect(told["written"] as? [String] == Self.written)
    #expect(told["line"] as? Int == 7)
    let sections = try #require(told["sections"] as? [String])
    #expect(sections.sorted() == Self.written.sorted())
    let first: UInt64 = 0xffff_ffff_8000_0000
    #expect(try Self.end(Self.written, folder) > first + 0x20_0000)
    #expect(try Self.end(sections, folder) <= first + 0x20_0000)
    let schema = try #require(JSONSchema(Checkout.bytes("Documentation/schemas/superpages.json")))
    #expect(schema.faults(of: Array(run.output.utf8)) == [])
  }

  @Test func inWords() throws {
    let folder = try Self.folder(Self.script(Self.written))
    let run = try ProgramRun.run(["superpages", "--headroom", "a.lds", "a.o"], folder: folder.path)
    #expect(
      run.output.contains(
        """
        2M slots: 2 -> 1 with another order of sections, laid out again
          .d1, .d3, .d2, .bss
            instead of .d1, .d2, .d3, .bss at a.lds:7:3

        """), "\(run.output)")
  }

  /// A symbol between two sections would mean something else in another order, and one slot is as few as there are.
  @Test(
    arguments: [
      script(written, "\n  x = .;"), script([".d1", ".d3", ".d2", ".bss"]),
    ])
  func nothingToTell(_ script: String) throws {
    let folder = try Self.folder(script)
    let run = try ProgramRun.run(["superpages", "--headroom", "a.lds", "a.o"], folder: folder.path)
    #expect(!run.output.contains("another order"), "\(run.output)")
  }
}
