// Rules about places in the file, beside links that put things there: multiboot headers, program headers.

import Foundation
import LdsParser
import TestSupport
import Testing

@testable import Constraints

@Suite(.enabled(if: LinkerReading.isMeasured, "needs GNU ld 2.40"))
struct FileOffsetRuleTests {
  private func link(
    _ script: String, _ assembler: String, _ options: String
  ) throws -> (image: Image, bytes: [UInt8]) {
    let folder = try TemporaryFolder()
    try folder.write("S", script)
    try folder.write("a.s", assembler)
    let run = try ProgramRun.shell(
      "as a.s -o a.o && ld \(options) -T S a.o -o o 2>&1", folder: folder.path)
    let bytes = Array(
      try #require(FileManager.default.contents(atPath: folder.path("o")), "\(run.output)"))
    return (try ImageReader.read(SourceBuffer(path: FilePath("o"), bytes: bytes)), bytes)
  }

  private func rules(_ image: Image) -> [String] {
    RuleRegistry.check(RuleContext(images: [PlannedImage(image, plan: nil)])).map(\.rule)
  }

  /// A header is found by the rule where GRUB would find it: by the bytes of the file.
  @Test(arguments: [
    ("*(.text.boot) *(.text)", "-z max-page-size=4096"), ("*(.text) *(.text.boot)", "-n"),
    ("*(.text.boot) *(.text)", "-z max-page-size=0x200000"), ("*(.text.boot) *(.text)", "-n"),
  ]) func multibootIsFoundWhereALoaderLooks(_ order: String, _ options: String) throws {
    let (image, bytes) = try link(
      "SECTIONS { .text 0x200000 : { \(order) } }",
      ".text\n.skip 40000\n.section .text.boot,\"ax\"\n.balign 8\n.long 0x1badb002,3,-0x1badb005\n"
        + ".balign 8\n.long 0xe85250d6,0,24,-0xe85250ee\n", options)
    func place(_ magic: [UInt8], _ limit: Int) -> Bool {
      stride(from: 0, to: min(limit, bytes.count), by: 4).contains {
        bytes[$0...].starts(with: magic)
      }
    }
    let found = rules(image).filter { $0 == "boot-header" }.count
    let missing = [
      place([0x02, 0xb0, 0xad, 0x1b], 8192 - 12), place([0xd6, 0x50, 0x52, 0xe8], 32768 - 16),
    ].count { !$0 }
    #expect(found == missing)
  }

  /// Of a program whose script describes the segments ld loads the headers only where it is asked to, and says nothing.
  @Test(arguments: [("", true), ("FILEHDR PHDRS", false)])
  func headersAreLoadedWhereTheScriptAsksForThem(_ words: String, _ isMissing: Bool) throws {
    let (image, _) = try link(
      """
      PHDRS { interp PT_INTERP; text PT_LOAD \(words); }
      SECTIONS {
        . = 0x400000 + SIZEOF_HEADERS;
        .interp : { *(.interp) } :text :interp
        .text : { *(.text) } :text
        .data : { *(.data) } :text
      }
      """,
      ".text\nnop\n.section .interp,\"a\"\n.asciz \"/lib64/ld.so\"\n.data\n.quad 1\n", "")
    #expect(image.segments.contains { $0.type == 3 })
    #expect(rules(image).contains("headers-not-loaded") == isMissing)
  }
}
