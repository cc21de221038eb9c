// Rule uncopied-section: contents that run elsewhere than they are loaded, and that no symbol tells how to bring there.

import LdsParser

/// Looks in an ELF file for sections that start-up code has to copy, in a script that names for other sections what is
/// copied from where to where.
///
/// It cannot see the code: a loader may move sections by the program headers. It is silent where no copy is told by
/// symbols, where the script asks for the place or the size of the section (a table of copies), where a symbol is set in or
/// beside it, and for what is as far from its load address as the first section of the image. With "copy" in the
/// configuration `startup-copy` knows better.
struct UncopiedSection: Rule {
  private static let memory =
    "MEMORY { ROM : ORIGIN = 0x8000000, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }\n"

  static let description = RuleDescription(
    id: "uncopied-section",
    summary: "a section is loaded elsewhere than it runs, and no symbol tells how to copy it",
    rationale: """
      '.ramfunc' behind '_edata' is in the flash image and has an address in RAM, and the loop from '_sidata' stops at \
      '_edata': the first call of a function in RAM runs whatever the RAM holds. So it is with '.sdata' behind '.data', \
      and with a second RAM whose start and end have symbols and whose load address has none.
      """,
    fix: "move its patterns between the symbols of the copy, or set symbols of its own and copy it",
    severity: .warning, needs: [.script, .image],
    good: [
      .script(
        "between the symbols",
        memory + """
          SECTIONS {
            .text : { *(.text) } >ROM
            .data : { _sdata = .; *(.data) } >RAM AT>ROM
            .fast : { *(.fast) _edata = .; } >RAM AT>ROM
            _sidata = LOADADDR(.data);
          }
          """, image: image()),
      .script(
        "in a table of copies",
        memory + """
          SECTIONS {
            .text : { *(.text) LONG(LOADADDR(.fast)) LONG(ADDR(.fast)) LONG(SIZEOF(.fast)) } >ROM
            .data : { _sdata = .; *(.data) _edata = .; } >RAM AT>ROM
            .fast : { *(.fast) } >RAM AT>ROM
            _sidata = LOADADDR(.data);
          }
          """, image: image()),
    ],
    bad: [
      .script(
        "behind the end",
        memory + """
          SECTIONS {
            .text : { *(.text) } >ROM
            .data : { _sdata = .; *(.data) _edata = .; } >RAM AT>ROM
            ↓.fast : { *(.fast) } >RAM AT>ROM
            _sidata = LOADADDR(.data);
          }
          """, image: image(),
        messages: [
          "'.fast' runs at 0x20000010 and is loaded at 0x8000110, and no symbol bounds it: what is copied from '_sidata' "
            + "ends at '_edata'"
        ]),
      .script(
        "without a load symbol",
        memory + """
          SECTIONS {
            .text : { *(.text) } >ROM
            .data : { _sdata = .; *(.data) _edata = .; } >RAM AT>ROM
            ↓.fast : { _sfast = .; *(.fast) _efast = .; } >RAM AT>ROM
            _sidata = LOADADDR(.data);
          }
          """, image: image(fast: ("_sfast", "_efast")),
        messages: [
          "no symbol is 0x8000110, where '.fast' is loaded, so nothing says from where to fill '_sfast' to '_efast'"
        ]),
    ])

