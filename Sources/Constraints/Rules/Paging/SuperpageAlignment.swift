// Rule superpage-alignment: the image does not start on a superpage.

import LdsParser

/// Looks at the first address of the plan.
///
/// It cannot see an image that boot code moves before it maps it, unless the profile says so.
struct SuperpageAlignment: Rule {
  static let description = RuleDescription(
    id: "superpage-alignment",
    summary:
      "the image is to be mapped with superpages, but does not start on a superpage boundary",
    rationale: """
      Boot code fills a table with entries one superpage apart, beginning at the start of the image. If that \
      start is not aligned, every entry maps memory that is off by the same distance. Xen states it as \
      ASSERT(IS_ALIGNED(_start, MB(2))): "The Multiboot setup paths relies on this to simplify superpage PTE \
      creation".
      """,
    fix:
      "align the location counter before the first symbol of the image, for example '. = ALIGN(MB(2));'",
    severity: .error, needs: [.plan],
    good: [
      .image("starts on a 2M boundary", PagingExamples.xen2M),
      .image("Xen up to 4.13: the text superpage starts below _start", PagingExamples.xenOldOffset),
      .image(
        "an ordinary program may start anywhere",
        ImageFacts(segments: [PagingExamples.load(0x401000, 0x1000, "r-x")])),
    ],
    bad: [
      .image(
        "a page too high", PagingExamples.xenMisaligned,
        messages: [
          "'_start' = 0xffff82d040201000 is not 2M aligned (off by 0x1000): the first superpage would map "
            + "0x1000 bytes below the image"
        ])
    ])

  func check(_ context: RuleContext) -> [Finding] {
    context.plans.compactMap { image, plan in
      guard plan.mapped.description.needsSuperpageBase, !plan.pageSize.isAligned(plan.range.start)
      else { return nil }
      let name = plan.regions.first { $0.range.start == plan.range.start }?.startSource ?? "start"
      return finding(
        .misaligned(name, plan.range.start, plan.pageSize), at: image.place(ofSymbol: name),
        subject: name)
    }
  }
}

extension String {
  fileprivate static func misaligned(_ name: String, _ value: UInt64, _ size: PageSize) -> String {
    let off = hexadecimal(value & size.mask)
    return
      "'\(name)' = \(hexadecimal(value)) is not \(size) aligned (off by \(off)): the first superpage "
      + "would map \(off) bytes below the image"
  }
}
