// Which segments load the bytes of a section, and whether tools behind the link leave them where they are.

internal import LdsParser

extension Evidence {
  /// Whether the headers are in a segment. Where sections begin below them they are in none, and GNU ld may have reckoned with
  /// more of them than it wrote: their number and the layout hang on one another, and it gives up (ldelf.c,
  /// ldelf_map_segments).
  static func loadsHeaders(_ image: Image) -> Bool {
    image.segments.contains { $0.isLoaded && $0.fileOffset == 0 && $0.fileSize != 0 }
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
