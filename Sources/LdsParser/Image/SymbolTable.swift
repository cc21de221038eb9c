// Symbols of an image as rows of numbers; names stay where they are in the input.

/// How a symbol binds.
public enum SymbolBinding: String, Sendable {
  /// Visible to other objects.
  case global
  /// Visible in its own object only, or hidden and made local by the linker.
  case local
  /// Global, but a stronger definition wins.
  case weak
}

/// What a symbol is relative to.
public enum SymbolPlace: Sendable, Hashable {
  /// The output section (or, in a relocatable object, the section) with this index.
  case section(Int)
  /// No section: a plain number.
  case absolute
  /// Defined in some section that the evidence does not name (an nm listing, most maps).
  case unknownSection
  /// Not defined here.
  case undefined
  /// Common: to be allocated by the linker.
  case common
  /// The evidence does not even tell whether it is absolute.
  case unknown
}

/// One symbol.
public struct SymbolRecord: Sendable {
  /// Where the name stands in ``SymbolTable/names``.
  public var nameStart: UInt32
  /// Length of the name in bytes.
  public var nameLength: UInt32
  /// The address in an image, the offset in the section of a relocatable object, the number of an
  /// absolute symbol. 32-bit values are extended as the linker extends them for the target.
  public var value: UInt64
  /// Size in bytes; 0 when unknown.
  public var size: UInt64
  /// What it is relative to.
  public var place: SymbolPlace
  /// Binding, nil where the evidence does not tell.
  public var binding: SymbolBinding?
  /// The letter nm gives it, 0 where the evidence does not tell.
  public var letter: UInt8
  /// Whether it names a place in the thread-local template. In an ELF image ``value`` is its address there, which
  /// GNU ld computes with; maps of lld and gold only have the offset.
  public var isThreadLocal: Bool
  /// Whether bit 0 is set besides, in the file or in the linker: a function of Thumb, MIPS16 or microMIPS. lld
  /// computes with it, GNU ld only for MIPS.
  public var hasInstructionBit: Bool
  /// Whether an ELF file says that it is hidden or internal (`STV_HIDDEN`, `STV_INTERNAL`): a linker makes a global
  /// symbol local for that.
  public var isHidden: Bool

  /// A row with its columns.
  public init(
    nameStart: UInt32, nameLength: UInt32, value: UInt64, size: UInt64 = 0, place: SymbolPlace,
    binding: SymbolBinding? = nil, letter: UInt8 = 0, isThreadLocal: Bool = false,
    hasInstructionBit: Bool = false, isHidden: Bool = false
  ) {
    self.nameStart = nameStart
    self.nameLength = nameLength
    self.value = value
    self.size = size
    self.place = place
    self.binding = binding
    self.letter = letter
    self.isThreadLocal = isThreadLocal
    self.hasInstructionBit = hasInstructionBit
    self.isHidden = isHidden
  }
}

/// The symbols of one file, in file order.
public struct SymbolTable: Sendable {
  /// The input that holds the names.
  public let names: SourceBuffer
  /// The rows.
  public var records: [SymbolRecord]

  /// A table over the names in `names`.
  public init(names: SourceBuffer, records: [SymbolRecord] = []) {
    self.names = names
    self.records = records
  }

  /// The name of a row, for people to read.
  public func name(_ record: SymbolRecord) -> String {
    names.text(in: Int(record.nameStart)..<Int(record.nameStart) + Int(record.nameLength))
  }

  /// Whether the name of a row is `name`, without a copy of it.
  package func isNamed(_ record: SymbolRecord, _ name: [UInt8]) -> Bool {
    guard Int(record.nameLength) == name.count else { return false }
    let reader = names.reader
    let start = Int(record.nameStart)
    guard start <= reader.count, reader.count - start >= name.count else { return false }
    return name.indices.allSatisfy { reader[start + $0] == name[$0] }
  }

  /// The bytes of the name of a row.
  public func nameBytes(_ record: SymbolRecord) -> [UInt8] {
    names.bytes(in: Int(record.nameStart)..<Int(record.nameStart) + Int(record.nameLength))
  }
}
