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

  @Test func samplesExpandToTheCommittedScripts() throws {
    for (source, script) in [
      ("samples/boot.lds.S", "samples/sound/boot.lds"),
      ("samples/unaligned/boot.lds.S", "samples/unaligned/boot.lds"),
    ] {
      let run = try ProgramRun.run(["parse", "--expand", "-Isamples", source])
      #expect(run.status == 0 && run.errors == "")
      #expect(try run.output == Checkout.text(script))
    }
  }

  @Test func nodesOfAPreprocessedScriptStandWhereTheyWereWritten() throws {
    let run = try ProgramRun.run(["parse", "-Isamples", "samples/boot.lds.S"])
    let lines = try Checkout.text("samples/boot.lds.S").split(
      separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(lines.firstIndex { $0.hasPrefix("ASSERT(IS_ALIGNED(_start") }) + 1
    let width = lines[line - 1].utf8.count
    let span =
      "\"span\": {\"file\": \"samples/boot.lds.S\", \"line\": \(line), \"column\": 1, "
      + "\"endLine\": \(line), \"endColumn\": \(width + 1)}"
    #expect(run.output.contains(span))
  }

  @Test func definitionsSelectBranches() throws {
    let text = "#ifdef A\nx = A;\n#else\ny = 1;\n#endif\n"
    #expect(try parse(text, "--expand", "-DA=2").output == "x = 2;\n")
    #expect(try parse(text, "--expand", "-DA", "-UA").output == "y = 1;\n")
    let wrong = try parse("#error no\n", "--expand")
    #expect(wrong.status == 2 && wrong.errors.contains("<stdin>:1:"))
  }

  @Test func recordedCommandsOfKbuildAreUsed() throws {
    let folder = try TemporaryFolder()
    for name in ["arch", "inc"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(name), withIntermediateDirectories: false)
    }
    try folder.write("inc/a.h", "#define A 5\n")
    try folder.write("arch/x.lds.S", "#include <a.h>\nx = A + B;\n")
    try folder.write(
      "arch/.x.lds.cmd",
      "cmd_arch/x.lds := gcc -E -P -nostdinc -I./inc -DB=7 -o arch/x.lds arch/x.lds.S\n")
    let found = try ProgramRun.run(["parse", "--expand", "arch/x.lds.S"], folder: folder.path)
    #expect(found.output == "x = 5 + 7;\n" && found.errors == "")
    let named = try ProgramRun.run(
      ["parse", "--expand", "--cpp-command", "../arch/.x.lds.cmd", "-UB", "../arch/x.lds.S"],
      folder: folder.path("inc"))
    #expect(named.output == "x = 5 + B;\n" && named.errors == "")
    let wrong = try ProgramRun.run(
      ["parse", "--cpp-command=inc/a.h", "arch/x.lds.S"], folder: folder.path)
    #expect(wrong.status == 2 && wrong.errors.hasPrefix("inc/a.h: error: "))
  }

  @Test func commandsOfOutOfTreeBuildsAreFound() throws {
    let folder = try TemporaryFolder()
    for name in ["src/arch", "other/arch", "build/arch", "build/inc"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(name), withIntermediateDirectories: true)
    }
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("build/source"), withDestinationPath: folder.path("src"))
    try folder.write("build/inc/a.h", "#define A 5\n")
    let script = try folder.write("src/arch/x.lds.S", "#include <a.h>\nx = A;\n")
    try folder.write(
      "build/arch/.x.lds.cmd",
      "cmd_arch/x.lds := gcc -E -P -nostdinc -I./inc -o arch/x.lds \(script)\n")
    for name in ["source/arch/x.lds.S", "../src/arch/x.lds.S", script] {
      let run = try ProgramRun.run(["parse", "--expand", name], folder: folder.path("build"))
      #expect(run.output == "x = 5;\n" && run.errors == "", "\(name)")
    }
    // Of the same name, but not the script that was built.
    let other = try folder.write("other/arch/x.lds.S", "#include <a.h>\nx = A;\n")
    let run = try ProgramRun.run(["parse", "--expand", other], folder: folder.path("build"))
    #expect(run.output == "x = A;\n" && run.errors.contains("'a.h' is not found"))
    // The image tells the build's folder too.
    try folder.write("src/arch/x.lds.S", "#include <a.h>\nASSERT(y == A, \"odd\")\n")
    try folder.write("build/arch/image.nm", "0000000000000005 A y\n")
    let judged = try ProgramRun.run(
      ["eval", "src/arch/x.lds.S", "build/arch/image.nm"], folder: folder.path)
    #expect(judged.status == 0 && judged.output.contains("1 ASSERT holds"), "\(judged)")
  }

  @Test func missingTreeIsNamedWithTheFault() throws {
    let script = "#include <a.h>\nSECTIONS\n{\n  MACRO(.text) {\n    *(.text)\n  }\n}\n"
    let repaired = try parse(script)
    #expect(repaired.status == 0)
    for said in ["note: pass -I and -D as the build does", "no file defines 'MACRO'"] {
      #expect(repaired.errors.contains(said))
    }
    // What is not surely a macro is the linker's to refuse.
    let run = try parse(script.replacingOccurrences(of: "MACRO", with: "macro"))
    #expect(run.status == 2)
    #expect(run.errors.contains("note: pass -I and -D as the build does"))
    #expect(run.errors.contains("4:16: error: found '{'"))
    let plain = try parse("#define A 1\nx = ;\n")
    #expect(plain.status == 2 && !plain.errors.contains("--cpp-command"))
  }

  @Test func canonicalTextIsAFixedPoint() throws {
    let once = try parse(try Checkout.text("samples/sound/boot.lds"), "--format=script")
    #expect(once.status == 0 && once.errors == "")
    let twice = try parse(once.output, "--format=script")
    #expect(twice.output == once.output)
    let refused = try parse("x = ;", "--format=script")
    #expect(refused.status == 2 && refused.output == "")
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
    #expect(directory.errors.contains(".: no linker script below this folder"))
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

  @Test(.enabled(if: !Sanitizer.writesFiles)) func outputIsWholeOrNotAtAll() throws {
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
