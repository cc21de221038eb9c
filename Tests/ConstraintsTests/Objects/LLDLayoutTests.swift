// ld.lld's layout from objects, rule by rule: each script is linked by every release at hand, with each set of options,
// and laid out; both agree on every section and symbol, or on that there is no image.

import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

@Suite struct LLDLayoutTests {
  static let releases = ["19", "21", "22"].map { LinkerChoice.release(.lld, $0) }
    .filter { $0.program(for: .x86_64) != nil }

  /// What each script is about, and its text.
  static let scripts: [(name: String, text: String)] = [
    (
      "empty sections",
      """
      SECTIONS { . = 0x3000; .text : { *(.text) } .e 0x5000 : { *(.no) } a = .; b = ADDR(.e); .f : { } .g : { c = .; }
        .h : { PROVIDE(unused = .); } .i : { . = .; } .data : { *(.data) } }
      """
    ),
    (
      "EXCLUDE_FILE in front of a pattern of files excludes nothing",
      """
      SECTIONS { . = 0x1000; .text : { *(.text) } .x : { EXCLUDE_FILE(*.o) *(.data) } .data : { *(.data) } }
      """
    ),
    (
      "the end of what lld puts its own name into",
      """
      EXTERN(__stop_mysec) SECTIONS { . = 0x1000; .text : { *(.text) } mysec : { *(.comment) } }
      """
    ),
    (
      "orphans and ASSERTs",
      """
      a = 1; ASSERT(1, "m") SECTIONS { b = .; . = 0x1000; .text : { *(.text) } ASSERT(1, "m") c = .; .data : { *(.data) } }
      """
    ),
    (
      "regions",
      """
      MEMORY { ROM (rx) : ORIGIN = 0x1000, LENGTH = 64K RAM (w!x) : ORIGIN = 0x20000, LENGTH = 64K }
      SECTIONS { .text : { *(.text) } >ROM .data : { *(.data) } >RAM AT>ROM .bss : { *(.bss COMMON) } >RAM
        x = LOADADDR(.data); }
      """
    ),
    (
      "a section in no segment among those of one",
      """
      PHDRS { t PT_LOAD; } SECTIONS { . = 0x2000; .text : AT(ADDR(.text) - 0x1000) { *(.text) } :t
        .data : AT(ADDR(.data) - 0x1000) { *(.data) } :NONE .rodata : AT(ADDR(.rodata) - 0x1000) { *(.rodata) } :t
        .bss : { *(.bss COMMON) } }
      """
    ),
    (
      "zeros that are in the way where others are loaded",
      """
      SECTIONS { . = 0x1000; .text : AT(0x600000) { *(.text) } .bss : AT(0x600001) { *(.bss COMMON) . += 64; }
        .data : AT(0x700000) { *(.data) } }
      """
    ),
    (
      "addresses in regions",
      """
      MEMORY { ROM : ORIGIN = 0x1000, LENGTH = 64K RAM : ORIGIN = 0x20000, LENGTH = 64K }
      SECTIONS { .text : { *(.text) } >ROM .rodata . + 0x100 : { *(.rodata) } >ROM .data 0x20100 : { *(.data) } >RAM AT>ROM
        .bss (. + 8) : { *(.bss COMMON) } >RAM }
      """
    ),
    (
      "program headers",
      """
      PHDRS { h PT_PHDR PHDRS; t PT_LOAD FILEHDR PHDRS; d PT_LOAD AT(0x90000); n PT_NOTE; s PT_TLS; }
      SECTIONS { . = 0x10000 + SIZEOF_HEADERS; .text : { *(.text) } :t .note.n : { *(.note.n) } :t :n
        .tdata : { *(.tdata) } :d :s .tbss : { *(.tbss) } :d :s .data : { *(.data) } :d .bss : { *(.bss) } }
      """
    ),
    (
      "the end of what is protected",
      """
      SECTIONS { . = SIZEOF_HEADERS; .text : { *(.text .text.*) } .rodata : { *(.rodata .rodata.*) }
        . = DATA_SEGMENT_ALIGN(CONSTANT(MAXPAGESIZE), CONSTANT(COMMONPAGESIZE)); .tdata : { *(.tdata) } .tbss : { *(.tbss) }
        .data.rel.ro : { *(.data.rel.ro) } .init_array : { *(.init_array) } . = DATA_SEGMENT_RELRO_END(24, .); y = .;
        .data : { *(.data) } .bss : { *(.bss COMMON) } z = .; }
      """
    ),
    (
      "overlays",
      """
      SECTIONS { . = 0x10000; .text : { *(.text .text.*) } .rodata : { *(.rodata .rodata.*) }
        OVERLAY 0x20000 : AT(0x30000) { .o1 { *(.ov1) } .o2 { *(.ov2) } } after = .;
        .data : { *(.data) } x = LOADADDR(.o2); }
      """
    ),
    (
      "types of sections",
      """
      SECTIONS { . = 0x1000; .text : { *(.text) } .n (NOLOAD) : { *(.data) } .q (NOLOAD) : { . += 16; }
        .i (INFO) : { *(.rodata) } .j (COPY) : { BYTE(1) } z = .; }
      """
    ),
    (
      "sections that are taken or not",
      """
      SECTIONS { . = 0x1000; .text : { *(.text) } .a : ONLY_IF_RO { *(.rodata) } .b : ONLY_IF_RW { *(.data) }
        .bss : { *(.bss) } /DISCARD/ : { *(.note*) *(.eh_frame) } }
      """
    ),
    (
      "places before sections",
      """
      SECTIONS { . = 0x1000; a = . - 1; .text : { *(.text) } b = . - 1; c = ADDR(.text) - 1; d1 = f - 1;
        .data : { *(.data) } e = SIZEOF(.text) - 1; }
      """
    ),
    (
      "definitions and their order",
      """
      SECTIONS { . = 0x1000; .text : { *(.text) } a = DEFINED(q) ? 1 : 2; q = 5; b = DEFINED(q); c = DEFINED(f);
        PROVIDE(f = 5); PROVIDE(zz = yy); x = zz; PROVIDE(yy = .); PROVIDE(never = nothere); }
      """
    ),
    (
      "values that come later",
      """
      x = y + 1; y = z + 1; z = .; SECTIONS { . = 0x1000 + SIZEOF(.data); .text : { *(.text) }
        .data : ALIGN(SIZEOF(.text) > 3 ? 64 : 4) { *(.data) } w = .; }
      """
    ),
    (
      "sorted, excluded, aligned",
      """
      SECTIONS { . = 0x3000; .text : { *(EXCLUDE_FILE(a.o) .text .text.*) *(.text) }
        .d : SUBALIGN(2) { *(SORT(.data*) SORT_BY_ALIGNMENT(.bss*) COMMON .rodata) } .e : { b.o(.rodata*) *b.o(foo) } }
      """
    ),
    (
      "symbols of sections",
      """
      SECTIONS { . = 0x1000; .text : { *(.text) } q = __start_foo; foo : { *(foo) } r = __stop_foo;
        .eh_frame : { e1 = .; KEEP(*(.eh_frame)) e2 = .; } }
      """
    ),
    (
      "location counter moved back",
      "SECTIONS { . = 0x3000; .text : { *(.text) . = 4; } .data : { *(.data) } }"
    ),
  ]

