// The location counter between sections: assignments to it, and the orphans that ld may put in its way
// (ldlang.c, insert_os_after; ldelf.c, ldelf_place_orphan; ld-semantics 5.5).

internal import LdsParser

extension GNULayout {
  package mutating func beforeRead(step: Int, dot: Number) -> Number {
    guard !isLost else { return lost }
    if let unknown = unknownInLink(dot) { return unknown }
    // Any statement between sections sets the default region's pointer (ld-semantics 5.1).
    if !isFinal { pointer = dot }
    return dot
  }

  /// What the statements between sections see in a link of which not even their order is known.
  private func unknownInLink(_ dot: Number) -> Number? {
    guard isLink else { return nil }
    if program.hasInsert { return numbers.unknown(.insertedStatement) }
    if case .anywhere = facts.orphans(behind: lastSection) { return lost(behind: dot) }
    return nil
  }

  /// An unknown place behind `dot`: where that is another one in the final pass, so is this.
  private func lost(behind dot: Number) -> Number {
    dot.isSettled ? lost : lost.changed { $0.isSettled = false }
  }

  /// Orphans stand before the first assignment to the location counter behind the section they follow, or
  /// right before the next section. Those that follow no section pass one assignment first.
  package mutating func beforeMove(step: Int, dot: Number) -> Number {
    guard !isLost else { return lost }
    if let unknown = unknownInLink(dot) { return unknown }
    movesInGap += 1
    guard movesInGap == (lastSection == nil ? 2 : 1) else { return dot }
    if isLink {
      let place = orphanPlace(at: step)
      switch place {
      case .beforeMove: break
      case .beforeSection: return dot
      case .unknown, .behindAll:
        // Behind the last section a second one may find the first where the next section would be, and pass the
        // assignment.
        switch facts.orphans(behind: lastSection) {
        case .none: return dot
        case .listed(let orphans)
        where place == .behindAll && orphans.count == 1 && isOfNoKindOfLinker(orphans[0].index):
          return dot
        default: break
        }
        orphanProgress = place == .behindAll ? .passed : .open
        return lost(behind: dot)
      }
    }
    return passOrphans(key: step, dot)
  }

  /// Whether what the linker makes itself, and drops if it is empty, does not stand behind the section that an orphan follows:
  /// it has contents, such as `.got`.
  private func isOfNoKindOfLinker(_ orphan: Int) -> Bool {
    facts.section(orphan).flags?.contains(.noBits) == true
  }

  /// Where the orphans behind the last section stand that come to an assignment to the location counter.
  private enum OrphanPlace {
    case beforeMove
    /// Behind the assignment, right before the section that follows.
    case beforeSection
    /// Behind the assignment: no section follows in the script.
    case behindAll
    case unknown
  }

  /// They stand before the assignment, unless the section that follows has input sections and is not allocated
  /// (ldlang.c, insert_os_after).
  private func orphanPlace(at step: Int) -> OrphanPlace {
    let next = (lastSection ?? -1) + 1
    guard next <= plan.lastEntered else { return .behindAll }
    let facts = facts.section(next)
    let trait = plan.traits[next]
    if !trait.hasInputs || facts.presence == .notTaken { return .beforeMove }
    switch facts.isAllocated {
    case true: return .beforeMove
    case false:
      // Without contents of its own it has input sections if it has a size.
      let hasInputs = facts.size != 0 && trait.substance == .none
      return hasInputs && !mayBePadded(next) ? .beforeSection : .unknown
    case nil:
      // Names of input sections promise that they are in memory.
      return trait.isSurelyAllocated ? .beforeMove : .unknown
    }
  }

  /// Whether a section may have a size by assignments to the location counter alone.
  private func mayBePadded(_ index: Int) -> Bool {
    program.steps[plan.entrySteps[index]..<max(plan.leaveSteps[index], plan.entrySteps[index])]
      .contains { step in
        if case .assignment(let assignment) = step.action {
          assignment.isLocationCounter
        } else {
          false
        }
      }
  }

