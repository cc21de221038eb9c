// How an orphan gets into the two lists of the linker: BFD's of output sections, and that of statements (ldelf.c,
// ldelf_place_orphan; ldlang.c, lang_insert_orphan, insert_os_after).

internal import LdsParser

extension OrphanPlacer {
  mutating func insert(
    _ input: InputSection, _ name: NameID, _ place: Place, _ kind: OrphanKind?, isDuplicate: Bool
  ) throws(LayoutStop) {
    let section = SectionStatement(name)
    section.isDuplicate = isDuplicate
    section.region = link.defaultRegion
    link.madeSections.append(section)
    let isPlaced = !input.bits.isDisjoint(with: [.loaded, .allocated])
    if !isPlaced { section.address = link.script.zero }
    if isPlaced, case .behind(let before) = place {
      section.region = before.region
      section.loadRegion = before.loadRegion
      section.headers = before.headers
      if section.loadRegion != nil, section.region === link.defaultRegion {
        section.region = section.loadRegion
      }
    }
    try put(input, into: section)
    guard let output = section.output else { return }
    guard let kind, !isEnd(place) else {
      link.sections.append(section)
      link.script.statements.append(.section(section))
      return
    }
    let listPlace = insertOutput(output, input, place, kind)
    insertStatement(section, listPlace, kind)
  }

  private func isEnd(_ place: Place) -> Bool { if case .end = place { true } else { false } }

  /// Puts the output section of an orphan into BFD's list; notes are kept together, those of larger alignment first.
  ///
  /// - Returns: where its statement goes; nil behind the last orphan of its kind.
  private mutating func insertOutput(
    _ output: OutputSection, _ input: InputSection, _ place: Place, _ kind: OrphanKind
  ) -> Place? {
    if holds[kind]?.output == nil, case .behind(let before) = place {
      if let known = outputBefore(before), known !== output { holds[kind]?.output = known }
    }
    var statementPlace: Place? = holds[kind]?.last == nil ? place : nil
    var index = 0
    if let previous = holds[kind]?.output,
      let found = link.outputs.firstIndex(where: { $0 === previous })
    {
      index = found + 1
    }
    // What follows may be the new section itself, which was made at the end.
    let next = index < link.outputs.count ? link.outputs[index] : nil
    link.outputs.removeAll { $0 === output }
    if let next, next !== output, let found = link.outputs.firstIndex(where: { $0 === next }) {
      index = found
    }
    index = min(index, link.outputs.count)
    let isNote = input.type == ObjectSection.Kind.note && input.bits.contains(.loaded)
    if let next, isNote || next.isNote,
      let target = notePlace(input, isNote: isNote, next: next)
    {
      guard let neighbour = target.neighbour,
        let found = link.outputs.firstIndex(where: { $0 === neighbour })
      else {
        link.outputs.insert(output, at: 0)
        holds[kind]?.output = output
        return statementPlace
      }
      if let list = link.sections.firstIndex(where: { $0.output === neighbour }) {
        statementPlace =
          target.isBehind
          ? .behind(link.sections[list]) : list > 0 ? .behind(link.sections[list - 1]) : .front
      }
      link.outputs.insert(output, at: target.isBehind ? found + 1 : found)
    } else {
      link.outputs.insert(output, at: index)
    }
    holds[kind]?.output = output
    return statementPlace
  }

  /// The output section of a statement, or of the last one before it that has one.
  private func outputBefore(_ section: SectionStatement) -> OutputSection? {
    if let output = section.output { return output }
    guard let index = link.sections.firstIndex(where: { $0 === section }) else { return nil }
    return link.sections[..<index].last { $0.output != nil && !$0.isDead }?.output
  }

  private struct NotePlace {
    /// The section beside which it goes; nil for the front.
    var neighbour: OutputSection?
    var isBehind: Bool
  }

  /// Where a note goes among the notes, or what would part them; nil if there are none.
  private mutating func notePlace(
    _ input: InputSection, isNote: Bool, next: OutputSection
  ) -> NotePlace? {
    if isNote {
      var behind: OutputSection?
      firstNote = nil
      for output in link.outputs {
        if output.isNote {
          firstNote = firstNote ?? output
          if output.alignmentPower >= input.alignmentPower { behind = output }
        } else if firstNote != nil {
          break
        }
      }
      guard let firstNote else { return nil }
      return behind.map { NotePlace(neighbour: $0, isBehind: true) }
        ?? NotePlace(neighbour: firstNote, isBehind: false)
    }
    guard firstNote != nil, let index = link.outputs.firstIndex(where: { $0 === next }) else {
      return nil
    }
    let last = link.outputs[index...].last { $0.isNote }
    return NotePlace(neighbour: last ?? next, isBehind: true)
  }

  private mutating func insertStatement(
    _ section: SectionStatement, _ place: Place?, _ kind: OrphanKind
  ) {
    if let place {
      link.script.statements.insert(.section(section), at: statementIndex(place))
      var index = 0
      if case .behind(let before) = place,
        let found = link.sections.firstIndex(where: { $0 === before })
      {
        index = found + 1
      }
      link.sections.insert(section, at: index)
    } else if let last = holds[kind]?.last {
      if let index = link.script.statements.firstIndex(where: { $0.isSection(last) }) {
        link.script.statements.insert(.section(section), at: index + 1)
      }
      if let index = link.sections.firstIndex(where: { $0 === last }) {
        link.sections.insert(section, at: index + 1)
      }
    }
    holds[kind]?.last = section
  }

  /// The place in the list of statements: behind the section and the assignments that follow it, but before one to the
  /// location counter that belongs to the next allocated section (ldlang.c, insert_os_after).
  private func statementIndex(_ place: Place) -> Int {
    var index = 0
    // In front, the first assignment to the location counter is passed.
    var passesFirst = true
    if case .behind(let before) = place {
      index = (link.script.statements.firstIndex { $0.isSection(before) } ?? -1) + 1
      passesFirst = false
    }
    var assignment: Int?
    while index < link.script.statements.count {
      switch link.script.statements[index] {
      case .assignment(let statement):
        if assignment == nil, statement.assignment.isLocationCounter {
          if !passesFirst { assignment = index }
          passesFirst = false
        }
      case .assertion: break
      case .section(let section):
        if let assignment {
          let output = section.output
          if output.map({ $0.inputs.isEmpty || $0.bits.contains(.allocated) }) ?? true {
            return assignment
          }
        }
        return index
      }
      index += 1
    }
    return index
  }
}
