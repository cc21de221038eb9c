// Rule startup-copy: what start-up code copies is not what the image has at the place that it copies from.

import LdsParser

/// Holds the copies of the configuration against the sections of an image, or against the script where there is none.
///
/// It cannot see the code that copies, nor copies that the configuration does not name: with "copy" in it, a section that
/// is loaded elsewhere than it runs and that no copy covers is one that is never there. Without an image it speaks only of
/// patterns behind the end symbol, and of a load symbol that is LOADADDR of another section.
struct StartupCopy: Rule {
  private static let memory =
    "MEMORY { ROM (rx) : ORIGIN = 0x8000000, LENGTH = 64K RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 8K }\n"
  private static let configuration =
    #"{"copy": [{"load": "_sidata", "start": "_sdata", "end": "_edata"}]}"#

  static let description = RuleDescription(
    id: "startup-copy",
    summary:
      "a copy of the configuration does not bring a section from where it is loaded to where it runs",
    rationale: """
      Start-up code copies initialised data and code for RAM by three symbols, and no tool checks that they mean the \
      same bytes: the load symbol stands in front of the padding, a second section in RAM is loaded at another \
      distance, the end symbol stands before the last pattern. The image links, and the first variable that was not \
      copied has the value that the RAM had.
      """,
    fix:
      "set the load symbol to LOADADDR of the first section, and the two others around everything that is copied",
    severity: .error, needs: [.script],
    good: [
      .script(
        "what is copied is what runs",
        memory + """
          SECTIONS {
            .text : { *(.text) } >ROM
            .data : { _sdata = .; *(.data) _edata = .; } >RAM AT>ROM
            _sidata = LOADADDR(.data);
          }
          """, configuration: configuration,
        image: image(load: 0x800_0100, data: 0x800_0100)),
      .script(
        "code for RAM has a copy of its own",
        memory + """
          SECTIONS {
            .text : { *(.text) } >ROM
            .data : { _sdata = .; *(.data) _edata = .; } >RAM AT>ROM
            .fast : { _sfast = .; *(.fast) _efast = .; } >RAM AT>ROM
            _sidata = LOADADDR(.data); _sifast = LOADADDR(.fast);
          }
          """,
        configuration: """
          {"copy": [{"load": "_sidata", "start": "_sdata", "end": "_edata"},
                    {"load": "_sifast", "start": "_sfast", "end": "_efast"}]}
          """,
        image: image(
          load: 0x800_0100, data: 0x800_0100, fast: 0x800_0120,
          symbols: [("_sifast", 0x800_0120), ("_sfast", 0x2000_0010), ("_efast", 0x2000_0020)])),
    ],
    bad: [
      .script(
        "from in front of the padding",
        memory + """
          SECTIONS {
            .text : { *(.text) _sidata = .; } >ROM
            .data : { ↓_sdata = .; *(.data) _edata = .; } >RAM AT>ROM
          }
          """, configuration: configuration,
        image: image(load: 0x800_00fe, data: 0x800_0100),
        messages: [
          "'.data' is loaded at 0x8000100, and the copy from '_sdata' to '_edata' takes it from 0x80000fe, 0x2 bytes before "
            + "it"
        ]),
      .script(
        "no copy for the code in RAM",
        memory + """
          SECTIONS {
            .text : { *(.text) } >ROM
            .data : { _sdata = .; *(.data) _edata = .; } >RAM AT>ROM
            ↓.fast : { *(.fast) } >RAM AT>ROM
            _sidata = LOADADDR(.data);
          }
          """, configuration: configuration,
        image: image(load: 0x800_0100, data: 0x800_0100, fast: 0x800_0120),
        messages: [
          "'.fast' runs at 0x20000010 and is loaded at 0x8000120, and no copy of the configuration brings it there"
        ]),
      .script(
        "a pattern behind the end",
        memory + """
          SECTIONS {
            .text : { *(.text) } >ROM
            .data : { _sdata = .; *(.data) _edata = .; ↓*(.ramfunc) } >RAM AT>ROM
            _sidata = LOADADDR(.data);
          }
          """, configuration: configuration,
        messages: [
          "'.ramfunc' stands behind '_edata', where the copy from '_sdata' to '_edata' ends"
        ]),
      .script(
        "the load address of another section",
        memory + """
          SECTIONS {
            .text : { *(.text) } >ROM
            .rodata : { *(.rodata) } >ROM
            .data : { _sdata = .; *(.data) _edata = .; } >RAM AT>ROM
            ↓_sidata = LOADADDR(.rodata);
          }
          """, configuration: configuration,
        messages: [
          "'_sidata' is the load address of '.rodata', and what is copied begins in '.data'"
        ]),
    ])

