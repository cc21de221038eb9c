// What explanations say of failures that are not "too large": each link is made to fail so, and the words have to fit.

import Foundation
import TestSupport
import Testing

struct ExplainWordsTests {
  private static let hasTools =
    ExternalTool.path("as") != nil && ExternalTool.path("ld") != nil

  /// Links `script` with one object and explains the failure from log, script and map.
  private func explain(_ script: String, _ source: String = Self.source) throws -> String {
    let folder = try TemporaryFolder()
    try folder.write("k.s", source)
    try folder.write("k.lds", script + "\n")
    let link = try ProgramRun.shell(
      "as --64 k.s -o k.o && ! ld -m elf_x86_64 -T k.lds k.o -o k.elf -Map=k.map 2>ld.log",
      folder: folder.path)
    #expect(link.status == 0, "\(link.errors)")
    let run = try ProgramRun.run(
      ["explain", "--log", "ld.log", "k.lds", "k.map"], folder: folder.path)
    #expect(run.status == 1, "\(run.errors)")
    return run.output
  }

  private static let source = """
     .globl _start, tick
     .text
    _start: .fill 16, 1, 0x90
    tick: .fill 16, 1, 0x90
     .data
     .quad 1
     .section .rodata,"a"
     .byte 1, 2, 3
     .section .note.GNU-stack,"",@progbits

    """

  @Test(.enabled(if: hasTools)) func tooLittleIsNotTooMuch() throws {
    let output = try explain(
      """
      SECTIONS { .text 0x1000 : { *(.text) } .data : { *(.data) } }
      ASSERT(SIZEOF(.data) > 0x40, "data is too small")
      """)
    #expect(
      output.contains("0x39 (57 bytes) missing: SIZEOF(.data) is 0x8, more than 0x40"), "\(output)")
    #expect(output.contains("distance: 0x39 (57 bytes) more reach 0x41"))
    #expect(output.contains("claim") || !output.contains("too much"))
    #expect(!output.contains("shrink"))
    #expect(!output.contains("after macros"))
  }

  @Test(.enabled(if: hasTools)) func oneMoreWouldDo() throws {
    let output = try explain(
      """
      MEMORY { FLASH : ORIGIN = 0x20000000, LENGTH = 64K }
      PROVIDE(first = ORIGIN(FLASH));
      SECTIONS { .text first : { *(.text) } > FLASH .data : { *(.data .rodata) } > FLASH }
      ASSERT(first > ORIGIN(FLASH) && first < ORIGIN(FLASH) + LENGTH(FLASH), "outside")
      """)
    #expect(
      output.contains(
        "0x1 (1 byte) missing: first is 0x20000000, more than ORIGIN(FLASH) (0x20000000)"),
      "\(output)")
  }

  @Test(.enabled(if: hasTools)) func negativeDifferencesAreSaid() throws {
    let output = try explain(
      """
      SECTIONS { .text 0x1000 : { *(.text) } end = .; . = 0x2000; start = .; .data : { *(.data) } }
      ASSERT(end - start <= 0x100, "the table is too long")
      """)
    #expect(output.contains("end - start is negative: end is 0x1020"), "\(output)")
    #expect(output.contains("compares without a sign"))
    #expect(!output.contains("shrink what"))
  }

  @Test(.enabled(if: hasTools)) func powersOfTwoAreSaid() throws {
    let output = try explain(
      """
      SECTIONS { . = 0x1000; a = .; .text : { *(.text) } . = 0x4000; b = .; .data : { *(.data) } }
      ASSERT(((b - a) & (b - a - 1)) == 0, "no region of a protection unit")
      """)
    #expect(output.contains("no power of two: the one before is"), "\(output)")
  }

  @Test(.enabled(if: hasTools)) func loadAddressesAreNotMovedByDot() throws {
    let output = try explain(
      """
      MEMORY { FLASH (rx) : ORIGIN = 0, LENGTH = 64K RAM (wx) : ORIGIN = 0x20000000, LENGTH = 64K }
      SECTIONS {
        .text : { *(.text) *(.rodata) } > FLASH
        .data : { . = ALIGN(32); *(.data) } > RAM AT> FLASH
        load = LOADADDR(.data);
      }
      ASSERT(load % 32 == 0, "the load address is not a multiple of 32")
      """)
    #expect(
      output.contains("the load address of .data follows the end of .text (0x23)"), "\(output)")
    #expect(output.contains("moves its run address (VMA, 0x20000000) only"))
  }

  @Test(.enabled(if: hasTools)) func aProvideThatAnObjectOverrulesIsNoCause() throws {
    let output = try explain(
      """
      SECTIONS { . = 0x400000; .text : { *(.text) PROVIDE(tick = .); } }
      ASSERT((tick & 0xff) == 0, "tick misaligned")
      """)
    #expect(!output.contains("'.' was 0x400020"), "\(output)")
    #expect(output.contains("k.o") || output.contains("object"))
  }

  @Test(.enabled(if: hasTools)) func twoOfAnOrAreTwoClaims() throws {
    let output = try explain(
      """
      SECTIONS { . = 0x200000; .text : { *(.text) } e = .; .data : { *(.data) } f = .; }
      ASSERT(!((e | f) & 0xfff), "both ends lie on pages")
      """)
    #expect(output.contains("0x200020"), "\(output)")
    #expect(!output.contains("less reach"))
  }

  @Test(.enabled(if: hasTools)) func overlapsAreMeasured() throws {
    let output = try explain(
      """
      SECTIONS {
        . = 0x1000;
        .text : { *(.text) }
        . = 0x1010;
        .data : { *(.data) }
      }
      ASSERT(_start == 0x1000, "the start has moved")
      """)
    #expect(
      output.contains(".text ends at 0x1020, and .data begins at 0x1010: 0x10 (16 bytes) too many"),
      "\(output)")
    #expect(output.contains("k.lds:4:3"))
  }
}
