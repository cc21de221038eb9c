// Maps that lost blanks, their heads, or everything; listings without a row.

import LdsParser
import TestSupport
import Testing

struct MapDamageTests {
  private func read(_ text: String) throws -> Image {
    try ImageReader.read(SourceBuffer(name: "map", text: text))
  }

  private func lines(_ text: String, _ change: (Substring) -> String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(change)
      .joined(separator: "\n")
  }

  private func stripped(_ text: String) -> String {
    lines(text) { String($0.drop { $0 == " " }) }
  }

  private func damage(_ text: String) throws -> String? {
    try read(text).diagnostics.first { $0.id == "damaged-map" }?.message
  }

  private func refusal(_ text: String) -> String? {
    do throws(ReadError) {
      _ = try ImageReader.read(SourceBuffer(name: "map", text: text))
      return nil
    } catch {
      return error.message
    }
  }

  @Test func soundMapsShowNone() throws {
    for text in [
      ReaderSamples.gnuMap, ReaderSamples.goldMap, ReaderSamples.lldMap, ReaderSamples.moldMap,
    ] {
      #expect(try damage(text) == nil)
    }
  }

  @Test func titledMapsNeedTheirIndentation() throws {
    for text in [ReaderSamples.gnuMap, ReaderSamples.goldMap] {
      #expect(try damage(stripped(text)) != nil)
    }
  }

  @Test func columnsAreReadWithoutTheBlanksBefore() throws {
    for text in [ReaderSamples.lldMap, ReaderSamples.moldMap] {
      let (sound, bare) = (try read(text), try read(stripped(text)))
      #expect(sound.is32Bit == bare.is32Bit)
      #expect(sound.outputSections.map(\.vma) == bare.outputSections.map(\.vma))
      #expect(sound.symbols.records.map(\.value) == bare.symbols.records.map(\.value))
      #expect(bare.unknownLineCount == sound.unknownLineCount)
    }
  }

  @Test func columnsNeedTheBlanksBetween() {
    for text in [ReaderSamples.lldMap, ReaderSamples.moldMap] {
      let collapsed = lines(text) { $0.split(separator: " ").joined(separator: " ") }
      #expect(refusal(collapsed)?.contains("has lost its blanks") == true)
    }
  }

  @Test func headsAloneSayNothing() throws {
    for text in [ReaderSamples.lldMap, ReaderSamples.moldMap] {
      let head = text.prefix { $0 != "\n" } + "\n"
      #expect(try damage(String(head))?.contains("no section and no symbol") == true)
    }
  }

  @Test func lostHeadsAreNamed() {
    let rows = String(ReaderSamples.lldMap.drop { $0 != "\n" }.dropFirst())
    #expect(refusal(rows)?.contains("without its first line") == true)
    let quoted = lines(ReaderSamples.lldMap) { "> " + $0 }
    #expect(refusal(quoted)?.contains("puts before it (line 1)") == true)
    #expect(refusal("# log\n\n" + ReaderSamples.lldMap)?.contains("begins at line 3") == true)
  }

  @Test func marksAreNamed() {
    for text in [ReaderSamples.lldMap, ReaderSamples.nmBSD, ReaderSamples.xen] {
      #expect(refusal("\u{feff}" + text)?.contains("byte order mark") == true)
    }
  }

  @Test func aFewUnknownLinesAreNoDamage() throws {
    let text = ReaderSamples.gnuMap.split(separator: "\n", omittingEmptySubsequences: false)
    let place = try #require(text.firstIndex { $0.hasPrefix(" .text") })
    var bent = text
    bent.insert("   what is this", at: place)
    let image = try read(bent.joined(separator: "\n"))
    #expect(image.unknownLineCount == 1)
    #expect(!image.diagnostics.contains { $0.id == "damaged-map" })
    // Unless what it says may be an ASSERT.
    bent[place] = "   0x1 ASSERT ((a < 0x1), m)"
    #expect(try damage(bent.joined(separator: "\n"))?.contains("line \(place + 1) ") == true)
    bent[place] = " 0x1 ASSERT ((a < 0x1), m)"
    #expect(try damage(bent.joined(separator: "\n"))?.contains("an ASSERT") == true)
  }

  @Test func listingsNeedARow() {
    let head = "\n\nSymbols from a.o:\n\nName    Value   Class  Type  Size  Line  Section\n\n"
    #expect(refusal(head) == "the listing has no symbol")
  }

  @Test func otherTextIsNoMap() {
    for text in ["hello\nworld\n", "the Memory Configuration of the board\nis 0x1000\n"] {
      #expect(refusal(text)?.hasPrefix("not a linker script, a map") == true)
    }
  }
}
