// Rule stray-section: a section that does not belong into the region it lies in.

import LdsParser

/// Compares the sections of an image with the regions that the profile lists.
///
/// It cannot see sections that boot code maps by other means, nor, in regions of which the profile lists no sections, code
/// that stands there to be copied: that is a note.
struct StraySection: Rule {
  static let description = RuleDescription(
    id: "stray-section",
    summary: "a section lies in a region it does not belong to, most often as an orphan",
    rationale: """
      A section that no statement of the script names is placed by the linker where it thinks best. Every ASSERT \
      still holds. Drop '*(.ex_table)' from xen.lds.S and the exception table becomes an orphan inside the \
      read-only window: the symbols around the table enclose nothing, and in the PE image the read-only region \
      grows by a superpage. Kernel maintainers collect such reports by the dozen (ClangBuiltLinux#1187).
      """,
    fix:
      "name the section in the script, in the output section it belongs to, or under /DISCARD/; link with "
      + "'--orphan-handling=error' to keep it so",
    severity: .error, needs: [.plan],
    good: [
      .image("every section where the profile expects it", PagingExamples.xen2M),
      .image("build id and notes belong to rodata", PagingExamples.xenNotes),
    ],
    bad: [
      .image(
        "an unknown section inside rodata", PagingExamples.xenStray,
        messages: [
          "section '.ex_table' lies in region rodata r-- (slot 2), where profile 'xen-x86' knows no such "
            + "section"
        ]),
      .image(
        "code in read-only data", PagingExamples.xenStrayCode,
        messages: [
          "section '.fixup' is executable, but lies in region rodata r-- (slot 2)"
        ]),
      .image(
        "between two regions", PagingExamples.xenBetween,
        messages: [
          "section '.lost' at 0xffff82d040580000 (slot 2) lies in no region, so nothing maps it"
        ]),
      .image(
        "data in memory that is freed after booting", PagingExamples.xenDataInInit,
        messages: [
          "section '.data' lies in region init rwx (slot 3), but profile 'xen-x86' has it in rwdata"
        ]),
      .image(
        "behind the end of the image", PagingExamples.xenBehindEnd,
        messages: [
          "section '.bss' at 0xffff82d040827000 lies behind the end of the image, 0xffff82d040827000: sizes and slots "
            + "are told without it"
        ]),
      .image(
        "a region that is too short", PagingExamples.xenShortData,
        messages: [
          "section '.bss' lies in no region from 0xffff82d040900000 on: nothing maps its last 0x46e20 (283.5 KiB)"
        ]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    context.plans.flatMap { image, plan -> [Finding] in
      guard plan.mapped.hasDeclaredBoundaries else { return [] }
      return plan.sections.compactMap { check($0, plan, image, context.script) }
        + plan.sectionsBehindEnd(image).map { section in
          finding(
            .behindEnd(section, plan), at: image.place(ofSection: section.index),
            subject: section.name)
        }
    }
  }

  private func check(
    _ section: LoadedSection, _ plan: SuperpagePlan, _ image: Image, _ script: LinkerScript?
  ) -> Finding? {
    let place = image.place(ofSection: section.index)
    let regions = plan.regions.filter { $0.range.overlaps(section.range) }
    let slots = plan.slots(of: section)
    guard let region = regions.first else {
      // Where a region begins or ends is not known without its symbols.
      guard plan.mapped.description.coversImage, !plan.mapped.mayHold(section.name) else {
        return nil
      }
      return finding(.unmapped(section, slots), at: place, subject: section.name)
    }
    if plan.mapped.description.coversImage, !plan.mapped.mayHold(section.name),
      let left = Self.uncovered(section.range, regions, plan.mapped.model.basePage)
    {
      return finding(.partly(section, left), at: place, subject: section.name)
    }
    let expected = regions.allSatisfy { $0.lists(section: section.name) }
    let excess = regions.compactMap { Self.excess(section, $0, expected) }.first
    let evidence = expected ? .unknown : OrphanEvidence.of(section, in: image, script: script)
    if evidence == .orphan, excess != nil || plan.mapped.description.listsAllSections {
      return finding(.orphan(section, region, slots), at: place, subject: section.name)
    }
    if let excess {
      // A profile that does not say what belongs into a region does not say that this does not: code may stand there to be
      // copied, as the trampolines of Linux on AArch64.
      return finding(
        .excess(section, excess, region, slots), at: place,
        severity: region.sections.isEmpty ? .note : nil, subject: section.name)
    }
    if !regions.contains(where: { $0.lists(section: section.name) }),
      let home = plan.mapped.description.regions.first(where: { $0.lists(section.name) })
    {
      return finding(
        .misplaced(section, region, slots, plan.profile, home.name), at: place,
        subject: section.name)
    }
    if evidence == .orphan {
      return finding(
        .orphan(section, region, slots), at: place, severity: .warning, subject: section.name)
    }
    guard evidence == .unknown, !expected, plan.mapped.description.listsAllSections else {
      return nil
    }
    return finding(
      .unexpected(section, region, slots, plan.profile), at: place, severity: .warning,
      subject: section.name)
  }

  /// The bytes from the first one on that no region holds; nil if regions hold all. The rest of a page is mapped with
  /// its beginning, whatever the region says.
  private static func uncovered(
    _ section: AddressRange, _ regions: [MappedRegion], _ page: PageSize
  ) -> AddressRange? {
    var next = section.start
    for region in regions where region.range.contains(next) {
      if region.range.contains(section.last) { return nil }
      next = region.range.end
    }
    let left = AddressRange(start: next, end: section.end)
    if next != section.start, page.ceiling(next) &- next >= left.byteCount { return nil }
    return left
  }

  /// What the section's flags ask for and the region does not allow.
  ///
  /// A listed section may carry the write flag into a read-only region: data that is written only while
  /// booting (`.data.ro_after_init`) makes all of `.rodata` writable in its headers. Both together are the rule
  /// writable-executable's.
  private static func excess(
    _ section: LoadedSection, _ region: MappedRegion, _ isListed: Bool
  ) -> String? {
    guard let asked = section.permissions, let given = region.permissions,
      !asked.isWritableAndExecutable
    else { return nil }
    if asked.contains(.execute), !given.contains(.execute) { return "executable" }
    if asked.contains(.write), !given.contains(.write), !isListed, !region.sections.isEmpty {
      return "writable"
    }
    return nil
  }
}

extension String {
  private static func name(_ region: MappedRegion) -> String {
    "region \(region.name) \(region.permissions?.description ?? "???")"
  }

  fileprivate static func unmapped(_ section: LoadedSection, _ slots: String) -> String {
    "section '\(section.name)' at \(hexadecimal(section.range.start)) (\(slots)) lies in no region, so nothing "
      + "maps it"
  }

  fileprivate static func partly(_ section: LoadedSection, _ left: AddressRange) -> String {
    left.start == section.range.start
      ? "section '\(section.name)' begins in no region, at \(hexadecimal(left.start)): nothing maps that"
      : "section '\(section.name)' lies in no region from \(hexadecimal(left.start)) on: nothing maps its last "
        + bytesInWords(left.byteCount)
  }

  fileprivate static func behindEnd(_ section: LoadedSection, _ plan: SuperpagePlan) -> String {
    let isMapped = plan.regions.contains { $0.range.contains(section.range) }
    return
      "section '\(section.name)' at \(hexadecimal(section.range.start)) lies behind the end of the image, "
      + "\(hexadecimal(plan.range.end)): sizes and slots are told without it"
      + (isMapped ? "" : ", and nothing maps it")
  }

  fileprivate static func misplaced(
    _ section: LoadedSection, _ region: MappedRegion, _ slots: String, _ profile: String,
    _ home: String
  ) -> String {
    "section '\(section.name)' lies in \(name(region)) (\(slots)), but profile '\(profile)' has it in \(home)"
  }

  fileprivate static func orphan(
    _ section: LoadedSection, _ region: MappedRegion, _ slots: String
  ) -> String {
    "orphan section '\(section.name)' lies in \(name(region)) (\(slots)): no statement of the script names it"
  }

  fileprivate static func excess(
    _ section: LoadedSection, _ excess: String, _ region: MappedRegion, _ slots: String
  ) -> String {
    "section '\(section.name)' is \(excess), but lies in \(name(region)) (\(slots))"
  }

  fileprivate static func unexpected(
    _ section: LoadedSection, _ region: MappedRegion, _ slots: String, _ profile: String
  ) -> String {
    "section '\(section.name)' lies in \(name(region)) (\(slots)), where profile '\(profile)' knows no such "
      + "section"
  }
}
