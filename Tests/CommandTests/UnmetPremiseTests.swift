// What `eval` says where an image is none of those that the proofs of `lint` are about.

import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: InstalledLinkers.canLink)) struct UnmetPremiseTests {
  private static let script = """
    SECTIONS {
      . = 0x200000;
      .text : { *(.text) }
      .jcr : { *(.jcr) }
      . = ALIGN(0x1000);
      data = .;
      .data : { *(.data) }
    }
    ASSERT(!(data & 0xfff), "data is on a page")
    ASSERT(ADDR(.data) >= 0x200000, "data is high")

    """

  private func link(
    _ options: String, tables flags: String = "a", more: String = ""
  ) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("k.lds", Self.script)
    try folder.write(
      "k.s",
      """
      .globl _start
      .text
      _start: .space 16
      .section .jcr,"\(flags)"
      .quad 2
      .data
      .quad 1
      \(more)

      """)
    let run = try ProgramRun.shell(
      "as --64 k.s -o k.o && ld -m elf_x86_64 \(options) --noinhibit-exec -T k.lds k.o -o k.elf -Map k.map",
      folder: folder.path)
    #expect(FileManager.default.fileExists(atPath: folder.path("k.elf")), "\(run)")
    return folder
  }

  private func eval(_ words: [String], in folder: TemporaryFolder) throws -> ProgramRun {
    try ProgramRun.run(["eval"] + words, folder: folder.path)
  }

  @Test func imageOfTheScriptAloneMeetsThem() throws {
    let folder = try link("")
    for files in [["k.elf"], ["k.map"], ["k.elf", "k.map"]] {
      let run = try eval(["k.lds"] + files, in: folder)
      #expect(run.status == 0 && !run.output.contains("note:"), "\(files): \(run)")
      let json = try eval(["k.lds", "--format", "json"] + files, in: folder)
      #expect(!json.output.contains("unmetPremises"), "\(json)")
    }
  }

  @Test func anAddressOfTheCommandLine() throws {
    let folder = try link("-Tdata=0x1000")
    let run = try eval(["k.lds", "k.elf"], in: folder)
    #expect(
      run.output.contains(
        "note: what lint proves of 1 ASSERT is not said of k.elf: section '.data'"),
      "\(run)")
    let json = try eval(["k.lds", "k.elf", "--format", "json"], in: folder)
    let document = try #require(
      JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let unmet = try #require(document["unmetPremises"] as? [[String: Any]])
    #expect(unmet.count == 1)
    #expect(unmet.first?["premise"] as? String == "script-alone-places")
    #expect(unmet.first?["assertions"] as? [String] == ["data is on a page"])
    let schema = try #require(JSONSchema(Checkout.bytes("Documentation/schemas/eval.json")))
    #expect(schema.faults(of: Array(json.output.utf8)) == [])
  }

  @Test func aSectionWithoutRoomInMemory() throws {
    let folder = try link("", tables: "")
    let run = try eval(["k.lds", "k.elf"], in: folder)
    #expect(
      run.output.contains(
        "'.jcr' has no room in memory, which the names of its input sections promise"),
      "\(run)")
  }

  @Test func threadLocalZerosOfAnotherName() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "k.lds",
      """
      SECTIONS { . = 0x1000; .x : { *(.own) e = .; } b = .; .data : { *(.data) } }
      ASSERT(b >= e + 0, "nothing in between")

      """)
    try folder.write(
      "k.s",
      ".section .own,\"awT\",@nobits\n.skip 8\n.data\n.globl _start\n_start: .quad 1\n")
    let link = try ProgramRun.shell(
      "as --64 k.s -o k.o && ld -m elf_x86_64 --noinhibit-exec -T k.lds k.o -o k.elf",
      folder: folder.path)
    #expect(link.errors.contains("nothing in between"), "\(link)")
    let run = try eval(["k.lds", "k.elf"], in: folder)
    #expect(run.status == 1, "\(run)")
    #expect(
      run.output.contains(
        "'.x' holds thread-local zeros, and none of its input sections is called"),
      "\(run)")
  }

  @Test func anotherLinker() throws {
    let comment = ".section .comment,\"MS\",@progbits,1\n.string \"Linker: LLD 19.1.7\""
    let folder = try link("", more: comment)
    let run = try eval(["k.lds", "k.elf", "--linker", "bfd@2.40"], in: folder)
    #expect(run.output.contains("ld.lld 19 made it, not GNU ld 2.40"), "\(run)")
    let own = try eval(["k.lds", "k.elf"], in: folder)
    #expect(!own.output.contains("made it"), "\(own)")
  }

  @Test func aSectionThatPassesTheEnd() throws {
    let folder = try link("")
    let map = try String(contentsOfFile: folder.path("k.map"), encoding: .utf8)
    let far = map.replacingOccurrences(
      of: #"(?m)^\.jcr  .*$"#, with: ".jcr            0xfffffffffffffff8       0x10",
      options: .regularExpression)
    #expect(far != map)
    try folder.write("far.map", far)
    let run = try eval(["k.lds", "far.map"], in: folder)
    #expect(run.output.contains("'.jcr' passes the end of the address space"), "\(run)")
  }

  @Test func aScriptOfWhichNothingIsProved() throws {
    let folder = try link("-Tdata=0x1000")
    try folder.write(
      "k.lds", "SECTIONS { .data : { *(.data) } data = .; } ASSERT(data > 1M, \"m\")\n")
    let run = try eval(["k.lds", "k.elf"], in: folder)
    #expect(!run.output.contains("what lint proves"), "\(run)")
  }
}
