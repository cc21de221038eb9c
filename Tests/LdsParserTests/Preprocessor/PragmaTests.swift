// `#pragma` and `_Pragma` as gcc has them, line by line.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite(.enabled(if: ExternalTool.has("gcc"), "needs gcc"))
struct PragmaTests {
  static let rows = [
    "a\n#pragma odd one  two /* c */ (three)\nb", "a _Pragma(\"odd thing\") b",
    "_Pragma(\"push_macro(\\\"X\\\")\")\n#undef X\n#define X 2\nX _Pragma(\"pop_macro(\\\"X\\\")\") X",
    "#pragma push_macro(\"N\")\n#define N 1\n#pragma pop_macro(\"N\")\nN",
    "#pragma pop_macro(\"never\")\nX",
    "#pragma push_macro(\"X\")\n#pragma push_macro(\"X\")\n#undef X\n#pragma pop_macro(\"X\")\nX",
    "#define P _Pragma(\"in a macro\") X\np P q", "#define W(x) _Pragma(#x) x\nW(pack(1)) end",
    "_Pragma(\"a \\\"quoted\\\" \\\\ word\") z", "_Pragma ( \"blanks  within\" )\nz",
    "#pragma GCC warning \"mind\"\nz", "x _Pragma(\"GCC warning \\\"mind\\\"\") z",
    "#pragma\nz", "#pragma STDC FP_CONTRACT ON\nz", "x _Pragma(\"once\") y",
    "#if 0\n#pragma GCC error \"no\"\n#endif\nz", "#pragma X X\nX",
  ]

  /// Those at which gcc stops.
  static let faults = [
    "#pragma GCC error \"stop\"\nz", "_Pragma(\"GCC error \\\"stop\\\"\") z", "_Pragma(x) z",
    "_Pragma(\"a\" \"b\") z", "_Pragma(\"a\"", "_Pragma x", "_Pragma",
    "#pragma push_macro(X)", "#pragma pop_macro(X)", "#pragma push_macro \"X\"",
  ]

  private func gcc(_ text: String, _ language: Preprocessor.Language) throws -> ProgramRun {
    let folder = try TemporaryFolder()
    try folder.write("script.lds.S", text)
    let name = language == .c ? "c" : "assembler-with-cpp"
    return try ProgramRun.tool(
      "gcc", ["-E", "-P", "-x", name, "script.lds.S"], folder: folder.path)
  }

  private func lines(_ text: String) -> [String] {
    text.split(separator: "\n").map { Expansion.line(String($0)) }.filter { !$0.isEmpty }
  }

  @Test(arguments: rows, Preprocessor.Language.allCases)
  func standWhereTheCompilerPrintsThem(row: String, language: Preprocessor.Language) throws {
    let script = "#define X 1\n" + row + "\nend X\n"
    let run = try gcc(script, language)
    let expansion = Expansion(script) { $0.language = language }
    #expect(lines(expansion.text) == lines(run.output), "\(row)")
    #expect(run.status == 0 && !expansion.messages.contains { $0.contains("error:") }, "\(row)")
  }

  @Test(arguments: faults, Preprocessor.Language.allCases)
  func stopWhereTheCompilerStops(row: String, language: Preprocessor.Language) throws {
    #expect(try gcc(row + "\n", language).status != 0)
    let messages = Expansion(row + "\n") { $0.language = language }.messages
    #expect(messages.contains { $0.contains("error:") }, "\(row): \(messages)")
  }

  @Test func saysWhatThePragmaSays() {
    let expansion = Expansion(
      "#pragma GCC warning \"mind\"\n_Pragma(\"GCC error \\\"stop\\\"\")\n#pragma push_macro(X)\n")
    #expect(
      expansion.messages == [
        "1: warning: #pragma GCC warning \"mind\"", "2: error: #pragma GCC error \"stop\"",
        "3: error: #pragma needs a macro name in quotes and parentheses",
      ])
  }
}
