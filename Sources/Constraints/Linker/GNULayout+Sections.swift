// Output sections: where they start, what comes behind them, and what becomes of both if ld drops them
// (ldlang.c, lang_size_sections_1; ld-semantics 5.2 and 5.4).

internal import LdsParser

extension GNULayout {
  package mutating func enter(_ index: Int, from dot: Number, header: SectionHeader) -> Number {
    guard !isLost else { return lost }
    enterFacts(index, from: dot)
    if isLink, facts.section(index).presence == .notTaken { return dot }
    if isFinal {
      sections[index].finalBefore = dot
      return isLink ? start(of: index) : sections[index].start
    }
    sections[index].before = dot
    sections[index].ifDropped =
      isLink && leavesRegion(index, dot) ? lost.changed { $0.isSettled = false } : dot
    sections[index].progress = .entered
    sections[index].unit = unit(header.alignment)
    sections[index].loadAddress = loadAddress(of: index, header.loadAddress)
    let trait = plan.traits[index]
    if trait.isDiscard {
      sections[index].start = Number(0)
    } else if trait.isOpaque {
      sections[index].start = numbers.anywhere(.placement(section: index))
    } else if let address = header.address {
      isPlaced = true
      sections[index].start = startAtAddress(index, address, header.alignment)
    } else {
      sections[index].start = startInRegion(index, header)
    }
    guard isLink else { return sections[index].start }
    meetStart(index, header)
    if met[index] == nil { computeStart(index, header) }
    return start(of: index)
  }

  /// Whether a section goes on elsewhere than at the location counter, since its region does: sizing it takes that along, even
  /// if it is empty and dropped later.
  private func leavesRegion(_ index: Int, _ dot: Number) -> Bool {
    switch region(of: index) {
    case .standard: false
    case .declared(let region): pointers[region] != dot
    case .open: true
    }
  }

  /// An image does not tell the address of a section that is not allocated; the rules do, from its alignment.
  private mutating func computeStart(_ index: Int, _ header: SectionHeader) {
    let facts = facts.section(index)
    guard !program.isMap, facts.presence == .kept, facts.isAllocated == false else { return }
    let trait = plan.traits[index]
    var start = sections[index].start
    if header.address == nil {
      guard !trait.isOpaque, let current = pointer(of: region(of: index)),
        let alignment = self.facts.fact(.alignOf, ofSection: index)
      else { return }
      start = numbers.align(current, to: Number(alignment))
    }
    guard start.exact != nil else { return }
    sections[index].start = start
    met[index] = start
  }

  /// Meets the start of a section with what the image shows of it.
  private mutating func meetStart(_ index: Int, _ header: SectionHeader) {
    let facts = facts.section(index)
    // What is not allocated is at 0, unless the script puts it elsewhere.
    guard let shown = facts.start, facts.isAllocated != false || shown != 0 else { return }
    let trait = plan.traits[index]
    let region = region(of: index)
    let pointer = trait.isOpaque ? sections[index].before : pointer(of: region) ?? pointer
    if isMoved(index, to: shown, from: pointer, header) {
      sections[index].start = numbers.unknown(.movedSection(program.sections[index].name))
      met[index] = sections[index].start
      return
    }
    let start = self.facts.addressWidth.start(
      shown, computed: header.address == nil ? nil : sections[index].start, pointer: pointer,
      isTold: !trait.isOpaque && region != .open && facts.isAllocated != nil,
      earlier: passedEnd)
    sections[index].start = start
    met[index] = start
  }

  /// Whether an image has a section where no alignment takes it from the place that the script gives it, or behind one
  /// of which this is so.
  private func isMoved(
    _ index: Int, to shown: UInt64, from pointer: Number, _ header: SectionHeader
  ) -> Bool {
    let region = region(of: index)
    guard !plan.traits[index].isOpaque, region != .open, !program.hasInsert,
      !facts.isStartCertain(index)
    else { return false }
    let width = facts.addressWidth
    if header.address != nil {
      guard let computed = sections[index].start.exact else { return false }
      return (computed ^ shown) & width.mask != 0
    }
    if pointer.isOfMovedSection { return true }
    // Orphans go on in the region of the section that they follow.
    guard region != .standard ? facts.orphanStarts.isEmpty : isPlaced, pointer.isSettled,
      let from = pointer.exact,
      from <= width.mask
    else { return false }
    return from != shown && (shown < from || shown &- from >= shown & (0 &- shown))
  }

  /// The power of two to which `ALIGN(n)` is rounded up; nil if it is not known.
  func unit(_ alignment: Outcome?) -> UInt64? {
    guard let alignment else { return 1 }
    guard case .value(let value)? = alignment.single, let exact = value.address.exact,
      exact <= 1 << 62
    else { return nil }
    return 1 << LinkerArithmetic.log2Ceiling(exact)
  }

