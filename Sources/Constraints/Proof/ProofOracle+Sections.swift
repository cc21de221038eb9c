// Output sections: where they start, what comes behind them, and what becomes of both if ld drops them
// (ldlang.c, lang_size_sections_1; ld-semantics 5.2 and 5.4).

internal import LdsParser

extension ProofOracle {
  package static var readsHeaders: Bool { true }

  package mutating func enter(_ index: Int, from dot: Number) -> Number { dot }

  package mutating func enter(
    _ index: Int, from dot: Number, header: SectionHeader
  ) -> Number {
    guard !isLost else { return lost }
    if isFinal {
      sections[index].finalBefore = dot
      return sections[index].start
    }
    sections[index].before = dot
    sections[index].ifDropped = dot
    sections[index].isEntered = true
    let trait = traits[index]
    if trait.isDiscard {
      sections[index].start = Number(0)
    } else if trait.isOpaque {
      sections[index].start = root(.placement(section: index))
    } else if let address = header.address {
      sections[index].start = startAtAddress(index, address, header.alignment)
    } else {
      sections[index].start = startInRegion(index, header.alignment)
    }
    return sections[index].start
  }

  /// The power of two to which `ALIGN(n)` is rounded up; nil if it is not known.
  private func unit(_ alignment: Outcome?) -> UInt64? {
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
    let step = StepList(entrySteps[index])
    guard case .value(let value)? = address.single else {
      sections[index].ifDropped = numbers.unknown(.locationCounter)
      return root(.placement(section: index))
    }
    let target = value.address.through(step)
    sections[index].ifDropped = target
    guard let unit = unit(alignment) else {
      return advance(
        from: target, .placement(section: index), bits: .zeros(target.bits.trailingZeros),
        steps: target.ownSteps.union(target.bitsSteps), isSettled: true)
    }
    let aligned = numbers.align(target, to: Number(unit))
    if aligned.isSettled, isPosition(aligned) { return aligned }
    return advance(
      from: target, .placement(section: index), bits: aligned.bits,
      steps: aligned.ownSteps.union(aligned.bitsSteps), isSettled: true)
  }

  /// Without an address a section starts where its region goes on, aligned to the ALIGN attribute and to
  /// the largest alignment of its input sections.
  private mutating func startInRegion(
    _ index: Int, _ alignment: Outcome?
  ) -> Number {
    let trait = traits[index]
    guard !trait.isRegionUnknown else { return root(.placement(section: index)) }
    let current = trait.region.map { pointers[$0] } ?? pointer
    sections[index].pointer = current
    let unit = unit(alignment)
    if let unit, !trait.hasInputs {
      let aligned = numbers.align(current, to: Number(unit))
      if aligned.isSettled, isPosition(aligned) { return aligned }
    }
    let own = unit.map(\.trailingZeroBitCount) ?? 0
    let given = current.bits.trailingZeros
    let steps =
      own > given ? StepList(entrySteps[index]) : current.ownSteps.union(current.bitsSteps)
    return advance(
      from: current, .alignment(section: index), bits: .zeros(min(max(own, given), 63)),
      steps: steps, isSettled: true)
  }

  package mutating func leave(_ index: Int, inside: Number) -> Number {
    guard !isLost else { return lost }
    defer {
      lastSection = index
      movesInGap = 0
    }
    if isFinal { return leaveFinal(index) }
    sections[index].isClosed = true
    let trait = traits[index]
    if trait.isDiscard {
      sections[index].after = sections[index].before
      return sections[index].before
    }
    let start = sections[index].start
    var end = inside
    if trait.mayBeExtended {
      end = passed(inside, .appended(section: index), isSettled: true)
    }
    sections[index].end = end
    sections[index].full =
      trait.mayBeThreadLocal
      ? passed(start, .existence(section: index), isSettled: true) : end
    let after = dotAfter(index, ifDropped: sections[index].ifDropped)
    sections[index].after = after
    movePointers(index, after)
    return after
  }

  /// The final pass passes a dropped section over, whatever its address says.
  private mutating func leaveFinal(_ index: Int) -> Number {
    let before = sections[index].finalBefore
    if traits[index].isDiscard { return before }
    let hasAddress = program.sections[index].description?.address != nil
    let isSame = before == sections[index].before && before.isSettled && !hasAddress
    if isSame || (traits[index].isKept && !traits[index].isOpaque) {
      return sections[index].after
    }
    return dotAfter(index, ifDropped: before)
  }

  private mutating func dotAfter(_ index: Int, ifDropped: Number) -> Number {
    let section = sections[index]
    if traits[index].isOpaque { return root(.existence(section: index)) }
    if traits[index].isKept { return section.full }
    return either(ifDropped, section.full, above: section.start, .existence(section: index))
  }

  /// A section moves its region on if it takes room in memory.
  private mutating func movePointers(_ index: Int, _ after: Number) {
    let trait = traits[index]
    if trait.isOpaque || trait.isRegionUnknown {
      pointer =
        trait.isOpaque
        ? root(.existence(section: index))
        : passed(pointer, .placement(section: index), isSettled: pointer.isSettled)
      for region in pointers.indices {
        pointers[region] =
          trait.isOpaque
          ? root(.existence(section: index))
          : passed(pointers[region], .placement(section: index), isSettled: true)
      }
      return
    }
    let old = trait.region.map { pointers[$0] } ?? pointer
    let new = movedPointer(index, old, after)
    // `AT>REGION`, which later sections inherit, moves the pointer of that region as well.
    if hasLoadRegions {
      for region in pointers.indices where region != trait.region {
        pointers[region] = passed(pointers[region], .placement(section: index), isSettled: true)
      }
    }
    if let region = trait.region { pointers[region] = new } else { pointer = new }
  }

  private mutating func movedPointer(
    _ index: Int, _ old: Number, _ after: Number
  ) -> Number {
    let trait = traits[index]
    let section = sections[index]
    let description = program.sections[index].description
    let isPlain = description?.address == nil && description?.alignment == nil
    if trait.isAllocated, trait.isKept, trait.hasData || isPlain { return after }
    if trait.isAllocated, !trait.isKept, description?.address == nil, section.before == old,
      old.isSettled
    {
      return after
    }
    return either(old, section.full, above: section.start, .existence(section: index))
  }

  package mutating func afterInputs(step: Int, dot: Number) -> Number {
    guard !isLost else { return lost }
    if isFinal { return inputs[step] ?? lost }
    let number = passed(dot, .inputs(step: step), isSettled: true)
    inputs[step] = number
    return number
  }

  package mutating func afterData(dot: Number) -> Number {
    guard !isLost else { return lost }
    extend(dot)
    return dot
  }

  package mutating func leaveOverlay(_ members: [Int], dot: Number) -> Number {
    guard !isLost, let last = members.last else { return lost }
    let number = root(.existence(section: last))
    if !isFinal { pointer = root(.existence(section: last)) }
    return number
  }
}
