// What a map tells that a link left, whose image the linker took away: the location counter of ld.lld at each
// statement, where the sections of a map of GNU ld end, the numbers of macros whose header is missing. Each release
// that is there links, and says which ASSERTs fail.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite(.enabled(if: ExternalTool.path("as") != nil, "needs as"))
struct MapAloneTests {
  private static let objects = """
    .globl _start
    .text
    _start: .skip 0x123
    .section .init.text, "ax"
    .skip 0x41
    .data
    .quad 1
    .section .rodata, "a"
    .skip 0x33
    .section .extra, "a"
    .skip 0x21
    .bss
    .skip 0x99

    """

  /// Links in `folder` with the map `a.map`; the messages of ASSERTs that failed.
  private func link(
    _ release: KnownRelease, _ script: String, in folder: TemporaryFolder
  ) throws -> Set<String> {
    try folder.write("a.s", Self.objects)
    try folder.write("a.lds", script)
    let linker = try #require(release.path)
    let run = try ProgramRun.shell(
      "as --64 a.s -o a.o && \(linker) -m elf_x86_64 -T a.lds a.o -o a.elf -Map=a.map",
      folder: folder.path)
    let words = run.errors.split(whereSeparator: { $0.isWhitespace }).map(String.init)
    return Set(words.filter { $0.hasPrefix("claim") })
  }

  /// The verdicts of `eval` by message.
  private func verdicts(
    _ arguments: [String], in folder: TemporaryFolder
  ) throws -> [String: String] {
    let run = try ProgramRun.run(["eval", "--format", "json"] + arguments, folder: folder.path)
    let json = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let rows = try #require(json?["assertions"] as? [[String: Any]], "\(run.errors)")
    var verdicts: [String: String] = [:]
    for row in rows { verdicts[row["message"] as? String ?? ""] = row["verdict"] as? String }
    return verdicts
  }

  private func expectAsLinked(
    _ verdicts: [String: String], _ failed: Set<String>, count: Int, _ about: String
  ) {
    #expect(verdicts.count == count, "\(about)")
    for (message, verdict) in verdicts {
      #expect(verdict == (failed.contains(message) ? "fails" : "holds"), "\(about): \(message)")
    }
  }

  // MARK: ld.lld

  /// A script whose location counter hangs on sizes that no symbol of the map tells.
  private static let places = """
    early = 5;
    SECTIONS
    {
      . = 0x200000;
      base = .;
      .text : {
        t0 = .; *(.text) t1 = .; . = ALIGN(64); t2 = .; *(.init.text) BYTE(1) t3 = .;
        PROVIDE(used = .); PROVIDE(unused = .);
      }
      .gone : { PROVIDE(nobody = .); *(.none) }
      /DISCARD/ : { *(.comment) }
      . += 0x10;
      behind = .;
      .data ALIGN(32) : { *(.data) d1 = .; }
      .rodata : { *(.rodata*) r1 = .; . += 7; r2 = .; }
      .bss : { *(.bss) b1 = .; }
      end = ABSOLUTE(.);
    }

    """

  private static let claims = [
    "base == 0x200000", "t1 - t0 == 0x123", "t1 - t0 == 0x124", "t2 - base == 0x140",
    "t3 - t2 == 0x42", "t3 - t2 != 0x42", "used == t3", "behind - t3 == 0x10",
    "d1 - behind < 0x27", "d1 - behind >= 8", "r2 == r1 + 7", "r2 == r1 + 8", "end == b1",
    "b1 - base > 0x200", "b1 - base > 0x4000", "early == 5",
  ]

  @Test(arguments: KnownRelease.lld.filter { $0.path != nil })
  func mapOfLLDTellsTheLocationCounter(_ release: KnownRelease) throws {
    let folder = try TemporaryFolder()
    let asserts = Self.claims.enumerated().map { "ASSERT(\($1), \"claim\($0)\")\n" }.joined()
    let failed = try link(release, Self.places + asserts, in: folder)
    #expect(failed.count >= 4)
    let verdicts = try verdicts(
      ["--linker", "lld@\(release.dialect.version.major)", "a.lds", "a.map"], in: folder)
    expectAsLinked(verdicts, failed, count: Self.claims.count, release.name)
  }

