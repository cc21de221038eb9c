// What aligning the regions costs: bytes of padding now, and bytes and entries for each page size.

/// The image laid out again with its regions aligned to one page size.
public struct AlignmentChoice: Sendable, Hashable {
  /// The alignment of the regions, and the largest page they are mapped with.
  public var pageSize: PageSize
  /// Bytes from the first to the last.
  public var imageBytes: UInt64
  /// Mapping entries for all regions.
  public var entries: UInt64
  /// Tables below the root.
  public var tables: UInt64
}

/// What alignment costs an image.
public struct AlignmentCost: Sendable, Hashable {
  /// Bytes between the first and the last that no section fills; nil where sections are not known.
  public var padding: UInt64?
  /// One choice for each page size, smallest first; empty where sections are not known.
  ///
  /// Where the file tells the alignments of sections, they are laid out by them, otherwise they keep their
  /// distances inside a region.
  public var choices: [AlignmentChoice]

  /// The cost for the image of `plan`.
  public init(_ plan: SuperpagePlan) {
    padding =
      plan.sections.isEmpty
      ? nil : plan.frames.reduce(0) { $0 &+ ($1.padding ?? 0) }
    choices = []
    guard !plan.sections.isEmpty, plan.mapped.hasDeclaredBoundaries else { return }
    let members = Self.members(plan)
    let alignments = plan.sections.map(\.alignment)
    for size in plan.mapped.description.pageSizes {
      if let choice = Self.choice(plan, members, alignments, size) { choices.append(choice) }
    }
  }

  /// Indices of the sections that start in each region.
  private static func members(_ plan: SuperpagePlan) -> [[Int]] {
    plan.regions.map { region in
      plan.sections.indices.filter { region.range.contains(plan.sections[$0].range.start) }
    }
  }

  private static func choice(
    _ plan: SuperpagePlan, _ members: [[Int]], _ alignments: [UInt64?], _ size: PageSize
  ) -> AlignmentChoice? {
    var position = plan.range.start
    var entries: UInt64 = 0
    for (index, region) in plan.regions.enumerated() {
      let start = index == 0 ? position : size.ceiling(position)
      guard start >= position else { return nil }
      let sections = members[index].map { (plan.sections[$0].range, alignments[$0]) }
      guard let end = end(of: sections, in: region, at: start) else { return nil }
      entries &+= AddressRange(start: start, end: end).pageCount(size)
      position = end
    }
    let whole = AddressRange(start: plan.range.start, end: position).rounded(to: size)
    guard let demand = plan.mapped.model.demand(for: whole, largest: size) else { return nil }
    return AlignmentChoice(
      pageSize: size, imageBytes: position &- plan.range.start, entries: entries,
      tables: demand.tableCount)
  }

  /// Where the sections of a region end when the region starts at `start`; nil past the address space.
  private static func end(
    of sections: [(range: AddressRange, alignment: UInt64?)], in region: MappedRegion,
    at start: UInt64
  ) -> UInt64? {
    var end = start
    var oldEnd = region.range.start
    for (range, alignment) in sections {
      let distance = range.start &- oldEnd
      // An overlap (an overlay, a note inside another section) counts as no distance.
      let kept = end &+ (distance <= region.range.byteCount ? distance : 0)
      let placed = alignment.flatMap { PageSize(bytes: max($0, 1)) }.map { $0.ceiling(end) } ?? kept
      guard placed >= end, placed &+ range.byteCount >= placed else { return nil }
      end = placed &+ range.byteCount
      oldEnd = range.end
    }
    return end
  }
}
