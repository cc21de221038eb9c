// Groups of base pages that a hint in their entries makes one entry of the TLB.
//
// Sources: Arm Architecture Reference Manual, D8.7.1 "The Contiguous bit" (16 pages of 4K, 128 of 16K, 32 of 64K); RISC-V
// Privileged Architecture, "Svnapot" (64K).

internal import LdsParser

/// How many base pages of an image lie in groups that one permission covers.
public struct ContiguousGroups: Sendable, Hashable {
  /// The size of a group; a group begins at a multiple of it.
  public let size: PageSize
  /// What marks one: `the contiguous bit`, `Svnapot`.
  public let hint: String
  /// Groups that lie in one region each.
  public let groups: UInt64
  /// Base pages in these.
  public let pages: UInt64
  /// Base pages of all regions.
  public let allPages: UInt64

  /// The groups of a plan; nil where its page tables have no such hint, or it has no regions.
  public init?(_ plan: SuperpagePlan) {
    guard let (size, hint) = Self.group(plan.mapped.model), !plan.regions.isEmpty else {
      return nil
    }
    self.size = size
    self.hint = hint
    let base = plan.mapped.model.basePage
    var groups: UInt64 = 0
    var all: UInt64 = 0
    let regions = plan.regions
    for (index, region) in regions.enumerated() where region.range.byteCount > 0 {
      let start = region.range.start
      let end = region.range.end
      // A page that two regions share has one permission, and is of neither.
      let isShared = (
        index > 0 && regions[index - 1].range.end > base.floor(start),
        index + 1 < regions.count && regions[index + 1].range.start < base.ceiling(end)
      )
      let low = isShared.0 ? base.ceiling(start) : base.floor(start)
      let high = isShared.1 ? base.floor(end) : base.ceiling(end)
      guard high > low else { continue }
      all &+= (high &- low) / base.bytes
      let (first, last) = (size.ceiling(low), size.floor(high))
      if first >= low, last > first { groups &+= (last &- first) / size.bytes }
    }
    self.groups = groups
    pages = groups &* (size.bytes / base.bytes)
    allPages = all
  }

  private static func group(_ model: PageTableModel) -> (PageSize, String)? {
    switch model {
    case .arm4K: (PageSize(shift: 16), "the contiguous bit")
    case .arm16K, .arm64K: (.size2M, "the contiguous bit")
    case .sv39, .sv48, .sv57: (PageSize(shift: 16), "Svnapot")
    default: nil
    }
  }
}
