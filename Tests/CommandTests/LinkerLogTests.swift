// What real linkers print about broken scripts, each message explained.

import Foundation
import TestSupport
import Testing

struct LinkerLogTests {
  /// Scripts that one or more linkers refuse, by what is wrong with them.
  private static let scripts: [(name: String, text: String)] = [
    ("assert", "SECTIONS { .text : { *(.text) } } ASSERT(_start == 1, \"start is not one\")"),
    ("backwards", "SECTIONS { .text : { *(.text) . = 4; } .data : { *(.data) } }"),
    (
      "region-overflow",
      "MEMORY { ROM : ORIGIN = 0x1000, LENGTH = 0x40 } SECTIONS { .text : { *(.text) } > ROM "
        + ".data : { *(.data) } > ROM }"
    ),
    (
      "overlap",
      "SECTIONS { .text 0x1000 : { *(.text) } .big 0x1010 : { *(.big) } .data 0x8000 : { *(.data) } }"
    ),
    (
      "lma-overlap",
      "SECTIONS { .text 0x1000 : AT(0x1000) { *(.text) } .big 0x5000 : AT(0x1010) { *(.big) } "
        + ".data 0x9000 : { *(.data) } }"
    ),
    ("undefined-symbol", "SECTIONS { x = nosuch + 1; .text : { *(.text) } }"),
    ("undefined-in-assert", "SECTIONS { .text : { *(.text) } } ASSERT(nosuch == 1, \"m\")"),
    ("syntax", "SECTIONS { .text : { *(.text) } x = ; }"),
    ("end-of-file", "SECTIONS { .text : { *(.text) } .data : { *(.data) } "),
    ("undefined-section", "SECTIONS { .text : { *(.text) } } x = SIZEOF(.nosuch);"),
    ("division", "SECTIONS { .text : { *(.text) } } x = 5 / (f1 - f1);"),
    ("remainder", "SECTIONS { .text : { *(.text) } } x = 5 % (f1 - f1);"),
    ("forward-address", "SECTIONS { .text ADDR(.later) : { *(.text) } .later : { *(.data) } }"),
    ("forward-dot", "SECTIONS { . = ADDR(.later); .text : { *(.text) } .later : { *(.data) } }"),
    ("undeclared-region", "SECTIONS { .text : { *(.text) } > NOPE }"),
    ("undefined-length", "SECTIONS { .text : { *(.text) } } x = LENGTH(NOPE);"),
    (
      "no-region",
      "MEMORY { ROM (rx) : ORIGIN = 0x1000, LENGTH = 0x4000 } SECTIONS { .text : { *(.text) } > ROM "
        + ".data : { *(.data) } }"
    ),
    ("no-such-segment", "PHDRS { text PT_LOAD; } SECTIONS { .text : { *(.text) } :nope }"),
    (
      "not-in-segment",
      "PHDRS { text PT_LOAD; } SECTIONS { .text : { *(.text) } :text .data : { *(.data) } :NONE }"
    ),
    ("constant", "SECTIONS { .text : { *(.text) } } x = CONSTANT(FOO);"),
    ("discard", "SECTIONS { /DISCARD/ : { . = 4; *(.text) } }"),
    ("entry", "ENTRY(nosuchentry) SECTIONS { .text : { *(.text) } }"),
    ("include", "INCLUDE nosuchfile.lds SECTIONS { .text : { *(.text) } }"),
    ("format", "OUTPUT_FORMAT(\"elf99-nope\") SECTIONS { .text : { *(.text) } }"),
    ("machine", "OUTPUT_ARCH(nope:nope) SECTIONS { .text : { *(.text) } }"),
    ("alignment", "SECTIONS { . = ALIGN(3); .text : { *(.text) } }"),
    (
      "duplicate-region",
      "MEMORY { ROM : ORIGIN = 0x1000, LENGTH = 0x4000 ROM : ORIGIN = 0x9000, LENGTH = 0x4000 } "
        + "SECTIONS { .text : { *(.text) } > ROM }"
    ),
    ("headers", "SECTIONS { . = 0; .text : { *(.text) } } PHDRS { text PT_LOAD FILEHDR PHDRS; }"),
    ("comment", "SECTIONS { .text : { *(.text) } /* never closed "),
    ("character", "SECTIONS { .text : { *(.text) } y = 3 @ 4; }"),
    ("operator", "SECTIONS { .text : { *(.text) } y = 3 ^ 4; }"),
    ("feature", "LD_FEATURE(\"nope\") SECTIONS { .text : { *(.text) } }"),
    ("insert", "SECTIONS { .foo : { *(.data) } } INSERT AFTER .nosuchsec;"),
    (
      "origin",
      "MEMORY { ROM : ORIGIN = nosuch, LENGTH = 0x40 } SECTIONS { .text : { *(.text) } > ROM }"
    ),
    (
      "both-relative",
      "SECTIONS { .text : { *(.text) } .data : { *(.data) } } x = f1 + d1; d1 = ADDR(.data);"
    ),
    ("orphans", "SECTIONS { .text : { *(.text) } }"),
  ]

