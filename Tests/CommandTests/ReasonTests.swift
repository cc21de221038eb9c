// Why a verdict is undecided, and where the linker stops: what lds-check says, and what GNU ld does with the
// same script.

import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: ExternalTool.path("ld") != nil && ExternalTool.path("as") != nil, "needs ld"))
struct ReasonTests {
  private static let script = """
    MEMORY { R : ORIGIN = 0x1000, LENGTH = 64K }
    SECTIONS {
      .text 0x1000 : { *(.text) }
      .data 0x2000 : { *(.data) }
      /DISCARD/ : { *(.gone) }
    }

    """

  /// A folder with the script's image, its map, and a listing that has almost nothing.
  private static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.s",
      """
      .globl _start, f1, d1, gone
      .text
      _start: nop
      f1: .skip 15
      .data
      d1: .quad 0
      .section .gone,"a"
      gone: .long 1

      """)
    try folder.write("base.lds", script)
    try folder.write("few.nm", "0000000000001000 T _start\n")
    try folder.write("few.xen", "0xffff82d040200008 t head.o#_start\n")
    let run = try ProgramRun.shell(
      "as a.s -o a.o && ld -T base.lds a.o -o a.elf -Map=a.map", folder: folder.path)
    try #require(run.status == 0, "\(run.errors)")
    return folder
  }

  /// The ASSERT's line of `eval`.
  private func verdict(_ condition: String, _ evidence: String, _ folder: TemporaryFolder) throws
    -> String
  {
    try folder.write("t.lds", Self.script + "ASSERT(\(condition), \"the message\")\nlater = 5;\n")
    let run = try ProgramRun.run(
      ["eval", "t.lds", evidence], folder: folder.path, environment: ["COLUMNS": "9999"])
    let lines = run.output.split(separator: "\n")
    let first = lines.firstIndex { $0.hasSuffix("  the message") }
    let start = try #require(first, "\(condition): \(run.errors)")
    let values = lines[(start + 1)...].prefix { $0.hasPrefix("           ") }
    return ([String(lines[start])] + values.map { $0.trimmingCharacters(in: .whitespaces) })
      .joined(separator: "  ")
  }

  /// Condition, what is said of it, and what ld prints (nothing where it dies).
  static let stops = [
    ("4 / (f1 - f1)", "division by zero", " / by zero"),
    ("4 % (f1 - f1)", "remainder of a division by zero", " % by zero"),
    (
      "CONSTANT(FOO) == 1", "unknown constant 'FOO' referenced in expression",
      "unknown constant `FOO' referenced in expression"
    ),
    ("0x8000000000000000 / (f1 - f1 - 1)", "0x8000000000000000 / -1, of which GNU ld dies", ""),
  ]

  @Test(arguments: stops)
  func placesWhereTheLinkerStops(_ condition: String, _ text: String, _ printed: String) throws {
    let folder = try Self.folder()
    let line = try verdict(condition, "a.elf", folder)
    #expect(line.hasPrefix("fails "), "\(line)")
    #expect(line.hasSuffix("  the linker stops here: " + text), "\(line)")
    let link = try ProgramRun.shell("ld -T t.lds a.o -o t.elf", folder: folder.path)
    #expect(link.status != 0)
    #expect(printed.isEmpty ? link.status > 127 : link.errors.contains(printed), "\(link.errors)")
    #expect(!link.errors.contains("the message"))
    let explained = try ProgramRun.run(["explain", "t.lds", "a.elf"], folder: folder.path)
    #expect(explained.output.contains("cause: the linker stops here: " + text))
  }

  static let lacks = [
    ("f1 == 1", "few.nm", "the value of 'f1' is not in few.nm; the image itself, or a listing"),
    ("f1 == 1", "few.xen", "a listing made by Xen's symbols tool leaves absolute symbols out"),
    ("nosuch == 1", "a.elf", "it is undefined, or in a section that was discarded"),
    ("gone == 1", "a.elf", "it is undefined, or in a section that was discarded"),
    ("nosuch == 1", "a.map", "absolute symbols of objects stand in no map"),
    ("SIZEOF(.nosuch) == 0", "a.elf", "whether there is a section '.nosuch' is not in a.elf"),
    ("ALIGNOF(.text) == 4", "few.nm", "the alignment of section '.text' is not in few.nm"),
    ("SIZEOF(.text) == 4", "few.nm", "the size of section '.text' is not in few.nm"),
    ("LOADADDR(.data) == 4", "few.nm", "the load address of section '.data' is not in few.nm"),
    ("SIZEOF_HEADERS == 64", "few.nm", "the size of the file headers is not in few.nm"),
    ("CONSTANT(MAXPAGESIZE) == 1", "few.nm", "MAXPAGESIZE depends on the target and on -z options"),
    ("DATA_SEGMENT_RELRO_END(1, 1) == 9", "a.elf", "how the linker sized the data segment"),
    ("SEGMENT_START(\"text-segment\", 1) == 9", "a.elf", "the start of segment 'text-segment' may"),
    ("DEFINED(later)", "a.elf", "whether an object defines 'later' is not in a.elf"),
    ("5 / SIZEOF(.data) == 0", "a.elf", "the linker evaluates this in early passes too"),
    (". == 0x2008", "few.nm", "the location counter at this place is not in few.nm"),
    (
      "f1 + d1 == 1", "few.nm",
      "the section of 'f1' is not in few.nm; the ELF image or a GNU ld map"
    ),
  ]

  @Test(arguments: lacks)
  func whatIsMissingIsNamed(_ condition: String, _ evidence: String, _ text: String) throws {
    let line = try verdict(condition, evidence, try Self.folder())
    #expect(line.hasPrefix("undecided "), "\(line)")
    #expect(line.contains(text), "\(line)")
  }

  @Test func symbolsThatChaseEachOtherAreNotGuessed() throws {
    let folder = try Self.folder()
    try folder.write(
      "t.lds",
      "a = b + 1; b = c + 1; c = d + 1; d = e + 1; e = a; ASSERT(a == 5, \"the message\")\n")
    let run = try ProgramRun.run(
      ["eval", "t.lds", "few.nm"], folder: folder.path, environment: ["COLUMNS": "9999"])
    #expect(run.output.contains("\nundecided "))
    #expect(
      run.output.contains("'b' is made from symbols that are assigned later, through more passes"))
  }

  @Test(arguments: [
    (". == 1", "INSERT moves statements, and where this one stands then is not worked out"),
    ("DEFINED(x)", "INSERT moves statements, and whether 'x' is set before or behind"),
  ])
  func whatInsertMovesIsNotGuessed(_ condition: String, _ text: String) throws {
    let folder = try Self.folder()
    try folder.write(
      "t.lds",
      """
      ASSERT(\(condition), "the message")
      SECTIONS { .ins : { x = 1; } }
      INSERT AFTER .text;

      """)
    for linker in ["bfd", "lld"] {
      let run = try ProgramRun.run(
        ["eval", "--linker", linker, "t.lds", "a.elf"], folder: folder.path,
        environment: ["COLUMNS": "9999"])
      #expect(run.output.contains("\nundecided "), "\(run.output)\(run.errors)")
      #expect(run.output.contains(text), "\(run.output)")
    }
  }

  /// lld's two refusals, which GNU ld does not have.
  @Test(
    .enabled(if: ExternalTool.path("ld.lld") != nil, "needs ld.lld"),
    arguments: [
      ("ALIGN(3) == 4", "alignment must be a power of 2", "alignment must be power of 2"),
      (
        "f1 + d1 == 5", "at least one side of the expression must be absolute",
        "at least one side of the expression must be absolute"
      ),
    ])
  func placesWhereLLDStops(_ condition: String, _ text: String, _ printed: String) throws {
    let folder = try Self.folder()
    // Sections outside all regions are no fault of GNU ld's.
    let script = Self.script.replacing(/MEMORY.*\n/, with: "")
    try folder.write("base.lds", script)
    try folder.write("t.lds", script + "ASSERT(\(condition), \"the message\")\n")
    let lld = try #require(ExternalTool.path("ld.lld"))
    let link = try ProgramRun.shell(
      "\(lld) -T base.lds a.o -o l.elf && ! \(lld) -T t.lds a.o -o t.elf", folder: folder.path)
    #expect(link.status == 0)
    #expect(link.errors.contains(printed), "\(link.errors)")
    let run = try ProgramRun.run(
      ["eval", "--linker", "lld", "t.lds", "l.elf"], folder: folder.path,
      environment: ["COLUMNS": "9999"])
    #expect(run.output.contains("\nfails "), "\(run.output)")
    #expect(run.output.contains("  the linker stops here: " + text), "\(run.output)")
  }
}
