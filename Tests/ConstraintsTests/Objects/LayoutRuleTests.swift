// The rules of the layout, one link each: section and symbol come out as GNU ld 2.40 has them.

import Constraints
import LdsParser
import TestSupport
import Testing

/// A rule with a link that shows it.
struct LayoutRule: Sendable, CustomTestStringConvertible {
  let name: String
  var objects: [(name: String, text: String)]
  var script: String
  var options: [String] = []
  var inputs: [String] = []
  var target = LinkTarget.x86_64
  /// Whether some releases are not modelled.
  var mayBeRefused = false

  var testDescription: String { name }

  var link: LaidOutLink {
    LaidOutLink(objects: objects, script: script, options: options, inputs: inputs, target: target)
  }

  /// `.section NAME,FLAGS` with a label and bytes, aligned.
  static func part(
    _ section: String, _ flags: String, _ label: String, size: Int, align: Int = 1
  ) -> String {
    ".section \(section),\(flags)\n.balign \(align)\n.globl \(label)\n\(label): .skip \(size)\n"
  }

  private static let code = part(".text", "\"ax\"", "code", size: 17, align: 16)
  private static let many =
    part(".text", "\"ax\"", "t", size: 9, align: 8)
    + part(".rodata", "\"a\"", "r", size: 5, align: 4)
    + part(".data", "\"aw\"", "d", size: 6, align: 8)
    + part(".bss", "\"aw\",@nobits", "b", size: 33, align: 32)
    + part(".extra", "\"aw\"", "e", size: 3, align: 16)
  private static let tabs = ["10", "2", "1"].enumerated().map { index, name in
    part(".tab.\(name)", "\"a\"", "tab_\(name)", size: index + 1, align: 1 << index)
  }.joined()

  private static let note =
    ".section .note.y,\"a\",@note\n.balign 4\n.long 4,4,1\n.asciz \"XYZ\"\n.long 1\n"

  private static let namesakes =
    part(".data.x", "\"aw\"", "x", size: 5)
    + part(".own", "\"aw\",@nobits", "own", size: 40, align: 8)
    + part(".other", "\"ax\"", "other", size: 4)

  /// Rules that changed between releases.
  static let ofReleases =
    [
      LayoutRule(
        name: "warnings for those who link are not linked, and align if they are of a whole object",
        objects: [
          (
            "a.o",
            code + part(".gnu.warning.code", "\"a\"", "w", size: 21, align: 64)
              + part(".gnu.warning", "\"a\"", "v", size: 9, align: 32)
              + part(".gnu.warning.gone", "\"\"", "u", size: 9)
              + part(".gnu.warnings", "\"a\"", "s", size: 3)
          )
        ],
        script: "SECTIONS { . = 0x1001; .text : { *(.text) *(.gnu.warning*) end = .; } }"),
      LayoutRule(
        name:
          "what the linker makes for itself and does not need keeps no section at an odd address",
        objects: [("a.o", code + ".quad elsewhere\n")],
        script:
          "SECTIONS { . = 0x8000; .text : { *(.text) } .tables . + 5 : { *(.got .got.plt) } v = .; }",
        options: ["--unresolved-symbols=ignore-all"]),
    ]
    + ["*(.got)", "*(.got) *(.odd)", "*(.odd)", "*(.big) *(.rela.*)"].map { inputs in
      LayoutRule(
        name: "SUBALIGN over \(inputs)",
        objects: [
          (
            "a.o",
            part(".text", "\"ax\"", "t", size: 9) + ".section .odd,\"aw\"\n.balign 16\n"
              + part(".big", "\"aw\"", "big", size: 4, align: 32)
          )
        ],
        script: """
          SECTIONS { .text : { *(.text) } .x : SUBALIGN(4) { \(inputs) } v = ALIGNOF(.x); w = ADDR(.x);
            /DISCARD/ : { *(.odd .big) } }
          """, mayBeRefused: true)
    }
    + ["", "(READONLY)", "(NOLOAD)", "(INFO)"].flatMap { type in
      ["x = .;", ". = .;", "*(.none)", "ASSERT(SIZEOF(.text) > 0, \"m\");"].map { body in
        LayoutRule(
          name: "an orphan of the name of a section \(type) that has \(body)",
          objects: [("a.o", code + part(".own", "\"aw\"", "o", size: 8))],
          script:
            "SECTIONS { . = 0x8000; .text : { *(.text) } .own \(type) : { \(body) } e = .; } q = SIZEOF(.own);"
        )
      }
    }
    + ["", "(READONLY)", "(NOLOAD)", "(INFO)"].map { type in
      LayoutRule(
        name: "orphans of the name of a section \(type)", objects: [("a.o", namesakes)],
        script:
          "SECTIONS { . = 0x8000; .own \(type) : { *(.data.x) } .other \(type) : { *(.data.x) } }")
    }

