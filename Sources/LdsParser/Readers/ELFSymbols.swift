// The symbol table of an ELF file, with the letter that nm prints for each (`bfd_decode_symclass`).

struct ELFSymbols {
  let elf: ELFReader
  /// For each section header the index of its output section, -1 for none.
  let outputIndex: [Int]
  /// Address of the thread-local template, 0 in an object.
  private let threadLocalBase: UInt64
  /// For each section header the lower-case letter of the symbols in it.
  private let sectionLetters: [UInt8]

  init(elf: ELFReader, outputIndex: [Int], threadLocalBase: UInt64) throws(ReadError) {
    self.elf = elf
    self.outputIndex = outputIndex
    self.threadLocalBase = threadLocalBase
    var letters: [UInt8] = []
    for section in elf.sections {
      letters.append(Self.letter(of: section, try elf.sectionName(section)))
    }
    sectionLetters = letters
  }

  private struct Table {
    var start: Int
    var count: Int
    var strings: ByteRange
    /// Start of the section numbers that need 32 bits, nil for none.
    var indices: Int?
  }

  /// One entry as the file has it.
  struct Entry {
    var name: UInt32
    var binding: UInt8
    var type: UInt8
    /// `st_other`: visibility, and on MIPS the instruction set.
    var other: UInt8
    var section: UInt32
    var value: UInt64
    var size: UInt64

    static let typeObject: UInt8 = 1
    static let typeFunction: UInt8 = 2
    static let typeSection: UInt8 = 3
    static let typeFile: UInt8 = 4
    static let typeCommon: UInt8 = 5
    static let typeThreadLocal: UInt8 = 6
    static let typeIndirect: UInt8 = 10
  }

  func read(into image: inout Image, source: SourceID) throws(ReadError) {
    let isMain: Bool
    let section: Int
    if let index = elf.sections.firstIndex(where: { $0.type == ELF.sectionSymbols }) {
      (isMain, section) = (true, index)
    } else if let index = elf.sections.firstIndex(where: { $0.type == ELF.sectionDynamicSymbols }) {
      (isMain, section) = (false, index)
      note(
        &image, "stripped-image", "no symbol table (.symtab): only its dynamic symbols are known")
    } else {
      note(&image, "stripped-image", "no symbol table: it was stripped")
      return
    }
    let table = try table(section, isMain: isMain)
    image.symbols.records.reserveCapacity(table.count)
    for index in 1..<max(1, table.count) {
      var entry = entry(table, index)
      let isExtended = entry.section == ELF.indexExtended
      if isExtended {
        entry.section = table.indices.map { elf.file.word($0 + index * 4) } ?? ELF.indexAbsolute
      }
      guard entry.type != Entry.typeSection, entry.type != Entry.typeFile else { continue }
      let name = try elf.string(entry.name, in: table.strings)
      if isMappingSymbol(name) { continue }
      image.symbols.records.append(record(entry, name, isExtended: isExtended))
    }
    image.losesThreadLocalStart = image.symbols.records.contains { record in
      guard record.isThreadLocal, case .section(let index) = record.place,
        image.outputSections.indices.contains(index)
      else { return false }
      return image.outputSections[index].flags?.contains(.threadLocal) == false
    }
  }

  private func note(_ image: inout Image, _ id: DiagnosticID, _ message: String) {
    image.diagnostics.append(
      Diagnostic(id: id, severity: .note, message: message, span: nil))
  }

  // MARK: The table

