// Rule load-address-drift: sections that are copied as one block run at other distances than they are loaded at.

import LdsParser

/// Compares load and run-time addresses of the sections between two symbols that bound a load image:
/// `LOADADDR(first)` and `LOADADDR(last) + SIZEOF(last)`.
///
/// It cannot see whether code copies them in one piece, nor copies that are bounded in another way. Without an image it
/// speaks of `AT(LOADADDR(x) + SIZEOF(x))` alone, which leaves out the alignment that the run-time address gets.
struct LoadAddressDrift: Rule {
  static let description = RuleDescription(
    id: "load-address-drift",
    summary:
      "sections that one copy covers do not keep their distances from load to run-time addresses",
    rationale: """
      'AT(LOADADDR(.text) + SIZEOF(.text))' puts .data right behind .text, but .data runs at the next multiple of its \
      alignment. One copy from the load start to the load end then puts it some bytes below where the code looks, \
      in those builds in which .text has an odd size.
      """,
    fix:
      "derive the load address from the run-time address: 'AT(LOADADDR(.a) + ADDR(.b) - ADDR(.a))'",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "from the run-time address",
        """
        SECTIONS {
          .a 0x80000 : AT(0x7c00) { *(.a) }
          .b : AT(LOADADDR(.a) + ADDR(.b) - ADDR(.a)) { *(.b) }
          load_start = LOADADDR(.a);
          load_end = LOADADDR(.b) + SIZEOF(.b);
        }
        """),
      .script(
        "each is copied by itself",
        """
        SECTIONS {
          .a 0x80000 : AT(0x7c00) { *(.a) }
          .b : AT(LOADADDR(.a) + SIZEOF(.a)) { *(.b) }
          b_start = LOADADDR(.b);
          b_end = LOADADDR(.b) + SIZEOF(.b);
        }
        """),
      .script(
        "no padding in this link",
        """
        SECTIONS {
          .a 0x80000 : AT(0x7c00) { *(.a) }
          .b : AT(LOADADDR(.a) + SIZEOF(.a)) { *(.b) }
          load_start = LOADADDR(.a);
          load_end = LOADADDR(.b) + SIZEOF(.b);
        }
        """,
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".a", at: 0x80000, size: 0x120, .read, lma: 0x7c00),
            ImageFacts.Section(".b", at: 0x80120, size: 0x10, .read, lma: 0x7d20),
          ], profile: "sections")),
    ],
    bad: [
      .script(
        "bounded by where it runs",
        """
        MEMORY { ROM : ORIGIN = 0, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS {
          .text : { *(.text) } >ROM
          .data : { _sdata = .; *(.data) } >RAM AT>ROM
          ↓.fast : { *(.fast) _edata = .; } >RAM AT>ROM
          _sidata = LOADADDR(.data);
        }
        """,
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".data", at: 0x2000_0000, size: 5, .read, lma: 0x34),
            ImageFacts.Section(".fast", at: 0x2000_0010, size: 0xb, .read, lma: 0x39),
          ], profile: "sections"),
        messages: [
          "'.fast' runs 0x10 bytes behind '.data' and is loaded 0x5 bytes behind it (0x39): one copy from '_sidata' to "
            + "'_edata' puts it 0xb bytes off"
        ]),
      .script(
        "without the alignment",
        """
        SECTIONS {
          .a 0x80000 : AT(0x7c00) { *(.a) }
          ↓.b : AT(LOADADDR(.a) + SIZEOF(.a)) { *(.b) }
          load_start = LOADADDR(.a);
          load_end = LOADADDR(.b) + SIZEOF(.b);
        }
        """,
        messages: [
          "'.b' runs at the next multiple of its alignment behind '.a', but is loaded right behind it: one copy from "
            + "'load_start' to 'load_end' need not put it where it runs"
        ]),
      .script(
        "by the image",
        """
        MEMORY { ROM : ORIGIN = 0, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS {
          .a : { *(.a) } >RAM AT>ROM
          ↓.b : { *(.b) } >RAM AT>ROM
          load_start = LOADADDR(.a);
          load_end = LOADADDR(.b) + SIZEOF(.b);
        }
        """,
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".a", at: 0x2000_0000, size: 0x11, .read, lma: 0x100),
            ImageFacts.Section(".b", at: 0x2000_0020, size: 0x10, .read, lma: 0x111),
          ], profile: "sections"),
        messages: [
          "'.b' runs 0x20 bytes behind '.a' and is loaded 0x11 bytes behind it (0x111): one copy from 'load_start' to "
            + "'load_end' puts it 0xf bytes off"
        ]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    let images = context.images.map(\.image).filter { !$0.isRelocatable }
    return facts.copies.compactMap { copy in
      let known = images.compactMap { distances(copy, facts, $0) }
      if known.isEmpty { return sum(copy, facts) }
      return known.lazy.compactMap { drift(copy, $0, facts) }.first
    }
  }

  /// Where the sections of a copy lie in an image: nil unless it has the first and the last.
  private func distances(
    _ copy: LoadCopy, _ facts: ScriptFacts, _ image: Image
  ) -> [PlacedSection]? {
    let placed = copy.sections.compactMap { section -> PlacedSection? in
      let name = facts.script.names.bytes(section.name.name)
      guard let index = image.section(named: name),
        case let record = image.outputSections[index], record.size > 0, record.mayHaveBytes,
        record.flags?.contains(.allocated) ?? true, let vma = record.vma, let lma = record.lma
      else { return nil }
      return PlacedSection(section: section, run: vma, load: lma)
    }
    return placed.count >= 2 ? placed : nil
  }

  private func drift(
    _ copy: LoadCopy, _ placed: [PlacedSection], _ facts: ScriptFacts
  ) -> Finding? {
    let first = placed[0]
    guard
      let off = placed.first(where: { $0.run &- first.run != $0.load &- first.load }),
      off.run >= first.run, off.load >= first.load
    else { return nil }
    let (run, load) = (off.run &- first.run, off.load &- first.load)
    let name = facts.name(off.section.name.name)
    return finding(
      "'\(name)' runs \(hexadecimal(run)) bytes behind '\(facts.name(first.section.name.name))' and is loaded "
        + "\(hexadecimal(load)) bytes behind it (\(hexadecimal(off.load))): one copy from "
        + "'\(facts.name(copy.start))' to '\(facts.name(copy.end))' puts it "
        + "\(hexadecimal(max(run, load) &- min(run, load))) bytes off",
      at: .source(off.section.name.span), notes: notes(copy), subject: name)
  }

  /// A section that is loaded right behind the one before it, and runs where its alignment puts it.
  private func sum(_ copy: LoadCopy, _ facts: ScriptFacts) -> Finding? {
    for (earlier, later) in zip(copy.sections, copy.sections.dropFirst()) {
      guard later.address == nil, let expression = later.loadAddress,
        case .binary(.add, let left, let right) = facts.program.expressions[expression],
        case let before = earlier.name.name,
        [left, right].contains(where: {
          facts.program.expressions[$0] == .nameCall(.sizeOf, before)
        }),
        [left, right].contains(where: {
          facts.program.expressions[$0] == .nameCall(.loadAddress, before)
        })
      else { continue }
      let name = facts.name(later.name.name)
      return finding(
        "'\(name)' runs at the next multiple of its alignment behind '\(facts.name(before))', but is loaded right "
          + "behind it: one copy from '\(facts.name(copy.start))' to '\(facts.name(copy.end))' need not put it "
          + "where it runs",
        at: .source(later.name.span), notes: notes(copy), subject: name)
    }
    return nil
  }

  private func notes(_ copy: LoadCopy) -> [FindingNote] {
    [FindingNote("the copy is bounded here", at: .source(copy.place))]
  }
}

