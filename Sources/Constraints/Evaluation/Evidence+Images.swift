// Draws the facts that a program needs out of images. Only the names that the program uses are looked at.

public import LdsParser

extension Evidence {
  /// The facts of `images`, which describe one image, about the names of `program`.
  ///
  /// Where several files know a thing, the one that says most counts: ELF and PE first (they know the
  /// sections of symbols), then linker maps, then symbol listings.
  public init(_ images: [Image], for program: Program) {
    self.init()
    files = images.map(\.path)
    kinds = images.map(\.kind)
    is32Bit = images.contains { $0.is32Bit == true }
    // 8 is EM_MIPS. A listing of nm does not tell: it shows sign-extended addresses with 16 digits.
    isMIPS32 = images.contains { $0.machine == 8 && $0.is32Bit == true }
    isWidthKnown = images.contains { $0.is32Bit != nil && $0.kind != .nm && $0.kind != .xenSymbols }
    let order = images.indices.sorted { Self.rank(images[$0].kind) < Self.rank(images[$1].kind) }
    for index in order { adoptSections(of: images[index]) }
    for index in order { adoptSymbols(of: images[index], file: index, program) }
    for index in order { adoptPrintedValues(of: images[index], file: index) }
    for index in order { adoptRegionsAndHeaders(of: images[index]) }
    for index in order { adoptImageBase(of: images[index], file: index) }
  }

  /// GNU ld sets `__image_base__` before the script of a PE link runs, and leaves it out of the symbol table.
  private mutating func adoptImageBase(of image: Image, file: Int) {
    guard image.kind == .pe, !image.isRelocatable, let base = image.imageBase else { return }
    for name in ["__image_base__", "__ImageBase"] where symbols[Array(name.utf8)] == nil {
      symbols[Array(name.utf8)] = Symbol(address: base, place: .absolute, file: file)
    }
  }

  private static func rank(_ kind: ImageKind) -> Int {
    switch kind {
    case .elf, .pe: 0
    case .gnuMap: 1
    case .lldMap, .goldMap, .moldMap: 2
    case .nm, .xenSymbols: 3
    }
  }

  private mutating func adoptSections(of image: Image) {
    guard !image.isRelocatable, !image.outputSections.isEmpty, sections.isEmpty else { return }
    hasRoundedSizes = image.kind == .gnuMap && image.names.find("__file_alignment__") != nil
    for record in image.outputSections {
      sections.append(
        Section(
          name: record.name, vma: record.vma, lma: record.lma,
          size: hasRoundedSizes && record.size != 0 ? nil : record.size,
          alignment: record.alignment, flags: record.flags))
    }
    hasAllSections = true
  }

  private mutating func adoptSymbols(of image: Image, file: Int, _ program: Program) {
    guard !image.isRelocatable else {
      adoptObjectSymbols(of: image, program)
      return
    }
    if image.kind != .lldMap {
      hasScriptSymbols = hasScriptSymbols || !image.symbols.records.isEmpty
    }
    var found: [[UInt8]: Symbol] = [:]
    var ambiguous: Set<[UInt8]> = []
    for (bytes, record) in Self.records(of: image, namedIn: program) {
      let symbol = Symbol(address: record.value, place: place(of: record, image), file: file)
      if let earlier = found[bytes] {
        if earlier.place == .undefined || record.binding != .local {
          found[bytes] = symbol
        } else if earlier != symbol, symbol.place != .undefined {
          ambiguous.insert(bytes)
        }
        if record.binding != .local { ambiguous.remove(bytes) }
      } else {
        found[bytes] = symbol
      }
    }
    for (name, symbol) in found where !ambiguous.contains(name) {
      if let known = symbols[name], known.place != .undefined { continue }
      symbols[name] = symbol
    }
  }

  /// A relocatable object given beside an image tells what objects define.
  private mutating func adoptObjectSymbols(of image: Image, _ program: Program) {
    for (bytes, record) in Self.records(of: image, namedIn: program)
    where record.place != .undefined && record.binding != .local {
      objectSymbols.insert(bytes)
    }
  }

  /// The rows of an image whose names the program uses, name by name in file order.
  private static func records(
    of image: Image, namedIn program: Program
  ) -> [(name: [UInt8], record: SymbolRecord)] {
    let names = (0..<program.names.count).map { program.names.bytes(at: $0) }
    let index = SymbolIndex(image.symbols, names: names)
    return names.flatMap { name in index.rows(name).map { (name, image.symbols.records[$0]) } }
  }

  private func place(of record: SymbolRecord, _ image: Image) -> Place {
    switch record.place {
    case .absolute: return .absolute
    case .undefined: return .undefined
    case .discarded: return .discarded
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

  private mutating func adoptRegionsAndHeaders(of image: Image) {
    for region in image.regions where regions[region.name] == nil {
      regions[region.name] = (region.origin, region.length)
    }
    guard image.kind == .elf, !image.isRelocatable, headerSize == nil, !image.segments.isEmpty,
      let is32Bit = image.is32Bit
    else { return }
    // ELF header and program headers, as bfd_sizeof_headers counts them.
    let count = UInt64(image.segments.count)
    headerSize = is32Bit ? 52 &+ count &* 32 : 64 &+ count &* 56
  }
}
