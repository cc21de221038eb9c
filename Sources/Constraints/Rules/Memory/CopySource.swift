// Rule copy-source: the symbol that a copy starts from is not where the section is loaded.

import LdsParser

/// Looks for a symbol set to '.' in front of a section that runs elsewhere, where no other symbol says where it is loaded.
///
/// It cannot see the code that copies. Without an image it speaks only where the script itself aligns the section and
/// nothing aligns the symbol; with one, only where the two addresses differ.
struct CopySource: Rule {
  static let description = RuleDescription(
    id: "copy-source",
    summary:
      "a symbol set to '.' before a section that is loaded elsewhere is not its load address",
    rationale: """
      'data_load = .;' in front of '.data : ALIGN(4) {...} >RAM AT>FLASH' is the end of what is in flash; the initial \
      values begin behind the padding that the section's alignment needs. Start-up code then copies everything off by \
      some bytes, in those builds whose constants happen to have an odd size.
      """,
    fix: "write 'data_load = LOADADDR(.data);'",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "the load address itself",
        """
        MEMORY { ROM : ORIGIN = 0, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS {
          .text : { *(.text) etext = .; } >ROM
          .data : ALIGN(4) { sdata = .; *(.data) edata = .; } >RAM AT>ROM
          data_load = LOADADDR(.data);
        }
        """),
      .script(
        "aligned as the section",
        """
        MEMORY { ROM : ORIGIN = 0, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS {
          .text : { *(.text) . = ALIGN(4); } >ROM
          data_load = .;
          .data : ALIGN(4) { sdata = .; *(.data) edata = .; } >RAM AT>ROM
        }
        """),
      .script(
        "it happens to be right in this link",
        """
        MEMORY { ROM : ORIGIN = 0, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS {
          .text : { *(.text) } >ROM
          data_load = .;
          .data : { sdata = .; *(.data) edata = .; } >RAM AT>ROM
        }
        """,
        image: ImageFacts(
          symbols: [("data_load", 0x100)],
          sections: [
            ImageFacts.Section(".data", at: 0x2000_0000, size: 0x10, .read, lma: 0x100)
          ], profile: "sections")),
    ],
    bad: [
      .script(
        "before the alignment",
        """
        MEMORY { ROM : ORIGIN = 0, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS {
          .text : { *(.text) } >ROM
          ↓data_load = ABSOLUTE(.);
          .data : ALIGN(4) { sdata = .; *(.data) edata = .; } >RAM AT>ROM
        }
        """,
        messages: [
          "'data_load' is set before '.data' is aligned to 0x4, so it need not be where '.data' is loaded"
        ]),
      .script(
        "at the end of the code",
        """
        MEMORY { ROM : ORIGIN = 0, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS {
          .text : { *(.text) ↓etext = .; } >ROM
          .data : { sdata = .; *(.data) edata = .; } >RAM AT>ROM
        }
        """,
        image: ImageFacts(
          symbols: [("etext", 0x102)],
          sections: [
            ImageFacts.Section(".data", at: 0x2000_0000, size: 0x10, .read, lma: 0x104)
          ], profile: "sections"),
        messages: ["'etext' is 0x102, but '.data' is loaded at 0x104, 0x2 bytes behind it"]),
      .script(
        "another section in between",
        """
        MEMORY { ROM : ORIGIN = 0, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS {
          .text : { *(.text) etext = .; } >ROM
          .rodata : { *(.rodata) } >ROM
          ↓.data : { sdata = .; *(.data) edata = .; } >RAM AT>ROM
        }
        """,
        image: ImageFacts(
          symbols: [("etext", 0x100), ("sdata", 0x2000_0000), ("edata", 0x2000_0010)],
          sections: [
            ImageFacts.Section(".data", at: 0x2000_0000, size: 0x10, .read, lma: 0x200)
          ], profile: "sections"),
        messages: [
          "no symbol is 0x200, where '.data' is loaded: 'etext', the nearest one, is 0x100 bytes before it"
        ]),
      .script(
        "padding in front of the start symbol",
        """
        MEMORY { ROM : ORIGIN = 0, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS {
          .text : { *(.text) } >ROM
          .fast : { . = ALIGN(32); ↓fast_start = .; *(.fast) fast_end = .; } >RAM AT>ROM
          fast_load = LOADADDR(.fast);
        }
        """,
        image: ImageFacts(
          symbols: [
            ("fast_start", 0x2000_0020), ("fast_end", 0x2000_0040), ("fast_load", 0x100),
          ],
          sections: [
            ImageFacts.Section(".fast", at: 0x2000_0004, size: 0x3c, .read, lma: 0x100)
          ], profile: "sections"),
        messages: [
          "'fast_load' is where '.fast' is loaded, and 'fast_start' stands 0x1c bytes behind its start: what is copied "
            + "from the one to the other is off by that"
        ]),
      .script(
        "by the image",
        """
        MEMORY { ROM : ORIGIN = 0, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS {
          .text : { *(.text) } >ROM
          ↓data_load = .;
          .data : { sdata = .; *(.data) edata = .; } >RAM AT>ROM
        }
        """,
        image: ImageFacts(
          symbols: [("data_load", 0x102)],
          sections: [
            ImageFacts.Section(".data", at: 0x2000_0000, size: 0x10, .read, lma: 0x104)
          ], profile: "sections"),
        messages: [
          "'data_load' is 0x102, but '.data' is loaded at 0x104, 0x2 bytes behind it"
        ]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    let images = context.images.map(\.image).filter { !$0.isRelocatable }
    let found = facts.program.sections.indices.flatMap { index -> [Finding] in
      guard let section = facts.program.sections[index].description, facts.isCopied(section, index)
      else { return [] }
      return facts.candidates(before: index).compactMap { step in
        finding(step, section, facts, images)
      }
    }
    if !found.isEmpty { return found }
    for image in images {
      let shifted = behindPadding(image, facts)
      if !shifted.isEmpty { return shifted }
    }
    return images.lazy.compactMap { unnamed($0, facts) }.prefix(1) + []
  }

  /// Ranges that begin inside of a section, behind padding, and are filled from where the whole section is loaded.
  private func behindPadding(_ image: Image, _ facts: ScriptFacts) -> [Finding] {
    let values = facts.values(in: image)
    return facts.boundedRanges(in: image).compactMap { placed -> Finding? in
      guard case .inside(let number) = facts.program.steps[placed.range.start].context,
        case let name = facts.program.sections[number].name, !placed.memory.isEmpty,
        let index = image.section(named: facts.program.names.bytes(name)),
        case let record = image.outputSections[index], record.size > 0, record.mayHaveBytes,
        let run = record.vma, let load = record.lma, run != load,
        case let start = placed.memory.lowerBound, start > run, start &- run < record.size,
        facts.takesNothing(before: placed.range.start, in: number),
        let source = facts.loadSymbol(of: name),
        !values.contains(where: { $0.value == load &+ (start &- run) })
      else { return nil }
      let symbol = facts.symbol(placed.range.start)
      return finding(
        "'\(source)' is where '\(facts.name(name))' is loaded, and '\(symbol)' stands \(hexadecimal(start &- run)) bytes "
          + "behind its start: what is copied from the one to the other is off by that",
        at: .source(facts.program.steps[placed.range.start].span), subject: symbol)
    }
  }

  /// The first section that code has to copy, where no symbol of the script is its load address.
  private func unnamed(_ image: Image, _ facts: ScriptFacts) -> Finding? {
    guard !facts.namesLoadAddresses else { return nil }
    let copied = facts.program.sections.indices.compactMap {
      index -> (OutputSectionDescription, UInt64)? in
      guard let section = facts.program.sections[index].description, facts.isCopied(section, index),
        let found = image.section(named: facts.script.names.bytes(section.name.name)),
        case let record = image.outputSections[found], record.size > 0, record.mayHaveBytes,
        let load = record.lma, load != record.vma
      else { return nil }
      return (section, load)
    }
    guard let (section, load) = copied.min(by: { $0.1 < $1.1 }) else { return nil }
    let symbols = image.values(
      ofGlobals: facts.program.assignments.keys.map(facts.name).sorted())
    guard !symbols.contains(where: { $0.value == load }),
      let nearest = symbols.filter({ $0.value < load })
        .max(by: { ($0.value, $1.name) < ($1.value, $0.name) })
    else { return nil }
    let name = facts.name(section.name.name)
    return finding(
      "no symbol is \(hexadecimal(load)), where '\(name)' is loaded: '\(nearest.name)', the nearest one, is "
        + "\(hexadecimal(load &- nearest.value)) bytes before it",
      at: .source(section.name.span),
      notes: [
        FindingNote("a symbol set to LOADADDR(\(name)) is what start-up code has to copy from")
      ],
      subject: name)
  }

  private func finding(
    _ step: Int, _ section: OutputSectionDescription, _ facts: ScriptFacts, _ images: [Image]
  ) -> Finding? {
    guard let assignment = facts.assignment(step) else { return nil }
    let symbol = facts.name(assignment.target.name)
    let name = facts.name(section.name.name)
    let place = FindingPlace.source(facts.program.steps[step].span)
    let mend = FindingNote(
      "LOADADDR(\(name)) is its load address", at: .source(section.name.span))
    var isKnown = false
    for image in images {
      guard let value = image.value(ofGlobal: symbol),
        let index = image.section(named: facts.script.names.bytes(section.name.name)),
        image.outputSections[index].size > 0, let load = image.outputSections[index].lma,
        load != image.outputSections[index].vma
      else { continue }
      isKnown = true
      // Farther away it means something else.
      let padding = max(image.outputSections[index].alignment ?? 64, 64)
      guard load > value, load &- value < padding else { continue }
      return finding(
        "'\(symbol)' is \(hexadecimal(value)), but '\(name)' is loaded at \(hexadecimal(load)), "
          + "\(hexadecimal(load &- value)) bytes behind it",
        at: place, notes: [mend], subject: symbol)
    }
    guard !isKnown,
      let alignment = section.alignment.flatMap(facts.program.expressions.foldedValue),
      alignment.nonzeroBitCount == 1,
      facts.places.alignmentHoped(of: step) < alignment.trailingZeroBitCount
    else { return nil }
    return finding(
      "'\(symbol)' is set before '\(name)' is aligned to \(hexadecimal(alignment)), so it need not be where "
        + "'\(name)' is loaded",
      at: place, notes: [mend], subject: symbol)
  }
}

