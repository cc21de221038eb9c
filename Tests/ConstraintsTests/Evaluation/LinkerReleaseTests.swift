// What each release of a linker that is there makes of ASSERTs before, between and behind what they speak of, beside
// the verdicts by its rules.

import Constraints
import LdsParser
import TestSupport
import Testing

@Suite struct LinkerReleaseTests {
  /// Conditions, each put in front of everything, inside an earlier section, between sections and behind all.
  private static let conditions = [
    "SIZEOF(.data) == 8", "SIZEOF(.data) == 0", "SIZEOF(.data) == 0 || SIZEOF(.data) == 8",
    "ADDR(.data) == 0x2000", "LOADADDR(.data) == 0x2000", "ALIGNOF(.data) >= 1", "end == 0x2008",
    "end", "!end", "end - begin == 0x1008", "DEFINED(end)", "DEFINED(_start)", "DEFINED(nosuch)",
    "chain3 == 0x2009", "chain1 == 0x2009", "_start == 0x1000", "_start < 0x2000",
    "value >= 0x2000",
    "value", "above == 5", "SIZEOF(.text) == 4", "ADDR(.text) == 0x1000", "begin == 0x1000",
    "DEFINED(end) ? end == 0x2008 : 1", "1 || SIZEOF(.data)", "0 && end", "MAX(end, 1)",
    "ABSOLUTE(end) > 0", "SIZEOF(.data) + 1", "(end & 0xf) == 8 || end == 0", "end != 1",
    "value - _start == 0x1000", "ADDR(.data) - ADDR(.text) == 0x1000", "SIZEOF(.nosuch) == 0",
    "later == 7", "later", "later2 == 8", "late3 == 0x2010", "DEFINED(later) ? later == 7 : 1",
  ]

  private static func script(_ conditions: [String]) -> String {
    func asserts(_ place: String) -> String {
      conditions.enumerated().map { "ASSERT(\($1), \"A\(place)\($0)\")" }
        .joined(separator: place == "1" ? ";\n" : "\n") + (place == "1" ? ";" : "")
    }
    return """
      ENTRY(_start)
      above = 5;
      chain1 = chain2;
      chain2 = chain3;
      \(asserts("0"))
      SECTIONS
      {
        .text 0x1000 : { begin = .; *(.text) \(asserts("1")) }
        \(asserts("2"))
        .data 0x2000 : { *(.data) end = .; }
      }
      chain3 = end + 1;
      later = 7;
      later2 = later + 1;
      late3 = end + 8;
      \(asserts("3"))
      """
  }

  @Test(arguments: KnownRelease.all) func everyPlace(_ release: KnownRelease) throws {
    guard let path = release.path, ExternalTool.path("as") != nil else {
      try Test.cancel("needs \(release.name)")
    }
    let folder = try TemporaryFolder()
    try folder.write(
      "a.s", ".globl _start, value\n.text\n_start: .long 1\n.data\nvalue: .long 1, 2\n")
    _ = try ProgramRun.tool("as", ["--64", "a.s", "-o", "a.o"], folder: folder.path)
    // GNU ld stops at a section that does not exist.
    let conditions = Self.conditions.filter { release.dialect == .lld || !$0.contains(".nosuch") }
    let text = Self.script(conditions)
    try folder.write("S", text)
    let run = try ProgramRun.tool(
      path,
      ["-m", "elf_x86_64", "-z", "noexecstack", "--noinhibit-exec", "-T", "S", "a.o", "-o", "o"],
      folder: folder.path)
    let words = Set(run.errors.split(whereSeparator: { " \n:".contains($0) }).map(String.init))
    let script = ScriptParser.parse(
      SourceBuffer(name: "S", text: text), options: .init(dialect: release.dialect))
    #expect(!script.isRefused, "\(script.diagnostics.map(\.message))")
    let image = try ImageReader.read(FileInput.read(FilePath(folder.path("o"))))
    let judged = try Session(
      scripts: [LoadedScript(path: FilePath("S"), script: script)], images: [image],
      dialect: release.dialect
    ).judge()
    let report = try #require(judged.first).report
    #expect(report.assertions.count == 4 * conditions.count)
    var undecided: [String] = []
    for assertion in report.assertions {
      let message = report.program.names.string(assertion.message)
      let condition = conditions[Int(message.dropFirst(2)) ?? 0]
      switch assertion.verdict {
      case .undecided: undecided.append("\(message) \(condition)")
      case let verdict:
        #expect(
          (verdict == .fails) == words.contains(message),
          "\(release.name), place \(message.dropFirst().first ?? " "): \(condition)")
      }
    }
    #expect(undecided.count * 5 <= report.assertions.count, "\(undecided)")
    // What the script alone proves holds or fails for the linker, too.
    for proof in ProofReport(Program(script), dialect: release.dialect).assertions
    where proof.verdict != .depends {
      let message = script.names.string(proof.message)
      #expect(
        (proof.verdict == .neverHolds) == words.contains(message),
        "\(release.name) proves \(message): \(conditions[Int(message.dropFirst(2)) ?? 0])")
    }
  }
}
