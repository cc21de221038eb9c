// Files of two links given as one image, as a real linker leaves them: no verdict on a mix of both.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite(.enabled(if: InstalledLinkers.canLink, "needs GNU ld and as"))
struct EvidenceConflictTests {
  private static let script = """
    SECTIONS {
      . = 0x100000;
      _text = .;
      .text : { *(.text) }
      _etext = .;
      . = ALIGN(0x1000);
      _data = .;
      .data : { *(.data) }
      _end = .;
    }
    ASSERT(_data % 0x1000 == 0, "data is misaligned")
    ASSERT(_end - _data <= 0x80, "data is too large")
    ASSERT(SIZEOF(.data) <= 0x40, "data section is too large")
    ASSERT(SIZEOF(.text) == _etext - _text, "text has a hole")
    ASSERT(_etext - _text <= 0x100, "text is too large")
    ASSERT(_end < 0x200000, "image is too large")

    """

  /// Links sections of these sizes to `name`.elf, .map and .nm; the messages of the ASSERTs that fail.
  private func link(
    _ folder: TemporaryFolder, _ name: String, text: Int, data: Int
  ) throws -> String {
    try folder.write("k.lds", Self.script)
    try folder.write(
      name + ".s",
      """
      .globl _start, one, two, three
      one = 1; two = 2; three = 3
      .text
      _start: .space \(text)
      .data
      .space \(data)

      """)
    let run = try ProgramRun.shell(
      "as \(name).s -o \(name).o && ld --noinhibit-exec -T k.lds \(name).o -o \(name).elf "
        + "-Map \(name).map; nm \(name).elf > \(name).nm", folder: folder.path)
    #expect(FileManager.default.fileExists(atPath: folder.path(name + ".elf")), "\(run)")
    return run.errors
  }

  private struct Report: Decodable {
    struct Assertion: Decodable {
      var message: String
      var image: String?
      var verdict: String
      var reason: String?
    }
    struct Finding: Decodable {
      var rule: String
    }
    var assertions: [Assertion]
    var findings: [Finding]
    var isContradicted: Bool { findings.contains { $0.rule == "evidence-conflict" } }
  }

  private func eval(_ folder: TemporaryFolder, _ files: [String]) throws -> Report {
    let run = try ProgramRun.run(["eval", "--format=json"] + files, folder: folder.path)
    return try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
  }

