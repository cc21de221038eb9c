// `copy`, `clear`, `reserve` and `protect` of a configuration, and the constraints that follow from each.

/// What the keys of one element say, before they are put together.
private struct Draft {
  var name: String?
  var load: ConfiguredExpression?
  var loadEnd: ConfiguredExpression?
  var start: ConfiguredExpression?
  var end: ConfiguredExpression?
  var word: UInt64 = 1
  var bytes: UInt64?
  var memory: JSONNodeID?
  var why: String?

  /// What a range is called: by its name, else by its ends.
  func title(_ what: String, _ start: ConfiguredExpression, _ end: ConfiguredExpression) -> String {
    what + (name.map { " '\($0)'" } ?? " from '\(start.text)' to '\(end.text)'")
  }
}

extension ConfigurationReader {
  mutating func readCopies(_ id: JSONNodeID) {
    for element in array(id) {
      var draft = Draft()
      forEachMember(element, ConfigurationCopyKey.self) { reader, key, value in
        switch key {
        case .name: draft.name = reader.string(value)
        case .load: draft.load = reader.expression(value)
        case .loadEnd: draft.loadEnd = reader.expression(value)
        case .start: draft.start = reader.expression(value)
        case .end: draft.end = reader.expression(value)
        case .word: draft.word = reader.powerOfTwo(value) ?? 1
        case .why: draft.why = reader.string(value)
        }
      }
      require(element, ConfigurationCopyKey.self, [.load, .start, .end])
      guard let load = draft.load, let run = range(draft, "copy", element) else { continue }
      result.copies.append(ConfiguredCopy(run: run, load: load))
      stateEnds(run, draft)
      stateMultiple(load, draft.word, run.name, draft)
      if let end = draft.loadEnd {
        state(
          "\(run.name): what is loaded is as long as what runs",
          "\(end.term) - \(load.term) == \(run.end.term) - \(run.start.term)", at: end.span, draft)
      }
    }
  }

  mutating func readClears(_ id: JSONNodeID) {
    for element in array(id) {
      var draft = Draft()
      forEachMember(element, ConfigurationClearKey.self) { reader, key, value in
        switch key {
        case .name: draft.name = reader.string(value)
        case .start: draft.start = reader.expression(value)
        case .end: draft.end = reader.expression(value)
        case .word: draft.word = reader.powerOfTwo(value) ?? 1
        case .why: draft.why = reader.string(value)
        }
      }
      require(element, ConfigurationClearKey.self, [.start, .end])
      guard let run = range(draft, "clear", element) else { continue }
      result.clears.append(run)
      stateEnds(run, draft)
    }
  }

  mutating func readReserves(_ id: JSONNodeID) {
    for element in array(id) {
      var draft = Draft()
      forEachMember(element, ConfigurationReserveKey.self) { reader, key, value in
        switch key {
        case .name: draft.name = reader.string(value)
        case .start: draft.start = reader.expression(value)
        case .end: draft.end = reader.expression(value)
        case .atLeast: draft.bytes = reader.byteCount(value)
        case .memory: draft.memory = value
        case .word: draft.word = reader.powerOfTwo(value) ?? 1
        case .why: draft.why = reader.string(value)
        }
      }
      require(element, ConfigurationReserveKey.self, [.name, .start, .end])
      guard let start = draft.start, let end = draft.end, let name = draft.name else { continue }
      let bytes = draft.bytes ?? 0
      let room = bytes == 0 ? "" : " && \(end.term) - \(start.term) >= \(bytes)"
      state(
        "\(name): at least \(bytes) bytes", "\(end.term) >= \(start.term)\(room)", at: end.span,
        draft)
      if let memory = draft.memory, let region = memoryName(memory) {
        state(
          "\(name): inside '\(region)'",
          "\(start.term) >= ORIGIN(\(region)) && \(end.term) <= ORIGIN(\(region)) + LENGTH(\(region))",
          at: document.span(memory), draft)
      }
      stateMultiple(end, draft.word, name, draft)
    }
  }

  mutating func readProtections(_ id: JSONNodeID) {
    for element in array(id) {
      var draft = Draft()
      var unit: ProtectionUnit?
      forEachMember(element, ConfigurationProtectKey.self) { reader, key, value in
        switch key {
        case .name: draft.name = reader.string(value)
        case .unit: unit = reader.choice(value, ProtectionUnit.self)
        case .granule: draft.bytes = reader.powerOfTwo(value)
        case .start: draft.start = reader.expression(value)
        case .end: draft.end = reader.expression(value)
        case .memory: draft.memory = value
        case .why: draft.why = reader.string(value)
        }
      }
      require(element, ConfigurationProtectKey.self, [.unit])
      guard let unit, let range = protectedRange(draft, element) else { continue }
      let granule = max(draft.bytes ?? unit.granule, unit.granule)
      state(
        "\(range.name): \(unit.demand(granule))",
        unit.condition(range.start, range.end, granule: granule), at: range.span, draft,
        protection: ConfiguredProtection(unit: unit, granule: granule))
    }
  }

  // MARK: Parts

