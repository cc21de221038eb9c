// Which output section of the image is which of the program: by name, and among equal names by order.

internal import LdsParser

/// The correspondence of a program's output sections and an image's.
struct SectionBinding {
  /// For each section of the program, its index in the evidence.
  var evidenceIndex: [Int?]
  /// For each section of the evidence, its index in the walker's list: that of the program's section, or
  /// a number behind them all.
  var listedIndex: [Int]
  /// The program's sections of which the image does not tell whether they are one of its own: those with ONLY_IF_RO or
  /// ONLY_IF_RW, which may not have been taken, and those beside orphans of their names.
  let open: Set<Int>
  /// For the program section (-1 for the start), the orphans that follow it in the image.
  var orphansAfter: [Int: [Int]]
  /// Sections of the program that were dropped and that orphans follow all the same.
  private(set) var droppedAnchors: Set<Int>
  /// For each section of the program, itself or, if the image does not have it, the last one before it that the
  /// image has; -1 if there is none.
  private let anchors: [Int]
  /// Whether the image has a section that the program does not name.
  private let hasOrphans: Bool
  /// Sections of the program, -1 for the start, between which the image's order of sections puts an orphan and that of
  /// addresses another: it may follow any of them.
  private let disordered: Set<Int>

  /// Whether an orphan stands elsewhere in the image than in the link: in front of the section that it seems to follow.
  /// Sections come into an image in the order in which they are made, and expressions make those that they name.
  let hasDisplacedOrphans: Bool

  init(_ program: Program, _ evidence: Evidence, _ dialect: LinkerDialect) {
    var places: [[UInt8]: [Int]] = [:]
    for (index, section) in evidence.sections.enumerated() {
      places[section.name, default: []].append(index)
    }
    var open: Set<Int> = []
    let names = SectionNames(program)
    let separated = SeparatedInputs(program, evidence, dialect, names)
    evidenceIndex = program.sections.enumerated().map { index, section in
      if let record = section.mapRecord, record < evidence.sections.count {
        let name = program.names.bytes(section.name)
        if evidence.sections[record].name == name { return record }
      }
      let found = (places[program.names.bytes(section.name)] ?? []).filter {
        evidence.sections[$0].maker != .orphan
      }
      if section.isConstrained {
        let mayBeOrphan = !names.takes(program.names.bytes(section.name))
        switch ConstrainedBinding(
          index, found, mayBeOrphan: mayBeOrphan, program, evidence)
        {
        case .taken(let place): return place
        case .absent:
          // An orphan of its name may have joined one that took nothing.
          if mayBeOrphan, !found.isEmpty, program.sectionCount(named: section.name) == 1,
            dialect.follows(.orphansJoinNamesakes)
          {
            open.insert(index)
          }
          return nil
        case .open:
          open.insert(index)
          return nil
        }
      }
      // Of several statements of a name it is not told which of them were empty and dropped.
      let isOneOfFewer =
        !found.isEmpty && found.count < program.sectionCount(named: section.name)
        && !evidence.listsDroppedSections
      if isOneOfFewer || found.count > program.sectionCount(named: section.name) {
        switch NamesakeBinding(index, found, program, evidence) {
        case .made(let place): return place
        case .open:
          open.insert(index)
          return nil
        }
      }
      guard section.ordinal < found.count else { return nil }
      // A section that its type keeps out of memory is another one than the orphan of its name, unless BFD has its flags from
      // the name (elf.c, special_sections).
      let place = found[section.ordinal]
      if !evidence.listsDroppedSections, !dialect.follows(.orphansJoinNamesakes),
        NamesakeBinding.isDoubtful(index, place, names, program, evidence, dialect)
      {
        open.insert(index)
        return nil
      }
      if NamesakeBinding.isSeparated(index, place, separated, names, program, evidence) {
        open.insert(index)
        return nil
      }
      if section.isNeverAllocated, evidence.sections[place].flags?.contains(.allocated) == true {
        open.insert(index)
        return nil
      }
      return place
    }
    self.open = open
    listedIndex = evidence.sections.indices.map { program.sections.count + $0 }
    for (index, place) in evidenceIndex.enumerated() {
      if let place { listedIndex[place] = index }
    }
    orphansAfter = [:]
    droppedAnchors = []
    var last = -1
    for index in evidence.sections.indices {
      if listedIndex[index] < program.sections.count {
        last = listedIndex[index]
      } else if let host = evidence.sections[index].droppedHost {
        droppedAnchors.insert(host)
        orphansAfter[host, default: []].append(index)
      } else {
        orphansAfter[last, default: []].append(index)
      }
    }
    var anchor = -1
    let dropped = droppedAnchors
    anchors = evidenceIndex.enumerated().map { index, place in
      if place != nil || dropped.contains(index) { anchor = index }
      return anchor
    }
    hasOrphans = !orphansAfter.isEmpty
    hasDisplacedOrphans = Self.hasDisplacedOrphans(evidence, listedIndex, program.sections.count)
    let doubtful = Set(open.map { program.names.bytes(program.sections[$0].name) })
    let orphans = orphansAfter.mapValues { places in
      places.filter { !doubtful.contains(evidence.sections[$0].name) }
    }
    disordered = Self.disordered(evidenceIndex, orphans, evidence)
  }

