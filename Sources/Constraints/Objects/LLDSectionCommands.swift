// Which input section goes into which output section, and in which order output sections come
// (lld/ELF/LinkerScript.cpp, processSectionCommands, addOrphanSections, adjustOutputSections; Writer.cpp, sortSections).

internal import LdsParser

extension LLDLink {
  /// Gives input sections to the output sections of the script: the first description that matches takes them.
  func processSectionCommands() throws(LayoutStop) {
    let index = LLDInputNames(inputs, names)
    for case .section(let output) in commands {
      let isDiscard = names.bytes(output.name) == Array("/DISCARD/".utf8)
      var taken: [LLDInput] = []
      for case .inputs(let description) in output.commands {
        description.bases = computeInputSections(description, index)
        for input in description.bases { input.parent = output }
        taken += description.bases
      }
      if isDiscard {
        for input in taken {
          if tables.contains(where: { $0 === input }) {
            throw .refused("/DISCARD/ takes \(names.string(input.name)), which is not modelled")
          }
          discard(input)
          if input.frames != nil || frameInputs.contains(where: { $0.frames?.whole === input }) {
            for frames in frameInputs { frames.isLive = false }
          }
        }
        discardEntries(output)
        output.commands = []
        output.isOrphan = true
        continue
      }
      guard meets(output.statement?.constraint, taken) else {
        for input in taken { input.parent = nil }
        output.commands = []
        output.isOrphan = true
        if output.isUsedInExpression || output.expressionsUseSymbols
          || namesUsedInExpressions.contains(output.name)
          || inputs.contains(where: { $0.name == output.name })
        {
          throw .refused(
            "\(names.string(output.name)): a section whose ONLY_IF is not met and that expressions or orphans name is not modelled"
          )
        }
        continue
      }
      if let expression = output.statement?.subalignment {
        let unit = try alignmentValue(expression)
        for input in taken { input.alignment = unit }
      }
    }
  }

  /// Entries of ARM's table that /DISCARD/ names (`discardSynthetic`).
  private func discardEntries(_ output: LLDOutput) {
    guard let table = exceptionTable, table.section.isLive else { return }
    for case .inputs(let description) in output.commands {
      for entry in table.entries where description.takes(entry, names.bytes(entry.name)) {
        discard(entry)
      }
    }
  }

  private func meets(_ constraint: OutputSectionConstraint?, _ taken: [LLDInput]) -> Bool {
    let isWritable = taken.contains { $0.flags & ObjectSection.Flag.write != 0 }
    return switch constraint {
    case .onlyIfRO: !isWritable
    case .onlyIfRW: isWritable
    default: true
    }
  }

  /// Sections that nobody took go into the output section of their name, which is made if there is none.
  func addOrphanSections() throws(LayoutStop) {
    let common = names.intern("COMMON")
    let zeros = names.intern(".bss")
    var made: [NameID: LLDOutput] = [:]
    var added: [LLDTopCommand] = []
    for input in inputs where input.isLive && input.parent == nil {
      if options.orphans == .error, !tables.contains(where: { $0 === input }), input.isNeeded {
        throw .linkerStops("\(names.string(input.name)) is being placed in its own section")
      }
      let name = input.name == common ? zeros : input.name
      let output: LLDOutput
      if let known = outputNamed(name) ?? made[name] {
        output = known
      } else {
        output = makeOutput(name, statement: nil)
        output.isOrphan = true
        made[name] = output
        added.append(.section(output))
      }
      record(input, in: output)
    }
    commands += added
  }

  private func record(_ input: LLDInput, in output: LLDOutput) {
    input.parent = output
    if case .inputs(let last)? = output.commands.last {
      last.bases.append(input)
    } else {
      let inputs = LLDInputs()
      inputs.bases = [input]
      output.commands.append(.inputs(inputs))
    }
  }

  // MARK: Order

  func sortSections() throws(LayoutStop) {
    for case .section(let output) in commands { output.rank = rank(of: output) }
    try adjustOutputSections()
    sortOrphans()
    try adjustSectionsAfterSorting()
  }

  private func rank(of output: LLDOutput) -> UInt32 {
    // Sections with an address of an option come first.
    if output.givenAddress != nil { return 0 }
    return UnplacedSection(
      name: names.bytes(output.name), type: output.type, flags: output.flags, alignment: 1
    ).rank(by: dialect, isRelro: isRelro(output))
  }

  /// Whether PT_GNU_RELRO is made: not without pages.
  var protectsRelocated: Bool { options.paging == .paged && (options.protectsRelocated ?? true) }

  /// Whether a section is written while the program is loaded and never again (`isRelroSection`).
  func isRelro(_ output: LLDOutput) -> Bool {
    guard protectsRelocated else { return false }
    if output.isRelro { return true }
    if let padding = relroPadding, padding.parent === output { return true }
    return UnplacedSection(
      name: names.bytes(output.name), type: output.type, flags: output.flags, alignment: 1
    ).isProtectedByName || holdsTable(output)
  }

  /// Whether lld's own .got is here, though it is empty.
  private func holdsTable(_ output: LLDOutput) -> Bool {
    guard output.isAllocated, output.flags & ObjectSection.Flag.write != 0 else { return false }
    return inputs.contains { input in
      input.file === internalFile && input.parent === output
        && names.bytes(input.name) == Array(".got".utf8)
    }
  }

