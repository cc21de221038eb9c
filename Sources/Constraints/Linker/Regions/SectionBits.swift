// What GNU ld knows of a section beside its size: BFD's flags, which decide where a section may go, and the ELF type
// that its name alone gives (bfd/section.c; bfd/elf.c, special_sections).

internal import LdsParser

/// BFD's flags of a section.
struct SectionBits: OptionSet, Sendable, Hashable {
  let rawValue: UInt32

  /// `SEC_ALLOC`
  static let allocated = SectionBits(rawValue: 1 << 0)
  /// `SEC_LOAD`
  static let loaded = SectionBits(rawValue: 1 << 1)
  /// `SEC_RELOC`
  static let relocated = SectionBits(rawValue: 1 << 2)
  /// `SEC_READONLY`
  static let readOnly = SectionBits(rawValue: 1 << 3)
  /// `SEC_CODE`
  static let code = SectionBits(rawValue: 1 << 4)
  /// `SEC_DATA`
  static let data = SectionBits(rawValue: 1 << 5)
  /// `SEC_HAS_CONTENTS`
  static let contents = SectionBits(rawValue: 1 << 6)
  /// `SEC_NEVER_LOAD`
  static let neverLoaded = SectionBits(rawValue: 1 << 7)
  /// `SEC_THREAD_LOCAL`
  static let threadLocal = SectionBits(rawValue: 1 << 8)
  /// `SEC_EXCLUDE`
  static let excluded = SectionBits(rawValue: 1 << 9)
  /// `SEC_KEEP`
  static let kept = SectionBits(rawValue: 1 << 10)
  /// `SEC_SMALL_DATA`
  static let small = SectionBits(rawValue: 1 << 11)
  /// `SEC_MERGE`
  static let merged = SectionBits(rawValue: 1 << 12)
  /// `SEC_STRINGS`
  static let strings = SectionBits(rawValue: 1 << 13)
  /// `SEC_GROUP`
  static let group = SectionBits(rawValue: 1 << 14)
  /// `SEC_DEBUGGING`
  static let debugging = SectionBits(rawValue: 1 << 15)
  /// `SEC_LINKER_CREATED`
  static let linkerMade = SectionBits(rawValue: 1 << 16)
  /// `SEC_LINK_ONCE`
  static let linkedOnce = SectionBits(rawValue: 1 << 17)

  /// What every section with bytes in the image has.
  static let loadedContents: SectionBits = [.contents, .allocated, .loaded]

  /// Whether exactly the same of `bits` is set in both.
  func agrees(with other: SectionBits, in bits: SectionBits) -> Bool {
    symmetricDifference(other).isDisjoint(with: bits)
  }

  /// Thread-local zeros, which take no addresses.
  var isThreadLocalZeros: Bool { contains(.threadLocal) && !contains(.loaded) }

  /// The flags that the type, the flags and the name of an object's section give (elf.c, _bfd_elf_make_section_from_shdr).
  init(type: UInt32, flags: UInt64, name: [UInt8]) {
    var usage = SectionFlags(elf: flags)
    if type == ObjectSection.Kind.noBits { usage.insert(.noBits) }
    self.init(usage)
    if type == ObjectSection.Kind.group { formUnion([.group, .excluded]) }
    if flags & ObjectSection.Flag.strings != 0 { insert(.strings) }
    if flags & ObjectSection.Flag.exclude != 0 { insert(.excluded) }
    if !contains(.allocated), OutputSectionRecord.isDebugging(name) { insert(.debugging) }
    if name.starts(with: ".gnu.linkonce".utf8), flags & ObjectSection.Flag.group == 0 {
      insert(.linkedOnce)
    }
  }

  /// The flags of an output section of an image.
  init(_ flags: SectionFlags) {
    self = []
    if !flags.contains(.noBits) { insert(.contents) }
    if flags.contains(.allocated) { insert(.allocated) }
    if isSuperset(of: [.contents, .allocated]) { insert(.loaded) }
    if !flags.contains(.writable) { insert(.readOnly) }
    if flags.contains(.executable) {
      insert(.code)
    } else if contains(.loaded) {
      insert(.data)
    }
    if flags.contains(.mergeable) { insert(.merged) }
    if flags.contains(.threadLocal) { insert(.threadLocal) }
  }

