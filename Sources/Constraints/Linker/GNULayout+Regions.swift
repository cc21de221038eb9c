// In which region a section is placed, and where that goes on (ldlang.c, lang_size_sections_1).

internal import LdsParser

extension GNULayout {
  /// The region of an output section.
  enum PlacedRegion: Hashable {
    /// The default one, which all of memory belongs to.
    case standard
    /// A declared one, by its index.
    case declared(Int)
    /// It is not known.
    case open
  }

  /// The region that a section is placed in: the one that it names, else the first whose attributes fit its flags.
  func region(of index: Int) -> PlacedRegion {
    switch plan.traits[index].home {
    case .standard: return .standard
    case .declared(let region): return .declared(region)
    case .undeclared: return .open
    case .byFlags: break
    }
    return isLink ? regionByFlags(of: index) : .open
  }

  /// The region that the orphans behind the last section go on in: that of the section that they follow.
  func regionOfOrphan(_ index: Int) -> PlacedRegion {
    if program.regions.isEmpty { return .standard }
    return lastSection.map { region(of: $0) } ?? regionByFlags(of: index)
  }

  private func regionByFlags(of index: Int) -> PlacedRegion {
    let facts = facts.section(index)
    // An empty section may have had no flags yet when ld chose.
    guard let flags = facts.flags, facts.size != 0 else { return .open }
    let bits = SectionBits(flags)
    // What is not part of the image stays in the default region.
    guard !bits.isDisjoint(with: [.allocated, .loaded]) else { return .standard }
    // ELF does not keep whether a section with code has data as well.
    let choices = [bits, bits.union(.data)].map { bits in
      plan.attributes.firstIndex { $0.takes(bits) }
    }
    guard choices[0] == choices[1] || !bits.contains(.code) else { return .open }
    return choices[0].map { .declared($0) } ?? .standard
  }

  /// Whether an empty section may have been none in memory when the linker placed it: without input sections it has no
  /// flags then, and ELF has those of its name (elf.c, _bfd_elf_new_section_hook).
  func mayHaveFlagsOfItsName(_ index: Int) -> Bool {
    facts.section(index).size == 0
      && NamedSectionType.givesFlags(to: program.names.bytes(program.sections[index].name))
  }

  package func declaredRegion(of index: Int) -> Int? {
    if case .declared(let region) = region(of: index) { region } else { nil }
  }

  package func loadRegion(of index: Int) -> Int? {
    if case .region(let region) = plan.loadRegions[index] { region } else { nil }
  }

  /// Where a region goes on; nil if it is not known which one is meant.
  func pointer(of region: PlacedRegion) -> Number? {
    switch region {
    case .standard: pointer
    case .declared(let index): pointers[index]
    case .open: nil
    }
  }
}
