// The facts of a link that happened, from what its image shows: what the sections are called, where they start and
// end, and what the symbols came to. What the image does not tell stays open.

package import LdsParser

/// The facts of one image about the names of one program.
package struct LinkFacts: LayoutFacts {
  package let premise = NumberPremise.oneLink
  let lookup: Shared<LinkLookup>
  /// The image's output sections; a layout that is computed again moves them.
  var sections: [Evidence.Section]
  /// The image's symbols by the program's names.
  var symbols: [Evidence.Symbol?]
  /// The location counter where symbols tell it; that of a layout that is computed again is another one.
  private let told: Shared<ToldPlaces>
  private let surelyDropped: Shared<SurelyDropped>

  var program: Program { lookup.value.program }
  var evidence: Evidence { lookup.value.evidence }
  var dialect: LinkerDialect { lookup.value.dialect }
  var binding: SectionBinding { lookup.value.binding }
  var omissions: PEOmissions { lookup.value.omissions }

  /// The facts of `evidence` for `program`, linked by the linker of `dialect`.
  package init(_ program: Program, _ evidence: Evidence, _ dialect: LinkerDialect) {
    lookup = Shared(LinkLookup(program, evidence, dialect))
    sections = evidence.sections
    let symbols = (0..<program.names.count).map { evidence.symbols[program.names.bytes(at: $0)] }
    self.symbols = symbols
    let omissions = lookup.value.omissions
    let told =
      program.hasInsert
      ? ToldPlaces()
      : ToldPlaces(program, dialect) { name in
        guard let symbol = symbols[Int(name.index)], symbol.place != .undefined,
          !omissions.misplaced.contains(name), Self.tellsPlace(symbol, evidence, dialect)
        else { return nil }
        return symbol.address
      }
    self.told = Shared(told)
    surelyDropped = Shared(SurelyDropped(program, evidence, lookup.value.binding, told, dialect))
  }

  package func tellsLocationCounter(_ name: NameID) -> Bool {
    symbols[Int(name.index)].map { Self.tellsPlace($0, evidence, dialect) } ?? true
  }

  /// Whether a symbol is where the location counter was: lld takes the place one byte before a section for the end of it,
  /// which it comes to behind one that takes no room (LinkerScript.cpp, getSymbolValue; SectionBase::getOffset).
  private static func tellsPlace(
    _ symbol: Evidence.Symbol, _ evidence: Evidence, _ dialect: LinkerDialect
  ) -> Bool {
    guard dialect == .lld, case .section(let place) = symbol.place,
      let flags = evidence.sections[place].flags, evidence.sections[place].end == symbol.address
    else { return true }
    return flags.contains(.allocated) && !flags.isSuperset(of: [.threadLocal, .noBits])
  }

  // MARK: Sections

  package var addressWidth: AddressWidth { evidence.is32Bit ? .lowerHalf : .full }

  package var isELF: Bool { evidence.isELF }

  package var mayRelax: Bool { evidence.mayRelax }

  package var headerSize: UInt64? {
    // lld leaves program headers out after it has evaluated the script.
    dialect == .bfd ? evidence.headerSize : nil
  }

  package func isStartCertain(_ index: Int) -> Bool {
    guard let record = record(index), record.flags?.contains(.allocated) == true,
      evidence.kinds.indices.contains(record.file), evidence.kinds[record.file] == .elf
    else { return true }
    return evidence.confirmedStarts.contains(record.name)
      || evidence.settings.sectionStarts.contains { $0.section == record.name }
  }

  package func section(_ index: Int) -> SectionFacts {
    guard index < program.sections.count else {
      guard let record = record(index) else { return .open }
      return facts(of: record, .kept)
    }
    guard let place = binding.evidenceIndex[index] else { return missing(index) }
    let record = sections[place]
    // A section in which a statement stands has an address, if it was taken.
    if program.isMap, dialect == .bfd, record.vma == nil {
      return SectionFacts(presence: .notTaken, start: nil, size: 0, room: .open)
    }
    // A map shows dropped sections as empty ones.
    let mayBeDropped = evidence.listsDroppedSections && record.size == 0
    var found = facts(of: record, mayBeDropped ? .open : .kept)
    // Thread-local contents that are not loaded are zeros to the linker, and a map does not tell of either.
    if record.flags == nil, record.size != 0, program.mayUnloadThreadLocals(index) {
      found.room = .open
    }
    return found
  }

  private func facts(
    of record: Evidence.Section, _ presence: SectionPresence
  ) -> SectionFacts {
    SectionFacts(
      presence: presence, start: record.vma, size: record.size, room: room(record),
      flags: record.flags)
  }

  /// A section of the script that the image does not list was dropped, if the image lists all there are.
  private func missing(_ index: Int) -> SectionFacts {
    if binding.open.contains(index) { return .open }
    let section = program.sections[index]
    let name = program.names.bytes(section.name)
    // Where an expression made a section of one that was not taken, its statements were in that.
    if section.isConstrained, sections.contains(where: { $0.isEmptyOne(of: name) }) { return .open }
    let isElsewhere = lookup.value.byName[name] != nil
    // A map of lld does not tell which of two was taken.
    if section.isConstrained, !evidence.listsDroppedSections,
      sections.contains(where: { $0.name == name && $0.flags == nil })
    {
      return .open
    }
    if section.isConstrained, evidence.hasAllSections,
      isElsewhere || evidence.absentSize(name) == 0
    {
      // One without input sections is read-only, so that it was taken, and dropped: its statements stand inside then.
      if section.description?.constraint == .onlyIfRO,
        section.setsSymbols || section.description?.address != nil, !evidence.listsDroppedSections,
        !leavesUndefined(index)
      {
        return .open
      }
      return SectionFacts(presence: .notTaken, start: nil, size: 0, room: .open)
    }
    guard evidence.hasAllSections, !omissions.mayCut(name) else { return .open }
    // What strip or objcopy took away was not dropped, and is none that lld gives an address.
    guard evidence.absentSize(name) == 0 || surelyDropped.value.contains(index) else {
      return SectionFacts(presence: .open, room: unallocatedRoom)
    }
    let isHidden = omissions.isPE && (section.setsSymbols || name == Array(".reloc".utf8))
    return SectionFacts(
      presence: isHidden ? .open : .dropped, start: nil, size: 0, room: isHidden ? .open : .none)
  }

  /// Whether an image has a symbol as undefined that a statement in a section sets: GNU ld gives numbers the section of what is
  /// undefined where there is none.
  private func leavesUndefined(_ index: Int) -> Bool {
    guard dialect == .bfd else { return false }
    return program.steps.indices.contains { step in
      guard program.steps[step].context == .inside(index),
        case .assignment(let assignment) = program.steps[step].action, !assignment.kind.isProvide,
        program.isLastAssignment(step, of: assignment.target.name)
      else { return false }
      return symbols[Int(assignment.target.name.index)]?.place == .undefined
    }
  }

  /// What a section takes that is not part of the image: ELF does not keep its address.
  private var unallocatedRoom: SectionRoom {
    dialect.follows(.unallocatedSectionsTakeNoRoom) ? .none : .open
  }

  /// Whether a section moves the location counter.
  private func room(_ section: Evidence.Section) -> SectionRoom {
    guard section.vma != nil, let size = section.size else { return .open }
    guard let flags = section.flags else {
      // A map has no flags: what is called .tbss takes room or not, as its contents were meant, and for lld an address
      // of 0 may be that of a section that is not allocated.
      let isThreadLocal = section.name.starts(with: ".tbss".utf8) || section.isThreadLocalByRows
      let mayBeOutside = unallocatedRoom == .none && section.vma == 0
      return mayBeOutside || (isThreadLocal && size > 0) ? .open : .taken
    }
    // .tbss takes no space.
    guard flags.contains(.allocated) else { return unallocatedRoom }
    if flags.isSuperset(of: [.threadLocal, .noBits]) {
      return section.isOfThreadSegment ? .none : .open
    }
    // A PE image does not say which sections without bytes are thread-local, and those take no space.
    let isUnmarked =
      omissions.isPE && flags.contains(.noBits) && !section.name.starts(with: ".bss".utf8)
    return isUnmarked ? .open : .taken
  }

  package func listedPlace(of step: Int) -> (before: UInt64, behind: UInt64)? {
    evidence.listedPlaces.place(at: step, of: program).map { ($0.before, $0.behind) }
  }

  package func toldPlace(of step: Int) -> UInt64? { told.value[step] }

  package func fact(_ function: NameFunction, ofSection index: Int) -> UInt64? {
    let record = record(index)
    switch function {
    case .alignOf:
      // Where lld was to pack a section, it has lost its alignment, even if packing it made it no smaller.
      if dialect == .lld, let record, record.alignment == 1, !isInMemory(record) { return nil }
      return record?.alignment
    case .loadAddress:
      if let record, isOutsideOfSegments(record) { return record.vma }
      guard let record else { return nil }
      // Without AT a section is loaded where it runs, whatever became of that behind the script.
      if isPrinted(record), program.loading.sections == .none, program.loading.headers == .none {
        return record.vma
      }
      return tellsLoadAddress(record, index) ? record.lma : nil
    default: return nil
    }
  }

  /// Whether a section is part of the image in memory, as far as that is known.
  private func isInMemory(_ record: Evidence.Section) -> Bool {
    record.flags.map { $0.contains(.allocated) } ?? (record.vma != 0)
  }

  package func unlistedSection(_ name: NameID) -> UnlistedSection {
    let bytes = program.names.bytes(name)
    if dialect == .bfd, evidence.hasAllSections, program.section(named: name) != nil {
      // An expression above a statement of ONLY_IF makes its section, met or not, beside the orphan of its name.
      return .unknown(Lack(.sectionExistence(name)))
    }
    if let index = lookup.value.byName[bytes] { return .found(binding.listedIndex[index]) }
    if evidence.hasAllSections, evidence.isInNoObject(section: bytes) { return .absent }
    // lld knows a section that is neither in the script nor in the image as an empty one, unless objcopy took it away.
    return evidence.hasAllSections && !omissions.mayCut(bytes)
      && (evidence.hasAllSymbols || (dialect == .lld && !evidence.mayHaveLost(bytes)))
      ? .absent : .unknown(Lack(.sectionExistence(name), mayStop: true))
  }

  package func section(meantBy name: NameID, _ first: Int) -> Int? {
    if program.isMap, dialect == .bfd, section(first).presence == .notTaken {
      let name = program.sections[first].name
      return program.sections.indices.first {
        program.sections[$0].name == name && section($0).presence != .notTaken
      }
    }
    // To lld a name is that of its first section, taken or not (LinkerScript.cpp, createOutputSection).
    guard program.sections[first].isConstrained, evidence.hasAllSections, dialect == .bfd else {
      return first
    }
    return program.sections.indices.first {
      program.sections[$0].name == name && binding.evidenceIndex[$0] != nil
    }
  }

  package func startsSection(_ address: UInt64) -> Bool {
    // What stands before all sections counts from 0.
    address == 0 || !evidence.hasAllSections || sections.contains { $0.vma == address }
  }

  package func orphans(behind index: Int?) -> OrphanPlacement {
    guard evidence.hasAllSections else { return .hidden }
    if dialect == .bfd, mayStandAnywhere(behind: index) { return .anywhere }
    if omissions.hidesOrphans, index != nil { return .hidden }
    let orphans = binding.allocatedOrphans(after: index ?? -1, evidence, dialect)
    if orphans.isEmpty { return .none }
    if dialect == .bfd, binding.isFollowedByUntaken(index, program) { return .anywhere }
    // Orphans that have no section of the script to follow may stand before any statement up to the first section
    // that was kept, and those behind a section that was kept behind one of those that were dropped after it.
    if dialect == .bfd {
      let isAmbiguous = lookup.value.droppedHosts.contains(binding.anchor(of: index))
      if isAmbiguous { return .anywhere }
      // Behind a dropped section its predecessor's orphans have been passed.
      if let index, binding.evidenceIndex[index] == nil, !binding.droppedAnchors.contains(index) {
        return .none
      }
      // Behind the last section, those that the linker makes itself decide on which side of the statements orphans are.
      if index == program.sections.indices.last, dialect.follows(.ownSectionsFirst) {
        return .hidden
      }
    }
    return .listed(
      orphans.map { place in
        let section = sections[place]
        let room = room(section)
        return OrphanFacts(
          index: binding.listedIndex[place], start: room == .open ? nil : section.vma,
          size: room == .none ? 0 : section.size,
          mayBeDropped: evidence.listsDroppedSections && section.size == 0)
      })
  }

  /// Whether the image leaves open what GNU ld put behind a section: it lists the section at another place, its orphans
  /// may follow none or stand in another order, or the section may have taken what is not allocated.
  private func mayStandAnywhere(behind index: Int?) -> Bool {
    if binding.mayFollowNone(index, program, evidence) || binding.hasDisplacedOrphans
      || binding.isDisordered(behind: index)
    {
      return true
    }
    guard let index else { return false }
    return binding.isListedElsewhere(index, evidence) || mayHostUnallocated(index)
  }

  /// Whether orphans that are not allocated, and which a map lists at 0, may follow a section before the statements
  /// behind it: one that is not allocated itself, or only for room that its statements leave, or `.comment`, whatever is in
  /// it (ldelf.c, ldelf_place_orphan).
  private func mayHostUnallocated(_ index: Int) -> Bool {
    // What has no section of its own in the image may have been one to the linker.
    if binding.evidenceIndex[index] == nil, !evidence.listsDroppedSections,
      program.names.bytes(program.sections[index].name) == Array(".comment".utf8)
    {
      return true
    }
    let anchor = binding.anchor(of: index)
    guard anchor >= 0, let place = binding.evidenceIndex[anchor] else { return false }
    let orphans = binding.orphansAfter[anchor] ?? []
    let isUnpromised = evidence.unpromisedSections.contains(sections[place].name)
    if let flags = sections[place].flags {
      guard flags.contains(.allocated) else { return false }
      if isUnpromised, program.sections[anchor].description?.body.contentsOfItsOwn == .room {
        return true
      }
      return sections[place].name == Array(".comment".utf8)
        && orphans.contains { sections[$0].flags?.contains(.allocated) != true }
    }
    return isUnpromised && orphans.contains { sections[$0].vma == 0 && sections[$0].size != 0 }
  }

  package var orphanStarts: [(index: Int, start: UInt64)] {
    orphans.compactMap { place in
      guard let start = sections[place].vma, room(sections[place]) == .taken else { return nil }
      return (binding.listedIndex[place], start)
    }
  }

  package func hidesDroppedSections(behind index: Int?) -> Bool {
    guard program.isMap else { return false }
    let start = index.map { (binding.evidenceIndex[$0] ?? -1) + 1 } ?? 0
    for section in evidence.sections[min(start, evidence.sections.count)...] {
      if section.name == Array("/DISCARD/".utf8) { continue }
      return section.vma == nil
    }
    return false
  }

  /// Evidence indices of the sections that the program does not name.
  var orphans: [Int] {
    binding.listedIndex.indices.filter { binding.listedIndex[$0] >= binding.evidenceIndex.count }
  }

  /// The evidence of a section by its index in the walker's list.
  func record(_ index: Int) -> Evidence.Section? {
    if index < binding.evidenceIndex.count {
      return binding.evidenceIndex[index].map { sections[$0] }
    }
    let place = index - binding.evidenceIndex.count
    guard place < binding.listedIndex.count, binding.listedIndex[place] == index else { return nil }
    return sections[place]
  }
}

extension Evidence.Section {
  /// Whether it has this name, an address, and nothing in it.
  fileprivate func isEmptyOne(of other: [UInt8]) -> Bool {
    size == 0 && vma != nil && name == other
  }
}

extension Program {
  /// Whether a section is not loaded, by its type, and may take thread-local input sections.
  fileprivate func mayUnloadThreadLocals(_ index: Int) -> Bool {
    guard let description = sections[index].description, case .noload = description.type else {
      return false
    }
    // What its patterns leave over goes to the section of its name.
    return SectionNames.mayMatch(names.bytes(sections[index].name), SectionNames.threadLocal)
      || description.body.patterns(names).contains {
        SectionNames.mayMatch($0, SectionNames.threadLocal)
      }
  }
}
