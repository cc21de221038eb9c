// `layout`, and objects as evidence of the other commands, beside the real linker.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite(
  .enabled(if: InstalledLinkers.canLink && InstalledLinkers.bfd?.version == LinkerVersion(2, 40)))
struct LayoutCommandTests {
  private static let script = """
    MEMORY { ROM (rx) : ORIGIN = 0x8000, LENGTH = 4K
             RAM (rw) : ORIGIN = 0x20000, LENGTH = 256 }
    SECTIONS {
      .text : { *(.text) } >ROM
      .data : { *(.data) } >RAM AT>ROM
      .bss : { *(.bss COMMON) } >RAM
      _end = .;
    }
    ASSERT(_end <= 0x20050, "too large")
    ASSERT(SIZEOF(.text) == 16, "code")

    """

  /// A folder with two objects, the script `S` and the linked image `o`.
  private static func folder(bss: Int = 32) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("a.s", ".text\n.globl t\nt: .skip 16\n.data\n.globl d\nd: .skip 6\n")
    try folder.write("b.s", ".bss\n.balign 16\n.globl b\nb: .skip \(bss)\n.comm c,4,4\n")
    try folder.write("S", script)
    let line =
      "as --64 a.s -o a.o && as --64 b.s -o b.o && ld -m elf_x86_64 --noinhibit-exec -T S a.o b.o -o o"
    try #require(ProgramRun.shell(line, folder: folder.path).status == 0)
    return folder
  }

  @Test func isThatOfTheImage() throws {
    let folder = try Self.folder()
    let run = try ProgramRun.run(["layout", "S", "a.o", "b.o", "--diff", "o"], folder: folder.path)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    #expect(run.output.hasPrefix("equal: 3 of 3 sections, 5 of 5 symbols\n"))
    let table = try ProgramRun.run(["layout", "S", "a.o", "b.o"], folder: folder.path)
    #expect(table.output.contains(".data    0x20000        0x8010   0x6"))
  }

  @Test func differencesAreNamed() throws {
    let folder = try Self.folder()
    try folder.write("b.s", ".bss\n.balign 16\n.globl b\nb: .skip 48\n.comm c,4,4\n")
    _ = try ProgramRun.shell("as --64 b.s -o b.o", folder: folder.path)
    let run = try ProgramRun.run(["layout", "S", "a.o", "b.o", "--diff", "o"], folder: folder.path)
    #expect(run.status == 1)
    #expect(run.output.contains("differs: size of section .bss: 0x34, in the image 0x24\n"))
    #expect(run.output.contains("differs: value of symbol _end: 0x20044, in the image 0x20034\n"))
  }

  /// The linker's own command line, or a record of it.
  @Test func aCommandLine() throws {
    let folder = try Self.folder()
    let words = ["ld", "-m", "elf_x86_64", "-T", "S", "a.o", "b.o", "-o", "o"]
    let run = try ProgramRun.run(["layout", "--diff", "o", "--"] + words, folder: folder.path)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    try folder.write("link", words.joined(separator: " ") + "\n")
    let recorded = try ProgramRun.run(
      ["layout", "--diff", "o", "--link-command", "link"], folder: folder.path)
    #expect(recorded.status == 0)
    #expect(recorded.output == run.output)
  }

  @Test func json() throws {
    let folder = try Self.folder(bss: 64)
    let run = try ProgramRun.run(
      ["layout", "--format", "json", "S", "a.o", "b.o"], folder: folder.path)
    #expect(run.status == 1)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(object["exact"] as? Bool == true)
    #expect(object["linker"] as? String == "bfd@2.40")
    #expect(object["refused"] is NSNull)
    let sections = try #require(object["sections"] as? [[String: Any]])
    #expect(sections.map { $0["name"] as? String } == [".text", ".data", ".bss"])
    #expect(sections[1]["lma"] as? String == "0x8010")
    let assertions = try #require(object["assertions"] as? [[String: Any]])
    #expect(assertions.map { $0["verdict"] as? String } == ["fails", "holds"])
    #expect(assertions[0]["line"] as? Int == 9)
  }

  /// The map is one that the reader of maps reads.
  @Test func map() throws {
    let folder = try Self.folder()
    let run = try ProgramRun.run(
      ["layout", "--format", "map", "-o", "m", "S", "a.o", "b.o"], folder: folder.path)
    #expect(run.status == 0)
    let values: (String) throws -> [String: String] = { file in
      let json = try ProgramRun.run(["symbols", "--format", "json", file], folder: folder.path)
      let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      let rows = object?["symbols"] as? [[String: Any]] ?? []
      return Dictionary(
        rows.compactMap { row in
          (row["name"] as? String).map { ($0, row["value"] as? String ?? "") }
        },
        uniquingKeysWith: { one, _ in one })
    }
    let own = try values("m")
    // A map of GNU ld shows absolute symbols on the lines of their assignments only.
    #expect(own.count == 4)
    #expect(try values("o").filter { $0.key != "_end" } == own)
  }

  /// What more code changes, and how much more there may be: real links with that much agree.
  @Test func growth() throws {
    let folder = try Self.folder()
    let rooms = try ProgramRun.run(["what-if", "S", "a.o", "b.o"], folder: folder.path)
    #expect(rooms.status == 0, "\(rooms.errors)")
    #expect(rooms.output.contains(".bss may grow by 28 bytes; with one more a verdict changes\n"))
    let fits: (Int) throws -> Bool = { bytes in
      try folder.write("c.s", ".bss\n.skip \(bytes)\n")
      let line = "as --64 c.s -o c.o && ld -m elf_x86_64 -T S a.o b.o c.o -o grown"
      return try ProgramRun.shell(line, folder: folder.path).status == 0
    }
    #expect(try fits(28))
    #expect(try !fits(29))
    let more = try ProgramRun.run(
      ["what-if", "--grow", ".bss=1K", "S", "a.o", "b.o"], folder: folder.path)
    #expect(more.status == 1)
    #expect(more.output.contains("region `RAM' overflowed"))
    let some = try ProgramRun.run(
      ["what-if", "--grow", ".bss=29", "--format", "json", "S", "a.o", "b.o"], folder: folder.path)
    #expect(some.status == 1)
    #expect(some.output.contains("\"from\": \"holds\", \"to\": \"fails\""))
    try folder.write("T", Self.script.replacing("*(.data)", with: "*(.data) . = . + 8;"))
    let other = try ProgramRun.run(
      ["what-if", "--with", "T", "S", "a.o", "b.o"], folder: folder.path)
    #expect(other.status == 0, "\(other.errors)")
    #expect(other.output.contains("section .data: size 0x6 -> 0xe\n"))
    #expect(
      try ProgramRun.run(["what-if", "--grow", "x", "S", "a.o"], folder: folder.path).status == 2)
  }

  @Test func refusal() throws {
    let folder = try Self.folder()
    let run = try ProgramRun.run(
      ["layout", "--format", "json", "--", "ld", "-pie", "-T", "S", "a.o"], folder: folder.path)
    #expect(run.status == 2)
    #expect(run.output.contains("\"exact\": false"))
    #expect(run.output.contains("dynamic sections"))
    #expect(run.errors.contains("refused: -shared and -pie"))
    #expect(try ProgramRun.run(["layout"]).status == 2)
    let noScript = try ProgramRun.run(["layout", "--", "ld", "a.o"], folder: folder.path)
    #expect(noScript.status == 2)
    let full = try Self.folder(bss: 200)
    try full.write("S", Self.script.replacing("LENGTH = 256", with: "LENGTH = 64"))
    let stop = try ProgramRun.run(["layout", "S", "a.o", "b.o"], folder: full.path)
    #expect(stop.status == 1)
    #expect(stop.output.contains("region `RAM' overflowed by 156 bytes"))
  }

  /// ASSERTs judged from objects come out as from the image.
  @Test(arguments: [32, 64])
  func evidence(_ bss: Int) throws {
    let folder = try Self.folder(bss: bss)
    let judged = try ProgramRun.run(["eval", "S", "o"], folder: folder.path)
    let before = try ProgramRun.run(["eval", "S", "a.o", "b.o"], folder: folder.path)
    #expect(before.status == judged.status, "\(before.output)\(before.errors)")
    #expect(before.output.replacing("a.out", with: "o") == judged.output)
    let explained = try ProgramRun.run(["explain", "S", "a.o", "b.o"], folder: folder.path)
    #expect(explained.status == judged.status)
    #expect(bss == 32 || explained.output.contains(".bss of b.o"))
    let real = try ProgramRun.run(["memory", "S", "o"], folder: folder.path)
    let own = try ProgramRun.run(["memory", "S", "a.o", "b.o"], folder: folder.path)
    let used: (String) -> [Substring] = { text in
      text.split(separator: "\n").filter { $0.contains("ROM") || $0.contains("RAM") }.prefix(2)
        .map { $0 }
    }
    #expect(used(own.output) == used(real.output))
    #expect(own.output.contains("b.o"))
  }

  /// Objects that are named count with the options of the recorded command, and archives among them as the linker takes
  /// them.
  @Test func optionsAndArchives() throws {
    let folder = try Self.folder()
    _ = try ProgramRun.shell("ar rcs lib.a b.o", folder: folder.path)
    try folder.write(
      "T",
      "SECTIONS { . = 0x1000; .text : { *(.text) } .data : { *(.data) } }\nASSERT(ADDR(.data) == 0x8000, \"m\")\n"
    )
    try folder.write("link.cmd", "ld -T T --section-start=.data=0x8000 a.o b.o -o none\n")
    let plain = try ProgramRun.run(["eval", "T", "a.o", "b.o"], folder: folder.path)
    #expect(plain.status == 1, "\(plain.output)\(plain.errors)")
    for words in [
      ["--link-command", "link.cmd", "a.o", "b.o"], ["--link-command", "link.cmd", "a.o", "lib.a"],
      ["--section-start", ".data=0x8000", "a.o", "lib.a"],
    ] {
      let run = try ProgramRun.run(["eval", "T"] + words, folder: folder.path)
      #expect(run.status == 0, "\(words): \(run.output)\(run.errors)")
    }
    let beside = try ProgramRun.run(["eval", "S", "o", "lib.a"], folder: folder.path)
    #expect(beside.status == 2)
    #expect(beside.errors.contains("an archive holds many objects"))
  }

  @Test func refusedEvidence() throws {
    let folder = try Self.folder()
    try folder.write("c.s", ".text\npushq t@GOTPCREL(%rip)\n")
    _ = try ProgramRun.shell("as --64 c.s -o c.o", folder: folder.path)
    let run = try ProgramRun.run(["eval", "S", "a.o", "b.o", "c.o"], folder: folder.path)
    #expect(run.status == 2)
    #expect(run.errors.contains("cannot be laid out"))
  }
}
