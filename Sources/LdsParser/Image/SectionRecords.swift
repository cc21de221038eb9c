// Sections, segments and regions as an image or map has them.

/// What a section's contents may be used for.
public struct SectionFlags: OptionSet, Sendable, Hashable {
  /// The bits.
  public let rawValue: UInt16

  /// Flags from their bits.
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// Takes memory at run time.
  public static let allocated = SectionFlags(rawValue: 1)
  /// May be written.
  public static let writable = SectionFlags(rawValue: 2)
  /// Holds instructions.
  public static let executable = SectionFlags(rawValue: 4)
  /// Has no bytes in the file.
  public static let noBits = SectionFlags(rawValue: 8)
  /// Thread-local template.
  public static let threadLocal = SectionFlags(rawValue: 16)
  /// Compressed in the file (`SHF_COMPRESSED`), where it is smaller than it was to the linker.
  public static let compressed = SectionFlags(rawValue: 32)
  /// Attributes of objects (`SHT_GNU_ATTRIBUTES`, `SHT_ARM_ATTRIBUTES`, `SHT_RISCV_ATTRIBUTES`), which BFD merges and
  /// sizes anew when it writes the file.
  public static let attributes = SectionFlags(rawValue: 64)
  /// A loader of PE images may leave it out, or free it (`IMAGE_SCN_MEM_DISCARDABLE`).
  public static let discardable = SectionFlags(rawValue: 128)
  /// Everything in it may have been merged with what is equal (`SHF_MERGE`).
  public static let mergeable = SectionFlags(rawValue: 256)
  /// Notes for loaders and tools (`SHT_NOTE`).
  public static let note = SectionFlags(rawValue: 512)
}

/// One output section.
public struct OutputSectionRecord: Sendable {
  /// The name's bytes.
  public var name: [UInt8]
  /// Run-time address; nil where a map shows the section without one (never created).
  public var vma: UInt64?
  /// Load address, nil where the evidence does not tell.
  public var lma: UInt64?
  /// Size in bytes.
  public var size: UInt64
  /// Alignment in bytes, nil where the evidence does not tell.
  public var alignment: UInt64?
  /// Flags, nil where the evidence does not tell.
  public var flags: SectionFlags?
  /// Offset of the contents in the file, nil for none.
  public var fileOffset: UInt64?
  /// Offset in the evidence of the line or header it was read from.
  public var place: UInt32
  /// Who made it; nil where the evidence does not tell.
  public var maker: SectionMaker?

  /// A section with what is known of it.
  public init(
    name: [UInt8], vma: UInt64?, lma: UInt64? = nil, size: UInt64, alignment: UInt64? = nil,
    flags: SectionFlags? = nil, fileOffset: UInt64? = nil, place: UInt32 = 0
  ) {
    self.name = name
    self.vma = vma
    self.lma = lma
    self.size = size
    self.alignment = alignment
    self.flags = flags
    self.fileOffset = fileOffset
    self.place = place
  }
}

/// Who made an output section.
public enum SectionMaker: Sendable, Hashable {
  /// A statement of the script.
  case statement
  /// An input section that no statement took, or the linker for sections of its own.
  case orphan
}

extension OutputSectionRecord {
  /// Whether BFD takes a section outside memory for debugging information by its name (elf.c,
  /// `_bfd_elf_make_section_from_shdr`): `strip -g` removes those.
  public static func isDebugging(_ name: [UInt8]) -> Bool { COFFLetters.isDebugging(name) }
}

/// One input section as a map lists it; names are ranges of the map's text.
public struct InputSectionRecord: Sendable {
  /// Start of the section's name in the map.
  public var nameStart: UInt32
  /// Length of the section's name.
  public var nameLength: UInt32
  /// Start of the object's name, `lib.a(member.o)` included; equal lengths of 0 where there is none.
  public var objectStart: UInt32
  /// Length of the object's name.
  public var objectLength: UInt32
  /// Address.
  public var address: UInt64
  /// Size in bytes.
  public var size: UInt64
  /// Index of the output section, or -1 for a discarded section.
  public var outputSection: Int32
  /// Alignment in bytes, 0 where the map does not tell (GNU ld and gold do not).
  public var alignment: UInt32

