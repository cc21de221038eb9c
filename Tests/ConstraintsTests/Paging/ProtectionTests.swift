// Regions of protection units: the derived conditions beside an enumeration of all regions and beside the linkers, the
// advice beside the same enumeration.

import LdsParser
import TestSupport
import Testing

@testable import Constraints

struct ProtectionTests {
  /// Every range of addresses that one region can be, up to 4K.
  private static func isRegion(_ unit: ProtectionUnit, _ start: UInt64, _ end: UInt64) -> Bool {
    guard end > start else { return false }
    switch unit {
    case .mpuV8M: return start % 32 == 0 && end % 32 == 0
    case .pmpTOR: return start % 4 == 0 && end % 4 == 0
    case .mpuV7M, .pmpNAPOT:
      var size = unit == .mpuV7M ? UInt64(32) : 8
      while size <= 8192 {
        if end - start == size, start % size == 0 { return true }
        size *= 2
      }
      return false
    case .mpuV7MSubregions:
      var size: UInt64 = 32
      while size <= 16384 {
        let base = start / size * size
        let unit = size < 256 ? size : size / 8
        if end <= base + size, start % unit == 0, end % unit == 0 { return true }
        size *= 2
      }
      return false
    }
  }

  private static func ranges(_ seed: UInt64) -> [(UInt64, UInt64)] {
    var generator = SeededGenerator(seed: seed)
    return (0..<300).map { _ in
      let grain = [1, 4, 8, 32, 64, 256, 512][generator.below(7)]
      let start = UInt64(generator.below(4096) / grain * grain)
      let size = UInt64(generator.below(4096) / grain * grain)
      return (
        start, generator.once(in: 2) ? start + size : start + (1 << UInt64(generator.below(12)))
      )
    }
  }

  private func report(_ unit: ProtectionUnit, _ start: UInt64, _ end: UInt64) throws -> JudgedImage
  {
    let configuration = ConfigurationReader.read(
      SourceBuffer(
        name: "c",
        text: #"{"protect": [{"unit": "\#(unit.rawValue)", "start": "s", "end": "e"}]}"#))
    let listing = ImageFacts(symbols: [("s", start), ("e", end)]).makeImage()
    let session = Session(images: [listing], configuration: configuration)
    return try #require(session.judgeConstraints().first)
  }

  @Test(arguments: ProtectionUnit.allCases) func conditionsMeanOneRegion(_ unit: ProtectionUnit)
    throws
  {
    for (start, end) in Self.ranges(11) {
      let judged = try report(unit, start, end)
      let isRegion = Self.isRegion(unit, start, end)
      #expect(
        judged.report.assertions.map(\.verdict) == [isRegion ? .holds : .fails],
        "\(unit) \(start) to \(end)")
      let advice = ProtectionAdvice(unit: unit, granule: unit.granule, start: start, end: end)
        .sentences
      #expect(advice.isEmpty == isRegion, "\(unit) \(start) to \(end): \(advice)")
      let notes = judged.findings(isStrict: false).flatMap { $0.notes.map(\.message) }
      #expect(advice.allSatisfy(notes.contains))
    }
  }

  /// Both linkers judge the conditions as they are judged here.
  @Test(
    .enabled(if: LinkerReading.isMeasured, "needs GNU ld 2.40"), arguments: ProtectionUnit.allCases)
  func linkersJudgeAlike(_ unit: ProtectionUnit) throws {
    let configuration = ConfigurationReader.read(
      SourceBuffer(
        name: "c",
        text: #"{"protect": [{"unit": "\#(unit.rawValue)", "start": "s", "end": "e"}]}"#))
    let text = try #require(configuration.constraints.first).expression.text
    let folder = try TemporaryFolder()
    try folder.write("a.s", ".text\nnop\n")
    _ = try ProgramRun.shell("as a.s -o a.o", folder: folder.path)
    for linker in ["ld"] + [JudgingLinker(.lld)?.path].compactMap(\.self) {
      for (start, end) in Self.ranges(12).prefix(12) {
        try folder.write(
          "S",
          "s = \(start); e = \(end); SECTIONS { .text : { *(.text) } }\nASSERT(\(text), \"no region\")\n"
        )
        let run = try ProgramRun.shell("\(linker) -T S a.o -o o 2>&1", folder: folder.path)
        #expect(
          run.output.contains("no region") != Self.isRegion(unit, start, end),
          "\(linker) \(unit) \(start) to \(end): \(run.output)")
      }
    }
  }

  @Test func adviceNamesTheNearestRegion() {
    let advice = ProtectionAdvice(unit: .pmpNAPOT, granule: 8, start: 0x8000_1000, end: 0x8000_8000)
    #expect(
      advice.sentences == [
        "0x7000 bytes are no power of two: the next is 0x8000",
        "0x80001000 is no multiple of 0x8000",
        "one region would be 0x80008000 to 0x80010000: ALIGN(0x8000) in front of the start and of the end",
        "as it is, the least region that covers it is 0x80000000 to 0x80008000, 0x1000 bytes more than wanted",
      ])
  }

  /// At the end of the address space nothing is made up.
  @Test(arguments: ProtectionUnit.allCases) func theEndOfTheAddressSpaceIsSafe(
    _ unit: ProtectionUnit
  ) {
    func sentences(_ start: UInt64, _ end: UInt64) -> [String] {
      ProtectionAdvice(unit: unit, granule: unit.granule, start: start, end: end).sentences
    }
    for (start, end) in [(1, 0), (5, 5), (UInt64.max, 0)] as [(UInt64, UInt64)] {
      #expect(sentences(start, end).allSatisfy { $0.hasPrefix("there is nothing between ") })
      #expect(sentences(start, end).count == 1)
    }
    // No region is as large as all that, or ends behind the last address.
    for (start, end) in [(UInt64.max - 8, UInt64.max), (0, .max)] {
      let told = sentences(start, end)
      #expect(!told.contains { $0.contains(" region ") || $0.contains("the next is") }, "\(told)")
    }
  }

  /// Regions of MEMORY are those of the script; without it nothing is guessed.
  @Test func regionsAreThoseOfTheScript() throws {
    let configuration = ConfigurationReader.read(
      SourceBuffer(
        name: "c",
        text:
          #"{"protect": [{"unit": "mpu-v7m", "memory": "RAM"}, {"unit": "mpu-v7m", "memory": "ALIAS"}]}"#
      ))
    let image = ImageFacts(symbols: [("s", 1)]).makeImage()
    func verdicts(_ scripts: String...) -> [Verdict] {
      let loaded = scripts.enumerated().map { index, text in
        LoadedScript(
          path: FilePath("\(index).ld"),
          script: ScriptParser.parse(SourceBuffer(name: "s", text: text)))
      }
      let session = Session(scripts: loaded, images: [image], configuration: configuration)
      return session.judgeConstraints().flatMap { $0.report.assertions.map(\.verdict) }
    }
    let memory = "MEMORY { RAM : ORIGIN = 0x20000000, LENGTH = 8K } REGION_ALIAS(\"ALIAS\", RAM)"
    #expect(verdicts() == [.undecided, .undecided])
    #expect(verdicts(memory) == [.holds, .holds])
    #expect(verdicts("MEMORY { RAM : ORIGIN = 0x20000000, LENGTH = 9K }") == [.fails, .undecided])
    #expect(verdicts(memory, "MEMORY { RAM : ORIGIN = 0, LENGTH = 9K }") == [.undecided, .holds])
  }
}
