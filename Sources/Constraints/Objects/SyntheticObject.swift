// Objects that nobody compiled: sections of any size and alignment, without contents. The same object is written twice,
// as the ELF file that the layout reads, and as the text of which an assembler makes one that the linker lays out alike.

internal import LdsParser

/// A machine for which objects can be written.
enum SyntheticMachine: String, CaseIterable {
  case x8664, i386, arm, aarch64

  /// The machine of a script: what OUTPUT_FORMAT and OUTPUT_ARCH say, 64-bit x86 where they say nothing; nil if it is
  /// another one.
  init?(formats: [String], architectures: [String]) {
    let words = formats + architectures
    if words.isEmpty {
      self = .x8664
    } else if words.contains(where: { $0.hasSuffix("x86-64") && $0 != "elf32-x86-64" }) {
      self = .x8664
    } else if words.contains(where: { $0 == "elf32-i386" || $0 == "i386" }) {
      self = .i386
    } else if words.contains(where: { $0 == "elf64-littleaarch64" })
      || formats.isEmpty && words.contains(where: { $0 == "aarch64" })
    {
      self = .aarch64
    } else if words.contains(where: { $0 == "elf32-littlearm" })
      || formats.isEmpty && words.contains(where: { $0 == "arm" })
    {
      self = .arm
    } else {
      return nil
    }
  }

  var number: UInt16 {
    switch self {
    case .x8664: ELF.machineX8664
    case .i386: ELF.machine386
    case .arm: ELF.machineARM
    case .aarch64: ELF.machineAArch64
    }
  }
  var is64Bit: Bool { self == .x8664 || self == .aarch64 }
  /// The largest size and address that are tried.
  var most: UInt64 { is64Bit ? 1 << 36 : 1 << 31 }
  /// The alignment that the assembler gives code, and to which it rounds its size.
  var codePower: Int { self == .arm ? 2 : 0 }

  /// The assembler with its options.
  var assembler: String {
    switch self {
    case .x8664: "as --64 -mx86-used-note=no"
    case .i386: "as --32 -mx86-used-note=no"
    case .arm: "arm-none-eabi-as"
    case .aarch64: "aarch64-linux-gnu-as"
    }
  }

  /// The linker with its options.
  var linker: String {
    switch self {
    case .x8664: "ld -m elf_x86_64"
    case .i386: "ld -m elf_i386"
    case .arm: "arm-none-eabi-ld"
    case .aarch64: "aarch64-linux-gnu-ld"
    }
  }
}

/// A section of such an object.
struct SyntheticSection: Hashable {
  var name: [UInt8]
  var type: UInt32
  var flags: UInt64
  var size: UInt64 = 0
  var power = 0

  /// A section with what the name promises; nil if linkers read contents of such a section, or make it themselves.
  init?(named name: [UInt8], in output: [UInt8]) {
    self.name = name
    let isPlain = name.allSatisfy {
      $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    guard isPlain, name.first.map({ !(0x30...0x39).contains($0) }) ?? false,
      !Self.readByLinkers.contains(where: name.starts)
    else { return nil }
    func begins(_ names: [String], _ text: [UInt8]) -> Bool {
      names.contains { text.starts(with: $0.utf8) }
    }
    type = NamedSectionType.type(of: name)
    if type == 0 { type = ObjectSection.Kind.contents }
    let (write, allocate) = (ObjectSection.Flag.write, ObjectSection.Flag.allocate)
    if type == ObjectSection.Kind.note || begins([".rodata"], name) {
      flags = allocate
    } else if begins([".tdata", ".tbss"], name) {
      flags = write | allocate | ObjectSection.Flag.threadLocal
    } else if begins([".text"], name) || name == Array(".init".utf8)
      || name == Array(".fini".utf8)
    {
      flags = allocate | ObjectSection.Flag.execute
    } else if begins([".data", ".bss"], name) || type != ObjectSection.Kind.contents {
      flags = write | allocate
    } else if begins([".text", ".init.text", ".head"], output) {
      flags = allocate | ObjectSection.Flag.execute
    } else if begins([".rodata"], output) {
      flags = allocate
    } else {
      flags = write | allocate
      if begins([".bss", ".noinit", ".sbss"], output) { type = ObjectSection.Kind.noBits }
    }
  }

  init(_ name: String, type: UInt32, flags: UInt64) {
    self.name = Array(name.utf8)
    self.type = type
    self.flags = flags
  }

  private static let readByLinkers: [[UInt8]] = [
    ".eh_frame", ".note.gnu.", ".note.GNU-stack", ".stab", ".ARM.", ".gnu", ".debug", ".zdebug",
    ".rel", ".comment", ".line", ".dyn", ".hash", ".interp", ".symtab", ".strtab", ".shstrtab",
    ".group", ".sframe", ".iplt", ".igot", ".vfp11", ".v4_bx", ".glue",
  ].map { Array($0.utf8) }

  var isCode: Bool { flags & ObjectSection.Flag.execute != 0 }

  /// `"ax"`
  fileprivate var letters: String {
    var text = ""
    if flags & ObjectSection.Flag.allocate != 0 { text += "a" }
    if flags & ObjectSection.Flag.write != 0 { text += "w" }
    if isCode { text += "x" }
    if flags & ObjectSection.Flag.threadLocal != 0 { text += "T" }
    return text
  }

  fileprivate var typeName: String {
    switch type {
    case ObjectSection.Kind.noBits: "nobits"
    case ObjectSection.Kind.note: "note"
    case ObjectSection.Kind.initArray: "init_array"
    case ObjectSection.Kind.finiArray: "fini_array"
    case ObjectSection.Kind.preinitArray: "preinit_array"
    default: "progbits"
    }
  }
}

/// A global symbol of such an object.
struct SyntheticSymbol: Hashable {
  enum Place: Hashable {
    case number(UInt64)
    /// The beginning of the section with this number.
    case section(Int)
    /// So many bytes behind it.
    case offset(UInt64, in: Int)
    /// COMMON of this size and alignment.
    case common(UInt64, power: Int)
  }

