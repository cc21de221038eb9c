// One output section of a random layout.

import LdsParser

extension LayoutGenerator {
  /// A section that takes inputs of a kind.
  mutating func section(_ kind: SectionKind) {
    sectionCount += 1
    if frame == .counter, kind.isAllocated, kind != .threadZero, random.once(in: 14) {
      overlay(kind)
      return
    }
    if random.once(in: 9), kind != .threadData, kind != .threadZero {
      pair(kind)
      return
    }
    let name = name(kind)
    var head = "  \(name) "
    if kind.isAllocated { head += place() }
    head += type(kind)
    line(head + ": " + attributes(kind) + "{")
    body(kind)
    line("  }" + suffix(kind))
  }

  /// The usual name, another one, or that of input sections that no pattern takes.
  private mutating func name(_ kind: SectionKind) -> String {
    switch random.below(6) {
    case 0, 1: ".out\(sectionCount)"
    case 2: random.pick(orphanNames) ?? Self.usualName(kind)
    default: Self.usualName(kind)
    }
  }

  private static func usualName(_ kind: SectionKind) -> String {
    kind == .common ? ".shared" : kind.names[0]
  }

  /// An explicit address.
  private mutating func place() -> String {
    guard frame == .counter, random.once(in: 6) else { return "" }
    let odd: UInt64 = random.once(in: 3) ? 0x11 : 0
    return Self.hex(nextAddress() &+ odd) + " "
  }

  private mutating func type(_ kind: SectionKind) -> String {
    guard random.once(in: 9) else { return "" }
    switch kind {
    case .bss, .zeroed, .common: return "(NOLOAD) "
    case .threadData, .threadZero: return ""
    default: return (random.pick(["(NOLOAD)", "(INFO)", "(COPY)", "(NOLOAD)"]) ?? "") + " "
    }
  }

  /// Load address and alignment.
  private mutating func attributes(_ kind: SectionKind) -> String {
    var text = ""
    if frame != .regions, random.once(in: 6) {
      text += "AT(\(Self.hex(0x80_0000 + UInt64(sectionCount) * 0x1_0000))) "
    }
    if random.once(in: 6) { text += "ALIGN(\(random.pick(["16", "64", "0x100"]) ?? "16")) " }
    if random.once(in: 10) { text += "SUBALIGN(\(random.pick(["1", "32"]) ?? "1")) " }
    return text
  }

  private mutating func suffix(_ kind: SectionKind) -> String {
    switch frame {
    case .counter: return random.once(in: 12) ? " =0x90" : ""
    case .regions:
      guard kind.isAllocated else { return "" }
      return " "
        + (random.pick(
          kind == .text || kind == .rodata
            ? [">ROM", ">ROM", ">CCM AT>ROM"]
            : [">RAM", ">RAM AT>ROM", ">RAM", ">CCM", ">ROM", "AT>RAM"]) ?? ">RAM")
    case .headers:
      switch kind {
      case .threadData, .threadZero: return " :data :tls"
      case .note: return " :text :note"
      case .text, .rodata, .config, .code, .strings: return " :text"
      default: return kind.isAllocated ? " :data" : ""
      }
    }
  }

  private mutating func body(_ kind: SectionKind) {
    if random.once(in: 3) { line("    \(symbol()) = .;") }
    if random.once(in: 10) { line("    . = ALIGN(16);") }
    line("    " + inputs(kind))
    switch random.below(kind.isAllocated ? 10 : 30) {
    case 0: line("    . = ALIGN(8);")
    case 1: line("    . += \(Self.hex(UInt64(1 + random.below(40))));")
    case 2 where kind != .bss && kind != .zeroed && kind != .threadZero: line("    BYTE(1)")
    case 3: line("    . = . + 0;")
    default: break
    }
    if random.once(in: 3) { line("    \(symbol()) = .;") }
    if random.once(in: 8) { line("    PROVIDE(\(symbol()) = .);") }
    if random.once(in: 10) { claims(.inside) }
  }

  /// All inputs of a kind, or those of one name; the others are orphans.
  private mutating func inputs(_ kind: SectionKind) -> String {
    var names: [String] = []
    for name in kind.names where !names.contains(name) { names.append(name) }
    if random.once(in: 4) { names = [names[0]] }
    let patterns = "*(\(names.joined(separator: " ")))"
    return kind == .empty || random.once(in: 6) ? "KEEP(\(patterns))" : patterns
  }

  /// A section without input sections, which GNU ld drops unless something in it keeps it.
  mutating func emptied() {
    sectionCount += 1
    let orphan = random.once(in: 4) ? random.pick(orphanNames) : nil
    let isOfThreads = random.once(in: 8)
    var head = "  \(isOfThreads ? ".tbss" : orphan ?? ".empty\(sectionCount)") "
    if random.once(in: 3) { head += place() }
    if random.once(in: 6) { head += random.once(in: 2) ? "(NOLOAD) " : "(INFO) " }
    head += ": "
    if random.once(in: 3) { head += "ALIGN(0x100) " }
    if random.once(in: 4) { head += random.once(in: 2) ? "ONLY_IF_RO " : "ONLY_IF_RW " }
    var body = random.once(in: 3) ? "\(symbol()) = .; " : ""
    body += "*(.nothing) "
    if random.once(in: 3) { body += "\(padding()) " }
    if random.once(in: 2) { body += "\(symbol()) = .; " }
    line(head + "{ \(body)}" + suffix(isOfThreads ? .threadZero : .data))
  }

  /// A move of the location counter inside a section.
  private mutating func padding() -> String {
    random.pick([". = ALIGN(0x40);", ". = ALIGN(0x1000);", ". += 4;", ". = . + 0;", ". = 0x20;"])
      ?? ". = . + 0;"
  }

  /// Two statements of one name, of which the kind of the inputs chooses one, or one that may not be taken at all.
  private mutating func pair(_ kind: SectionKind) {
    let name = ".pair\(sectionCount)"
    let patterns = inputs(kind)
    let words = random.once(in: 2) ? ["ONLY_IF_RO", "ONLY_IF_RW"] : ["ONLY_IF_RW", "ONLY_IF_RO"]
    let end = suffix(kind)
    let unit = random.once(in: 4) ? "ALIGN(64) " : ""
    let move = random.once(in: 4) ? " \(padding())" : ""
    line(
      "  \(name) : \(unit)\(words[0]) { \(symbol()) = .; \(patterns)\(move) \(symbol()) = .; }\(end)"
    )
    if random.once(in: 3) { return }
    waiting.append("  \(name) : \(words[1]) { \(patterns)\(move) \(symbol()) = .; }\(end)")
  }

  private mutating func overlay(_ kind: SectionKind) {
    let start = random.once(in: 2) ? Self.hex(nextAddress()) + " " : ""
    let load = dialect == .lld && start.isEmpty ? "" : "AT(0x700000) "
    line("  OVERLAY \(start): \(load){")
    line("    .over\(sectionCount) { \(inputs(kind)) }")
    // lld takes nothing but inputs there.
    let marks = dialect == .bfd ? ["\(symbol()) = .; ", " \(symbol()) = .;"] : ["", ""]
    line("    .layer\(sectionCount) { \(marks[0])*(.vectors)\(marks[1]) }")
    line("  }")
  }
}
