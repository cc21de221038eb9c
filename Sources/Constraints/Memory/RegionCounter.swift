// Counts regions as the linkers do: GNU ld's pointer of each region (lang_size_sections_1, ldlang.c), and lld's
// (LinkerScript::assignOffsets, LinkerScript.cpp).
//
//     Memory region         Used Size  Region Size  %age Used
//                FLASH:        1312 B         1 KB    128.12%

internal import LdsParser

/// Runs over the sections of an image and moves the pointers of the regions.
struct RegionCounter {
  /// What a section takes of one region.
  struct Share: Sendable {
    /// Index in the sections.
    var section: Int
    /// Index in the regions.
    var region: Int
    /// Address in that region.
    var address: UInt64
    var size: UInt64
    var isLoadImage: Bool
  }

  let regions: [RegionDeclaration]
  /// Whose way of counting.
  let linker: LinkerDialect.Family
  /// Whether a script says where sections go.
  let hasScript: Bool
  private(set) var sections: [MemorySection]
  private(set) var shares: [Share] = []
  /// Where each region is filled up to.
  private(set) var pointers: [UInt64]
  private(set) var doubts: [MemoryDoubt] = []
  private var overlayStart: [Int: UInt64] = [:]
  /// By how much the load address of a region's last section is off its address, if no region gives it: the next one
  /// follows it.
  private var loadOffsets: [Int: UInt64] = [:]

  init(
    _ sections: [MemorySection], regions: [RegionDeclaration], hasScript: Bool,
    linker: LinkerDialect.Family
  ) {
    self.sections = sections
    self.regions = regions
    self.hasScript = hasScript
    self.linker = linker
    pointers = regions.map(\.origin)
  }

  /// Counts every section.
  mutating func run() {
    // Of other names than those whose type is known, a map alone does not even tell whether they take memory.
    let unknown = hasScript ? [] : Set(sections.indices.filter { !sections[$0].isLoaded.isCertain })
    for index in sections.indices { count(index) }
    for region in regions.indices {
      let last = shares.last { $0.region == region && !$0.isLoadImage && $0.size > 0 }
      guard let last, unknown.contains(last.section), last.address &+ last.size == pointers[region]
      else { continue }
      doubts.append(
        .allocation(
          section: sections[last.section].name, region: regions[region].name, bytes: last.size))
    }
  }

  private mutating func count(_ index: Int) {
    let home = self.home(of: index)
    if let home, sections[index].flags == nil || sections[index].isEmpty && !hasScript {
      // It is not allocated, whatever region it inherits.
      if isBehindPointer(index, home) { return }
      if takesNoRoom(index, home) {
        // Not allocated, or `.tbss`: what follows begins where it does.
        sections[index].extent = 0
        sections[index].isLoaded = .no
      }
    }
    let gap = home.map { sections[index].vma &- pointers[$0] } ?? 0
    if let home { place(index, in: home) }
    load(index, home, alignedBy: gap)
    let section = sections[index]
    if let home, section.size > 0, section.placement?.regions.loadRegion == nil {
      loadOffsets[home] = section.lma &- section.vma
    }
  }

  // MARK: Run-time address

  private mutating func home(of index: Int) -> Int? {
    let section = sections[index]
    let placement = section.placement ?? (hasScript ? anchor(of: index) : nil)
    guard let placement else { return nearest(section.vma) }
    sections[index].placement = placement
    if let region = placement.regions.region { return region }
    if placement.regions.hasAddress { return linker == .lld ? lldHome(of: section) : nil }
    if linker == .lld { return lldHome(of: section) }
    guard let flags = section.flags else {
      // Only attributes take a section that names no region.
      return nearest(section.vma).flatMap { regions[$0].attributes.takesNothing ? nil : $0 }
    }
    let bits = SectionBits(flags)
    return regions.firstIndex { $0.attributes.takes(bits) }
  }

  /// Where an orphan goes: into the regions of the section that it stands behind.
  private mutating func anchor(of index: Int) -> SectionPlacement {
    let section = sections[index]
    let candidates = section.anchors.map { SectionPlacement.orphan(after: $0, linker: linker) }
    let following = candidates.filter { follows(section, $0.regions.region) }
    let holding =
      following.isEmpty
      ? candidates.filter { $0.regions.region.map { regions[$0].contains(section.vma) } ?? true }
      : following
    // What GNU ld makes for common symbols at the very end follows no section.
    if candidates.count < 2 { return holding.first ?? .orphan(after: nil) }
    let loaded = holding.filter { mayLoad(section, by: $0.regions) }
    guard let chosen = loaded.first else { return holding.first ?? .orphan(after: nil) }
    doubtLoading(of: section, among: loaded.map(\.regions), chosen.regions)
    return chosen
  }

  /// Whether an orphan starts where a region goes on.
  private func follows(_ section: MemorySection, _ region: Int?) -> Bool {
    guard let region else { return false }
    guard let alignment = section.alignment, alignment > 0 else {
      return Self.continues(section.vma, pointers[region])
    }
    return LinkerArithmetic.alignUp(pointers[region], to: alignment) == section.vma
  }

