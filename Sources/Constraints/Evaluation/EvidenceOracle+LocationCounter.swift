// The location counter of a finished link, as far as the image tells it (ld-semantics 5.1, 5.5; ldlang.c,
// lang_do_assignments_1 and insert_os_after).

internal import LdsParser

extension EvidenceOracle {
  package mutating func beginPass() {
    lastSection = nil
    entryDot = Number(0)
    orphansPassed = false
  }

  package mutating func enter(_ index: Int, from dot: Number) -> Number {
    if dialect == .lld { return enterLLD(index, from: dot) }
    let before = passOrphansBeforeSection(dot)
    entryDot = before
    if evidenceIndex[index] != nil { return base(of: .listed(index)) }
    if program.hasInsert { return Number(unknown: Lack(.insertedStatement)) }
    guard evidence.hasAllSections, !isAmongLooseOrphans(index), !mayBeEmptyInPE(index) else {
      return Number(unknown: Lack(.sectionAddress(program.sections[index].name)))
    }
    // Dropped. Where it would have been is known only if nothing but the location counter decides.
    guard let description = program.sections[index].description, description.address == nil,
      description.alignment == nil, program.regions.isEmpty
    else { return Number(unknown: Lack(.locationCounter)) }
    return before
  }

  /// Whether a section that a PE image does not list may have been kept: as an empty one, or under a cut name.
  private func mayBeEmptyInPE(_ index: Int) -> Bool {
    let section = program.sections[index]
    let name = program.names.bytes(section.name)
    return omissions.isPE
      && (section.setsSymbols || omissions.mayCut(name) || name == Array(".reloc".utf8))
  }

  package mutating func afterInputs(step: Int, dot: Number) -> Number {
    Number(unknown: Lack(.locationCounter))
  }

  package mutating func leave(
    _ index: Int, inside: Number
  ) -> Number {
    if dialect == .lld { return leaveLLD(index) }
    defer { lastSection = index }
    if omissions.hidesOrphans { orphansPassed = false }
    guard let place = evidenceIndex[index] else {
      guard evidence.hasAllSections, !mayBeEmptyInPE(index) else {
        return Number(unknown: Lack(.locationCounter))
      }
      // GNU ld ignores a dropped section, unless its statements set something.
      return program.sections[index].setsSymbols ? inside : entryDot
    }
    orphansPassed = false
    let end = end(of: place)
    // A map shows dropped sections as empty ones, and a dropped one does not move the location counter, unless it
    // defines symbols.
    if evidence.listsDroppedSections, sections[place].size == 0, end != entryDot,
      !facts.value.defining.contains(index)
    {
      return Number(unknown: Lack(.locationCounter))
    }
    return end
  }

  package mutating func leaveOverlay(_ members: [Int], dot: Number) -> Number {
    if dialect == .lld, members.contains(where: { evidenceIndex[$0] == nil }) {
      return Number(unknown: Lack(.locationCounter))
    }
    var largest: UInt64 = 0
    for index in members {
      guard let place = evidenceIndex[index] else { continue }
      guard let end = end(of: place).exact else {
        return Number(unknown: Lack(.locationCounter))
      }
      largest = max(largest, end)
    }
    return largest == 0 ? dot : Number(largest)
  }

  package mutating func beforeMove(step: Int, dot: Number) -> Number {
    if program.hasInsert { return Number(unknown: Lack(.insertedStatement)) }
    guard evidence.hasAllSections else { return Number(unknown: Lack(.locationCounter)) }
    if dialect == .lld { return behindOrphansLLD(dot) }
    // Orphans stand before the first assignment to the location counter behind the section they follow,
    // unless the next output section is not allocated.
    guard let last = lastSection, !orphansPassed else { return dot }
    if omissions.hidesOrphans || isListedElsewhere(last) {
      orphansPassed = true
      return Number(unknown: Lack(.locationCounter))
    }
    guard let place = orphansAfter[last] else { return dot }
    orphansPassed = true
    guard nextSectionTakesOrphansFirst(after: step) else {
      return Number(unknown: Lack(.locationCounter))
    }
    return behindOrphan(place, dot)
  }

  package mutating func beforeRead(step: Int, dot: Number) -> Number {
    if program.hasInsert { return Number(unknown: Lack(.insertedStatement)) }
    if dialect == .lld { return beforeReadLLD(step: step, dot) }
    return standsAmongLooseOrphans || lastSection.map(isListedElsewhere) ?? false
      ? Number(unknown: Lack(.locationCounter)) : dot
  }

  private func isListedElsewhere(_ index: Int) -> Bool {
    facts.value.binding.isListedElsewhere(index, evidence)
  }

  /// Whether orphans have no section of the script to follow: GNU ld may have put them before this place.
  private var standsAmongLooseOrphans: Bool {
    lastSection.map { isAmongLooseOrphans($0) } ?? false
  }

  private func isAmongLooseOrphans(_ index: Int) -> Bool {
    index < facts.value.firstKept && facts.value.firstOrphans <= index
  }

  /// The location counter behind a line that may stand inside a section of a map or behind it: an empty one may
  /// have been dropped, and then it is as it was before the section, unless symbols are defined in it.
  package func beforeEither(_ index: Int, dot: Number) -> Number {
    guard let place = evidenceIndex[index], evidence.listsDroppedSections,
      sections[place].size == 0, base(of: .listed(index)) != entryDot,
      !facts.value.defining.contains(index)
    else { return dot }
    return Number(unknown: Lack(.context))
  }

  /// Behind the last section before which orphans may have been put.
  private mutating func passOrphansBeforeSection(_ dot: Number) -> Number {
    guard let last = lastSection, !orphansPassed else { return dot }
    if omissions.hidesOrphans { return Number(unknown: Lack(.locationCounter)) }
    guard let place = orphansAfter[last] else { return dot }
    orphansPassed = true
    return behindOrphan(place, dot)
  }

  /// Behind an orphan; an empty one of a map was dropped perhaps, and then it does not move the location counter.
  private func behindOrphan(_ place: Int, _ dot: Number) -> Number {
    let end = end(of: place)
    guard evidence.listsDroppedSections, sections[place].size == 0, end != dot else { return end }
    return Number(unknown: Lack(.locationCounter))
  }

  private func nextSectionTakesOrphansFirst(after step: Int) -> Bool {
    for later in program.steps[step...] {
      guard case .enter(let index) = later.action else { continue }
      guard let place = evidenceIndex[index] else { return true }
      return sections[place].flags?.contains(.allocated) ?? true
    }
    return true
  }

  func end(of place: Int) -> Number {
    let section = sections[place]
    guard let vma = section.vma, let size = section.size else {
      return Number(unknown: Lack(.locationCounter))
    }
    let flags = section.flags ?? .allocated
    // ELF does not keep the address of a section that is not allocated; .tbss takes no space.
    guard flags.contains(.allocated) else { return Number(unknown: Lack(.locationCounter)) }
    if flags.contains(.threadLocal), flags.contains(.noBits) { return Number(vma) }
    // A map has no flags: what is called .tbss takes room or not, as its contents were meant.
    if section.flags == nil, size > 0, section.name.starts(with: ".tbss".utf8) {
      return Number(unknown: Lack(.locationCounter))
    }
    // A PE image does not say which sections without bytes are thread-local, and those take no space.
    if omissions.isPE, flags.contains(.noBits), !section.name.starts(with: ".bss".utf8) {
      return Number(unknown: Lack(.locationCounter))
    }
    return Number(vma &+ size)
  }
}
