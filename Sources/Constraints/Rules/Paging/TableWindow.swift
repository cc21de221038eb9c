// Rule table-window: the image leaves the addresses that the boot page table reaches.

import LdsParser

/// Compares the end of the plan with what its page table reaches.
///
/// It cannot see tables that boot code makes later.
struct TableWindow: Rule {
  static let description = RuleDescription(
    id: "table-window",
    summary: "the image goes on behind the addresses that the boot page table maps",
    rationale: """
      The slot of an address is (address >> 21) & 511: behind the end of the table it starts over at 0 and \
      looks fine. Xen has one page of 512 entries, l2_xenmap, for the gigabyte from XEN_VIRT_START on; what \
      lies behind it is written over the first slots or not mapped at all.
      """,
    fix:
      "lower the start of the image, or make the image smaller, so that it ends inside the window",
    severity: .error, needs: [.plan],
    good: [
      .image("in slots 1 to 4", PagingExamples.xen2M),
      .image("ends with the window", PagingExamples.xenOfSize(511 << 21)),
    ],
    bad: [
      .image(
        "one superpage too long",
        PagingExamples.xenOfSize(512 << 21),
        messages: [
          "the image ends at 0xffff82d080200000, 0x200000 bytes behind the 1G window from "
            + "0xffff82d040000000 on: slots 1..0 start over at 0"
        ]),
      .image(
        "the last two superpages are in the next gigabyte",
        PagingExamples.xenAt(0xffff_82d0_7fc0_0000),
        messages: [
          "the image ends at 0xffff82d080346e20, 0x346e20 bytes behind the 1G window from "
            + "0xffff82d040000000 on: slots 510..1 start over at 0"
        ]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    context.plans.compactMap { image, plan in
      guard let window = plan.mapped.window, !window.contains(plan.range),
        // More slots than the table has is table-capacity's finding.
        !plan.exceedsTable
      else { return nil }
      return finding(.leaves(plan, window), at: image.wholePlace, subject: "window")
    }
  }
}

extension MappedImage {
  /// The addresses that the boot page table reaches; nil if nothing is said about that.
  var window: AddressRange? {
    description.windowBytes.map { AddressRange(start: base, byteCount: $0) }
  }
}

extension SuperpagePlan {
  /// Whether the image takes more slots than its table has.
  var exceedsTable: Bool {
    guard mapped.window != nil, let level = mapped.model.level(mapping: pageSize) else {
      return false
    }
    return slots.count > level.capacity
  }
}

extension String {
  fileprivate static func leaves(_ plan: SuperpagePlan, _ window: AddressRange) -> String {
    let size = ByteCountText.short(window.byteCount)
    if !window.contains(plan.range.start) {
      return
        "the image starts at \(hexadecimal(plan.range.start)), outside the \(size) window from "
        + "\(hexadecimal(window.start)) on"
    }
    return "the image ends at \(hexadecimal(plan.range.end)), "
      + "\(hexadecimal(plan.range.end &- window.end)) bytes behind the \(size) window from "
      + "\(hexadecimal(window.start)) on: slots \(plan.slotText)"
      + (plan.slots.leavesTable ? " start over at 0" : "")
  }
}
