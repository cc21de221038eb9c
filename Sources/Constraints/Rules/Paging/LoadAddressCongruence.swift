// Rule load-address-congruence: load address and run-time address differ by no whole number of superpages.

import LdsParser

/// Compares load addresses with run-time addresses modulo the superpage.
///
/// It cannot see where a boot loader puts the image, unless `--load-address` says it.
struct LoadAddressCongruence: Rule {
  static let description = RuleDescription(
    id: "load-address-congruence",
    summary: "load addresses and run-time addresses of an image do not agree modulo the superpage",
    rationale: """
      A superpage entry holds a physical address with its low bits zero: it maps virtual to physical memory \
      only if both have the same offset in a superpage. An AT() that is a page off gives an image whose \
      addresses are all aligned, and whose superpages all show the wrong memory.
      """,
    fix: "derive the load address from the run-time address: 'AT(ADDR(.text) - __XEN_VIRT_START)'",
    severity: .error, needs: [.plan],
    good: [
      .image("load address is the address minus XEN_VIRT_START", PagingExamples.xen2M),
      .image(
        "firmware that is copied from flash is not mapped",
        ImageFacts(
          sections: [
            ImageFacts.Section(
              ".data", at: 0x2000_0000, size: 0x100, [.read, .write], lma: 0x801_0040)
          ], profile: "sections")),
    ],
    bad: [
      .image(
        "a page off", PagingExamples.xenLoadAddressOff,
        messages: [
          "'.text' runs at 0xffff82d040200000 and is loaded at 0x201000: they differ modulo 2M by 0x1000, so "
            + "no superpage can map it"
        ])
    ])

  func check(_ context: RuleContext) -> [Finding] {
    context.plans.compactMap { image, plan in
      guard plan.mapped.description.needsSuperpageBase else { return nil }
      let pairs = Self.pairs(image, plan)
      let off = pairs.filter { residue($0, plan.pageSize) != 0 }
      guard let first = off.first else { return nil }
      let others = off.dropFirst().prefix(4).map {
        FindingNote(.pair($0.name, $0.virtual, $0.physical), at: $0.place)
      }
      return finding(
        .incongruent(first.name, first.virtual, first.physical, plan.pageSize), at: first.place,
        notes: Array(others), subject: first.name)
    }
  }

  private func residue(_ pair: AddressPair, _ size: PageSize) -> UInt64 {
    (pair.physical &- pair.virtual) & size.mask
  }

  /// Addresses of sections, and where those have no load address, of segments.
  private static func pairs(_ image: Image, _ plan: SuperpagePlan) -> [AddressPair] {
    let sections = plan.sections.compactMap { section in
      section.loadAddress.map {
        AddressPair(
          name: section.name, virtual: section.range.start, physical: $0,
          place: image.place(ofSection: section.index))
      }
    }
    guard sections.isEmpty else { return sections }
    return image.segments.enumerated().compactMap { index, segment in
      guard segment.isLoaded, plan.range.contains(segment.virtualAddress) else { return nil }
      return AddressPair(
        name: "program header \(index)", virtual: segment.virtualAddress,
        physical: segment.physicalAddress, place: image.wholePlace)
    }
  }
}

/// Where something runs and where it is loaded.
private struct AddressPair {
  var name: String
  var virtual: UInt64
  var physical: UInt64
  var place: FindingPlace
}

extension String {
  fileprivate static func pair(_ name: String, _ virtual: UInt64, _ physical: UInt64) -> String {
    "'\(name)' runs at \(hexadecimal(virtual)) and is loaded at \(hexadecimal(physical))"
  }

  fileprivate static func incongruent(
    _ name: String, _ virtual: UInt64, _ physical: UInt64, _ size: PageSize
  ) -> String {
    let off = hexadecimal((physical &- virtual) & size.mask)
    return pair(name, virtual, physical)
      + ": they differ modulo \(size) by \(off), so no superpage can map it"
  }
}
