// The links of RecordedLinkTests.

import LdsParser
import TestSupport

/// A link by a real linker in which a verdict was once wrong.
struct RecordedLink: Sendable {
  var dialect: LinkerDialect.Family
  /// Objects of the pool.
  var objects: [String]
  var script: String
  /// What it is linked for.
  var target: LinkTarget
  /// Options of the link.
  var options: [String]
  /// Whether no evidence can decide anything in it.
  var isUndecided: Bool
  /// Whether it is judged from altered files, too.
  var isAltered: Bool
  /// The release of the linker, if another than the one that the facts were measured on.
  var release: String?

  init(
    _ dialect: LinkerDialect.Family, release: String? = nil, _ objects: [String],
    target: LinkTarget = .x86_64, options: [String] = [], isUndecided: Bool = false,
    isAltered: Bool = false, _ script: String
  ) {
    self.dialect = dialect
    self.target = target
    self.options = options
    self.objects = objects
    self.isUndecided = isUndecided
    self.isAltered = isAltered
    self.release = release
    self.script = script
  }

  static let all = onHost + ofLayouts + reordered + onTargets + byLLD + onOtherTargets

  private static let onHost: [RecordedLink] = [
    // A dropped section with an address moves the location counter of the sizing passes.
    RecordedLink(
      .bfd, ["base5.o"],
      """
      s0 = s10;
      SECTIONS
      {
        .info3 0 : { *(.info3) }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = 1);
      PROVIDE(s10 = .);
      ASSERT(s10 < 1, "A1")
      """),
    RecordedLink(
      .bfd, ["base2.o"],
      """
      ASSERT(s6 < 1, "A1")
      SECTIONS
      {
        .info3 0 : { *(.info3) }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = 1);
      s6 = .;
      """),
    // Whether an assignment waits for the last pass depends on whether its old value is read.
    RecordedLink(
      .bfd, ["base1.o"],
      """
      ASSERT(s7, "A1")
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = 1);
      s7 = s8;
      s8 = 0 ? s8 : 1;
      """),
    // A line of a map that moves the location counter may stand behind the section above it.
    RecordedLink(
      .bfd, ["base3.o"],
      """
      SECTIONS
      {
        .bss : {
        }
        . = 1;
        /DISCARD/ : { *(.comment) *(.note*) *(.eh_frame) *(.gone) }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = 1);
      s5 = .;
      """),
    // An ASSERT as a value on such a line.
    RecordedLink(
      .bfd, ["base5.o"],
      """
      SECTIONS
      {
        .rodata 0x407000 : {
          *(.rodata .rodata.*)
          s5 = ASSERT(1 >= ADDR(.rodata), "A14");
        }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = 1);
      s9 = 1 << r0;
      """),
    // A value carried over from an earlier pass is of unknown kind as well.
    RecordedLink(
      .bfd, ["base5.o"],
      """
      SECTIONS
      {
        . = 1;
        .rodata : AT(1) ALIGN(1) {
          ASSERT(s3 * _start, "A5");
          s3 = .;
        }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = 1);
      """),
    // A symbol of a dropped section is moved to another one before the map is printed.
    RecordedLink(
      .bfd, ["base5.o"],
      """
      SECTIONS
      {
        .dropped0 : { *(.nothere0) }
        .rodata 0x405000 : {
          HIDDEN(s1 = ADDR(.dropped0));
          *(.rodata .rodata.*)
          ASSERT(3 - s1 <= 1M, "A7");
        }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = 1);
      HIDDEN(s7 = s11);
      PROVIDE(s11 = !(d1 / 1));
      """),
    // The value of a PROVIDE before the last pass is not the one in the image.
    RecordedLink(
      .bfd, ["base0.o"],
      """
      SECTIONS
      {
        .text : {
          s0 = 3;
          s0 += 1;
          ASSERT(s3, "A6");
        }
        PROVIDE(s2 = s0);
        .data 1 : {
          s3 = s2;
        }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = 1);
      """),
    // ASSERTs see an early value at the end of a chain of later symbols; the map prints the last one.
    RecordedLink(
      .bfd, ["base1.o"],
      """
      ASSERT(b0 >= s7, "A2")
      SECTIONS
      {
        .bss 0x410000 : {
        }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = 1);
      s7 = (s8 / 10h) & .;
      s8 = s9;
      s9 = .;
      """),
    // Offset -1 in an output section is its end.
    RecordedLink(
      .lld, ["base0.o"],
      """
      SECTIONS
      {
        . = 0x402000;
        .text : { *(.text) }
      }
      ASSERT(ADDR(.text) - 1 > ADDR(.text), "A10")
      ASSERT(ADDR(.text) - 2 < ADDR(.text), "A11")
      """),
    RecordedLink(
      .lld, ["base5.o"],
      """
      s1 = .;
      SECTIONS
      {
        .rodata : {
          ASSERT(s1 - 1, "A5");
        }
      }
      """),
    // Headers are dropped after the script was evaluated.
    RecordedLink(
      .lld, ["base0.o"],
      """
      SECTIONS
      {
        s5 = SIZEOF_HEADERS;
        s6 = 1;
      }
      """),
    // Of nested ALIGNs the outermost counts; ABSOLUTE less a number is a place again.
    RecordedLink(
      .lld, ["base1.o"],
      """
      x1 = ALIGN(ALIGN(f1, 0x100), 8);
      x2 = ABSOLUTE(f1) - 4;
      x3 = ALIGN(f1 ? ALIGN(d0, 0x100) : d1, 2);
      ASSERT(x1 - f1 < 8, "A1")
      ASSERT(x3 == d0, "A2")
      ASSERT((x2 & ABSOLUTE(-1)) == f1 - 4, "A3")
      """),
    // Orphans come before an ASSERT and not before an assignment to a symbol.
    RecordedLink(
      .lld, ["fill3.o", "base3.o"],
      """
      SECTIONS
      {
        .rodata 1 : {
        }
        s5 = .;
        ASSERT(1, "A5")
        HIDDEN(s6 = .);
        .data : ALIGN(1) {
        }
      }
      """),
    RecordedLink(
      .lld, ["base5.o", "fill0.o"],
      """
      MEMORY {
        RAM (w) : ORIGIN = 1, LENGTH = 1M
      }
      SECTIONS
      {
        .text : {
        } >RAM
        ASSERT(1, "A9")
      }
      s5 = .;
      """),
    RecordedLink(
      .lld, ["fill3.o", "base1.o"], isUndecided: true,
      """
      s0 = .;
      """),
    // A map of lld does not tell whether a PROVIDE took effect.
    RecordedLink(
      .lld, ["base1.o"],
      """
      SECTIONS
      {
        .text : {
          *(.text)
          PROVIDE_HIDDEN(s0 = .);
        }
      }
      ASSERT(DEFINED(s0), "A16")
      ASSERT(f1, "A17")
      """),
    // A segment over which the location counter was moved back loses its load addresses.
    RecordedLink(
      .lld, ["base0.o"],
      """
      SECTIONS
      {
        OVERLAY 0x500000 : AT(1) {
          .ov2 { *(.ov2) }
        }
        .data : ALIGN(1) {
        }
        . = 0x410000;
      }
      s7 = LOADADDR(.bss);
      """),
    // What is in the section so far.
    RecordedLink(
      .lld, ["base0.o"],
      """
      SECTIONS
      {
        . = 0x401000;
        .text : {
          s0 = SIZEOF(.text);
          *(.text)
          s1 = .;
          ASSERT(SIZEOF(.text) == s1 - ADDR(.text), "A1");
          . = . + 8;
          ASSERT(SIZEOF(.text) == s1 - ADDR(.text), "A2");
        }
        ASSERT(s0 == 0, "A3")
      }
      """),
    // Where ASSERTs are printed, both symbols are offsets into a section, and one lies below it.
    RecordedLink(
      .bfd, ["base0.o"],
      """
      ASSERT(s6 < s8, "A1")
      SECTIONS
      {
        .text : {
        }
        . = DATA_SEGMENT_ALIGN(1, 1);
        /DISCARD/ : { *(.comment) *(.note*) *(.eh_frame) *(.gone) }
      }
      PROVIDE(pq0 = 3);
      PROVIDE(pq1 = (1));
      s6 = MIN(((1)), .);
      PROVIDE_HIDDEN(s8 = .);
      """),
    // A condition without a value leaves the symbol as it is, whatever both branches come to.
    RecordedLink(
      .bfd, ["base1.o"], isUndecided: true,
      """
      ASSERT(((s0)), "A1")
      SECTIONS
      {
        .rodata 1 : {
          HIDDEN(s0 = ((ADDR(.rodata)) == 0 ? s5 : ((1))));
        }
        PROVIDE(s5 = (((1))));
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = (1));
      """),
    // An origin below the section is a large offset into it.
    RecordedLink(
      .bfd, ["base5.o"],
      """
      SECTIONS
      {
        .text : {
        } >ROM
        .rodata : {
          ASSERT(ORIGIN(ROM) >= r0, "A3");
        } >ROM
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = (1));
      """),
    // A PROVIDE that only the second pass refers to takes effect after the ASSERT's last early value.
    RecordedLink(
      .bfd, ["base1.o"], isUndecided: true,
      """
      ASSERT((s7), "A1")
      SECTIONS
      {
        .rodata 1 : {
          PROVIDE_HIDDEN(s0 = ((1)));
        }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = (1));
      s7 = (1 >= DATA_SEGMENT_END(.) ? 1 : (s0));
      """),
    // A map does not tell that the script asks for SANE_EXPR, nor on which side of a brace a line stands.
    RecordedLink(
      .bfd, ["base3.o"],
      """
      LD_FEATURE("SANE_EXPR")
      SECTIONS
      {
        .rodata : {
          *(.rodata .rodata.*)
      HIDDEN(s3 = .);
        }
        /DISCARD/ : { *(.comment) *(.note*) *(.eh_frame) *(.gone) }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = (1));
      ASSERT(((s3 + LOADADDR(.bss))) <= (~(d0)), "A13")
      """),
    RecordedLink(
      .bfd, ["base5.o"],
      """
      LD_FEATURE("SANE_EXPR")
      ASSERT(absym - s1 <= 0x402000, "A1")
      SECTIONS
      {
        .text 0x404000 : {
        }
      s1 = .;
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = (1));
      """),
    // A section that was dropped had an address, and the sizing pass went there: what stands behind it had another
    // value when it was read above.
    RecordedLink(
      .bfd, ["base0.o"],
      """
      SECTIONS
      {
        .data : ALIGN(4) {
      ASSERT((ADDR(.data) - s8), "A14");
        } >RAM AT> CODE
        .bss : ALIGN(4) {
          *(.bss .bss.*) *(COMMON)
          . = ALIGN(1);
        } >RAM AT>ROM
        .info3 0 : { *(.info3) }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = (1));
      s8 = .;
      """),
    RecordedLink(
      .bfd, ["base3.o"],
      """
      SECTIONS
      {
        .info3 0 : { *(.info3) }
        /DISCARD/ : { *(.comment) *(.note*) *(.eh_frame) *(.gone) }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = (1));
      ASSERT(!((s6 * 1)), "A13")
      s6 = .;
      """),
    // An orphan stands in front of an assignment to '.', though the section that follows has no inputs and no memory.
    RecordedLink(
      .bfd, ["base0.o"],
      """
      SECTIONS
      {
        . = 0x1000;
        .text : { *(.text .text.*) }
        .rodata : { *(.rodata .rodata.*) }
        .data : { *(.data .data.*) }
        . = ALIGN(32);
        behind = .;
        .gap : ALIGN(64) { *(.nothere) . = ALIGN(64); }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = 1);
      ASSERT(behind >= ADDR(.bss) + SIZEOF(.bss), "A1")
      """),
    // A section without input sections is read-only, whatever its flags become.
    RecordedLink(
      .bfd, ["base0.o"],
      """
      SECTIONS
      {
        . = 0x1004;
        .room : ALIGN(16) ONLY_IF_RO { start = .; *(.nothere) . = . + 8; end = .; }
        .text : { *(.text .text.*) }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = 1);
      ASSERT(end == ADDR(.room) + 8 && start == ADDR(.room), "A2")
      ASSERT(!(start & 15), "A3")
      """),
    // The name alone makes no section thread-local to the linker.
    RecordedLink(
      .bfd, ["base0.o"],
      """
      SECTIONS
      {
        . = 0x1004;
        .tdata : { *(.nothere) . = ALIGN(0x100); }
        behind = .;
        .text : { *(.text .text.*) }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = 1);
      ASSERT(behind == 0x1100, "A4")
      """),
    // An orphan of the name of a section that was not taken has a row of its own in a map.
    RecordedLink(
      .bfd, ["base0.o"],
      """
      SECTIONS
      {
        . = 0x1000;
        .text : { *(.text .text.*) }
        . = ALIGN(0x1000);
        .data : ONLY_IF_RO { start = .; *(.data .data.*) end = .; }
      }
      PROVIDE(pq0 = 1);
      PROVIDE(pq1 = 1);
      ASSERT(!(start & 0xfff) && end == start, "A5")
      """),
  ]
}
