// Random firmware: objects, a script with MEMORY, and what the real linker says of the use of its regions.

import Foundation
import LdsParser

/// A toolchain that links firmware.
public struct FirmwareTarget: Sendable {
  /// What programs begin with: `arm-none-eabi-`.
  public let prefix: String
  /// The linker; nil for the prefix's own.
  public var linker: String?
  /// Options of the assembler.
  public var assemblerOptions: [String] = []
  /// Options of the linker.
  public var linkerOptions: [String] = []
  /// An archive of newlib and functions in it that need nothing of a system.
  public var library: (path: String, functions: [String])?

  /// The targets whose assembler and linker are installed.
  public static let installed: [FirmwareTarget] = {
    let manager = FileManager.default
    var targets = ["/usr/bin/", "/usr/bin/arm-none-eabi-", "/usr/bin/riscv64-linux-gnu-"]
      .map { FirmwareTarget(prefix: $0) }
    targets[0].assemblerOptions = ["--64"]
    targets[0].linkerOptions = ["-m", "elf_x86_64"]
    let newlib = "/usr/lib/arm-none-eabi/newlib/thumb/v7-m/nofp/libc_nano.a"
    if manager.fileExists(atPath: newlib) {
      targets[1].library = (
        newlib, ["memcpy", "memmove", "strlen", "strtol", "qsort", "strstr", "strtok_r"]
      )
    }
    return targets.filter { target in
      manager.isExecutableFile(atPath: target.prefix + "as")
        && manager.isExecutableFile(atPath: target.linkerPath)
    }
  }()

  /// The same assemblers with lld, where that is installed.
  public static let installedWithLLD: [FirmwareTarget] = {
    guard let lld = JudgingLinker(.lld)?.path else { return [] }
    let emulations = [
      "/usr/bin/": "elf_x86_64", "/usr/bin/arm-none-eabi-": "armelf",
      "/usr/bin/riscv64-linux-gnu-": "elf64lriscv",
    ]
    return installed.compactMap { target in
      guard let emulation = emulations[target.prefix] else { return nil }
      var target = target
      target.linker = lld
      target.linkerOptions = ["-m", emulation]
      return target
    }
  }()

  /// The linker's path.
  public var linkerPath: String { linker ?? prefix + "ld" }
}

/// One link of random firmware.
public struct FirmwareLink: Sendable {
  /// A line of ld's table.
  public struct Usage: Sendable, Equatable {
    /// The region.
    public var name: String
    /// Bytes used.
    public var used: UInt64
    /// Bytes that it has.
    public var length: UInt64
  }

  /// The folder with `fw.ld`, `fw.map` and, if the link succeeded, `fw.elf`.
  public let folder: TemporaryFolder
  /// What ld printed; empty if it gave up before.
  public let usage: [Usage]
  /// Whether an image was made.
  public let isLinked: Bool
  /// What ld said.
  public let messages: String
  /// The command, the linker's name first.
  public let command: [String]
  /// The script.
  public let script: String

  /// Links firmware of `seed`; nil where the assembler refuses it.
  public init?(seed: UInt64, target: FirmwareTarget, version: Int = 0) throws {
    var generator = FirmwareGenerator(seed: seed, version: version)
    let library = generator.usesLibrary ? target.library : nil
    folder = try TemporaryFolder()
    let objects = generator.objects(calling: library?.functions ?? [])
    for (index, text) in objects.enumerated() {
      try folder.write("o\(index).s", text)
      let run = try ProgramRun.tool(
        target.prefix + "as", target.assemblerOptions + ["o\(index).s", "-o", "o\(index).o"],
        folder: folder.path)
      if run.status != 0 { return nil }
    }
    script = generator.script()
    try folder.write("fw.ld", script)
    var inputs = objects.indices.map { "o\($0).o" }
    if generator.usesArchive, inputs.count > 1 {
      let members = inputs.dropFirst()
      _ = try ProgramRun.tool(
        "/usr/bin/ar", ["rc", "lib.a"] + members, folder: folder.path)
      inputs = [inputs[0], "--whole-archive", "lib.a", "--no-whole-archive"]
    }
    if let library { inputs.append(library.path) }
    command =
      [target.linkerPath] + target.linkerOptions + generator.options
      + ["-T", "fw.ld", "-Map=fw.map", "-o", "fw.elf", "--print-memory-usage"] + inputs
    let run = try ProgramRun.tool(
      target.linkerPath, Array(command.dropFirst()), folder: folder.path)
    messages = run.errors
    usage = Self.table(run.output)
    isLinked = run.status == 0
  }

