// The facts of a link that did not happen: those of one that did, under an edited script. Each output section keeps its
// size and its inside, and stands again behind the location counter. Known is what every alignment that fits the image
// agrees on; the rest is unknown, so that nothing is claimed that a link could refute.

package import LdsParser

/// The facts of an image whose output sections move as an edited script moves them.
package struct EditedFacts: LayoutFacts {
  package let premise = NumberPremise.oneLink
  private var image: LinkFacts
  /// The image's output sections where they stand now.
  var sections: [Evidence.Section] { image.sections }
  private let original: Evidence
  /// PROVIDEs that took effect in the image.
  private let provided: Set<[UInt8]>
  /// For each section of the evidence, the location counter before it in the image; nil if unknown.
  private let dotBefore: [Int: UInt64]?
  /// The location counter before each section that was entered, for a later run.
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

  package var isELF: Bool { image.isELF }
  package var mayRelax: Bool { image.mayRelax }
  package var addressWidth: AddressWidth { image.addressWidth }
  package var headerSize: UInt64? { image.headerSize }
  package var settings: LinkSettings { image.settings }

  /// Facts for `program`, which may be an edited one.
  ///
  /// - Parameter dotBefore: what a run over the script as it was linked found before each section; nil for
  ///   that run.
  init(
    _ program: Program, evidence: Evidence, provided: Set<[UInt8]>, dotBefore: [Int: UInt64]?,
    extreme: Extreme = .most, changed: Set<Int> = [], dialect: LinkerDialect
  ) {
    self.extreme = extreme
    self.changed = changed
    image = LinkFacts(program, evidence, dialect)
    original = evidence
    self.provided = provided
    self.dotBefore = dotBefore
  }

  /// Whether the layout of `evidence` can be computed again at all: no orphans to place, no regions, no
  /// statements of another script around this one.
  static func canPlace(_ program: Program, _ evidence: Evidence, _ dialect: LinkerDialect) -> Bool {
    guard !program.isMap, !program.hasInsert, program.regions.isEmpty, evidence.hasAllSections
    else { return false }
    return LinkFacts(program, evidence, dialect).orphans.allSatisfy { place in
      let section = evidence.sections[place]
      let isAllocated = section.flags?.contains(.allocated) ?? (section.vma != 0)
      return section.size == 0 || !isAllocated
    }
  }

  // MARK: Placing

  package mutating func enter(_ index: Int, from dot: Number) {
    guard let place = image.binding.evidenceIndex[index] else { return }
    let before = dot.exact
    if let before { entryDots[place] = before }
    if original.sections[place].size == 0 { return }
    let target = address(of: place, index, from: before)
    move(place, to: target?.address, index, isExact: target?.isExact ?? false)
  }

  /// Where the section at `place` of the evidence starts; nil if that cannot be told.
  private func address(
    of place: Int, _ index: Int, from dot: UInt64?
  ) -> (address: UInt64, isExact: Bool)? {
    let section = original.sections[place]
    let isAllocated = section.flags?.contains(.allocated) ?? (section.vma != 0)
    guard isAllocated else { return section.vma.map { ($0, true) } }
    if let expression = image.program.sections[index].description?.address {
      return image.program.expressions.foldedValue(expression).map { ($0, true) }
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
    image.sections[place].vma = address
    guard let address, let start = old.vma, isExact,
      keepsInside(index, movedBy: address &- start)
    else {
      image.sections[place].size =
        address == nil ? nil : elasticSize(index, place, old.size)
      shiftSymbols(of: place, by: nil)
      return
    }
    image.sections[place].size = old.size
    shiftSymbols(of: place, by: address &- start)
  }

  /// Whether a section has the same inside when it moves: what it aligns inside, it aligns alike.
  private func keepsInside(_ index: Int, movedBy delta: UInt64) -> Bool {
    if changed.contains(index) { return false }
    if delta == 0 { return true }
    let program = image.program
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
    let program = image.program
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
        image.set(name, nil)
        continue
      }
      var moved = symbol
      moved.address = symbol.address &+ delta
      image.set(name, moved)
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

  package func finalAddress(_ name: NameID) -> UInt64? {
    guard let last = image.program.assignments[name]?.last else { return image.finalAddress(name) }
    // Between sections the walk itself finds out; inside one, the symbol moves with the section.
    guard case .inside(let index) = image.program.steps[last].context,
      let place = image.binding.evidenceIndex[index],
      let symbol = original.symbols[image.program.names.bytes(name)],
      let start = original.sections[place].vma, let now = image.sections[place].vma,
      !elastic.contains(place), keepsInside(index, movedBy: now &- start)
    else { return nil }
    return symbol.address &+ (now &- start)
  }

  package func tellsLocationCounter(_ name: NameID) -> Bool { image.tellsLocationCounter(name) }

  package func isProvided(step: Int, _ name: NameID, value: Outcome) -> Bool? {
    provided.contains(image.program.names.bytes(name))
  }

  package func objectSymbol(_ name: NameID, base: (SectionKey) -> Number) -> ObjectSymbol {
    image.objectSymbol(name, base: base)
  }

  package func isDefinedByObject(_ name: NameID) -> Bool? { image.isDefinedByObject(name) }

  // MARK: Sections and settings

  package func section(_ index: Int) -> SectionFacts {
    var facts = image.section(index)
    // The linker drops an empty section, and a dropped one does not move the location counter.
    if facts.presence == .kept, facts.size == 0, index < image.program.sections.count,
      !image.program.sections[index].setsSymbols
    {
      facts.presence = .dropped
    }
    // Where members of an overlay end is not worked out.
    if index < image.program.sections.count, image.program.sections[index].description == nil {
      facts.room = .open
    }
    return facts
  }

  package func fact(_ function: NameFunction, ofSection index: Int) -> UInt64? {
    // Load addresses move in ways of their own.
    function == .loadAddress ? nil : image.fact(function, ofSection: index)
  }

  package func unlistedSection(_ name: NameID) -> UnlistedSection { image.unlistedSection(name) }

  package func section(meantBy name: NameID, _ first: Int) -> Int? {
    image.section(meantBy: name, first)
  }

  package func startsSection(_ address: UInt64) -> Bool { image.startsSection(address) }

  package func orphans(behind index: Int?) -> OrphanPlacement {
    let placement = image.orphans(behind: index)
    // Those that take room are beyond what is placed again, see canPlace.
    if case .listed = placement { return .none }
    return placement
  }

  package var orphanStarts: [(index: Int, start: UInt64)] { image.orphanStarts }

  package func hidesDroppedSections(behind index: Int?) -> Bool {
    image.hidesDroppedSections(behind: index)
  }

  package func constant(_ name: String) -> UInt64? { image.constant(name) }

  package func region(_ function: NameFunction, _ name: NameID) -> Number? {
    image.region(function, name)
  }
}
