// Which input section patterns can match nothing, because an earlier one takes everything they could.

import LdsParser

extension ScriptFacts {
  /// Earlier patterns with wildcards that a pattern is compared with; with more of them it is not compared.
  private static let comparedPatterns = 2048

  /// Compares every pattern with those before it.
  func findShadowedPatterns() -> [(earlier: PlacedPattern, later: PlacedPattern)] {
    var literals: [[UInt8]: [Int]] = [:]
    var wild: [Int] = []
    var found: [(earlier: PlacedPattern, later: PlacedPattern)] = []
    for (index, pattern) in patterns.enumerated() {
      if let earlier = shadow(of: pattern, literals, wild) {
        found.append((patterns[earlier], pattern))
      }
      if let name = pattern.section.literal {
        literals[name, default: []].append(index)
      } else if wild.count < Self.comparedPatterns {
        wild.append(index)
      }
    }
    return found
  }

  /// Whether it matters that a pattern never matches: what it was meant for is empty.
  ///
  /// That is so between two symbols, if the earlier pattern is in the same output section or nothing is left
  /// between them. Other such patterns are leftovers, or say where sections would go if nobody had taken
  /// them.
  func emptiesTable(_ earlier: PlacedPattern, _ later: PlacedPattern) -> Bool {
    guard earlier.stretch != later.stretch, name(later.output) != "/DISCARD/" else { return false }
    guard isBetweenSymbols(later) else { return false }
    if earlier.output == later.output { return true }
    let stretch = patterns.filter { $0.stretch == later.stretch }
    let emptied = shadowedPatterns.count { $0.later.stretch == later.stretch }
    return emptied == stretch.count
  }

  private func isBetweenSymbols(_ pattern: PlacedPattern) -> Bool {
    guard let step = program.steps.firstIndex(where: { $0.span == pattern.statement }) else {
      return false
    }
    let isInput = { (index: Int) in
      if case .inputs = program.steps[index].action { true } else { false }
    }
    let before = program.steps[..<step].indices.last { !isInput($0) }
    let after = program.steps[step...].indices.first { !isInput($0) }
    return [before, after].allSatisfy { $0.map(takesLocationCounter) == true }
  }

  private func shadow(
    of pattern: PlacedPattern, _ literals: [[UInt8]: [Int]], _ wild: [Int]
  ) -> Int? {
    let same = pattern.section.literal.flatMap { literals[$0] } ?? []
    // Common symbols have a section of their own, which only its name surely takes.
    let isCommon = pattern.text == Array("COMMON".utf8)
    let takesAll = { (index: Int) in
      (!isCommon || patterns[index].text == pattern.text) && patterns[index].takesAll(of: pattern)
    }
    let literal = same.prefix(Self.comparedPatterns).first(where: takesAll)
    return [literal, wild.first(where: takesAll)].compactMap { $0 }.min()
  }
}
