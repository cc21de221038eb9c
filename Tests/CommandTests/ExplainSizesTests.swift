// What `explain` says of bounds, contents and masks, of links that ld itself refuses.

import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: InstalledLinkers.canLink, "needs GNU ld and as"))
struct ExplainSizesTests {
  /// Two objects linked with `assertions`, which GNU ld finds false; the image is made all the same.
  private func link(_ assertions: String, sections: String = "") throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.s",
      """
      .globl _start, table
      .text
      _start: .skip 0x51
      .data
      .quad 0
      .section .big,"aw"
      .skip 0x3000
      table: .quad 0
      .section .off,"aw"
      .skip 0x10
      .globl inner
      inner: .quad 0

      """)
    try folder.write("b.s", ".skip 0x30\n.section .big,\"aw\"\n.skip 0x100\n")
    try folder.write(
      "t.lds",
      """
      SECTIONS {
        . = 0x1000;
        .text : { *(.text) }
        .data : { *(.data .big) }
        .off 0x8000 : { *(.off) }
      \(sections)\(assertions)
      }

      """)
    let run = try ProgramRun.shell(
      "as a.s -o a.o && as b.s -o b.o && ! ld -T t.lds a.o b.o -o t.elf && "
        + "ld --noinhibit-exec -T t.lds a.o b.o -o t.elf -Map=t.map", folder: folder.path)
    #expect(run.errors.contains("too bad"), "\(run.errors)")
    return folder
  }

  private func explain(_ evidence: String, in folder: TemporaryFolder) throws -> [String] {
    let run = try ProgramRun.run(["explain", "t.lds", evidence], folder: folder.path)
    #expect(run.status == 1, "\(run.errors)")
    return run.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// Condition, the cause that the map tells, and the cause that the image tells.
  static let causes = [
    (
      "SIZEOF(.data) <= 0x1000",
      "0x2110 (8.2 KiB) too much: 0x3110 (12.2 KiB) in SIZEOF(.data), of which 0x3008 (12 KiB) are "
        + ".big of a.o",
      "0x2110 (8.2 KiB) too much: 0x3110 (12.2 KiB) in SIZEOF(.data), all in .data; a GNU ld map would "
        + "tell which input sections"
    ),
    (
      "SIZEOF(.text) == 0",
      ".text has 0x81 (129 bytes): 0x51 (81 bytes) from .text of a.o and 1 more",
      ".text has 0x81 (129 bytes); a GNU ld map would tell which input sections"
    ),
    (
      "SIZEOF(.text) == 0x10", "SIZEOF(.text) is 0x81, 0x71 (113 bytes) more than 0x10",
      "SIZEOF(.text) is 0x81, 0x71 (113 bytes) more than 0x10"
    ),
    (
      "0x90 == SIZEOF(.text)", "SIZEOF(.text) is 0x81, 0xf (15 bytes) less than 0x90",
      "SIZEOF(.text) is 0x81, 0xf (15 bytes) less than 0x90"
    ),
    (
      "!(inner & 0x30)", "inner is 0x8010: the bits 0x10 are set",
      "inner is 0x8010: the bits 0x10 are set"
    ),
  ]

  @Test(arguments: causes)
  func causeIsNamed(_ condition: String, _ ofMap: String, _ ofImage: String) throws {
    let folder = try link("  ASSERT(\(condition), \"too bad\")")
    let fromMap = try explain("t.map", in: folder)
    #expect(fromMap.contains("cause: " + ofMap), "\(fromMap)")
    let fromImage = try explain("t.elf", in: folder)
    #expect(fromImage.contains("cause: " + ofImage), "\(fromImage)")
  }

  @Test func linkerMadeSectionsAreExplained() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.s", ".globl _start\n_start: jmp f@PLT\nmov g@GOTPCREL(%rip), %rax\n.data\n.quad f\n")
    try folder.write(
      "t.lds",
      """
      SECTIONS {
        .text : { *(.text) } .data : { *(.data) } .got : { *(.got) } .got.plt : { *(.got.plt) }
        .plt : { *(.plt) } .rela.dyn : { *(.rela.dyn .rela.data) } .rela.plt : { *(.rela.plt) }
        ASSERT(SIZEOF(.got) == 0, "too bad") ASSERT(SIZEOF(.plt) == 0, "too bad")
        ASSERT(!SIZEOF(.rela.dyn), "too bad") ASSERT(!SIZEOF(.rela.plt), "too bad")
      }

      """)
    let link = try ProgramRun.shell(
      "as a.s -o a.o && ld --noinhibit-exec -shared -T t.lds a.o -o t.elf -Map=t.map",
      folder: folder.path)
    #expect(link.errors.components(separatedBy: "too bad").count == 5, "\(link.errors)")
    let text = try explain("t.map", in: folder).joined(separator: "\n")
    #expect(text.contains("E \"^File|GOT\"'"), "\(text)")
    #expect(text.contains("E \"^File|PLT\"'"), "\(text)")
    #expect(
      text.components(separatedBy: "the linker leaves relocations here").count == 3, "\(text)")
  }

  /// Symbol, its statement, and what the map tells of where it stands.
  static let places = [
    (
      "a_end", "a_end = ABSOLUTE(.);",
      "nothing aligns '.' to 4K between the end of .off and 'a_end'"
    ),
    ("a_end", ". = 0x9010; a_end = .;", "this statement puts 'a_end' where it is"),
    (
      "a_end", ". = ALIGN(., 16); a_end = .;", "the last ALIGN before 'a_end' is to 0x10"
    ),
    (
      "a_end", "a_end = .; .none : { *(.none) x = .; } . = ALIGN(0x1000);",
      "'a_end' is set before '. = ALIGN(0x1000)', which comes too late for it"
    ),
    (
      "a_end", ".none : { *(.none) x = .; } a_end = .;",
      "nothing aligns '.' to 4K between the end of .off and 'a_end'"
    ),
    (
      "a_end", "other = .; a_end = other;",
      "nothing aligns '.' to 4K between the end of .off and 'a_end'"
    ),
    ("a_end", "a_end = . + 1;", "'a_end' is computed here"),
    (
      "inner", "",
      "'inner' is not at the start of its section: align it there, in the object's source (.balign 4096)"
    ),
    (
      "table", "",
      "align the section in the object's source (.balign 4096, or __attribute__((aligned(4096)))), "
        + "or give it an output section or ALIGN of its own"
    ),
  ]

  @Test(arguments: places)
  func placeIsExplained(_ symbol: String, _ statement: String, _ cause: String) throws {
    let folder = try link(
      "  ASSERT(!(\(symbol) & 0xfff), \"too bad\")", sections: "  \(statement)\n")
    let lines = try explain("t.map", in: folder)
    #expect(lines.contains { $0.contains(cause) }, "\(lines.joined(separator: "\n"))")
  }
}
