// What is proved of a script before a link by ld.lld, against ld.lld. Each script has statements that GNU ld lays out in
// another way.

import Foundation
import LdsParser
import TestSupport
import Testing

struct LLDProofTests {
  /// A part of a script, what is claimed of it, and whether the proofs are wrong today.
  struct Example: Sendable, CustomTestStringConvertible {
    var name: String
    var body: String
    var claims: [String]
    /// Which of the claims lld finds true.
    var holding: [Bool]
    var testDescription: String { name }

    var script: String {
      "SECTIONS { . = 0x1000; .text : { *(.text) } \(body) }\n"
        + claims.enumerated().map { "ASSERT(\($1), \"A\($0)\")\n" }.joined()
    }
  }

  static let examples = [
    Example(
      name: "INFO", body: ".heap 0x8000 (INFO) : { h = .; . += 16; }",
      claims: ["h == 0x8000", "h == 0"], holding: [false, true]),
    Example(
      name: "COPY", body: ".heap 0x8000 (COPY) : { h = .; . += 16; } e = .;",
      claims: ["h == 0x8000", "h == 0", "e == 0x8010"], holding: [false, true, false]),
    Example(
      name: "inputs that are not allocated",
      body: ".r 0x8000 : { r = .; *(.remark) q = .; } e = .;",
      claims: ["r == 0x8000", "r == 0", "q - r == 12", "e == 0x8000"],
      holding: [false, true, true, false]),
    Example(
      name: ".tbss at an address",
      body: ".tbss 0x8000 : { *(.tbss) } e = .; .b : { BYTE(1) } f = .;",
      claims: ["e == 0x8000", "e == 0x8010", "ADDR(.b) == 0x8000", "ADDR(.b) >= 0x8010"],
      holding: [false, false, false, false]),
    Example(
      name: "an address inside", body: ".a 0x2000 : { . = 0x2100; e = .; BYTE(1) }",
      claims: ["e == 0x2100", "e == 0x4100"], holding: [true, false]),
    Example(
      name: "a difference inside", body: ".a 0x2000 : { s = .; BYTE(1) BYTE(2) sz = . - s; }",
      claims: ["sz == 2", "sz == 0x2002", "sz < 0x1000"], holding: [true, false, true]),
    Example(
      name: "a difference behind",
      body: ".a 0x2000 : { s = .; BYTE(1) BYTE(2) t = .; } sz = t - s;",
      claims: ["sz == 2", "sz == 0x2002"], holding: [true, false]),
    Example(
      name: "address and ALIGN", body: ".a 0x2001 : ALIGN(64) { s = .; BYTE(1) }",
      claims: ["s == 0x2001", "s == 0x2040", "ADDR(.a) % 64 == 0"], holding: [true, false, false]),
    Example(
      name: "ALIGN alone", body: ". = 0x2001; .a : ALIGN(64) { s = .; BYTE(1) }",
      claims: ["s == 0x2040", "s % 64 == 0"], holding: [true, true]),
    Example(
      name: "a number inside", body: ".a 0x2000 : { BYTE(1) n = 5; m = . + 5; }",
      claims: ["n == 5", "n == 0x2005", "m == 0x2006"], holding: [true, false, true]),
    Example(
      name: "a section with a symbol alone", body: ".a 0x2000 : { s = .; } e = .;",
      claims: ["s == 0x2000", "e == 0x2000"], holding: [true, true]),
  ]

  private static let assembly = """
    .globl _start
    .text
    _start: .skip 16
    .section .data,"aw",@progbits
    .balign 64
    d: .skip 8
    .section .tbss,"awT",@nobits
    .skip 16
    .section .remark,"",@progbits
    .skip 12

    """

  private struct Answer: Decodable {
    struct Proof: Decodable {
      var message: String
      var verdict: String
    }
    var proofs: [Proof]
  }

  @Test(arguments: examples) func nothingIsProvedThatLLDDenies(_ example: Example) throws {
    let folder = try TemporaryFolder()
    try folder.write("S", example.script)
    let run = try ProgramRun.run(
      ["lint", "--linker", "lld", "--format", "json", "S"], folder: folder.path)
    let answer = try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8))
    #expect(answer.proofs.count == example.claims.count)
    let wrong = zip(answer.proofs, example.holding).filter { proof, holds in
      proof.verdict == (holds ? "never-holds" : "always-holds")
    }
    #expect(wrong.isEmpty)
  }

  @Test(
    .enabled(if: LinkerDifferentialTests.isLLDThere, LinkerDifferentialTests.needsLLD),
    arguments: examples)
  func examplesAreWhatLLDSays(_ example: Example) throws {
    let linker = try #require(JudgingLinker(.lld))
    let folder = try TemporaryFolder()
    try folder.write("S", example.script)
    try folder.write("a.s", Self.assembly)
    let assembly = try ProgramRun.tool(
      linker.target.toolPrefix + "as", ["a.s", "-o", "a.o"], folder: folder.path)
    try #require(assembly.status == 0, "\(assembly.errors)")
    let run = try ProgramRun.tool(
      linker.path, linker.command(["a.o"]), folder: folder.path)
    for (index, holds) in example.holding.enumerated() {
      let fails = run.errors.contains(": A\(index)\n")
      #expect(fails == !holds, "\(example.claims[index]): \(run.errors)")
    }
  }
}
