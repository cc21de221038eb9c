// "Did you mean" finds slips of the finger and nothing else.

import Testing

import LdsParser
@testable import lds_check

struct SuggestionTests {
  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("", "abc", 3), ("eval", "eval", 0), ("evla", "eval", 1),
    ("kitten", "sitting", 3), ("flaw", "lawn", 2),
  ])
  func distance(_ left: String, _ right: String, _ expected: Int) {
    #expect(Suggestion.editDistance(Array(left.utf8), Array(right.utf8)) == expected)
    #expect(Suggestion.editDistance(Array(right.utf8), Array(left.utf8)) == expected)
  }

  @Test func nearestWins() {
    let names = ["lint", "eval", "explain", "superpages", "parse", "symbols", "rules"]
    #expect(Suggestion.nearest(to: "evla", among: names) == "eval")
    #expect(Suggestion.nearest(to: "superpage", among: names) == "superpages")
    #expect(Suggestion.nearest(to: "explian", among: names) == "explain")
    #expect(Suggestion.nearest(to: "x", among: names) == nil)
    #expect(Suggestion.nearest(to: "check", among: names) == nil)
  }

  @Test func hugeNamesCostNothing() {
    let huge = String(repeating: "a", count: 1_000_000)
    #expect(Suggestion.nearest(to: huge, among: ["eval"]) == nil)
  }
}
