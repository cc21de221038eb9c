// ELF images and relocatable objects, both classes and byte orders. Only the headers, the symbol table
// and its strings are looked at; every count and offset is checked against the file before it is used.

/// Reads ELF files.
struct ELFReader {
  let buffer: SourceBuffer
  /// Where the file lies in the buffer: all of it, or a member of an archive.
  let range: ByteRange
  let header: ELFHeader
  let file: OrderedReader
  let sections: [ELFSection]

  static func read(_ buffer: SourceBuffer, parts: ImageParts) throws(ReadError) -> Image {
    let elf = try ELFReader(buffer, range: ByteRange(start: 0, end: buffer.count))
    return try elf.image(parts)
  }

  init(_ buffer: SourceBuffer, range: ByteRange) throws(ReadError) {
    self.buffer = buffer
    self.range = range
    let reader = buffer.reader.part(range.start, range.end)
    var header = try ELFHeader(reader)
    file = OrderedReader(reader: reader, isBigEndian: header.isBigEndian)
    sections = try Self.sections(file, &header)
    self.header = header
  }

  func image(_ parts: ImageParts) throws(ReadError) -> Image {
    var image = Image(buffer: buffer, kind: .elf)
    let source = image.sources.add(buffer, lines: LineAnchors())
    image.is32Bit = !header.is64Bit
    image.machine = header.machine
    image.isRelocatable = header.type == ELF.typeRelocatable
    image.entry = image.isRelocatable ? nil : header.extended(header.entry)
    let symbolStrings = Set(sections.filter { $0.type == ELF.sectionSymbols }.map(\.link))
    let isListed = sections.indices.map { isRegular($0, symbolStrings) }
    var outputIndex = [Int](repeating: -1, count: sections.count)
    var count = 0
    for index in sections.indices where isListed[index] {
      outputIndex[index] = count
      count += 1
    }
    if parts.contains(.sections) || parts.contains(.symbols) {
      image.segments = try segments()
      let loads = ELFLoadAddresses(image.segments)
      for index in sections.indices where isListed[index] {
        image.outputSections.append(try outputSection(index, loads))
      }
    }
    image.linker = linker
    if parts.contains(.symbols) {
      try ELFSymbols(
        elf: self, outputIndex: outputIndex, threadLocalBase: image.threadLocalStart ?? 0
      ).read(into: &image, source: source)
    }
    return image
  }

  /// That rows of a table have the size which the file's class asks for; the header tells it at `offset`.
  private static func expect(
    _ size: UInt64, _ found: UInt64, _ what: String, at offset: Int
  ) throws(ReadError) {
    if found == size { return }
    throw ReadError(
      id: "bad-elf", message: "\(what) of \(found) bytes, expected \(size)", offset: offset)
  }

  // MARK: Section headers

  private static func sections(
    _ file: OrderedReader, _ header: inout ELFHeader
  ) throws(ReadError) -> [ELFSection] {
    if header.sectionTable == 0 { return [] }
    let size: UInt64 = header.is64Bit ? 64 : 40
    try expect(size, header.sectionSize, "section headers", at: header.is64Bit ? 58 : 46)
    guard let first = file.table(at: header.sectionTable, count: 1, size: size) else {
      throw ELFHeader.truncated(header.sectionTable, "the section headers")
    }
    // Counts that do not fit the file header stand in section 0.
    let zero = section(file, first, header)
    if header.sectionCount == 0 { header.sectionCount = zero.size }
    if header.nameSection == 0xffff { header.nameSection = UInt64(zero.link) }
    if header.segmentCount == 0xffff { header.segmentCount = UInt64(zero.info) }
    guard
      let start = file.table(at: header.sectionTable, count: header.sectionCount, size: size)
    else {
      throw ELFHeader.truncated(header.sectionTable, "the \(header.sectionCount) section headers")
    }
    let complete = header
    return (0..<Int(header.sectionCount)).map {
      section(file, start + $0 * Int(size), complete)
    }
  }

  private static func section(
    _ file: OrderedReader, _ at: Int, _ header: ELFHeader
  ) -> ELFSection {
    let is64Bit = header.is64Bit
    let wide = is64Bit ? 8 : 4
    func field(_ index: Int) -> UInt64 { file.address(at + 8 + index * wide, is64Bit: is64Bit) }
    let link = at + 8 + 4 * wide
    return ELFSection(
      name: file.word(at), type: file.word(at + 4), flags: field(0),
      address: header.extended(field(1)),
      offset: field(2), size: field(3), link: file.word(link), info: file.word(link + 4),
      alignment: file.address(link + 8, is64Bit: is64Bit),
      entrySize: file.address(link + 8 + wide, is64Bit: is64Bit))
  }

  /// Whether a linker knows the section by name: not its own symbol, string and relocation tables (the
  /// same choice that BFD makes in `bfd_section_from_shdr`).
  private func isRegular(_ index: Int, _ symbolStrings: Set<UInt32>) -> Bool {
    let section = sections[index]
    switch section.type {
    case ELF.sectionNull, ELF.sectionSymbols, ELF.sectionSymbolIndices: return false
    case ELF.sectionStrings:
      return UInt64(index) != header.nameSection && !symbolStrings.contains(UInt32(index))
    case ELF.sectionRel, ELF.sectionRela:
      guard let link = sections.element(section.link), let target = sections.element(section.info)
      else { return true }
      return link.type != ELF.sectionSymbols || section.info == 0
        || target.type == ELF.sectionRel || target.type == ELF.sectionRela
    default: return true
    }
  }

