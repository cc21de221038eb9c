// lld's order of output sections: every section has a rank, and an orphan goes beside the section whose rank shares the
// longest run of leading bits with its own (lld/ELF/Writer.cpp, getSectionRank and findOrphanPos).

internal import LdsParser

/// The order of output sections by lld.
struct LLDOrphans {
  /// An output section: its type and flags are those of all its inputs.
  private final class Section: LLDRanked {
    let name: [UInt8]
    var type = ObjectSection.Kind.none
    var flags: UInt64 = 0
    var hasInputs = false
    var isKept = false
    var rank: UInt32 = 0
    var isAllocated: Bool { flags & ObjectSection.Flag.allocate != 0 }

    init(_ name: [UInt8]) {
      self.name = name
    }

    func add(_ input: UnplacedSection) {
      if !hasInputs {
        type = input.type
      } else if type != input.type,
        type == ObjectSection.Kind.noBits || input.type == ObjectSection.Kind.noBits
      {
        type = ObjectSection.Kind.contents
      }
      flags |= input.flags
      hasInputs = true
    }

    var view: UnplacedSection {
      UnplacedSection(name: name, type: type, flags: flags, alignment: 1)
    }
  }

  private let dialect: LinkerDialect
  private let hasRegionsOrHeaders: Bool
  private var commands: [LLDOrphanPlaces<Section>.Command] = []
  private var orphans: [Section] = []

  init(_ script: OrphanScript, _ dialect: LinkerDialect) {
    self.dialect = dialect
    hasRegionsOrHeaders = script.hasProgramHeaders || script.hasRegions
    for statement in script.statements { add(statement) }
    for section in script.orphans.joined() { addOrphan(section) }
    addOwn()
  }

  private mutating func add(_ statement: HostStatement) {
    switch statement {
    // lld takes an ASSERT for an assignment to the location counter.
    case .move, .assertion: commands.append(.move(commands.count))
    case .symbol: commands.append(.symbol(commands.count))
    case .section(let name, let isNoLoad, let contents):
      let section = Section(name)
      for part in contents {
        if case .inputs(let inputs) = part {
          for input in inputs { section.add(input) }
        } else {
          section.isKept = true
        }
      }
      if isNoLoad, section.hasInputs { section.type = ObjectSection.Kind.noBits }
      commands.append(.section(section))
    }
  }

  private func section(called name: [UInt8]) -> Section? {
    for case .section(let section) in commands where section.name == name { return section }
    return orphans.first { $0.name == name }
  }

  private mutating func addOrphan(_ input: UnplacedSection) {
    if let section = section(called: input.name) { return section.add(input) }
    let section = Section(input.name)
    orphans.append(section)
    section.add(input)
  }

  /// What lld makes itself: its name in .comment, and the tables of symbols.
  private mutating func addOwn() {
    let comment = Array(".comment".utf8)
    if let section = section(called: comment) {
      section.add(
        UnplacedSection(name: comment, type: ObjectSection.Kind.contents, flags: 0x30, alignment: 1)
      )
    } else {
      addTable(comment)
    }
    for name in [".symtab", ".shstrtab", ".strtab"] { addTable(Array(name.utf8)) }
  }

  private mutating func addTable(_ name: [UInt8]) {
    let section = Section(name)
    section.type = ObjectSection.Kind.stringTable
    section.hasInputs = true
    orphans.append(section)
  }

  /// The names of the sections that are kept, in order.
  func order() -> [[UInt8]] {
    for case .section(let section) in commands { section.rank = rank(section.view) }
    for orphan in orphans { orphan.rank = rank(orphan.view) }
    var places = LLDOrphanPlaces(
      commands, dialect: dialect, hasRegionsOrHeaders: hasRegionsOrHeaders)
    places.place(orphans)
    return places.commands.compactMap { command in
      guard case .section(let section) = command, section.hasInputs || section.isKept else {
        return nil
      }
      return section.name
    }
  }

  private func rank(_ section: UnplacedSection) -> UInt32 {
    section.rank(by: dialect, isRelro: section.isProtectedByName)
  }
}
