// Why a bound is passed or a section is not empty: what fills the room, input section by input section.

internal import LdsParser

extension Explainer {
  func explainBound(
    _ bound: ClaimedBound, _ values: ExpressionValues, _ assertion: AssertionReport,
    _ explanation: inout Explanation
  ) {
    guard let value = values(bound.value), let limit = values(bound.limit),
      let headroom = bound.headroom(values)
    else { return explainWrapped(bound, values, assertion, &explanation) }
    explanation.headroom = headroom
    if let room = roomBehind(bound, values) {
      return explainRoom(room, bound, values, assertion, &explanation)
    }
    if isLower(bound) { return explainLowerBound(bound, values, assertion, &explanation) }
    let isPassed = assertion.verdict == .fails
    if isPassed {
      let over = UInt64(bitPattern: 0 &- headroom)
      if countsBytes(bound.value) {
        explanation.distance = ClaimDistance(up: nil, down: over, value: value)
      }
      explanation.causeKey = .size(value, limit: limit)
    }
    let measure = measure(of: bound.value, values)
    let rooms = measure.map { leftRoom(in: $0.range, ends: symbols(in: bound.value)) } ?? []
    if let measure { explanation.contributions = filling(measure.range, rooms, bound.value) }
    guard isPassed else { return }
    let over = UInt64(bitPattern: 0 &- headroom)
    // Without this room the bound would hold, or nothing takes more.
    let decisive = rooms.first {
      $0.range.byteCount >= over
        || $0.range.byteCount >= explanation.contributions.first?.size ?? 0
    }
    addBoundCause(bound, measure, decisive, over, &explanation)
    if decisive == nil, let overrun = overrun(bound, values) { add(overrun, bound, &explanation) }
  }

  /// What takes the room of a range: contents, and what statements leave empty. Contents behind a rounded end are
  /// none of its.
  func filling(
    _ range: AddressRange, _ rooms: [LeftRoom], _ measured: ExpressionID
  ) -> [Contribution] {
    var filled = range
    for name in symbols(in: measured) {
      if let rounding = rounding(of: name), rounding.range.end == range.end,
        range.contains(rounding.range.start)
      {
        filled = AddressRange(start: range.start, end: rounding.range.start)
      }
    }
    let parts = contents.map { $0.inputs(in: filled) } ?? sections(in: filled)
    let left = rooms.map { room in
      Contribution(
        section: Array(
          (isSection(room) ? "empty \(words(of: room))" : "'\(statement(room.step))'").utf8),
        object: [], address: room.range.start,
        size: room.range.byteCount, offset: 0, statement: span(of: room.step))
    }
    return (parts.map { $0.clipped(to: filled) } + left).sorted {
      ($1.size, $0.address) < ($0.size, $1.address)
    }
  }

  private func sections(in range: AddressRange) -> [Contribution] {
    report.evidence.sections.compactMap { section in
      guard let vma = section.vma, let size = section.size, size > 0,
        AddressRange(start: vma, byteCount: size).overlaps(range)
      else { return nil }
      return Contribution(section: section.name, object: [], address: vma, size: size, offset: 0)
    }
  }

  private func addBoundCause(
    _ bound: ClaimedBound, _ measure: Measure?, _ decisive: LeftRoom?, _ over: UInt64,
    _ explanation: inout Explanation
  ) {
    if let measure, let room = decisive {
      explanation.causes.append(
        ExplanationNote(
          "\(bytesInWords(over)) too much: \(words(of: measure)), of which "
            + "\(bytesInWords(room.range.byteCount)) are left empty \(words(of: room))"
            + words(behind: measure),
          at: span(of: room.step),
          label:
            "\(isSection(room) ? "jumps" : "moves") from \(hexadecimal(room.range.start)) to \(hexadecimal(room.range.end))"
        ))
    } else if let measure, let largest = explanation.contributions.first {
      explanation.causes.append(
        ExplanationNote(
          "\(bytesInWords(over)) too much: \(words(of: measure)), "
            + Self.share(of: largest, in: measure.range) + words(behind: measure)))
    } else {
      explanation.causes.append(
        ExplanationNote(
          "\(text(bound.value)) is \(amountInWords(over, of: bound.value)) past \(text(bound.limit))"
        ))
    }
    for symbol in symbols(in: bound.value)
    where setter(of: symbol) != decisive?.step || decisive == nil {
      if let note = settingNote(
        symbol, report.evidence.symbols[program.names.bytes(symbol)]?.address)
      {
        explanation.causes.append(note)
      }
    }
    explanation.advice.append(
      decisive.map { advice($0, over) }
        ?? "no edit of the script mends this safely: shrink what fills the room, or change the limit together "
        + "with the code that relies on it")
  }

