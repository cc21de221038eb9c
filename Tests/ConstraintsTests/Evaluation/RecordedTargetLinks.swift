// The links of RecordedLinkTests for other machines than the host, with options, and about PHDRS, INSERT and empty
// sections.

import LdsParser
import TestSupport

extension RecordedLink {
  static let onTargets: [RecordedLink] = [
    // A 32-bit image keeps the lower half of what the linker calculates.
    RecordedLink(
      .bfd, ["base0.o"], target: .i386,
      """
      SECTIONS { .data : { } s6 = ~(ALIGN(3)); }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = (1));
      HIDDEN(s11 = LOG2CEIL(s6));
      """),
    RecordedLink(
      .bfd, ["base1.o"], target: .i386,
      """
      SECTIONS { .text 1 : { ASSERT(((s0)), "A3"); } }
      PROVIDE(pq0 = 0x8000000000000000);
      PROVIDE(pq1 = (1));
      s0 = (((pq0)));
      """),
    RecordedLink(
      .bfd, ["base1.o"], target: .i386,
      """
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = (1));
      PROVIDE(s7 = (((ADDR(.text))) - 1));
      s11 = ((LOADADDR(.rodata)));
      ASSERT(((s7)) > (-(s11)), "A9")
      """),
    RecordedLink(
      .bfd, ["base3.o"], target: .i386,
      """
      s0 = ((-(SIZEOF(.bss))));
      SECTIONS { ASSERT(0x100000000 >= s0, "A6") }
      PROVIDE(pq0 = 3);
      PROVIDE(pq1 = (1));
      """),
    // What follows 0xffffffff is at 0x100000000 for the linker.
    RecordedLink(
      .bfd, ["base4.o"], target: .i386,
      """
      SECTIONS
      {
        .rodata 0xffffd000 : { }
        . = 0x100001000;
        .data : { ASSERT(r0 > com, "A7"); }
        .bss : { }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = (1));
      """),
    // The end may be between two sections of the script.
    RecordedLink(
      .bfd, ["base5.o"], target: .i386,
      """
      SECTIONS
      {
        .text : SUBALIGN(4) { }
        . = 0x100003000;
        .data (DSECT) : { ASSERT(LOADADDR(.data) - f1 <= 1M, "A11"); }
      }
      PROVIDE(pq0 = 3);
      PROVIDE(pq1 = (1));
      """),
    // An image for MIPS is out of date only if it is so whichever way its addresses are taken.
    RecordedLink(
      .bfd, ["base1.o"], target: .mips,
      """
      OUTPUT_ARCH(mips)
      SECTIONS { . = 0xc0103000; }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = (1));
      s11 = (_start / 0x1000);
      """),
    // PE has no load addresses, and leaves out absolute symbols that are too large for it.
    RecordedLink(
      .bfd, ["base5.o"], target: .pe,
      """
      SECTIONS
      {
        .text 0x140002000 : { ASSERT((LOADADDR(.bss) % 0x1000), "A4"); }
        .data : AT(1) ALIGN(1) { }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = (1));
      """),
    RecordedLink(
      .bfd, ["base2.o"], target: .pe,
      """
      SECTIONS
      {
        . = 0x140005000;
        ASSERT(((s11)), "A11")
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = f1 + 4);
      s11 = ((pq1));
      """),
    // A PE image does not show the empty .reloc that the linker puts behind the data.
    RecordedLink(
      .bfd, ["base2.o", "fill3.o"], target: .pe,
      """
      SECTIONS
      {
        .text 0x140004000 : { }
        .bss : AT(1) ALIGN(1) { *(.bss .bss.*) *(COMMON) }
        /DISCARD/ : { *(.comment) *(.note*) *(.eh_frame) *(.gone) }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = (1));
      ASSERT((. & 7), "A15")
      """),
    // It does not say which sections are thread-local, and those take no space.
    RecordedLink(
      .bfd, ["fill0.o", "base0.o"], target: .pe,
      """
      SECTIONS
      {
        . = 0x140001000;
        .bss : ALIGN(1) { *(.bss .bss.*) *(COMMON) }
        /DISCARD/ : { *(.comment) *(.note*) *(.eh_frame) *(.gone) }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = (f1));
      s9 = .;
      """),
    // It has the first 8 bytes of a section's name.
    RecordedLink(
      .bfd, ["fill0.o", "base0.o"], target: .pe,
      """
      SECTIONS
      {
        . = 0x140001000;
        .text : { *(.text) }
        .orphan_ro : { *(.orphan_ro) }
        ASSERT(SIZEOF(.orphan_ro) != 0, "A1")
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = (1));
      """),
    // Program headers move load addresses after the script has read them.
    RecordedLink(
      .bfd, ["base1.o"],
      """
      PHDRS
      {
        text 1 FLAGS(5);
        data 1 AT(0x900000);
      }
      SECTIONS
      {
        .text 1 : { } :text
        .bss : { } :data
      }
      PROVIDE(pq0 = 3);
      PROVIDE(pq1 = (1));
      HIDDEN(s8 = ((LOADADDR(.bss))));
      """),
    // INSERT puts statements elsewhere.
    RecordedLink(
      .bfd, ["base5.o"],
      """
      SECTIONS { .ins0 : { s1 = (((1))); } }
      INSERT AFTER .rodata
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = (1));
      s2 = (((DEFINED(s1))));
      """),
    RecordedLink(
      .bfd, ["base4.o"],
      """
      SECTIONS
      {
        .ins0 : { BYTE(1) }
        .ins1 : { s2 = .; }
      }
      INSERT BEFORE .text
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = (1));
      """),
    // Orphans stand before a dropped section that no section of the script precedes.
    RecordedLink(
      .bfd, ["base4.o"],
      """
      SECTIONS { .ins1 : { s2 = .; } }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = (1));
      """),
    // A map lists what was dropped, which moves no location counter behind it.
    RecordedLink(
      .bfd, ["base3.o"], options: ["--gc-sections", "-e", "fill1_2"],
      """
      SECTIONS
      {
        .bss 1 : { }
        s2 = .;
      }
      ASSERT(((ADDR(.bss))), "A22")
      """),
    RecordedLink(
      .bfd, ["base0.o"], options: ["--gc-sections", "-e", "f1"],
      """
      SECTIONS
      {
        .rodata : AT(1) ALIGN(1) { . = (8); }
        .data 0 : { }
        s5 = .;
        .bss : { }
        s7 = (ALIGN(1));
        ASSERT(((ADDR(.bss))), "A13")
      }
      """),
    // An empty section is in no segment that tells its load address.
    RecordedLink(
      .bfd, ["base3.o"], options: ["--gc-sections", "-e", "fill1_2"],
      """
      SECTIONS
      {
        .text : { . = ALIGN(1); }
        .rodata : AT(1) ALIGN(1) { KEEP(*(.rodata .rodata.*)) ASSERT((LOADADDR(.text)), "A4"); }
      }
      """),
    RecordedLink(
      .bfd, ["base0.o"], options: ["--gc-sections", "-e", "f1"],
      """
      SECTIONS
      {
        OVERLAY (0) : AT(1) { .ov2 { *(.ov2) } }
        .rodata : { . = (1); ASSERT(((LOADADDR(.rodata))), "A8"); }
      }
      """),
    // A section that is not allocated stands elsewhere in the image than the orphans behind it.
    RecordedLink(
      .bfd, ["base3.o", "fill4.o"], target: .i386,
      """
      SECTIONS
      {
        .rodata (DSECT) : AT(1) ALIGN(1) SUBALIGN(1) {
        }
        /DISCARD/ : { *(.comment) *(.note*) *(.eh_frame) *(.gone) }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = (1));
      s6 = .;
      ASSERT(s6 == 0x1b7, "A1")
      """),
    // .tbss takes no room, and a map does not tell that it is what its name says.
    RecordedLink(
      .bfd, ["base3.o", "fill0.o", "fill3.o"], target: .i386,
      """
      SECTIONS
      {
        .rodata (OVERLAY) : {
        }
        /DISCARD/ : { *(.comment) *(.note*) *(.eh_frame) *(.gone) }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = (1));
      HIDDEN(s10 = .);
      ASSERT(. == 0x6e0, "A1")
      ASSERT(s10 == 0x344, "A2")
      """),
    // lld gives what INSERT leaves at the top another location counter than the script's text does.
    RecordedLink(
      .lld, ["base1.o"],
      """
      SECTIONS
      {
        s3 = .;
        .ins2 : { s2 = SIZEOF(.text); }
      }
      INSERT AFTER .bss
      """),
    RecordedLink(
      .lld, ["base1.o"],
      """
      SECTIONS
      {
        .ins0 : { s0 = SIZEOF(.text); }
        s1 = .;
      }
      INSERT AFTER .text
      """),
    RecordedLink(
      .lld, ["base1.o"],
      """
      ASSERT((s4), "A1")
      s0 = .;
      ASSERT(SIZEOF(.text) > 0, "A2")
      SECTIONS
      {
        .ins1 : { s4 = ((s0)); }
      }
      INSERT BEFORE .rodata
      """),
    RecordedLink(
      .lld, ["base4.o"],
      """
      ASSERT(((s9)), "A1")
      SECTIONS
      {
        .ins0 : { BYTE(1) s10 = .; }
      }
      INSERT AFTER .data
      SECTIONS
      {
      }
      s9 = .;
      """),
    // A section behind the end of the 32-bit address space, and load addresses that the script puts below it.
    RecordedLink(
      .lld, ["base5.o"], target: .i386,
      """
      ASSERT(s5 < LOADADDR(.text), "A1")
      SECTIONS
      {
        .text : AT(0x800000) ALIGN(1) { ASSERT(SIZEOF(.text) >= 0, "A2"); }
        .bss 0x100004000 : {
        }
      }
      s5 = .;
      """),
    RecordedLink(
      .lld, ["base3.o"], target: .i386,
      """
      SECTIONS
      {
        .rodata : AT(0x810000) ALIGN(1) { ASSERT(SIZEOF(.text) >= 0, "A1"); }
        .data 0x100002000 : {
        }
      }
      ASSERT(LOADADDR(.rodata) <= d1, "A10")
      """),
    // An address that is a number in the script is not behind the end.
    RecordedLink(
      .lld, ["base0.o"], target: .i386,
      """
      ASSERT(d0 - ADDR(.bss) <= 0x8000000000000000, "A1")
      ASSERT(SIZEOF(.text) >= 0, "A2")
      SECTIONS
      {
        .rodata : {
        }
        . = 0x100001000;
        .data : { *(.data) }
        .bss 0x460000 : { *(.bss) }
      }
      """),
    // What stands before the first place close to the end, or is not allocated, is not behind it.
    RecordedLink(
      .lld, ["base4.o"], target: .i386,
      """
      SECTIONS
      {
        .text (INFO) : ALIGN(1) SUBALIGN(1) {
          ASSERT(LOADADDR(.data) - _start <= 4K, "A4");
          ASSERT(SIZEOF(.data) >= 0, "A1");
        }
        . = 0x100001000;
        .data : {
        }
      }
      """),
    RecordedLink(
      .lld, ["base4.o"], target: .i386,
      """
      SECTIONS
      {
        .text : AT(1) ALIGN(1) {
        }
        . = 0xfffff000;
        .rodata : {
        }
        ASSERT(absym < s5, "A6")
        ASSERT(SIZEOF(.data) >= 0, "A1")
        . = ALIGN(0x1000);
        .bss : {
        }
      }
      s5 = (ALIGN(1) - ADDR(.text));
      """),
    // An empty section is as far from its load address as the one before it.
    RecordedLink(
      .lld, ["base4.o"], options: ["--gc-sections"],
      """
      SECTIONS
      {
        OVERLAY (0) : AT(1) {
          .ov1 { *(.ov1) }
        }
      }
      s10 = (((LOADADDR(.bss))));
      s11 = SIZEOF(.ov1);
      """),
  ]
}
