// lld's order of output sections: every section has a rank, and an orphan goes beside the section whose rank shares the
// longest run of leading bits with its own (lld/ELF/Writer.cpp, getSectionRank and findOrphanPos).

internal import LdsParser

/// The order of output sections by lld.
struct LLDOrphans {
  /// An output section: its type and flags are those of all its inputs.
  private final class Section {
    let name: [UInt8]
    var type = ObjectSection.Kind.none
    var flags: UInt64 = 0
    var hasInputs = false
    var isKept = false
    var rank: UInt32 = 0

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

  private enum Command {
    case section(Section)
    case move
    case symbol

    /// The section, if it has inputs: others are no anchors.
    var anchor: Section? {
      if case .section(let section) = self, section.hasInputs { section } else { nil }
    }
  }

  private let dialect: LinkerDialect
  private let staysBehindAnchor: Bool
  private var commands: [Command] = []
  private var orphans: [Section] = []

  init(_ script: OrphanScript, _ dialect: LinkerDialect) {
    self.dialect = dialect
    staysBehindAnchor =
      (script.hasProgramHeaders || script.hasRegions)
      && dialect.follows(.orphansStayBehindAnchors)
    for statement in script.statements { add(statement) }
    for section in script.orphans.joined() { addOrphan(section) }
    addOwn()
  }

  private mutating func add(_ statement: HostStatement) {
    switch statement {
    case .move: commands.append(.move)
    case .symbol, .assertion: commands.append(.symbol)
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

  // MARK: Ranks

  private static let relroNames: Set<String> = [
    ".data.rel.ro", ".bss.rel.ro", ".ctors", ".dtors", ".jcr", ".eh_frame", ".fini_array",
    ".init_array", ".preinit_array", ".got", ".toc", ".opd",
  ]

  private func isRelro(_ section: UnplacedSection) -> Bool {
    guard section.isAllocated, section.isWritable else { return false }
    return section.isThreadLocal || ObjectSection.Kind.arrays.contains(section.type)
      || Self.relroNames.contains(String(decoding: section.name, as: UTF8.self))
      || section.name.starts(with: ".data.rel.ro.".utf8)
  }

  private func rank(_ section: UnplacedSection) -> UInt32 {
    var rank: UInt32 = 1 << 27
    guard section.isAllocated else { return rank | 1 << 26 }
    let isInterpreter = section.name == Array(".interp".utf8)
    let isNote = section.type == ObjectSection.Kind.note
    if dialect.follows(.notesRankLow) {
      if isInterpreter { return rank }
      if isNote { return rank | 1 }
      if section.isCode {
        rank |= section.isWritable ? 1 << 13 : 1 << 12
      } else if section.isWritable {
        rank |= 1 << 14
        if !section.isThreadLocal { rank |= 1 << 8 }
        if !isRelro(section) { rank |= 1 << 9 }
      } else if section.type == ObjectSection.Kind.contents {
        rank |= 1 << 11
      }
    } else {
      let isOld = dialect.follows(.interpreterRanksAlone)
      if isOld { rank |= 1 << 17 | 1 << 16 }
      if isInterpreter { return rank }
      if isOld { rank |= 1 << 15 }
      if isNote { return isOld ? rank : rank | 1 }
      rank |= 1 << 14
      if section.isCode {
        rank |= section.isWritable ? 1 << 12 : 1 << 11
      } else if section.isWritable {
        rank |= 1 << 13
      } else if section.type == ObjectSection.Kind.contents {
        rank |= 1 << 10
      }
      if !isRelro(section) { rank |= 1 << 9 }
      if !section.isThreadLocal { rank |= 1 << 8 }
    }
    return section.type == ObjectSection.Kind.noBits ? rank | 1 << 7 : rank
  }

  // MARK: Places

  /// How many leading bits of the ranks are alike; -1 for what is no anchor.
  private func closeness(_ orphan: Section, _ command: Command) -> Int {
    guard let anchor = command.anchor else { return -1 }
    return (orphan.rank ^ anchor.rank).leadingZeroBitCount
  }

  private func position(_ first: Int, _ orphan: Section) -> Int {
    let end = commands.count
    guard first < end else { return end }
    guard
      var index = dialect.follows(.notesRankLow)
        ? newPosition(first, orphan) : oldPosition(first, orphan)
    else { return end }
    // Behind the last section with contents everything stays in front.
    guard commands[index...].contains(where: { $0.anchor != nil }) else { return end }
    while index < end, case .symbol = commands[index] { index += 1 }
    return index
  }

  private func newPosition(_ first: Int, _ orphan: Section) -> Int? {
    guard orphan.view.isAllocated else { return nil }
    var best = 0
    var found: Int?
    for index in first..<commands.count {
      let near = closeness(orphan, commands[index])
      guard let anchor = commands[index].anchor else { continue }
      if near > best || (near == best && anchor.rank <= orphan.rank) {
        best = near
        found = index
      }
    }
    guard var index = found, let anchor = commands[index].anchor else { return nil }
    if anchor.rank <= orphan.rank || staysBehindAnchor {
      index += 1
      for next in index..<max(index, commands.count) where commands[next].anchor != nil {
        if closeness(orphan, commands[next]) != best { break }
        index = next + 1
      }
      return index
    }
    while index > first, commands[index - 1].anchor == nil { index -= 1 }
    return index
  }

  private func oldPosition(_ first: Int, _ orphan: Section) -> Int? {
    var index = first
    for next in first..<commands.count
    where closeness(orphan, commands[next]) > closeness(orphan, commands[index]) {
      index = next
    }
    guard case .section(let anchor) = commands[index] else { return nil }
    let near = closeness(orphan, commands[index])
    let rank = staysBehindAnchor ? max(orphan.rank, anchor.rank) : orphan.rank
    while index < commands.count {
      if let other = commands[index].anchor,
        closeness(orphan, commands[index]) != near || rank < other.rank
      {
        break
      }
      index += 1
    }
    while index > first, commands[index - 1].anchor == nil { index -= 1 }
    return index
  }

  /// The names of the sections that are kept, in order.
  func order() -> [[UInt8]] {
    var copy = self
    copy.placeAll()
    return copy.commands.compactMap { command in
      guard case .section(let section) = command, section.hasInputs || section.isKept else {
        return nil
      }
      return section.name
    }
  }

  private mutating func placeAll() {
    for case .section(let section) in commands { section.rank = rank(section.view) }
    for orphan in orphans { orphan.rank = rank(orphan.view) }
    let sorted = orphans.enumerated().sorted {
      ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset)
    }
    .map(\.element)
    // The symbols at the head of the script, and one move behind them, are never crossed.
    var first =
      commands.firstIndex { if case .symbol = $0 { false } else { true } } ?? commands.count
    if first < commands.count, case .move = commands[first] { first += 1 }
    var start = 0
    while start < sorted.count {
      var end = start
      while end < sorted.count, sorted[end].rank == sorted[start].rank { end += 1 }
      let place = position(first, sorted[start])
      commands.insert(contentsOf: sorted[start..<end].map { .section($0) }, at: place)
      start = end
    }
  }
}
