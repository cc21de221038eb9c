// Random scripts whose every statement a real linker can judge in one link: one statement a line, each
// ASSERT with a message of its own. Nothing in them makes the linker stop, but for one ASSERT in some.

public import LdsParser

/// A script for one link.
public struct GeneratedScript: Sendable {
  /// Its text.
  public var text: String
  /// The same with a sound condition in place of the one at which the linker may stop; nil if there is none.
  public var neutral: String?
  /// Options of the link.
  public var options: [String] = []

  /// The message of the ASSERT at which the linker may stop.
  public static let faultMessage = "F0"

  /// A script without such an ASSERT.
  public init(text: String, options: [String] = []) {
    self.text = text
    self.options = options
  }

  /// Whether an option sets a symbol or an address.
  public var setsAddresses: Bool {
    options.contains { option in
      ["-Ttext", "-Tdata", "-Tbss", "--section-start", "--defsym"].contains {
        option.hasPrefix($0)
      }
    }
  }
}

/// Writes one random script.
public struct ScriptGenerator {
  /// How far a script goes from what people write.
  public enum Style: String, Sendable, CaseIterable {
    /// Sections, assignments and ASSERTs.
    case plain
    /// Also memory regions, overlays, PROVIDE of anything, symbols of objects set anew, ASSERTs as values,
    /// sections that are not allocated, and ASSERTs at which the linker stops.
    case wild
  }

  /// The symbols `s0`, `s1`, ... that a script assigns.
  static let symbolLimit = 12
  /// The number of the one that an option may set.
  static let overridden = 4

  var random: SeededGenerator
  let dialect: LinkerDialect
  let style: Style
  let topic: ScriptTopic
  let target: LinkTarget
  var assertionCount = 0
  var symbolCount = 0
  /// Symbols that any expression may name.
  let objectSymbols = [
    "_start", "f1", "f2", "d0", "d1", "b0", "com", "r0", "f1", "d0", "r0", "_start",
  ]
  let sections = [".text", ".rodata", ".data", ".bss"]
  var allSymbols: [String] = []
  /// Sections whose addresses an expression may name. In assignments, those that are placed: passes
  /// before the last do not know the addresses of others.
  var addressable: [String]
  var placed: [String] = []
  /// Whether assignments refer to symbols that are assigned later.
  let isForward: Bool
  /// Whether the script asks for `SANE_EXPR` in any case, and not by chance.
  var isSane = false
  /// Whether sections go to memory regions.
  let hasRegions: Bool
  /// Whether there is an output section `.dropped0`.
  let hasDropped: Bool
  /// Whether the next expression is for a statement inside an output section.
  var isInside = false

  /// A generator for scripts that `dialect` accepts.
  public init(
    seed: UInt64, dialect: LinkerDialect = .bfd, style: Style = .wild,
    topic: ScriptTopic = .sections, target: LinkTarget = .x86_64
  ) {
    random = SeededGenerator(seed: seed)
    self.dialect = dialect
    self.style = style
    self.topic = topic
    self.target = target
    addressable = sections
    isForward = random.once(in: 2)
    let isAboutRegions = topic == .memory
    let mayHaveRegions = style == .wild && (topic == .sections || topic == .collection)
    hasRegions = (random.once(in: 6) && mayHaveRegions) || isAboutRegions
    hasDropped = random.once(in: 3) && topic != .insert
    for index in 0..<Self.symbolLimit { allSymbols.append("s\(index)") }
  }

  /// A whole script.
  public mutating func script() -> GeneratedScript {
    let options = linkOptions()
    if topic == .insert { return insertedScript(options) }
    var text = targetCommands() + "before = \(number());\n"
    if dialect == .bfd, random.once(in: 6) || isSane { text += "LD_FEATURE(\"SANE_EXPR\")\n" }
    text += declarations()
    if style == .wild, random.once(in: 12) {
      text += "f2 = \(random.once(in: 2) ? number() : "d1");\n"
    }
    text += statements(2, separator: "")
    text += "SECTIONS\n{\n"
    var address = startAddress() + random.below(4) * 0x1000
    // No section of a PE image may be below its base.
    if target == .pe, !hasRegions { text += "  . = 0x\(String(startAddress(), radix: 16));\n" }
    // lld lets orphans stand between the first two of these.
    if style == .wild, target != .pe, !hasRegions, random.once(in: 6) {
      text += "  . = 0x\(String(startAddress(), radix: 16));\n"
      text += random.once(in: 2) ? "  . = ALIGN(0x100);\n" : statements(2, separator: "")
    }
    for (index, name) in sections.enumerated() {
      text += place(name, index, &address)
      text += statements(random.below(4), separator: "")
      text +=
        index == 0 && hasDropped ? "  .dropped0 : { *(.nothere0) }\n" : filler(index)
    }
    text += "  /DISCARD/ : { *(.comment) *(.note*) *(.eh_frame) *(.gone) }\n}\n"
    text += "PROVIDE(pq0 = \(number()));\nPROVIDE(pq1 = f1 + 4);\nPROVIDE(unused0 = 5);\n"
    text += statements(4, separator: "")
    // Every symbol that an expression may name is assigned somewhere.
    while symbolCount < Self.symbolLimit { text += assignment() }
    text += assertion() + "\n" + assertion() + "\n"
    return withFault(text, options)
  }

