// The parts of the ELF format that the reader uses (System V ABI, chapter "Object Files").

/// Numbers of the ELF specification.
package enum ELF {
  static let sectionNull: UInt32 = 0
  static let sectionSymbols: UInt32 = 2
  static let sectionStrings: UInt32 = 3
  static let sectionRela: UInt32 = 4
  static let sectionNote: UInt32 = 7
  static let sectionNoBits: UInt32 = 8
  static let sectionRel: UInt32 = 9
  static let sectionDynamicSymbols: UInt32 = 11
  static let sectionSymbolIndices: UInt32 = 18

  static let sectionAttributes: UInt32 = 0x6fff_fff5
  static let sectionMachineAttributes: UInt32 = 0x7000_0003

  static let flagWrite: UInt64 = 1
  static let flagAllocate: UInt64 = 2
  static let flagExecute: UInt64 = 4
  static let flagThreadLocal: UInt64 = 0x400
  static let flagCompressed: UInt64 = 0x800
  static let flagMerge: UInt64 = 0x10

  static let indexUndefined: UInt32 = 0
  static let indexReserved: UInt32 = 0xff00
  static let indexAbsolute: UInt32 = 0xfff1
  static let indexCommon: UInt32 = 0xfff2
  static let indexExtended: UInt32 = 0xffff

  package static let machine386: UInt16 = 3
  package static let machineMIPS: UInt16 = 8
  package static let machineARM: UInt16 = 40
  package static let machineX8664: UInt16 = 62
  package static let machineAArch64: UInt16 = 183
  package static let machineRISCV: UInt16 = 243
  package static let machineLoongArch: UInt16 = 258

  package static let segmentLoad: UInt32 = 1
  package static let segmentDynamic: UInt32 = 2
  package static let segmentInterpreter: UInt32 = 3
  package static let segmentNote: UInt32 = 4
  package static let segmentThreadLocal: UInt32 = 7

  static let typeRelocatable: UInt16 = 1
}

/// A section header with its fields widened to 64 bits.
struct ELFSection {
  var name: UInt32
  var type: UInt32
  var flags: UInt64
  var address: UInt64
  var offset: UInt64
  var size: UInt64
  var link: UInt32
  var info: UInt32
  var alignment: UInt64
  var entrySize: UInt64

  /// Whether the section takes memory at run time.
  var isAllocated: Bool { flags & ELF.flagAllocate != 0 }
  /// Whether the file holds its contents.
  var hasContents: Bool { type != ELF.sectionNoBits }
}

/// The file header, and the counts that section 0 extends.
struct ELFHeader {
  var is64Bit: Bool
  var isBigEndian: Bool
  var type: UInt16
  var machine: UInt16
  var entry: UInt64
  var segmentTable: UInt64
  var segmentCount: UInt64
  var segmentSize: UInt64
  var sectionTable: UInt64
  var sectionCount: UInt64
  var sectionSize: UInt64
  var nameSection: UInt64

  /// Bytes of a file header of either class.
  static let size32 = 52
  static let size64 = 64

  /// The header at the start of `reader`.
  init(_ reader: ByteReader) throws(ReadError) {
    guard reader.count >= 16 else { throw Self.truncated(0, "the ELF identification") }
    guard reader[4] == 1 || reader[4] == 2 else {
      throw ReadError(
        id: "bad-elf", message: "ELF class \(reader[4]), expected 1 (32-bit) or 2 (64-bit)",
        offset: 4)
    }
    guard reader[5] == 1 || reader[5] == 2 else {
      throw ReadError(
        id: "bad-elf", message: "ELF byte order \(reader[5]), expected 1 (little) or 2 (big)",
        offset: 5
      )
    }
    is64Bit = reader[4] == 2
    isBigEndian = reader[5] == 2
    guard reader.count >= (is64Bit ? Self.size64 : Self.size32) else {
      throw Self.truncated(0, "the ELF header")
    }
    let ordered = OrderedReader(reader: reader, isBigEndian: isBigEndian)
    type = ordered.half(16)
    machine = ordered.half(18)
    entry = ordered.address(24, is64Bit: is64Bit)
    segmentTable = ordered.address(is64Bit ? 32 : 28, is64Bit: is64Bit)
    sectionTable = ordered.address(is64Bit ? 40 : 32, is64Bit: is64Bit)
    let tail = is64Bit ? 54 : 42
    segmentSize = UInt64(ordered.half(tail))
    segmentCount = UInt64(ordered.half(tail + 2))
    sectionSize = UInt64(ordered.half(tail + 4))
    sectionCount = UInt64(ordered.half(tail + 6))
    nameSection = UInt64(ordered.half(tail + 8))
  }

  /// An address as the linker sees it: those of 32-bit MIPS are signed. Whether the script said 0x80001000 or
  /// 0xffffffff80001000 the file does not tell; BFD takes the latter when it reads one back.
  @inline(__always)
  func extended(_ address: UInt64) -> UInt64 {
    guard !is64Bit, machine == ELF.machineMIPS else { return address }
    return UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: address)))
  }

  /// The error for a table that the file is too short for.
  static func truncated(_ offset: UInt64, _ what: String) -> ReadError {
    ReadError(
      id: "truncated-elf",
      message: "the file ends before the end of \(what), which would start at byte \(offset)",
      offset: Int(exactly: offset))
  }
}

extension SectionFlags {
  /// What `sh_flags` of ELF says (gABI, "Section Attribute Flags").
  public init(elf flags: UInt64) {
    self = []
    if flags & ELF.flagAllocate != 0 { insert(.allocated) }
    if flags & ELF.flagWrite != 0 { insert(.writable) }
    if flags & ELF.flagExecute != 0 { insert(.executable) }
    if flags & ELF.flagThreadLocal != 0 { insert(.threadLocal) }
    if flags & ELF.flagMerge != 0 { insert(.mergeable) }
    if flags & ELF.flagCompressed != 0 { insert(.compressed) }
  }
}
