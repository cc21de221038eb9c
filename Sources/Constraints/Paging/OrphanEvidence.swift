// Whether a script placed an output section, or the linker had to find a place for it itself.
//
//     .ex_table       0xffff82d040405998      0x8e8 load address 0x0000000000405998
//      .ex_table      0xffff82d040405998      0x8e8 prelink.o
//
// Under a section that a script describes, a GNU ld map repeats the script's patterns (` *(.rodata)`);
// under an orphan there are only input sections.

import LdsParser

/// What is known of how an output section came to be.
enum OrphanEvidence {
  /// The script describes it.
  case described
  /// No statement of the script describes it.
  case orphan
  /// The evidence does not tell.
  case unknown

  /// Lines of a map that are looked at before giving up; a pattern stands among the first.
  private static let lineLimit = 200

  /// What `image`, and the script it was linked with if there is one, tell about a section. The map is the
  /// linker's own word and comes first.
  static func of(_ section: LoadedSection, in image: Image, script: LinkerScript?) -> OrphanEvidence
  {
    if image.kind.tells(.statements), image.sources.count > 0 {
      let word = readMap(
        image.sources.buffer(SourceID(index: 0)), at: image.outputSections[section.index])
      if word != .unknown { return word }
    }
    guard let script, !script.isRefused, let names = describedSections(script) else {
      return .unknown
    }
    return names.contains(section.name) ? .described : .orphan
  }

  /// Names of the output sections that a script describes; nil where it has none (the linker's own
  /// script then counts, which is not at hand).
  private static func describedSections(_ script: LinkerScript) -> Set<String>? {
    var names: Set<String> = []
    var open = script.statements
    while let statement = open.popLast() {
      switch statement.kind {
      case .sections(let inner), .sectionGroup(let inner), .include(_, let inner):
        open += inner
      case .outputSection(let section):
        names.insert(script.names.string(section.name.name))
      case .overlay(let overlay):
        for member in overlay.members { names.insert(script.names.string(member.name.name)) }
      default: break
      }
    }
    return names.isEmpty ? nil : names
  }

  private static func readMap(_ map: SourceBuffer, at record: OutputSectionRecord) -> OrphanEvidence
  {
    var lines = MapLines(map: map, position: Int(record.place))
    guard let header = lines.next(), map.bytes(in: header).starts(with: record.name) else {
      return .unknown
    }
    var hasInput = false
    for _ in 0..<lineLimit {
      guard let range = lines.next(), range.count > 1 else { break }
      let line = map.bytes(in: range)
      if line.first != UInt8(ascii: " ") { break }
      // Two blanks: columns of a long name, symbols, or assignments. The last may stand behind the section,
      // so they say nothing.
      if line[1] == UInt8(ascii: " ") { continue }
      if isPattern(line) { return .described }
      if line[1] != UInt8(ascii: "*") { hasInput = true }
    }
    return hasInput ? .orphan : .unknown
  }

  /// ` *(.text)` or ` SORT_BY_INIT_PRIORITY(...)`, but not ` .text  0x0 0x10 lib.a(member.o)`.
  private static func isPattern(_ line: [UInt8]) -> Bool {
    guard let parenthesis = line.firstIndex(of: UInt8(ascii: "(")) else { return false }
    return !line[1..<parenthesis].contains(UInt8(ascii: " "))
  }
}

/// The lines of a map from some offset on.
private struct MapLines {
  let map: SourceBuffer
  var position: Int

  /// The next line without its line feed; nil at the end.
  mutating func next() -> Range<Int>? {
    guard position >= 0, position < map.count else { return nil }
    let start = position
    let end = map.reader.firstIndex(of: 0x0A, from: start, to: map.count) ?? map.count
    position = end + 1
    return start..<end
  }
}
