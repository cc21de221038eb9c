// What `lds-check lint` reads and what it shows: folders, configurations, rules that are asked for, proofs.

import Foundation
import TestSupport
import Testing

struct LintSelectionTests {
  private static let unaligned = """
    SECTIONS { .text : { *(.text) } text_end = .; .data : { *(.data) *(.data) } }
    ASSERT(!(text_end & 0x1fffff), "text_end misaligned")
    ASSERT(1, "always")

    """

  /// The rules of the findings, line by line.
  private func rules(_ arguments: [String], _ folder: TemporaryFolder) throws -> [String] {
    let run = try ProgramRun.run(["lint", "-q"] + arguments, folder: folder.path)
    #expect(run.status < 2, "\(run.errors)")
    return run.output.split(separator: "\n").map { line in
      String(line.split(separator: "[").last?.dropLast() ?? "")
    }
  }

  @Test func proofsAreListedIfTheyAreAskedFor() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("a.lds", Self.unaligned)
    let plain = try ProgramRun.run(["lint", "a.lds"], folder: folder.path).output
    #expect(!plain.contains("  because "))
    #expect(
      plain.contains(
        "; 2 ASSERTs: 1 always holds, 1 depends on the objects (--proofs says why)\n"), "\(plain)")
    let all = try ProgramRun.run(["lint", "--proofs", "a.lds"], folder: folder.path).output
    #expect(all.contains("always-holds  a.lds:3:1  always"), "\(all)")
    #expect(all.contains("  because ") && !all.contains("--proofs"))
    let json = try ProgramRun.run(["lint", "--format", "json", "a.lds"], folder: folder.path)
    #expect(json.output.contains("\"always-holds\""))
  }

  @Test func rulesAreSelectedAndIgnored() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("a.lds", Self.unaligned)
    let all = try rules(["a.lds"], folder)
    #expect(all == ["boundary-unaligned", "duplicate-pattern", "assert-always-true"])
    #expect(try rules(["--select", "boundary-*", "a.lds"], folder) == ["boundary-unaligned"])
    #expect(
      try rules(["--ignore", "boundary-unaligned,assert-*", "a.lds"], folder)
        == ["duplicate-pattern"])
    #expect(
      try rules(["--select=duplicate-pattern", "--ignore=duplicate-pattern", "a.lds"], folder) == []
    )
    let slip = try ProgramRun.run(
      ["lint", "--select", "boundary-unalined", "a.lds"], folder: folder.path)
    #expect(slip.status == 2)
    #expect(slip.errors.contains("did you mean 'boundary-unaligned'?"), "\(slip.errors)")
  }

  @Test func filesOfTheConfigurationAreReadFirst() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("include/kconfig.h", "#define CONFIG(x) 1\n#define SIZE 0x100\n")
    _ = try folder.write(
      "src/a.lds.S",
      "#if CONFIG(BIG)\nASSERT(SIZE == 0x100, \"big\")\n#else\n#error no configuration\n#endif\n")
    let without = try ProgramRun.run(["lint", "src"], folder: folder.path)
    #expect(
      without.output.contains("[unknown-macro]") && without.output.contains("includeFiles"),
      "\(without.output)")
    _ = try folder.write(".lds-check.json", "{\"includeFiles\": \"include/kconfig.h\"}")
    let with = try ProgramRun.run(["lint", "--proofs", "src"], folder: folder.path)
    #expect(
      with.status == 0 && with.output.contains("always-holds  src/a.lds.S:2:1  big"), "\(with)")
  }

  @Test func insertIsComparedWithTheOtherScripts() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("main.ld", "SECTIONS { .text : { *(.text*) } }\n")
    _ = try folder.write("more.ld", "SECTIONS { .t : { *(.t) } }\nINSERT AFTER .rodata;\n")
    #expect(
      try rules(["--select", "insert-target", "main.ld", "more.ld"], folder) == ["insert-target"])
    #expect(try rules(["--select", "insert-target", "more.ld"], folder) == [])
  }

  @Test func pathsOfTextAreAsTheFileWasNamed() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(".git/HEAD", "")
    _ = try folder.write("sub/a.lds", "ASSERT(0, \"never\")\n")
    let run = try ProgramRun.run(["lint", "-q", "a.lds"], folder: folder.path("sub"))
    #expect(run.output.hasPrefix("a.lds:1:1: error: "), "\(run.output)")
    let json = try ProgramRun.run(
      ["lint", "--format", "github", "a.lds"], folder: folder.path("sub"))
    #expect(json.output.contains("file=sub/a.lds,"), "\(json.output)")
  }

  @Test func foldersAndConfigurationsNameScripts() throws {
    let folder = try TemporaryFolder()
    for name in ["boards/a/linker.ld", "boards/b/linker.ld", "build/linker.ld", ".git/x.ld"] {
      _ = try folder.write(name, "ASSERT(1, \"m\")\n")
    }
    _ = try folder.write("boards/readme.txt", "no script\n")
    let found = try ProgramRun.run(["lint", "-q", "."], folder: folder.path)
    #expect(
      found.output.split(separator: "\n").map { $0.split(separator: ":")[0] }
        == ["boards/a/linker.ld", "boards/b/linker.ld", "build/linker.ld"])
    let none = try ProgramRun.run(["lint"], folder: folder.path)
    #expect(none.status == 2)
    _ = try folder.write(
      ".lds-check.json",
      """
      {"files": ["boards/**/*.ld", "build"], "exclude": ["build"],
       "overrides": [{"files": ["boards/b"], "rules": {"assert-always-true": "error"}}]}
      """)
    let named = try ProgramRun.run(["lint", "-q"], folder: folder.path)
    #expect(named.status == 1)
    #expect(
      named.output == """
        boards/a/linker.ld:1:1: note: this ASSERT holds whatever the script and the objects are [assert-always-true]
        boards/b/linker.ld:1:1: error: this ASSERT holds whatever the script and the objects are [assert-always-true]

        """)
    let inside = try ProgramRun.run(["lint", "-q", "."], folder: folder.path("boards/b"))
    #expect(inside.status == 1, "\(inside.output)")
  }

  @Test func configurationsSayHowScriptsAreRead() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("ldscripts/base.ld", "ASSERT(1, \"base\")\n")
    _ = try folder.write("boards/a/linker.ld", "INCLUDE base.ld\n")
    _ = try folder.write(
      "boards/b/x.lds.S",
      "#ifndef SMP\n#error no SMP\n#endif\n#if LEVEL != 2\n#error level\n#endif\nx = 1;\n")
    let without = try ProgramRun.run(["lint", "-q", "boards/a/linker.ld"], folder: folder.path)
    #expect(without.output.contains("[include-not-found]"))
    let told = try ProgramRun.run(["lint", "boards/a/linker.ld"], folder: folder.path)
    #expect(told.output.contains("pass -I DIR"), "\(told.output)")
    _ = try folder.write(
      ".lds-check.json",
      """
      {"include": ["ldscripts"], "define": ["LEVEL=1"],
       "overrides": [{"files": ["boards/b/**"], "define": ["SMP", "LEVEL=2"]}]}
      """)
    let with = try ProgramRun.run(["lint", "-q", "boards/a/linker.ld"], folder: folder.path)
    #expect(with.output.contains("ldscripts/base.ld:1:1: note:"), "\(with.output)")
    let board = try ProgramRun.run(["lint", "-q", "boards/b/x.lds.S"], folder: folder.path)
    #expect(!board.output.contains("error-directive"), "\(board.output)")
    let other = try ProgramRun.run(
      ["lint", "-q", "-DLEVEL=3", "boards/b/x.lds.S"], folder: folder.path)
    #expect(other.output.contains("level"), "\(other.output)")
  }

  @Test func aMissingIncludeNamesItsFolderAndCanBeSilenced() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("include/base.ld", "x = 1;\n")
    _ = try folder.write("a.ld", "INCLUDE base.ld\nSECTIONS { .text : { *(.text) } }\n")
    let run = try ProgramRun.run(["lint", "a.ld"], folder: folder.path)
    #expect(run.status == 1)
    #expect(run.output.contains("-I include would find one"), "\(run.output)")
    _ = try folder.write(".lds-check.json", #"{"rules": {"include-not-found": "off"}}"#)
    #expect(try ProgramRun.run(["lint", "a.ld"], folder: folder.path).status == 0)
    let page = try ProgramRun.run(["rules", "include-not-found"])
    #expect(page.status == 0 && page.output.contains("-L DIR"))
  }

  /// What includers say of a common file is one finding in every form.
  @Test(arguments: ["text", "json", "gitlab", "sarif"])
  func aFileThatManyIncludeHasItsFindingsOnce(_ format: String) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("common/c.ld", "SECTIONS { .data : { *(.data) *(.data) } }\n")
    _ = try folder.write("a.ld", "INCLUDE common/c.ld\n")
    _ = try folder.write("x/b.ld", "INCLUDE x/../common/c.ld\n")
    let run = try ProgramRun.run(
      ["lint", "-q", "--format", format, "a.ld", "x/b.ld"], folder: folder.path)
    let count = run.output.components(separatedBy: "is taken by the same pattern before").count - 1
    #expect(count == 1, "\(run.output)")
  }

  @Test func oneFileThatIsMissingHidesNoOther() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("b.ld", Self.unaligned)
    let run = try ProgramRun.run(["lint", "-q", "gone.ld", "b.ld"], folder: folder.path)
    #expect(run.status == 2)
    #expect(run.output.contains("gone.ld: error: "), "\(run.output)")
    #expect(run.output.contains("[boundary-unaligned]"))
    #expect(try ProgramRun.run(["lint", "gone.ld"], folder: folder.path).status == 2)
  }

  @Test func partsOfScriptsAreReadAsSuch() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("part.ld", ". = ALIGN(8);\n.text . : { *(.text) *(.text) }\n")
    let run = try ProgramRun.run(["lint", "-q", "part.ld"], folder: folder.path)
    #expect(run.status == 0)
    #expect(run.output.contains("part.ld:1:1: note: this is a part of SECTIONS"), "\(run.output)")
    #expect(run.output.contains("part.ld:2:24: note: '.text' is taken"), "\(run.output)")
    _ = try folder.write("empty.ld", "")
    #expect(try ProgramRun.run(["lint", "empty.ld"], folder: folder.path).status == 0)
    _ = try folder.write(
      "slashes.lds", "// what U-Boot writes\nSECTIONS { .text : { *(.text) } }\n")
    let slashes = try ProgramRun.run(["lint", "slashes.lds"], folder: folder.path)
    #expect(slashes.status == 0)
    #expect(slashes.output.hasSuffix("\n1 warning\n"), "\(slashes.output)")
    #expect(slashes.output.contains("[needs-preprocessor]"), "\(slashes.output)")
  }
}
