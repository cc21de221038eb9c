// What is not modelled is refused before a number is told: contents that make the linker add or shrink something, and
// branches that would need a stub.

internal import LdsParser

extension ObjectLink {
  /// Looks at what is linked, before it is laid out.
  func checkContents() throws(LayoutStop) {
    if options.paging == .omagic, usesHeaderSize, usesDataSegment {
      throw .refused("SIZEOF_HEADERS with -N beside DATA_SEGMENT_ALIGN is not modelled")
    }
    if options.dialect.follows(.knowsNextSection), asksForNextSection {
      throw .refused("NEXT_SECTION is not modelled")
    }
    if sizesOwnSectionsLate {
      for section in linkerSections {
        guard let statement = section.output?.statement, statement.subalignment != nil else {
          continue
        }
        throw .refused(
          "SUBALIGN of \(names.string(statement.name)), which takes what the linker makes itself, is not modelled for \(options.dialect.name)"
        )
      }
    }
    try checkOwnSizes()
    try checkArrays()
    try checkStartedSections()
    try checkTableSymbol()
    for file in files {
      for section in file.sections {
        guard section.output != nil, !section.bits.contains(.excluded) else { continue }
        try check(section)
      }
    }
    if let archive = archiveOfScript {
      // What patterns take of members that nobody asked for is not the same for what is loaded and for what is not.
      let name = String(decoding: archive, as: UTF8.self)
      for output in outputs where !output.bits.contains(.allocated) && !output.inputs.isEmpty {
        try leaveUnsized(
          output, because: "the script alone names \(name)",
          "the linker takes members of \(name), which the script alone names")
      }
    }
    for symbol in symbols.all where symbol.isDefined && symbol.type == 10 {
      throw .refused("\(names.string(symbol.name)): indirect functions (IFUNC) are not modelled")
    }
  }

  /// A section whose location counter depends on its own size is another one in each sizing pass, and how many there are is
  /// not told of passes in which nothing else changes.
  private func checkOwnSizes() throws(LayoutStop) {
    for section in sections where section.output != nil {
      for case .assignment(let statement) in section.body
      where statement.assignment.isLocationCounter
        && script.expressions.mentions(
          .nameCall(.sizeOf, section.name), in: statement.assignment.value)
      {
        throw .refused(
          "\(names.string(section.name)): a location counter that depends on the section's own size is not modelled"
        )
      }
    }
  }

  /// With -z start-stop-gc `__start_X` does not keep what is named X, and is not set for what went.
  private func checkStartedSections() throws(LayoutStop) {
    guard options.collectsGarbage, !options.keepsStartedSections else { return }
    for symbol in symbols.all where symbol.isUndefined {
      let name = names.bytes(symbol.name)
      guard name.starts(with: "__start_".utf8) || name.starts(with: "__stop_".utf8) else {
        continue
      }
      throw .refused(
        "-z start-stop-gc is not modelled where \(names.string(symbol.name)) is asked for")
    }
  }

  /// Whoever names the global offset table makes the linker keep one, though what names it be discarded
  /// (elfnn-aarch64.c, elf64_aarch64_check_relocs; elfxx-x86.c and elf32-arm.c, late_size_sections: ref_regular).
  private func checkTableSymbol() throws(LayoutStop) {
    guard let name = names.find("_GLOBAL_OFFSET_TABLE_"), let symbol = symbols.find(name),
      symbol.isUndefined
    else { return }
    throw .refused(
      "_GLOBAL_OFFSET_TABLE_: the global offset table that the linker makes is not modelled")
  }

  /// A section that its name makes an array of functions becomes one of zeros where a segment takes it (elf.c,
  /// assign_file_positions_for_load_sections), which thread-local ones need not be in.
  private func checkArrays() throws(LayoutStop) {
    let arrays = [
      ObjectSection.Kind.initArray, ObjectSection.Kind.finiArray, ObjectSection.Kind.preinitArray,
    ]
    for output in outputs
    where arrays.contains(output.type)
      && output.bits.isSuperset(of: [.neverLoaded, .threadLocal, .allocated])
    {
      throw .refused(
        "\(names.string(output.name)): a thread-local section of this name that is not loaded is not modelled"
      )
    }
  }

  private var asksForNextSection: Bool {
    script.expressions.contains { node in
      switch node {
      case .nameCall(.sizeOf, let name), .nameCall(.alignOf, let name):
        names.bytes(name) == Array("NEXT_SECTION".utf8)
      default: false
      }
    }
  }

