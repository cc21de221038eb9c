// Fills the frames of a plan: which regions and sections each one holds.

/// Makes frames from regions and sections in one pass over both.
struct FrameBuilder {
  let mapped: MappedImage
  let sections: [LoadedSection]
  let pageSize: PageSize

  /// The frames that start at `starts`.
  func frames(_ starts: [UInt64]) -> [Frame] {
    let regions = members(mapped.regions.map { mapped.range.visible($0.range) }, starts)
    let sectionMembers = members(sections.map(\.range), starts)
    return starts.enumerated().map { index, start in
      frame(at: start, regions: regions[index], sections: sectionMembers[index])
    }
  }

  /// For each frame the indices of the ranges with a byte in it.
  private func members(_ ranges: [AddressRange], _ starts: [UInt64]) -> [[Int]] {
    var result = [[Int]](repeating: [], count: starts.count)
    let positions = Dictionary(uniqueKeysWithValues: starts.enumerated().map { ($1, $0) })
    for (index, range) in ranges.enumerated() where !range.isEmpty {
      // A range longer than the whole picture can touch no more frames than there are.
      let count = min(range.pageCount(pageSize), UInt64(truncatingIfNeeded: starts.count) &+ 1)
      var start = pageSize.floor(range.start)
      for _ in 0..<count {
        if let position = positions[start] { result[position].append(index) }
        start &+= pageSize.bytes
      }
    }
    return result
  }

  private func frame(at start: UInt64, regions: [Int], sections members: [Int]) -> Frame {
    let range = AddressRange(start: start, byteCount: pageSize.bytes)
    let permissions = regions.map { mapped.regions[$0].permissions }
    let known = permissions.compactMap { $0 }
    let slot = mapped.model.level(mapping: pageSize)?.slot(start) ?? 0
    let extent = range.intersection(mapped.range)
    return Frame(
      slot: slot, range: range, regions: regions, sections: members,
      permissions: known.count == permissions.count && !known.isEmpty
        ? known.reduce([]) { $0.union($1) } : nil,
      isMixed: Set(known).count > 1,
      padding: sections.isEmpty ? nil : extent.byteCount &- covered(extent, by: members),
      basePages: pages(in: range, of: regions))
  }

  /// Bytes of `extent` that the sections fill.
  private func covered(_ extent: AddressRange, by members: [Int]) -> UInt64 {
    var position: UInt64 = 0
    var sum: UInt64 = 0
    for member in members {
      let part = extent.intersection(sections[member].range)
      guard !part.isEmpty else { continue }
      let from = max(part.start &- extent.start, position)
      let to = part.start &- extent.start &+ part.byteCount
      if to > from {
        sum &+= to &- from
        position = to
      }
    }
    return sum
  }

  private func pages(in frame: AddressRange, of regions: [Int]) -> UInt64 {
    let base = mapped.model.basePage
    var next: UInt64 = 0
    var sum: UInt64 = 0
    for region in regions {
      let part = frame.intersection(mapped.regions[region].range)
      guard !part.isEmpty else { continue }
      let first = max((part.start &- frame.start) >> UInt64(base.shift), next)
      let last = (part.last &- frame.start) >> UInt64(base.shift)
      if last >= first {
        sum &+= last &- first &+ 1
        next = last &+ 1
      }
    }
    return sum
  }
}

extension AddressRange {
  /// `region` as a picture of this range shows it: regions end where boot code says, which may be behind the
  /// image's last byte but not in another frame of the picture.
  fileprivate func visible(_ region: AddressRange) -> AddressRange {
    overlaps(region) ? region : AddressRange(start: region.start, byteCount: 0)
  }
}
