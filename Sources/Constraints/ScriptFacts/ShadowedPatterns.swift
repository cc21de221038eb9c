// Which input section patterns can match nothing, because an earlier one takes everything they could. Generated
// scripts have thousands of patterns (ESP-IDF's sections.ld), so none is compared with all before it.

import LdsParser

/// Something with wildcards that may take all that another takes.
private protocol Covering {
  func contains(_ other: Self, steps: inout Int) -> Bool
  /// The stretches of bytes that it spells, between its wildcards.
  var runs: [[UInt8]] { get }
}

extension Glob: Covering {}
extension InputFilePattern: Covering {}

/// Different patterns of one kind, and for each of them those that take all it takes.
private struct Cover<Pattern: Covering> {
  /// States that may be looked at for all pairs together; what would need more counts as not covered.
  private static var mostSteps: Int { 1 << 20 }

  private var numbers: [[UInt8]: Int] = [:]
  private var patterns: [Pattern] = []
  private var steps = Self.mostSteps

  /// The number of the pattern spelled `text`.
  mutating func number(_ text: [UInt8], _ pattern: Pattern) -> Int {
    if let number = numbers[text] { return number }
    let number = patterns.count
    numbers[text] = number
    patterns.append(pattern)
    return number
  }

  /// For each pattern by number, those that take all it takes, itself among them.
  mutating func all() -> [[Int]] {
    let runs = patterns.map(\.runs)
    let withRun = Self.byRarestRun(runs)
    var lengths: [UInt8: Set<Int>] = [:]
    for run in withRun.keys {
      if let first = run.first { lengths[first, default: []].insert(run.count) }
    }
    return patterns.indices.map { inner in
      Self.candidates(runs[inner], withRun, lengths).filter { outer in
        outer == inner || patterns[outer].contains(patterns[inner], steps: &steps)
      }
    }
  }

  /// Patterns by the one of their runs that the fewest have: what a pattern spells, each that it covers spells too.
  private static func byRarestRun(_ runs: [[[UInt8]]]) -> [[UInt8]: [Int]] {
    var counts: [[UInt8]: Int] = [:]
    for run in runs.joined() { counts[run, default: 0] += 1 }
    var byRun: [[UInt8]: [Int]] = [:]
    for (number, own) in runs.enumerated() {
      let rarest = own.min {
        (counts[$0] ?? 0, -$0.count) < (counts[$1] ?? 0, -$1.count)
      }
      byRun[rarest ?? [], default: []].append(number)
    }
    return byRun
  }

  private static func candidates(
    _ runs: [[UInt8]], _ withRun: [[UInt8]: [Int]], _ lengths: [UInt8: Set<Int>]
  ) -> [Int] {
    var found = Set(withRun[[]] ?? [])
    for run in runs {
      for start in run.indices {
        for length in lengths[run[start]] ?? [] where length <= run.count - start {
          found.formUnion(withRun[Array(run[start..<(start + length)])] ?? [])
        }
      }
    }
    return found.sorted()
  }
}

extension ScriptFacts {
  /// The section and file patterns of a description, by number; every file has no number.
  private struct Key: Hashable {
    let section: Int
    let file: Int?
  }

  /// Patterns of the same names that a pattern is compared with: they differ in flags and exclusions only.
  private static let comparedAlike = 32

  /// Finds for every pattern the first one before it that takes all it could.
  func findShadowedPatterns() -> [(earlier: PlacedPattern, later: PlacedPattern)] {
    var sections = Cover<Glob>()
    var files = Cover<InputFilePattern>()
    let keys = patterns.map { pattern in
      Key(
        section: sections.number(pattern.text, pattern.section),
        file: pattern.file.map { files.number($0.text, $0) })
    }
    let (wider, widerFiles) = (sections.all(), files.all())
    var earlier: [Key: [Int]] = [:]
    var found: [(earlier: PlacedPattern, later: PlacedPattern)] = []
    for (index, key) in keys.enumerated() {
      let pattern = patterns[index]
      let covering = wider[key.section].flatMap { section in
        ((key.file.map { widerFiles[$0] } ?? []).map(Optional.some) + [nil]).compactMap { file in
          earlier[Key(section: section, file: file)]?.first { takes($0, pattern) }
        }
      }
      if let first = covering.min() { found.append((patterns[first], pattern)) }
      if earlier[key, default: []].count < Self.comparedAlike {
        earlier[key, default: []].append(index)
      }
    }
    return found
  }

  private func takes(_ index: Int, _ later: PlacedPattern) -> Bool {
    // Common symbols have a section of their own, which only its name surely takes.
    if later.text == Array("COMMON".utf8), patterns[index].text != later.text { return false }
    return patterns[index].leavesOutNothing(of: later)
  }
}
