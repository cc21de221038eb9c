// Links that fail, and what each of them is about: the truth that explanations of logs are held against.

/// A link that at least one linker refuses or warns about.
struct FailingLink: Sendable {
  /// kebab-case.
  let name: String
  /// The kinds of messages that are right for it, whichever linker prints them.
  let kinds: Set<String>
  /// The script of `-T`.
  let script: String
  /// Options and inputs beside the script and `a.o`.
  var options = ""
  /// The text of the ASSERT that fails, as the script has it.
  var assertion: String?

  init(
    _ name: String, _ kinds: Set<String>, _ script: String, options: String = "",
    assertion: String? = nil
  ) {
    self.name = name
    self.kinds = kinds
    self.script = script
    self.options = options
    self.assertion = assertion
  }

  /// Sources of the objects, by name.
  static let objects: [(name: String, text: String)] =
    first + [
      (
        "many",
        (0..<14).map { number in
          """
           .text
           .globl caller\(number)
           .type caller\(number),@function
          caller\(number): call _ZN4boot6absentEi
           movl absent\(number)+4(%rip), %eax
           movl $limit, %ebx
           ret

          """
        }.joined() + " .section .note.GNU-stack,\"\",@progbits"
      ),
      (
        "narrow",
        """
         .data
         .byte limit
         .short limit
         .long limit
         .long far - .
         .section .note.GNU-stack,"",@progbits
        """
      ),
      (
        "local",
        """
         .section .exit.text,"ax",@progbits
        gone: ret
         .text
         .globl keeper
         .type keeper,@function
        keeper: lea gone(%rip), %rax
         ret
         .section .rodata
         .quad gone
         .section .note.GNU-stack,"",@progbits
        """
      ),
      (
        "variables",
        """
         .data
         .globl d1
         .type d1,@object
         .size d1,8
        d1: .quad 1
         .text
         .globl f1
         .type f1,@function
        f1: ret
         .section .note.GNU-stack,"",@progbits
        """
      ),
      (
        "threads",
        """
         .text
         .globl user
         .type user,@function
        user: mov %fs:d1@tpoff, %eax
         ret
         .section .note.GNU-stack,"",@progbits
        """
      ),
    ]

  private static let first: [(name: String, text: String)] = [
    (
      "a",
      """
       .text
       .globl _start, f1
       .type f1,@function
      _start: nop
      f1: .skip 0x50
       .data
       .globl d1
      d1: .quad 0
       .section .big,"aw"
       .skip 0x3000
       .section .wx,"awx"
       .skip 16
       .section .note.GNU-stack,"",@progbits
      """
    ),
    (
      "calls",
      """
       .text
       .globl one, two
       .type one,@function
       .type two,@function
      one: call absent
       ret
      two: nop
       call absent
       call missing
       ret
       .section .note.GNU-stack,"",@progbits
      """
    ),
    (
      "again",
      """
       .text
       .globl f1
       .type f1,@function
      f1: ret
       .section .note.GNU-stack,"",@progbits
      """
    ),
    (
      "far",
      """
       .text
       .globl near
       .type near,@function
      near: call far
       mov $limit, %eax
       ret
       .section .far,"ax",@progbits
       .globl far
      far: ret
       .data
       .long limit
       .section .note.GNU-stack,"",@progbits
      """
    ),
    (
      "exit",
      """
       .section .exit.text,"ax",@progbits
      gone: ret
       .globl gone
       .data
       .quad gone
       .section .note.GNU-stack,"",@progbits
      """
    ),
    (
      "tls",
      """
       .section .tdata,"awT",@progbits
       .quad 1
       .section .tbss,"awT",@nobits
       .skip 8
       .section .between,"aw"
       .quad 2
       .section .note.GNU-stack,"",@progbits
      """
    ),
    (
      "hidden",
      """
       .text
       .globl user
       .hidden secret
       .type user,@function
      user: call secret
       .section .note.GNU-stack,"",@progbits
      """
    ),
  ]

  private static let plain = "SECTIONS { .text : { *(.text) } .data : { *(.data) } }"
  private static let rom = "MEMORY { ROM : ORIGIN = 0x1000, LENGTH = 0x40 }"

  /// Every case.
  static let all: [FailingLink] =
    assertions + places + memory + headers + values + names + syntax + files + several

