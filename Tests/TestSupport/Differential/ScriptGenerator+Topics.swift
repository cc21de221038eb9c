// What a script's topic and target put into it: declarations before SECTIONS, and the words around the braces of
// output sections: `.data (NOLOAD) : SUBALIGN(16) { ... } >RAM AT>ROM :data`.

import LdsParser

extension ScriptGenerator {
  /// Where the first section may start. 32-bit ones may be next to the end of the address space.
  mutating func startAddress() -> Int {
    switch target {
    case .x86_64: 0x40_1000
    case .pe: 0x1_4000_1000
    case .i386, .arm, .mips:
      // Which sections an option took back from behind the end no file shows.
      random.pick(
        [0x40_1000, 0x800_0000, 0x8000_0000, 0xc010_0000]
          + [topic == .options && dialect == .lld ? 0xfff0_0000 : 0xffff_8000]) ?? 0
    case .aarch64, .riscv64, .riscv64Fixed:
      random.pick([0x40_1000, 0x8000_0000, 0x40_0000_0000]) ?? 0
    }
  }

  /// The output format of a PE image, which the command line may also give alone, and the machine where a
  /// symbol listing does not tell it.
  mutating func targetCommands() -> String {
    switch target {
    case .mips: "OUTPUT_ARCH(mips)\n"
    case .pe: random.once(in: 2) ? "OUTPUT_FORMAT(\"pei-x86-64\")\n" : ""
    default: ""
    }
  }

  /// MEMORY or PHDRS.
  mutating func declarations() -> String {
    if topic == .phdrs { return programHeaders() }
    guard hasRegions else { return "" }
    guard topic == .memory else {
      return """
        MEMORY {
          ROM (rx) : ORIGIN = 0x400000, LENGTH = 0x100000
          RAM (w) : ORIGIN = 0x801000, LENGTH = 1M
        }

        """
    }
    let (flash, ram) =
      random.pick([
        ("0x400000", "0x801000"), ("0x8000000", "0x20000000"), ("0", "0x80000000"),
        ("0x8000004", "ORIGIN(ROM) + LENGTH(ROM)"),
      ]) ?? ("0", "0")
    return """
      MEMORY {
        ROM (\(random.pick(["rx", "rx!w", "r", "xr"]) ?? "rx")) : ORIGIN = \(flash), LENGTH = 1M
        RAM (\(random.pick(["rw", "w", "rwx", "!r"]) ?? "w")) : ORIGIN = \(ram), LENGTH = 512K * 2
        TCM : ORIGIN = 0x10000000 + 8, LENGTH = 64K
      }
      REGION_ALIAS("CODE", \(random.pick(["ROM", "RAM", "TCM"]) ?? "ROM"))

      """
  }

  private mutating func programHeaders() -> String {
    let headers = random.once(in: 3) ? " FILEHDR PHDRS" : ""
    let load = random.once(in: 3) ? " AT(0x\(String(1 + random.below(15), radix: 16))00000)" : ""
    return """
      PHDRS {
      \(headers.isEmpty ? "" : "  table PT_PHDR PHDRS;")
        text PT_LOAD\(headers)\(load) FLAGS(\(random.once(in: 2) ? "5" : "0x40000005"));
        data PT_LOAD\(random.once(in: 4) ? " AT(0x900000)" : "");
        note PT_NOTE FLAGS(4);
        other 0x60000000;
      }

      """
  }

  /// `(NOLOAD) ` or nothing.
  mutating func sectionType(_ index: Int) -> String {
    guard topic == .types, random.once(in: 3) else { return "" }
    let types =
      dialect == .bfd
      ? ["NOLOAD", "COPY", "INFO", "OVERLAY", "DSECT"] : ["NOLOAD", "COPY", "INFO"]
    return random.pick(types).map { "(\($0)) " } ?? ""
  }

  /// What a section in a region may have in place of an address.
  mutating func regionAlignment() -> String {
    guard topic == .memory else { return "" }
    return random.pick(["", "", "ALIGN(0x20) ", "ALIGN(4) "]) ?? ""
  }

  /// SUBALIGN or nothing.
  mutating func inputAlignment() -> String {
    guard topic == .types || topic == .memory, random.once(in: 4) else { return "" }
    return "SUBALIGN(\(random.pick(["1", "4", "32"]) ?? "1")) "
  }

  /// The input sections of an output section.
  mutating func inputs(_ name: String) -> String {
    let patterns = "*(\(name) \(name).*)"
    guard topic == .collection else { return patterns }
    return random.pick([
      patterns, "KEEP(\(patterns))", "*(\(name)) KEEP(*(\(name).*))",
      "KEEP(*(SORT(\(name).*))) *(\(name))",
    ]) ?? patterns
  }

