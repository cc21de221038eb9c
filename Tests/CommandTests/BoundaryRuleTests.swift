// Layouts of Xen's shape with one thing wrong, linked by the real GNU ld and looked at by `lint`.

import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: ExternalTool.has("ld", "as"), "needs GNU ld and as"))
struct BoundaryRuleTests {
  private static let assembly = """
    .text\n.globl start\nstart: nop
    .section .rodata,"a"\n.zero 64
    .section .init.text,"ax"\n.zero 64
    .data\n.zero 64
    .bss\n.zero 0x3000

    """

  private static let script = """
    SECTIONS
    {
      __image_base__ = 0xffff82d040000000;
      . = 0xffff82d040200000;
      _start = .;
      .text : { *(.text) }
      . = ALIGN(0x200000);
      __2M_text_end = .;
      __2M_rodata_start = .;
      .rodata : { *(.rodata) }
      . = ALIGN(0x200000);
      __2M_rodata_end = .;
      __2M_init_start = .;
      .init.text : { *(.init.text) }
      . = ALIGN(0x200000);
      __2M_init_end = .;
      __2M_rwdata_start = .;
      .data : { *(.data) }
      .bss : { *(.bss) }
      _end = .;
      __2M_rwdata_end = ALIGN(0x200000);
      /DISCARD/ : { *(.note.*) }
    }
    ASSERT(!(_start & 0x1fffff), "_start misaligned")

    """

  /// What `lint` finds in the edited script and its image, notes left out.
  private func findings(
    _ edits: [(old: String, new: String)], options: String = "", files: String = "a.lds a.elf"
  ) throws -> [String] {
    let folder = try TemporaryFolder()
    var script = Self.script
    for edit in edits {
      #expect(script.contains(edit.old))
      script = script.replacingOccurrences(of: edit.old, with: edit.new)
    }
    try folder.write("a.s", Self.assembly)
    try folder.write("a.lds", script)
    let link = try ProgramRun.shell(
      "as --64 a.s -o a.o && ld \(options.isEmpty ? "-m elf_x86_64" : options) -T a.lds a.o -o a.elf -Map=a.map",
      folder: folder.path)
    try #require(link.status == 0, "\(link.errors)")
    let run = try ProgramRun.run(
      ["lint", "-q"] + files.split(separator: " ").map(String.init), folder: folder.path)
    return run.output.split(separator: "\n").map(String.init).filter { !$0.contains(": note: ") }
  }

  @Test func aSoundImageHasNothing() throws {
    #expect(try findings([]).isEmpty)
    #expect(try findings([], options: "-m elf_x86_64 -N").isEmpty, "ld -N is no error")
  }

  @Test func dataInMemoryThatIsFreed() throws {
    let found = try findings([
      ("  .data : { *(.data) }\n", ""),
      (
        "  . = ALIGN(0x200000);\n  __2M_init_end",
        "  .data : { *(.data) }\n  . = ALIGN(0x200000);\n  __2M_init_end"
      ),
    ])
    #expect(found.count == 1 && found[0].contains("'.data' lies in region init rwx"), "\(found)")
  }

  @Test func sectionsBehindTheEnd() throws {
    let found = try findings([
      ("  _end = .;\n", ""), ("  .bss :", "  _end = .;\n  .bss :"),
    ])
    #expect(found.count == 1 && found[0].contains("lies behind the end of the image"), "\(found)")
  }

  @Test func aSectionPartlyInNoRegion() throws {
    let found = try findings([
      ("__2M_rwdata_end = ALIGN(0x200000);", "__2M_rwdata_end = __2M_rwdata_start + 0x1000;")
    ])
    #expect(found.contains { $0.contains("'.bss' lies in no region from") }, "\(found)")
  }

  @Test func oneOrphanIsOneFinding() throws {
    let found = try findings([("  .rodata : { *(.rodata) }\n", "")])
    #expect(found.count { $0.contains("'.rodata'") } == 1, "\(found)")
  }

  /// GNU ld leaves out of a PE image what its symbol table cannot hold.
  @Test func aBoundaryThatAPEImageLost() throws {
    let pe =
      "-m i386pep --subsystem=10 --image-base=0xffff82d040000000 --section-alignment=0x200000 --file-alignment=0x20 -e start"
    let edits = [
      ("SECTIONS\n", "OUTPUT_FORMAT(pei-x86-64)\nSECTIONS\n"),
      ("  __image_base__ = 0xffff82d040000000;\n", ""),
      (". = 0xffff82d040200000;", ". = __image_base__ + 0x200000;"),
      ("__2M_rodata_start = .;", "__2M_rodata_start = __2M_text_end;"),
    ]
    for files in ["a.lds a.elf", "a.lds a.elf a.map"] {
      #expect(try findings(edits, options: pe, files: files).isEmpty, "\(files)")
    }
  }

  @Test func theSeedOfAllAlignmentIsAskedFor() throws {
    let start = "ASSERT(!(_start & 0x1fffff), \"_start misaligned\")\n"
    let found = try findings([(start, "")])
    #expect(found.count == 1 && found[0].contains("no ASSERT holds '_start'"), "\(found)")
  }
}