  private var usesDataSegment: Bool {
    script.expressions.contains { node in
      switch node {
      case .call2(.dataSegmentAlign, _, _), .call2(.dataSegmentRelroEnd, _, _): true
      case .call1(.dataSegmentEnd, _): true
      default: false
      }
    }
  }

  private func check(_ section: InputSection) throws(LayoutStop) {
    let name = names.string(section.name)
    switch name {
    case ".note.gnu.property" where !isReplayed:
      throw .refused("\(name) is merged by the linker, which is not modelled: discard it")
    case ".ARM.attributes", ".riscv.attributes":
      unsized[section.output?.name ?? section.name] = "its contents are merged"
    // What two objects tell in the same words is told once (bfd/stabs.c, _bfd_link_section_stabs).
    case ".stab" where !isReplayed, ".stabstr" where !isReplayed:
      try leaveUnsized(section)
    case ".eh_frame" where options.listsFrames && section.size > 8 && !isReplayed:
      throw .refused("--eh-frame-hdr, which lists what is in \(name), is not modelled: discard it")
    default: break
    }
    if machine == ELF.machineRISCV { try checkRelaxation(section) }
    if section.bits.contains(.relocated), section.bits.contains(.allocated) {
      try checkTables(section)
    }
  }

  private func leaveUnsized(_ input: InputSection) throws(LayoutStop) {
    guard let output = input.output else { return }
    try leaveUnsized(
      output, because: "its contents are merged",
      "the linker merges what is in \(names.string(input.name))")
  }

  /// The size of a section that is not loaded is not told, if nothing else depends on it.
  private func leaveUnsized(
    _ output: OutputSection, because reason: String, _ clause: String
  ) throws(LayoutStop) {
    guard unsized[output.name] == nil else { return }
    let name = names.string(output.name)
    let isAsked = script.expressions.contains { node in
      if case .nameCall(_, let asked) = node { asked == output.name } else { false }
    }
    guard !output.bits.contains(.allocated), !isAsked,
      !output.statement.body.contains(where: \.asks),
      !isFollowed(output.statement)
    else {
      throw .refused("\(name), of which \(clause), is not modelled")
    }
    unsized[output.name] = reason
  }

  /// Whether something stands where a section ends.
  private func isFollowed(_ section: SectionStatement) -> Bool {
    let start = script.statements.firstIndex {
      if case .section(let other) = $0 { other === section } else { false }
    }
    for statement in script.statements[((start ?? 0) + 1)...] {
      switch statement {
      case .section(let next):
        if next.output == nil { continue }
        return next.address.flatMap { script.expressions.foldedValue($0) } == nil
      case .assignment(let next):
        if script.expressions.mentions(.locationCounter, in: next.assignment.value)
          || next.assignment.isLocationCounter
        {
          return true
        }
      case .assertion(let next):
        if script.expressions.mentions(.locationCounter, in: next.condition) { return true }
      }
    }
    return false
  }

  /// RISC-V code that asks for it gets shorter while addresses are assigned: R_RISCV_RELAX where it may, R_RISCV_ALIGN
  /// always (elfnn-riscv.c, _bfd_riscv_relax_section).
  private func checkRelaxation(_ section: InputSection) throws(LayoutStop) {
    guard section.bits.contains(.relocated), section.bits.contains(.code) else { return }
    let isRelaxed = try hasRelocation(of: section) { type in
      type == 43 || type == 51 && options.relaxes
    }
    guard isRelaxed else { return }
    throw .refused(
      "\(String(decoding: section.file.label, as: UTF8.self)): \(names.string(section.name)) is relaxed by the linker, which is not modelled: assemble it with -mno-relax"
    )
  }

  private func checkTables(_ section: InputSection) throws(LayoutStop) {
    let wanted = tableRelocations
    guard try hasRelocation(of: section, where: wanted.contains) else { return }
    var bytes: [UInt8]?
    for relocation in try relocations(of: section) where wanted.contains(relocation.type) {
      if bytes == nil { bytes = try contents(of: section) }
      if isRewritten(relocation, in: section, bytes ?? []) { continue }
      throw .refused(
        "\(String(decoding: section.file.label, as: UTF8.self)): \(names.string(section.name)) reaches a symbol through the global offset table, which is not modelled"
      )
    }
  }

