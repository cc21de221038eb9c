// What stands before the statement part of a GNU ld map: archive members and why they were taken,
// commons, discarded input sections, memory regions (ld-semantics 6.1). Titles may be translated, so
// rows are known by their shape; `*default*`, which ends the regions, never is.
//
//   Name             Origin             Length             Attributes
//   ROM              0x0000000008000000 0x0000000000010000 xr
//   *default*        0x0000000000000000 0xffffffffffffffff

/// Reads up to the statement part.
struct GNUMapHeader {
  let reader: ByteReader
  let parts: ImageParts
  private(set) var regions: [RegionRecord] = []
  private(set) var discarded: [InputSectionRecord] = []
  private(set) var lines = LineAnchors()
  /// Digits of an address, 0 if nothing told.
  private(set) var digits = 0
  /// Start of the statement part, nil if the file ends before it.
  private(set) var statements: Int?
  /// Whether it says that nothing was discarded: older releases then say nothing.
  private(set) var deniesDiscarding = false
  /// Whether rows of discarded sections were met.
  private(set) var hasDiscarding = false

  init(reader: ByteReader, parts: ImageParts) {
    self.reader = reader
    self.parts = parts
  }

  /// Reads the header; `isGold` says that no regions follow and a title ends it.
  mutating func read(isGold: Bool) {
    var position = 0
    var name: ByteRange?
    let skipsDiscarded = !parts.contains(.inputSections)
    while position < reader.count {
      let lineEnd = reader.lineEnd(position)
      lines.note(lineAt: position)
      defer { position = lineEnd &+ 1 }
      // Half of a large map may be discarded sections.
      if skipsDiscarded, reader[position] == Byte.blank { continue }
      note(titleAt: position, lineEnd)
      let end = reader.withoutReturn(position, lineEnd)
      if end == position { continue }
      if reader[position] == Byte.blank {
        name = readDiscarded(position, end, name)
        continue
      }
      name = nil
      if isGold ? isGoldTitle(position, end) : readRegion(position, end) {
        statements = isGold ? lineEnd + 1 : afterTitle(lineEnd + 1)
        return
      }
      if reader.hasPrefix("Linker script and memory map", at: position, end: end) {
        statements = lineEnd + 1
        return
      }
    }
  }

  private mutating func note(titleAt start: Int, _ end: Int) {
    if reader.hasPrefix("There are no discarded input sections", at: start, end: end) {
      deniesDiscarding = true
    } else if reader.hasPrefix("Discarded input sections", at: start, end: end) {
      hasDiscarding = true
    }
  }

  private func isGoldTitle(_ start: Int, _ end: Int) -> Bool {
    reader.hasPrefix("Memory map", at: start, end: end)
  }

  /// Takes a region; true for `*default*`.
  private mutating func readRegion(_ start: Int, _ end: Int) -> Bool {
    guard let first = reader.firstRange(of: " 0x", from: start, to: end),
      let (origin, afterOrigin) = reader.prefixedHex(first + 1, end)
    else { return false }
    let width = afterOrigin - first - 3
    let second = reader.skipBlanks(afterOrigin, end)
    guard width == 16 || width == 8, let (length, afterLength) = reader.prefixedHex(second, end),
      afterLength - second - 2 == width
    else { return false }
    digits = width
    if reader.hasPrefix("*default*", at: start, end: end) { return true }
    let attributes = reader.skipBlanks(afterLength, end)
    regions.append(
      RegionRecord(
        name: reader.copy(start, reader.trimEnd(start, first)), origin: origin, length: length,
        attributes: String(
          decoding: reader.copy(attributes, reader.trimEnd(attributes, end)), as: UTF8.self)))
    return false
  }

  /// Skips the blank line and the title after the regions.
  private mutating func afterTitle(_ start: Int) -> Int {
    var position = start
    while position < reader.count {
      let lineEnd = reader.lineEnd(position)
      let isTitle = reader.withoutReturn(position, lineEnd) > position
      if isTitle, reader[position] == Byte.blank { return position }
      lines.note(lineAt: position)
      position = lineEnd + 1
      if isTitle { return position }
    }
    return position
  }

  /// A row of the discarded sections, or the name of one whose columns follow.
  private mutating func readDiscarded(_ start: Int, _ end: Int, _ name: ByteRange?) -> ByteRange? {
    let column = start + GNUMapScanner.nameColumns
    guard end > column, reader[column - 1] == Byte.blank,
      let (address, next) = reader.prefixedHex(column, end),
      let (size, afterSize) = reader.prefixedHex(reader.skipBlanks(next, end), end)
    else {
      let isName = end - start >= GNUMapScanner.nameColumns - 1
      return isName && reader[start + 1] != Byte.blank
        ? ByteRange(start: start + 1, end: end) : nil
    }
    if digits == 0 { digits = next - column - 2 }
    let ownName = ByteRange(start: start + 1, end: reader.trimEnd(start + 1, column))
    guard let name = ownName.isEmpty ? name : ownName else { return nil }
    discarded.append(
      InputSectionRecord(
        name: name, object: ByteRange(start: reader.skipBlanks(afterSize, end), end: end),
        address: address, size: size, outputSection: -1))
    return nil
  }
}

extension InputSectionRecord {
  /// A row from ranges of the map.
  init(
    name: ByteRange, object: ByteRange, address: UInt64, size: UInt64, outputSection: Int,
    alignment: UInt32 = 0
  ) {
    self.init(
      nameStart: UInt32(truncatingIfNeeded: name.start),
      nameLength: UInt32(truncatingIfNeeded: name.count),
      objectStart: UInt32(truncatingIfNeeded: object.start),
      objectLength: UInt32(truncatingIfNeeded: object.count), address: address, size: size,
      outputSection: Int32(truncatingIfNeeded: outputSection), alignment: alignment)
  }
}
