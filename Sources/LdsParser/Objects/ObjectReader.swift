// Sections, symbols and groups of a relocatable object, by way of the reader that images have.

/// Reads the tables of one object.
struct ObjectReader {
  let elf: ELFReader
  /// The sections of relocations by the section that they apply to.
  let relocationSections: [Int: [Int]]

  init(elf: ELFReader) {
    self.elf = elf
    var tables: [Int: [Int]] = [:]
    for (index, section) in elf.sections.enumerated() where Self.isRelocation(section) {
      tables[Int(section.info), default: []].append(index)
    }
    relocationSections = tables
  }

  /// Relocations of the object; allocated ones are contents (elf.c, bfd_section_from_shdr).
  private static func isRelocation(_ section: ELFSection) -> Bool {
    (section.type == ELF.sectionRel || section.type == ELF.sectionRela) && !section.isAllocated
  }

  func sections(_ names: inout NameTable) throws(ReadError) -> [ObjectSection] {
    var tables: Set<UInt32> = [UInt32(truncatingIfNeeded: elf.header.nameSection)]
    for section in elf.sections where section.type == ELF.sectionSymbols {
      tables.insert(section.link)
    }
    var result: [ObjectSection] = []
    for (index, section) in elf.sections.enumerated() {
      switch section.type {
      case ELF.sectionNull, ELF.sectionSymbols, ELF.sectionSymbolIndices: continue
      case ELF.sectionStrings where tables.contains(UInt32(index)) && !section.isAllocated: continue
      default: if Self.isRelocation(section) { continue }
      }
      let name = names.intern(try elf.sectionName(section))
      result.append(
        ObjectSection(
          index: index, name: name, type: section.type, flags: section.flags,
          size: section.size,
          alignmentPower: section.alignment == 0 ? 0 : section.alignment.trailingZeroBitCount,
          entrySize: section.entrySize, link: Int(section.link), info: Int(section.info),
          hasRelocations: relocationSections[index] != nil))
    }
    return result
  }

  func symbols(_ names: inout NameTable) throws(ReadError) -> [ObjectSymbolEntry] {
    guard let table = elf.sections.first(where: { $0.type == ELF.sectionSymbols }) else {
      return []
    }
    let is64Bit = elf.header.is64Bit
    let size = is64Bit ? 24 : 16
    let count = table.size / UInt64(size)
    guard let start = elf.file.table(at: table.offset, count: count, size: UInt64(size)) else {
      throw ELFHeader.truncated(table.offset, "the symbol table")
    }
    guard let strings = elf.sections.element(table.link) else {
      throw ReadError(
        id: "bad-elf",
        message: "the symbol names are in section \(table.link) of \(elf.sections.count)")
    }
    let texts = try elf.strings(strings, "the symbol names")
    let indices = try extendedIndices(count)
    var result: [ObjectSymbolEntry] = []
    result.reserveCapacity(Int(count))
    for index in 0..<Int(count) {
      result.append(
        try symbol(
          at: start + index * size, in: texts, extended: indices.map { $0 + index * 4 }, &names))
    }
    return result
  }

  private func extendedIndices(_ count: UInt64) throws(ReadError) -> Int? {
    guard let section = elf.sections.first(where: { $0.type == ELF.sectionSymbolIndices }) else {
      return nil
    }
    guard let start = elf.file.table(at: section.offset, count: count, size: 4) else {
      throw ELFHeader.truncated(section.offset, "the section numbers of symbols")
    }
    return start
  }

  private func symbol(
    at position: Int, in texts: ByteRange, extended: Int?, _ names: inout NameTable
  ) throws(ReadError) -> ObjectSymbolEntry {
    let is64Bit = elf.header.is64Bit
    let text = try elf.string(elf.file.word(position), in: texts)
    // `memcpy@GLIBC_2.14`: the linker looks for the name.
    let at = UInt8(ascii: "@")
    let end = elf.file.reader.firstIndex(of: at, from: text.start, to: text.end) ?? text.end
    let info = elf.file.reader[position + (is64Bit ? 4 : 12)]
    var section = UInt32(elf.file.half(position + (is64Bit ? 6 : 14)))
    var place: ObjectSymbolEntry.Place?
    switch section {
    case ELF.indexUndefined: place = .undefined
    case ELF.indexAbsolute: place = .absolute
    case ELF.indexCommon: place = .common
    case ELF.indexExtended:
      guard let extended else { break }
      section = elf.file.word(extended)
    case ELF.indexReserved...: place = .absolute
    default: break
    }
    return ObjectSymbolEntry(
      name: names.intern(elf.file.reader, text.start, end), isNameless: text.count == 0,
      binding: info >> 4, type: info & 15, place: place ?? .section(Int(section)),
      value: elf.file.address(position + (is64Bit ? 8 : 4), is64Bit: is64Bit),
      size: elf.file.address(position + (is64Bit ? 16 : 8), is64Bit: is64Bit))
  }

  func groups(
    _ symbols: [ObjectSymbolEntry], _ sections: [ObjectSection]
  ) throws(ReadError) -> [ObjectGroup] {
    var groups: [ObjectGroup] = []
    for section in sections where section.type == ObjectSection.Kind.group {
      let header = elf.sections[section.index]
      let count = header.size / 4
      guard let start = elf.file.table(at: header.offset, count: count, size: 4), count > 0,
        symbols.indices.contains(section.info)
      else { throw ELFHeader.truncated(header.offset, "a group of sections") }
      let symbol = symbols[section.info]
      // A section symbol stands for the name of its section.
      var signature = symbol.name
      if symbol.isNameless, case .section(let index) = symbol.place,
        let named = sections.first(where: { $0.index == index })
      {
        signature = named.name
      }
      groups.append(
        ObjectGroup(
          section: section.index, signature: signature,
          isComdat: elf.file.word(start) & 1 != 0,
          members: (1..<Int(count)).map { Int(elf.file.word(start + $0 * 4)) }))
    }
    return groups
  }
}
