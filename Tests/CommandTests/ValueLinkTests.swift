// Links of a few lines with an ASSERT for every value that they have, judged from each kind of evidence: nothing that the
// linker says is denied, and of the contraries nothing holds. Each was judged wrongly once.

import Foundation
import LdsParser
import TestSupport
import Testing

/// A link, and what is asked of it.
struct ValueLink: Sendable, CustomTestStringConvertible {
  let name: String
  var assembly: String
  /// That of a second object, if there is one.
  var other: String?
  var script: String
  var options: [String] = []
  /// Whether image and map tell that they are of one link.
  var isJoined = false
  /// Symbols and functions of names.
  var asked: [String]

  var testDescription: String { name }

  /// `.section NAME,FLAGS` with bytes, aligned.
  static func part(_ section: String, _ flags: String, size: Int, align: Int = 1) -> String {
    ".section \(section),\(flags)\n.balign \(align)\n.skip \(size)\n"
  }

  private static let lateData =
    part(".data", "\"aw\"", size: 8) + part(".ctors", "\"aw\"", size: 5, align: 4) + ".quad v\n"

  static let all = [
    ValueLink(
      name: "an empty section has flags of its name in the image, and none where it is placed",
      assembly: part(".text", "\"ax\"", size: 9)
        + part(".fini_array", "\"aw\",@fini_array", size: 0, align: 8),
      script: """
        MEMORY { RAM : ORIGIN = 0x20000000, LENGTH = 1M  ROM (rx) : ORIGIN = 0x1000, LENGTH = 1M }
        SECTIONS {
          .tbss : ALIGN(4096) { CREATE_OBJECT_SYMBOLS *(.nothing) } AT>ROM
          .more : { KEEP(*(.fini_array)) } AT>ROM
        }
        """,
      asked: ["LOADADDR(.more)", "ADDR(.more)", "ADDR(.tbss)", "SIZEOF(.tbss)"]),
    ValueLink(
      name:
        "orphans behind a section that an orphan of its name made, which stands last in the file",
      assembly: ".comm c,8,32\n", other: lateData,
      script: """
        SECTIONS {
          .data : { } none : { } PROVIDE_HIDDEN(v = .); .extra : { *(none) }
          /DISCARD/ : { a.o(.data) }
        }
        """,
      asked: ["v"]),
    ValueLink(
      name: "orphans behind one that stands last, thread-local zeros before it",
      assembly: ".comm c,8,32\n", other: lateData + part(".tbss", "\"awT\",@nobits", size: 64),
      script: """
        SECTIONS {
          .zeros : { *(.tbss) } .data : { } none : { } PROVIDE_HIDDEN(v = .); .extra : { *(none) }
          /DISCARD/ : { a.o(.data) }
        }
        """,
      asked: ["v"]),
    ValueLink(
      name: "a section that its name alone makes thread-local, loaded elsewhere",
      assembly: part(".text", "\"ax\"", size: 9),
      script: """
        MEMORY { RAM : ORIGIN = 0x20000000, LENGTH = 1M  ROM : ORIGIN = 0x1000, LENGTH = 1M }
        SECTIONS { .text : { *(.text) } >ROM .tdata : { BYTE(1) } >RAM AT>ROM }
        """,
      asked: ["LOADADDR(.tdata)", "ADDR(.tdata)", "LOADADDR(.text)"]),
    ValueLink(
      name: "what is behind the OUTPUT line of a map, when orphans are discarded",
      assembly: part(".text", "\"ax\"", size: 9) + part(".gone", "\"aw\"", size: 3)
        + ".comm c,100,32\n",
      script: """
        MEMORY { RAM (w) : ORIGIN = 0x20000000, LENGTH = 1M  ROM (rx) : ORIGIN = 0x1000, LENGTH = 1M
          TCM : ORIGIN = 0x10000000, LENGTH = 256K }
        SECTIONS { .text : { *(.text) } >ROM .data : { *(.data) } >RAM AT>ROM .more : { } >TCM }
        """,
      options: ["--orphan-handling=discard"], isJoined: true,
      asked: ["ADDR(.text)", "SIZEOF(.text)"]),
    ValueLink(
      name: "two statements of a name, of which the first was dropped",
      assembly: part(".text", "\"ax\"", size: 9) + part(".data", "\"aw\"", size: 5),
      script: """
        SECTIONS {
          . = 0x1000; .out : ALIGN(0x100) { *(.nothing) }
          . = 0x8000; .text : { *(.text) } .out : ALIGN(64) { *(.data .out) }
        }
        """,
      asked: ["ADDR(.out)", "SIZEOF(.out)", "LOADADDR(.out)", "ADDR(.text)"]),
    ValueLink(
      name: "an orphan of the name of a NOLOAD section without patterns",
      assembly: part(".text", "\"ax\"", size: 9)
        + part(".noinit", "\"aw\",@nobits", size: 25, align: 2)
        + part("own", "\"aw\",@nobits", size: 7, align: 4)
        + part(".bss", "\"aw\",@nobits", size: 0),
      script: """
        SECTIONS {
          .noinit (NOLOAD) : { } . = ALIGN(64); .text : { *(.text) }
          own (NOLOAD) : { } .bss (NOLOAD) : { } s = .;
        }
        """,
      asked: [
        "s", "ADDR(.noinit)", "SIZEOF(.noinit)", "ALIGNOF(.noinit)", "ADDR(own)", "SIZEOF(own)",
        "SIZEOF(.bss)",
      ]),
  ]
}