  /// Whether a section is loaded where it would be behind one with these regions.
  private func mayLoad(_ section: MemorySection, by regions: SectionRegions<Int>) -> Bool {
    if section.lma == section.vma { return regions.loadRegion == nil }
    if let region = regions.loadRegion { return Self.continues(section.lma, pointers[region]) }
    // It follows one that an expression loads elsewhere; an image does not have that if it is empty.
    return section.anchors.contains { $0.regions.hasLoadAddress }
      || regions.region.flatMap { loadOffsets[$0] } == section.lma &- section.vma
  }

  /// Says so where the sections that an orphan may stand behind are not loaded into the same region.
  private mutating func doubtLoading(
    of section: MemorySection, among candidates: [SectionRegions<Int>],
    _ chosen: SectionRegions<Int>
  ) {
    guard section.extent > 0, section.isLoaded.likely else { return }
    for region in Set(candidates.compactMap(\.loadRegion)).sorted()
    where candidates.contains(where: { $0.loadRegion != region }) {
      doubts.append(
        .orphan(
          section: section.name, region: regions[region].name, bytes: section.extent,
          isCounted: chosen.loadRegion == region))
    }
  }

  /// lld's `findMemoryRegion`: attributes, then the region of the section before.
  private func lldHome(of section: MemorySection) -> Int? {
    if let flags = section.flags {
      if let region = regions.firstIndex(where: { $0.attributes.takes(flags) }) { return region }
    }
    return nearest(section.vma)
  }

  /// The region that an address belongs to where nothing says it: the one whose pointer it continues, else the one
  /// it lies in.
  private func nearest(_ address: UInt64) -> Int? {
    let continued = regions.indices.filter { Self.continues(address, pointers[$0]) }
      .min { address &- pointers[$0] < address &- pointers[$1] }
    let holding = regions.indices.filter { regions[$0].contains(address) }
    if let continued, holding.isEmpty || holding.contains(continued) { return continued }
    // An overflowing region runs into the one behind it.
    if let continued, let first = holding.first, pointers[continued] > regions[first].origin,
      address != regions[first].origin
    {
      return continued
    }
    return holding.min { regions[$0].length < regions[$1].length }
  }

  /// Alignments beyond this are no part of a section's natural place.
  private static let widest: UInt64 = 1 << 16

  /// Whether aligning `pointer` by some power of two gives `address`.
  private static func continues(_ address: UInt64, _ pointer: UInt64) -> Bool {
    guard address >= pointer else { return false }
    let gap = address &- pointer
    if gap == 0 { return true }
    let alignment = address & (0 &- address)
    return gap < widest && gap < alignment
  }

  /// Whether a section stands before its region's pointer, where no section without an address of its own can be.
  private func isBehindPointer(_ index: Int, _ home: Int) -> Bool {
    let section = sections[index]
    guard section.vma < pointers[home] else { return false }
    // lld puts what is not allocated at 0.
    if linker == .lld { return section.vma == 0 && section.size > 0 }
    // Two sections at one address may be an overlay.
    if !hasScript, section.vma != 0, section.vma == overlayStart[home] { return false }
    return section.placement.map { !$0.regions.hasAddress && $0.overlay == nil }
      ?? (section.vma == 0)
  }

  /// Whether what is placed next in the same region begins before this section's end: so it took no room.
  private func takesNoRoom(_ index: Int, _ home: Int) -> Bool {
    let section = sections[index]
    guard section.size > 0 else { return false }
    for next in sections[(index + 1)...] where next.size > 0 {
      if let region = next.placement?.regions.region, region != home { continue }
      // Sections that are not allocated stand at 0.
      if next.placement == nil, next.flags == nil, next.vma == 0 { continue }
      if next.placement?.regions.hasAddress ?? false { return false }
      guard regions[home].contains(next.vma) || next.placement?.regions.region == home else {
        continue
      }
      if section.placement?.overlay != nil || next.vma < section.vma { return false }
      // Without the script two sections at one address may be an overlay.
      if next.vma == section.vma, !hasScript { return false }
      return next.vma < section.vma &+ section.size
    }
    return false
  }

  private mutating func place(_ index: Int, in region: Int) {
    let section = sections[index]
    let end = section.vma &+ section.extent
    shares.append(
      Share(
        section: index, region: region, address: section.vma, size: section.extent,
        isLoadImage: false))
    if linker == .lld {
      if section.extent == 0, section.size > 0 {
        expand(region, by: index)
      } else {
        pointers[region] = max(pointers[region], end)
      }
      return
    }
    // Behind an overlay the location counter is behind its largest member.
    if sharesAddress(index, region) {
      pointers[region] = max(pointers[region], end)
    } else {
      pointers[region] = end
    }
  }

