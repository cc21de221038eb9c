// Which segments load the bytes of a section, and whether tools behind the link leave them where they are.

internal import LdsParser

extension Evidence {
  /// Whether the headers are in a segment. Where sections begin below them they are in none, and GNU ld may have reckoned with
  /// more of them than it wrote: their number and the layout hang on one another, and it gives up (ldelf.c,
  /// ldelf_map_segments).
  static func loadsHeaders(_ image: Image) -> Bool {
    image.segments.contains { $0.isLoaded && $0.fileOffset == 0 && $0.fileSize != 0 }
  }

  /// Whether a tool behind the link made the segments anew, and not as they were. strip and objcopy hand sections out again by
  /// their addresses; where those of two segments overlap, or one begins with a section whose load address is lost, they are
  /// loaded elsewhere then (elf.c, rewrite_elf_program_header). The linker's own segments hold what they load, and end with it.
  static func hasMisplacedSegments(_ image: Image) -> Bool {
    let loaded = image.segments.filter { $0.isLoaded && $0.memorySize != 0 }
    let sections = image.outputSections.filter {
      $0.flags?.contains(.allocated) == true && $0.size != 0
        && $0.flags?.isSuperset(of: [.threadLocal, .noBits]) != true
    }
    return sections.contains { $0.isTorn(loaded) } || loaded.contains { $0.passes(sections) }
  }

  /// Notes which segments load what, and whether that is the linker's doing.
  mutating func adoptSegments(of image: Image) {
    hasMisplacedSegments = Self.hasMisplacedSegments(image)
    let offsets = Dictionary(
      image.outputSections.map { ($0.name, $0.fileOffset) }, uniquingKeysWith: { first, _ in first }
    )
    for index in sections.indices {
      sections[index].isLoadDisputed = image.disputesLoad(of: sections[index])
      let offset = offsets[sections[index].name].flatMap { $0 }
      sections[index].isLoadedWithBytes =
        image.segments.isEmpty
        || image.segments.contains {
          $0.loadsBytes(around: sections[index], at: offset) && !startsWithoutBytes($0)
        }
    }
  }

  /// Whether a segment begins with thread-local zeros or an empty section: tools behind the link load all of it where
  /// that one is loaded.
  func startsWithoutBytes(_ segment: SegmentRecord) -> Bool {
    sections.contains { section in
      guard let flags = section.flags, flags.contains(.allocated),
        section.vma == segment.virtualAddress
      else { return false }
      return section.size == 0 || flags.isSuperset(of: [.threadLocal, .noBits])
    }
  }
}

extension Image {
  /// Whether two loaded segments have the address of a section, and differ in where they load it.
  func disputesLoad(of section: Evidence.Section) -> Bool {
    guard let start = section.vma else { return false }
    var distance: UInt64?
    for segment in segments
    where segment.isLoaded && start &- segment.virtualAddress < segment.memorySize {
      let own = segment.physicalAddress &- segment.virtualAddress
      if let distance, distance != own { return true }
      distance = own
    }
    return false
  }
}

extension OutputSectionRecord {
  /// Whether a segment has its addresses, or its place in the file, and none has both.
  fileprivate func isTorn(_ segments: [SegmentRecord]) -> Bool {
    guard let offset = fileOffset, let vma else { return false }
    var isTouched = false
    for segment in segments where segment.fileSize != 0 {
      let place = offset &- segment.fileOffset
      let distance = vma &- segment.virtualAddress
      let isInFile = place < segment.fileSize && size <= segment.fileSize &- place
      let isInMemory = distance < segment.memorySize && size <= segment.memorySize &- distance
      if isInFile, isInMemory, place == distance { return false }
      isTouched = isTouched || isInFile || isInMemory
    }
    return isTouched
  }
}

extension SegmentRecord {
  /// Whether it goes on behind the last of the sections in it. lld fills the last page of code (Writer.cpp, writeTrapInstr).
  fileprivate func passes(_ sections: [OutputSectionRecord]) -> Bool {
    var end: UInt64 = 0
    for section in sections {
      guard let vma = section.vma else { continue }
      let distance = vma &- virtualAddress
      guard distance < memorySize, section.size <= memorySize &- distance else { continue }
      end = max(end, distance &+ section.size)
    }
    guard end != 0 else { return false }
    let isFilled =
      isExecutable && alignment > 1 && fileSize == memorySize && memorySize % alignment == 0
    return memorySize &- end >= (isFilled ? alignment : 1)
  }

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

extension Program {
  /// Whether the script places something by the size of the headers.
  var usesHeaderSize: Bool {
    steps.contains { step in
      switch step.action {
      case .assignment(let assignment):
        return expressions.mentions(.sizeofHeaders, in: assignment.value)
      case .enter(let section):
        return sections[section].description?.address.map {
          expressions.mentions(.sizeofHeaders, in: $0)
        } ?? false
      default: return false
      }
    }
  }
}
