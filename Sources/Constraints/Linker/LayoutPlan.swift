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
  /// Whether a load address may differ from the address.
  let hasLoadAddresses: Bool
  /// Whether sections are loaded into regions other than their own.
  let hasLoadRegions: Bool
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
    hasLoadAddresses = program.sections.contains { section in
      guard let description = section.description else { return true }
      return description.loadAddress != nil || description.tail.loadRegion != nil
    }
    hasLoadRegions = program.sections.contains {
      $0.description.map { $0.tail.loadRegion != nil } ?? true
    }
    defining = Set(program.steps.compactMap(\.sectionOfDefinition))
  }
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
