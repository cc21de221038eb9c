// Which region each output section of a script goes to, as far as the script alone says it.

internal import LdsParser

/// The placements of a script's output sections by name.
struct SectionPlacements: Sendable {
  private var placements: [[UInt8]: SectionPlacement] = [:]
  /// Names in the script's order.
  private(set) var order: [[UInt8]] = []
  /// Names of regions that a section asks for and nothing declares.
  private(set) var undeclared: [[UInt8]] = []

  init(
    _ outline: ScriptOutline, _ program: Program, regions: [RegionDeclaration],
    linker: LinkerDialect.Family
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
        regions: SectionRegions(
          region: region(section.tail.region), loadRegion: region(section.tail.loadRegion),
          hasAddress: section.address != nil || isFollower,
          hasLoadAddress: section.loadAddress != nil),
        loadAlignment: section.alignment.map { program.expressions.foldedValue($0) } ?? 1,
        alignsWithInput: section.alignsWithInput, type: section.type,
        movesEmpty: section.body.definesSymbols && section.body.takesInputs,
        overlay: isFollower ? .follower : outline.overlayLeaders.contains(name) ? .leader : nil)
      if linker == .bfd {
        placement.completeAsGNULinker()
        if let previous { placement.regions.inheritAsGNULinker(from: previous.regions) }
      }
      previous = placement
      let bytes = program.names.bytes(name)
      if placements[bytes] != nil { continue }
      placements[bytes] = placement
      order.append(bytes)
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
      placement.regions.region == region || placement.regions.loadRegion == region
    }
    var behind: [[UInt8]] = []
    for name in order {
      guard let placement = placements[name], isIn(placement) else { continue }
      if kept.contains(name), placement.regions.region == region || loaded.contains(name) {
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
  /// What GNU ld makes of `AT>` alone; the address of an overlay does not count there.
  mutating func completeAsGNULinker() {
    let hasAddress = regions.hasAddress
    if overlay != nil { regions.hasAddress = false }
    regions.completeAsGNULinker()
    regions.hasAddress = hasAddress
  }

  /// The placement of an orphan, which ld puts behind a section and into its regions.
  static func orphan(
    after previous: SectionPlacement?, linker: LinkerDialect.Family = .bfd
  ) -> SectionPlacement {
    var placement = SectionPlacement(
      regions: SectionRegions(
        region: previous?.regions.region, loadRegion: nil, hasAddress: false, hasLoadAddress: false),
      loadAlignment: 1, alignsWithInput: false, type: .normal, movesEmpty: false, overlay: nil)
    if linker == .bfd, let previous { placement.regions.inheritAsGNULinker(from: previous.regions) }
    return placement
  }
}
