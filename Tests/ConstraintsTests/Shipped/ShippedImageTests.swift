// What leaves the build, beside what objcopy writes of random links.

import Foundation
import LdsParser
import TestSupport
import Testing

@testable import Constraints

@Suite struct ShippedImageTests {
  /// More links by hand: LDS_CHECK_LINKS=200.
  private static let links =
    ProcessInfo.processInfo.environment["LDS_CHECK_LINKS"].flatMap(Int.init) ?? 12
  private static let seed =
    ProcessInfo.processInfo.environment["LDS_CHECK_SEED"].flatMap(UInt64.init) ?? 1
  private static let objcopy = ExternalTool.path("objcopy")
  private static let linkers = [LinkerDialect.Family.bfd, .lld].filter {
    InstalledLinkers.of($0) != nil
  }

  @Test(.enabled(if: objcopy != nil && !linkers.isEmpty), arguments: linkers)
  func equalsObjcopy(_ dialect: LinkerDialect.Family) throws {
    let linker = try #require(InstalledLinkers.of(dialect))
    var compared = 0
    var symbols = 0
    for index in 0..<Self.links {
      let seed = Self.seed &* 1000 &+ UInt64(index)
      // Where load addresses jump back, GNU ld makes files of gigabytes, mostly holes.
      guard let link = try ShippedLink(seed: seed, linker: linker.path), link.isLinked,
        try Self.size(link.folder) < 1 << 28
      else { continue }
      let copy = try Copies(link.folder, seed: seed, objcopy: Self.objcopy ?? "")
      symbols += copy.compare("\(linker), seed \(seed)\n\(link.script)")
      compared += 1
    }
    #expect(compared > Self.links / 4 && symbols > compared)
    print("\(linker): \(compared) images and \(symbols) symbols as objcopy has them")
  }

  private static func size(_ folder: TemporaryFolder) throws -> UInt64 {
    let found = try FileManager.default.attributesOfItem(atPath: folder.path("fw.elf"))[.size]
    return try #require(found as? UInt64)
  }

  @Test(
    .enabled(if: !FirmwareTarget.installed.isEmpty),
    arguments: FirmwareTarget.installed + FirmwareTarget.installedWithLLD)
  func equalsObjcopyOfFirmware(_ target: FirmwareTarget) throws {
    let objcopy = target.prefix + "objcopy"
    guard FileManager.default.isExecutableFile(atPath: objcopy) else { return }
    for index in 0..<Self.links {
      let seed = Self.seed &* 1000 &+ UInt64(index)
      guard let link = try FirmwareLink(seed: seed, target: target), link.isLinked else { continue }
      let copy = try Copies(link.folder, seed: seed, objcopy: objcopy)
      _ = copy.compare("\(target.linkerPath), seed \(seed)\n\(link.script)")
    }
  }
}

/// An image with random contents, and what objcopy makes of it.
private struct Copies {
  let image: Image
  private let bytes: [UInt8]
  private let folder: TemporaryFolder
  private let objcopy: String
  /// Whether no two sections share bytes of the file: a linker that is told odd load addresses writes that.
  private let hasOwnBytes: Bool

  init(_ folder: TemporaryFolder, seed: UInt64, objcopy: String) throws {
    self.folder = folder
    self.objcopy = objcopy
    let buffer = try folder.buffer("fw.elf")
    image = try ImageReader.read(buffer)
    var random = SeededGenerator(seed: seed)
    var bytes = [UInt8](try Data(contentsOf: folder.url.appendingPathComponent("fw.elf")))
    hasOwnBytes = Self.areDisjoint(image)
    for section in image.outputSections where section.isShipped && hasOwnBytes {
      guard let offset = section.fileOffset else { continue }
      for index in Int(offset)..<Int(offset + section.size) {
        bytes[index] = UInt8(random.below(256))
      }
    }
    self.bytes = bytes
    try folder.write("full.elf", bytes)
  }

  private static func areDisjoint(_ image: Image) -> Bool {
    let ranges = image.outputSections.filter { $0.size > 0 }.compactMap { section in
      section.fileOffset.map { ($0, $0 + section.size) }
    }.sorted { $0 < $1 }
    return (ranges.first?.0 ?? 0) >= 512
      && zip(ranges, ranges.dropFirst()).allSatisfy { $0.1 <= $1.0 }
  }

  /// Compares all forms; returns how many symbols were found in the raw image.
  func compare(_ name: String) -> Int {
    var count = 0
    do {
      count = try compareRaw(name)
      try compareRecords(.intelHex, "ihex", name)
      try compareRecords(.sRecords, "srec", name)
    } catch {
      Issue.record("\(name): \(error)")
    }
    return count
  }

  /// The file that objcopy makes; nil where it refuses, as 64-bit addresses in Intel hex.
  private func copy(_ form: String) throws -> String? {
    let run = try ProgramRun.tool(
      objcopy, ["-O", form, "full.elf", "full.\(form)"], folder: folder.path)
    return run.status == 0 ? folder.path("full.\(form)") : nil
  }

  private var headers: String {
    let run = try? ProgramRun.tool("readelf", ["-lSW", "full.elf"], folder: folder.path)
    return run?.output ?? ""
  }