/// Sections that one copy covers.
private struct LoadCopy {
  var start: NameID
  var end: NameID
  var sections: [OutputSectionDescription]
  var place: SourceSpan
}

/// Where a section runs and is loaded.
private struct PlacedSection {
  var section: OutputSectionDescription
  var run: UInt64
  var load: UInt64
}

extension ScriptFacts {
  /// End symbols in another output section than their start symbols: what is copied is told by where it runs.
  private var runEnds: [(symbol: NameID, section: NameID, span: SourceSpan)] {
    program.steps.indices.compactMap { step in
      guard let end = assignment(step)?.target.name, takesLocationCounter(step),
        case .inside(let last) = program.steps[step].context,
        let start = rangeStart(of: name(end), above: step),
        case .inside(let first) = program.steps[start].context, first != last
      else { return nil }
      return (end, program.sections[last].name, program.steps[step].span)
    }
  }

  /// The ranges of load addresses that the script gives names to, from one section to a later one.
  fileprivate var copies: [LoadCopy] {
    var starts: [(symbol: NameID, section: NameID)] = []
    var ends: [(symbol: NameID, section: NameID, span: SourceSpan)] = []
    for step in program.steps {
      guard case .assignment(let assignment) = step.action, !assignment.isLocationCounter else {
        continue
      }
      switch program.expressions[assignment.value] {
      case .nameCall(.loadAddress, let section): starts.append((assignment.target.name, section))
      case .binary(.add, let left, let right):
        let nodes = [program.expressions[left], program.expressions[right]]
        for node in nodes {
          guard case .nameCall(.loadAddress, let section) = node,
            nodes.contains(.nameCall(.sizeOf, section))
          else { continue }
          ends.append((assignment.target.name, section, step.span))
        }
      default: break
      }
    }
    let sections = outline.sections.map(\.section)
    ends += runEnds
    return ends.compactMap { end in
      // A start of the same section bounds that one alone.
      if starts.contains(where: { $0.section == end.section }) { return nil }
      guard let last = sections.firstIndex(where: { $0.name.name == end.section }) else {
        return nil
      }
      let bounds = starts.compactMap { start -> (symbol: NameID, index: Int)? in
        sections[..<last].firstIndex { $0.name.name == start.section }.map { (start.symbol, $0) }
      }
      guard let start = bounds.max(by: { $0.index < $1.index }) else { return nil }
      return LoadCopy(
        start: start.symbol, end: end.symbol, sections: Array(sections[start.index...last]),
        place: end.span)
    }
  }
}
