// Xen's own symbol listing, `xen-syms.map` (ld-semantics 7.5):
//
//   0xffff82d040200008 t head.o#multiboot1_header
//   0xffff82d040201000 T _stext
//
// Every local symbol has its object before a `#`; absolute symbols are left out.

/// Reads `xen-syms.map` and `xen.efi.map`.
enum XenSymbolsReader {
  static func read(_ buffer: SourceBuffer, parts: ImageParts) -> Image {
    Image.listing(buffer, .xenSymbols, "a Xen symbol listing") { image, reader, start, end in
      guard let row = row(reader, start, end) else { return end == start }
      // Leading zeros are not printed: only a long address tells the width.
      if row.width > 8 { image.is32Bit = false }
      if parts.contains(.symbols) { image.symbols.records.append(symbol(row)) }
      return true
    }
  }

  /// The columns of a line; the name is the part after `#`.
  static func row(_ reader: ByteReader, _ start: Int, _ end: Int) -> NMRow? {
    guard let (value, next) = reader.prefixedHex(start, end) else { return nil }
    let width = next - start - 2
    guard (1...16).contains(width), end - next > 3, reader[next] == Byte.blank,
      NMRow.isLetter(reader[next + 1]), reader[next + 2] == Byte.blank,
      reader.skipWord(next + 3, end) == end
    else { return nil }
    var name = next + 3
    while let hash = reader.firstIndex(of: UInt8(ascii: "#"), from: name, to: end) {
      name = hash + 1
    }
    return NMRow(
      name: ByteRange(start: name, end: end), value: value, size: 0, letter: reader[next + 1],
      width: width)
  }

  private static func symbol(_ row: NMRow) -> SymbolRecord {
    let isAbsolute = row.letter | 0x20 == UInt8(ascii: "a")
    return SymbolRecord(
      nameStart: UInt32(truncatingIfNeeded: row.name.start),
      nameLength: UInt32(truncatingIfNeeded: row.name.count), value: row.value ?? 0,
      place: isAbsolute ? .absolute : .unknownSection,
      binding: row.letter & 0x20 == 0 ? .global : .local, letter: row.letter)
  }
}
