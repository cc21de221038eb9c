// Scripts without a directive that only a C preprocessor reads as they are meant: the linker refuses them, or makes names
// of their comments.

import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: InstalledLinkers.canLink, "needs ld and as"))
struct UnpreprocessedScriptTests {
  /// A script of lines, some of which end in a comment or go on in the next one.
  private static func script(_ random: inout SeededGenerator) -> String {
    var lines = [
      "MEMORY", "{", "  ram (rwx) : ORIGIN = 0x10000, LENGTH = 1M", "}", "x = 1;", "SECTIONS", "{",
      "  .text :", "  {", "    *(.text)", "    y = .;", "  } > ram", "  z = .;",
      "  .data : { *(.data) } > ram", "}", "ASSERT(z > 0, \"m\")",
    ]
    let words = ["code", "one, two", "see main.c", "TODO: (later)", "x = 2;", ""]
    for _ in 0..<(1 + random.below(3)) {
      let at = random.below(lines.count)
      let mark = random.pick([" // ", "//", " \\\n", " // ", "\n// "]) ?? ""
      let word = mark.contains("/") ? random.pick(words) ?? "" : ""
      lines[at] += mark + word
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// `LDS_CHECK_LINKS` and `LDS_CHECK_SEED` make it another one.
  @Test func whatTheLinkerDoesNotReadIsToldWithItsCause() throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["LDS_CHECK_LINKS"].flatMap { Int($0) } ?? 12
    var random = SeededGenerator(seed: environment["LDS_CHECK_SEED"].flatMap { UInt64($0) } ?? 11)
    let linker = try #require(InstalledLinkers.bfd)
    let folder = try TemporaryFolder()
    try folder.write("a.s", ".text\n.skip 8\n.data\n.skip 8\n")
    #expect(try ProgramRun.tool("as", ["a.s", "-o", "a.o"], folder: folder.path).status == 0)
    var refused = 0
    for _ in 0..<count {
      let script = Self.script(&random)
      try folder.write("s.ld", script)
      let link = try ProgramRun.tool(
        linker.path, ["-T", "s.ld", "a.o", "-o", "a.elf"], folder: folder.path)
      let lint = try ProgramRun.run(
        ["lint", "--linker", "bfd@\(linker.version)", "s.ld"], folder: folder.path)
      let said = "\(script)\n--- ld:\n\(link.errors)\n--- lint:\n\(lint.output)"
      let isTold =
        lint.output.contains("[needs-preprocessor]") || lint.output.contains("[syntax-error]")
        || lint.output.contains("[swallowed-operator]")
      if link.status != 0 { #expect(isTold, "\(said)") }
      if lint.output.contains("[needs-preprocessor]") { #expect(link.status != 0, "\(said)") }
      guard link.errors.contains("syntax error") else { continue }
      refused += 1
      try folder.write("ld.log", link.errors)
      let explained = try ProgramRun.run(
        ["explain", "--log", "ld.log", "s.ld"], folder: folder.path)
      #expect(explained.status == 1)
      let cause =
        explained.output.contains("'//'") || explained.output.contains("a backslash joins")
      #expect(cause, "\(said)\n--- explain:\n\(explained.output)")
    }
    #expect(refused > count / 3)
  }

  /// Who says that the build preprocesses a script is believed.
  @Test(arguments: [["-D", "X"], ["--target", "x86_64-linux-gnu"]])
  func whatIsPreprocessedIsNotTold(_ options: [String]) throws {
    let folder = try TemporaryFolder()
    let text = "SECTIONS {\n  // code\n  .text : { *(.text) }\n}\n"
    try folder.write("s.ld", text)
    try folder.write("s.ld.S", text)
    let said = try ProgramRun.run(["lint", "s.ld"], folder: folder.path)
    #expect(said.output.contains("s.ld:2:3"), "\(said.output)")
    #expect(said.output.contains("[needs-preprocessor]"), "\(said.output)")
    for arguments in [options + ["s.ld"], ["s.ld.S"]] {
      let run = try ProgramRun.run(["lint"] + arguments, folder: folder.path)
      #expect(!run.output.contains("needs-preprocessor"), "\(run.output)")
    }
  }

  /// The place is where our own reading stumbles, in the author's text.
  @Test func aSyntaxErrorOfALogIsFoundInTheScript() throws {
    let folder = try TemporaryFolder()
    try folder.write("s.ld", "SECTIONS {\n  .text { *(.text) }\n}\n")
    let link = try ProgramRun.tool(
      try #require(InstalledLinkers.bfd).path, ["-T", "s.ld"], folder: folder.path)
    try folder.write("ld.log", link.errors)
    let run = try ProgramRun.run(["explain", "--log", "ld.log", "s.ld"], folder: folder.path)
    #expect(run.output.contains("at: s.ld:2:9\n"), "\(run.output)")
    #expect(run.output.contains("meaning: found '{', expected ':'"), "\(run.output)")
    // What stands only below the line that the linker names is of another state of the script.
    try folder.write("s.ld", "SECTIONS {\n\n\n  .text { *(.text) }\n}\n")
    let other = try ProgramRun.run(["explain", "--log", "ld.log", "s.ld"], folder: folder.path)
    #expect(!other.output.contains("expected ':'"), "\(other.output)")
  }

  @Test func aFileThatTheScriptAsksForIsShownThere() throws {
    let folder = try TemporaryFolder()
    try folder.write("s.ld", "INPUT(crt9.o)\nSECTIONS { .text : { *(.text) // code\n } }\n")
    try folder.write("a.log", "ld: cannot find //: No such file or directory\n")
    try folder.write("b.log", "ld: cannot find crt9.o: No such file or directory\n")
    let comment = try ProgramRun.run(["explain", "--log", "a.log", "s.ld"], folder: folder.path)
    #expect(comment.output.contains("at: s.ld:2:31\n"), "\(comment.output)")
    #expect(comment.output.contains("'//' starts no comment"), "\(comment.output)")
    let input = try ProgramRun.run(["explain", "--log", "b.log", "s.ld"], folder: folder.path)
    #expect(input.output.contains("at: s.ld:1:7\n"), "\(input.output)")
  }
}
