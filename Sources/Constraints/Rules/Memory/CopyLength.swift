// Rule copy-length: a size by SIZEOF, and a range by symbols that is longer or shorter.

import LdsParser

/// Compares the range that two symbols bound from the start of a section on with what `SIZEOF` says of that section, where
/// the script gives start-up code both.
///
/// It cannot see which of the two the code uses. Where only padding lies between them it is a note: no byte is missing,
/// but a loop over words that waits for the one end may step past it. Tables of copies (`LONG(SIZEOF(.data))`) are not
/// looked at.
struct CopyLength: Rule {
  static let description = RuleDescription(
    id: "copy-length",
    summary: "what two symbols bound and what SIZEOF says of it are not as long as each other",
    rationale: """
      'data_load_end = LOADADDR(.data) + SIZEOF(.data)' ends with '.data'; '_edata' behind '.sdata', or behind an ALIGN, \
      does not. Whoever copies until the one copies too little, whoever copies until the other copies what follows in \
      flash, and a loop over words that compares for equality with the odd one never ends.
      """,
    fix:
      "set the end of the load image to the load symbol plus the end minus the start: 'load_end = load + (_edata - _sdata)'",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "by the same symbols",
        """
        SECTIONS {
          .data : AT(0x100) { _sdata = .; *(.data) } .sdata : { *(.sdata) } _edata = .;
          load = LOADADDR(.data); load_end = load + (_edata - _sdata);
        }
        """),
      .script(
        "the end inside",
        """
        SECTIONS {
          .data : AT(0x100) { _sdata = .; *(.data) . = ALIGN(16); _edata = .; }
          load_end = LOADADDR(.data) + SIZEOF(.data);
        }
        """),
    ],
    bad: [
      .script(
        "an ALIGN behind the section",
        """
        SECTIONS {
          .data : AT(0x100) { _sdata = .; *(.data) } . = ALIGN(16); _edata = .;
          ↓load_end = LOADADDR(.data) + SIZEOF(.data);
        }
        """,
        messages: [
          "'load_end' ends with '.data', and '_edata' stands behind an alignment: they need not be as far from their starts"
        ]),
      .script(
        "by the image: a second section",
        """
        SECTIONS {
          .data : AT(0x100) { _sdata = .; *(.data) } .sdata : { *(.sdata) } _edata = .;
          ↓load_end = LOADADDR(.data) + SIZEOF(.data);
        }
        """,
        image: ImageFacts(
          symbols: [("_sdata", 0x1000), ("_edata", 0x1018), ("load_end", 0x110)],
          sections: [
            ImageFacts.Section(".data", at: 0x1000, size: 0x10, [.read, .write], lma: 0x100),
            ImageFacts.Section(".sdata", at: 0x1010, size: 8, [.read, .write], lma: 0x110),
          ], profile: "sections"),
        messages: [
          "'load_end' counts the 0x10 bytes of '.data', and '_sdata' to '_edata' are 0x18 bytes: '.sdata' is in the one "
            + "and not in the other"
        ]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, !facts.program.hasInsert else { return [] }
    let sizes = facts.sizes
    guard !sizes.isEmpty else { return [] }
    let images = context.linkedELF
    return sizes.compactMap { size in
      guard let range = facts.range(around: size.section) else { return nil }
      return images.isEmpty
        ? byScript(size, range, facts)
        : images.lazy.compactMap { byImage(size, range, $0, facts) }.first
    }
  }

  private func byImage(
    _ size: SizeOfSection, _ range: BoundedRange, _ image: Image, _ facts: ScriptFacts
  ) -> Finding? {
    let name = facts.program.sections[size.section].name
    guard let index = image.section(named: facts.program.names.bytes(name)),
      let placed = facts.boundedRanges(in: image).first(where: { $0.range.end == range.end }),
      case let section = image.outputSections[index], section.size > 0,
      section.vma == placed.memory.lowerBound, case let length = UInt64(placed.memory.count),
      length != section.size
    else { return nil }
    let others = image.outputSections.indices.filter { other in
      guard other != index, image.outputSections[other].isShipped,
        let memory = image.outputSections[other].memory
      else { return false }
      return memory.overlaps(placed.memory)
    }.map { "'\(image.sectionName($0))'" }
    let difference =
      length < section.size
      ? "\(hexadecimal(section.size &- length)) bytes lie behind '\(facts.symbol(range.end))'"
      : others.isEmpty
        ? "\(hexadecimal(length &- section.size)) bytes of padding are in the one and not in the other"
        : "\(others.joinedWords()) \(others.count == 1 ? "is" : "are") in the one and not in the other"
    return finding(
      "'\(facts.symbol(size.step))' counts the \(hexadecimal(section.size)) bytes of '\(facts.name(name))', and "
        + "'\(facts.symbol(range.start))' to '\(facts.symbol(range.end))' are \(hexadecimal(length)) bytes: \(difference)",
      at: .source(facts.program.steps[size.step].span),
      severity: others.isEmpty && length > section.size ? .note : nil, notes: notes(range, facts),
      subject: facts.symbol(size.step))
  }

  private func byScript(
    _ size: SizeOfSection, _ range: BoundedRange, _ facts: ScriptFacts
  ) -> Finding? {
    let steps = facts.program.steps
    guard case .between = steps[range.end].context,
      let leave = steps.firstIndex(where: {
        if case .leave(size.section) = $0.action { true } else { false }
      }), leave < range.end
    else { return nil }
    let between = steps[(leave + 1)..<range.end]
    let isAligned = between.contains { step in
      if case .assignment(let assignment) = step.action {
        assignment.isLocationCounter
      } else {
        false
      }
    }
    let other = between.lazy.compactMap { step -> String? in
      guard case .enter(let section) = step.action else { return nil }
      return facts.name(facts.program.sections[section].name)
    }.first
    guard isAligned || other != nil else { return nil }
    let section = facts.name(facts.program.sections[size.section].name)
    return finding(
      "'\(facts.symbol(size.step))' ends with '\(section)', and '\(facts.symbol(range.end))' stands behind "
        + (other.map { "'\($0)'" } ?? "an alignment")
        + ": they need not be as far from their starts",
      at: .source(steps[size.step].span), severity: .note, notes: notes(range, facts),
      subject: facts.symbol(size.step))
  }

  private func notes(_ range: BoundedRange, _ facts: ScriptFacts) -> [FindingNote] {
    [
      FindingNote(
        "'\(facts.symbol(range.end))' is set here", at: .source(facts.program.steps[range.end].span)
      )
    ]
  }
}

