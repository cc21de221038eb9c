// Rule load-address-region: contents are loaded where no memory region is.

import LdsParser

/// Compares AT(address) with the memory regions.
///
/// It cannot see an address that only objects decide, unless an image is given.
struct LoadAddressRegion: Rule {
  static let description = RuleDescription(
    id: "load-address-region",
    summary: "the load address of a section is in none of the memory regions",
    rationale: """
      AT(address) is checked against nothing: the linker counts a section in the region of its run-time address \
      only. A load address beside the flash is a hole of gigabytes in the raw binary, or contents that no \
      programmer writes; the start-up code then copies garbage into .data.
      """,
    fix: "write AT>REGION, so that the linker counts the load address too, or correct the address",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "in a region",
        """
        MEMORY { ROM : ORIGIN = 0x8000000, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS { .data : AT(0x8008000) { *(.data) } >RAM }
        """),
      .script(
        "where only the link says",
        """
        MEMORY { ROM : ORIGIN = 0x8000000, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS { .text : { *(.text) etext = .; } >ROM .data : AT(etext) { *(.data) } >RAM }
        """),
      .script("no regions", "SECTIONS { .data : AT(0x8000) { *(.data) } }"),
      .script(
        "a section that is in no region either",
        """
        MEMORY { RAM : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS { .text 0x1000 : AT(0x1000) { *(.text) } .data : { *(.data) } >RAM }
        """),
    ],
    bad: [
      .script(
        "beside the flash",
        """
        MEMORY { ROM : ORIGIN = 0x8000000, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS { .data : AT(↓0x8010000) { *(.data) } >RAM }
        """,
        messages: ["'.data' is loaded at 0x8010000, which is in none of the memory regions"]),
      .script(
        "by the image",
        """
        MEMORY { ROM : ORIGIN = 0x8000000, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS { .text : { *(.text) } >ROM .data : AT(↓etext + 0x20000) { *(.data) } >RAM }
        """,
        image: ImageFacts(
          sections: [
            ImageFacts.Section(
              ".data", at: 0x2000_0000, size: 0x10, [.read, .write], lma: 0x802_0040)
          ], profile: "sections"),
        messages: ["'.data' is loaded at 0x8020040, which is in none of the memory regions"]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, !facts.outline.regions.isEmpty else { return [] }
    var extents: [(start: UInt64, byteCount: UInt64)] = []
    for region in facts.outline.regions {
      // A region whose extent a symbol decides may be anywhere.
      guard let extent = facts.extent(region) else { return [] }
      extents.append(extent)
    }
    let images = context.images.map(\.image).filter { !$0.isRelocatable }
    return facts.outline.sections.compactMap { section, _ in
      // Whoever does without regions for the section itself does not count its load address by them.
      guard let expression = section.loadAddress, section.tail.region != nil else { return nil }
      let name = facts.name(section.name.name)
      let addresses =
        facts.program.expressions.foldedValue(expression).map { [$0] }
        ?? images.compactMap { loadAddress(of: name, in: $0) }
      guard
        let stray = addresses.first(where: { address in
          !extents.contains { address >= $0.start && address &- $0.start < $0.byteCount }
        })
      else { return nil }
      return finding(
        "'\(name)' is loaded at \(hexadecimal(stray)), which is in none of the memory regions",
        at: .source(facts.program.expressions.span(expression)), subject: name)
    }
  }

  /// Where an image loads the contents of a section.
  private func loadAddress(of name: String, in image: Image) -> UInt64? {
    let section = image.outputSections.first { $0.name == Array(name.utf8) }
    guard let section, section.size > 0, section.flags?.contains(.allocated) ?? true else {
      return nil
    }
    return section.lma
  }
}
