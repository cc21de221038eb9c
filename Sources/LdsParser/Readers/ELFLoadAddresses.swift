// Load addresses of sections, which ELF keeps only in the program headers.

/// Finds LMAs as BFD does (`_bfd_elf_make_section_from_shdr`, elf.c).
struct ELFLoadAddresses {
  private let segments: [SegmentRecord]
  /// Whether a segment reaches over the end of the address space: lld writes that where the script moved the location
  /// counter back, and the load addresses that it had in mind are lost.
  private let isBroken: Bool

  init(_ segments: [SegmentRecord]) {
    // A linker that leaves every physical address 0 in an image of several segments means "none".
    let hasAddresses = segments.contains { $0.physicalAddress != 0 }
    let loads = segments.filter { $0.type == ELF.segmentLoad && $0.memorySize != 0 }
    isBroken = loads.contains {
      $0.virtualAddress.addingReportingOverflow($0.memorySize &- 1).overflow
    }
    self.segments =
      hasAddresses || loads.count <= 1
      ? segments.filter { $0.type == ELF.segmentLoad || $0.type == ELF.segmentThreadLocal } : []
  }

  /// The load address of an allocated section: its own address where no segment holds it; nil for a section
  /// without an address, and where segments do not agree.
  func address(of section: ELFSection) -> UInt64? {
    guard section.isAllocated else { return section.address }
    if isBroken { return nil }
    var found: UInt64?
    for segment in segments where holds(segment, section) {
      // Segments may overlap; without bytes in the file only its address tells which one a section is in.
      let distance =
        section.hasContents
        ? section.offset &- segment.fileOffset : section.address &- segment.virtualAddress
      let address = segment.physicalAddress &+ distance
      if let found, found != address { return nil }
      found = address
    }
    return found ?? section.address
  }

  private func holds(_ segment: SegmentRecord, _ section: ELFSection) -> Bool {
    let isThreadLocal = section.flags & ELF.flagThreadLocal != 0
    if segment.type == ELF.segmentThreadLocal, !isThreadLocal { return false }
    // .tbss takes no room in the load segment it lies beside.
    if segment.type == ELF.segmentLoad, isThreadLocal, !section.hasContents { return false }
    if section.hasContents {
      let offset = section.offset &- segment.fileOffset
      if section.offset < segment.fileOffset || offset > segment.fileSize
        || section.size > segment.fileSize &- offset
      {
        return false
      }
    }
    let distance = section.address &- segment.virtualAddress
    return section.address >= segment.virtualAddress && distance <= segment.memorySize
      && section.size <= segment.memorySize &- distance
      && !(section.size == 0 && distance == segment.memorySize && segment.memorySize != 0)
  }
}
