// Links of RecordedLinkTests about where things are: orphans, sections that ONLY_IF leaves out, regions, load addresses.

import LdsParser
import TestSupport

extension RecordedLink {
  /// Judged by every release of GNU ld that is there.
  static let ofLayouts: [RecordedLink] = [
    // The map has the load address of thread-local data as GNU ld adjusted it behind thread-local zeros.
    RecordedLink(
      .bfd, ["threadZero2.o", "patched0.o", "empty0.o", "threadData0.o"],
      """
      MEMORY { }
      SECTIONS
      {
        .tbss : { KEEP(*(.hollow)) }
        .rodata.str1.1 : { }
        .noinit : { }
      }
      ASSERT(LOADADDR(.tdata) == 0x80, "A1")
      ASSERT(LOADADDR(.tdata) != 0x80, "A2")
      ASSERT(SIZEOF(.tdata) > 0, "A3")
      """),
    // An expression makes a section of the statement that was not taken, beside the empty one of the other.
    RecordedLink(
      .bfd, ["text0.o", "empty0.o", "data2.o"],
      """
      SECTIONS
      {
        .data 0x4000 : { *(.data .data.init) }
        ASSERT(ADDR(.pair) != 0, "A1")
        .pair : ONLY_IF_RO { *(.hollow) }
        .pair : ONLY_IF_RW { *(.hollow) }
      }
      ASSERT(SIZEOF(.data) > 0, "A2")
      """),
    // Orphans that are not allocated follow a section that is in memory only for the room behind its input.
    RecordedLink(
      .bfd, ["text0.o", "tag1.o", "remark0.o"], isAltered: true,
      """
      SECTIONS
      {
        .text 0x4000 : { *(.text) }
        .tag : { *(.tag) . += 0x28; }
        /DISCARD/ : { *(.nothing) }
        _end = .;
      }
      ASSERT(_end < 0x1000, "A1")
      """),
    // What stands in a declared region does not move the default one.
    RecordedLink(
      .bfd, ["text0.o", "debugStrings2.o", "data0.o"], isAltered: true,
      """
      MEMORY { ROM (rx) : ORIGIN = 0x8000000, LENGTH = 1M }
      SECTIONS
      {
        .out : { s1 = .; *(.debug_str) }
        .data : { *(.data) } >ROM
      }
      ASSERT(s1 == 0, "A1")
      """),
    RecordedLink(
      .bfd, ["text0.o", "remark0.o", "patched0.o", "bss0.o"], isAltered: true,
      """
      MEMORY
      {
        ROM (rx) : ORIGIN = 0x8000000, LENGTH = 1M
        RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 256K
      }
      SECTIONS
      {
        .bss : { *(.bss) } >RAM AT>ROM
        .altcode : { *(.altcode) } AT>RAM
        .out : ALIGN(0x100) { s1 = .; *(.comment) }
        s2 = .;
      }
      ASSERT(s1 == 0, "A1")
      ASSERT(s2 - s1 == SIZEOF(.out), "A2")
      """),
    // An orphan of the name of a statement that was not taken.
    RecordedLink(
      .bfd, ["text0.o", "bss1.o"], isAltered: true,
      """
      SECTIONS
      {
        .text 0x4000 : { *(.text) }
        . = ALIGN(0x1000);
        .bss : ONLY_IF_RW { s1 = .; *(.nothing) }
        s2 = .;
      }
      ASSERT(s1 == 0x5000, "A1")
      ASSERT(s2 == s1, "A2")
      ASSERT(SIZEOF(.text) > 0, "A3")
      """),
    // A dropped orphan of the linker's own is followed by load addresses.
    RecordedLink(
      .bfd, ["text0.o", "bss2.o", "note0.o", "threadZero1.o"], isAltered: true,
      """
      PHDRS { text PT_LOAD; tls PT_TLS; }
      SECTIONS
      {
        .text 0x4000 : { *(.text) } :text
        .bss 0x47bc : AT(0x810000) { *(.bss .bss.page) } :text
        .note.one : { *(.note.one) } :text
        .tbss : { *(.tbss) } :text :tls
      }
      ASSERT(LOADADDR(.tbss) == 0x810000 + ADDR(.tbss) - 0x47bc, "A1")
      ASSERT(LOADADDR(.tbss) == 0x810004 + ADDR(.tbss) - 0x47bc, "A2")
      ASSERT(SIZEOF(.bss) > 0, "A3")
      """),
    // A listing shows offsets of thread-local symbols, in a block as long as the script makes it, and of their copies.
    RecordedLink(
      .bfd, ["text0.o", "threadData0.o", "threadZero1.o"],
      """
      SECTIONS
      {
        .text 0x4000 : { *(.text) }
        .out 0x800000 : { *(.tdata) }
        .zero 0xa00000 : { *(.tbss) }
      }
      copy = threadZero1 + 4;
      ASSERT(threadZero1 >= 0xa00000, "A1")
      ASSERT(copy >= 0xa00000, "A2")
      """),
    // What is not allocated follows a .comment that no input came to.
    RecordedLink(
      .bfd, ["text0.o", "debug0.o", "tag0.o"], isAltered: true,
      """
      SECTIONS
      {
        .text 0x4000 : { *(.text) }
        .comment : { *(.comment) }
        /DISCARD/ : { *(.nothing) }
        _end = .;
      }
      ASSERT(_end < 0x4000, "A1")
      """),
    // An empty section is in no segment, so that an image does not tell where it is loaded.
    RecordedLink(
      .bfd, ["text0.o", "empty0.o", "data2.o"], isAltered: true,
      """
      SECTIONS
      {
        .text 0x4000 : AT(0x830000) { *(.text) }
        .none : ONLY_IF_RO { *(.nothing) . = . + 0; }
        .pair : ONLY_IF_RW { *(.hollow) s1 = .; }
      }
      ASSERT(LOADADDR(.pair) == ADDR(.pair), "A1")
      ASSERT(SIZEOF(.text) > 0, "A2")
      """),
    // Tools behind the link load what stands at the address of thread-local zeros where those are loaded.
    RecordedLink(
      .bfd, ["text0.o", "fast1.o", "threadZero0.o", "strings2.o"], isAltered: true,
      """
      SECTIONS
      {
        .text 0x4000 : AT(0x810000) { *(.text) }
        .ramdata 0x500c : AT(0x830000) { *(.ramdata .fastdata) }
        .zero 0x7018 : SUBALIGN(1) { *(.tbss) }
        .out6 : { *(.rodata.str1.8) }
      }
      ASSERT(LOADADDR(.out6) % 8 == 0, "A1")
      ASSERT(SIZEOF(.text) > 0, "A2")
      """),
    // Sections below the headers: more of them were reckoned with than were written.
    RecordedLink(
      .bfd, ["text0.o", "threadData0.o", "note0.o"],
      """
      SECTIONS
      {
        . = SIZEOF_HEADERS;
        .tdata : { *(.tdata) }
        .comment : { *(.comment) }
        .note.one : { *(.note.one) }
        . = 0x100;
        .text : { *(.text) }
      }
      ASSERT(SIZEOF_HEADERS <= 0xe8, "A1")
      ASSERT(SIZEOF(.text) > 0, "A2")
      """),
    // So they do behind an empty one.
    RecordedLink(
      .bfd, ["text0.o", "empty0.o", "data1.o", "bss1.o"], isAltered: true,
      """
      SECTIONS
      {
        .text 0x4033 : AT(0x700000) { *(.text) }
        .none 0x5074 : AT(0x700100) { s1 = .; *(.hollow) }
        .data : { *(.data.init) }
        .bss : { *(.bss) }
      }
      ASSERT(LOADADDR(.data) == 0x700100, "A1")
      ASSERT(LOADADDR(.bss) % 4 == 0, "A2")
      ASSERT(SIZEOF(.text) > 0, "A3")
      """),
  ]

  /// A statement that was not taken, and that an expression names, moves others to the start.
  static let reordered: [RecordedLink] = [
    RecordedLink(
      .lld, release: "14", ["text0.o", "common2.o", "data0.o"],
      """
      SECTIONS
      {
        . = 0x10000;
        .text : { *(.text) }
        .pair : ONLY_IF_RO { *(COMMON) }
        .pair : ONLY_IF_RW { *(COMMON) }
        .data 0x20000 : { *(.data) }
        _end = .;
        . = ALIGN(0x1000);
        top = .;
      }
      ASSERT(top == 0x21000, "A1")
      ASSERT(LOADADDR(.pair) > 0, "A2")
      ASSERT(1, "A3")
      """)
  ]

  /// lld up to 20 judges code before it is relaxed as well.
  static let relaxed: [RecordedLink] = [
    RecordedLink(
      .lld, ["text0.o", "data0.o"], target: .riscv64,
      """
      SECTIONS { . = 0x10000; .text : { *(.text) } s1 = .; .data : { *(.data) } }
      ASSERT(SIZEOF(.text) == 0x44, "A1")
      ASSERT(s1 == 0x10044, "A2")
      ASSERT(SIZEOF(.text) == 0, "A3")
      """)
  ]
}
