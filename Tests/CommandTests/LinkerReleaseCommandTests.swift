// --linker with releases: several are told once where they agree, and what an upgrade changes is told by value.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite struct LinkerReleaseCommandTests {
  private func run(
    _ arguments: [String], _ files: [String: String]
  ) throws -> ProgramRun {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(name, text) }
    return try ProgramRun.run(arguments, folder: folder.path)
  }

  private static let names = ["s.lds": "add = 7;\nx = add + 1;\nASSERT(add == 7, \"A\")\n"]

  @Test func releasesThatDisagreeAreNamed() throws {
    let run = try run(
      ["lint", "--linker", "bfd@2.40..2.47", "--proofs", "s.lds"], Self.names)
    #expect(run.output.contains("always-holds  s.lds:3:1  A  [bfd@2.44, bfd@2.47]"))
    #expect(run.output.contains("never-holds  s.lds:3:1  A  [bfd@2.40]"))
    #expect(
      run.output.contains("warning[linker-change]: 'x': 0x1 with GNU ld 2.40, 0x8 with GNU ld 2.44")
    )
    #expect(
      run.output.contains("GNU ld 2.40 reads '0x0 + 0x1'") || run.output.contains("reads '0x1'"))
    #expect(!run.output.contains("GNU ld 2.44, 0x8 with GNU ld 2.47"))
    #expect(run.status == 1)
  }

  @Test func verdictsOfReleasesThatDisagreeAreNamed() throws {
    let image = "0000000000000007 A add\n0000000000000008 A x\n0000000000001000 T start\n"
    let run = try run(
      ["eval", "--linker", "bfd@2.40", "--linker", "bfd@2.47", "s.lds", "s.nm"],
      Self.names.merging(["s.nm": image]) { $1 })
    #expect(run.output.contains("A  [bfd@2.40]\n"), "\(run.output)")
    #expect(run.output.contains("A  [bfd@2.47]\n"))
  }

  @Test func releasesThatAgreeAreNot() throws {
    let run = try run(
      ["lint", "--linker", "bfd@2.44", "--linker", "bfd@2.47", "--proofs", "s.lds"],
      ["s.lds": "y = 7;\nASSERT(y == 7, \"A\")\n"])
    #expect(run.output.contains("always-holds"))
    #expect(!run.output.contains("bfd@"))
    #expect(!run.output.contains("linker-change"))
  }

  @Test func anUpgradeOfLLDSettlesAnAssertInFront() throws {
    let script = """
      ASSERT(late == 0x2000, "early")
      SECTIONS { .text 0x2000 : { late = .; BYTE(1) } }

      """
    let run = try run(
      ["lint", "--linker", "lld@20", "--linker", "lld@21", "--format", "json", "s.lds"],
      ["s.lds": script])
    #expect(
      run.output.contains("'early': fails with ld.lld 20, depends on the link with ld.lld 21"))
    #expect(run.output.contains("\"lld@20\""))
  }

  /// With `--linker lld` alone the link fails; where GNU ld is asked, too, it is a remark.
  @Test func whatTheOneLinkerRefusesIsAnError() throws {
    let script = "SECTIONS { .text 0x1000 : { BYTE(1) } }\nFORCE_COMMON_ALLOCATION\n"
    for (arguments, status) in [
      (["--linker", "lld"], Int32(1)), ([], 0), (["--linker", "both"], 0),
    ] {
      let run = try run(["lint"] + arguments + ["s.lds"], ["s.lds": script])
      #expect(run.status == status, "\(arguments): \(run.output)")
      #expect(run.output.contains("ld.lld does not know FORCE_COMMON_ALLOCATION"))
    }
    guard let lld = InstalledLinkers.lld else { return }
    let folder = try TemporaryFolder()
    try folder.write("s.lds", script)
    let link = try ProgramRun.shell(
      "\(lld.path) -m elf_x86_64 -T s.lds -o s.elf /dev/null", folder: folder.path)
    #expect(link.errors.contains("FORCE_COMMON_ALLOCATION"), "\(link.errors)")
  }

  @Test func aCommandOfAnotherReleaseIsExplained() throws {
    let script = "SECTIONS { .a (READONLY) : { *(.a) } }\n"
    let old = try run(["lint", "--linker", "bfd@2.35", "s.lds"], ["s.lds": script])
    #expect(
      old.output.contains("READONLY is for GNU ld from 2.38 on; GNU ld 2.35 does not know it"))
    let classes = try run(
      ["lint", "--linker", "lld@19", "s.lds"],
      ["s.lds": "SECTIONS { CLASS(c) { *(.x) } .a : { CLASS(c) } }\n"])
    #expect(classes.output.contains("CLASS is for ld.lld from 20 on; ld.lld 19 does not know it"))
    let known = try run(
      ["parse", "--linker", "lld@20", "--format", "script", "s.lds"],
      ["s.lds": "SECTIONS { CLASS(c) { *(.x) } .a : { CLASS(c) } }\n"])
    #expect(known.status == 0)
    #expect(known.output.contains("CLASS(c)"))
  }

  @Test func moldTakesNoSections() throws {
    let run = try run(
      ["lint", "--linker", "mold", "s.lds"],
      ["s.lds": "INPUT(a.o)\nSECTIONS { .a : { *(.a) } }\nASSERT(1, \"m\")\n"])
    #expect(run.output.contains("mold refuses SECTIONS"))
    #expect(run.output.contains("mold refuses ASSERT"))
    #expect(!run.output.contains("INPUT: it"))
    #expect(!run.output.contains("always"))
    let judged = try self.run(["eval", "--linker", "mold", "s.lds"], ["s.lds": "x = 1;\n"])
    #expect(judged.status == 2)
  }

  @Test func unknownLinkersAreNamed() throws {
    let run = try run(["lint", "--linker", "gold", "s.lds"], Self.names)
    #expect(run.status == 2)
    #expect(run.errors.contains("bfd, lld or mold, with a version"))
  }

  /// The suite of scripts for any linker answers for the installed one as it does for its release.
  @Test(
    .enabled(
      if: InstalledLinkers.has(.bfd, from: 2, 40)
        && InstalledLinkers.bfd?.description == "GNU ld 2.40"
        && ExternalTool.path("python3") != nil, "needs GNU ld 2.40 and python3"))
  func conformanceOfTheInstalledLinker() throws {
    let folder = Checkout.path("Tests/conformance")
    let run = try ProgramRun.tool(
      "python3",
      [
        folder + "/run.py", "--linker", InstalledLinkers.bfd?.path ?? "ld", "--like", "bfd@2.40",
        "syntax",
      ],
      folder: folder)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    #expect(run.output.contains("337 cases, 337 as bfd@2.40 has it, 0 otherwise"))
  }
}
