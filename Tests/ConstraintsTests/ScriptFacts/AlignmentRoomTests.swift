// An edit that mends an ASSERT is offered only where the aligned place still fits.

import LdsParser
import Testing

@testable import Constraints

struct AlignmentRoomTests {
  private func edits(_ text: String) -> [FixEdit] {
    let script = ScriptParser.parse(SourceBuffer(name: "a.lds", text: text))
    #expect(!script.isRefused)
    return RuleRegistry.check(RuleContext(script: script)).filter { $0.rule.hasPrefix("boundary") }
      .flatMap(\.fixes)
  }

  @Test(arguments: [
    // Past the end of the region; a larger one has room.
    (
      "MEMORY { R : ORIGIN = 0x400000, LENGTH = 0x2000 } "
        + "SECTIONS { .text : { *(.text) . = ALIGN(16); e = .; } > R }", false
    ),
    (
      "MEMORY { R : ORIGIN = 0x400000, LENGTH = 1M } "
        + "SECTIONS { .text : { *(.text) . = ALIGN(16); e = .; } > R }", true
    ),
    // Past the region that holds the load image.
    (
      "MEMORY { R : ORIGIN = 0x400000, LENGTH = 1M F : ORIGIN = 0, LENGTH = 4K } "
        + "SECTIONS { .text : { *(.text) e = .; } > R AT> F }", false
    ),
    // Into a section with an address, or past a place that the location counter is set to.
    (
      "SECTIONS { . = 0x400000; .text : { *(.text) e = .; . += 4; } .data 0x401000 : { *(.data) } }",
      false
    ),
    (
      "SECTIONS { . = 0x400000; .text : { *(.text) } e = .; . = 0x408000; .data : { *(.data) } }",
      false
    ),
    (
      "SECTIONS { . = 0x400000; .text : { *(.text) } e = .; . = 0x500000; .data : { *(.data) } }",
      true
    ),
    ("SECTIONS { . = 0x400000; .text : { *(.text) } e = .; .data 0x1000 : { *(.data) } }", true),
    // Over the next load address that the script fixes.
    (
      "SECTIONS { .text 0x400000 : AT(0x8000) { *(.text) e = .; } .data 0x600000 : AT(0x9000) { *(.data) } }",
      false
    ),
    (
      "SECTIONS { .text 0x400000 : AT(0x8000) { *(.text) e = .; } .data 0x600000 : AT(0x20000) { *(.data) } }",
      true
    ),
  ]) func editsKeepWhatFits(_ script: String, _ isOffered: Bool) {
    #expect(edits(script + " ASSERT(!(e & 0xffff), \"m\")").isEmpty != isOffered, "\(script)")
  }
}
