// Directives: conditionals, includes, and the odd ones.

import LdsParser
import TestSupport
import Testing

@Suite struct DirectiveTests {
  /// Conditions and whether they hold.
  static let conditions: [(condition: String, isTrue: Bool)] = [
    ("1", true), ("0", false), ("-1 < 0", true), ("-1 < 0u", false), ("1 ? 2 : 0", true),
    ("0 ? 1/0 : 1", true), ("0 && 1/0", false), ("1 || 1/0", true), ("2 + 3 * 4 == 14", true),
    ("(2 + 3) * 4 == 20", true), ("-7 / 2 == -3", true), ("-7 % 2 == -1", true),
    ("-1 >> 1 == -1", true), ("-1u >> 63 == 1", true), ("1 << 63 < 0", true),
    ("0x10 == 16 && 010 == 8 && 0b11 == 3", true), ("10UL == 10ull", true), ("'a' == 97", true),
    ("'\\n' == 10 && '\\x41' == 'A' && '\\101' == 'A'", true), ("'ab' == 24930", true),
    ("undefined_name", false), ("defined A && defined(A) && !defined B", true),
    ("A == 5", true), ("f(2) == 3", true), ("~0 == -1", true), ("!0", true), ("1, 0", false),
    ("18446744073709551615u == -1", true), ("0x8000000000000000 > 0", true),
    ("1 == 1 ? 0 : 1", false), ("1 ? 0 : 1 ? 1 : 1", false), ("5 & 3 | 8 ^ 8", true),
    ("__has_include(\"here.h\") && !__has_include(<gone.h>)", true),
    ("__INCLUDE_LEVEL__ == 0", true),
  ]

  @Test(arguments: conditions.indices)
  func evaluatesConditions(row: Int) {
    let (condition, isTrue) = Self.conditions[row]
    let expansion = Expansion(
      "#define A 5\n#define f(x) (x + 1)\n#if \(condition)\nyes\n#else\nno\n#endif\n",
      files: ["here.h": ""])
    #expect(expansion.line == (isTrue ? "yes" : "no"))
    #expect(expansion.messages == [])
  }

  /// Faulty conditions and what is said of them.
  static let faults: [(condition: String, message: String)] = [
    ("1/0", "division by zero in a condition"), ("1 +", "the condition is not complete"),
    ("", "the condition is not complete"), ("(1", "')' is missing"),
    ("1 2", "an operator is missing before '2'"), ("1.5", "'1.5' is no integer"),
    ("\"x\"", "'\"x\"' cannot stand in a condition"), ("1 ? 2", "':' is missing after '?'"),
    ("g(1)", "'g' is no macro, but is called like one"),
    ("defined 3", "'defined' needs a macro name"),
    ("10x", "'10x' is no integer"),
  ]

  @Test(arguments: faults.indices)
  func reportsFaultyConditions(row: Int) {
    let (condition, message) = Self.faults[row]
    let expansion = Expansion("#if \(condition)\nyes\n#else\nno\n#endif\n")
    #expect(expansion.messages == ["1: error: \(message)"])
    #expect(expansion.line == "no")
  }

  @Test func takesOneBranch() {
    let script = """
      #if 0
      a
      # if 1
      b
      # else
      c
      # endif
      don't /* not a comment
      #elif A
      d
      #elifdef B
      e
      #elifndef C
      f
      #else
      g
      #endif
      """
    #expect(Expansion(script).line == "f")
    #expect(Expansion(script) { $0.definitions = [.define(Array("A".utf8))] }.line == "d")
    #expect(Expansion(script) { $0.definitions = [.define(Array("B".utf8))] }.line == "e")
    #expect(Expansion(script) { $0.definitions = [.define(Array("C".utf8))] }.line == "g")
  }

  @Test func reportsUnbalancedConditionals() {
    let expansion = Expansion("#endif\n#else\n#if 1\n#else\n#else\n#endif\n#ifdef A\n")
    #expect(
      expansion.messages == [
        "1: error: '#endif' without #if", "2: error: '#else' without #if",
        "5: error: '#else' after #else", "7: error: the conditional is not closed by #endif",
      ])
  }

  @Test func searchesIncludesAsGccDoes() {
    let files = [
      "a/x.h": "ax", "b/x.h": "bx\n#include_next <x.h>", "c/x.h": "cx", "q/y.h": "qy",
      "sub/z.h": "#include \"w.h\"", "sub/w.h": "subw", "a/w.h": "aw", "pre.h": "pre",
      "macros.h": "printed\n#define M 9\n",
    ]
    let expansion = Expansion(
      "#include <x.h>\n#include \"y.h\"\n#define H <x.h>\n#include H\n#include \"sub/z.h\"\nM\n",
      files: files
    ) { options in
      options.quoteFolders = [FilePath("q")]
      options.folders = [FilePath("b")]
      options.systemFolders = [FilePath("c"), FilePath("a")]
      options.includedFiles = [FilePath("pre.h")]
      options.macroFiles = [FilePath("macros.h")]
    }
    #expect(expansion.line == "pre bx cx qy bx cx subw 9")
    #expect(expansion.messages == [])
    let names = expansion.script.files.map { expansion.sources.buffer($0).path.display }
    #expect(
      names == [
        "script.lds.S", "macros.h", "pre.h", "b/x.h", "c/x.h", "q/y.h", "sub/z.h", "sub/w.h",
      ])
  }

  @Test func readsGuardedFilesOnce() {
    let files = [
      "guard.h": "/* c */\n#ifndef G\n#define G\ntext\n#endif\n",
      "once.h": "#pragma once\nmore\n", "plain.h": "again\n",
    ]
    let names = ["guard", "once", "plain"]
    let script = (names + names).map { "#include \"\($0).h\"\n" }.joined()
    #expect(Expansion(script, files: files).line == "text more again again")
  }

  @Test func saysWhichIncludeIsMissing() {
    let strict = Expansion("\n#include \"no.h\" /* c */\nx\n")
    #expect(strict.messages == ["2: error: include file 'no.h' is not found"])
    #expect(strict.line == "x")
    let tolerant = Expansion("#include <no.h>\nx\n") { $0.missingIncludes = .tolerate }
    #expect(tolerant.messages == ["1: warning: include file 'no.h' is not found"])
    #expect(tolerant.script.missingIncludes.map(\.path.display) == ["no.h"])
  }

  @Test func passesMessagesOn() {
    let expansion = Expansion(
      "#warning mind   this\n#error \"don't\"\n#ident \"x\"\n#pragma odd\nz")
    #expect(
      expansion.messages == ["1: warning: #warning mind this", "2: error: #error \"don't\""])
    #expect(expansion.line == "z")
  }
}