/// A symbol that is the size of an output section, or the end of its load image by its size.
private struct SizeOfSection {
  var step: Int
  var section: Int
}

extension ScriptFacts {
  /// `size = SIZEOF(.data)` and `load_end = LOADADDR(.data) + SIZEOF(.data)`, of sections that are loaded elsewhere.
  fileprivate var sizes: [SizeOfSection] {
    program.steps.indices.compactMap { step in
      guard let assignment = assignment(step), !assignment.isLocationCounter,
        let name = sized(assignment.value),
        let section = program.sections.firstIndex(where: { $0.name == name }),
        let description = program.sections[section].description,
        description.loadAddress != nil || description.tail.loadRegion != nil
      else { return nil }
      return SizeOfSection(step: step, section: section)
    }
  }

  private func sized(_ value: ExpressionID) -> NameID? {
    switch program.expressions[value] {
    case .nameCall(.sizeOf, let section): return section
    case .binary(.add, let left, let right):
      let nodes = [program.expressions[left], program.expressions[right]]
      for node in nodes {
        if case .nameCall(.sizeOf, let section) = node,
          nodes.contains(.nameCall(.loadAddress, section))
        {
          return section
        }
      }
      return nil
    default: return nil
    }
  }

  /// The range that starts in front of everything else in an output section.
  fileprivate func range(around section: Int) -> BoundedRange? {
    boundedRanges.first { range in
      guard program.steps[range.start].context == .inside(section) else { return false }
      return program.steps.indices[..<range.start].reversed()
        .prefix { program.steps[$0].context == .inside(section) }
        .allSatisfy { assignment($0).map { !$0.isLocationCounter } == true }
    }
  }
}
