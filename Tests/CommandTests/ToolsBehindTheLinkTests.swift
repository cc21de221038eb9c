// Images that options of the linker or tools behind the link made other than the script has them, with the script and
// the map of the link beside them: it is told, and nothing is claimed that the image contradicts.

import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: InstalledLinkers.canLink && ExternalTool.path("objcopy") != nil))
struct ToolsBehindTheLinkTests {
  private static let script = """
    SECTIONS {
      . = 0x200000;
      .text : { *(.text) }
      .data : AT(0x600000) { *(.data) }
      data_end = .;
    }
    ASSERT(ADDR(.data) >= 0x200000, "data is high")
    ASSERT(LOADADDR(.data) == 0x600000, "data is loaded high")
    """

  private func link(_ options: String = "", then tool: String = ":") throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("k.lds", Self.script)
    try folder.write(
      "k.s",
      ".globl _start, d\n.text\n_start: .space 16\n.data\nd: .quad 1\n"
        + ".section .aux,\"a\"\n.quad 2\n")
    let run = try ProgramRun.shell(
      "as k.s -o k.o && { ld \(options) --noinhibit-exec -T k.lds k.o -o k.elf -Map k.map; \(tool); }",
      folder: folder.path)
    #expect(FileManager.default.fileExists(atPath: folder.path("k.elf")), "\(run)")
    return folder
  }

  @Test(arguments: [
    ("objcopy -R .aux k.elf", "'.aux' is in k.map and not in k.elf"),
    (
      "objcopy --add-section .more=k.s --set-section-flags .more=alloc,readonly,load k.elf",
      "'.more' is in k.elf and not in k.map"
    ),
  ])
  func changeOfTheImageIsTold(_ tool: String, _ words: String) throws {
    let folder = try link(then: tool)
    let eval = try ProgramRun.run(["eval", "k.lds", "k.elf", "k.map"], folder: folder.path)
    #expect(eval.output.contains("contradict each other") && eval.output.contains(words), "\(eval)")
    // No verdict that the linker did not give: both hold.
    #expect(!eval.output.contains("fails "), "\(eval)")
    let lint = try ProgramRun.run(["lint", "k.lds", "k.elf", "k.map"], folder: folder.path)
    #expect(lint.output.contains("contradict each other"), "\(lint)")
  }

  /// Where the script does not say it, the image's load address is not taken against the map's word on the condition.
  @Test func otherLoadAddressLeavesTheVerdictOpen() throws {
    let folder = try link()
    try folder.write(
      "l.lds",
      """
      MEMORY { CODE : ORIGIN = 0x400000, LENGTH = 64K ROM : ORIGIN = 0x8000, LENGTH = 64K }
      SECTIONS { .text : { *(.text) } >CODE .data : { *(.data) } >CODE AT>ROM }
      ASSERT(LOADADDR(.data) == 0x8000, "data is copied")
      """)
    _ = try ProgramRun.shell(
      "ld -T l.lds k.o -o l.elf -Map l.map; objcopy --change-section-lma .data=0x9000 l.elf",
      folder: folder.path)
    let alone = try ProgramRun.run(["eval", "l.lds", "l.elf"], folder: folder.path)
    #expect(alone.status == 1, "\(alone)")
    let both = try ProgramRun.run(["eval", "l.lds", "l.elf", "l.map"], folder: folder.path)
    #expect(both.status == 0 && both.output.contains("1 undecided"), "\(both)")
    #expect(both.output.contains("contradict each other"), "\(both)")
  }

  /// BFD takes every symbol of a section with thread-local contents for one of those.
  @Test(arguments: [":", "strip -g k.elf", "objcopy k.elf k.elf"])
  func otherSymbolsOfThreadLocalSectionsStayAddresses(_ tool: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "k.lds",
      """
      SECTIONS { . = 0x400000; .text : { *(.text) } .mixed 0x600000 : { *(.tdata) *(.other) } }
      ASSERT(other == 0x600010, "m")
      ASSERT(other != 0x600010, "n")
      """)
    try folder.write(
      "k.s",
      ".globl _start, other, own\n_start: .quad 1\n.section .tdata,\"awT\"\n.type own,@object\nown: .quad 1, 2\n"
        + ".section .other,\"aw\"\nother: .quad 9\n")
    _ = try ProgramRun.shell(
      "as k.s -o k.o && { ld --noinhibit-exec -T k.lds k.o -o k.elf; \(tool); }",
      folder: folder.path)
    let run = try ProgramRun.run(["eval", "k.lds", "k.elf"], folder: folder.path)
    #expect(
      !run.output.contains("fails      k.lds:2:") && !run.output.contains("holds      k.lds:3:"),
      "\(run)")
    #expect(run.output.contains("0x600010"), "\(run)")
  }

  /// A section without bytes lies in two segments by its address: strip begins one of them with it.
  @Test(arguments: [":", "strip k.elf", "strip -g k.elf", "objcopy k.elf k.elf"])
  func rewrittenSegmentsTellNoLoadAddress(_ tool: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "k.lds",
      """
      MEMORY { ROM (rx) : ORIGIN = 0x800000, LENGTH = 64K RAM (rw!x) : ORIGIN = 0x900000, LENGTH = 64K }
      SECTIONS {
        .text : { *(.text) } >ROM
        .ini : { *(.ini) } >RAM
        .zd : { *(.zd) } >RAM AT>ROM
        .copied : { *(.copied) } >RAM AT>ROM
        .more : { LONG(1) } >ROM
        .zero : { *(.zero) }
      }
      ASSERT(LOADADDR(.zero) == ADDR(.zero), "m")
      ASSERT(LOADADDR(.zero) != ADDR(.zero), "n")
      ASSERT(LOADADDR(.copied) < ADDR(.ini), "c")
      """)
    try folder.write(
      "k.s",
      ".globl _start\n_start: .quad 1, 2\n.section .ini,\"aw\"\n.quad 1, 2, 3\n"
        + ".section .zd,\"aw\",@nobits\n.space 6\n.section .copied,\"aw\"\n.quad 9\n"
        + ".section .zero,\"aw\",@nobits\n.space 32\n")
    _ = try ProgramRun.shell(
      "as k.s -o k.o && { ld --noinhibit-exec -T k.lds k.o -o k.elf; \(tool); }",
      folder: folder.path)
    let run = try ProgramRun.run(["eval", "k.lds", "k.elf"], folder: folder.path)
    #expect(run.output.contains("LOADADDR(.zero)"), "\(run)")
    #expect(
      !run.output.contains("fails      k.lds:10:") && !run.output.contains("holds      k.lds:11:"),
      "\(run)")
  }

  @Test(arguments: ["", "strip -g k.elf", "strip -s k.elf", "objcopy -O elf64-x86-64 k.elf"])
  func whatLeavesTheMemoryAloneIsNoContradiction(_ tool: String) throws {
    let folder = try link(then: tool.isEmpty ? ":" : tool)
    let eval = try ProgramRun.run(["eval", "k.lds", "k.elf", "k.map"], folder: folder.path)
    #expect(eval.status == 0 && !eval.output.contains("contradict"), "\(eval)")
  }

  @Test(arguments: ["k.elf", "k.map"])
  func proofIsNotToldAgainstTheImage(_ image: String) throws {
    let folder = try link("-Tdata=0x1000")
    let eval = try ProgramRun.run(["eval", "k.lds", image], folder: folder.path)
    // The map is the linker's word; the image may have been changed by a tool.
    let isMap = image == "k.map"
    #expect(eval.status == (isMap ? 1 : 0) && eval.output.contains("data is high"), "\(eval)")
    #expect(isMap || eval.output.contains("is not where the script puts it"), "\(eval)")
    let alone = try ProgramRun.run(["lint", "--format", "json", "k.lds"], folder: folder.path)
    #expect(alone.output.contains("\"always-holds\""), "\(alone)")
    let lint = try ProgramRun.run(
      ["lint", "--format", "json", "k.lds", image], folder: folder.path)
    struct Report: Decodable {
      struct Proof: Decodable {
        var message: String
        var verdict: String
        var because: [String]
      }
      var proofs: [Proof]
    }
    let report = try JSONDecoder().decode(Report.self, from: Data(lint.output.utf8))
    let proof = try #require(report.proofs.first { $0.message == "data is high" })
    #expect(proof.verdict == "depends")
    #expect(proof.because.contains { $0.contains("-Tdata=") && $0.contains(image) })
  }

  @Test func constraintsAreExplained() throws {
    let folder = try link()
    try folder.write(
      ".lds-check.json",
      """
      {"constraints": [{"name": "flash", "expression": "SIZEOF(.text) <= 8", "why": "8 bytes of ROM"},
                       {"name": "start", "expression": "_start == 0x200000"}]}
      """)
    for files in [["k.lds", "k.map"], ["k.lds", "k.elf"]] {
      let run = try ProgramRun.run(["explain"] + files, folder: folder.path)
      #expect(run.status == 1)
      for words in ["flash", "0x10", "8 bytes of ROM"] {
        #expect(run.output.contains(words), "\(run)")
      }
      #expect(!run.output.contains("start:"), "\(run)")
    }
    let pages = try ProgramRun.run(
      ["superpages", "k.elf", "--config", ".lds-check.json"], folder: folder.path)
    #expect(pages.status == 1 && pages.output.contains("flash"), "\(pages)")
  }

  @Test func olderImageOfAnotherScriptIsJudgedByItsOwnSymbols() throws {
    let folder = try link()
    try folder.write(
      "new.lds", Self.script + "ASSERT((data_end & 0xff) == 0, \"data_end is rounded\")\n")
    try folder.write(
      "old.lds",
      Self.script.replacingOccurrences(of: "data_end = .;", with: "data_end = ALIGN(0x100);")
        + "ASSERT((data_end & 0xff) == 0, \"data_end is rounded\")\n")
    _ = try ProgramRun.shell(
      "ld -T old.lds k.o -o old.elf && ld --noinhibit-exec -T new.lds k.o -o new.elf -Map new.map",
      folder: folder.path)
    let run = try ProgramRun.run(
      ["explain", "new.lds", "new.map", "--against", "old.elf"], folder: folder.path)
    #expect(run.output.contains("old.elf was made by another script"), "\(run)")
    #expect(run.output.contains("it held there"), "\(run)")
    #expect(!run.output.contains("it failed there"), "\(run)")
  }
}
