// Several files of one image as one model, and files that are not of one image.

import LdsParser
import Testing

struct ImageEvidenceTests {
  private func nm(_ text: String) throws -> Image {
    try ImageReader.read(SourceBuffer(name: "nm", text: text))
  }

  private let map = """

    Linker script and memory map

    .text           0x0000000000401000       0x50 load address 0x0000000000001000
     .text          0x0000000000401000       0x50 a.o
                    0x0000000000401000                _start
                    0x0000000000401040                f1
                    0x0000000000402000                end_text = ALIGN (0x1000)
    .data
    OUTPUT(a.out elf64-x86-64)

    """
  private let listing = """
    0000000000401000 T _start
    0000000000401040 T f1
    0000000000402000 A end_text
    0000000000001234 A absym
    0000000000401010 t twice
    0000000000401020 t twice
    0000000000401030 t same
    0000000000401030 t same

    """

  private func gnuMap() throws -> Image {
    try ImageReader.read(SourceBuffer(name: "m", text: map))
  }

  private func answer(_ evidence: ImageEvidence, _ name: String) -> String {
    switch evidence.symbol(Array(name.utf8)) {
    case .none: "none"
    case .one(let symbol):
      "\(String(symbol.record.value, radix: 16)) \(symbol.record.place) \(symbol.file)"
    case .undefined: "undefined"
    case .ambiguous(let symbols): "ambiguous \(symbols.count)"
    }
  }

  @Test func eachFactComesFromTheFileThatKnowsMost() throws {
    let evidence = ImageEvidence([try nm(listing), try gnuMap()])
    #expect(answer(evidence, "f1") == "401040 section(0) 1")
    #expect(answer(evidence, "absym") == "1234 absolute 0")
    // The map prints the value; only the listing tells that it is absolute.
    #expect(answer(evidence, "end_text") == "402000 absolute 0")
    #expect(answer(evidence, "twice") == "ambiguous 2")
    #expect(answer(evidence, "same") == "401030 unknownSection 0")
    #expect(answer(evidence, "nothing") == "none")
    #expect(Contradictions(evidence.files).isEmpty)
    #expect(evidence.map?.kind == .gnuMap)
  }

  @Test func sectionsMergeTheirColumns() throws {
    let elf = try ImageReader.read(
      SourceBuffer(path: FilePath("e"), bytes: ReaderSamples.fixture("tiny64.elf")))
    let evidence = ImageEvidence([try gnuMap(), elf])
    let text = try #require(evidence.outputSection(Array(".text".utf8)))
    #expect(text.vma?.file == 1)
    #expect(text.alignment?.file == 1)
    let alone = ImageEvidence([try gnuMap()])
    let mapped = try #require(alone.outputSection(Array(".text".utf8)))
    #expect(mapped.vma?.value == 0x401000)
    #expect(mapped.lma?.value == 0x1000)
    #expect(mapped.size?.value == 0x50)
    #expect(mapped.alignment == nil)
    #expect(alone.outputSection(Array(".rodata".utf8)) == nil)
  }

  @Test func anOnlyNamedSectionHasNoSize() throws {
    let text = map.replacing("\n.data\n", with: "\n\n.data\n *(.data)\n")
    let evidence = ImageEvidence([try ImageReader.read(SourceBuffer(name: "m", text: text))])
    let data = try #require(evidence.outputSection(Array(".data".utf8)))
    #expect(data.vma == nil)
    #expect(data.size == nil)
  }

  @Test func contradictionsAreFound() throws {
    let other = listing.replacing("0000000000401040 T f1", with: "0000000000401044 T f1")
    let found = Contradictions([try nm(other), try gnuMap(), try gnuMap()])
    // The better informed file comes first, in whatever order they are given.
    #expect(found.pairs.map { [$0.first, $0.second] } == [[1, 0], [2, 0]])
    #expect(found.parts == [[1, 2], [0]])
    let conflicts = found.pairs.flatMap(\.examples)
    #expect(conflicts.map { String(decoding: $0.name, as: UTF8.self) } == ["f1", "f1"])
    #expect(conflicts.first?.first.value == 0x401040)
    #expect(conflicts.first?.second.value == 0x401044)
  }

  /// ONLY_IF_RO and ONLY_IF_RW make two sections of one name, of which lld keeps the one that was not taken as an empty
  /// one, elsewhere.
  @Test func sectionsOfOneNameAreMet() throws {
    func map(_ rows: [String]) throws -> Image {
      let head = "             VMA              LMA     Size Align Out     In      Symbol\n"
      return try ImageReader.read(
        SourceBuffer(name: "m", text: head + rows.map { $0 + "\n" }.joined()))
    }
    let taken = "            1000             1000       40     8 .pair"
    let empty = "            2000             2000        0     1 .pair"
    let other = "            1000             1000       48     8 .pair"
    #expect(try Contradictions([map([taken, empty]), map([empty, taken])]).isEmpty)
    #expect(try Contradictions([map([taken, empty]), map([taken])]).isEmpty)
    #expect(try !Contradictions([map([taken, empty]), map([empty, other])]).isEmpty)
    #expect(try !Contradictions([map([taken]), map([other])]).isEmpty)
  }

  @Test func manyContradictionsAreCounted() throws {
    let symbols = (0..<40).map { "0000000000\(401000 + $0 * 10) T s\($0)\n" }.joined()
    let first = try nm(symbols)
    let second = try nm(symbols.replacing("0401", with: "0501"))
    let found = Contradictions([first, second], limit: 3)
    #expect(found.pairs.map(\.count) == [40])
    #expect(found.pairs.first?.examples.count == 3)
  }

  @Test func filesOfDifferentImagesStayApart() throws {
    let moved = listing.replacing("00000000004", with: "00000000009")
    let files = [try gnuMap(), try nm(moved), try nm(listing), try gnuMap()]
    #expect(ImageEvidence.grouping(files) == [[0, 2], [1], [3]])
  }
}