  var name: [UInt8]
  var place: Place

  /// The name as an assembler reads it.
  fileprivate var written: String {
    let isPlain = name.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "$")
    }
    let text = String(decoding: name, as: UTF8.self)
    return isPlain ? text : "\"\(text)\""
  }
}

/// Such an object.
struct SyntheticObject {
  let machine: SyntheticMachine
  /// The three that every assembler makes come first.
  private(set) var sections: [SyntheticSection]
  var symbols: [SyntheticSymbol] = []

  init(_ machine: SyntheticMachine) {
    self.machine = machine
    let (write, allocate) = (ObjectSection.Flag.write, ObjectSection.Flag.allocate)
    sections = [
      SyntheticSection(
        ".text", type: ObjectSection.Kind.contents, flags: allocate | ObjectSection.Flag.execute),
      SyntheticSection(".data", type: ObjectSection.Kind.contents, flags: write | allocate),
      SyntheticSection(".bss", type: ObjectSection.Kind.noBits, flags: write | allocate),
    ]
    sections[0].power = machine.codePower
  }

  /// An object without any section, as no assembler makes it.
  init(bare machine: SyntheticMachine) {
    self.machine = machine
    sections = []
  }

  /// Adds a section as it is, of whatever name.
  mutating func append(_ section: SyntheticSection) -> Int {
    sections.append(section)
    return sections.count - 1
  }

  /// Adds a section.
  ///
  /// - Returns: its number.
  @discardableResult
  mutating func add(_ section: SyntheticSection) -> Int {
    var section = section
    if section.isCode {
      section.power = max(section.power, machine.codePower)
      let unit: UInt64 = 1 << UInt64(machine.codePower)
      section.size = LinkerArithmetic.alignUp(section.size, to: unit)
    }
    if let known = sections.firstIndex(where: { $0.name == section.name }) {
      sections[known].size = section.size
      sections[known].power = max(sections[known].power, section.power)
      return known
    }
    sections.append(section)
    return sections.count - 1
  }

  // MARK: Assembler text

