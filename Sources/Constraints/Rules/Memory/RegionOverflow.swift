// Rule region-overflow: the sections of a memory region need more than it has.

public import LdsParser

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
    severity: .error, needs: [.image], foretellsFailure: true,
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
    let images = context.images.map(\.image).filter { !$0.isRelocatable }
    return ImageEvidence.grouping(images).flatMap { group -> [Finding] in
      let files = group.map { images[$0] }
      guard
        let use = MemoryUse(files, script: context.facts?.script, dialect: context.dialect)
      else { return [] }
      return MemoryOverflow.all(of: use).map {
        $0.finding(of: use.files[0].path, script: context.facts?.script)
      }
    }
  }
}

extension OutputSectionRecord {
  /// Whether it has bytes to load, as far as that is known; a map does not tell, but by names.
  var mayHaveBytes: Bool {
    if let flags { return !flags.contains(.noBits) }
    return ![".bss", ".sbss", ".tbss"].contains { name.starts(with: $0.utf8) }
  }
}

extension MemoryOverflow {
  /// The overflow as a finding about the image at `path`.
  public func finding(of path: FilePath, script: LinkerScript?) -> Finding {
    Finding(
      rule: RegionOverflow.description.id, severity: RegionOverflow.description.severity,
      message: text,
      at: script.flatMap(place).map { .source($0) } ?? .image(path, line: nil, offset: nil),
      subject: region.displayName)
  }
}
