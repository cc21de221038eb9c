// The table of regions beside `ld --print-memory-usage`, over random firmware.

import Foundation
import LdsParser
import TestSupport
import Testing

@testable import Constraints

@Suite struct MemoryLinkTests {
  /// More links by hand: LDS_CHECK_LINKS=200.
  private static let links =
    ProcessInfo.processInfo.environment["LDS_CHECK_LINKS"].flatMap(Int.init) ?? 12
  private static let seed =
    ProcessInfo.processInfo.environment["LDS_CHECK_SEED"].flatMap(UInt64.init) ?? 1

  @Test(.enabled(if: !FirmwareTarget.installed.isEmpty), arguments: FirmwareTarget.installed)
  func equalsTheLinkersTable(_ target: FirmwareTarget) throws {
    var compared = 0
    var doubted = 0
    for index in 0..<Self.links {
      let seed = Self.seed &* 1000 &+ UInt64(index)
      guard let link = try FirmwareLink(seed: seed, target: target), !link.usage.isEmpty else {
        continue
      }
      let evidence = try Evidence(link)
      for files in evidence.choices {
        for script in files.mayLackScript ? [evidence.script, nil] : [evidence.script] {
          guard let use = MemoryUse(files.files, script: script) else { continue }
          let name = "seed \(seed), \(files.name)\(script == nil ? " alone" : "")"
          compared += compare(use, link, name)
          doubted += use.doubts.count
          checkSums(use, name)
        }
      }
    }
    #expect(compared > Self.links * 3)
    print("\(target.prefix): \(compared) regions equal ld's, \(doubted) doubts")
  }

  @Test(.enabled(if: !FirmwareTarget.installed.isEmpty), arguments: FirmwareTarget.installed)
  func changesSumToTheDifference(_ target: FirmwareTarget) throws {
    for index in 0..<max(2, Self.links / 4) {
      let seed = Self.seed &* 1000 &+ UInt64(index)
      let uses = try (0..<2).compactMap { version -> MemoryUse? in
        guard let link = try FirmwareLink(seed: seed, target: target, version: version) else {
          return nil
        }
        let evidence = try Evidence(link)
        return evidence.choices.first.flatMap { MemoryUse($0.files, script: evidence.script) }
      }
      guard uses.count == 2 else { continue }
      for grouping in MemoryGrouping.allCases {
        for region in MemoryDifference(from: uses[0], to: uses[1], by: grouping).regions {
          let sum = region.changes.reduce(Int64(0)) { $0 + $1.delta }
          #expect(sum == region.delta, "seed \(seed), \(region.displayName), \(grouping)")
        }
      }
    }
  }

  @Test(
    .enabled(
      if: InstalledLinkers.has(.lld, from: 19) && !FirmwareTarget.installedWithLLD.isEmpty,
      "needs an ld.lld with --print-memory-usage: 16 has none, 19 has"),
    arguments: FirmwareTarget.installedWithLLD)
  func equalsTheTableOfLLD(_ target: FirmwareTarget) throws {
    var compared = 0
    for index in 0..<Self.links {
      let seed = Self.seed &* 1000 &+ UInt64(index)
      // lld refuses some scripts that ld takes.
      guard let link = try FirmwareLink(seed: seed, target: target), link.isLinked else { continue }
      let evidence = try Evidence(link)
      for files in evidence.choices {
        guard let use = MemoryUse(files.files, script: evidence.script, dialect: .lld) else {
          continue
        }
        let name = "lld, seed \(seed), \(files.name)"
        compared += compare(use, link, name)
        checkSums(use, name)
      }
    }
    #expect(compared > 0)
  }

