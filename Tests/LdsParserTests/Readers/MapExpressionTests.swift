// Random expressions through the real ld: what its map prints is parsed and printed again, and the trees
// mean what was written.

import Foundation
import LdsParser
import TestSupport
import Testing

/// Writes random script expressions with explicit parentheses.
struct PrintedExpressionWriter {
  var random: SeededGenerator

  mutating func expression(_ depth: Int) -> String {
    if depth == 0 || Int.random(in: 0..<6, using: &random) == 0 { return leaf() }
    switch Int.random(in: 0..<10, using: &random) {
    case 0: return ["-", "!", "~"][pick(3)] + "(" + expression(depth - 1) + ")"
    case 1:
      return "(\(expression(depth - 1)) ? \(expression(depth - 1)) : \(expression(depth - 1)))"
    case 2:
      return ["ALIGN", "ABSOLUTE", "NEXT", "LOG2CEIL"][pick(4)] + "(" + expression(depth - 1) + ")"
    case 3:
      return ["MAX", "MIN", "ALIGN"][pick(3)]
        + "(\(expression(depth - 1)), \(expression(depth - 1)))"
    default:
      let operators = [
        "+", "-", "*", "<<", ">>", "&", "|", "==", "!=", "<", ">", "<=", ">=", "&&", "||",
      ]
      return
        "(\(expression(depth - 1)) \(operators[pick(operators.count)]) \(expression(depth - 1)))"
    }
  }

  private mutating func leaf() -> String {
    [
      "f1", "_start", "d0",
      "0x\(String(UInt64.random(in: 1...0xfffff, using: &random), radix: 16))",
      "\(UInt64.random(in: 1...99, using: &random))", "SIZEOF(.text)", "ADDR(.data)",
      "LOADADDR(.data)", "ALIGNOF(.text)", "DEFINED(f1)", "ORIGIN(ROM)", "LENGTH(ROM)",
      "SIZEOF_HEADERS",
      "CONSTANT(MAXPAGESIZE)", ".", "SEGMENT_START(\"text-segment\", 16)", "\"odd name\"",
      "SIZEOF(\"my sec\")",
    ][pick(18)]
  }

  private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
}

@Suite(
  .enabled(
    if: ExternalTool.path("ld.bfd") != nil && ExternalTool.path("as") != nil, "needs GNU ld and as")
)
struct MapExpressionTests {
  private static let perScript = 200

  @Test(arguments: 0..<10)
  func printedExpressionsAreReadBack(seed: Int) throws {
    var writer = PrintedExpressionWriter(random: SeededGenerator(seed: UInt64(seed)))
    let expressions = (0..<Self.perScript).map { _ in writer.expression(4) }
    let (map, image) = try link(expressions)
    #expect(image.unknownLineCount == 0)
    let printer = MapPrinter(image: image)
    var seen = 0
    for statement in image.statements {
      guard let text = printer.text(statement.kind) else { continue }
      let line = map.text(in: Int(statement.offset)..<map.count).prefix { $0 != "\n" }
      #expect(line.hasSuffix("    " + text))
      if text.hasPrefix("r") || text.hasPrefix("ASSERT") { seen += 1 }
    }
    #expect(seen == 2 * Self.perScript)
  }

  /// The printed tree and the tree of the script as our own parser reads it have the same operators in
  /// the same places, constants folded.
  @Test(arguments: 20..<25)
  func printedTreesAreTheWrittenOnes(seed: Int) throws {
    var writer = PrintedExpressionWriter(random: SeededGenerator(seed: UInt64(seed)))
    let expressions = (0..<Self.perScript).map { _ in writer.expression(3) }
    let (_, image) = try link(expressions)
    let printer = MapPrinter(image: image)
    let script = ScriptParser.parse(SourceBuffer(name: "s", text: Self.script(expressions)))
    #expect(!script.isRefused)
    var written = Image(buffer: SourceBuffer(name: "s", text: ""), kind: .gnuMap)
    written.names = script.names
    written.expressions = script.expressions
    let own = FoldingPrinter(image: written)
    var values: [String: String] = [:]
    for statement in Self.assignments(script.statements) {
      values[script.names.string(statement.target.name)] = own.text(statement.value)
    }
    for statement in image.statements {
      guard case .assignment(let assignment, _) = statement.kind else { continue }
      let name = image.names.string(assignment.target.name)
      guard name.hasPrefix("r") else { continue }
      #expect(printer.text(assignment.value) == values[name])
    }
  }

  private static func assignments(_ statements: [Statement]) -> [Assignment] {
    statements.flatMap { statement -> [Assignment] in
      switch statement.kind {
      case .assignment(let assignment): [assignment]
      case .sections(let inner): assignments(inner)
      default: []
      }
    }
  }

  private static func script(_ expressions: [String]) -> String {
    let lines = expressions.enumerated().map { index, text in
      "r\(index) = \(text);\nASSERT((\(text)) == 0 || 1, \"m\(index)\")\n"
    }
    return """
      MEMORY { ROM (rx) : ORIGIN = 0x1000, LENGTH = 1M }
      "odd name" = 0x20;
      SECTIONS {
        .text 0x1000 : { *(.text) }
        .data 0x2000 : { *(.data) }
        "my sec" 0x3000 : { *(.my) }
      \(lines.joined())
      }

      """
  }

  private func link(_ expressions: [String]) throws -> (SourceBuffer, Image) {
    let folder = try TemporaryFolder()
    let at = URL(fileURLWithPath: folder.path)
    try folder.write(
      "a.s",
      ".globl _start,f1\n.text\n_start: .space 64\nf1: .long 0\n.data\n.globl d0\nd0: .long 1\n.section .my,\"a\"\n.long 1\n"
    )
    try folder.write("s.lds", Self.script(expressions))
    let assembler = try #require(ExternalTool.path("as"))
    let linker = try #require(ExternalTool.path("ld.bfd"))
    _ = try ExternalTool.run(assembler, ["a.s", "-o", "a.o"], in: at)
    _ = try ExternalTool.run(linker, ["-T", "s.lds", "a.o", "-o", "a", "-Map", "a.map"], in: at)
    let map = try FileInput.read(FilePath(folder.path("a.map")))
    return (map, try ImageReader.read(map))
  }
}

/// Prints a script's expression as ld does after folding constants.
struct FoldingPrinter {
  let image: Image

  func text(_ id: ExpressionID) -> String {
    if let folded = image.expressions.foldedValue(id) { return "0x" + String(folded, radix: 16) }
    switch image.expressions[id] {
    case .unary(let sign, let one): return "\(sign.rawValue) (\(text(one)))"
    case .binary(let infix, let left, let right):
      return "(\(text(left)) \(infix.rawValue) \(text(right)))"
    case .conditional(let condition, let first, let second):
      return "\(text(condition))?\(text(first)):\(text(second))"
    case .call1(let function, let one): return "\(function.rawValue) (\(text(one)))"
    case .call2(let function, let first, let second):
      return "\(function.rawValue) (\(text(first)), \(text(second)))"
    case .segmentStart(let segment, let one):
      return "SEGMENT_START (\"\(image.names.string(segment))\", \(text(one)))"
    default: return MapPrinter(image: image).text(id)
    }
  }
}