  /// What the file should have at each offset; later sections are written over earlier ones.
  private func contents(_ shipped: ShippedImage) -> [(offset: UInt64, bytes: ArraySlice<UInt8>)] {
    shipped.parts.sorted { ($0.section ?? 0) < ($1.section ?? 0) }.compactMap { part in
      guard let section = part.section, let at = image.outputSections[section].fileOffset else {
        return nil
      }
      return (part.offset, bytes[Int(at)..<Int(at + part.size)])
    }
  }

  private func compareRaw(_ name: String) throws -> Int {
    guard let path = try copy("binary") else {
      // What GNU ld wrote over itself no tool reads.
      #expect(!hasOwnBytes, "\(name)\n\(headers)")
      return 0
    }
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? UInt64
    guard let shipped = ShippedImage(image, form: .binary) else {
      #expect(size == 0, "\(name)")
      return 0
    }
    #expect(shipped.fileSize == size, "\(name)\n\(headers)")
    guard shipped.fileSize == size, let file = FileHandle(forReadingAtPath: path) else { return 0 }
    let overlaps = overlaps(shipped)
    for (offset, wanted) in contents(shipped) where !overlaps {
      try file.seek(toOffset: offset)
      let found = try file.read(upToCount: wanted.count) ?? Data()
      if [UInt8](found) != Array(wanted) { Issue.record("other bytes at \(offset): \(name)") }
    }
    var count = 0
    for record in image.symbols.records where !overlaps {
      guard case .section(let index) = record.place, image.outputSections[index].isShipped,
        let at = image.outputSections[index].fileOffset, let vma = image.outputSections[index].vma,
        record.value &- vma < image.outputSections[index].size,
        // Without a segment of its own nothing tells what a thread-local symbol counts from.
        !record.isThreadLocal || image.threadLocalBase != nil
      else { continue }
      let offset = try #require(shipped.offset(of: record), "\(name)")
      try file.seek(toOffset: offset)
      let found = try file.read(upToCount: 1)?.first
      let label = image.symbols.name(record)
      #expect(found == bytes[Int(at + (record.value - vma))], "\(label): \(name)")
      count += 1
    }
    return count
  }

  private func overlaps(_ shipped: ShippedImage) -> Bool {
    !hasOwnBytes || shipped.parts.reduce(UInt64(0)) { $0 + $1.size } != shipped.contentSize
  }

  private func compareRecords(_ form: ImageForm, _ tool: String, _ name: String) throws {
    let shipped = ShippedImage(image, form: form)
    guard let path = try copy(tool) else {
      #expect(
        !hasOwnBytes || shipped.map { $0.end > UInt64(UInt32.max) } == true, "\(form): \(name)")
      return
    }
    // Wider addresses are cut off in S-records.
    if let shipped, shipped.end > UInt64(UInt32.max) { return }
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let found = form == .intelHex ? Self.hex(text) : Self.records(text)
    guard let shipped else {
      #expect(found.isEmpty, "\(name)")
      return
    }
    var wanted: [UInt64: UInt8] = [:]
    for (offset, bytes) in contents(shipped) {
      for (index, byte) in bytes.enumerated() {
        wanted[shipped.start &+ offset &+ UInt64(index)] = byte
      }
    }
    if Set(found.keys) != Set(wanted.keys) { Issue.record("\(form), other addresses: \(name)") }
    #expect(UInt64(found.count) == shipped.fileSize, "\(form): \(name)")
    #expect(found.keys.min() == shipped.start, "\(form): \(name)")
    #expect(found.keys.max() == shipped.end &- 1, "\(form): \(name)")
    let overlaps = overlaps(shipped)
    if !overlaps, found != wanted { Issue.record("\(form), other bytes: \(name)") }
  }

  private static func bytes(_ line: Substring) -> [UInt8] {
    let digits = Array(line.utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
      UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
    }
  }

  /// Intel hex: `:`, count, address, type, data, sum.
  private static func hex(_ text: String) -> [UInt64: UInt8] {
    var memory: [UInt64: UInt8] = [:]
    var base: UInt64 = 0
    for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix(":") {
      let record = bytes(line.dropFirst())
      let address = UInt64(record[1]) << 8 | UInt64(record[2])
      let data = record[4..<(4 + Int(record[0]))]
      switch record[3] {
      case 0:
        for (index, byte) in data.enumerated() { memory[base + address + UInt64(index)] = byte }
      case 2: base = (UInt64(record[4]) << 8 | UInt64(record[5])) << 4
      case 4: base = (UInt64(record[4]) << 8 | UInt64(record[5])) << 16
      default: break
      }
    }
    return memory
  }

  /// S-records: `S`, type, count, address of 2 to 4 bytes, data, sum.
  private static func records(_ text: String) -> [UInt64: UInt8] {
    var memory: [UInt64: UInt8] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      guard let type = line.dropFirst().first?.wholeNumberValue, (1...3).contains(type) else {
        continue
      }
      let record = bytes(line.dropFirst(2))
      let address = record[1...(type + 1)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      for (index, byte) in record[(type + 2)...].dropLast().enumerated() {
        memory[address + UInt64(index)] = byte
      }
    }
    return memory
  }
}
