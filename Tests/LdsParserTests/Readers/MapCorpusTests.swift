// Maps against the images they describe: for each tool chain and linker, what the map says of symbols and
// sections is what nm and the section headers say.

import Foundation
import LdsParser
import TestSupport
import Testing

@Suite(.enabled(if: ExternalTool.path("nm") != nil, "needs nm"))
struct MapCorpusTests {
  @Test(arguments: ELFCorpusTests.chains)
  func mapsAgreeWithTheirImages(chain: ELFCorpusTests.Chain) throws {
    let folder = try TemporaryFolder()
    try folder.write("a.s", ELFCorpusTests.source(chain.dialect))
    let at = URL(fileURLWithPath: folder.path)
    let assembler = try #require(ExternalTool.path(chain.prefix + "as"))
    _ = try ExternalTool.run(assembler, chain.assembler + ["a.s", "-o", "a.o"], in: at)
    var compared = 0
    for (index, linker) in chain.linkers.enumerated() where !linker.contains("-r") {
      guard let program = ExternalTool.path(linker[0]) else { continue }
      let name = "linked\(index)"
      let options = linker.dropFirst() + ["-e", "_start", "a.o", "-o", name, "-Map", name + ".map"]
      let linked = try ExternalTool.run(program, Array(options), in: at)
      if linked.status != 0 { continue }
      let image = try ImageReader.read(try FileInput.read(FilePath(folder.path(name))))
      let map = try ImageReader.read(try FileInput.read(FilePath(folder.path(name + ".map"))))
      compare(map, image, "\(linker)")
      compared += 1
    }
    try chain.expectComparisons(compared)
  }

  private func compare(_ map: Image, _ image: Image, _ linker: String) {
    #expect(map.unknownLineCount == 0, "\(linker): \(map.diagnostics)")
    if let bits = map.is32Bit { #expect(bits == image.is32Bit, "\(linker)") }
    let mask: UInt64 = image.is32Bit == true ? 0xffff_ffff : .max
    let evidence = ImageEvidence([image])
    // Maps of lld and gold have the lowest bit of Thumb functions set.
    let symbolMask = image.machine == 40 && map.kind != .gnuMap ? mask & ~1 : mask
    let empty = map.outputSections.filter { $0.size == 0 }.compactMap(\.vma)
    var symbols = 0
    for record in map.symbols.records {
      guard case .one(let symbol) = evidence.symbol(map.symbols.nameBytes(record)) else { continue }
      // lld and gold print offsets of thread-local symbols.
      if record.isThreadLocal { continue }
      // A PE image has symbols of dropped sections in another section.
      if image.kind == .pe, empty.contains(record.value) { continue }
      symbols += 1
      #expect(
        (record.value ^ symbol.record.value) & symbolMask == 0,
        "\(linker): \(map.symbols.name(record)) \(record.value) \(symbol.record.value)")
    }
    #expect(symbols > 3, "\(linker)")
    var sections = 0
    for section in map.outputSections where section.size > 0 {
      guard let vma = section.vma, let other = evidence.outputSection(section.name),
        other.flags?.value.contains(.allocated) == true
      else { continue }
      sections += 1
      let name = "\(linker): " + String(decoding: section.name, as: UTF8.self)
      #expect((vma ^ (other.vma?.value ?? 0)) & mask == 0, "\(name)")
      if image.kind == .elf { #expect(section.size == other.size?.value, "\(name)") }
      if let lma = section.lma { #expect((lma ^ (other.lma?.value ?? 0)) & mask == 0, "\(name)") }
    }
    #expect(sections > 1, "\(linker)")
    #expect(ImageEvidence.grouping([image, map]) == [[0, 1]], "\(linker)")
    #expect(Contradictions([image, map]).isEmpty, "\(linker)")
  }
}
