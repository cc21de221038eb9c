// Faulty directives: an error exactly where gcc has one.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite(.enabled(if: ExternalTool.has("gcc"), "needs gcc"))
struct CompilerFaultTests {
  static let rows = [
    "#define f(a b) a", "#define f(a,a) a", "#define f(a,) a", "#define f(a,...,b) a",
    "#define f(a... b) a", "#define f(1) a", "#define f(", "#define f(a", "#define x a ##",
    "#define x ## a", "#define f(a) a ##", "#define f(a) #", "#define f(a) # b", "#define f(a) # a",
    "#define f(...) __VA_OPT__ x", "#define f(...) __VA_OPT__(x", "#define f(...) __VA_OPT__()",
    "#define f(...) __VA_OPT__(a __VA_OPT__(b))", "#define f(...) __VA_OPT__(## a)",
    "#define defined 1", "#define", "#define 3 4", "#undef", "#undef 3", "#undef a b",
    "#ifdef\n#endif", "#ifdef 3\n#endif", "#ifndef (\n#endif", "#ifdef a b\n#endif",
    "#if defined(X\n#endif", "#if defined X\n#endif", "#if defined(\n#endif",
    "#if defined()\n#endif",
    "#if __has_include(\"x\"\n#endif", "#if __has_include(<x\n#endif", "#if __has_include\n#endif",
    "#if 7u / 2u == 3u && 7u % 4u == 3u\nyes\n#endif", "#if 1u / 0u\n#endif", "#if 1 % 0\n#endif",
    "#if 1 ? 2\n#endif", "#if 1 2\n#endif", "#if 08\n#endif", "#if 1.0\n#endif",
    "#if 'ab' == 24930\nyes\n#endif",
    "#if \"s\"\n#endif", "#if 1 == L'\\1'\nyes\n#endif", "#if 0x\n#endif", "#if (1\n#endif",
    "#if 1)\n#endif", "#if ~0 == -1 && !0\nyes\n#endif", "#if 1, 2\n#endif", "#if =\n#endif",
    "#if 18446744073709551615 == -1\nyes\n#endif", "#if 18446744073709551616\n#endif",
    "#elif 1", "#else", "#endif", "#if 1\n#else\n#elif 1\n#endif", "#if 1\n#else\n#else\n#endif",
    "#if 1\n#elif\n#endif", "#if 0\n#elif\n#endif", "#if 0\n#else x\n#endif y", "#if 1",
    "#include", "#include x", "#include <x", "#include \"x", "#include <>", "#include \"\"",
    "#line", "#line 0", "#line x", "#line 5 \"n.h\"\n__LINE__ __FILE__", "#line 5 n",
    "#line 4294967296", "#nothing", "#error", "#error a b", "#warning", "#define f(a) a\nf(1,2)",
    "#define f(a) a\nf(", "#define f(a,b) a\nf(1)", "#define f() 1\nf(2)", "#define f() 1\nf()",
    "#define c(a,b) a##b\nc(+,-)", "#define c(a,b) a##b\nc(+,+)", "__VA_ARGS__", "__VA_OPT__",
    "__BASE_FILE__", "__FILE__ __INCLUDE_LEVEL__", "#define __FILE__ 1", "#undef __COUNTER__",
    "#ifdef __COUNTER__\nyes\n#endif", "#if __COUNTER__ == 0 && __COUNTER__ == 1\nyes\n#endif",
    "#define f(a) a\n#if f(\n#endif", "/* open", "\"open", "'open", "#import \"nosuch\"",
    "#include_next \"nosuch\"", "#ident \"a\"", "#ident", "#sccs \"a\"", "#assert", "#unassert",
  ]

  @Test(arguments: rows, Preprocessor.Language.allCases)
  func areErrorsWhereTheCompilerHasOne(row: String, language: Preprocessor.Language) throws {
    let folder = try TemporaryFolder()
    try folder.write("script.lds.S", row + "\n")
    let name = language == .c ? "c" : "assembler-with-cpp"
    let run = try ProgramRun.tool(
      "gcc", ["-E", "-P", "-x", name, "script.lds.S"], folder: folder.path)
    let expansion = Expansion(row + "\n") { $0.language = language }
    let hasError = expansion.messages.contains { $0.contains("error:") }
    #expect(hasError == (run.status != 0), "\(row)\n\(run.errors)\n\(expansion.messages)")
    if run.status == 0 { #expect(expansion.line == Expansion.line(run.output), "\(row)") }
  }

  @Test func datesAreUnknownSoThatResultsCanBeRepeated() {
    let expansion = Expansion("__DATE__ __TIME__\n__TIMESTAMP__\n")
    #expect(expansion.line == #""??? ?? ????" "??:??:??" "??? ??? ?? ??:??:?? ????""#)
    let end = "is taken as unknown, so that results can be repeated"
    #expect(
      expansion.messages == [
        "1: note: '__DATE__' \(end)", "1: note: '__TIME__' \(end)",
        "2: note: '__TIMESTAMP__' \(end)",
      ])
  }

  /// Folder flags, and the order in which gcc then finds the four files `x.h`.
  @Test(arguments: [
    "-Ione -isystem two -iquote three -idirafter four", "-idirafter one -isystem two -I three",
    "-iquote one -idirafter two -I four", "-isystem three -isystem two -iquotefour",
    "-iprefix ./ -iwithprefix one -iwithprefixbefore two", "-isysroot / -Ithree -imacros m.h",
    "-include m.h -I two", "-imacros m.h -isystemone -idirafterone -Itwo",
  ])
  func foldersAreSearchedAsTheCompilerDoes(flags: String) throws {
    let folder = try TemporaryFolder()
    var files = ["m.h": "#define M 7\nseen\n"]
    for name in ["one", "two", "three", "four", "last"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(name), withIntermediateDirectories: true)
      files["\(name)/x.h"] = "\(name)\n#if __has_include_next(<x.h>)\n#include_next <x.h>\n#endif\n"
    }
    // In the last folder gcc takes it for a fault to ask for the next.
    files["last/x.h"] = "last\n"
    let flags = flags + " -idirafter last"
    for (name, text) in files { try folder.write(name, text) }
    let script = "#include \"x.h\"\n#if __has_include(<x.h>)\n#include <x.h>\n#endif\nM\n"
    try folder.write("script.lds.S", script)
    let run = try ProgramRun.shell("gcc -E -P -nostdinc \(flags) script.lds.S", folder: folder.path)
    let command = try KbuildCommand(
      Array("gcc -E -P -nostdinc \(flags) script.lds.S -o script.lds\n".utf8),
      path: FilePath("line"))
    let expansion = Expansion(script, files: files) { $0 = command.options }
    #expect(run.status == 0)
    #expect(expansion.line == Expansion.line(run.output))
    #expect(expansion.messages == [])
  }
}
