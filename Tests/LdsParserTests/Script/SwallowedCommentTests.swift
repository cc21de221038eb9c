// A comment directly behind a word is none to some linkers: each installed release says which.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite struct SwallowedCommentTests {
  /// What stands before the comment; `f1` and `aa` are 3 and 7.
  private static let before = [
    "r = f1", "r = f1 ", "r = aa + f1", "r = aa+f1", "r = 12", "r = 0x12", "r = 4K", "r = (aa)",
    "r = \"aa\"", "r = ABSOLUTE(f1)", "r = f1 ? aa : f1", "r = SIZEOF(.text)",
  ]
  /// What stands behind an operand, and what stands before one.
  private static let behind = [";", " + 1;", "+1;", " ;"]
  private static let operators = ["+", "*", "<", ">=", "==", "&&", "?1:", "<<", "!=", "-"]
  private static let comments = ["/**/", "/* c */"]
  private static let others = [
    "SECTIONS { .text : { *(.text) s = f1/* c */ + 1; } }",
    "SECTIONS { .text : { *(.text) BYTE(f1/* c */) } }",
    "SECTIONS { .text : { *(.text) } . = ALIGN(4)/* c */; }",
    "SECTIONS { .text/* c */ : { *(.text) } }", "r = ALIGN/**/(4);",
    "ASSERT(f1/**/, \"m\")", "ASSERT(f1 /**/, \"m\")", "ASSERT(f1,/**/ \"m\")",
    "r = DEFINED(f1/**/) ? 1 : 2;", "r = 1 /* a *//* b */;", "r = aa /* a *//* b */ + 1;",
    "r = MAX(aa/* c */, f1);", "r = MAX(aa,/* c */f1);", "r =/**/1;",
  ]

  private static let statements: [String] =
    before.enumerated().flatMap { index, head in
      comments.map { head + $0 + behind[index % behind.count] }
    } + operators.map { "r = aa\($0)/* c */f1;" } + operators.map { "r = aa \($0)/**/ f1;" }
    + others

  @Test(arguments: KnownRelease.all.filter { $0.path != nil && ExternalTool.path("as") != nil })
  func readingIsThatOfTheRelease(_ release: KnownRelease) throws {
    let folder = try TemporaryFolder()
    try folder.write("a.s", ".globl _start\n_start: nop\n")
    let path = try #require(release.path)
    let emulation = release.dialect == .lld ? "-m elf_x86_64" : ""
    var commands = "as --64 a.s -o a.o\n"
    for (index, statement) in Self.statements.enumerated() {
      try folder.write("\(index).lds", Self.script(statement))
      commands += "\(path) \(emulation) -T \(index).lds a.o -o out >/dev/null 2>&1; echo $?\n"
    }
    let run = try ProgramRun.shell(commands, folder: folder.path)
    let statuses = run.output.split(separator: "\n").compactMap { Int($0) }
    try #require(statuses.count == Self.statements.count, "\(run.errors)")
    var refused = 0
    for (statement, status) in zip(Self.statements, statuses) {
      let script = Self.parse(statement, release.dialect)
      #expect(script.isRefused == (status != 0), "\(release.name): \(statement)")
      if status != 0 { refused += 1 }
    }
    #expect(refused > (release.dialect.follows(.commentsEndWords) ? 0 : 10))
  }

  private static func script(_ statement: String) -> String {
    "f1 = 3; aa = 7;\n\(statement)\n"
  }

  private static func parse(_ statement: String, _ dialect: LinkerDialect) -> LinkerScript {
    ScriptParser.parse(
      SourceBuffer(name: "t.lds", text: script(statement)),
      options: ScriptParser.Options(dialect: dialect))
  }

  /// The comment is named, and what follows it is read.
  @Test(arguments: [
    ("r = f1/* a; b = */+1; s = 2; t = ;", LinkerDialect(.bfd, LinkerVersion(2, 40)), "'f1'"),
    ("r = aa + f1/**/; s = 2; t = ;", LinkerDialect(.bfd, LinkerVersion(2, 47)), "'f1'"),
    ("r = 12/* a; b = */; s = 2; t = ;", LinkerDialect(.lld, LinkerVersion(19)), "'12'"),
  ])
  func commentIsNamed(_ text: String, _ dialect: LinkerDialect, _ word: String) {
    let script = Self.parse(text, dialect)
    #expect(script.diagnostics.count == 2)
    #expect(script.diagnostics.first?.message.contains("'/*' directly behind \(word)") == true)
    #expect(script.diagnostics.last?.message.hasPrefix("found ';'") == true)
    #expect(script.names.find(Array("s".utf8)) != nil)
  }

  /// Folders of a list are no comments.
  @Test func slashesOfFoldersAreNotBlamed() {
    let script = Self.parse("INPUT(lib/*.o) /* c */\nr = 1;", LinkerDialect.bfd)
    #expect(!script.diagnostics.contains { $0.message.contains("directly behind") })
  }
}
