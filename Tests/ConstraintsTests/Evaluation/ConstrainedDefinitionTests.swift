// DEFINED of a symbol that is set under ONLY_IF_RO or ONLY_IF_RW: what every release of the linkers says, beside the
// verdicts from script and image, and the proofs of the script alone.

import Constraints
import LdsParser
import TestSupport
import Testing

@Suite struct ConstrainedDefinitionTests {
  private static let scripts: [String] = ["ONLY_IF_RO", "ONLY_IF_RW"].flatMap { constraint in
    ["", "x = 7;"].flatMap { before in
      ["", "x = 2;"].map { behind in
        """
        SECTIONS {
          . = 0x1000; \(before) .c : \(constraint) { x = 1; *(.ro) }
          p1 = DEFINED(x) ? 1 : 0;
          .text : { *(.text) }
          .data : { *(.rw) *(.ro) }
          p2 = DEFINED(x) ? 1 : 0;
          \(behind)
          p3 = DEFINED(x) ? 1 : 0;
        }

        """
      }
    }
  }

  /// The script with an ASSERT in front of each question that the linker's answer fulfils.
  private func asserted(_ script: String, _ image: Image) throws -> String {
    var text = script
    for name in ["p1", "p2", "p3"] {
      let record = try #require(image.symbols.records.first { image.symbols.name($0) == name })
      text.replace(
        "\(name) = DEFINED",
        with: "ASSERT(DEFINED(x) == \(record.value), \"\(name)\") \(name) = DEFINED")
    }
    return text
  }

  @Test(arguments: KnownRelease.all.filter { $0.path != nil })
  func areThoseOfTheRelease(_ release: KnownRelease) throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.s",
      ".section .ro,\"a\"\n.quad 1\n.section .rw,\"aw\"\n.quad 1\n.text\n.globl _start\n_start: nop\n"
    )
    _ = try ProgramRun.tool("/usr/bin/as", ["--64", "a.s", "-o", "a.o"], folder: folder.path)
    let words = ["-m", "elf_x86_64", "-T", "S", "a.o", "-o", "o"]
    var decided = 0
    for script in Self.scripts {
      try folder.write("S", script)
      let path = try #require(release.path)
      let link = try ProgramRun.tool(path, words, folder: folder.path)
      #expect(link.status == 0, "\(link.errors)")
      let text = try asserted(script, ImageReader.read(folder.buffer("o")))
      try folder.write("S", text)
      let again = try ProgramRun.tool(path, words, folder: folder.path)
      #expect(again.status == 0, "\(again.errors)\n\(text)")
      let parsed = ScriptParser.parse(
        try folder.buffer("S"), options: ScriptParser.Options(dialect: release.dialect))
      let program = Program(parsed)
      let proof = ProofReport(program, dialect: release.dialect)
      #expect(proof.assertions.allSatisfy { $0.verdict != .neverHolds }, "\(text)")
      let image = try ImageReader.read(folder.buffer("o"))
      let report = EvaluationReport(
        program, evidence: Evidence([image], for: program), dialect: release.dialect)
      #expect(report.assertions.allSatisfy { $0.verdict != .fails }, "\(text)")
      decided += report.assertions.count { $0.verdict == .holds }
    }
    #expect(decided >= 12, "\(decided)")
  }
}
