// COFF symbols and PE exports.

/// Reads the symbol table of a PE/COFF file.
struct COFFSymbols {
  let pe: PEReader
  let sections: [COFFSection]

  private enum Class {
    static let external: UInt8 = 2
    static let `static`: UInt8 = 3
    static let label: UInt8 = 6
    static let section: UInt8 = 104
    static let weak: UInt8 = 105
  }

  func read(into image: inout Image) throws(ReadError) {
    let reader = pe.reader
    var index = 0
    while index < pe.header.symbolCount {
      let at = pe.header.symbolTable + index * COFFHeader.symbolSize
      let auxiliaries = Int(reader[at + 17])
      index += 1 + auxiliaries
      let storage = reader[at + 16]
      guard
        storage == Class.external || storage == Class.static || storage == Class.label
          || storage == Class.weak
      else { continue }
      let number = Int16(truncatingIfNeeded: Int(reader.word16(at + 12)))
      if number == -2 || pe.header.isImage && section(number)?.isBelowBase == true { continue }
      image.symbols.records.append(
        record(try name(at), value: UInt64(reader.word32(at + 8)), number, storage))
    }
  }

  private func section(_ number: Int16) -> COFFSection? {
    number > 0 && Int(number) <= sections.count ? sections[Int(number) - 1] : nil
  }

  /// Eight bytes, or four zeros and an offset in the string table.
  private func name(_ at: Int) throws(ReadError) -> ByteRange {
    if pe.reader.word32(at) == 0 { return try pe.string(pe.reader.word32(at + 4)) }
    return ByteRange(
      start: at, end: pe.reader.firstIndex(of: 0, from: at, to: at + 8) ?? at + 8)
  }

  private func record(
    _ name: ByteRange, value: UInt64, _ number: Int16, _ storage: UInt8
  ) -> SymbolRecord {
    let isWeak = storage == Class.weak
    let isGlobal = storage == Class.external
    var row = SymbolRecord(
      nameStart: UInt32(truncatingIfNeeded: pe.range.start + name.start),
      nameLength: UInt32(truncatingIfNeeded: name.count), value: value, place: .absolute,
      binding: isWeak ? .weak : isGlobal ? .global : .local)
    if let section = section(number) {
      row.place = .section(Int(number) - 1)
      row.value = value &+ (pe.header.isImage ? pe.header.imageBase &+ section.address : 0)
      row.letter = isGlobal ? section.letter & ~0x20 : section.letter
      if section.letter == UInt8(ascii: "?") { row.letter = section.letter }
    } else if number == 0 {
      row.place = isGlobal && value > 0 ? .common : .undefined
      row.letter = UInt8(ascii: row.place == .common ? "C" : isWeak ? "w" : "U")
      return row
    } else {
      row.letter = UInt8(ascii: isGlobal ? "A" : "a")
    }
    if isWeak { row.letter = UInt8(ascii: "W") }
    return row
  }
}

/// The export table, for images whose symbol table was stripped.
struct PEExports {
  let pe: PEReader
  let sections: [COFFSection]

  /// The exports by name; nothing if the table is missing or does not hold together.
  func records() -> [SymbolRecord] {
    let reader = pe.reader
    guard pe.header.exports.address != 0, let table = offset(pe.header.exports.address, 40) else {
      return []
    }
    let functionCount = UInt64(reader.word32(table + 20))
    let nameCount = UInt64(reader.word32(table + 24))
    guard let functions = offset(UInt64(reader.word32(table + 28)), functionCount * 4),
      let names = offset(UInt64(reader.word32(table + 32)), nameCount * 4),
      let ordinals = offset(UInt64(reader.word32(table + 36)), nameCount * 2)
    else { return [] }
    var rows: [SymbolRecord] = []
    for index in 0..<Int(nameCount) {
      let ordinal = Int(reader.word16(ordinals + 2 * index))
      guard ordinal < Int(functionCount),
        let start = offset(UInt64(reader.word32(names + 4 * index)), 1),
        let end = reader.firstIndex(of: 0, from: start, to: reader.count)
      else { continue }
      let address = UInt64(reader.word32(functions + 4 * ordinal))
      // A forwarder: its name in another DLL stands there, within the table.
      if address &- pe.header.exports.address < pe.header.exports.size { continue }
      rows.append(row(ByteRange(start: start, end: end), address))
    }
    return rows
  }

  private func row(_ name: ByteRange, _ address: UInt64) -> SymbolRecord {
    let index = sections.firstIndex { holds($0, address, 1) }
    let letter = index.map { sections[$0].letter & ~0x20 } ?? UInt8(ascii: "A")
    return SymbolRecord(
      nameStart: UInt32(truncatingIfNeeded: pe.range.start + name.start),
      nameLength: UInt32(truncatingIfNeeded: name.count),
      value: pe.header.imageBase &+ address,
      place: index.map { .section($0) } ?? .unknownSection, binding: .global, letter: letter)
  }

  private func holds(_ section: COFFSection, _ address: UInt64, _ size: UInt64) -> Bool {
    address >= section.address
      && address - section.address <= max(section.virtualSize, section.rawSize)
      && size <= max(section.virtualSize, section.rawSize) - (address - section.address)
  }

  /// Where `size` bytes at an RVA stand in the file.
  private func offset(_ address: UInt64, _ size: UInt64) -> Int? {
    guard let section = sections.first(where: { holds($0, address, size) }) else { return nil }
    let start = section.rawOffset + (address - section.address)
    guard section.rawOffset > 0, start + size <= UInt64(pe.reader.count) else { return nil }
    return Int(start)
  }
}
