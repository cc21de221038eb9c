// Symbol listings of nm: bsd (Linux's System.map too), posix and sysv.
//
//   0000000000401000 T _start
//                    U memcpy

/// Reads nm listings.
enum NMReader {
  static func read(
    _ buffer: SourceBuffer, form: SymbolListingForm, parts: ImageParts
  ) throws(ReadError) -> Image {
    var hasRows = false
    let image = Image.listing(buffer, .nm, "an nm listing") { image, reader, start, end in
      guard let (row, isAbsolute) = row(reader, start, end, form: form) else {
        return isHeading(reader, start, end)
      }
      hasRows = true
      if row.width == 8 { image.is32Bit = true } else if row.width == 16 { image.is32Bit = false }
      if parts.contains(.symbols) { image.symbols.records.append(symbol(row, isAbsolute)) }
      return true
    }
    if !hasRows {
      throw ReadError(id: "empty-listing", message: "the listing has no symbol", offset: nil)
    }
    return image
  }

  /// A row, and whether it says that the symbol is absolute.
  private static func row(
    _ reader: ByteReader, _ start: Int, _ end: Int, form: SymbolListingForm
  ) -> (NMRow, Bool)? {
    let row: NMRow?
    switch form {
    case .sysV:
      guard let (columns, section) = NMRow.sysV(reader, start, end) else { return nil }
      return (columns, reader.hasPrefix("*ABS*", at: section.start, end: section.end))
    case .posix: row = NMRow.posix(reader, start, end)
    case .bsd, .xen: row = NMRow.bsd(reader, start, end)
    }
    guard let row else { return nil }
    return (row, row.letter | 0x20 == UInt8(ascii: "a"))
  }

  /// Empty lines, `file.o:` between members, and the two head lines of the sysv form.
  private static func isHeading(_ reader: ByteReader, _ start: Int, _ end: Int) -> Bool {
    end == start || reader[end - 1] == UInt8(ascii: ":")
      || reader.hasPrefix("Symbols from ", at: start, end: end)
      || reader.hasPrefix("Undefined symbols from ", at: start, end: end)
      || (reader.hasPrefix("Name ", at: start, end: end)
        && reader.firstRange(of: "Section", from: start, to: end) != nil)
      || reader.skipBlanks(start, end) == end
  }

  private static func symbol(_ row: NMRow, _ isAbsolute: Bool) -> SymbolRecord {
    let upper = row.letter & 0x20 == 0
    let place: SymbolPlace
    let binding: SymbolBinding?
    switch row.letter {
    case UInt8(ascii: "U"): (place, binding) = (.undefined, .global)
    case UInt8(ascii: "w"), UInt8(ascii: "v"): (place, binding) = (.undefined, .weak)
    case UInt8(ascii: "W"), UInt8(ascii: "V"):
      (place, binding) = (isAbsolute ? .absolute : .unknownSection, .weak)
    case UInt8(ascii: "C"), UInt8(ascii: "c"): (place, binding) = (.common, .global)
    case UInt8(ascii: "u"): (place, binding) = (.unknownSection, .global)
    case UInt8(ascii: "i"): (place, binding) = (.unknownSection, nil)
    case UInt8(ascii: "?"), UInt8(ascii: "-"): (place, binding) = (.unknown, nil)
    default:
      place = isAbsolute ? .absolute : .unknownSection
      binding = upper ? .global : .local
    }
    return SymbolRecord(
      nameStart: UInt32(truncatingIfNeeded: row.name.start),
      nameLength: UInt32(truncatingIfNeeded: row.name.count), value: row.value ?? 0, size: row.size,
      place: place, binding: binding, letter: row.letter)
  }
}
