// What the linker would make of a script and objects.

public import LdsParser

/// An input section in its place.
public struct PredictedInput: Sendable {
  /// The object, `lib.a(member.o)` for a member of an archive.
  public var file: [UInt8]
  /// The section's name.
  public var section: [UInt8]
  /// Its address.
  public var address: UInt64
  /// Its size as it is linked.
  public var size: UInt64
}

/// An output section.
public struct PredictedSection: Sendable {
  /// Its name.
  public var name: [UInt8]
  /// Its address.
  public var vma: UInt64
  /// Its load address as the file has it; nil where segments of PHDRS overlap, and the file does not tell it.
  public var lma: UInt64?
  /// Its size in bytes; nil where it depends on contents that the linker merges.
  public var size: UInt64?
  /// Its alignment in bytes as the file has it.
  public var alignment: UInt64
  /// Whether it has no bytes in the file.
  public var isNoBits: Bool
  /// What it may be used for.
  public var flags: SectionFlags
  /// Its ELF type; 0 where its first input does not decide it.
  public var type: UInt32
  /// What is in it, in order.
  public var inputs: [PredictedInput]
  /// The section's statement; nil for an orphan.
  public var span: SourceSpan?
}

/// A symbol.
public struct PredictedSymbol: Sendable {
  /// Its name.
  public var name: [UInt8]
  /// Its value as the image has it.
  public var value: UInt64
  /// Whether it is visible outside its object.
  public var isGlobal: Bool
  /// Whether it is weak.
  public var isWeak: Bool
  /// Its output section; nil for an absolute one.
  public var section: Int?
  /// Whether it is a thread-local one, whose value is an offset.
  public var isThreadLocal: Bool
  /// `STT_FUNC` and the like.
  public var type: UInt8
}

/// An ASSERT as the linker would judge it.
public struct PredictedAssertion: Sendable {
  /// The condition, or the whole ASSERT if it is part of an expression.
  public var condition: ExpressionID
  /// What the linker prints if it fails.
  public var message: [UInt8]
  /// What the condition came to; nil if it is not valid.
  public var value: UInt64?
  /// The names in the condition with their addresses or numbers, where they have one.
  public var operands: [ExpressionID: UInt64]
  /// Whether it holds.
  public var holds: Bool { value.map { $0 != 0 } ?? false }
}

/// The layout of a link that did not happen.
public struct LayoutPrediction: Sendable {
  /// Output sections in the order of the file.
  public var sections: [PredictedSection] = []
  /// Global symbols, then those local to an object.
  public var symbols: [PredictedSymbol] = []
  /// ASSERTs in the order in which the linker judges them.
  public var assertions: [PredictedAssertion] = []
  /// Memory regions.
  public var regions: [RegionRecord] = []
  /// What the linker makes no image for; empty unless ``LayoutModel/layoutWithComplaints()`` was asked.
  public var complaints: [LayoutComplaint] = []
  /// Whether the image is of 64 bits.
  public var is64Bit = true
  /// `e_machine`
  public var machine: UInt16 = 0
  /// Whose rules were followed.
  public var dialect = LinkerDialect.laidOut

  /// Whether every number of what is loaded is known.
  public var isExact: Bool {
    sections.allSatisfy { !$0.flags.contains(.allocated) || ($0.size != nil && $0.lma != nil) }
  }

  /// Lays out a link.
  ///
  /// - Parameters:
  ///   - script: the script with what options say of it, see ``LinkerScript/linked(with:dialect:)``.
  ///   - command: objects and options.
  ///   - dialect: the linker whose rules count.
  ///   - provider: opens objects.
  /// - Throws: what is not modelled, or where the linker would stop.
  public init(
    _ script: LinkerScript, _ command: LinkCommand, by dialect: LinkerDialect = .laidOut,
    provider: some SourceProvider
  ) throws(LayoutStop) {
    self = try LayoutModel(script, command, by: dialect, provider: provider).layout()
  }

  init(_ link: ObjectLink, _ detail: LayoutDetail) {
    is64Bit = link.is64Bit
    machine = link.machine
    dialect = link.options.dialect
    complaints = link.complaints
    var places: [ObjectIdentifier: Int] = [:]
    for (index, output) in link.outputs.enumerated() {
      places[ObjectIdentifier(output)] = index
      sections.append(PredictedSection(output, link, detail))
    }
    let reader = PredictedSymbols(link: link, places: places)
    switch detail {
    case .whole: symbols = reader.globals { _ in true } + reader.locals()
    case .globals: symbols = reader.globals { _ in true }
    case .verdicts: break
    case .outline: symbols = reader.globals(where: \.isOfScript)
    }
    assertions = link.judgedAssertions.map {
      PredictedAssertion(
        condition: $0.condition, message: link.names.bytes($0.message), value: $0.value,
        operands: $0.operands)
    }
    regions = link.script.regions.compactMap { region in
      region.name.map { name in
        RegionRecord(
          name: link.names.bytes(name), origin: region.origin, length: region.length, attributes: ""
        )
      }
    }
  }
}