  /// `0x700 (1792 bytes) in _end`.
  private func words(of measure: Measure) -> String {
    "\(bytesInWords(measure.range.byteCount)) in \(text(measure.subject))"
  }

  /// What is asked for behind the place that is measured: `, and 0x200 (512 bytes) of _Min_Stack_Size behind it`.
  private func words(behind measure: Measure) -> String {
    measure.behind.map {
      ", and \(bytesInWords($0.bytes)) of \(text($0.expression)) behind it"
    } ?? ""
  }

  /// What leaves a room empty: a statement, or an output section that begins further up.
  private func words(of room: LeftRoom) -> String {
    "\(isSection(room) ? "before" : "by") '\(statement(room.step))'"
  }

  private func isSection(_ room: LeftRoom) -> Bool {
    if case .enter = program.steps[room.step].action { true } else { false }
  }

  /// What to do about room that a statement leaves.
  private func advice(_ room: LeftRoom, _ over: UInt64) -> String {
    let written = statement(room.step)
    let enough = room.range.byteCount >= over ? "nothing has to shrink: " : ""
    if case .assignment(let assignment) = program.steps[room.step].action,
      !assignment.isLocationCounter
    {
      return enough
        + "the contents end at \(hexadecimal(room.range.start)), and '\(written)' rounds that up: "
        + "measure up to a symbol that is set to '.', or let the limit allow for the rounding"
    }
    if case .enter(let section) = program.steps[room.step].action {
      return enough
        + "'\(name(program.sections[section].name))' begins at \(hexadecimal(room.range.end)), "
        + "\(bytesInWords(room.range.byteCount)) behind what stands before it: let the limit allow for that, or ask for "
        + "less alignment"
    }
    return enough
      + "'\(written)' leaves \(bytesInWords(room.range.byteCount)): take it back, or set the end "
      + "symbol before it"
  }

  /// What the largest part of a range is, or where the whole range lies.
  private static func share(of largest: Contribution, in range: AddressRange) -> String {
    guard largest.object.isEmpty, largest.size >= range.byteCount else {
      return "of which \(bytesInWords(largest.size)) are \(largest.description)"
    }
    return "all in \(largest.description); a GNU ld map would tell which input sections"
  }

  /// Symbols of an expression, each once, in order.
  func symbols(in expression: ExpressionID) -> [NameID] {
    var found: [NameID] = []
    for index in program.expressions.nodes(of: expression) {
      if case .symbol(let name) = program.expressions[ExpressionID(index: index)],
        !found.contains(name)
      {
        found.append(name)
      }
    }
    return found
  }

  func explainContents(of section: NameID, _ explanation: inout Explanation) {
    let bytes = program.names.bytes(section)
    guard let size = size(of: section), size > 0 else { return }
    explanation.distance = ClaimDistance(up: nil, down: size, value: size)
    guard let contents else {
      explanation.causes.append(
        ExplanationNote(
          "\(name(section)) has \(bytesInWords(size)); a GNU ld map would tell which input sections"
        ))
      explanation.advice += LinkerMadeSection.advice(bytes)
      explanation.advice.append(
        "no edit of the script mends this safely: the contents come from the objects")
      return
    }
    explanation.contributions = contents.inputs(ofSection: bytes)
    if let largest = explanation.contributions.first {
      let more = explanation.contributions.count - 1
      explanation.causes.append(
        ExplanationNote(
          "\(name(section)) has \(bytesInWords(size)): \(bytesInWords(largest.size)) from "
            + largest.description + (more > 0 ? " and \(more) more" : "")))
    } else {
      explanation.causes.append(
        ExplanationNote(
          "\(name(section)) has \(bytesInWords(size)) that no input section of the map fills"))
    }
    explanation.advice += LinkerMadeSection.advice(bytes)
    explanation.advice.append(
      "no edit of the script mends this safely: the contents come from the objects")
  }

  func explainEquality(
    _ left: ExpressionID, _ right: ExpressionID, _ values: ExpressionValues,
    _ explanation: inout Explanation
  ) {
    if program.expressions.foldedValue(left) != nil, program.expressions.foldedValue(right) == nil {
      return explainEquality(right, left, values, &explanation)
    }
    guard let one = values(left), let other = values(right), one != other else { return }
    let difference = one > other ? one - other : other - one
    explanation.causes.append(
      ExplanationNote(
        "\(text(left)) is \(hexadecimal(one)), \(amountInWords(difference, of: left)) "
          + "\(one > other ? "more" : "less") than \(text(right))"))
    if let gap = sectionGaps.first(where: {
      $0.range.start == min(one, other) && $0.range.end == max(one, other)
    }) {
      explanation.causes.append(
        ExplanationNote(
          "that much is left empty \(words(of: gap))", at: span(of: gap.step),
          label: "jumps from \(hexadecimal(gap.range.start)) to \(hexadecimal(gap.range.end))"))
    }
    for side in [left, right] {
      if case .nameCall(.sizeOf, let section) = program.expressions[side], let contents {
        explanation.contributions += contents.inputs(ofSection: program.names.bytes(section))
        explanation.advice += LinkerMadeSection.advice(program.names.bytes(section))
      }
      for section in sectionsLoaded(in: side) {
        if let note = loadNote(section) { explanation.causes.append(note) }
      }
    }
    var told: Set<NameID> = []
    for symbol in symbols(in: left) + symbols(in: right) {
      explainChain(of: symbol, &told, &explanation)
    }
  }