  private static func image(
    load: UInt64, data: UInt64, fast: UInt64? = nil, symbols: [(String, UInt64)] = []
  ) -> ImageFacts {
    var sections = [
      ImageFacts.Section(".text", at: 0x800_0000, size: 0xfe, [.read, .execute], lma: 0x800_0000),
      ImageFacts.Section(".data", at: 0x2000_0000, size: 0x10, [.read, .write], lma: data),
    ]
    if let fast {
      sections.append(
        ImageFacts.Section(".fast", at: 0x2000_0010, size: 0x10, [.read, .execute], lma: fast))
    }
    return ImageFacts(
      symbols: [("_sidata", load), ("_sdata", 0x2000_0000), ("_edata", 0x2000_0010)] + symbols,
      sections: sections, profile: "sections")
  }

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, let contract = context.startup else { return [] }
    let images = context.images.map(\.image).filter {
      !$0.isRelocatable && $0.outputSections.contains { $0.lma != nil }
    }
    if images.isEmpty { return contract.copies.flatMap { fromScript($0, facts) } }
    return images.flatMap { image in
      let placed = contract.placed(in: image, context.dialect)
      return placed.copies.flatMap { copied($0.copy, $0.run, $0.load, image, facts) }
        + forgotten(placed, image, facts, context)
    }
  }

  // MARK: By an image

  /// Where the bytes of a copy are not those that it takes.
  private func copied(
    _ copy: ConfiguredCopy, _ run: Range<UInt64>?, _ load: UInt64?, _ image: Image,
    _ facts: ScriptFacts
  ) -> [Finding] {
    guard let run, let load else { return [] }
    let sections = image.outputSections.indices.compactMap { index -> (Int, Range<UInt64>)? in
      guard let memory = image.outputSections[index].memory, memory.overlaps(run) else {
        return nil
      }
      return (index, memory.clamped(to: run))
    }.sorted { $0.1.lowerBound < $1.1.lowerBound }
    let lastLoaded = sections.lastIndex { image.outputSections[$0.0].mayHaveContents } ?? -1
    return sections.enumerated().compactMap { position, place -> Finding? in
      let (index, part) = place
      let section = image.outputSections[index]
      let name = image.sectionName(index)
      guard section.mayHaveContents else {
        guard position > lastLoaded, section.flags != nil else { return nil }
        return finding(
          "\(copy.run.title) takes in \(hexadecimal(part.upperBound &- part.lowerBound)) bytes of '\(name)', which has no contents: "
            + "they get what follows in the load image",
          at: facts.place(of: copy.run.end.text, in: image), severity: .warning, subject: name)
      }
      guard let vma = section.vma, let lma = section.lma, section.flags != nil || lma != vma,
        case let wanted = lma &+ (part.lowerBound &- vma),
        case let taken = load &+ (part.lowerBound &- run.lowerBound), wanted != taken
      else { return nil }
      let distance =
        taken < wanted
        ? "\(hexadecimal(wanted &- taken)) bytes before it"
        : "\(hexadecimal(taken &- wanted)) bytes behind it"
      return finding(
        "'\(name)' is loaded at \(hexadecimal(wanted)), and \(copy.run.title) takes it from \(hexadecimal(taken)), "
          + distance,
        at: facts.place(of: copy.run.start.text, in: image), subject: name)
    }
  }

  /// Sections with contents that are loaded elsewhere than they run, and that no copy covers.
  private func forgotten(
    _ placed: PlacedContract, _ image: Image, _ facts: ScriptFacts, _ context: RuleContext
  ) -> [Finding] {
    guard !placed.copies.isEmpty else { return [] }
    let moved = image.movedSections { $0.mayHaveContents && $0.flags != nil }
    return moved.compactMap { section in
      guard let rest = PlacedContract.rest(of: section.run, without: placed.copies.map(\.run)),
        let piece = rest.first
      else { return nil }
      let name = image.sectionName(section.index)
      if piece == section.run {
        return finding(
          "'\(name)' runs at \(hexadecimal(section.run.lowerBound)) and is loaded at \(hexadecimal(section.load)), "
            + "and no copy of the configuration brings it there",
          at: facts.place(of: section.index, in: image), severity: .warning, subject: name)
      }
      guard let (part, occupant) = context.occupant(of: rest, behind: placed.copies.map(\.copy.run))
      else { return nil }
      return finding(
        "\(occupant) in '\(name)' runs at \(hexadecimal(part.lowerBound)), and no copy of the configuration brings it "
          + "there",
        at: facts.place(of: section.index, in: image), severity: .warning, subject: name)
    }
  }

  // MARK: By the script

  private func fromScript(_ copy: ConfiguredCopy, _ facts: ScriptFacts) -> [Finding] {
    var findings = findings(behind: copy.run, copy.run.title, facts)
    guard let start = facts.placeOfSymbol(copy.run.start.text), let begun = start.section,
      let load = facts.program.names.find(copy.load.text).flatMap(facts.onlyAssignment),
      let value = facts.assignment(load)?.value,
      case .nameCall(.loadAddress, let section) = facts.program.expressions[value],
      case let first = facts.program.sections[begun].name, first != section
    else { return findings }
    findings.append(
      finding(
        "'\(copy.load.text)' is the load address of '\(facts.name(section))', and what is copied begins in "
          + "'\(facts.name(first))'",
        at: .source(facts.program.steps[load].span), subject: copy.load.text))
    return findings
  }
}

