// lld's ranks of output sections, and where an orphan goes by them (lld/ELF/Writer.cpp, getSectionRank, findOrphanPos and
// sortOrphanSections).

internal import LdsParser

extension UnplacedSection {
  private static let protectedNames: Set<String> = [
    ".data.rel.ro", ".bss.rel.ro", ".ctors", ".dtors", ".jcr", ".eh_frame", ".fini_array",
    ".init_array", ".preinit_array", ".got", ".toc", ".opd",
  ]

  /// Whether it is of those that are written while a program is loaded and never again, by what it is and by its name
  /// (isRelroSection).
  var isProtectedByName: Bool {
    guard isAllocated, isWritable else { return false }
    return isThreadLocal || ObjectSection.Kind.arrays.contains(type)
      || Self.protectedNames.contains(String(decoding: name, as: UTF8.self))
  }

  /// The rank; the higher bits decide first.
  func rank(by dialect: LinkerDialect, isRelro: Bool) -> UInt32 {
    var rank: UInt32 = 1 << 27
    guard isAllocated else { return rank | 1 << 26 }
    let isInterpreter = name == Array(".interp".utf8)
    let isNote = type == ObjectSection.Kind.note
    if dialect.follows(.notesRankLow) {
      if isCode {
        rank |= isWritable ? 1 << 13 : 1 << 12
      } else if isWritable {
        rank |= 1 << 14
        if !isThreadLocal { rank |= 1 << 8 }
        if !isRelro { rank |= 1 << 9 }
      } else if isInterpreter {
        rank |= 2
      } else if isNote {
        rank |= 3
      } else {
        rank |= type == ObjectSection.Kind.contents ? 1 << 11 : 4
      }
    } else {
      let isOld = dialect.follows(.interpreterRanksAlone)
      if isOld { rank |= 1 << 17 | 1 << 16 }
      if isInterpreter { return rank }
      if isOld { rank |= 1 << 15 }
      if isNote { return isOld ? rank : rank | 1 }
      rank |= 1 << 14
      if isCode {
        rank |= isWritable ? 1 << 12 : 1 << 11
      } else if isWritable {
        rank |= 1 << 13
      } else if type == ObjectSection.Kind.contents {
        rank |= 1 << 10
      }
      if !isRelro { rank |= 1 << 9 }
      if !isThreadLocal { rank |= 1 << 8 }
    }
    return type == ObjectSection.Kind.noBits ? rank | 1 << 7 : rank
  }
}

/// An output section with its rank.
protocol LLDRanked: AnyObject {
  var rank: UInt32 { get }
  /// Whether an input section went into it: others are no anchors.
  var hasInputs: Bool { get }
  var isAllocated: Bool { get }
}

/// The commands of a script, among which orphans are placed.
struct LLDOrphanPlaces<Section: LLDRanked> {
  enum Command {
    case section(Section)
    /// `. = e`, by its number.
    case move(Int)
    /// What an orphan goes behind: an assignment to a symbol, by its number.
    case symbol(Int)

    /// The section, if it has inputs: others are no anchors.
    fileprivate var anchor: Section? {
      if case .section(let section) = self, section.hasInputs { section } else { nil }
    }
  }

  private let dialect: LinkerDialect
  private let staysBehindAnchor: Bool
  private(set) var commands: [Command]
  /// The place of a section that goes before one command whatever its rank.
  var fixedPlace: (Section, [Command]) -> Int? = { _, _ in nil }

  init(_ commands: [Command], dialect: LinkerDialect, hasRegionsOrHeaders: Bool) {
    self.commands = commands
    self.dialect = dialect
    staysBehindAnchor = hasRegionsOrHeaders && dialect.follows(.orphansStayBehindAnchors)
  }

  /// How many leading bits of the ranks are alike; -1 for what is no anchor.
  private func closeness(_ orphan: Section, _ command: Command) -> Int {
    guard let anchor = command.anchor else { return -1 }
    return (orphan.rank ^ anchor.rank).leadingZeroBitCount
  }

  private func position(_ first: Int, _ orphan: Section) -> Int {
    let end = commands.count
    if orphan.isAllocated, let fixed = fixedPlace(orphan, commands) { return fixed }
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
    guard orphan.isAllocated else { return nil }
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

  /// Places the orphans, which are in input order.
  mutating func place(_ orphans: [Section]) {
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
