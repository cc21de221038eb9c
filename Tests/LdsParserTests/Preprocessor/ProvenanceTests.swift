// The way back from expanded text to what the author wrote.

import LdsParser
import TestSupport
import Testing

@Suite struct ProvenanceTests {
  static let script = """
    #include "macros.h"
    ASSERT(IS_ALIGNED(_start, /* why */  MB(2)),
           "_start misaligned")
    . = ALIGN(SECTION_ALIGN);
    CHECK(_end)
    """
  static let macros = """
    #ifndef MACROS_H
    #define MACROS_H
    #define IS_ALIGNED(val, align) (!((val) & ((align) - 1)))
    #define MB(x) ((x) << 20)
    #if defined(CONFIG_2M) || defined(EFI)
    # define SECTION_ALIGN MB(2)
    #else
    # define SECTION_ALIGN PAGE_SIZE
    #endif
    #define CHECK(x) ASSERT(IS_ALIGNED(x, 8), "x")
    #define PAGE_SIZE 4096
    #endif
    """

  static func expand(_ names: String...) -> Expansion {
    Expansion(script, files: ["macros.h": macros]) { options in
      options.definitions = names.map { .define(Array($0.utf8)) }
    }
  }

  @Test func givesTheAuthorsExpression() throws {
    let expansion = Self.expand()
    let span = try #require(expansion.span(of: "(!((_start) & ((((2) << 20)) - 1)))"))
    let authored = expansion.sources.authoredExpression(of: span)
    #expect(authored.text == "IS_ALIGNED(_start, MB(2))")
    #expect(!authored.isPartial)
    #expect(authored.call?.name == "IS_ALIGNED")
    let position = expansion.sources.position(of: span)
    #expect(position == SourcePosition(path: FilePath("script.lds.S"), line: 2, column: 8))
  }

  @Test func givesTheMacrosBehindAnExpression() throws {
    let expansion = Self.expand()
    let span = try #require(expansion.span(of: "(!((_start) & ((((2) << 20)) - 1)))"))
    let calls = expansion.sources.macroCalls(in: span)
    #expect(calls.map(\.name) == ["IS_ALIGNED", "MB"])
    #expect(calls.map { expansion.text(of: $0.call) }.last == "MB(2)")
    let places = calls.compactMap { $0.definition.map { expansion.sources.position(of: $0) } }
    #expect(places.map(\.line) == [3, 4])
    // The include guard selects nothing.
    #expect(calls.allSatisfy { $0.condition == nil })
  }

  @Test func givesTheConditionThatSelectedADefinition() throws {
    for (name, tests) in [
      ("CONFIG_2M", [("CONFIG_2M", true)]), ("EFI", [("CONFIG_2M", false), ("EFI", true)]),
    ] {
      let expansion = Self.expand(name)
      let span = try #require(expansion.span(of: "ALIGN(((2) << 20))"))
      let calls = expansion.sources.macroCalls(in: span)
      #expect(calls.map(\.name) == ["SECTION_ALIGN", "MB"])
      let condition = try #require(calls.first?.condition)
      #expect(expansion.text(of: condition) == "#if defined(CONFIG_2M) || defined(EFI)")
      let macro = try #require(calls.first?.macro.map { expansion.script.macros[$0] })
      #expect(macro.replacement == "MB(2)")
      let asked = try #require(macro.conditions.first).tests
      #expect(asked.map(\.name) == tests.map(\.0))
      #expect(asked.map(\.isDefined) == tests.map(\.1))
    }
    let neither = Self.expand()
    let span = try #require(neither.span(of: "ALIGN(4096)"))
    let macro = try #require(
      neither.sources.macroCalls(in: span).first?.macro.map { neither.script.macros[$0] })
    #expect(macro.conditions.map { neither.text(of: $0.directive) } == ["#else"])
    #expect(
      macro.conditions.first?.opening.map { neither.text(of: $0) }
        == "#if defined(CONFIG_2M) || defined(EFI)")
  }

  @Test func findsOperandsInTheAuthorsLine() throws {
    let expansion = Self.expand()
    func operands(_ part: String) throws -> [String] {
      let span = try #require(expansion.span(of: part))
      return expansion.sources.operandSpans(of: span).map { expansion.text(of: $0) }
    }
    #expect(try operands("(_start)") == ["_start"])
    #expect(try operands("((2) << 20)") == ["MB(2)"])
    #expect(try operands("(_start) & ((((2) << 20)) - 1)") == ["_start", "MB(2)"])
    #expect(try operands("(_end)") == ["_end"])
    #expect(try operands("misaligned") == [])
  }

  @Test func givesTheCallForPartOfAnExpansion() throws {
    let expansion = Self.expand()
    let span = try #require(expansion.span(of: "(!((_end) & ((8) - 1)))"))
    let authored = expansion.sources.authoredExpression(of: span)
    #expect(authored.text == "CHECK(_end)")
    #expect(authored.isPartial)
    let call = try #require(authored.call)
    #expect(expansion.text(of: call.call) == "IS_ALIGNED(x, 8)")
  }

  @Test func pairsWithTextMadeByTheBuild() throws {
    var expansion = Self.expand()
    let built = expansion.line.replacing(";", with: ";\n").replacing(" & ", with: "  &\n")
    let file = expansion.sources.add(SourceBuffer(name: "script.lds", text: built))
    let alignment = TextAlignment(
      of: file, to: expansion.script.source, in: expansion.sources)
    #expect(alignment.isComplete)
    let place = alignment.position(of: file, line: 3, in: expansion.sources)
    #expect(place == SourcePosition(path: FilePath("script.lds.S"), line: 5, column: 1))
    let stale = expansion.sources.add(
      SourceBuffer(name: "old.lds", text: "OLD " + built.replacing("20", with: "30")))
    let partial = TextAlignment(
      of: stale, to: expansion.script.source, in: expansion.sources)
    #expect(!partial.isComplete)
    #expect(partial.position(of: stale, line: 1, in: expansion.sources) == nil)
    #expect(partial.position(of: stale, line: 3, in: expansion.sources)?.line == 5)
  }

  @Test func readsLineMarkers() throws {
    let buffer = SourceBuffer(
      name: "x.lds", text: "# 1 \"a.S\"\none\n# 7 \"dir/b\\\"c.h\" 1\nseven\neight\n# no marker\n")
    let origins = try #require(OriginTable.reading(lineMarkersOf: buffer))
    var sources = SourceSet()
    let id = sources.add(buffer, origins: origins)
    let eight = sources.lineRange(id, line: 5).lowerBound
    let span = SourceSpan(source: id, start: UInt32(eight), end: UInt32(eight + 5))
    let position = sources.position(of: span)
    #expect(position == SourcePosition(path: FilePath("dir/b\"c.h"), line: 8, column: 1))
  }
}
