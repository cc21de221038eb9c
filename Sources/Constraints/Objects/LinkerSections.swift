// The input sections that the linker makes itself, in the first file; most stay empty in a static link, but patterns see
// them, and their alignment counts (bfd/elfxx-x86.c, elf_link_create_ifunc_sections; ld/ldbuildid.c; elf32-arm.c).

internal import LdsParser

extension ObjectLink {
  /// Makes the sections of the target and of the options.
  ///
  /// - Throws: where an object's relocations cannot be read.
  func makeLinkerSections() throws(LayoutStop) {
    guard var first = files.first else { return }
    if machine == ELF.machineARM {
      // The linker opens it in front of all others (armelf.em, arm_elf_create_output_section_statements).
      first = glueFile()
      files.insert(first, at: 0)
    }
    if let size = options.buildIDSize {
      let note = add(
        OwnSection(
          name: ".note.gnu.build-id", type: ObjectSection.Kind.note, flags: [.readOnly, .data],
          power: 2), to: first)
      note.size = 16 + size
      note.rawSize = note.size
      // Until 2.40 it has no SEC_HAS_CONTENTS, so that it is like no other section.
      note.bits.remove(.contents)
    }
    if machine == ELF.machineX8664 || machine == ELF.machine386 { makeX86Sections(first) }
  }

  /// Makes what relocations ask for, of sections that garbage collection left (ldlang.c, lang_check_relocs).
  ///
  /// - Throws: where an object's relocations cannot be read.
  func makeRelocatedSections() throws(LayoutStop) {
    switch machine {
    case ELF.machineARM:
      // The first object with any relocation (elf32-arm.c, elf32_arm_check_relocs).
      try makeIndirectSections(ofFirstWith: nil, ".rel.iplt", ObjectSection.Kind.relocations, 2)
    case ELF.machineAArch64:
      // The first one with a relocation that a call of an indirect function may have (elfnn-aarch64.c,
      // elf64_aarch64_check_relocs).
      try makeIndirectSections(
        ofFirstWith: Self.indirectAArch64, ".rela.iplt", ObjectSection.Kind.relocationsWithAddend, 3
      )
    case ELF.machineRISCV: try makeRelocationSections()
    default: return
    }
    inputNames = InputNames(files, names)
  }

  /// RISC-V makes `.rela.X`, which stays empty, for each X that reaches a symbol that no object defines for good, in the
  /// first object with any relocation (elfnn-riscv.c, riscv_elf_check_relocs).
  private func makeRelocationSections() throws(LayoutStop) {
    var first: LinkFile?
    var home: LinkFile?
    var made: Set<NameID> = []
    let ignored: SectionBits = options.isStripped ? [.excluded, .debugging] : .excluded
    for file in files {
      for section in file.sections
      where section.bits.isSuperset(of: [.relocated, .allocated])
        && section.bits.isDisjoint(with: ignored)
      {
        let holder = first ?? file
        first = holder
        guard !made.contains(section.name), try reachesOutside(section) else { continue }
        made.insert(section.name)
        let dynamic = home ?? homeOfOwnSections(holder)
        home = dynamic
        _ = add(
          OwnSection(
            name: ".rela" + names.string(section.name),
            type: ObjectSection.Kind.relocationsWithAddend, flags: .readOnly,
            power: is64Bit ? 3 : 2), to: dynamic)
      }
    }
  }

  /// R_RISCV_32 and 64, BRANCH, JAL, CALL, CALL_PLT, PCREL_HI20, HI20, RVC_BRANCH and RVC_JUMP of a global symbol that is
  /// undefined, common or weak, or that the script alone defines.
  private func reachesOutside(_ section: InputSection) throws(LayoutStop) -> Bool {
    let types: Set<UInt32> = [1, 2, 16, 17, 18, 19, 23, 26, 44, 45]
    let table = section.file.object?.symbols ?? []
    return try relocations(of: section).contains { relocation in
      guard types.contains(relocation.type), table.indices.contains(relocation.symbol),
        table[relocation.symbol].binding != 0,
        let symbol = symbols.find(table[relocation.symbol].name)
      else { return false }
      return symbol.state != .defined || symbol.isOfScript && !symbol.isAlsoOfObject
    }
  }

  private func makeX86Sections(_ first: LinkFile) {
    let home = homeOfOwnSections(first)
    for section in OwnSection.x86(is64Bit: machine == ELF.machineX8664, options.dialect) {
      _ = add(section, to: home)
    }
  }

  /// The file that holds what the linker makes: an object, or from 2.47 on one of its own in front of all.
  private func homeOfOwnSections(_ object: LinkFile) -> LinkFile {
    // ARM's are an object's in every release.
    guard options.dialect.follows(.ownSectionsFirst), machine != 40 else { return object }
    let own = LinkFile(object: nil, name: Array("linker created".utf8), archive: nil)
    files.insert(own, at: 0)
    return own
  }

