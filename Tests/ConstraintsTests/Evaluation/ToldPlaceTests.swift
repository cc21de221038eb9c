// A statement between sections that reads the location counter where the script leaves it open: a symbol that is set
// from it further down tells it, so long as nothing moves it in between.

import Foundation
import LdsParser
import TestSupport
import Testing

@testable import Constraints

@Suite(.enabled(if: LinkerReading.isMeasured, "needs GNU ld 2.40"))
struct ToldPlaceTests {
  /// Behind a section that the image does not have, and that strip may have taken.
  @Test(arguments: [
    (
      "end = .; ASSERT(. == end, \"B\")", ["A": Verdict.holds, "B": .holds],
      "ASSERT(. > _start, \"A\")"
    ),
    ("end = .;", ["A": .fails], "ASSERT(. == 8, \"A\")"),
    // What moves it in between is not told.
    (". = ALIGN(64); end = .;", ["A": .undecided], "ASSERT(. == 8, \"A\")"),
    // What a PROVIDE or an earlier assignment came to is not in the image.
    ("PROVIDE(end = .);", ["A": .undecided], "ASSERT(. == 8, \"A\")"),
    ("end = .; end = 5;", ["A": .undecided], "ASSERT(. == 8, \"A\")"),
  ])
  func symbols(_ behind: String, _ verdicts: [String: Verdict], _ before: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("a.s", ".globl _start\n.text\n_start: nop\n")
    let text = """
      SECTIONS { . = 0x400000; .text : { *(.text) } .empty : { *(.none) } \(before) \(behind) }

      """
    try folder.write("S", text)
    let run = try ProgramRun.shell(
      "as a.s -o a.o && ld --noinhibit-exec -T S a.o -o x 2>&1", folder: folder.path)
    let bytes = try #require(
      FileManager.default.contents(atPath: folder.path("x")), "\(run.output)")
    let image = try ImageReader.read(SourceBuffer(path: FilePath("x"), bytes: Array(bytes)))
    let loaded = LoadedScript(
      path: FilePath("S"),
      script: ScriptParser.parse(SourceBuffer(path: FilePath("S"), bytes: Array(text.utf8))))
    let report = try #require(Session(scripts: [loaded], images: [image]).judge().first).report
    for assertion in report.assertions {
      let message = report.program.names.string(assertion.message)
      #expect(assertion.verdict == verdicts[message], "\(message)")
      if assertion.verdict == .fails { #expect(run.output.contains("ld: \(message)")) }
      if assertion.verdict == .holds { #expect(!run.output.contains("ld: \(message)")) }
    }
  }
}