  /// To lld, `AT>RAM` alone says nothing of where a section runs: that region is the one whose attributes fit.
  @Test(
    .enabled(if: JudgingLinker.measured(.lld, .x86_64) != nil, "needs ld.lld 21, and as"))
  func aLoadRegionIsNoHomeForLLD() throws {
    let text = """
      MEMORY {
        ROM (rx) : ORIGIN = 0x10000, LENGTH = 0x200
        RAM (rw) : ORIGIN = 0x20000, LENGTH = 0x200
      }
      SECTIONS {
        .text : { *(.text) }
        .fast : { *(.fast) } AT>RAM
        .data : { *(.data) } AT>ROM
        .bss : { *(.bss) }
      }
      """
    let folder = try TemporaryFolder()
    try folder.write("S", text)
    try folder.write(
      "a.s", ".zero 0x40\n.data\n.zero 0x80\n.section .fast,\"awx\"\n.zero 0x40\n.bss\n.zero 0x30\n"
    )
    #expect(
      try ProgramRun.tool("/usr/bin/as", ["--64", "a.s", "-o", "a.o"], folder: folder.path)
        .status == 0)
    let link = try ProgramRun.tool(
      try #require(JudgingLinker(.lld)).path,
      ["-m", "elf_x86_64", "-T", "S", "a.o", "-o", "o", "--print-memory-usage"],
      folder: folder.path)
    #expect(link.status == 0, "\(link.errors)")
    let image = try ImageReader.read(folder.buffer("o"))
    let use = try #require(
      MemoryUse([image], script: ScriptParser.parse(folder.buffer("S")), dialect: .lld))
    for name in ["ROM", "RAM"] {
      let row = try #require(
        link.output.split(separator: "\n").first { $0.contains("\(name):") }
      ).split(separator: " ").map(String.init)
      let region = try #require(use.region(named: name))
      #expect(row[1] == String(region.used), "\(row)")
    }
  }

  /// An image does not show the empty `.data` whose AT(address) the orphan behind it follows: that it is not at its
  /// address does not mean that a region gives its load address.
  @Test(.enabled(if: JudgingLinker.measured(.bfd, .x86_64) != nil, "needs GNU ld 2.40, and as"))
  func anOrphanBehindAnEmptySectionIsDoubtful() throws {
    let text = """
      MEMORY {
        ROM : ORIGIN = 0x10000, LENGTH = 64K
        RAM : ORIGIN = 0x20000, LENGTH = 16K
      }
      SECTIONS {
        .text : { *(.text) etext = .; } >ROM
        .data : AT(etext) { *(.data) } >RAM
        .tables : { *(.tables) } >RAM AT>ROM
        .bss : { *(.bss) } >RAM
      }
      """
    let folder = try TemporaryFolder()
    try folder.write("S", text)
    try folder.write(
      "a.s", ".zero 0x40\n.section .extra,\"aw\"\n.zero 0x80\n.bss\n.zero 0x30\n")
    #expect(
      try ProgramRun.tool("/usr/bin/as", ["--64", "a.s", "-o", "a.o"], folder: folder.path)
        .status == 0)
    let link = try ProgramRun.tool(
      try #require(JudgingLinker(.bfd)).path,
      ["-m", "elf_x86_64", "-T", "S", "a.o", "-o", "o", "-Map", "m", "--print-memory-usage"],
      folder: folder.path)
    #expect(link.status == 0, "\(link.errors)")
    #expect(link.output.contains("ROM:          64 B"), "\(link.output)")
    let script = ScriptParser.parse(try folder.buffer("S"))
    let use = try #require(MemoryUse([ImageReader.read(folder.buffer("o"))], script: script))
    let region = try #require(use.region(named: "ROM"))
    #expect(!use.isCertain(region) && use.bounds(of: region).contains(64), "\(use.doubts)")
    let files = try [ImageReader.read(folder.buffer("o")), ImageReader.read(folder.buffer("m"))]
    let certain = try #require(MemoryUse(files, script: script))
    let told = try #require(certain.region(named: "ROM"))
    #expect(certain.isCertain(told) && told.used == 64, "\(certain.doubts)")
  }

  /// From objects before any link: also where the link then fails, since a region overflows.
  @Test(.enabled(if: !FirmwareTarget.installed.isEmpty), arguments: FirmwareTarget.installed)
  func objectsAloneGiveTheTableOfTheLink(_ target: FirmwareTarget) throws {
    var (compared, overflowing) = (0, 0)
    for index in 0..<Self.links {
      let seed = Self.seed &* 1000 &+ UInt64(index)
      guard let link = try FirmwareLink(seed: seed, target: target), !link.usage.isEmpty else {
        continue
      }
      let script = ScriptParser.parse(try link.folder.buffer("fw.ld"))
      guard
        let command = LinkCommand(
          link.command.map { Array($0.utf8) }, workingDirectory: FilePath(link.folder.path))
      else {
        Issue.record("seed \(seed): no command")
        continue
      }
      let layout: LayoutPrediction
      do throws(LayoutStop) {
        layout = try LayoutModel(
          script.linked(with: LinkSettings(command)), command, provider: FolderSources()
        ).layoutWithComplaints()
      } catch {
        if case .linkerStops(let words) = error, link.isLinked {
          Issue.record("seed \(seed): linked, but \(words)")
        }
        continue
      }
      #expect(
        link.isLinked == layout.complaints.isEmpty, "seed \(seed): \(layout.complaints)")
      guard let use = MemoryUse([layout.image(path: FilePath("fw.elf"))], script: script) else {
        continue
      }
      compared += compare(use, link, "objects, seed \(seed)")
      if !link.isLinked { overflowing += 1 }
      checkSums(use, "objects, seed \(seed)")
    }
    print("\(target.prefix): \(compared) regions from objects, \(overflowing) links fail")
  }

  /// Regions that equal ld's; each that claims to be certain has to.
  private func compare(_ use: MemoryUse, _ link: FirmwareLink, _ name: String) -> Int {
    var equal = 0
    for row in link.usage {
      guard let region = use.region(named: row.name) else {
        Issue.record("\(name): no region \(row.name)")
        continue
      }
      if region.used == row.used, region.length == row.length {
        equal += 1
      } else if use.isCertain(region) {
        Issue.record(
          "\(name): \(row.name) has \(region.used) of \(region.length ?? 0), ld says \(row.used) of \(row.length)\n\(link.script)"
        )
      }
    }
    return equal
  }

  private func checkSums(_ use: MemoryUse, _ name: String) {
    for region in use.regions {
      for grouping in MemoryGrouping.allCases {
        let sum = use.rows(of: region, by: grouping).reduce(Int64(0)) { $0 &+ $1.bytes }
        #expect(
          sum == Int64(truncatingIfNeeded: region.used),
          "\(name), \(region.displayName), \(grouping)")
      }
    }
  }

  /// The files of one link, in the ways that people give them.
  private struct Evidence {
    var choices: [(name: String, files: [Image], mayLackScript: Bool)] = []
    let script: LinkerScript

    init(_ link: FirmwareLink) throws {
      script = ScriptParser.parse(try link.folder.buffer("fw.ld"))
      let map = try ImageReader.read(try link.folder.buffer("fw.map"))
      choices.append(("map", [map], true))
      guard link.isLinked else { return }
      let image = try ImageReader.read(try link.folder.buffer("fw.elf"))
      choices.append(("map and image", [map, image], true))
      choices.append(("image", [image], false))
    }
  }
}
