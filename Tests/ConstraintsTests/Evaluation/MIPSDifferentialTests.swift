// Scripts for 32-bit MIPS at addresses with the sign bit, linked with the real GNU ld: whichever upper half the
// script chose, no evidence may lead to a wrong verdict.

import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

@Suite struct MIPSDifferentialTests {
  static let tools = "mips-linux-gnu-"
  static let areToolsThere = ["ld", "as", "nm"].allSatisfy {
    ExternalTool.has(tools + $0)
  }
  static let links = Int(ProcessInfo.processInfo.environment["LDS_CHECK_LINKS"] ?? "") ?? 40

  private static let bases = [
    "0x80010000", "0xffffffff80010000", "0x10000", "0x7fff0000", "0xfffffffffff00000",
  ]
  private static let values = [
    "_start", "mid", "_end", "absolute", "number", "ADDR(.text)", "LOADADDR(.text)",
    "0x80000000", "0xffffffff80000000", "0x80010004", "0xffffffff80010004", "0x90000000",
  ]
  private static let operators = [
    "<", ">", "<=", ">=", "==", "!=", "- 0x80000000 <", "- _start ==", "& 0xffff ==", "+ 0x10 >",
    ">> 32 ==",
  ]

  private static func script(_ random: inout SeededGenerator) -> String {
    var text = """
      SECTIONS {
        . = \(random.pick(bases) ?? "0");
        .text : { *(.text) }
        _end = .;
        number = \(random.pick(["0x80000000", "0xffffffff80000000", "_start + 1"]) ?? "0");

      """
    for index in 0..<24 {
      let left = random.pick(values) ?? "0"
      let right = random.pick(values) ?? "0"
      text += "  ASSERT(\(left) \(random.pick(operators) ?? "<") \(right), \"A\(index)\")\n"
    }
    return "OUTPUT_ARCH(mips)\n" + text + "}\n"
  }

  @Test(.enabled(if: areToolsThere, "needs binutils for mips-linux-gnu"))
  func noVerdictIsWrong() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.s", ".text\n.globl _start,mid,absolute\n_start: nop\nmid: nop\nabsolute = 0x80000123\n")
    try #require(tool("as", ["a.s", "-o", "a.o"], folder).status == 0)
    var decided: [String: Int] = [:]
    var random = SeededGenerator(seed: 11)
    for _ in 0..<Self.links {
      let text = Self.script(&random)
      try folder.write("S", text)
      let run = try tool(
        "ld", ["--noinhibit-exec", "-T", "S", "a.o", "-o", "o", "-Map", "m"], folder)
      let failed = Set(
        run.errors.split(separator: "\n").compactMap { $0.split(separator: " ").last })
      guard FileManager.default.fileExists(atPath: folder.path("o")) else {
        Issue.record("\(run.errors)\n\(text)")
        break
      }
      try folder.write("nm", try tool("nm", ["o"], folder).output)
      let program = Program(ScriptParser.parse(SourceBuffer(name: "S", text: text)))
      for name in ["o", "m", "nm", "map alone"] {
        let image = try image(folder, name == "map alone" ? "m" : name)
        let program = name == "map alone" ? Program(map: image) : program
        let report = EvaluationReport(program, evidence: Evidence([image], for: program))
        #expect(report.assertions.count == 24)
        for assertion in report.assertions where assertion.verdict != .undecided {
          decided[name, default: 0] += 1
          let message = report.program.names.string(assertion.message)
          #expect(
            (assertion.verdict == .fails) == failed.contains(message[...]),
            "\(name): \(message) \(assertion.verdict)\n\(text)")
        }
        let stale = report.assignments.filter(\.isStale)
        #expect(stale.isEmpty, "\(name)\n\(text)")
      }
    }
    // Most conditions mix halves on purpose; those that do not must still be decided.
    for name in ["o", "m", "nm"] {
      let count = decided[name, default: 0]
      #expect(count > Self.links * 6, "\(name): \(decided)")
    }
  }

  private func tool(
    _ name: String, _ arguments: [String], _ folder: TemporaryFolder
  ) throws -> ProgramRun {
    try ProgramRun.tool(Self.tools + name, arguments, folder: folder.path)
  }

  private func image(_ folder: TemporaryFolder, _ name: String) throws -> Image {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder.path(name))))
    return try ImageReader.read(SourceBuffer(path: FilePath(name), bytes: bytes))
  }
}
