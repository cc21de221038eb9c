// The start-up contract beside a simulated start: the copies and clears of the configuration are made with the bytes that
// a real link put into the raw image, and what is then wrong in memory has to be a finding, and nothing else.

import Foundation
import LdsParser
import TestSupport
import Testing

@testable import Constraints

@Suite(.enabled(if: LinkerReading.isMeasured, "needs GNU ld 2.40"))
struct StartupContractTests {
  /// More links by hand: LDS_CHECK_LINKS=200.
  private static let links =
    ProcessInfo.processInfo.environment["LDS_CHECK_LINKS"].flatMap(Int.init) ?? 16
  private static let seed =
    ProcessInfo.processInfo.environment["LDS_CHECK_SEED"].flatMap(UInt64.init) ?? 1

  private static let configuration = """
    {"copy": [{"load": "load_data", "start": "s_data", "end": "e_data"},
              {"load": "load_fast", "start": "s_fast", "end": "e_fast"}],
     "clear": [{"start": "s_bss", "end": "e_bss"}]}
    """

  @Test func findingsAreWhatIsWrongAfterAStart() throws {
    var wrong = 0
    var right = 0
    for index in 0..<Self.links {
      var generator = StartupScript(seed: Self.seed &* 1000 &+ UInt64(index))
      let text = generator.text()
      let (image, bytes) = try link(text, generator.object())
      let faults = try Start(image, bytes).faults()
      let configuration = ConfigurationReader.read(
        SourceBuffer(name: "c", text: Self.configuration))
      var context = RuleContext(
        script: ScriptParser.parse(SourceBuffer(name: "S", text: text)),
        images: [PlannedImage(image, plan: nil)])
      context.startup = StartupContract(configuration)
      let found = StartupCopy().check(context) + StartupClear().check(context)
      #expect(
        found.isEmpty == faults.isEmpty, "\(text)\nwrong: \(faults)\nfound: \(found.map(\.message))"
      )
      if faults.isEmpty { right += 1 } else { wrong += 1 }
    }
    #expect(wrong > 0 && right > 0)
    print("\(wrong) links that start wrong, \(right) that start right")
  }

  private func link(_ script: String, _ assembler: String) throws -> (Image, [UInt8]) {
    let folder = try TemporaryFolder()
    try folder.write("S", script)
    try folder.write("a.s", assembler)
    let run = try ProgramRun.shell(
      "as a.s -o a.o && ld -T S a.o -o o -z max-page-size=16 --no-check-sections 2>&1",
      folder: folder.path)
    let bytes = try #require(
      FileManager.default.contents(atPath: folder.path("o")), "\(run.output)\n\(script)")
    let image = try ImageReader.read(SourceBuffer(path: FilePath("o"), bytes: Array(bytes)))
    return (image, Array(bytes))
  }
}

/// Memory after the start.
private struct Start {
  private let image: Image
  private let contents: [(section: Int, bytes: [UInt8])]
  private var memory: [UInt64: UInt8] = [:]

  init(_ image: Image, _ file: [UInt8]) throws {
    self.image = image
    contents = image.outputSections.indices.compactMap { index in
      let section = image.outputSections[index]
      guard section.isShipped, let offset = section.fileOffset else { return nil }
      return (index, Array(file[Int(offset)..<Int(offset + section.size)]))
    }
    for (index, bytes) in contents {
      let load = try #require(image.outputSections[index].lma)
      for (offset, byte) in bytes.enumerated() { memory[load + UInt64(offset)] = byte }
    }
    try clear("s_bss", "e_bss")
    try copy("load_data", "s_data", "e_data")
    try copy("load_fast", "s_fast", "e_fast")
  }

  private func value(_ name: String) throws -> UInt64 {
    try #require(image.value(ofGlobal: name), "\(name)")
  }

  private mutating func clear(_ start: String, _ end: String) throws {
    var address = try value(start)
    let last = try value(end)
    while address < last {
      memory[address] = 0
      address += 1
    }
  }