  /// What `--print-memory-usage` printed.
  static func table(_ text: String) -> [Usage] {
    text.split(separator: "\n").dropFirst().compactMap { line in
      guard let colon = line.lastIndex(of: ":") else { return nil }
      let words = line[line.index(after: colon)...].split(separator: " ")
      guard words.count >= 4, let used = bytes(words[0], words[1]),
        let length = bytes(words[2], words[3])
      else { return nil }
      return Usage(
        name: line[..<colon].trimmingCharacters(in: .whitespaces), used: used, length: length)
    }
  }

  private static func bytes(_ number: Substring, _ unit: Substring) -> UInt64? {
    let factor: [Substring: UInt64] = ["B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30]
    guard let value = UInt64(number), let scale = factor[unit] else { return nil }
    return value &* scale
  }
}

/// Writes random firmware.
struct FirmwareGenerator {
  private var random: SeededGenerator
  /// A later version of the same firmware has other sizes.
  private var sizes: SeededGenerator
  let usesArchive: Bool
  let usesLibrary: Bool
  private let collects: Bool
  private let smallFlash: Bool

  init(seed: UInt64, version: Int) {
    random = SeededGenerator(seed: seed)
    sizes = SeededGenerator(seed: seed &* 31 &+ UInt64(version))
    usesArchive = random.once(in: 3)
    collects = random.once(in: 3)
    smallFlash = random.once(in: 6)
    usesLibrary = random.once(in: 3)
  }

  var options: [String] {
    collects ? ["--gc-sections", "-e", "f0_0"] : []
  }

  // MARK: Objects

  /// - Parameter functions: those of a library, some of which the first object needs.
  mutating func objects(calling functions: [String]) -> [String] {
    let count = 1 + random.below(4)
    var objects = (0..<count).map { object($0) }
    let called = functions.filter { _ in random.once(in: 2) }
    if !called.isEmpty {
      objects[0] +=
        " .section .text.f0_0\n .balign 4\n" + called.map { " .long \($0)\n" }.joined()
    }
    return objects
  }

  private mutating func object(_ index: Int) -> String {
    var text = ""
    for function in 0...random.below(3) {
      text += " .section .text.f\(index)_\(function),\"ax\"\n"
      text +=
        alignment() + " .globl f\(index)_\(function)\nf\(index)_\(function): .skip \(size())\n"
    }
    for piece in Self.pieces where random.once(in: piece.chance) {
      text += " .section \(piece.name),\(piece.flags)\n" + alignment()
      if piece.name.hasPrefix(".rodata.str") {
        for string in 0...random.below(4) {
          text += " .string \"\(random.once(in: 2) ? "shared" : "text \(index) \(string)")\"\n"
        }
      } else {
        text += " .skip \(random.once(in: 8) ? 0 : size())\n"
      }
    }
    if random.once(in: 2) { text += " .comm c\(index),\(1 + sizes.below(60)),4\n" }
    return text
  }

  private static let pieces: [(name: String, flags: String, chance: Int)] = [
    (".rodata", "\"a\"", 2), (".rodata.str1.1", "\"aMS\",%progbits,1", 2), (".data", "\"aw\"", 2),
    (".data.x", "\"aw\"", 3), (".bss", "\"aw\",%nobits", 2), (".bss.y", "\"aw\",%nobits", 3),
    (".noinit", "\"aw\",%nobits", 3), (".keepme", "\"aw\",%nobits", 4), (".ccm", "\"aw\"", 3),
    (".tbss", "\"awT\",%nobits", 5), (".tdata", "\"awT\"", 6), (".orphan.ro", "\"a\"", 5),
    (".orphan.rw", "\"aw\"", 5), (".orphan.zero", "\"aw\",%nobits", 6), (".fast", "\"ax\"", 4),
    (".debug_info", "\"\"", 3), (".note.x", "\"\"", 5), (".ov1", "\"aw\"", 3),
    (".ov2", "\"aw\"", 3),
  ]

  private mutating func alignment() -> String {
    random.once(in: 2) ? " .balign \(1 << random.below(6))\n" : ""
  }

