// `symbols`: tables and JSON of the samples, and of what the system's own tools say of a program.

import Foundation
import TestSupport
import Testing

struct SymbolsCommandTests {
  private func json(_ text: String) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    return try #require(object as? [String: Any])
  }

  @Test func mapAsText() throws {
    let run = try ProgramRun.run(["symbols", "samples/sound/boot.map"])
    #expect(run.status == 0 && run.errors == "")
    expectSnapshot(run.output, named: "symbols-map.txt")
  }

  @Test func mapAsJSON() throws {
    let run = try ProgramRun.run(["symbols", "--format=json", "samples/sound/boot.map"])
    #expect(run.status == 0 && run.errors == "")
    expectSnapshot(run.output, named: "symbols-map.json")
    let top = try json(run.output)
    #expect(top["kind"] as? String == "gnu-map")
    #expect(
      Set(top.keys) == ["file", "kind", "symbols", "sections", "segments", "regions"])
  }

  @Test func symbolsOfAListingAreTheListing() throws {
    let run = try ProgramRun.run(["symbols", "--format", "json", "samples/sound/boot.nm"])
    let symbols = try #require(try json(run.output)["symbols"] as? [[String: Any]])
    let lines = try Checkout.text("samples/sound/boot.nm").split(separator: "\n")
    #expect(symbols.count == lines.count)
    for (symbol, line) in zip(symbols, lines) {
      let words = line.split(separator: " ")
      let value = UInt64(words[0], radix: 16).map { "0x" + String($0, radix: 16) }
      #expect(symbol["name"] as? String == String(words[2]))
      #expect(symbol["value"] as? String == value)
    }
  }

  @Test func severalFilesAndStandardInput() throws {
    let listing = try Checkout.text("samples/sound/boot.nm")
    let run = try ProgramRun.run(
      ["symbols", "--format=json", "samples/sound/boot.map", "--symbols", "-"], input: listing)
    #expect(run.status == 0)
    let objects = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]]
    #expect(objects?.map { $0["file"] as? String } == ["samples/sound/boot.map", "<stdin>"])
    let twice = try ProgramRun.run(["symbols", "-", "-"], input: listing)
    #expect(twice.status == 2)
  }

  @Test func namesCannotSteerTheTerminal() throws {
    let run = try ProgramRun.run(
      ["symbols", "-"], input: "0000000000001000 T a\u{1B}[31mb\n0000000000001004 T c\n")
    #expect(run.status == 0)
    #expect(run.output.contains("a<1b>[31mb") && !run.output.utf8.contains(0x1B))
  }

  @Test func whatIsNoEvidenceIsRefused() throws {
    for input in ["", "hello\n", "\u{7F}ELF\u{2}"] {
      let run = try ProgramRun.run(["symbols", "-"], input: input)
      #expect(run.status == 2 && run.output == "", "\(input)")
      #expect(run.errors.hasPrefix("<stdin>: "), "\(run.errors)")
    }
    let run = try ProgramRun.run(["symbols", "--format=json", "samples/sound/boot.map", "none"])
    #expect(
      run.status == 2
        && run.errors == "none: error: cannot open: no such file or folder [missing-file]\n")
  }
}
