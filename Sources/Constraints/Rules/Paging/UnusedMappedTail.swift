// Rule unused-mapped-tail: memory behind the image is mapped with it.

import LdsParser

/// Looks at what is mapped behind the end of the image.
///
/// It cannot see whether boot code frees it.
struct UnusedMappedTail: Rule {
  static let description = RuleDescription(
    id: "unused-mapped-tail",
    summary: "the last superpage maps memory behind the end of the image",
    rationale: """
      The last region is rounded up to a superpage; what lies between _end and there is mapped but belongs to \
      nobody. If it is given back to the allocator while it is still mapped, or kept from devices that own it, \
      things fail far away: Xen saw IOMMU faults on [_end, __2M_rwdata_end) (d522571a40).
      """,
    fix:
      "nothing, if boot code knows of it; otherwise reserve the memory up to the end of the last superpage",
    severity: .note, needs: [.plan],
    good: [
      .image("ends with its last superpage", PagingExamples.xenFull),
      .image("less than a base page is left", PagingExamples.xen4K),
    ],
    bad: [
      .image(
        "ends in the middle of a superpage", PagingExamples.xen2M,
        messages: [
          "740.4 KiB from 0xffff82d040946e20 to '__2M_rwdata_end' = 0xffff82d040a00000 are mapped rw- and not "
            + "part of the image"
        ])
    ])

  func check(_ context: RuleContext) -> [Finding] {
    context.plans.compactMap { image, plan in
      let tail = plan.tail
      // The rest of a base page cannot be left out by any mapping.
      guard tail.byteCount >= plan.mapped.model.basePage.bytes,
        // What lies there is used; that it is behind the end is another fault.
        !plan.sectionsBehindEnd(image).contains(where: { $0.range.overlaps(tail) }),
        let region = plan.regions.last(where: { $0.range.contains(tail) })
      else { return nil }
      return finding(
        .tail(tail, region), at: image.place(ofSymbol: region.endSource), subject: region.endSource)
    }
  }
}

extension String {
  fileprivate static func tail(_ tail: AddressRange, _ region: MappedRegion) -> String {
    "\(ByteCountText.readable(tail.byteCount)) from \(hexadecimal(tail.start)) to '\(region.endSource)' = "
      + "\(hexadecimal(tail.end)) are mapped \(region.permissions?.description ?? "???") and not part of the "
      + "image"
  }
}
