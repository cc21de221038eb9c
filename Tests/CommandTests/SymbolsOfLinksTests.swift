// `lds-check symbols` of a link's own files: segments as readelf has them, regions as the script.

import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: InstalledLinkers.canLink, "needs GNU ld and as"))
struct SymbolsOfLinksTests {
  private func link() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("a.s", ".globl _start\n_start: .skip 0x50\n.data\n.quad 0\n.bss\n.skip 0x20\n")
    try folder.write(
      "t.lds",
      """
      MEMORY { ROM (rx) : ORIGIN = 0x1000, LENGTH = 4K RAM (rw!x) : ORIGIN = 0x20000, LENGTH = 1M }
      SECTIONS {
        .text : { *(.text) } > ROM
        .data : { *(.data) } > RAM AT> ROM
        .bss (NOLOAD) : { *(.bss) } > RAM
      }

      """)
    let run = try ProgramRun.shell(
      "as a.s -o a.o && ld -T t.lds a.o -o t.elf -Map=t.map", folder: folder.path)
    try #require(run.status == 0, "\(run.errors)")
    return folder
  }

  private func json(_ name: String, _ folder: TemporaryFolder) throws -> [String: Any] {
    let run = try ProgramRun.run(["symbols", "--format", "json", name], folder: folder.path)
    #expect(run.status == 0)
    return try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  @Test(.enabled(if: ExternalTool.path("readelf") != nil, "needs readelf"))
  func segmentsAreThoseOfReadelf() throws {
    let folder = try link()
    let segments = try #require(try json("t.elf", folder)["segments"] as? [[String: Any]])
    let keys = ["fileOffset", "vma", "lma", "fileSize", "memorySize"]
    let ours = segments.map { row in
      ([row["type"] as? String ?? "?"]
        + keys.map { String(Int((row[$0] as? String ?? "").dropFirst(2), radix: 16) ?? -1) })
        .joined(separator: " ")
    }
    let listed = try ProgramRun.shell("readelf -lW t.elf", folder: folder.path).output
    let theirs = listed.split(separator: "\n").compactMap { line -> String? in
      let words = line.split(separator: " ").map(String.init)
      guard words.count > 6, words[1].hasPrefix("0x") else { return nil }
      return
        ([words[0]]
        + words[1...5].map { String(Int($0.dropFirst(2), radix: 16) ?? -2) })
        .joined(separator: " ")
    }
    #expect(!theirs.isEmpty)
    #expect(ours == theirs)
  }

  @Test func regionsAreThoseOfTheScript() throws {
    let folder = try link()
    let regions = try #require(try json("t.map", folder)["regions"] as? [[String: Any]])
    let named = regions.filter { $0["name"] as? String != "*default*" }
    #expect(named.map { $0["name"] as? String } == ["ROM", "RAM"])
    #expect(named.map { $0["origin"] as? String } == ["0x1000", "0x20000"])
    #expect(named.map { $0["length"] as? String } == ["0x1000", "0x100000"])
    let text = try ProgramRun.run(["symbols", "t.map"], folder: folder.path).output
    let rows = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(
      rows.contains(["RAM", "0x0000000000020000", "0x100000", "rw!x"])
        || rows.contains(["RAM", "0x0000000000020000", "0x100000", "rw", "!x"]), "\(text)")
  }

  @Test func scriptsAndImagesAloneAreAnsweredToo() throws {
    let folder = try link()
    try folder.write("a.lds", "a = 4; ASSERT(a == 4, \"four\") ASSERT(_start == 1, \"start\")\n")
    let alone = try ProgramRun.run(["eval", "a.lds"], folder: folder.path)
    #expect(alone.output.contains("holds      a.lds:1:8   four"))
    #expect(alone.output.contains("undecided  a.lds:1:31  start"), "\(alone.output)")
    let image = try ProgramRun.run(["eval", "t.elf"], folder: folder.path)
    #expect(image.status == 2)
    #expect(image.errors.contains("t.elf: no ASSERT to judge without a linker script"))
  }

  @Test func theOldestLinkerIsAsked() throws {
    let folder = try link()
    try folder.write("new.lds", "SECTIONS { .r (READONLY) : { *(.rodata) } }\n")
    let old = try ProgramRun.run(["lint", "--ld-version", "2.35", "new.lds"], folder: folder.path)
    #expect(old.output.contains("[newer-command]"), "\(old.output)")
    let new = try ProgramRun.run(["lint", "--ld-version", "2.40", "new.lds"], folder: folder.path)
    #expect(!new.output.contains("[newer-command]"), "\(new.output)")
    for version in ["two", "2", "2.x", "-1.2"] {
      let run = try ProgramRun.run(
        ["lint", "--ld-version=\(version)", "new.lds"], folder: folder.path)
      #expect(run.status == 2)
      #expect(run.errors.contains("expected a version, such as 2.40"))
    }
  }

  @Test func contributionsAreInTheJSON() throws {
    let folder = try link()
    try folder.write(
      "t.lds",
      "SECTIONS { .text 0x1000 : { *(.text) } .data : { *(.data) } }\n"
        + "ASSERT(SIZEOF(.text) <= 0x40, \"too large\")\n")
    let linked = try ProgramRun.shell(
      "ld --noinhibit-exec -T t.lds a.o -o t.elf -Map=t.map", folder: folder.path)
    #expect(linked.errors.contains("too large"))
    let run = try ProgramRun.run(
      ["explain", "--format", "json", "t.lds", "t.map"], folder: folder.path)
    let top = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let first = try #require((top["explanations"] as? [[String: Any]])?.first)
    let rows = try #require(first["contributions"] as? [[String: Any]])
    #expect(rows.count == 1)
    #expect(rows[0]["section"] as? String == ".text")
    #expect(rows[0]["object"] as? String == "a.o")
    #expect(rows[0]["address"] as? String == "0x1000")
    #expect(rows[0]["size"] as? String == "0x50")
  }
}
