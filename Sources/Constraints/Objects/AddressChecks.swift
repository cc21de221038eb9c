// What the linker complains of when every address is known: sections that overlap or wrap around, regions that are too
// small (ldlang.c, lang_check_section_addresses), or program headers that nothing loads. It goes on to the end, and makes no
// image.

internal import LdsParser

/// What the linker says of a finished layout that it makes no image of.
public struct LayoutComplaint: Sendable, Hashable {
  /// What is wrong.
  public enum Kind: Sendable {
    /// A region holds more than its length.
    case overflow
    /// Two sections share addresses, or one runs past the last address.
    case addresses
    /// A section is in no region, though there are regions.
    case noRegion
    /// PT_PHDR is in no segment that is loaded.
    case headers
  }

  /// What is wrong.
  public var kind: Kind
  /// The linker's words.
  public var text: String
  /// The region that overflows.
  public var region: [UInt8]?
}

extension ObjectLink {
  /// What the linker would complain of, in its order.
  func addressComplaints() -> [LayoutComplaint] {
    var complaints: [LayoutComplaint] = []
    if options.checksSections {
      complaints += withoutRegion().map { LayoutComplaint(kind: .noRegion, text: $0) }
      complaints += wrapping().map { LayoutComplaint(kind: .addresses, text: $0) }
      let occupied = outputs.filter {
        $0.bits.contains(.allocated) && !$0.bits.isThreadLocalZeros && $0.size > 0
      }
      let loaded = occupied.filter { $0.bits.contains(.loaded) }
      var overlaps = self.overlaps(loaded, "LMA", \.lma)
      // Sections at one address are an overlay: then nothing is said of addresses.
      if Set(occupied.map(\.vma)).count == occupied.count {
        overlaps += self.overlaps(occupied, "VMA", \.vma)
      }
      complaints += overlaps.map { LayoutComplaint(kind: .addresses, text: $0) }
    }
    for (region, bytes) in overflows.sorted(by: { $0.key.index < $1.key.index }) where bytes != 0 {
      complaints.append(
        LayoutComplaint(
          kind: .overflow, text: "region `\(names.string(region))' overflowed by \(bytes) bytes",
          region: names.bytes(region)))
    }
    if missesHeaderSegment {
      complaints.append(
        LayoutComplaint(kind: .headers, text: "PHDR segment not covered by LOAD segment"))
    }
    return complaints
  }

  /// With MEMORY, a section without an address of its own has to be in one of the regions (ldlang.c,
  /// lang_size_sections_1). Where the
  /// linker may relax it does not look: the first sizing is not the last one (measured for each target). On x86 newer
  /// releases look at times; ``checkRegions()`` refuses those.
  private func withoutRegion() -> [String] {
    let isTaken =
      switch machine {
      case ELF.machineRISCV, ELF.machineARM: true
      case ELF.machineX8664, ELF.machine386: options.dialect.follows(.x86MayMissRegions)
      default: false
      }
    return isTaken
      ? []
      : sectionsWithoutRegion().map {
        "no memory region specified for loadable section `\(names.string($0.name))'"
      }
  }

  private func sectionsWithoutRegion() -> [OutputSection] {
    guard !script.regions.isEmpty else { return [] }
    return outputs.filter { output in
      let section = output.statement
      return section.address == nil && section.fate != .ignored && output.bits.contains(.allocated)
        && !output.bits.isThreadLocalZeros && (section.region ?? defaultRegion) === defaultRegion
    }
  }

  /// Refuses sections of which it is not known whether the linker takes them.
  func checkRegions() throws(LayoutStop) {
    guard !isReplayed, options.checksSections,
      machine == ELF.machineX8664 || machine == ELF.machine386,
      options.dialect.follows(.x86MayMissRegions), let output = sectionsWithoutRegion().first
    else { return }
    throw .refused(
      "\(names.string(output.name)) is in no memory region; whether this release takes that is not known"
    )
  }

  private func wrapping() -> [String] {
    var found: [String] = []
    let mask: UInt64 = is64Bit ? .max : 0xffff_ffff
    for output in outputs where output.bits.contains(.allocated) {
      for (kind, start) in [("VMA", output.vma), ("LMA", output.lma)] {
        let end = (start &+ output.size) & mask
        if end != 0, end < start & mask {
          found.append("section \(names.string(output.name)) \(kind) wraps around address space")
        }
      }
    }
    return found
  }

  private func overlaps(
    _ sections: [OutputSection], _ kind: String, _ start: (OutputSection) -> UInt64
  ) -> [String] {
    var found: [String] = []
    let sorted = sections.sorted { start($0) < start($1) }
    for (before, after) in zip(sorted, sorted.dropFirst()) {
      let end = start(before) &+ before.size &- 1
      if start(after) <= end || end < start(before) {
        found.append(
          "section \(names.string(after.name)) \(kind) overlaps section \(names.string(before.name))"
        )
      }
    }
    return found
  }
}