  /// Rules of one machine, and of garbage collection and files that the script names.
  static let others: [LayoutRule] = [LinkTarget.x86_64, .arm, .aarch64].flatMap { target in
    [
      LayoutRule(
        name: "the build-id is in the file that is opened first",
        objects: [("a.o", many + note)],
        script: "SECTIONS { . = 0x8000; .text : { *(.text) } .rodata : { *(.rodata) } }",
        options: ["--build-id"], target: target),
      LayoutRule(
        name:
          "entries for indirect functions are aligned to words, and those of removed sections do not count",
        objects: [
          ("a.o", part(".text", "\"ax\"", "t", size: 17)),
          ("b.o", part(".data.x", "\"aw\"", "dx", size: 8, align: 8) + ".dc.a t\n"),
        ],
        script: """
          SECTIONS { . = 0x1001; .x : { QUAD(1) BYTE(1) *(.iplt) }
            .text : { *(.text) } .data : { *(.data*) } }
          """, options: ["--gc-sections", "-e", "t"], target: target),
      LayoutRule(
        name: "only sections in memory ask for entries of indirect functions",
        objects: [
          ("a.o", part(".text", "\"ax\"", "t", size: 17) + ".section .info,\"\"\n.dc.a other\n")
        ],
        script: "SECTIONS { . = 0x1001; .x : { BYTE(1) *(.iplt) BYTE(1) } .text : { *(.text) } }",
        options: ["--unresolved-symbols=ignore-all"], target: target),
      LayoutRule(
        name: "an empty list of program headers is none", objects: [("a.o", many)],
        script: "PHDRS { } SECTIONS { . = SIZEOF_HEADERS; .text : { *(.text) } }", target: target),
      LayoutRule(
        name: "what garbage collection removes decides on ONLY_IF_RW",
        objects: [("a.o", many)],
        script: """
          SECTIONS { . = 0x1000; .x : ONLY_IF_RW { *(.extra) SHORT(1) s = .; } .text : { *(.text) } }
          """, options: ["--gc-sections", "-e", "t"], target: target),
      LayoutRule(
        name: "stabs are not told, and change nothing else",
        objects: ["a", "b"].map { name in
          (
            "\(name).o",
            part(".text", "\"ax\"", "t\(name)", size: 5, align: 4)
              + ".stabs \"int:t1=r1;0;-1;\",128,0,0,0\n.stabs \"f:F1\",36,0,0,t\(name)\n"
          )
        },
        script: """
          SECTIONS { . = 0x1000; .text : { *(.text) } _end = .;
            .stab 0 : { *(.stab) } .stabstr 0 : { *(.stabstr) } }
          """, target: target),
      LayoutRule(
        name: "records of unwinding are collected unless KEEP matches them",
        objects: [
          (
            "a.o",
            ".text\n.globl t\nt:\n.cfi_startproc\n.skip 8\n.cfi_endproc\n"
              + part(".data", "\"aw\"", "d", size: 8, align: 8)
          )
        ],
        script: """
          SECTIONS { . = 0x1000; .text : { *(.text) } .eh_frame : { *(.eh_frame) } .data : { KEEP(*(.data)) } }
          """, options: ["--gc-sections", "-e", "t"], target: target),
      LayoutRule(
        name: "what starts and ends a program is no garbage",
        objects: [
          (
            "a.o",
            part(".text.t", "\"ax\"", "t", size: 4) + part(".text.i", "\"ax\"", "_init", size: 8)
              + part(".data.f", "\"aw\"", "_fini", size: 12)
              + part(".data.u", "\"aw\"", "u", size: 3)
          )
        ],
        script: "SECTIONS { . = 0x1000; .text : { *(.text*) } .data : { *(.data*) } e = .; }",
        options: ["--gc-sections", "-e", "t"], target: target),
      LayoutRule(
        name: "a file that the script names is opened where the script stands",
        objects: [
          ("a.o", part(".text", "\"ax\"", "ta", size: 5)),
          ("lib.a:m.o", part(".text", "\"ax\"", "wanted", size: 7)),
          ("b.o", part(".text", "\"ax\"", "tb", size: 3) + ".data\n.dc.a wanted\n"),
        ],
        script: "SECTIONS { . = 0x1000; .data : { b.o(.data) *(.data) } .text : { *(.text) } }",
        inputs: ["a.o", "lib.a", "b.o"], target: target),
      LayoutRule(
        name: "--sort-section sorts within what is sorted by the other key",
        objects: [
          ("a.o", part(".data.b", "\"aw\"", "db", size: 3, align: 4)),
          ("b.o", part(".data.a", "\"aw\"", "da", size: 5, align: 4)),
        ],
        script: """
          SECTIONS { . = 0x1000; .x : { *(SORT_BY_ALIGNMENT(.data.*)) } .y : { *(.bss) } }
          """, options: ["--sort-section=name"], target: target),
      LayoutRule(
        name: "the section for names of objects stays, and takes orphans of its name",
        objects: [("a.o", many)],
        script: """
          SECTIONS { . = 0x1001; .n : ALIGN(8) { CREATE_OBJECT_SYMBOLS } .text : { *(.text) }
            .data : { CREATE_OBJECT_SYMBOLS } }
          """, target: target),
      LayoutRule(
        name: "an interpreter that an object names needs two headers",
        objects: [("a.o", many + part(".interp", "\"a\"", "i", size: 9))],
        script: """
          SECTIONS { . = 0x10000 + SIZEOF_HEADERS; .text : { *(.text) } .interp : { *(.interp) }
            .rodata : { *(.rodata) } }
          """, target: target),
      LayoutRule(
        name: "an empty section is not worth protecting",
        objects: [
          (
            "a.o",
            many + part(".none", "\"aw\"", "n", size: 0) + part(".d2", "\"aw\"", "d2", size: 9)
          )
        ],
        script: """
          SECTIONS { . = SIZEOF_HEADERS; .text : { *(.text) }
            . = DATA_SEGMENT_ALIGN(CONSTANT(MAXPAGESIZE), CONSTANT(COMMONPAGESIZE));
            .x : { *(.none) BYTE(1) } . = DATA_SEGMENT_RELRO_END(0, .); .y : { *(.d2) } }
          """, target: target),
      LayoutRule(
        name: "orphans stand in front of what -Tdata makes",
        objects: [("a.o", many + part(".data.y", "\"aw\"", "y", size: 5))],
        script: "SECTIONS { . = 0x1000; .text : { *(.text) } }", options: ["-Tdata=0x670000"],
        target: target),
      LayoutRule(
        name: "-z start-stop-gc where nobody asks for a start", objects: [("a.o", many)],
        script: """
          SECTIONS { . = 0x1000; .text : { *(.text) } .x : { . = . + 4; *(.extra) } end = .; }
          """, options: ["--gc-sections", "-e", "t", "-z", "start-stop-gc"], target: target),
    ]
  }

