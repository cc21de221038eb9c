// Rule end-before-contents: a symbol that ends the image stands before sections with contents.

import LdsParser

/// Looks for the last end symbol outside output sections, and for contents of an image behind it.
///
/// It cannot see what the symbol is for: a note. A symbol that is called after a section, a pattern or a start symbol ends
/// that and not the image.
struct EndBeforeContents: Rule {
  static let description = RuleDescription(
    id: "end-before-contents",
    summary: "sections with contents lie behind the symbol that ends the image",
    rationale: """
      A boot loader or a frame allocator takes memory from 'kernel_end' on. When a section was added behind it \
      (.ksyms, for stack traces), the first pages that were handed out held the symbol table.
      """,
    fix: "move the symbol behind the last section",
    severity: .note, needs: [.script, .image],
    good: [
      .script(
        "behind everything",
        "SECTIONS { .text : { *(.text) } .ksyms : { *(.ksyms) } kernel_end = .; }",
        image: ImageFacts(
          symbols: [("kernel_end", 0x2000)],
          sections: [ImageFacts.Section(".ksyms", at: 0x1000, size: 0x1000, .read)],
          profile: "sections")),
      .script(
        "the end of a section",
        "SECTIONS { .text : { *(.text) } text_end = .; .data : { *(.data) } }",
        image: ImageFacts(
          symbols: [("text_end", 0x1000)],
          sections: [ImageFacts.Section(".data", at: 0x1000, size: 0x10, [.read, .write])],
          profile: "sections")),
    ],
    bad: [
      .script(
        "one section too early",
        "SECTIONS { .text : { *(.text) } ↓kernel_end = .; .ksyms : { *(.ksyms) } }",
        image: ImageFacts(
          symbols: [("kernel_end", 0x1010)],
          sections: [ImageFacts.Section(".ksyms", at: 0x1010, size: 0x34, .read)],
          profile: "sections"),
        messages: [
          "'kernel_end' is 0x1010, and the image goes on to 0x1044: '.ksyms' (0x34 bytes) lies behind it"
        ])
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, !facts.program.hasInsert else { return [] }
    let last = facts.program.steps.indices.last { step in
      facts.program.steps[step].context == .between && facts.endsTheImage(step)
    }
    guard let step = last, let assignment = facts.assignment(step) else { return [] }
    let name = facts.name(assignment.target.name)
    let described = Set(facts.program.sections.map { facts.program.names.bytes($0.name) })
    return context.images.map(\.image).filter { $0.kind == .elf && !$0.isRelocatable }
      .compactMap { image in
        guard let value = image.value(ofGlobal: name) else { return nil }
        let behind = image.outputSections.filter { section in
          guard let flags = section.flags, let vma = section.vma else { return false }
          return section.size > 0 && flags.contains(.allocated) && vma >= value
            && described.contains(section.name)
            && (!flags.contains(.noBits) || facts.isOfObjects(section.name))
        }
        guard let first = behind.min(by: { $0.vma ?? 0 < $1.vma ?? 0 }),
          let end = behind.compactMap({ section in section.vma.map { $0 &+ section.size } }).max()
        else { return nil }
        let section = String(decoding: first.name, as: UTF8.self)
        return finding(
          "'\(name)' is \(hexadecimal(value)), and the image goes on to \(hexadecimal(end)): '\(section)' "
            + "(\(hexadecimal(first.size)) bytes) lies behind it",
          at: .source(facts.program.steps[step].span), subject: name)
      }
  }
}

extension ScriptFacts {
  /// Whether a section without contents is one of variables: objects have inputs for it, it is not NOLOAD, and stands in no
  /// region of its own, as a stack or a heap does that begins at the symbol.
  fileprivate func isOfObjects(_ section: [UInt8]) -> Bool {
    guard let placed = placement(section), case .normal = placed.type, placed.tail.region == nil
    else { return false }
    return patterns.contains { $0.output == placed.name.name }
      && !placed.body.contains { statement in
        if case .assignment = statement.kind { true } else { false }
      }
  }

  /// Whether a step sets a symbol that is called the end of something which is no section of this script.
  fileprivate func endsTheImage(_ step: Int) -> Bool {
    guard let assignment = assignment(step), takesLocationCounter(step) else { return false }
    let rangeName = RangeName(name(assignment.target.name))
    guard let subject = rangeName.endedSubject?.lowercased() else { return false }
    if subject.isEmpty { return true }
    return !patterns.contains { pattern in
      String(decoding: pattern.text, as: UTF8.self).lowercased().includes(subject)
    }
      && !outline.sections.contains { name($0.section.name.name).lowercased().includes(subject) }
      && rangeName.starts.allSatisfy { !assigns($0) }
  }
}
