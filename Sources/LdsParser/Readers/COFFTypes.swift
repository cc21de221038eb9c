// The parts of the PE/COFF format that the reader uses (Microsoft, "PE Format").

/// The COFF file header with what the optional header of an image adds.
struct COFFHeader {
  var machine: UInt16
  var sectionCount: Int
  var symbolTable: Int
  var symbolCount: Int
  /// Offset of the optional header, which follows the file header.
  var optionalHeader: Int
  var optionalSize: Int
  var isImage: Bool
  var is32Bit: Bool
  var imageBase: UInt64 = 0
  var entry: UInt64?
  var sectionAlignment: UInt64?
  var fileAlignment: UInt64?
  /// RVA and size of the export directory, 0 for none.
  var exports: (address: UInt64, size: UInt64) = (0, 0)

  var sectionTable: Int { optionalHeader + optionalSize }

  static let size = 20
  static let sectionSize = 40
  static let symbolSize = 18

  /// The header at `start`: behind `PE\0\0` in an image, at 0 in an object.
  init(_ reader: ByteReader, at start: Int, isImage: Bool) throws(ReadError) {
    guard start <= reader.count - Self.size else { throw Self.truncated(start, "the COFF header") }
    self.isImage = isImage
    machine = reader.word16(start)
    sectionCount = Int(reader.word16(start + 2))
    symbolTable = Int(reader.word32(start + 8))
    symbolCount = Int(reader.word32(start + 12))
    optionalSize = Int(reader.word16(start + 16))
    optionalHeader = start + Self.size
    is32Bit = ![0x8664, 0xaa64, 0x0200, 0x5064].contains(machine)
    guard sectionTable + sectionCount * Self.sectionSize <= reader.count else {
      throw Self.truncated(sectionTable, "the \(sectionCount) section headers")
    }
    if isImage { try readOptional(reader) }
  }

  private mutating func readOptional(_ reader: ByteReader) throws(ReadError) {
    let base = optionalHeader
    guard optionalSize >= 2 else {
      throw ReadError(id: "bad-pe", message: "the image has no optional header", offset: base)
    }
    let magic = reader.word16(base)
    guard magic == 0x10b || magic == 0x20b else {
      throw ReadError(
        id: "bad-pe",
        message: "optional header of kind \(magic), expected 267 (PE32) or 523 (PE32+)",
        offset: base)
    }
    is32Bit = magic == 0x10b
    let directories = base + (is32Bit ? 96 : 112)
    guard directories <= base + optionalSize else {
      throw ReadError(
        id: "bad-pe", message: "an optional header of \(optionalSize) bytes is too short",
        offset: base)
    }
    imageBase = is32Bit ? UInt64(reader.word32(base + 28)) : reader.word64(base + 24)
    entry = imageBase &+ UInt64(reader.word32(base + 16))
    sectionAlignment = UInt64(reader.word32(base + 32))
    fileAlignment = UInt64(reader.word32(base + 36))
    if reader.word32(directories - 4) > 0, directories + 8 <= base + optionalSize {
      exports = (
        UInt64(reader.word32(directories)), UInt64(reader.word32(directories + 4))
      )
    }
  }

  /// The error for a table that the file is too short for.
  static func truncated(_ offset: Int, _ what: String) -> ReadError {
    ReadError(
      id: "truncated-pe", message: "the file ends before the end of \(what)", offset: offset)
  }
}

/// A COFF section header.
struct COFFSection {
  var name: [UInt8]
  var virtualSize: UInt64
  /// RVA in an image.
  var address: UInt64
  var rawSize: UInt64
  var rawOffset: UInt64
  var characteristics: UInt32
  var place: Int

  static let code: UInt32 = 0x20
  static let initializedData: UInt32 = 0x40
  static let uninitializedData: UInt32 = 0x80
  static let discardable: UInt32 = 0x0200_0000
  static let execute: UInt32 = 0x2000_0000
  static let write: UInt32 = 0x8000_0000

  func has(_ flag: UInt32) -> Bool { characteristics & flag != 0 }

  /// Whether it lies below ImageBase, so that its RVA has lost upper bits: an image takes less than 2 GiB, and GNU ld cuts
  /// the difference to 32 bits without a word.
  var isBelowBase: Bool { address >= 1 << 31 }

  /// The letter that nm gives local symbols of the section (`decode_section_type` over BFD's flags).
  var letter: UInt8 {
    if let special = COFFLetters.special(name) { return special }
    if has(Self.code) || has(Self.execute) { return UInt8(ascii: "t") }
    let isDebugging = COFFLetters.isDebugging(name)
    if has(Self.initializedData), !isDebugging {
      return UInt8(ascii: has(Self.write) ? "d" : "r")
    }
    if rawOffset == 0 { return UInt8(ascii: "b") }
    if isDebugging { return UInt8(ascii: "N") }
    return UInt8(ascii: has(Self.write) ? "?" : "n")
  }
}
