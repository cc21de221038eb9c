// The expressions of random scripts: `(d0 - ADDR(.data)) < SIZEOF(.text)`.

import LdsParser

extension ScriptGenerator {
  mutating func condition() -> String {
    switch random.below(6) {
    case 0: return "!(\(leaf()) & \(mask()))"
    case 1: return "\(leaf()) - \(leaf()) <= \(number())"
    case 2: return expression(2)
    case 3: return "(\(expression(1))) \(comparison()) (\(expression(1)))"
    case 4: return "\(leaf()) \(comparison()) \(leaf())"
    default: return "\(leaf()) % \(number()) == 0"
    }
  }

  /// A condition at which the linker stops, or does not.
  mutating func faultyCondition() -> String {
    switch random.below(6) {
    case 0: return "\(leaf()) / (\(leaf()) - \(leaf()))"
    case 1: return "\(leaf()) % (\(leaf()) & 1)"
    case 2: return "(\(condition())) && 1 / (\(leaf()) & 8)"
    case 3: return "(\(condition())) || 1 % !\(leaf())"
    case 4: return "\(leaf()) + nosuch"
    default: return "SIZEOF(.nosuch) == \(random.below(2))"
    }
  }

  private mutating func comparison() -> String {
    random.pick(["==", "!=", "<", ">", "<=", ">="]) ?? "=="
  }

  private mutating func mask() -> String {
    random.pick(["7", "0x1f", "0xfff", "(0x1000 - 1)", "0x3f"]) ?? "7"
  }

  /// A number that is never 0.
  mutating func number() -> String {
    random.pick([
      "1", "3", "010", "0x20", "0x40", "0x1000", "4K", "0x401000", "0x402000", "1M", "0x100000000",
      "10h", "0x8000000000000000",
    ]) ?? "1"
  }

  private mutating func alignment() -> String {
    if dialect == .bfd { return number() }
    return random.pick(["1", "2", "0x20", "0x40", "0x1000", "4K", "10h", "1M"]) ?? "1"
  }

  mutating func leaf() -> String {
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
    var choices = [
      "absym", "absbig", "abszero", "ALIGNOF(.text)", "ALIGNOF(.data)", "SIZEOF_HEADERS",
      "DEFINED(nosuch)",
    ]
    guard style == .wild else { return random.pick(choices) ?? "absym" }
    choices += [
      "DEFINED(\(random.pick(allSymbols) ?? "f1"))", "CONSTANT(MAXPAGESIZE)",
      "SEGMENT_START(\"text-segment\", \(random.pick(objectSymbols) ?? "f1"))",
      "DATA_SEGMENT_END(.)",
    ]
    if hasDropped { choices += ["SIZEOF(.dropped0)", "ADDR(.dropped0)"] }
    if hasRegions { choices += ["ORIGIN(ROM)", "LENGTH(RAM)", "ORIGIN(RAM) + LENGTH(ROM)"] }
    if topic == .memory { choices += ["ORIGIN(CODE)", "LENGTH(CODE)"] }
    if isInside { choices.removeAll { $0.hasPrefix("DATA_SEGMENT") } }
    return random.pick(choices) ?? "absym"
  }

  mutating func expression(_ depth: Int) -> String {
    if depth == 0 { return leaf() }
    switch random.below(14) {
    case 0: return "-(\(expression(depth - 1)))"
    case 1: return "~(\(expression(depth - 1)))"
    case 2: return "!(\(expression(depth - 1)))"
    case 3: return "ABSOLUTE(\(expression(depth - 1)))"
    case 4: return "ALIGN(\(expression(depth - 1)), \(alignment()))"
    case 5:
      return "\(random.pick(["MAX", "MIN"]) ?? "MAX")(\(expression(depth - 1)), \(leaf()))"
    case 6: return "LOG2CEIL(\(leaf()))"
    case 7: return "(\(condition()) ? \(leaf()) : \(expression(depth - 1)))"
    case 8: return "(\(leaf()) / \(number()))"
    case 9: return "ALIGN(\(alignment()))"
    default: return operation(depth)
    }
  }

  private mutating func operation(_ depth: Int) -> String {
    let operation =
      random.pick(["+", "-", "*", "&", "|", "<<", ">>", "&&", "||", "+", "-"]) ?? "+"
    let left = expression(depth - 1)
    // lld refuses these of two values in sections.
    guard dialect == .lld, ["+", "&", "|"].contains(operation) else {
      return "(\(left) \(operation) \(leaf()))"
    }
    let right = absoluteOperand()
    return random.once(in: 3)
      ? "(\(right) \(operation) \(left))" : "(\(left) \(operation) \(right))"
  }

  /// A value that lld takes for absolute.
  private mutating func absoluteOperand() -> String {
    switch random.below(6) {
    case 0: "ABSOLUTE(\(leaf()))"
    case 1: "SIZEOF(\(random.pick(sections) ?? ".text"))"
    case 2: "(\(leaf()) * 3)"
    case 3: "(\(leaf()) \(comparison()) \(leaf()))"
    case 4: "LOADADDR(\(random.pick(addressable) ?? ".text"))"
    default: number()
    }
  }
}
