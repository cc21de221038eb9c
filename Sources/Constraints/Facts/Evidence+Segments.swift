// Which segments load the bytes of a section, and whether tools behind the link leave them where they are.

internal import LdsParser

extension Evidence {
  /// Whether thread-local zeros begin a segment: tools behind the link load it where those are loaded.
  func startsWithZeros(_ segment: SegmentRecord) -> Bool {
    sections.contains { section in
      section.flags?.isSuperset(of: [.threadLocal, .noBits]) == true && section.size != 0
        && section.vma == segment.virtualAddress
    }
  }
}

extension SegmentRecord {
  /// Whether it has bytes in the file and holds the addresses of a section.
  func loadsBytes(around section: Evidence.Section, at offset: UInt64?) -> Bool {
    guard type == ELF.segmentLoad, fileSize != 0, let start = section.vma, start >= virtualAddress
    else { return false }
    // Tools behind the link may have left the bytes of a section out of its segment.
    if let offset, let size = section.size, size != 0 {
      guard offset >= fileOffset, offset &- fileOffset <= fileSize,
        size <= fileSize &- (offset &- fileOffset)
      else { return false }
    }
    let distance = start &- virtualAddress
    return distance <= memorySize && section.size ?? 0 <= memorySize &- distance
  }
}
