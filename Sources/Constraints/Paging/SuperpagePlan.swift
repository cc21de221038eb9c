// How an image falls on superpages: frame by frame, what is in it and what that needs.

public import LdsParser

/// One superpage-sized piece of address space that the image touches.
public struct Frame: Sendable, Hashable {
  /// Index of its entry in the page table.
  public var slot: UInt64
  /// The whole piece, from one superpage boundary to the next.
  public var range: AddressRange
  /// Indices of the regions with a byte in it, in address order.
  public var regions: [Int]
  /// Indices of the sections with a byte in it, in address order.
  public var sections: [Int]
  /// The union of what its regions need; nil where that of one is not known.
  public var permissions: Permissions?
  /// Whether its regions need different permissions, so that one entry would give one of them too much.
  public var isMixed: Bool
  /// Bytes of the image in it that no section fills; nil where sections are not known.
  public var padding: UInt64?
  /// Base pages that hold a byte of one of its regions: entries needed when it is split.
  public var basePages: UInt64
}

/// The slots that code computes at the physical address it was loaded at.
public struct LoadPlan: Sendable, Hashable {
  /// Physical address that stands for slot 0.
  public var address: UInt64
  /// Slot of the first byte when the address is not subtracted.
  public var naiveFirst: UInt64
  /// Slot of the last byte when the address is not subtracted.
  public var naiveLast: UInt64
  /// Physical minus virtual address, modulo the superpage: 0 if superpages can map it.
  public var residue: UInt64

  /// Whether physical and virtual addresses agree modulo the superpage.
  public var allowsSuperpages: Bool { residue == 0 }
}

/// The page-mapping plan of one image.
public struct SuperpagePlan: Sendable {
  /// Frames a plan is made for: 128 GiB of 2M superpages, far above any image; a file that lies about a
  /// size gets an error instead of a picture.
  public static let frameLimit: UInt64 = 65_536

  /// Regions a plan is made for; real images have some ten.
  public static let regionLimit = 4096

  /// The file.
  public var path: FilePath
  /// Its kind.
  public var kind: ImageKind
  /// Regions and addresses.
  public var mapped: MappedImage
  /// The superpage the plan is made for.
  public var pageSize: PageSize
  /// Program headers; empty where the file tells none.
  public var segments: [SegmentRecord]
  /// Sections with a byte in the image, in address order; empty where the file tells none.
  public var sections: [LoadedSection]
  /// The frames in address order.
  public var frames: [Frame]
  /// First and last slot.
  public var slots: SlotSpan
  /// Whether boot code may map every region with superpages; for Xen, what `using_2M_mapping()` returns.
  /// Nil where a symbol that it asks for is missing.
  public var superpageMappable: Bool?
  /// With a load address, what the slots become if it is not subtracted.
  public var load: LoadPlan?
  /// The first section or segment whose load address differs from its run-time address by no whole number of
  /// superpages: none can map it. Nil where there is none, or a load address is said that makes it the loader's choice.
  public var misloaded: LoadedPlace?

  /// The regions.
  public var regions: [MappedRegion] { mapped.regions }
  /// From the image's first byte to its last.
  public var range: AddressRange { mapped.range }
  /// Name of the profile.
  public var profile: String { mapped.description.name }
  /// Frames whose regions need different permissions.
  public var mixedFrames: [Frame] { frames.filter(\.isMixed) }
  /// Base-page entries that splitting every mixed frame takes; each also needs a table.
  public var splitEntries: UInt64 { mixedFrames.reduce(0) { $0 &+ $1.basePages } }

  /// The first and the last superpage of each region, counted from address 0: they decide which frames are mixed.
  public var slotsOfRegions: [UInt64] {
    regions.flatMap { region in
      [region.range.start / pageSize.bytes, region.range.last / pageSize.bytes]
    }
  }

  /// The bytes that are mapped behind the end of the image: from `_end` to the end of the last region.
  public var tail: AddressRange {
    let end = range.end
    let mappedEnd = regions.filter { $0.range.contains(end) }.map(\.range.end).max() ?? end
    return AddressRange(start: end, end: mappedEnd)
  }

