// Which class an orphan is of, and which output section is the home of the class.

internal import LdsParser

extension GNUOrphans {
  func output(called name: [UInt8]) -> GNUOutput? {
    outputs.dropFirst().first { $0.name == name }
  }

  /// Joins a section of its name, or becomes one behind the home of its class.
  mutating func place(_ section: UnplacedSection, _ flags: SectionBits) {
    var name = section.name
    let isRelocation = section.type == ObjectSection.Kind.relocationsWithAddend
    if flags.contains(.allocated), isRelocation { name = Array(".rela.dyn".utf8) }
    if joins(section, flags, name) { return }
    if !hasHomes { findHomes() }
    guard let kind = kind(of: section, flags) else {
      return append(section, flags, name)
    }
    if holds[kind]?.home == nil {
      holds[kind, default: Hold()].home =
        kind.home.map { output(called: $0) }
        ?? OrphanHomes.relocations(
          isDynamic: flags.contains(.allocated) && isRelocation, isRela: isRelocation,
          among: outputs
        ) { $0.name }
    }
    insert(section, flags, name, behind: home(of: section, flags, kind), kind)
  }

  /// The section that an orphan follows.
  private mutating func home(
    of section: UnplacedSection, _ flags: SectionBits, _ kind: OrphanKind
  ) -> GNUOutput {
    if let home = holds[kind]?.home { return home }
    let found = OrphanHomes.similar(
      to: flags, type: section.type, among: Array(outputs.dropFirst()))
    if let found, found.isEqual { holds[kind]?.home = found.host }
    return found?.host ?? absolute
  }

  private mutating func joins(
    _ section: UnplacedSection, _ flags: SectionBits, _ name: [UInt8]
  ) -> Bool {
    var spare: GNUOutput?
    for output in outputs.dropFirst() where output.name == name {
      guard output.isReal else {
        spare = output
        continue
      }
      let isAlike =
        flags.symmetricDifference(output.flags).isDisjoint(with: [.loaded, .allocated])
        && output.type == section.type
      if output.flags.isEmpty || isAlike
        || (output.isNoLoad && dialect.follows(.unloadedSectionsTakeAll))
      {
        add(section, flags, to: output)
        return true
      }
    }
    guard let spare else { return false }
    add(section, flags, to: spare)
    return true
  }

  private mutating func append(_ section: UnplacedSection, _ flags: SectionBits, _ name: [UInt8]) {
    let new = GNUOutput(name)
    add(section, flags, to: new)
    nodes.append(.section(new))
    outputs.append(new)
  }

  private mutating func findHomes() {
    hasHomes = true
    for kind in OrphanKind.allCases {
      guard let name = kind.home else { continue }
      let home = output(called: name)
      if let home, home.hint.isEmpty, !home.isNoLoad { home.hint = kind.bits }
      holds[kind] = Hold(home: home)
    }
  }

  /// The kind, with what a release makes of notes.
  private func kind(of section: UnplacedSection, _ flags: SectionBits) -> OrphanKind? {
    let kind = OrphanKind(flags, type: section.type)
    guard kind == .note, dialect.follows(.notesFollowReadOnly),
      output(called: Array(".interp".utf8)) == nil
    else { return kind }
    return output(called: Array(".rodata".utf8)) != nil ? .rodata : .text
  }
}
