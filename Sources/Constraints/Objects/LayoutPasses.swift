// The passes of a link: what is empty goes, sections are sized at least twice, since the number of program headers is
// known behind the first pass only, and symbols get their values in the last (ldlang.c, strip_excluded_output_sections,
// lang_size_sections, lang_do_assignments; ldelf.c, ldelf_map_segments).

internal import LdsParser

extension ObjectLink {
  /// Sizes once without headers, and drops output sections without contents.
  func markSections() throws(LayoutStop) {
    dataSegment = DataSegment()
    phase = .marking
    try sizePass()
    resetPass()
    if sizesOwnSectionsLate {
      // What was empty has been aligned, and the bytes before it keep nothing.
      sizeOwnSections()
      let filled = outputs.filter { $0.sizeBefore > 0 }
      try sizePass()
      resetPass()
      try refuseVanished(among: filled)
    }
    for section in sections {
      guard let output = section.output, section.isTaken, isDropped(output) else {
        continue
      }
      if !section.updatesDot { section.fate = .ignored }
      output.bits.insert(.excluded)
      output.isRemoved = true
    }
    outputs.removeAll(where: \.isRemoved)
  }

  /// A section that held nothing but padding in front of empty input sections of objects, and lost it.
  private func refuseVanished(among filled: [OutputSection]) throws(LayoutStop) {
    let vanished = filled.first { output in
      isDropped(output)
        && output.inputs.contains { $0.bits.isDisjoint(with: [.excluded, .linkerMade]) }
    }
    guard let vanished else { return }
    throw .refused(
      "\(names.string(vanished.name)): an empty section that SUBALIGN pads is not modelled for \(options.dialect.name)"
    )
  }

  private func isDropped(_ output: OutputSection) -> Bool {
    guard output.sizeBefore == 0, !output.bits.contains(.kept), !output.isRemoved,
      !output.statement.namesObjects
    else { return false }
    return !output.inputs.contains { input in
      !input.bits.contains(.excluded)
        && (input.bits.contains(.linkerMade) || options.keepsRelocations)
    }
  }

  /// One round of sizing: again with the data segment where it has to be, if the script has one.
  func sizeSections() throws(LayoutStop) {
    phase = .sizing
    overflows = [:]
    resumption.isSettled = true
    resumption.followsLater = false
    dataSegment = DataSegment()
    try sizePass()
    guard dataSegment.phase == .ended else {
      dataSegment.phase = .done
      return
    }
    var isAgain = false
    if protectsRelocated, dataSegment.protectedEnd != 0 {
      isAgain = try adjustProtected()
    } else if movesBase {
      dataSegment.phase = .adjusting
      isAgain = true
    } else {
      dataSegment.phase = .done
    }
    guard isAgain else { return }
    resetPass()
    overflows = [:]
    try sizePass()
  }

  /// Whether the segment costs a page less if it begins further behind (ldlang.c, lang_size_sections).
  private var movesBase: Bool {
    let page = dataSegment.commonPage
    let first = (0 &- dataSegment.base) & (page &- 1)
    let last = dataSegment.end & (page &- 1)
    return first != 0 && last != 0
      && dataSegment.base & (0 &- page) != dataSegment.end & (0 &- page)
      && first &+ last <= page
  }

  /// Moves the segment so that its protected part ends at a page (ldlang.c, lang_size_relro_segment_1).
  private func adjustProtected() throws(LayoutStop) -> Bool {
    let base = dataSegment.base
    let end = LinkerArithmetic.alignUp(dataSegment.protectedEnd, to: dataSegment.maximumPage)
    var wanted = end &- dataSegment.offset
    let protected = dataSegment.protectedEnd &- dataSegment.offset
    for output in outputs.reversed()
    where output.bits.contains(.allocated) && output.vma >= base && output.vma < protected {
      let start = output.vma &+ wanted &- (output.vma &+ output.room)
      wanted = start & ~((1 << UInt64(output.alignmentPower)) &- 1)
    }
    dataSegment.phase = .adjustingProtected
    dataSegment.base = wanted
    resetPass()
    overflows = [:]
    try sizePass()
    guard dataSegment.protectedEnd > end else { return false }
    dataSegment.base = base
    return true
  }

  /// Sizes again while the number of program headers changes.
  func settleHeaders(afterChange hasChanged: Bool) throws(LayoutStop) {
    var isNeeded = hasChanged || machine == ELF.machineARM || machine == ELF.machineAArch64
    var isMoving = false
    for round in 0..<10 {
      if isNeeded {
        let before = outputs.map { [$0.vma, $0.size] }
        try assignPass(.assigning)
        resetPass()
        try sizeSections()
        isMoving = before != outputs.map { [$0.vma, $0.size] }
      }
      isNeeded = false
      let count = countHeaders()
      if count != headerCount || round == 0, round < 4 || count > headerCount ?? 0 {
        headerCount = count
        isNeeded = true
      }
      if !isNeeded { break }
    }
    // How often it sizes is not told of a target that looks for something to relax each time.
    if isMoving, resumption.followsLater, machine == ELF.machineRISCV {
      throw .refused(
        "sizes that depend on later ones, and do not settle, are not modelled for RISC-V")
    }
  }

