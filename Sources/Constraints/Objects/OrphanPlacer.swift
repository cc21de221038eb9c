// Where GNU ld 2.40 puts sections that no pattern takes (ldlang.c, lang_place_orphans, lang_output_section_find_by_flags,
// lang_insert_orphan; ldelf.c, ldelf_place_orphan).

internal import LdsParser

/// Places orphans.
struct OrphanPlacer {
  /// Kinds of orphans: each follows a standard section, and then the last orphan of its kind.
  enum Kind: CaseIterable {
    case text, rodata, threadLocal, data, bss, relocations, note, small, notAllocated

    var name: String? {
      switch self {
      case .text: ".text"
      case .rodata: ".rodata"
      case .threadLocal: ".tdata"
      case .data: ".data"
      case .bss: ".bss"
      case .relocations: nil
      case .note: ".interp"
      case .small: ".sdata"
      case .notAllocated: ".comment"
      }
    }

    var bits: SectionBits {
      let loaded = SectionBits.loadedContents
      return switch self {
      case .text: loaded.union([.readOnly, .code])
      case .rodata, .relocations, .note: loaded.union([.readOnly, .data])
      case .threadLocal: loaded.union([.data, .threadLocal])
      case .data: loaded.union(.data)
      case .bss: .allocated
      case .small: loaded.union([.data, .small])
      case .notAllocated: .contents
      }
    }
  }

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
  var holds: [Kind: Hold] = [:]
  private var areNamesFound = false
  var firstNote: OutputSection?

  init(_ link: ObjectLink) {
    self.link = link
    for kind in Kind.allCases { holds[kind] = Hold() }
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
    let isRelocation =
      input.type == ObjectSection.Kind.relocationsWithAddend
      || input.type == ObjectSection.Kind.relocations
    let isDynamic = input.bits.contains(.allocated) && isRelocation
    if isDynamic {
      let isRela = input.type == ObjectSection.Kind.relocationsWithAddend
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
    let kind = kind(of: input, bits)
    var place = Place.end
    if let kind {
      if holds[kind]?.section == nil {
        let isRela = input.type == ObjectSection.Kind.relocationsWithAddend
        let section =
          kind.name.map { link.statement(named: link.names.intern($0)) }
          ?? relocationPlace(isDynamic, isRela: isRela)
        holds[kind]?.section = section
      }
      let section = holds[kind]?.section ?? similar(to: input, bits, kind, matchingType: true)
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
    for kind in Kind.allCases {
      guard let name = kind.name else { continue }
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

  private func kind(of input: InputSection, _ bits: SectionBits) -> Kind? {
    if bits.isDisjoint(with: [.allocated, .debugging]) { return .notAllocated }
    if !bits.contains(.allocated) { return nil }
    if bits.contains(.loaded), input.type == ObjectSection.Kind.note { return .note }
    if bits.isDisjoint(with: [.loaded, .contents, .threadLocal]) { return .bss }
    if bits.contains(.small) { return .small }
    if bits.contains(.threadLocal) { return .threadLocal }
    if !bits.contains(.readOnly) { return .data }
    let isRelocation =
      input.type == ObjectSection.Kind.relocationsWithAddend
      || input.type == ObjectSection.Kind.relocations
    if bits.contains(.loaded), isRelocation { return .relocations }
    return bits.contains(.code) ? .text : .rodata
  }

  /// ldelf.c, output_rel_find
  private func relocationPlace(_ isDynamic: Bool, isRela: Bool) -> SectionStatement? {
    var last: SectionStatement?
    var allocated: SectionStatement?
    var readOnly: SectionStatement?
    var relocations: SectionStatement?
    var allocatedRelocations: SectionStatement?
    for section in link.sections {
      let name = link.names.bytes(section.name)
      let isAllocated = section.output?.bits.contains(.allocated) ?? false
      if !section.isDead, name.starts(with: ".rel".utf8) {
        let rela = name.count > 4 && name[4] == UInt8(ascii: "a")
        let rest = name.dropFirst(rela ? 5 : 4)
        if isDynamic || rest.elementsEqual(".plt".utf8) { break }
        if rela == isRela || relocations == nil { relocations = section }
        if rela == isRela || allocatedRelocations == nil, isAllocated {
          allocatedRelocations = section
        }
      }
      last = section
      if isAllocated {
        allocated = section
        if section.output?.bits.contains(.readOnly) ?? false { readOnly = section }
      }
    }
    return allocatedRelocations ?? relocations ?? readOnly ?? allocated ?? last
  }

  // MARK: Sections like it

  /// The last section that is like an orphan: of equal flags, else of similar ones, of another type last
  /// (ldlang.c, lang_output_section_find_by_flags).
  private mutating func similar(
    to input: InputSection, _ bits: SectionBits, _ kind: Kind?, matchingType: Bool
  ) -> SectionStatement? {
    let all: SectionBits = [.contents, .allocated, .loaded]
    func last(_ matchesType: Bool, where fits: (SectionBits) -> Bool) -> SectionStatement? {
      link.sections.last { section in
        if section.isDead { return false }
        if matchesType, let output = section.output, output.type != input.type { return false }
        return fits(section.bits)
      }
    }
    func agreeing(_ mask: SectionBits, _ matchesType: Bool = matchingType) -> SectionStatement? {
      last(matchesType) { $0.agrees(with: bits, in: mask) }
    }
    if let found = agreeing(all.union([.readOnly, .code, .small, .threadLocal])) {
      if let kind { holds[kind]?.section = found }
      return found
    }
    guard bits.contains(.allocated) else { return agreeing(.debugging, false) }
    var matchingType = matchingType
    let found: SectionStatement?
    if bits.contains(.code) {
      found = agreeing(all.union([.code, .small, .threadLocal]))
    } else if bits.contains(.readOnly) {
      found = last(matchingType) { other in
        other.agrees(with: bits, in: all.union([.readOnly, .small]))
          || (other.agrees(with: bits, in: all.union(.readOnly)) && !other.contains(.small))
      }
    } else if bits.contains(.threadLocal) {
      found = similarThreadLocal(bits)
      matchingType = false
    } else if bits.contains(.small) {
      found = last(matchingType) { other in
        other.agrees(with: bits, in: all.union(.threadLocal))
          || (other.contains(.small) && !bits.contains(.contents))
      }
    } else if bits.contains(.contents) {
      found = agreeing(all.union([.small, .threadLocal]))
    } else {
      found = agreeing(.allocated)
    }
    if found != nil || !matchingType { return found }
    return similar(to: input, bits, nil, matchingType: false)
  }

  private func similarThreadLocal(_ bits: SectionBits) -> SectionStatement? {
    var found: SectionStatement?
    var isSeen = false
    for section in link.sections {
      let other = section.bits
      let wanted = bits.union([.loaded, .contents])
      if other.agrees(with: wanted, in: [.threadLocal, .allocated]) {
        if !other.contains(.loaded), bits.contains(.loaded) { break }
        found = section
        isSeen = true
      } else if isSeen {
        break
      } else if other.agrees(with: wanted, in: .loadedContents) {
        found = section
      }
    }
    return found
  }
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
