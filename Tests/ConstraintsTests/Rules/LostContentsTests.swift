// Contents that are lost without a word of the linker, beside links that lose them, and the same links mended.

import Foundation
import LdsParser
import TestSupport
import Testing

@testable import Constraints

@Suite(.enabled(if: LinkerReading.isMeasured, "needs GNU ld 2.40"))
struct LostContentsTests {
  private static let memory =
    "MEMORY { ROM : ORIGIN = 0x1000, LENGTH = 64K RAM : ORIGIN = 0x20000, LENGTH = 8K }\n"
  private static let object = """
    .text
    .globl _start
    _start: .skip 7, 0x90
    .data
    .balign 4
    .globl d
    d: .byte 1,2,3,4,5
    .section .rodata,"a"
    .byte 1,2,3
    .section .fast,"ax"
    .balign 16
    .byte 1,2,3
    .bss
    .skip 8
    .section .calls,"a"
    .byte 7
    """

  /// One script that loses something, the rule that says so, and the same script mended.
  struct Case: Sendable, CustomTestStringConvertible {
    var rule: String
    var broken: String
    var mended: String
    var options = ""
    /// Further sections of the object.
    var more = ""
    var testDescription: String { "\(rule): \(broken)" }
  }

  private static let zeroes = """

    .section .sbss,"aw",@nobits
    .skip 4
    .section .keep,"aw",@nobits
    .skip 4

    """
  private static let notes = """

    .section .note.boot,"a",@note
    .long 4, 4, 1, 0x756e47, 5
    .section .note.x,"a",@note
    .long 4, 4, 1, 0x756e47, 5

    """

