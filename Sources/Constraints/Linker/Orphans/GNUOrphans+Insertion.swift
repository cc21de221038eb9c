// Puts an orphan behind its home: past the assignments that still belong to the section in front, before a move of the
// location counter that begins the next one; notes beside notes (ldlang.c, lang_insert_orphan; ldelf.c).

internal import LdsParser

extension GNUOrphans {
  private func index(of output: Output) -> Int {
    nodes.firstIndex { $0.output === output } ?? 0
  }

  private func place(of output: Output) -> Int? { outputs.firstIndex { $0 === output } }

  mutating func insert(
    _ orphan: Orphan<World.Input, World.Name>, _ name: World.Name, behind home: Output,
    _ kind: OrphanKind,
    isDuplicate: Bool
  ) throws(World.Failure) {
    let new = world.makeOutput(
      for: orphan, called: name, behind: home === absolute ? nil : home, isDuplicate: isDuplicate)
    made.append(new)
    try put(orphan, into: new)
    guard new.isReal else { return }
    var hold = holds[kind] ?? Hold()
    if hold.section == nil, home !== absolute {
      let before =
        home.isReal
        ? home : outputs[..<(place(of: home) ?? 0)].last { $0.isReal && $0.isTaken }
      if let before, before !== new { hold.section = before }
    }
    var after = home
    let isBeside = moveInSections(new, orphan, hold, &after)
    hold.section = new
    if hold.last == nil || isBeside {
      nodes.insert(.section(new), at: slot(behind: after))
      hold.tail = after
    } else if let last = hold.last {
      nodes.insert(.section(new), at: index(of: last) + 1)
    }
    hold.last = new
    outputs.insert(new, at: (hold.tail.flatMap { place(of: $0) } ?? outputs.count - 1) + 1)
    hold.tail = new
    holds[kind] = hold
  }

  /// The section behind another in the list of sections; the first without one.
  private func next(_ section: Output?) -> Output? {
    guard let section else { return sections.first }
    guard let index = sections.firstIndex(where: { $0 === section }), index + 1 < sections.count
    else { return nil }
    return sections[index + 1]
  }

  /// Moves a new section in the list of sections.
  ///
  /// - Returns: whether it is a note that goes beside another, and then behind which statement.
  private mutating func moveInSections(
    _ new: Output, _ orphan: Orphan<World.Input, World.Name>, _ hold: Hold, _ after: inout Output
  ) -> Bool {
    guard let next = next(hold.section) else {
      move(new, to: nil, isBehind: true)
      return false
    }
    let isNote = orphan.type == ObjectSection.Kind.note && orphan.flags.contains(.loaded)
    guard isNote || next.isLoadedNote else {
      if next !== new { move(new, to: next, isBehind: false) }
      return false
    }
    var target: Output?
    var isGrouped = false
    var isBefore = false
    if isNote {
      firstNote = nil
      for other in sections {
        if other !== new, other.isLoadedNote {
          if firstNote == nil { firstNote = other }
          if other.noteAlignment >= orphan.alignment { target = other }
        } else if firstNote != nil {
          break
        }
      }
      isGrouped = firstNote != nil
      if target == nil, isGrouped {
        target = firstNote
        isBefore = true
      }
    } else if firstNote != nil {
      isGrouped = true
      target = next
      if let start = sections.firstIndex(where: { $0 === next }) {
        for other in sections[(start + 1)...] where other.isLoadedNote { target = other }
      }
    }
    guard isGrouped else {
      if next !== new { move(new, to: next, isBehind: false) }
      return false
    }
    let found = target.flatMap { statement(of: $0, isBefore: isBefore, near: after) }
    move(new, to: target, isBehind: !isBefore, isFirst: target == nil)
    guard let found else { return false }
    after = found
    return true
  }

  /// The output section statement of a note, or the one before it: looked for behind `home` first.
  private func statement(
    of target: Output, isBefore: Bool, near home: Output
  ) -> Output? {
    let start = place(of: home) ?? 0
    func fits(_ index: Int) -> Bool {
      isBefore
        ? index + 1 < outputs.count && outputs[index + 1] === target : outputs[index] === target
    }
    return ((start..<outputs.count).first(where: fits) ?? (0...start).last(where: fits))
      .map { outputs[$0] }
  }

  private mutating func move(
    _ new: Output, to target: Output?, isBehind: Bool, isFirst: Bool = false
  ) {
    sections.removeAll { $0 === new }
    guard let target, let index = sections.firstIndex(where: { $0 === target }) else {
      sections.insert(new, at: isFirst ? 0 : sections.count)
      return
    }
    sections.insert(new, at: index + (isBehind ? 1 : 0))
  }

  /// Behind a section: past assignments, but before the first move of the location counter if what follows it is an
  /// allocated section or still empty.
  private func slot(behind home: Output) -> Int {
    var isFirst = home === absolute
    var index = isFirst ? 0 : self.index(of: home) + 1
    var move: Int?
    while index < nodes.count {
      switch nodes[index] {
      case .move:
        if move == nil {
          if !isFirst { move = index }
          isFirst = false
        }
      case .section(let output):
        if let move, !output.isReal || !output.hasInput || output.bits.contains(.allocated) {
          return move
        }
        return index
      case .other: break
      }
      index += 1
    }
    return index
  }
}
