// Takes an object into the link: its sections, the groups that come first, its symbols beside those there are
// (bfd/elflink.c, _bfd_elf_merge_symbol; bfd/elf.c, _bfd_elf_section_already_linked).

internal import LdsParser

/// Joins objects to a link.
struct ObjectJoiner {
  private let link: ObjectLink

  init(_ link: ObjectLink) { self.link = link }

  /// Adds a file behind those there are.
  func add(_ file: LinkFile) throws(LayoutStop) {
    guard let object = file.object else { return }
    try check(object, file)
    for section in object.sections {
      let name = link.names.bytes(section.name)
      try check(section, name, file)
      let isWarning = InputSection.isWarningOfSymbol(name)
      let bits = SectionBits(section, name: name)
      let input = InputSection(
        file, name: section.name, record: section, type: section.type,
        bits: isWarning ? bits.union(.excluded) : bits, size: isWarning ? 0 : section.size,
        alignmentPower: section.alignmentPower)
      file.add(input, numbered: section.index)
    }
    dropDuplicates(object, file)
    var common: InputSection?
    for entry in object.symbols where entry.binding != 0 && !entry.isNameless {
      try join(entry, file, &common)
    }
    link.files.append(file)
  }

  private func check(_ object: ObjectFile, _ file: LinkFile) throws(LayoutStop) {
    let label = String(decoding: file.label, as: UTF8.self)
    guard
      [
        ELF.machineX8664, ELF.machine386, ELF.machineARM, ELF.machineAArch64, ELF.machineRISCV,
      ].contains(object.machine)
    else {
      throw .refused("\(label): objects of machine \(object.machine) are not modelled")
    }
    if object.isBigEndian { throw .refused("\(label): big-endian objects are not modelled") }
    if let stop = OutputTarget.stop(
      object, label: label, format: link.script.format, options: link.options)
    {
      throw stop
    }
    if let first = link.files.first?.object,
      first.machine != object.machine || first.is64Bit != object.is64Bit
    {
      throw .linkerStops("\(label): the object is of another machine than the first one")
    }
  }

  private func check(
    _ section: ObjectSection, _ name: [UInt8], _ file: LinkFile
  ) throws(LayoutStop) {
    if let reason = reasonToRefuse(section, name, isARM: file.object?.machine == ELF.machineARM) {
      throw .refused("\(String(decoding: file.label, as: UTF8.self)): \(reason)")
    }
  }

  private func reasonToRefuse(
    _ section: ObjectSection, _ name: [UInt8], isARM: Bool
  ) -> String? {
    var shown: String { String(decoding: name, as: UTF8.self) }
    if name.starts(with: ".gnu.lto_".utf8) {
      return "compiled for link-time optimization, the code does not exist yet"
    }
    if section.flags & ObjectSection.Flag.compressed != 0 {
      return "the compressed section \(shown) is not modelled"
    }
    if section.flags & ObjectSection.Flag.allocate != 0, name.elementsEqual(".stab".utf8) {
      return "\(shown) in memory is not modelled"
    }
    if name.count < 15,
      Self.ofLinker.contains(name)
        || Self.glue.contains(name) && isARM
    {
      return "\(shown) is a section that the linker makes itself"
    }
    return section.alignmentPower > 62 ? "the alignment of \(shown) is out of range" : nil
  }

  private static let ofLinker = [".iplt", ".igot.plt", ".igot"].map { Array($0.utf8) }

  /// What changes between instruction sets; one object has that of the whole link (elf32-arm.c).
  private static let glue = [".glue_7", ".glue_7t", ".vfp11_veneer", ".v4_bx"].map {
    Array($0.utf8)
  }

  /// Of equal groups, and of `.gnu.linkonce` sections of one name, the first is linked.
  private func dropDuplicates(_ object: ObjectFile, _ file: LinkFile) {
    for group in object.groups {
      let members = group.members.compactMap(file.section(numbered:))
      file.section(numbered: group.section)?.group = members
      guard group.isComdat else { continue }
      if link.comdats[group.signature] != nil {
        for member in members { drop(member) }
      } else {
        link.comdats[group.signature] = file
      }
    }
    for section in file.sections where section.bits.contains(.linkedOnce) {
      if !link.linkedOnce.insert(section.name).inserted { drop(section) }
    }
  }

  private func drop(_ section: InputSection) {
    section.home = .discarded
    section.bits.insert(.excluded)
  }

  // MARK: Symbols

  private func join(
    _ entry: ObjectSymbolEntry, _ file: LinkFile, _ common: inout InputSection?
  ) throws(LayoutStop) {
    let symbol = link.symbols.entry(entry.name)
    let isWeak = entry.binding == 2
    switch entry.place {
    case .undefined: refer(symbol, isWeak)
    case .common: joinCommon(symbol, entry, file, &common)
    case .absolute: define(symbol, .absolute, entry, file)
    case .section(let number):
      guard let section = file.section(numbered: number) else { return }
      // Defined in a copy that is dropped: the kept one is asked for.
      if section.isDiscarded { return refer(symbol, isWeak) }
      define(symbol, .input(section), entry, file)
    }
  }

  private func refer(_ symbol: LinkSymbol, _ isWeak: Bool) {
    switch symbol.state {
    case .new: symbol.state = isWeak ? .undefinedWeak : .undefined
    case .undefinedWeak: if !isWeak { symbol.state = .undefined }
    default: break
    }
  }

  private func define(
    _ symbol: LinkSymbol, _ home: LinkSymbol.Home, _ entry: ObjectSymbolEntry, _ file: LinkFile
  ) {
    let isWeak = entry.binding == 2
    if symbol.isOfScript, symbol.state == .defined {
      symbol.isAlsoOfObject = true
      return
    }
    let isTaken =
      symbol.isUndefined || (!isWeak && (symbol.state == .definedWeak || symbol.state == .common))
    guard isTaken else { return }
    symbol.state = isWeak ? .definedWeak : .defined
    symbol.home = home
    symbol.value = entry.value
    symbol.size = entry.size
    symbol.type = entry.type
    symbol.file = file
  }

  /// Of common symbols of one name the largest size and the largest alignment count, and the file of the largest.
  private func joinCommon(
    _ symbol: LinkSymbol, _ entry: ObjectSymbolEntry, _ file: LinkFile,
    _ common: inout InputSection?
  ) {
    let power = entry.value == 0 ? 0 : entry.value.trailingZeroBitCount
    if symbol.state == .common {
      symbol.alignmentPower = max(symbol.alignmentPower, power)
      guard entry.size > symbol.size else { return }
    } else {
      guard symbol.isUndefined || symbol.state == .definedWeak, !symbol.isOfScript else { return }
      symbol.state = .common
      symbol.alignmentPower = power
      symbol.type = entry.type
    }
    symbol.size = entry.size
    symbol.home = .input(commonSection(file, &common))
    symbol.file = file
  }

  private func commonSection(_ file: LinkFile, _ common: inout InputSection?) -> InputSection {
    if let common { return common }
    let section = InputSection(
      file, name: link.names.intern("COMMON"), record: nil, type: 0, bits: .allocated, size: 0,
      alignmentPower: 0)
    file.add(section, numbered: nil)
    common = section
    return section
  }
}
