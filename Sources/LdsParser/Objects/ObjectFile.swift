// A relocatable ELF object as a linker sees it before the link: its sections, groups and symbols, and on demand
// contents and relocations (System V ABI, chapter "Object Files"). What the file claims is checked when it is read.

/// A section of an object.
public struct ObjectSection: Sendable {
  /// Its number in the file.
  public var index: Int
  /// Its name.
  public var name: NameID
  /// `SHT_PROGBITS` and the like.
  public var type: UInt32
  /// `SHF_ALLOC` and the like.
  public var flags: UInt64
  /// Its size in bytes.
  public var size: UInt64
  /// Its alignment as the power of two.
  public var alignmentPower: Int
  /// `sh_entsize`: the size of an entry of a section of constants.
  public var entrySize: UInt64
  /// `sh_link`
  public var link: Int
  /// `sh_info`
  public var info: Int
  /// Whether relocations apply to it.
  public var hasRelocations: Bool
}

extension ObjectSection {
  /// `SHT_NULL` to `SHT_GROUP` (gABI, figure 4-9), and what GNU and ARM add.
  public enum Kind {
    /// None.
    public static let none: UInt32 = 0
    /// Contents of the program's own making.
    public static let contents: UInt32 = 1
    /// Names.
    public static let stringTable: UInt32 = 3
    /// Relocations with addends.
    public static let relocationsWithAddend: UInt32 = 4
    /// A note.
    public static let note: UInt32 = 7
    /// No bytes in the file.
    public static let noBits: UInt32 = 8
    /// Relocations.
    public static let relocations: UInt32 = 9
    /// Pointers to functions that run first.
    public static let initArray: UInt32 = 14
    /// Pointers to functions that run last.
    public static let finiArray: UInt32 = 15
    /// Pointers to functions that run before the first.
    public static let preinitArray: UInt32 = 16
    /// A group of sections.
    public static let group: UInt32 = 17
    /// Pointers to functions, of any of the three kinds.
    public static let arrays: Set<UInt32> = [initArray, finiArray, preinitArray]
    /// Whether a type is one of the two kinds of relocations.
    public static func isRelocations(_ type: UInt32) -> Bool {
      type == relocationsWithAddend || type == relocations
    }
    /// ARM's table of unwinding.
    public static let armExceptions: UInt32 = 0x7000_0001
    /// ARM's attributes.
    public static let armAttributes: UInt32 = 0x7000_0003
  }

  /// `SHF_WRITE` and the like (gABI, figure 4-11).
  public enum Flag {
    /// May be written.
    public static let write: UInt64 = 1
    /// Takes memory at run time.
    public static let allocate: UInt64 = 2
    /// Holds instructions.
    public static let execute: UInt64 = 4
    /// Equal elements may be kept once.
    public static let merge: UInt64 = 0x10
    /// Elements are strings.
    public static let strings: UInt64 = 0x20
    /// Is about the section of `sh_link`.
    public static let linkOrder: UInt64 = 0x80
    /// Member of a group.
    public static let group: UInt64 = 0x200
    /// Thread-local.
    public static let threadLocal: UInt64 = 0x400
    /// Compressed in the file.
    public static let compressed: UInt64 = 0x800
    /// `SHF_GNU_RETAIN`
    public static let retain: UInt64 = 0x20_0000
    /// Not for the image.
    public static let exclude: UInt64 = 0x8000_0000
  }
}

/// A group of sections: `COMDAT` if `isComdat`.
public struct ObjectGroup: Sendable {
  /// The number of the group's own section.
  public var section: Int
  /// What tells equal groups.
  public var signature: NameID
  /// Whether only the first of equal groups is linked.
  public var isComdat: Bool
  /// The numbers of its sections.
  public var members: [Int]
}

/// A symbol of an object.
public struct ObjectSymbolEntry: Sendable {
  /// What it is relative to.
  public enum Place: Sendable, Hashable {
    /// Not defined here.
    case undefined
    /// A plain number.
    case absolute
    /// Common: the value is the alignment.
    case common
    /// The section with this number.
    case section(Int)
  }

  /// Its name, without a version.
  public var name: NameID
  /// Whether its name is empty.
  public var isNameless: Bool
  /// `STB_LOCAL` 0, `STB_GLOBAL` 1, `STB_WEAK` 2.
  public var binding: UInt8
  /// `STT_FUNC` 2, `STT_SECTION` 3, `STT_FILE` 4, `STT_GNU_IFUNC` 10.
  public var type: UInt8
  /// What it is relative to.
  public var place: Place
  /// Its offset, number or alignment.
  public var value: UInt64
  /// Its size in bytes.
  public var size: UInt64
}

/// A relocation.
public struct ObjectRelocation: Sendable {
  /// Where it applies in its section.
  public var offset: UInt64
  /// Its type, by the machine.
  public var type: UInt32
  /// The number of its symbol, 0 for none.
  public var symbol: Int
  /// The addend; nil if it is in the section's contents.
  public var addend: Int64?
}

/// An object.
public struct ObjectFile {
  /// Whether it is of class ELF64.
  public let is64Bit: Bool
  /// Whether its numbers are big endian.
  public let isBigEndian: Bool
  /// `e_machine`
  public let machine: UInt16
  /// `e_flags`
  public let machineFlags: UInt32
  /// Its sections that a linker looks at, in file order: not the tables of symbols, names and relocations.
  public let sections: [ObjectSection]
  /// Its groups, in file order.
  public let groups: [ObjectGroup]
  /// Its symbols, the first and empty one too.
  public private(set) var symbols: [ObjectSymbolEntry]