  /// Empty sections go, unless something is said of them; those that stay have the flags of the section before.
  private func adjustOutputSections() throws(LayoutStop) {
    var flags = ObjectSection.Flag.allocate
    var defaults: [NameID] = []
    var hasRelro = false
    let inherited =
      ObjectSection.Flag.write
      | (dialect.follows(.emptySectionsAreCode) ? ObjectSection.Flag.execute : 0)
    var kept: [LLDTopCommand] = []
    for command in commands {
      guard case .section(let output) = command else {
        kept.append(command)
        continue
      }
      if let alignment = output.statement?.alignment {
        output.alignment = max(output.alignment, try alignmentValue(alignment))
      }
      let isEmpty = output.inputs.isEmpty
      var isDropped = isEmpty && isDiscardable(output)
      if output.hasInputs, !isDropped { flags = output.flags }
      if isEmpty {
        let allocated = output.isNonAlloc ? 0 : ObjectSection.Flag.allocate
        output.flags = flags & (allocated | inherited)
        output.rank = rank(of: output)
      }
      if !output.isOrphan { propagate(&defaults, to: output) }
      if let padding = relroPadding, padding.parent === output, !hasRelro { isDropped = true }
      if isDropped {
        output.isLive = false
      } else {
        if isRelro(output), !output.isThreadLocalZeros { hasRelro = true }
        kept.append(command)
      }
    }
    commands = kept
  }

  private func isDiscardable(_ output: LLDOutput) -> Bool {
    if names.bytes(output.name) == Array("/DISCARD/".utf8) { return true }
    if output.expressionsUseSymbols || output.isUsedInExpression
      || (namesUsedInExpressions.contains(output.name) && outputsByName[output.name] === output)
    {
      return false
    }
    return output.commands.allSatisfy { command in
      switch command {
      case .inputs: true
      case .assignment(let assignment):
        !assignment.assignment.isLocationCounter && assignment.symbol == nil
      case .assertion, .data: false
      }
    }
  }

  /// Sections that name no program headers are in those of the section before, if they are in memory.
  private func propagate(_ defaults: inout [NameID], to output: LLDOutput) {
    if !output.headers.isEmpty {
      defaults = output.headers
    } else if output.isAllocated {
      output.headers = defaults
    }
  }

  private func sortOrphans() {
    let first = commands.firstIndex { command in
      if case .section(let output) = command { output.isOrphan } else { false }
    }
    guard let first else { return }
    let scripted = Array(commands[..<first])
    var orphans: [LLDOutput] = []
    for case .section(let output) in commands[first...] { orphans.append(output) }
    let places = scripted.enumerated().map {
      (index, command) -> LLDOrphanPlaces<LLDOutput>.Command in
      switch command {
      case .section(let output): .section(output)
      // lld takes an ASSERT for an assignment to the location counter.
      case .assertion, .overlayEnd: .move(index)
      case .assignment(let assignment):
        assignment.assignment.isLocationCounter ? .move(index) : .symbol(index)
      }
    }
    var order = LLDOrphanPlaces(
      places, dialect: dialect,
      hasRegionsOrHeaders: script.headers != nil || !regions.isEmpty)
    order.fixedPlace = { [relroPadding] orphan, commands in
      guard let relroPadding, relroPadding.parent === orphan else { return nil }
      return commands.firstIndex { command in
        switch command {
        case .symbol(let index), .move(let index):
          if case .assignment(let assignment) = scripted[index] {
            assignment.endsRelro
          } else {
            false
          }
        case .section: false
        }
      }
    }
    order.place(orphans)
    commands = order.commands.map { command in
      switch command {
      case .section(let output): .section(output)
      case .move(let index), .symbol(let index): scripted[index]
      }
    }
  }

  private func adjustSectionsAfterSorting() throws(LayoutStop) {
    var hint: LLDRegion?
    for case .section(let output) in commands {
      if let name = output.statement?.loadRegionName {
        guard let region = regionsByName[name] else {
          throw .linkerStops("memory region '\(names.string(name))' not declared")
        }
        output.loadRegion = region
      }
      (output.region, hint) = try region(of: output, hint)
    }
    var defaults: [NameID] = []
    for header in script.headers ?? [] where try headerType(header) == LLDHeader.load {
      defaults = [header.name.name]
      break
    }
    for case .section(let output) in commands { propagate(&defaults, to: output) }
  }

  /// The region of a section, and the one that orphans behind it are in (`findMemoryRegion`).
  private func region(
    of output: LLDOutput, _ hint: LLDRegion?
  ) throws(LayoutStop) -> (LLDRegion?, LLDRegion?) {
    guard output.isAllocated else { return (nil, nil) }
    if let name = output.statement?.regionName {
      guard let region = regionsByName[name] else {
        throw .linkerStops("memory region '\(names.string(name))' not declared")
      }
      return (region, region)
    }
    if regions.isEmpty { return (nil, nil) }
    if output.isOrphan, let hint { return (hint, hint) }
    let flags = SectionFlags(elf: output.flags)
    if let region = regions.first(where: { $0.attributes.takes(flags) }) { return (region, nil) }
    throw .linkerStops("no memory region specified for section '\(names.string(output.name))'")
  }
}
