// How a linker lays out output sections: one conformer a linker. The walk over statements, which asks, is the same for
// both.

package import LdsParser

/// What the line before an output section's brace comes to.
package struct SectionHeader: Sendable {
  /// The address, if the script gives one.
  package var address: Outcome?
  /// The number of `ALIGN(n)`, if there is one.
  package var alignment: Outcome?
  /// The number of `SUBALIGN(n)`, if there is one and it takes the place of the section's alignment, which `ALIGN(n)` is
  /// a part of.
  package var subalignment: Outcome?
  /// The address of `AT(address)`, if there is one and the layout asks for it.
  package var loadAddress: Outcome?
}

/// One linker's rules for output sections and the location counter.
package protocol SectionLayout: Sendable {
  /// Arithmetic, with the places of this layout.
  var numbers: Numbers { get set }
  /// What is known beside the script.
  var facts: any LayoutFacts { get }
  /// The places of what the script names.
  var named: NamedPlaces { get }
  /// The program, and what is looked up in it.
  var program: Program { get }
  var plan: LayoutPlan { get }
  /// Where the location counter is behind a step, as the end of the section around it tells.
  var told: [Int: UInt64] { get set }
  /// Where the sections end that the pass has closed.
  var passed: PassedEnd { get set }
  /// Whether the last sizing pass is done.
  var isFinal: Bool { get }
  /// Whether nothing is known of the layout: the script alone is at hand, and does something that is not worked out.
  var isLost: Bool { get }

  /// Called when a pass begins.
  mutating func beginPass()
  /// Called when a pass ends, with the location counter behind the last statement.
  mutating func endPass(dot: Number)
  /// Called behind a sizing pass: the next one takes the addresses of sections from it.
  mutating func beginFinalPhase()
  /// Called where a sizing pass follows after all.
  mutating func beginSizing()

  /// The location counter before a section's line: orphans may be placed there.
  mutating func beforeSection(_ index: Int, dot: Number) -> Number
  /// The location counter on opening a section with this line.
  mutating func enter(_ index: Int, from dot: Number, header: SectionHeader) -> Number
  /// The location counter after the input sections placed by `step` in a section.
  mutating func afterInputs(step: Int, in index: Int?, dot: Number) -> Number
  /// The location counter behind data.
  mutating func afterData(dot: Number) -> Number
  /// The location counter behind a closed section, given what it was inside at the end.
  mutating func leave(_ index: Int, inside: Number) -> Number
  /// The location counter behind an overlay.
  mutating func leaveOverlay(_ members: [Int], dot: Number) -> Number

  /// The location counter before an assignment to it between sections: orphans may be placed there.
  mutating func beforeMove(step: Int, dot: Number) -> Number
  /// The location counter before any other statement between sections.
  mutating func beforeRead(step: Int, dot: Number) -> Number
  /// The location counter after `. = target`; nil if the target is not one number.
  mutating func move(step: Int, from dot: Number, to target: Number?, isInside: Bool) -> Number
  /// The location counter at a line of a map that may stand inside the section with this index or behind it.
  func beforeEither(_ index: Int, dot: Number) -> Number

  /// The VMA of an output section.
  func start(of section: Int) -> Number
  /// The declared region that an output section is placed in, by its index; nil for none, and where it is not known.
  func declaredRegion(of section: Int) -> Int?
  /// The declared region that an output section is loaded into; nil where none is named, here or before, and where it is
  /// not known.
  func loadRegion(of section: Int) -> Int?
  /// `SIZEOF`, `ALIGNOF`, or the final load address of the output section with this index.
  func fact(_ function: NameFunction, ofSection index: Int, _ name: NameID) -> Number

  /// How a step moved the location counter in the last sizing pass; nil if it did not.
  func landing(of step: Int) -> Number?
}

extension SectionLayout {
  /// The end of what stands before, as far as that tells whether a section may be behind the lower half.
  var passedEnd: Number {
    plan.movesFar && facts.addressWidth == .lowerHalf ? facts.addressWidth.open(0) : passed.end
  }

  /// Tells an address that the location counter may have had, of several.
  mutating func mayHaveReached(_ address: UInt64) {
    passed.reach(address, beyond: facts.addressWidth)
  }

