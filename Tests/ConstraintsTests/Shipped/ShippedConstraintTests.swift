// FILE_END, FILE_SIZE, MAPPED_END and FILE_OFFSET(symbol) in constraints of a configuration.

import LdsParser
import TestSupport
import Testing

@testable import Constraints

@Suite struct ShippedConstraintTests {
  /// .text and .data behind each other in flash, .bss in RAM.
  private static let image: Image = {
    var facts = ImageFacts(
      symbols: [("_start", 0x800_0000), ("_sdata", 0x2000_0000), ("_ebss", 0x2000_0140)],
      sections: [
        ImageFacts.Section(".text", at: 0x800_0000, size: 0x40, [.read, .execute]),
        ImageFacts.Section(
          ".data", at: 0x2000_0000, size: 0x20, [.read, .write], lma: 0x800_0040),
      ], profile: "sections")
    facts.segments = [
      segment(0x800_0000, 0x800_0000, size: 0x40, memory: 0x40),
      segment(0x2000_0000, 0x800_0040, size: 0x20, memory: 0x140),
    ]
    var image = facts.makeImage()
    for index in image.outputSections.indices {
      image.outputSections[index].fileOffset = index == 0 ? 0x1000 : 0x2000
    }
    return image
  }()

  private static func segment(
    _ run: UInt64, _ load: UInt64, size: UInt64, memory: UInt64
  ) -> SegmentRecord {
    SegmentRecord(
      type: 1, isReadable: true, isWritable: false, isExecutable: false, virtualAddress: run,
      physicalAddress: load, fileOffset: run == 0x800_0000 ? 0x1000 : 0x2000, fileSize: size,
      memorySize: memory, alignment: 0x1000)
  }

  private func verdict(_ expression: String, _ form: String?) throws -> Verdict {
    let image = form.map { #""image": {"form": "\#($0)"}, "# } ?? ""
    let configuration = ConfigurationReader.read(
      SourceBuffer(
        name: "c",
        text: #"{\#(image)"constraints": [{"name": "x", "expression": "\#(expression)"}]}"#))
    #expect(configuration.diagnostics.map(\.message) == [])
    let session = Session(images: [Self.image], configuration: configuration)
    let report = try #require(session.judgeConstraints().first).report
    return try #require(report.assertions.first).verdict
  }

  @Test(arguments: [
    ("FILE_SIZE == 0x60", "binary"), ("FILE_END == 0x8000060", "binary"),
    ("FILE_OFFSET(_sdata) == 0x40", "binary"), ("FILE_OFFSET( _start ) == 0", "binary"),
    ("FILE_OFFSET(_sdata) % 8 == 0 && FILE_SIZE <= 64K", "ihex"),
    ("FILE_SIZE == 0x2020", "elf"), ("MAPPED_END == _ebss", "elf"),
    ("FILE_OFFSET(_sdata) == 0x2000", "elf"),
  ]) func holds(_ expression: String, _ form: String) throws {
    #expect(try verdict(expression, form) == .holds)
  }

  /// What the form does not decide, and what no form was said for, is not guessed.
  @Test(
    arguments: [
      ("FILE_SIZE == 0x60", nil), ("MAPPED_END == 0", "binary"),
      ("FILE_OFFSET(_ebss) == 0", "binary"), ("FILE_OFFSET(nothing) == 0", "binary"),
      ("FILE_SIZE == 0", "pe"),
    ] as [(String, String?)]) func isUndecided(_ expression: String, _ form: String?) throws
  {
    #expect(try verdict(expression, form) == .undecided)
  }

  @Test func scriptsHaveNoFileOffset() {
    let script = ScriptParser.parse(
      SourceBuffer(name: "s", text: "ASSERT(FILE_OFFSET(_start) == 0, \"x\")"))
    #expect(script.isRefused)
  }
}
