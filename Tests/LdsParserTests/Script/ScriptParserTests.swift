// What the parser makes of scripts, and what it says about wrong ones, word for word.

import LdsParser
import TestSupport
import Testing

@Suite struct ScriptParserTests {
  private func parse(_ text: String, version: LinkerVersion = LinkerVersion(2, 40)) -> LinkerScript
  {
    ScriptParser.parse(
      SourceBuffer(name: "s.lds", text: text),
      options: ScriptParser.Options(dialect: LinkerDialect(.bfd, version)))
  }

  /// The marks stand where the errors are.
  private func expectErrors(_ marked: String, _ messages: [String]) {
    let text = MarkedText(marked)
    let errors = parse(text.text).diagnostics.filter { $0.severity == .error }
    #expect(errors.map(\.message) == messages)
    #expect(errors.compactMap { $0.span.map { Int($0.start) } } == text.offsets)
  }

  // MARK: - Messages

  @Test func separators() {
    expectErrors(
      "SECTIONS { ASSERT(1, \"m\")↓; }",
      [
        "';' is not allowed here: directly inside SECTIONS it ends assignments only, and nothing "
          + "follows ASSERT(...), ENTRY(...), INCLUDE or the '}' of an output section"
      ])
    expectErrors("a = 1↓ b = 2;", ["expected ';' or ',' after the assignment, found the name 'b'"])
    expectErrors(
      "SECTIONS { .a : { ASSERT(1, \"m\")↓ } }", ["expected ';' or ',' after ASSERT, found '}'"])
  }

  @Test func namesThatTheBuildReplaces() {
    let rest =
      " is a name that the build replaces: this is the template of a script, which no linker reads as it is; give the "
      + "script that the build makes of it"
    expectErrors(
      "SECTIONS { . = ↓%BASE% + %SIZE%;\n .a : AT(%LOAD%) { *(.a) } }", ["'%BASE%'" + rest])
    expectErrors("x = 1;\n↓@PRE@PROVIDE(y = 1);", ["'@PRE@'" + rest])
    // A remainder is none.
    expectErrors(
      "x = 7 %y% 2↓ z;", ["expected ';' or ',' after the assignment, found the name 'z'"])
  }

  @Test func suffixesOfOtherLanguages() {
    func message(_ text: String) -> String {
      "'\(text)' is no number: it may end in K (times 1024) or M (times 1048576) and in nothing else"
    }
    expectErrors("MEMORY { R : ORIGIN = 0, LENGTH = ↓2G - 32K }", [message("2G")])
    expectErrors("x = ↓64KB;", [message("64KB")])
    expectErrors("ASSERT(x <= ↓0x1000U, \"m\")", [message("0x1000U")])
    expectErrors("x = 64K;", [])
  }

  @Test func versionScripts() {
    expectErrors(
      "V1 ↓{ global: f; local: *; };",
      [
        "this is a version script ('global:' and 'local:' in braces), which --version-script takes and -T does not"
      ])
  }

  @Test func blanksAroundTheEqualsSign() {
    expectErrors(
      "r=5↓;\ns = 6;",
      [
        "found ';', expected '=' after the name; blanks are needed around '=', and section "
          + "descriptions belong into SECTIONS { ... }"
      ])
  }

  @Test func expressions() {
    expectErrors(
      "a = (1 + 2↓;\nb = ↓* 3;\nc = 1;",
      [
        "found ';', expected an operator or ')'",
        "found '*', expected a value: a number, a symbol, a function, '.' or '('",
      ])
    expectErrors("a = MAX(1↓);", ["found ')', expected ',' and the second value of MAX"])
    expectErrors(
      "a = ↓5 / (1 - 1);",
      [
        "'/' by the constant 0; the linker stops here, even where the value is never used"
      ])
    expectErrors(
      "a = 1; ↓/* b /*", ["comment '/*' is not closed before the end of the file, expected '*/'"])
  }

  @Test func locationCounterIsNotProvided() {
    // ld: can not PROVIDE assignment to location counter
    expectErrors(
      "PROVIDE(↓. = 1); SECTIONS { PROVIDE_HIDDEN(↓. = 2); }",
      Array(repeating: "the location counter '.' cannot be provided", count: 2))
  }

