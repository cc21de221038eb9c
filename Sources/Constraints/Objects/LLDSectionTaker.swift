// Which sections of an object lld takes, and as what (lld/ELF/InputFiles.cpp, initializeSections, createInputSection,
// shouldMerge).

internal import LdsParser

/// Makes the input sections of objects.
struct LLDSectionTaker {
  private let link: LLDLink

  init(_ link: LLDLink) { self.link = link }

  /// Refuses objects that are not modelled.
  func check(_ object: ObjectFile, _ file: LLDFile) throws(LayoutStop) {
    let label = String(decoding: file.label, as: UTF8.self)
    guard LLDLink.machines.contains(object.machine) else {
      throw .refused("\(label): objects of machine \(object.machine) are not modelled for ld.lld")
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
      throw .linkerStops("\(label) is incompatible with the first object")
    }
  }

  func take(_ file: LLDFile) throws(LayoutStop) {
    guard let object = file.object else { return }
    for section in object.sections {
      while file.sections.count <= section.index { file.sections.append(nil) }
      guard !file.discarded.contains(section.index),
        let input = try input(section, object, file)
      else { continue }
      file.sections[section.index] = input
      if input.frames != nil { link.frameInputs.append(input) }
    }
    for group in object.groups { join(group, file) }
    for input in file.sections.compactMap(\.self) {
      guard let record = input.record, record.flags & ObjectSection.Flag.linkOrder != 0,
        let partner = file.section(numbered: record.link)
      else { continue }
      input.partner = partner
      partner.dependents.append(input)
    }
  }

  /// Members of a group stay or go together, if any is in memory (`handleSectionGroup`).
  private func join(_ group: ObjectGroup, _ file: LLDFile) {
    let members = group.members.compactMap { file.section(numbered: $0) }
    guard members.contains(where: \.isAllocated) else { return }
    for member in members { member.group = members }
  }

  private func input(
    _ section: ObjectSection, _ object: ObjectFile, _ file: LLDFile
  ) throws(LayoutStop) -> LLDInput? {
    let name = link.names.bytes(section.name)
    let text = String(decoding: name, as: UTF8.self)
    // Tables are of the object alone: SHT_NULL, SHT_SYMTAB, SHT_STRTAB, SHT_SYMTAB_SHNDX.
    if [0, 2, 3, 18, ObjectSection.Kind.group].contains(section.type)
      || isDropped(section, text, object)
    {
      return nil
    }
    try refuse(section, text, file)
    if section.type == ObjectSection.Kind.armAttributes {
      // One file's attributes are those of all.
      guard !link.hasAttributes else { return nil }
      link.hasAttributes = true
    }
    if text == ".note.gnu.property" {
      try takeProperties(section, object, file)
      return nil
    }
    let input = link.makeInput(
      file, name: section.name, record: section, type: section.type,
      // SHF_INFO_LINK and SHF_GROUP are of the object alone.
      flags: section.flags & ~(0x40 | ObjectSection.Flag.group), entrySize: section.entrySize,
      size: section.size, alignment: 1 << UInt64(section.alignmentPower))
    if text == ".eh_frame" {
      try takeFrames(input)
    } else if try isMerged(section, text, file) {
      let areLive = !link.options.collectsGarbage || !input.isAllocated
      guard
        let pieces = LLDPieces(try link.contents(of: input), of: input, areLive: areLive)
      else { throw .linkerStops("\(text): string is not null terminated") }
      input.pieces = pieces
    }
    return input
  }

  private func takeProperties(
    _ section: ObjectSection, _ object: ObjectFile, _ file: LLDFile
  ) throws(LayoutStop) {
    let bytes: [UInt8]
    do throws(ReadError) {
      bytes = try object.contents(of: section)
    } catch {
      throw .unreadable(FilePath(bytes: file.label), error)
    }
    guard
      let properties = LLDProperties(bytes, machine: object.machine, is64Bit: object.is64Bit)
    else { throw .linkerStops("data is too short in .note.gnu.property") }
    file.features |= properties.features
  }

  private func takeFrames(_ input: LLDInput) throws(LayoutStop) {
    guard
      let frames = LLDFramePieces(
        try link.contents(of: input), try link.relocations(of: input))
    else { throw .linkerStops("corrupted .eh_frame") }
    input.frames = frames
  }

  /// What no link has.
  private func isDropped(_ section: ObjectSection, _ name: String, _ object: ObjectFile) -> Bool {
    if section.flags & ObjectSection.Flag.exclude != 0 { return true }
    if name == ".note.GNU-stack" || name == ".note.GNU-split-stack" { return true }
    if link.options.isStripped, section.isDebugging(name) { return true }
    // SHT_LLVM_ADDRSIG, SHT_LLVM_LINKER_OPTIONS
    return section.type == 0x6fff_4c03 || section.type == 0x6fff_4c01
      || name.hasPrefix(".gnu.linkonce.t.__x86.get_pc_thunk.")
  }

  private func refuse(
    _ section: ObjectSection, _ name: String, _ file: LLDFile
  ) throws(LayoutStop) {
    let label = String(decoding: file.label, as: UTF8.self)
    if ObjectSection.Kind.isRelocations(section.type) {
      throw .linkerStops("\(label): the relocation section \(name) has invalid sh_info")
    }
    if name.hasPrefix(".gnu.lto_") {
      throw .refused("\(label): compiled for link-time optimization, the code does not exist yet")
    }
    if section.flags & ObjectSection.Flag.compressed != 0 {
      throw .refused("\(label): the compressed section \(name) is not modelled")
    }
    if section.flags & ObjectSection.Flag.linkOrder != 0,
      section.type != ObjectSection.Kind.armExceptions
    {
      throw .refused(
        "\(label): \(name) is ordered as the code it is about is (SHF_LINK_ORDER), which is not modelled for ld.lld"
      )
    }
    // SHT_LLVM_CALL_GRAPH_PROFILE and its kin; SHT_AARCH64_ATTRIBUTES
    if section.type >> 16 == 0x6fff, section.type & 0xff00 == 0x4c00 {
      throw .refused("\(label): \(name), which tells lld how to link, is not modelled")
    }
    if section.type == 0x7000_0003, link.machine == ELF.machineAArch64 {
      throw .refused("\(label): \(name) is merged by the linker, which is not modelled")
    }
    // SHF_X86_64_LARGE
    if section.flags & 0x1000_0000 != 0, link.machine == ELF.machineX8664 {
      throw .refused("\(label): the large section \(name) is not modelled")
    }
    if section.alignmentPower > 31 {
      throw .refused("\(label): the alignment of \(name) is out of range")
    }
  }

  private func isMerged(
    _ section: ObjectSection, _ name: String, _ file: LLDFile
  ) throws(LayoutStop) -> Bool {
    guard link.asksToBeMerged(section) else { return false }
    if section.size % section.entrySize != 0 {
      throw .linkerStops("\(name): SHF_MERGE section size is no multiple of sh_entsize")
    }
    if section.flags & ObjectSection.Flag.write != 0 {
      throw .linkerStops("\(name): writable SHF_MERGE section is not supported")
    }
    if section.type == ObjectSection.Kind.noBits {
      throw .refused("\(name) is to be merged and has no contents, which is not modelled")
    }
    return true
  }
}

extension LLDLink {
  /// Whether a section is to be merged with others (InputFiles.cpp, shouldMerge).
  func asksToBeMerged(_ section: ObjectSection) -> Bool {
    // What relocations change cannot be compared.
    options.mergesEqual && section.flags & ObjectSection.Flag.merge != 0 && section.size > 0
      && section.entrySize > 0 && !section.hasRelocations
  }
}