  /// `>RAM AT>ROM :data =0x90909090`
  mutating func sectionSuffix(_ index: Int) -> String {
    if topic == .phdrs { return headerSuffix(index) }
    guard hasRegions else { return "" }
    guard topic == .memory else {
      if index < 2 { return ">ROM" }
      return index == 2 && random.once(in: 2) ? ">RAM AT>ROM" : ">RAM"
    }
    let suffixes = [
      ">ROM", ">CODE", ">ROM AT>ROM", ">RAM AT>ROM", ">RAM AT> CODE", ">RAM", ">TCM AT>ROM",
      "AT>ROM",
      "",
    ]
    return random.pick(index < 2 ? suffixes : Array(suffixes[3...])) ?? ""
  }

  private mutating func headerSuffix(_ index: Int) -> String {
    let headers =
      [
        [":text", ":text", ":text :note"], ["", ":text", ":text :note :other"],
        [":data", ":data :other", ""], [":data", "", ":NONE"],
      ][index]
    return (random.pick(headers) ?? "") + (random.once(in: 6) ? " =0x9090" : "")
  }

  /// The options of the link.
  mutating func linkOptions() -> [String] {
    switch topic {
    case .options: return addressOptions()
    case .collection:
      return ["--gc-sections", "-e", random.pick(["_start", "f1", "fill1_2"]) ?? "_start"]
        + (random.once(in: 4) ? ["-u", "d0"] : [])
    default:
      guard target == .pe else { return [] }
      let alignment = random.pick(["0x20", "0x1000", "0x200000"]) ?? "0x20"
      return ["--file-alignment=0x20", "--section-alignment=\(alignment)", "--subsystem=10"]
    }
  }

  private mutating func addressOptions() -> [String] {
    let page = (target == .pe ? 0x1_4000 : 0x40) + random.below(64)
    let address = "0x\(String(page, radix: 16))0000"
    var choices = [
      "--defsym=absym=\(number())", "--defsym=s\(Self.overridden)=0x1234",
      "--defsym=pq0=f1+8", "--defsym=extra=\(address)", "-Ttext=\(address)", "-Tdata=\(address)",
      "-Tbss=\(address)", "--section-start=.rodata=\(address)",
      "--section-start=.empty0=\(address)",
    ]
    if dialect == .bfd {
      choices += [
        "-Ttext-segment=\(address)", "--section-start=.nosuch=\(address)", "-N", "-n",
        "--sort-section=alignment",
      ]
    }
    if dialect == .lld {
      // To lld a --defsym is an assignment like the script's own, which no file shows.
      choices.removeAll {
        $0.hasPrefix("--defsym=s\(Self.overridden)=") || $0.hasPrefix("--defsym=pq0=")
      }
    }
    choices += ["-zmax-page-size=0x200000", "-zseparate-code", "-znoseparate-code"]
    var options: [String] = []
    for _ in 0...random.below(3) {
      if let option = random.pick(choices), !options.contains(option) { options.append(option) }
    }
    return options
  }

  /// A script that inserts sections into the linker's own.
  mutating func insertedScript(_ options: [String]) -> GeneratedScript {
    var text = "before = \(number());\nf3 = \(number());\n" + statements(2, separator: "")
    for index in 0...random.below(3) {
      text += "SECTIONS\n{\n"
      text += statements(random.below(2), separator: "")
      text += "  .ins\(index) : {\n"
      isInside = true
      text += statements(1 + random.below(2), separator: ";")
      text +=
        "    *(\(random.pick([".orphan_rw", ".orphan_ro", ".orphan_x", ".ov1", ".ins"]) ?? ""))\n"
      if random.once(in: 2) { text += "    . = ALIGN(0x40);\n    BYTE(1)\n" }
      text += statements(random.below(3), separator: ";")
      isInside = false
      text += "  }\n" + statements(random.below(3), separator: "")
      let order = random.once(in: 2) ? "AFTER" : "BEFORE"
      text += "}\nINSERT \(order) \(random.pick(sections) ?? ".text")\n"
    }
    text += "PROVIDE(pq0 = \(number()));\nPROVIDE(pq1 = f1 + 4);\n" + statements(4, separator: "")
    while symbolCount < Self.symbolLimit { text += assignment() }
    text += assertion() + "\n" + assertion() + "\n"
    return GeneratedScript(text: text, options: options)
  }
}