  private static let linkers = ["ld", "ld.lld", "ld.gold"].filter { ExternalTool.path($0) != nil }
  private static let hasTools = ExternalTool.path("gcc") != nil && linkers.contains("ld")
  private static let hasLLD = linkers.contains("ld.lld")

  @Test(.enabled(if: hasTools)) func everyMessageIsExplained() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.s",
      """
       .text
       .globl _start, f1
      _start: nop
      f1: .skip 0x50
       .data
       .quad 0
       .section .big,"aw"
       .skip 0x3000
       .section .wx,"awx"
       .skip 16
       .section .note.GNU-stack,"",@progbits

      """)
    #expect(try ProgramRun.shell("gcc -c -o a.o a.s", folder: folder.path).status == 0)
    var kinds: Set<String> = []
    for (name, text) in Self.scripts {
      try folder.write("\(name).lds", text + "\n")
      for linker in Self.linkers { kinds.formUnion(try explain(name, linker, folder)) }
    }
    #expect(kinds.count >= 25, "\(kinds.sorted())")
  }

  /// The kinds of the messages that `linker` prints about a script.
  private func explain(
    _ name: String, _ linker: String, _ folder: TemporaryFolder
  ) throws -> [String] {
    let option = name == "orphans" && linker != "ld.gold" ? "--orphan-handling=error" : ""
    let log = "\(name).\(linker).log"
    _ = try ProgramRun.shell(
      "\(ExternalTool.path(linker) ?? linker) \(option) -T \(name).lds -o out a.o 2>\(log)",
      folder: folder.path)
    let run = try ProgramRun.run(
      ["explain", "--format=json", "--log", log, "\(name).lds"], folder: folder.path)
    #expect(run.status == 0 || run.status == 1, "\(name) \(linker): \(run.errors)")
    let top = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let messages = try #require(top["messages"] as? [[String: Any]])
    for message in messages where message["severity"] as? String == "error" {
      #expect(message["meaning"] is String, "\(name) \(linker): \(message["text"] ?? "")")
      #expect(message["next"] is String)
    }
    return messages.compactMap { $0["kind"] as? String }
  }

  @Test(.enabled(if: hasTools)) func mapTellsWhatFillsARegion() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.s", ".globl _start\n_start: .skip 0x50\n.data\n.quad 0\n.section .big\n.skip 0x300\n")
    try folder.write("b.s", ".skip 0x30\n.section .big,\"aw\"\n.skip 0x400\n")
    try folder.write(
      "o.lds",
      """
      MEMORY { ROM : ORIGIN = 0x1000, LENGTH = 0x100 RAM : ORIGIN = 0x20000, LENGTH = 1M }
      SECTIONS {
        .text : { *(.text) } > ROM
        .data : { *(.data .big) } > RAM AT> ROM
        .bss (NOLOAD) : { . += 0x10; } > RAM
      }

      """)
    let link = try ProgramRun.shell(
      """
      sed -i 's/^.section .big$/.section .big,"aw"/' a.s
      as a.s -o a.o && as b.s -o b.o && ld -T o.lds a.o b.o -o out -Map=o.map 2>ld.log
      """, folder: folder.path)
    #expect(link.status != 0)
    let log = try #require(folder.text("ld.log"))
    let over = try #require(log.firstMatch(of: /overflowed by (\d+) bytes/).flatMap { Int($0.1) })
    let run = try ProgramRun.run(
      ["explain", "--log", "ld.log", "o.lds", "o.map"], folder: folder.path)
    let lines = run.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let start = try #require(lines.firstIndex { $0.hasPrefix("filled: ") })
    #expect(
      lines[start].hasPrefix(
        "filled: ROM has 0x100 (256 bytes) from 0x1000, and 0x\(String(over, radix: 16)) ("),
      "\(lines[start])")
    // 0x80 of .text and 0x708 of .data's load image are 0x688 more than 0x100.
    #expect(over == 0x688)
    #expect(
      lines[(start + 1)...].prefix(5) == [
        "0x708 (1800 bytes)  .data (its load image)", "0x80 (128 bytes)  .text",
        "the largest input sections:", "0x50 (80 bytes)  .text of a.o",
        "0x30 (48 bytes)  .text of b.o",
      ])
  }

  @Test(.enabled(if: hasTools)) func placesAreThoseOfTheAuthor() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.s", ".text\n.globl _start\n_start: nop\n")
    try folder.write(
      "a.lds.S",
      """
      #define LIMIT (nosuch + 4)
      /* A comment of
         two lines. */
      SECTIONS {
        .text : { *(.text) }

        end = LIMIT;
      }

      """)
    _ = try ProgramRun.shell(
      """
      gcc -c -o a.o a.s; gcc -E -P -x assembler-with-cpp -o a.lds a.lds.S
      ld -T a.lds -o out a.o 2>ld.log
      """, folder: folder.path)
    let run = try ProgramRun.run(["explain", "--log", "ld.log", "a.lds.S"], folder: folder.path)
    #expect(run.status == 1)
    #expect(run.output.contains("[undefined-symbol-in-expression]"))
    #expect(run.output.contains("a.lds.S:7:3"), "\(run.output)")
  }

  @Test func linesOfOthersArePassedOver() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "ld.log",
      """
      make[2]: Entering directory '/build'
      gcc -c -o a.o a.c
      a.c:1:1: error: unknown type name 'x'
      x86_64-linux-gnu-ld:xen.lds:22: undefined symbol `nosuch' referenced in expression
      make[2]: *** [Makefile:3: xen-syms] Error 1

      """)
    let run = try ProgramRun.run(["explain", "--log", folder.path("ld.log")])
    #expect(run.status == 1)
    #expect(run.output.contains("ld.log:4: error: undefined symbol"))
    #expect(!run.output.contains("unknown type name"))
  }

  @Test func whatIsRepeatedIsToldOnce() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "ld.log",
      """
      ld.lld: error: symbol not found: nosuch
      ld.lld: error: section '.a' will not fit in region 'ROM': overflowed by 17 bytes
      ld.lld: error: symbol not found: nosuch
      ld.lld: error: section '.b' will not fit in region 'ROM': overflowed by 33 bytes
      ld: warning: a.o: missing .note.GNU-stack section implies executable stack
      ld: NOTE: This behaviour is deprecated

      """)
    let output = try ProgramRun.run(["explain", "--log", folder.path("ld.log")]).output
    func count(_ text: String) -> Int { output.components(separatedBy: text).count - 1 }
    #expect(count("symbol not found: nosuch") == 1, "\(output)")
    #expect(count("(2 times)") == 1)
    #expect(count("will not fit") == 2)
    #expect(count("shrink the largest") == 1)
    #expect(count("-z noexecstack") == 1)
    #expect(!output.contains("error: This behaviour"))
  }

  @Test func aLogAloneSaysWhatIsMissing() throws {
    let folder = try TemporaryFolder()
    try folder.write("ld.log", "ld: start misaligned\nld: end misaligned\n")
    let output = try ProgramRun.run(["explain", "--log", folder.path("ld.log")]).output
    #expect(output.components(separatedBy: "link once more with -Map=FILE").count == 2, "\(output)")
    #expect(output.contains("ld.log:2: error: end misaligned"))
  }

  // MARK: Logs of builds

  @Test func linksOfOneLogAreToldApart() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "ci.log",
      """
      2026-01-02T03:04:05.1234567Z   LD      vmlinux
      2026-01-02T03:04:05.1234567Z ld: kernel image bigger than KERNEL_IMAGE_SIZE
      2026-01-02T03:04:05.2234567Z make[1]: *** [scripts/Makefile.vmlinux:34: vmlinux] Error 1
      2026-01-02T03:04:06.1234567Z [3/4] Linking C executable boot.elf
      2026-01-02T03:04:06.2234567Z FAILED: boot.elf
      2026-01-02T03:04:06.3234567Z ld.lld-19: error: undefined symbol: start
      2026-01-02T03:04:06.3234567Z >>> referenced by a.o:(main)
      2026-01-02T03:04:07.1234567Z clang: error: linker command failed with exit code 1 (use -v to see invocation)

      """)
    let run = try ProgramRun.run(["explain", "--log", folder.path("ci.log")])
    #expect(run.status == 1)
    #expect(run.output.contains("link 1 of vmlinux by ld, line 2:"), "\(run.output)")
    #expect(run.output.contains("link 2 of boot.elf by lld, lines 6-7:"))
    #expect(run.output.contains("kernel image bigger than KERNEL_IMAGE_SIZE [assertion]"))
    #expect(run.output.contains("start [undefined-reference]"))
    #expect(run.output.contains(">>> referenced by a.o:(main)"))
  }

  @Test func aLogWithoutALinkerIsSaidToBeOne() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "ci.log",
      "cc -c boot.c\nboot.c:12:5: error: expected expression\nmake: *** [Makefile:3: boot.o] Error 1\n"
    )
    let run = try ProgramRun.run(["explain", "--log", folder.path("ci.log")])
    #expect(run.status == 1)
    #expect(
      run.output.contains("no message of a linker is known among its lines (3)"), "\(run.output)")
    #expect(run.output.contains("ci.log:2: boot.c:12:5: error: expected expression"))
    #expect(run.output.contains("ci.log:3: make: *** [Makefile:3: boot.o] Error 1"))
    try folder.write("quiet.log", "cc -c boot.c\n")
    let quiet = try ProgramRun.run(["explain", "--log", folder.path("quiet.log")])
    #expect(quiet.status == 1)
    #expect(quiet.output.contains("no message of a linker is known among its lines (1)"))
  }

  @Test func warningsAloneAreNoFailure() throws {
    let folder = try TemporaryFolder()
    try folder.write("ld.log", "ld: kernel.elf: section .data lma 0x1000 adjusted to 0x9000\n")
    let run = try ProgramRun.run(["explain", "--log", folder.path("ld.log")])
    #expect(run.status == 0)
    #expect(run.output.contains("warning: kernel.elf: section .data lma 0x1000 adjusted to 0x9000"))
    #expect(run.output.contains("[load-address-adjusted]"))
  }

  @Test func theLogMayBeStandardInput() throws {
    let folder = try TemporaryFolder()
    try folder.write("k.lds", "SECTIONS { .text : { *(.text) } }\nASSERT(a < b, \"too large\")\n")
    let run = try ProgramRun.run(
      ["explain", "--log", "-", folder.path("k.lds")], input: "ld: too large\n")
    #expect(run.status == 1)
    #expect(run.output.contains("<stdin>:1: error: too large [assertion]"), "\(run.output)")
    #expect(run.output.contains("k.lds:2:1"))
    let twice = try ProgramRun.run(["explain", "--log", "-", "-"], input: "ld: too large\n")
    #expect(twice.status == 2)
    #expect(twice.errors.contains("standard input can be read once"))
  }

  @Test func anEmptyMapIsNoObstacle() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "bl.ld", "PHDRS {\n text PT_LOAD FILEHDR PHDRS;\n}\nSECTIONS { .text : { *(.text) } :text }\n"
    )
    try folder.write("bl.map", "")
    try folder.write("cut.map", "\nMemory Configuration\n\nName Origin Length Attributes\n")
    try folder.write(
      "ld.log",
      "ld: bl.elf: not enough room for program headers, try linking with -N\nld: final link failed: bad value\n"
    )
    let run = try ProgramRun.run(
      ["explain", "--log", "ld.log", "bl.ld", "bl.map"], folder: folder.path)
    #expect(run.status == 1)
    #expect(
      run.errors.contains("bl.map: note: is empty: the linker stopped before it wrote its map"))
    #expect(run.output.contains("[headers-without-room]"))
    #expect(run.output.contains("bl.ld:2:2"), "\(run.output)")
  }

  @Test func everyScriptOfTheLinkIsSearched() throws {
    let folder = try TemporaryFolder()
    try folder.write("main.ld", "SECTIONS { .text : { *(.text) } }\n")
    try folder.write("table.ld", "SECTIONS {\n  .table : { *(.table) }\n}\nINSERT AFTER .rodata;\n")
    try folder.write("ld.log", "/opt/x y/bin/arm-none-eabi-ld.exe: .rodata not found for insert\n")
    let run = try ProgramRun.run(
      ["explain", "--log", "ld.log", "main.ld", "table.ld"], folder: folder.path)
    #expect(run.status == 1)
    #expect(run.output.contains("[insert-not-found]"))
    #expect(run.output.contains("table.ld:4:1"), "\(run.output)")
  }

  @Test(.enabled(if: hasTools && hasLLD)) func lldWantsMemoryFirst() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.s", ".text\n.globl _start\n_start: nop\n")
    try folder.write(
      "cube.ld",
      """
      /* as a generator writes it */
      _estack = ORIGIN(RAM) + LENGTH(RAM);
      MEMORY { RAM (xrw) : ORIGIN = 0x20000000, LENGTH = 64K }
      SECTIONS { .text : { *(.text) } > RAM }

      """)
    let lld = try #require(ExternalTool.path("ld.lld"))
    let link = try ProgramRun.shell(
      "as a.s -o a.o && ld -T cube.ld a.o -o out && ! \(lld) -T cube.ld a.o -o out 2>lld.log",
      folder: folder.path)
    #expect(link.status == 0, "\(link.errors)")
    let run = try ProgramRun.run(
      ["explain", "--linker", "lld", "--log", "lld.log", "cube.ld"], folder: folder.path)
    #expect(run.status == 1)
    #expect(run.output.contains("[region-before-memory]"), "\(run.output)")
    #expect(run.output.contains("cube.ld:2:1"))
    #expect(run.output.contains("cube.ld:3:10"))
    let lint = try ProgramRun.run(["lint", "--linker", "lld", "cube.ld"], folder: folder.path)
    #expect(lint.output.contains("cube.ld:2:11"), "\(lint.output)")
  }

  @Test func aPipeOfPowerShellIsRead() throws {
    let folder = try TemporaryFolder()
    let text = "C:\\tools\\bin\\ld.exe: region `FLASH' overflowed by 564 bytes\r\n"
    let bytes =
      [UInt8](arrayLiteral: 0xFF, 0xFE) + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path("ld.log")))
    let run = try ProgramRun.run(["explain", "--log", folder.path("ld.log")])
    #expect(run.status == 1)
    #expect(run.output.contains("region `FLASH' overflowed by 564 bytes [region-overflow]"))
  }

  @Test func misspeltSymbolsFindTheirScript() throws {
    let folder = try TemporaryFolder()
    try folder.write("k.lds", "SECTIONS { .bss : { __bss_start = .; *(.bss) } }\n")
    try folder.write(
      "ld.log",
      "ld: start.o: in function `clear':\n(.text+0x4): undefined reference to `__bss_strat'\n")
    let run = try ProgramRun.run(["explain", "--log", "ld.log", "k.lds"], folder: folder.path)
    #expect(run.output.contains("function clear of start.o, at .text+0x4"), "\(run.output)")
    #expect(run.output.contains("the script sets '__bss_start'"))
  }
}