  static let all: [LayoutRule] =
    others + [
      LayoutRule(
        name: "the first match takes a section", objects: [("a.o", many)],
        script: "SECTIONS { . = 0x1000; .x : { *(.data) } .y : { *(.data .extra) } }"),
      LayoutRule(
        name: "patterns of one statement keep the input order",
        objects: [("a.o", many), ("b.o", part(".rodata", "\"a\"", "r2", size: 3))],
        script: "SECTIONS { . = 0x1000; .x : { *(.rodata .text) } .y : { *(.extra) *(.data) } }"),
      LayoutRule(
        name: "sorted by name and by alignment", objects: [("a.o", tabs)],
        script: """
          SECTIONS { . = 0x1000; .x : { *(SORT(.tab.1*)) } .y : { *(SORT_BY_ALIGNMENT(.tab.*)) } }
          """),
      LayoutRule(
        name: "sorted and unsorted patterns share one tree",
        objects: [
          ("a.o", tabs + part(".text.a", "\"ax\"", "ta", size: 3)),
          (
            "b.o",
            part(".tab.0", "\"a\"", "tab_0", size: 7) + part(".text.a", "\"ax\"", "ta2", size: 1)
          ),
        ],
        script: "SECTIONS { . = 0x1000; .x : { *(.text.a SORT(.tab.*)) } }"),
      LayoutRule(
        name: "sorted by priority",
        objects: [
          (
            "a.o",
            part(".init_array.00200", "\"aw\",%init_array", "i200", size: 8, align: 8)
              + part(".init_array.5", "\"aw\",%init_array", "i5", size: 8, align: 8)
              + part(".ctors.65000", "\"aw\"", "c", size: 8, align: 8)
          )
        ],
        script: """
          SECTIONS { . = 0x1000;
            .x : { *(SORT_BY_INIT_PRIORITY(.init_array.*) SORT_BY_INIT_PRIORITY(.ctors.*)) } }
          """),
      LayoutRule(
        name: "files sorted and left out",
        objects: ["c.o", "a.o", "b.o"].enumerated().map { index, name in
          (
            name,
            part(".data", "\"aw\"", "d\(index)", size: 4)
              + part(".text", "\"ax\"", "t\(index)", size: 3)
          )
        },
        script:
          "SECTIONS { . = 0x1000; .x : { SORT(*)(.data) } .y : { *(EXCLUDE_FILE(a.o) .text) } }"
      ),
      LayoutRule(
        name: "members of archives that are wanted",
        objects: [
          ("a.o", code + ".globl _start\n_start: call f\n.weak never\n.quad never"),
          ("lib.a:m1.o", part(".text", "\"ax\"", "never", size: 3)),
          ("lib.a:m2.o", part(".text", "\"ax\"", "g", size: 5)),
          ("lib.a:m3.o", part(".text", "\"ax\"", "f", size: 7) + "call g"),
        ],
        script:
          "SECTIONS { . = 0x1000; .text : { lib.a:m2.o(.text) *(.text) } z = here; here = .; }"),
      LayoutRule(
        name: "common symbols in the order of the hash table",
        objects: [
          (
            "a.o",
            code + (0..<12).map { ".comm c\($0),\($0 * 3 + 1),\(1 << ($0 % 5))\n" }.joined()
          ), ("b.o", ".comm c3,100,64\n.comm other,4,4"),
        ],
        script: "SECTIONS { . = 0x1000; .text : { *(.text) } .bss : { *(.bss COMMON) } }"),
      LayoutRule(
        name: "common symbols that no pattern takes", objects: [("a.o", code + ".comm x,9,8")],
        script: "SECTIONS { . = 0x1000; .text : { *(.text) } }"),
      LayoutRule(
        name: "SUBALIGN", objects: [("a.o", many)],
        script: "SECTIONS { . = 0x1001; .x : SUBALIGN(2) { *(.text) *(.rodata) *(.data) } e = .; }"),
      LayoutRule(
        name: "empty sections that stay and that go", objects: [("a.o", code)],
        script: """
          SECTIONS { . = 0x1001; .a : { } a = .; .b : { . = ALIGN(8); } b = .; .c : { c = .; } d = .;
            .d : { . = . + 0; } .e ALIGN(64) : { } f = .; .g : { PROVIDE(g = .); } .text : { *(.text) } }
          """),
      LayoutRule(
        name: "an empty section that KEEP matches",
        objects: [("a.o", code + part(".hook", "\"aw\"", "hook", size: 0, align: 32))],
        script: "SECTIONS { . = 0x1001; .k : { KEEP(*(.hook)) } k = .; .text : { *(.text) } }"),
      LayoutRule(
        name: "merged strings and constants",
        objects: ["a.o", "b.o"].enumerated().map { index, name in
          (
            name,
            """
            .section .rodata.str1.1,"aMS",@progbits,1
            .globl s\(index)
            .asciz "tail"
            s\(index): .asciz "long tail"
            .asciz "own \(index)"
            .section .rodata.str1.8,"aMS",@progbits,1
            .balign 8
            .asciz "x"
            .balign 8
            .globl p\(index)
            p\(index): .asciz "aligned \(index)"
            .balign 8
            .section .rodata.cst8,"aM",@progbits,8
            .balign 8
            .quad 1, \(index), 2
            """
          )
        },
        script: "SECTIONS { . = 0x1000; .r : { *(.rodata.str1.1) *(.rodata*) } e = .; }"),
      LayoutRule(
        name: "groups and .gnu.linkonce",
        objects: ["a.o", "b.o"].enumerated().map { index, name in
          (
            name,
            """
            .section .text.g,"axG",@progbits,sig,comdat
            .weak g
            g: .skip \(index + 3)
            .section .gnu.linkonce.t.f,"ax"
            .weak f
            f: .skip \(index + 5)
            """
          )
        },
        script: "SECTIONS { . = 0x1000; .text : { *(.text.g .gnu.linkonce.t.*) } }"),
      LayoutRule(
        name: "--gc-sections",
        objects: [
          (
            "a.o",
            part(".text.start", "\"ax\"", "_start", size: 1) + "call used\n"
              + part(".text.used", "\"ax\"", "used", size: 5)
              + part(".text.dead", "\"ax\"", "dead", size: 7)
              + part(".keep", "\"aw\"", "kept", size: 3)
              + part(".data.x", "\"aw\"", "gone", size: 9)
          )
        ],
        script: """
          ENTRY(_start) SECTIONS { . = 0x1000; .text : { *(.text*) } .keep : { KEEP(*(.keep)) }
            .data : { *(.data*) } end = .; }
          """, options: ["--gc-sections"]),
      LayoutRule(
        name: "orphans of every kind",
        objects: [
          (
            "a.o",
            many + part("mine", "\"aw\"", "m", size: 4)
              + part(".note.x", "\"a\",@note", "n", size: 8, align: 4)
              + part("zeros", "\"aw\",@nobits", "z", size: 4) + part("words", "\"a\"", "w", size: 4)
              + part("code2", "\"ax\"", "c2", size: 4) + part(".tdata", "\"awT\"", "td", size: 4)
              + part(".loose", "\"\"", "l", size: 4)
          )
        ],
        script: """
          SECTIONS { . = 0x1000; .text : { *(.text) } x = .; . = ALIGN(64); .rodata : { *(.rodata) }
            .data : { *(.data) } .bss : { *(.bss) } e = .; }
          """),
      LayoutRule(
        name: "--build-id", objects: [("a.o", many)],
        script: "SECTIONS { . = 0x1000; .text : { *(.text) } .data : { *(.data) } }",
        options: ["--build-id"]),
      LayoutRule(
        name: "regions", objects: [("a.o", many)],
        script: """
          MEMORY { ROM (rx) : ORIGIN = 0x8000, LENGTH = 64K
            RAM (rw!x) : ORIGIN = 0x20000000, LENGTH = 64K }
          SECTIONS { .text : { *(.text) } .rodata : { *(.rodata) } >ROM load = LOADADDR(.data);
            .data : { *(.data) } >RAM AT>ROM .more : { *(.extra) } >RAM .bss : { *(.bss) } >RAM
            room = ORIGIN(RAM) + LENGTH(RAM) - .; }
          """),
      LayoutRule(
        name: "load addresses", objects: [("a.o", many)],
        script: """
          SECTIONS { . = 0x10000; .text : AT(0x8000) { *(.text) } .rodata : { *(.rodata) }
            .data ALIGN(4096) : ALIGN(64) { *(.data) } .extra : AT(ADDR(.extra) - 0x100) { *(.extra) }
            x = LOADADDR(.data); .bss : { *(.bss) } y = LOADADDR(.bss); }
          """),
      LayoutRule(
        name: "PHDRS", objects: [("a.o", many)],
        script: """
          PHDRS { t PT_LOAD FILEHDR PHDRS; d PT_LOAD AT(0x900000); }
          SECTIONS { . = 0x10000 + SIZEOF_HEADERS; .text : { *(.text) } :t .rodata : { *(.rodata) }
            . = ALIGN(4096); .data : { *(.data) } :d .extra : { *(.extra) } .bss : { *(.bss) } }
          """),
      LayoutRule(
        name: "SIZEOF_HEADERS and pages", objects: [("a.o", many)],
        script: """
          SECTIONS { . = 0x400000 + SIZEOF_HEADERS; h = SIZEOF_HEADERS; .text : { *(.text) }
            . = ALIGN(CONSTANT(MAXPAGESIZE)); .rodata : { *(.rodata) }
            . = DATA_SEGMENT_ALIGN(CONSTANT(MAXPAGESIZE), CONSTANT(COMMONPAGESIZE));
            .data : { *(.data) } . = DATA_SEGMENT_RELRO_END(0, .); .extra : { *(.extra) }
            .bss : { *(.bss) } . = DATA_SEGMENT_END(.); end = .; }
          """),
      LayoutRule(
        name: "an overlay", objects: [("a.o", many)],
        script: """
          SECTIONS { . = 0x1000; .text : { *(.text) }
            OVERLAY 0x2000 : AT(0x8000) { .o1 { *(.rodata) } .o2 { *(.data) in = .; } }
            after = .; s = __load_start_o2; t = __load_stop_o2; .bss : { *(.bss) } }
          """),
      LayoutRule(
        name: "sizes of later sections, and symbols that wait", objects: [("a.o", many)],
        script: """
          SECTIONS { . = 0x1000; n = SIZEOF(.data); .text : { *(.text) . = . + SIZEOF(.data); }
            count = DEFINED(count) ? count + 1 : 1; later = after; .data : { *(.data) } after = .;
            PROVIDE(unused = .); PROVIDE(d = 5); ASSERT(after > 0x1000, "after") }
          """),
      LayoutRule(
        name: "thread-local sections",
        objects: [
          (
            "a.o",
            many + part(".tdata", "\"awT\"", "td", size: 4, align: 4)
              + part(".tbss", "\"awT\",@nobits", "tb", size: 40, align: 64)
          )
        ],
        script: """
          SECTIONS { . = 0x1000; .text : { *(.text) } .tdata : { *(.tdata) } .tbss : { *(.tbss) }
            x = .; .data : { *(.data) } }
          """),
      LayoutRule(
        name: "sections that are not loaded", objects: [("a.o", many)],
        script: """
          SECTIONS { . = 0x1000; .text : { *(.text) } .n (NOLOAD) : { *(.data) } x = .;
            .i 0 (INFO) : { *(.extra) } y = .; .bss : { *(.bss) } }
          """),
      LayoutRule(
        name: "orphans thrown away",
        objects: [("a.o", many + part(".loose", "\"\"", "l", size: 4))],
        script: "SECTIONS { . = 0x1000; .text : { *(.text) } x = .; }",
        options: ["--orphan-handling=discard"]),
      LayoutRule(
        name: "constraints and flags", objects: [("a.o", many)],
        script: """
          SECTIONS { . = 0x1000; .x : ONLY_IF_RO { *(.rodata .data) } .x : ONLY_IF_RW { *(.rodata .data) }
            .y : { INPUT_SECTION_FLAGS(SHF_EXECINSTR) *(.text .extra) } .z : { *(.extra) } }
          """),
      LayoutRule(
        name: "options", objects: [("a.o", many)],
        script: "SECTIONS { . = 0x1000; .text : { *(.text) } v = k + 1; .data : { *(.data) } }",
        options: [
          "--defsym=k=0x55", "-z", "max-page-size=0x200000", "--section-start=.data=0x7000",
        ]),
      LayoutRule(
        name: "a file that only a pattern names",
        objects: [("a.o", code), ("b.o", part(".data", "\"aw\"", "d", size: 4))],
        script: "SECTIONS { . = 0x1000; .text : { *(.text) } .data : { b.o(.data) } }",
        inputs: ["a.o"]),
    ]
}

