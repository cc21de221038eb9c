// Input that would never end, or would fill the memory: a located message, in time that grows with the input.

import LdsParser
import TestSupport
import Testing

@Suite struct HostileScriptTests {
  /// Doubling: each macro calls the one before twice.
  private static func bomb(_ levels: Int) -> String {
    "#define b0 x x\n"
      + (1...levels).map { "#define b\($0) b\($0 - 1) b\($0 - 1)\n" }.joined() + "b\(levels)\n"
  }

  private func expectLimit(_ expansion: Expansion, _ part: String) {
    let errors = expansion.script.diagnostics.filter { $0.id == "preprocessor-limit" }
    #expect(errors.count == 1)
    #expect(errors.first?.message.contains(part) == true)
    #expect(errors.first?.span != nil)
  }

  @Test func stopsMacroBombs() {
    expectLimit(
      Expansion(Self.bomb(60)) { $0.expansionLimit = 50_000 }, "more than 50000 macro expansions")
    let wide = "#define a(x) x x x x x x x x x x x x x x x x\n"
    expectLimit(
      Expansion(
        wide + String(repeating: "a(", count: 12) + "y" + String(repeating: ")", count: 12)),
      "tokens")
    let strings = "#define s(x) #x\n#define t(x) s(x)\n#define u(x) x##x\n#define v(x) u(x)\n"
    let nest = String(repeating: "v(", count: 40) + "y" + String(repeating: ")", count: 40)
    expectLimit(
      Expansion(strings + nest) { $0.pastedBytesLimit = 1 << 20 }, "more than 1 MiB of text")
  }

  @Test func stopsRecursiveIncludes() {
    expectLimit(
      Expansion("#include \"a.h\"", files: ["a.h": "x\n#include \"a.h\"\n"]), "nested deeper")
    expectLimit(
      Expansion(
        "#include \"a.h\"",
        files: [
          "a.h": "#if __INCLUDE_LEVEL__ < 40\n#include \"a.h\"\n#include \"a.h\"\n#endif\n"
        ]), "files included")
  }

  @Test func stopsAChainOfPastes() {
    let chain = String(repeating: "a##", count: 20_000)
    expectLimit(
      Expansion("#define c \(chain)a\nc\n") { $0.pastedBytesLimit = 1 << 20 },
      "more than 1 MiB of text")
  }

  @Test func stopsDefinitionsWithoutEnd() {
    let pairs = String(repeating: "#undef A\n#define A 1\n", count: 600)
    let includes = String(repeating: "#include \"a.h\"\n", count: 17)
    expectLimit(
      Expansion(includes, files: ["a.h": pairs]) { $0.definitionsLimit = 10_000 },
      "10000 macros defined")
    let below = String(repeating: "#include \"a.h\"\n", count: 16)
    let expansion = Expansion(below + "A", files: ["a.h": pairs]) { $0.definitionsLimit = 10_000 }
    #expect(expansion.line == "1")
  }

  @Test func stopsTextWithoutEnd() {
    let words = String(repeating: "x ", count: 2000)
    let includes = String(repeating: "#include \"a.h\"\n", count: 21)
    expectLimit(
      Expansion(includes, files: ["a.h": words]) { $0.expandedTokensLimit = 40_000 },
      "more than 40000 tokens of expanded text")
    let below = String(repeating: "#include \"a.h\"\n", count: 20)
    let expansion = Expansion(below, files: ["a.h": words]) { $0.expandedTokensLimit = 40_000 }
    #expect(expansion.messages == [])
    let comment = "/*" + String(repeating: "x", count: 128 << 10) + "*/"
    let many = String(repeating: "#include \"a.h\"\n", count: 17)
    expectLimit(
      Expansion(many, files: ["a.h": comment]) { $0.preprocessedBytesLimit = 2 << 20 },
      "more than 2 MiB of included text")
    // The script itself may be long.
    let long = Expansion(String(repeating: comment, count: 17)) {
      $0.preprocessedBytesLimit = 2 << 20
    }
    #expect(long.messages == [])
  }

  @Test func stopsWaysToTheCaller() {
    // Every __LINE__ leads through all of the chain.
    let depth = 500
    let chain = (0..<depth).map { "#define m\($0) m\($0 + 1)\n" }.joined()
    let lines = String(repeating: "__LINE__ ", count: 210)
    expectLimit(
      Expansion("\(chain)#define m\(depth) \(lines)\nm0\n") { $0.callerStepsLimit = 100_000 },
      "100000 steps from macro calls to their callers")
  }

  /// Each question is asked of all answers so far: four times as many cost four times the work, not sixteen.
  @Test func asksManyAnswersInProportion() {
    func ask(_ count: Int) {
      let answers = (0..<count).map { "#assert m(a\($0))\n" }.joined()
      #expect(Expansion(answers + "#if #m(a\(count - 1))\nyes\n#endif\n").line == "yes")
    }
    let growth = WorkTime.excess(over: 9, { ask(5000) }, { ask(20_000) })
    #expect(growth == nil, "\(growth ?? 0) times the time")
  }

  @Test func boundsNesting() {
    let deep = String(repeating: "(", count: 100_000)
    let condition = Expansion("#if \(deep)1\nx\n#endif\n")
    #expect(condition.messages == ["1: error: the condition is nested deeper than 256"])
    let nested = "#define f(x) x\n" + String(repeating: "f(", count: 1000)
    expectLimit(
      Expansion(nested + "1" + String(repeating: ")", count: 1000)), "nested in arguments")
    let unary = Expansion("#if \(String(repeating: "-", count: 100_001))1\nx\n#endif\n")
    #expect(unary.line == "")
    expectLimit(Expansion(String(repeating: "#if 1\n", count: 20_000)), "conditionals nested")
  }

  @Test func locatesWhatIsNotClosed() {
    #expect(Expansion("a /* b\nc").messages == ["1: error: the comment is not closed"])
    #expect(
      Expansion("#define f(x) x\nf(1\n2").messages
        == ["2: error: the argument list of macro 'f' is not closed"])
    #expect(
      Expansion("#if 1\n#if 0\n").messages == [
        "2: error: the conditional is not closed by #endif",
        "1: error: the conditional is not closed by #endif",
      ])
  }

  @Test func survivesAnything() {
    var random = SeededGenerator(seed: 7)
    let pieces = [
      "#", "##", "define ", "if ", "else\n", "endif\n", "include ", "f(", ")", ",", "x", "\"", "'",
      "\\", "\n", "\\\n", "/*", "*/", "//", "(", "__VA_ARGS__", "__VA_OPT__", "...", "defined ",
      "_Pragma(", "#pragma push_macro(\"x\")\n", "__has_include(", "<", ">",
      "\n#define f(x) x#x##x\n",
      "\n#if ", "\n#define x f(x\n", "\u{0}", "é", "1e+", "L'", "\n#line 9999999999\n",
      "\n#undef x\n",
    ]
    for _ in 0..<Effort.times(500) {
      let text = (0..<random.below(40)).map { _ in random.pick(pieces) ?? "" }.joined()
      let inC = random.once(in: 2)
      let expansion = Expansion(text, files: ["x": text]) {
        $0.language = inC ? .c : .assembler
        $0.missingIncludes = inC ? .error : .tolerate
        $0.predefined = .none
      }
      #expect(expansion.sources.buffer(expansion.script.source).count < 1 << 22)
    }
  }
}