  private static let first = """
    .globl _start,f,d
    .text
    _start: .cfi_startproc
    .skip 0x33
    .cfi_endproc
    f: nop
    .data
    .balign 8
    d: .quad 1
    .bss
    .balign 16
    b: .skip 100
    .section .rodata,"a"
    r: .skip 9
    .section .data.rel.ro,"aw"
    .quad 3
    .section .data.rel.ro.x,"aw"
    .quad 3
    .section .init_array,"aw",@init_array
    .quad 1
    .section .tdata,"awT"
    .balign 4
    t: .skip 7
    .section .tbss,"awT",@nobits
    .balign 16
    tz: .skip 33
    .section .ov1,"a"
    .skip 40
    .section .ov2,"a"
    .skip 90
    .section .nb,"a",@nobits
    .skip 8
    .section .note.n,"a",@note
    .long 4,4,1
    .asciz "XYZ"
    .long 1
    .comm c1,8,8
    .comm c2,100,32

    """
  private static let second = """
    .text
    .globl g
    g: .cfi_startproc
    call f
    .cfi_endproc
    .section foo,"aw"
    .globl foosym
    foosym: .quad 4
    .section .rodata.str1.1,"aMS",@progbits,1
    .asciz "abc"
    s: .asciz "tail abc"
    .section .text.x,"ax"
    .skip 5
    .section .bss.y,"aw",@nobits
    .skip 50

    """