  private func glueFile() -> LinkFile {
    let code: SectionBits = [.readOnly, .code]
    let stubs = LinkFile(object: nil, name: Array("linker stubs".utf8), archive: nil)
    for name in [".glue_7", ".glue_7t", ".vfp11_veneer", ".v4_bx"] {
      _ = add(OwnSection(name: name, type: 0, flags: code, power: 2), to: stubs)
    }
    return stubs
  }

  /// What indirect functions would need is of the first object with one of these relocations of a global symbol in a
  /// section that is in memory; with any relocation if nil.
  private func makeIndirectSections(
    ofFirstWith types: Set<UInt32>?, _ relocationName: String, _ relocationType: UInt32,
    _ power: Int
  ) throws(LayoutStop) {
    let ignored: SectionBits = options.isStripped ? [.excluded, .debugging] : .excluded
    for file in files {
      for section in file.sections
      where section.bits.isSuperset(of: [.relocated, .allocated])
        && section.bits.isDisjoint(with: ignored)
      {
        guard try reaches(section, types) else { continue }
        let home = homeOfOwnSections(file)
        for made in [
          OwnSection(
            name: ".iplt", type: 0, flags: [.readOnly, .code], power: 2),
          OwnSection(name: relocationName, type: relocationType, flags: .readOnly, power: power),
          OwnSection(name: ".igot.plt", type: 0, flags: [], power: power),
        ] {
          _ = add(made, to: home)
        }
        return
      }
    }
  }

  private func reaches(_ section: InputSection, _ types: Set<UInt32>?) throws(LayoutStop) -> Bool {
    guard let types else { return true }
    let table = section.file.object?.symbols ?? []
    return try relocations(of: section).contains { relocation in
      types.contains(relocation.type) && table.indices.contains(relocation.symbol)
        && table[relocation.symbol].binding != 0
    }
  }

  /// R_AARCH64_ABS64, ADR_PREL_PG_HI21, ADD_ABS_LO12_NC, JUMP26, CALL26.
  private static let indirectAArch64: Set<UInt32> = [257, 275, 277, 282, 283]

  private func add(_ made: OwnSection, to file: LinkFile) -> InputSection {
    let section = InputSection(
      file, name: names.intern(made.name), record: nil, type: made.type,
      bits: made.flags.union([.allocated, .loaded, .contents, .linkerMade]), size: 0,
      alignmentPower: made.power)
    file.add(section, numbered: nil)
    linkerSections.append(section)
    return section
  }

  /// What the target made and did not need takes no part, though its alignment was counted.
  private func excludeEmptyLinkerSections() {
    for section in linkerSections where section.size == 0 { section.bits.insert(.excluded) }
  }

  /// x86-64 alone finds out what it needs of its own behind a first sizing pass (measured on ld 2.47): what is empty has
  /// been aligned by then, as SUBALIGN says.
  var sizesOwnSectionsLate: Bool {
    machine == ELF.machineX8664 && options.dialect.follows(.ownSectionsAreSizedLate)
  }

  func sizeOwnSections() {
    sizeThreadLocal()
    excludeEmptyLinkerSections()
  }

  /// The first thread-local output section gets the largest alignment of those that follow it (bfd/elf*.c,
  /// _bfd_elf_tls_setup).
  private func sizeThreadLocal() {
    guard let first = outputs.firstIndex(where: { $0.bits.contains(.threadLocal) }) else { return }
    threadLocalBase = outputs[first]
    let run = outputs[first...].prefix { $0.bits.contains(.threadLocal) }
    outputs[first].alignmentPower = run.map(\.alignmentPower).max() ?? 0
    // ARM and AArch64 name the template (elf32-arm.c, elfnn-aarch64.c, always_size_sections).
    guard machine == ELF.machineARM || machine == ELF.machineAArch64 else { return }
    let symbol = symbols.entry(names.intern("_TLS_MODULE_BASE_"))
    symbol.state = .defined
    symbol.home = .output(outputs[first])
    symbol.type = 6
    symbol.isOfLinker = true
  }

  /// `.text` is read-only, and writable with -N (ldelf; bfd's backend, after placing).
  func setTextBits() {
    guard let name = names.find(".text"),
      let text = outputs.first(where: { $0.name == name && !$0.isRemoved })
    else { return }
    if options.paging == .omagic {
      text.bits.remove(.readOnly)
    } else {
      text.bits.insert(.readOnly)
    }
  }

  /// Sections without a load address of their own are loaded where the one before them is.
  func inheritLoadRegions() {
    for (before, section) in zip(sections, sections.dropFirst()) {
      var regions = section.regions
      regions.inheritAsGNULinker(from: before.regions)
      section.loadRegion = regions.loadRegion
    }
  }
}
