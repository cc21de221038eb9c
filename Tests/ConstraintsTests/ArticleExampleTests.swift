// The examples of the libraries' documentation, run. What stands in the articles is what stands here.

import Constraints
import LdsParser
import TestSupport
import Testing

struct ArticleExampleTests {
  private func readAScript() -> [String] {
    let text = """
      SECTIONS { . = 0x100000; _start = .; .text : { *(.text) } _end = .; }
      ASSERT(_end - _start <= 0x1000, "too large")
      """
    let buffer = SourceBuffer(path: FilePath("boot.lds"), bytes: Array(text.utf8))
    let script = ScriptParser.parse(buffer)
    if script.isRefused {
      return script.diagnostics.map(\.message)
    }
    let canonical = ScriptWriter.text(of: script)
    return [canonical]
  }

  @Test func scripts() {
    #expect(readAScript().first?.contains("ASSERT(") == true)
  }

  @Test func images() throws {
    let listing = "0000000000100000 T _start\n0000000000100800 T _end\n"
    let file = SourceBuffer(path: FilePath("boot.nm"), bytes: Array(listing.utf8))
    let image = try ImageReader.read(file, parts: [.symbols])
    let symbols = image.symbols.records.map { record in
      image.symbols.name(record) + " = 0x" + String(record.value, radix: 16)
    }
    #expect(symbols == ["_start = 0x100000", "_end = 0x100800"])
  }

  @Test func verdicts() throws {
    let text = """
      SECTIONS { . = 0x100000; _start = .; .text : { *(.text) } _end = .; }
      ASSERT(_end - _start <= 0x1000, "too large")
      ASSERT(SIZEOF(.text) != 0, "no code")
      """
    let listing = "0000000000100000 T _start\n0000000000102000 T _end\n"
    let script = ScriptParser.parse(
      SourceBuffer(path: FilePath("boot.lds"), bytes: Array(text.utf8)))
    let image = try ImageReader.read(
      SourceBuffer(path: FilePath("boot.nm"), bytes: Array(listing.utf8)))

    let session = Session(
      scripts: [LoadedScript(path: FilePath("boot.lds"), script: script)], images: [image])
    let verdicts = try session.judge().map(\.report).flatMap { report in
      report.assertions.map { assertion in
        let message = report.program.names.string(assertion.message)
        let reason = assertion.lack.map { ": " + report.text($0) } ?? ""
        return "\(message): \(assertion.verdict)\(reason)"
      }
    }
    #expect(verdicts.count == 2)
    #expect(verdicts.first == "too large: fails")
    #expect(verdicts.last?.hasPrefix("no code: undecided: ") == true)
  }

  @Test(arguments: [
    "Sources/LdsParser/LdsParser.docc/LdsParser.md",
    "Sources/Constraints/Constraints.docc/Constraints.md",
  ])
  func articlesShowWhatRunsHere(_ article: String) throws {
    func unindented(_ text: Substring) -> [Substring] {
      text.split(separator: "\n").map { $0.drop { $0 == " " } }
    }
    let source = unindented(
      try Checkout.text("Tests/ConstraintsTests/ArticleExampleTests.swift")[...])
    let parts = try Checkout.text(article).split(
      separator: "```", omittingEmptySubsequences: false)
    let examples = parts.filter { $0.hasPrefix("swift\n") }.map { unindented($0.dropFirst(6)) }
    #expect(!examples.isEmpty)
    for example in examples {
      let isHere = source.indices.contains { source[$0...].starts(with: example) }
      #expect(isHere, "\(example.first ?? "")")
    }
  }
}