  /// An address is aligned to the ALIGN attribute only.
  private mutating func startAtAddress(
    _ index: Int, _ address: Outcome, _ alignment: Outcome?
  ) -> Number {
    let step = reason(plan.entrySteps[index])
    guard case .value(let value)? = address.single else {
      sections[index].ifDropped = lost.changed { $0.isSettled = false }
      return numbers.anywhere(.placement(section: index))
    }
    let target = value.address.through(step)
    // An option may have moved a section of a link: -Tbss, --section-start. The final pass does not see where to.
    sections[index].ifDropped = isLink ? lost.changed { $0.isSettled = false } : target
    guard let unit = unit(alignment) else {
      return numbers.advanced(
        from: target, .placement(section: index), bits: .zeros(target.bits.trailingZeros),
        steps: target.ownSteps.union(target.bitsSteps), isSettled: true)
    }
    let aligned = numbers.align(target, to: Number(unit))
    if aligned.isSettled, numbers.isPosition(aligned) { return aligned }
    return numbers.advanced(
      from: target, .placement(section: index), bits: aligned.bits,
      steps: aligned.ownSteps.union(aligned.bitsSteps), isSettled: true)
  }

  /// Without an address a section starts where its region goes on, aligned to the ALIGN attribute and to
  /// the largest alignment of its input sections. The first input section, however small, may put SUBALIGN in the place
  /// of both (size_input_section).
  private mutating func startInRegion(_ index: Int, _ header: SectionHeader) -> Number {
    guard let current = pointer(of: region(of: index)) else {
      return numbers.anywhere(.placement(section: index))
    }
    let unit = unit(header.alignment)
    if let unit, !plan.traits[index].hasInputs {
      let aligned = numbers.align(current, to: Number(unit))
      if aligned.isSettled, numbers.isPosition(aligned) { return aligned }
    }
    var own = unit.map(\.trailingZeroBitCount) ?? 0
    if let replacing = header.subalignment {
      own = min(own, self.unit(replacing).map(\.trailingZeroBitCount) ?? 0)
    }
    let given = current.bits.trailingZeros
    let steps =
      own > given
      ? reason(plan.entrySteps[index]) : current.ownSteps.union(current.bitsSteps)
    return numbers.advanced(
      from: current, .alignment(section: index), bits: .zeros(min(max(own, given), 63)),
      steps: steps, isSettled: true)
  }

  package mutating func leave(_ index: Int, inside: Number) -> Number {
    guard !isLost else { return lost }
    if isLink, facts.section(index).presence == .notTaken { return inside }
    defer {
      lastSection = index
      movesInGap = 0
      orphanProgress = .ahead
    }
    if isFinal { return leaveFinal(index, inside) }
    sections[index].progress = .loaded
    let trait = plan.traits[index]
    if trait.isDiscard {
      sections[index].after = sections[index].before
      return sections[index].before
    }
    let start = sections[index].start
    if isLink {
      learnEnd(of: index, inside: inside)
      measureEnd(index, inside)
    } else {
      var end = inside
      if trait.mayBeExtended {
        end = numbers.passed(inside, .appended(section: index), isSettled: true)
      }
      sections[index].end = end
      sections[index].full =
        trait.mayBeThreadLocal
        ? numbers.passed(start, .existence(section: index), isSettled: true) : end
    }
    let after = dotAfter(index, ifDropped: sections[index].ifDropped, inside)
    sections[index].after = after
    movePointers(index, after)
    guard isLink, facts.hidesDroppedSections(behind: index) else { return after }
    // Sections that a map lists without an address were dropped, and may have moved the sizing pass.
    pointer = numbers.anywhere(.existence(section: index), isSettled: false)
    return pointer
  }

  /// The end of a section of a link.
  private mutating func measureEnd(_ index: Int, _ inside: Number) {
    let facts = facts.section(index)
    let start = start(of: index)
    let end = facts.size.map { numbers.add(start, Number($0)) } ?? lost
    sections[index].end = end
    if facts.room == .taken { passed.close(at: end) }
    switch facts.room {
    case .taken: sections[index].full = end
    case .none: sections[index].full = start
    // What is not allocated moves the location counter, and not its region.
    case .open where !program.isMap && facts.isAllocated == false: sections[index].full = end
    case .open: sections[index].full = lost
    }
  }

  /// The final pass passes a dropped section over, whatever its address says.
  private mutating func leaveFinal(_ index: Int, _ inside: Number) -> Number {
    let before = sections[index].finalBefore
    if plan.traits[index].isDiscard { return before }
    if isLink { return dotAfter(index, ifDropped: before, inside) }
    let hasAddress = program.sections[index].description?.address != nil
    let isSame = before == sections[index].before && before.isSettled && !hasAddress
    if isSame || (plan.traits[index].isKept && !plan.traits[index].isOpaque) {
      return sections[index].after
    }
    return dotAfter(index, ifDropped: before, inside)
  }

  private mutating func dotAfter(_ index: Int, ifDropped: Number, _ inside: Number) -> Number {
    let section = sections[index]
    if isLink { return dotInLink(index, ifDropped: ifDropped, inside) }
    if plan.traits[index].isOpaque { return numbers.anywhere(.existence(section: index)) }
    if plan.traits[index].isKept { return section.full }
    return numbers.either(
      ifDropped, section.full, above: section.start, .existence(section: index))
  }

