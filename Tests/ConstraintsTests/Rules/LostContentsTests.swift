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
    var testDescription: String { "\(rule): \(broken)" }
  }

  static let cases = [
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
      try folder.write("a.s", Self.object)
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
