// Rule region-overflow: the sections of a memory region need more than it has.

import LdsParser

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
    var homes: [[UInt8]: NameID] = [:]
    for (section, _) in facts.outline.sections {
      guard let region = section.tail.region else { continue }
      homes[facts.program.names.bytes(section.name.name)] = facts.outline.resolved(region.name)
    }
    return context.images.map(\.image).filter { !$0.isRelocatable }.flatMap { image in
      facts.outline.regions.compactMap { check($0, homes, image, facts) }
    }
  }

  private func check(
    _ region: MemoryRegion, _ homes: [[UInt8]: NameID], _ image: Image, _ facts: ScriptFacts
  ) -> Finding? {
    guard let (start, length) = facts.extent(region) else { return nil }
    var sections: [(name: String, size: UInt64)] = []
    var needed: UInt64 = 0
    for section in image.outputSections where homes[section.name] == region.name.name {
      guard let vma = section.vma, vma >= start, section.size > 0,
        section.flags?.contains(.allocated) ?? true
      else { continue }
      sections.append((String(decoding: section.name, as: UTF8.self), section.size))
      needed = max(needed, vma &- start &+ section.size)
    }
    guard needed > length else { return nil }
    let largest = sections.sorted { $0.size > $1.size }.prefix(4)
      .map { "\($0.name) (\(hexadecimal($0.size)))" }.joined(separator: ", ")
    let name = facts.name(region.name.name)
    return finding(
      "region '\(name)' has \(hexadecimal(length)) bytes and needs \(hexadecimal(needed)): "
        + "\(hexadecimal(needed &- length)) too many; the largest are \(largest)",
      at: .source(region.span), subject: name)
  }
}
