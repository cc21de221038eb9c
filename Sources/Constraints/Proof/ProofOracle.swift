// The layout as far as the script alone decides it. Sizes and alignments of input sections, orphans and
// dropped sections become places of unknown address in a known order.
//
// GNU ld lays sections out in sizing passes; the final pass, in which ASSERTs count, takes the addresses of
// sections from the last of them and computes the location counter between sections anew (ldlang.c,
// lang_size_sections_1 and lang_do_assignments_1). Both are walked here, since a dropped section moves the
// location counter in one and not in the other (ld-semantics 5.1).

package import LdsParser

/// Answers the walker from a script alone.
///
/// The premises, under which alone a proof holds, are ``ProofReport/premises``.
package struct ProofOracle: LayoutOracle {
  /// What the sizing pass found out about an output section.
  struct SectionRecord {
    var start = Number.open
    var end = Number.open
    /// The location counter behind it, if it is not dropped.
    var full = Number.open
    /// The location counter before its line, and behind it.
    var before = Number.open
    var after = Number.open
    /// The location counter before its line in the final pass.
    var finalBefore = Number.open
    /// The location counter of the sizing pass if it is dropped.
    var ifDropped = Number.open
    /// The region's pointer before it.
    var pointer = Number.open
    var isEntered = false
    var isClosed = false
  }

  /// How a step moved the location counter.
  struct MoveRecord {
    var before: Number
    var target: Number?
    var after: Number
  }

  /// How orphans may have moved the location counter.
  struct GapRecord {
    var before: Number
    var after: Number
    /// Whether it cannot have gone back.
    var isForward: Bool
  }

  /// Orphans may move every region's pointer behind every section; a script with more regions times sections
  /// than this (real ones have a dozen regions) is not laid out.
  private static let mostRegionPlaces = 1 << 18

  package var numbers = Numbers(.everyLink)
  let program: Program
  let traits: [SectionTraits]
  /// The step that opens each section.
  let entrySteps: [Int]
  /// The step that closes each section; 0 for one that is never closed.
  let leaveSteps: [Int]
  /// Whether the script does something that is not modelled: then nothing is known of the layout.
  let isLost: Bool
  /// Whether the output is a PE image.
  let isPE: Bool
  /// Whether a load address may differ from the address.
  let hasLoadAddresses: Bool
  /// Whether sections are loaded into regions other than their own.
  let hasLoadRegions: Bool
  /// For each symbol of an expression, the places of its address and of its section's start.
  private(set) var objects: [NameID: (address: PlaceID, base: PlaceID)] = [:]
  private(set) var pageSizes: [NameID: PlaceID] = [:]

  var isFinal = false
  var sections: [SectionRecord]
  var inputs: [Int: Number] = [:]
  var moves: [Int: MoveRecord] = [:]
  var gaps: [Int: GapRecord] = [:]
  /// Where the default region and the declared ones go on.
  var pointer = Number(0)
  var pointers: [Number] = []
  var lastSection: Int?
  var movesInGap = 0
  private var namedPlaces = 0
  private var sizedPlaces = 0
  /// Symbols that had the same value at the end of the last two passes.
  var carriedNames: Set<NameID> = []
  /// Whether they have been compared.
  var isCompared = false

  /// An oracle for a script's program.
  package init(_ program: Program) {
    self.program = program
    let names = SectionNames(program)
    isPE = names.isPE
    traits = program.sections.indices.map { SectionTraits($0, program, names) }
    sections = Array(repeating: SectionRecord(), count: program.sections.count)
    var entries = Array(repeating: 0, count: program.sections.count)
    var leaves = entries
    for (index, step) in program.steps.enumerated() {
      switch step.action {
      case .enter(let section): entries[section] = index
      case .leave(let section): leaves[section] = index
      default: break
      }
    }
    entrySteps = entries
    leaveSteps = leaves
    isLost =
      program.hasInsert || program.isMap
      || program.regions.count * program.sections.count > Self.mostRegionPlaces
      || program.sections.contains { section in
        switch section.description?.constraint {
        case .onlyIfRO, .onlyIfRW: true
        default: false
        }
      }
    hasLoadAddresses = program.sections.contains { section in
      guard let description = section.description else { return true }
      return description.loadAddress != nil || description.tail.loadRegion != nil
    }
    hasLoadRegions = program.sections.contains {
      $0.description.map { $0.tail.loadRegion != nil } ?? true
    }
    namePlaces()
  }

  private mutating func namePlaces() {
    for index in 0..<UInt32(truncatingIfNeeded: program.expressions.count) {
      switch program.expressions[ExpressionID(index: index)] {
      case .symbol(let name) where objects[name] == nil:
        let address = numbers.places.add(Place(cause: .object(name)))
        objects[name] = (address, numbers.places.add(Place(cause: .object(name))))
      case .nameCall(.constant, let name) where pageSizes[name] == nil:
        var place = Place(cause: .pageSize(name))
        place.isPowerOfTwo = true
        pageSizes[name] = numbers.places.add(place)
      default: break
      }
    }
    namedPlaces = numbers.places.count
  }

  package mutating func beginPass() {
    numbers.places.truncate(to: isFinal ? sizedPlaces : namedPlaces)
    lastSection = nil
    movesInGap = 0
    guard !isFinal else { return }
    for index in sections.indices {
      sections[index].isEntered = false
      sections[index].isClosed = false
    }
    pointer = Number(0)
    pointers = program.regions.map { region in
      program.expressions.foldedValue(region.origin).map { Number($0) }
        ?? numbers.unknown(.region(region.name))
    }
  }

  /// Called behind the last sizing pass.
  mutating func beginFinalPhase() {
    isFinal = true
    sizedPlaces = numbers.places.count
  }

  // MARK: Facts

  package var headerSize: Number { numbers.unknown(.headers) }

  package func objectSymbol(_ name: NameID) -> ObjectSymbol {
    guard isFinal, !isLost, let (address, base) = objects[name] else {
      return .defined(unknown(name, .symbol(name)))
    }
    let number = numbers.number(LinearForm(address))
    let start = numbers.number(LinearForm(base))
    var outcome = Outcome(
      Value(
        offset: numbers.subtract(number, start), address: number,
        in: .holding(name, letter: 0), isInside: true))
    outcome.merge(Outcome(Value(number, kind: .absolute)))
    return .defined(outcome)
  }

  /// A symbol of which neither value nor section are known.
  func unknown(_ name: NameID, _ missing: Missing) -> Outcome {
    let number = numbers.unknown(missing)
    var outcome = Outcome(
      Value(offset: number, address: number, in: .holding(name, letter: 0)))
    outcome.merge(Outcome(Value(number, kind: .absolute)))
    return outcome
  }

  package func uncertain(_ name: NameID) -> Outcome? {
    unknown(name, .objectDefinition(name))
  }

  package func carried(
    _ name: NameID, _ outcome: Outcome
  ) -> Outcome {
    if carriedNames.contains(name) { return outcome }
    if case .value(let value)? = outcome.single, value.kind == .absolute, value.offset.exact != nil,
      !isLost, !isCompared
    {
      return outcome
    }
    return unknown(name, .unsettled(name))
  }

  package func remembered(
    _ outcome: Outcome, step: Int
  ) -> Outcome {
    if isLost, case .assignment(let assignment) = program.steps[step].action {
      return unknown(assignment.target.name, .locationCounter)
    }
    let own = StepList(step)
    var result: Outcome?
    for branch in outcome.branches {
      var branch = branch
      if case .value(var value) = branch {
        value.offset = value.offset.through(own)
        value.address = value.address.through(own)
        branch = .value(value)
      }
      if result == nil { result = Outcome(branch) } else { result?.merge(Outcome(branch)) }
    }
    return result ?? outcome
  }

  package func isDefinedByObject(_ name: NameID) -> Bool? { nil }

  package func finalAddress(_ name: NameID) -> Number? { nil }

  package func isProvided(
    step: Int, _ name: NameID, value: Outcome
  ) -> Bool? { nil }

  package func base(of section: SectionKey) -> Number {
    switch section {
    case .holding(let name, _):
      guard isFinal, !isLost, let place = objects[name]?.base else {
        return numbers.unknown(.symbolSection(name))
      }
      return numbers.number(LinearForm(place))
    case .listed(let index):
      guard !isLost, index < sections.count, isFinal || sections[index].isEntered else {
        return numbers.unknown(.locationCounter)
      }
      return sections[index].start
    }
  }

  package func fact(
    _ function: NameFunction, ofSection index: Int, _ name: NameID
  ) -> Number {
    guard !isLost, index < sections.count, isFinal || sections[index].isClosed else {
      return numbers.unknown(.sectionSize(name))
    }
    switch function {
    case .sizeOf:
      if traits[index].isDiscard { return Number(0) }
      return numbers.subtract(sections[index].end, sections[index].start)
    case .loadAddress where !hasLoadAddresses: return sections[index].start
    case .loadAddress:
      return numbers.unknown(.sectionLoadAddress(name))
    default:
      return numbers.unknown(.sectionAlignment(name))
    }
  }

  package func unlistedSection(_ name: NameID) -> UnlistedSection {
    .unknown(Lack(.sectionExistence(name), mayStop: true))
  }

  package func constant(_ name: NameID) -> Number? {
    let text = program.names.string(name)
    guard text == "MAXPAGESIZE" || text == "COMMONPAGESIZE" else { return nil }
    return pageSizes[name].map { numbers.number(LinearForm($0)) }
  }

  package func region(_ function: NameFunction, _ name: NameID) -> Number? { nil }
}
