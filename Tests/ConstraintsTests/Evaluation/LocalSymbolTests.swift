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

  /// A map of lld lists what is local to an object like all else: an ASSERT on it fails, or is undecided.
  @Test(.enabled(if: LinkerDifferentialTests.isLLDThere, LinkerDifferentialTests.needsLLD))
  func aMapOfLLDDoesNotTell() throws {
    let sections = "SECTIONS { . = 0x1000; .text : { *(.text) } set = .; }\n"
    let conditions = ["own", "common", "own == 1", "common == 1", "set", "DEFINED(own)"]
    let folder = try TemporaryFolder()
    try folder.write("a.s", ".text\nown: nop\n.globl common\ncommon: nop\nset: nop\n")
    #expect(
      try ProgramRun.tool("/usr/bin/as", ["a.s", "-o", "a.o"], folder: folder.path).status == 0)
    let path = try #require(JudgingLinker(.lld)).path
    let image = try linked(sections, path, folder, files: ["m"])
    let both = try linked(sections, path, folder, files: ["m", "o"])
    for (condition, expected) in zip(
      conditions, [Verdict.undecided, .undecided, .fails, .fails, .holds, .undecided])
    {
      let text = sections + "ASSERT(\(condition), \"A1\")\n"
      let program = Program(
        ScriptParser.parse(
          SourceBuffer(name: "S", text: text), options: .init(dialect: LinkerDialect(.lld))))
      let verdicts = [image, both].map { images in
        EvaluationReport(
          program, evidence: Evidence(images, for: program), dialect: LinkerDialect(.lld)
        ).assertions.map(\.verdict)
      }
      #expect(verdicts[0] == [expected], "\(condition)")
      try folder.write("S", text)
      let link = try ProgramRun.tool(
        path, ["-T", "S", "a.o", "-o", "o2", "-Map", "m2"], folder: folder.path)
      let verdict = try #require(verdicts[1].first)
      #expect(
        verdict == .undecided || (verdict == .holds) == (link.status == 0),
        "\(condition): \(link.errors)")
    }
  }

  /// What is common, or left to an object by a PROVIDE, is not local.
  @Test(.enabled(if: LinkerDifferentialTests.isLLDThere, LinkerDifferentialTests.needsLLD))
  func aMapOfLLDTellsOfCommonsAndProvides() throws {
    let script = """
      SECTIONS {
        . = 0x1000;
        .text : { *(.text) PROVIDE(inside = 3); }
        PROVIDE(own = 5);
        PROVIDE(global = 6);
        .bss : { *(COMMON) }
      }
      ASSERT(own == 5, "own")
      ASSERT(global > 0x1000, "global")
      ASSERT(inside > 0x1000, "inside")
      ASSERT(block > 0x1000, "block")
      ASSERT(other > 0x1000, "other")
      """
    let folder = try TemporaryFolder()
    try folder.write(
      "a.s",
      """
      .text
      own: nop
      .globl global, inside, other
      global: nop
      inside: nop
      other: nop
      .comm block,8,8

      """)
    #expect(
      try ProgramRun.tool("/usr/bin/as", ["a.s", "-o", "a.o"], folder: folder.path).status == 0)
    let path = try #require(JudgingLinker(.lld)).path
    let images = try linked(script, path, folder, files: ["m"])
    let program = Program(
      ScriptParser.parse(
        SourceBuffer(name: "S", text: script), options: .init(dialect: LinkerDialect(.lld))))
    let report = EvaluationReport(
      program, evidence: Evidence(images, for: program), dialect: LinkerDialect(.lld))
    #expect(
      report.assertions.map(\.verdict) == [.holds, .holds, .holds, .holds, .undecided])
    let link = try ProgramRun.tool(path, ["-T", "S", "a.o", "-o", "o2"], folder: folder.path)
    #expect(link.status == 0, "\(link.errors)")
  }

  private func linked(
    _ script: String, _ path: String, _ folder: TemporaryFolder, files: [String]
  ) throws -> [Image] {
    try folder.write("S", script)
    _ = try ProgramRun.tool(
      path, ["-T", "S", "a.o", "-o", "o", "-Map", "m"], folder: folder.path)
    return try files.map { file in
      let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder.path(file))))
      return try ImageReader.read(SourceBuffer(path: FilePath(file), bytes: bytes))
    }
  }
}
