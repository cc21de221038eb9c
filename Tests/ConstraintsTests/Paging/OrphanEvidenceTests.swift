// Whether a section was placed by the script: asked of the script, and of the map.

import LdsParser
import TestSupport
import Testing

@testable import Constraints

struct OrphanEvidenceTests {
  private static let map = """

    Memory Configuration

    Name             Origin             Length             Attributes
    *default*        0x0000000000000000 0xffffffffffffffff

    Linker script and memory map

    .text           0x0000000000001000       0x30
     *(.text)
     .text          0x0000000000001000       0x30 a.o
                    0x0000000000001000                main

    .stray          0x0000000000002000       0x10
     .stray         0x0000000000002000       0x10 lib.a(member.o)
                    0x0000000000003000                . = ALIGN (0x1000)

    .a_section_with_a_long_name
                    0x0000000000003000       0x20
     *fill*         0x0000000000003000       0x10
     EXCLUDE_FILE(b.o)(.x)
     .x             0x0000000000003010       0x10 c.o

    .another_section_with_a_long_name
                    0x0000000000004000       0x20
     .another_section_with_a_long_name
                    0x0000000000004000       0x20 c.o
                    0x0000000000004020                _end = .

    """

  private static func evidence(
    _ image: Image, _ name: String, script: LinkerScript? = nil
  ) throws -> OrphanEvidence {
    let section = try #require(LoadedSection.all(of: image).first { $0.name == name })
    return OrphanEvidence.of(section, in: image, script: script)
  }

  @Test func mapsListPatternsUnderDescribedSections() throws {
    let image = try ImageReader.read(SourceBuffer(name: "a.map", text: Self.map))
    #expect(try Self.evidence(image, ".text") == .described)
    #expect(try Self.evidence(image, ".stray") == .orphan)
    #expect(try Self.evidence(image, ".a_section_with_a_long_name") == .described)
    #expect(try Self.evidence(image, ".another_section_with_a_long_name") == .orphan)
  }

  @Test func aScriptKnowsItsSections() throws {
    let text = """
      SECTIONS { .text : { *(.text) } OVERLAY 0x3000 : { .a_section_with_a_long_name { *(.x) } } }
      """
    let script = ScriptParser.parse(SourceBuffer(name: "a.lds", text: text))
    var image = try ImageReader.read(SourceBuffer(name: "a.map", text: Self.map))
    image.kind = .elf
    #expect(try Self.evidence(image, ".text", script: script) == .described)
    #expect(try Self.evidence(image, ".stray", script: script) == .orphan)
    #expect(
      try Self.evidence(image, ".a_section_with_a_long_name", script: script) == .described)
    let empty = ScriptParser.parse(SourceBuffer(name: "b.lds", text: "x = 1;"))
    #expect(
      try Self.evidence(image, ".text", script: empty) == .unknown,
      "without SECTIONS the linker's own script counts")
  }

  @Test(.enabled(if: ExternalTool.has("gzip"), "needs gzip")) func everySectionOfXenIsDescribed()
    throws
  {
    for path in ["xen-c447b7308b-default/xen-syms.ldmap", "xen-c447b7308b-default/xen.efi.ldmap"] {
      let image = try ImageReader.read(ReferenceData.buffer(path))
      for section in LoadedSection.all(of: image) {
        #expect(
          OrphanEvidence.of(section, in: image, script: nil) == .described, "\(section.name)")
      }
    }
  }
}