  private func table(_ index: Int, isMain: Bool) throws(ReadError) -> Table {
    let section = elf.sections[index]
    let size: UInt64 = elf.header.is64Bit ? 24 : 16
    guard section.entrySize == size else {
      throw ReadError(
        id: "bad-elf",
        message: "symbols of \(section.entrySize) bytes, expected \(size)",
        offset: Int(elf.header.sectionTable) + index * Int(elf.header.sectionSize))
    }
    let count = section.size / size
    guard section.hasContents,
      let start = elf.file.table(at: section.offset, count: count, size: size)
    else { throw ELFHeader.truncated(section.offset, "the symbol table") }
    guard let strings = elf.sections.element(section.link), strings.type == ELF.sectionStrings
    else {
      throw ReadError(
        id: "bad-elf", message: "the symbol table names section \(section.link) for its strings",
        offset: start)
    }
    var table = Table(
      start: start, count: Int(count), strings: try elf.strings(strings, "the symbol names"))
    if isMain, let extra = indexTable(for: index) {
      guard let indices = elf.file.table(at: extra.offset, count: count, size: 4) else {
        throw ELFHeader.truncated(extra.offset, "the extended section numbers")
      }
      table.indices = indices
    }
    return table
  }

  private func indexTable(for symbols: Int) -> ELFSection? {
    elf.sections.first {
      $0.type == ELF.sectionSymbolIndices && $0.link == UInt32(symbols)
    }
  }

  @inline(__always)
  private func entry(_ table: Table, _ index: Int) -> Entry {
    let file = elf.file
    if elf.header.is64Bit {
      let at = table.start &+ index &* 24
      let info = file.reader[at &+ 4]
      return Entry(
        name: file.word(at), binding: info >> 4, type: info & 15,
        other: file.reader[at &+ 5],
        section: UInt32(file.half(at &+ 6)), value: file.giant(at &+ 8), size: file.giant(at &+ 16))
    }
    let at = table.start &+ index &* 16
    let info = file.reader[at &+ 12]
    return Entry(
      name: file.word(at), binding: info >> 4, type: info & 15,
      other: file.reader[at &+ 13],
      section: UInt32(file.half(at &+ 14)),
      value: UInt64(file.word(at &+ 4)), size: UInt64(file.word(at &+ 8)))
  }

  /// `$a`, `$d`, `$t`, `$x`: marks between code and data, which nm does not show.
  private func isMappingSymbol(_ name: ByteRange) -> Bool {
    guard name.count >= 2, elf.file.reader[name.start] == UInt8(ascii: "$") else { return false }
    let kinds: String
    switch elf.header.machine {
    case ELF.machineARM: kinds = "adtbmfp"
    case ELF.machineAArch64, ELF.machineRISCV: kinds = "dx"
    default: return false
    }
    return kinds.utf8.contains(elf.file.reader[name.start + 1])
      && (name.count == 2 || elf.file.reader[name.start + 2] == UInt8(ascii: "."))
  }

  // MARK: Rows

  @inline(__always)
  private func record(_ entry: Entry, _ name: ByteRange, isExtended: Bool) -> SymbolRecord {
    let place = place(entry, isExtended: isExtended)
    return SymbolRecord(
      nameStart: UInt32(truncatingIfNeeded: elf.range.start &+ name.start),
      nameLength: UInt32(truncatingIfNeeded: name.count), value: value(entry, place),
      size: entry.size, place: place, binding: binding(entry),
      letter: letter(entry, place, isExtended: isExtended),
      isThreadLocal: entry.type == Entry.typeThreadLocal,
      hasInstructionBit: hasInstructionBit(entry)
        && (entry.value & 1 == 1 || isCompressedCode(entry)),
      isHidden: entry.other & 3 == 1 || entry.other & 3 == 2)
  }

  private func place(_ entry: Entry, isExtended: Bool) -> SymbolPlace {
    if entry.section >= ELF.indexReserved, !isExtended { return reservedPlace(entry) }
    if entry.section == ELF.indexUndefined { return .undefined }
    guard Int(entry.section) < outputIndex.count, outputIndex[Int(entry.section)] >= 0 else {
      return .absolute
    }
    return .section(outputIndex[Int(entry.section)])
  }

  /// Section numbers from 0xff00 on; processors have some of their own.
  private func reservedPlace(_ entry: Entry) -> SymbolPlace {
    switch entry.section {
    case ELF.indexCommon: .common
    case 0xff02 where elf.header.machine == ELF.machineX8664: .common
    case 0xff00 where elf.header.machine == ELF.machineMIPS: .common
    case 0xff03 where elf.header.machine == ELF.machineMIPS: .common
    case 0xff04 where elf.header.machine == ELF.machineMIPS: .undefined
    default: .absolute
    }
  }

