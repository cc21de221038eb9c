// Room that statements of the script leave empty, between two places that a bound measures:
//
//     . += 0x40000000;  etext = .;      1 GiB of 'etext - start' is this statement
//     end = ALIGN(0x200000);            what stands behind the contents up to there is none of them

internal import LdsParser

/// Room that a statement leaves empty.
struct LeftRoom {
  /// The assignment: of the location counter, or of the symbol that ends the measure.
  var step: Int
  /// From where the location counter was to where the statement gets.
  var range: AddressRange
}

extension Explainer {
  /// Room that statements leave in `range`, of which `ends` are the symbols at its end, largest first.
  func leftRoom(in range: AddressRange, ends: [NameID]) -> [LeftRoom] {
    let stated = moves + ends.compactMap(rounding)
    let gaps = sectionGaps.filter { gap in !stated.contains { $0.range.overlaps(gap.range) } }
    return (stated + gaps).compactMap { room in
      let common = range.intersection(room.range)
      return common.isEmpty ? nil : LeftRoom(step: room.step, range: common)
    }.sorted {
      ($1.range.byteCount, $0.range.start) < ($0.range.byteCount, $1.range.start)
    }
  }

  /// What is empty before output sections that say where they begin: `.data ALIGN(0x1000) : {`.
  var sectionGaps: [LeftRoom] {
    let placed = report.evidence.sections.compactMap {
      section -> (name: [UInt8], range: AddressRange)? in
      guard let start = section.vma, let size = section.size, size > 0, start > 0 else {
        return nil
      }
      return (section.name, AddressRange(start: start, byteCount: size))
    }
    return program.steps.indices.compactMap { step in
      guard case .enter(let index) = program.steps[step].action,
        let description = program.sections[index].description,
        description.address != nil || description.alignment != nil,
        case let bytes = program.names.bytes(program.sections[index].name),
        let start = placed.first(where: { $0.name == bytes })?.range.start,
        let end = placed.filter({ $0.range.start < start }).map(\.range.end).max(), end < start
      else { return nil }
      return LeftRoom(step: step, range: AddressRange(start: end, end: start))
    }
  }

  /// Where the contents end that a symbol measures: `end = ALIGN(n)` stands behind the end of what it is set for.
  func rounding(of name: NameID) -> LeftRoom? {
    guard let step = setter(of: name), let value = trace.value(of: step),
      let dot = locationCounter(before: step), dot < value
    else { return nil }
    return LeftRoom(step: step, range: AddressRange(start: dot, end: value))
  }

  /// Every statement that moves the location counter forward, where it is known by how much: inside output sections a
  /// map tells, which lists the same statements in the same order.
  static func moves(_ trace: StatementTrace, _ mapTrace: StatementTrace?) -> [LeftRoom] {
    let steps = moves(of: trace.program)
    let others = mapTrace.map { moves(of: $0.program) }
    return steps.enumerated().compactMap { ordinal, step in
      if let range = range(step, trace) { return LeftRoom(step: step, range: range) }
      guard let mapTrace, let others, others.count == steps.count else { return nil }
      return range(others[ordinal], mapTrace).map { LeftRoom(step: step, range: $0) }
    }
  }

  private static func moves(of program: Program) -> [Int] {
    program.steps.indices.filter { step in
      guard case .assignment(let assignment) = program.steps[step].action else { return false }
      return assignment.isLocationCounter
    }
  }

  private static func range(_ step: Int, _ trace: StatementTrace) -> AddressRange? {
    guard case .assignment(let assignment) = trace.program.steps[step].action,
      let from = trace.locationCounter(before: step)
    else { return nil }
    let to: UInt64?
    if case .value(let printed)? = trace.program.steps[step].printed {
      to = printed
    } else {
      // Inside an output section a number is an offset.
      if case .inside = trace.program.steps[step].context,
        trace.program.expressions.foldedValue(assignment.value) != nil
      {
        return nil
      }
      to = trace.value(of: step)
    }
    guard let to, from < to else { return nil }
    return AddressRange(start: from, end: to)
  }
}
