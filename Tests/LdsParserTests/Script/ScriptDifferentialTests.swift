// The parser against the real linker: what GNU ld refuses while it reads is refused here, the rest accepted,
// and canonical text links to the same image.
//
// LDS_MUTANTS=2000 LDS_SEED=7 LDS_SCRIPTS=folder swift test --filter ScriptDifferentialTests
// tries more mutants, others, and those of the scripts in a folder as well.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite(.enabled(if: LinkerReading.isMeasured, "needs GNU ld 2.40")) struct ScriptDifferentialTests {
  private let options = ScriptParser.Options(
    dialect: LinkerDialect(.bfd, LinkerVersion(2, 40)))

  private func isRefused(_ text: [UInt8]) -> Bool {
    let buffer = SourceBuffer(path: FilePath("s.lds"), bytes: text)
    return ScriptParser.parse(buffer, options: options).isRefused
  }

  /// Expects the linker's word on every script; `allowed` of them may differ.
  private func expectAgreement(_ scripts: [[UInt8]], allowed: Int = 0) throws {
    let answers = try LinkerReading.refuses(scripts)
    try #require(answers.count == scripts.count)
    let wrong = zip(scripts, answers).filter { script, answer in
      answer != nil && answer != isRefused(script)
    }
    let shown = wrong.prefix(3).map { script, answer in
      "ld \(answer == true ? "refuses" : "accepts"): "
        + String(decoding: script.prefix(400), as: UTF8.self)
    }
    #expect(wrong.count <= allowed, "\(shown.joined(separator: "\n"))")
  }

  // MARK: - Tables

  private static let places: [(String, String)] = [
    ("", ""), ("SECTIONS { ", " }"), ("SECTIONS { .s : { ", " } }"),
  ]

  /// Statements that read differently at the top, inside SECTIONS and inside an output section.
  private static let statements = [
    "ASSERT(1,\"m\")", "ASSERT(1,\"m\");", "ASSERT(1,\"m\"),", "ASSERT(1,\"a\") ASSERT(1,\"b\")",
    "ENTRY(f1)", "ENTRY(f1);", ";", "r = 5,", "r = 5;", "r = 5", "PROVIDE(r = 5)",
    "PROVIDE(r = 5),", "PROVIDE(r = 5);", "HIDDEN(r = 1);", "PROVIDE(r += 1);", "PROVIDE(x=5);",
    "PROVIDE(x =5);", "ASSERT(1)", "ASSERT(1, m);", "ASSERT(1, \"a\" \"b\");", "r=5;", "r =5;",
    "r= 5;",
    ". =ALIGN(4);", ".t : { } ;", ".t : { } ,", ".t:{}", ".t :{}", ".t .:{}", ".t 0x1000:{}",
    ".t : { } >R:p", ".t : { *(.a, .b) }", "o = 5;", "len = 1;", "MAX = 5;", "\"MAX\" = 5;",
    "KEEP = 5;", "$ff = 5;", "\".\" = 5;", "r ^= 1;", "r %= 4;", "r &&= 4;", "r++;", "x += 1;",
    "OVERLAY : { .a { } .b { } }", "OVERLAY : { .a : { } }", "GROUP 0 : { .a : { } }", "BYTE(1)",
    "FILL(x)", "FILL(1);", "// c\nr = 1;", "r = 1 \\\n;", "INSERT AFTER .t", "CONSTRUCTORS",
    "*()", "*(SORT(SORT(SORT(.a))))", "EXCLUDE_FILE(a) *(.t)", "[ .t ]", "[.t]", "SORT(a)",
    ".t : ONLY_IF_RO AT(1) { }", ".t : AT(1) ALIGN(2) { }", ".t (NOLOAD) : { }", ".t () : { }",
    ".t (READONLY (TYPE = 1)) : { }", ".t : { } =0x90 /DISCARD/ : { }", ".t : { } =0x90 add : { }",
    ".t : { } AT>R >R", ".t : AT(1) { } AT>R", ".t : ALIGN(1) ALIGN_WITH_INPUT { }",
  ]

  @Test func statementsInEveryPlace() throws {
    try expectAgreement(
      Self.statements.flatMap { statement in
        Self.places.map { Array(($0.0 + statement + $0.1).utf8) }
      })
  }

  @Test func expressionsInEveryPlace() throws {
    let expressions = [
      "010", "08", "1K1", "1G", "1e5", "0b11", "0o17", "0x1h", "0xK", "123abc", "1_000", "add",
      "0x",
      "f1/2", "f1/**/", "5/**/", "7^2", "f1@x", "f1[0]", "1?0?4:5:6", "1, 2", "a = 1", "COPY",
      "INFO",
      "KEEP", "sizeof(.t)", "SIZEOF(.t", "SIZEOF(len)", "SIZEOF(.te*)", "SIZEOF(a,b)",
      "DEFINED(ab)",
      "DEFINED(a)", "5/0", "0?5/0:2", "5%0", "0x8000000000000000/-1", "SEGMENT_START(f1, 1)",
      "SEGMENT_START(\"f1\", 1)", "ALIGN()", "ALIGN(1,2,3)", "MAX(1)", "- - 1", "!~+1", "((1)",
      "(1))",
      "\"a\"\"b\"", "/DISCARD/", "1 ? 2", "ASSERT(1, \"m\")", "NEXT(1)", "BLOCK(1)", "é",
    ]
    try expectAgreement(
      expressions.flatMap { expression in
        Self.places.map { Array(($0.0 + "x = \(expression);" + $0.1).utf8) }
          + [
            "MEMORY { R : ORIGIN = \(expression), LENGTH = 1 }", "EXTERN(\(expression))",
            "SECTIONS { .t \(expression) : { } =0 }", "SECTIONS { .t : { } =\(expression) }",
            "PHDRS { p \(expression) FLAGS(1); }",
          ].map { Array($0.utf8) }
      })
  }

  @Test func commands() throws {
    let commands = [
      "MEMORY { R : ORIGIN = 1 LENGTH = 2 }", "MEMORY { R : org = 1 len = 2 }",
      "MEMORY { R : org = 1, len = 2 }", "MEMORY { R (!l) : o = 1, l = 2 }",
      "MEMORY { R (rwx!l) : o = 1, l = 2 }", "MEMORY { R (q) : o = 1, l = 2 }",
      "MEMORY { R (rx) : o = 1, l = 2; }", "MEMORY { R : o = 1, l = 2 S-x : o = 1, l = 2 , }",
      "REGION_ALIAS(a, b)", "REGION_ALIAS(\"a\", \"b\")", "EXTERN(bb)", "EXTERN(a, c)", "EXTERN()",
      "INPUT(a,b)", "INPUT()", "INPUT(a , AS_NEEDED(-lc))", "GROUP(AS_NEEDED())", "INPUT(a # b\n)",
      "OUTPUT_FORMAT(a,b,c)", "OUTPUT_FORMAT(\"a\",\"b\",\"c\")", "LD_FEATURE(\"nope\")",
      "LD_FEATURE(\"sane_expr\")", "STARTUP(a) STARTUP(b)", "NOCROSSREFS(a b, c ,)", "SYSLIB(, a)",
      "HLL(, a)", "HLL()", "PHDRS { a PT_LOAD; b PT_LOAD FILEHDR; }", "PHDRS { a foo; }",
      "PHDRS { a PT_LOAD FLAGS; }", "VERSION { }", "VERSION { { }; }", "VERSION { V { a; } ; }",
      "VERSION { V { a; local: *; }; }", "VERSION { V { global: a; local: *; }; }",
      "VERSION { V { extern \"C\" { a; \"b\" }; }; W { local: a; } V; }",
      "VERSION { V { global: a; }; W { local: a; }; }", "VERSION { V { a }; }",
      "VERSION { V { } W; }",
      "MAP(a)", "ASSERT(1, \"m\") /*", "/* a /* b */ x = 1;", "INCLUDE nothing-there",
      "x = \"abc;", "\u{FEFF}x = 1;", "SECTIONS { } }", "SECTIONS {", "LIB(a)", "FLOAT NOFLOAT;",
      "MEMORY { R : o = 1, l = 2 } REGION_ALIAS(A, R) REGION_ALIAS(A, R)",
      "MEMORY { R : o = 1, l = 2 } REGION_ALIAS(R, R)", "MEMORY { INCLUDE nothing-there }",
      "VERSION { { a; }; V { b; }; }", "VERSION { V { a; }; { b; }; }",
      "VERSION { V { a; }; V { b; }; }", "VERSION { V { extern \"Fortran\" { a; }; }; }",
      "VERSION { V { extern \"java\" { a; }; }; }", "VERSION { V { 5; }; }",
      "VERSION { V { = ; }; }",
      "SECTIONS { GROUP : { .a : { } } }", "SECTIONS { GROUP 0x10 : { .a : { } } }",
      "SECTIONS { OVERLAY 0 : SUBALIGN(4) { .a { } } }",
      "SECTIONS { OVERLAY 0 : AT(4) { .a { } } }",
      "x = MAX(2, 1) / (3 - MIN(3, 4));", "x = 1 / ALIGN(0, 4);", "x = 4 % MAX(0, 0);",
      "x = 1 ? 2 : 3 / 0;", "x = 6 / (a ? 0 : 0);", "SECTIONS { .a (TYPE = SHT_NOTE) : { } }",
      "SECTIONS { .a (READONLY) : { } .b (READONLY (TYPE = 8)) : { } }",
    ]
    try expectAgreement(commands.map { Array($0.utf8) })
  }

  // MARK: - Whole scripts

  @Test func defaultScriptsAreAccepted() throws {
    let scripts = try LinkerReading.defaultScripts()
    try #require(scripts.count > 10)
    for script in scripts { #expect(!isRefused(script)) }
  }

  private static let object = """
    .globl _start, d0, com
    _start: call f1
    .globl f1
    f1: ret
    .data
    d0: .quad f1
    .section .rodata
    .string "abc"
    .section .init_array,"aw"
    .quad f1
    .bss
    .skip 100
    .comm com,8,8
    .section .weird,"aw"
    .long 3

    """

  /// Links with each script and with its canonical text; how many pairs of images were the same.
  private func expectSameImages(_ scripts: [[UInt8]], _ linkOptions: String) throws -> Int {
    let folder = try TemporaryFolder()
    try folder.write("a.s", Self.object)
    try folder.write("extra.s", ".data\n.globl extra\nextra: .quad 5\n")
    for (index, script) in scripts.enumerated() {
      let buffer = SourceBuffer(path: FilePath("s.lds"), bytes: script)
      let written = ScriptWriter.bytes(of: ScriptParser.parse(buffer, options: options))
      try folder.write("\(index).lds", script)
      try folder.write("\(index).out.lds", written)
      #expect(!isRefused(written))
    }
    // Scripts for other formats than that of the object cannot be linked; both ways must fail alike.
    let run = try ProgramRun.shell(
      """
      as a.s -o a.o && as extra.s -o extra.o && ar rc libextra.a extra.o || exit 1
      for f in [0-9]*.out.lds; do
        n=${f%.out.lds}
        cp $n.lds s.lds; ld \(linkOptions) -T s.lds a.o -o image >first 2>&1; echo $? >>first
        [ -f image ] && mv image one
        cp $f s.lds; ld \(linkOptions) -T s.lds a.o -o image >second 2>&1; echo $? >>second
        if [ -f image ]; then cmp one image && echo same; rm -f image; fi
        sed 's/s.lds:[0-9]*/s.lds/' first >x; sed 's/s.lds:[0-9]*/s.lds/' second | cmp x - || echo $n
        rm -f one
      done
      """, folder: folder.path)
    let lines = run.output.split(separator: "\n")
    #expect(lines.filter { $0 != "same" } == [])
    return lines.count
  }

  @Test func canonicalTextLinksToTheSameImage() throws {
    #expect(try expectSameImages(try LinkerReading.defaultScripts(), "") > 5)
  }

  /// Scripts with the commands that linkers' own scripts do not have; each must link.
  private static let commands: [String] = [
    "VERSION { V1 { global: f1; d0; local: *; }; V2 { com; } V1; }",
    "VERSION { { global: \"f1\"; extern \"C++\" { \"foo(int)\"; bar*; }; local: *; }; }",
    "VERSION { V1 { f1; }; V2 { d0; }; V3 { local: *; } V1 V2; }",
    "INPUT(extra.o)", "INPUT(\"extra.o\", libextra.a)",
    "SEARCH_DIR(.) INPUT(-lextra) EXTERN(extra)",
    "SEARCH_DIR(\".\") GROUP(extra.o AS_NEEDED(libextra.a))", "STARTUP(extra.o)",
    "NOCROSSREFS(.rodata .bss)", "EXTERN(f1 d0) FORCE_COMMON_ALLOCATION",
    "INHIBIT_COMMON_ALLOCATION", "TARGET(elf64-x86-64) OUTPUT_ARCH(i386:x86-64)",
    "MEMORY { R (rwx !i) : ORIGIN = 0x1000, LENGTH = 1M } REGION_ALIAS(\"A\", R)",
    "OUTPUT(image)", "ENTRY(f1)", "HLL() SYSLIB()", "LD_FEATURE(\"SANE_EXPR\")",
    "SECTIONS { .r (READONLY) : { *(.rodata) } .n (TYPE = SHT_NOTE) : { LONG(1) } }",
    "SECTIONS { .r (READONLY (TYPE = 0x7fff0001)) : { LONG(1) } .o (NOLOAD) : { *(.bss) } }",
    "SECTIONS { .f : { FILL(0x90909090) BYTE(1) . = ALIGN(16); LONG(2) } =0xcc }",
    "SECTIONS { .f : { FILL(1 + 2) SHORT(1) . = . + 5; QUAD(3) SQUAD(4) } }",
    "SECTIONS { OVERLAY 0x4000 : AT(0x8000) { .o1 { *(.rodata) } .o2 { *(.weird) } } }",
    "SECTIONS { .k : { KEEP(*(SORT(.init_array))) *(EXCLUDE_FILE(extra.o) .weird) } }",
    "SECTIONS { .a : { *(.weird) } } INSERT AFTER .text;",
  ].map {
    $0.contains("INSERT") ? $0 : $0 + "\nSECTIONS { .text : { *(.text) } .data : { *(.data) } }\n"
  }

  @Test func canonicalTextOfEveryCommandLinksToTheSameImage() throws {
    let count = try expectSameImages(Self.commands.map { Array($0.utf8) }, "-shared")
    #expect(count >= Self.commands.count - 4)
  }

  // MARK: - Mutants

  private func scripts() throws -> [[UInt8]] {
    var scripts = try LinkerReading.defaultScripts()
    if let folder = ProcessInfo.processInfo.environment["LDS_SCRIPTS"] {
      for name in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
      where name.hasSuffix(".lds") {
        scripts.append(Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))))
      }
    }
    return scripts
  }

  @Test func mutantsAreRefusedWhereLdRefusesThem() throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["LDS_MUTANTS"].flatMap { Int($0) } ?? 300
    var random = SeededGenerator(seed: environment["LDS_SEED"].flatMap { UInt64($0) } ?? 1)
    let originals = try scripts().map { ScriptMutator.words(of: $0) }
    try #require(!originals.isEmpty)
    let mutants = (0..<count).map { _ in
      ScriptMutator.mutant(of: originals[random.below(originals.count)], &random)
    }
    try expectAgreement(mutants, allowed: count / 200)
  }

  @Test func generatedScriptsAreRefusedWhereLdRefusesThem() throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["LDS_MUTANTS"].flatMap { Int($0) } ?? 300
    var generator = ScriptSoup(seed: environment["LDS_SEED"].flatMap { UInt64($0) } ?? 1)
    try expectAgreement(
      (0..<count).map { _ in Array(generator.script().utf8) }, allowed: count / 200)
  }
}
