// Rule file-offset-congruence: a segment that cannot be mapped from its file as it asks to be.

import LdsParser

/// Compares offset and address of program headers.
///
/// It cannot see loaders that copy instead of mapping.
struct FileOffsetCongruence: Rule {
  static let description = RuleDescription(
    id: "file-offset-congruence",
    summary: "a segment's file offset and address do not agree modulo its alignment",
    rationale: """
      A program is mapped straight from its file, so address and file offset have to agree modulo the page: \
      the ELF specification asks for it modulo p_align, and loaders refuse a file where it does not hold. \
      Executable text is mapped with huge pages only where the two agree modulo 2M (rust-lang/rust#152603): \
      a segment that asks for 2M and is laid out otherwise never gets them, and nothing says so.
      """,
    fix:
      "link with '-z max-page-size=0x200000', and let no '. = ' or AT() in the script separate the two",
    severity: .error, needs: [.plan],
    good: [
      .image(
        "they agree modulo 4K",
        ImageFacts(segments: [
          PagingExamples.load(0x401000, 0x1000, "r-x", offset: 0x1000, alignment: 0x1000)
        ])),
      .image(
        "alignment 1 asks for nothing",
        ImageFacts(segments: [
          PagingExamples.load(0x401000, 0x1000, "r-x", offset: 0x54, alignment: 1)
        ])),
    ],
    bad: [
      .image(
        "a header's size too far",
        ImageFacts(segments: [
          PagingExamples.load(0x400000, 0x30_0000, "r-x", offset: 0x1000, alignment: 0x20_0000)
        ]),
        messages: [
          "program header 0 has address 0x400000 and file offset 0x1000, which differ modulo its alignment "
            + "2M by 0x1000: huge pages cannot map it"
        ])
    ])

  func check(_ context: RuleContext) -> [Finding] {
    context.plans.flatMap { image, plan in
      image.segments.enumerated().compactMap { index, segment in
        guard segment.isLoaded, segment.fileSize > 0, segment.alignment > 1,
          let alignment = PageSize(bytes: segment.alignment),
          !alignment.isAligned(segment.virtualAddress &- segment.fileOffset)
        else { return nil }
        return finding(
          .incongruent(index, segment, alignment), at: image.wholePlace,
          subject: "program header \(index)")
      }
    }
  }
}

extension String {
  fileprivate static func incongruent(
    _ index: Int, _ segment: SegmentRecord, _ alignment: PageSize
  ) -> String {
    let off = (segment.fileOffset &- segment.virtualAddress) & alignment.mask
    let consequence =
      alignment > .size4K && PageSize.size4K.isAligned(off)
      ? "huge pages cannot map it" : "loaders refuse the file"
    return
      "program header \(index) has address \(hexadecimal(segment.virtualAddress)) and file offset "
      + "\(hexadecimal(segment.fileOffset)), which differ modulo its alignment \(alignment) by "
      + "\(hexadecimal(off)): \(consequence)"
  }
}