  private static let assertions: [FailingLink] = [
    .init(
      "assert", ["assertion"],
      "SECTIONS { .text : { *(.text) } }\nASSERT(_start == 1, \"start is not one\")",
      assertion: "start is not one"),
    .init(
      "assert-inside-a-section", ["assertion"],
      "SECTIONS { .text : { *(.text) ASSERT(. == 1, \"text is not one byte\"); } }",
      assertion: "text is not one byte"),
    .init(
      "assert-in-dot", ["section-overlap", "assertion"],
      "SECTIONS { .text : { *(.text) }\n . = ASSERT((. <= 8), \"kernel image bigger than its slot\"); }",
      assertion: "kernel image bigger than its slot"),
    .init(
      "assert-in-symbol", ["assertion"],
      "SECTIONS { .text : { *(.text) } _bogus = ASSERT(SIZEOF(.text) < 8, \"bootblock: no space\"); }",
      assertion: "bootblock: no space"),
    .init(
      "assert-over-lines", ["syntax-error", "invalid-character", "assertion"],
      """
      SECTIONS { .text : { *(.text) } }
      ASSERT(SIZEOF(.text) < 8, "
      ERROR(runtime): the code does not fit
      Move some of it elsewhere, or ask for
      a larger part.");
      """,
      assertion:
        "ERROR(runtime): the code does not fit\nMove some of it elsewhere, or ask for\na larger part."
    ),
    .init(
      "assert-like-a-place", ["assertion"],
      "SECTIONS { .text : { *(.text) } }\nASSERT(0, \"table:12: too long\")",
      assertion: "table:12: too long"),
    .init(
      "assert-like-a-warning", ["assertion"],
      "SECTIONS { .text : { *(.text) } }\nASSERT(0, \"warning: stack below 1K\")",
      assertion: "warning: stack below 1K"),
    .init(
      "assert-like-an-error", ["assertion"],
      "SECTIONS { .text : { *(.text) } }\nASSERT(0, \"error: no room for the trampoline\")",
      assertion: "error: no room for the trampoline"),
    .init(
      "assert-twice", ["assertion"],
      "SECTIONS { .text : { *(.text) } }\nASSERT(0, \"first of two\")\nASSERT(0, \"second of two\")",
      assertion: "first of two"),
    .init(
      "assert-in-words-of-a-linker", ["assertion"],
      "SECTIONS { .text : { *(.text) } }\nASSERT(0, \"cannot find room for the stack\")",
      assertion: "cannot find room for the stack"),
  ]

