// Compound assignments by every release of lld: what is read as one is one, and what the release takes for patterns of files is
// not read.

import LdsParser
import TestSupport
import Testing

struct CompoundAssignmentTests {
  private static let operators = ["+=", "-=", "*=", "/=", "&=", "|=", "<<=", ">>=", "^="]
  private static let results: [UInt64] = [7, 3, 10, 2, 0, 7, 20, 1, 7]

  @Test(arguments: KnownRelease.lld.filter { $0.path != nil })
  func areReadAsTheLinkerDoes(_ release: KnownRelease) throws {
    let link = try JudgedLink(release, [".globl _start\n.text\n_start: nop\n"])
    for (operation, result) in zip(Self.operators, Self.results) {
      // In an output section `v ^= 2` is a pattern to releases without that operator, here as there.
      for place in operation == "^=" ? 1..<3 : 0..<3 {
        let statement = "v \(operation) 2;"
        let text = """
          v = 5;
          SECTIONS { \(place == 1 ? statement : "") .text : { *(.text) \(place == 0 ? statement : "") } }
          \(place == 2 ? statement : "")

          """
        let isLinked = try link.link(text, ["--threads=1"]) != nil
        var value: UInt64?
        if isLinked {
          let image = try ImageReader.read(link.folder.buffer("x"))
          value = image.symbols.records.first { image.symbols.name($0) == "v" }?.value
        }
        let script = ScriptParser.parse(
          try link.folder.buffer("s.ld"), options: ScriptParser.Options(dialect: release.dialect))
        let isRead = !script.diagnostics.contains { $0.severity == .error }
        #expect(isRead == (value == result), "\(release.name) \(text)")
      }
    }
  }
}
