// What a bound measures, and the room that one from below asks for.
//
//     _end - 0x7c00 <= 510                 from 0x7c00 to _end
//     _end + _Min_Stack_Size <= _estack    from the start of the region to _end, and a number behind it
//     _estack - _end >= _Min_Stack_Size    what is left behind _end

internal import LdsParser

/// What an expression measures.
struct Measure {
  /// The bytes.
  var range: AddressRange
  /// The part of the expression that is their end, or their number.
  var subject: ExpressionID
  /// What is asked for behind them.
  var behind: (expression: ExpressionID, bytes: UInt64)?
}

extension Explainer {
  /// What `expression` measures: from `b` to `a` in `a - b`; for an address, from the start of its memory region, or the
  /// image's; of an address with an amount behind it, the address.
  func measure(of expression: ExpressionID, _ values: ExpressionValues) -> Measure? {
    if case .binary(.subtract, let end, let start) = program.expressions[expression],
      let last = values(end), let first = values(start), first < last
    {
      return Measure(range: AddressRange(start: first, end: last), subject: expression)
    }
    if case .nameCall(.sizeOf, let section) = program.expressions[expression] {
      let bytes = program.names.bytes(section)
      guard let record = report.evidence.sections.first(where: { $0.name == bytes }),
        let vma = record.vma, let size = record.size, size > 0
      else { return nil }
      return Measure(range: AddressRange(start: vma, byteCount: size), subject: expression)
    }
    if case .binary(.add, let left, let right) = program.expressions[expression] {
      for (place, amount) in [(left, right), (right, left)] where isEndOfContents(place) {
        guard !isEndOfContents(amount), let bytes = values(amount), bytes > 0,
          var measure = measure(of: place, values)
        else { continue }
        measure.behind = measure.behind ?? (amount, bytes)
        return measure
      }
    }
    guard let end = values(expression),
      let start = regionStart(below: end) ?? imageStart(below: end)
    else { return nil }
    return Measure(range: AddressRange(start: start, end: end), subject: expression)
  }

  /// Whether an expression follows what is placed: a symbol of an object, or one set from the location counter.
  private func isEndOfContents(_ expression: ExpressionID) -> Bool {
    if case .nameCall(.address, _) = program.expressions[expression] { return true }
    return symbols(in: expression).contains { symbol in
      guard let step = source(of: symbol),
        case .assignment(let assignment) = program.steps[step].action
      else { return program.assignments[symbol] == nil && placeOfObject(symbol) }
      return program.expressions.nodes(of: assignment.value).contains { index in
        switch program.expressions[ExpressionID(index: index)] {
        case .locationCounter, .nameCall(.address, _), .call1(.align, _): true
        default: false
        }
      }
    }
  }

  private func placeOfObject(_ symbol: NameID) -> Bool {
    report.evidence.symbols[program.names.bytes(symbol)].map { $0.place != .absolute } ?? false
  }

  // MARK: Room that has to be left

  /// The room between the end of what is placed and a number above it, where so much has to be left: `top - end >= C`.
  func roomBehind(_ bound: ClaimedBound, _ values: ExpressionValues) -> AddressRange? {
    guard case .binary(.subtract, let top, let end) = program.expressions[bound.limit],
      isEndOfContents(end), !isEndOfContents(top), !isEndOfContents(bound.value),
      let first = values(end), let last = values(top), first <= last
    else { return nil }
    return AddressRange(start: first, end: last)
  }

  /// Explains that too little room is left, and what fills what lies below.
  func explainRoom(
    _ room: AddressRange, _ bound: ClaimedBound, _ values: ExpressionValues,
    _ assertion: AssertionReport, _ explanation: inout Explanation
  ) {
    guard case .binary(.subtract, let top, let end) = program.expressions[bound.limit],
      let wanted = values(bound.value)
    else { return }
    let measure = measure(of: end, values)
    if let measure {
      let rooms = leftRoom(in: measure.range, ends: symbols(in: end))
      explanation.contributions = filling(measure.range, rooms, end)
    }
    guard assertion.verdict == .fails else { return }
    let missing = wanted &- room.byteCount &+ (bound.isStrict ? 1 : 0)
    explanation.distance = ClaimDistance(up: missing, down: nil, value: room.byteCount)
    explanation.causeKey = .size(room.start &+ missing, limit: room.start)
    explanation.causes.append(
      ExplanationNote(
        "\(bytesInWords(missing)) missing between \(text(end)) (\(hexadecimal(room.start))) and \(text(top)) "
          + "(\(hexadecimal(room.end))): \(bytesInWords(room.byteCount)) are left"))
    if let measure, let largest = explanation.contributions.first {
      explanation.causes.append(
        ExplanationNote(
          "below \(text(end)) stand \(bytesInWords(measure.range.byteCount)), the most of them "
            + "\(largest.description) (\(bytesInWords(largest.size)))"))
    }
    for symbol in symbols(in: end) + symbols(in: top) + symbols(in: bound.value) {
      if let note = settingNote(
        symbol, report.evidence.symbols[program.names.bytes(symbol)]?.address)
      {
        explanation.causes.append(note)
      }
    }
    explanation.advice.append(
      "shrink what lies below \(text(end)), or ask for less room together with the code that relies on it"
    )
  }

  /// The start of the memory region in or at the end of which `address` lies, that of the innermost of several.
  private func regionStart(below address: UInt64) -> UInt64? {
    let names = program.regions.map(\.name)
    let declared = names.compactMap { name -> (origin: UInt64, length: UInt64)? in
      let walker = trace.walker
      guard let origin = walker.region(.origin, name).commonAddress?.exact,
        let length = walker.region(.length, name).commonAddress?.exact
      else { return nil }
      return (origin, length)
    }
    let listed = report.evidence.regions.values.map { (origin: $0.origin, length: $0.length) }
    return (declared + listed).filter { region in
      region.origin < address && address &- region.origin <= region.length
    }.map(\.origin).max()
  }

  /// The lowest address of the image, if `address` lies in or behind it.
  func imageStart(below address: UInt64) -> UInt64? {
    if let plan = surroundings.plan {
      return plan.range.start < address ? plan.range.start : nil
    }
    let starts = report.evidence.sections.compactMap { section in
      section.size ?? 0 > 0 ? section.vma : nil
    }.filter { $0 != 0 }
    return starts.min().flatMap { $0 < address ? $0 : nil }
  }
}