  private static let places: [FailingLink] = [
    .init(
      "backwards-inside", ["section-overlap", "location-counter-backwards"],
      "SECTIONS { .text : { *(.text) . = 4; } .data : { *(.data) } }"),
    .init(
      "backwards-between", ["location-counter-backwards", "dot-moved-backwards", "file-too-large"],
      "SECTIONS { . = 0x10000; .text : { *(.text) } . = 0x100; .data : { *(.data) } }"),
    .init(
      "backwards-absolute",
      [
        "address-space-exceeded", "section-overlap", "location-counter-backwards",
        "dot-moved-backwards", "file-too-large",
      ],
      "SECTIONS { . = 0x10000; .text : { *(.text) . = 0x20; } .data : { *(.data) } }"),
    .init(
      "overlap", ["section-overlap"],
      "SECTIONS { .text 0x1000 : { *(.text) } .big 0x1010 : { *(.big) } .data 0x8000 : { *(.data) } }"
    ),
    .init(
      "overlap-of-load-addresses", ["section-overlap"],
      "SECTIONS { .text 0x1000 : AT(0x1000) { *(.text) } .big 0x5000 : AT(0x1010) { *(.big) } "
        + ".data 0x9000 : { *(.data) } }"),
    .init(
      "wraps-around",
      ["address-space-exceeded", "section-overlap", "file-too-large", "dot-moved-backwards"],
      "SECTIONS { .text 0x1000 : { *(.text) } .big 0xfffffffffffff000 : { *(.big) } }"),
    .init(
      "far-apart", ["consequence", "file-too-large", "address-space-exceeded"],
      "PHDRS { all PT_LOAD; } SECTIONS { .text 0x1000 : { *(.text) } :all "
        + ".data 0xffffffff80000000 : { *(.data) } :all }"),
    .init(
      "discard-misuse", ["discard-misuse"],
      "SECTIONS { .text : { *(.text) } /DISCARD/ : { . = 4; *(.data) } }"),
    .init(
      "discard-needed", ["discard-needed"],
      "SECTIONS { .text : { *(.text) } /DISCARD/ : { *(.shstrtab) *(.symtab) *(.strtab) } }"),
    .init(
      "discarded-reference", ["discarded-reference"],
      "SECTIONS { .text : { *(.text) } .data : { *(.data) } /DISCARD/ : { *(.exit.text) } }",
      options: "exit.o"),
    .init(
      "orphans-are-errors", ["command-line", "unplaced-orphan"],
      "SECTIONS { .text : { *(.text) } }",
      options: "--orphan-handling=error"),
    .init(
      "orphans-are-warnings", ["command-line", "unplaced-orphan", "rwx-segment"],
      "SECTIONS { .text : { *(.text) } }",
      options: "--orphan-handling=warn --fatal-warnings"),
    .init(
      "insert-after-nothing", ["syntax-error", "insert-not-found"],
      "SECTIONS { .foo : { *(.data) } }\nINSERT AFTER .nosuchsec;"),
    .init(
      "insert-before-nothing", ["syntax-error", "insert-not-found"],
      "SECTIONS { .foo : { *(.data) } }\nINSERT BEFORE .nosuchsec;"),
    .init(
      "no-convergence", ["no-convergence", "forward-reference", "undefined-symbol-in-expression"],
      "SECTIONS { .text (ADDR(.data) + 0x100) : { *(.text) } .data : { *(.data) } x = ADDR(.text); }"
    ),
    .init(
      "cross-reference", ["syntax-error", "unknown-directive", "cross-reference"],
      "NOCROSSREFS(.text .far)\nSECTIONS { .text : { *(.text) } .far : { *(.far) } .data : { *(.data) } limit = 4; }",
      options: "far.o"),
    .init(
      "non-contiguous", ["linker-fault", "command-line", "unallocated-input", "region-overflow"],
      "\(rom) SECTIONS { .text : { *(.text) } > ROM .big : { *(.big) } > ROM }",
      options: "--enable-non-contiguous-regions"),
  ]