  private static func image(fast: (String, String)? = nil) -> ImageFacts {
    var facts = ImageFacts(
      symbols: [
        ("_sidata", 0x800_0100), ("_sdata", 0x2000_0000), ("_edata", 0x2000_0010),
      ],
      sections: [
        ImageFacts.Section(
          ".text", at: 0x800_0000, size: 0x100, [.read, .execute], lma: 0x800_0000),
        ImageFacts.Section(
          ".data", at: 0x2000_0000, size: 0x10, [.read, .write], lma: 0x800_0100),
        ImageFacts.Section(
          ".fast", at: 0x2000_0010, size: 0x10, [.read, .execute], lma: 0x800_0110),
      ], profile: "sections")
    if let fast { facts.symbols += [(fast.0, 0x2000_0010), (fast.1, 0x2000_0020)] }
    return facts
  }

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, context.startup?.copies.isEmpty ?? true,
      !facts.program.hasInsert, facts.outline.headers.allSatisfy({ $0.loadAddress == nil })
    else { return [] }
    return context.linkedELF.flatMap { MovedSections($0, facts).map { finding($0, facts) } }
  }

  private func finding(_ fault: MovedSections.Fault, _ facts: ScriptFacts) -> Finding {
    let name = facts.name(fault.section.name.name)
    let place = FindingPlace.source(fault.section.name.span)
    switch fault.kind {
    case .unbounded(let from, let end):
      return finding(
        "'\(name)' runs at \(hexadecimal(fault.run)) and is loaded at \(hexadecimal(fault.load)), and no symbol bounds "
          + "it: what is copied from '\(from)' ends at '\(facts.symbol(end))'",
        at: place,
        notes: [FindingNote("the end of the copy", at: .source(facts.program.steps[end].span))],
        subject: name)
    case .sourceless(let range, let follows):
      return finding(
        "no symbol is \(hexadecimal(fault.load)), where '\(name)' is loaded, so nothing says from where to fill "
          + "'\(facts.symbol(range.start))' to '\(facts.symbol(range.end))'",
        at: place, severity: follows ? .note : nil,
        notes: [
          FindingNote(
            follows
              ? "it is loaded right behind what is copied before it: a loop that goes on reading there finds it"
              : "a symbol set to LOADADDR(\(name)) would say it")
        ], subject: name)
    }
  }
}

/// The sections of an image that have to be copied, held against the ranges that the script's symbols bound.
private struct MovedSections {
  struct Fault {
    enum Kind {
      /// No symbol is at it: the load symbol and the end of the copy that stands nearest.
      case unbounded(from: String, end: Int)
      /// A range has it, and no symbol is its load address; whether it is loaded right behind another copy.
      case sourceless(BoundedRange, follows: Bool)
    }
    var section: OutputSectionDescription
    var run: UInt64
    var load: UInt64
    var kind: Kind
  }

  private let faults: [Fault]

  func map<T>(_ transform: (Fault) -> T) -> [T] { faults.map(transform) }

  init(_ image: Image, _ facts: ScriptFacts) {
    // What runs where it is loaded needs no copy, however far the first section is moved.
    let moved = image.movedSections {
      $0.isShipped && $0.flags?.contains(.threadLocal) == false
    }.filter { $0.run.lowerBound != $0.load }
    let ranges = facts.boundedRanges(in: image).filter { !$0.memory.isEmpty }
    let values = facts.values(in: image)
    // What a range has, and a symbol says from where.
    let copies = ranges.compactMap { range -> (range: PlacedRange, from: String, load: UInt64)? in
      guard let first = moved.first(where: { range.memory.contains($0.run.lowerBound) }),
        first.run.upperBound <= range.memory.upperBound,
        let from = values.first(where: { $0.value == first.load })
      else { return nil }
      return (range, from.symbol, first.load)
    }
    guard let last = copies.last else {
      faults = []
      return
    }
    let loadEnds = copies.map { $0.load &+ UInt64($0.range.memory.count) }
    faults = moved.compactMap { section in
      let name = image.outputSections[section.index].name
      guard let description = facts.placement(name), !facts.asksFor(description.name.name),
        let number = facts.program.sections.firstIndex(where: {
          $0.description?.name.span == description.name.span
        })
      else { return nil }
      func fault(_ kind: Fault.Kind) -> Fault {
        Fault(
          section: description, run: section.run.lowerBound, load: section.load, kind: kind)
      }
      guard let around = ranges.first(where: { $0.memory.overlaps(section.run) }) else {
        if facts.isNamed(number) { return nil }
        let nearest =
          copies.last { $0.range.memory.upperBound <= section.run.lowerBound } ?? last
        return fault(.unbounded(from: nearest.from, end: nearest.range.range.end))
      }
      let isCopied = copies.contains { $0.range.memory.overlaps(section.run) }
      guard !isCopied, around.memory.lowerBound == section.run.lowerBound,
        !values.contains(where: { $0.value == section.load })
      else { return nil }
      return fault(
        .sourceless(around.range, follows: loadEnds.contains { section.load &- $0 < 16 }))
    }
  }
}