  private mutating func range(
    _ draft: Draft, _ what: String, _ element: JSONNodeID
  ) -> ConfiguredRange? {
    guard let start = draft.start, let end = draft.end else { return nil }
    return ConfiguredRange(
      name: draft.title(what, start, end), start: start, end: end, word: draft.word,
      span: document.span(element))
  }

  /// The two ends of what a region has to be, as terms, and where they are said.
  private mutating func protectedRange(
    _ draft: Draft, _ element: JSONNodeID
  ) -> (name: String, start: String, end: String, span: SourceSpan)? {
    if let memory = draft.memory, draft.start == nil, draft.end == nil {
      guard let region = memoryName(memory) else { return nil }
      return (
        "protect '\(draft.name ?? region)'", "ORIGIN(\(region))",
        "(ORIGIN(\(region)) + LENGTH(\(region)))", document.span(memory)
      )
    }
    guard let start = draft.start, let end = draft.end, draft.memory == nil else {
      error(
        element, "bad-range",
        "a protected range is \"start\" and \"end\", or a region of \"memory\"")
      return nil
    }
    return (draft.title("protect", start, end), start.term, end.term, end.span)
  }

  private mutating func stateEnds(_ range: ConfiguredRange, _ draft: Draft) {
    state(
      "\(range.name): the end is not before the start", "\(range.end.term) >= \(range.start.term)",
      at: range.end.span, draft)
    stateMultiple(range.start, range.word, range.name, draft)
    stateMultiple(range.end, range.word, range.name, draft)
  }

  private mutating func stateMultiple(
    _ expression: ConfiguredExpression, _ word: UInt64, _ name: String, _ draft: Draft
  ) {
    guard word > 1 else { return }
    state(
      "\(name): '\(expression.text)' is a multiple of \(word)", "\(expression.term) % \(word) == 0",
      at: expression.span, draft)
  }

  /// Adds a condition that follows from what is said at `span`.
  private mutating func state(
    _ name: String, _ text: String, at span: SourceSpan, _ draft: Draft,
    protection: ConfiguredProtection? = nil
  ) {
    let run = OriginTable.Run(offset: 0, spelled: span, call: nil)
    let buffer = SourceBuffer(path: document.buffer.path, bytes: Array(text.utf8))
    let source = result.script.sources.add(buffer, origins: OriginTable(runs: [run]))
    // Its parts were read before, so it is well-formed.
    guard
      let expression = ScriptParser.parseExpression(
        source, in: &result.script, options: .constraint)
    else { return }
    add(
      ConfiguredConstraint(
        name: name,
        expression: ConfiguredExpression(text: text, expression: expression, span: span),
        why: draft.why, protection: protection))
  }

  /// A power of two.
  private mutating func powerOfTwo(_ id: JSONNodeID) -> UInt64? {
    guard let bytes = byteCount(id) else { return nil }
    if bytes.nonzeroBitCount == 1 { return bytes }
    error(id, "bad-value", "expected a power of two, such as 4 or \"4K\"")
    return nil
  }

  /// The name of a region of MEMORY, as an expression can have it.
  private mutating func memoryName(_ id: JSONNodeID) -> String? {
    guard let text = string(id) else { return nil }
    let isName = text.utf8.allSatisfy {
      $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "$")
        || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF)
    }
    if isName, !text.isEmpty { return text }
    error(id, "bad-value", "'\(text)' is no name of a region of MEMORY")
    return nil
  }
}

extension ConfiguredExpression {
  /// As an operand of a larger expression.
  fileprivate var term: String {
    let isName = text.utf8.allSatisfy {
      $0 == UInt8(ascii: "_") || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF)
    }
    return isName ? text : "(\(text))"
  }
}

extension ProtectionUnit {
  /// What one region has to be, in words.
  fileprivate func demand(_ granule: UInt64) -> String {
    switch self {
    case .mpuV7M, .pmpNAPOT: "a power of two, aligned to itself"
    case .mpuV7MSubregions: "eighths of a power of two that is aligned to itself"
    case .mpuV8M, .pmpTOR: "both ends on multiples of \(granule)"
    }
  }

  /// The condition that the range from `start` to `end` is one region; `end > start` stands first in it.
  fileprivate func condition(_ start: String, _ end: String, granule: UInt64) -> String {
    let size = "(\(end) - \(start))"
    let ends = "\(start) % \(granule) == 0 && \(end) % \(granule) == 0"
    switch self {
    case .mpuV7M, .pmpNAPOT:
      return
        "\(end) > \(start) && \(ends) && (\(size) & (\(size) - 1)) == 0 && (\(start) & (\(size) - 1)) == 0"
    case .mpuV7MSubregions:
      // The least region around both ends: up to the highest bit that differs, which GNU ld 2.40 has no ^ for. An
      // eighth of a larger one is a coarser measure.
      let last = "(\(end) - 1)"
      let region =
        "MAX(256, 1 << LOG2CEIL((\(start) | \(last)) - (\(start) & \(last)) + 1))"
      // A linker stops at a divisor that is 0 in an early pass.
      let rest = "(\(region) / 8 - 1)"
      return
        "\(end) > \(start) && \(ends) && (\(start) & \(rest)) == 0 && (\(end) & \(rest)) == 0"
    case .mpuV8M, .pmpTOR: return "\(end) > \(start) && \(ends)"
    }
  }
}