extension ScriptFacts {
  /// Whether no input stands in front of a step in its output section.
  fileprivate func takesNothing(before step: Int, in section: Int) -> Bool {
    program.steps[..<step].reversed().prefix { $0.context == .inside(section) }
      .allSatisfy { step in
        if case .assignment = step.action { true } else { false }
      }
  }

  /// The symbol that is set to the load address of an output section.
  fileprivate func loadSymbol(of section: NameID) -> String? {
    program.steps.lazy.compactMap { step -> String? in
      guard case .assignment(let assignment) = step.action,
        case .nameCall(.loadAddress, section) = self.program.expressions[assignment.value]
      else { return nil }
      return self.name(assignment.target.name)
    }.first
  }

  /// Whether the script asks for a load address anywhere.
  fileprivate var namesLoadAddresses: Bool {
    nodes.contains { node in
      if case .nameCall(.loadAddress, _) = program.expressions[node] { true } else { false }
    }
  }

  /// Whether code has to copy a section: the author loads it into another region than it runs in, symbols bound what has
  /// to be copied, and none says from where. Where GNU ld takes the load region from the section before, as it does for
  /// zeroes behind data, nobody has said that there is something to copy.
  fileprivate func isCopied(_ section: OutputSectionDescription, _ index: Int) -> Bool {
    guard case .normal = section.type, section.loadAddress == nil, section.tail.loadRegion != nil,
      let region = places.region(ofSection: index), let load = places.loadRegion(ofSection: index),
      region != load
    else { return false }
    let inside = program.steps.indices.filter { program.steps[$0].context == .inside(index) }
    guard inside.count(where: takesPlace) >= 2 else { return false }
    let name = section.name.name
    return !nodes.contains { node in
      if case .nameCall(.loadAddress, name) = program.expressions[node] { true } else { false }
    }
  }

  /// The symbols set to '.' between an output section and the one before it, if that is in its load region; where there
  /// are none, those at the end of the section before.
  fileprivate func candidates(before index: Int) -> [Int] {
    guard let load = places.loadRegion(ofSection: index), let enter = program.entry(of: index)
    else { return [] }
    var found: [Int] = []
    for step in program.steps.indices[..<enter].reversed() {
      switch program.steps[step].action {
      case .assignment(let assignment):
        if assignment.isLocationCounter { return [] }
        if takesPlace(step) { found.append(step) }
      case .leave(let before):
        guard places.region(ofSection: before) == load else { return [] }
        return found.isEmpty ? trailing(before, upTo: step) : found.reversed()
      case .assertion: continue
      default: return []
      }
    }
    return []
  }

  /// The symbols set to '.' behind everything else in an output section.
  private func trailing(_ section: Int, upTo leave: Int) -> [Int] {
    let steps = program.steps.indices[..<leave].reversed().prefix { step in
      program.steps[step].context == .inside(section) && takesPlace(step)
    }
    return steps.reversed()
  }
}
