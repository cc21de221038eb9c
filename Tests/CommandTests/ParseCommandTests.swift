// `parse`: the tree as JSON, faults of scripts, files that cannot be read.

import Foundation
import TestSupport
import Testing

struct ParseCommandTests {
  private func parse(_ script: String, _ arguments: String...) throws -> ProgramRun {
    try ProgramRun.run(["parse", "-"] + arguments, input: script)
  }

  @Test func everyKindOfNodeIsWritten() throws {
    let run = try ProgramRun.run([
      "parse", Checkout.path("Tests/CommandTests/Inputs/every-node.lds"),
    ])
    #expect(run.status == 0 && run.errors == "")
    let top = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    #expect(top?["scripts"] is [Any])
    let path = Checkout.path("Tests/CommandTests/Inputs/")
    expectSnapshot(run.output.replacingOccurrences(of: path, with: ""), named: "every-node.json")
  }

  @Test func spansNameTheBytesOfTheNode() throws {
    let text = "/* \u{e9} */ x = 1 +\n  y;\n"
    let run = try parse(text)
    let pattern =
      #""span": {"file": "<stdin>", "line": 1, "column": 10, "endLine": 2, "endColumn": 4}"#
    #expect(run.output.contains(pattern))
  }

  @Test func refusedScriptIsShownWithACaret() throws {
    let run = try parse("SECTIONS\n{\n  .text : { *(.text) }\n}\nASSERT(a; \"b\")\n")
    #expect(run.status == 2)
    expectSnapshot(run.errors, named: "parse-refused.txt")
    #expect((try? JSONSerialization.jsonObject(with: Data(run.output.utf8))) != nil)
  }

  @Test func includedFilesAreFound() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("inc"), withIntermediateDirectories: false)
    try folder.write("inc/a.lds", "x = 1;\n")
    try folder.write("main.lds", "INCLUDE a.lds\n")
    let found = try ProgramRun.run(["parse", "-Iinc", "main.lds"], folder: folder.path)
    #expect(found.status == 0 && found.errors == "")
    #expect(found.output.contains("inc/a.lds"))
    let missing = try ProgramRun.run(["parse", "main.lds"], folder: folder.path)
    #expect(missing.status == 2)
    #expect(missing.errors.contains("main.lds:1:9: error: "))
  }

  @Test func deepExpressionsAreRefusedAndNotACrash() throws {
    let sum = Array(repeating: "1", count: 100_000).joined(separator: "+")
    let run = try parse("x = \(sum);\n")
    #expect(run.status == 2 && run.output == "")
    #expect(run.errors.contains("expression of more than 400 levels, the limit for JSON"))
    let good = try parse("x = \(sum.prefix(2 * 399 - 1));\n")
    #expect(good.status == 0)
  }

  @Test func filesThatCannotBeRead() throws {
    let folder = try TemporaryFolder()
    let missing = try ProgramRun.run(["parse", "none.lds"], folder: folder.path)
    #expect(missing.status == 2 && missing.output == "")
    #expect(missing.errors.hasPrefix("none.lds: error: cannot open: no such file"))
    let directory = try ProgramRun.run(["parse", "."], folder: folder.path)
    #expect(directory.status == 2)
    #expect(directory.errors.hasPrefix(".: error: is a folder"))
    #expect(try ProgramRun.run(["parse"]).errors.contains("nothing to read: SCRIPT is missing"))
    let closed = try ProgramRun.shell("\"$LDS_CHECK\" parse - <&-")
    #expect(closed.status == 2 && closed.errors.hasPrefix("<stdin>: error: "))
  }

  @Test func namesThatAreNoUTF8() throws {
    let folder = try TemporaryFolder()
    let run = try ProgramRun.shell(
      #"n=$(printf 'a\377.lds'); echo 'x = 1;' >"$n"; "$LDS_CHECK" parse "$n""#,
      folder: folder.path)
    #expect(run.status == 0)
    #expect(run.output.contains("\"file\": \"a\u{FFFD}.lds\""))
  }

  @Test func outputIsWholeOrNotAtAll() throws {
    let folder = try TemporaryFolder()
    try folder.write("good.lds", "x = 1;\n")
    try folder.write("out", "old")
    let bad = try ProgramRun.run(["parse", "-o", "out", "none.lds"], folder: folder.path)
    #expect(bad.status == 2 && folder.text("out") == "old")
    let full = try ProgramRun.shell(
      "ulimit -f 0; \"$LDS_CHECK\" parse -o out good.lds", folder: folder.path)
    #expect(full.status == 2 && folder.text("out") == "old", "\(full.errors)")
    let device = try ProgramRun.run(["parse", "-o", "/dev/full", "good.lds"], folder: folder.path)
    #expect(device.status == 2 && device.errors.contains("/dev/full: cannot write: No space"))
    let good = try ProgramRun.run(["parse", "--output=out", "good.lds"], folder: folder.path)
    #expect(good.status == 0 && good.output == "")
    #expect(folder.text("out")?.hasPrefix("{\n") == true)
    #expect(try folder.names() == ["good.lds", "out"])
  }

  @Test func readerThatGoesAwayIsNoError() throws {
    let run = try ProgramRun.shell(
      "{ \"$LDS_CHECK\" parse samples/sound/boot.lds; echo $? >&2; } | head -c 1")
    #expect(run.errors == "0\n" && run.output == "{")
  }

  @Test func sameOutputEveryTime() throws {
    let file = "samples/sound/boot.lds"
    let first = try ProgramRun.run(["parse", file])
    #expect(first.status == 0)
    for _ in 0..<5 { #expect(try ProgramRun.run(["parse", file]).output == first.output) }
  }
}
