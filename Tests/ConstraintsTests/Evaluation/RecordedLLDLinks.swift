// The links by lld of RecordedLinkTests that are of one release, or are judged from altered files as well.

import LdsParser
import TestSupport

extension RecordedLink {
  static let byLLD: [RecordedLink] = [
    // A load address that passes the end of 32 bits.
    RecordedLink(
      .lld, ["text0.o"], target: .arm,
      """
      SECTIONS
      {
        . = 0x1000;
        .text : AT(ADDR(.text) - 0x1000) { *(.text) }
      }
      ASSERT(LOADADDR(.text) == 0, "A1")
      ASSERT(LOADADDR(.text) != 0, "A2")
      """),
    // One byte before thread-local zeros is their end to lld, and no place of the location counter.
    RecordedLink(
      .lld, ["text0.o", "threadZero1.o", "zeroed0.o"],
      """
      SECTIONS
      {
        COMMON : AT(1) { *(hooks table) }
        .tbss : { }
        s1 = .;
        .out4 (COPY) : { . = (.); }
        s2 = .;
      }
      ASSERT(s2 - s1, "A1")
      """),
    RecordedLink(
      .lld, ["text0.o", "threadZero1.o", "zeroed0.o", "common2.o", "array2.o"],
      """
      SECTIONS
      {
        . = 0x8000;
        .text : { *(.text) }
        COMMON : { *(COMMON) }
        . += 0x1a;
        .tbss : { *(.tbss) . = . + 0; }
        s1 = .;
        .out4 (COPY) : { *(.nothing) . = . + 0; }
        s2 = .;
      }
      ASSERT(s2 < s1, "A1")
      ASSERT(s2 >= s1, "A2")
      """),
    // A map has the size of a debugging section as it was packed behind the script.
    RecordedLink(
      .lld, ["debugStrings2.o"], options: ["--compress-debug-sections=zlib"],
      """
      SECTIONS { .text : { *(.text) } }
      ASSERT(SIZEOF(.debug_str) == 0xd4, "A15")
      ASSERT(1, "A16")
      """),
    RecordedLink(
      .lld, release: "19", ["debugStrings1.o"], options: ["--compress-debug-sections=zlib"],
      """
      SECTIONS { .text : { *(.text) } }
      ASSERT(ALIGNOF(.debug_str) == 1, "A17")
      ASSERT(1, "A18")
      """),
    // The first move before all sections comes before orphans, the second behind them.
    RecordedLink(
      .lld, ["base2.o"],
      """
      SECTIONS
      {
        a = .;
        . = 0x1000;
        ASSERT(. != 0x1000, "A1")
        . = ALIGN(0x1000);
        b = .;
        .text : {
        }
        ASSERT(LOADADDR(.text) == 0x2000, "A2")
      }
      ASSERT(a == 0, "A3")
      ASSERT(b == 0x2000, "A4")
      """),
    RecordedLink(
      .lld, ["base2.o"],
      """
      SECTIONS
      {
        . = 0;
        .text : {
        }
        ASSERT((LOADADDR(.text) & 0xfff), "A2")
      }
      """),
    RecordedLink(
      .lld, ["base2.o"],
      """
      ASSERT(. == 0, "A1")
      SECTIONS
      {
        ASSERT(. == 0x58, "A2")
        .text : {
        }
      }
      """),
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
    // A place declared before anything is placed is one in a section: one byte before it is the end of that.
    RecordedLink(
      .lld, release: "19", ["base3.o"],
      """
      ASSERT(((s3 - 1)), "A1")
      SECTIONS
      {
        .text : ALIGN(1) {
        }
        PROVIDE(s3 = .);
      }
      ASSERT(1, "A2")
      """),
    // An ASSERT inside an assignment is judged when its symbol is declared, too.
    RecordedLink(
      .lld, release: "14", ["base1.o"],
      """
      SECTIONS
      {
        .text : {
          s1 = ASSERT((.), "A3");
        }
      }
      ASSERT(1, "A4")
      """),
    RecordedLink(
      .lld, release: "16", ["base1.o"],
      """
      SECTIONS
      {
        . = (1);
        .rodata : AT(1) ALIGN(1) {
        }
      }
      s5 = ASSERT(((r0)), "A16");
      """),
    // In the first pass the inputs of the section that is open are all at its start.
    RecordedLink(
      .lld, release: "16", ["fill0.o", "base3.o"],
      """
      SECTIONS
      {
        .text : ALIGN(1) {
          ASSERT(((_start)), "A2");
          *(.text .text.*)
        }
        .rodata : {
        }
      }
      ASSERT(1, "A3")
      """),
    // A symbol that is made of a place further down moves with it when that is placed, in the same pass.
    RecordedLink(
      .lld, release: "14", ["base2.o"],
      """
      SECTIONS
      {
        .rodata : AT(1) ALIGN(1) {
          s1 = (((d0)));
          s2 = ADDR(.data);
          s3 = ABSOLUTE(d0);
        }
        .data : { *(.data) }
        ASSERT((s1), "A9")
        ASSERT((s2), "A10")
        ASSERT((s3), "A11")
        ASSERT(1, "A12")
      }
      """),
    // All from a section on whose ONLY_IF was not met is put in order as orphans are.
    RecordedLink(
      .lld, release: "14",
      [
        "text0.o", "patched0.o", "patched2.o", "common1.o", "threadZero2.o", "threadZero0.o",
        "text2.o", "threadData1.o",
      ],
      """
      MEMORY
      {
        ROM (rx) : ORIGIN = 0x8000000, LENGTH = 1M
        RAM (rwx) : ORIGIN = 1, LENGTH = 256K
      }
      s1 = 0xdee8;
      SECTIONS
      {
        .out2 : {
          *(COMMON)
        } >RAM
        .pair3 : ONLY_IF_RO { s3 = .; *(.altcode) s4 = .; } AT>RAM
        .pair3 : ONLY_IF_RW { *(.altcode) s5 = .; } AT>RAM
        .tbss : {
        } >ROM
      }
      ASSERT(s1 - patched2 == 0xfffffffff800cdc8, "A7")
      ASSERT((LOADADDR(.pair3)), "A21")
      ASSERT(s1, "A22")
      """),
    RecordedLink(
      .lld, release: "16", ["array0.o"],
      """
      SECTIONS
      {
        .out3 : {
          *(.init_array)
        }
        .pair4 : ONLY_IF_RW { s6 = .; *(.tag) s7 = .; }
        ASSERT((ADDR(.pair4)), "A2")
        ASSERT((SIZEOF(.out3)), "A18")
        ASSERT(1, "A19")
      }
      """),
    RecordedLink(
      .lld, release: "16", ["data1.o"],
      """
      SECTIONS
      {
        . = 1;
        .pair1 : ONLY_IF_RW { s1 = .; *(.rodata) s2 = .; }
        .out3 1 (NOLOAD) : AT(1) {
          s6 = .;
        }
      }
      ASSERT((s6), "A4")
      ASSERT((LOADADDR(.pair1)), "A27")
      ASSERT(1, "A28")
      """),
    // strip makes a symbol at a thread-local section one of it: that it is there still tells of its PROVIDE.
    RecordedLink(
      .lld, release: "14", ["text0.o", "threadZero1.o"], isAltered: true,
      """
      SECTIONS
      {
        .out3 : AT(1) SUBALIGN(1) {
          *(.tbss)
        }
        PROVIDE(s6 = .);
      }
      ASSERT((s6), "A29")
      """),
    RecordedLink(
      .lld, release: "14", ["text0.o", "tag0.o"], isAltered: true,
      """
      SECTIONS
      {
        .pair1 : ONLY_IF_RO { s2 = .; *(.rodata .rodata.table) s3 = .; }
        .tag : ALIGN(1) {
        }
        PROVIDE(s10 = .);
      }
      ASSERT((s10), "A12")
      ASSERT(1, "A13")
      """),
    // A PROVIDE that was not applied leaves the symbol to its object, in every pass.
    RecordedLink(
      .lld, release: "19", ["fill3.o", "base1.o"],
      """
      ASSERT(f1 != 6, "A1")
      SECTIONS
      {
        .text 0x1000 : { *(.text .text.*) }
        PROVIDE(f1 = 6);
        .data : { *(.data .data.*) }
      }
      ASSERT(f1 > 0x1000, "A2")
      """),
  ]
}
