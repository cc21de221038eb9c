// Random scripts with everything that moves the location counter, and ASSERTs on what they define.

import TestSupport

/// Makes one script from one seed.
struct ProofScriptGenerator {
  private var random: SeededGenerator
  private var symbols: [String] = []
  private var sections: [String] = []
  private var assertions = 0
  private var names = 0
  private var hasMemory = false
  /// Whether the script is for a PE image, in which ld places orphans by other rules.
  private(set) var isPE = false

  static let objectSymbols = ["obj_text", "obj_data", "obj_abs"]
  /// Section names of the objects of ``ProofObjectGenerator``, and some that no object has.
  static let patterns = [
    ".text", ".text.*", ".text.hot", ".data", ".data.*", ".bss", ".bss.*", ".rodata", ".rodata.*",
    ".tbss", ".tdata", ".init.text", ".rw", ".ro*", ".code", ".none", ".boot", "COMMON",
    ".note.*", ".comment", ".debug_info", ".plain", ".tbss*", ".note.x", ".tag", ".tag*",
  ]

  private static let sorts = [
    "SORT_BY_NAME", "SORT_BY_ALIGNMENT", "SORT", "SORT_NONE", "SORT_BY_INIT_PRIORITY",
  ]

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
  }

  mutating func script() -> String {
    hasMemory = random.once(in: 7)
    isPE = random.once(in: 8)
    var lines: [String] = isPE ? ["OUTPUT_FORMAT(\"pei-x86-64\")"] : []
    if hasMemory {
      lines.append(
        "MEMORY { ROM \(pick(["(rx)", "", "(!w)"])) : ORIGIN = 0x10000, LENGTH = 0x100000 "
          + "RAM \(pick(["(rw)", "", "(xrw)"])) : ORIGIN = \(pick(["0x400000", "0x400008"])), "
          + "LENGTH = 16M } REGION_ALIAS(\"ALIAS\", RAM)")
    }
    if random.once(in: 3) { lines.append(assignment(inside: false)) }
    if random.once(in: 16) { lines.append("LD_FEATURE(\"SANE_EXPR\")") }
    if random.once(in: 24) { lines.append("FORCE_COMMON_ALLOCATION") }
    lines.append("SECTIONS {")
    if !random.once(in: 4) {
      lines.append(
        "  . = \(pick(["0x100000", "0x400000 + 0x40", "0xffff800000200000", "0x10008"]));")
    }
    for _ in 0..<(3 + random.below(8)) { lines.append(contentsOf: item().map { "  " + $0 }) }
    if random.once(in: 2) { lines.append("  .late : { late = .; *(.late) *(.plain) }") }
    lines.append("}")
    for _ in 0..<random.below(3) { lines.append(assignment(inside: false)) }
    for _ in 0..<24 { lines.append(assertion()) }
    lines.append("later0 = \(number()); later1 = \(pick([".", "0x3000", "s1", ". + 8"]));")
    if !symbols.contains("s1") { lines.append("s1 = 5;") }
    lines.append("ASSERT(0, \"sentinel\")")
    return lines.joined(separator: "\n") + "\n"
  }

  private mutating func pick(_ choices: [String]) -> String { random.pick(choices) ?? "" }

  private mutating func number() -> String {
    pick(["0x1", "0x8", "0x10", "0x30", "0x40", "0x1000", "0x2000", "0x200000", "3", "0x100"])
  }

  private mutating func power() -> String {
    pick(["2", "4", "8", "16", "0x20", "0x80", "0x1000", "0x4000", "0x200000"])
  }

  private mutating func item() -> [String] {
    switch random.below(14) {
    case 0...1: [move(inside: false)]
    case 2...4: [move(inside: false), assignment(inside: false)]
    case 5: [assignment(inside: false)]
    case 6: ["\(assertion())"]
    case 7 where random.once(in: 3): overlay()
    case 8 where random.once(in: 2): ["/DISCARD/ : { *(\(pick(Self.patterns))) }"]
    default: outputSection()
    }
  }

  private mutating func move(inside: Bool) -> String {
    switch random.below(inside ? 7 : 15) {
    case 0...2: ". = ALIGN(\(power()));"
    case 3: ". = . + \(number());"
    case 4: ". = ALIGN(., \(number()));"
    case 5: ". = .;"
    case 6: ". = ALIGN(. != 0 ? \(power()) : 1);"
    case 7: ". += \(number());"
    case 8: ". = MAX(., \(value()));"
    case 9: ". = 0x\(String(random.below(16), radix: 16))00000;"
    case 10: ". = ALIGN(CONSTANT(\(pick(["MAXPAGESIZE", "COMMONPAGESIZE"]))));"
    case 11: ". = . + SIZEOF(\(section()));"
    case 12: ". = SEGMENT_START(\"text-segment\", 0x400000) + SIZEOF_HEADERS;"
    case 13: ". = DATA_SEGMENT_ALIGN(CONSTANT(MAXPAGESIZE), CONSTANT(COMMONPAGESIZE));"
    default: ". = \(value());"
    }
  }

  /// An output section of the script, now and then one that comes later or that nothing describes.
  private mutating func section() -> String {
    if sections.isEmpty || random.once(in: 8) { return pick([".text", ".data", ".late"]) }
    return pick(sections)
  }

  private mutating func symbol() -> String {
    if symbols.isEmpty || random.once(in: 12) { return pick(Self.objectSymbols) }
    // Now and then one that is assigned later on.
    if random.once(in: 20) { return "later\(random.below(2))" }
    return pick(symbols)
  }

  private mutating func value() -> String {
    switch random.below(12) {
    case 0...4: symbol()
    case 5: "\(symbol()) + \(number())"
    case 6: "ALIGN(\(symbol()), \(power()))"
    case 7 where !sections.isEmpty: "ADDR(\(pick(sections)))"
    case 8 where !sections.isEmpty: "ADDR(\(pick(sections))) + SIZEOF(\(section()))"
    case 9: "MAX(\(symbol()), \(symbol()))"
    case 10: "ABSOLUTE(\(symbol()))"
    default: "0x\(String(random.below(64), radix: 16))000"
    }
  }

  private mutating func assignment(inside: Bool) -> String {
    names += 1
    var name = "s\(names)"
    if random.once(in: 12), let old = random.pick(symbols) { name = old }
    if random.once(in: 14) { name = "later\(random.below(2))" }
    let value: String
    switch random.below(10) {
    case 0...5: value = "."
    case 6: value = "ALIGN(\(power()))"
    case 7: value = ". + \(number())"
    default: value = self.value()
    }
    if !symbols.contains(name) { symbols.append(name) }
    switch random.below(16) {
    case 0: return "PROVIDE(\(name) = \(value));"
    case 1: return "HIDDEN(\(name) = \(value));"
    case 2: return "\(name) = \(value); \(name) += \(number());"
    default: return "\(name) = \(value);"
    }
  }

  private mutating func overlay() -> [String] {
    names += 2
    let first = ".ov\(names - 1)"
    let second = ".ov\(names)"
    symbols.append("s\(names)")
    sections += [first, second]
    return [
      "OVERLAY \(random.once(in: 2) ? "0x20000" : "") : \(pick(["", "NOCROSSREFS", "AT(0x9000)"])) {",
      "  \(first) { *(\(pick(Self.patterns))) }",
      "  \(second) { *(\(pick(Self.patterns))) s\(names) = .; }",
      "}\(hasMemory && random.once(in: 2) ? " >RAM" : "")",
    ]
  }

  private mutating func sectionName() -> String {
    names += 1
    let common = pick([".text", ".data", ".bss", ".rodata", ".boot", ".tbss", ".rw", ".comment"])
    // Two output sections may have one name.
    let isTaken = sections.contains(common) && !random.once(in: 6)
    if random.once(in: 3) || isTaken { return ".out\(names)" }
    return common
  }

  private mutating func outputSection() -> [String] {
    let name = sectionName()
    var head = name
    let hasAddress = random.once(in: 5)
    if hasAddress {
      let align = "ALIGN(\(power()))"
      head += " " + pick(["0", "0x300000", align, ". + 0x40", "(\(value()))", "0x1800"])
    }
    if random.once(in: 12) { head += " (\(pick(["NOLOAD", "INFO", "COPY", "DSECT"])))" }
    head += " :"
    if random.once(in: 8) { head += " AT(\(pick(["ADDR(\(name)) - 0x1000", "0x8000"])))" }
    if random.once(in: 4) { head += " ALIGN(\(pick(["0x30", "16", "0x1000", "3", "0x40"])))" }
    if random.once(in: 9) { head += " SUBALIGN(\(pick(["1", "16", "64"])))" }
    if hasMemory, random.once(in: 8) { head += " ALIGN_WITH_INPUT" }
    if random.once(in: 40) { head += " \(pick(["ONLY_IF_RO", "ONLY_IF_RW"]))" }
    var lines = [head + " {"]
    for _ in 0..<random.below(7) { lines.append("  " + statement(name)) }
    if name == ".bss", random.once(in: 2) { lines.append("  *(COMMON)") }
    if random.once(in: 2) { lines.append("  *(\(name))") }
    if random.once(in: 3) { lines.append("  \(assignment(inside: true))") }
    var tail = "}"
    if hasMemory, !random.once(in: 4) {
      tail += " >\(pick(["ROM", "RAM", "ALIAS"]))"
      if random.once(in: 3) { tail += " AT>\(pick(["ROM", "RAM"]))" }
    }
    if random.once(in: 12) { tail += " =0x9090" }
    lines.append(tail)
    sections.append(name)
    return lines
  }

  private mutating func statement(_ section: String) -> String {
    switch random.below(13) {
    case 0...4:
      let pattern = pick(Self.patterns)
      if random.once(in: 8) {
        return "*(\(pick(Self.sorts))(\(pattern)))"
      }
      if random.once(in: 5) { return "KEEP(*(\(pattern) \(pick(Self.patterns))))" }
      return random.once(in: 8)
        ? "*(EXCLUDE_FILE(*1.o) \(pattern))" : "*(\(pattern))"
    case 5...6: return move(inside: true)
    case 7...9: return assignment(inside: true)
    case 10: return pick(["BYTE(1)", "QUAD(0)", "LONG(.)", "SHORT(2)"])
    case 11: return "\(assertion());"
    default: return "FILL(0x90)"
    }
  }

  private mutating func assertion() -> String {
    assertions += 1
    return "ASSERT(\(condition()), \"a\(assertions)\")"
  }

  private mutating func condition() -> String {
    switch random.below(15) {
    case 0...2: aligned()
    case 3...6: "\(operand()) \(pick(["<=", "<", ">=", "==", "!="])) \(operand())"
    case 7: "\(symbol()) - \(symbol()) \(pick(["<=", ">=", "<", "=="])) \(number())"
    case 8: "MAX(\(operand()), \(operand())) >= \(operand())"
    case 9: "ALIGN(\(symbol()), \(power())) \(pick([">=", "=="])) \(symbol())"
    case 10: "\(aligned()) \(pick(["&&", "||"])) \(symbol()) <= \(operand())"
    case 11: "DEFINED(\(symbol()))"
    case 12:
      "(\(symbol()) \(pick([">>", "/", "*", "|", "&", "^"].dropLast())) \(number())) \(pick(["!=", "<="])) \(number())"
    case 13: "\(operand()) ? \(aligned()) : \(aligned())"
    default: operand()
    }
  }

  private mutating func aligned() -> String {
    let mask = power()
    switch random.below(4) {
    case 0: return "(\(operand()) & (\(mask) - 1)) == 0"
    case 1: return "!(\(symbol()) & (\(mask) - 1))"
    case 2: return "\(symbol()) % \(mask) == 0"
    default: return "(\(symbol()) & \(mask)) == 0"
    }
  }

  private mutating func operand() -> String {
    switch random.below(14) {
    case 0...6: return symbol()
    case 7: return "."
    case 8: return number()
    case 9 where !sections.isEmpty:
      let section = pick(sections)
      return "(ADDR(\(section)) + SIZEOF(\(section)))"
    case 10 where !sections.isEmpty: return "ADDR(\(pick(sections)))"
    case 11 where !sections.isEmpty: return "SIZEOF(\(pick(sections)))"
    case 12 where !sections.isEmpty:
      return "\(pick(["LOADADDR", "ALIGNOF"]))(\(section()))"
    case 13: return "(\(symbol()) + \(number()))"
    default: return "0x100000"
    }
  }
}

