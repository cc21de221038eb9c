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

  /// What has to stay free behind the contents, asked for in two ways.
  @Test(
    .enabled(if: hasTools),
    arguments: ["_estack - _end >= _Min_Stack_Size", "_end + _Min_Stack_Size <= _estack"])
  func stackDoesNotFit(_ condition: String) throws {
    let output = try explain(
      """
      MEMORY { F : ORIGIN = 0x8000000, LENGTH = 64K R : ORIGIN = 0x20000000, LENGTH = 0x100 }
      _estack = ORIGIN(R) + LENGTH(R);
      _Min_Stack_Size = 0xf4;
      SECTIONS { .text : { *(.text .rodata) } > F .data : { *(.data) . += 8; _end = .; } > R }
      ASSERT(\(condition), "no room")
      """)
    #expect(output.contains("0x4 (4 bytes)"), "\(output)")
    #expect(output.contains("0x10 (16 bytes)"), "\(output)")
    #expect(output.contains("'. += 8'"), "\(output)")
    #expect(!output.contains("MiB") && !output.contains("0x8000000"), "\(output)")
  }

  /// An alignment is no number of bytes.
  @Test(
    .enabled(if: hasTools),
    arguments: ["ALIGNOF(.data) >= 16", "ALIGNOF(.data) == 16", "ALIGNOF(.data) % 16 == 0"])
  func sectionIsNotAligned(_ condition: String) throws {
    let script = "SECTIONS { .text 0x1000 : { *(.text) } .data : { *(.data .rodata) } }"
    let output = try explain("\(script)\nASSERT(\(condition), \"claim\")")
    #expect(output.contains(".data : ALIGN(16)"), "\(output)")
    #expect(!output.contains("bytes"), "\(output)")
    // The advice is right.
    let folder = try TemporaryFolder()
    try folder.write("k.s", Self.source)
    let mended = script.replacingOccurrences(of: ".data : {", with: ".data : ALIGN(16) {")
    try folder.write("k.lds", "\(mended)\nASSERT(\(condition), \"claim\")\n")
    let link = try ProgramRun.shell(
      "as --64 k.s -o k.o && ld -m elf_x86_64 -T k.lds k.o -o k.elf", folder: folder.path)
    #expect(link.status == 0, "\(link.errors)")
  }

  /// Of a conditional, the side that the linker looked at.
  @Test(.enabled(if: hasTools)) func conditionalIsWhatWasChosen() throws {
    let output = try explain(
      """
      SECTIONS { .text 0x1000 : { *(.text) } text_end = .; .data : { *(.data .rodata) } }
      ASSERT(DEFINED(tick) ? (text_end & 0xfff) == 0 : text_end == 1, "page")
      """)
    #expect(output.contains("0x20 (32 bytes) past a multiple of 4K"), "\(output)")
    #expect(output.contains("put '. = ALIGN(0x1000);' before 'text_end'"), "\(output)")
  }

  /// A quotient, or an exponent, is no number of bytes either.
  @Test(
    .enabled(if: hasTools),
    arguments: ["SIZEOF(.text) / 2 == 1", "LOG2CEIL(SIZEOF(.text)) <= 1"])
  func numbersAreNoBytes(_ condition: String) throws {
    let output = try explain(
      "SECTIONS { .text 0x1000 : { *(.text) } .data : { *(.data .rodata) } }\n"
        + "ASSERT(\(condition), \"claim\")")
    let cause = output.split(separator: "\n").first { $0.contains("cause:") } ?? ""
    #expect(!cause.contains("bytes") && !output.contains("distance:"), "\(output)")
  }

  /// The name of an input section that is nearly the pattern's.
  @Test(.enabled(if: hasTools)) func patternThatTakesNothing() throws {
    let output = try explain(
      """
      SECTIONS { .tab : { first = .; KEEP(*(.rodatas)) last = .; } .text 0x1000 : { *(.text) } .data : { *(.data) } }
      ASSERT(last > first, "empty")
      """)
    #expect(output.contains(".rodata of k.o is called nearly so"), "\(output)")
  }
}