  package mutating func beforeSection(_ index: Int, dot: Number) -> Number {
    guard !isLost else { return lost }
    if isLink {
      switch orphanProgress {
      case .ahead: break
      case .passed: return dot
      case .open:
        if case .anywhere = facts.orphans(behind: lastSection) { loseLoads() }
        passHiddenOrphans()
        return lost(behind: dot)
      }
    }
    return passOrphans(key: plan.entrySteps[index], dot)
  }

  private mutating func passOrphans(key: Int, _ dot: Number) -> Number {
    let cause = PlaceCause.orphans(after: lastSection)
    if isLink { return passListedOrphans(cause, dot) }
    // Orphans without room in memory, at address 0, follow a section of their kind; where there is none
    // they may come before the first section.
    let isBack = lastSection.map { plan.traits[$0].attractsUnallocated } ?? true
    if isFinal {
      guard let gap = gaps[key], gap.before == dot, dot.isSettled, !isBack else {
        return numbers.anywhere(cause)
      }
      if gap.after.isSettled { return gap.after }
      return gap.isForward
        ? numbers.passed(dot, cause, isSettled: true) : numbers.anywhere(cause)
    }
    let isTogether = dot == pointer && program.regions.isEmpty
    // An orphan with an address of its own moves the location counter of the sizing pass even if it is
    // empty and dropped: one without room in memory is at 0, and any one of a PE image is aligned.
    let isSettled = dot.isSettled && !isBack && !plan.isPE
    let after =
      isTogether && !isBack
      ? numbers.passed(dot, cause, isSettled: isSettled)
      : numbers.anywhere(cause, isSettled: false)
    pointer =
      isTogether && !isBack
      ? after
      : numbers.passed(pointer, cause, isSettled: pointer.isSettled)
    for region in pointers.indices {
      pointers[region] = numbers.passed(pointers[region], cause, isSettled: true)
    }
    gaps[key] = GapRecord(before: dot, after: after, isForward: isTogether && !isBack)
    return after
  }

  /// Orphans of which it is not known where they are go on in the regions of the section that they follow.
  private mutating func passHiddenOrphans() {
    if !isFinal { pointer = lost }
    loading.lose()
    guard let home = lastSection else { return }
    for region in [declaredRegion(of: home), loadRegion(of: home)].compactMap(\.self) {
      passOrphan(region, to: nil)
    }
  }

  /// Behind the orphans of a link.
  private mutating func passListedOrphans(_ cause: PlaceCause, _ dot: Number) -> Number {
    orphanProgress = .passed
    switch facts.orphans(behind: lastSection) {
    case .none: return dot
    case .hidden:
      passHiddenOrphans()
      return lost(behind: dot)
    case .anywhere:
      if !isFinal { pointer = lost }
      loseLoads()
      return lost(behind: dot)
    case .listed(let orphans):
      defer { loadOrphans(orphans) }
      var after = dot
      for orphan in orphans {
        guard let start = orphan.start, let size = orphan.size else {
          if !isFinal { pointer = lost }
          return lost(behind: dot)
        }
        let address = orphanStart(start, behind: after, dot)
        met[orphan.index] = address
        let end = numbers.add(address, Number(size))
        after = orphan.mayBeDropped ? numbers.either(after, end, above: end, cause) : end
        passed.close(at: end)
        if isFinal { continue }
        // The default region goes on behind those that are in it.
        switch regionOfOrphan(orphan.index) {
        case .standard: pointer = after
        case .declared: break
        case .open: pointer = lost
        }
      }
      return after
    }
  }

