// PE images (`xen.efi`) and COFF objects: sections, symbols with their aux records skipped, exports where
// there is no symbol table.

/// Reads PE/COFF files.
struct PEReader {
  let buffer: SourceBuffer
  let range: ByteRange
  let reader: ByteReader
  let header: COFFHeader
  /// Extent of the string table, its length word included; empty for none.
  let strings: ByteRange

  static func read(_ buffer: SourceBuffer, parts: ImageParts) throws(ReadError) -> Image {
    try PEReader(buffer, range: ByteRange(start: 0, end: buffer.count)).image(parts)
  }

  init(_ buffer: SourceBuffer, range: ByteRange) throws(ReadError) {
    self.buffer = buffer
    self.range = range
    let reader = buffer.reader.part(range.start, range.end)
    self.reader = reader
    var start = 0
    let isImage = reader.hasPrefix("MZ", at: 0, end: reader.count)
    if isImage {
      guard reader.count >= 64 else { throw COFFHeader.truncated(0, "the DOS header") }
      start = Int(reader.word32(60)) + 4
    }
    header = try COFFHeader(reader, at: start, isImage: isImage)
    strings = try Self.strings(reader, header)
  }

  func image(_ parts: ImageParts) throws(ReadError) -> Image {
    var image = Image(buffer: buffer, kind: .pe)
    _ = image.sources.add(buffer, lines: LineAnchors())
    image.is32Bit = header.is32Bit
    image.machine = header.machine
    image.isRelocatable = !header.isImage
    image.entry = header.entry
    image.imageBase = header.isImage ? header.imageBase : nil
    image.sectionAlignment = header.sectionAlignment
    image.fileAlignment = header.fileAlignment
    let sections = try sections()
    image.outputSections = sections.map { record($0) }
    guard parts.contains(.symbols) else { return image }
    if header.symbolCount > 0, header.symbolTable > 0 {
      try COFFSymbols(pe: self, sections: sections).read(into: &image)
    } else {
      image.symbols.records = PEExports(pe: self, sections: sections).records()
      image.diagnostics.append(
        Diagnostic(
          id: "stripped-image", severity: .note,
          message: "no symbol table: only its exports are known", span: nil))
    }
    return image
  }

  // MARK: Strings

  private static func strings(
    _ reader: ByteReader, _ header: COFFHeader
  ) throws(ReadError) -> ByteRange {
    guard header.symbolTable > 0 else { return ByteRange(start: 0, end: 0) }
    let start = header.symbolTable + header.symbolCount * COFFHeader.symbolSize
    guard start <= reader.count else {
      throw COFFHeader.truncated(header.symbolTable, "the \(header.symbolCount) symbols")
    }
    // A file without long names may end with its symbols.
    if start > reader.count - 4 { return ByteRange(start: start, end: start) }
    let length = max(4, Int(reader.word32(start)))
    guard length <= reader.count - start else {
      throw COFFHeader.truncated(start, "the string table")
    }
    return ByteRange(start: start, end: start + length)
  }

  /// The string at `offset` of the string table.
  func string(_ offset: UInt32) throws(ReadError) -> ByteRange {
    let start = strings.start + Int(offset)
    guard offset >= 4, start < strings.end,
      let end = reader.firstIndex(of: 0, from: start, to: strings.end)
    else {
      throw ReadError(
        id: "bad-pe",
        message: "the string at \(offset) does not end inside its table of \(strings.count) bytes",
        offset: strings.start)
    }
    return ByteRange(start: start, end: end)
  }

  // MARK: Sections

  private func sections() throws(ReadError) -> [COFFSection] {
    var sections: [COFFSection] = []
    for index in 0..<header.sectionCount {
      let at = header.sectionTable + index * COFFHeader.sectionSize
      sections.append(
        COFFSection(
          name: try sectionName(at), virtualSize: UInt64(reader.word32(at + 8)),
          address: UInt64(reader.word32(at + 12)), rawSize: UInt64(reader.word32(at + 16)),
          rawOffset: UInt64(reader.word32(at + 20)), characteristics: reader.word32(at + 36),
          place: at))
    }
    return sections
  }

  /// Eight bytes, or `/123`: a decimal offset in the string table.
  private func sectionName(_ at: Int) throws(ReadError) -> [UInt8] {
    let end = reader.firstIndex(of: 0, from: at, to: at + 8) ?? at + 8
    if reader[at] == UInt8(ascii: "/"), let (offset, next) = reader.decimalDigits(at + 1, end),
      next == end, !strings.isEmpty
    {
      let name = try string(UInt32(truncatingIfNeeded: offset))
      return reader.copy(name.start, name.end)
    }
    return reader.copy(at, end)
  }

  private func record(_ section: COFFSection) -> OutputSectionRecord {
    var flags: SectionFlags = []
    let contents = COFFSection.code | COFFSection.initializedData | COFFSection.uninitializedData
    if section.has(contents),
      !section.has(COFFSection.discardable)
        || section.name == [
          0x2E, 0x72, 0x65, 0x6C, 0x6F, 0x63,
        ]
    {
      flags.insert(.allocated)
    }
    if section.has(COFFSection.write) { flags.insert(.writable) }
    if section.has(COFFSection.execute) || section.has(COFFSection.code) {
      flags.insert(.executable)
    }
    if section.rawOffset == 0 { flags.insert(.noBits) }
    let shift = section.characteristics >> 20 & 15
    let address =
      header.isImage && section.isBelowBase ? nil : header.imageBase &+ section.address
    return OutputSectionRecord(
      name: section.name, vma: address, lma: address,
      size: header.isImage && section.virtualSize > 0 ? section.virtualSize : section.rawSize,
      alignment: shift == 0 ? nil : 1 << UInt64(shift - 1), flags: flags,
      fileOffset: section.rawOffset == 0 ? nil : section.rawOffset,
      place: UInt32(truncatingIfNeeded: range.start + section.place))
  }
}
