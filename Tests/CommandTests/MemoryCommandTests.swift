// `lds-check memory` as a user runs it.

import Foundation
import FoundationXML
import TestSupport
import Testing

struct MemoryCommandTests {
  private static let before = "samples/firmware/before.map"
  private static let after = "samples/firmware/after.map"

  private func json(_ arguments: [String]) throws -> [String: Any] {
    let run = try ProgramRun.run(["memory", "--format", "json"] + arguments)
    return try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  /// "region FLASH overflowed by 1232 bytes: what ate it, and which object grew since last week?"
  @Test func theFirstLinesAnswerWhoAteIt() throws {
    let run = try ProgramRun.run(["memory", Self.before, Self.after])
    #expect(run.status == 1)
    let top = run.output.split(separator: "\n").prefix(15).joined(separator: "\n")
    #expect(top.contains("FLASH overflows by 1232 bytes: 9424 of 8192 are used"))
    #expect(top.contains("main.o 6082"))
    #expect(top.contains("net.o +1584"))
    #expect(top.contains("main.o +900"))
    #expect(Snapshot.mismatch(run.output, named: "memory-firmware.txt") == nil)
  }

  @Test func anEarlierImageMayBeGivenAsOption() throws {
    let run = try ProgramRun.run(["memory", Self.after, "--against", Self.before])
    #expect(run.output == (try ProgramRun.run(["memory", Self.before, Self.after]).output))
  }

  @Test func jsonHasTheDocumentedKeys() throws {
    let top = try json([Self.before])
    for key in ["tool", "image", "regions", "contributors", "budgets"] { #expect(top[key] != nil) }
    let regions = try #require(top["regions"] as? [[String: Any]])
    #expect(regions.map { $0["name"] as? String } == ["FLASH", "RAM"])
    #expect(regions[0]["origin"] as? String == "0x8000000")
    #expect(regions[0]["used"] as? Int == 6928)
    #expect(regions[0]["percent"] as? Double == 84.6)
    let contributors = try #require(top["contributors"] as? [[String: Any]])
    for region in regions {
      let sum = contributors.filter { $0["region"] as? String == region["name"] as? String }
        .reduce(0) { $0 + ($1["bytes"] as? Int ?? 0) }
      #expect(sum == region["used"] as? Int)
    }
  }

  @Test(arguments: ["section", "object", "archive", "symbol"])
  func everyGroupingSumsToWhatIsUsed(_ grouping: String) throws {
    let top = try json(["--by", grouping, Self.after, "samples/firmware/firmware.ld"])
    let contributors = try #require(top["contributors"] as? [[String: Any]])
    let sum = contributors.filter { $0["region"] as? String == "FLASH" }
      .reduce(0) { $0 + ($1["bytes"] as? Int ?? 0) }
    #expect(sum == 9424)
  }

  @Test func budgetsAreVerdicts() throws {
    let run = try ProgramRun.run(["memory", Self.after, "--against", Self.before, "-q"])
    #expect(run.status == 1)
    #expect(run.output.contains("[budget-exceeded]"))
    #expect(run.output.contains("[region-overflow]"))
    let holding = try ProgramRun.run(["memory", Self.before])
    #expect(holding.status == 0)
    #expect(holding.output.contains("undecided  FLASH"), "growth wants an older image")
    let junit = try ProgramRun.run([
      "memory", "--format", "junit", Self.after, "--against", Self.before,
    ])
    #expect(junit.output.contains("<failure message=\"FLASH\""))
    #expect(junit.output.contains("name=\"_end to __stack_limit\""))
    let sarif = try ProgramRun.run(["memory", "--format", "sarif", Self.after])
    #expect(sarif.output.contains("\"ruleId\": \"budget-exceeded\""))
    #expect(sarif.output.contains(".lds-check.json"))
  }

  @Test func formatsAreTheSameRunAfterRun() throws {
    for format in ["csv", "markdown", "svg", "html"] {
      let arguments = ["memory", "--format", format, Self.before, Self.after]
      let first = try ProgramRun.run(arguments)
      #expect(first.output == (try ProgramRun.run(arguments).output))
      #expect(first.output.contains("net.o"), "\(format)")
      #expect(first.status == 1)
    }
    let markdown = try ProgramRun.run(["memory", "--format", "markdown", Self.before, Self.after])
    #expect(Snapshot.mismatch(markdown.output, named: "memory-firmware.md") == nil)
    let csv = try ProgramRun.run(["memory", "--format", "csv", Self.before, Self.after])
    #expect(csv.output.contains("FLASH,region,FLASH,9424,,8192,6928,2496\r\n"))
  }

  @Test(arguments: ["svg", "html"]) func picturesAreWellFormedAndAskNobody(_ format: String) throws
  {
    let run = try ProgramRun.run(["memory", "--format", format, Self.before, Self.after])
    #expect(!run.output.contains("<script"))
    #expect(!run.output.contains("src="))
    #expect(!run.output.contains("@import"))
    let text = run.output.replacingOccurrences(of: "<!DOCTYPE html>", with: "")
    let parser = XMLParser(data: Data(text.utf8))
    #expect(parser.parse(), "\(parser.parserError?.localizedDescription ?? "")")
  }

  /// Before any link, and where the link would fail: the table that ld prints, and who grew.
  @Test(.enabled(if: (try? ProgramRun.shell("command -v arm-none-eabi-ld").status) == 0))
  func objectsAnswerBeforeAnyLink() throws {
    let folder = try TemporaryFolder()
    for name in ["main.s", "net.s", "firmware.ld", "before.map"] {
      try folder.write(name, try Checkout.bytes("samples/firmware/" + name))
    }
    _ = try ProgramRun.shell(
      "arm-none-eabi-as --defsym APP_BYTES=5900 -o main.o main.s && arm-none-eabi-as --defsym NET_TABLE=2608 -o net.o net.s",
      folder: folder.path)
    let run = try ProgramRun.run(
      ["memory", "firmware.ld", "main.o", "net.o", "--against", "before.map"], folder: folder.path)
    #expect(run.status == 1)
    let top = run.output.split(separator: "\n").prefix(15).joined(separator: "\n")
    #expect(top.contains("FLASH overflows by 1232 bytes: 9424 of 8192 are used"), "\(run)")
    #expect(top.contains("net.o +1584") && top.contains("main.o 6082"))
    try folder.write(
      "link.cmd", "arm-none-eabi-ld -T firmware.ld main.o net.o -Map=fw.map -o fw.elf\n")
    let command = try ProgramRun.run(
      ["memory", "--link-command", "link.cmd", "--against", "before.map"], folder: folder.path)
    #expect(command.output == run.output)
    // Verdicts need an image: the other commands say what stands in the way, and who tells more.
    let judged = try ProgramRun.run(
      ["eval", "firmware.ld", "main.o", "net.o"], folder: folder.path)
    #expect(judged.status == 2 && judged.errors.contains("overflowed by 1232 bytes"))
    #expect(judged.errors.contains("lds-check memory"))
    try folder.write("none.cmd", "arm-none-eabi-ld -T firmware.ld missing.o -o fw.elf\n")
    let missing = try ProgramRun.run(
      ["memory", "--link-command", "none.cmd"], folder: folder.path)
    #expect(missing.status == 2 && missing.errors.contains("missing.o"))
  }

  @Test(.enabled(if: (try? ProgramRun.shell("command -v ld.gold").status) == 0))
  func whatNoObjectBringsHasAName() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.s",
      ".globl _start\n_start: .skip 20\n.section .rodata.s,\"aMS\",@progbits,1\n.string \"abc\"\n")
    _ = try ProgramRun.shell(
      "gcc -c a.s -o a.o && ld.gold a.o -o x -Map=x.map", folder: folder.path)
    let run = try ProgramRun.run(["memory", "x.map"], folder: folder.path)
    #expect(run.output.contains("(made by the linker, in .rodata)"), "\(run.output)")
  }

