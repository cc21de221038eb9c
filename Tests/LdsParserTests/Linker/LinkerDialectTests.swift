// How linkers are written, what files tell of them, and that the table of rules has no gap.

import LdsParser
import TestSupport
import Testing

@Suite struct LinkerDialectTests {
  @Test(arguments: [
    ("bfd", ["bfd@2.47"]), ("lld", ["lld@24"]), ("mold", ["mold@3"]), ("bfd@2.40", ["bfd@2.40"]),
    ("bfd@2.40.50.20230625", ["bfd@2.40"]), ("lld@19", ["lld@19"]), ("lld@19.1.7", ["lld@19"]),
    ("bfd@2.35..2.47", ["bfd@2.35", "bfd@2.40", "bfd@2.44", "bfd@2.47"]),
    ("bfd@2.38..2.41", ["bfd@2.38", "bfd@2.40", "bfd@2.41"]), ("lld@19..19", ["lld@19"]),
    ("lld@19..21", ["lld@19", "lld@20", "lld@21"]),
  ]) func requests(_ text: String, _ dialects: [String]) {
    #expect(LinkerRequest(text)?.dialects.map(\.description) == dialects)
  }

  @Test(arguments: [
    "", "gold", "BFD", "bfd@", "bfd@x", "bfd@2.", "bfd@2.40..", "bfd@2.47..2.40", "lld@-1",
    "lld@99999999999999999999", "@2.40", "bfd@2.4.0.0.0.0", "bfd@2.35...2.40",
  ]) func noRequests(_ text: String) {
    #expect(LinkerRequest(text) == nil)
  }

  @Test func aReleaseThatNobodyRanIsRemarkedOn() {
    func remark(_ text: String) -> String? { LinkerRequest(text)?.dialects[0].remark }
    #expect(remark("bfd@2.40") == nil)
    #expect(remark("lld@19.1.7") == nil)
    #expect(
      remark("bfd@2.99") == "GNU ld 2.99 is newer than what is known here: read as GNU ld 2.47")
    #expect(remark("lld@9") == "ld.lld 9 is older than what is known here: read as ld.lld 13")
    #expect(remark("bfd@2.42")?.contains("between 2.40 and 2.44") == true)
  }

  @Test func spans() {
    let upTo = LinkerRule.Span.upTo(LinkerVersion(20))
    #expect(upTo.contains(LinkerVersion(20, 1)))
    #expect(!upTo.contains(LinkerVersion(21)))
    #expect(LinkerDialect(.lld, LinkerVersion(20, 1)).follows(.assertionsInEveryPass))
    #expect(!LinkerDialect(.lld, LinkerVersion(21)).follows(.assertionsInEveryPass))
    #expect(!LinkerDialect.bfd.follows(.assertionsInEveryPass))
    #expect(LinkerDialect(.bfd, LinkerVersion(2, 40)).follows(.anyDigitsBeforeBase))
    #expect(!LinkerDialect(.bfd, LinkerVersion(2, 44)).follows(.anyDigitsBeforeBase))
  }

  @Test func programNamesHaveReleases() {
    func version(_ program: String) -> String? {
      LinkCommand([Array(program.utf8), Array("a.o".utf8)])?.linkerVersion?.description
    }
    #expect(version("/usr/bin/ld.lld-19") == "19.0")
    #expect(version("ld-2.44") == "2.44")
    #expect(version("aarch64-linux-gnu-ld.bfd") == nil)
    #expect(version("gcc-12") == nil)
  }
}

/// What files of real linkers tell of the one that made them.
@Suite struct LinkerEvidenceTests {
  @Test(arguments: KnownRelease.all) func filesTellTheLinker(_ release: KnownRelease) throws {
    guard let path = release.path, ExternalTool.path("as") != nil else {
      try Test.cancel("needs \(release.name)")
    }
    let folder = try TemporaryFolder()
    try folder.write("a.s", ".globl _start\n.text\n_start: nop\n.data\n.long 1\n")
    try folder.write(
      "S", "ENTRY(_start) SECTIONS { .text 0x1000 : { *(.text) } .data : { *(.data) } }")
    _ = try ProgramRun.tool("as", ["--64", "a.s", "-o", "a.o"], folder: folder.path)
    let run = try ProgramRun.tool(
      path, ["-m", "elf_x86_64", "-T", "S", "a.o", "-o", "o", "-Map", "m"], folder: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let image = try ImageReader.read(FileInput.read(FilePath(folder.path("o"))))
    let map = try ImageReader.read(FileInput.read(FilePath(folder.path("m"))))
    let fromMap = try #require(map.linker)
    #expect(fromMap.family == release.dialect.family)
    if let span = fromMap.span { #expect(span.contains(release.dialect.version)) }
    if release.dialect == .lld {
      let fromImage = try #require(image.linker)
      #expect(fromImage.isExact)
      #expect(fromImage.dialect.release == release.dialect.release)
    } else {
      // GNU ld writes nothing of itself; the form of its map tells the dialect.
      #expect(image.linker == nil)
      let rules: [LinkerRule] = [.subalignReplaces, .anyDigitsBeforeBase, .mapCommand]
      for rule in rules where release.name != "ld-2.35" {
        #expect(fromMap.dialect.follows(rule) == release.dialect.follows(rule))
      }
    }
  }
}
