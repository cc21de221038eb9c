// Rule writable-executable: memory that may be written and executed.

import LdsParser

/// Looks at the permissions of regions and sections of the plan.
///
/// It cannot see what boot code makes of a mapping later.
struct WritableExecutable: Rule {
  static let description = RuleDescription(
    id: "writable-executable",
    summary:
      "a region is writable and executable, or a section asks for that where its region does not",
    rationale: """
      What may be written and executed turns every stray write into code. An object with one section of flags \
      "awx" is enough: ld.lld puts it into the read-only window, GNU ld behind the data, no ASSERT notices, and \
      the linker's warning about RWX segments does not say which section it was.
      """,
    fix: """
      give the section in the assembler source the flags it needs ("ax" or "aw"), and place it in the script; \
      for a whole image in one segment, describe the segments with PHDRS
      """,
    severity: .error, needs: [.plan],
    good: [
      .image("init is writable and executable by design while booting", PagingExamples.xen2M),
      .image(
        "text and data apart",
        ImageFacts(segments: [
          PagingExamples.load(0x400000, 0x1000, "r-x"),
          PagingExamples.load(0x401000, 0x1000, "rw-"),
        ])),
    ],
    bad: [
      .image(
        "a section in the read-only window", PagingExamples.xenWritableExecutableOrphan,
        messages: [
          "section '.wx' is writable and executable, in region rodata r-- (slot 2)"
        ]),
      .image(
        "one segment for everything",
        ImageFacts(segments: [PagingExamples.load(0x400000, 0x1000, "rwx")]),
        messages: ["region LOAD 0 [0x400000, 0x401000) is writable and executable"]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    context.plans.flatMap { image, plan in
      plan.mapped.hasDeclaredBoundaries ? sections(plan, image) : regions(plan, image)
    }
  }

  /// Regions that boot code defines say themselves what they allow; sections in them may ask for more.
  private func sections(_ plan: SuperpagePlan, _ image: Image) -> [Finding] {
    plan.sections.compactMap { section in
      guard section.permissions?.isWritableAndExecutable ?? false else { return nil }
      let regions = plan.regions.filter { $0.range.overlaps(section.range) }
      let narrow = regions.first { !($0.permissions?.isWritableAndExecutable ?? true) }
      guard let narrow else { return nil }
      // The page tables decide, and the profile has the section there: 'ld -N' marks every .text writable.
      let isAtHome = regions.allSatisfy { $0.lists(section: section.name) }
      return finding(
        .section(section, narrow, plan.slots(of: section)),
        at: image.place(ofSection: section.index), severity: isAtHome ? .note : nil,
        notes: isAtHome
          ? [FindingNote("'ld -N' marks it so, and an input section with the flags \"awx\" does")]
          : [],
        subject: section.name)
    }
  }

  /// The linker warns of such a segment itself, and firmware often has one: a warning.
  private func regions(_ plan: SuperpagePlan, _ image: Image) -> [Finding] {
    plan.regions.compactMap { region in
      guard region.permissions?.isWritableAndExecutable ?? false else { return nil }
      let culprits = plan.sections.filter {
        region.range.overlaps($0.range) && $0.permissions?.isWritableAndExecutable ?? false
      }
      return finding(
        .region(region), at: image.wholePlace, severity: .warning,
        notes: culprits.prefix(8).map {
          FindingNote(.culprit($0), at: image.place(ofSection: $0.index))
        }, subject: region.name)
    }
  }
}

extension SuperpagePlan {
  /// The slots a section lies in, in words: `slot 2`, `slots 2..3`.
  func slots(of section: LoadedSection) -> String {
    guard let slots = mapped.model.level(mapping: pageSize)?.slots(of: section.range) else {
      return "no slot"
    }
    return slots.count == 1 ? "slot \(slots.first)" : "slots \(slots.first)..\(slots.last)"
  }
}

extension String {
  fileprivate static func section(
    _ section: LoadedSection, _ region: MappedRegion, _ slots: String
  ) -> String {
    "section '\(section.name)' is writable and executable, in region \(region.name) "
      + "\(region.permissions?.description ?? "???") (\(slots))"
  }

  fileprivate static func region(_ region: MappedRegion) -> String {
    "region \(region.name) \(region.range) is writable and executable"
  }

  fileprivate static func culprit(_ section: LoadedSection) -> String {
    "section '\(section.name)' asks for both"
  }
}