  private func countHeaders() -> Int {
    if let count = writtenHeaders { return count }
    return usesHeaderSize ? neededHeaders() : 0
  }

  /// Gives symbols their values; in the last pass ASSERTs are judged.
  func assignPass(_ phase: Pass) throws(LayoutStop) {
    self.phase = phase
    pass += 1
    var dot: UInt64 = 0
    for statement in script.statements {
      switch statement {
      case .assignment(let assignment): dot = try assign(assignment, in: nil, dot: dot)
      case .assertion(let assertion): try check(assertion, in: nil, dot: dot)
      case .section(let section): dot = try assign(section, dot)
      }
    }
  }

  private func assign(_ section: SectionStatement, _ before: UInt64) throws(LayoutStop) -> UInt64 {
    // One whose ONLY_IF was not met has no section, and its statements count as if they stood between sections; unless
    // ADDR has made one before.
    let output = section.output
    var dot = output?.vma ?? before
    for statement in section.body {
      switch statement {
      case .inputs(let inputs):
        if resumption.isRunning, let extent = inputs.run.extent {
          dot = dot &+ extent.length
        } else {
          for placed in inputs.placed { pass(placed, &dot) }
        }
      case .placed(let placed): pass(placed, &dot)
      case .data(let data):
        if let value = data.value { _ = try evaluate(value, dot: dot) }
        dot = dot &+ data.size
      case .assignment(let assignment):
        if output == nil, section.fate == .notTaken {
          if assignment.assignment.isLocationCounter {
            // There is no section that it could move (ldexp.c, exp_fold_tree_1 with expld.section NULL).
            throw .linkerStops("invalid assignment to location counter")
          }
          try refuseMixing(assignment.assignment)
        }
        dot = try assign(assignment, in: output, dot: dot) &+ assignment.padding
      case .assertion(let assertion): try check(assertion, in: output, dot: dot)
      case .objectSymbols, .other: break
      }
    }
    guard section.fate != .ignored else { return before }
    guard let output else { return dot }
    if !section.overlayEnd.isEmpty { return endOfOverlay(section.overlayEnd) }
    return output.vma &+ output.room
  }

  /// Where there is no section at all, not even that of absolute numbers, operators keep the section of a symbol (ldexp.c,
  /// fold_binary with expld.section NULL), and a number that the symbol is set to has none where it is read.
  private func refuseMixing(_ assignment: Assignment) throws(LayoutStop) {
    let expressions = script.expressions
    let nodes = expressions.nodes(of: assignment.value)
    let isMixed =
      nodes.count > 1
      && nodes.contains { index in
        switch expressions[ExpressionID(index: index)] {
        case .symbol, .nameCall(.address, _), .nameCall(.loadAddress, _): true
        default: false
        }
      }
    let isRead = expressions.contains { $0 == .symbol(assignment.target.name) }
    guard isMixed || isRead else { return }
    throw .refused(
      "\(names.string(assignment.target.name)): what a section whose ONLY_IF is not met sets it to is not modelled"
    )
  }

  private func pass(_ placed: PlacedInput, _ dot: inout UInt64) {
    dot = dot &+ placed.padding
    if !placed.section.bits.contains(.excluded) { dot = dot &+ placed.section.size }
  }

  /// The output section that `__start_X` is about: that of the first input section X, if it is called so, too; else the
  /// first of the name (ldlang.c, lang_init_start_stop, undef_start_stop).
  private func outputStarted(by name: NameID) -> OutputSection? {
    let first = files.lazy.compactMap { $0.sections.first { $0.name == name } }.first
    if let output = first?.output, output.name == name { return output }
    return allOutputs.first { $0.name == name }
  }

  /// `__start_X` and `__stop_X` of what is there under that name.
  ///
  /// - Throws: for what is there, but empty and dropped: such a symbol is set to a place that releases tell differently.
  func defineStartAndStop() throws(LayoutStop) {
    for symbol in symbols.all where symbol.state == .undefined || symbol.state == .undefinedWeak {
      let text = names.bytes(symbol.name)
      for prefix in ["__start_", "__stop_"] where text.starts(with: prefix.utf8) {
        guard let name = names.find(Array(text.dropFirst(prefix.utf8.count))),
          let output = outputStarted(by: name)
        else { continue }
        if output.isRemoved {
          throw .refused(
            "\(names.string(symbol.name)) of a section that is dropped as an empty one is not modelled"
          )
        }
        symbol.state = .defined
        symbol.home = .output(output)
        symbol.value = prefix == "__start_" ? 0 : output.size
        symbol.isOfLinker = true
      }
    }
  }
}
