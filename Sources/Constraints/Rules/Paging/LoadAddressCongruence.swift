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
      let off = LoadedPlace.all(image, plan.sections, in: plan.range).filter {
        ($0.physical &- $0.virtual) & plan.pageSize.mask != 0
      }
      guard let first = off.first else { return nil }
      let others = off.dropFirst().prefix(4).map { FindingNote(.pair($0), at: place($0, image)) }
      return finding(
        .incongruent(first, plan.pageSize), at: place(first, image), notes: Array(others),
        subject: first.name)
    }
  }

  private func place(_ place: LoadedPlace, _ image: Image) -> FindingPlace {
    place.section.map { image.place(ofSection: $0) } ?? image.wholePlace
  }
}

extension String {
  fileprivate static func pair(_ place: LoadedPlace) -> String {
    "'\(place.name)' runs at \(hexadecimal(place.virtual)) and is loaded at \(hexadecimal(place.physical))"
  }

  fileprivate static func incongruent(_ place: LoadedPlace, _ size: PageSize) -> String {
    let off = hexadecimal((place.physical &- place.virtual) & size.mask)
    return pair(place) + ": they differ modulo \(size) by \(off), so no superpage can map it"
  }
}