  /// lld gives .tbss no addresses and expands its region by it all the same.
  private mutating func expand(_ region: Int, by index: Int) {
    let section = sections[index]
    let end = index == 0 ? section.vma : sections[index - 1].vma &+ sections[index - 1].size
    let gap = section.vma >= end && section.vma &- end < Self.widest ? section.vma &- end : 0
    shares.append(
      Share(
        section: index, region: region, address: pointers[region] &+ gap, size: section.size,
        isLoadImage: false))
    pointers[region] &+= gap &+ section.size
  }

  private mutating func sharesAddress(_ index: Int, _ region: Int) -> Bool {
    let section = sections[index]
    defer { overlayStart[region] = section.size > 0 ? section.vma : overlayStart[region] }
    if let placement = section.placement, hasScript { return placement.overlay == .follower }
    return section.size > 0 && overlayStart[region] == section.vma
  }

  // MARK: Load address

  /// - Parameter gap: what alignment has added before the run-time address.
  private mutating func load(_ index: Int, _ home: Int?, alignedBy gap: UInt64) {
    guard let region = loadHome(index, home), region != home else { return }
    let isSettled =
      linker == .lld || sections[index].isLoaded.isCertain
      || !sections[index].isEmpty && isSettled(index, region)
    let section = sections[index]
    let alignsWithInput = section.placement?.alignsWithInput ?? false
    let takes = linker == .lld || section.isLoaded.likely
    // An empty section moves the pointer by what aligns its load address.
    let bytes =
      section.isEmpty
      ? loadAddress(index, region, alignedBy: gap) &- pointers[region] : section.extent
    if !isSettled, bytes > 0 {
      doubts.append(
        .loading(
          section: section.name, region: regions[region].name, bytes: bytes, isCounted: takes))
    }
    guard takes || alignsWithInput else { return }
    if linker == .lld {
      loadAsLLD(index, region, alignedBy: gap)
      return
    }
    let address = loadAddress(index, region, alignedBy: gap)
    shares.append(
      Share(
        section: index, region: region, address: address, size: section.extent, isLoadImage: true))
    let end = address &+ section.extent
    pointers[region] = end
  }

  private mutating func loadHome(_ index: Int, _ home: Int?) -> Int? {
    let section = sections[index]
    if let placement = section.placement, hasScript {
      return placement.regions.hasLoadAddress ? nil : placement.regions.loadRegion
    }
    guard section.lma != section.vma, let region = nearest(section.lma), region != home else {
      return nil
    }
    // One section is enough to say it of a region.
    let isSaid = doubts.contains { doubt in
      if case .loadAddress(_, regions[region].name, _) = doubt { return true }
      return false
    }
    if !isSaid, section.extent > 0, section.isLoaded.likely {
      doubts.append(
        .loadAddress(section: section.name, region: regions[region].name, bytes: section.extent))
    }
    return region
  }

  /// What aligns the run-time address expands the load region too, whose own pointer is then aligned.
  private mutating func loadAsLLD(_ index: Int, _ region: Int, alignedBy gap: UInt64) {
    let section = sections[index]
    if section.extent == 0, section.size > 0 {
      expand(region, by: index)
      return
    }
    if section.placement?.regions.hasAddress == false, gap < Self.widest {
      pointers[region] &+= gap
    }
    let start = LinkerArithmetic.alignUp(pointers[region], to: section.alignment ?? 1)
    shares.append(
      Share(
        section: index, region: region, address: start, size: section.extent, isLoadImage: true))
    pointers[region] = start &+ section.extent
  }

  /// The load address that the linker counted with. The one in the file is another where segments moved it later
  /// ("section `.tdata' lma 0x… adjusted to 0x…"), and an image has none of an empty section.
  private func loadAddress(_ index: Int, _ region: Int, alignedBy gap: UInt64) -> UInt64 {
    let section = sections[index]
    guard hasScript, linker != .lld, let placement = section.placement,
      section.size == 0 || !Self.continues(section.lma, pointers[region])
    else { return section.lma }
    if placement.alignsWithInput { return pointers[region] &+ gap }
    guard let alignment = placement.loadAlignment else { return section.lma }
    // exp_get_power rounds up to a power of two.
    let power = min(62, Int(LinkerArithmetic.log2Ceiling(alignment)))
    return LinkerArithmetic.alignUp(pointers[region], toPower: power)
  }

  /// Whether what is loaded behind a section shows that its bytes are, or are not, in the load region.
  private mutating func isSettled(_ index: Int, _ region: Int) -> Bool {
    let section = sections[index]
    let end = section.lma &+ section.extent
    for next in sections[(index + 1)...] {
      let address: UInt64
      if hasScript {
        // Of an orphan it is not known yet where it goes.
        guard let placement = next.placement else { continue }
        if placement.regions.region == region {
          address = next.vma
        } else if placement.regions.loadRegion == region {
          address = next.lma
        } else {
          continue
        }
      } else if regions[region].contains(next.vma) {
        address = next.vma
      } else if regions[region].contains(next.lma), next.lma != next.vma {
        address = next.lma
      } else {
        continue
      }
      if next.size == 0 || address < section.lma { continue }
      sections[index].isLoaded = address < end ? .no : sections[index].isLoaded
      return address < end || section.isLoaded.likely
    }
    return false
  }
}