  private static let options: [[String]] = [
    [], ["--gc-sections"], ["-N"], ["-z", "norelro", "--build-id"],
  ]

  @Test(.enabled(if: !releases.isEmpty), arguments: releases)
  func scriptsAreLaidOutAsTheyAreLinked(_ choice: LinkerChoice) throws {
    let folder = try TemporaryFolder()
    try assemble(["a": Self.first, "b": Self.second], "as", ["--64"], in: folder)
    for (name, text) in Self.scripts {
      for options in Self.options {
        try compare(choice, text, options + ["a.o", "b.o"], in: folder, "\(name) \(options)")
      }
    }
  }

  /// Strings of every length, so that every branch of the hash that sorts them is taken.
  @Test(.enabled(if: !releases.isEmpty), arguments: releases)
  func stringsOfEveryLengthAreMerged(_ choice: LinkerChoice) throws {
    var text = ".globl _start\n.text\n_start: nop\n.section .rodata.str1.8,\"aMS\",@progbits,1\n"
    for length in (0...260).map({ $0 }) + [511, 512, 1024, 1025, 1100, 2049] {
      text +=
        ".balign 8\ns\(length): .asciz \"\(String(repeating: "x\(length % 7)", count: length / 2))"
      text += length % 2 == 0 ? "\"\n" : "y\"\n"
    }
    text += ".section .rodata.cst8,\"aM\",@progbits,8\n"
    for number in 0..<40 { text += "c\(number): .quad \(number % 13 * 0x1234567)\n" }
    let folder = try TemporaryFolder()
    try assemble(
      ["a": text, "b": text.replacing("_start", with: "other")], "as", ["--64"], in: folder)
    let script = "SECTIONS { . = 0x1000; .text : { *(.text) } .rodata : { *(.rodata*) } }"
    try compare(choice, script, ["a.o", "b.o"], in: folder, "strings")
  }

  /// Members of archives come in the order in which they are wanted.
  @Test(.enabled(if: !releases.isEmpty), arguments: releases)
  func membersComeAsTheyAreWanted(_ choice: LinkerChoice) throws {
    let folder = try TemporaryFolder()
    try assemble(
      [
        "a": ".globl _start\n.weak w\n_start: call m1\n.quad w, common1\n.comm common1,8,8\n",
        "m1": ".globl m1\nm1: .skip 3\ncall m3\n", "m2": ".globl m2\nm2: .skip 5\n",
        "m3": ".globl m3\nm3: .skip 7\ncall m2\n", "m4": ".globl w\nw: .skip 9\n",
        "m5": ".data\n.globl common1\ncommon1: .quad 1\n",
        "m6": ".globl fromscript\nfromscript: nop\n",
      ], "as", ["--64"], in: folder)
    _ = try ProgramRun.tool(
      "ar", ["rcs", "lib.a"] + (1...6).map { "m\($0).o" }, folder: folder.path)
    let script = """
      SECTIONS { . = 0x1000; .text : { *lib.a:m2.o(.text) *(.text) } x = fromscript; .bss : { *(.bss COMMON) } }
      """
    try compare(choice, script, ["a.o", "lib.a"], in: folder, "archive behind")
    for pattern in ["lib.a:", ":a.o", ":*", "*:", "lib.a:m2.o", "*m2.o", "m2.o", "lib.a", ":m2.o"] {
      let script = """
        SECTIONS { . = 0x1000; .first : { \(pattern)(.text) } .text : { *(.text) } x = fromscript; }
        """
      try compare(choice, script, ["a.o", "lib.a"], in: folder, pattern)
    }
    try compare(choice, script, ["lib.a", "a.o"], in: folder, "archive in front")
  }

