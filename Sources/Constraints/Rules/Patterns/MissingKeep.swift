// Rule missing-keep: what hardware looks for at the start of a region is not kept from --gc-sections.

import LdsParser

/// Looks at what a script puts first into a memory region, and at an address of its own: only hardware asks for that, and
/// no code refers to it.
///
/// It cannot see whether the link collects sections, nor what refers to the contents: without an image in which it is missing
/// a finding is a note. Nor which section EXTERN keeps: with one in the script it speaks only of what an image lacks.
/// Contents that compilers make (`.text`, `.data`) are left out, since code refers to what it needs of them.
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
        "kept by the name of its symbol",
        """
        EXTERN(vectors)
        MEMORY { flash : ORIGIN = 0, LENGTH = 64K }
        SECTIONS { .text : { *(.vectors) *(.text*) } >flash }
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
        "a KEEP for another name",
        """
        MEMORY { flash : ORIGIN = 0, LENGTH = 64K }
        SECTIONS { ↓.isr : { KEEP(*(.isr_vectors)) *(.isr_vec*) } >flash .text : { *(.text*) } >flash }
        """,
        image: ImageFacts(
          sections: [ImageFacts.Section(".text", at: 0, size: 0x100, [.read, .execute])],
          profile: "sections"),
        messages: [
          "'.isr' stands first in region 'flash', and the image has nothing of it: no object had one of '.isr_vectors' and "
            + "'.isr_vec*', or --gc-sections removed it"
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
    return lostByPlace(facts, context)
      + facts.outline.regions.flatMap { region -> [Finding] in
        let name = region.name.name
        let first = facts.outline.sections.first {
          $0.section.tail.region.map { facts.outline.resolved($0.name) } == name
            && $0.section.constraint == nil
        }?.section
        guard let first else { return [] }
        if facts.holdsCode(name), !first.isPinned(facts),
          let lost = lost(first, .first(region: facts.name(name)), facts, context)
        {
          return [lost]
        }
        guard let pattern = facts.patterns.first(where: { $0.output == first.name.name }),
          !Self.isOrdinary(pattern), !facts.keeps(pattern), facts.holdsCode(name), !facts.hasExtern,
          !context.images.contains(where: { $0.image.hasInput(of: pattern.section) })
        else { return [] }
        return [finding(pattern, in: facts.name(name), context.images.map(\.image))]
      }
  }

  /// Where a section stands that nothing but its place asks for.
  private enum Place {
    case first(region: String)
    case firstOfAll
    case pinned

    var words: String {
      switch self {
      case .first(let region): "stands first in region '\(region)'"
      case .firstOfAll: "is the first section of the script"
      case .pinned: "has an address of its own"
      }
    }
  }

  /// That a section is not in the image which only its place asks for.
  private func lost(
    _ section: OutputSectionDescription, _ place: Place, _ facts: ScriptFacts,
    _ context: RuleContext
  ) -> Finding? {
    // What is not loaded no hardware reads.
    if case .noload = section.type { return nil }
    let own = facts.patterns.filter { $0.output == section.name.name }
    guard let pattern = own.first, own.allSatisfy({ !Self.isOrdinary($0) && !$0.isOfLinker }),
      case let bytes = facts.script.names.bytes(section.name.name),
      case let images = context.linkedELF, !images.isEmpty,
      images.allSatisfy({ image in
        !image.outputSections.isEmpty
          && !image.outputSections.contains { $0.name == bytes && $0.size > 0 }
      })
    else { return nil }
    let maps = context.images.map(\.image)
    let discarded = own.lazy.compactMap { one in
      maps.lazy.compactMap { $0.discarded(by: one.section) }.first.map { (one, $0) }
    }.first
    let name = facts.name(section.name.name)
    let texts = own.map { "'\(String(decoding: $0.text, as: UTF8.self))'" }
    let taken = texts.enumerated().filter { !texts[..<$0].contains($1) }.map(\.element)
    var notes: [FindingNote] = []
    if let (one, input) = discarded {
      notes = [
        FindingNote(
          "'\(String(decoding: one.text, as: UTF8.self))' of \(input.object) (\(hexadecimal(input.size)) bytes) was "
            + "discarded by --gc-sections: no KEEP took it", at: .source(one.span))
      ]
    } else if own.contains(where: { !$0.isKept }) {
      notes = [
        FindingNote(
          "without KEEP, --gc-sections removes what no code refers to", at: .source(pattern.span))
      ]
    }
    var isSure = discarded != nil
    if case .first = place { isSure = true }
    return finding(
      "'\(name)' \(place.words), and the image has nothing of it: no object had "
        + "\(taken.count == 1 ? taken[0] : "one of \(taken.joinedWords())"), or --gc-sections removed it",
      at: .source(section.name.span), severity: isSure ? nil : .note, notes: notes, subject: name)
  }

  /// Sections in no region that stand first, or at an address of their own.
  private func lostByPlace(_ facts: ScriptFacts, _ context: RuleContext) -> [Finding] {
    // A fragment stands somewhere in another script.
    guard !facts.program.hasInsert else { return [] }
    let sections = facts.outline.sections.map(\.section).filter { $0.constraint == nil }
    return sections.enumerated().compactMap { index, section in
      let discard = facts.script.names.find("/DISCARD/")
      guard section.name.name != discard,
        !LoadedSection.isNeverMemory(facts.script.names.bytes(section.name.name))
      else { return nil }
      if let address = section.address, facts.isPin(address) {
        return lost(section, .pinned, facts, context)
      }
      guard index == 0, facts.outline.regions.isEmpty, section.tail.region == nil else {
        return nil
      }
      return lost(section, .firstOfAll, facts, context)
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

extension OutputSectionDescription {
  fileprivate func isPinned(_ facts: ScriptFacts) -> Bool { address.map(facts.isPin) == true }
}

extension ScriptFacts {
  /// Whether an address is a place of its own, and not 0 or wherever '.' is.
  fileprivate func isPin(_ address: ExpressionID) -> Bool {
    if let number = program.expressions.foldedValue(address) { return number != 0 }
    let nodes = program.expressions.nodes(of: address).map {
      program.expressions[ExpressionID(index: $0)]
    }
    let hasOrigin = nodes.contains { node in
      if case .nameCall(.origin, _) = node { true } else { false }
    }
    return hasOrigin && !nodes.contains(.locationCounter)
  }

  /// Whether the script names symbols that have to be there: EXTERN keeps their sections as KEEP does (ld manual 3.4.5).
  fileprivate var hasExtern: Bool {
    script.statements.contains { statement in
      if case .names(.extern, _) = statement.kind { true } else { false }
    }
  }

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
