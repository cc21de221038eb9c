// Rule split-range: the start and the end of a range lie in two memories.

import LdsParser

/// Compares the memory regions in which a start symbol and the end symbol of the same name are set to the location counter.
///
/// It cannot see regions whose addresses follow one another, so that a range over both is meant: it speaks of regions whose
/// extents are numbers with room between them.
struct SplitRange: Rule {
  private static let memory =
    "MEMORY { ROM : ORIGIN = 0x8000000, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }\n"

  static let description = RuleDescription(
    id: "split-range",
    summary: "the start symbol of a range stands in one memory region, its end symbol in another",
    rationale: """
      Behind an output section '.' goes on from the end of that section. '_ebss = .' after a later section for ROM is an \
      address in ROM: start-up code clears nothing, since the end lies before the start, or everything between the memories.
      """,
    fix: "set the end symbol in the section that the start symbol stands in",
    severity: .warning, needs: [.script],
    good: [
      .script(
        "in one section",
        memory
          + "SECTIONS { .bss : { _sbss = .; *(.bss) _ebss = .; } >RAM .tail : { *(.tail) } >ROM }"),
      .script(
        "in one region",
        memory
          + "SECTIONS { .bss : { _sbss = .; *(.bss) } >RAM .bss2 : { *(.bss2) } >RAM _ebss = .; }"),
    ],
    bad: [
      .script(
        "behind a section for ROM",
        memory
          + "SECTIONS { .bss : { _sbss = .; *(.bss) } >RAM .tail : { *(.tail) } >ROM ↓_ebss = .; }",
        messages: ["'_sbss' is set in region 'RAM', and '_ebss' in region 'ROM'"])
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, !facts.program.hasInsert else { return [] }
    return facts.program.steps.indices.compactMap { step in
      guard let end = facts.assignment(step)?.target.name, facts.takesLocationCounter(step),
        facts.onlyAssignment(of: end) == step,
        let start = facts.rangeStart(of: facts.name(end), above: step),
        let first = facts.region(at: start), let last = facts.region(at: step),
        first.name.name != last.name.name, facts.areApart(first, last),
        let symbol = facts.assignment(start)?.target.name
      else { return nil }
      return finding(
        "'\(facts.name(symbol))' is set in region '\(facts.name(first.name.name))', and '\(facts.name(end))' in region "
          + "'\(facts.name(last.name.name))'",
        at: .source(facts.program.steps[step].span),
        notes: [FindingNote("the start", at: .source(facts.program.steps[start].span))],
        subject: facts.name(end))
    }
  }
}

extension ScriptFacts {
  /// The region that '.' is in at a step: of the output section around it, or of the last one before it with nothing that
  /// moves '.' in between.
  fileprivate func region(at step: Int) -> MemoryRegion? {
    var section: Int?
    if case .inside(let index) = program.steps[step].context {
      section = index
    } else {
      for earlier in program.steps[..<step].reversed() {
        if case .leave(let index) = earlier.action {
          section = index
          break
        }
        if case .assignment(let assignment) = earlier.action, assignment.isLocationCounter {
          switch program.expressions[assignment.value] {
          case .call1(.align, _): continue
          default: return nil
          }
        }
      }
    }
    guard let section, let named = program.sections[section].description?.tail.region else {
      return nil
    }
    let resolved = outline.resolved(named.name)
    return outline.regions.first { $0.name.name == resolved }
  }

  /// Whether the extents of two regions are known and do not touch.
  fileprivate func areApart(_ first: MemoryRegion, _ second: MemoryRegion) -> Bool {
    guard let one = extent(first), let other = extent(second) else { return false }
    let (low, high) = one.start < other.start ? (one, other) : (other, one)
    return low.start &+ low.byteCount >= low.start && low.start &+ low.byteCount < high.start
  }
}
