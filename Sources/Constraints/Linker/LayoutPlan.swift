// What a layout has to look up in a program again and again, found once.

internal import LdsParser

/// A program as layouts see it.
package struct LayoutPlan: Sendable {
  /// How each output section behaves, by the script alone.
  let traits: [SectionTraits]
  /// The step that opens each section; 0 for one that is never opened.
  let entrySteps: [Int]
  /// The step that closes each section; 0 for one that is never closed.
  let leaveSteps: [Int]
  /// The last section that is opened; -1 if there is none.
  let lastEntered: Int
  /// Whether the output is a PE image.
  let isPE: Bool
  /// Whether the script has statements of which the layout by the script alone is not worked out.
  let isBeyondProof: Bool
  /// Whether the script moves the location counter so far that what follows may be behind the end of a 32-bit address
  /// space, wherever that began.
  let movesFar: Bool
  /// Whether a load address may differ from the address.
  let hasLoadAddresses: Bool
  /// Whether sections are loaded into regions other than their own.
  let hasLoadRegions: Bool
  /// What each declared region asks, for GNU ld, of the sections that it takes by itself.
  let attributes: [RegionAttributes]
  /// The region that each section is loaded into.
  let loadRegions: [LoadRegion]
  /// Sections that define symbols whoever needs them: even where they are empty and dropped, the location counter
  /// passes them (ld manual 3.6.7, Output Section Discarding).
  let defining: Set<Int>

  /// Orphans may move every region's pointer behind every section; a script with more regions times sections
  /// than this (real ones have a dozen regions) is not laid out.
  private static let mostRegionPlaces = 1 << 18

  init(_ program: Program) {
    let names = SectionNames(program)
    isPE = names.isPE
    attributes = program.regions.map {
      RegionAttributes($0.attributes, program.names, linker: .bfd)
    }
    let regions = Self.regions(program)
    traits = program.sections.indices.map {
      SectionTraits($0, program, names, regions[$0]?.regions)
    }
    var entries = Array(repeating: 0, count: program.sections.count)
    var leaves = entries
    var last = -1
    for (index, step) in program.steps.enumerated() {
      switch step.action {
      case .enter(let section):
        entries[section] = index
        last = section
      case .leave(let section): leaves[section] = index
      default: break
      }
    }
    entrySteps = entries
    leaveSteps = leaves
    lastEntered = last
    isBeyondProof =
      program.hasInsert || program.isMap
      || program.regions.count * program.sections.count > Self.mostRegionPlaces
      || program.sections.contains { section in
        switch section.description?.constraint {
        case .onlyIfRO, .onlyIfRW: true
        default: false
        }
      }
    movesFar = program.steps.contains { Self.movesFar($0, program) }
    hasLoadAddresses = program.sections.contains { section in
      guard let description = section.description else { return true }
      return description.loadAddress != nil || description.tail.loadRegion != nil
    }
    hasLoadRegions = program.sections.contains {
      $0.description.map { $0.tail.loadRegion != nil } ?? true
    }
    loadRegions = regions.map { section in
      guard let section, !section.isOpen else { return .open }
      guard let name = section.regions.loadRegion else { return .none }
      return program.region(named: name).map { .region($0) } ?? .open
    }
    defining = Set(program.steps.compactMap(\.sectionOfDefinition))
  }

  /// A step of a quarter of a gigabyte and more, a few of which pass the end, or a place behind it.
  private static func movesFar(_ step: Step, _ program: Program) -> Bool {
    let target: ExpressionID?
    switch step.action {
    case .assignment(let assignment) where assignment.isLocationCounter: target = assignment.value
    case .enter(let section): target = program.sections[section].description?.address
    default: target = nil
    }
    guard let target else { return false }
    let isRelative = program.expressions.mentions(.locationCounter, in: target)
    return program.expressions.nodes(of: target).contains { index in
      guard case .integer(let number) = program.expressions[ExpressionID(index: index)] else {
        return false
      }
      return number > (isRelative ? 0xfff_ffff : 0xffff_ffff)
    }
  }

  /// The regions of output sections by their names, as GNU ld has them before it sizes anything, and whether one is loaded
  /// as a member of an overlay is; nil for those.
  private static func regions(
    _ program: Program
  ) -> [(regions: SectionRegions<NameID>, isOpen: Bool)?] {
    var before: (regions: SectionRegions<NameID>, isOpen: Bool)?
    var isBehindOverlay = false
    return program.sections.map { section in
      guard let description = section.description else {
        isBehindOverlay = true
        return nil
      }
      func resolved(_ name: SpannedName?) -> NameID? {
        name.map { program.regionAliases[$0.name] ?? $0.name }
      }
      var regions = SectionRegions(
        region: resolved(description.tail.region),
        loadRegion: resolved(description.tail.loadRegion),
        hasAddress: description.address != nil, hasLoadAddress: description.loadAddress != nil)
      regions.completeAsGNULinker()
      let isOpen = regions.mayInherit && (isBehindOverlay || before?.isOpen ?? false)
      if let before { regions.inheritAsGNULinker(from: before.regions) }
      isBehindOverlay = false
      before = (regions, isOpen)
      return before
    }
  }
}

/// Which region an output section is loaded into.
enum LoadRegion: Sendable, Hashable {
  /// None: the section follows the one before it, or has a load address of its own.
  case none
  /// The declared region with this index: `AT>REGION`, here or before.
  case region(Int)
  /// It is not worked out.
  case open
}

extension Step {
  /// The section that surely holds this step, if it is a definition that ld carries out whoever needs the symbol.
  fileprivate var sectionOfDefinition: Int? {
    guard case .inside(let section) = context, case .assignment(let assignment) = action,
      !assignment.isLocationCounter, !assignment.kind.isProvide
    else { return nil }
    return section
  }
}
