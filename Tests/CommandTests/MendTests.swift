// Edits that are offered, made, and linked: the real linker has the last word.

import Foundation
import TestSupport
import Testing

struct MendTests {
  private static let hasTools = ExternalTool.has("ld", "gcc")

  /// One way to break the sample, as text and what replaces it.
  struct Breakage: CustomTestStringConvertible {
    let testDescription: String
    let old: String
    let new: String
  }

  private static let aligned = [
    "__2M_text_end", "__2M_rodata_end", "__2M_init_end", "__2M_rwdata_end",
  ]

  private static let breakages: [Breakage] =
    aligned.flatMap { symbol -> [Breakage] in
      let old = "  . = ALIGN(SECTION_ALIGN);\n  \(symbol) = .;\n"
      return [
        Breakage(testDescription: "\(symbol) unaligned", old: old, new: "  \(symbol) = .;\n"),
        Breakage(
          testDescription: "\(symbol) too early", old: old,
          new: "  \(symbol) = .;\n  . = ALIGN(SECTION_ALIGN);\n"),
        Breakage(
          testDescription: "\(symbol) aligned to a page", old: old,
          new: "  . = ALIGN(PAGE_SIZE);\n  \(symbol) = .;\n"),
      ]
    } + [
      Breakage(
        testDescription: "__init_end", old: "  . = ALIGN(PAGE_SIZE);\n  __init_end = .;",
        new: "  __init_end = .;")
    ]

  @Test(.enabled(if: hasTools, "needs GNU ld and gcc"), arguments: breakages)
  func offeredEditMakesTheLinkPass(_ breakage: Breakage) throws {
    let folder = try TemporaryFolder()
    let script = try Checkout.text("samples/boot.lds.S")
    #expect(script.contains(breakage.old))
    try folder.write("config.h", try Checkout.text("samples/config.h"))
    try folder.write("start.S", try Checkout.text("samples/start.S"))
    try folder.write(
      "boot.lds.S", script.replacingOccurrences(of: breakage.old, with: breakage.new))
    let broken = try link(folder)
    #expect(broken.status != 0)
    #expect(broken.errors.contains("misaligned"))
    let run = try ProgramRun.run(
      ["explain", "--format", "json", "boot.lds.S", "boot.map"], folder: folder.path)
    #expect(run.status == 1)
    var edits = try self.edits(run.output)
    var told: (bytes: Int, before: Int)?
    if edits.isEmpty {
      // A map has no alignments: what it cannot tell is not offered, and the image is asked for.
      #expect(
        run.output.contains(
          "with the linked image beside the map (ld --noinhibit-exec) it can be checked"))
      let forced = try link(folder, "--noinhibit-exec")
      #expect(forced.status == 0)
      let again = try ProgramRun.run(
        ["explain", "--format", "json", "boot.lds.S", "boot.map", "boot"], folder: folder.path)
      edits = try self.edits(again.output)
      if let bytes = try cost(again.output) { told = (bytes, try end(of: folder)) }
    }
    #expect(!edits.isEmpty, "no edit offered:\n\(run.output)")
    guard !edits.isEmpty else { return }
    try folder.write("boot.lds.S", try apply(edits, to: try #require(folder.text("boot.lds.S"))))
    let mended = try link(folder)
    #expect(mended.status == 0, "\(mended.errors)\n\(edits)")
    if let told { #expect(try end(of: folder) - told.before == told.bytes) }
  }

  /// By how much the offered edit is said to move the end of the image.
  private func cost(_ json: String) throws -> Int? {
    let top = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    let explanations = top?["explanations"] as? [[String: Any]] ?? []
    let mends = explanations.flatMap { $0["mends"] as? [[String: Any]] ?? [] }
    return mends.lazy.compactMap { ($0["cost"] as? [String: Any])?["bytes"] as? Int }.first
  }

  /// `_end` of the image.
  private func end(of folder: TemporaryFolder) throws -> Int {
    let listing = try ProgramRun.tool("nm", ["boot"], folder: folder.path).output
    let line = listing.split(separator: "\n").first { $0.hasSuffix(" _end") }
    let digits = try #require(line?.split(separator: " ").first)
    return Int(bitPattern: UInt(try #require(UInt(digits, radix: 16))))
  }

  private func link(_ folder: TemporaryFolder, _ option: String = "") throws -> ProgramRun {
    try ProgramRun.shell(
      """
      gcc -E -P -x assembler-with-cpp -I. -o boot.lds boot.lds.S && gcc -c -o start.o start.S &&
      ld \(option) -melf_x86_64 --build-id=none -z max-page-size=0x200000 -T boot.lds -Map=boot.map -o boot start.o
      """, folder: folder.path)
  }

  /// One edit, as line and column of the first byte, with the text there.
  private struct Edit {
    let line: Int
    let column: Int
    let old: String
    let new: String
  }

  private func edits(_ json: String) throws -> [Edit] {
    let top = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let explanations = try #require(top["explanations"] as? [[String: Any]])
    let mends = explanations.flatMap { $0["mends"] as? [[String: Any]] ?? [] }
    return try mends.flatMap { $0["edits"] as? [[String: Any]] ?? [] }.map { edit in
      Edit(
        line: try #require(edit["line"] as? Int), column: try #require(edit["column"] as? Int),
        old: try #require(edit["old"] as? String), new: try #require(edit["new"] as? String))
    }
  }

  private func apply(_ edits: [Edit], to text: String) throws -> String {
    var bytes = Array(text.utf8)
    for edit in edits.sorted(by: { ($0.line, $0.column) > ($1.line, $1.column) }) {
      var start = 0
      for _ in 1..<edit.line {
        start = try #require(bytes[start...].firstIndex(of: 0x0A)) + 1
      }
      start += edit.column - 1
      let range = start..<start + edit.old.utf8.count
      #expect(Array(bytes[range]) == Array(edit.old.utf8))
      bytes.replaceSubrange(range, with: Array(edit.new.utf8))
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
