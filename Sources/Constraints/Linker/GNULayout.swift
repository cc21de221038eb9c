// GNU ld's layout of output sections (ldlang.c, lang_size_sections_1 and lang_do_assignments_1).
//
// GNU ld lays sections out in sizing passes; the final pass, in which ASSERTs count, takes the addresses of sections
// from the last of them and computes the location counter between sections anew. Both are walked here, since a
// dropped section moves the location counter in one and not in the other (ld-semantics 5.1).
//
// What is not known is a place of unknown address in a known order: sizes and alignments of input sections, orphans,
// dropped sections. Where the facts tell an address, the place is met with it.

package import LdsParser

/// The layout of one program by GNU ld.
package struct GNULayout: SectionLayout {
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
    /// The number of its `ALIGN(n)`, 1 without one; nil if it is not known.
    var unit: UInt64?
    /// The address of its `AT(address)`; nil if it is not known, or there is none.
    var loadAddress: UInt64?
    var progress = SectionProgress.ahead
  }

  /// How a step moved the location counter.
  struct MoveRecord {
    var before: Number
    var target: Number?
    var after: Number
  }

  /// Whether the orphans behind the last section of a link have been passed.
  enum OrphanProgress {
    case ahead
    case passed
    /// They stand before or behind an assignment to the location counter.
    case open
  }

  /// How orphans may have moved the location counter.
  struct GapRecord {
    var before: Number
    var after: Number
    /// Whether it cannot have gone back.
    var isForward: Bool
  }

  package var numbers: Numbers
  package private(set) var facts: any LayoutFacts
  package let program: Program
  let sharedPlan: Shared<LayoutPlan>
  package let named: NamedPlaces
  /// Whether nothing is known of the layout: the script alone is at hand, and does something that is not worked out.
  package let isLost: Bool

  package private(set) var isFinal = false
  var sections: [SectionRecord]
  var inputs: [Int: Number] = [:]
  package var told: [Int: UInt64] = [:]
  var moves: [Int: MoveRecord] = [:]
  var gaps: [Int: GapRecord] = [:]
  /// Where the default region and the declared ones go on.
  var pointer = Number(0)
  var pointers: [Number] = []
  var lastSection: Int?
  package var passed = PassedEnd()
  /// Whether the script has put the location counter somewhere, so that no option decides where sections start.
  var isPlaced = false
  /// Where the sections of a link start, as far as the image has been met.
  var met: [Int: Number] = [:]
  var movesInGap = 0
  var orphanProgress = OrphanProgress.ahead
  /// Where sections of a link are loaded.
  var loading: Loading
  private let namedPlaces: Int
  private var sizedPlaces = 0

  package var plan: LayoutPlan { sharedPlan.value }

  /// A layout of `program`, of which `facts` tell what the script does not.
  package init(_ program: Program, _ facts: any LayoutFacts, _ dialect: LinkerDialect) {
    self.program = program
    self.facts = facts
    let plan = LayoutPlan(program)
    sharedPlan = Shared(plan)
    var numbers = Numbers(facts.premise)
    named = NamedPlaces(program, &numbers)
    namedPlaces = numbers.places.count
    self.numbers = numbers
    sections = Array(repeating: SectionRecord(), count: program.sections.count)
    loading = Loading(regions: program.regions.count)
    isLost =
      facts.premise == .everyLink
      && (plan.isBeyondProof
        || dialect.follows(.namesakesGoOn) && program.sections.contains { $0.ordinal > 0 })
  }

  package mutating func beginPass() {
    numbers.places.truncate(to: isFinal ? sizedPlaces : namedPlaces)
    lastSection = nil
    movesInGap = 0
    orphanProgress = .ahead
    guard !isFinal else { return }
    for index in sections.indices { sections[index].progress = .ahead }
    pointer = Number(0)
    loading.beginPass()
    passed = PassedEnd()
    isPlaced = false
    pointers = program.regions.map { region in
      program.expressions.foldedValue(region.origin).map { Number($0) }
        ?? numbers.unknown(.region(region.name))
    }
    if isLink, facts.hidesDroppedSections(behind: nil) {
      pointer = numbers.anywhere(.orphans(after: nil), isSettled: false)
    }
  }

  package mutating func endPass(dot: Number) {
    meetTail(of: lastSection, dot, &met)
  }

  package mutating func beginSizing() { isFinal = false }

  package mutating func beginFinalPhase() {
    isFinal = true
    sizedPlaces = numbers.places.count
  }

  mutating func enterFacts(_ index: Int, from dot: Number) { facts.enter(index, from: dot) }

  // MARK: Answers

  package func start(of index: Int) -> Number {
    if isLink {
      // What the script says of it an option may have overruled: -Ttext, --section-start.
      if let known = met[index] { return known }
      if let shown = facts.section(index).start { return Number(shown) }
      guard index < program.sections.count else { return lost }
      return numbers.unknown(.sectionAddress(program.sections[index].name))
    }
    guard !isLost, index < sections.count, isFinal || sections[index].progress >= .entered else {
      return lost
    }
    return sections[index].start
  }

  package func fact(_ function: NameFunction, ofSection index: Int, _ name: NameID) -> Number {
    if isLink {
      // Without AT, sections are loaded where they run, whatever program headers make of it behind the script.
      let isSame =
        function == .loadAddress && index < sections.count && !plan.hasLoadAddresses
        && !program.isMap && !program.hasInsert && !facts.hasContraryLoads(index)
      if isSame, start(of: index).exact != nil { return start(of: index) }
      // What expressions saw is what the rules say; program headers change it behind them.
      if function == .loadAddress, let address = loading.addresses[index] { return Number(address) }
      return linkFact(function, index, name)
    }
    guard !isLost, index < sections.count, isFinal || sections[index].progress == .loaded else {
      return numbers.unknown(.sectionSize(name))
    }
    switch function {
    case .sizeOf:
      if plan.traits[index].isDiscard { return Number(0) }
      return numbers.subtract(sections[index].end, sections[index].start)
    case .loadAddress where !plan.hasLoadAddresses: return sections[index].start
    case .loadAddress: return numbers.unknown(.sectionLoadAddress(name))
    default: return numbers.unknown(.sectionAlignment(name))
    }
  }

  package func landing(of step: Int) -> Number? { moves[step]?.after }
}