  /// GNU ld ignores a dropped section in the final pass, unless its statements set something.
  private mutating func dotInLink(_ index: Int, ifDropped: Number, _ inside: Number) -> Number {
    let section = sections[index]
    let cause = PlaceCause.existence(section: index)
    switch facts.section(index).presence {
    case .kept: return section.full
    case .notTaken: return inside
    case .open:
      if plan.defining.contains(index) {
        // One that was not taken is not there, and the location counter stays as it was.
        let isSame = section.full.exact != nil || ifDropped.isSettled
        return isSame ? section.full : section.full.changed { $0.isSettled = false }
      }
      let after = numbers.either(ifDropped, section.full, above: section.full, cause)
      // If it was dropped, the sizing pass went where its line says; a map does not show that line.
      let isSame =
        program.isMap
        ? section.full.exact != nil && section.full == section.before : ifDropped.isSettled
      return isFinal || isSame ? after : after.changed { $0.isSettled = false }
    case .dropped:
      if plan.defining.contains(index) { return inside }
      guard program.sections[index].setsSymbols else { return ifDropped }
      return numbers.either(ifDropped, inside, above: inside, cause)
    }
  }

  /// A section moves its region on if it takes room in memory.
  private mutating func movePointers(_ index: Int, _ after: Number) {
    let trait = plan.traits[index]
    let region = region(of: index)
    if isLink, trait.home == .byFlags, facts.section(index).presence == .dropped,
      !program.sections[index].setsSymbols
    {
      // A dropped section is ignored; the region whose load addresses it may lead is not known.
      loading.lose()
      return
    }
    guard !trait.isOpaque, let old = pointer(of: region) else {
      loading.lose()
      pointer =
        trait.isOpaque
        ? numbers.anywhere(.existence(section: index))
        : numbers.passed(pointer, .placement(section: index), isSettled: pointer.isSettled)
      for region in pointers.indices {
        pointers[region] =
          trait.isOpaque
          ? numbers.anywhere(.existence(section: index))
          : numbers.passed(pointers[region], .placement(section: index), isSettled: true)
      }
      return
    }
    let new = movedPointer(index, old, after)
    moveLoadRegion(index, from: old)
    if case .declared(let region) = region { pointers[region] = new } else { pointer = new }
  }

  private mutating func movedPointer(_ index: Int, _ old: Number, _ after: Number) -> Number {
    let trait = plan.traits[index]
    let section = sections[index]
    if isLink {
      let facts = facts.section(index)
      if facts.presence == .kept, facts.room == .taken, facts.isAllocated == true,
        !mayHaveFlagsOfItsName(index)
      {
        return after
      }
      // COPY and its kin are not allocated, and move their region if what they take is loaded.
      if facts.presence == .kept, facts.isAllocated == false,
        index >= program.sections.count || !program.sections[index].isNeverAllocated
      {
        return old
      }
      return numbers.either(
        old, section.full, above: section.start, .existence(section: index))
    }
    let description = program.sections[index].description
    let isPlain = description?.address == nil && description?.alignment == nil
    if trait.isSurelyAllocated, trait.isKept, trait.hasData || isPlain { return after }
    if trait.isSurelyAllocated, !trait.isKept, description?.address == nil, section.before == old,
      old.isSettled
    {
      return after
    }
    return numbers.either(old, section.full, above: section.start, .existence(section: index))
  }

  package mutating func afterInputs(step: Int, in index: Int?, dot: Number) -> Number {
    guard !isLost else { return lost }
    if let address = told[step] { return Number(address) }
    if isFinal { return inputs[step] ?? lost }
    let number = numbers.advanced(
      from: dot, .inputs(step: step), bits: .none, steps: StepList(), isSettled: true,
      most: furthest(in: index))
    inputs[step] = number
    return number
  }

  package mutating func afterData(dot: Number) -> Number {
    guard !isLost else { return lost }
    numbers.extend(dot)
    return dot
  }

  package mutating func leaveOverlay(_ members: [Int], dot: Number) -> Number {
    if isLink { return behindMembers(members) }
    guard !isLost, let last = members.last else { return lost }
    let number = numbers.anywhere(.existence(section: last))
    if !isFinal { pointer = numbers.anywhere(.existence(section: last)) }
    return number
  }

  /// Members of an overlay share an address; the location counter is behind the largest.
  private mutating func behindMembers(_ members: [Int]) -> Number {
    var largest: UInt64 = 0
    for index in members {
      let facts = facts.section(index)
      if facts.presence == .dropped { continue }
      guard let end = sections[index].full.exact else { return lost }
      largest = max(largest, end)
    }
    // Where all were dropped, it is where the first began, which the facts do not tell.
    let after = largest == 0 ? lost : Number(largest)
    if !isFinal { pointer = after }
    return after
  }
}