  /// Meets the starts of the orphans behind the last section with what an image shows of them: they stand before or
  /// behind the statements that follow it.
  func meetTail(of last: Int?, _ dot: Number, _ met: inout [Int: Number]) {
    guard facts.addressWidth == .lowerHalf else { return }
    let earlier = passedEnd
    guard case .listed(let orphans) = facts.orphans(behind: last) else {
      for (index, shown) in facts.orphanStarts where met[index] == nil {
        met[index] = facts.addressWidth.start(
          shown, computed: nil, pointer: Number.open, isTold: false, earlier: earlier)
      }
      return
    }
    var pointers = (behind: dot, before: passed.end)
    for orphan in orphans where met[orphan.index] == nil {
      guard let shown = orphan.start, let size = orphan.size else { continue }
      let starts = (
        behind: facts.addressWidth.start(
          shown, computed: nil, pointer: pointers.behind, isTold: false, earlier: earlier),
        before: facts.addressWidth.start(
          shown, computed: nil, pointer: pointers.before, isTold: false, earlier: earlier)
      )
      let start =
        starts.behind == starts.before ? starts.behind : facts.addressWidth.open(shown)
      met[orphan.index] = start
      let behind = numbers.add(start, Number(size))
      pointers = (behind, behind)
    }
  }

  /// The load address that an image tells. Of one that shows lower halves, a section that is loaded where it runs
  /// tells it whole.
  func loadAddress(_ index: Int, _ name: NameID) -> Number {
    guard let shown = facts.fact(.loadAddress, ofSection: index) else {
      return numbers.unknown(.sectionLoadAddress(name))
    }
    let start = start(of: index)
    if start.isOfMovedSection { return numbers.unknown(.movedSection(name)) }
    guard facts.addressWidth == .lowerHalf else { return Number(shown) }
    if facts.section(index).start == shown { return start }
    return start.most <= facts.addressWidth.mask ? Number(shown) : numbers.unknown(.upperHalf)
  }
}

// What both linkers answer alike.
extension SectionLayout {
  /// Whether the facts are those of one link.
  var isLink: Bool { numbers.premise == .oneLink }

  /// A number of a layout that is not worked out.
  var lost: Number { numbers.unknown(.locationCounter) }

  /// The step as a reason; a link that happened needs none.
  func reason(_ step: Int) -> StepList { isLink ? StepList() : StepList(step) }

  /// The location counter behind a row of a map: contents of a section, perhaps.
  func afterContents(address: UInt64, size: UInt64, near index: Int?) -> Number {
    let start = index.map { self.start(of: $0) } ?? Number(address)
    return numbers.add(facts.addressWidth.address(address, inSectionAt: start), Number(size))
  }

  /// How far the location counter may get in a section of a link; everywhere if that is not known.
  func furthest(in index: Int?) -> UInt64 {
    guard isLink, let index, let start = start(of: index).exact else { return .max }
    let facts = facts.section(index)
    guard let size = facts.size, facts.room == .taken else { return .max }
    return start &+ size
  }

  /// Learns from the end of a section that was closed where the location counter was behind the last step that moved it
  /// by an unknown number: behind that, only data of known width and moves by numbers follow.
  mutating func learnEnd(of index: Int, inside: Number) {
    let facts = facts.section(index)
    guard isLink, !program.isMap, !program.hasInsert, !plan.isPE, facts.presence == .kept,
      !plan.traits[index].mayBeExtended, let size = facts.size, let start = start(of: index).exact,
      let form = inside.form, let place = form.place
    else { return }
    switch numbers.places[place].cause {
    case .inputs(let step), .move(let step): told[step] = start &+ size &- form.constant
    default: break
    }
  }

  /// What an image tells of a section.
  func linkFact(_ function: NameFunction, _ index: Int, _ name: NameID) -> Number {
    switch function {
    case .sizeOf:
      let facts = facts.section(index)
      return facts.size.map { Number($0) } ?? numbers.unknown(.sectionSize(name))
    case .alignOf:
      return facts.fact(function, ofSection: index).map { Number($0) }
        ?? numbers.unknown(.sectionAlignment(name))
    case .loadAddress: return loadAddress(index, name)
    default: return start(of: index)
    }
  }

  /// What is known of an object's symbol where nothing tells more.
  func objectSymbol(_ name: NameID) -> ObjectSymbol {
    if isLink {
      return facts.objectSymbol(name) { key in
        switch key {
        case .listed(let index): start(of: index)
        case .holding(let name, _): base(ofSectionHolding: name)
        case .input: Number(0)
        }
      }
    }
    guard isFinal, !isLost, let outcome = named.symbol(name, numbers) else {
      return .unknown(Lack(.symbol(name)))
    }
    return .defined(outcome)
  }

  /// The start of the section that holds an object's symbol.
  func base(ofSectionHolding name: NameID) -> Number {
    guard !isLink, isFinal, !isLost, let base = named.base(of: name, numbers) else {
      return numbers.unknown(.symbolSection(name))
    }
    return base
  }

  /// A page size of which only the name is known.
  func pageSize(_ name: NameID) -> Number {
    if isLink { return numbers.unknown(.pageSize(name)) }
    return named.pageSize(name, numbers) ?? numbers.unknown(.pageSize(name))
  }
}
