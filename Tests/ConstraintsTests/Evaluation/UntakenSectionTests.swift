// What stands in a section whose ONLY_IF is not met: random scripts, each ASSERT judged by the linker and from each kind of
// evidence.

import Foundation
import LdsParser
import TestSupport
import Testing

struct UntakenSectionTests {
  private static let object = """
    .section .ro,"a"
    .quad 1
    .section .rw,"aw"
    .quad 1
    .quad 3
    .text
    .globl _start
    _start: nop
    .section .o,"aw"
    .long 5

    """

  private struct Scripts {
    var random: SeededGenerator
    var count = 0
    private let symbols = ["x", "y", "z", "w"]

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    private mutating func pick(_ choices: [String]) -> String { random.pick(choices) ?? "" }

    private mutating func expression(_ depth: Int = 0) -> String {
      let chance = random.below(20)
      if depth > 1 || chance < 5 { return pick(["1", "7", "0x1000", ".", "."]) }
      if chance < 11 { return pick(symbols) }
      if chance < 12 {
        return pick(["ADDR(.text)", "SIZEOF(.text)", "ABSOLUTE(.)", "ADDR(.c)", "ALIGN(16)"])
      }
      if chance < 18 {
        let operation = pick(["+", "-", "+", "-", "&", "|", "==", "<", ">="])
        return "\(expression(depth + 1)) \(operation) \(expression(depth + 1))"
      }
      if chance < 19 { return "MAX(\(expression(depth + 1)), \(expression(depth + 1)))" }
      return pick(["-", "~", "!"]) + "(" + expression(depth + 1) + ")"
    }

    private mutating func assertion() -> String {
      count += 1
      let symbol = pick(symbols)
      let condition =
        switch random.below(4) {
        case 0: "\(symbol) \(pick(["==", "!=", ">"])) \(pick(symbols + ["."]))"
        case 1: "(\(expression())) \(pick(["==", "!="])) \(pick(["1", "5", "0x1000", "0"]))"
        default:
          "\(symbol) \(pick(["==", "!=", "<"])) \(pick(["1", "0x40", "5", "8", "0x1001", "0"]))"
        }
      return "ASSERT(\(condition), \"m\(count)\"); "
    }

    private mutating func statements() -> String {
      var text = "\(pick(symbols)) \(pick(["=", "=", "=", "+=", "-="])) \(expression()); "
      while random.once(in: 2) { text += assertion() }
      return text
    }

    private mutating func perhaps(in chances: Int = 2) -> String {
      random.once(in: chances) ? statements() : ""
    }

    mutating func next() -> String {
      count = 0
      var text = symbols.map { "\($0) = \(pick(["1", "0x40", "5"]));\n" }.joined()
      text += "SECTIONS {\n. = 0x1000;\n"
      let kind = pick(["ONLY_IF_RO", "ONLY_IF_RW"])
      var sections = [
        ".c : \(kind) { \(statements())*(\(pick([".ro", ".rw", ".ro .rw"]))) \(perhaps())}",
        ".text : { \(perhaps())*(.text) \(perhaps())}",
        ".data : { \(perhaps(in: 3))*(.rw) *(.ro) \(perhaps())}",
      ]
      if random.once(in: 4) {
        let other = kind == "ONLY_IF_RO" ? "ONLY_IF_RW" : "ONLY_IF_RO"
        sections.append(".c : \(other) { \(statements())*(.rw .ro) }")
      }
      if random.once(in: 2) { sections.shuffle(using: &random) }
      for section in sections { text += section + "\n" + perhaps() + "\n" }
      text += "}\n" + perhaps() + "\n"
      for _ in 0..<4 { text += assertion() + "\n" }
      return text
    }
  }

  @Test(arguments: KnownRelease.bfd.filter { $0.path != nil })
  func isJudgedAsTheLinkerDoes(_ release: KnownRelease) throws {
    let link = try JudgedLink(release, [Self.object])
    var scripts = Scripts(seed: 11)
    var decided = 0
    // `LDS_CHECK_LINKS` makes it longer.
    let count = ProcessInfo.processInfo.environment["LDS_CHECK_LINKS"].flatMap { Int($0) } ?? 60
    for _ in 0..<count {
      guard let failed = try link.link(scripts.next()), !failed.contains("undefined") else {
        continue
      }
      decided += try link.compare(failed: failed)
    }
    #expect(decided > 3 * count, "\(decided)")
  }
}
