// The links by lld of RecordedLinkTests that are of one release, or are judged from altered files as well.

import LdsParser
import TestSupport

extension RecordedLink {
  static let byLLD: [RecordedLink] = [
    // .tbss is in no segment that is loaded, whatever the thread-local segment says.
    RecordedLink(
      .lld,
      [
        "text0.o", "text2.o", "tag1.o", "array0.o", "threadData0.o", "threadData1.o",
        "threadZero1.o",
      ],
      """
      SECTIONS
      {
        OVERLAY 0x105004 : AT(0x700000) {
          .over3 { *(.text .text.cold) }
        }
        . = ALIGN(0x100);
        .out4 : {
          *(.tag .stamp)
          ASSERT(LOADADDR(.tbss) == 0x700a82, "A24");
        }
        .out5 : {
          *(.init_array)
        }
      }
      """),
    // A map of lld does not tell which of two constrained sections was taken.
    RecordedLink(
      .lld, ["text2.o", "rodata1.o", "text0.o"], isUndecided: true,
      """
      MEMORY
      {
        ROM (rx) : ORIGIN = 0x8000000, LENGTH = 1M
        RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 256K
      }
      SECTIONS
      {
        .pair1 : ONLY_IF_RW { s1 = .; *(.text .text.cold) s2 = .; } >ROM
        .rodata : {
        } >ROM
        .data : SUBALIGN(1) {
        } >RAM
        .pair1 : ONLY_IF_RO { *(.text .text.cold) s3 = .; } >ROM
      }
      ASSERT(s3 - rodata1 == 0x9b3, "A20")
      """),
    // An orphan follows the section before one that is not allocated, which objcopy -R takes away.
    RecordedLink(
      .lld,
      [
        "text0.o", "text1.o", "fast2.o", "debugStrings2.o", "patched1.o", "patched2.o",
      ], isAltered: true,
      """
      SECTIONS
      {
        .out2 : {
          *(.bss .bss.page)
        }
        . = 0x505004;
        .ramdata : {
        }
        . += 0x6c;
        .pair1 : ONLY_IF_RO { KEEP(*(.text .text.cold)) s3 = .; }
        .out4 : {
          *(.debug_str)
        } =1
        s6 = .;
      }
      ASSERT(s6 == 0x505a1c, "A23")
      """),
    // Offsets of thread-local symbols are negative.
    RecordedLink(
      .lld, ["text0.o", "threadZero2.o", "threadData0.o"],
      """
      SECTIONS
      {
        . = 0x80001;
        .out4 : AT(0x840000) {
          *(.tbss)
          s4 = .;
        }
        .text : {
          *(.text)
        }
      }
      ASSERT(ABSOLUTE(threadZero2) == 0xffffffffffffffc4, "A18")
      """),
    // The name of two sections is that of the first, taken or not.
    RecordedLink(
      .lld, ["text0.o", "code1.o", "common0.o"],
      """
      SECTIONS
      {
        . = 0x20000000;
        .pair1 : ONLY_IF_RW { s1 = .; *(.ramcode .init) s2 = .; }
        s4 = .;
        .pair1 : ONLY_IF_RO { *(.ramcode .init) s3 = .; }
      }
      ASSERT(SIZEOF(.pair1) == 0x10, "A36")
      """),
    // A place one byte before the thread-local section that it is relative to is the end of that.
    RecordedLink(
      .lld,
      ["bss2.o", "bss1.o", "rodata0.o", "text0.o", "array0.o", "threadZero0.o"],
      """
      SECTIONS
      {
        . = 0x1000;
        .pair1 : { s1 = .; *(.bss .bss.page) s3 = .; }
        .out2 : {
          *(.tbss)
        }
        s4 = .;
      }
      ASSERT(s4 - s3 == 0x56, "A25")
      """),
    RecordedLink(
      .lld,
      ["bss2.o", "bss1.o", "rodata0.o", "text0.o", "array0.o", "threadZero0.o"],
      """
      SECTIONS
      {
        . = 0x1000;
        .pair1 : { s1 = .; *(.bss .bss.page) s3 = .; }
        s4 = .;
        . = ALIGN(1);
        s5 = .;
      }
      ASSERT(s5 - s3 == 0x56, "A25")
      """),
    // What BYTE is in may be in no memory, and taken away.
    RecordedLink(
      .lld, ["text0.o", "tag0.o", "note1.o"], isAltered: true,
      """
      SECTIONS
      {
        . = 0xffff820000000000;
        .tag : {
          s1 = .;
          *(.tag .stamp)
          BYTE(1)
        }
        s2 = .;
        .text : { *(.text) }
      }
      ASSERT(s2 - s1 == 0xffff820000000000, "A12")
      """),
    // The first pass evaluates a PROVIDE with what nothing was placed for.
    RecordedLink(
      .lld, release: "19", ["fill4.o", "fill3.o", "base5.o"],
      """
      PROVIDE_HIDDEN(s1 = !((r0 << f1)));
      SECTIONS
      {
        . = ALIGN(0x1000);
        .text : {
          ASSERT(!(s1 & 0xfff), "A1");
          *(.text .text.*)
        }
        . = ALIGN(0x1000);
        .rodata : { *(.rodata .rodata.*) }
        .data : { *(.data .data.*) }
        .bss : { *(.bss .bss.*) *(COMMON) }
        /DISCARD/ : { *(.comment) *(.note*) *(.eh_frame) *(.gone) }
      }
      s2 = s1;
      ASSERT(1, "A2")
      """),
    // An orphan has no size in the first pass.
    RecordedLink(
      .lld, release: "19", ["base4.o", "fill3.o"],
      """
      ASSERT(SIZEOF(.data) > 0, "A1")
      SECTIONS
      {
        .text : { *(.text .text.*) }
      }
      ASSERT(SIZEOF(.rodata) > 0, "A2")
      ASSERT(1, "A3")
      """),
    // The distance of a segment counts for a section of it that comes later.
    RecordedLink(
      .lld, release: "19", ["base4.o", "fill3.o"],
      """
      SECTIONS
      {
        .text : AT(0x800000) ALIGN(0x40) { *(.text .text.*) }
        . = ALIGN(0x1000);
        .rodata : { *(.rodata .rodata.*) }
        .data 0x40b000 : {
          *(.data .data.*)
          ASSERT(LOADADDR(.bss) >= 10h, "A12");
        }
        .bss 0x40f000 : { *(.bss .bss.*) *(COMMON) }
        /DISCARD/ : { *(.comment) *(.note*) *(.eh_frame) *(.gone) }
      }
      ASSERT(1, "A13")
      """),
    // One byte before a section that nothing was placed in is its end, too.
    RecordedLink(
      .lld, release: "14", ["fill3.o", "fill1.o", "base1.o"],
      """
      SECTIONS
      {
        .text 0x404000 : { *(.text .text.*) }
        .rodata : ALIGN(0x40) {
          ASSERT(ADDR(.bss) - DEFINED(f1) <= 0x8000000000000000, "A5");
          *(.rodata .rodata.*)
        }
        .data 0x40c000 : { *(.data .data.*) }
        . = 0x410000;
        .bss : { *(.bss .bss.*) *(COMMON) }
        /DISCARD/ : { *(.comment) *(.note*) *(.eh_frame) *(.gone) }
      }
      ASSERT(1, "A6")
      """),
  ]
}
