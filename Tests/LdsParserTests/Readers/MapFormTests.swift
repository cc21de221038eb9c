// The table of map forms: every kind of map has a row, and is recognised and read by it.

import Testing

@testable import LdsParser

struct MapFormTests {
  @Test func everyKindOfMapHasAForm() {
    #expect(Set(MapForm.all.map(\.kind)) == Set(ImageKind.allCases.filter(\.isMap)))
    #expect(MapForm.of(.elf) == nil)
  }

  @Test(arguments: [
    (ReaderSamples.gnuMap, ImageKind.gnuMap), (ReaderSamples.goldMap, .goldMap),
    (ReaderSamples.lldMap, .lldMap), (ReaderSamples.moldMap, .moldMap),
  ])
  func aMapIsReadAsWhatItIs(text: String, kind: ImageKind) throws {
    let buffer = SourceBuffer(name: "a.map", text: text)
    #expect(FormatRecognizer.recognize(buffer) == .map(kind))
    #expect(try ImageReader.read(buffer).kind == kind)
  }

  /// What is no map of a linker is not read as one.
  @Test func aKindThatIsNoMapIsRefused() {
    #expect(throws: ReadError.self) {
      try ImageReader.read(
        SourceBuffer(name: "a.map", text: ReaderSamples.gnuMap), as: .map(.nm))
    }
  }
}