  /// An interpreter, notes and tables have ranks of their own among orphans; both -n and -N may be said; what stands behind
  /// lld's own name has no place that is known.
  @Test(.enabled(if: !releases.isEmpty), arguments: releases)
  func ranksAndPlacesThatOthersDecide(_ choice: LinkerChoice) throws {
    let folder = try TemporaryFolder()
    let text = """
      .globl _start
      _start: nop
      .data
      .long 1
      .section .interp,"a"
      .byte 1
      .section .note.n,"a",@note
      .balign 4
      .long 4,4,1,2,3
      .section .info,""
      .globl info
      info: .long 1
      .section .comment,"MS",@progbits,1
      .asciz "compiler"
      """
    try assemble(["a": text], "as", ["--64"], in: folder)
    for (script, options) in [
      (
        """
        MEMORY { R : ORIGIN = 0x1000, LENGTH = 64K } SECTIONS { .text : { *(.text) } >R
          .t : { *(.rela.*) BYTE(1) } >R .data : { *(.data) } >R }
        """, [String]()
      ),
      ("SECTIONS { . = 0x1000 + SIZEOF_HEADERS; .text : { *(.text) } a = .; }", ["-N", "-n"]),
      ("SECTIONS { . = 0x1000 + SIZEOF_HEADERS; .text : { *(.text) } a = .; }", ["-n", "-N"]),
      ("SECTIONS { . = 0x1000; .text : { *(.text) } .x (COPY) : { *(.comment) *(.info) } }", []),
    ] {
      try compare(choice, script, options + ["a.o"], in: folder, script)
    }
  }

  /// The location counter goes back behind thread-local zeros. One byte before them it is offset -1 of their section, which
  /// is the end of it; what asks for the counter itself gets the address.
  @Test(.enabled(if: !releases.isEmpty), arguments: releases)
  func oneByteBeforeThreadLocalZeros(_ choice: LinkerChoice) throws {
    let folder = try TemporaryFolder()
    for size in [3, 4, 5, 7] {
      let text =
        ".globl _start\n_start: .skip \(size)\n.data\n.skip 3\n"
        + ".section .tbss,\"awT\",@nobits\n.balign 4\n.skip 6\n"
      try assemble(["a": text], "as", ["--64"], in: folder)
      for body in [
        "a = .; b = ABSOLUTE(.); c = . + 1; d = . - 1;", "a = ALIGN(8); b = ALIGN(., 8);",
        "a = DATA_SEGMENT_ALIGN(16, 8); b = DATA_SEGMENT_END(.);", ". = .; a = .;",
        ". += 1; a = .;",
        "a = . - ADDR(.tbss); b = MAX(., 3); c = . & 7; d = (1 ? . : 0);",
        "a = .; c = a + 1; ASSERT(a == c - 1, \"m\")",
      ] {
        let script = """
          SECTIONS { . = 0x1000; .text : { *(.text) } .tbss : { *(.tbss) } \(body)
            .data : { *(.data) } e = .; }
          """
        try compare(choice, script, ["a.o"], in: folder, "\(size): \(script)")
      }
    }
  }

  /// Objects are of the format that OUTPUT_FORMAT names first, or -m where the script names none.
  @Test(.enabled(if: !releases.isEmpty), arguments: releases)
  func objectsAreOfTheFormatOfTheOutput(_ choice: LinkerChoice) throws {
    let folder = try TemporaryFolder()
    try assemble(["a": Self.first, "b": Self.second], "as", ["--64"], in: folder)
    let body = "SECTIONS { . = 0x1000; .text : { *(.text) } a = SIZEOF_HEADERS; }"
    for format in [
      "", "OUTPUT_FORMAT(elf32-i386)", "OUTPUT_FORMAT(elf32-x86-64)",
      "OUTPUT_FORMAT(elf64-littleaarch64)", "OUTPUT_FORMAT(elf64-x86-64)",
      "OUTPUT_FORMAT(elf64-x86-64, elf32-i386, elf32-i386)", "OUTPUT_FORMAT(elf64-x86-64-freebsd)",
      "OUTPUT_FORMAT(elf64-x86-64) OUTPUT_FORMAT(elf32-i386)",
      "OUTPUT_FORMAT(elf32-i386) OUTPUT_FORMAT(elf64-x86-64)",
    ] {
      for emulation in ["elf_x86_64", "elf_i386", "elf32_x86_64"] {
        try compare(
          choice, "\(format) \(body)", ["-m", emulation, "a.o", "b.o"], in: folder,
          "\(format) \(emulation)")
      }
    }
  }

