// Which region each output section of a script goes to, as far as the script alone says it.

internal import LdsParser

/// The placements of a script's output sections by name.
struct SectionPlacements: Sendable {
  private var placements: [[UInt8]: SectionPlacement] = [:]
  /// Names in the script's order.
  private(set) var order: [[UInt8]] = []
  /// Names of regions that a section asks for and nothing declares.
  private(set) var undeclared: [[UInt8]] = []

  /// - Parameter isLLD: lld inherits no load region from the section before.
  init(
    _ outline: ScriptOutline, _ program: Program, regions: [RegionDeclaration], isLLD: Bool
  ) {
    var indices: [[UInt8]: Int] = [:]
    for (index, region) in regions.enumerated() { indices[region.name] = index }
    var previous: SectionPlacement?
    for (section, _) in outline.sections {
      let name = section.name.name
      func region(_ asked: SpannedName?) -> Int? {
        guard let asked else { return nil }
        let bytes = program.names.bytes(outline.resolved(asked.name))
        if indices[bytes] == nil { undeclared.append(bytes) }
        return indices[bytes]
      }
      let isFollower = outline.overlayFollowers.contains(name)
      var placement = SectionPlacement(
        region: region(section.tail.region), loadRegion: region(section.tail.loadRegion),
        hasAddress: section.address != nil || isFollower,
        hasLoadAddress: section.loadAddress != nil,
        loadAlignment: section.alignment.map { program.expressions.foldedValue($0) } ?? 1,
        alignsWithInput: section.alignsWithInput, type: section.type,
        movesEmpty: Self.assigns(section.body) && Self.takesInputs(section.body),
        overlay: isFollower ? .follower : outline.overlayLeaders.contains(name) ? .leader : nil)
      // "If no runtime region or VMA has been specified, but the load region has been specified, then use the
      // load region for the runtime region as well" (lang_get_regions). lld goes by attributes (findMemoryRegion).
      if !isLLD, section.tail.region == nil, !placement.hasAddress || placement.overlay != nil {
        placement.region = placement.loadRegion
      }
      if !isLLD { placement.inheritLoadRegion(from: previous) }
      previous = placement
      let bytes = program.names.bytes(name)
      if placements[bytes] != nil { continue }
      placements[bytes] = placement
      order.append(bytes)
    }
  }

  private static func assigns(_ body: [Statement]) -> Bool {
    body.contains { statement in
      if case .assignment(let assignment) = statement.kind { return !assignment.isLocationCounter }
      return false
    }
  }

  private static func takesInputs(_ body: [Statement]) -> Bool {
    body.contains { statement in
      if case .inputSections = statement.kind { return true }
      return false
    }
  }

  /// The sections behind the last one of `kept` that goes to a region, of those that ld may have dropped after they
  /// moved it.
  ///
  /// - Parameter loaded: those of `kept` that have bytes.
  func droppedBehind(
    _ kept: Set<[UInt8]>, loaded: Set<[UInt8]>, in region: Int
  ) -> [[UInt8]] {
    func isIn(_ placement: SectionPlacement) -> Bool {
      placement.region == region || placement.loadRegion == region
    }
    var behind: [[UInt8]] = []
    for name in order {
      guard let placement = placements[name], isIn(placement) else { continue }
      if kept.contains(name), placement.region == region || loaded.contains(name) {
        behind = []
      } else if !kept.contains(name), placement.movesEmpty {
        behind.append(name)
      }
    }
    return behind
  }

  /// What the script says of the sections from one name up to another, in order.
  func between(_ first: [UInt8]?, _ last: [UInt8]?) -> [SectionPlacement] {
    let start = first.flatMap { order.firstIndex(of: $0) } ?? 0
    let end = last.flatMap { order.firstIndex(of: $0) } ?? order.count
    guard start < end else { return [] }
    return order[start..<end].compactMap { placements[$0] }
  }

  /// What the script says of a section; nil for an orphan.
  subscript(name: [UInt8]) -> SectionPlacement? { placements[name] }
}

extension SectionPlacement {
  /// `lang_propagate_lma_regions`: a section without load address of its own follows the one before it in the same
  /// region.
  mutating func inheritLoadRegion(from previous: SectionPlacement?) {
    guard let previous, loadRegion == nil, !hasLoadAddress, !hasAddress, region == previous.region
    else { return }
    loadRegion = previous.loadRegion
  }

  /// The placement of an orphan, which ld puts behind a section and into its regions.
  static func orphan(after previous: SectionPlacement?, isLLD: Bool = false) -> SectionPlacement {
    var placement = SectionPlacement(
      region: previous?.region, loadRegion: nil, hasAddress: false, hasLoadAddress: false,
      loadAlignment: 1, alignsWithInput: false, type: .normal, movesEmpty: false, overlay: nil)
    if !isLLD { placement.inheritLoadRegion(from: previous) }
    return placement
  }
}
