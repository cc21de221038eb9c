// Rule uncleared-section: zeroed variables outside of the range that start-up code clears, and others inside of it.

import LdsParser

/// Holds the range around `.bss` that two symbols bound against the sections that compilers expect to be zero, and against
/// those that the script marks NOLOAD, which keep what they had.
///
/// It cannot see the code: a loader of ELF files clears everything. It is silent where no two symbols of one name are
/// around a pattern of zeroed variables. With "clear" in the configuration `startup-clear` knows better.
struct UnclearedSection: Rule {
  static let description = RuleDescription(
    id: "uncleared-section",
    summary:
      "the symbols around '.bss' leave out zeroed variables, or take in what has to keep its contents",
    rationale: """
      Compilers put small variables into '.sbss', and common ones into COMMON. What stands in front of '__bss_start' or \
      behind '__bss_end' is not cleared, and a counter starts with what the RAM held. The other way round '_ebss' behind \
      '.noinit' makes start-up code clear the reason of the reset that was kept there.
      """,
    fix: "set the symbols around all that is zero, and nothing else",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "all of it",
        "SECTIONS { .bss : { __bss_start = .; *(.sbss*) *(.bss*) *(COMMON) __bss_end = .; } }"),
      .script(
        "a range of its own",
        """
        SECTIONS {
          .sbss : { __sbss_start = .; *(.sbss*) __sbss_end = .; }
          .bss : { __bss_start = .; *(.bss*) *(COMMON) __bss_end = .; }
        }
        """),
      .script(
        "kept behind the end",
        """
        SECTIONS {
          .bss : { _sbss = .; *(.bss*) *(COMMON) _ebss = .; }
          .noinit (NOLOAD) : { *(.noinit) }
        }
        """),
      .script("no symbols", "SECTIONS { .sbss : { *(.sbss*) } .bss : { *(.bss*) } _end = .; }"),
    ],
    bad: [
      .script(
        "in front of the start",
        """
        SECTIONS {
          .sbss : { *(↓.sbss*) }
          .bss : { __bss_start = .; *(.bss*) *(COMMON) __bss_end = .; }
        }
        """,
        messages: [
          "'.sbss*' is zeroed memory and stands outside of '__bss_start' to '__bss_end', which bound '.bss*'"
        ]),
      .script(
        "behind the end",
        "SECTIONS { .bss : { __bss_start = .; *(.bss*) __bss_end = .; *(↓COMMON) } }"),
      .script(
        "what is kept",
        """
        SECTIONS {
          _sbss = .;
          .bss : { *(.bss*) *(COMMON) }
          ↓.noinit (NOLOAD) : { *(.noinit) }
          _ebss = .;
        }
        """,
        messages: [
          "'.noinit' is NOLOAD and stands between '_sbss' and '_ebss', which bound '.bss': what clears the one clears the "
            + "other"
        ]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, context.startup?.clears.isEmpty ?? true,
      !facts.program.hasInsert
    else { return [] }
    let placed = facts.placedZeros
    guard let cleared = facts.clearedRange(placed) else { return [] }
    return left(placed, cleared, facts, context)
      + kept(cleared, facts, context.linkedELF)
  }

  /// Zeroed variables that no range has.
  private func left(
    _ placed: [(step: Int, pattern: PlacedPattern)], _ cleared: BoundedRange, _ facts: ScriptFacts,
    _ context: RuleContext
  ) -> [Finding] {
    let ranges = facts.boundedRanges
    let inside = placed.filter { cleared.start < $0.step && $0.step < cleared.end }
    let taken = Set(inside.map(\.pattern.text))
    guard let main = inside.first?.pattern else { return [] }
    var told: Set<SourceSpan> = []
    return placed.compactMap { step, pattern in
      guard !ranges.contains(where: { $0.start < step && step < $0.end }),
        pattern.file == nil, !taken.contains(pattern.text),
        // What an earlier pattern has taken is not here.
        !inside.contains(where: { $0.step < step && $0.pattern.section.contains(pattern.section) }),
        facts.isFilled(pattern, context), told.insert(pattern.statement).inserted
      else { return nil }
      let name = String(decoding: pattern.text, as: UTF8.self)
      let isSeen = facts.isSeen(pattern, context)
      return finding(
        "'\(name)' is zeroed memory and stands outside of '\(facts.symbol(cleared.start))' to "
          + "'\(facts.symbol(cleared.end))', which bound '\(String(decoding: main.text, as: UTF8.self))'",
        at: .source(pattern.span), severity: isSeen ? nil : .note,
        notes: [
          FindingNote("the start", at: .source(facts.program.steps[cleared.start].span)),
          FindingNote("the end", at: .source(facts.program.steps[cleared.end].span)),
        ], subject: name)
    }
  }

  /// What is NOLOAD besides the zeroed variables.
  private func kept(
    _ cleared: BoundedRange, _ facts: ScriptFacts, _ images: [Image]
  ) -> [Finding] {
    facts.program.steps[cleared.start..<cleared.end].compactMap { step in
      guard case .enter(let index) = step.action,
        let section = facts.program.sections[index].description, case .noload = section.type,
        case let own = facts.patterns.filter({ $0.output == section.name.name }), !own.isEmpty,
        !own.contains(where: \.isOfZeros),
        images.allSatisfy({ $0.section(named: facts.script.names.bytes(section.name.name)) != nil })
      else { return nil }
      let name = facts.name(section.name.name)
      return finding(
        "'\(name)' is NOLOAD and stands between '\(facts.symbol(cleared.start))' and '\(facts.symbol(cleared.end))', "
          + "which bound '.bss': what clears the one clears the other",
        at: .source(section.name.span), severity: .note,
        notes: [FindingNote("the end", at: .source(facts.program.steps[cleared.end].span))],
        subject: name)
    }
  }
}

