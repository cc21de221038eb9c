// What dropped sections do to the location counter while GNU ld sizes sections, as it is seen by statements above them, and
// where an orphan stands that seems to be the only one: what the linker made itself and dropped may stand before it.

import LdsParser
import TestSupport
import Testing

struct SizedBeforeDroppedTests {
  private static let objects = [
    ".globl _start\n.text\n_start: .skip 5\n.section .fastdata,\"aw\"\n.skip 15\n",
    ".section .data\n.skip 9\n.section table,\"aw\"\n.balign 64\n.skip 70\n.bss\n.skip 3\n",
  ]

  private static let sections = [
    ".none1 : { } >RAM", ".none1 : { ASSERT(end, \"m1\"); }", ".comment : { }", ".data : { }",
    ".pair : ONLY_IF_RW { *(.debug_str) s = .; }", ".text : { *(.text) }",
    ".none2 : ALIGN(32) { *(.none) }",
    ".fastdata : { *(.fastdata) }", "mid = .;", "ASSERT(end > 0x10, \"m2\")",
    "ASSERT(mid < end, \"m3\")",
  ]

  @Test(arguments: KnownRelease.bfd.filter { $0.path != nil })
  func areJudgedAsTheLinkerDoes(_ release: KnownRelease) throws {
    var random = SeededGenerator(seed: 17)
    var decided = 0
    for objects in [Self.objects, [Self.objects[0]], Self.objects.reversed()] {
      let link = try JudgedLink(release, objects)
      for _ in 0..<60 {
        let sections = Self.sections.shuffled(using: &random).prefix(3 + random.below(7))
        let tail = ["end = .;", ". = ALIGN(8); end = .;", "end = .; . = . + 16; top = .;"]
        let text = """
          SECTIONS {
          \(sections.joined(separator: "\n"))
          \(random.pick(tail) ?? "")
          }
          ASSERT(end & 8, "m4")
          ASSERT(end > 0x40, "m5")
          ASSERT(end == 0x48, "m6")

          """
        guard let failed = try link.link(text), !failed.contains("undefined") else { continue }
        decided += try link.compare(failed: failed)
      }
    }
    #expect(decided > 600, "\(decided)")
  }
}