  /// The map of an older state of the script does not have its statements.
  @Test(arguments: KnownRelease.lld.filter { $0.path != nil }.suffix(1))
  func anotherScriptIsNotReadByTheMap(_ release: KnownRelease) throws {
    let folder = try TemporaryFolder()
    _ = try link(release, Self.places + "ASSERT(t1 - t0 == 0x123, \"claim\")\n", in: folder)
    let other = Self.places.replacingOccurrences(of: ". = ALIGN(64);", with: ". += 0x400;")
    try folder.write("a.lds", other + "ASSERT(t3 - t1 == 0x5f, \"claim\")\n")
    let verdicts = try verdicts(["--linker", "lld", "a.lds", "a.map"], in: folder)
    #expect(verdicts["claim"] == "undecided" || verdicts["claim"] == "fails", "\(verdicts)")
  }

  // MARK: GNU ld

  /// What stands behind an orphan, or behind a section whose pattern took nothing.
  private static let scripts = [
    """
    SECTIONS { . = 0x200000; .text : { *(.text*) } . = ALIGN(0x200000); e2m = .; .data : { *(.data) } _end = .; }
    ASSERT(!(e2m & 0x1fffff), "claim0")
    ASSERT(_end > 0x1000, "claim1")
    ASSERT((_end - e2m) <= 0x1000, "claim2")
    ASSERT((_end - e2m) > 0x1000, "claim3")

    """,
    """
    SECTIONS { . = 0x200000; .text : { *(.text) } text_end = .; .data : { *(.data) } . = ALIGN(0x1000); _end = .; }
    ASSERT(_end - 0x200000 <= 0x6000, "claim0")
    ASSERT(_end - 0x200000 <= 0x600, "claim1")
    ASSERT(text_end == 0x200123, "claim2")
    ASSERT((text_end & 0xfff) == 0, "claim3")

    """,
    """
    SECTIONS {
      .text 0x8000 : { *(.text) *(.init.text) }
      .table : { table_start = .; KEEP(*(.none)) table_end = .; LONG(7) }
      .data : { data_start = .; *(.data) *(.rodata) data_end = .; . = ALIGN(16); }
      .bss : { *(.bss) } bss_end = .;
    }
    ASSERT(table_end == table_start, "claim0")
    ASSERT(data_end - data_start == 0x3b, "claim1")
    ASSERT(data_end - data_start > 0x40, "claim2")
    ASSERT(bss_end < 0x8000, "claim3")

    """,
  ]

  @Test(arguments: KnownRelease.bfd.filter { $0.path != nil }, scripts)
  func mapOfGNULdTellsWhereSectionsEnd(_ release: KnownRelease, _ script: String) throws {
    let folder = try TemporaryFolder()
    let failed = try link(release, script, in: folder)
    let verdicts = try verdicts(["a.map"], in: folder)
    expectAsLinked(verdicts, failed, count: 4, "\(release.name) \(script)")
  }

  /// What options add to the map, and where releases differ: statistics, local symbols, merged strings.
  @Test(arguments: KnownRelease.bfd.filter { $0.path != nil })
  func everyRowOfAMapIsKnown(_ release: KnownRelease) throws {
    let folder = try TemporaryFolder()
    let strings = ".section .rodata.str1.1, \"aMS\", @progbits, 1\n.asciz \"one\"\n.asciz \"two\"\n"
    try folder.write("a.s", Self.objects + strings)
    try folder.write("b.s", ".data\nlocal: .quad 2\n" + strings)
    try folder.write(
      "a.lds",
      "MEMORY { R : ORIGIN = 0x1000, LENGTH = 64K }\nSECTIONS { .text : { *(.text*) *(.rodata*) } >R .data : { *(.data) } >R "
        + ".bss : { *(.bss) } >R }\nASSERT(SIZEOF(.data) == 0x10, \"claim\")\n")
    let newer = release.dialect.version >= LinkerVersion(2, 44) ? "--print-map-locals" : ""
    let linker = try #require(release.path)
    let run = try ProgramRun.shell(
      "as --64 a.s -o a.o && as --64 b.s -o b.o && \(linker) --stats \(newer) -m elf_x86_64 -T a.lds a.o b.o -o a.elf "
        + "-Map=a.map", folder: folder.path)
    try #require(run.status == 0, "\(run.errors)")
    let memory = try ProgramRun.run(["memory", "a.map"], folder: folder.path)
    #expect(!memory.errors.contains("known form"), "\(release.name): \(memory.errors)")
    #expect(try verdicts(["a.map"], in: folder) == ["claim": "holds"])
  }

