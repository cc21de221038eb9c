// A map scanned in one piece and in several: the same tables, in the same order.

import Foundation
import TestSupport
import Testing

@testable import LdsParser

struct GNUMapStretchesTests {
  /// One map with the statement part of `map` many times over, and what follows it once.
  private func repeated(_ map: String, times: Int) throws -> SourceBuffer {
    let title = "Linker script and memory map\n"
    let start = try #require(map.range(of: title)).upperBound
    let end = try #require(map.range(of: "LOAD ")).lowerBound
    let body = String(repeating: String(map[start..<end]), count: times)
    return SourceBuffer(
      name: "m", text: String(map[..<start]) + body + "\n" + String(map[end...]))
  }

  private func scan(_ buffer: SourceBuffer, _ parts: ImageParts, pieces: Int) -> GNUMapTables {
    var header = GNUMapHeader(reader: buffer.reader, parts: parts)
    header.read(isGold: false)
    return GNUMapStretches(buffer: buffer, parts: parts, digits: header.digits)
      .scan(from: header.statements ?? 0, pieces: pieces)
  }

  @Test(arguments: [ImageParts.all, [.symbols, .sections, .statements]], 2..<9)
  func piecesMakeTheWhole(parts: ImageParts, pieces: Int) throws {
    let buffer = try repeated(ReaderSamples.gnuMap, times: 11)
    let whole = scan(buffer, parts, pieces: 1)
    let joined = scan(buffer, parts, pieces: pieces)
    #expect(whole.symbols.count > 50)
    #expect(joined.symbols.elementsEqual(whole.symbols) { "\($0)" == "\($1)" })
    #expect(joined.outputSections.elementsEqual(whole.outputSections) { "\($0)" == "\($1)" })
    #expect(joined.inputSections.elementsEqual(whole.inputSections) { "\($0)" == "\($1)" })
    #expect(joined.rows.elementsEqual(whole.rows) { "\($0)" == "\($1)" })
    #expect(joined.unknown.count == whole.unknown.count)
  }

  @Test func lineNumbersOfALargeMapAreExact() throws {
    let buffer = try repeated(ReaderSamples.gnuMap, times: 600)
    #expect(buffer.count > 1 << 20)
    let image = try ImageReader.read(buffer)
    let text = buffer.text(in: 0..<buffer.count).utf8
    var line = 1
    var next = 0
    for (offset, byte) in text.enumerated() {
      while next < image.statements.count, Int(image.statements[next].offset) == offset {
        if next % 97 == 0 || next == image.statements.count - 1 {
          #expect(image.sources.lineAndColumn(SourceID(index: 0), offset: offset) == (line, 1))
        }
        next += 1
      }
      if byte == 0x0A { line += 1 }
    }
    #expect(next == image.statements.count)
  }
}
