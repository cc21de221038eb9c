// Statements that read the location counter behind dropped sections, and symbols beside them that tell it: orphans never
// stand among such statements, by any release.

import Foundation
import LdsParser
import TestSupport
import Testing

struct ToldPlaceReleaseTests {
  private static let object = """
    .globl _start
    .text
    _start: .skip 5
    .data
    .quad 1
    .section .orphan,"aw"
    .skip 3
    .section .info,""
    .skip 7
    .section .other,"a"
    .skip 9
    .bss
    .skip 16

    """

  private static let pieces = [
    ".text : { *(.text) }", ".data : { *(.data) }", ".empty : { *(.none) }",
    ".late ALIGN(64) : { *(.none) }", ".bss : { *(.bss) }", ". = ALIGN(16);",
  ]

  private static let lines = [
    "ASSERT(. < 0x1040, \"m1\")", "e1 = .;", "ASSERT(. == e1, \"m2\")", "e2 = .;",
    "ASSERT(. > e2, \"m3\")",
    "e3 = . + 1;", "ASSERT(. >= 0x1020, \"m4\")",
  ]

  @Test(arguments: KnownRelease.bfd.filter { $0.path != nil })
  func isWhatTheLinkerHas(_ release: KnownRelease) throws {
    let link = try JudgedLink(release, [Self.object])
    var random = SeededGenerator(seed: 3)
    var decided = 0
    // `LDS_CHECK_LINKS` makes it longer.
    let count = ProcessInfo.processInfo.environment["LDS_CHECK_LINKS"].flatMap { Int($0) } ?? 40
    for _ in 0..<count {
      let places = Self.pieces.shuffled(using: &random).prefix(2 + random.below(5))
      let lines = Self.lines.shuffled(using: &random)
      let split = random.below(places.count + 1)
      let text = """
        SECTIONS {
        . = 0x1000;
        \(places.prefix(split).joined(separator: "\n"))
        \(lines.prefix(4).joined(separator: "\n"))
        \(places.dropFirst(split).joined(separator: "\n"))
        }
        \(lines.dropFirst(4).joined(separator: "\n"))

        """
      guard let failed = try link.link(text), !failed.contains("undefined") else { continue }
      decided += try link.compare(failed: failed)
    }
    #expect(decided > 9 * count, "\(decided)")
  }
}
