// Who made the sections of an image, and what orphans follow, as the map of its link tells (ldlang.c, print_statements).

internal import LdsParser

extension Evidence {
  /// A map of GNU ld lists the section of every statement and of every orphan: where it has no more of a name than the
  /// script has statements, those made them.
  mutating func adoptMakers(of files: [Image], for program: Program) {
    guard !program.isMap,
      let map = files.first(where: { $0.kind == .gnuMap && !$0.outputSections.isEmpty })
    else { return }
    let rows = map.outputSections.reduce(into: [[UInt8]: Int]()) { $0[$1.name, default: 0] += 1 }
    for index in sections.indices where sections[index].maker == nil {
      let name = sections[index].name
      let statements = program.names.find(name).map(program.sectionCount(named:)) ?? 0
      guard statements > 0, let count = rows[name] else { continue }
      if count == statements { sections[index].maker = .statement }
      if count > statements { listedNamesakes.insert(name) }
    }
    adoptDroppedHosts(map, rows, program)
  }

  /// An image leaves out what was dropped; its map lists an orphan behind the section that it was put behind all the same.
  private mutating func adoptDroppedHosts(
    _ map: Image, _ rows: [[UInt8]: Int], _ program: Program
  ) {
    var host: Int?
    var hosts: [[UInt8]: Int] = [:]
    let kept = Set(sections.map(\.name))
    for row in map.outputSections {
      guard let name = program.names.find(row.name), let index = program.section(named: name) else {
        if rows[row.name] == 1, let host { hosts[row.name] = host }
        continue
      }
      host = kept.contains(row.name) || program.sectionCount(named: name) != 1 ? nil : index
    }
    for index in sections.indices { sections[index].droppedHost = hosts[sections[index].name] }
  }
}