  /// GNU ld puts an orphan behind its home in the file, and among the statements of the script behind one that goes there
  /// too (ldelf.c, ldelf_place_orphan; ldlang.c, lang_insert_orphan).
  private static func disordered(
    _ places: [Int?], _ orphans: [Int: [Int]], _ evidence: Evidence
  ) -> Set<Int> {
    func isMet(_ section: Evidence.Section) -> Bool {
      section.flags?.contains(.allocated) == true && section.size != 0
    }
    var found: Set<Int> = []
    for (anchor, orphans) in orphans {
      var end: UInt64 = 0
      if anchor >= 0 {
        guard let place = places[anchor], isMet(evidence.sections[place]),
          let known = endOfRoom(evidence.sections[place])
        else { continue }
        end = known
      }
      var behind = anchor
      for index in (anchor + 1)..<max(places.count, anchor + 1) {
        guard let next = places[index], isMet(evidence.sections[next]),
          let nextStart = evidence.sections[next].vma
        else { continue }
        // Elsewhere than behind it, another region goes on.
        guard nextStart >= end else { break }
        let isPassed = orphans.contains { orphan in
          isMet(evidence.sections[orphan]) && evidence.sections[orphan].vma ?? 0 >= nextStart
        }
        guard isPassed else { break }
        behind = index
      }
      if behind > anchor { found.formUnion(anchor...behind) }
    }
    return found
  }

  /// Where the location counter is behind a section: thread-local zeros take no room.
  private static func endOfRoom(_ section: Evidence.Section) -> UInt64? {
    section.flags?.isSuperset(of: [.threadLocal, .noBits]) == true ? section.vma : section.end
  }

  /// Whether an orphan may stand behind a section of the program, before all of them if nil, or not.
  func isDisordered(behind index: Int?) -> Bool { disordered.contains(anchor(of: index)) }

  private static func hasDisplacedOrphans(
    _ evidence: Evidence, _ listedIndex: [Int], _ count: Int
  ) -> Bool {
    var last: UInt64 = 0
    for (index, section) in evidence.sections.enumerated() {
      guard section.flags?.contains(.allocated) == true, let start = section.vma else { continue }
      if listedIndex[index] >= count, start < last { return true }
      last = start
    }
    return false
  }

  /// A section of the program, or the last one before it that the image has; -1 if there is none.
  func anchor(of index: Int?) -> Int {
    guard let index, anchors.indices.contains(index) else { return -1 }
    return anchors[index]
  }

  /// Whether a statement of ONLY_IF_RO or ONLY_IF_RW that was not met stands before the next section that the image has:
  /// some orphans are put in front of it, and others take it for the last section of their kind and go behind it.
  func isFollowedByUntaken(_ index: Int?, _ program: Program) -> Bool {
    guard !program.isMap else { return false }
    for next in (anchor(of: index) + 1)..<max(program.sections.count, anchor(of: index) + 1) {
      if evidenceIndex[next] != nil { return false }
      if program.sections[next].isConstrained { return true }
    }
    return false
  }

  /// The allocated orphans behind a section of the program, -1 for those before all. A section that the image
  /// does not have stands between an orphan and the section that the orphan follows.
  func allocatedOrphans(
    after index: Int, _ evidence: Evidence, _ dialect: LinkerDialect
  ) -> [Int] {
    let anchor = anchors.indices.contains(index) ? anchors[index] : -1
    guard let orphans = orphansAfter[anchor] else { return [] }
    let host = anchor < 0 ? nil : evidenceIndex[anchor].map { evidence.sections[$0] }
    return orphans.filter {
      // A map has no flags; what is not allocated is at address 0 there, where no orphan is that follows a section
      // which ends behind it. lld puts it behind everything else.
      let section = evidence.sections[$0]
      if let flags = section.flags { return flags.contains(.allocated) }
      if section.vma != 0 { return true }
      guard dialect == .bfd, let host, let start = host.vma, let size = host.size else {
        return dialect == .bfd
      }
      return start &+ size == 0
    }
  }

  /// Whether what seems to be an orphan behind a section may be one of the program that was taken after all.
  func mayFollowNone(_ index: Int?, _ program: Program, _ evidence: Evidence) -> Bool {
    guard !open.isEmpty, let orphans = orphansAfter[anchor(of: index)] else { return false }
    let names = Set(open.map { program.names.bytes(program.sections[$0].name) })
    return orphans.contains { names.contains(evidence.sections[$0].name) }
  }

  /// Whether an image may list a section, or the one before it where it has none of this name, away from the orphans
  /// that follow it: what is not allocated, by its type or its contents, stands behind all that is. Orphans that are
  /// not allocated themselves, such as `.comment`, follow it as well, at address 0.
  func isListedElsewhere(_ index: Int, _ evidence: Evidence) -> Bool {
    guard hasOrphans, anchors[index] >= 0, let place = evidenceIndex[anchors[index]]
    else {
      return false
    }
    return evidence.sections[place].flags?.contains(.allocated) == false
  }

  /// Whether the linker may have dropped a section of the program.
  func mayBeDropped(_ index: Int, _ evidence: Evidence) -> Bool {
    guard let place = evidenceIndex[index] else { return true }
    return evidence.listsDroppedSections && evidence.sections[place].size == 0
  }
}
