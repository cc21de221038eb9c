// Which memory a script gives a start and an end symbol: what start-up code copies or clears, as far as a script tells.

internal import LdsParser

/// Two symbols that are set to `.` or `ABSOLUTE(.)`, the one called the start of what the other is called the end of.
struct BoundedRange {
  /// The step that sets the start symbol.
  var start: Int
  /// The step that sets the end symbol.
  var end: Int
}

/// A range with the addresses of one image.
struct PlacedRange {
  var range: BoundedRange
  var memory: Range<UInt64>
}

extension ScriptFacts {
  /// Finds ``boundedRanges``.
  func findBoundedRanges() -> [BoundedRange] {
    let named = program.steps.indices.compactMap { step -> BoundedRange? in
      guard let symbol = assignment(step)?.target.name, onlyAssignment(of: symbol) == step,
        takesPlace(step),
        let start = rangeStart(of: name(symbol), where: { $0 < step && takesPlace($0) })
      else { return nil }
      return BoundedRange(start: start, end: step)
    }
    let known = Set(named.flatMap { [$0.start, $0.end] })
    var inside: [[Int]] = Array(repeating: [], count: program.sections.count)
    for (index, step) in program.steps.enumerated() {
      if case .inside(let section) = step.context { inside[section].append(index) }
    }
    let placed = inside.compactMap(symbolsAround)
      .filter { !known.contains($0.start) && !known.contains($0.end) }
    return named + placed
  }

  /// The range around the inputs of an output section, which has the steps `inside`.
  private func symbolsAround(_ inside: [Int]) -> BoundedRange? {
    func isInputs(_ step: Int) -> Bool {
      if case .inputs = program.steps[step].action { true } else { false }
    }
    func isPlace(_ step: Int) -> Bool {
      takesPlace(step)
        && assignment(step).map { onlyAssignment(of: $0.target.name) == step } == true
    }
    guard let first = inside.first(where: isInputs), let last = inside.last(where: isInputs),
      let start = inside.first(where: { $0 < first && isPlace($0) }),
      let end = inside.last(where: { $0 > last && isPlace($0) })
    else { return nil }
    return BoundedRange(start: start, end: end)
  }

  /// The ranges of which an image has both symbols, the start not behind the end.
  func boundedRanges(in image: Image) -> [PlacedRange] {
    boundedRanges.compactMap { range in
      guard let start = image.value(ofGlobal: symbol(range.start)),
        let end = image.value(ofGlobal: symbol(range.end)), start <= end
      else { return nil }
      return PlacedRange(range: range, memory: start..<end)
    }
  }

  /// The symbol that a step sets; empty for another step.
  func symbol(_ step: Int) -> String {
    assignment(step).map { name($0.target.name) } ?? ""
  }

  /// The symbols of the script that an image has, with their values.
  func values(in image: Image) -> [(symbol: String, value: UInt64)] {
    image.values(ofGlobals: program.assignments.keys.map(name).sorted())
      .map { (symbol: $0.name, value: $0.value) }
  }

  /// Whether the script asks for the place or the size of an output section.
  func asksFor(_ section: NameID) -> Bool {
    nodes.contains { node in
      switch program.expressions[node] {
      case .nameCall(.loadAddress, section), .nameCall(.address, section),
        .nameCall(.sizeOf, section):
        true
      default: false
      }
    }
  }

  /// Whether a symbol is set in the braces of an output section, or between sections right before or behind it.
  func isNamed(_ section: Int) -> Bool {
    let steps = program.steps
    guard let enter = program.entry(of: section), let leave = program.exit(of: section),
      enter < leave
    else { return true }
    func isSymbol(_ step: Int) -> Bool {
      guard let assignment = assignment(step), !assignment.isLocationCounter else { return false }
      return program.expressions.mentions(.locationCounter, in: assignment.value)
    }
    func isBetween(_ step: Int) -> Bool {
      switch steps[step].action {
      case .enter, .leave: false
      default: true
      }
    }
    return (enter..<leave).contains(where: isSymbol)
      || steps.indices[..<enter].reversed().prefix(while: isBetween).contains(where: isSymbol)
      || steps.indices[(leave + 1)...].prefix(while: isBetween).contains(where: isSymbol)
  }

  /// Whether a step sets a symbol to `.` or `ABSOLUTE(.)`.
  func takesPlace(_ step: Int) -> Bool {
    guard let value = assignment(step)?.value else { return false }
    if case .call1(.absolute, let operand) = program.expressions[value] {
      return program.expressions[operand] == .locationCounter
    }
    return program.expressions[value] == .locationCounter
  }
}

extension Program {
  /// The step at the opening brace of an output section.
  func entry(of section: Int) -> Int? {
    steps.firstIndex { if case .enter(section) = $0.action { true } else { false } }
  }

  /// The step at its closing brace.
  func exit(of section: Int) -> Int? {
    steps.firstIndex { if case .leave(section) = $0.action { true } else { false } }
  }
}
