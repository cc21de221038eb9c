// The sections of a link that no pattern takes: what becomes of each, and where its statement stands. The order is that of
// ``GNUOrphans`` (ldlang.c, lang_place_orphans; ldelf.c, ldelf_place_orphan).

internal import LdsParser

/// The statements of a link, as orphans are placed among them.
struct LinkOutputs: OrphanWorld {
  let link: ObjectLink

  func name(of output: SectionStatement) -> NameID { output.name }
  func name(_ text: [UInt8]) -> NameID { link.names.intern(text) }
  func text(of name: NameID) -> [UInt8] { link.names.bytes(name) }

  /// An orphan's section is in the regions and segments of the one that it follows.
  func makeOutput(
    for orphan: Orphan<InputSection, NameID>, called name: NameID, behind home: SectionStatement?,
    isDuplicate: Bool
  ) -> SectionStatement {
    let section = SectionStatement(name)
    section.isDuplicate = isDuplicate
    section.region = link.defaultRegion
    guard !orphan.input.bits.isDisjoint(with: [.loaded, .allocated]) else {
      section.address = link.script.zero
      return section
    }
    guard let home else { return section }
    section.region = home.region
    section.loadRegion = home.loadRegion
    section.headers = home.headers
    if section.loadRegion != nil, section.region === link.defaultRegion {
      section.region = section.loadRegion
    }
    return section
  }

  func put(
    _ orphan: Orphan<InputSection, NameID>, into output: SectionStatement
  ) throws(LayoutStop) {
    try link.put(orphan: orphan.input, into: output)
  }
}

extension SectionStatement: OrphanOutput {
  var made: (type: UInt32, bits: SectionBits)? { output.map { ($0.type, $0.bits) } }
  var isTaken: Bool { fate != .notTaken }
  var isNoLoad: Bool { kind == .noLoad }
  var isMarked: Bool { (kind == .noLoad || kind == .readOnly) && !isMadePlain }
  var hasType: Bool { [.noLoad, .noAllocation, .readOnly].contains(kind) }
  var hasInput: Bool { output?.hasInput ?? false }
  var noteAlignment: UInt64 { 1 << UInt64(output?.alignmentPower ?? 0) }
  var hint: SectionBits {
    get { standardBits }
    set { standardBits = newValue }
  }
}

extension ObjectLink {
  /// Places every section that is open.
  func placeOrphans() throws(LayoutStop) {
    var orphans = orphanOrder()
    let common = names.intern("COMMON")
    for file in files {
      for section in file.sections where section.isOpen {
        if isLeftOut(section) {
          section.home = .discarded
        } else if section.name == common {
          try placeCommon(section, &orphans)
        } else if options.orphans == .discard {
          discard(section, &orphans)
        } else if options.orphans == .error {
          throw .linkerStops("unplaced orphan section `\(names.string(section.name))'")
        } else {
          try orphans.place(
            Orphan(
              input: section, name: section.name, type: section.type,
              flags: bitsWithFollowers(section), alignment: 1 << UInt64(section.alignmentPower)))
        }
      }
    }
    take(orphans)
  }

  private func orphanOrder() -> GNUOrphans<LinkOutputs> {
    let nodes: [GNUOrphans<LinkOutputs>.Node] = script.statements.enumerated().map { index, node in
      switch node {
      case .section(let section): .section(section)
      case .assignment(let statement):
        statement.assignment.isLocationCounter ? .move(index) : .other(index)
      case .assertion: .other(index)
      }
    }
    return GNUOrphans(
      LinkOutputs(link: self), options.dialect, absolute: SectionStatement(names.intern("*ABS*")),
      nodes: nodes, sections: outputs.map(\.statement))
  }

  /// Makes the order that of the link.
  private func take(_ orphans: GNUOrphans<LinkOutputs>) {
    let before = script.statements
    script.statements = orphans.nodes.map { node in
      switch node {
      case .section(let section): .section(section)
      case .move(let index), .other(let index): before[index]
      }
    }
    sections = Array(orphans.outputs.dropFirst())
    madeSections = orphans.made
    let ordered = orphans.sections.compactMap(\.output)
    let known = Set(ordered.map(ObjectIdentifier.init))
    outputs = ordered + outputs.filter { !known.contains(ObjectIdentifier($0)) }
  }

  /// COMMON goes to `.bss`, which is made behind everything if the script has none.
  private func placeCommon(
    _ section: InputSection, _ orphans: inout GNUOrphans<LinkOutputs>
  ) throws(LayoutStop) {
    let bss = standing(names.intern(".bss"), &orphans)
    let wasMade = bss.output != nil
    try put(orphan: section, into: bss)
    if !wasMade, bss.output != nil { orphans.sections.append(bss) }
  }

  /// The section statement of a name; a new one behind all others if there is none.
  private func standing(
    _ name: NameID, _ orphans: inout GNUOrphans<LinkOutputs>
  ) -> SectionStatement {
    if let known = orphans.made.first(where: { $0.name == name && $0.isTaken }) {
      return known
    }
    let new = SectionStatement(name)
    new.region = defaultRegion
    orphans.made.append(new)
    orphans.outputs.append(new)
    orphans.nodes.append(.section(new))
    return new
  }

  /// Adds an input section that no pattern took.
  fileprivate func put(
    orphan: InputSection, into section: SectionStatement
  ) throws(LayoutStop) {
    if isDiscard(section) {
      orphan.home = .discarded
      return
    }
    try put(orphan, into: section)
    section.body.append(.placed(PlacedInput(orphan)))
  }

  /// --orphan-handling=discard: as if `/DISCARD/` took it, which gets address 0 by a section that is not loaded.
  private func discard(_ section: InputSection, _ orphans: inout GNUOrphans<LinkOutputs>) {
    section.home = .discarded
    let discard = standing(discardName, &orphans)
    if section.bits.isDisjoint(with: [.loaded, .allocated]), discard.address == nil {
      discard.address = script.zero
    }
  }

  /// Later sections of the same name in the file may be writable: then all are placed as such.
  private func bitsWithFollowers(_ input: InputSection) -> SectionBits {
    var bits = input.bits
    guard let place = input.file.sections.firstIndex(where: { $0 === input }) else { return bits }
    for other in input.file.sections[(place + 1)...] {
      guard other.name == input.name, other.isOpen, !other.bits.contains(.excluded),
        other.bits.agrees(with: bits, in: [.loaded, .allocated])
      else { continue }
      if !other.bits.contains(.readOnly) { bits.remove(.readOnly) }
    }
    return bits
  }
}