  @Test func severalErrorsInOneRun() {
    let script = parse(
      """
      a = ;
      SECTIONS {
        .text : { *(.text }
        .data:{ *(.data) } >RAM
        b = 1;
        .bss : { *(.bss) }
      }
      c = 2;
      d 5;
      e = 3;
      """)
    let lines = script.diagnostics.compactMap {
      $0.span.map { script.sources.position(of: $0).line }
    }
    #expect(lines == [1, 3, 4, 9])
    #expect(ScriptWriter.text(of: script).contains("e = 0x3;"))
  }

  @Test func invalidBytesAreWarnings() {
    let script = parse("r %= 4;")
    #expect(!script.isRefused)
    #expect(
      script.diagnostics.map(\.message) == [
        "character '%' means nothing here; the linker ignores it"
      ])
  }

  @Test func errorsAreBounded() {
    let script = parse(String(repeating: "x y;\n", count: 1000))
    #expect(script.diagnostics.count == Limit.reportedErrors + 1)
    #expect(script.diagnostics.last?.message == "950 more errors are not shown")
  }

  // MARK: - Limits

  @Test(arguments: [
    String(repeating: "(", count: 100_000) + "1" + String(repeating: ")", count: 100_000),
    String(repeating: "-", count: 100_000) + "1", String(repeating: "1?1:", count: 100_000) + "1",
  ])
  func deepExpressionsEndInAnError(text: String) {
    let script = parse("x = \(text);")
    #expect(script.diagnostics.map(\.message) == ["expression nested deeper than 256"])
  }

  @Test func aSumOfManyTermsIsRead() throws {
    // On one level: a parser that called itself for each term would have no stack left.
    let text = "1" + String(repeating: "+1", count: 199_999)
    let (script, expression) = ScriptParser.parseExpression(SourceBuffer(name: "e", text: text))
    let sum = try #require(expression)
    #expect(script.expressions.foldedValue(sum) == 200_000)
  }

  @Test func deepGroupsEndInAnError() {
    let script = parse("SECTIONS {" + String(repeating: "GROUP 0 : {", count: 10_000))
    #expect(script.diagnostics.first?.message == "groups nested deeper than 256")
  }

  // MARK: - INCLUDE

  private struct Files: SourceProvider {
    var files: [String: String]

    func open(_ path: FilePath) throws(ReadError) -> SourceBuffer? {
      files[path.display].map { SourceBuffer(name: path.display, text: $0) }
    }
  }

  private func include(_ text: String, _ files: [String: String]) -> LinkerScript {
    ScriptParser.parse(
      SourceBuffer(name: "main.lds", text: text),
      options: ScriptParser.Options(searchPaths: [FilePath("lib")]),
      provider: Files(files: files))
  }

  @Test func includeSearchesThePaths() throws {
    let script = include(
      "INCLUDE a.ld\nSECTIONS { .t : { INCLUDE b.ld } }\nz = 3;",
      ["lib/a.ld": "x = 1;", "b.ld": "*(.b)\ny = 2 +;"])
    let error = try #require(script.diagnostics.first)
    let span = try #require(error.span)
    let position = script.sources.position(of: span)
    #expect(position.path == FilePath("b.ld"))
    #expect(position.line == 2)
    #expect(
      ScriptWriter.text(of: script).hasPrefix("x = 0x1;\nSECTIONS\n{\n  .t :\n  {\n    *(.b)\n"))
    #expect(script.diagnostics.count == 1)
  }

  @Test func includeFaults() {
    #expect(include("INCLUDE nope", [:]).diagnostics.map(\.id) == ["include-not-found"])
    #expect(include("INCLUDE a", ["a": "INCLUDE a"]).diagnostics.map(\.id) == ["include-cycle"])
    let chain = Dictionary(uniqueKeysWithValues: (0..<20).map { ("f\($0)", "INCLUDE f\($0 + 1)") })
    #expect(include("INCLUDE f0", chain).diagnostics.map(\.id) == ["include-depth"])
    #expect(include("INCLUDE a", ["a": "SECTIONS {"]).isRefused)
  }

  // MARK: - Places

  @Test func lineMarkersLeadBackToTheAuthorsFile() throws {
    let script = parse("# 1 \"xen.lds.S\"\n# 40 \"inc\\\"x.h\" 2\nok = 1;\nbad = ;\n")
    let span = try #require(script.diagnostics.first?.span)
    let position = script.sources.position(of: span)
    #expect(position == SourcePosition(path: FilePath("inc\"x.h"), line: 41, column: 7))
  }

  @Test func statementsKnowTheirText() throws {
    let text = "a = 1 + 2 ; SECTIONS { .t : { *(.t) } >R , b += (c) * 2; } ASSERT(a, \"m\") ;"
    let script = parse(text)
    func texts(_ statements: [Statement]) -> [String] {
      statements.map { script.sources.buffer($0.span.source).text(in: $0.span.range) }
    }
    #expect(
      texts(script.statements) == [
        "a = 1 + 2", "SECTIONS { .t : { *(.t) } >R , b += (c) * 2; }", "ASSERT(a, \"m\")", ";",
      ])
    guard case .sections(let inner) = script.statements[1].kind else {
      Issue.record("no SECTIONS")
      return
    }
    #expect(texts(inner) == [".t : { *(.t) } >R", "b += (c) * 2"])
  }

  // MARK: - Expressions

  @Test(arguments: [
    ("1 || 0 && 0", "0x1"), ("2 & 3 == 3", "0x0"), ("1 << 2 + 1", "0x8"), ("5 < 6 < 1", "0x0"),
    ("1?0?4:5:6", "0x5"), ("1?2:0?3:4", "0x2"), ("0?2:3+1", "0x4"), ("-5/2", "0xfffffffffffffffe"),
    ("MAX(3, 4) + LOG2CEIL(5)", "0x7"), ("a - b - c", "a - b - c"), ("a - (b - c)", "a - (b - c)"),
    ("!(_start & (((2) << 20) - 1))", "!(_start & 0x1fffff)"),
    ("(a?b:c)?d:e", "(a ? b : c) ? d : e"),
    ("a?b:c?d:e", "a ? b : c ? d : e"), ("- -a", "-(-a)"), ("!!a", "!(!a)"),
    ("-(a+b)*c", "-(a + b) * c"),
    ("ALIGN(4) + ALIGN(., 1+1)", "ALIGN(0x4) + ALIGN(., 0x2)"),
    ("SIZEOF(.a-b)", "SIZEOF(\".a-b\")"),
    ("\"add\" + 1", "\"add\" + 0x1"), ("SEGMENT_START(\"t\", 1)", "SEGMENT_START(\"t\", 0x1)"),
    ("ASSERT(1, m) + DEFINED(x)", "ASSERT(0x1, \"m\") + DEFINED(x)"), ("a ^ b | c", "a ^ b | c"),
  ])
  func expressionText(text: String, expected: String) throws {
    let (script, expression) = ScriptParser.parseExpression(SourceBuffer(name: "e", text: text))
    let id = try #require(expression)
    let written = ExpressionWriter.text(
      of: id, in: script.expressions, names: script.names, folded: true)
    #expect(written == expected)
  }

  @Test func loneExpressionMustEnd() {
    let (script, expression) = ScriptParser.parseExpression(
      SourceBuffer(name: "e", text: "a + b c"))
    #expect(expression == nil)
    #expect(
      script.diagnostics.map(\.message) == [
        "found the name 'c', expected an operator or the end of the expression"
      ])
  }

  // MARK: - Versions

  @Test(arguments: [
    "SECTIONS { .a : { ASCIZ \"x\" LINKER_VERSION *(REVERSE(SORT(.c))) } }", "LIB(a)", "a ^= 3;",
    "add = 1; x = add ^ 2;",
  ])
  func newerCommands(text: String) {
    #expect(!parse(text, version: LinkerVersion(2, 47)).isRefused)
    let old = ScriptWriter.text(of: parse(text))
    #expect(
      parse(text).isRefused
        || old != ScriptWriter.text(of: parse(text, version: LinkerVersion(2, 47))))
  }
}
