// Rule region-overflow: the sections of a memory region need more than it has.

import LdsParser

/// Adds up the sections of an image by the regions of the script.
///
/// It cannot see orphans, which the script names no region for; a map of a failed link or an image made with
/// --noinhibit-exec has the sizes.
struct RegionOverflow: Rule {
  static let description = RuleDescription(
    id: "region-overflow",
    summary: "the sections of an image do not fit into their memory region",
    rationale: """
      "region 'RAM' overflowed by 192 bytes" names neither the sections nor what there is (zephyr#5440, \
      betaflight#5957, cortex-m-rt#286). The map of the failed link has both.
      """,
    fix: "make the sections that are named smaller, or move one to another region",
    severity: .error, needs: [.script, .image],
    good: [
      .script(
        "it fits",
        """
        MEMORY { RAM : ORIGIN = 0x1000, LENGTH = 4K }
        SECTIONS { .data : { *(.data) } >RAM .bss : { *(.bss) } >RAM }
        """,
        image: ImageFacts(
          sections: [ImageFacts.Section(".data", at: 0x1000, size: 0x1000, [.read, .write])],
          profile: "sections")),
      .script(
        "a section elsewhere",
        """
        MEMORY { RAM : ORIGIN = 0x1000, LENGTH = 4K ROM : ORIGIN = 0x8000, LENGTH = 4K }
        SECTIONS { .text : { *(.text) } >ROM }
        """,
        image: ImageFacts(
          sections: [ImageFacts.Section(".text", at: 0x8000, size: 0x800, [.read, .execute])],
          profile: "sections")),
    ],
    bad: [
      .script(
        "too much",
        """
        MEMORY { ↓RAM : ORIGIN = 0x1000, LENGTH = 4K }
        SECTIONS { .data : { *(.data) } >RAM .bss : { *(.bss) } >RAM }
        """,
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".data", at: 0x1000, size: 0xf00, [.read, .write]),
            ImageFacts.Section(".bss", at: 0x1f00, size: 0x1c0, [.read, .write]),
          ], profile: "sections"),
        messages: [
          "region 'RAM' has 0x1000 bytes and needs 0x10c0: 0xc0 too many; the largest are .data (0xf00), "
            + ".bss (0x1c0)"
        ]),
      .script(
        "the initial values of .data in flash",
        """
        MEMORY { ↓ROM : ORIGIN = 0, LENGTH = 1K RAM : ORIGIN = 0x10000, LENGTH = 4K }
        SECTIONS { .text : { *(.text) } >ROM .data : { *(.data) } >RAM AT>ROM }
        """,
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".text", at: 0, size: 0x300, [.read, .execute]),
            ImageFacts.Section(".data", at: 0x10000, size: 0x200, [.read, .write], lma: 0x300),
          ], profile: "sections"),
        messages: [
          "region 'ROM' has 0x400 bytes and needs 0x500: 0x100 too many; the largest are .text (0x300), "
            + ".data (0x200)"
        ]),
      .script(
        "by an alias",
        """
        MEMORY { ↓ROM : ORIGIN = 0, LENGTH = 1K }
        REGION_ALIAS("CODE", ROM)
        SECTIONS { .text : { *(.text) } >CODE }
        """,
        image: ImageFacts(
          sections: [ImageFacts.Section(".text", at: 0, size: 0x404, [.read, .execute])],
          profile: "sections")),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    let homes = Homes(facts.outline, facts.program.names)
    return context.images.map(\.image).filter { !$0.isRelocatable }.flatMap { image in
      let contents = homes.contents(of: image)
      return facts.outline.regions.compactMap {
        check($0, contents[$0.name.name] ?? [], facts)
      }
    }
  }

  /// Which sections are placed in which regions.
  private struct Homes {
    /// By run-time address.
    var regions: [[UInt8]: NameID] = [:]
    /// By load address, where that is another region.
    var loadRegions: [[UInt8]: NameID] = [:]

    init(_ outline: ScriptOutline, _ names: NameTable) {
      for (section, _) in outline.sections {
        let name = names.bytes(section.name.name)
        let region = section.tail.region.map { outline.resolved($0.name) }
        let load = section.tail.loadRegion.map { outline.resolved($0.name) }
        regions[name] = region
        loadRegions[name] = load == region ? nil : load
      }
    }

    /// The sections of `image` by region, in order.
    func contents(of image: Image) -> [NameID: [Resident]] {
      var contents: [NameID: [Resident]] = [:]
      for section in image.outputSections
      where section.size > 0 && section.flags?.contains(.allocated) ?? true {
        if let region = regions[section.name], let address = section.vma {
          contents[region, default: []].append(Resident(section: section, address: address))
        }
        if let region = loadRegions[section.name], section.mayHaveBytes, let address = section.lma {
          contents[region, default: []].append(Resident(section: section, address: address))
        }
      }
      return contents
    }
  }

  /// A section in a region, at its address there.
  private struct Resident {
    var section: OutputSectionRecord
    var address: UInt64
  }

  private func check(
    _ region: MemoryRegion, _ residents: [Resident], _ facts: ScriptFacts
  ) -> Finding? {
    guard let (start, length) = facts.extent(region) else { return nil }
    let sections = residents.filter { $0.address >= start }
    let needed = sections.map { $0.address &- start &+ $0.section.size }.max() ?? 0
    guard needed > length else { return nil }
    let largest = sections.map(\.section).sorted { $0.size > $1.size }.prefix(4)
      .map { "\(String(decoding: $0.name, as: UTF8.self)) (\(hexadecimal($0.size)))" }
      .joined(separator: ", ")
    let name = facts.name(region.name.name)
    return finding(
      "region '\(name)' has \(hexadecimal(length)) bytes and needs \(hexadecimal(needed)): "
        + "\(hexadecimal(needed &- length)) too many; the largest are \(largest)",
      at: .source(region.span), subject: name)
  }
}

extension OutputSectionRecord {
  /// Whether it has bytes to load, as far as that is known; a map does not tell, but by names.
  var mayHaveBytes: Bool {
    if let flags { return !flags.contains(.noBits) }
    return ![".bss", ".sbss", ".tbss"].contains { name.starts(with: $0.utf8) }
  }
}
