// Edits that are offered for firmware, whose sections stand in MEMORY regions: made, and linked.

import Foundation
import TestSupport
import Testing

struct MendInRegionsTests {
  /// A script with one ASSERT that fails, and its object in the assembler's words.
  struct Case: CustomTestStringConvertible {
    let testDescription: String
    let script: String
    /// Whether an edit is safe.
    var isMendable = true
  }

  private static let memory =
    "MEMORY { F (rx) : ORIGIN = 0x8000000, LENGTH = 64K R (rwx) : ORIGIN = 0x20000000, LENGTH = 2K }\n"

  private static let cases = [
    Case(
      testDescription: "an end inside",
      script: memory + """
        SECTIONS {
          .text : { *(.text) } > F
          .data : {
            _sdata = .;
            *(.data)
            _edata = .;
          } > R AT > F
          .bss : { *(.bss) } > R
        }
        ASSERT((_edata - _sdata) % 4 == 0, "claim")
        ASSERT(SIZEOF(.bss) > 0, "other")
        """),
    Case(
      testDescription: "an end behind the braces",
      script: memory + """
        SECTIONS {
          .text : { *(.text) } > F
          .data : { *(.data) } > R AT > F
          _edata = .;
          .bss : { *(.bss) } > R
        }
        ASSERT(!(_edata & 7), "claim")
        ASSERT(LOADADDR(.data) >= ADDR(.text), "other")
        """),
    Case(
      testDescription: "the size of a section",
      script: memory + """
        SECTIONS {
          .text : { *(.text) } > F
          .data : {
            *(.data)
          } > R AT > F
          .bss : { *(.bss) } > R
        }
        ASSERT(SIZEOF(.data) % 8 == 0, "claim")
        """),
    Case(
      testDescription: "no room in the region",
      script: memory + """
        SECTIONS {
          .text : { *(.text) } > F
          .data : { *(.data) } > R AT > F
          .bss : { *(.bss) bss_end = .; } > R
        }
        ASSERT(bss_end % 4096 == 0, "claim")
        """, isMendable: false),
    Case(
      testDescription: "the start of a section",
      script: """
        SECTIONS {
          . = 0x8000;
          .text : { *(.text) }
          .data : { *(.data) }
          .bss : { *(.bss) }
        }
        ASSERT(ADDR(.data) % 64 == 0, "claim")
        """),
    Case(
      testDescription: "an ALIGN of its own",
      script: """
        SECTIONS {
          . = 0x8000;
          .text : { *(.text) }
          text_end = ALIGN(8);
          .data : { *(.data) }
          .bss : { *(.bss) }
        }
        ASSERT(text_end == ALIGN(text_end, 256), "claim")
        """),
  ]

  private static let source = """
     .globl _start
     .text
    _start: .space 19
     .data
     .space 5
     .bss
     .space 300

    """

  @Test(.enabled(if: ExternalTool.has("as", "ld"), "needs binutils"), arguments: cases)
  func offeredEditMakesTheLinkPass(_ failing: Case) throws {
    let folder = try TemporaryFolder()
    try folder.write("k.s", Self.source)
    try folder.write("k.ld", failing.script + "\n")
    let broken = try link(folder)
    #expect(broken.errors.contains("claim") && !broken.errors.contains("other"), "\(broken.errors)")
    let run = try ProgramRun.run(
      ["explain", "--format", "json", "k.ld", "k.map"], folder: folder.path)
    #expect(run.status == 1)
    let mends = try self.mends(run.output)
    #expect(mends.isEmpty == !failing.isMendable, "\(run.output)")
    for mend in mends {
      try folder.write("k.ld", try apply(mend, to: failing.script + "\n"))
      let mended = try link(folder)
      #expect(mended.status == 0, "\(mended.errors)\n\(mend)")
      let silent = try ProgramRun.run(["explain", "k.ld", "k.map"], folder: folder.path)
      #expect(silent.status == 0, "\(silent.output)")
    }
  }

  private func link(_ folder: TemporaryFolder) throws -> ProgramRun {
    try ProgramRun.shell(
      "as --64 k.s -o k.o && ld -m elf_x86_64 -T k.ld k.o -o k.elf -Map=k.map", folder: folder.path)
  }

  private struct Edit {
    let line: Int
    let column: Int
    let old: String
    let new: String
  }

  private func mends(_ json: String) throws -> [[Edit]] {
    let top = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let explanations = try #require(top["explanations"] as? [[String: Any]])
    return explanations.flatMap { $0["mends"] as? [[String: Any]] ?? [] }.map { mend in
      (mend["edits"] as? [[String: Any]] ?? []).compactMap { edit in
        guard let line = edit["line"] as? Int, let column = edit["column"] as? Int,
          let old = edit["old"] as? String, let new = edit["new"] as? String
        else { return nil }
        return Edit(line: line, column: column, old: old, new: new)
      }
    }
  }

  private func apply(_ edits: [Edit], to text: String) throws -> String {
    var lines = text.components(separatedBy: "\n").map { Array($0.utf8) }
    for edit in edits.sorted(by: { ($1.line, $1.column) < ($0.line, $0.column) }) {
      let range = edit.column - 1..<edit.column - 1 + edit.old.utf8.count
      #expect(Array(lines[edit.line - 1][range]) == Array(edit.old.utf8))
      lines[edit.line - 1].replaceSubrange(range, with: Array(edit.new.utf8))
    }
    return lines.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
  }
}
