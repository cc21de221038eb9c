// A section that is thread-local by its name only, and has room and no bytes: where it is loaded no segment tells, but what
// stands before it does.

import LdsParser
import TestSupport
import Testing

struct NamedThreadLocalTests {
  @Test(
    arguments: KnownRelease.bfd.filter { $0.path != nil }, ["", "AT(0x7000000)", "AT(0x7000010)"])
  func isLoadedAsOthersAre(_ release: KnownRelease, _ load: String) throws {
    let link = try JudgedLink(
      release, [".globl _start\n.text\n_start: .skip 0x19\n.data\n.quad 1\n"])
    let script = """
      SECTIONS {
        . = 0x11000;
        .text : \(load) { *(.text) }
        .tbss : ALIGN(4096) { . = . + 100; }
        .data : { *(.data) }
      }

      """
    let distance =
      load.isEmpty ? 0 : load.contains("10") ? 0x7000_010 - 0x11000 : 0x7000_000 - 0x11000
    var asserts = ""
    for guess in [0, distance, distance & ~0xfff, (distance + 0xfff) & ~0xfff] {
      for section in [".tbss", ".data"] {
        asserts +=
          "ASSERT(LOADADDR(\(section)) == ADDR(\(section)) + \(guess), \"e\(guess)\(section)\")\n"
        asserts +=
          "ASSERT(LOADADDR(\(section)) != ADDR(\(section)) + \(guess), \"n\(guess)\(section)\")\n"
      }
    }
    let failed = try #require(try link.link(script + asserts))
    #expect(try link.compare(failed: failed) >= 16)
  }
}
