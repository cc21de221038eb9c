// Rule superpage-boundary: two regions with different permissions share a superpage, or even a base page.

import LdsParser

/// Looks at the boundaries of the regions of the plan.
///
/// It cannot see how boot code splits superpages that hold two regions; where only program headers tell
/// regions, a shared page is a note, and a machine without pages has no plan at all.
struct SuperpageBoundary: Rule {
  static let description = RuleDescription(
    id: "superpage-boundary",
    summary:
      "a region begins or ends inside a superpage, so that one entry cannot give each its permissions",
    rationale: """
      One entry has one set of permissions. If text ends in the middle of a superpage and data begins in the \
      same one, either both become writable and executable, or the superpage is split into base pages. Xen \
      looks at seven symbols in using_2M_mapping() and falls back to 4K pages if one of them is off; a typo \
      in that check went unnoticed until 2025 (Xen b07c7d63f9). Where most boundaries are aligned, the one that is \
      not is a mistake; where none is, the image is meant for base pages, and this is a note.
      """,
    fix: """
      put '. = ALIGN(SECTION_ALIGN);' before the symbol that ends the region, and assign the symbol after it
      """,
    severity: .error, needs: [.plan],
    good: [
      .image("every boundary on 2M", PagingExamples.xen2M),
      .image(
        "segments on pages of their own",
        ImageFacts(segments: [
          PagingExamples.load(0x400000, 0x1800, "r-x"),
          PagingExamples.load(0x402000, 0x1000, "rw-"),
        ])),
    ],
    bad: [
      .image(
        "one boundary of five is a page off", PagingExamples.xenBoundaryOff,
        messages: [
          "'__2M_rodata_end' = 0xffff82d040601000 is not 2M aligned (off by 0x1000), the other boundaries "
            + "are: slot 3 holds rodata r-- and init rwx"
        ]),
      .image(
        "all on 4K, as CONFIG_XEN_ALIGN_2M=n has it", PagingExamples.xen4K,
        messages: [
          "not superpage-mappable: 2 of 2 superpages hold regions with different permissions; harmless "
            + "with 4K pages, none of which holds two regions"
        ]),
      .image(
        "two regions share a base page", PagingExamples.xenUnalignedPage,
        messages: [
          "'__2M_text_end' = 0xffff82d040387ccc is not even 4K aligned (off by 0xccc): text r-x and rodata "
            + "r-- share the page at 0xffff82d040387000"
        ]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    context.plans.flatMap { image, plan in
      guard plan.mapped.hasDeclaredBoundaries else { return sharedPages(plan, image) }
      guard plan.mapped.description.usesBoundariesAsTheyAre else {
        let shared = sharedPages(plan, image)
        return plan.mixedFrames.isEmpty || !shared.isEmpty ? shared : [mixed(plan, image)]
      }
      let boundaries = Boundary.all(of: plan)
      let inPage = boundaries.filter { !plan.mapped.model.basePage.isAligned($0.address) }
      if !inPage.isEmpty {
        return inPage.map { insidePage($0, plan, image) }
      }
      let off = boundaries.filter { !plan.pageSize.isAligned($0.address) }
      if off.count * 2 < boundaries.count { return off.map { insideSuperpage($0, plan, image) } }
      return plan.mixedFrames.isEmpty ? [] : [mixed(plan, image)]
    }
  }

  private func insidePage(_ boundary: Boundary, _ plan: SuperpagePlan, _ image: Image) -> Finding {
    let page = plan.mapped.model.basePage
    return finding(
      .insidePage(
        boundary, page,
        plan.sharing(
          AddressRange(
            start: page.floor(boundary.address), byteCount: page.bytes))),
      at: image.place(ofSymbol: boundary.name), subject: boundary.name)
  }

  private func insideSuperpage(
    _ boundary: Boundary, _ plan: SuperpagePlan, _ image: Image
  ) -> Finding {
    let frame = plan.frames.first { $0.range.contains(boundary.address) }
    return finding(
      .insideSuperpage(boundary, plan.pageSize, frame, plan.sharing(frame?.range)),
      at: image.place(ofSymbol: boundary.name), subject: boundary.name)
  }

  private func mixed(_ plan: SuperpagePlan, _ image: Image) -> Finding {
    finding(
      .mixed(plan.mixedFrames.count, plan.frames.count, plan.mapped.model.basePage),
      at: image.wholePlace, severity: .note,
      notes: plan.mixedFrames.prefix(8).map { FindingNote(.frame($0, plan)) },
      subject: "mixed frames")
  }

  /// Segments or sections with different permissions in one base page.
  private func sharedPages(_ plan: SuperpagePlan, _ image: Image) -> [Finding] {
    let page = plan.mapped.model.basePage
    return zip(plan.regions, plan.regions.dropFirst()).compactMap { left, right in
      guard let first = left.permissions, let second = right.permissions, first != second,
        page.floor(left.range.last) == page.floor(right.range.start)
      else { return nil }
      // ld's default layout relies on the loader mapping the page twice from the file.
      let severity: Severity = plan.mapped.hasDeclaredBoundaries ? .error : .note
      return finding(
        .sharedPage(left, right, page), at: image.wholePlace, severity: severity,
        subject: "\(left.name) \(right.name)")
    }
  }
}

/// A place between two regions, or at the end of one.
struct Boundary {
  /// Symbol or source of the address.
  var name: String
  /// The address.
  var address: UInt64

  /// Distinct boundaries of a plan in address order, without the start of the image.
  ///
  /// The end of the last region counts: what lies behind it in the superpage is mapped with it.
  static func all(of plan: SuperpagePlan) -> [Boundary] {
    var result: [Boundary] = []
    for region in plan.regions {
      for (name, address) in [
        (region.startSource, region.range.start), (region.endSource, region.range.end),
      ] where address != plan.range.start && !result.contains(where: { $0.address == address }) {
        result.append(Boundary(name: name, address: address))
      }
    }
    return result
  }
}

extension SuperpagePlan {
  /// `text r-x and rodata r--`: the regions in `range`.
  fileprivate func sharing(_ range: AddressRange?) -> [String] {
    guard let range else { return [] }
    return regions.filter { $0.range.overlaps(range) }
      .map { "\($0.name) \($0.permissions.map(\.description) ?? "???")" }
  }
}

extension String {
  fileprivate static func insidePage(
    _ boundary: Boundary, _ page: PageSize, _ regions: [String]
  ) -> String {
    let start = "'\(boundary.name)' = \(hexadecimal(boundary.address)) is not even \(page) aligned "
    let off = "(off by \(hexadecimal(boundary.address & page.mask)))"
    guard regions.count > 1 else { return start + off }
    return start + off + ": \(regions.joined(separator: " and ")) share the page at "
      + hexadecimal(page.floor(boundary.address))
  }

  fileprivate static func insideSuperpage(
    _ boundary: Boundary, _ size: PageSize, _ frame: Frame?, _ regions: [String]
  ) -> String {
    let start =
      "'\(boundary.name)' = \(hexadecimal(boundary.address)) is not \(size) aligned "
      + "(off by \(hexadecimal(boundary.address & size.mask))), the other boundaries are"
    guard let frame, regions.count > 0 else { return start }
    return start + ": slot \(frame.slot) holds \(regions.joined(separator: " and "))"
  }

  fileprivate static func mixed(_ mixed: Int, _ all: Int, _ page: PageSize) -> String {
    "not superpage-mappable: \(mixed) of \(all) superpages hold regions with different permissions; harmless "
      + "with \(page) pages, none of which holds two regions"
  }

  fileprivate static func frame(_ frame: Frame, _ plan: SuperpagePlan) -> String {
    "slot \(frame.slot) at \(hexadecimal(frame.range.start)): "
      + plan.sharing(frame.range).joined(separator: ", ")
      + "; \(frame.basePages) base-page entries when split, "
      + "\(frame.permissions.map(\.description) ?? "???") when not"
  }

  fileprivate static func sharedPage(
    _ left: MappedRegion, _ right: MappedRegion, _ page: PageSize
  ) -> String {
    "\(left.name) \(left.permissions?.description ?? "???") and \(right.name) "
      + "\(right.permissions?.description ?? "???") share the \(page) page at "
      + hexadecimal(page.floor(right.range.start))
  }
}
