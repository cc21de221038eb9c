// Where the linker stops at addresses: sections that overlap or wrap around, regions that are too small (ldlang.c,
// lang_check_section_addresses).

internal import LdsParser

extension ObjectLink {
  /// Stops where the linker would.
  func checkAddresses() throws(LayoutStop) {
    if options.checksSections {
      try checkWrapping()
      let occupied = outputs.filter {
        $0.bits.contains(.allocated) && !$0.bits.isThreadLocalZeros && $0.size > 0
      }
      let loaded = occupied.filter { $0.bits.contains(.loaded) }
      try checkOverlaps(loaded, "LMA", \.lma)
      // Sections at one address are an overlay: then nothing is said of addresses.
      if Set(occupied.map(\.vma)).count == occupied.count {
        try checkOverlaps(occupied, "VMA", \.vma)
      }
    }
    for (region, bytes) in overflows.sorted(by: { $0.key.index < $1.key.index }) where bytes != 0 {
      throw .linkerStops("region `\(names.string(region))' overflowed by \(bytes) bytes")
    }
  }

  private func checkWrapping() throws(LayoutStop) {
    let mask: UInt64 = is64Bit ? .max : 0xffff_ffff
    for output in outputs where output.bits.contains(.allocated) {
      for (kind, start) in [("VMA", output.vma), ("LMA", output.lma)] {
        let end = (start &+ output.size) & mask
        if end != 0, end < start & mask {
          throw .linkerStops(
            "section \(names.string(output.name)) \(kind) wraps around address space")
        }
      }
    }
  }

  private func checkOverlaps(
    _ sections: [OutputSection], _ kind: String, _ start: (OutputSection) -> UInt64
  ) throws(LayoutStop) {
    let sorted = sections.sorted { start($0) < start($1) }
    for (before, after) in zip(sorted, sorted.dropFirst()) {
      let end = start(before) &+ before.size &- 1
      if start(after) <= end || end < start(before) {
        throw .linkerStops(
          "section \(names.string(after.name)) \(kind) overlaps section \(names.string(before.name))"
        )
      }
    }
  }
}