  private static let memory: [FailingLink] = [
    .init(
      "region-overflow", ["location-counter-backwards", "region-overflow"],
      "\(rom) SECTIONS { .text : { *(.text) } > ROM .data : { *(.data) } > ROM .big : { *(.big) } > ROM }"
    ),
    .init(
      "two-regions-overflow", ["location-counter-backwards", "region-overflow"],
      "MEMORY { ROM : ORIGIN = 0x1000, LENGTH = 0x40 RAM : ORIGIN = 0x8000, LENGTH = 0x100 } "
        + "SECTIONS { .text : { *(.text) } > ROM .data : { *(.data) } > RAM .big : { *(.big) } > RAM }"
    ),
    .init(
      "load-region-overflow", ["region-overflow"],
      "MEMORY { ROM : ORIGIN = 0x1000, LENGTH = 0x100 RAM : ORIGIN = 0x10000, LENGTH = 0x10000 } "
        + "SECTIONS { .text : { *(.text) } > ROM .data : { *(.data .big) } > RAM AT> ROM }"),
    .init(
      "outside-its-region", ["address-outside-region", "region-overflow"],
      "MEMORY { ROM : ORIGIN = 0x1000, LENGTH = 0x4000 } SECTIONS { .text 0x9000 : { *(.text) } > ROM }"
    ),
    .init(
      "no-region", ["no-region"],
      "MEMORY { ROM (rx) : ORIGIN = 0x1000, LENGTH = 0x4000 } SECTIONS { .text : { *(.text) } > ROM "
        + ".data : { *(.data) } }"),
    .init(
      "undeclared-region", ["undefined-region"], "SECTIONS { .text : { *(.text) } > NOPE }",
      options: "--fatal-warnings"),
    .init(
      "undeclared-load-region", ["undefined-region"],
      "SECTIONS { .text : { *(.text) } AT> NOPE }", options: "--fatal-warnings"),
    .init(
      "length-of-nothing", ["no-region", "undefined-region"],
      "SECTIONS { .text : { *(.text) } } x = LENGTH(NOPE);"),
    .init(
      "region-before-memory", ["undefined-region", "region-before-memory"],
      "top = ORIGIN(RAM) + LENGTH(RAM);\nMEMORY { RAM : ORIGIN = 0x1000, LENGTH = 64K }\n"
        + "SECTIONS { .text : { *(.text) } > RAM }"),
    .init(
      "region-twice", ["duplicate-region"],
      "MEMORY { ROM : ORIGIN = 0x1000, LENGTH = 0x4000 ROM : ORIGIN = 0x9000, LENGTH = 0x4000 } "
        + "SECTIONS { .text : { *(.text) } > ROM }", options: "--fatal-warnings"),
    .init(
      "alias-of-nothing", ["syntax-error", "undefined-region"],
      "MEMORY { ROM : ORIGIN = 0x1000, LENGTH = 0x4000 } REGION_ALIAS(\"CODE\", NOPE) "
        + "SECTIONS { .text : { *(.text) } > CODE }"),
    .init(
      "alias-twice", ["syntax-error", "duplicate-region"],
      "MEMORY { ROM : ORIGIN = 0x1000, LENGTH = 0x4000 } REGION_ALIAS(\"CODE\", ROM) REGION_ALIAS(\"CODE\", ROM) "
        + "SECTIONS { .text : { *(.text) } > CODE }"),
    .init(
      "origin-of-a-symbol",
      ["undefined-symbol-in-expression", "invalid-region", "forward-reference", "region-overflow"],
      "MEMORY { ROM : ORIGIN = nosuch, LENGTH = 0x40 } SECTIONS { .text : { *(.text) } > ROM }"),
    .init(
      "load-address-twice", ["region-overflow", "load-address-twice"],
      "\(rom) SECTIONS { .text : AT(0x1000) { *(.text) } AT> ROM }"),
    .init(
      "align-twice", ["alignment-twice", "syntax-error"],
      "SECTIONS { .text : ALIGN(16) ALIGN_WITH_INPUT { *(.text) } }"),
  ]

  private static let headers: [FailingLink] = [
    .init(
      "headers-without-room", ["location-counter-backwards", "headers-without-room"],
      "PHDRS { text PT_LOAD FILEHDR PHDRS; } SECTIONS { . = 0; .text : { *(.text) } :text }"),
    .init(
      "headers-behind-load",
      ["section-overlap", "headers-behind-load", "segment-not-covered", "headers-without-room"],
      "PHDRS { text PT_LOAD; data PT_LOAD FILEHDR PHDRS; } SECTIONS { . = 0x1000; .text : { *(.text) } :text "
        + ".data : { *(.data) } :data }"),
    .init(
      "segment-not-covered", ["segment-not-covered"],
      "PHDRS { head PT_PHDR PHDRS; text PT_LOAD; } SECTIONS { . = 0x1000; .text : { *(.text) } :text }"
    ),
    .init(
      "no-such-segment", ["section-in-no-segment", "missing-segment"],
      "PHDRS { text PT_LOAD; } SECTIONS { .text : { *(.text) } :nope }"),
    .init(
      "not-in-a-segment", ["missing-segment", "section-in-no-segment"],
      "PHDRS { text PT_LOAD; } SECTIONS { .text : { *(.text) } :text .data : { *(.data) } :NONE }"),
    .init(
      "segment-type",
      [
        "section-in-no-segment", "unknown-segment-type", "syntax-error",
        "undefined-symbol-in-expression",
      ],
      "PHDRS { text PT_NOSUCH; } SECTIONS { .text : { *(.text) } :text }"),
    .init(
      "segment-word", ["segment-syntax", "syntax-error"],
      "PHDRS { text PT_LOAD NONSENSE(5); } SECTIONS { .text : { *(.text) } :text }"),
    .init(
      "rwx", ["rwx-segment"], "SECTIONS { .all : { *(.text .data .wx) } }",
      options: "--fatal-warnings"),
    .init(
      "load-address-adjusted",
      ["section-outside-segment", "load-address-adjusted", "rwx-segment", "section-overlap"],
      "PHDRS { all PT_LOAD; } SECTIONS { .text 0x1000 : AT(0x9000) { *(.text) } :all "
        + ".data 0x2000 : AT(0x9100) { *(.data) } :all }"),
    .init(
      "thread-local-apart", ["thread-local-apart", "consequence"],
      "SECTIONS { .text : { *(.text) } .tdata : { *(.tdata) } .between : { *(.between) } .tbss : { *(.tbss) } }",
      options: "tls.o"),
  ]

