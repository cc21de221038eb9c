// Macro expansion, rule by rule. The expected texts are what gcc 12 prints; CompilerComparisonTests asks it.

import LdsParser
import TestSupport
import Testing

@Suite struct MacroExpansionTests {
  /// Script and expansion; each row is one rule.
  static let rows: [(script: String, expected: String)] = [
    ("#define A 1\nA a A1 A.A \"A\" 'A'", "1 a A1 1 . 1 \"A\" 'A'"),
    ("#define f(x) [x]\nf(1) f (2) f f(3)", "[1] [2] f [3]"),
    ("#define f(x,y) x-y\nf(1,2) f((1,2),3) f(,) f(a,)", "1 -2 (1,2)-3 - a-"),
    ("#define e()\n<e()>", "<>"),
    // Self-reference and rescanning: ISO C 6.10.3.5 example 3.
    ("#define x x+1\nx", "x+1"),
    ("#define f(a) a*g\n#define g(a) f(a)\nf(2)(9)", "2*9*g"),
    (
      """
      #define x 3
      #define f(a) f(x * (a))
      #undef x
      #define x 2
      #define g f
      #define z z[0]
      #define h g(~
      #define m(a) a(w)
      #define w 0,1
      #define t(a) a
      f(y+1) + f(f(z)) % t(t(g)(0) + t)(1);
      g(x+(3,4)-w) | h 5) & m
      (f)^m(m);
      """,
      "f(2 * (y+1)) + f(2 * (f(2 * (z[0])))) % f(2 * (0)) + t(1);"
        + " f(2 * (2 +(3,4)-0,1)) | f(2 * (~ 5)) & f(2 * (0,1))^m(0,1);"
    ),
    (
      "#define s(x) #x\ns( a  b ) s(\"q\\n\") s('\\0') s() s(\n1\n 2)",
      "\"a b\" \"\\\"q\\\\n\\\"\" \"'\\\\0'\" \"\" \"1 2\""
    ),
    ("#define c(a,b) a##b\nc(x,1) c(,y) c(z,) c(,) c(1,.5) .c(.,.)", "x1 y z 1.5 . . ."),
    ("#define v(x,...) f(x, ## __VA_ARGS__)\nv(1) v(1,) v(1,2,3)", "f(1) f(1,) f(1,2,3)"),
    ("#define g(args...) f(args)\ng() g(1,2)", "f() f(1,2)"),
    ("#define v(x,...) x __VA_OPT__(+ x)\nv(1) v(1,) v(1,2)", "1 1 1 + 1"),
    ("#define w(x,...) f(x __VA_OPT__(,) __VA_ARGS__)\nw(1) w(1,2)", "f(1 ) f(1 , 2)"),
    // Blanks: where the author left one, and where tokens would join.
    ("#define m -1\n#define p +\nx=-m +p p+ a/m f(m)", "x=- -1 + + + + a/-1 f(-1)"),
    ("#define e\na/e/b a/**/b e a", "a/ /b a b a"),
    (
      "#define i(x) x\ni(a)i(b) i(a)i(1) i(a)i(.) i(.)i(1) i(=)i(=) i(<)i(<)",
      "a b a 1 a. . 1 = = < <"
    ),
    ("#define KB(x) (x << 10)\nf1/2 a=b KB(2)/KB(1)", "f1/2 a=b (2 << 10)/(1 << 10)"),
    // Arguments over several lines, with directives and comments inside.
    ("#define f(x,y) x|y\nf(1, /* , */\n2\n)", "1|2"),
    ("#define f(x) <x>\nf(1\n#define q 7\nq)", "<1 7>"),
    ("#define f(x) <x>\nf\n(1)", "<1>"),
    ("#define A f\n#define f(x) <x>\nA(1) A (2)", "<1> <2>"),
    // Line splices.
    ("#define A 1 \\\n + 2\nA B\\\nC\n#def\\\nine D 4\nD", "1 + 2 BC 4"),
    // Redefinition with another meaning warns and wins.
    ("#define A 1\n#define A 2\nA", "2"),
    (
      "#define A 1\n#pragma push_macro(\"A\")\n#undef A\n#define A 2\nA\n#pragma pop_macro(\"A\")\nA",
      "2 1"
    ),
    (
      "__COUNTER__ __COUNTER__ __LINE__\n__LINE__ __FILE__ __INCLUDE_LEVEL__",
      "0 1 1 2 \"script.lds.S\" 0"
    ),
    ("#define L __LINE__\n#define i(x) x\ni(L\nL) L\n#line 50\nL", "3 4 4 50"),
  ]

  @Test(arguments: rows.indices)
  func expandsAsGccDoes(row: Int) {
    let (script, expected) = Self.rows[row]
    #expect(Expansion(script).line == expected)
  }

  @Test func definesWhatTheCommandLineSays() {
    let expansion = Expansion("A B f(1) U __x86_64__ unix") { options in
      options.definitions = ["A", "B=2 3", "f(x)=<x>", "U=1"].map { .define(Array($0.utf8)) }
      options.definitions.append(.undefine(Array("U".utf8)))
      options.definitions.append(.undefine(Array("unix".utf8)))
    }
    #expect(expansion.line == "1 2 3 <1> U 1 unix")
  }

  @Test func keepsTheAssemblersOwnText() {
    let text = "# not a directive\ndon't A\n'open A\n\"open A\na$A\n"
    #expect(
      Expansion("#define A 1\n" + text).line
        == "# not a directive don't A 'open A \"open A a$1")
    let inC = Expansion("#define A 1\n" + text) { $0.language = .c }
    #expect(inC.line == "don't A 'open A \"open A a$A")
    #expect(inC.messages == ["2: error: '#not' is no directive"])
  }

  @Test func reportsMisuse() {
    let expansion = Expansion(
      """
      #define f(x) x
      f(1,2)
      #define g(x,y) x
      g(1)
      #define 1
      #define h(
      #define k ##
      f(
      """)
    #expect(
      expansion.messages == [
        "2: error: macro 'f' takes 1 arguments, but has 2",
        "4: error: macro 'g' needs 2 arguments, but has 1",
        "5: error: '1' is no macro name",
        "6: error: the parameter list is not closed",
        "7: error: '##' stands at the start of a macro body",
        "8: error: the argument list of macro 'f' is not closed",
      ])
  }
}