  @Test func historyShowsTheTrend() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("history.jsonl")
    for map in [Self.before, Self.before, Self.after] {
      _ = try ProgramRun.run(["memory", "--history", file, map])
    }
    let lines = try #require(folder.text("history.jsonl")).split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[2].contains(#""regions":[{"name":"FLASH","used":9424,"length":8192}"#))
    let alone = try ProgramRun.run(["memory", "--history", file])
    #expect(alone.output.contains("FLASH"))
    // Images of two names are two series.
    #expect(alone.output.contains("1 build of after.map"))
    let diff = try ProgramRun.run(["diff", file])
    #expect(diff.status == 0 || diff.status == 1, "\(diff.errors)")
  }

  @Test(arguments: ["lint", "eval", "explain"])
  func otherCommandsTellOfTheOverflow(_ command: String) throws {
    for script in [[], ["samples/firmware/firmware.ld"]] {
      let run = try ProgramRun.run([command, Self.after] + script)
      #expect(run.status == 1, "\(run.errors)")
      #expect(
        run.output.contains("region 'FLASH' has 0x2000 bytes and needs 0x24d0: 0x4d0 too many"))
    }
  }

  @Test func scriptsAloneAreRefused() throws {
    let run = try ProgramRun.run(["memory", "samples/firmware/firmware.ld"])
    #expect(run.status == 2)
    #expect(run.errors.contains("no image to show"))
    #expect(try ProgramRun.run(["memory"]).status == 2)
  }
}
