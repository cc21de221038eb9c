// Draws the facts that a program needs out of the files of one image. Which file is believed is decided in one
// place, ImageEvidence; here its answers become the evaluator's. Only names that the program uses are looked at.

public import LdsParser

extension Evidence {
  /// The facts of `images`, which describe one image, about the names of `program`.
  ///
  /// Where several files know a thing, the one that says most counts: see `ImageKind.rank`.
  public init(_ images: [Image], for program: Program) {
    self.init()
    files = images.map(\.path)
    kinds = images.map(\.kind)
    addressForm = Self.addressForm(of: images)
    mayRelax = Self.mayRelax(images, program)
    let names = (0..<program.names.count).map { program.names.bytes(at: $0) }
    let merged = ImageEvidence(
      images, names: names + names.map(SymbolsOfTheLink.wrapper) + [Self.markOfPE])
    adoptSections(of: merged, for: program)
    isELF = merged.files.contains { file in
      file.kind == .elf || file.outputFormat?.starts(with: "elf".utf8) ?? false
    }
    if let map = images.first(where: { $0.kind == .lldMap }) {
      listedPlaces = ListedPlaces(map, for: program)
    }
    let readable = SymbolsOfTheLink(merged, program)
    for name in names { adoptSymbol(name, of: merged, readable, program) }
    let hasScriptSymbols = images.indices.contains { file in
      let image = images[file]
      // A PE link leaves out what is too large for its symbol table.
      let isOfPE = image.kind == .pe || merged.hasGlobal(Self.markOfPE, in: file)
      return !image.isRelocatable && image.kind.tells(.scriptSymbols) && !isOfPE
        && !image.symbols.records.isEmpty
    }
    symbolAccount = hasScriptSymbols ? .scripts : .some
    let order = images.indices.sorted { images[$0].kind.rank < images[$1].kind.rank }
    for file in order { adoptPrintedValues(of: images[file], file: file) }
    for file in order { adoptRegionsAndHeaders(of: images[file], file: file) }
    if program.usesHeaderSize, !images.contains(where: Self.loadsHeaders) { headerSize = nil }
    for file in order { adoptImageBase(of: images[file], file: file) }
  }

  /// A symbol that GNU ld defines in PE links; a listing does not say otherwise that it is of one.
  private static let markOfPE = Array("__file_alignment__".utf8)

  /// GNU ld sets `__image_base__` before the script of a PE link runs, and leaves it out of the symbol table.
  private mutating func adoptImageBase(of image: Image, file: Int) {
    guard image.kind == .pe, !image.isRelocatable, let base = image.imageBase else { return }
    for name in ["__image_base__", "__ImageBase"] where symbols[Array(name.utf8)] == nil {
      symbols[Array(name.utf8)] = Symbol(address: base, place: .absolute, file: file)
    }
  }

  private static func addressForm(of images: [Image]) -> AddressForm {
    let isNarrow = images.contains { $0.is32Bit == true }
    if images.contains(where: { $0.machine == ELF.machineMIPS && $0.is32Bit == true }) {
      return .signExtended
    }
    let isKnown = images.contains {
      $0.is32Bit != nil && $0.kind != .nm && $0.kind != .xenSymbols
    }
    guard isKnown else { return .listed(isNarrow: isNarrow) }
    return isNarrow ? .lowerHalf : .whole
  }

