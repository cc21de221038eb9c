// Corners of the layout that random links have shown: each is a link that the real linkers make, too.

import Constraints
import LdsParser
import TestSupport
import Testing

@Suite(.enabled(if: InstalledLinkers.canLink)) struct LayoutCornerTests {
  static let releases = KnownRelease.bfd.filter {
    $0.path != nil && $0.dialect.version >= LinkerVersion(2, 40)
  }

  private static func words(_ options: [String], _ objects: [String]) -> [String] {
    ["-m", "elf_x86_64", "--no-warn-rwx-segments", "-T", "S"] + objects + ["-o", "o"] + options
  }

  /// Links by a release, and lays out.
  private static func result(
    _ release: KnownRelease, _ script: String, _ options: [String], in folder: TemporaryFolder,
    _ objects: [String]
  ) throws -> LaidOutLink.Result {
    try folder.write("S", script)
    let words = words(options, objects)
    let link = try ProgramRun.tool(try #require(release.path), words, folder: folder.path)
    #expect(link.status == 0, "\(link.errors)")
    return try LaidOutLink.layOut(words, in: folder, by: release.dialect)
  }

  private static func assemble(_ texts: [String], in folder: TemporaryFolder) throws -> [String] {
    try texts.enumerated().map { index, text in
      try folder.write("\(index).s", text)
      _ = try ProgramRun.tool(
        "as", ["--64", "\(index).s", "-o", "\(index).o"], folder: folder.path)
      return "\(index).o"
    }
  }

  /// GNU ld makes an image of another format of the same emulation, whose headers are other ones.
  @Test(arguments: releases)
  func anotherFormatIsNotLaidOut(_ release: KnownRelease) throws {
    let folder = try TemporaryFolder()
    let objects = try Self.assemble([".globl _start\n_start: nop\n"], in: folder)
    for (format, isOwn) in [("elf64-x86-64", true), ("elf32-i386", false), ("elf32-x86-64", false)]
    {
      let result = try Self.result(
        release, "OUTPUT_FORMAT(\(format)) SECTIONS { . = SIZEOF_HEADERS; .text : { *(.text) } }",
        [], in: folder, objects)
      #expect(
        result == (isOwn ? .equal : .refused("0.o: the object is of another format than \(format)"))
      )
    }
  }

  /// A section in no region of MEMORY: what the linker refuses is not laid out.
  @Test(arguments: releases)
  func aSectionWithoutRegionIsNotLaidOut(_ release: KnownRelease) throws {
    let folder = try TemporaryFolder()
    let objects = try Self.assemble(
      [".globl _start\n_start: nop\n.section .gone,\"a\"\n.quad 1\n"], in: folder)
    try folder.write(
      "S",
      "MEMORY { R : ORIGIN = 0x400000, LENGTH = 16M } SECTIONS { .text 0x401000 : { *(.text) } }")
    let words = Self.words([], objects)
    let link = try ProgramRun.tool(try #require(release.path), words, folder: folder.path)
    #expect(link.status != 0)
    switch try LaidOutLink.layOut(words, in: folder, by: release.dialect) {
    case .refused, .stops: break
    case let result: Issue.record("\(release.name): \(result)")
    }
  }

  /// Whether orphans join a section of their name depends on what has made it, and on its type.
  @Test(arguments: releases, ["NOLOAD", "READONLY", "COPY"])
  func whatAnOrphanJoins(_ release: KnownRelease, _ type: String) throws {
    let folder = try TemporaryFolder()
    let objects = try Self.assemble(
      ["a", "b"].map { LayoutRule.part(".text", "\"ax\"", $0, size: 4, align: 4) }, in: folder)
    for (before, body) in [
      ("", ""), ("", "v = .;"), ("", "PROVIDE(p = .);"), ("", ". = .;"), ("", "FILL(0)"),
      ("", "FILL(0) v = .;"), ("", "CREATE_OBJECT_SYMBOLS"), ("", "*(.foo)"),
      ("w = ADDR(.text);", ""), ("w = ADDR(.text);", "FILL(0)"), ("w = SIZEOF(.text);", ""),
      ("w = LOADADDR(.text);", ""), ("", "ASSERT(1, \"m\");"),
    ] {
      let script =
        "SECTIONS { . = 0x100000; \(before) .text (\(type)) : { \(body) } after = .; }"
      #expect(try Self.result(release, script, [], in: folder, objects) == .equal, "\(script)")
    }
  }

  /// `__start_x` is where the first input section x went, if that output section is called so.
  @Test(arguments: releases)
  func whereASectionStarts(_ release: KnownRelease) throws {
    let folder = try TemporaryFolder()
    let objects = try Self.assemble(
      [
        LayoutRule.part("mine", "\"aw\"", "m1", size: 4, align: 4)
          + ".text\n.quad __start_mine, __stop_mine\n",
        LayoutRule.part("mine", "\"aw\"", "m2", size: 4, align: 4)
          + LayoutRule.part("other", "\"aw\"", "m3", size: 4, align: 4),
      ], in: folder)
    for body in ["BYTE(1)", "BYTE(1) *(other)", "*1.o(mine)", "BYTE(1) *0.o(mine)"] {
      for type in ["", "(COPY)", "(NOLOAD)"] {
        let script =
          "SECTIONS { . = 0x1000; .text : { *(.text) } mine \(type) : { \(body) } .d : { *(.data) } }"
        let result = try Self.result(release, script, [], in: folder, objects)
        #expect(result == .equal, "\(script)")
      }
    }
  }

  /// A root that is not linked keeps nothing of its object.
  @Test(arguments: releases)
  func aRootThatIsExcluded(_ release: KnownRelease) throws {
    let folder = try TemporaryFolder()
    let objects = try Self.assemble(
      [
        LayoutRule.part(".text", "\"ax\"", "start", size: 4),
        LayoutRule.part(".gone", "\"ae\"", "gone", size: 4) + ".section .info,\"\"\n.long 1\n",
      ], in: folder)
    let result = try Self.result(
      release, "SECTIONS { .text : { *(.text) } }", ["--gc-sections", "-e", "start", "-u", "gone"],
      in: folder, objects)
    #expect(result == .equal)
  }

  /// A section that is not allocated is in no segment that is loaded, whatever its statement says.
  @Test(arguments: releases)
  func aSegmentOfWhatIsNotAllocated(_ release: KnownRelease) throws {
    let folder = try TemporaryFolder()
    let objects = try Self.assemble(
      [
        LayoutRule.part(".text", "\"ax\"", "t", size: 4)
          + LayoutRule.part(".data", "\"aw\"", "d", size: 4)
          + LayoutRule.part(".x", "\"aw\"", "x", size: 4)
      ], in: folder)
    let script = """
      PHDRS { p PT_LOAD; q PT_LOAD; } SECTIONS { . = 0x400000; .text : AT(0x7000000) { *(.text) } :p
        .x (COPY) : { *(.x) } :q . = ALIGN(0x10000); .data : { *(.data) } :q }
      """
    #expect(try Self.result(release, script, [], in: folder, objects) == .equal)
  }

  /// `--traditional-format` keeps equal records of unwinding.
  @Test(arguments: releases, [[], ["--traditional-format"]])
  func recordsOfUnwinding(_ release: KnownRelease, _ options: [String]) throws {
    let folder = try TemporaryFolder()
    let text = ".cfi_startproc\n.skip 8\n.cfi_def_cfa_offset 16\n.skip 8\n.cfi_endproc\n"
    let objects = try Self.assemble([".text\n" + text, ".text\n" + text], in: folder)
    let script =
      "SECTIONS { . = 0x1000; .text : { *(.text) } .eh_frame : { *(.eh_frame) } e = .; }"
    #expect(try Self.result(release, script, options, in: folder, objects) == .equal)
  }

  /// A section whose name makes it thread-local zeros has no load address in the file.
  @Test(arguments: releases)
  func zerosByTheirName(_ release: KnownRelease) throws {
    let folder = try TemporaryFolder()
    let objects = try Self.assemble(
      [LayoutRule.part(".text", "\"ax\"", "t", size: 4, align: 4)], in: folder)
    for script in [
      """
      MEMORY { RAM : ORIGIN = 0x20000000, LENGTH = 1M ROM : ORIGIN = 0x1000, LENGTH = 1M }
      SECTIONS { .text : { *(.text) } >ROM .tbss : { . += 6; } >RAM AT>ROM .d : { BYTE(1) } >RAM AT>ROM }
      """,
      """
      SECTIONS { .text 0x1000 : { *(.text) } .a 0x200000 : { BYTE(1) } .tbss 0x200010 : AT(0x3000) { . += 6; }
        .b 0x200100 : AT(0x200100) { BYTE(1) } }
      """,
    ] {
      #expect(try Self.result(release, script, [], in: folder, objects) == .equal, "\(script)")
    }
  }

  /// An orphan that has the name of another section is in that one's region where segments are told apart.
  @Test(arguments: releases, [".tbss", ".tdata"])
  func whichRegionSegmentsAreOf(_ release: KnownRelease, _ name: String) throws {
    let folder = try TemporaryFolder()
    let objects = try Self.assemble(
      [
        LayoutRule.part(".text", "\"ax\"", "t", size: 4)
          + LayoutRule.part(".data", "\"aw\"", "d", size: 4)
          + LayoutRule.part(
            name, name == ".tbss" ? "\"awT\",@nobits" : "\"awT\"", "b", size: 4)
          + LayoutRule.part(".tdata.q", "\"awT\"", "q", size: 4)
          + LayoutRule.part(".more", "\"aw\"", "m", size: 4)
      ], in: folder)
    for (first, second) in [("ROM", "TCM"), ("TCM", "ROM"), ("ROM", "ROM"), ("TCM", "TCM")] {
      for data in ["", ".data : { *(.data) } >RAM", ".more : { *(.more) } >ROM"] {
        let script = """
          MEMORY { RAM : ORIGIN = 0x20000000, LENGTH = 1M ROM : ORIGIN = 0x1000, LENGTH = 1M
            TCM : ORIGIN = 0x10000000, LENGTH = 1M }
          SECTIONS { v = SIZEOF_HEADERS; .text : { *(.text) } >\(first) \(name) : { BYTE(1) } >\(second) \(data) }
          """
        let result = try Self.result(release, script, [], in: folder, objects)
        #expect(result == .equal, "\(script)")
      }
    }
  }

  /// An image that asks for an interpreter has room for its headers below the first section, and is paged.
  @Test(arguments: releases)
  func wherePHDRIsLoaded(_ release: KnownRelease) throws {
    let folder = try TemporaryFolder()
    let objects = try Self.assemble(
      [
        LayoutRule.part(".text", "\"ax\"", "t", size: 4)
          + LayoutRule.part(".data", "\"aw\"", "d", size: 4)
          + LayoutRule.part(".interp", "\"a\"", "i", size: 4)
      ], in: folder)
    let bodies = [
      ".text : { *(.text) }", ".data : { *(.data) }", ".text : AT(0x100000) { *(.text) }",
      ".text : AT(0) { *(.text) } .data 0x100000 : AT(0x100000) { *(.data) }",
      ".interp (NOLOAD) : { *(.interp) }", ".interp (COPY) : { *(.interp) }",
      ".text : { *(.text .interp) } .interp : { BYTE(1) }",
      ".a (COPY) : { BYTE(1) } .text 0x1000 : { *(.text) }",
      ".a (NOLOAD) : { BYTE(1) } .text 0x1000 : { *(.text) }",
      ".a : { . = .; } .text 0xffffffffffff0000 : { *(.text) }",
    ]
    for body in bodies {
      for start in ["0", "0x100", "0x120", "0x140", "0x158", "0x200", "0x1000", "0x200100"] {
        for (options, size) in [([], ""), (["-n"], ""), ([], "v = SIZEOF_HEADERS;")] {
          try folder.write("S", "SECTIONS { \(size) . = \(start); \(body) }")
          let words = Self.words(options, objects)
          let link = try ProgramRun.tool(
            try #require(release.path), words, folder: folder.path)
          let result = try LaidOutLink.layOut(words, in: folder, by: release.dialect)
          let comment: Comment = "\(start) \(options) \(size) \(body): \(link.errors)"
          if link.status == 0 {
            #expect(result == .equal, comment)
          } else if case .stops(let reason) = result {
            #expect(link.errors.contains(reason), comment)
          } else {
            Issue.record(comment)
          }
        }
      }
    }
  }

  /// A section can be written and run as its name says, whatever is in it.
  @Test(
    arguments: releases, [".text", ".data", ".rodata", ".tbss", ".tdata", ".foo", ".init_array"])
  func whatANameAllows(_ release: KnownRelease, _ name: String) throws {
    let folder = try TemporaryFolder()
    let objects = try Self.assemble(
      [
        LayoutRule.part(".c", "\"ax\"", "c", size: 4) + LayoutRule.part(".r", "\"a\"", "r", size: 4)
          + LayoutRule.part(".w", "\"aw\"", "w", size: 4)
      ], in: folder)
    for body in ["*(.r)", "*(.c)", "*(.w)", "s = .; *(.r)", "*(.r .c)"] {
      try folder.write(
        "S",
        "SECTIONS { . = 0x1000; \(name) : { \(body) } /DISCARD/ : { *(.r .c .w) } }")
      let words = Self.words([], objects)
      let link = try ProgramRun.tool(try #require(release.path), words, folder: folder.path)
      #expect(link.status == 0, "\(link.errors)")
      let image = try ImageReader.read(folder.buffer("o"), as: .elf)
      let command = try #require(
        LinkCommand(
          (["ld"] + words).map { Array($0.utf8) }, workingDirectory: FilePath(folder.path)))
      let script = try ScriptParser.parse(
        folder.buffer("S"), options: ScriptParser.Options(dialect: release.dialect))
      let layout = try LayoutPrediction(
        script, command, by: release.dialect, provider: FolderSources())
      for section in layout.sections where section.name == Array(name.utf8) {
        let real = try #require(image.outputSections.first { $0.name == section.name })
        let flags = try #require(real.flags)
        for flag in [SectionFlags.writable, .executable] {
          #expect(section.flags.contains(flag) == flags.contains(flag), "\(name) { \(body) }")
        }
      }
    }
  }
}
