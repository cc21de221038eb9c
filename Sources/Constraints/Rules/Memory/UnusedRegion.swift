// Rule unused-region: a memory region that nothing uses.

import LdsParser

/// Looks for regions that no section and no expression names.
///
/// It cannot see another file that the linker is given besides; a region with letters may be chosen by flags.
struct UnusedRegion: Rule {
  static let description = RuleDescription(
    id: "unused-region",
    summary: "nothing is placed in a memory region, and no expression asks for it",
    rationale: """
      A region that was meant for a section which goes elsewhere looks the same as one kept for later. The section \
      is then counted against the wrong region, and the size of the right one checks nothing.
      """,
    fix: "place the section with '>REGION', or remove the region",
    severity: .note, needs: [.script],
    good: [
      .script(
        "placed",
        "MEMORY { RAM : ORIGIN = 0, LENGTH = 64K } SECTIONS { .text : { *(.text) } >RAM }"),
      .script(
        "asked for", "MEMORY { RAM : ORIGIN = 0, LENGTH = 64K } stack = ORIGIN(RAM) + LENGTH(RAM);"),
      .script(
        "attributes choose it",
        "MEMORY { RAM (rwx) : ORIGIN = 0, LENGTH = 64K } SECTIONS { .text : { *(.text) } }"),
    ],
    bad: [
      .script(
        "one too many",
        """
        MEMORY { RAM : ORIGIN = 0, LENGTH = 64K ↓CCM : ORIGIN = 0x10000000, LENGTH = 8K }
        SECTIONS { .text : { *(.text) } >RAM }
        """,
        messages: ["nothing uses the memory region 'CCM'"]),
      .script(
        "an alias that nobody uses",
        """
        MEMORY { RAM : ORIGIN = 0, LENGTH = 64K ↓ROM : ORIGIN = 0x10000, LENGTH = 8K }
        REGION_ALIAS("CODE", ROM)
        SECTIONS { .text : { *(.text) } >RAM }
        """),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, !facts.program.sections.isEmpty || facts.nodes.count > 0 else {
      return []
    }
    var used: Set<NameID> = []
    for (section, _) in facts.outline.sections {
      for region in [section.tail.region, section.tail.loadRegion] {
        if let region { used.insert(facts.outline.resolved(region.name)) }
      }
    }
    for id in facts.nodes {
      if case .nameCall(let function, let name) = facts.script.expressions[id],
        function == .origin || function == .length
      {
        used.insert(facts.outline.resolved(name))
      }
    }
    // A script that places nothing is part of another one.
    guard !used.isEmpty else { return [] }
    return facts.outline.regions.compactMap { region in
      guard region.attributes.isEmpty, !used.contains(region.name.name) else { return nil }
      let name = facts.name(region.name.name)
      return finding(
        "nothing uses the memory region '\(name)'", at: .source(region.span), subject: name)
    }
  }
}
