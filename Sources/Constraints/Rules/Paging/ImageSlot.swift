// Rule image-slot: the image starts in another slot than boot code expects.

import LdsParser

/// Compares the first slot of the plan with that of the profile.
///
/// It cannot see what boot code does; profile or configuration say it.
struct ImageSlot: Rule {
  static let description = RuleDescription(
    id: "image-slot",
    summary: "the image starts in another page-table slot than the boot code expects",
    rationale: """
      Xen's image starts XEN_IMG_OFFSET (2M) above XEN_VIRT_START, so slot 0 of l2_xenmap stays empty. If the \
      offset is dropped from the script, every alignment ASSERT still holds, and the mapping is one slot off. \
      An entry for slot 0 was left behind for four years after the load address had moved (Xen a15b143a5f).
      """,
    fix: "start the image at the base of the window plus the image offset: "
      + "'. = __XEN_VIRT_START + XEN_IMG_OFFSET;'",
    severity: .error, needs: [.plan],
    good: [
      .image("slot 1", PagingExamples.xen2M),
      .image("Xen up to 4.13 begins its text superpage in slot 0", PagingExamples.xenOldOffset),
    ],
    bad: [
      .image(
        "the offset was dropped", PagingExamples.xenAt(0xffff_82d0_4000_0000),
        messages: [
          "the image starts in slot 0 (0xffff82d040000000), expected slot 1: the offset of 0x200000 from the "
            + "base 0xffff82d040000000 is missing"
        ])
    ])

  func check(_ context: RuleContext) -> [Finding] {
    context.plans.compactMap { image, plan in
      guard let expected = plan.mapped.description.firstSlot, plan.slots.first != expected,
        plan.mapped.window?.contains(plan.range.start) ?? true
      else { return nil }
      return finding(.unexpected(plan, expected), at: image.wholePlace, subject: "first slot")
    }
  }
}

extension String {
  fileprivate static func unexpected(_ plan: SuperpagePlan, _ expected: UInt64) -> String {
    let start =
      "the image starts in slot \(plan.slots.first) (\(hexadecimal(plan.range.start))), "
      + "expected slot \(expected)"
    guard plan.slots.first == 0 else { return start }
    return start + ": the offset of \(hexadecimal(expected &* plan.pageSize.bytes)) from the base "
      + "\(hexadecimal(plan.mapped.base)) is missing"
  }
}
