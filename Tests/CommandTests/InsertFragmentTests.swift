// Scripts with INSERT in files of their own, `-T extra.ld -T base.ld`: the statements stand where GNU ld moves them, and
// no value is another than in its image.

import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: InstalledLinkers.canLink, "needs ld and as"))
struct InsertFragmentTests {
  /// More links by hand: LDS_CHECK_LINKS=200.
  private static let links =
    ProcessInfo.processInfo.environment["LDS_CHECK_LINKS"].flatMap(Int.init) ?? 12
  private static let seed =
    ProcessInfo.processInfo.environment["LDS_CHECK_SEED"].flatMap(UInt64.init) ?? 1

  private static let sections = ["text", "rodata", "data", "tables"]

  private static func base(_ random: inout SeededGenerator) -> String {
    var text = "SECTIONS {\n"
    if random.below(3) > 0 { text += "  . = 0x10000;\n" }
    for name in sections {
      if random.below(3) == 0 { text += "  before_\(name) = .;\n" }
      if random.below(3) == 0 { text += "  . = ALIGN(\(1 << (3 + random.below(6))));\n" }
      let start = random.below(4) == 0 ? " ALIGN(64)" : ""
      text += "  .\(name)\(start) : { s_\(name) = .; *(.\(name)) e_\(name) = .; }\n"
      for index in 0..<random.below(3) { text += "  after_\(name)_\(index) = .;\n" }
      if random.below(4) == 0 { text += "  . = . + \(8 * (1 + random.below(9)));\n" }
    }
    return text + "  _end = .;\n}\n"
  }

  private static func fragment(_ number: Int, _ random: inout SeededGenerator) -> String {
    var text = random.below(3) == 0 ? "top_\(number) = 0x\(number)0;\n" : ""
    text += "SECTIONS {\n"
    for part in 0...random.below(2) {
      if random.below(3) == 0 { text += "  . = ALIGN(32);\n" }
      text += "  x_\(number)_\(part) = .;\n"
      text += "  .extra\(number)\(part) : { y_\(number)_\(part) = .; *(.extra\(number)\(part)) }\n"
      text += "  z_\(number)_\(part) = .;\n"
    }
    let place = random.below(2) == 0 ? "AFTER" : "BEFORE"
    return text + "}\nINSERT \(place) .\(random.pick(sections) ?? "text");\n"
  }

  private static func object(_ random: inout SeededGenerator) -> String {
    let extras = (0..<2).flatMap { number in (0..<2).map { "extra\(number)\($0)" } }
    return (sections + extras).map { name in
      ".section .\(name),\"\(name == "text" ? "ax" : name == "rodata" ? "a" : "aw")\"\n"
        + ".balign \(1 << random.below(4))\n.skip \(1 + random.below(90))\n"
    }.joined() + ".section .note.GNU-stack,\"\",@progbits\n"
  }

  @Test func statementsStandWhereTheLinkerMovesThem() throws {
    var decided = 0
    var asked = 0
    for index in 0..<Self.links {
      var random = SeededGenerator(seed: Self.seed &* 1000 &+ UInt64(index))
      let folder = try TemporaryFolder()
      let count = 1 + Int(random.below(2))
      try folder.write("base.ld", Self.base(&random))
      for number in 0..<count {
        try folder.write("f\(number).ld", Self.fragment(number, &random))
      }
      try folder.write("a.s", Self.object(&random))
      let scripts = (0..<count).map { "-T f\($0).ld " }.joined() + "-T base.ld"
      let link = try ProgramRun.shell(
        "as --64 a.s -o a.o && ld -m elf_x86_64 \(scripts) a.o -o a.elf -Map=a.map && nm a.elf",
        folder: folder.path)
      guard link.status == 0 else { continue }
      let values = link.output.split(separator: "\n").map { $0.split(separator: " ") }
        .filter { $0.count == 3 }
      // The values are what the ASSERTs of the same link are about, right and wrong ones by turns.
      let conditions = values.enumerated().map { number, row in
        "ASSERT(\(row[2]) \(number % 2 == 0 ? "==" : "!=") 0x\(row[0]), \"\(number)\")\n"
      }
      let text = try String(contentsOfFile: folder.path("base.ld"), encoding: .utf8)
      try folder.write("base.ld", text + conditions.joined())
      try folder.write(
        "link.cmd", "ld -m elf_x86_64 \(scripts) a.o -o a.elf -Map=a.map\n")
      let run = try ProgramRun.run(
        ["eval", "--format", "json", "--link-command", "link.cmd"], folder: folder.path)
      let report = try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
      let context =
        (0..<count).compactMap {
          try? String(contentsOfFile: folder.path("f\($0).ld"), encoding: .utf8)
        }.joined() + text
      #expect(report.assertions.count == values.count, "\(context)")
      for assertion in report.assertions {
        guard let number = Int(assertion.message) else { continue }
        asked += 1
        if assertion.verdict == "undecided" { continue }
        decided += 1
        #expect(
          assertion.verdict == (number % 2 == 0 ? "holds" : "fails"),
          "\(values[number]) \(link.output)\n\(context)")
      }
      for assignment in report.assignments ?? [] {
        guard let value = assignment.value, let shown = assignment.imageValue else { continue }
        #expect(value == shown, "\(assignment.symbol)\n\(link.output)\n\(context)")
      }
    }
    #expect(asked > 0 && decided * 10 > asked * 7, "\(decided) of \(asked)")
  }

  @Test func isFoundWhereTheScriptsAreNamedOneByOne() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "base.ld",
      """
      SECTIONS { .text 0x1000 : { *(.text) } text_end = .; .data : { *(.data) } data_end = .; }
      ASSERT(data_end > extra_end && extra_end > text_end, "in order")

      """)
    try folder.write(
      "extra.ld",
      "SECTIONS { .extra : { *(.extra) extra_end = .; } }\nINSERT AFTER .text;\n")
    let run = try ProgramRun.run(
      ["lint", "--proofs", "base.ld", "extra.ld"], folder: folder.path)
    #expect(!run.output.contains("INSERT moves"), "\(run.output)")
    #expect(run.output.contains("1 ASSERT"), "\(run.output)")
  }

  private struct Report: Decodable {
    struct Assertion: Decodable {
      var message: String
      var verdict: String
    }
    struct Assignment: Decodable {
      var symbol: String
      var value: String?
      var imageValue: String?
    }
    var assertions: [Assertion]
    var assignments: [Assignment]?
  }
}
