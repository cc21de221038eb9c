// Whether the linker goes through at every growth up to one at which it does: sections never share addresses on the way,
// and nothing else depends on numbers at which it would stop.

internal import LdsParser

extension GrowthMonotony {
  /// Whether no section meets another one on the way from one layout to the other, and no statement stops the linker.
  ///
  /// Where all addresses rise, a section stays between its first start and its last end: two of which these stretches lie
  /// apart never meet. Two that follow each other do not, wherever they go.
  func keepsApart(_ one: LayoutPrediction, _ other: LayoutPrediction) -> Bool {
    guard keepsOrder, keepsLoadOrder, !script.mayStopInside,
      one.sections.count == other.sections.count, Self.keepsHeaders(one)
    else { return false }
    let places = SectionSequences(script, names)
    var stretches: [Stretch] = []
    for (before, after) in zip(one.sections, other.sections) {
      guard before.name == after.name, before.vma <= after.vma else { return false }
      guard before.flags.contains(.allocated),
        !(before.flags.contains(.threadLocal) && before.isNoBits)
      else { continue }
      guard let size = before.size, let last = after.size, let load = before.lma,
        let lastLoad = after.lma, load <= lastLoad, size <= last || before.vma == after.vma
      else { return false }
      if max(size, last) == 0 { continue }
      // One that moves without being aligned pads inside by where it is.
      if before.vma != after.vma, places.isAddressed(before) { return false }
      let end = after.vma.addingReportingOverflow(max(size, last) &- 1)
      let loadEnd = lastLoad.addingReportingOverflow(max(size, last) &- 1)
      if end.overflow || loadEnd.overflow { return false }
      stretches.append(
        Stretch(
          run: before.vma...end.partialValue, load: load...loadEnd.partialValue,
          isLoaded: !before.isNoBits, place: places.place(of: before)))
    }
    return stretches.indices.allSatisfy { index in
      stretches[(index + 1)...].allSatisfy { stretches[index].staysApart(from: $0) }
    }
  }

  /// Whether there is room for program headers below the first section, however many segments the sections are in; only an
  /// image with an interpreter has to have it.
  private static func keepsHeaders(_ layout: LayoutPrediction) -> Bool {
    guard layout.sections.contains(where: { $0.name.elementsEqual(".interp".utf8) }) else {
      return true
    }
    let most = UInt64(64 + 56 * (8 + 2 * layout.sections.count))
    return layout.sections.allSatisfy { section in
      !section.flags.contains(.allocated)
        || section.isNoBits && section.flags.contains(.threadLocal)
        || section.lma.map { $0 >= most } ?? false
    }
  }

  /// Where a section is at any of the growths.
  private struct Stretch {
    let run: ClosedRange<UInt64>
    let load: ClosedRange<UInt64>
    let isLoaded: Bool
    /// Its place in a sequence of sections that follow one another; nil if it is in none.
    let place: SectionSequences.Place?

    func staysApart(from other: Stretch) -> Bool {
      let (one, next) = (place?.run, other.place?.run)
      let areApart = one != nil && one == next || !run.overlaps(other.run)
      guard areApart, isLoaded, other.isLoaded else { return areApart }
      let (load, nextLoad) = (place?.load, other.place?.load)
      return load != nil && load == nextLoad || !self.load.overlaps(other.load)
    }
  }
}

/// Output sections of a script that begin where the one before them ends, region by region.
private struct SectionSequences {
  /// The sequences that a section runs and is loaded in; nil for none.
  struct Place {
    let run: Int
    let load: Int?
  }

  /// A region, as sections run or are loaded in it.
  private struct Key: Hashable {
    let region: NameID?
    let isLoad: Bool
  }

  private var places: [[UInt8]: Place] = [:]
  /// Those whose address is an expression.
  private var addressed: Set<[UInt8]> = []

  /// - Parameter names: those of the script and of the objects, which orphans are called by.
  init(_ script: LayoutScript, _ names: NameTable) {
    var sequences: [Key: Int] = [:]
    var next = 0
    func sequence(_ key: Key) -> Int {
      if let known = sequences[key] { return known }
      next += 1
      sequences[key] = next
      return next
    }
    var doubled: Set<[UInt8]> = []
    for statement in script.statements {
      switch statement {
      case .assignment(let statement):
        let assignment = statement.assignment
        if assignment.isLocationCounter, !script.neverGoesBack(assignment.value) {
          sequences[Key(region: nil, isLoad: false)] = nil
          sequences[Key(region: nil, isLoad: true)] = nil
        }
      case .assertion: break
      case .section(let section):
        if let output = section.output, !output.bits.contains(.allocated) { continue }
        let region = section.region?.name ?? section.regionName
        let name = names.bytes(section.name)
        let loadRegion = section.loadRegion?.name ?? section.loadRegionName ?? region
        if section.address != nil {
          addressed.insert(name)
          sequences[Key(region: region, isLoad: false)] = nil
          sequences[Key(region: region, isLoad: true)] = nil
        }
        // Members of an overlay share their addresses.
        if places[name] != nil || section.kind == .overlay || section.kind == .firstOverlay {
          doubled.insert(name)
        }
        places[name] = Place(
          run: sequence(Key(region: region, isLoad: false)),
          load: section.loadAddress == nil ? sequence(Key(region: loadRegion, isLoad: true)) : nil)
      }
    }
    for name in doubled { places[name] = nil }
  }

  func isAddressed(_ section: PredictedSection) -> Bool { addressed.contains(section.name) }

  /// Nil for one that no statement or more than one makes.
  func place(of section: PredictedSection) -> Place? { places[section.name] }
}

extension LayoutScript {
  /// Whether the location counter is never set to less than it was.
  fileprivate func neverGoesBack(_ id: ExpressionID) -> Bool {
    switch expressions[id] {
    case .locationCounter, .call1(.align, _), .call1(.next, _): true
    case .call2(.align, let value, _): neverGoesBack(value)
    case .call2(.max, let one, let other): neverGoesBack(one) || neverGoesBack(other)
    case .binary(.add, let one, let other):
      neverGoesBack(one) && expressions.foldedValue(other).map { $0 < 1 << 40 } ?? false
    default: false
    }
  }

  /// Whether an expression or a move of the location counter may stop the linker at some numbers.
  fileprivate var mayStopInside: Bool {
    let divides = expressions.contains { node in
      switch node {
      case .binary(.divide, _, let right), .binary(.remainder, _, let right):
        expressions.foldedValue(right) ?? 0 == 0
      default: false
      }
    }
    return divides
      || sections.contains { section in
        section.body.contains { statement in
          guard case .assignment(let inner) = statement, inner.assignment.isLocationCounter else {
            return false
          }
          let value = inner.assignment.value
          // An offset that is a number is passed once and for all, in a section that begins where it is aligned.
          return !neverGoesBack(value)
            && !(expressions.foldedValue(value) != nil && section.address == nil)
        }
      }
  }
}
