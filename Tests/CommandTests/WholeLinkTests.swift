// The command of a link, its image and every object of it: what no object has is not there, whatever tools behind the
// link took away.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite struct WholeLinkTests {
  private static let sections = """
    SECTIONS {
      .text 0x1000 : { *(.text) }
      .data : { *(.data) }
      .none : { *(.nothing) }
      /DISCARD/ : { *(.comment) *(.note*) }
    }
    """

  /// Each asked alone: a linker may stop at it.
  private static let statements = [
    "ASSERT(!DEFINED(nosuch), \"m\")", "ASSERT(DEFINED(nosuch), \"m\")",
    "ASSERT(DEFINED(f1), \"m\")",
    "ASSERT(DEFINED(nosuch) ? nosuch == 1 : 1, \"m\")", "ASSERT(nosuch == 1, \"m\")",
    "ASSERT(SIZEOF(.none) == 0, \"m\")", "ASSERT(SIZEOF(.none) != 0, \"m\")",
    "ASSERT(SIZEOF(.nosuch) == 0, \"m\")", "ASSERT(ADDR(.nosuch) < 0x1000, \"m\")",
    "ASSERT(SIZEOF(.extra) == 4, \"m\")", "ASSERT(f1 == 0x1000, \"m\")",
    "r = nosuch;", "r = f1;", "r = 1 / SIZEOF(.none);", "r = ADDR(.nosuch);", "r = SIZEOF(.none);",
  ]

  private struct Answer {
    var verdict: String?
    var isRefused = false
    var isDecided: Bool { verdict != "undecided" }
  }

  private func ask(
    _ words: [String], _ dialect: String, _ folder: TemporaryFolder
  ) throws -> Answer {
    let run = try ProgramRun.run(
      ["eval", "--linker", dialect, "--format", "json"] + words, folder: folder.path)
    let read = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any],
      "\(run.errors)")
    let assertion = try #require(read["assertions"] as? [[String: Any]]).first
    let assignments = try #require(read["assignments"] as? [[String: Any]])
    return Answer(
      verdict: assertion?["verdict"] as? String,
      isRefused: assignments.contains { $0["refused"] is String })
  }

  @Test(arguments: ["ld", "ld.lld"]) func verdictsAreTheLinkers(_ linker: String) throws {
    guard ["as", "strip", linker].allSatisfy({ ExternalTool.path($0) != nil }) else {
      try Test.cancel("needs \(linker), as and strip")
    }
    // SIZEOF of an orphan outside of memory is 0 to lld 19 and its size to 21.
    guard linker == "ld" || InstalledLinkers.has(.lld, from: 21) else {
      try Test.cancel("needs ld.lld 21")
    }
    let dialect = linker == "ld" ? "bfd" : "lld"
    let folder = try TemporaryFolder()
    try folder.write(
      "a.s", ".globl f1\n.text\nf1: .long 1\n.data\n.long 2\n.section .extra,\"\"\n.long 3\n")
    _ = try ProgramRun.tool("as", ["--64", "a.s", "-o", "a.o"], folder: folder.path)
    let options = ["-m", "elf_x86_64", "-T", "s.ld", "-e", "f1", "a.o", "-o"]
    try folder.write("s.ld", Self.sections)
    _ = try ProgramRun.tool(linker, options + ["x"], folder: folder.path)
    _ = try ProgramRun.shell("cp x y; strip -g y", folder: folder.path)
    for image in ["x", "y"] {
      try folder.write("link.txt", ([linker] + options + [image]).joined(separator: " ") + "\n")
      for statement in Self.statements {
        try folder.write("s.ld", Self.sections + "\n" + statement)
        let link = try ProgramRun.tool(linker, options + ["z"], folder: folder.path)
        let words = ["--link-command", "link.txt", "s.ld", image]
        let whole = try ask(words + ["a.o"], dialect, folder)
        let said = "\(linker), \(image): \(statement)\n\(link.errors)"
        #expect(whole.isDecided, "\(said)")
        #expect((whole.verdict == "fails" || whole.isRefused) == (link.status != 0), "\(said)")
        // Without the objects less is decided, and nothing otherwise.
        let part = try ask(words, dialect, folder)
        #expect(!part.isDecided || part.verdict == whole.verdict, "\(said)")
      }
    }
    // An input that was not given may define anything.
    try folder.write("s.ld", Self.sections + "\n" + Self.statements[0])
    try folder.write("link.txt", ([linker] + options + ["x", "b.o"]).joined(separator: " ") + "\n")
    let open = try ask(["--link-command", "link.txt", "s.ld", "x", "a.o"], dialect, folder)
    #expect(!open.isDecided)
  }
}
