// Random firmware of a few objects: regions that are nearly full, sections that align inside, and ASSERTs about ends, sizes,
// distances and alignments. Made for questions of the kind "and if this were larger?", which another link answers.

import Foundation
import LdsParser

/// A link whose sizes can be changed.
public struct FirmwareObjects: Sendable {
  /// An input section.
  public struct Section: Sendable {
    /// Its name.
    public var name: String
    /// Its size.
    public var size: Int
    /// Its alignment.
    public var alignment: Int

    /// A section.
    public init(name: String, size: Int, alignment: Int) {
      self.name = name
      self.size = size
      self.alignment = alignment
    }
  }

  /// An object.
  public struct Object: Sendable {
    /// Its file.
    public var name: String
    /// Its sections.
    public var sections: [Section]

    /// An object.
    public init(name: String, sections: [Section]) {
      self.name = name
      self.sections = sections
    }
  }

  /// The objects in the order of the command.
  public var objects: [Object] = []
  /// The statements of `SECTIONS` by output section; `ALIGN(n)` may be put behind the colon.
  public var alignments: [String: Int] = [:]
  private var flash: Int
  private var ram: Int
  private var inner: [String: Int] = [:]
  private var assertions: [String] = []

  /// The output sections in order.
  public static let outputs = [".vectors", ".text", ".rodata", ".data", ".bss"]

  /// The link of a seed.
  public init(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let names = [".vectors", ".text", ".text.f", ".rodata", ".rodata.x", ".data", ".bss", ".bss.b"]
    for index in 0..<(2 + random.below(3)) {
      var sections: [Section] = []
      for name in names where index == 0 || !random.once(in: 3) {
        sections.append(
          Section(
            name: name, size: 1 + random.below(200), alignment: 1 << random.below(6)))
      }
      objects.append(Object(name: "o\(index).o", sections: sections))
    }
    for output in Self.outputs {
      if random.once(in: 2) { inner[output] = 1 << (2 + random.below(7)) }
      if random.once(in: 3) { alignments[output] = 1 << (3 + random.below(7)) }
    }
    let used = objects.flatMap(\.sections).reduce(0) { $0 + $1.size + $1.alignment }
    flash = used + 1024 + random.below(4096)
    ram = used + 1024 + random.below(4096)
    assertions = Self.assertions(used, &random)
  }

  private static func assertions(_ used: Int, _ random: inout SeededGenerator) -> [String] {
    var conditions: [String] = []
    func near(_ base: Int) -> Int { base + random.below(1500) }
    conditions.append("_etext <= 0x8000000 + \(near(used))")
    conditions.append("_erodata - _stext < \(near(used))")
    conditions.append("_end - _sdata <= \(near(used))")
    conditions.append("SIZEOF(.text) <= \(near(used))")
    conditions.append("LOADADDR(.data) + SIZEOF(.data) <= 0x8000000 + \(near(used))")
    conditions.append("0x20000000 + \(near(used)) - _end >= \(random.below(300))")
    conditions.append("(_edata & \((1 << random.below(4)) - 1)) == 0")
    conditions.append("_end <= 0x20000000 + \(near(used)) && _etext < 0x8000000 + \(near(used))")
    conditions.append("SIZEOF(.rodata) + SIZEOF(.data) < \(near(used))")
    return conditions.filter { _ in !random.once(in: 3) }
  }

  /// The script.
  public var script: String {
    var text = """
      MEMORY { FLASH (rx) : ORIGIN = 0x8000000, LENGTH = \(flash)
               RAM (rw) : ORIGIN = 0x20000000, LENGTH = \(ram) }
      SECTIONS {

      """
    for output in Self.outputs {
      let short = output.dropFirst()
      let align = alignments[output].map { "ALIGN(\($0))" } ?? ""
      let pad = inner[output].map { ". = ALIGN(\($0));" } ?? ""
      let region =
        output == ".data" ? ">RAM AT>FLASH" : output == ".bss" ? ">RAM" : ">FLASH"
      text +=
        "  \(output) : \(align) { _s\(short) = .; *(\(output) \(output).*) \(pad) _e\(short) = .; } \(region)\n"
    }
    text += "  _end = .;\n"
    for (index, condition) in assertions.enumerated() {
      text += "  ASSERT(\(condition), \"A\(index)\")\n"
    }
    return text + "  /DISCARD/ : { *(.comment) *(.note*) }\n}\n"
  }

  /// The assembler text of an object.
  public static func text(_ object: Object) -> String {
    object.sections.enumerated().map { index, section in
      let flags =
        section.name.hasPrefix(".text") || section.name == ".vectors"
        ? "ax" : section.name.hasPrefix(".rodata") ? "a" : "aw"
      let type = section.name.hasPrefix(".bss") ? "nobits" : "progbits"
      let label = "\(object.name.dropLast(2))_\(index)"
      return """
        .section \(section.name),"\(flags)",@\(type)
        .balign \(section.alignment)
        .globl \(label)
        \(label): .zero \(section.size)

        """
    }.joined()
  }

  /// Writes the script `S` and makes the objects.
  public func write(to folder: TemporaryFolder) throws {
    try folder.write("S", script)
    for object in objects { try Self.assemble(object, in: folder) }
  }

  /// Makes one object.
  public static func assemble(_ object: Object, in folder: TemporaryFolder) throws {
    try folder.write("\(object.name).s", text(object))
    _ = try ProgramRun.tool(
      "as", ["--64", "\(object.name).s", "-o", object.name], folder: folder.path)
  }

  /// The words of the linker's command.
  public func command(with more: [String] = []) -> [String] {
    ["-m", "elf_x86_64", "--no-warn-rwx-segments", "-T", "S", "-o", "o"] + objects.map(\.name)
      + more
  }
}