  /// The script, or one that ends in an ASSERT at which the linker may stop.
  private mutating func withFault(_ text: String, _ options: [String]) -> GeneratedScript {
    var script = GeneratedScript(text: text, options: options)
    guard style == .wild, random.once(in: 8) else { return script }
    let message = GeneratedScript.faultMessage
    let condition = faultyCondition()
    // A PROVIDE takes effect if the script refers to its symbol, so the neutral script has to as well; DEFINED is
    // no reference.
    let words = Set(condition.split { !$0.isLetter && !$0.isNumber }.map(String.init))
    let named = allSymbols.filter { words.contains($0) && !condition.contains("DEFINED(\($0))") }
    let references = named.map { " || \($0)" }.joined()
    script.neutral = text + "ASSERT(1\(references), \"\(message)\")\n"
    script.text += "ASSERT(\(condition), \"\(message)\")\n"
    return script
  }

  /// What may stand between two of the sections with symbols: dropped sections, overlays, moves.
  private mutating func filler(_ index: Int) -> String {
    switch random.below(style == .wild ? 12 : 9) {
    case 0, 1, 2: return "  .empty\(index) : { *(.nothere\(index)) }\n"
    case _ where style == .plain: return ""
    case 3: return hasRegions ? "" : "  . = . + 0x\(String(1 + random.below(64), radix: 16))0;\n"
    case 4 where index == 0 && !hasRegions && topic != .phdrs:
      return
        "  OVERLAY ALIGN(0x1000) : AT(0x900000) {\n    .ov1 { *(.ov1) }\n    .ov2 { *(.ov2) }\n  }\n"
    case 5 where !hasRegions:
      return "  . = DATA_SEGMENT_ALIGN(0x1000, 0x1000);\n"
    case 6 where random.once(in: 4): return "  .info\(index) 0 : { *(.info\(index)) }\n"
    default: return ""
    }
  }

  private mutating func place(_ name: String, _ index: Int, _ address: inout Int) -> String {
    let type = sectionType(index)
    var text = ""
    switch hasRegions ? 4 : random.below(4) {
    case 0:
      text += "  \(name) 0x\(String(address, radix: 16)) \(type): "
    case 1:
      text += "  . = ALIGN(0x1000);\n  \(name) \(type): "
    case 2:
      let load = "AT(0x\(String(0x80_0000 + index * 0x10000, radix: 16))) "
      text += "  \(name) \(type): \(random.once(in: 2) ? load : "")ALIGN(0x40) "
    case 3: text += "  . = 0x\(String(address, radix: 16));\n  \(name) \(type): "
    default: text += "  \(name) \(type): \(regionAlignment())"
    }
    address += 0x4000
    text += inputAlignment() + "{\n"
    isInside = true
    if !placed.contains(name) { placed.append(name) }
    text += statements(random.below(2), separator: ";")
    text += "    \(inputs(name)) \(name == ".bss" ? "*(COMMON)" : "")\n"
    text += insideMove(name)
    text += statements(random.below(4), separator: ";")
    isInside = false
    return text + "  } \(sectionSuffix(index))\n"
  }

  private mutating func insideMove(_ name: String) -> String {
    switch random.below(9) {
    case 0, 1, 2: "    . = ALIGN(0x20);\n"
    case _ where style == .plain: ""
    case 3: "    . = . + 8;\n"
    case 4 where name != ".bss": "    LONG(\(number())) BYTE(1)\n"
    default: ""
    }
  }

  mutating func statements(_ count: Int, separator: String) -> String {
    var text = ""
    for _ in 0..<count {
      text +=
        symbolCount < Self.symbolLimit && random.once(in: 3)
        ? assignment() : assertion() + separator + "\n"
    }
    return text
  }

  mutating func assignment() -> String {
    let name = "s\(symbolCount)"
    symbolCount += 1
    // Symbols refer to earlier ones only, or to later ones only: circles have no value.
    let everySymbol = allSymbols
    let position = symbolCount - 1
    allSymbols = (isForward ? (position + 1)..<Self.symbolLimit : 0..<position).map { "s\($0)" }
    addressable = placed
    let value = random.once(in: 3) ? "." : expression(2)
    let checked =
      random.once(in: 12) && style == .wild ? "ASSERT(\(condition()), \"\(nextMessage())\")" : nil
    allSymbols = everySymbol
    addressable = sections
    // What --defsym sets, a script sets only where nothing else does.
    if topic == .options, position == Self.overridden {
      return random.once(in: 2)
        ? "PROVIDE(\(name) = \(value));\n" : "\(name) = DEFINED(\(name)) ? \(name) : \(value);\n"
    }
    switch random.below(style == .wild ? 12 : 8) {
    case 0: return "HIDDEN(\(name) = \(value));\n"
    case 1: return "\(name) = 3;\n\(name) += \(number());\n"
    case _ where style == .plain: return "\(name) = \(value);\n"
    case 2: return "PROVIDE(\(name) = \(value));\n"
    case 3: return "PROVIDE_HIDDEN(\(name) = \(value));\n"
    case 4: return "\(name) = \(checked ?? value);\n"
    case 5: return "\(name) = DEFINED(\(name)) ? \(name) : \(value);\n"
    default: return "\(name) = \(value);\n"
    }
  }

  mutating func assertion() -> String {
    "ASSERT(\(condition()), \"\(nextMessage())\")"
  }

  private mutating func nextMessage() -> String {
    assertionCount += 1
    return "A\(assertionCount)"
  }
}