  /// Statements of a map are about the sections that it lists, those among them that the image does not have: the
  /// linker had them when it judged.
  private mutating func adoptSections(of merged: ImageEvidence, for program: Program) {
    let map = merged.files.firstIndex {
      $0.kind.tells(.statements) && !$0.statements.isEmpty
    }
    let listed =
      if program.isMap, let map {
        merged.outputSections(of: map)
      } else {
        merged.outputSections()
      }
    guard let file = listed.first?.place.file, !merged.files[file].isRelocatable else { return }
    let image = merged.files[file]
    hasRoundedSizes = image.isMapOfPE
    let images = merged.files
    sections = listed.map { section in
      // What was never created takes no space.
      let flags = section.flags?.value ?? []
      let isChanged = !flags.isDisjoint(with: [.compressed, .attributes])
      let size =
        isChanged
        ? flags.contains(.attributes) ? nil : Self.listed(section.name, in: images)?.size
        : section.size?.value ?? image.outputSections[section.place.value].size
      // A column of a map need not be what LOADADDR gives for an empty section with AT.
      let hasLoadAddress =
        image.kind.tells(.loadAddresses) || size != 0 || program.loading.sections == .none
      var found = Section(
        name: section.name, vma: section.vma?.value,
        lma: hasLoadAddress ? section.lma?.value : nil,
        size: hasRoundedSizes && size != 0 ? nil : size,
        alignment: isChanged ? nil : section.alignment?.value, flags: section.flags?.value,
        file: file)
      found.maker = image.outputSections[section.place.value].maker
      found.isLoadListed = section.lma.map { images[$0.file].kind == .gnuMap } ?? false
      return found
    }
    adoptMakers(of: merged.files, for: program)
    adoptRows(of: image)
    let traits = Self.traits(of: program)
    adoptObjectSections(merged.files, traits)
    sectionAccount = image.kind.tells(.droppedSections) ? .link : .image
    unpromisedSections = Set(traits.filter { !Self.isInMemory($0.trait) }.map(\.name))
    forgetNamesOfThreads(merged.files, program)
    guard image.kind == .elf else { return }
    adoptSegments(of: image)
    adoptConfirmedStarts(merged.files)
    adoptAbsentSections(merged.files)
    // Data of the script beside inputs decide for lld whether a section is in memory; no linker drops those.
    removableSections = unpromisedSections.union(
      traits.filter { $0.trait.hasData && $0.trait.hasInputs }.map(\.name))
    let placed = Self.placed(program)
    for index in sections.indices where program.isMap || placed.contains(sections[index].name) {
      sections[index].forgetCappedAlignment()
    }
  }

  /// A map has no flags; the names of input sections tell which output sections have thread-local zeros only.
  private mutating func adoptRows(of image: Image) {
    guard image.kind == .gnuMap || image.kind == .lldMap else { return }
    var other: Set<Int32> = []
    var threadLocal: Set<Int32> = []
    var ends: [Int32: UInt64] = [:]
    for row in image.inputSections where row.size != 0 {
      let name = row.name(in: image)
      let isZeros = [".tbss", ".tcommon", ".gnu.linkonce.tb."].contains {
        name.starts(with: $0.utf8)
      }
      if Self.attributes.contains(name) { ends[row.outputSection] = row.address &+ row.size }
      if isZeros { threadLocal.insert(row.outputSection) } else { other.insert(row.outputSection) }
    }
    for index in threadLocal.subtracting(other) where sections.indices.contains(Int(index)) {
      sections[Int(index)].isThreadLocalByRows = true
    }
    guard image.kind == .gnuMap else { return forgetPacked(image) }
    adoptMergedRows(of: image)
    // Rows that were not read may be of other sizes than the section.
    for index in sections.indices
    where image.inputSections.isEmpty && Self.attributes.contains(sections[index].name) {
      sections[index].size = nil
      sections[index].isResized = true
    }
    for (index, end) in ends where sections.indices.contains(Int(index)) {
      // The rows are those of the script's time, and the sum is of one merged section.
      sections[Int(index)].size = sections[Int(index)].vma.map { end &- $0 }
      sections[Int(index)].isResized = true
    }
  }

  /// lld lists a debugging section with the size and alignment that it has packed (`--compress-debug-sections`), and the
  /// inputs as they were when expressions saw them: they end behind it.
  private mutating func forgetPacked(_ image: Image) {
    for row in image.inputSections {
      let index = Int(row.outputSection)
      guard sections.indices.contains(index), let start = sections[index].vma,
        let size = sections[index].size, row.address &- start > size || row.size > size
      else { continue }
      sections[index].size = nil
      sections[index].alignment = nil
    }
  }

  /// What the objects given beside the image bring, and for which sections of the script they bring nothing.
  private mutating func adoptObjectSections(
    _ images: [Image], _ traits: [(name: [UInt8], trait: SectionTraits)]
  ) {
    for image in images where image.isRelocatable {
      objectSections.formUnion(image.outputSections.map(\.name))
      if image.symbols.records.contains(where: { $0.place == .common }) {
        objectSections.insert(SectionNames.common)
      }
    }
    guard !objectSections.isEmpty else { return }
    sectionsWithoutInputs = Set(
      traits.filter { _, trait in
        !trait.isOpaque && !trait.hasData
          && trait.patterns.allSatisfy { pattern in
            let glob = Glob(pattern)
            return !SectionNames.mayBeOfLinker(pattern)
              && !objectSections.contains { glob.matches($0) }
          }
      }.map(\.name))
  }

