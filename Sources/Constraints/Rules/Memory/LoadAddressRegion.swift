// Rule load-address-region: contents are loaded where no memory region is.

import LdsParser

/// Compares AT(address) with the memory regions.
///
/// It cannot see an address that only objects decide, unless an image is given.
struct LoadAddressRegion: Rule {
  static let description = RuleDescription(
    id: "load-address-region",
    summary:
      "the load address of a section is in none of the memory regions, or its contents end behind one",
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
      .script(
        "zeroes behind it are not loaded",
        """
        MEMORY { ROM : ORIGIN = 0x8000000, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS { .text : { *(.text) etext = .; } >ROM .bss : AT(etext) { *(.bss) } >RAM }
        """,
        image: ImageFacts(
          kind: .gnuMap,
          sections: [ImageFacts.Section(".bss", at: 0x2000_0000, size: 0x110, lma: 0x800_ff10)],
          profile: "sections")),
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
      .script(
        "past the end",
        """
        MEMORY { ROM : ORIGIN = 0x8000000, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS { .text : { *(.text) etext = .; } >ROM .data : AT(↓etext) { *(.data) } >RAM }
        """,
        image: ImageFacts(
          sections: [
            ImageFacts.Section(
              ".data", at: 0x2000_0000, size: 0x110, [.read, .write], lma: 0x800_ff10)
          ], profile: "sections"),
        messages: [
          "'.data' is loaded at 0x800ff10 to 0x8010020, 0x20 bytes past the end of 'ROM' at 0x8010000"
        ]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, let extents = facts.allExtents else { return [] }
    let images = context.images.map(\.image).filter { !$0.isRelocatable }
    return facts.outline.sections.compactMap { section, _ in
      // Whoever does without regions for the section itself does not count its load address by them.
      guard let expression = section.loadAddress, section.tail.region != nil else { return nil }
      let place = FindingPlace.source(facts.program.expressions.span(expression))
      let name = facts.name(section.name.name)
      let bytes = facts.script.names.bytes(section.name.name)
      let loaded = images.compactMap { loads(bytes, in: $0) }
      let addresses =
        facts.program.expressions.foldedValue(expression).map { [$0] } ?? loaded.map(\.address)
      let stray = addresses.first { address in !extents.contains { $0.holds(address) } }
      if let stray {
        return finding(
          "'\(name)' is loaded at \(hexadecimal(stray)), which is in none of the memory regions",
          at: place, subject: name)
      }
      return loaded.lazy.compactMap { past($0, name, extents, place) }.first
    }
  }

  /// A load image that begins in a region and ends behind it.
  private func past(
    _ loaded: (address: UInt64, size: UInt64), _ name: String, _ extents: [RegionExtent],
    _ place: FindingPlace
  ) -> Finding? {
    let holding = extents.filter { $0.holds(loaded.address) }
    let (end, overflow) = loaded.address.addingReportingOverflow(loaded.size)
    guard !overflow, let region = holding.max(by: { $0.end < $1.end }), end > region.end else {
      return nil
    }
    let next = extents.first { $0.holds(region.end) }
    return finding(
      "'\(name)' is loaded at \(hexadecimal(loaded.address)) to \(hexadecimal(end)), \(sizeText(end &- region.end)) "
        + "past the end of '\(region.name)' at \(hexadecimal(region.end))"
        + (next.map { ", into '\($0.name)'" } ?? ""),
      at: place, notes: [FindingNote("AT(address) takes no part in the linker's check of regions")],
      subject: name)
  }

  /// Where an image loads the contents of a section.
  private func loads(_ name: [UInt8], in image: Image) -> (address: UInt64, size: UInt64)? {
    let section = image.outputSections.first { $0.name == name }
    guard let section, section.size > 0, section.flags?.contains(.allocated) ?? true,
      let address = section.lma
    else { return nil }
    return (address, section.mayHaveBytes ? section.size : 0)
  }
}

/// A memory region with its addresses.
private struct RegionExtent {
  var name: String
  var start: UInt64
  var byteCount: UInt64
  var end: UInt64 { start &+ byteCount }

  func holds(_ address: UInt64) -> Bool { address >= start && address &- start < byteCount }
}

extension ScriptFacts {
  /// All regions; nil without any, and where a symbol decides the extent of one, which then may be anywhere.
  fileprivate var allExtents: [RegionExtent]? {
    if outline.regions.isEmpty { return nil }
    var extents: [RegionExtent] = []
    for region in outline.regions {
      guard let extent = extent(region) else { return nil }
      extents.append(
        RegionExtent(
          name: name(region.name.name), start: extent.start, byteCount: extent.byteCount))
    }
    return extents
  }
}