  /// Sections of the image behind its end that the description has in a region. Base relocations are for the loader,
  /// which reads them before the image runs (PE format, "The .reloc Section").
  func sectionsBehindEnd(_ image: Image) -> [LoadedSection] {
    LoadedSection.all(of: image).filter { section in
      section.range.start >= range.end && !section.range.overlaps(range) && section.name != ".reloc"
        && mapped.description.regions.contains { $0.lists(section.name) }
    }
  }

  /// Slots in words: `1..4`, or `3` for one.
  public var slotText: String {
    slots.count == 1 ? "\(slots.first)" : "\(slots.first)..\(slots.last)"
  }

  /// The plan of `image`, seen through `mapped`.
  public init(_ image: Image, mapped: MappedImage, loadAddress: UInt64? = nil) throws(MappingError)
  {
    guard mapped.regions.count <= Self.regionLimit else {
      throw .tooManyRegions(mapped.regions.count)
    }
    path = image.path
    kind = image.kind
    self.mapped = mapped
    pageSize = mapped.description.superpage
    segments = image.segments
    let range = mapped.range
    sections = LoadedSection.all(of: image).filter { $0.range.overlaps(range) }
    let level = mapped.model.level(mapping: pageSize)
    let starts = try Self.frameStarts(mapped, pageSize)
    slots =
      level?.slots(of: range)
      ?? SlotSpan(first: 0, last: 0, count: UInt64(truncatingIfNeeded: starts.count), tables: 1)
    if !mapped.hasDeclaredBoundaries { slots.count = UInt64(truncatingIfNeeded: starts.count) }
    frames = FrameBuilder(mapped: mapped, sections: sections, pageSize: pageSize).frames(starts)
    superpageMappable = nil
    load = nil
    misloaded =
      loadAddress == nil
      ? LoadedPlace.all(image, sections, in: mapped.range).first {
        ($0.physical &- $0.virtual) & mapped.description.superpage.mask != 0
      } : nil
    load = loadAddress.map { loadPlan($0, level) }
    superpageMappable = decideMappable()
    if misloaded != nil || load.map({ !$0.allowsSuperpages }) == true { superpageMappable = false }
  }

  /// Starts of the frames, in address order.
  private static func frameStarts(
    _ mapped: MappedImage, _ size: PageSize
  ) throws(MappingError) -> [UInt64] {
    // Where symbols bound the image all of it is mapped; segments and sections may lie far apart.
    let ranges = mapped.hasDeclaredBoundaries ? [mapped.range] : mapped.regions.map(\.range)
    let total = ranges.reduce(0 as UInt64) { sum, range in
      let (next, overflow) = sum.addingReportingOverflow(range.pageCount(size))
      return overflow ? .max : next
    }
    guard total <= frameLimit else { throw .tooManyFrames(total) }
    var starts: [UInt64] = []
    for range in ranges {
      var start = size.floor(range.start)
      for _ in 0..<range.pageCount(size) {
        if starts.last != start { starts.append(start) }
        start &+= size.bytes
      }
    }
    return mapped.hasDeclaredBoundaries ? starts : Array(Set(starts)).sorted()
  }

  private func decideMappable() -> Bool? {
    let symbols = mapped.superpageSymbols
    if !symbols.isEmpty {
      if symbols.contains(where: { $0.value.map { !pageSize.isAligned($0) } ?? false }) {
        return false
      }
      return symbols.contains { $0.value == nil } ? nil : true
    }
    if !pageSize.isAligned(range.start) || frames.contains(where: \.isMixed) { return false }
    return frames.contains { $0.permissions == nil } ? nil : true
  }

  private func loadPlan(_ address: UInt64, _ level: PageTableLevel?) -> LoadPlan {
    let displacement = address &- mapped.base
    return LoadPlan(
      address: address, naiveFirst: level?.slot(range.start &+ displacement) ?? 0,
      naiveLast: level?.slot(range.last &+ displacement) ?? 0,
      residue: displacement & pageSize.mask)
  }
}