  /// The text of which an assembler makes the same object.
  var assembly: String {
    var lines: [String] = []
    for (index, section) in sections.enumerated() {
      let labels = symbols.filter { $0.place == .section(index) }
      if section.size == 0, section.power == 0, labels.isEmpty { continue }
      let name = String(decoding: section.name, as: UTF8.self)
      lines.append("\t.section\t\"\(name)\",\"\(section.letters)\",%\(section.typeName)")
      if section.power > 0 { lines.append("\t.p2align\t\(section.power)") }
      for label in labels {
        lines.append("\t.globl\t\(label.written)")
        lines.append("\(label.written):")
      }
      if section.size > 0 { lines.append("\t.zero\t\(section.size)") }
    }
    for symbol in symbols {
      switch symbol.place {
      case .number(let number):
        lines.append("\t.globl\t\(symbol.written)")
        lines.append("\t.set\t\(symbol.written), 0x\(String(number, radix: 16))")
      case .common(let size, let power):
        lines.append("\t.comm\t\(symbol.written), \(size), \(1 << UInt64(power))")
      case .section, .offset: break
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  // MARK: ELF

  /// The object as a file; sections claim bytes that are not there.
  var bytes: [UInt8] {
    var writer = ELFObjectWriter(machine)
    for section in sections { writer.add(section) }
    return writer.finish(symbols)
  }
}

/// Writes an object (System V ABI, chapter "Object Files").
private struct ELFObjectWriter {
  private let machine: SyntheticMachine
  private var names: [UInt8] = [0]
  private var headers: [UInt8] = []
  private var count = 1

  init(_ machine: SyntheticMachine) {
    self.machine = machine
    headers = [UInt8](repeating: 0, count: machine.is64Bit ? 64 : 40)
  }

  private var headerSize: Int { machine.is64Bit ? 64 : 52 }

  private func put(_ value: UInt64, _ count: Int, _ bytes: inout [UInt8]) {
    for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }

  /// A number as wide as an address.
  private func word(_ value: UInt64, _ bytes: inout [UInt8]) {
    put(value, machine.is64Bit ? 8 : 4, &bytes)
  }

  mutating func add(_ section: SyntheticSection) {
    header(
      section.name, section.type, section.flags, at: headerSize, size: section.size,
      alignment: 1 << UInt64(section.power))
  }

  private mutating func header(
    _ name: [UInt8], _ type: UInt32, _ flags: UInt64, at offset: Int, size: UInt64, link: Int = 0,
    info: Int = 0, alignment: UInt64 = 1, entry: UInt64 = 0
  ) {
    put(UInt64(names.count), 4, &headers)
    names += name + [0]
    put(UInt64(type), 4, &headers)
    word(flags, &headers)
    word(0, &headers)
    word(UInt64(offset), &headers)
    word(size, &headers)
    put(UInt64(link), 4, &headers)
    put(UInt64(info), 4, &headers)
    word(alignment, &headers)
    word(entry, &headers)
    count += 1
  }

  mutating func finish(_ symbols: [SyntheticSymbol]) -> [UInt8] {
    var texts: [UInt8] = [0]
    var table = [UInt8](repeating: 0, count: machine.is64Bit ? 24 : 16)
    for symbol in symbols {
      let name = UInt64(texts.count)
      texts += symbol.name + [0]
      let (value, size, section, type): (UInt64, UInt64, UInt64, UInt64) =
        switch symbol.place {
        case .number(let number): (number, 0, 0xfff1, 0)
        case .section(let number): (0, 0, UInt64(number + 1), 0)
        case .offset(let offset, let number): (offset, 0, UInt64(number + 1), 0)
        case .common(let size, let power): (1 << UInt64(power), size, 0xfff2, 1)
        }
      put(name, 4, &table)
      if machine.is64Bit {
        put(0x10 | type, 1, &table)
        put(0, 1, &table)
        put(section, 2, &table)
        put(value, 8, &table)
        put(size, 8, &table)
      } else {
        put(value, 4, &table)
        put(size, 4, &table)
        put(0x10 | type, 1, &table)
        put(0, 1, &table)
        put(section, 2, &table)
      }
    }
    let entry: UInt64 = machine.is64Bit ? 24 : 16
    let tableStart = headerSize
    let textStart = tableStart + table.count
    header(
      Array(".symtab".utf8), 2, 0, at: tableStart, size: UInt64(table.count), link: count + 1,
      info: 1, alignment: 8, entry: entry)
    header(Array(".strtab".utf8), 3, 0, at: textStart, size: UInt64(texts.count))
    let nameStart = textStart + texts.count
    // Its own name is among the names that it measures.
    let nameCount = names.count + ".shstrtab".utf8.count + 1
    header(Array(".shstrtab".utf8), 3, 0, at: nameStart, size: UInt64(nameCount))
    return fileHeader(at: nameStart + names.count) + table + texts + names + headers
  }

  private func fileHeader(at sectionTable: Int) -> [UInt8] {
    var bytes: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, machine.is64Bit ? 2 : 1, 1, 1]
    bytes += [UInt8](repeating: 0, count: 9)
    put(1, 2, &bytes)
    put(UInt64(machine.number), 2, &bytes)
    put(1, 4, &bytes)
    word(0, &bytes)
    word(0, &bytes)
    word(UInt64(sectionTable), &bytes)
    put(machine == .arm ? 0x500_0000 : 0, 4, &bytes)
    put(UInt64(headerSize), 2, &bytes)
    put(0, 2, &bytes)
    put(0, 2, &bytes)
    put(machine.is64Bit ? 64 : 40, 2, &bytes)
    put(UInt64(count), 2, &bytes)
    put(UInt64(count - 1), 2, &bytes)
    return bytes
  }
}
