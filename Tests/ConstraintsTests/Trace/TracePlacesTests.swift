// What the trace of a layout answers about places: whether anything could align one, and how far two are apart.

import LdsParser
import Testing

@testable import Constraints

struct TracePlacesTests {
  private func trace(_ text: String, _ dialect: LinkerDialect = .bfd) -> StatementTrace {
    let program = Program(ScriptParser.parse(SourceBuffer(name: "a.lds", text: text)))
    return StatementTrace(program, facts: NoFacts(), dialect: dialect)
  }

  /// The power of two to which something may align `x`.
  private func hope(_ text: String, _ dialect: LinkerDialect = .bfd) throws -> Int {
    let trace = trace(text, dialect)
    let name = try #require(trace.program.names.find("x"))
    return trace.alignmentHoped(of: try #require(trace.program.assignments[name]?.last))
  }

  @Test(arguments: [LinkerDialect.bfd, .lld])
  func contentsAlignNothing(_ dialect: LinkerDialect) throws {
    for (text, power) in [
      ("SECTIONS { .t : { *(.t) } x = .; }", 0),
      ("SECTIONS { .t : { *(.t) } . = ALIGN(16); x = .; }", 4),
      ("SECTIONS { .t : { *(.t) } . = ALIGN(16); x = . + 8; }", 3),
      ("SECTIONS { .t : { *(.t) } x = ALIGN(64); }", 6),
      ("SECTIONS { .t : { *(.t) } . = ALIGN(64); .u : { *(.u) } x = .; }", 0),
      ("SECTIONS { .t : { *(.t) . = ALIGN(8); } x = .; }", 3),
      ("SECTIONS { .t : { *(.t) . = ALIGN(64); . = . + 0x10; x = .; } }", 4),
      ("SECTIONS { .t : { *(.t) } x = . * 8; }", 3),
      // Of two ways, one may align.
      ("SECTIONS { .t : { *(.t) } . = ALIGN(8); .u : { *(.u) . = ALIGN(32); } x = .; }", 5),
    ] {
      #expect(try hope(text, dialect) == power, "\(text)")
    }
  }

  @Test(arguments: [LinkerDialect.bfd, .lld])
  func whatIsNotInTheScriptMayAlign(_ dialect: LinkerDialect) throws {
    for text in [
      "SECTIONS { .t : { x = .; *(.t) } }", "SECTIONS { x = start_of_object; }",
      "SECTIONS { . = start_of_object; x = .; .t : { *(.t) } }",
      "SECTIONS { .t : { *(.t) } x = ALIGN(., CONSTANT(MAXPAGESIZE)); }",
      "SECTIONS { .t : { *(.t) } x = ADDR(.t); }",
    ] {
      #expect(try hope(text, dialect) == 64, "\(text)")
    }
  }

  /// Sums of places that are themselves sums: each place is looked at once.
  @Test func sumsOfSumsAreFollowedOnce() throws {
    let steps = (1...40).map { "a\($0) = .; . = a\(max(1, $0 - 1)) + a\($0) + a\(max(1, $0 - 2));" }
    let text = "SECTIONS { .t : { *(.t) } \(steps.joined(separator: " ")) x = .; }"
    #expect(try hope(text) == 64)
  }

  private func distance(_ base: String, _ text: String) throws -> UInt64? {
    let trace = trace(text)
    let name = try #require(trace.program.names.find("x"))
    return trace.distance(
      from: try #require(trace.program.names.find(base)),
      toValueOf: try #require(trace.program.assignments[name]?.last))
  }

  @Test func distancesAreThoseOfEveryLink() throws {
    #expect(try distance("b", "SECTIONS { . = b + 0x200000; x = .; }") == 0x200000)
    #expect(
      try distance("b", "SECTIONS { .t : { *(.t) } b = .; . = . + 8; .u : { x = .; *(.u) } }")
        == nil)
    #expect(try distance("b", "SECTIONS { .t : { *(.t) b = .; BYTE(1) x = .; } }") == 1)
    #expect(try distance("b", "SECTIONS { .t : { b = .; *(.t) x = .; } }") == nil)
    #expect(try distance("b", "b = 0x1000; x = 0x3000;") == 0x2000)
    #expect(try distance("b", "x = c + 4; y = b;") == nil)
  }
}
