// Rule region-overlap: two memory regions share addresses.

import LdsParser

/// Compares the extents of memory regions.
///
/// It cannot see an extent that a symbol decides; a region inside another one is taken for a part of it.
struct RegionOverlap: Rule {
  static let description = RuleDescription(
    id: "region-overlap",
    summary: "two memory regions share addresses",
    rationale: """
      The linker fills each region for itself. What it puts into both overlaps, and the message then is about two \
      sections ('section .data VMA overlaps section .stack VMA'), not about the two lines that are wrong.
      """,
    fix: "correct origin or length; for a second name use REGION_ALIAS",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "one behind the other",
        "MEMORY { ROM : ORIGIN = 0, LENGTH = 64K RAM : ORIGIN = 0x10000, LENGTH = 64K }"),
      .script(
        "a second name",
        "MEMORY { ROM : ORIGIN = 0, LENGTH = 64K } REGION_ALIAS(\"CODE\", ROM)"),
      .script(
        "two regions of the same extent are two views of one memory",
        "MEMORY { CODE : ORIGIN = 0, LENGTH = 64K DATA : ORIGIN = 0, LENGTH = 64K }"),
      .script(
        "everything from the origin on, and a part of it",
        "MEMORY { ALL : ORIGIN = 0, LENGTH = ~0 RAM : ORIGIN = 0x10000, LENGTH = 64K }"),
    ],
    bad: [
      .script(
        "a length too large",
        "MEMORY { ROM : ORIGIN = 0, LENGTH = 65K ↓RAM : ORIGIN = 0x10000, LENGTH = 64K }",
        messages: ["region 'RAM' shares the addresses 0x10000 to 0x103ff with region 'ROM'"]),
      .script(
        "an origin too low",
        "MEMORY { RAM : ORIGIN = 0x8000, LENGTH = 64K ↓STACK : ORIGIN = 0x17000, LENGTH = 8K }"),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    let regions = facts.outline.regions
    var findings: [Finding] = []
    // Real scripts have a dozen regions.
    for (index, region) in regions.enumerated().prefix(256) {
      guard let (start, length) = facts.extent(region), length > 0 else { continue }
      for earlier in regions[..<index] {
        guard let (otherStart, otherLength) = facts.extent(earlier), otherLength > 0,
          let end = last(start, length), let otherEnd = last(otherStart, otherLength),
          start <= otherEnd, otherStart <= end, start != otherStart,
          !(start > otherStart && end <= otherEnd), !(otherStart > start && otherEnd <= end)
        else { continue }
        let name = facts.name(region.name.name)
        findings.append(
          finding(
            "region '\(name)' shares the addresses \(hexadecimal(max(start, otherStart))) to "
              + "\(hexadecimal(min(end, otherEnd))) with region '\(facts.name(earlier.name.name))'",
            at: .source(region.span),
            notes: [FindingNote("the other region", at: .source(earlier.span))], subject: name))
      }
    }
    return findings
  }

  /// The last address; nil for a region that wraps around.
  private func last(_ start: UInt64, _ length: UInt64) -> UInt64? {
    let (end, overflow) = start.addingReportingOverflow(length &- 1)
    return overflow ? nil : end
  }
}