  /// The flags of an object's section.
  init(_ section: ObjectSection, name: [UInt8]) {
    self.init(type: section.type, flags: section.flags, name: name)
    if section.hasRelocations { insert(.relocated) }
  }

  init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// The ELF types that names give to output sections when they are made (bfd/elf.c, special_sections).
enum NamedSectionType {
  private enum Extent {
    /// The name itself.
    case exact
    /// Whatever begins so.
    case prefix
    /// The name itself, or with a dot and more behind it.
    case dotted
  }

  private struct Row {
    let name: [UInt8]
    let extent: Extent
    let type: UInt32
    let flags: SectionFlags

    init(_ name: String, _ extent: Extent, _ type: UInt32, _ flags: SectionFlags = []) {
      self.name = Array(name.utf8)
      self.extent = extent
      self.type = type
      self.flags = flags
    }
  }

  /// The first row that fits counts.
  private static let rows: [Row] = [
    Row(".bss", .dotted, 8, .writable),
    Row(".comment", .exact, 1),
    Row(".data", .dotted, 1, .writable),
    Row(".data1", .exact, 1, .writable),
    Row(".debug", .exact, 1),
    Row(".dynamic", .exact, 6),
    Row(".dynstr", .exact, 3),
    Row(".dynsym", .exact, 11),
    Row(".fini", .exact, 1, .executable),
    Row(".fini_array", .dotted, 15, .writable),
    Row(".got", .exact, 1, .writable),
    Row(".hash", .exact, 5),
    Row(".init", .exact, 1, .executable),
    Row(".init_array", .dotted, 14, .writable),
    Row(".interp", .exact, 1),
    Row(".line", .exact, 1),
    Row(".noinit", .dotted, 8, .writable),
    Row(".note.GNU-stack", .exact, 1),
    Row(".note", .prefix, 7),
    Row(".persistent.bss", .exact, 8, .writable),
    Row(".persistent", .dotted, 1, .writable),
    Row(".preinit_array", .dotted, 16, .writable),
    Row(".plt", .exact, 1, .executable),
    Row(".rodata", .dotted, 1),
    Row(".rodata1", .exact, 1),
    Row(".rela", .prefix, 4),
    Row(".rel", .prefix, 9),
    Row(".shstrtab", .exact, 3),
    Row(".strtab", .exact, 3),
    Row(".symtab", .exact, 2),
    Row(".text", .dotted, 1, .executable),
    Row(".tbss", .dotted, 8, .writable),
    Row(".tdata", .dotted, 1, .writable),
    Row(".ARM.exidx", .prefix, 0x7000_0001),
    Row(".ARM.attributes", .exact, 0x7000_0003),
  ]

  /// Names that give flags to output sections of some machines.
  private static let ofMachines = [".sdata", ".sbss", ".ldata", ".lbss", ".lrodata", ".lit"].map {
    Array($0.utf8)
  }

  /// Whether a name may give flags to an output section that has none.
  static func givesFlags(to name: [UInt8]) -> Bool {
    type(of: name) != 0 || ofMachines.contains { name.starts(with: $0) }
  }

  /// The type of a section called `name`; 0 for none.
  static func type(of name: [UInt8]) -> UInt32 { row(of: name)?.type ?? 0 }

  /// Whether it can be written or run because of its name alone: so far a section that no input section is in.
  static func flags(of name: [UInt8]) -> SectionFlags { row(of: name)?.flags ?? [] }

  private static func row(of name: [UInt8]) -> Row? {
    rows.first { row in
      guard name.starts(with: row.name) else { return false }
      switch row.extent {
      case .prefix: return true
      case .exact: return name.count == row.name.count
      case .dotted:
        return name.count == row.name.count || name[row.name.count] == UInt8(ascii: ".")
      }
    }
  }
}
