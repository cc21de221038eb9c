// Which tables between two symbols are empty because an earlier pattern takes what was meant for them:
//
//     *(.ex_table) ... __start_ex_table = .; *(.ex_table) __stop_ex_table = .;

import LdsParser

/// Says of which shadowed patterns it matters that they never match.
struct EmptiedTables {
  private let facts: ScriptFacts
  /// Patterns of each stretch, and those of them that are shadowed.
  private var patterns: [Int: Int] = [:]
  private var shadowed: [Int: Int] = [:]
  /// Descriptions that stand between two symbols, with other descriptions at most.
  private var framed: Set<SourceSpan> = []

  init(_ facts: ScriptFacts) {
    self.facts = facts
    if facts.shadowedPatterns.isEmpty { return }
    for pattern in facts.patterns { patterns[pattern.stretch, default: 0] += 1 }
    for (_, later) in facts.shadowedPatterns { shadowed[later.stretch, default: 0] += 1 }
    findFramed()
  }

  private mutating func findFramed() {
    let steps = facts.program.steps
    var seen: Set<SourceSpan> = []
    var row: [SourceSpan] = []
    var before: Int?
    for (index, step) in steps.enumerated() {
      if case .inputs = step.action {
        // Of a description that is included twice the first place counts.
        if seen.insert(step.span).inserted { row.append(step.span) }
        continue
      }
      if !row.isEmpty, [before, index].allSatisfy({ $0.map(facts.takesLocationCounter) == true }) {
        framed.formUnion(row)
      }
      row = []
      before = index
    }
  }

  /// Whether it matters that a pattern never matches: what it was meant for is empty.
  ///
  /// That is so between two symbols, if the earlier pattern is in the same output section or nothing is left
  /// between them. Other such patterns are leftovers, or say where sections would go if nobody had taken
  /// them.
  func empties(_ earlier: PlacedPattern, _ later: PlacedPattern) -> Bool {
    guard earlier.stretch != later.stretch, facts.name(later.output) != "/DISCARD/",
      framed.contains(later.statement)
    else { return false }
    return earlier.output == later.output || patterns[later.stretch] == shadowed[later.stretch]
  }
}