  /// Sections with attributes of objects (elf-attrs.c).
  private static let attributes = Set(
    [".ARM.attributes", ".riscv.attributes", ".gnu.attributes"].map { Array($0.utf8) })

  private static func traits(
    of program: Program
  ) -> [(name: [UInt8], trait: SectionTraits)] {
    zip(program.sections, LayoutPlan(program).traits).map {
      (program.names.bytes($0.name), $1)
    }
  }

  /// Whether a section is in memory whatever is in it.
  private static func isInMemory(_ trait: SectionTraits) -> Bool {
    trait.allocation != .never && (trait.hasData || trait.promise >= .memory)
  }

  /// Sections that have an address of their own, to which their alignment means nothing.
  private static func placed(_ program: Program) -> Set<[UInt8]> {
    Set(
      program.sections.filter { $0.description.map { $0.address != nil } ?? true }.map {
        program.names.bytes($0.name)
      })
  }

  /// A map beside an image confirms where the linker put sections; of two load addresses one is that of a tool.
  private mutating func adoptConfirmedStarts(_ images: [Image]) {
    let places = Dictionary(
      sections.indices.map { (sections[$0].name, $0) }, uniquingKeysWith: min)
    for (file, image) in images.enumerated() where image.kind == .gnuMap || image.kind == .lldMap {
      for record in image.outputSections where record.vma != nil {
        guard let place = places[record.name], sections[place].vma == record.vma else { continue }
        confirmedStarts.insert(record.name)
        guard record.size != 0, let here = sections[place].lma,
          let there = record.lma ?? record.vma, here != there
        else { continue }
        contraryLoads[record.name] = ContraryLoads(
          first: here, second: there, files: [sections[place].file, file])
        sections[place].lma = nil
      }
    }
  }

  /// A map beside an image lists what the linker dropped, and what was removed afterwards.
  private mutating func adoptAbsentSections(_ images: [Image]) {
    let present = Set(sections.map(\.name))
    for (file, image) in images.enumerated() where image.kind.tells(.droppedSections) {
      for record in image.outputSections
      where !present.contains(record.name) && absentSections[record.name] == nil {
        // What was never created has no address. Attributes of objects go into one section behind the script.
        absentSections[record.name] = Section(
          name: record.name, vma: record.vma, lma: record.lma,
          size: Self.attributes.contains(record.name) ? nil : record.size, file: file)
      }
    }
  }

  /// The only section of this name in a map of GNU ld.
  private static func listed(_ name: [UInt8], in images: [Image]) -> OutputSectionRecord? {
    let rows = images.filter { $0.kind.tells(.droppedSections) }.flatMap { image in
      image.outputSections.filter { $0.name == name }
    }
    return rows.count == 1 ? rows[0] : nil
  }

  private mutating func adoptSymbol(
    _ name: [UInt8], of merged: ImageEvidence, _ readable: SymbolsOfTheLink, _ program: Program
  ) {
    // A relocatable object given beside an image tells what objects define, and no address.
    for file in merged.files.indices where merged.files[file].isRelocatable {
      if merged.hasGlobal(name, in: file) { objectSymbols.insert(name) }
      if let offset = merged.offset(of: name, inObject: file) { objectOffsets[name] = offset }
    }
    switch merged.symbol(name) {
    case .one(let symbol), .undefined(let symbol):
      let image = merged.files[symbol.file]
      if image.isRelocatable { return }
      if symbol.record.binding == .local { localSymbols.insert(name) }
      let isGlobal =
        objectSymbols.contains(name)
        || program.names.find(name).map { listedPlaces.isLeftToObjects($0, of: program) } ?? false
      let mayBeLocal = merged.mayBeLocal(symbol) && !isGlobal
      if mayBeLocal, readable.isSet(name) { return }
      guard readable.tells(name, symbol) else {
        untoldSymbols.insert(name)
        if readable.mayBeOffset(symbol) { ambiguousNumbers[name] = symbol.record.value }
        return
      }
      symbols[name] = Symbol(
        address: readable.value(of: symbol), place: place(of: symbol.record, image),
        file: symbol.file)
      symbols[name]?.hasInstructionBit = symbol.record.hasInstructionBit
      symbols[name]?.mayBeLocal = mayBeLocal
      if readable.mayBeOffset(symbol) {
        symbols[name]?.isOffsetOfObject = true
        ambiguousNumbers[name] = symbol.record.value
      }
    case .ambiguous: localSymbols.insert(name)
    case .none: break
    }
  }

