// Patterns against fnmatch(3), and containment against every short name.

import Glibc
import LdsParser
import TestSupport
import Testing

@testable import Constraints

struct GlobTests {
  private static let pieces = [
    "a", "b", "*", "?", "[ab]", "[!a]", "[a-b]", ".", "\\*", "[[:alpha:]]", "[\\].]",
    "[^[:punct:]b]",
  ]
  private static let alphabet = Array("ab.*".utf8)

  /// Every name of up to five bytes.
  private static let names: [[UInt8]] = {
    var all: [[UInt8]] = [[]]
    var last: [[UInt8]] = [[]]
    for _ in 0..<5 {
      last = last.flatMap { name in alphabet.map { name + [$0] } }
      all += last
    }
    return all
  }()

  private static func pattern(_ random: inout SeededGenerator) -> String {
    (0..<Int.random(in: 0...4, using: &random))
      .map { _ in pieces.randomElement(using: &random) ?? "a" }.joined()
  }

  @Test func matchesAsFnmatchDoes() {
    var random = SeededGenerator(seed: 6)
    for _ in 0..<300 {
      let text = Self.pattern(&random)
      let glob = Glob(Array(text.utf8))
      for name in Self.names.prefix(341) {
        let word = String(decoding: name, as: UTF8.self)
        let expected = unsafe fnmatch(text, word, 0) == 0
        #expect(glob.matches(name) == expected, "'\(text)' and '\(word)'")
      }
    }
  }

  /// What is said to be contained is; what is said not to be has a name that shows it.
  @Test func containmentIsExact() {
    var random = SeededGenerator(seed: 60)
    var contained = 0
    for _ in 0..<3000 {
      let (outer, inner) = (Self.pattern(&random), Self.pattern(&random))
      let (wide, narrow) = (Glob(Array(outer.utf8)), Glob(Array(inner.utf8)))
      let escapes = Self.names.contains { narrow.matches($0) && !wide.matches($0) }
      let holds = wide.contains(narrow)
      #expect(!(holds && escapes), "'\(outer)' does not contain '\(inner)'")
      if holds { contained += 1 }
      // The first bytes decide without a walk: a set of one byte may be taken for more.
      if !holds, !inner.contains("[") { #expect(escapes, "'\(outer)' contains '\(inner)'") }
    }
    #expect(contained > 100)
  }

  /// GNU ld compares a name without wildcards byte for byte (ldlang.c, wildcardp).
  @Test func aBackslashAloneIsAByte() {
    #expect(Glob(Array("a\\b".utf8)).matches(Array("a\\b".utf8)))
    #expect(!Glob(Array("a\\b".utf8)).matches(Array("ab".utf8)))
  }

  @Test(arguments: [
    ("*libx.a:*", "*libx.a:obj.*", true), ("*obj.*", "*libx.a:obj.*", true),
    ("*libx.a*", "*libx.a:obj.*", true), ("*a*o", "*libx.a:obj.c", false),
    ("*libx.a:obj.*", "*libx.a", false), (":obj.o", "obj.o", false), ("obj.o", ":obj.o", true),
    (":obj.*", ":obj.o", true), ("*:*", "*", false), ("*libx.a:", "*libx.a:obj.o", true),
    ("*x.a:o*.o", "*libx.a:obj.o", true), ("*x.a:o*.o", "*libx.a:bj.o", false),
  ]) func filesOfArchives(_ outer: String, _ inner: String, _ expected: Bool) {
    var steps = 1 << 20
    let contains = InputFilePattern(Array(outer.utf8))
      .contains(InputFilePattern(Array(inner.utf8)), steps: &steps)
    #expect(contains == expected, "\(outer) \(inner)")
  }

  @Test func manyStarsEnd() {
    func stars(_ count: Int, _ text: String) -> Glob {
      Glob(Array(String(repeating: text, count: count).utf8))
    }
    let many = stars(200, "*a")
    // Each state of one against each of the other: four times the work for twice the length, not twice for each star.
    var answers: Set<Bool> = []
    let growth = WorkTime.excess(
      over: 16, { answers.insert(stars(50, "*a").contains(stars(50, "*ab"))) },
      { answers.insert(many.contains(stars(200, "*ab"))) })
    #expect(growth == nil, "\(growth ?? 0)")
    // Names of the second end in b.
    #expect(answers == [false])
    #expect(Glob(Array("*".utf8)).contains(many))
  }
}