  private let elf: ELFReader
  /// The sections of relocations by the section that they apply to.
  private let relocationSections: [Int: [Int]]

  /// Reads the object that is all of `buffer`.
  ///
  /// - Parameter names: takes the names of sections and symbols.
  /// - Throws: `ReadError` for a file that is none, or lies about itself.
  public init(_ buffer: SourceBuffer, names: inout NameTable) throws(ReadError) {
    try self.init(buffer, range: ByteRange(start: 0, end: buffer.count), names: &names)
  }

  init(_ buffer: SourceBuffer, range: ByteRange, names: inout NameTable) throws(ReadError) {
    let elf = try ELFReader(buffer, range: range)
    guard elf.header.type == ELF.typeRelocatable else {
      throw ReadError(
        id: .notAnObject,
        message: elf.header.type == 3
          ? "a shared library or position-independent program, not an object"
          : "an ELF file of type \(elf.header.type), not an object", offset: 16)
    }
    let reader = ObjectReader(elf: elf)
    self.elf = elf
    is64Bit = elf.header.is64Bit
    isBigEndian = elf.header.isBigEndian
    machine = elf.header.machine
    machineFlags = elf.file.word(is64Bit ? 48 : 36)
    relocationSections = reader.relocationSections
    sections = try reader.sections(&names)
    symbols = try reader.symbols(&names)
    groups = try reader.groups(symbols, sections)
  }

  /// Makes references to some names mean others, as `--wrap` does; what the object defines keeps its name.
  public mutating func rename(references: [NameID: NameID]) {
    if references.isEmpty { return }
    for index in symbols.indices where symbols[index].place == .undefined {
      if let name = references[symbols[index].name] { symbols[index].name = name }
    }
  }

  /// The bytes of a section, none if it has none.
  ///
  /// - Throws: `ReadError` if they do not lie in the file.
  public func contents(of section: ObjectSection) throws(ReadError) -> [UInt8] {
    let reader = try reader(of: section)
    return reader.copy(0, reader.count)
  }

  /// The bytes of a section where they are; valid as long as the object is held.
  package func reader(of section: ObjectSection) throws(ReadError) -> ByteReader {
    let header = elf.sections[section.index]
    guard header.hasContents, header.size > 0 else { return elf.file.reader.part(0, 0) }
    guard let start = elf.file.table(at: header.offset, count: header.size, size: 1) else {
      throw ELFHeader.truncated(header.offset, "a section's contents")
    }
    return elf.file.reader.part(start, start + Int(header.size))
  }

  /// The relocations of a section, in file order.
  ///
  /// - Throws: `ReadError` if they do not lie in the file.
  public func relocations(of section: ObjectSection) throws(ReadError) -> [ObjectRelocation] {
    var result: [ObjectRelocation] = []
    for index in relocationSections[section.index] ?? [] {
      try append(relocationsOf: elf.sections[index], to: &result)
    }
    return result
  }

  /// Whether a section has a relocation of a type like this.
  ///
  /// - Throws: `ReadError` if they do not lie in the file.
  public func hasRelocation(
    of section: ObjectSection, where isLike: (UInt32) -> Bool
  ) throws(ReadError) -> Bool {
    for index in relocationSections[section.index] ?? [] {
      let (start, count, size) = try extent(ofRelocations: elf.sections[index])
      let place = start + (is64Bit ? 8 : 4)
      for position in stride(from: place, to: place + count * size, by: size) {
        if isLike(type(ofInfo: elf.file.address(position, is64Bit: is64Bit))) { return true }
      }
    }
    return false
  }

  private func type(ofInfo info: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: is64Bit ? info & 0xffff_ffff : info & 0xff)
  }

  /// Where relocations stand, how many there are, and how many bytes each has.
  private func extent(
    ofRelocations table: ELFSection
  ) throws(ReadError) -> (start: Int, count: Int, size: Int) {
    let size = (is64Bit ? 8 : 4) * (table.type == ELF.sectionRela ? 3 : 2)
    let count = table.size / UInt64(size)
    guard let start = elf.file.table(at: table.offset, count: count, size: UInt64(size)) else {
      throw ELFHeader.truncated(table.offset, "the relocations")
    }
    return (start, Int(count), size)
  }

  private func append(
    relocationsOf table: ELFSection, to result: inout [ObjectRelocation]
  ) throws(ReadError) {
    let hasAddend = table.type == ELF.sectionRela
    let wide = is64Bit ? 8 : 4
    let (start, count, size) = try extent(ofRelocations: table)
    result.reserveCapacity(result.count + count)
    for position in stride(from: start, to: start + count * size, by: size) {
      let info = elf.file.address(position + wide, is64Bit: is64Bit)
      var addend: Int64?
      if hasAddend {
        let raw = elf.file.address(position + 2 * wide, is64Bit: is64Bit)
        addend =
          is64Bit ? Int64(bitPattern: raw) : Int64(Int32(truncatingIfNeeded: raw))
      }
      result.append(
        ObjectRelocation(
          offset: elf.file.address(position, is64Bit: is64Bit),
          type: type(ofInfo: info),
          symbol: Int(truncatingIfNeeded: is64Bit ? info >> 32 : info >> 8), addend: addend))
    }
  }
}