  /// Whether bit 0 is the instruction set of a Thumb, MIPS16 or microMIPS function, not its address.
  private func hasInstructionBit(_ entry: Entry) -> Bool {
    let isFunction = entry.type == Entry.typeFunction || entry.type == Entry.typeIndirect
    return isFunction
      && (elf.header.machine == ELF.machineARM || elf.header.machine == ELF.machineMIPS)
  }

  /// Whether `st_other` and not bit 0 says that it is a function of MIPS16 or microMIPS (`STO_MIPS16`,
  /// `STO_MICROMIPS`).
  private func isCompressedCode(_ entry: Entry) -> Bool {
    elf.header.machine == ELF.machineMIPS
      && (entry.other & 0xf0 == 0xf0 || entry.other & 0xc0 == 0x80)
  }

  private func value(_ entry: Entry, _ place: SymbolPlace) -> UInt64 {
    if place == .common { return entry.size }
    var value = entry.value
    if hasInstructionBit(entry) { value &= ~1 }
    // An image has the offset in the thread-local template; the linker computes with the address.
    if entry.type == Entry.typeThreadLocal, case .section = place, !isAddress(entry) {
      value &+= threadLocalBase
      if !elf.header.is64Bit { value &= UInt64(UInt32.max) }
    }
    return elf.header.extended(value)
  }

  /// Whether the value of a symbol that is thread-local by its type is an address all the same: tools behind the link give
  /// that type to every symbol of a section with thread-local contents, and leave the value (elf.c, swap_out_syms). It lies in
  /// its section then, and as an offset it would not.
  private func isAddress(_ entry: Entry) -> Bool {
    guard elf.header.type != ELF.typeRelocatable, Int(entry.section) < elf.sections.count else {
      return false
    }
    let section = elf.sections[Int(entry.section)]
    let isInside = entry.value &- section.address <= section.size
    return isInside && entry.value &+ threadLocalBase &- section.address > section.size
  }

  private func binding(_ entry: Entry) -> SymbolBinding? {
    switch entry.binding {
    case 0: .local
    case 1, 10: .global
    case 2: .weak
    default: nil
    }
  }

  private func letter(_ entry: Entry, _ place: SymbolPlace, isExtended: Bool) -> UInt8 {
    let isObject = entry.type == Entry.typeObject || entry.type == Entry.typeCommon
    let isWeak = entry.binding == 2
    switch place {
    case .common:
      return UInt8(
        ascii: elf.header.machine == ELF.machineMIPS && entry.section == 0xff03 ? "c" : "C")
    case .undefined:
      return isWeak ? UInt8(ascii: isObject ? "v" : "w") : UInt8(ascii: "U")
    default: break
    }
    if entry.type == Entry.typeIndirect { return UInt8(ascii: "i") }
    if isWeak { return UInt8(ascii: isObject ? "V" : "W") }
    if entry.binding == 10 { return UInt8(ascii: "u") }
    if entry.binding > 1 { return UInt8(ascii: "?") }
    let letter =
      if case .section = place { sectionLetters[Int(entry.section)] } else { UInt8(ascii: "a") }
    return entry.binding == 1 && letter >= UInt8(ascii: "a") ? letter & ~0x20 : letter
  }

  private static func letter(of section: ELFSection, _ name: [UInt8]) -> UInt8 {
    if let special = COFFLetters.special(name) { return special }
    if section.flags & ELF.flagExecute != 0 { return UInt8(ascii: "t") }
    let isReadOnly = section.flags & ELF.flagWrite == 0
    if section.isAllocated, section.hasContents {
      return UInt8(ascii: isReadOnly ? "r" : "d")
    }
    if !section.hasContents { return UInt8(ascii: "b") }
    if COFFLetters.isDebugging(name) { return UInt8(ascii: "N") }
    return UInt8(ascii: isReadOnly ? "n" : "?")
  }
}