  /// A row with its columns.
  public init(
    nameStart: UInt32, nameLength: UInt32, objectStart: UInt32, objectLength: UInt32,
    address: UInt64, size: UInt64, outputSection: Int32, alignment: UInt32 = 0
  ) {
    self.nameStart = nameStart
    self.nameLength = nameLength
    self.objectStart = objectStart
    self.objectLength = objectLength
    self.address = address
    self.size = size
    self.outputSection = outputSection
    self.alignment = alignment
  }
}

/// One program header.
public struct SegmentRecord: Sendable {
  /// `PT_LOAD` is 1; see the ELF specification.
  public var type: UInt32
  /// May be read.
  public var isReadable: Bool
  /// May be written.
  public var isWritable: Bool
  /// May be executed.
  public var isExecutable: Bool
  /// Run-time address.
  public var virtualAddress: UInt64
  /// Load address.
  public var physicalAddress: UInt64
  /// Offset in the file.
  public var fileOffset: UInt64
  /// Bytes in the file.
  public var fileSize: UInt64
  /// Bytes in memory.
  public var memorySize: UInt64
  /// Alignment in bytes.
  public var alignment: UInt64

  /// Whether it is loaded: `PT_LOAD`.
  public var isLoaded: Bool { type == ELF.segmentLoad }

  /// A segment with its columns.
  public init(
    type: UInt32, isReadable: Bool, isWritable: Bool, isExecutable: Bool, virtualAddress: UInt64,
    physicalAddress: UInt64, fileOffset: UInt64, fileSize: UInt64, memorySize: UInt64,
    alignment: UInt64
  ) {
    self.type = type
    self.isReadable = isReadable
    self.isWritable = isWritable
    self.isExecutable = isExecutable
    self.virtualAddress = virtualAddress
    self.physicalAddress = physicalAddress
    self.fileOffset = fileOffset
    self.fileSize = fileSize
    self.memorySize = memorySize
    self.alignment = alignment
  }
}

/// One memory region of a map's "Memory Configuration".
public struct RegionRecord: Sendable {
  /// The name's bytes.
  public var name: [UInt8]
  /// Start address.
  public var origin: UInt64
  /// Size in bytes.
  public var length: UInt64
  /// Attribute letters as printed, such as `xrw`.
  public var attributes: String

  /// A region with its columns.
  public init(name: [UInt8], origin: UInt64, length: UInt64, attributes: String) {
    self.name = name
    self.origin = origin
    self.length = length
    self.attributes = attributes
  }
}

/// Letters that nm takes from a section's name (`coff_section_type`, syms.c).
enum COFFLetters {
  private static let names: [(prefix: StaticString, letter: UInt8)] = [
    (".drectve", UInt8(ascii: "i")), (".edata", UInt8(ascii: "e")), (".idata", UInt8(ascii: "i")),
    (".pdata", UInt8(ascii: "p")),
  ]
  private static let debugging: [StaticString] = [
    ".debug", ".gnu.debuglto_.debug_", ".gnu.linkonce.wi.", ".zdebug", ".line", ".stab",
    ".gdb_index",
  ]

  /// The letter of a section whose name decides it: `.idata`, `.idata$5`, `.pdata.x`.
  static func special(_ name: [UInt8]) -> UInt8? {
    guard name.count >= 6, name[0] == UInt8(ascii: ".") else { return nil }
    for (prefix, letter) in names where starts(name, prefix) {
      let length = prefix.utf8CodeUnitCount
      if name.count == length { return letter }
      if ".$0123456789".utf8.contains(name[length]) { return letter }
    }
    return nil
  }

  /// Whether a section outside memory holds debugging information.
  static func isDebugging(_ name: [UInt8]) -> Bool {
    debugging.contains { starts(name, $0) }
  }

  private static func starts(_ name: [UInt8], _ prefix: StaticString) -> Bool {
    prefix.withUTF8Buffer { unsafe name.starts(with: $0) }
  }
}

extension InputSectionRecord {
  /// The section's name in the map it was read from.
  package func name(in image: Image) -> [UInt8] {
    image.symbols.names.bytes(in: Int(nameStart)..<Int(nameStart) + Int(nameLength))
  }

  /// The object's name in the map it was read from; empty where there is none.
  package func object(in image: Image) -> [UInt8] {
    image.symbols.names.bytes(in: Int(objectStart)..<Int(objectStart) + Int(objectLength))
  }
}
