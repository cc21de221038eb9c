// Rule pe-section-alignment: a PE image whose header promises less alignment than its boundaries need.

import LdsParser

/// Compares the PE header with the boundaries of the plan.
///
/// It cannot see firmware that places images on larger multiples than it has to.
struct PESectionAlignment: Rule {
  static let description = RuleDescription(
    id: "pe-section-alignment",
    summary:
      "the PE header's SectionAlignment is smaller than the superpages its regions are aligned to",
    rationale: """
      The firmware places a PE image on a multiple of SectionAlignment. With 4K there, addresses that are 2M \
      aligned in the file are not in memory, and physical and virtual addresses no longer agree modulo 2M: \
      superpages map the wrong memory. Xen links with --section-alignment=0x200000 for this.
      """,
    fix: "link with '--section-alignment=0x200000'",
    severity: .error, needs: [.image],
    good: [
      .image("2M in the header", PagingExamples.pe(sectionAlignment: 0x20_0000)),
      .image("boundaries on 4K need no more than 4K", PagingExamples.pe4K),
    ],
    bad: [
      .image(
        "4K in the header", PagingExamples.pe(sectionAlignment: 0x1000),
        messages: [
          "SectionAlignment is 0x1000, but region boundaries are 2M aligned: the firmware may load the image "
            + "where none of them is"
        ])
    ])

  func check(_ context: RuleContext) -> [Finding] {
    sharedPages(context.images.map(\.image))
      + context.plans.compactMap { image, plan in
        guard let alignment = image.sectionAlignment, alignment < plan.pageSize.bytes,
          plan.mapped.hasDeclaredBoundaries
        else { return nil }
        let boundaries = Boundary.all(of: plan)
        let aligned = boundaries.filter { plan.pageSize.isAligned($0.address) }
        guard aligned.count * 2 > boundaries.count else { return nil }
        return finding(
          .tooSmall(alignment, plan.pageSize), at: image.wholePlace, subject: "section alignment")
      }
  }
  /// The page that firmware and Windows protect memory by (UEFI, "Memory Attribute Table"; PE Format, "Optional Header
  /// Windows-Specific Fields").
  private static let page: UInt64 = 4096

  /// Whether neighbouring sections of different permissions lie in one page.
  static func sharesPages(_ image: Image) -> Bool {
    let sections = image.outputSections.filter { $0.size > 0 }
    return zip(sections, sections.dropFirst()).contains { first, second in
      guard let start = first.vma, let next = second.vma, first.flags != second.flags else {
        return false
      }
      return (start &+ first.size &- 1) / page == next / page
    }
  }

  /// Sections of different permissions that lie in one page: what is mapped for one is mapped for the other.
  private func sharedPages(_ images: [Image]) -> [Finding] {
    images.compactMap { image in
      guard image.kind == .pe, let alignment = image.sectionAlignment, alignment < Self.page else {
        return nil
      }
      guard Self.sharesPages(image) else { return nil }
      return finding(
        "SectionAlignment is \(hexadecimal(alignment)), so sections of different permissions share a page and "
          + "cannot be protected from each other",
        at: image.wholePlace, severity: .warning, subject: "section alignment")
    }
  }
}

extension String {
  fileprivate static func tooSmall(_ alignment: UInt64, _ size: PageSize) -> String {
    "SectionAlignment is \(hexadecimal(alignment)), but region boundaries are \(size) aligned: the firmware "
      + "may load the image where none of them is"
  }
}