  private static let values: [FailingLink] = [
    .init(
      "undefined-symbol", ["undefined-symbol-in-expression"],
      "SECTIONS { x = nosuch + 1; .text : { *(.text) } }"),
    .init(
      "undefined-in-assert", ["undefined-symbol-in-expression", "assertion"],
      "SECTIONS { .text : { *(.text) } } ASSERT(nosuch == 1, \"it is not there\")"),
    .init(
      "undefined-in-an-address", ["undefined-symbol-in-expression", "forward-reference"],
      "SECTIONS { .text nosuch : { *(.text) } }"),
    .init(
      "size-of-nothing", ["undefined-section"],
      "SECTIONS { .text : { *(.text) } } x = SIZEOF(.nosuch);"),
    .init(
      "address-of-nothing", ["undefined-section"],
      "SECTIONS { .text : { *(.text) } } x = ADDR(.nosuch);"),
    .init(
      "load-address-of-nothing", ["undefined-section"],
      "SECTIONS { .text : { *(.text) } } x = LOADADDR(.nosuch);"),
    .init(
      "division", ["division-by-zero"], "SECTIONS { .text : { *(.text) } } x = 5 / (f1 - f1);"),
    .init(
      "remainder", ["division-by-zero"], "SECTIONS { .text : { *(.text) } } x = 5 % (f1 - f1);"),
    .init(
      "forward-address", ["forward-reference", "no-convergence", "undefined-section"],
      "SECTIONS { .text ADDR(.later) : { *(.text) } .later : { *(.data) } }"),
    .init(
      "forward-dot",
      ["forward-reference", "no-convergence", "location-counter-backwards", "undefined-section"],
      "SECTIONS { . = ADDR(.later); .text : { *(.text) } .later : { *(.data) } }"),
    .init(
      "constant", ["unknown-constant"], "SECTIONS { .text : { *(.text) } } x = CONSTANT(FOO);"),
    .init(
      "alignment", ["alignment-not-power-of-two"], "SECTIONS { . = ALIGN(3); .text : { *(.text) } }"
    ),
    .init(
      "alignment-of-a-section", ["alignment-not-power-of-two"],
      "SECTIONS { .text : ALIGN(24) { *(.text) } }"),
    .init(
      "two-addresses", ["both-relative"],
      "SECTIONS { .text : { *(.text) } .data : { *(.data) d2 = .; } } x = ADDR(.data) + d2 + f1;"),
    .init(
      "dot-at-the-top",
      ["misplaced-location-counter", "syntax-error", "unknown-directive"],
      ". = 0x1000;\n\(plain)"),
    .init(
      "provide-dot", ["misplaced-location-counter", "syntax-error"],
      "SECTIONS { PROVIDE(. = 0x1000); .text : { *(.text) } }"),
    .init("fill", ["fill-too-wide"], "SECTIONS { .text : { *(.text) } =0x1122334455667788 }"),
  ]

  private static let names: [FailingLink] = [
    .init("undefined-reference", ["undefined-reference"], plain, options: "calls.o"),
    .init("undefined-hidden", ["undefined-reference", "consequence"], plain, options: "hidden.o"),
    .init("defined-twice", ["duplicate-symbol"], plain, options: "again.o"),
    .init(
      "too-far-from-the-script", ["relocation-overflow"],
      "SECTIONS { .text : { *(.text .far) } .data : { *(.data) } limit = 0x1234567890; }",
      options: "far.o"),
    .init(
      "too-far-from-another-section", ["relocation-overflow"],
      "SECTIONS { .text 0x1000 : { *(.text) } .data : { *(.data) } .far 0x9000000000 : { *(.far) } limit = 1; }",
      options: "far.o"),
    .init(
      "entry", ["missing-entry"], "ENTRY(nosuchentry) SECTIONS { .text : { *(.text) } }",
      options: "--fatal-warnings"),
    .init(
      "shared", ["code-model", "relocation-overflow", "undefined-reference"],
      "SECTIONS { .text : { *(.text .far) } .data : { *(.data) } .dynamic : { *(.dynamic) } }",
      options: "-shared far.o"),
    .init(
      "undefined-option", ["command-line", "undefined-reference"], plain,
      options: "--require-defined=nosuchsymbol"),
  ]

