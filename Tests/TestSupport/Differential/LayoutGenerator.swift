// Random scripts about the layout: sections of every kind, some of them orphans, under every attribute that moves one,
// and ends of every kind.

import LdsParser

/// Writes one random layout.
struct LayoutGenerator {
  /// How sections come to their addresses.
  enum Frame: CaseIterable {
    case counter, regions, headers
  }

  var random: SeededGenerator
  let dialect: LinkerDialect
  let target: LinkTarget
  var frame = Frame.counter
  var script = LayoutScript()
  /// Where an explicit address may stand.
  var address: UInt64 = 0x1000
  var sectionCount = 0
  var symbolCount = 0
  /// Names of sections that no statement takes.
  var orphanNames: [String] = []
  /// The second statements of ONLY_IF pairs, to be written behind other sections.
  var waiting: [String] = []

  init(seed: UInt64, dialect: LinkerDialect, target: LinkTarget) {
    random = SeededGenerator(seed: seed)
    self.dialect = dialect
    self.target = target
  }

  /// A whole layout.
  mutating func layout() -> LayoutScript {
    frame = random.pick([.counter, .counter, .regions, .headers]) ?? .counter
    if target == .pe { frame = .counter }
    let kinds = SectionKind.allCases.shuffled(using: &random)
    let named = kinds.prefix(3 + random.below(5))
    let orphans = kinds.dropFirst(named.count).prefix(random.below(5))
    chooseObjects(Array(named) + Array(orphans))
    orphanNames = orphans.flatMap(\.names)
    chooseOptions()
    declare()
    line("SECTIONS\n{")
    begin()
    var order = Array(named)
    // Half of the scripts have the usual order: code, constants, data, zeroes, what is not allocated.
    if random.once(in: 2) {
      order = SectionKind.allCases.filter { order.contains($0) }
    }
    for kind in order {
      section(kind)
      between()
    }
    for text in waiting { line(text) }
    if random.once(in: 4) { line("  /DISCARD/ : { *(.note.tool) *(.stamp) *(.fini_array) }") }
    end()
    return script
  }

  mutating func line(_ text: String) { script.lines.append(.text(text)) }

  mutating func claims(_ place: LayoutScript.Place) { script.lines.append(.claims(place)) }

  mutating func symbol() -> String {
    symbolCount += 1
    return "s\(symbolCount)"
  }

  static func hex(_ value: UInt64) -> String { "0x\(String(value, radix: 16))" }

  private mutating func chooseObjects(_ kinds: [SectionKind]) {
    var names = [LayoutObjects.start]
    for kind in kinds {
      for _ in 0...random.below(2) {
        let name = LayoutObjects.name(kind, random.below(SectionKind.variants))
        if !names.contains(name) { names.append(name) }
      }
    }
    if random.once(in: 2) { names.shuffle(using: &random) }
    script.objects = names
  }

  private mutating func chooseOptions() {
    let hasWrapper = script.objects.contains(LayoutObjects.name(.text, 2))
    if random.once(in: 2), hasWrapper { script.options.append("--wrap=entry") }
    if random.once(in: 8) { script.options.append("--compress-debug-sections=zlib") }
    if random.once(in: 20) {
      let name = random.pick(["-Tdata=", "-Tbss=", "-Ttext="]) ?? "-Tdata="
      script.options.append(name + Self.hex(0x70_0000 + UInt64(random.below(16)) * 0x1010))
    }
  }

  private mutating func declare() {
    line("ENTRY(_start)")
    switch frame {
    case .counter: break
    case .regions:
      line(
        """
        MEMORY
        {
          ROM (rx) : ORIGIN = 0x8000000, LENGTH = 1M
          RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 256K
          CCM : ORIGIN = 0x10000000, LENGTH = 64K
        }
        """)
    case .headers:
      line(
        """
        PHDRS
        {
          text PT_LOAD;
          data PT_LOAD\(random.once(in: 3) ? " AT(0x900000)" : "");
          note PT_NOTE;
          tls PT_TLS;
        }
        """)
    }
    if random.once(in: 4) { line("\(symbol()) = \(Self.hex(UInt64(random.below(0x10000))));") }
    if random.once(in: 4) { claims(.top) }
  }

  /// The start of the location counter.
  private mutating func begin() {
    let isNarrow = target.addressWidth == 4
    let start: UInt64 =
      random.pick([
        0, 0x1000, 0x40_0000, 0x8_0001, isNarrow ? 0xc010_0000 : 0xffff_8200_0000_0000,
        isNarrow ? 0xf000_0000 : 0x1_0000_0000,
      ]) ?? 0
    address = start &+ 0x10_0000
    if frame == .regions || start == 0 { return }
    line("  . = \(Self.hex(start))\(random.once(in: 8) ? " + SIZEOF_HEADERS" : "");")
  }

  /// What stands between two sections.
  private mutating func between() {
    switch random.below(16) {
    case 0, 1: line("  . = ALIGN(\(random.pick(["8", "0x100", "0x1000"]) ?? "8"));")
    case 2, 3: line("  \(symbol()) = .;")
    case 4: line("  . += \(Self.hex(UInt64(1 + random.below(0x80))));")
    case 5: line("  PROVIDE(\(symbol()) = .);")
    case 6: claims(.between)
    case 7, 8: emptied()
    case 9 where frame == .counter && random.once(in: 3):
      // Passes the end of 32 bits, or goes once around.
      script.isFar = true
      line("  . = . + \(random.once(in: 2) ? "0x180000000" : "0x20000000");")
    case 10 where frame == .counter:
      line("  . = \(Self.hex(nextAddress()));")
    default: break
    }
    guard let text = waiting.first, random.once(in: 2) else { return }
    waiting.removeFirst()
    line(text)
  }

  mutating func nextAddress() -> UInt64 {
    address &+= 0x4000 &+ UInt64(random.below(4)) &* 0x1004
    return address
  }

  /// How the script ends.
  private mutating func end() {
    switch random.below(8) {
    case 0: break
    case 1: line("  _end = .;")
    case 2: line("  . = ALIGN(8);\n  _end = .;")
    case 3: line("  . += 0x40;\n  top = .;")
    case 4: line("  _end = .;\n  . = ALIGN(0x1000);\n  top = .;")
    case 5: line("  . = ALIGN(16);\n  PROVIDE(_end = .);")
    case 6: line("  _end = .;\n  heap = _end + 0x100;")
    default: line("  . = ALIGN(4);")
    }
    if random.once(in: 4) { claims(.between) }
    line("}")
    if random.once(in: 3) { line("last = .;") }
    if symbolCount > 1 { line("length = s\(symbolCount) - s\(symbolCount - 1);") }
    claims(.end)
  }
}