@Suite(.enabled(if: InstalledLinkers.canLink))
struct ValueLinkTests {
  private static let releases = KnownRelease.bfd.filter { $0.path != nil }

  /// What cannot be said of the files of one link that went through.
  private static let excluded = ["stale-layout", "evidence-conflict", "region-overflow"]

  private struct Answer: Decodable {
    struct Assertion: Decodable {
      var message: String
      var verdict: String
    }
    struct Finding: Decodable { var rule: String }
    var assertions: [Assertion]
    var findings: [Finding]
  }

  @Test(arguments: releases, ValueLink.all)
  func nothingIsDenied(_ release: KnownRelease, _ link: ValueLink) throws {
    let folder = try TemporaryFolder()
    try folder.write("a.s", link.assembly)
    _ = try ProgramRun.tool("as", ["--64", "a.s", "-o", "a.o"], folder: folder.path)
    if let other = link.other {
      try folder.write("b.s", other)
      _ = try ProgramRun.tool("as", ["--64", "b.s", "-o", "b.o"], folder: folder.path)
    }
    guard let values = try values(of: link, release, folder) else { return }
    let asserted = values.map { "ASSERT(ABSOLUTE(\($0)) == \($1), \"\($0)\")\n" }.joined()
    try #require(try run(release, link, link.script + "\n" + asserted, ["-Map=m"], folder))
    try folder.write("T", link.script + "\n" + asserted.replacing("==", with: "!="))
    _ = try ProgramRun.tool("strip", ["-o", "st", "o"], folder: folder.path)
    for files in [
      ["S", "o"], ["S", "st"], ["S", "o", "m"], ["S", "st", "m"], ["S", "m"], ["m"],
    ] {
      let told = try judge(files, release, folder)
      #expect(told.assertions.count >= values.count, "\(files)")
      if link.isJoined, files == ["S", "o", "m"] {
        #expect(told.assertions.count == values.count, "not judged together")
      }
      #expect(told.assertions.filter { $0.verdict == "fails" }.map(\.message) == [], "\(files)")
      #expect(!told.findings.contains { Self.excluded.contains($0.rule) }, "\(files)")
      guard files[0] == "S" else { continue }
      let contrary = try judge(["T"] + files.dropFirst(), release, folder)
      #expect(contrary.assertions.filter { $0.verdict == "holds" }.map(\.message) == [], "\(files)")
    }
  }

  /// What the linker gives for all that is asked; nil if this release refuses the link.
  private func values(
    of link: ValueLink, _ release: KnownRelease, _ folder: TemporaryFolder
  ) throws -> [(String, String)]? {
    let probes = link.asked.enumerated().map { "zz\($0) = ABSOLUTE(\($1));\n" }.joined()
    guard try run(release, link, link.script + "\n" + probes, [], folder) else { return nil }
    let listing = try ProgramRun.tool("nm", ["o"], folder: folder.path).output
    return listing.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard words.count == 3, words[2].hasPrefix("zz"), let index = Int(words[2].dropFirst(2))
      else { return nil }
      return (link.asked[index], "0x\(words[0])")
    }
  }

  private func run(
    _ release: KnownRelease, _ link: ValueLink, _ script: String, _ more: [String],
    _ folder: TemporaryFolder
  ) throws -> Bool {
    try folder.write("S", script)
    let path = try #require(release.path)
    return try ProgramRun.tool(
      path,
      ["-m", "elf_x86_64", "-T", "S", "a.o"]
        + (link.other == nil ? [] : ["b.o"]) + ["-o", "o"] + link.options + more,
      folder: folder.path
    ).status == 0
  }

  private func judge(
    _ files: [String], _ release: KnownRelease, _ folder: TemporaryFolder
  ) throws -> Answer {
    let run = try ProgramRun.run(
      ["eval", "--linker", release.dialect.description, "--format", "json"] + files,
      folder: folder.path)
    try #require(run.status < 2, "\(run.errors)")
    return try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8))
  }
}