  private static let syntax: [FailingLink] = [
    .init("syntax", ["syntax-error"], "SECTIONS { .text : { *(.text) } x = ; }"),
    .init(
      "no-semicolon", ["syntax-error", "unknown-directive"],
      "SECTIONS {\n .text : { *(.text) }\n a = 1\n b = 2;\n}"),
    .init(
      "end-of-file", ["syntax-error"], "SECTIONS { .text : { *(.text) } .data : { *(.data) } "),
    .init(
      "brace-too-many", ["syntax-error", "unknown-directive"], "SECTIONS { .text : { *(.text) } } }"
    ),
    .init(
      "comment", ["invalid-character", "unterminated-comment", "syntax-error"],
      "SECTIONS { .text : { *(.text) } /* never closed "),
    .init(
      "slashes", ["syntax-error", "unknown-directive", "unterminated-comment"],
      "// a comment of C++\nSECTIONS { .text : { *(.text) } }"),
    .init(
      "character", ["invalid-character", "syntax-error"],
      "SECTIONS { .text : { *(.text) } y = 3 @ 4; }"),
    .init(
      "operator", ["invalid-character", "syntax-error"],
      "SECTIONS { .text : { *(.text) } y = 3 ^ 4; }"),
    .init(
      "quote", ["invalid-character", "syntax-error", "missing-script"],
      "SECTIONS { .text : { *(.text) } }\nASSERT(1, \"never closed)"),
    .init(
      "unknown-word", ["syntax-error", "unknown-directive"],
      "SECTORS { .text : { *(.text) } }"),
    .init(
      "feature", ["unknown-feature", "unknown-directive", "syntax-error"],
      "LD_FEATURE(\"nope\") SECTIONS { .text : { *(.text) } }"),
    .init(
      "class-undefined", ["missing-input", "section-class", "syntax-error", "unknown-directive"],
      "SECTIONS { .text : { CLASS(fast) *(.text) } }"),
    .init(
      "include", ["missing-script"], "INCLUDE nosuchfile.lds\nSECTIONS { .text : { *(.text) } }"),
    .init(
      "includes-itself", ["nested-includes"],
      "INCLUDE includes-itself.lds\nSECTIONS { .text : { *(.text) } }"),
    .init(
      "preprocessor-left", ["invalid-character", "syntax-error", "unknown-directive"],
      "SECTIONS { .text : { *(.text) } }\n#include <asm/page.h>\nx = PAGE_ALIGN(4);"),
    .init(
      "macro-left",
      ["syntax-error", "unknown-directive", "undefined-symbol-in-expression"],
      "SECTIONS { .text : { *(.text) } x = PAGE_ALIGN(4); }"),
  ]

  private static let files: [FailingLink] = [
    .init(
      "format", ["missing-format"],
      "OUTPUT_FORMAT(\"elf99-nope\") SECTIONS { .text : { *(.text) } }"),
    .init(
      "machine", ["missing-format"], "OUTPUT_ARCH(nope:nope) SECTIONS { .text : { *(.text) } }"),
    .init("missing-object", ["missing-input"], plain, options: "nosuch.o"),
    .init("missing-library", ["missing-input"], plain, options: "-lnosuch"),
    .init(
      "missing-startup", ["syntax-error", "unknown-directive", "missing-input"],
      "STARTUP(nosuch.o)\n\(plain)"),
    .init("missing-in-script", ["linker-fault", "missing-input"], "INPUT(nosuch.o)\n\(plain)"),
    .init(
      "no-object",
      ["taken-for-script", "syntax-error", "wrong-format", "unknown-directive", "mold-script"],
      plain, options: "readme.txt"),
    .init("other-machine", ["wrong-format"], plain, options: "other.o"),
    .init("unknown-option", ["command-line", "information"], plain, options: "--no-such-option"),
    .init("unknown-emulation", ["missing-format", "information"], plain, options: "-m elf_nope"),
    .init("no-output-folder", ["cannot-open", "output"], plain, options: "-o nosuch/folder/out"),
    .init(
      "script-as-input", ["missing-t", "duplicate-symbol", "mold-script", "syntax-error"],
      plain, options: "second.lds --fatal-warnings"),
  ]

