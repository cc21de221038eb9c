// lld's layout of output sections (lld/ELF/LinkerScript.cpp, assignOffsets and setDot; Writer.cpp, findOrphanPos):
// rounds until nothing changes, in which every statement sees the same rules.

package import LdsParser

/// The layout of one program by lld.
package struct LLDLayout: SectionLayout {
  package var numbers: Numbers
  package private(set) var facts: any LayoutFacts
  package let program: Program
  let sharedPlan: Shared<LayoutPlan>
  package let named: NamedPlaces
  package let isLost: Bool
  /// Whether nothing tells where statements stand among the sections.
  let isReordered: Bool
  let namedPlaces: Int
  var sizedPlaces = 0
  package private(set) var isFinal = false

  /// What a round found out about an output section.
  struct SectionRecord {
    var start = Number.open
    var end = Number.open
    var isClosed = false
  }

  var sections: [SectionRecord]
  var moves: [Int: Number] = [:]
  package var told: [Int: UInt64] = [:]
  var found: [Spot: Number] = [:]
  var lastSection: Int?
  var orphansPassed = false
  /// Whether a statement before all sections has said where everything starts.
  var isStarted = false
  package var passed = PassedEnd()
  /// Where the sections of a link start, as far as the image has been met.
  var met: [Int: Number] = [:]
  /// The location counter before the section that was opened last, orphans passed.
  var entryDot = Number(0)

  package var plan: LayoutPlan { sharedPlan.value }

  /// A layout of `program`, of which `facts` tell what the script does not.
  package init(_ program: Program, _ facts: any LayoutFacts) {
    self.program = program
    self.facts = facts
    let plan = LayoutPlan(program)
    sharedPlan = Shared(plan)
    var numbers = Numbers(facts.premise)
    named = NamedPlaces(program, &numbers)
    namedPlaces = numbers.places.count
    self.numbers = numbers
    sections = Array(repeating: SectionRecord(), count: program.sections.count)
    isReordered = facts.premise == .oneLink && facts.reordersStatements(of: program)
    // Regions give sections addresses of their own, in the order of lld's own list of sections.
    isLost = facts.premise == .everyLink && (plan.isBeyondProof || !program.regions.isEmpty)
  }

  package mutating func beginPass() {
    numbers.places.truncate(to: isFinal ? sizedPlaces : namedPlaces)
    lastSection = nil
    orphansPassed = false
    isStarted = false
    entryDot = Number(0)
    passed = PassedEnd()
    for index in sections.indices where !isFinal { sections[index].isClosed = false }
  }

  package mutating func endPass(dot: Number) {
    meetTail(of: lastSection, dot, &met)
  }

  package mutating func beginSizing() { isFinal = false }

  package mutating func beginFinalPhase() {
    isFinal = true
    sizedPlaces = numbers.places.count
  }

  // MARK: Sections

  package mutating func beforeSection(_ index: Int, dot: Number) -> Number {
    if isLink { return dot }
    return inProof(.beforeSection(index)) { $0.behindOrphans(dot) }
  }

  /// What a proof's last round found at a place, which the final pass finds again: every round sees the same rules.
  enum Spot: Hashable {
    case beforeSection(Int)
    case behindSection(Int)
    case behindInputs(Int)
    case before(Int)
    case behind(Int)
  }

  mutating func inProof(_ spot: Spot, _ find: (inout LLDLayout) -> Number) -> Number {
    if isFinal, let found = found[spot] { return found }
    let number = find(&self)
    if !isFinal { found[spot] = number }
    return number
  }

  package mutating func enter(_ index: Int, from dot: Number, header: SectionHeader) -> Number {
    guard !isLost else { return lost }
    facts.enter(index, from: dot)
    if isLink { return enterInLink(index, from: dot, header.address?.single) }
    entryDot = dot
    if !isFinal { sections[index].start = placed(index, from: dot, header) }
    return sections[index].start
  }

  /// A dropped section is as if it were not there.
  private mutating func enterInLink(
    _ index: Int, from dot: Number, _ computed: Outcome.Branch?
  ) -> Number {
    switch facts.section(index).presence {
    case .kept:
      entryDot = behindOrphans(dot)
      if let shown = facts.section(index).start {
        met[index] = metStart(index, shown, computed.flatMap(\.address))
      }
      return start(of: index)
    case .dropped, .notTaken:
      entryDot = program.hasInsert ? numbers.unknown(.insertedStatement) : dot
      return entryDot
    case .open:
      // An orphan may follow it, or the section before it.
      if case .none = facts.orphans(behind: lastSection) {
        entryDot = dot
      } else {
        entryDot = orphansPassed ? dot : lost
      }
      return facts.section(index).start.map { Number($0) } ?? lost
    }
  }

  /// Where a section starts of which an image shows `shown`. One that is not in memory is at 0, wherever the location
  /// counter is (LinkerScript.cpp, assignOffsets).
  private func metStart(_ index: Int, _ shown: UInt64, _ computed: Number?) -> Number {
    let width = facts.addressWidth
    let isAllocated = facts.section(index).isAllocated
    if isAllocated == false { return Number(shown) }
    let start = width.start(
      shown, computed: computed, pointer: program.regions.isEmpty ? entryDot : lost,
      isTold: true, earlier: passedEnd)
    // A map does not tell which it is.
    return isAllocated == nil && shown == 0 && start != Number(0) ? width.open(0) : start
  }

  /// Where a section starts by the script: sections without room in memory are at 0. Whether an address is aligned
  /// to ALIGN and to the input sections differs between releases.
  private mutating func placed(_ index: Int, from dot: Number, _ header: SectionHeader) -> Number {
    let trait = plan.traits[index]
    if trait.isDiscard { return dot }
    let cause = PlaceCause.placement(section: index)
    // Sections without room in memory are at 0.
    guard !trait.isOpaque, trait.isAllocated, trait.promise == .room, !trait.mayBeThreadLocal else {
      return numbers.anywhere(cause)
    }
    let step = reason(plan.entrySteps[index])
    var from = dot
    if let address = header.address {
      guard case .value(let value)? = address.single else { return numbers.anywhere(cause) }
      from = value.address.through(step)
    }
    var unit: UInt64 = 1
    if let alignment = header.alignment {
      guard case .value(let value)? = alignment.single, let exact = value.address.exact else {
        return numbers.advanced(
          from: from, cause, bits: .none, steps: StepList(), isSettled: true)
      }
      unit = max(exact, 1)
    }
    let isAligned = from.bits.trailingZeros >= unit.trailingZeroBitCount
    if header.address != nil {
      if !trait.hasInputs, isAligned, numbers.isPosition(from) { return from }
      return numbers.advanced(
        from: from, cause, bits: .zeros(min(from.bits.trailingZeros, unit.trailingZeroBitCount)),
        steps: from.ownSteps.union(from.bitsSteps), isSettled: true)
    }
    if !trait.hasInputs {
      let aligned = numbers.align(from, to: Number(unit))
      if numbers.isPosition(aligned) { return aligned }
    }
    let own = unit.trailingZeroBitCount
    let given = from.bits.trailingZeros
    return numbers.advanced(
      from: from, .alignment(section: index), bits: .zeros(min(max(own, given), 63)),
      steps: own > given ? step : from.ownSteps.union(from.bitsSteps), isSettled: true)
  }

  package mutating func leave(_ index: Int, inside: Number) -> Number {
    guard !isLost else { return lost }
    // A dropped section is as if it were not there.
    let presence = facts.section(index).presence
    if isLink, presence == .dropped || presence == .notTaken { return entryDot }
    defer {
      lastSection = index
      orphansPassed = false
    }
    if isLink {
      learnEnd(of: index, inside: inside)
      return leaveInLink(index)
    }
    return inProof(.behindSection(index)) { $0.leaveInProof(index, inside) }
  }

  private mutating func leaveInProof(_ index: Int, _ inside: Number) -> Number {
    let trait = plan.traits[index]
    sections[index].isClosed = true
    if trait.isDiscard { return entryDot }
    var end = inside
    if trait.mayBeExtended {
      end = numbers.passed(inside, .appended(section: index), isSettled: true)
    }
    sections[index].end = end
    let cause = PlaceCause.existence(section: index)
    guard !trait.isOpaque else { return numbers.anywhere(cause) }
    if !trait.isAllocated || trait.promise != .room || trait.mayBeThreadLocal {
      // The location counter goes on where it was, unless the section takes addresses after all.
      return numbers.anywhere(cause)
    }
    // lld drops a section that has nothing but input section descriptions, and symbols that nobody refers to.
    if trait.hasData { return end }
    return numbers.either(entryDot, end, above: sections[index].start, cause)
  }

  /// Sections that are not allocated and thread-local ones without contents take no addresses.
  private mutating func leaveInLink(_ index: Int) -> Number {
    let facts = facts.section(index)
    if facts.room == .none { return entryDot }
    guard let size = facts.size else { return lost }
    let end = numbers.add(start(of: index), Number(size))
    switch facts.room {
    case .taken:
      passed.close(at: end)
      return end
    case .none: return entryDot
    case .open: return lost
    }
  }

  package mutating func afterInputs(step: Int, in index: Int?, dot: Number) -> Number {
    guard !isLost else { return lost }
    if !isLink {
      return inProof(.behindInputs(step)) {
        $0.numbers.passed(dot, .inputs(step: step), isSettled: true)
      }
    }
    if let address = told[step] { return Number(address) }
    return numbers.advanced(
      from: dot, .inputs(step: step), bits: .none, steps: StepList(), isSettled: true,
      most: furthest(in: index))
  }

  package mutating func afterData(dot: Number) -> Number {
    guard !isLost else { return lost }
    numbers.extend(dot)
    return dot
  }

  package mutating func leaveOverlay(_ members: [Int], dot: Number) -> Number {
    guard isLink else { return lost }
    var largest: UInt64 = 0
    for index in members {
      let facts = facts.section(index)
      guard facts.presence != .dropped, facts.room == .taken, let start = facts.start,
        let size = facts.size
      else { return lost }
      largest = max(largest, start &+ size)
    }
    return largest == 0 ? dot : Number(largest)
  }

  // MARK: Answers

  package func declaredRegion(of index: Int) -> Int? {
    region(program.sections[index].description?.tail.region)
  }

  package func loadRegion(of index: Int) -> Int? {
    region(program.sections[index].description?.tail.loadRegion)
  }

  private func region(_ name: SpannedName?) -> Int? {
    name.flatMap { program.region(named: $0.name) }
  }

  package func start(of index: Int) -> Number {
    if isLink {
      if let known = met[index] { return known }
      if let shown = facts.section(index).start { return Number(shown) }
      guard index < program.sections.count else { return lost }
      return numbers.unknown(.sectionAddress(program.sections[index].name))
    }
    guard !isLost, index < sections.count, isFinal || sections[index].isClosed else { return lost }
    return sections[index].start
  }

  package func fact(_ function: NameFunction, ofSection index: Int, _ name: NameID) -> Number {
    if isLink { return linkFact(function, index, name) }
    guard !isLost, index < sections.count, isFinal || sections[index].isClosed else {
      return numbers.unknown(.sectionSize(name))
    }
    switch function {
    case .sizeOf where plan.traits[index].isDiscard: return Number(0)
    case .sizeOf where !plan.traits[index].isOpaque:
      return numbers.subtract(sections[index].end, sections[index].start)
    case .sizeOf: return numbers.unknown(.sectionSize(name))
    case .loadAddress where !plan.hasLoadAddresses: return sections[index].start
    case .loadAddress: return numbers.unknown(.sectionLoadAddress(name))
    default: return numbers.unknown(.sectionAlignment(name))
    }
  }

  package func landing(of step: Int) -> Number? { moves[step] }
}

extension Outcome.Branch {
  /// The address that it comes to.
  fileprivate var address: Number? {
    if case .value(let value) = self { value.address } else { nil }
  }
}
