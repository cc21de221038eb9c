// What is proved of a script in the shape of a hypervisor's, with the lines that prove it; and what becomes of
// the proofs when the patches that have broken such scripts are applied.

import Constraints
import LdsParser
import TestSupport
import Testing

@Suite struct ProofReportTests {
  static func report(_ text: String) -> ProofReport {
    let script = ScriptParser.parse(
      SourceBuffer(path: FilePath("boot.lds"), bytes: Array(text.utf8)))
    #expect(!script.isRefused)
    return ProofReport(Program(script))
  }

  static func sample() throws -> String { try Checkout.text("samples/sound/boot.lds") }

  private func proof(_ message: String, in report: ProofReport) throws -> AssertionProof {
    try #require(
      report.assertions.first { report.program.names.string($0.message) == message })
  }

  private func verdicts(_ report: ProofReport) -> [String: ProofVerdict] {
    Dictionary(
      report.assertions.map { (report.program.names.string($0.message), $0.verdict) },
      uniquingKeysWith: { first, _ in first })
  }

  private func lines(_ proof: AssertionProof, _ report: ProofReport) -> [String] {
    proof.because.map { step in
      let line = report.program.sources.position(of: step.span).line
      return "\(line): `\(step.statement)` \(step.effect)"
    }
  }

  @Test func elevenAssertsFollowFromTheScript() throws {
    let report = Self.report(try Self.sample())
    let proved = report.assertions.filter { $0.verdict == .alwaysHolds }.map {
      report.program.names.string($0.message)
    }
    #expect(
      proved == [
        "_start misaligned", "__2M_text_end misaligned", "__2M_rodata_start misaligned",
        "__2M_rodata_end misaligned", "__2M_init_start misaligned", "__2M_init_end misaligned",
        "__2M_rwdata_start misaligned", "__2M_rwdata_end misaligned", "__init_begin misaligned",
        "__init_end misaligned", "__bss_end misaligned",
      ])
    #expect(!report.assertions.contains { $0.verdict == .neverHolds })
  }

  @Test func aProofNamesItsLinesAndNoOthers() throws {
    let report = Self.report(try Self.sample())
    #expect(
      lines(try proof("__2M_rodata_start misaligned", in: report), report) == [
        "24: `. = ALIGN((2 << 20))` sets the location counter to a multiple of 0x200000",
        "26: `__2M_rodata_start = .` takes it",
      ])
    #expect(
      lines(try proof("_start misaligned", in: report), report) == [
        "12: `. = 0xffff82d040000000 + (2 << 20)` sets the location counter to 0xffff82d040200000",
        "13: `_start = .` takes it",
      ])
  }

  @Test func whatIsNotProvedNamesWhatItDependsOn() throws {
    let report = Self.report(try Self.sample())
    let kexec = try proof("kexec_reloc is too large", in: report)
    #expect(
      kexec.dependencies.map { report.text($0) } == [
        "the sizes of the input sections of `*(.text.kexec)`"
      ])
    let bss = try proof("__bss_start misaligned", in: report)
    #expect(
      bss.dependencies.map { report.text($0) } == [
        "an orphan section placed after .init could move it",
        "an orphan section placed after .data could move it", "whether .data is empty",
        "the alignment of the input sections of .bss",
      ])
    let stack = try proof("boot_stack misaligned", in: report)
    #expect(stack.dependencies.map { report.text($0) } == ["the symbol boot_stack of an object"])
  }

  /// A patch as a change of one line of the script; what stops being proved; the lines that show it.
  struct Patch: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var old: String
    var new: String
    var damaged: [String: [Int]]
  }

  static let patches = [
    Patch(
      testDescription: "no ALIGN before __2M_text_end",
      old: "  . = ALIGN((2 << 20));\n  __2M_text_end = .;", new: "  __2M_text_end = .;",
      damaged: [
        "__2M_text_end misaligned": [24], "__2M_rodata_start misaligned": [25],
      ]),
    Patch(
      testDescription: "__2M_rodata_end set before the ALIGN",
      old: "  . = ALIGN((2 << 20));\n  __2M_rodata_end = .;",
      new: "  __2M_rodata_end = .;\n  . = ALIGN((2 << 20));",
      damaged: ["__2M_rodata_end misaligned": [31]]),
    Patch(
      testDescription: "aligned to a page only",
      old: "  . = ALIGN((2 << 20));\n  __2M_rodata_end = .;",
      new: "  . = ALIGN((4 << 10));\n  __2M_rodata_end = .;",
      damaged: [
        "__2M_rodata_end misaligned": [31, 32], "__2M_init_start misaligned": [31, 33],
      ]),
  ]

  @Test(arguments: patches) func patchesLoseTheirProofs(_ patch: Patch) throws {
    let text = try Self.sample()
    let before = verdicts(Self.report(text))
    let edited = text.replacing(patch.old, with: patch.new)
    #expect(edited != text)
    let report = Self.report(edited)
    for (message, verdict) in verdicts(report) {
      let isDamaged = patch.damaged[message] != nil
      #expect(verdict == (isDamaged ? .depends : before[message]), "\(message)")
    }
    for (message, expected) in patch.damaged {
      let found = try proof(message, in: report)
      #expect(
        found.because.map { report.program.sources.position(of: $0.span).line } == expected)
      #expect(!found.dependencies.isEmpty)
    }
  }

  @Test func symbolsHaveFacts() throws {
    let report = Self.report(try Self.sample())
    func fact(_ name: String) throws -> SymbolFact {
      let id = try #require(report.program.names.find(name))
      return try #require(report.facts(of: id).first)
    }
    let start = try fact("_start")
    let textEnd = try fact("__2M_text_end")
    let end = try fact("_end")
    #expect(start.least == 0xffff_82d0_4020_0000 && start.least == start.most)
    #expect(textEnd.alignmentPower == 21)
    #expect(textEnd.isAbsolute == true)
    #expect(try fact("_etext").isAbsolute == false)
    #expect(report.isOrdered(start, textEnd) == true)
    #expect(report.isOrdered(textEnd, end) == true)
    #expect(report.isOrdered(end, textEnd) == nil)
    #expect(
      report.distance(from: try fact("__2M_text_end"), to: try fact("__2M_rodata_start")) == 0)
    let aligner = try #require(textEnd.alignedBy)
    #expect(report.program.sources.position(of: report.program.steps[aligner].span).line == 24)
    #expect(end.alignedBy == nil)
  }

  /// GNU ld 2.35 goes on in the first section of a name, at the first address that is given; from 2.36 on each is its own.
  @Test func namesakesOfOldReleases() throws {
    let text =
      "SECTIONS { . = 0x10000; .a : { BYTE(1) } .a 0x3000 : { BYTE(2) } } ASSERT(ADDR(.a) + 0 == 0x3000, \"m\")"
    for release in KnownRelease.bfd {
      let script = ScriptParser.parse(
        SourceBuffer(path: FilePath("S"), bytes: Array(text.utf8)),
        options: ScriptParser.Options(dialect: release.dialect))
      let report = ProofReport(Program(script), dialect: release.dialect)
      let isOld = release.dialect.version < LinkerVersion(2, 36)
      #expect(report.assertions.map(\.verdict) == [isOld ? .depends : .neverHolds], "\(release)")
      guard let linker = release.path else { continue }
      let folder = try TemporaryFolder()
      try folder.write("S", text)
      try folder.write("a.s", ".globl _start\n_start: nop\n")
      let run = try ProgramRun.shell(
        "as --64 a.s -o a.o && \(linker) -T S a.o -o o", folder: folder.path)
      #expect((run.status == 0) == isOld, "\(release): \(run.errors)")
    }
  }

  /// Small scripts, each with what is known of its one ASSERT.
  @Test(
    arguments: [
      ("x = 5; ASSERT(x == 5, \"m\")", .alwaysHolds),
      ("ASSERT(x == 5, \"m\") x = 5;", .alwaysHolds),
      ("x = 1; ASSERT(x == 3, \"m\") x = 3;", .neverHolds),
      ("PROVIDE(x = 5); ASSERT(x == 5, \"m\")", .depends),
      ("ASSERT(obj < 0, \"m\")", .neverHolds),
      ("ASSERT(obj & 0xf == 0, \"m\")", .neverHolds),
      ("ASSERT(1 / (obj - obj), \"m\")", .depends),
      ("ASSERT(SIZEOF(.nosuch) >= 0, \"m\")", .alwaysHolds),
      ("SECTIONS { .a : { *(.a) } } ASSERT(ADDR(.a), \"m\")", .neverHolds),
      ("SECTIONS { .a : { *(.a) x = .; } } ASSERT(x, \"m\")", .depends),
      ("SECTIONS { .a 0x1000 : { *(.a) x = .; } } ASSERT(x + 0 >= 0x1000, \"m\")", .alwaysHolds),
      // Sections called .a that no pattern takes are added behind the last statement.
      ("SECTIONS { .a 0 : { *(.b) . = ALIGN(8); } } ASSERT(SIZEOF(.a) % 8 == 0, \"m\")", .depends),
      (
        "SECTIONS { .a 0 : { *(.a) . = ALIGN(8); } } ASSERT(SIZEOF(.a) % 8 == 0, \"m\")",
        .alwaysHolds
      ),
      // An orphan may stand before the assignment, and not behind it.
      (
        "SECTIONS { .a : { *(.a) } . = ALIGN(64); x = .; } ASSERT(x % 64 == 0, \"m\")", .alwaysHolds
      ),
      ("SECTIONS { . = 0x40; .a : { x = .; *(.a) } } ASSERT(x == ADDR(.a), \"m\")", .alwaysHolds),
      ("SECTIONS { . = 0x40; .a : { x = .; *(.a) } } ASSERT(x == 0x40, \"m\")", .depends),
      (
        "SECTIONS { .a : { *(.a) } } INSERT AFTER .text; ASSERT(SIZEOF(.a) <= ADDR(.a), \"m\")",
        .depends
      ),
      (
        "SECTIONS { .a ALIGN(CONSTANT(MAXPAGESIZE)) : { BYTE(1) } } ASSERT(SIZEOF(.a), \"m\")",
        .alwaysHolds
      ),
      (
        "MEMORY { R : ORIGIN = 0x1000, LENGTH = 1M } SECTIONS { .a : { x = .; *(.a) } >R } "
          + "ASSERT(x + 0 >= ORIGIN(R), \"m\")", .alwaysHolds
      ),
      ("SECTIONS { .a : ONLY_IF_RO { *(.a) } x = .; } ASSERT(x >= 0x10, \"m\")", .depends),
      // What is called .a need not be in memory: then its region does not go on behind it.
      (
        "SECTIONS { .a : { *(.a) x = .; } .b : { BYTE(1) } } ASSERT(ADDR(.b) >= x + 0, \"m\")",
        .depends
      ),
      (
        "SECTIONS { .a : { *(.a) . += 4; x = .; } .b : { BYTE(1) } } ASSERT(ADDR(.b) >= x + 0, \"m\")",
        .alwaysHolds
      ),
      (
        "SECTIONS { .bss : { *(.bss COMMON) x = .; } .b : { BYTE(1) } } ASSERT(ADDR(.b) >= x + 0, \"m\")",
        .alwaysHolds
      ),
      // Orphans that are not in memory follow it, and set the location counter back.
      (
        "SECTIONS { . = 8; .a : { *(.a) x = .; } . += 4; .b : { BYTE(1) } } ASSERT(ADDR(.b) > 8, \"m\")",
        .depends
      ),
    ] as [(String, ProofVerdict)])
  func smallScripts(_ text: String, _ verdict: ProofVerdict) throws {
    let report = Self.report(text)
    #expect(try proof("m", in: report).verdict == verdict, "\(text)")
  }
}