  /// Links that fail for more than one reason, or in a rarer way.
  private static let several: [FailingLink] = [
    .init(
      "three-regions-overflow", ["location-counter-backwards", "region-overflow"],
      "MEMORY { ROM : ORIGIN = 0x1000, LENGTH = 0x40 RAM : ORIGIN = 0x8000, LENGTH = 4 CCM : ORIGIN = 0x20000, LENGTH = 0x2fff } "
        + "SECTIONS { .text : { *(.text) } > ROM .data : { *(.data) } > RAM .big : { *(.big) } > CCM }"
    ),
    .init(
      "overflow-of-an-assignment",
      ["section-overlap", "location-counter-backwards", "region-overflow"],
      "MEMORY { RAM : ORIGIN = 0x8000, LENGTH = 0x100 } "
        + "SECTIONS { .text : { *(.text) } > RAM .stack : { . += 0x400; } > RAM }"),
    .init(
      "overflow-and-undefined",
      ["address-outside-region", "region-overflow", "undefined-reference"],
      "MEMORY { ROM : ORIGIN = 0x1000, LENGTH = 0x40 } SECTIONS { .text : { *(.text) } > ROM .data 0x9000 : { *(.data) } > ROM }",
      options: "calls.o"),
    .init(
      "overflow-and-assert", ["region-overflow", "assertion"],
      "\(rom) SECTIONS { .text : { *(.text) } > ROM .data : { *(.data) } > ROM end = .; }\nASSERT(end <= 0x1040, \"rom is full\")"
    ),
    .init(
      "three-overlaps", ["location-counter-backwards", "file-too-large", "section-overlap"],
      "SECTIONS { .text 0x1000 : { *(.text) } .big 0x1010 : { *(.big) } .data 0x1020 : { *(.data) } }"
    ),
    .init(
      "overlap-at-load", ["section-overlap"],
      "SECTIONS { .text 0x1000 : { *(.text) } .data 0x8000 : AT(ADDR(.text)) { *(.data) } .big 0x10000 : AT(ADDR(.text) + 8) { *(.big) } }"
    ),
    .init(
      "backwards-by-minus", ["section-overlap", "location-counter-backwards"],
      "SECTIONS { .text 0x1000 : { *(.text) . -= 0x20; } .data : { *(.data) } }"),
    .init(
      "backwards-to-a-label", ["section-overlap", "location-counter-backwards"],
      "SECTIONS { .text 0x1000 : { start = .; *(.text) . = start; BYTE(1) } .data : { *(.data) } }"),
    .init(
      "assert-in-an-address", ["assertion"],
      "SECTIONS { .text ASSERT(0, \"no room for text\") : { *(.text) } }"),
    .init(
      "assert-in-a-choice", ["assertion"],
      "SECTIONS { .text : { *(.text) } x = 1 ? ASSERT(SIZEOF(.text) < 8, \"choice of 50% > 8 bytes\") : 0; }",
      assertion: "choice of 50% > 8 bytes"),
    .init(
      "assert-in-data", ["assertion"],
      "SECTIONS { .text : { *(.text) BYTE(ASSERT(SIZEOF(.text) == 1, \"one byte of text\")) } }"),
    .init(
      "assert-with-marks", ["assertion"],
      "SECTIONS { .text : { *(.text) } }\nASSERT(0, \"see docs/boot.md: 'text' [0x10] <= `limit'; größer\")",
      assertion: "see docs/boot.md: 'text' [0x10] <= `limit'; größer"),
    .init(
      "assert-and-undefined", ["assertion", "undefined-reference"],
      "SECTIONS { .text : { *(.text) } .data : { *(.data) } }\nASSERT(SIZEOF(.data) == 1, \"data is one byte\")",
      options: "calls.o"),
    .init(
      "assert-like-an-undefined-reference", ["assertion"],
      "SECTIONS { .text : { *(.text) } }\nASSERT(0, \"undefined reference to the vector table\")",
      assertion: "undefined reference to the vector table"),
    .init(
      "undefined-many", ["undefined-reference", "relocation-overflow"],
      "SECTIONS { .text : { *(.text) } .data : { *(.data) } limit = 1; }", options: "many.o"),
    .init(
      "too-far-many", ["relocation-overflow", "undefined-reference"],
      "SECTIONS { .text : { *(.text) } .data : { *(.data) } limit = 0x1234567890; }",
      options: "many.o"),
    .init(
      "too-narrow", ["relocation-overflow"],
      "SECTIONS { .text : { *(.text .far) } .data : { *(.data) } limit = 0x123456789abc; }",
      options: "narrow.o far.o"),
    .init(
      "discarded-local", ["discarded-reference"],
      "SECTIONS { .text : { *(.text) } .data : { *(.data) } .rodata : { *(.rodata) } /DISCARD/ : { *(.exit.text) } }",
      options: "local.o"),
    .init(
      "defined-three-times", ["duplicate-symbol"], plain, options: "again.o variables.o"),
    .init("defined-twice-as-data", ["duplicate-symbol"], plain, options: "variables.o"),
    .init(
      "thread-local-mismatch",
      [
        "thread-local-mismatch", "thread-local-apart", "relocation-overflow", "undefined-reference",
      ],
      plain, options: "threads.o"),
    .init(
      "division-of-numbers", ["division-by-zero"], "SECTIONS { .text : { *(.text) } } x = 5 / 0;"),
    .init(
      "remainder-of-numbers", ["division-by-zero"], "SECTIONS { .text : { *(.text) } } x = 5 % 0;"),
    .init(
      "division-in-an-assert", ["division-by-zero", "assertion"],
      "SECTIONS { .text : { *(.text) } } ASSERT(8 / (f1 - f1) == 1, \"one of them\")"),
    .init(
      "division-in-an-address", ["division-by-zero"],
      "zero = 0; SECTIONS { .text 0x1000 / zero : { *(.text) } }"),
    .init(
      "origin-of-nothing", ["no-region", "undefined-region"],
      "SECTIONS { .text ORIGIN(NOPE) : { *(.text) } }"),
    .init(
      "subalign", ["linker-fault", "alignment-not-power-of-two"],
      "SECTIONS { .text : SUBALIGN(3) { *(.text) } }"),
    .init(
      "segments-out-of-order",
      [
        "location-counter-backwards", "section-in-no-segment", "section-overlap",
        "dot-moved-backwards",
      ],
      "PHDRS { a PT_LOAD; b PT_LOAD; } SECTIONS { .text 0x9000 : { *(.text) } :a .data 0x1000 : { *(.data) } :b "
        + ".big 0x1004 : { *(.big) } :b }"),
    .init(
      "segment-twice",
      [
        "missing-segment", "section-in-no-segment", "segment-syntax", "syntax-error",
        "duplicate-segment",
      ],
      "PHDRS { text PT_LOAD; text PT_LOAD; } SECTIONS { .text : { *(.text) } :nosuch }"),
    .init(
      "segment-flags", ["syntax-error", "segment-syntax", "undefined-symbol-in-expression"],
      "PHDRS { text PT_LOAD FLAGS(nosuch); } SECTIONS { .text : { *(.text) } :text }"),
    .init(
      "headers-overlap",
      [
        "headers-without-room", "section-overlap", "segment-not-covered",
        "location-counter-backwards",
      ],
      "PHDRS { head PT_PHDR PHDRS; text PT_LOAD FILEHDR PHDRS; } SECTIONS { . = 0x20; .text : { *(.text) } :text .data : { *(.data) } :text }"
    ),
    .init(
      "comment-behind-a-name", ["syntax-error", "malformed-number"],
      "f9 = 3;\nSECTIONS { .text : { *(.text) } y = f9/* of pages */ + 1; }"),
    .init(
      "number", ["syntax-error", "malformed-number", "unknown-directive"],
      "SECTIONS { .text : { *(.text) } y = 12abc; }"),
    .init(
      "entry-and-undefined", ["missing-entry", "undefined-reference"],
      "ENTRY(nosuchentry)\n\(plain)", options: "calls.o --fatal-warnings"),
  ]
}
