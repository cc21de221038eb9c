// To the linker a symbol that is local to an object is not defined; a hidden one that ended as a local symbol is.

import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

@Suite struct LocalSymbolTests {
  private static let script = """
    SECTIONS { .text : { *(.text) } /DISCARD/ : { *(*) } }
    ASSERT(DEFINED(own), "own")
    ASSERT(DEFINED(hidden), "hidden")
    ASSERT(DEFINED(common), "common")
    ASSERT(DEFINED(absent), "absent")
    """

  /// What is decided is what ld says, whether the link keeps hidden symbols global or makes them local.
  @Test(
    .enabled(if: LinkerDifferentialTests.isLDThere, LinkerDifferentialTests.needsLD),
    arguments: ["-static", "-shared"])
  func definedIsTheLinkers(_ option: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("S", Self.script)
    try folder.write(
      "a.s",
      ".text\nown: nop\n.globl common, hidden\n.hidden hidden\ncommon: nop\nhidden: nop\n")
    #expect(
      try ProgramRun.tool("/usr/bin/as", ["a.s", "-o", "a.o"], folder: folder.path).status == 0)
    let link = try ProgramRun.tool(
      try #require(JudgingLinker(.bfd)).path,
      [option, "--noinhibit-exec", "-T", "S", "a.o", "-o", "o"],
      folder: folder.path)
    let program = Program(ScriptParser.parse(SourceBuffer(name: "S", text: Self.script)))
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder.path("o"))))
    let image = try ImageReader.read(SourceBuffer(path: FilePath("o"), bytes: bytes))
    let report = EvaluationReport(program, evidence: Evidence([image], for: program))
    #expect(report.assertions.count == 4)
    for assertion in report.assertions where assertion.verdict != .undecided {
      let message = report.program.names.string(assertion.message)
      let fails = link.errors.contains(": \(message)\n")
      #expect((assertion.verdict == .fails) == fails, "\(option) \(message): \(link.errors)")
    }
    #expect(report.assertions[0].verdict == .undecided)
    #expect(report.assertions[2].verdict == .holds)
  }
}
