// Failures that are known: by a comment, by the baseline, in every place that tells of them.

import Foundation
import TestSupport
import Testing

struct AcceptedFailureTests {
  private let map = Checkout.path("samples/unaligned/boot.map")

  private func cases(_ text: String, _ element: String) -> Int {
    text.components(separatedBy: "<\(element) ").count - 1
  }

  @Test func theBaselineKnowsFailures() throws {
    let folder = try TemporaryFolder()
    let baseline = folder.path("known.json")
    let junit = folder.path("a.xml")
    let first = try ProgramRun.run(["eval", map, "--write-baseline", baseline])
    #expect(first.status == 1)
    let second = try ProgramRun.run([
      "eval", map, "--baseline", baseline, "--output", "junit=" + junit,
    ])
    #expect(second.status == 0)
    #expect(second.output.contains("known: in the baseline\n"))
    #expect(second.output.contains("2 in the baseline"))
    let xml = folder.text("a.xml") ?? ""
    #expect(cases(xml, "failure") == 0)
    #expect(cases(xml, "skipped") == 2)
    // The baseline of a broken image says of a good one what is gone.
    let sound = try ProgramRun.run([
      "eval", Checkout.path("samples/sound/boot.map"), "--baseline", baseline,
    ])
    #expect(sound.status == 0)
    #expect(
      sound.output.contains(
        "the baseline lists 'assertion-fails' in samples/unaligned/boot.map, which is gone"))
  }

  @Test func aCommentInTheScriptHidesAFailure() throws {
    let folder = try TemporaryFolder()
    let script = try folder.write(
      "a.lds",
      """
      /* lds-check: disable=assertion-fails the loader copes */
      ASSERT(1 == 2, "one")
      ASSERT(1 == 2, "two")
      /* lds-check: disable=assertion-fails */
      ASSERT(1 == 1, "three")
      """)
    let image = try folder.write("a.nm", "0000000000001000 T _start\n")
    let run = try ProgramRun.run(["eval", script, image])
    #expect(run.status == 1)
    #expect(run.output.contains("known: the loader copes\n"))
    #expect(run.output.contains("warning[unused-suppression]"))
    #expect(run.output.contains("1 error, 1 warning"))
    #expect(run.output.contains("1 suppressed"))
  }

  @Test func aWrongConfigurationIsShownWithACaret() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "c.json", #"{"constraints": [{"name": "n", "expression": "_end <= 4)"}]}"#)
    let run = try ProgramRun.run(["eval", map, "--config", path])
    #expect(run.status == 2)
    #expect(run.errors.contains("c.json:1:56: error: "))
    #expect(run.errors.contains("^"))
    #expect(run.output.isEmpty)
  }

  @Test func oneFileForTwoFormatsIsRefused() throws {
    let run = try ProgramRun.run(["eval", map, "--output", "sarif=a", "--output", "json=a"])
    #expect(run.status == 2)
    #expect(run.errors.contains("'a' is already taken by another format"))
  }

  @Test func constraintsOfTheConfigurationAreJudged() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "c.json",
      #"""
      {"constraints": [
        {"name": "small", "expression": "_end - _start <= 1M", "why": "the loader copies 1M"},
        {"name": "ordered", "expression": "_start < _end"},
        {"name": "unknown", "expression": "no_such_symbol == 1"}]}
      """#)
    let sound = Checkout.path("samples/sound/boot.map")
    let run = try ProgramRun.run(["eval", sound, "--config", path])
    #expect(run.status == 1)
    #expect(run.output.contains("error[constraint-fails]: small\n"))
    #expect(run.output.contains("c.json:2:35"))
    #expect(run.output.contains("note: why: the loader copies 1M"))
    #expect(run.output.contains("18 ASSERTs hold, 1 fails, 1 undecided"))
    let json = try ProgramRun.run(["eval", sound, "--config", path, "--format", "gitlab"])
    #expect(json.output.contains("constraint-undecided"))
  }
}