  static let arm = releases.filter { JudgingLinker($0, .arm) != nil }

  /// ARM's table of unwinding is put together by lld.
  @Test(.enabled(if: !arm.isEmpty), arguments: arm)
  func exceptionTablesArePutTogether(_ choice: LinkerChoice) throws {
    let folder = try TemporaryFolder()
    func function(_ name: String, _ unwinding: String) -> String {
      """
      .section .text.\(name),"ax",%progbits
      .globl \(name)
      .thumb_func
      \(name): .fnstart
      bx lr
      \(unwinding)
      .fnend

      """
    }
    try assemble(
      [
        "a": ".syntax unified\n.thumb\n" + function("_start", ".cantunwind")
          + function("g1", ".cantunwind") + function("g2", ".save {r4, lr}")
          + ".section .text.plain,\"ax\",%progbits\nnop\n",
        "b": ".syntax unified\n.thumb\n" + function("h1", ".save {r4, lr}")
          + function("h2", ".save {r4, lr}") + ".text\nnop\n",
      ], LinkTarget.arm.toolPrefix + "as", ["-mcpu=cortex-m4"], in: folder)
    for script in [
      "SECTIONS { . = 0x8000; .text : { *(.text*) } .ARM.exidx : { a = .; *(.ARM.exidx*) b = .; } .data : { *(.data) } e = .; }",
      "SECTIONS { . = 0x8000; .text : { *(.text*) } /DISCARD/ : { *(.ARM.exidx*) } e = .; }",
      "SECTIONS { . = 0x8000; .text : { *(SORT(.text*)) } /DISCARD/ : { *(.ARM.exidx.text.h*) } e = .; }",
    ] {
      for options in [[], ["--gc-sections", "-u", "h1"]] {
        try compare(
          choice, script, ["-m", "armelf_linux_eabi"] + options + ["a.o", "b.o"], in: folder, script
        )
      }
    }
  }

  /// Symbols of debugging information that -S leaves out keep their numbers, but where it would have been merged.
  @Test(.enabled(if: !releases.isEmpty), arguments: releases)
  func strippedSymbolsAreNumbers(_ choice: LinkerChoice) throws {
    let folder = try TemporaryFolder()
    let text = """
      .globl _start, gl, gs
      _start: nop
      .section .debug_info,"",@progbits
      .long 1
      gl: l: .long 2
      .section .debug_str,"MS",@progbits,1
      .asciz "abc"
      gs: s: .asciz "def"

      """
    try assemble(["a": text], "as", ["--64"], in: folder)
    for options in [["-S"], ["-S", "-O0"], ["-S", "--gc-sections"], []] {
      try compare(
        choice, "SECTIONS { . = 0x1000; .text : { *(.text) } }", options + ["a.o"], in: folder,
        "\(options)")
    }
  }

