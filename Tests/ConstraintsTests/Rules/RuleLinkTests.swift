// What rules say of GNU ld, asked of the linker: segments that are taken over, and KEEP behind a pattern that takes all.

import Foundation
import LdsParser
import TestSupport
import Testing

@testable import Constraints

@Suite(.enabled(if: LinkerReading.isMeasured, "needs GNU ld 2.40"))
struct RuleLinkTests {
  private func link(
    _ script: String, _ assembler: String, _ options: String = ""
  ) throws -> Image {
    let folder = try TemporaryFolder()
    try folder.write("S", script)
    try folder.write("a.s", assembler)
    let run = try ProgramRun.shell(
      "as a.s -o a.o && ld --no-check-sections \(options) -T S a.o -o o 2>&1", folder: folder.path)
    let bytes = try #require(
      FileManager.default.contents(atPath: folder.path("o")), "\(run.output)")
    return try ImageReader.read(SourceBuffer(path: FilePath("o"), bytes: Array(bytes)))
  }

  private func rules(_ script: String) -> [String] {
    RuleRegistry.check(
      RuleContext(script: ScriptParser.parse(SourceBuffer(name: "S", text: script)))
    ).map(\.rule)
  }

  /// A section before the first that names a segment is in two of them, and is reported then only.
  @Test(arguments: [true, false]) func aHeadWithoutSegmentIsInTwo(isLastDifferent: Bool) throws {
    let script = """
      PHDRS { text PT_LOAD; data PT_LOAD; }
      SECTIONS {
        . = 0x1000; .head : { *(.head) } .text : { *(.text) } :text
        . = 0x4000; .data : { *(.data) } :data .last : { *(.last) } \(isLastDifferent ? "" : ":text")
      }
      """
    let image = try link(
      script,
      ".section .head,\"a\"\n.quad 1\n.text\nnop\n.data\n.quad 1\n.section .last,\"a\"\n.quad 2\n")
    let head = try #require(image.outputSections.first { $0.name == Array(".head".utf8) }?.vma)
    let holding = image.segments.filter {
      $0.type == 1 && head >= $0.virtualAddress && head - $0.virtualAddress < $0.memorySize
    }
    #expect(holding.count == (isLastDifferent ? 2 : 1))
    #expect(rules(script).contains("unassigned-segment") == isLastDifferent)
  }

  /// KEEP has its effect although another pattern takes the section.
  @Test(arguments: [("KEEP(*(.init0))", 3), ("", 1)]) func keepKeepsWhatAnotherTakes(
    _ pattern: String, _ size: UInt64
  ) throws {
    let script = "ENTRY(_start) SECTIONS { .text 0x1000 : { *(.text) *(.init0) \(pattern) } }"
    let image = try link(
      script,
      ".globl _start\n.text\n_start: nop\n.section .init0,\"ax\",@progbits\nnop\nnop\n",
      "--gc-sections")
    #expect(image.outputSections.first { $0.name == Array(".text".utf8) }?.size == size)
    #expect(!rules(script).contains("duplicate-pattern"))
  }
}
