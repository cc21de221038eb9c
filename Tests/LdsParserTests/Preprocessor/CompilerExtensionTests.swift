// What gcc has beyond the standard, and what it has only in some modes: the same answers as the real gcc.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite(.enabled(if: ExternalTool.has("gcc"), "needs gcc"))
struct CompilerExtensionTests {
  private static let assertions = [
    "#assert machine(x86)\n#if #machine(x86)\nyes\n#endif\n#if #machine\nany\n#endif",
    "#if #machine(arm)\nyes\n#elif !#machine (nope)\nno\n#endif",
    "#if #system(linux) && # cpu ( x86_64 ) + 1 == 2 && #machine(x86_64)\nyes\n#endif",
    "#assert m(a b (c))\n#if #m(a  b (c)\nyes\n#endif\n#if #m(a b(c)\nyes\n#endif",
    "#assert m(a) extra\n#assert m(b)\n#unassert m(a)\n#if #m(a) || !#m(b)\nbad\n#else\nok\n#endif",
    "#assert m(a)\n#assert m(b)\n#unassert m\n#if #m\nbad\n#endif\n#unassert m\n#unassert q(x)",
    "#define X y\n#assert X(a)\n#if #X(a)\nX\n#endif\n#if #y(a)\ny\n#endif\n#undef X",
    "#define X y\n#assert m(X)\n#if #m(X)\nX\n#endif\n#if #m(y)\ny\n#endif\n#undef X",
    "#define T #machine(z)\n#assert machine(z)\n#if T\nyes\n#endif\n#undef T",
    "#if !#nobody\nnobody\n#endif",
    "#assert m\n#assert m()\n#assert 1(x)\n#assert\n#if #m\nbad\n#else\nnone\n#endif",
    "#if #\nbad\n#else\nno\n#endif\n#if #m(\nbad\n#else\nno\n#endif\n#if #1\nbad\n#endif",
    "#assert m(a)\n#unassert m()\n#unassert m x\n#if #m(a)\nstill\n#endif",
    "#if 0\n#assert m(a)\n#endif\n#if #m(a)\nbad\n#endif",
  ]

  private static let features = ["embed", "c_attribute", "cpp_attribute", "attribute", "builtin"]
    .flatMap { name in
      [
        "packed", "__packed__", "fallthrough", "nodiscard", "gnu::packed", "__gnu__::__aligned__",
        "zork", "gnu::zork", "memcpy", "__builtin_expect", "__sync_synchronize", "zork::packed",
      ].map { "#ifdef __has_\(name)\n__has_\(name)(\($0))\n#else\nnone\n#endif" }
    }

  private static let others = [
    "#embed \"here.h\"\nx", "#if defined __has_embed\nyes\n#endif",
    "#if __has_include(\"here.h\") + __has_include(\"gone.h\") == 1\nyes\n#endif",
    "#if __has_include_next(\"gone.h\")\nyes\n#else\nno\n#endif",
    "#ifdef __has_include_next\nyes\n#endif",
    "#if __has_include(here.h)\nyes\n#else\nno\n#endif",
    "#define H \"here.h\"\n#if __has_include(H)\nyes\n#endif\n#undef H",
    "#if __has_include \"here.h\"\nyes\n#endif",
  ]

  private static let optional = [
    "#define f(x, ...) a __VA_OPT__(,) x __VA_OPT__ ( b c ) d",
    "#define f(x, ...) x##__VA_OPT__(y)z",
    "#define f(x, ...) __VA_OPT__(x)##x", "#define f(x, ...) <__VA_OPT__( x )>",
    "#define f(x, ...) __VA_OPT__(a x ## x)__VA_OPT__(-)x", "#define f(x, ...) - __VA_OPT__(-)- x",
    "#define f(x, ...) __VA_OPT__() x", "#define f(x, ...) +__VA_OPT__()+ x",
    "#define f(x, ...) __VA_OPT__((x) (__VA_ARGS__))", "#define f(x, ...) x __VA_OPT__(x ## )",
    "#define f(x, ...) #__VA_OPT__(x  y) z", "#define f(x, ...) +__VA_OPT__(+)+ __VA_ARGS__",
  ].flatMap { line in
    ["f(1)", "f(1,)", "f(1,2)", "f(,)", "f()", "f(,e)", "f(e,e)", "+f(-, e e)+", "f(f(1),f(2,3))"]
      .map { "#define e\n\(line)\n\($0)\n#undef e\n#undef f" }
  }

  private static let trigraphs = [
    "??=define A(x) ??=x\nA(1) ??( ??) ??< ??> ??! ??' ??- ??/\nnext\n??=undef A",
    "a??(b \"??=a??/\"b\" ??? ??x ???( a??=??=b", "/* ??/\n *??/\n/ a // b ??/\n c\nd",
    "#define P(a) a??=??=a\nP(1)\n#undef P", "a ??/ \nb 1??/\n2 ??",
    "#if 1 ??!??! 0\nyes\n??=endif",
    "#if 0\n??=else\nno\n#endif", "'??''", "<a??>",
  ]

  /// Cases between `@@` lines, blanks and line ends as one blank.
  private func compare(
    _ scripts: [String], _ language: Preprocessor.Language, flags: [String] = []
  ) throws {
    let folder = try TemporaryFolder()
    let here = ["here.h": "here\n"]
    try folder.write("here.h", here["here.h"] ?? "")
    try folder.write("script.lds.S", scripts.joined(separator: "\n@@\n") + "\n")
    let name = language == .c ? "c" : "assembler-with-cpp"
    let theirs = try ProgramRun.tool(
      "gcc", ["-E", "-P", "-w", "-x", name] + flags + ["script.lds.S"],
      folder: folder.path
    ).output.components(separatedBy: "@@").map { Expansion.line($0) }
    let line = "gcc -E -P \(flags.joined(separator: " ")) -x \(name) -o script.lds script.lds.S\n"
    let command = try KbuildCommand(Array(line.utf8), path: FilePath("line"))
    let whole = Expansion(scripts.joined(separator: "\n@@\n") + "\n", files: here) {
      $0 = command.options
    }
    let ours = whole.text.components(separatedBy: "@@").map { Expansion.line($0) }
    #expect(theirs.count == scripts.count)
    #expect(ours.count == scripts.count)
    for (script, (our, their)) in zip(scripts, zip(ours, theirs)) where our != their {
      Issue.record("\(script)\ngcc: \(their)\nour: \(our)")
    }
  }

  @Test(arguments: Preprocessor.Language.allCases)
  func assertsLikeTheCompiler(language: Preprocessor.Language) throws {
    for script in Self.assertions { try compare([script], language) }
  }

  @Test(arguments: Preprocessor.Language.allCases)
  func hasTheFeaturesOfTheCompiler(language: Preprocessor.Language) throws {
    try compare(Self.features + Self.others, language)
  }

  @Test(arguments: Preprocessor.Language.allCases)
  func spacesOptionalTextLikeTheCompiler(language: Preprocessor.Language) throws {
    try compare(Self.optional, language)
  }

  @Test(arguments: [
    [], ["-trigraphs"], ["-std=c11"], ["-std=gnu11"], ["-ansi"], ["-std=c2x"],
    ["-trigraphs", "-std=gnu11"],
  ])
  func readsTrigraphsWhereTheCompilerDoes(flags: [String]) throws {
    for language in Preprocessor.Language.allCases {
      for script in Self.trigraphs { try compare([script], language, flags: flags) }
    }
  }
}
