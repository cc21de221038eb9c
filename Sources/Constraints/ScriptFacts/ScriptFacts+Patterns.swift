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

  /// Whether a pattern that never matches stands alone between two symbols, so that their table is empty.
  func isTableEmptied(_ pattern: PlacedPattern) -> Bool {
    guard patterns.count(where: { $0.stretch == pattern.stretch }) == 1,
      let step = program.steps.firstIndex(where: { $0.span == pattern.statement }), step > 0,
      step + 1 < program.steps.count
    else { return false }
    return takesLocationCounter(step - 1) && takesLocationCounter(step + 1)
  }

  private func shadow(
    of pattern: PlacedPattern, _ literals: [[UInt8]: [Int]], _ wild: [Int]
  ) -> Int? {
    let same = pattern.section.literal.flatMap { literals[$0] } ?? []
    let candidates = same.prefix(Self.comparedPatterns) + wild
    // Common symbols have a section of their own, which only its name surely takes.
    let isCommon = pattern.text == Array("COMMON".utf8)
    return candidates.filter { !isCommon || patterns[$0].text == pattern.text }
      .sorted().first { patterns[$0].takesAll(of: pattern) }
  }
}
