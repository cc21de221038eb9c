// Which class an orphan is of, and which output section is the home of the class.

internal import LdsParser

extension GNUOrphans {
  func output(called name: World.Name) -> Output? {
    made.first { $0.isTaken && world.name(of: $0) == name }
  }

  /// Joins a section of its name, or becomes one behind the home of its class.
  mutating func place(_ orphan: Orphan<World.Input, World.Name>) throws(World.Failure) {
    var name = orphan.name
    let isRela = orphan.type == ObjectSection.Kind.relocationsWithAddend
    let isDynamic =
      orphan.flags.contains(.allocated) && ObjectSection.Kind.isRelocations(orphan.type)
    if isDynamic { name = world.name(Array((isRela ? ".rela.dyn" : ".rel.dyn").utf8)) }
    let named = made.filter { $0.isTaken && world.name(of: $0) == name }
    if let taker = named.first(where: { takes(orphan, $0) }) ?? named.last(where: { !$0.isReal }) {
      return try put(orphan, into: taker)
    }
    if !hasHomes { findHomes() }
    if world.text(of: orphan.name).starts(with: ".gnu.warning.".utf8), let text = holds[.text]?.home
    {
      return try put(orphan, into: text)
    }
    guard let kind = kind(of: orphan) else {
      return try append(orphan, name, isDuplicate: !named.isEmpty)
    }
    if holds[kind]?.home == nil {
      holds[kind, default: Hold()].home =
        kind.home.map { output(called: world.name($0)) }
        ?? OrphanHomes.relocations(
          isDynamic: isDynamic, isRela: isRela, among: outputs.dropFirst()
        ) { world.text(of: world.name(of: $0)) }
    }
    let home = home(of: orphan, kind)
    try insert(orphan, name, behind: home, kind, isDuplicate: !named.isEmpty)
  }

  /// The section that an orphan follows.
  private mutating func home(of orphan: Orphan<World.Input, World.Name>, _ kind: OrphanKind)
    -> Output
  {
    if let home = holds[kind]?.home { return home }
    let found = OrphanHomes.similar(
      to: orphan.flags, type: orphan.type, among: outputs.dropFirst())
    if let found, found.isEqual { holds[kind]?.home = found.host }
    return found?.host ?? absolute
  }

  /// Whether an output section of its name that exists takes an orphan: one as loaded as that, and of its type.
  private func takes(_ orphan: Orphan<World.Input, World.Name>, _ output: Output) -> Bool {
    guard let made = output.made else { return false }
    let isMarked = output.isMarked && dialect.follows(.typedSectionsAreMarked)
    return made.bits.isEmpty && !isMarked
      || (made.bits.agrees(with: orphan.flags, in: [.loaded, .allocated])
        && made.type == orphan.type)
      || (output.hasType && dialect.follows(.typedSectionsTakeAll))
  }

  private mutating func append(
    _ orphan: Orphan<World.Input, World.Name>, _ name: World.Name, isDuplicate: Bool
  ) throws(World.Failure) {
    let new = world.makeOutput(for: orphan, called: name, behind: nil, isDuplicate: isDuplicate)
    made.append(new)
    try put(orphan, into: new)
    nodes.append(.section(new))
    outputs.append(new)
  }

  /// The standard sections that the script names get the flags of their kind, if nothing is in them.
  private mutating func findHomes() {
    hasHomes = true
    for kind in OrphanKind.allCases {
      guard let name = kind.home else { continue }
      let home = output(called: world.name(name))
      if let home, home.hint.isEmpty, !home.isNoLoad { home.hint = kind.bits }
      holds[kind] = Hold(home: home)
    }
  }

  /// The kind, with what a release makes of notes.
  private func kind(of orphan: Orphan<World.Input, World.Name>) -> OrphanKind? {
    let kind = OrphanKind(orphan.flags, type: orphan.type)
    guard kind == .note, dialect.follows(.notesFollowReadOnly),
      output(called: world.name(Array(".interp".utf8))) == nil
    else { return kind }
    return output(called: world.name(Array(".rodata".utf8))) != nil ? .rodata : .text
  }
}
