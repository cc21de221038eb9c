// Rule pe-memory-protection: a PE image that firmware cannot protect page by page as its header promises.

import LdsParser

/// Holds the sections of a PE image against what its header promises to who loads it.
///
/// It cannot see whether the firmware protects memory at all, nor the page tables that the image makes for itself later. Of
/// images for Windows nothing is said but where NX_COMPAT is promised.
struct PEMemoryProtection: Rule {
  static let description = RuleDescription(
    id: "pe-memory-protection",
    summary: "sections of a PE image do not fit the page protection that its header promises",
    rationale: """
      Firmware that protects memory makes code read-only and data not executable, in pages of 4K, if the image promises \
      NX_COMPAT; some refuse an image that does not, or that has a section to be both written and executed. What lies in \
      a discardable section may be gone when code looks for it: relocations that an image applies to itself among them. \
      And SizeOfImage is all the memory that an image is given.
      """,
    fix: """
      split the section, link with '--nxcompat --section-alignment=0x1000', and keep what is used at run time in a section \
      that is not discardable
      """,
    severity: .warning, needs: [.plan],
    good: [
      .image("code and data apart", Self.facts()),
      .image(
        "not for firmware, and nothing promised", Self.facts(subsystem: 3, characteristics: 0)),
      .image(
        "relocations that nobody looks at",
        Self.facts(sections: [
          ImageFacts.Section(
            ".reloc", at: 0x1_3000, size: 0x10, .read, flags: [.allocated, .discardable])
        ])),
    ],
    bad: [
      .image(
        "a section for everything",
        Self.facts(sections: [
          ImageFacts.Section(".init", at: 0x1_3000, size: 0x1000, [.read, .write, .execute])
        ]),
        messages: [
          "'.init' may be written and executed, and the header promises NX_COMPAT: firmware that keeps to it refuses the "
            + "image, or faults"
        ]),
      .image(
        "nothing promised", Self.facts(characteristics: 0),
        messages: [
          "the header does not promise NX_COMPAT, so firmware that protects memory may refuse the image"
        ]),
      .image(
        "relocations that the image applies itself",
        Self.facts(
          symbols: [("__base_relocs_start", 0x1_3000)],
          sections: [
            ImageFacts.Section(
              ".reloc", at: 0x1_3000, size: 0x10, .read, flags: [.allocated, .discardable])
          ]),
        messages: [
          "'__base_relocs_start' lies in '.reloc', which is discardable: a loader may leave it out or free it"
        ]),
      .image(
        "memory that is too small", Self.facts(sizeOfImage: 0x2000),
        messages: [
          "SizeOfImage is 0x2000, and '.data' ends at 0x3000: what lies behind is not the image's"
        ]),
    ])

  private static func facts(
    subsystem: UInt16 = 10, characteristics: UInt16 = 0x140, sizeOfImage: UInt64 = 0x8000,
    symbols: [(String, UInt64)] = [], sections: [ImageFacts.Section] = []
  ) -> ImageFacts {
    var facts = ImageFacts(
      kind: .pe, symbols: symbols,
      sections: [
        ImageFacts.Section(".text", at: 0x1_1000, size: 0x400, [.read, .execute]),
        ImageFacts.Section(".data", at: 0x1_2000, size: 0x1000, [.read, .write]),
      ] + sections, sectionAlignment: 0x1000, profile: "sections")
    facts.imageBase = 0x1_0000
    facts.promises = PEPromises(
      sizeOfImage: sizeOfImage, subsystem: subsystem, characteristics: characteristics)
    return facts
  }

  /// The page that firmware protects memory by (UEFI, "EFI_MEMORY_ATTRIBUTE_PROTOCOL").
  private static let page: UInt64 = 4096

  func check(_ context: RuleContext) -> [Finding] {
    context.plans.map(\.image).flatMap { image -> [Finding] in
      guard image.kind == .pe, let promises = image.promises else { return [] }
      var findings = both(image, promises)
      if promises.isForFirmware {
        findings += [promise(image, promises), alignment(image, promises)].compactMap(\.self)
        findings += discarded(image)
      }
      return findings + [size(image, promises)].compactMap(\.self)
    }
  }

  private func both(_ image: Image, _ promises: PEPromises) -> [Finding] {
    guard promises.isNXCompatible else { return [] }
    return image.outputSections.indices.compactMap { index in
      let section = image.outputSections[index]
      guard section.size > 0, section.flags?.isSuperset(of: [.writable, .executable]) == true else {
        return nil
      }
      let name = image.sectionName(index)
      return finding(
        "'\(name)' may be written and executed, and the header promises NX_COMPAT: firmware that keeps to it refuses the "
          + "image, or faults",
        at: image.place(ofSection: index), subject: name)
    }
  }

  private func promise(_ image: Image, _ promises: PEPromises) -> Finding? {
    guard !promises.isNXCompatible else { return nil }
    return finding(
      "the header does not promise NX_COMPAT, so firmware that protects memory may refuse the image",
      at: image.wholePlace, severity: .note,
      notes: [FindingNote("'--nxcompat' of GNU ld, '/nxcompat' of lld-link sets it")],
      subject: "NX_COMPAT")
  }

  /// Of sections that share a page `pe-section-alignment` speaks.
  private func alignment(_ image: Image, _ promises: PEPromises) -> Finding? {
    guard promises.isNXCompatible, let alignment = image.sectionAlignment, alignment < Self.page,
      !PESectionAlignment.sharesPages(image)
    else { return nil }
    return finding(
      "the header promises NX_COMPAT, and SectionAlignment is \(hexadecimal(alignment)): memory is protected in pages of "
        + "\(hexadecimal(Self.page))",
      at: image.wholePlace, subject: "NX_COMPAT alignment")
  }

  /// Symbols in a section that need not be there.
  private func discarded(_ image: Image) -> [Finding] {
    image.outputSections.indices.compactMap { index in
      let section = image.outputSections[index]
      guard section.flags?.isSuperset(of: [.discardable, .allocated]) == true,
        let memory = section.memory
      else { return nil }
      let named = image.symbols.records.first { record in
        guard record.binding == .global, record.isDefinition else { return false }
        switch record.place {
        case .section(index): return true
        case .unknownSection: return memory.contains(record.value)
        default: return false
        }
      }
      guard let named else { return nil }
      let name = image.sectionName(index)
      return finding(
        "'\(image.symbols.name(named))' lies in '\(name)', which is discardable: a loader may leave it out or free it",
        at: image.place(ofSection: index), severity: .note, subject: name)
    }
  }

  private func size(_ image: Image, _ promises: PEPromises) -> Finding? {
    guard let base = image.imageBase else { return nil }
    let last = image.outputSections.indices.filter { image.outputSections[$0].memory != nil }
      .max { left, right in
        (image.outputSections[left].memory?.upperBound ?? 0)
          < (image.outputSections[right].memory?.upperBound ?? 0)
      }
    guard let last, let end = image.outputSections[last].memory?.upperBound, end >= base,
      end &- base > promises.sizeOfImage
    else { return nil }
    return finding(
      "SizeOfImage is \(hexadecimal(promises.sizeOfImage)), and '\(image.sectionName(last))' ends at "
        + "\(hexadecimal(end &- base)): what lies behind is not the image's",
      at: image.wholePlace, severity: .error, subject: "SizeOfImage")
  }
}
