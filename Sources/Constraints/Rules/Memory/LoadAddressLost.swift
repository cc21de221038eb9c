// Rule load-address-lost: a section is loaded where it runs, though the one before it is loaded elsewhere.

import LdsParser

/// Looks for a section without AT that does not keep the distance of the section before it.
///
/// The manual promises that it does ("Output Section LMA"); the linker forgets the distance behind a section that is not
/// allocated, and where the location counter went back. It cannot see whether a loader goes by load addresses at all.
struct LoadAddressLost: Rule {
  static let description = RuleDescription(
    id: "load-address-lost",
    summary:
      "a section without AT is loaded where it runs, while those before it are loaded elsewhere",
    rationale: """
      xv6 gives .text AT(0x100000) and leaves the rest to the linker. From binutils 2.33 on, .stab between them is not \
      allocated and the distance was lost: the boot loader copied .data to a physical address of 2 GiB and the \
      machine triple-faulted (xv6-public#115).
      """,
    fix: "give every section AT: 'AT(ADDR(.data) - KERNBASE)'",
    severity: .warning, needs: [.script, .image],
    good: [
      .script(
        "the distance is kept",
        "SECTIONS { . = 0x80100000; .text : AT(0x100000) { *(.text) } .data : { *(.data) } }",
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".text", at: 0x8010_0000, size: 0x800, .read, lma: 0x10_0000),
            ImageFacts.Section(".data", at: 0x8010_0800, size: 0x10, .read, lma: 0x10_0800),
          ], profile: "sections")),
      .script(
        "put at an address of its own",
        "SECTIONS { . = 0x80100000; .text : AT(0x100000) { *(.text) } .boot 0x7c00 : { *(.boot) } }",
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".text", at: 0x8010_0000, size: 0x800, .read, lma: 0x10_0000),
            ImageFacts.Section(".boot", at: 0x7c00, size: 0x10, .read, lma: 0x7c00),
          ], profile: "sections")),
    ],
    bad: [
      .script(
        "behind a section that is not allocated",
        """
        SECTIONS {
          . = 0x80100000;
          .text : AT(0x100000) { *(.text) }
          .lines : { *(.lines) }
          . = ALIGN(0x1000);
          ↓.data : { *(.data) }
        }
        """,
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".text", at: 0x8010_0000, size: 0x800, .read, lma: 0x10_0000),
            ImageFacts.Section(".lines", at: 0x8010_0800, size: 1, .read, flags: nil),
            ImageFacts.Section(".data", at: 0x8010_1000, size: 0x10, .read, lma: 0x8010_1000),
          ], profile: "sections"),
        messages: [
          "'.data' has no AT and is loaded where it runs, at 0x80101000, while '.text' before it is loaded 0x80000000 "
            + "below its address: with that distance it would be at 0x101000"
        ]),
      .script(
        "another constant",
        """
        SECTIONS {
          .text 0x80001000 : AT(ADDR(.text) - 0x80000000) { *(.text) }
          ↓.data 0x80002000 : AT(ADDR(.data) - 0x8000000) { *(.data) }
          .bss 0x80003000 : AT(ADDR(.bss) - 0x80000000) { *(.bss) }
        }
        """,
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".text", at: 0x8000_1000, size: 0x10, .read, lma: 0x1000),
            ImageFacts.Section(".data", at: 0x8000_2000, size: 0x10, .read, lma: 0x7800_2000),
            ImageFacts.Section(".bss", at: 0x8000_3000, size: 0x10, .read, lma: 0x3000),
          ], profile: "sections"),
        messages: [
          "'.data' is loaded at 0x78002000, and with the distance of '.text' before it and '.bss' behind it it would be at "
            + "0x2000"
        ]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    // A program header's AT moves whatever it holds.
    guard let facts = context.facts, facts.outline.headers.allSatisfy({ $0.loadAddress == nil })
    else { return [] }
    return context.linkedELF.compactMap { finding($0, facts) ?? stray(in: $0, facts) }
  }

  /// A section with AT whose distance is another one than that of the sections with AT before and behind it.
  private func stray(in image: Image, _ facts: ScriptFacts) -> Finding? {
    let placed = facts.outline.sections.compactMap {
      section, _ -> (index: Int, distance: UInt64)? in
      guard section.loadAddress != nil, section.tail.region == nil,
        let index = image.section(named: facts.script.names.bytes(section.name.name)),
        case let record = image.outputSections[index], let memory = record.memory,
        let lma = record.lma
      else { return nil }
      return (index, memory.lowerBound &- lma)
    }
    for ((before, own), behind) in zip(zip(placed, placed.dropFirst()), placed.dropFirst(2)) {
      let (vma, next) = (
        image.outputSections[own.index].vma ?? 0, image.outputSections[behind.index].vma ?? 0
      )
      guard before.distance == behind.distance, own.distance != before.distance,
        (image.outputSections[before.index].vma ?? 0) < vma, vma < next
      else { continue }
      return finding(
        "'\(image.sectionName(own.index))' is loaded at \(hexadecimal(vma &- own.distance)), and with the distance of "
          + "'\(image.sectionName(before.index))' before it and '\(image.sectionName(behind.index))' behind it it would "
          + "be at \(hexadecimal(vma &- before.distance))",
        at: facts.place(of: own.index, in: image), subject: image.sectionName(own.index))
    }
    return nil
  }

  private func finding(_ image: Image, _ facts: ScriptFacts) -> Finding? {
    // Those in a region follow the last section of that.
    var lasts: [NameID?: (index: Int, distance: UInt64)] = [:]
    var lost: [(index: Int, after: (index: Int, distance: UInt64))] = []
    for (section, _) in facts.outline.sections {
      let bytes = facts.script.names.bytes(section.name.name)
      guard let index = image.section(named: bytes),
        case let record = image.outputSections[index], record.size > 0,
        record.flags?.contains(.allocated) == true, let vma = record.vma, let lma = record.lma
      else { continue }
      let region = section.tail.region.map { facts.outline.resolved($0.name) }
      let isPlaced =
        section.loadAddress != nil || section.tail.loadRegion != nil || section.address != nil
      if !isPlaced, vma == lma, record.isShipped, let last = lasts[region], last.distance != 0 {
        lost.append((index, last))
      } else {
        lasts[region] = (index, vma &- lma)
      }
    }
    guard let first = lost.first else { return nil }
    let record = image.outputSections[first.index]
    let vma = record.vma ?? 0
    let distance = first.after.distance
    let isBelow = Int64(bitPattern: distance) > 0
    let amount = hexadecimal(isBelow ? distance : 0 &- distance)
    return finding(
      "'\(image.sectionName(first.index))' has no AT and is loaded where it runs, at \(hexadecimal(vma)), while "
        + "'\(image.sectionName(first.after.index))' before it is loaded \(amount) \(isBelow ? "below" : "above") "
        + "its address: with that distance it would be at \(hexadecimal(vma &- distance))",
      at: facts.place(of: first.index, in: image),
      notes: lost.dropFirst().prefix(4).map { other in
        let address = hexadecimal(image.outputSections[other.index].vma ?? 0)
        return FindingNote(
          "so is '\(image.sectionName(other.index))', at \(address)",
          at: facts.place(of: other.index, in: image))
      }, subject: image.sectionName(first.index))
  }
}