  static let cases = [
    Case(
      rule: "uncopied-section",
      broken: memory
        + "SECTIONS { .text : { *(.text) } >ROM .d : { sd = .; *(.data) ed = .; } >RAM AT>ROM .f : { *(.fast) } >RAM AT>ROM from = LOADADDR(.d); }",
      mended: memory
        + "SECTIONS { .text : { *(.text) } >ROM .d : { sd = .; *(.data) *(.fast) ed = .; } >RAM AT>ROM from = LOADADDR(.d); }"
    ),
    Case(
      rule: "uncopied-section",
      broken: memory
        + "SECTIONS { .text : { *(.text) } >ROM .d : { sd = .; *(.data) ed = .; } >RAM AT>ROM .f : { f_start = .; *(.fast) f_end = .; } >RAM AT>ROM from = LOADADDR(.d); }",
      mended: memory
        + "SECTIONS { .text : { *(.text) } >ROM .d : { sd = .; *(.data) ed = .; } >RAM AT>ROM .f : { f_start = .; *(.fast) f_end = .; } >RAM AT>ROM from = LOADADDR(.d); f_load = LOADADDR(.f); }"
    ),
    Case(
      rule: "copy-length",
      broken: memory
        + "SECTIONS { .text : { *(.text) } >ROM .d : { d_start = .; *(.data) } >RAM AT>ROM . = ALIGN(16); d_end = .; up_to = LOADADDR(.d) + SIZEOF(.d); }",
      mended: memory
        + "SECTIONS { .text : { *(.text) } >ROM .d : { d_start = .; *(.data) . = ALIGN(16); d_end = .; } >RAM AT>ROM up_to = LOADADDR(.d) + SIZEOF(.d); }"
    ),
    Case(
      rule: "uncleared-section",
      broken:
        "SECTIONS { .text : { *(.text) } .s : { *(.sbss) } .b : { b_start = .; *(.bss) *(COMMON) b_end = .; } }",
      mended:
        "SECTIONS { .text : { *(.text) } .b : { b_start = .; *(.sbss) *(.bss) *(COMMON) b_end = .; } }",
      more: zeroes
    ),
    Case(
      rule: "uncleared-section",
      broken:
        "SECTIONS { .text : { *(.text) } b_start = .; .b : { *(.bss) *(COMMON) } .n (NOLOAD) : { *(.keep) } b_end = .; }",
      mended:
        "SECTIONS { .text : { *(.text) } b_start = .; .b : { *(.bss) *(COMMON) } b_end = .; .n (NOLOAD) : { *(.keep) } }",
      more: zeroes
    ),
    Case(
      rule: "overfilled-reserve",
      broken: memory
        + "SECTIONS { .text : { *(.text) } >ROM .b : { *(.bss) . += 0x1000; } >RAM limit = ORIGIN(RAM) + LENGTH(RAM) - 0x1004; }",
      mended: memory
        + "SECTIONS { .text : { *(.text) } >ROM .b : { *(.bss) . += 0x1000; } >RAM limit = ORIGIN(RAM) + LENGTH(RAM) - 0x400; }"
    ),
    Case(
      rule: "unlisted-note",
      broken:
        "PHDRS { t PT_LOAD; n PT_NOTE; } SECTIONS { . = 0x1000; .text : { *(.text) } :t .nt : { *(.note.boot) } :t .nu : { *(.note.x) } :t :n }",
      mended:
        "PHDRS { t PT_LOAD; n PT_NOTE; } SECTIONS { . = 0x1000; .text : { *(.text) } :t .nt : { *(.note.boot) } :t :n .nu : { *(.note.x) } :t :n }",
      more: notes
    ),
    Case(
      rule: "unwritable-section",
      broken:
        "PHDRS { t PT_LOAD FLAGS(5); d PT_LOAD FLAGS(6); } SECTIONS { . = 0x1000; .text : { *(.text) } :t .d : { *(.data) } .b : { *(.bss) } :d }",
      mended:
        "PHDRS { t PT_LOAD FLAGS(5); d PT_LOAD FLAGS(6); } SECTIONS { . = 0x1000; .text : { *(.text) } :t .d ALIGN(0x1000) : { *(.data) } :d .b : { *(.bss) } :d }"
    ),
    Case(
      rule: "missing-keep",
      broken: memory
        + "SECTIONS { .t : { KEEP(*(.call)) *(.cal*) } >ROM .text : { *(.text) } >ROM .d : { *(.data) } >RAM AT>ROM }",
      mended: memory
        + "SECTIONS { .t : { KEEP(*(.calls)) *(.cal*) } >ROM .text : { *(.text) } >ROM .d : { *(.data) } >RAM AT>ROM }",
      options: "--gc-sections -e _start"),
    Case(
      rule: "missing-keep",
      broken:
        "SECTIONS { .text : { *(.text) } .t 0x9000 : { *(.calls) } .d : { *(.data) } }",
      mended:
        "SECTIONS { .text : { *(.text) } .t 0x9000 : { KEEP(*(.calls)) } .d : { *(.data) } }",
      options: "--gc-sections -e _start"),
    Case(
      rule: "bss-before-data",
      broken: "SECTIONS { .text : { *(.text) } .b : { *(.bss) *(.calls) } }",
      mended: "SECTIONS { .text : { *(.text) *(.calls) } .b : { *(.bss) } }"),
    Case(
      rule: "shadowed-pattern",
      broken:
        "SECTIONS { /DISCARD/ : { *(.note*) } .text : { *(.text) } .n : { KEEP(*(.note.boot)) } }",
      mended:
        "SECTIONS { .text : { *(.text) } .n : { KEEP(*(.note.boot)) } /DISCARD/ : { *(.note*) } }",
      more: notes
    ),
    Case(
      rule: "load-address-lost",
      broken:
        "SECTIONS { .text 0x101000 : AT(ADDR(.text) - 0x100000) { *(.text) } .r 0x102000 : AT(ADDR(.r) - 0x10000) { *(.rodata) } .d 0x103000 : AT(ADDR(.d) - 0x100000) { *(.data) } }",
      mended:
        "SECTIONS { .text 0x101000 : AT(ADDR(.text) - 0x100000) { *(.text) } .r 0x102000 : AT(ADDR(.r) - 0x100000) { *(.rodata) } .d 0x103000 : AT(ADDR(.d) - 0x100000) { *(.data) } }"
    ),
    Case(
      rule: "collected-table",
      broken:
        "SECTIONS { .text : { *(.text) } .t : { a = .; *(.calls) b = .; } .d : { *(.data) } }",
      mended:
        "SECTIONS { .text : { *(.text) } .t : { a = .; KEEP(*(.calls)) b = .; } .d : { *(.data) } }",
      options: "--gc-sections -e _start"),
    Case(
      rule: "collected-table",
      broken: "SECTIONS { .text : { *(.text) } .t : { KEEP(*boot.o(.calls)) } .d : { *(.data) } }",
      mended: "SECTIONS { .text : { *(.text) } .t : { KEEP(*a.o(.calls)) } .d : { *(.data) } }",
      options: "--gc-sections -e _start"),
    Case(
      rule: "noload-contents",
      broken: "SECTIONS { .text : { *(.text) } .keep (NOLOAD) : { *(.data) } }",
      mended: "SECTIONS { .text : { *(.text) } .keep : { *(.data) } }"),
    Case(
      rule: "load-image-overlap",
      broken:
        "SECTIONS { .text : { *(.text) *(.calls) } .r : { *(.rodata) } .d 0x9000 : AT(ADDR(.r)) { *(.data) } }",
      mended:
        "SECTIONS { .text : { *(.text) *(.calls) } .r : { *(.rodata) } .d 0x9000 : AT(ADDR(.r) + SIZEOF(.r)) { *(.data) } }",
      options: "--no-check-sections"),
    Case(
      rule: "unallocated-section",
      broken:
        "PHDRS { t PT_LOAD; } SECTIONS { . = 0x1000; .text : { *(.text) } :t .d : { *(.data) } :NONE }",
      mended:
        "PHDRS { t PT_LOAD; } SECTIONS { . = 0x1000; .text : { *(.text) } :t .d : { *(.data) } :t }"
    ),
    Case(
      rule: "split-range",
      broken: memory
        + "SECTIONS { .text : { *(.text) } >ROM .bss : { _sbss = .; *(.bss) } >RAM .f : { *(.fast) } >ROM _ebss = .; }",
      mended: memory
        + "SECTIONS { .text : { *(.text) } >ROM .bss : { _sbss = .; *(.bss) _ebss = .; } >RAM .f : { *(.fast) } >ROM }"
    ),
    Case(
      rule: "copy-source",
      broken: memory
        + "SECTIONS { .text : { *(.text) *(.calls) etext = .; } >ROM .r : { *(.rodata) } >ROM .d : { sd = .; *(.data) ed = .; } >RAM AT>ROM }",
      mended: memory
        + "SECTIONS { .text : { *(.text) *(.calls) } >ROM .r : { *(.rodata) . = ALIGN(4); etext = .; } >ROM .d : { sd = .; *(.data) ed = .; } >RAM AT>ROM }"
    ),
    Case(
      rule: "load-address-drift",
      broken: memory
        + "SECTIONS { .text : { *(.text) } >ROM .d : { _sdata = .; *(.data) } >RAM AT>ROM .f : { *(.fast) _edata = .; } >RAM AT>ROM from = LOADADDR(.d); }",
      mended: memory
        + "SECTIONS { .text : { *(.text) } >ROM .d : { _sdata = .; *(.data) *(.fast) _edata = .; } >RAM AT>ROM from = LOADADDR(.d); }"
    ),
  ]

  @Test(arguments: cases) func isToldAndTheMendIsSilent(_ example: Case) throws {
    for (script, isBroken) in [(example.broken, true), (example.mended, false)] {
      let folder = try TemporaryFolder()
      try folder.write("S", script)
      try folder.write("a.s", Self.object + example.more)
      let run = try ProgramRun.shell(
        "as a.s -o a.o && ld \(example.options) -T S a.o -o o -Map=m 2>&1", folder: folder.path)
      let images = try ["o", "m"].map { name in
        let bytes = try #require(
          FileManager.default.contents(atPath: folder.path(name)), "\(run.output)")
        return PlannedImage(
          try ImageReader.read(SourceBuffer(path: FilePath(name), bytes: Array(bytes))), plan: nil)
      }
      let context = RuleContext(
        script: ScriptParser.parse(SourceBuffer(name: "S", text: script)), images: images)
      let found = RuleRegistry.check(context).filter { $0.rule == example.rule }
      #expect(found.isEmpty != isBroken, "\(script): \(found.map(\.message))")
    }
  }
}
