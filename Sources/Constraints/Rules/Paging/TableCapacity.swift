// Rule table-capacity: the image takes more slots than one table has.

import LdsParser

/// Counts the superpages of the plan.
///
/// It cannot see boot code with several tables, unless the mapping says so.
struct TableCapacity: Rule {
  static let description = RuleDescription(
    id: "table-capacity",
    summary: "the image takes more superpages than its page table has entries",
    rationale: """
      A table of 512 entries maps one gigabyte. A loop that fills one entry for each superpage of the image \
      writes behind the table, over whatever the linker placed there, before any page fault can tell.
      """,
    fix:
      "make the image smaller (per-CPU areas and static buffers in .bss are the usual reason), or give it "
      + "a second table",
    severity: .error, needs: [.plan],
    good: [
      .image("four slots", PagingExamples.xen2M),
      .image("511 slots", PagingExamples.xenOfSize(511 << 21)),
    ],
    bad: [
      .image(
        "1.1 GiB", PagingExamples.xenOfSize(563 << 21),
        messages: [
          "the image takes 563 superpages of 2M, but a table has 512 entries: 51 do not fit"
        ])
    ])

  func check(_ context: RuleContext) -> [Finding] {
    context.plans.compactMap { image, plan in
      guard plan.exceedsTable, let level = plan.mapped.model.level(mapping: plan.pageSize) else {
        return nil
      }
      return finding(
        .tooMany(plan.slots.count, plan.pageSize, level.capacity), at: image.wholePlace,
        subject: "capacity")
    }
  }
}

extension String {
  fileprivate static func tooMany(_ count: UInt64, _ size: PageSize, _ capacity: UInt64) -> String {
    "the image takes \(count) superpages of \(size), but a table has \(capacity) entries: "
      + "\(count &- capacity) do not fit"
  }
}
