// Which region takes a section that names none: the letters of MEMORY beside what each release of a linker does with them.

import Foundation
import LdsParser
import TestSupport
import Testing

@testable import Constraints

@Suite struct RegionAttributeTests {
  /// More scripts by hand: LDS_CHECK_LINKS=500.
  private static let count =
    ProcessInfo.processInfo.environment["LDS_CHECK_LINKS"].flatMap(Int.init) ?? 8
  private static let seed =
    ProcessInfo.processInfo.environment["LDS_CHECK_SEED"].flatMap(UInt64.init) ?? 1

  private static let sections: [UnplacedSection] = [
    (".text", 1, 6), (".rodata", 1, 2), (".data", 1, 3), (".bss", 8, 3), (".wx", 1, 7),
    (".robss", 8, 2), (".comment", 1, 0),
  ].map { (name: String, type: UInt32, flags: UInt64) in
    UnplacedSection(name: Array(name.utf8), type: type, flags: flags, alignment: 16)
  }
  private static let regionSize: UInt64 = 0x100000

  @Test(arguments: KnownRelease.all)
  func areThoseOfTheLinker(_ release: KnownRelease) throws {
    guard let linker = release.path else { return }
    var random = SeededGenerator(seed: Self.seed)
    var compared = 0
    for number in 0..<Self.count {
      let letters = (0..<3).map { _ in Self.letters(&random, release.dialect) } + ["a"]
      let folder = try TemporaryFolder()
      try folder.write("o.o", ELFObjectText.bytes(Self.sections, hasEntry: true))
      let script = Self.script(letters)
      try folder.write("S", script)
      let run = try ProgramRun.tool(linker, ["-T", "S", "o.o", "-o", "o"], folder: folder.path)
      guard run.status == 0 else {
        #expect(Bool(false), "\(release.name) \(letters): \(run.errors)")
        continue
      }
      let image = try ImageReader.read(FileInput.read(FilePath(folder.path("o"))))
      let regions = try Self.regions(script, release.dialect)
      for section in image.outputSections {
        guard let flags = section.flags, flags.contains(.allocated), section.size > 0,
          let address = section.vma
        else { continue }
        let expected =
          release.dialect == .lld
          ? regions.firstIndex { $0.takes(flags) }
          : regions.firstIndex { $0.takes(SectionBits(flags)) }
        let name = String(decoding: section.name, as: UTF8.self)
        #expect(
          expected == Int(address / Self.regionSize) - 1,
          "\(release.name), script \(number) \(letters), \(name) at \(address)")
        compared += 1
      }
    }
    #expect(compared > Self.count * 4)
  }

  private static func regions(
    _ text: String, _ dialect: LinkerDialect
  ) throws -> [RegionAttributes] {
    let script = ScriptParser.parse(
      SourceBuffer(name: "S", text: text), options: ScriptParser.Options(dialect: dialect)
    )
    for case .memory(let lines) in script.statements.map(\.kind) {
      return lines.map {
        RegionAttributes($0.attributes, script.names, linker: dialect.family)
      }
    }
    return []
  }

  /// lld takes no `i`; `l` alone is LENGTH.
  private static func letters(
    _ random: inout SeededGenerator, _ dialect: LinkerDialect
  ) -> String {
    let all = Array(dialect == .lld ? "rwxa" : "rwxai")
    return (0...random.below(3)).map { _ in
      let letter = String(all[random.below(all.count)])
      return random.once(in: 4) ? "!" + letter : letter
    }.joined()
  }

  private static func script(_ letters: [String]) -> String {
    let lines = letters.enumerated().map { index, text in
      "  R\(index) (\(text)) : ORIGIN = \(regionSize * UInt64(index + 1)), LENGTH = \(regionSize)"
    }
    return "MEMORY {\n\(lines.joined(separator: "\n"))\n}\n"
      + "SECTIONS { .text : { *(.text) } .rodata : { *(.rodata) } .data : { *(.data) } "
      + ".bss : { *(.bss) } .wx : { *(.wx) } .robss : { *(.robss) } }\n"
  }
}
