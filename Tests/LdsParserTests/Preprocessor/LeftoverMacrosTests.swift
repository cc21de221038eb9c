// Macro calls that are left because their headers were not found.

import LdsParser
import TestSupport
import Testing

@Suite struct LeftoverMacrosTests {
  private func expand(_ text: String, include: Bool = true) -> Expansion {
    Expansion((include ? "#include <none.h>\n" : "") + text) {
      $0.missingIncludes = .tolerate
      $0.repairsLeftovers = true
    }
  }

  /// Script and what it becomes, within SECTIONS.
  static let rows: [(String, String)] = [
    ("DECL_SECTION(.text) { *(.text) } :text = 0x9090", ".text : { *(.text) } :text = 0x9090"),
    ("DECL(.a, 8) { FOO } >RAM NEXT_ONE", ".a : { . = FOO; } >RAM . = NEXT_ONE;"),
    ("DECL(.a) : { *(.a) }", ".a : { *(.a) }"),
    ("HEAD_TEXT", ". = HEAD_TEXT;"),
    ("RO_DATA(4096) . = ALIGN(8);", ". = RO_DATA; . = ALIGN(8);"),
    ("DATA_SECTION >RAM AT>ROM x = .;", ". = DATA_SECTION; x = .;"),
    (".text : { HEAD_TEXT KEEP(*(.a)) }", ".text : { . = HEAD_TEXT; KEEP(*(.a)) }"),
    (
      ".text : { TABLE_IS_ENABLED(X)(clk) KEEP(*(.a)) }",
      ".text : { . = TABLE_IS_ENABLED; KEEP(*(.a)) }"
    ),
    (". = ROUND(x, 8) + (y);", ". = ROUND + (y);"),
    ("ASSERT(ROUND(x, ADDR(.b)) < 8, \"A(B)\")", "ASSERT(ROUND < 8, \"A(B)\")"),
    (".data ROUND(x) : AT(PA(.data)) { }", ".data ROUND : AT(PA) { }"),
    // Nothing that a linker reads is touched.
    (".bss (NOLOAD) : { *(COMMON) BYTE(1) }", ".bss (NOLOAD) : { *(COMMON) BYTE(1) }"),
    ("PAGES = 3; . = PAGES * SIZEOF(.x);", "PAGES = 3; . = PAGES * SIZEOF(.x);"),
    ("TEXT : { A.o(.x) } >RAM AT>ROM =0x90", "TEXT : { A.o(.x) } >RAM AT>ROM =0x90"),
    ("PROVIDE(A = ALIGN(8));", "PROVIDE(A = ALIGN(8));"),
    ("RO_DATA(8); DECL(.x) { TEXT_TEXT; }", ". = RO_DATA; .x : { . = TEXT_TEXT; }"),
    ("OVERLAY : { .a { *(.a) } }", "OVERLAY : { .a { *(.a) } }"),
  ]

  @Test(arguments: rows.indices)
  func becomesReadable(row: Int) {
    let (script, expected) = Self.rows[row]
    let expansion = expand("SECTIONS { \(script) }")
    #expect(expansion.line == "SECTIONS { \(expected) }")
    var sources = expansion.sources
    let tree = ScriptParser.parse(expansion.script.source, in: sources, options: .init())
    #expect(!tree.isRefused, "\(tree.diagnostics)")
    sources = tree.sources
  }

  @Test func standsForMemoryRegions() {
    let expansion = expand(
      "MEMORY { ROM (rx) : ORIGIN = 0, LENGTH = 8K DT_REGIONS() RAM : ORIGIN = 1M, LENGTH = 4K }")
    #expect(
      expansion.line
        == "MEMORY { ROM (rx) : ORIGIN = 0, LENGTH = 8K RAM : ORIGIN = 1M, LENGTH = 4K }")
    #expect(
      expansion.messages.last.map { String($0) }
        == "2: warning: no file defines 'DT_REGIONS': memory regions that it declares are missing here"
    )
  }

  @Test func isOneFindingForEachMacro() {
    let expansion = expand(
      "SECTIONS {\nDECL(.a) {\nFOO\n*(.a BAR)\n}\nDECL(.b) { FOO }\n. = BAZ(2);\n}\nQUX")
    #expect(
      expansion.messages.dropFirst().map { String($0) } == [
        "3: warning: no file defines 'DECL' (2 calls): its argument is taken for the output "
          + "section's name, the rest stays unknown",
        "4: warning: no file defines 'FOO' (2 calls): what it places or defines is missing here, "
          + "and where '.' stands behind it",
        "5: warning: no file defines 'BAR': input sections that it names are missing here",
        "8: warning: no file defines 'BAZ': its value is unknown",
        "10: warning: no file defines 'QUX': what it places or defines is missing here, and where "
          + "'.' stands behind it",
      ])
  }

  @Test func keepsTheWayBack() throws {
    let expansion = expand("SECTIONS {\nDECL_SECTION(.text) { }\n  x = ROUND(y, 8);\n}")
    for (part, line, column) in [(".text", 3, 14), ("x = ROUND", 4, 3)] {
      let span = try #require(expansion.span(of: part))
      let position = expansion.sources.position(of: span)
      #expect(position.line == line && position.column == column)
    }
  }

  @Test func isLeftAloneWhereNoFileIsMissing() {
    #expect(expand("SECTIONS { FOO(x) { } }", include: false).line == "SECTIONS { FOO(x) { } }")
  }

  @Test func doesNotStopAtConditions() {
    let expansion = expand("#if IS_ENABLED(CONFIG_X) || 1\na = 1;\n#else\n#error no\n#endif\n")
    #expect(expansion.line == "a = 1;" && !expansion.script.hasErrors)
    let impossible = expand("#ifndef X\n#error no\n#endif\na = 1;\n")
    #expect(impossible.line == "a = 1;" && !impossible.script.hasErrors)
  }

  @Test func survivesBrokenScripts() {
    var generator = SeededGenerator(seed: 7)
    let words = [
      "SECTIONS", "{", "}", "(", ")", ";", "FOO", "DECL(", ":", "=", ">", "AT", ".", "text", "*",
      ",", "ASSERT(", "BAR(x)", "8", "\"s\"", "MEMORY", "OVERLAY",
    ]
    for _ in 0..<Effort.times(500) {
      let text = (0..<Int.random(in: 1...30, using: &generator)).map { _ in
        words[Int.random(in: 0..<words.count, using: &generator)]
      }.joined(separator: " ")
      let expansion = expand(text)
      #expect(expansion.script.diagnostics.allSatisfy { $0.severity != .error }, "\(text)")
    }
  }
}
