// Objects of one section each, of every kind that a linker treats in its own way. A script takes the sections of some
// of them; the others are orphans.

/// What a section is to a linker.
enum SectionKind: String, CaseIterable, Sendable {
  /// What every script names.
  case text, rodata, data, bss, common
  /// Allocated ones with names of their own.
  case zeroed, fast, config, code, patched, named
  /// Allocated ones that linkers treat in a way of their own.
  case note, threadData, threadZero, strings, array, empty
  /// Those that are not allocated.
  case debug, debugStrings, remark, tag

  /// How many objects have such a section; they differ in size, alignment, and partly in the section's name.
  static let variants = 3

  /// The names of the section in the objects' order, without the dot of `.text`.
  var names: [String] {
    switch self {
    case .text: [".text", ".text.cold", ".text"]
    case .rodata: [".rodata", ".rodata", ".rodata.table"]
    case .data: [".data", ".data.init", ".data"]
    case .bss: [".bss", ".bss", ".bss.page"]
    case .common: ["COMMON", "COMMON", "COMMON"]
    case .zeroed: [".noinit", ".noinit", ".dmabuf"]
    case .fast: [".ramdata", ".fastdata", ".ramdata"]
    case .config: [".config", ".config", ".vectors"]
    case .code: [".ramcode", ".init", ".ramcode"]
    case .patched: [".altcode", ".altcode", ".altcode"]
    case .named: ["hooks", "hooks", "table"]
    case .note: [".note.one", ".note.two", ".note.one"]
    case .threadData: [".tdata", ".tdata", ".tdata.x"]
    case .threadZero: [".tbss", ".tbss", ".tbss"]
    case .strings: [".rodata.str1.1", ".rodata.str1.1", ".rodata.str1.8"]
    case .array: [".init_array", ".init_array", ".fini_array"]
    case .empty: [".hollow", ".hollow", ".data"]
    case .debug: [".debug_info", ".debug_line", ".debug_info"]
    case .debugStrings: [".debug_str", ".debug_str", ".debug_str"]
    case .remark: [".comment", ".comment", ".note.tool"]
    case .tag: [".tag", ".tag", ".stamp"]
    }
  }

  /// Flags and type of the section for the assembler.
  var flags: String {
    switch self {
    case .text, .code: "\"ax\",@progbits"
    case .rodata, .config: "\"a\",@progbits"
    case .data, .fast, .named, .empty: "\"aw\",@progbits"
    case .bss, .zeroed: "\"aw\",@nobits"
    case .common: ""
    case .patched: "\"awx\",@progbits"
    case .note: "\"a\",@note"
    case .threadData: "\"awT\",@progbits"
    case .threadZero: "\"awT\",@nobits"
    case .strings: "\"aMS\",@progbits,1"
    case .array: "\"aw\",@init_array"
    case .debug, .tag: "\"\",@progbits"
    case .debugStrings, .remark: "\"MS\",@progbits,1"
    }
  }

  /// Whether a program has such a section in memory.
  var isAllocated: Bool {
    switch self {
    case .debug, .debugStrings, .remark, .tag: false
    default: true
    }
  }
}

/// The sources of those objects.
enum LayoutObjects {
  /// The object with the program's start.
  static let start = "text0.o"

  /// `data1.o`.
  static func name(_ kind: SectionKind, _ variant: Int) -> String { "\(kind.rawValue)\(variant).o" }

  /// The source of an object; nil for a name that is none of them.
  static func source(_ object: String) -> String? {
    for kind in SectionKind.allCases {
      for variant in 0..<SectionKind.variants where name(kind, variant) == object {
        return source(kind, variant)
      }
    }
    return nil
  }

  private static func source(_ kind: SectionKind, _ variant: Int) -> String {
    let symbol = "\(kind.rawValue)\(variant)"
    let place = SectionKind.allCases.firstIndex(of: kind) ?? 0
    var random = SeededGenerator(seed: UInt64(place * SectionKind.variants + variant))
    let alignment = random.pick([1, 2, 4, 4, 8, 16, 32, 64]) ?? 4
    let size = 1 + random.below(variant == 2 ? 3000 : 90)
    let end = ".section .note.GNU-stack,\"\",@progbits\n"
    if kind == .common { return ".comm \(symbol),\(size),\(alignment)\n\(end)" }
    var text = ".section \(kind.names[variant]),\(kind.flags)\n.balign \(alignment)\n"
    if variant == 0, kind == .text { text += ".globl _start\n_start: .skip 8\n" }
    // What --wrap exchanges.
    if variant == 2, kind == .text {
      text += ".globl entry,__wrap_entry\nentry: .skip 8\n__wrap_entry:\n"
    }
    // Symbols with the names of sections.
    if variant == 1, kind == .text { text += ".globl hooks,.out2\nhooks:\n.out2:\n" }
    text += ".globl \(symbol)\n\(symbol):\n"
    switch kind {
    case .strings, .debugStrings, .remark:
      for index in 0...size / 40 { text += ".string \"\(symbol) \(index)\"\n.string \"same\"\n" }
    case .empty: break
    default: text += ".skip \(size)\n"
    }
    return text + "own_\(symbol):\n" + (kind == .empty ? "" : tail(kind)) + end
  }

  /// Behind the symbol of the object's own.
  private static func tail(_ kind: SectionKind) -> String {
    switch kind {
    case .strings, .debugStrings, .remark: ".string \"end\"\n"
    default: ".skip 4\n"
    }
  }
}