extension PredictedSection {
  init(_ output: OutputSection, _ link: ObjectLink, _ detail: LayoutDetail) {
    let bits = output.bits
    let mask: UInt64 = link.is64Bit ? .max : 0xffff_ffff
    name = link.names.bytes(output.name)
    vma = output.vma & mask
    // A type that the name gave stays with a section that is not allocated (elf.c, elf_fake_sections).
    isNoBits =
      output.isOfNoteSegment
      ? false
      : bits.contains(.allocated)
        ? bits.isDisjoint(with: [.loaded, .contents])
          || bits.contains(.neverLoaded) && !bits.contains(.contents)
        : output.type == ObjectSection.Kind.noBits
    // What the name says of an ordinary section is in the file whatever is in it (bfd/elf.c, special_sections).
    let named = NamedSectionType.flags(of: name)
    let isOrdinary =
      NamedSectionType.type(of: name) == ObjectSection.Kind.contents
      && !name.starts(with: ".tdata".utf8)
    flags = output.inputs.isEmpty || isOrdinary ? named : []
    if bits.contains(.threadLocal) { flags.insert(.threadLocal) }
    if link.hidesLoadAddresses {
      lma = nil
    } else {
      lma = flags.contains(.threadLocal) && isNoBits ? 0 : (output.storedLMA ?? output.lma) & mask
    }
    size = link.unsized[output.name] == nil ? output.size : nil
    // The file has the alignment that the address has, if that is smaller.
    let both = output.vma | 1 << UInt64(output.alignmentPower)
    alignment = both & (0 &- both)
    if bits.contains(.allocated) { flags.insert(.allocated) }
    if !bits.contains(.readOnly) { flags.insert(.writable) }
    if bits.contains(.code) { flags.insert(.executable) }
    if isNoBits { flags.insert(.noBits) }
    type = output.type
    span = output.statement.span
    inputs = []
    guard detail == .whole else { return }
    inputs = output.inputs.filter { !$0.bits.contains(.excluded) }.map { input in
      PredictedInput(
        file: input.file.label, section: link.names.bytes(input.name),
        address: (output.vma &+ input.offset) & mask, size: input.size)
    }
  }
}

/// The symbols of a finished layout.
struct PredictedSymbols {
  let link: ObjectLink
  /// The place of each output section in the file.
  let places: [ObjectIdentifier: Int]

  private var mask: UInt64 { link.is64Bit ? .max : 0xffff_ffff }

  func globals(where isTold: (LinkSymbol) -> Bool) -> [PredictedSymbol] {
    var result: [PredictedSymbol] = []
    let followsMerging = link.writesMerged
    for symbol in link.symbols.all where symbol.isDefined && isTold(symbol) {
      guard let value = link.address(of: symbol, followsMerging: followsMerging) else { continue }
      result.append(
        PredictedSymbol(
          name: link.names.bytes(symbol.name), value: value & mask, isGlobal: true,
          isWeak: symbol.state == .definedWeak, section: place(of: symbol.home),
          isThreadLocal: isThreadLocal(symbol), type: symbol.type))
    }
    return result
  }

  private func place(of home: LinkSymbol.Home) -> Int? {
    switch home {
    case .absolute: nil
    case .output(let output): places[ObjectIdentifier(output)]
    case .input(let section): section.output.flatMap { places[ObjectIdentifier($0)] }
    }
  }

  private func isThreadLocal(_ symbol: LinkSymbol) -> Bool {
    if case .input(let section) = symbol.home { return section.bits.contains(.threadLocal) }
    return symbol.isOfLinker && symbol.type == 6
  }

  func locals() -> [PredictedSymbol] {
    var result: [PredictedSymbol] = []
    for file in link.files {
      guard let object = file.object else { continue }
      for entry in object.symbols
      where entry.binding == 0 && !entry.isNameless && entry.type != 3 && entry.type != 4 {
        if let symbol = local(entry, file) { result.append(symbol) }
      }
    }
    return result
  }

  private func local(
    _ entry: ObjectSymbolEntry, _ file: LinkFile
  ) -> PredictedSymbol? {
    let name = link.names.bytes(entry.name)
    var section: InputSection?
    var value: UInt64? = entry.value
    switch entry.place {
    case .undefined, .common: return nil
    case .absolute: break
    case .section(let number):
      guard let home = file.section(numbered: number), home.output != nil else { return nil }
      if home.bits.contains(.merged), name.starts(with: ".L".utf8) { return nil }
      if link.options.isStripped, home.bits.contains(.debugging) { return nil }
      section = home
      value = link.address(of: entry.value, in: home, followsMerging: true)
    }
    guard let value else { return nil }
    return PredictedSymbol(
      name: name, value: value & mask, isGlobal: false, isWeak: false,
      section: section?.output.flatMap { places[ObjectIdentifier($0)] },
      isThreadLocal: section?.bits.contains(.threadLocal) ?? false, type: entry.type)
  }
}