  private mutating func copy(_ load: String, _ start: String, _ end: String) throws {
    let (from, to, last) = (try value(load), try value(start), try value(end))
    guard to < last else { return }
    for distance in 0..<(last - to) { memory[to + distance] = memory[from + distance] }
  }

  /// Sections that do not hold what they should, and variables that are not zero.
  func faults() -> [String] {
    var faults: [String] = []
    for (index, bytes) in contents {
      let vma = image.outputSections[index].vma ?? 0
      let isThere = bytes.enumerated().allSatisfy { memory[vma + UInt64($0)] == $1 }
      if !isThere { faults.append(image.sectionName(index)) }
    }
    for symbol in image.symbols.records where symbol.size > 0 {
      let name = image.symbols.name(symbol)
      guard name.hasPrefix("zero"), case .section(let index) = symbol.place,
        image.outputSections[index].flags?.contains(.noBits) == true
      else { continue }
      let isZero = (0..<symbol.size).allSatisfy { memory[symbol.value + $0] == 0 }
      if !isZero { faults.append(name) }
    }
    return faults
  }
}

/// Firmware whose symbols stand where they should, but for a slip or two.
private struct StartupScript {
  private var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// Contents have no zero and no two equal stretches; variables have names that begin with `zero`.
  mutating func object() -> String {
    var text = ".text\n.globl _start\n_start: .skip \(1 + random.below(40)), 0x90\n"
    for (name, flags) in [(".data", "aw"), (".data.late", "aw"), (".fast", "ax"), (".rodata", "a")]
    {
      text += ".section \(name),\"\(flags)\",@progbits\n.balign \(1 << random.below(5))\n"
      for _ in 0..<(1 + random.below(30)) { text += ".byte \(1 + random.below(255))\n" }
    }
    for (index, name) in [".bss", ".bss.late", ".sbss"].enumerated() {
      text += ".section \(name),\"aw\",@nobits\n.balign \(1 << random.below(5))\n"
      text += ".type zero\(index),@object\n.size zero\(index),4\nzero\(index): .skip 4\n"
    }
    text += ".section .noinit,\"aw\",@nobits\n.type kept,@object\n.size kept,8\nkept: .skip 8\n"
    if random.once(in: 3) { text += ".comm zero9,8,8\n" }
    if random.once(in: 8) {
      text += ".section .lost,\"aw\",@nobits\n.type zero8,@object\n.size zero8,4\nzero8: .skip 4\n"
    }
    return text
  }

  mutating func text() -> String {
    let isSlip = (0..<6).map { _ in random.once(in: 7) }
    let align = random.once(in: 2) ? ". = ALIGN(\(4 << random.below(3)));" : ""
    let late = "*(.data.late)"
    var text = """
      MEMORY { ROM (rx) : ORIGIN = 0x1000, LENGTH = 64K RAM (rwx) : ORIGIN = 0x20000, LENGTH = 8K }
      SECTIONS {
        .text : { *(.text) *(.rodata) \(random.once(in: 2) ? ". = ALIGN(32);" : "") } >ROM

      """
    if isSlip[0] { text += "  load_data = LOADADDR(.text) + SIZEOF(.text);\n" }
    text += "  .data : { s_data = .; *(.data) \(isSlip[1] ? "" : late) \(align) e_data = .; "
    text += "\(isSlip[1] ? late : "") } >RAM AT>ROM\n"
    if !isSlip[0] { text += "  load_data = LOADADDR(.data);\n" }
    text += "  .fast : { s_fast = .; *(.fast) e_fast = .; } >RAM AT>ROM\n"
    text += "  load_fast = LOADADDR(\(isSlip[2] ? ".data" : ".fast"));\n"
    text += "  .bss : { s_bss = .; *(.bss\(isSlip[3] ? "" : " .bss.late")) *(.sbss) "
    text += "\(isSlip[4] ? "" : "*(COMMON)") \(align) e_bss = .; "
    text += "\(isSlip[3] ? "*(.bss.late)" : "") } >RAM\n"
    text += "  .noinit (NOLOAD) : { *(.noinit) } >RAM\n"
    if isSlip[5] { text += "  e_bss = ADDR(.bss) + 4;\n" }
    return text + "}\n"
  }
}
