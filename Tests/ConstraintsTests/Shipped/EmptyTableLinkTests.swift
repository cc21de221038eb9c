// What linkers make of a table that nothing is registered in, and what the rules on raw images say of it.

import LdsParser
import TestSupport
import Testing

@testable import Constraints

@Suite struct EmptyTableLinkTests {
  private static let linkers = [LinkerDialect.Family.bfd, .lld].filter {
    InstalledLinkers.of($0) != nil
  }

  private static let object = """
     .globl _start
     .text
    _start: .fill 0x100,1,0x90
     .section .list,"a"
     .fill 0x2c,1,7
     .bss
     .space 16
    """

  /// The table is last; what pads is the table or, in the fixed twin, the list in front of it.
  private static func script(pads table: Bool) -> String {
    """
    SECTIONS {
      . = 0;
      .text : { *(.text*) }
      .list : { KEEP(*(.list)) \(table ? "" : ". = ALIGN(8);") }
      . = ALIGN(4);
      .table : { first = .; KEEP(*(.table)) last = .; \(table ? ". = ALIGN(8);" : "") }
      _image_binary_end = .;
      .bss 0x8000 : { *(.bss*) }
    }
    """
  }

  private func link(_ dialect: LinkerDialect.Family, _ script: String) throws -> Image? {
    let folder = try TemporaryFolder()
    try folder.write("o.s", Self.object)
    try folder.write("s.ld", script)
    let linker = try #require(InstalledLinkers.of(dialect))
    guard let assembler = ExternalTool.path("as"),
      try ProgramRun.tool(assembler, ["--32", "o.s", "-o", "o.o"], folder: folder.path).status == 0
    else { return nil }
    let run = try ProgramRun.tool(
      linker.path, ["-m", "elf_i386", "-T", "s.ld", "o.o", "-o", "a.elf"], folder: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    return try ImageReader.read(try folder.buffer("a.elf"))
  }

  private func messages(
    _ script: String, _ images: [Image], linkers: [LinkerDialect]
  ) -> [String] {
    let parsed = ScriptParser.parse(SourceBuffer(name: "s.ld", text: script))
    let context = RuleContext(
      script: parsed, images: images.map { PlannedImage($0, plan: nil) }, linkers: linkers)
    return (RawImageEnd().check(context) + RawImagePadding().check(context)).map(\.message)
  }

  @Test(.enabled(if: !linkers.isEmpty), arguments: linkers)
  func onlyGNULeavesItOut(_ dialect: LinkerDialect.Family) throws {
    guard let image = try link(dialect, Self.script(pads: true)) else { return }
    let index = try #require(image.section(named: Array(".table".utf8)))
    #expect(image.outputSections[index].size == 4)
    #expect(image.outputSections[index].isShipped == (dialect == .lld))
    let said = messages(Self.script(pads: true), [image], linkers: [LinkerDialect(dialect)])
    #expect(said.count == (dialect == .bfd ? 2 : 0), "\(said)")
    if dialect == .bfd {
      #expect(said[0].contains("is 0x130, but") && said[0].contains("ends at 0x12c"))
    }
  }

  @Test(.enabled(if: !linkers.isEmpty), arguments: linkers)
  func theFixedTwinIsSilent(_ dialect: LinkerDialect.Family) throws {
    guard let image = try link(dialect, Self.script(pads: false)) else { return }
    #expect(messages(Self.script(pads: false), [image], linkers: [LinkerDialect(dialect)]) == [])
    #expect(messages(Self.script(pads: false), [], linkers: [LinkerDialect(dialect)]) == [])
  }
}
