// Random scripts whose every statement a real linker can judge in one link: nothing in them makes it stop.

import TestSupport

/// Writes one random script.
struct ScriptGenerator {
  private var random: SeededGenerator
  private var assertionCount = 0
  private var symbolCount = 0
  /// Symbols that any expression may name.
  private let objectSymbols = [
    "_start", "f1", "f2", "d0", "d1", "b0", "com", "r0", "f1", "d0", "r0", "_start",
  ]
  private let sections = [".text", ".rodata", ".data", ".bss"]
  private var allSymbols: [String] = []
  /// Sections whose addresses an expression may name. In assignments, those that are placed: passes
  /// before the last do not know the addresses of others.
  private var addressable: [String]
  private var placed: [String] = []
  /// Whether assignments refer to symbols that are assigned later.
  private let isForward: Bool

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    addressable = sections
    isForward = random.once(in: 2)
    for index in 0..<12 { allSymbols.append("s\(index)") }
  }

  /// The assembly that goes with the scripts; `orphan` adds sections that no script mentions.
  static func assembly(orphan: Bool) -> String {
    let orphans = """
      .section .orphan_ro,"a",@progbits
      .fill 24,1,1
      .section .orphan_rw,"aw",@progbits
      .fill 40,1,1
      .section .orphan_x,"ax",@progbits
      .fill 12,1,0x90
      """
    return """
      .section .text,"ax",@progbits
      .p2align 4
      .globl _start,f1,f2
      _start: .fill 0x40,1,0x90
      f1: .fill 8,1,0x90
      f2: .fill 8,1,0x90
      .section .rodata,"a",@progbits
      .p2align 3
      .globl r0
      r0: .fill 0x33,1,1
      .section .data,"aw",@progbits
      .p2align 3
      .globl d0,d1
      d0: .quad 1
      d1: .quad pq0
      .quad pq1
      .section .bss,"aw",@nobits
      .p2align 5
      .globl b0
      b0: .skip 0x100
      .globl absym,absbig,abszero
      absym = 0x1234
      absbig = 0xffffffff80000000
      abszero = 0
      .comm com,0x20,16
      \(orphan ? orphans : "")
      .section .note.GNU-stack,"",@progbits

      """
  }

  /// A whole script.
  mutating func script() -> String {
    var text = "before = \(number());\n"
    if random.once(in: 6) { text += "LD_FEATURE(\"SANE_EXPR\")\n" }
    text += statements(2, separator: "")
    text += "SECTIONS\n{\n"
    var address = 0x40_1000 + random.below(4) * 0x1000
    for (index, name) in sections.enumerated() {
      text += place(name, index, &address)
      text += statements(random.below(4), separator: "")
      if random.once(in: 4) { text += ".dropped\(index) : { *(.nothere\(index)) }\n" }
    }
    text += "  /DISCARD/ : { *(.comment) *(.note*) *(.eh_frame) }\n}\n"
    text += "PROVIDE(pq0 = \(number()));\nPROVIDE(pq1 = f1 + 4);\nPROVIDE(unused0 = 5);\n"
    text += statements(4, separator: "")
    // Every symbol that an expression may name is assigned somewhere.
    while symbolCount < 12 { text += assignment() }
    text += assertion() + "\n" + assertion() + "\n"
    return text
  }

  private mutating func place(_ name: String, _ index: Int, _ address: inout Int) -> String {
    var text = ""
    switch random.below(4) {
    case 0:
      text += "  \(name) 0x\(String(address, radix: 16)) : "
    case 1:
      text += "  . = ALIGN(0x1000);\n  \(name) : "
    case 2:
      let load = "AT(0x\(String(0x80_0000 + index * 0x10000, radix: 16))) "
      text += "  \(name) : \(random.once(in: 2) ? load : "")ALIGN(0x40) "
    default: text += "  . = 0x\(String(address, radix: 16));\n  \(name) : "
    }
    address += 0x4000
    text += "{\n    "
    if !placed.contains(name) { placed.append(name) }
    text += statements(random.below(2), separator: ";")
    text += "*(\(name)) \(name == ".bss" ? "*(COMMON)" : "")\n"
    if random.once(in: 3) { text += "    . = ALIGN(0x20);\n" }
    text += statements(random.below(4), separator: ";")
    return text + "  }\n"
  }

  private mutating func statements(_ count: Int, separator: String) -> String {
    var text = ""
    for _ in 0..<count {
      text += symbolCount < 12 && random.once(in: 3) ? assignment() : assertion() + separator + "\n"
    }
    return text
  }

  private mutating func assignment() -> String {
    let name = "s\(symbolCount)"
    symbolCount += 1
    // Symbols refer to earlier ones only, or to later ones only: circles have no value.
    let everySymbol = allSymbols
    let position = symbolCount - 1
    allSymbols = (isForward ? (position + 1)..<12 : 0..<position).map { "s\($0)" }
    addressable = placed
    let value = random.once(in: 3) ? "." : expression(2)
    allSymbols = everySymbol
    addressable = sections
    switch random.below(8) {
    case 0: return "HIDDEN(\(name) = \(value));\n"
    case 1: return "\(name) = 3;\n\(name) += \(number());\n"
    default: return "\(name) = \(value);\n"
    }
  }

  private mutating func assertion() -> String {
    assertionCount += 1
    return "ASSERT(\(condition()), \"A\(assertionCount)\")"
  }

  private mutating func condition() -> String {
    switch random.below(6) {
    case 0: return "!(\(leaf()) & \(mask()))"
    case 1: return "\(leaf()) - \(leaf()) <= \(number())"
    case 2: return expression(2)
    case 3: return "(\(expression(1))) \(comparison()) (\(expression(1)))"
    case 4: return "\(leaf()) \(comparison()) \(leaf())"
    default: return "\(leaf()) % \(number()) == 0"
    }
  }

  private mutating func comparison() -> String {
    random.pick(["==", "!=", "<", ">", "<=", ">="]) ?? "=="
  }

  private mutating func mask() -> String {
    random.pick(["7", "0x1f", "0xfff", "(0x1000 - 1)", "0x3f"]) ?? "7"
  }

  /// A number that is never 0.
  private mutating func number() -> String {
    random.pick([
      "1", "3", "010", "0x20", "0x40", "0x1000", "4K", "0x401000", "0x402000", "1M", "0x100000000",
      "10h", "0x8000000000000000",
    ]) ?? "1"
  }

  private mutating func leaf() -> String {
    // What a map does not show, absolute symbols, headers and alignments, is as rare as in real scripts.
    if random.once(in: 40) { return rareLeaf() }
    switch random.below(12) {
    case 0, 1, 2: return random.pick(objectSymbols) ?? "f1"
    case 3, 4, 5: return random.pick(allSymbols) ?? "f1"
    case 6: return number()
    case 7: return "."
    case 8: return "SIZEOF(\(random.pick(sections) ?? ".text"))"
    case 9: return random.pick(addressable).map { "ADDR(\($0))" } ?? "f1"
    case 10: return random.pick(addressable).map { "LOADADDR(\($0))" } ?? "f2"
    default: return random.pick(["before", "pq0", "pq1", "DEFINED(f1)"]) ?? "before"
    }
  }

  private mutating func rareLeaf() -> String {
    random.pick([
      "absym", "absbig", "abszero", "ALIGNOF(.text)", "ALIGNOF(.data)", "SIZEOF_HEADERS",
      "DEFINED(nosuch)",
    ]) ?? "absym"
  }

  private mutating func expression(_ depth: Int) -> String {
    if depth == 0 { return leaf() }
    switch random.below(12) {
    case 0: return "-(\(expression(depth - 1)))"
    case 1: return "~(\(expression(depth - 1)))"
    case 2: return "!(\(expression(depth - 1)))"
    case 3: return "ABSOLUTE(\(expression(depth - 1)))"
    case 4: return "ALIGN(\(expression(depth - 1)), \(number()))"
    case 5:
      return "\(random.pick(["MAX", "MIN"]) ?? "MAX")(\(expression(depth - 1)), \(leaf()))"
    case 6: return "LOG2CEIL(\(leaf()))"
    case 7: return "(\(condition()) ? \(leaf()) : \(leaf()))"
    case 8: return "(\(leaf()) / \(number()))"
    default:
      let operation =
        random.pick(["+", "-", "*", "&", "|", "<<", ">>", "&&", "||", "+", "-"]) ?? "+"
      return "(\(expression(depth - 1)) \(operation) \(leaf()))"
    }
  }
}
