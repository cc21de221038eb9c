// Spells the statement part of a map out into steps. A map does not mark where an output section ends: a
// line after the last contents of a section may stand inside its braces or behind them.

public import LdsParser

extension Program {
  /// The steps of the statement part of a map.
  public init(map image: Image) {
    self.init(names: image.names, expressions: image.expressions, sources: image.sources)
    isMap = true
    if image.is32Bit == true { printedMask = 0xffff_ffff }
    // The section that may still be open, as an index of `sections`.
    var open: Int?
    // Of contents in a row only the last tells where the location counter is; a large map has millions.
    var contents: Step?
    let bounds = Self.bounds(image)
    for (index, statement) in image.statements.enumerated() {
      let span = SourceSpan(
        source: SourceID(index: 0), start: statement.offset, end: statement.offset)
      let context: StatementContext =
        if let open { bounds[open].context(of: index, open) } else { .top }
      if !statement.isContents, let step = contents {
        steps.append(step)
        contents = nil
      }
      switch statement.kind {
      case .outputSection(let record):
        if let open { steps.append(Step(.leave(open), in: .between, span: span)) }
        open = nil
        guard Self.mayHoldStatements(image, record, at: index) else { continue }
        let name = names.intern(image.outputSections[record].name)
        let section = addSection(name, setsSymbols: true, mapRecord: record)
        steps.append(Step(.enter(section), in: .between, span: span))
        open = section
      case .inputSection(let record):
        let row = image.inputSections[record]
        contents = Step(.contents(address: row.address, size: row.size), in: context, span: span)
        continue
      case .fill(let address, let size), .contents(let address, let size):
        contents = Step(.contents(address: address, size: size), in: context, span: span)
        continue
      case .data(let width, let address, _, _):
        contents = Step(
          .contents(address: address, size: width.byteCount), in: context, span: span)
        continue
      case .assignment(let assignment, let printed):
        steps.append(
          Step(.assignment(assignment), in: context, span: span, printed: printed))
      case .assertion(let assertion, let printed):
        steps.append(Step(.assertion(assertion), in: context, span: span, printed: printed))
      case .pattern, .unnamedAssertion: break
      }
    }
    if let contents { steps.append(contents) }
    if let open {
      let end = image.statements.last?.offset ?? 0
      let span = SourceSpan(source: SourceID(index: 0), start: end, end: end)
      steps.append(Step(.leave(open), in: .between, span: span))
    }
    indexAssignments()
  }

  /// Whether lines after the section's own may stand inside its braces. GNU ld creates every section in which a statement
  /// sets a symbol, and prints an address for it, unless its ONLY_IF is not met; nothing may stand in `/DISCARD/`.
  private static func mayHoldStatements(_ image: Image, _ record: Int, at index: Int) -> Bool {
    let section = image.outputSections[record]
    if section.name == Array("/DISCARD/".utf8) { return false }
    guard section.vma == nil, image.kind == .gnuMap else { return section.vma != nil }
    // A section without statements that was dropped looks the same: of an ASSERT alone, its own lines behind it tell.
    var hasAssertion = false
    for statement in image.statements[(index + 1)...] {
      switch statement.kind {
      case .assignment(let assignment, _): return !assignment.isLocationCounter
      case .assertion, .unnamedAssertion: hasAssertion = true
      case .pattern, .data, .fill: if hasAssertion { return true }
      case .outputSection, .inputSection, .contents: return false
      }
    }
    return false
  }

  /// How far an output section of a map reaches among the statements.
  private struct SectionBounds {
    /// The last statement that is surely inside it.
    var last: Int
    /// Whether nothing may stand in it behind that one.
    var isComplete = false
    /// Whether its first row is one of contents.
    var beginsWithContents = false
    /// Whether a pattern stands in it.
    var hasPattern = false
    /// The first statement that is surely behind it.
    var end = Int.max

    func context(of index: Int, _ section: Int) -> StatementContext {
      if index < last { return .inside(section) }
      return isComplete || index >= end ? .top : .either(section)
    }
  }

