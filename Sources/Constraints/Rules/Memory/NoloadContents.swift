// Rule noload-contents: initial values in a section that the script says has none.

import LdsParser

/// Looks at what the patterns of NOLOAD sections take.
///
/// It cannot see the contents: it goes by the names that compilers give to initialised data and code. With a map it speaks
/// only of what was linked there.
struct NoloadContents: Rule {
  static let description = RuleDescription(
    id: "noload-contents",
    summary: "a NOLOAD section takes input sections that have contents",
    rationale: """
      NOLOAD marks the output section as one without contents (ld manual, "Output Section Type"): GNU ld and lld write no \
      byte of it to the file, and say nothing of initial values that are lost that way. The variables begin with whatever \
      the memory has.
      """,
    fix:
      "take only uninitialised sections (.bss.*, .noinit) there, or drop (NOLOAD) and load the section with AT>",
    severity: .warning, needs: [.script],
    good: [
      .script("nothing is lost", "SECTIONS { .noinit (NOLOAD) : { *(.noinit .noinit.*) } }"),
      .script(
        "memory without contents", "SECTIONS { .heap (NOLOAD) : { *(.bss.heap) . += 4096; } }"),
    ],
    bad: [
      .script(
        "initialised data", "SECTIONS { .keep (NOLOAD) : { ↓*(.data .data.*) } }",
        messages: [
          "'.keep' is NOLOAD and takes '.data': initial values in it are not in the file"
        ])
    ])

  private static let named = [".data", ".rodata", ".text"].map { Array($0.utf8) }

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    let maps = context.images.map(\.image).filter { !$0.inputSections.isEmpty }
    return facts.outline.sections.flatMap { section, _ -> [Finding] in
      guard case .noload = section.type else { return [] }
      let name = facts.name(section.name.name)
      let pattern = facts.patterns.first { pattern in
        pattern.output == section.name.name && Self.named.contains { pattern.section.matches($0) }
      }
      guard let pattern, let taken = Self.named.first(where: { pattern.section.matches($0) }) else {
        return []
      }
      let rows = maps.lazy.compactMap { $0.contents(in: Array(name.utf8), named: Self.named) }
      if !maps.isEmpty, rows.isEmpty { return [] }
      let notes = rows.first.map { [FindingNote("\($0) lies in it")] } ?? []
      return [
        finding(
          "'\(name)' is NOLOAD and takes '\(String(decoding: taken, as: UTF8.self))': initial values in it are not in the "
            + "file",
          at: .source(pattern.statement), notes: notes, subject: name)
      ]
    }
  }
}

extension Image {
  /// The first input section of an output section whose name begins with one of `names`, with its object and size.
  fileprivate func contents(in output: [UInt8], named names: [[UInt8]]) -> String? {
    guard let index = section(named: output), sources.count > 0 else { return nil }
    let row = inputSections.first { row in
      guard row.size > 0, Int(row.outputSection) == index else { return false }
      let name = row.name(in: self)
      return names.contains { name.starts(with: $0) }
    }
    return row.map { row in
      let name = String(decoding: row.name(in: self), as: UTF8.self)
      return
        "'\(name)' of \(String(decoding: row.object(in: self), as: UTF8.self)) (\(hexadecimal(row.size)) bytes)"
    }
  }
}