  /// The script asks for macros of a header that is not there; the map has their numbers.
  private static let authored = """
    #include "generated/board.h"
    SECTIONS {
      . = BASE + 0x100;
      .text : { *(.text) }
      text_end = ALIGN(., PAGE);
      limit = BASE + (1 << SHIFT);
      .data : { *(.data) }
      _end = .;
    }
    ASSERT((text_end & (PAGE - 1)) == 0, "claim0")
    ASSERT(_end - BASE <= 4 * KIB, "claim1")
    ASSERT(limit - BASE == 0x10000, "claim2")
    ASSERT(_end - BASE > 2 * KIB, "claim3")

    """

  private static let macros = ["BASE": "0x400000", "PAGE": "0x1000", "SHIFT": "16", "KIB": "1024"]

  @Test(arguments: KnownRelease.bfd.filter { $0.path != nil })
  func mapHasTheNumbersOfMacros(_ release: KnownRelease) throws {
    let folder = try TemporaryFolder()
    let lines = Self.authored.split(separator: "\n", omittingEmptySubsequences: false)
    var script = lines.dropFirst().joined(separator: "\n")
    for (name, value) in Self.macros {
      script = script.replacingOccurrences(of: name, with: value)
    }
    let failed = try link(release, script, in: folder)
    #expect(failed.count == 1)
    try folder.write("board.lds.S", Self.authored)
    let alone = try verdicts(["board.lds.S"], in: folder)
    #expect(alone["claim0"] == "undecided")
    let verdicts = try verdicts(["board.lds.S", "a.map"], in: folder)
    expectAsLinked(verdicts, failed, count: 4, release.name)
    let run = try ProgramRun.run(
      ["explain", "--assert", "claim0", "board.lds.S", "a.map"], folder: folder.path)
    #expect(run.output.contains("0xfff"), "\(run.output)")
    #expect(run.output.contains("'PAGE' is 0x1000 in a.map"), "\(run.output)")
  }

  /// What is not allocated stands behind the last statement of every link, and is no home for its symbols.
  @Test(.enabled(if: ExternalTool.has("riscv64-linux-gnu-as", "riscv64-linux-gnu-ld")))
  func symbolsBehindTheLastSectionAreItsOwn() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.s",
      """
      .globl _start
      .text
      _start: .skip 0x123
      .data
      .skip 0x33
      .section .comment, ""
      .skip 7

      """)
    try folder.write(
      "a.lds",
      """
      SECTIONS { . = 0x200000; .text : { *(.text) } .data : { *(.data) } . = ALIGN(0x1000); _end = .; }
      ASSERT(_end - 0x200000 <= 0x6000, "claim-a")
      ASSERT(_end - 0x200000 <= 0x800, "claim-b")

      """)
    let run = try ProgramRun.shell(
      "riscv64-linux-gnu-as a.s -o a.o && riscv64-linux-gnu-ld -T a.lds a.o -o a.elf -Map=a.map",
      folder: folder.path)
    #expect(run.errors.contains("claim-b") && !run.errors.contains("claim-a"), "\(run.errors)")
    let failed: Set = ["claim-b"]
    expectAsLinked(try verdicts(["a.map"], in: folder), failed, count: 2, "riscv64")
  }

  /// A stripped image does not tell which PROVIDE took effect, and DEFINED is no reference.
  @Test(.enabled(if: ExternalTool.has("ld", "strip"), "needs ld"))
  func definedInAStrippedImage() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.s", Self.objects)
    try folder.write(
      "a.lds",
      """
      SECTIONS { . = 0x1000; .text : { *(.text) PROVIDE(mark = .); } .data : { *(.data .rodata) } }
      ASSERT(DEFINED(mark) ? mark == 1 : 1, "claim-a")

      """)
    let run = try ProgramRun.shell(
      "as --64 a.s -o a.o && ld -m elf_x86_64 -T a.lds a.o -o a.elf && strip -s a.elf",
      folder: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try verdicts(["a.lds", "a.elf"], in: folder)["claim-a"] != "fails")
  }
}