  @Test func staleFilesNeverLeadToAWrongVerdict() throws {
    var numbers = SeededGenerator(seed: 4)
    var contradicted = 0
    var undecided = 0
    for _ in 0..<20 {
      let folder = try TemporaryFolder()
      let text = numbers.below(2) == 0 ? 1 : 8 + 8 * numbers.below(64)
      let old = try link(folder, "old", text: text, data: 8 + 8 * numbers.below(20))
      let new = try link(
        folder, "new", text: numbers.below(2) == 0 ? text : 8 + 8 * numbers.below(64),
        data: 8 + 8 * numbers.below(20))
      let choices = [
        ["k.lds", "new.elf", "old.map"], ["k.lds", "old.nm", "new.map"], ["new.elf", "old.map"],
        ["k.lds", "new.elf", "new.map", "old.nm"], ["k.lds", "new.nm", "old.map"],
      ]
      for files in choices {
        let report = try eval(folder, files)
        contradicted += report.isContradicted ? 1 : 0
        for assertion in report.assertions {
          if assertion.verdict == "undecided" {
            undecided += 1
            #expect(assertion.reason != nil)
            continue
          }
          let links =
            report.isContradicted
            ? [old, new] : [assertion.image?.hasPrefix("old") == true ? old : new]
          for errors in links {
            #expect(
              errors.contains(assertion.message) == (assertion.verdict == "fails"),
              "\(files): \(assertion) where ld says: \(errors)")
          }
        }
      }
    }
    #expect(contradicted > 30 && undecided > 100, "\(contradicted) \(undecided)")
  }

  @Test func filesOfOneLinkDoNotContradict() throws {
    let folder = try TemporaryFolder()
    _ = try link(folder, "new", text: 40, data: 16)
    let report = try eval(folder, ["k.lds", "new.map", "new.nm", "new.elf"])
    #expect(!report.isContradicted)
    #expect(report.assertions.map(\.verdict) == Array(repeating: "holds", count: 6))
  }

  /// The linker put `.zeros` behind a section that it dropped later: the map says so, the image cannot.
  @Test func anOrphanBehindADroppedSectionStandsWhereTheMapHasIt() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.s",
      """
      .globl _start
      .text
      _start: .skip 8
      .data
      .skip 12
      .section .own,"aw"
      .skip 8
      .section .zeros,"aw",@nobits
      .balign 4
      .skip 4

      """)
    try folder.write(
      "s.ld",
      """
      SECTIONS {
        . = 0x1000;
        .text : { *(.text) }
        . = ALIGN(4096);
        .data : { *(.data) }
        .gone : { *(.gone) }
        _edata = .;
        . = ALIGN(4096);
        .rela : { *(.rela.got) }
        . = ALIGN(4096);
        _end = .;
      }
      ASSERT(_edata == 0x2014, "edata")
      ASSERT(_end == 0x3000, "end")

      """)
    #expect(try ProgramRun.tool("as", ["a.s", "-o", "a.o"], folder: folder.path).status == 0)
    let link = try ProgramRun.tool(
      try #require(InstalledLinkers.bfd).path,
      ["-T", "s.ld", "a.o", "-o", "a.elf", "-Map=a.map"], folder: folder.path)
    #expect(link.status == 0, "\(link.errors)")
    for files in [["a.elf"], ["a.map"], ["a.elf", "a.map"]] {
      let run = try ProgramRun.run(["eval", "s.ld"] + files, folder: folder.path)
      #expect(run.status == 0, "\(files): \(run.output)")
      #expect(run.output.contains("holds      s.ld:13:1"), "\(files): \(run.output)")
    }
  }

  private static let releases = KnownRelease.bfd.filter { $0.path != nil }

  /// GNU ld 2.44 puts an empty orphan in front of the section of its name, which is loaded behind it then.
  @Test(.enabled(if: !releases.isEmpty), arguments: releases)
  func anEmptyOrphanMovesALoadAddress(_ release: KnownRelease) throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.s",
      """
      .globl _start
      _start: .skip 48
      .data
      .balign 32
      .skip 12
      .bss
      .balign 16
      .skip 4
      .section .stack,"aw",@nobits
      .balign 64

      """)
    #expect(try ProgramRun.tool("as", ["a.s", "-o", "a.o"], folder: folder.path).status == 0)
    let script = """
      MEMORY { ram (rwx) : ORIGIN = 0x20400000, LENGTH = 1M }
      SECTIONS
      {
        .text : { *(.text) }
        _etext = ALIGN(4);
        .relocate : AT(_etext) { *(.data) } > ram
        .bss (NOLOAD) : { *(.bss) } > ram
        .stack (NOLOAD) : { . = ALIGN(8); . = . + 16; } > ram
      }

      """
    func link(_ last: String) throws -> ProgramRun {
      try folder.write("s.ld", script + last + "\n")
      return try ProgramRun.tool(
        try #require(release.path), ["-T", "s.ld", "a.o", "-o", "a.elf"], folder: folder.path)
    }
    #expect(try link("loaded = LOADADDR(.stack);").status == 0)
    let listing = try ProgramRun.tool("nm", ["a.elf"], folder: folder.path).output
    let line = try #require(listing.split(separator: "\n").first { $0.hasSuffix(" loaded") })
    let address = try #require(line.split(separator: " ").first)
    #expect(try link("ASSERT(LOADADDR(.stack) == 0x\(address), \"m\")").status == 0)
    let run = try ProgramRun.run(
      ["eval", "--linker", release.dialect.description, "s.ld", "a.elf"], folder: folder.path)
    #expect(run.status == 0, "\(run.output)")
  }

  @Test func everyCommandTellsIt() throws {
    let folder = try TemporaryFolder()
    _ = try link(folder, "old", text: 40, data: 16)
    _ = try link(folder, "new", text: 40, data: 24)
    let sentence =
      "new.elf and old.map contradict each other: the size of section '.data' is 0x18 in the one and 0x10 in "
      + "the other, and 1 more"
    for command in ["eval", "lint", "superpages", "symbols", "explain"] {
      let script = ["superpages", "symbols"].contains(command) ? [] : ["k.lds"]
      let run = try ProgramRun.run(
        [command] + script + ["new.elf", "old.map"], folder: folder.path)
      #expect((run.output + run.errors).contains(sentence), "\(command): \(run)")
      if ["eval", "lint", "superpages"].contains(command) { #expect(run.status == 1) }
    }
    for format in ["sarif", "gitlab", "github", "junit", "json"] {
      for command in ["eval", "lint", "superpages"] {
        let script = command == "superpages" ? [] : ["k.lds"]
        let run = try ProgramRun.run(
          [command, "--format", format] + script + ["new.elf", "old.map"], folder: folder.path)
        #expect(run.output.contains("evidence-conflict"), "\(command) \(format)")
      }
    }
  }

  @Test func twoImagesThatLookLikeOneAreRemarked() throws {
    let folder = try TemporaryFolder()
    _ = try link(folder, "old", text: 8, data: 8)
    try folder.write("new.nm", "0000000000500000 T _start\n0000000000500000 T _text\n")
    let run = try ProgramRun.run(["eval", "k.lds", "old.map", "new.nm"], folder: folder.path)
    #expect(run.errors.contains("old.map and new.nm are taken for two images"), "\(run)")
    let apart = try ProgramRun.run(
      ["eval", "--quiet", "k.lds", "old.map", "new.nm"], folder: folder.path)
    #expect(!apart.errors.contains("two images"))
  }

  @Test func superpagesKnowsABaseline() throws {
    let folder = try TemporaryFolder()
    _ = try link(folder, "old", text: 40, data: 16)
    _ = try link(folder, "new", text: 40, data: 24)
    let files = ["new.elf", "old.map"]
    let first = try ProgramRun.run(
      ["superpages", "--write-baseline", "known.json", "--output", "sarif=a.sarif"] + files,
      folder: folder.path)
    #expect(first.status == 1)
    #expect(folder.text("a.sarif")?.contains("evidence-conflict") == true)
    let second = try ProgramRun.run(
      ["superpages", "--baseline", "known.json"] + files, folder: folder.path)
    #expect(second.status == 0, "\(second)")
    #expect(second.output.hasSuffix("in the baseline\n"), "\(second.output)")
  }

  /// Options of GNU ld set the start of a segment; no file records that they were given.
  @Test func theStartOfASegmentMayBeSetByAnOption() throws {
    let folder = try TemporaryFolder()
    _ = try link(folder, "new", text: 40, data: 16)
    for (segment, option) in [
      ("text-segment", "-Ttext-segment"), ("data", "-Tdata"), ("text", "-Ttext"),
      ("own", "-Tbss"),
    ] {
      let condition = "SEGMENT_START(\"\(segment)\", 0x1000) == 0x1000"
      try folder.write("s.lds", Self.script + "ASSERT(\(condition), \"moved\")\n")
      let linked = try ProgramRun.tool(
        "ld",
        ["--noinhibit-exec", "-T", "s.lds", "\(option)=0x5000", "new.o", "-o", "s.elf"],
        folder: folder.path)
      let verdict = try eval(folder, ["s.lds", "s.elf"]).assertions.last?.verdict
      #expect(linked.errors.contains("moved") == (segment != "own"), "\(linked)")
      #expect(verdict == (segment == "own" ? "holds" : "undecided"), "\(segment)")
      let lld = try ProgramRun.run(
        ["eval", "--linker=lld", "s.lds", "s.elf"], folder: folder.path)
      #expect(lld.output.contains("holds      s.lds:17:1"), "\(lld.output)")
    }
  }
}