  /// What an edit is foretold to come to is what another link comes to.
  @Test(.enabled(if: !releases.isEmpty), arguments: releases)
  func editsAreThoseOfTheLinker(_ choice: LinkerChoice) throws {
    func object(_ size: Int) -> String {
      ".globl _start\n_start: .skip 5\n.data\n.balign 4\nd: .skip \(size)\n.globl e\ne:\n.bss\n.skip 9\n"
    }
    func script(_ alignment: String) -> String {
      """
      SECTIONS { . = 0x1000; .text : { *(.text) } .data : \(alignment) { *(.data) a = .; } .bss : { *(.bss) } _end = .; }
      """
    }
    let words = ["--threads=1", "-T", "S", "-o", "o", "a.o"]
    let folder = try TemporaryFolder()
    let program = try #require(choice.program(for: .x86_64))
    func model(_ alignments: [LayoutAlignment]) throws -> LayoutModel {
      let command = try #require(
        LinkCommand(
          (["ld"] + words).map { Array($0.utf8) }, workingDirectory: FilePath(folder.path)))
      let script = try ScriptParser.parse(
        folder.buffer("S"), options: ScriptParser.Options(dialect: program.dialect)
      ).linked(with: LinkSettings(command), dialect: program.dialect)
      return try LayoutModel(
        script, command, by: program.dialect, aligning: alignments, provider: FolderSources())
    }
    let edits: [(name: String, growth: Int, alignment: UInt64?)] = [
      ("a.o:.data", 100, nil), (".data", 100, nil), ("a.o", 3, nil), ("", 0, 256),
    ]
    for edit in edits {
      try folder.write("S", script("ALIGN(8)"))
      try assemble(["a": object(7)], "as", ["--64"], in: folder)
      let before = try model(
        edit.alignment.map { [LayoutAlignment(section: Array(".data".utf8), bytes: $0)] } ?? [])
      let growths =
        edit.growth == 0
        ? [] : [LayoutGrowth(section: Array(edit.name.utf8), bytes: UInt64(edit.growth))]
      // Each sizing starts from the same link.
      _ = try before.layout(growing: growths)
      _ = try before.layout()
      let layout = try before.layout(growing: growths)
      if edit.name == "a.o" {
        try assemble(
          ["a": object(7).replacing("skip 5", with: "skip \(5 + edit.growth)")], "as", ["--64"],
          in: folder)
      } else {
        try assemble(["a": object(7 + edit.growth)], "as", ["--64"], in: folder)
      }
      try folder.write("S", script("ALIGN(\(edit.alignment ?? 8))"))
      let run = try ProgramRun.tool(program.path, words, folder: folder.path)
      #expect(run.status == 0, "\(run.errors)")
      let comparison = LayoutComparison(
        layout, try ImageReader.read(folder.buffer("o"), as: .elf))
      let moved = comparison.differences.filter { difference in
        // A label behind bytes that stand behind them all keeps its place.
        !(edit.name.hasSuffix(".data") && difference.name == Array("e".utf8))
      }
      #expect(moved.isEmpty, "\(edit): \(comparison.differences)")
    }
  }

  /// A region that overflows is told by its name, and bounds are known to the byte.
  @Test(.enabled(if: !releases.isEmpty), arguments: releases)
  func regionsHaveThresholds(_ choice: LinkerChoice) throws {
    let program = try #require(choice.program(for: .x86_64))
    let folder = try TemporaryFolder()
    try assemble(["a": ".globl _start\n_start: .skip 5\n"], "as", ["--64"], in: folder)
    try folder.write(
      "S",
      """
      MEMORY { ROM (rx) : ORIGIN = 0x1000, LENGTH = 8K } SECTIONS { .text : { *(.text) . = ALIGN(16); } >ROM }
      ASSERT(SIZEOF(.text) <= 0x1000, "half")
      """)
    let command = try #require(
      LinkCommand(
        ["ld", "-T", "S", "a.o"].map { Array($0.utf8) }, workingDirectory: FilePath(folder.path)))
    let script = try ScriptParser.parse(
      folder.buffer("S"), options: ScriptParser.Options(dialect: program.dialect))
    let model = try LayoutModel(
      script, command, by: program.dialect, provider: FolderSources())
    let told = try model.thresholds(of: Array(".text".utf8))
    #expect(told.map(\.bytes) == [0x1000 - 5, 0x2000 - 5])
    #expect(told.last?.subject == .region(Array("ROM".utf8)))
    #expect(!told.contains { !$0.isExact })
  }

  // MARK: Help

  private func assemble(
    _ texts: [String: String], _ assembler: String, _ options: [String], in folder: TemporaryFolder
  ) throws {
    for (name, text) in texts {
      try folder.write("\(name).s", text)
      let run = try ProgramRun.tool(
        assembler, options + ["\(name).s", "-o", "\(name).o"], folder: folder.path)
      #expect(run.status == 0, "\(run.errors)")
    }
  }

  private func compare(
    _ choice: LinkerChoice, _ script: String, _ words: [String], in folder: TemporaryFolder,
    _ name: String
  ) throws {
    let program = try #require(choice.program(for: .x86_64))
    try folder.write("S", script)
    try? FileManager.default.removeItem(atPath: folder.path("o"))
    let command = words + ["--threads=1", "-T", "S", "-o", "o"]
    let run = try ProgramRun.tool(program.path, command, folder: folder.path)
    let result = try LaidOutLink.layOut(command, in: folder, by: program.dialect)
    if run.status == 0 {
      #expect(result == .equal, "\(name), \(program.dialect)")
    } else if case .stops = result {
    } else {
      Issue.record("\(name), \(program.dialect): \(run.errors), laid out: \(result)")
    }
  }
}
