// Rule mapped-tail: the last superpage is mapped, and the file that is booted does not claim all of it.

import LdsParser

/// Compares the superpages of a 64-bit image with the memory that its ELF32 wrapper asks for.
///
/// It needs both files, and takes the one for the wrapper of the other that is loaded at the same address in one
/// segment. It cannot see what boot code reserves besides.
struct MappedTail: Rule {
  static let description = RuleDescription(
    id: "mapped-tail",
    summary:
      "boot code maps more memory with superpages than the file that is booted asks the loader for",
    rationale: """
      Xen maps itself with 2M pages, and mkelf32 padded the segment to 1M: the E820 entry of Xen then ended inside the \
      last superpage, the rest of it was handed out as free memory, and scrubbing it hit a mapping without write \
      permission (5416c455f6).
      """,
    fix: "round p_memsz of the file that is booted up to the superpage",
    severity: .error, needs: [.plan],
    good: [
      .images("padded to 2M", PagingExamples.xenFull, Self.wrapper(0xa0_0000)),
      .image("nothing to compare with", PagingExamples.xen2M),
    ],
    bad: [
      .images(
        "padded to 1M", PagingExamples.xen2M, Self.wrapper(0x70_0000),
        messages: [
          "'xen' asks for memory up to 0x900000, but the last superpage of 'image' is mapped up to 0xa00000: what lies "
            + "between is free memory to others"
        ])
    ])

  private static func wrapper(_ size: UInt64) -> ImageFacts {
    var facts = ImageFacts("xen", profile: "elf")
    facts.is32Bit = true
    facts.segments = [
      SegmentRecord(
        type: 1, isReadable: true, isWritable: true, isExecutable: true,
        virtualAddress: 0x20_0000, physicalAddress: 0x20_0000, fileOffset: 128, fileSize: 0x1000,
        memorySize: size, alignment: 64)
    ]
    return facts
  }

  func check(_ context: RuleContext) -> [Finding] {
    context.plans.flatMap { image, plan -> [Finding] in
      guard plan.mapped.description.needsSuperpageBase, image.is32Bit != true,
        let last = plan.frames.last?.range.end,
        let first = LoadedPlace.all(image, plan.sections, in: plan.range).first
      else { return [] }
      let displacement = first.physical &- first.virtual
      return context.images.compactMap { other in
        finding(other.image, plan, start: first.physical, end: last &+ displacement)
      }
    }
  }

  private func finding(
    _ wrapper: Image, _ plan: SuperpagePlan, start: UInt64, end: UInt64
  ) -> Finding? {
    let loaded = wrapper.segments.filter(\.isLoaded)
    guard wrapper.kind == .elf, wrapper.is32Bit == true, wrapper.path != plan.path,
      loaded.count == 1, loaded[0].physicalAddress == start,
      case let claimed = start &+ loaded[0].memorySize, claimed < end
    else { return nil }
    return finding(
      "'\(wrapper.path.lastComponent.display)' asks for memory up to \(hexadecimal(claimed)), but the last superpage of "
        + "'\(plan.path.lastComponent.display)' is mapped up to \(hexadecimal(end)): what lies between is free memory "
        + "to others",
      at: wrapper.wholePlace, subject: "mapped-tail")
  }
}