  /// Where an orphan starts of which an image shows `shown`: some orphans stand before the statements behind the
  /// section that they follow, and some behind them.
  private func orphanStart(_ shown: UInt64, behind orphan: Number, _ dot: Number) -> Number {
    let width = facts.addressWidth
    let starts = [orphan, dot].map {
      width.start(
        shown, computed: nil, pointer: $0, isTold: !program.isMap, earlier: passedEnd)
    }
    return starts[0] == starts[1] || movesInGap == 0 ? starts[0] : width.open(shown)
  }

  package mutating func move(
    step: Int, from dot: Number, to target: Number?, isInside: Bool
  ) -> Number {
    guard !isLost else { return lost }
    if isInside, let address = told[step] {
      if !isFinal {
        moves[step] = MoveRecord(before: dot, target: target, after: Number(address))
      }
      return Number(address)
    }
    if isFinal, let record = moves[step] {
      // Inside a section the padding of the sizing pass stands for the assignment.
      if isInside { return record.after }
      if record.before == dot, dot.isSettled, record.target == target, target?.isSettled == true {
        return record.after
      }
    }
    let after = landing(step: step, from: dot, to: target, isInside: isInside)
    guard !isFinal else { return after }
    moves[step] = MoveRecord(before: dot, target: target, after: after)
    if !isInside {
      pointer = after
      isPlaced = true
    }
    return after
  }

  /// Where `. = target` leads.
  private mutating func landing(
    step: Int, from dot: Number, to target: Number?, isInside: Bool
  ) -> Number {
    guard let target else {
      return isInside
        ? numbers.advanced(
          from: dot, .move(step: step), bits: .none, steps: StepList(), isSettled: true)
        : numbers.anywhere(.move(step: step), isSettled: false)
    }
    let own = target.ownSteps.union(reason(step))
    if let form = target.form, form == dot.form { return dot }
    if numbers.isPosition(target), target.isSettled || !isInside {
      numbers.extend(target)
      if target.isPlain, own.steps.isEmpty { return target }
      return target.changed { number in
        number.floor = nil
        number.ownSteps = own
        guard let form = number.form, form.place != nil else { return }
        number.least = max(number.least, numbers.number(form).least)
        number.tighten()
      }
    }
    var place = Place(cause: .move(step: step), bits: target.bits, least: target.least)
    place.most = target.most
    place.bitsSteps = own.union(target.bitsSteps)
    place.rangeSteps = target.rangeSteps
    place.isSettled = isInside || target.isSettled
    // Inside a section ld refuses to move the location counter back; elsewhere an alignment moves it on.
    if let floor = isInside ? dot.form : target.knowledge.floor { numbers.raise(&place, to: floor) }
    return numbers.position(place)
  }

  /// The location counter behind a line of a map that may stand inside a section or behind it: an empty one may
  /// have been dropped, and then it is as it was before the section, unless symbols are defined in it; one that takes
  /// no room has it behind its contents only inside.
  package func beforeEither(_ index: Int, dot: Number) -> Number {
    if facts.section(index).presence == .notTaken { return dot }
    // A section that a map lists without an address was dropped, and its line may have moved the sizing pass.
    if !isFinal, facts.hidesDroppedSections(behind: index) {
      return numbers.unknown(.context).changed { $0.isSettled = false }
    }
    let facts = facts.section(index)
    if facts.room != .taken, facts.start != nil, facts.size != 0 {
      return numbers.unknown(.context).changed { $0.isSettled = isFinal }
    }
    guard facts.presence == .open, facts.size == 0, let start = facts.start,
      sections[index].currentBefore(isFinal).exact != start, !plan.defining.contains(index)
    else { return dot }
    return numbers.unknown(.context).changed { $0.isSettled = isFinal }
  }
}

extension GNULayout.SectionRecord {
  /// The location counter before the section's line in the pass that runs.
  func currentBefore(_ isFinal: Bool) -> Number { isFinal ? finalBefore : before }
}

extension OrphanPlacement {
  /// Whether no orphan takes addresses here.
  var isNone: Bool { if case .none = self { true } else { false } }
}
