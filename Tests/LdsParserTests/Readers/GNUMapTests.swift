// The parts of a GNU ld map, on one map that has nearly all of them.

import LdsParser
import Testing

struct GNUMapTests {
  let image: Image
  let printer: MapPrinter

  init() throws {
    image = try ImageReader.read(SourceBuffer(name: "gnu.map", text: ReaderSamples.gnuMap))
    printer = MapPrinter(image: image)
  }

  private func section(_ name: String) -> OutputSectionRecord? {
    image.outputSections.first { $0.name == Array(name.utf8) }
  }

  private func value(_ name: String) -> UInt64? {
    image.symbols.records.first { image.symbols.name($0) == name }?.value
  }

  @Test func everyLineIsKnown() {
    #expect(image.kind == .gnuMap)
    #expect(image.is32Bit == false)
    #expect(image.unknownLineCount == 0)
    #expect(image.diagnostics.isEmpty)
  }

  @Test func regionsKeepOrderAndAttributes() {
    #expect(
      image.regions.map {
        "\(String(decoding: $0.name, as: UTF8.self)) \($0.origin) \($0.length) \($0.attributes)"
      }
        == ["ROM 4096 65536 xr", "RAM 131072 32768 rw!x", "LONGREGIONNAME_LONGER 589824 4 "])
  }

  @Test func outputSectionsHaveColumnsWhereverTheNameLeavesThem() {
    #expect(section(".text")?.vma == 0x1000)
    #expect(section(".text")?.size == 0x37)
    #expect(section(".a_long_output_section_name")?.vma == 0x1037)
    #expect(section(".fourteenchars")?.lma == 0x103d)
    #expect(section("odd sec")?.vma == 0x20011)
    #expect(section(".empty")?.vma == nil)
    #expect(section("/DISCARD/")?.vma == nil)
    #expect(section("Cross Reference Table") == nil)
  }

  @Test func inputSectionsHaveFinalSizesAndDiscardedOnesNoSection() {
    let rows = image.inputSections.map { row in
      let name = image.symbols.names.text(
        in: Int(row.nameStart)..<Int(row.nameStart + row.nameLength))
      let object = image.symbols.names.text(
        in: Int(row.objectStart)..<Int(row.objectStart + row.objectLength))
      return "\(name) \(row.size) \(object) \(row.outputSection)"
    }
    #expect(rows.first == ".gone 4 a1.o -1")
    #expect(rows.contains(".a_rather_long_section_name 1 a1.o 0"))
    #expect(rows.contains(".str 6 a1.o 2"))
    #expect(rows.contains { $0.hasPrefix("odd name 1 liba.a(a2.o)") })
    #expect(rows.contains { $0.hasPrefix("COMMON 8 a1.o") })
    #expect(!rows.contains { $0.contains("fill") })
  }

  @Test func symbolsHaveTheirSectionOrComeFromAssignments() {
    #expect(value("_start") == 0x1000)
    #expect(value("f1") == 0x1006)
    #expect(value("prov") == nil)
    #expect(value("odd sym") == 4)
    let inside = image.symbols.records.first { image.symbols.name($0) == "inlong" }
    #expect(inside?.place == .section(0))
    let assigned = image.symbols.records.first { image.symbols.name($0) == "early" }
    #expect(assigned?.place == .unknown)
  }

  @Test func statementsPrintAsTheLinkerPrintedThem() {
    let texts = image.statements.compactMap { printer.text($0.kind) }
    #expect(texts.contains("late = MAX (ADDR (.text), 0x10)?SIZEOF (odd sec):ALIGNOF (.text)"))
    #expect(texts.contains("use = ((odd sym + LENGTH (ROM)) - ORIGIN (RAM))"))
    #expect(texts.contains("tern = (DEFINED (f1)?0x1:0x2 + 0x1)"))
    #expect(
      texts.contains("dse = DATA_SEGMENT_RELRO_END (DATA_SEGMENT_ALIGN (0x1000, 0x100), 0x10)"))
    #expect(texts.contains("as = ASSERT ((f2 > 0x1), a message, with (brackets) and\ntwo lines)"))
    #expect(texts.last == "ASSERT ((f2 > f1), order)")
  }

  @Test func printedValuesKeepTheirKind() throws {
    var values: [String: PrintedValue] = [:]
    for statement in image.statements {
      if case .assignment(let assignment, let value) = statement.kind {
        values[image.names.string(assignment.target.name)] = value
      }
    }
    #expect(values["unused"] == .notProvided)
    #expect(values["f1"] == .selfReference(0x1006))
    #expect(values["tern"] == .value(2))
  }

  @Test func swappedArgumentsAreBackInTheScriptsOrder() throws {
    let tables = image.statements.compactMap { statement -> ExpressionID? in
      guard case .assignment(let assignment, _) = statement.kind,
        image.names.string(assignment.target.name) == "dse"
      else { return nil }
      return assignment.value
    }
    let id = try #require(tables.first)
    guard case .call2(.dataSegmentRelroEnd, let first, let second) = image.expressions[id] else {
      Issue.record("no DATA_SEGMENT_RELRO_END")
      return
    }
    #expect(image.expressions[first] == .integer(0x10))
    guard case .call2(.dataSegmentAlign, _, _) = image.expressions[second] else {
      Issue.record("no DATA_SEGMENT_ALIGN")
      return
    }
    #expect(image.expressions.nodes(of: id).count == 5)
  }

  @Test func dataAndFillAreStatements() {
    var seen: [String] = []
    for statement in image.statements {
      switch statement.kind {
      case .fill(let address, let size): seen.append("fill \(address) \(size)")
      case .data(let width, let address, let value, let expression):
        seen.append(
          "\(width.rawValue) \(address) \(value ?? 0) \(expression.map(printer.text) ?? "-")")
      default: break
      }
    }
    #expect(
      seen == [
        "fill 4104 24", "BYTE 4128 1 -", "SHORT 4129 2 -", "LONG 4131 4101 f1",
        "QUAD 4135 \(UInt64.max) -", "SQUAD 4143 \(UInt64.max) (f1 - f2)",
      ])
  }

  @Test func carriageReturnsChangeNothing() throws {
    let text = ReaderSamples.gnuMap.split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: "\r\n")
    let other = try ImageReader.read(SourceBuffer(name: "crlf.map", text: text))
    #expect(other.unknownLineCount == 0)
    #expect(
      other.symbols.records.map { other.symbols.name($0) }
        == image.symbols.records.map { image.symbols.name($0) })
    #expect(other.inputSections.count == image.inputSections.count)
    #expect(other.statements.count == image.statements.count)
  }

  @Test func demangledNamesWithBlanksAndEqualsAreSymbols() throws {
    let text = """

      Linker script and memory map

      LOAD a.o

      .text           0x0000000000001000       0x10
       .text          0x0000000000001000       0x10 BYTE.o
                      0x0000000000001000                operator==(A const&, B const&)
                      0x0000000000001008                <dyn core::ops::Fn<(u32), Output = u32>>::call
                      0x0000000000001009                ASSERTIVE
                      0x000000000000100a                x = 0x5
      OUTPUT(a.out elf64-x86-64)

      """
    for parts in [ImageParts.all, [.symbols, .statements]] {
      let image = try ImageReader.read(SourceBuffer(name: "m", text: text), parts: parts)
      #expect(image.unknownLineCount == 0)
      #expect(
        image.symbols.records.map { image.symbols.name($0) } == [
          "operator==(A const&, B const&)", "<dyn core::ops::Fn<(u32), Output = u32>>::call",
          "ASSERTIVE", "x",
        ])
    }
  }

  @Test func unknownLinesAreCountedAndShown() throws {
    let text = ReaderSamples.gnuMap.replacing("LOAD a1.o", with: "what is this\n  nor this")
    let image = try ImageReader.read(SourceBuffer(name: "m", text: text))
    #expect(image.unknownLineCount == 2)
    #expect(image.diagnostics.count == 2)
  }

  @Test func aMapThatEndsBeforeItsStatementsIsRefused() {
    let text = ReaderSamples.gnuMap.prefix(400)
    #expect(throws: ReadError.self) {
      try ImageReader.read(SourceBuffer(name: "m", text: String(text)))
    }
  }

  @Test func aThousandNestedSumsAreNoProblem() throws {
    let sum =
      String(repeating: "(", count: 100_000) + "a" + String(repeating: " + 0x1)", count: 100_000)
    let text =
      "\nLinker script and memory map\n\n                0x0000000000000001                x = \(sum)\nOUTPUT(a elf64-x86-64)\n"
    let image = try ImageReader.read(SourceBuffer(name: "m", text: text))
    #expect(image.unknownLineCount == 0)
    #expect(image.expressions.count == 200_001)
  }
}