  /// The sections whose load address an expression asks for, each once.
  private func sectionsLoaded(in expression: ExpressionID) -> [NameID] {
    var found: [NameID] = []
    for index in program.expressions.nodes(of: expression) {
      if case .nameCall(.loadAddress, let name) = program.expressions[ExpressionID(index: index)],
        !found.contains(name)
      {
        found.append(name)
      }
    }
    return found
  }

  /// What gives a section its load address, or that nothing does.
  private func loadNote(_ section: NameID) -> ExplanationNote? {
    guard let index = program.section(named: section),
      let description = program.sections[index].description
    else { return nil }
    let name = self.name(section)
    if let address = description.loadAddress {
      return ExplanationNote(
        "AT() gives '\(name)' its load address", at: program.expressions.span(address),
        label: "gives the load address")
    }
    if let region = description.tail.loadRegion {
      return ExplanationNote(
        "AT> puts '\(name)' behind what the region has already", at: region.span,
        label: "gives the load address")
    }
    guard program.loading.headers != .loaded, program.loading.sections == .none else { return nil }
    return ExplanationNote(
      "nothing gives '\(name)' a load address of its own (AT(), AT>): it is loaded where it runs",
      at: description.name.span,
      label: "no AT() or AT>: it is loaded where it runs")
  }

  func explainPowerOfTwo(
    _ operand: ExpressionID, _ values: ExpressionValues, _ explanation: inout Explanation
  ) {
    guard let value = values(operand), value & (value &- 1) != 0 else { return }
    let below = UInt64(1) << UInt64(63 - value.leadingZeroBitCount)
    let above = below < 1 << 63 ? ", the next is \(hexadecimal(below << 1))" : ""
    explanation.causes.append(
      ExplanationNote(
        "\(text(operand)) is \(bytesInWords(value)), no power of two: the one before is "
          + "\(hexadecimal(below))\(above)"))
    explanation.distance = ClaimDistance(
      up: below < 1 << 63 ? (below << 1) - value : nil, down: value - below, value: value)
    for symbol in symbols(in: operand) {
      if let note = settingNote(symbol) { explanation.causes.append(note) }
    }
    if case .binary(.subtract, _, _) = program.expressions[operand] {
      explanation.advice.append(
        "ALIGN rounds an address up, not a size: the difference comes to a power of two only if its start is a "
          + "multiple of that power, too")
    }
  }

  func explainMask(
    _ operand: ExpressionID, _ mask: UInt64, _ values: ExpressionValues,
    _ explanation: inout Explanation
  ) {
    guard let value = values(operand) else { return }
    if value & mask != 0 {
      explanation.causes.append(
        ExplanationNote(
          "\(text(operand)) is \(hexadecimal(value)): the bits \(hexadecimal(value & mask)) are set"
        ))
    }
    explanation.advice.append(
      "\(hexadecimal(mask)) is not of the form 2^k - 1: if an alignment is meant, the mask is alignment - 1"
    )
  }
}

/// Output sections that the linker fills by itself.
enum LinkerMadeSection {
  /// What to know about the contents of such a section; empty for others.
  static func advice(_ name: [UInt8]) -> [String] {
    switch String(decoding: name, as: UTF8.self) {
    case ".got", ".got.plt":
      [
        "the linker makes this section itself and lists it under the first object, whichever one needs it: "
          + "'readelf -rW $(sed -n \"s/^LOAD //p\" MAP) | grep -E \"^File|GOT\"' names object and symbol; code built "
          + "with -fpic, or a symbol that is not hidden, asks for them"
      ]
    case ".plt", ".iplt", ".plt.got", ".plt.sec", ".igot.plt":
      [
        "the linker makes this section itself and lists it under the first object, whichever one needs it: "
          + "'readelf -rW $(sed -n \"s/^LOAD //p\" MAP) | grep -E \"^File|PLT\"' names object and symbol; IFUNC "
          + "symbols ask for them, too"
      ]
    case ".rela", ".rel", ".rela.dyn", ".rel.dyn", ".rela.plt", ".rela.iplt", ".rela.got":
      [
        "the linker leaves relocations here that it could not resolve: position-independent output, or "
          + "an undefined weak or IFUNC symbol"
      ]
    default: []
    }
  }
}