extension ScriptFacts {
  /// Every pattern of zeroed variables with the step that takes its inputs.
  fileprivate var placedZeros: [(step: Int, pattern: PlacedPattern)] {
    let zeros = patterns.filter { $0.isOfZeros && name($0.output) != "/DISCARD/" }
    guard !zeros.isEmpty else { return [] }
    var steps: [SourceSpan: Int] = [:]
    for (index, step) in program.steps.enumerated() {
      if case .inputs = step.action, steps[step.span] == nil { steps[step.span] = index }
    }
    return zeros.compactMap { pattern in steps[pattern.statement].map { ($0, pattern) } }
  }

  /// The shortest range around the most patterns of zeroed variables.
  fileprivate func clearedRange(
    _ placed: [(step: Int, pattern: PlacedPattern)]
  ) -> BoundedRange? {
    func count(_ range: BoundedRange) -> Int {
      placed.count { range.start < $0.step && $0.step < range.end }
    }
    func holdsOnlyMemory(_ range: BoundedRange) -> Bool {
      // Contents besides: the range is of the image, and nobody clears it.
      let outputs = Set(
        program.steps[range.start..<range.end].compactMap { step -> NameID? in
          guard case .inputs = step.action, case .inside(let index) = step.context else {
            return nil
          }
          return program.sections[index].name
        })
      return outputs.allSatisfy { output in
        patterns.contains { $0.output == output && $0.isOfZeros }
          || placement(script.names.bytes(output)).map(\.isNoload) == true
      }
    }
    let ranges = boundedRanges.filter { count($0) > 0 && holdsOnlyMemory($0) }
    return ranges.max { (count($0), $1.end - $1.start) < (count($1), $0.end - $0.start) }
  }

  /// Whether the images may have something that a pattern takes: the output section is there.
  fileprivate func isFilled(_ pattern: PlacedPattern, _ context: RuleContext) -> Bool {
    let images = context.linkedELF
    return images.isEmpty
      || images.contains { image in
        image.section(named: script.names.bytes(pattern.output)).map {
          image.outputSections[$0].size > 0
        } == true
      }
  }

  /// Whether an image has nothing else in the output section of a pattern, or a map shows an input that it takes.
  fileprivate func isSeen(_ pattern: PlacedPattern, _ context: RuleContext) -> Bool {
    let isAlone = patterns.allSatisfy { $0.output != pattern.output || $0.text == pattern.text }
    if isAlone { return true }
    return context.images.contains { planned in
      planned.image.inputSections.contains { section in
        section.size > 0 && section.outputSection >= 0
          && pattern.section.matches(section.name(in: planned.image))
      }
    }
  }
}

extension OutputSectionDescription {
  fileprivate var isNoload: Bool {
    if case .noload = type { return true }
    return false
  }
}
