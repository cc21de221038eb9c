// Which input section patterns can match nothing, because an earlier one takes everything they could.

import LdsParser

extension ScriptFacts {
  /// Earlier patterns with wildcards that a pattern is compared with; with more of them it is not compared.
  private static let comparedPatterns = 2048

  /// Pairs of patterns: an earlier one, and one that it leaves nothing to.
  var shadowedPatterns: [(earlier: PlacedPattern, later: PlacedPattern)] {
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
