// `--output`: one form on standard output or in a file, and others beside it.

import Constraints
import LdsParser
import TestSupport
import Testing

@testable import lds_check

struct OutputPlanTests {
  private func plan(_ format: String?, _ outputs: [String]) throws -> [String] {
    try OutputPlan(format: format, outputs: outputs.map { Array($0.utf8) }).targets
      .map { "\($0.format):\($0.path?.display ?? "-")" }
  }

  @Test(
    arguments: [
      (nil, [], ["text:-"]), ("json", [], ["json:-"]), ("json", ["a"], ["json:a"]),
      (nil, ["sarif=a", "gitlab=b"], ["text:-", "sarif:a", "gitlab:b"]),
      ("github", ["sarif=a"], ["github:-", "sarif:a"]), (nil, ["sarif=-"], ["sarif:-"]),
      (nil, ["sarif=-", "x"], ["text:x", "sarif:-"]), (nil, ["./sarif=a"], ["text:./sarif=a"]),
      (nil, ["./xml=a"], ["text:./xml=a"]), (nil, ["json=a=b"], ["text:-", "json:a=b"]),
    ] as [(String?, [String], [String])])
  func plans(_ format: String?, _ outputs: [String], _ expected: [String]) throws {
    #expect(try plan(format, outputs) == expected)
  }

  @Test(
    arguments: [
      (nil, ["a", "b"]), (nil, ["sarif=a", "json=a"]), ("text", ["sarif=-"]),
      (nil, ["sarif=-", "json=-"]), (nil, ["xml=a"]), (nil, ["=a"]),
    ] as [(String?, [String])])
  func clashes(_ format: String?, _ outputs: [String]) {
    #expect(throws: UsageError.self) { try plan(format, outputs) }
  }

  @Test func aSlipInTheFormatIsNoFileName() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("a.lds", "ASSERT(1, \"m\")\n")
    let run = try ProgramRun.run(["lint", "-o", "sarf=a.sarif", "a.lds"], folder: folder.path)
    #expect(run.status == 2)
    #expect(run.errors.contains("did you mean 'sarif'?"), "\(run.errors)")
    #expect(try folder.names() == ["a.lds"])
  }

  @Test func everyFileIsWrittenAtTheEnd() throws {
    let folder = try TemporaryFolder()
    let outputs = ["sarif=" + folder.path("a"), "junit=" + folder.path("b"), folder.path("c")]
    let output = try ReportOutput(
      OutputPlan(format: "json", outputs: outputs.map { Array($0.utf8) }))
    try output.write(SyntheticReport.sample(.lint), colour: .never, isQuiet: false, hasMain: true)
    #expect(folder.text("a") == nil)
    try output.main.finish()
    try output.finishOthers()
    #expect(try folder.names() == ["a", "b", "c"])
    #expect(folder.text("b") == SyntheticReport.text(SyntheticReport.sample(.lint), .junit))
  }

  @Test func baselinesAreWrittenAndRead() throws {
    let folder = try TemporaryFolder()
    let findings = ["x", "y \"\u{1}", "x"].map { subject in
      Finding(
        rule: "a", severity: .note, message: "m",
        at: .image(FilePath("/build/xen-syms"), line: nil, offset: nil), subject: subject)
    }
    let baseline = Baseline(findings, sources: SourceSet())
    try BaselineFile.write(baseline, to: FilePath(folder.path("b.json")))
    expectSnapshot(folder.text("b.json") ?? "", named: "baseline.json")
    let read = try BaselineFile.read(FilePath(folder.path("b.json")))
    #expect(read.entries == baseline.entries)
    var ledger = read.ledger()
    #expect(ledger.split(findings, sources: SourceSet()).new.isEmpty)
  }
}