  private func place(of record: SymbolRecord, _ image: Image) -> Place {
    switch record.place {
    case .absolute: return .absolute
    case .undefined: return .undefined
    case .unknown, .common: return .unknown
    case .unknownSection:
      return record.letter == 0x41 || record.letter == 0x61
        ? .absolute : .someSection(letter: Self.sectionLetter(record.letter))
    case .section(let index):
      guard index >= 0, index < image.outputSections.count else { return .unknown }
      if let known = sectionIndex(of: image.outputSections[index]) { return .section(known) }
      return .someSection(letter: Self.sectionLetter(record.letter))
    }
  }

  /// The lower-case letter of the section's class; weak and special letters hide it.
  private static func sectionLetter(_ letter: UInt8) -> UInt8 {
    let lower = letter | 0x20
    return "tdbr".utf8.contains(lower) ? lower : 0
  }

  /// The section of this evidence that a record of any of its files describes.
  private func sectionIndex(of record: OutputSectionRecord) -> Int? {
    sections.firstIndex { $0.name == record.name && $0.vma == record.vma }
  }

  /// In a map, the symbols that the script sets stand on assignment lines with their final values.
  private mutating func adoptPrintedValues(of image: Image, file: Int) {
    for statement in image.statements {
      guard case .assignment(let assignment, let printed) = statement.kind,
        !assignment.isLocationCounter
      else { continue }
      let name = image.names.bytes(assignment.target.name)
      switch printed {
      case .value(let value), .selfReference(let value):
        if symbols[name] == nil {
          symbols[name] = Symbol(address: value, place: .unknown, file: file)
        }
      case .notProvided, .undefined, .unresolved, .none: break
      }
    }
  }

  private mutating func adoptRegionsAndHeaders(of image: Image, file: Int) {
    for region in image.regions where regions[region.name] == nil {
      regions[region.name] = Region(origin: region.origin, length: region.length, file: file)
    }
    guard image.kind == .elf, !image.isRelocatable, headerSize == nil, !image.segments.isEmpty,
      let is32Bit = image.is32Bit
    else { return }
    // ELF header and program headers, as bfd_sizeof_headers counts them.
    let count = UInt64(image.segments.count)
    headerSize = is32Bit ? 52 &+ count &* 32 : 64 &+ count &* 56
    constants["MAXPAGESIZE"] = Self.pageSize(image)
  }

  /// A loaded segment is aligned to the largest page or to the largest alignment of its sections (elf.c,
  /// `assign_file_positions_for_load_sections`): more than that of its sections is the page. nil if no segment tells.
  private static func pageSize(_ image: Image) -> UInt64? {
    let pages = image.segments.compactMap { segment -> UInt64? in
      guard segment.isLoaded, segment.memorySize > 0 else { return nil }
      let alignments = image.outputSections.compactMap { section -> UInt64? in
        guard let vma = section.vma, section.flags?.contains(.allocated) == true,
          vma &- segment.virtualAddress < segment.memorySize
        else { return nil }
        // Where the address has no more zeros than that, it may be cut.
        return section.alignment.flatMap { vma & (0 &- vma) == $0 ? nil : $0 } ?? .max
      }
      return segment.alignment > alignments.max() ?? .max ? segment.alignment : nil
    }
    guard let page = pages.first, pages.allSatisfy({ $0 == page }) else { return nil }
    return page
  }
}

extension Evidence.Section {
  /// An ELF file has the alignment or the lowest bit of the address, whichever is less (elf.c, `elf_fake_sections`): where
  /// they are equal, the linker's may have been larger.
  fileprivate mutating func forgetCappedAlignment() {
    if let alignment, let vma, vma & (0 &- vma) == alignment { self.alignment = nil }
  }
}
