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