/// Makes assembly text: sections of many kinds, sizes and alignments.
struct ProofObjectGenerator {
  private var random: SeededGenerator

  static let sections: [(name: String, flags: String)] = [
    (".text", "\"ax\",@progbits"), (".text.hot", "\"ax\",@progbits"),
    (".text.x", "\"ax\",@progbits"), (".data", "\"aw\",@progbits"),
    (".data.a", "\"aw\",@progbits"), (".bss", "\"aw\",@nobits"), (".bss.b", "\"aw\",@nobits"),
    (".rodata", "\"a\",@progbits"), (".rodata.k", "\"a\",@progbits"),
    (".tbss", "\"awT\",@nobits"), (".tdata", "\"awT\",@progbits"),
    (".init.text", "\"ax\",@progbits"), (".rw", "\"aw\",@progbits"),
    (".roo", "\"a\",@progbits"), (".code", "\"ax\",@progbits"), (".boot", "\"ax\",@progbits"),
    (".note.x", "\"a\",@note"), (".comment", "\"\",@progbits"),
    (".debug_info", "\"\",@progbits"), (".loose", "\"\",@progbits"),
    // Of names that promise nothing.
    (".tag", "\"\",@progbits"), (".tag.a", "\"a\",@progbits"),
    (".orphan_rw", "\"aw\",@progbits"), (".orphan_ro", "\"a\",@progbits"),
    (".orphan_code", "\"ax\",@progbits"), (".orphan_bss", "\"aw\",@nobits"),
  ]

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
  }

  mutating func assembly(number: Int) -> String {
    var lines: [String] = []
    // An object with few sections leaves many output sections empty.
    let chances = 1 + random.below(5)
    for (name, flags) in Self.sections where random.once(in: chances) {
      lines.append(".section \(name),\(flags)")
      lines.append(".p2align \(random.once(in: 4) ? random.below(14) : random.below(5))")
      if !random.once(in: 6) {
        lines.append(".skip \(random.once(in: 5) ? random.below(20000) : random.below(80))")
      }
    }
    if random.once(in: 3) { lines.append(".comm common\(number),\(1 + random.below(64)),8") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The object that defines the symbols scripts refer to.
  static func symbols(_ kind: Int) -> String {
    """
    .globl obj_text, obj_data, obj_abs
    .section \(kind == 0 ? ".text" : ".code"),"ax",@progbits
    .skip \(kind * 24)
    obj_text: .skip 8
    .section .data,"aw",@progbits
    .skip 4
    obj_data: .skip 4
    obj_abs = \(kind == 2 ? "0" : "0x1000")

    """
  }
}
