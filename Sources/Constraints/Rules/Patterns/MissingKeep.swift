// Rule missing-keep: what hardware looks for at the start of a region is not kept from --gc-sections.

import LdsParser

/// Looks at what a script puts first into a memory region: only hardware asks for that, and no code refers to it.
///
/// It cannot see whether the link collects sections, nor what refers to the contents: without a map a finding is a
/// note. Contents that compilers make (`.text`, `.data`) are left out, since code refers to what it needs of them.
struct MissingKeep: Rule {
  static let description = RuleDescription(
    id: "missing-keep",
    summary: "what stands first in a memory region has no KEEP, so --gc-sections may remove it",
    rationale: """
      A vector table is data that no code refers to. With --gc-sections it is removed without a word, and the \
      controller starts from whatever follows (vsergeev/cmsis-templates#2, cpq/bare-metal-programming-guide#59).
      """,
    fix: "put the pattern into KEEP()",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "kept",
        """
        MEMORY { flash : ORIGIN = 0, LENGTH = 64K }
        SECTIONS { .vectors : { KEEP(*(.vectors)) } >flash .text : { *(.text*) } >flash }
        """),
      .script(
        "code, which the entry point keeps",
        """
        MEMORY { flash : ORIGIN = 0, LENGTH = 64K }
        ENTRY(reset)
        SECTIONS { .text : { *(.text.reset) *(.text*) } >flash }
        """),
      .script(
        "kept by a second pattern, as avr-libc does it",
        """
        MEMORY { text : ORIGIN = 0, LENGTH = 64K }
        SECTIONS { .text : { *(.vectors) KEEP(*(.vectors)) *(.text*) } >text }
        """),
      .script(
        "not the first of its region",
        """
        MEMORY { flash : ORIGIN = 0, LENGTH = 64K }
        SECTIONS { .text : { *(.text*) } >flash .table : { *(.table) } >flash }
        """),
    ],
    bad: [
      .script(
        "a vector table",
        """
        MEMORY { flash : ORIGIN = 0, LENGTH = 64K }
        SECTIONS { .vectors : { *(↓.vectors) } >flash .text : { *(.text*) } >flash }
        """,
        messages: [
          "'.vectors' stands first in region 'flash' without KEEP: --gc-sections removes it unless code refers to it"
        ]),
      .script(
        "in the section of the code",
        """
        MEMORY { rom : ORIGIN = 0, LENGTH = 64K }
        SECTIONS { .text : { *(↓.isr_vector) *(.text) } >rom }
        """),
    ])

  /// What compilers put code and data into (gABI, "Special Sections"): code refers to it.
  private static let ordinary = [
    ".text", ".rodata", ".data", ".bss", ".init", ".fini", ".sdata", ".sbss", ".tdata", ".tbss",
    ".ARM", ".eh_frame", ".got", ".plt", ".rel", ".note", ".literal", "COMMON",
  ].map { Array($0.utf8) }

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    return facts.outline.regions.flatMap { region -> [Finding] in
      let name = region.name.name
      let first = facts.outline.sections.first {
        $0.section.tail.region.map { facts.outline.resolved($0.name) } == name
          && $0.section.constraint == nil
      }?.section
      guard let first else { return [] }
      guard let pattern = facts.patterns.first(where: { $0.output == first.name.name }),
        !Self.isOrdinary(pattern), !facts.keeps(pattern), facts.holdsCode(name),
        !context.images.contains(where: { $0.image.hasInput(of: pattern.section) })
      else { return [] }
      return [finding(pattern, in: facts.name(name), context.images.map(\.image))]
    }
  }

  private static func isOrdinary(_ pattern: PlacedPattern) -> Bool {
    // A pattern that begins with a star takes whatever there is.
    pattern.section.prefix.isEmpty
      || ordinary.contains { pattern.section.prefix.starts(with: $0) }
  }

  private func finding(
    _ pattern: PlacedPattern, in region: String, _ images: [Image]
  ) -> Finding {
    let name = String(decoding: pattern.text, as: UTF8.self)
    if let (object, size) = images.lazy.compactMap({ $0.discarded(by: pattern.section) }).first {
      return finding(
        "'\(name)' of \(object) (\(hexadecimal(size)) bytes) was discarded by --gc-sections: nothing refers to "
          + "it, and its pattern, the first in region '\(region)', has no KEEP",
        at: .source(pattern.span), subject: name)
    }
    return finding(
      "'\(name)' stands first in region '\(region)' without KEEP: --gc-sections removes it unless code refers "
        + "to it",
      at: .source(pattern.span), severity: .note, subject: name)
  }
}

extension ScriptFacts {
  /// Whether what a pattern takes is kept, by itself or by another one.
  fileprivate func keeps(_ pattern: PlacedPattern) -> Bool {
    patterns.contains { $0.isKept && $0.section.contains(pattern.section) }
  }

  /// Whether code is put into a region: other memory is filled with what code refers to.
  fileprivate func holdsCode(_ region: NameID) -> Bool {
    let code = Array(".text".utf8)
    return outline.sections.contains { section, _ in
      section.tail.region.map { outline.resolved($0.name) } == region
        && patterns.contains { $0.output == section.name.name && $0.section.matches(code) }
    }
  }
}

extension Image {
  /// Whether a map lists something that a pattern takes, and that was not discarded.
  fileprivate func hasInput(of pattern: Glob) -> Bool {
    guard kind.tells(.everyInput), sources.count > 0 else { return false }
    return inputSections.contains { section in
      section.size > 0 && section.outputSection >= 0 && pattern.matches(section.name(in: self))
    }
  }

  /// Contents that a map lists as discarded, all of them that a pattern matches: the first object and its size.
  func discarded(by pattern: Glob) -> (object: String, size: UInt64)? {
    guard kind.tells(.everyInput), sources.count > 0 else { return nil }
    var found: (object: String, size: UInt64)?
    for section in inputSections {
      guard section.size > 0, pattern.matches(section.name(in: self)) else { continue }
      // Something of that name was kept, so this one was left out for another reason.
      if section.outputSection >= 0 { return nil }
      found =
        found ?? (
          String(decoding: section.object(in: self), as: UTF8.self), section.size
        )
    }
    return found
  }
}