  /// Whether the linker makes an instruction that loads an address from the table one that computes it, so that no entry
  /// is made (elf64-x86-64.c, elf_x86_64_convert_load_reloc).
  private func isRewritten(
    _ relocation: ObjectRelocation, in section: InputSection, _ bytes: [UInt8]
  ) -> Bool {
    // R_X86_64_GOTPCREL, GOTPCRELX, REX_GOTPCRELX; --no-relax takes less.
    guard machine == ELF.machineX8664, options.relaxes, [9, 41, 42].contains(relocation.type),
      relocation.addend == -4, let object = section.file.object,
      object.symbols.indices.contains(relocation.symbol),
      let place = Int(exactly: relocation.offset), place >= 3, place <= bytes.count
    else { return false }
    let isOfObject = isDefinedByObject(object.symbols[relocation.symbol], section.file)
    switch bytes[place - 2] {
    // mov; without a REX byte it loads four bytes, which not every release makes a number of.
    case 0x8B: return relocation.type == 42 || relocation.type == 9 && isOfObject
    // call and jmp
    case 0xFF:
      return relocation.type == 41 && isOfObject && [0x15, 0x25].contains(bytes[place - 1])
    // test; add, or, adc, sbb, and, sub, xor, cmp
    case let code: return relocation.type == 42 && (code == 0x85 || code & 0xC7 == 0x03)
    }
  }

  /// Whether a symbol is one of an object's own section, and not a number or what the script makes of it.
  private func isDefinedByObject(_ entry: ObjectSymbolEntry, _ file: LinkFile) -> Bool {
    if entry.binding == 0 {
      if case .section = entry.place { return true }
      return false
    }
    guard let symbol = symbols.find(entry.name), symbol.isDefined, !symbol.isOfScript else {
      return false
    }
    if case .input = symbol.home { return true }
    return false
  }

  // MARK: Behind the layout

  /// Looks at the finished layout: branches that reach too far, or change the instruction set.
  func checkLayout() throws(LayoutStop) {
    try checkRegions()
    guard machine == ELF.machineARM || machine == ELF.machineAArch64 else { return }
    for file in files where file.object != nil {
      for section in file.sections {
        guard section.output != nil, section.bits.contains(.code),
          !section.bits.contains(.excluded)
        else { continue }
        try checkBranches(section)
      }
    }
  }

  private func checkBranches(_ section: InputSection) throws(LayoutStop) {
    guard let object = section.file.object, let output = section.output else { return }
    let reach = BranchReach(machine: machine)
    for relocation in try relocations(of: section) {
      guard reach.isBranch(relocation.type), object.symbols.indices.contains(relocation.symbol)
      else {
        continue
      }
      let entry = object.symbols[relocation.symbol]
      guard let (target, type) = self.target(of: entry, section.file) else { continue }
      let place = output.vma &+ section.offset &+ relocation.offset
      if reach.needsStub(relocation, from: place, to: target, type: type) {
        throw .refused(
          "\(String(decoding: section.file.label, as: UTF8.self)): a branch to \(names.string(entry.name)) needs a stub, which is not modelled"
        )
      }
    }
  }

  private func target(
    of entry: ObjectSymbolEntry, _ file: LinkFile
  ) -> (address: UInt64, type: UInt8)? {
    if entry.binding != 0 {
      guard let symbol = symbols.find(entry.name), symbol.isDefined,
        let address = address(of: symbol, followsMerging: false)
      else { return nil }
      return (address, symbol.type)
    }
    guard case .section(let number) = entry.place,
      let section = file.section(numbered: number), let output = section.output
    else { return nil }
    return (output.vma &+ section.offset &+ entry.value, entry.type)
  }

  /// The address of a global symbol as the image has it; nil for one whose section is not linked.
  func address(of symbol: LinkSymbol, followsMerging: Bool) -> UInt64? {
    switch symbol.home {
    case .absolute: symbol.value
    // Of a thread-local one the offset in the template.
    case .output(let output): symbol.type == 6 ? symbol.value : output.vma &+ symbol.value
    case .input(let section):
      address(of: symbol.value, in: section, followsMerging: followsMerging)
    }
  }

  /// The address of a place in an input section as the image has it: behind merging, and of thread-local ones the offset
  /// in the template.
  func address(of offset: UInt64, in section: InputSection, followsMerging: Bool) -> UInt64? {
    var section = section
    var offset = offset
    if followsMerging, let group = section.merging, section.output != nil {
      (section, offset) = group.place(of: offset, in: section)
    }
    guard let output = section.output else { return nil }
    offset = framePlace(of: offset, in: section)
    var address = output.vma &+ section.offset &+ offset
    if section.bits.contains(.threadLocal) {
      address = address &- (threadLocalBase ?? output).vma
    }
    return address
  }
}

extension BodyStatement {
  /// Whether it sets or checks something.
  fileprivate var asks: Bool {
    switch self {
    case .assignment, .assertion, .data: true
    case .inputs, .placed, .objectSymbols, .other: false
    }
  }
}
