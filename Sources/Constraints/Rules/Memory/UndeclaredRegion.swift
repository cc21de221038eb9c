// Rule undeclared-region: a section goes to a memory region that MEMORY does not have.

import LdsParser

/// Compares the regions of sections with MEMORY.
///
/// It cannot see a MEMORY in another file that the linker is given besides; a script that declares nothing it
/// uses is taken for a part.
struct UndeclaredRegion: Rule {
  static let description = RuleDescription(
    id: "undeclared-region",
    summary: "a section is placed in a memory region that no MEMORY line declares",
    rationale: """
      GNU ld warns and goes on with a region from 0 to the end of the address space: nothing checks its size, and \
      the section lands at 0. '>RAM:text' without a blank is such a name, too.
      """,
    fix: "declare the region, or correct the name",
    severity: .error, needs: [.script],
    good: [
      .script(
        "declared",
        "MEMORY { RAM : ORIGIN = 0, LENGTH = 64K } SECTIONS { .text : { *(.text) } >RAM }"),
      .script(
        "an alias",
        """
        MEMORY { RAM : ORIGIN = 0, LENGTH = 64K } REGION_ALIAS("CODE", RAM)
        SECTIONS { .text : { *(.text) } >CODE AT>RAM }
        """),
      .script(
        "a part of a script whose MEMORY is in another file",
        "SECTIONS { .text : { *(.text) } >FLASH }"),
    ],
    bad: [
      .script(
        "misspelt",
        """
        MEMORY { RAM : ORIGIN = 0, LENGTH = 64K }
        SECTIONS { .text : { *(.text) } >RAM .data : { *(.data) } >↓RMA .bss : { *(.bss) } >RMA }
        """,
        messages: ["no MEMORY line declares the region 'RMA'; did you mean 'RAM'?"]),
      .script(
        "another number is another region",
        "MEMORY { RAM0 : ORIGIN = 0, LENGTH = 64K } SECTIONS { .a : { *(.a) } >RAM0 .b : { *(.b) } >↓RAM1 }",
        messages: ["no MEMORY line declares the region 'RAM1'"]),
      .script(
        "for the load address",
        "MEMORY { RAM : ORIGIN = 0, LENGTH = 64K } SECTIONS { .data : { *(.data) } >RAM AT>↓FLASH }"
      ),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, !facts.program.hasInsert else { return [] }
    let used = facts.outline.sections.flatMap { section, _ in
      [section.tail.region, section.tail.loadRegion].compactMap { $0 }
    }
    // Firmware has MEMORY and SECTIONS in two files, each of which the linker is given by itself: a script
    // that declares nothing it uses is one of them.
    guard used.contains(where: { facts.outline.hasRegion($0.name) }) else { return [] }
    // Real scripts have a dozen.
    let declared =
      (facts.outline.regions.map { facts.name($0.name.name) }
      + facts.outline.aliases.keys.map(facts.name).sorted()).prefix(256)
    let lacksFiles = facts.script.diagnostics.contains { $0.id == .missingInclude }
    var seen: Set<NameID> = []
    return used.compactMap { region in
      guard !facts.outline.hasRegion(region.name), seen.insert(region.name).inserted else {
        return nil
      }
      let name = facts.name(region.name)
      // `ram0` and `ram1` are two regions, and no slip.
      let near = Suggestion.nearest(to: name, among: Array(declared)).flatMap {
        $0.filter(\.isLetter) == name.filter(\.isLetter) ? nil : $0
      }
      if facts.isLeftOut(
        region: name, in: facts.script.sources.authoredSpan(of: region.span).source)
      {
        return nil
      }
      // A file that is missing may declare it (Zephyr's LINKER_DT_REGIONS()).
      if near == nil, lacksFiles { return nil }
      return finding(
        "no MEMORY line declares the region '\(name)'"
          + (near.map { "; did you mean '\($0)'?" } ?? ""),
        at: .source(region.span), severity: near == nil ? .warning : nil, subject: name)
    }
  }
}

extension ScriptFacts {
  /// Whether the author's file has a line that declares the region, which a condition of the preprocessor left out:
  /// with the build's -D it is there.
  fileprivate func isLeftOut(region: String, in source: SourceID) -> Bool {
    let buffer = script.sources.buffer(source)
    let lines = buffer.bytes(in: 0..<buffer.count).split(separator: 0x0A)
    guard lines.contains(where: { $0.starts(with: "#if".utf8) }) else { return false }
    return lines.contains { line in
      let text = line.drop { $0 == 0x20 || $0 == 0x09 }
      guard text.starts(with: region.utf8) else { return false }
      let rest = text.dropFirst(region.utf8.count)
      let next = rest.drop { $0 == 0x20 || $0 == 0x09 }.first
      return next == UInt8(ascii: ":")
        || next == UInt8(ascii: "(") && rest.contains(UInt8(ascii: ":"))
    }
  }
}
