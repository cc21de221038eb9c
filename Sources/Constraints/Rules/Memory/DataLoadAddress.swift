// Rule data-load-address: initialised data that only RAM holds.

import LdsParser

/// Looks at regions and load addresses of sections with code and with data.
///
/// It cannot see start-up code that does without a copy; which region is ROM is told by the letters of MEMORY.
struct DataLoadAddress: Rule {
  static let description = RuleDescription(
    id: "data-load-address",
    summary: "initialised data of an image in ROM is loaded at its run-time address in RAM",
    rationale: """
      Without AT, contents are loaded where they run. A debugger that writes RAM hides it; after the next power \
      cycle .data holds whatever the RAM does, since nothing of it is in the ROM, and the raw binary reaches from \
      the ROM to the RAM. What stands behind a section with AT in the same region is left alone: the linker loads \
      it behind that one, if that has contents.
      """,
    fix: "write '>RAM AT>ROM', and copy the section from LOADADDR to its address before main()",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "loaded from the ROM",
        """
        MEMORY { ROM (rx) : ORIGIN = 0x8000000, LENGTH = 64K RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS { .text : { *(.text) } >ROM .data : { *(.data) } >RAM AT>ROM }
        """),
      .script(
        "behind a section that is loaded from the ROM",
        """
        MEMORY { ROM (rx) : ORIGIN = 0x8000000, LENGTH = 64K RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS {
          .text : { *(.text) } >ROM
          .ramfunc : { *(.ramfunc) } >RAM AT>ROM
          .data : { *(.data) } >RAM
        }
        """),
      .script(
        "everything runs from RAM",
        """
        MEMORY { ROM (rx) : ORIGIN = 0x8000000, LENGTH = 64K RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS { .text : { *(.text) } >RAM .data : { *(.data) } >RAM }
        """),
      .script(
        "only the vectors are in ROM",
        """
        MEMORY { ROM (rx) : ORIGIN = 0x8000000, LENGTH = 64K RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS { .vectors : { *(.vectors) } >ROM .text : { *(.text) } >RAM .data : { *(.data) } >RAM }
        """),
      .script(
        "not loaded",
        """
        MEMORY { ROM (rx) : ORIGIN = 0x8000000, LENGTH = 64K RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS { .text : { *(.text) } >ROM .data (NOLOAD) : { *(.data) } >RAM .bss : { *(.bss) } >RAM }
        """),
    ],
    bad: [
      .script(
        "the debugger hides it",
        """
        MEMORY { ROM (rx) : ORIGIN = 0x8000000, LENGTH = 64K RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS { .text : { *(.text) } >ROM .data : { *(.data) } >↓RAM }
        """,
        messages: ["'.data' is loaded at its address in 'RAM', so 'ROM' does not hold its contents"]
      ),
      .script(
        "AT comes too late",
        """
        MEMORY { FLASH (rx) : ORIGIN = 0x8000000, LENGTH = 64K SRAM (!rx) : ORIGIN = 0x20000000, LENGTH = 8K
                 RAM (rw) : ORIGIN = 0x30000000, LENGTH = 8K }
        REGION_ALIAS("DATA", RAM)
        SECTIONS {
          .text : { *(.text*) } >FLASH
          .data : { *(.data .data.*) } >↓DATA
          .tables : { *(.tables) } >RAM AT>FLASH
        }
        """,
        messages: [
          "'.data' is loaded at its address in 'RAM', so 'FLASH' does not hold its contents"
        ]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    // A program header's AT moves whatever it holds.
    guard let facts = context.facts, facts.outline.headers.allSatisfy({ $0.loadAddress == nil })
    else { return [] }
    var isWritable: [NameID: Bool] = [:]
    for region in facts.outline.regions {
      isWritable[region.name.name] =
        RegionAttributes(
          region.attributes, facts.script.names, linker: .bfd
        ).isWritable
    }
    let withData = outputs(taking: ".data", facts)
    let withCode = outputs(taking: ".text", facts)
    // Code that runs from RAM is loaded there by something, and so is the data.
    let code = facts.outline.sections.first { withCode.contains($0.section.name.name) }
    guard let rom = code?.section.tail.region.map({ facts.outline.resolved($0.name) }),
      isWritable[rom] == false
    else { return [] }

    var hasLoadAddress: Set<NameID> = []
    var findings: [Finding] = []
    for (section, _) in facts.outline.sections {
      guard let place = section.tail.region else { continue }
      let region = facts.outline.resolved(place.name)
      if section.loadAddress != nil || section.tail.loadRegion != nil {
        hasLoadAddress.insert(region)
      } else if case .normal = section.type, withData.contains(section.name.name),
        isWritable[region] == true, !hasLoadAddress.contains(region)
      {
        findings.append(finding(section.name.name, at: place, region, rom, facts))
      }
    }
    return findings
  }

  private func finding(
    _ section: NameID, at place: SpannedName, _ region: NameID, _ rom: NameID, _ facts: ScriptFacts
  ) -> Finding {
    let name = facts.name(section)
    return finding(
      "'\(name)' is loaded at its address in '\(facts.name(region))', so '\(facts.name(rom))' does "
        + "not hold its contents",
      at: .source(place.span), subject: name)
  }

  /// Output sections with a pattern for input sections of this name, or of one that begins with it.
  private func outputs(taking name: String, _ facts: ScriptFacts) -> Set<NameID> {
    Set(facts.patterns.filter { $0.text.starts(with: name.utf8) }.map(\.output))
  }
}