extension Rule {
  /// What stands behind the end of a range in its section, and is meant to be in it.
  func findings(behind range: ConfiguredRange, _ title: String, _ facts: ScriptFacts) -> [Finding] {
    facts.patterns(behind: range).map { pattern in
      let text = String(decoding: pattern.text, as: UTF8.self)
      return finding(
        "'\(text)' stands behind '\(range.end.text)', where \(title) ends",
        at: .source(pattern.statement), severity: .warning, subject: text)
    }
  }
}

extension ConfiguredRange {
  /// `the copy from '_sdata' to '_edata'`; with the name that the configuration gives.
  fileprivate var title: String { "the \(name)" }
}

extension OutputSectionRecord {
  /// Whether it may have bytes in the file; of a map it is not known.
  fileprivate var mayHaveContents: Bool { flags?.contains(.noBits) != true }
}

extension ScriptFacts {
  /// The step that sets a symbol, and the output section in whose braces it stands; nil where it is not set once.
  func placeOfSymbol(_ name: String) -> (step: Int, section: Int?)? {
    guard let step = program.names.find(name).flatMap(onlyAssignment) else { return nil }
    if case .inside(let section) = program.steps[step].context { return (step, section) }
    return (step, nil)
  }

  /// The patterns behind the end symbol of a range, in the output section that both its symbols stand in; thread-local
  /// zeroes, which take no room, left out.
  func patterns(behind range: ConfiguredRange) -> [PlacedPattern] {
    guard let start = placeOfSymbol(range.start.text), let end = placeOfSymbol(range.end.text),
      let section = end.section, section == start.section, start.step < end.step
    else { return [] }
    let statements = Set(
      program.steps[end.step...].indices
        .prefix { program.steps[$0].context == .inside(section) }
        .compactMap { step -> SourceSpan? in
          guard case .inputs = program.steps[step].action else { return nil }
          return program.steps[step].span
        })
    return patterns.filter { pattern in
      statements.contains(pattern.statement)
        && ![".tbss", ".tcommon"].contains { pattern.text.starts(with: $0.utf8) }
    }
  }

  /// The patterns behind the end symbol of a range, where nothing but them can take what lies behind it.
  fileprivate func taking(behind range: ConfiguredRange) -> String? {
    let texts = patterns(behind: range).map { "'\(String(decoding: $0.text, as: UTF8.self))'" }
    guard !texts.isEmpty, let end = placeOfSymbol(range.end.text), let section = end.section else {
      return nil
    }
    let isMoved = program.steps[end.step...].contains { step in
      guard step.context == .inside(section) else { return false }
      switch step.action {
      case .assignment(let assignment): return assignment.isLocationCounter
      case .data, .opaqueData: return true
      default: return false
      }
    }
    return isMoved ? nil : texts.joined(separator: " or ")
  }

  /// Where the script sets a symbol; the image as a whole where it does not.
  func place(of symbol: String, in image: Image) -> FindingPlace {
    placeOfSymbol(symbol).map { .source(program.steps[$0.step].span) } ?? image.wholePlace
  }
}

extension RuleContext {
  /// What lies in the first of `pieces` that holds something of an object: by a map, by a symbol with a size, or since
  /// nothing but patterns stands behind the end symbol of one of `ranges`.
  func occupant(
    of pieces: [Range<UInt64>], behind ranges: [ConfiguredRange]
  ) -> (piece: Range<UInt64>, what: String)? {
    for piece in pieces {
      let shown = images.lazy.compactMap { $0.image.occupant(of: piece) }.first
      let scripted = ranges.lazy.compactMap { range -> String? in
        let ends = images.contains {
          $0.image.value(ofGlobal: range.end.text) == piece.lowerBound
        }
        return ends ? facts?.taking(behind: range) : nil
      }.first
      if let what = shown ?? scripted { return (piece, what) }
    }
    return nil
  }
}