  /// The bounds of each output section of the program, in order. GNU ld prints the pattern above the input sections that
  /// it takes: a section that begins with contents is an orphan, or has nothing between its braces, and orphans stand
  /// behind all statements of a section that they join.
  private static func bounds(_ image: Image) -> [SectionBounds] {
    var bounds: [SectionBounds] = []
    var open: Int?
    var isFirst = false
    var showsPatterns = false
    var hasAddress = false
    for (index, statement) in image.statements.enumerated() {
      if case .outputSection(let record) = statement.kind {
        isFirst = mayHoldStatements(image, record, at: index)
        hasAddress = image.outputSections[record].vma != nil
        if isFirst { bounds.append(SectionBounds(last: index)) }
        open = isFirst ? bounds.count - 1 : nil
        continue
      }
      guard let section = open else { continue }
      switch statement.kind {
      case .inputSection, .contents:
        bounds[section].last = index
        if isFirst { bounds[section].beginsWithContents = true }
      case .pattern:
        bounds[section].last = index
        bounds[section].hasPattern = true
        showsPatterns = true
      case .fill, .data: bounds[section].last = index
      case .assignment(let assignment, _):
        // Where there is no section, a move of the location counter stops the link.
        if assignment.isLocationCounter, !hasAddress {
          bounds[section].end = min(bounds[section].end, index)
        }
      case .outputSection, .assertion, .unnamedAssertion: break
      }
      isFirst = false
    }
    guard image.kind == .gnuMap, showsPatterns else { return bounds }
    for section in bounds.indices {
      bounds[section].isComplete =
        bounds[section].beginsWithContents && !bounds[section].hasPattern
    }
    return bounds
  }
}

extension MapStatement {
  /// Whether it is a row of contents: an input section, padding, or data.
  fileprivate var isContents: Bool {
    switch kind {
    case .inputSection, .fill, .contents, .data: true
    case .outputSection, .assignment, .assertion, .pattern, .unnamedAssertion: false
    }
  }
}

// A map says what was linked, in statements, and what came of it, in numbers. Beside files of another link only
// the statements count.
extension Program {
  /// The program of a map without what its link came to: no printed values, no places of contents.
  public var statementsAlone: Program {
    var program = self
    for index in steps.indices {
      program.steps[index].printed = nil
      if case .contents = steps[index].action { program.steps[index].action = .inputs }
    }
    return program
  }

  /// The program without what it sets: its ASSERTs are about the symbols that an image has.
  var assertionsAlone: Program {
    var program = self
    program.assignments = [:]
    for index in steps.indices {
      guard case .assignment(let assignment) = steps[index].action,
        !assignment.isLocationCounter
      else { continue }
      program.steps[index].action = .inputs
    }
    return program
  }
}

extension Program {
  /// Binds lines of a map to the output section above them, or to what follows it: what stands before a line of the
  /// section's own is inside, and what stands behind one that is not is outside. False if that tells nothing new.
  mutating func bind(_ contexts: [Int: StatementContext]) -> Bool {
    var lastInside: [Int: Int] = [:]
    var firstOutside: [Int: Int] = [:]
    for (step, context) in contexts {
      guard case .either(let section) = steps[step].context else { continue }
      if context == .inside(section) {
        lastInside[section] = max(lastInside[section] ?? step, step)
      } else {
        firstOutside[section] = min(firstOutside[section] ?? step, step)
      }
    }
    var isChanged = false
    for (index, step) in steps.enumerated() {
      guard case .either(let section) = step.context else { continue }
      if let first = firstOutside[section], index >= first {
        // Lines that contradict each other bind nothing.
        if let last = lastInside[section], last > first { continue }
        steps[index].context = .top
        isChanged = true
      } else if let last = lastInside[section], index <= last {
        steps[index].context = .inside(section)
        isChanged = true
      }
    }
    return isChanged
  }
}
