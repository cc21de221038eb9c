// Where GNU ld 2.40 puts sections that no pattern takes (ldlang.c, lang_place_orphans, lang_output_section_find_by_flags,
// lang_insert_orphan; ldelf.c, ldelf_place_orphan).

internal import LdsParser

/// Places orphans.
struct OrphanPlacer {
  /// The place of the last orphan of a kind.
  struct Hold {
    /// The section that the first one follows.
    var section: SectionStatement?
    /// The output section that the next one follows in BFD's list.
    var output: OutputSection?
    /// The last one.
    var last: SectionStatement?
  }

  /// The section that an orphan follows.
  enum Place {
    /// It goes to the end of the list.
    case end
    /// Nothing is like it: it goes in front of everything.
    case front
    case behind(SectionStatement)
  }

  let link: ObjectLink
  var holds: [OrphanKind: Hold] = [:]
  private var areNamesFound = false
  var firstNote: OutputSection?

  init(_ link: ObjectLink) {
    self.link = link
    for kind in OrphanKind.allCases { holds[kind] = Hold() }
  }

  /// Places every section that is open.
  mutating func place() throws(LayoutStop) {
    let common = link.names.intern("COMMON")
    for file in link.files {
      for section in file.sections where section.isOpen {
        if link.isLeftOut(section) {
          section.home = .discarded
        } else if section.name == common {
          try placeCommon(section)
        } else if link.options.orphans == .discard {
          discard(section)
        } else if link.options.orphans == .error {
          throw .linkerStops(
            "unplaced orphan section `\(link.names.string(section.name))'")
        } else {
          try place(section)
        }
      }
    }
  }

  /// COMMON goes to `.bss`, which is made behind everything if the script has none.
  private func placeCommon(_ section: InputSection) throws(LayoutStop) {
    let name = link.names.intern(".bss")
    var bss = link.statement(named: name)
    if bss == nil {
      let made = SectionStatement(name)
      link.append(made)
      bss = made
    }
    guard let bss else { return }
    try put(section, into: bss)
  }

  func put(_ input: InputSection, into section: SectionStatement) throws(LayoutStop) {
    if link.isDiscard(section) {
      input.home = .discarded
      return
    }
    try link.put(input, into: section)
    section.body.append(.placed(PlacedInput(input)))
  }

  /// --orphan-handling=discard: as if `/DISCARD/` took it, which gets address 0 by a section that is not loaded.
  private func discard(_ section: InputSection) {
    section.home = .discarded
    var discard = link.statement(named: link.discardName)
    if discard == nil {
      let made = SectionStatement(link.discardName)
      link.append(made)
      discard = made
    }
    if section.bits.isDisjoint(with: [.loaded, .allocated]), discard?.address == nil {
      discard?.address = link.script.zero
    }
  }

  private mutating func place(_ input: InputSection) throws(LayoutStop) {
    var name = input.name
    let isRela = input.type == ObjectSection.Kind.relocationsWithAddend
    let isDynamic =
      input.bits.contains(.allocated) && ObjectSection.Kind.isRelocations(input.type)
    if isDynamic {
      name = link.names.intern(isRela ? ".rela.dyn" : ".rel.dyn")
    }
    var empty: SectionStatement?
    var isNamed = false
    for section in link.madeSections where section.name == name && !section.isDead {
      isNamed = true
      guard let output = section.output else {
        empty = section
        continue
      }
      if output.bits.isEmpty || joins(input, output) { return try put(input, into: section) }
    }
    if let empty { return try put(input, into: empty) }
    findNames()
    let text = link.names.bytes(input.name)
    if text.starts(with: ".gnu.warning.".utf8), let section = holds[.text]?.section {
      return try put(input, into: section)
    }
    let bits = bitsWithFollowers(input)
    let kind = OrphanKind(bits, type: input.type)
    var place = Place.end
    if let kind {
      if holds[kind]?.section == nil {
        holds[kind]?.section =
          kind.home.map { link.statement(named: link.names.intern($0)) }
          ?? OrphanHomes.relocations(
            isDynamic: isDynamic, isRela: isRela, among: link.sections
          ) { link.names.bytes($0.name) }
      }
      let section = holds[kind]?.section ?? similar(to: input, bits, kind)
      place = section.map { .behind($0) } ?? .front
    }
    try insert(input, name, place, kind, isDuplicate: isNamed)
  }

  /// Whether an output section of its name takes an orphan: it is as loaded as that, and of its type.
  private func joins(_ input: InputSection, _ output: OutputSection) -> Bool {
    output.bits.agrees(with: input.bits, in: [.loaded, .allocated]) && output.type == input.type
  }

  /// The standard sections that the script names get the flags of their kind, if nothing is in them.
  private mutating func findNames() {
    guard !areNamesFound else { return }
    areNamesFound = true
    for kind in OrphanKind.allCases {
      guard let name = kind.home else { continue }
      let section = link.statement(named: link.names.intern(name))
      holds[kind]?.section = section
      if let section, section.standardBits.isEmpty { section.standardBits = kind.bits }
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

  /// The last section that is like an orphan.
  private mutating func similar(
    to input: InputSection, _ bits: SectionBits, _ kind: OrphanKind
  ) -> SectionStatement? {
    let found = OrphanHomes.similar(to: bits, type: input.type, among: link.sections)
    if let found, found.isEqual { holds[kind]?.section = found.host }
    return found?.host
  }
}

extension SectionStatement: OrphanHost {
  var made: (type: UInt32, bits: SectionBits)? { output.map { ($0.type, $0.bits) } }
}

extension LayoutStatement {
  func isSection(_ other: SectionStatement) -> Bool {
    if case .section(let section) = self { section === other } else { false }
  }
}

extension ObjectLink {
  func placeOrphans() throws(LayoutStop) {
    var placer = OrphanPlacer(self)
    try placer.place()
  }
}