  private func outputSection(
    _ index: Int, _ loads: ELFLoadAddresses
  ) throws(ReadError) -> OutputSectionRecord {
    let section = sections[index]
    var flags = SectionFlags(elf: section.flags)
    if !section.hasContents { flags.insert(.noBits) }
    if section.type == ELF.sectionNote { flags.insert(.note) }
    if isAttributes(section) { flags.insert(.attributes) }
    let entry = Int(header.sectionTable) + index * Int(header.sectionSize)
    return OutputSectionRecord(
      name: try sectionName(section), vma: section.address,
      lma: loads.address(of: section).map(wrapped),
      size: section.size, alignment: max(section.alignment, 1), flags: flags,
      fileOffset: section.hasContents ? section.offset : nil,
      place: UInt32(truncatingIfNeeded: range.start + entry))
  }

  private func isAttributes(_ section: ELFSection) -> Bool {
    switch header.machine {
    case ELF.machineARM, ELF.machineRISCV: section.type == ELF.sectionMachineAttributes
    default: section.type == ELF.sectionAttributes
    }
  }

  /// A section's name; empty without a table of names.
  func sectionName(_ section: ELFSection) throws(ReadError) -> [UInt8] {
    guard header.nameSection != 0 else { return [] }
    guard header.nameSection < UInt64(sections.count) else {
      throw ReadError(
        id: "bad-elf",
        message: "the section names are in section \(header.nameSection) of \(sections.count)")
    }
    let table = sections[Int(header.nameSection)]
    let name = try string(section.name, in: try strings(table, "the section names"))
    return file.reader.copy(name.start, name.end)
  }

  /// An address that was reckoned with 64 bits, as the file's width has it.
  private func wrapped(_ address: UInt64) -> UInt64 {
    header.is64Bit ? address : header.extended(address & 0xffff_ffff)
  }

  /// What `.comment` says of the linker; an object has its compiler's word there.
  private var linker: LinkerEvidence? {
    guard header.type != ELF.typeRelocatable else { return nil }
    let wanted = Array(".comment".utf8)
    for section in sections where !section.isAllocated && section.hasContents {
      guard let name = try? sectionName(section), name == wanted,
        let extent = try? strings(section, "the comments")
      else { continue }
      let bytes = file.reader.copy(extent.start, min(extent.end, extent.start + Self.mostComments))
      return LinkerEvidence(comment: bytes[...])
    }
    return nil
  }

  /// A longer `.comment` is read up to here.
  private static let mostComments = 1 << 16

  // MARK: Strings

  /// The extent of a string table.
  func strings(_ section: ELFSection, _ what: String) throws(ReadError) -> ByteRange {
    guard section.hasContents,
      let start = file.table(at: section.offset, count: section.size, size: 1)
    else { throw ELFHeader.truncated(section.offset, what) }
    return ByteRange(start: start, end: start + Int(section.size))
  }

  /// The string at `offset` of `table`.
  @inline(__always)
  func string(_ offset: UInt32, in table: ByteRange) throws(ReadError) -> ByteRange {
    let start = table.start + Int(offset)
    guard start < table.end,
      let end = file.reader.firstIndex(of: 0, from: start, to: table.end)
    else {
      throw ReadError(
        id: "bad-elf",
        message: "the string at \(offset) does not end inside its table of \(table.count) bytes",
        offset: table.start)
    }
    return ByteRange(start: start, end: end)
  }

  // MARK: Segments

  private func segments() throws(ReadError) -> [SegmentRecord] {
    guard header.segmentTable != 0, header.segmentCount > 0 else { return [] }
    let size: UInt64 = header.is64Bit ? 56 : 32
    try Self.expect(size, header.segmentSize, "program headers", at: header.is64Bit ? 54 : 42)
    guard let start = file.table(at: header.segmentTable, count: header.segmentCount, size: size)
    else { throw ELFHeader.truncated(header.segmentTable, "the program headers") }
    return (0..<Int(header.segmentCount)).map { segment(start + $0 * Int(size)) }
  }

  private func segment(_ at: Int) -> SegmentRecord {
    let wide = header.is64Bit ? 8 : 4
    let base = header.is64Bit ? at + 8 : at + 4
    func field(_ index: Int) -> UInt64 {
      file.address(base + index * wide, is64Bit: header.is64Bit)
    }
    let flags = file.word(header.is64Bit ? at + 4 : at + 24)
    return SegmentRecord(
      type: file.word(at), isReadable: flags & 4 != 0, isWritable: flags & 2 != 0,
      isExecutable: flags & 1 != 0, virtualAddress: header.extended(field(1)),
      physicalAddress: header.extended(field(2)),
      fileOffset: field(0), fileSize: field(3), memorySize: field(4),
      alignment: header.is64Bit ? field(5) : UInt64(file.word(at + 28)))
  }
}

extension Array {
  /// The element at an index read from a file.
  func element(_ index: UInt32) -> Element? {
    Int(index) < count ? self[Int(index)] : nil
  }
}