@Suite struct LayoutRuleTests {
  @Test(
    .enabled(if: InstalledLinkers.canLink && InstalledLinkers.bfd?.version == LinkerVersion(2, 40)),
    arguments: LayoutRule.all)
  func isThatOfTheLinker(_ rule: LayoutRule) throws {
    guard JudgingLinker.measured(.bfd, rule.target) != nil else { return }
    #expect(try rule.link.result() == .equal)
  }

  /// Rules that each release has in its own way, from 2.40 on, with which layouts from objects begin.
  @Test(arguments: KnownRelease.bfd.dropFirst().filter { $0.path != nil }, LayoutRule.ofReleases)
  func isThatOfTheRelease(_ release: KnownRelease, _ rule: LayoutRule) throws {
    let folder = try TemporaryFolder()
    try folder.write("a.s", rule.objects[0].text)
    try folder.write("S", rule.script)
    _ = try ProgramRun.tool("as", ["--64", "a.s", "-o", "a.o"], folder: folder.path)
    let words =
      ["-m", "elf_x86_64", "--no-warn-rwx-segments", "-T", "S", "a.o", "-o", "o"] + rule.options
    let path = try #require(release.path)
    let link = try ProgramRun.tool(path, words, folder: folder.path)
    #expect(link.status == 0, "\(link.errors)")
    let result = try LaidOutLink.layOut(words, in: folder, by: release.dialect)
    if case .refused = result, rule.mayBeRefused { return }
    #expect(result == .equal)
  }

