// Random links whose sections lie where they like: AT, holes, NOLOAD, program headers, thread-local sections.

import Foundation

/// One link of random sections, with random bytes as contents.
public struct ShippedLink: Sendable {
  /// The folder with `fw.elf`, made by this script.
  public let folder: TemporaryFolder
  /// The script.
  public let script: String
  /// Whether an image was made.
  public let isLinked: Bool

  /// Links the image of `seed` for x86-64 by `linker`; nil where the assembler is missing.
  public init?(seed: UInt64, linker: String) throws {
    var generator = ShippedGenerator(seed: seed)
    folder = try TemporaryFolder()
    try folder.write("o.s", generator.object())
    guard let assembler = ExternalTool.path("as") else { return nil }
    let assembled = try ProgramRun.tool(
      assembler, ["--64", "o.s", "-o", "o.o"], folder: folder.path)
    guard assembled.status == 0 else { return nil }
    script = generator.script()
    try folder.write("fw.ld", script)
    let run = try ProgramRun.tool(
      linker,
      ["-m", "elf_x86_64", "-T", "fw.ld", "o.o", "-o", "fw.elf", "-z", "max-page-size=4096"],
      folder: folder.path)
    isLinked = run.status == 0
  }
}

private struct ShippedGenerator {
  private var random: SeededGenerator
  private var names: [String] = []

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func object() -> String {
    var text = " .text\n .globl _start\n_start: .skip \(1 + random.below(60))\n"
    for index in 0..<(3 + random.below(5)) {
      let kind =
        random.pick([
          "\"a\"", "\"aw\"", "\"ax\"", "\"aw\",@nobits", "\"awT\"", "\"awT\",@nobits", "\"\"",
        ]) ?? ""
      names.append(".s\(index)")
      text += " .section .s\(index),\(kind)\n .balign \(1 << random.below(5))\n"
      text +=
        " .globl sym\(index)\nsym\(index): .skip \(random.once(in: 6) ? 0 : 1 + random.below(90))\n"
    }
    return text
  }

  mutating func script() -> String {
    let usesHeaders = random.once(in: 4)
    var text = ""
    if usesHeaders {
      text +=
        "PHDRS { a PT_LOAD\(random.once(in: 3) ? " AT(0x9000)" : ""); b PT_LOAD; t PT_TLS; }\n"
    }
    text += "SECTIONS {\n  . = \(random.pick(["0", "0x1000", "0x10000", "0x7ffff000"]) ?? "0");\n"
    text += "  .text : { *(.text) } \(usesHeaders ? ":a" : "")\n"
    var header = "a"
    for name in names where !random.once(in: 6) {
      if random.once(in: 4) {
        text +=
          "  . = \(random.pick([". + 0x40", "ALIGN(256)", "ALIGN(4096)", ". + 0x2345"]) ?? ".");\n"
      }
      if random.once(in: 3) { text += "  here\(name.dropFirst(2)) = .;\n" }
      if random.once(in: 4) { header = "b" }
      text +=
        "  \(name)\(random.once(in: 6) ? " (NOLOAD)" : "") :\(loadAddress()) { \(body(name)) }"
      text += usesHeaders ? " :\(header)\n" : "\n"
    }
    return text + "  _end = .;\n}\n"
  }

  private mutating func loadAddress() -> String {
    switch random.below(6) {
    case 0: " AT(0x\(String(0x2000 + random.below(0x8000), radix: 16)))"
    case 1: " AT(LOADADDR(.text) + 0x\(String(random.below(0x4000), radix: 16)))"
    default: ""
    }
  }

  private mutating func body(_ name: String) -> String {
    var body = "*(\(name))"
    if random.once(in: 4) { body += " . = ALIGN(\(1 << random.below(6)));" }
    if random.once(in: 6) { body += " . += 0x30;" }
    if random.once(in: 6) { body = "BYTE(1) " + body }
    if random.once(in: 8) { body = "before\(name.dropFirst(2)) = .; . = ALIGN(8);" }
    return body
  }
}
