// Lines of a map that may stand inside the output section above them, or behind it: what one line tells of those before it,
// and what it does not.

import Foundation
import LdsParser
import TestSupport
import Testing

struct MapLineTests {
  private static let object = """
    .globl _start
    .text
    _start: nop
    .data
    .quad 1
    .bss
    .space 16

    """

  /// What may stand at the end of a section, and what behind it.
  private static let lines = [
    "ASSERT(s4, \"A1\")", "s3 = .;", "s4 = 3;", "s5 = s3 + 1;", "ASSERT(s3 > SIZEOF(.bss), \"A2\")",
    "ASSERT(s3 == 8, \"A3\")", "s4 += 1;", "ASSERT(s4 == 3, \"A4\")",
  ]

  @Test(arguments: KnownRelease.bfd.filter { $0.path != nil })
  func tellNothingOfThoseBehind(_ release: KnownRelease) throws {
    let link = try JudgedLink(release, [Self.object])
    var random = SeededGenerator(seed: 5)
    var decided = 0
    // `LDS_CHECK_LINKS` makes it longer.
    let count = ProcessInfo.processInfo.environment["LDS_CHECK_LINKS"].flatMap { Int($0) } ?? 50
    for _ in 0..<count {
      let lines = Self.lines.shuffled(using: &random).prefix(4 + random.below(4))
      let inside = random.below(lines.count + 1)
      let script = """
        s3 = 1; s4 = 2;
        SECTIONS {
          . = 0x401000;
          ASSERT(s3 > SIZEOF(.bss), "B1")
          .data : { *(.data) \(lines.prefix(inside).joined(separator: " ")) }
          \(lines.dropFirst(inside).joined(separator: "\n"))
        }
        ASSERT(s3 > 0x1000, "B2")
        ASSERT(s3 > SIZEOF(.data), "B3")

        """
      let text = random.once(in: 2) ? String(script.drop { $0 != "\n" }) : script
      guard let failed = try link.link(text), !failed.contains("undefined") else { continue }
      decided += try link.compare([.mapAlone, .both, .map], failed: failed)
    }
    #expect(decided > 5 * count / 2, "\(decided)")
  }
}