  /// A NOLOAD section with notes in it, by every release.
  @Test(
    arguments: KnownRelease.bfd.filter {
      $0.path != nil && $0.dialect.version >= LinkerVersion(2, 40)
    })
  func notesThatAreNotLoaded(_ release: KnownRelease) throws {
    let linker = try #require(release.path)
    let folder = try TemporaryFolder()
    try folder.write(
      "a.s",
      LayoutRule.part(".text", "\"ax\"", "t", size: 20)
        + LayoutRule.part(".data", "\"aw\"", "d", size: 3)
        + ".section .note.x,\"a\",@note\n.balign 4\n.long 4,4,1\n")
    _ = try ProgramRun.tool("as", ["--64", "a.s", "-o", "a.o"], folder: folder.path)
    for body in [
      "*(.note.*)", "*(.text) *(.note.*)", "*(.note.*) *(.text)", "a = .; *(.note.*) b = .;",
      "BYTE(1) *(.note.*)", "*(.note.*) . = . + 4;", "*(.text)",
    ] {
      let text = """
        SECTIONS { . = 0x100; .x (NOLOAD) : { \(body) } c = .; d = SIZEOF(.x); .data : { *(.data) } .text : { *(.text) } }
        """
      try folder.write("S", text)
      let words = ["-m", "elf_x86_64", "-T", "S", "a.o", "-o", "o"]
      let run = try ProgramRun.tool(linker, words, folder: folder.path)
      #expect(run.status == 0, "\(run.errors)")
      let result = try LaidOutLink.layOut(words, in: folder, by: release.dialect)
      #expect(result == .equal, "\(body)")
    }
  }