  private mutating func size() -> Int {
    // A new version changes one size in four.
    let base = 1 + random.below(300)
    let other = 1 + sizes.below(300)
    return sizes.once(in: 4) ? other : base
  }

  // MARK: Script

  mutating func script() -> String {
    let origin = random.pick(["0x0", "0x8000000", "0x10000"]) ?? "0x0"
    let attributes = random.once(in: 2)
    var text = "MEMORY {\n"
    text +=
      "  FLASH\(attributes ? " (rx)" : "") : ORIGIN = \(origin), LENGTH = \(smallFlash ? "600" : "64K")\n"
    text += "  RAM\(attributes ? " (rwx)" : "") : ORIGIN = 0x20000000, LENGTH = 16K\n"
    text += "  CCM : ORIGIN = 0x30000000, LENGTH = 4K\n"
    if random.once(in: 3) { text += "  SPARE : ORIGIN = 0x40000000, LENGTH = 1K\n" }
    text += "}\n"
    if random.once(in: 2) {
      text += "REGION_ALIAS(\"ROM\", FLASH)\n"
    } else {
      text += "REGION_ALIAS(\"ROM\", CCM)\n"
    }
    if random.once(in: 4) { text += "stack_size = 0x\(40 + random.below(40));\n" }
    text += "SECTIONS {\n"
    for part in parts() { text += "  \(part)\n" }
    return text + "}\n"
  }

  private mutating func tail(_ region: String, loads: Bool) -> String {
    guard loads, random.below(4) != 0 else { return "> \(region)" }
    return "> \(region) AT> FLASH"
  }

  private mutating func parts() -> [String] {
    let keep = collects ? "KEEP(*(.keepme))" : "*(.keepme)"
    var result = [
      ".text : { *(.text*) \(random.once(in: 2) ? ". = ALIGN(8);" : "") \(random.once(in: 3) ? "BYTE(1) LONG(2)" : "") etext = .; } > FLASH",
      ".rodata : { *(.rodata .rodata.*) } > FLASH",
    ]
    if random.once(in: 3) { result.append(".fast : { *(.fast) } \(tail("RAM", loads: true))") }
    let data = "*(.data .data.*)\(random.once(in: 3) ? " . = ALIGN(16);" : "")"
    switch random.below(5) {
    case 0: result.append(".data : AT(etext) { \(data) } > RAM")
    case 1: result.append(".data : ALIGN(32) { _sdata = .; \(data) } > RAM AT> FLASH")
    case 2: result.append(".data : ALIGN_WITH_INPUT { \(data) } > RAM AT> FLASH")
    default: result.append(".data : { \(data) } \(tail("RAM", loads: true))")
    }
    if random.once(in: 4) { result.append(".tdata : { *(.tdata) } \(tail("RAM", loads: true))") }
    if random.once(in: 2) { result.append(".tbss : { *(.tbss) } \(tail("RAM", loads: true))") }
    result.append(
      ".bss\(random.once(in: 3) ? " (NOLOAD)" : "") : { _sbss = .; *(.bss .bss.*) *(COMMON) _ebss = .; } \(tail("RAM", loads: true))"
    )
    if random.once(in: 2) {
      result.append(
        ".noinit\(random.once(in: 2) ? " (NOLOAD)" : "") : { *(.noinit) \(keep) } \(tail("RAM", loads: true))"
      )
    }
    if random.once(in: 2) { result.append(".ccm : { *(.ccm) } \(tail("CCM", loads: true))") }
    if random.once(in: 4) {
      result.append("OVERLAY : { .ovl1 { *(.ov1) } .ovl2 { *(.ov2) } } \(tail("RAM", loads: true))")
    }
    if random.once(in: 3) {
      result.append(".empty : ALIGN(64) { empty = .; *(.nothing) } \(tail("RAM", loads: true))")
    }
    if random.once(in: 3) {
      result.append(".heap : { . = ALIGN(8); heap = .; . = . + \(16 + random.below(200)); } > RAM")
    }
    if random.once(in: 5) { result.append(".placed 0x20003000 : { *(.orphan.rw) } > RAM") }
    if random.once(in: 5) { result.append(".info (INFO) : { *(.note.x) }") }
    if random.once(in: 3) { result.append(".tail : { LONG(0xdeadbeef) } > ROM") }
    if random.once(in: 6) { result.append("/DISCARD/ : { *(.fast) }") }
    return result
  }
}
