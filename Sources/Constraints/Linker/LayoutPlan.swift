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
    traits = program.sections.indices.map { SectionTraits($0, program, names) }
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
    loadRegions = Self.loadRegions(program, traits)
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

  /// A section in the region of the one before it, without an address or a load address of its own, is loaded where
  /// that one is (ldlang.c, lang_propagate_lma_regions).
  private static func loadRegions(_ program: Program, _ traits: [SectionTraits]) -> [LoadRegion] {
    var regions: [LoadRegion] = []
    for (index, section) in program.sections.enumerated() {
      guard let description = section.description else {
        regions.append(.open)
        continue
      }
      if let named = description.tail.loadRegion {
        regions.append(program.region(named: named.name).map { .region($0) } ?? .open)
      } else if index == 0 || description.loadAddress != nil || description.address != nil
        || regions[index - 1] == .none
      {
        regions.append(.none)
      } else if traits[index].isRegionUnknown || traits[index - 1].isRegionUnknown {
        regions.append(.open)
      } else {
        let isSame = traits[index].region == traits[index - 1].region
        regions.append(isSame ? regions[index - 1] : .none)
      }
    }
    return regions
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