  /// What the linker does not link, the layout does not lay out either.
  @Test(
    .enabled(if: InstalledLinkers.canLink && InstalledLinkers.bfd?.version == LinkerVersion(2, 40)),
    arguments: [
      "SECTIONS { . = 0x1000; .text : { *(.text) . = 1; } }",
      "SECTIONS { .text : { *(.text) } x = nobody; }",
      "SECTIONS { .text : { *(.text) } x = SIZEOF(.nosuch) + ADDR(.nosuch); }",
      "MEMORY { R : ORIGIN = 0, LENGTH = 8 } SECTIONS { .text : { *(.text) } >R }",
      "SECTIONS { .text : { *(.text) } x = 1 / (. - .); }",
      "SECTIONS { . = 0x1000; .a : ONLY_IF_RW { *(.text) . = ALIGN(8); } }",
    ])
  func stopsWhereTheLinkerDoes(_ script: String) throws {
    let link = LaidOutLink(
      objects: [("a.o", LayoutRule.part(".text", "\"ax\"", "t", size: 17))], script: script)
    guard case .stops = try link.result() else {
      Issue.record("\(try link.result())")
      return
    }
  }

  /// What no input section is in can be written and run as its name says.
  @Test(.enabled(if: InstalledLinkers.canLink))
  func namesSayWhatCanBeRun() throws {
    let folder = try TemporaryFolder()
    let names = [
      ".init", ".fini", ".plt", ".text", ".text.x", ".textual", ".rodata", ".data", ".tdata",
      ".tbss", ".noinit", ".bss", ".foo", ".init_array", ".interp",
    ]
    let bodies = ["BYTE(1)", ". += 4;", "*(.text)"]
    try folder.write("a.s", LayoutRule.part(".text", "\"ax\"", "t", size: 4))
    _ = try ProgramRun.tool("as", ["--64", "a.s", "-o", "a.o"], folder: folder.path)
    for body in bodies {
      try folder.write(
        "S",
        "SECTIONS { . = 0x1000; \(names.map { "\($0) : { \(body) }" }.joined(separator: " ")) }")
      let words = ["-T", "S", "a.o", "-o", "o"]
      let linker = LinkerChoice.installed(.bfd).program(for: .x86_64)
      let run = try ProgramRun.tool(linker?.path ?? "ld", words, folder: folder.path)
      #expect(run.status == 0, "\(run.errors)")
      #expect(try LaidOutLink.layOut(words, in: folder) == .equal)
      let image = try ImageReader.read(folder.buffer("o"), as: .elf)
      let command = try #require(
        LinkCommand(
          (["ld"] + words).map { Array($0.utf8) }, workingDirectory: FilePath(folder.path)))
      let script = try ScriptParser.parse(
        folder.buffer("S"), options: ScriptParser.Options(dialect: .laidOut))
      let layout = try LayoutPrediction(script, command, provider: FolderSources())
      for section in layout.sections {
        let real = try #require(image.outputSections.first { $0.name == section.name })
        let realFlags = try #require(real.flags)
        for flag in [SectionFlags.writable, .executable] {
          let name = String(decoding: section.name, as: UTF8.self)
          #expect(section.flags.contains(flag) == realFlags.contains(flag), "\(name) { \(body) }")
        }
      }
    }
  }

  /// Whether such a section is one of zeros depends on the segments.
  @Test(.enabled(if: InstalledLinkers.canLink))
  func threadLocalArraysThatAreNotLoaded() throws {
    let object = ".section .tdata,\"awT\"\n.skip 4\n"
    for (name, isRefused) in [(".init_array", true), (".x", false)] {
      let link = LaidOutLink(
        objects: [("a.o", object)],
        script: """
          MEMORY { R : ORIGIN = 0x20000, LENGTH = 64K T : ORIGIN = 0x100000, LENGTH = 64K }
          SECTIONS { \(name) (NOLOAD) : { *(.tdata) } >T .d : { BYTE(1) } >R }
          """)
      let result = try link.result()
      if case .refused = result {
        #expect(isRefused)
      } else {
        #expect(result == .equal && !isRefused)
      }
    }
  }

  /// Load addresses that refer to one another in a circle come to an end.
  @Test(.enabled(if: InstalledLinkers.canLink))
  func aCircleOfLoadAddresses() throws {
    let rule = LayoutRule(
      name: "", objects: [("a.o", LayoutRule.part(".text", "\"ax\"", "t", size: 17))],
      script: """
        SECTIONS { .text : AT(LOADADDR(.b) + LOADADDR(.b)) { *(.text) }
          .b : AT(LOADADDR(.text) + LOADADDR(.text)) { BYTE(1) } x = LOADADDR(.text); }
        """)
    let folder = try TemporaryFolder()
    try folder.write("S", rule.script)
    try folder.write("a.s", rule.objects[0].text)
    _ = try ProgramRun.tool("as", ["--64", "a.s", "-o", "a.o"], folder: folder.path)
    _ = try LaidOutLink.layOut(["-T", "S", "a.o"], in: folder)
  }

  /// What is not modelled is refused before a number is told.
  @Test(
    .enabled(if: InstalledLinkers.canLink),
    arguments: [
      (["-pie"], "", "dynamic sections"), (["-r"], "", "partial link"),
      (["--relax"], "", "--relax"), (["--unheard-of"], "", "--unheard-of"),
      (["-z", "unheard"], "", "-z unheard"),
      ([], "pushq t@GOTPCREL(%rip)\n", "global offset table"),
      ([], "movq t@GOTPCREL+8(%rip), %rax\n", "global offset table"),
      (["--eh-frame-hdr"], ".cfi_startproc\nnop\n.cfi_endproc\n", "--eh-frame-hdr"),
      ([], ".type t, @gnu_indirect_function\n", "indirect functions"),
      ([], ".section .gone,\"a\"\n.quad _GLOBAL_OFFSET_TABLE_\n", "global offset table"),
      ([], ".section .gnu.lto_.x,\"\"\n.byte 1\n", "link-time optimization"),
    ])
  func refusal(_ options: [String], _ text: String, _ words: String) throws {
    let link = LaidOutLink(
      objects: [("a.o", LayoutRule.part(".text", "\"ax\"", "t", size: 17) + text)],
      script: "SECTIONS { . = 0x1000; .text : { *(.text) } /DISCARD/ : { *(.gone) } }",
      options: options)
    let folder = try TemporaryFolder()
    try folder.write("S", link.script)
    try folder.write("a.s", link.objects[0].text)
    _ = try ProgramRun.tool("as", ["--64", "a.s", "-o", "a.o"], folder: folder.path)
    let result = try LaidOutLink.layOut(["-T", "S", "a.o"] + options, in: folder)
    guard case .refused(let reason) = result else {
      Issue.record("\(result)")
      return
    }
    #expect(reason.contains(words))
  }
}
