// Links of RecordedLinkTests by releases of GNU ld that differ, or for targets on which these things come up.

import LdsParser
import TestSupport

extension RecordedLink {
  /// What the newer releases of GNU ld do with alignments, orphans and merged strings.
  static let byReleasesOfGNULD: [RecordedLink] = [
    // SUBALIGN takes the place of ALIGN, too.
    RecordedLink(
      .bfd, release: "2.44", ["text0.o", "data0.o"],
      """
      SECTIONS
      {
        .text 0x1001 : { *(.text .text.*) }
        .data : ALIGN(0x100) SUBALIGN(1) { *(.data .data.*) }
      }
      ASSERT(ADDR(.data) % 0x100 == 0, "A1")
      ASSERT(ADDR(.data) < 0x100000, "A2")
      """),
    RecordedLink(
      .bfd, release: "2.44", ["text0.o", "data0.o", "bss0.o"],
      """
      SECTIONS
      {
        .text 0x1001 : { *(.text .text.*) }
        .data 0x2034 : ALIGN(0x20) SUBALIGN(2) { *(.data .data.*) }
        .bss : ALIGN(0x40) SUBALIGN(0x100) { *(.bss .bss.*) }
      }
      ASSERT(ADDR(.data) == 0x2040, "A1")
      ASSERT(ADDR(.bss) % 0x40 == 0, "A2")
      """),
    // Strings are merged behind the script, for which they still are where each object has them.
    RecordedLink(
      .bfd, release: "2.44", ["text0.o", "strings0.o", "strings1.o"],
      """
      SECTIONS
      {
        .text 0x1000 : { *(.text .text.*) }
        .strings 0x2000 : { *(.rodata.str1.1 .rodata.str1.8) }
      }
      length = strings1 - strings0;
      ASSERT(strings1 == 0x2020, "A1")
      ASSERT(strings0 == 0x2000, "A2")
      ASSERT(length == 0x20, "A3")
      ASSERT(SIZEOF(.strings) == 0x3b, "A4")
      """),
    untakenBeforeNotes,
  ]

  /// An orphan may be put behind a statement that was not taken.
  static let untakenBeforeNotes = RecordedLink(
    .bfd, ["text0.o", "patched2.o", "note2.o", "note1.o"],
    """
    SECTIONS
    {
      .text 0x1001 : { *(.text .text.cold) }
      .pair4 : ONLY_IF_RW { s2 = .; *(.config .vectors) s3 = .; }
      . = ALIGN(16);
      s4 = .;
      .note.one : { *(.note.one) }
    }
    ASSERT(s4 == ADDR(.note.one), "A1")
    """)

  /// For targets with orders and address spaces of their own.
  static let onOtherTargets: [RecordedLink] = [
    untakenBeforeNotes,
    // Of a section that is not in memory a 32-bit image tells the lower half of the address, too.
    RecordedLink(
      .bfd, ["tag1.o", "bss1.o", "remark1.o", "text0.o"], target: .arm,
      """
      SECTIONS
      {
        . = 0x80001;
        .bss : { *(.bss) }
        . = . + 0x180000000;
        .comment : { *(.comment .note.tool) }
        . = . + 0x180000000;
        .out7 : { s7 = .; *(.tag .stamp) }
      }
      ASSERT(ADDR(.comment) < 0x100000000, "A1")
      ASSERT(s7 < 0x300000000, "A2")
      ASSERT(SIZEOF(.bss) > 0, "A3")
      """),
    // Thread-local zeros in front of thread-local data: the linker moves the load address of these behind the script.
    RecordedLink(
      .bfd, ["array0.o", "threadZero1.o", "threadData1.o"], target: .riscv64,
      """
      SECTIONS
      {
        .out1 : SUBALIGN(1) {
          *(.bss .bss.page)
          KEEP(*(.init_array .fini_array))
        }
        . = 0x10010700c;
      }
      ASSERT(LOADADDR(.tdata) == ADDR(.tdata), "A1")
      ASSERT(LOADADDR(.tdata) == 0x100107020, "A2")
      """),
    // For lld what is not in memory is at 0, and not behind the end of a 32-bit address space.
    RecordedLink(
      .lld, ["text0.o", "config0.o"], target: .arm,
      """
      SECTIONS
      {
        . = 0xf0000000;
        .text : { *(.text .text.*) s2 = .; }
        .config (INFO) : { *(.config) BYTE(1) s3 = .; }
        .data : { *(.data) }
      }
      ASSERT(s3 < 0x100000000, "A1")
      ASSERT(ADDR(.config) == 0, "A2")
      ASSERT(s2 > 0xf0000000, "A3")
      """),
    // Tools behind the link load all thread-local sections where the first one is.
    RecordedLink(
      .lld, ["text0.o", "config0.o", "note2.o", "code1.o", "threadData2.o", "threadData0.o"],
      isAltered: true,
      """
      MEMORY
      {
        ROM (rx) : ORIGIN = 0x8000000, LENGTH = 1M
        RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 256K
      }
      SECTIONS
      {
        .note.one : { } >RAM AT>ROM
        .out7 : { *(.tdata) } >RAM AT>ROM
      }
      ASSERT(LOADADDR(.out7) != ADDR(.out7), "A1")
      ASSERT(LOADADDR(.tdata.x) == ADDR(.tdata.x), "A2")
      """),
    // The ASSERT reads what an earlier pass made of a symbol that a later one gives its default.
    RecordedLink(
      .bfd, ["base5.o"],
      """
      SECTIONS
      {
      ASSERT(s10, "A1")
        .info3 0 : { *(.info3) }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = 1);
      s10 = DEFINED(s10) ? s10 : s11;
      PROVIDE(s11 = .);
      """),
  ]
}
