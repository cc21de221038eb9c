// Where output sections would stand if a statement between them were changed: each keeps its size and its
// inside, and is placed again behind the location counter. Known is what every alignment that fits the image
// agrees on; the rest is unknown, so that nothing is claimed that a link could refute.

package import LdsParser

/// Layout facts of an image whose output sections are moved as an edited script moves them.
package struct RelayoutOracle: LayoutOracle {
  var inner: EvidenceOracle
  private let original: Evidence
  /// PROVIDEs that took effect in the image.
  private let provided: Set<[UInt8]>
  /// For each section of the evidence, the location counter before it in the image; nil if unknown.
  private let dotBefore: [Int: UInt64]?
  /// The location counter before each section that was entered, for a later oracle.
  private(set) var entryDots: [Int: UInt64] = [:]
  /// Which size a section is given that aligns something inside and so may pad more or less when it moves.
  private let extreme: Extreme
  /// Evidence indices of sections of which only the ends of the range are known.
  private var elastic: Set<Int> = []
  /// Whether there is such a section.
  var hasElasticSections: Bool { !elastic.isEmpty }

  /// Output sections of the program of which the edit changes the inside.
  private let changed: Set<Int>

  /// The ends of the range in which a size lies.
  enum Extreme {
    case least, most
  }

  package var domain: ExactDomain { inner.domain }
  package var headerSize: ExactNumber { inner.headerSize }
  package var settings: LinkSettings { inner.settings }

  /// An oracle for `program`, which may be an edited one.
  ///
  /// - Parameter dotBefore: what a run over the script as it was linked found before each section; nil for
  ///   that run.
  init(
    _ program: Program, evidence: Evidence, provided: Set<[UInt8]>, dotBefore: [Int: UInt64]?,
    extreme: Extreme = .most, changed: Set<Int> = [], dialect: LinkerDialect
  ) {
    self.extreme = extreme
    self.changed = changed
    inner = EvidenceOracle(program, evidence: evidence, dialect: dialect)
    original = evidence
    self.provided = provided
    self.dotBefore = dotBefore
  }

  /// Whether the layout of `evidence` can be computed again at all: no orphans to place, no regions, no
  /// statements of another script around this one.
  static func canPlace(_ program: Program, _ evidence: Evidence, _ dialect: LinkerDialect) -> Bool {
    guard !program.isMap, !program.hasInsert, program.regions.isEmpty, evidence.hasAllSections
    else { return false }
    let oracle = EvidenceOracle(program, evidence: evidence, dialect: dialect)
    return oracle.orphans.allSatisfy { place in
      let section = evidence.sections[place]
      let isAllocated = section.flags?.contains(.allocated) ?? (section.vma != 0)
      return section.size == 0 || !isAllocated
    }
  }

  // MARK: Placing

  package mutating func beginPass() { inner.beginPass() }

  package mutating func enter(_ index: Int, from dot: ExactNumber) -> ExactNumber {
    guard let place = inner.evidenceIndex[index] else { return inner.enter(index, from: dot) }
    let before = domain.exact(dot)
    if let before { entryDots[place] = before }
    if original.sections[place].size == 0 { return inner.enter(index, from: dot) }
    let target = address(of: place, index, from: before)
    move(place, to: target?.address, index, isExact: target?.isExact ?? false)
    return inner.enter(index, from: dot)
  }

  /// Where the section at `place` of the evidence starts; nil if that cannot be told.
  private func address(
    of place: Int, _ index: Int, from dot: UInt64?
  ) -> (address: UInt64, isExact: Bool)? {
    let section = original.sections[place]
    let isAllocated = section.flags?.contains(.allocated) ?? (section.vma != 0)
    guard isAllocated else { return section.vma.map { ($0, true) } }
    if let expression = inner.program.sections[index].description?.address {
      return inner.program.expressions.foldedValue(expression).map { ($0, true) }
    }
    guard let start = section.vma, let dot else { return nil }
    if let alignment = section.alignment {
      return (LinkerArithmetic.alignUp(dot, to: alignment), true)
    }
    // Over the script as it was, the location counter found here is the one that there was.
    return extremeAddress(
      start: start, oldDot: dotBefore.map { $0[place] } ?? dot, dot: dot)
  }

  /// The least or greatest start behind `dot` over every power of two that would have put the section at
  /// `start`; over the script as it was, that is the start itself.
  private func extremeAddress(
    start: UInt64, oldDot: UInt64?, dot: UInt64
  ) -> (address: UInt64, isExact: Bool)? {
    var least: UInt64?
    var most: UInt64?
    let largest = min(UInt64(start.trailingZeroBitCount), 40)
    for shift in 0...largest {
      let alignment: UInt64 = 1 << shift
      if let oldDot, LinkerArithmetic.alignUp(oldDot, to: alignment) != start { continue }
      let address = LinkerArithmetic.alignUp(dot, to: alignment)
      least = min(least ?? address, address)
      most = max(most ?? address, address)
    }
    guard let least, let most else { return nil }
    return (extreme == .most ? most : least, least == most)
  }

  private mutating func move(
    _ place: Int, to address: UInt64?, _ index: Int, isExact: Bool
  ) {
    elastic.remove(place)
    let old = original.sections[place]
    inner.sections[place].vma = address
    guard let address, let start = old.vma, isExact,
      keepsInside(index, movedBy: address &- start)
    else {
      inner.sections[place].size =
        address == nil ? nil : elasticSize(index, place, old.size)
      shiftSymbols(of: place, by: nil)
      return
    }
    inner.sections[place].size = old.size
    shiftSymbols(of: place, by: address &- start)
  }

  /// Whether a section has the same inside when it moves: what it aligns inside, it aligns alike.
  private func keepsInside(_ index: Int, movedBy delta: UInt64) -> Bool {
    if changed.contains(index) { return false }
    if delta == 0 { return true }
    let program = inner.program
    return program.steps.allSatisfy { step in
      guard step.context == .inside(index), case .assignment(let assignment) = step.action,
        assignment.isLocationCounter
      else { return true }
      guard case .call1(.align, let amount) = program.expressions[assignment.value],
        let alignment = program.expressions.foldedValue(amount), alignment != 0
      else { return false }
      return delta % alignment == 0
    }
  }

  /// The least or greatest size of a section whose ALIGNs may come out otherwise than they did; nil if more
  /// than ALIGNs moves the location counter in it.
  private mutating func elasticSize(
    _ index: Int, _ place: Int, _ size: UInt64?
  ) -> UInt64? {
    let program = inner.program
    var slack: UInt64 = 0
    for step in program.steps where step.context == .inside(index) {
      guard case .assignment(let assignment) = step.action, assignment.isLocationCounter else {
        continue
      }
      guard case .call1(.align, let amount) = program.expressions[assignment.value],
        let alignment = program.expressions.foldedValue(amount), alignment < 1 << 40
      else { return nil }
      slack &+= alignment
    }
    elastic.insert(place)
    guard let size else { return nil }
    return extreme == .most ? size &+ slack : size > slack ? size &- slack : 0
  }

  private mutating func shiftSymbols(of place: Int, by delta: UInt64?) {
    for (name, symbol) in original.symbols where home(of: symbol) == place {
      guard let delta else {
        inner.set(name, nil)
        continue
      }
      var moved = symbol
      moved.address = symbol.address &+ delta
      inner.set(name, moved)
    }
  }

  /// The section of the evidence that holds a symbol.
  private func home(of symbol: Evidence.Symbol) -> Int? {
    switch symbol.place {
    case .section(let place): return place
    case .absolute, .undefined: return nil
    case .someSection, .unknown:
      return original.sections.firstIndex { section in
        guard let vma = section.vma, let size = section.size else { return false }
        return symbol.address &- vma < size
      }
    }
  }

  // MARK: Symbols

  package func finalAddress(_ name: NameID) -> ExactNumber? {
    guard let last = inner.program.assignments[name]?.last else { return inner.finalAddress(name) }
    // Between sections the walk itself finds out; inside one, the symbol moves with the section.
    guard case .inside(let index) = inner.program.steps[last].context,
      let place = inner.evidenceIndex[index],
      let symbol = original.symbols[inner.program.names.bytes(name)],
      let start = original.sections[place].vma, let now = inner.sections[place].vma,
      !elastic.contains(place), keepsInside(index, movedBy: now &- start)
    else { return nil }
    return .known(symbol.address &+ (now &- start))
  }

  package func isProvided(
    step: Int, _ name: NameID, value: Outcome<ExactNumber>
  ) -> Bool? {
    provided.contains(inner.program.names.bytes(name))
  }

  package func objectSymbol(_ name: NameID) -> ObjectSymbol<ExactNumber> {
    inner.objectSymbol(name)
  }

  package func isDefinedByObject(_ name: NameID) -> Bool? { inner.isDefinedByObject(name) }

  // MARK: Facts

  package func base(of section: SectionKey) -> ExactNumber { inner.base(of: section) }

  package func fact(
    _ function: NameFunction, ofSection index: Int, _ name: NameID
  ) -> ExactNumber {
    // Load addresses move in ways of their own.
    function == .loadAddress
      ? .unknown(Lack(.sectionLoadAddress(name))) : inner.fact(function, ofSection: index, name)
  }

  package func unlistedSection(_ name: NameID) -> UnlistedSection<ExactNumber> {
    inner.unlistedSection(name)
  }

  package func constant(_ name: NameID) -> ExactNumber? { inner.constant(name) }

  package func region(_ function: NameFunction, _ name: NameID) -> ExactNumber? {
    inner.region(function, name)
  }

  // MARK: Location counter

  package mutating func afterInputs(step: Int, dot: ExactNumber) -> ExactNumber {
    inner.afterInputs(step: step, dot: dot)
  }

  package mutating func leave(_ index: Int, inside: ExactNumber) -> ExactNumber {
    let after = inner.leave(index, inside: inside)
    // The linker drops an empty section, and a dropped one does not move the location counter.
    guard let place = inner.evidenceIndex[index], original.sections[place].size == 0,
      !inner.program.sections[index].setsSymbols
    else { return after }
    return inner.entryDot
  }

  package mutating func beforeMove(step: Int, dot: ExactNumber) -> ExactNumber {
    inner.beforeMove(step: step, dot: dot)
  }

  package mutating func beforeRead(step: Int, dot: ExactNumber) -> ExactNumber {
    inner.beforeRead(step: step, dot: dot)
  }

  package mutating func leaveOverlay(_ members: [Int], dot: ExactNumber) -> ExactNumber {
    .unknown(Lack(.locationCounter))
  }
}
