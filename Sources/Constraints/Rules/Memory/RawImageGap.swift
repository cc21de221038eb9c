// Rule raw-image-gap: most of a raw image is not in any section.

import LdsParser

/// Counts the holes of the raw image that objcopy would make of an ELF file.
///
/// It cannot see whether a raw image is made at all, unless "image" of the configuration says so; without that it is a
/// note, and of a program that a loader of ELF files reads nothing is said. Holes smaller than the contents are alignment.
struct RawImageGap: Rule {
  static let description = RuleDescription(
    id: "raw-image-gap",
    summary: "most of a raw binary image is a hole between its sections",
    rationale: """
      objcopy -O binary writes everything from the lowest to the highest load address, and zeroes in between. A heap \
      with contents in a second RAM made a file of 33 MB for a flash of 256K (mbed-os#14572); a note that the \
      assembler adds, far from the code, one of 128 MiB; space reserved with '. +=' in front of constants half a \
      megabyte of zeroes.
      """,
    fix:
      "give what needs no contents (NOLOAD), put it last, or discard it; load the rest with AT> behind the other "
      + "sections",
    severity: .warning, needs: [.script, .image],
    good: [
      .script(
        "sections behind each other",
        "SECTIONS { .text 0x1000 : { *(.text) } .data ALIGN(16) : { *(.data) } }",
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".text", at: 0x1000, size: 0x804, [.read, .execute]),
            ImageFacts.Section(".data", at: 0x1810, size: 0x10, [.read, .write]),
          ], profile: "sections")),
      .script(
        "loaded behind the code",
        """
        MEMORY { ROM (rx) : ORIGIN = 0, LENGTH = 64K RAM (rw) : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS { .text : { *(.text) } >ROM .data : { *(.data) } >RAM AT>ROM }
        """,
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".text", at: 0, size: 0x800, [.read, .execute]),
            ImageFacts.Section(
              ".data", at: 0x2000_0000, size: 0x10, [.read, .write], lma: 0x800),
          ], profile: "sections")),
      .script(
        "a program with its headers",
        "SECTIONS { . = 0x400000 + SIZEOF_HEADERS; .text : { *(.text) } .data 0x800000 : { *(.data) } }",
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".text", at: 0x40_0100, size: 0x100, [.read, .execute]),
            ImageFacts.Section(".data", at: 0x80_0000, size: 0x10, [.read, .write]),
          ], profile: "sections")),
    ],
    bad: [
      .script(
        "a note far from the code",
        "SECTIONS { . = 0x8048000; ↓.notes : { *(.note.*) } .text 0 : { *(.text) } }",
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".text", at: 0, size: 0x14, [.read, .execute]),
            ImageFacts.Section(".notes", at: 0x804_8000, size: 0x1c, .read),
          ], profile: "sections"),
        messages: [
          "a raw image (objcopy -O binary) has 0x804801c bytes (128.2 MiB), of which 0x30 bytes are contents: "
            + "0x8047fec bytes (128.2 MiB) lie between '.text' and '.notes' at 0x8048000"
        ]),
      .script(
        "a heap with contents in RAM",
        """
        MEMORY { ROM (rx) : ORIGIN = 0, LENGTH = 64K RAM (rw) : ORIGIN = 0x20000000, LENGTH = 8K }
        SECTIONS { .text : { *(.text) } >ROM ↓.heap : { *(.heap) } >RAM }
        """,
        image: ImageFacts(
          sections: [
            ImageFacts.Section(".text", at: 0, size: 0x800, [.read, .execute]),
            ImageFacts.Section(".heap", at: 0x2000_0000, size: 0x100, [.read, .write]),
          ], profile: "sections"),
        messages: [
          "a raw image (objcopy -O binary) has 0x20000100 bytes (512 MiB), of which 0x900 bytes (2.2 KiB) are "
            + "contents: 0x1ffff800 bytes (511.9 MiB) lie between '.text' in 'ROM' and '.heap' in 'RAM' at "
            + "0x20000000, which has contents there and no load address in 'ROM'"
        ]),
    ])

  /// Below this a hole costs nothing worth a word: what is mapped by pages begins on one.
  private static let least: UInt64 = 4096

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, [nil, .binary].contains(context.shipped?.form) else {
      return []
    }
    let isDeclared = context.shipped?.form == .binary
    return context.linkedELF.compactMap { image in
      let isOfProgram =
        facts.isOfProgram
        || image.segments.contains {
          $0.type == ELF.segmentDynamic || $0.type == ELF.segmentInterpreter
        }
      if isOfProgram, !isDeclared { return nil }
      return finding(image, facts, isDeclared: isDeclared)
    }
  }

  private func finding(_ image: Image, _ facts: ScriptFacts, isDeclared: Bool) -> Finding? {
    guard let shipped = ShippedImage(image, form: .binary),
      case let contents = shipped.contentSize, case let holes = shipped.fileSize &- contents,
      holes > contents, holes >= Self.least,
      let widest = shipped.gaps.max(by: { $0.size < $1.size }), widest.size >= Self.least,
      let before = shipped.parts[widest.before].section,
      let after = shipped.parts[widest.after].section
    else { return nil }
    let stray = strayInMemory(after, from: before, image, facts)
    var message =
      "a raw image (objcopy -O binary) has \(sizeText(shipped.fileSize)), of which \(sizeText(contents)) are "
      + "contents: \(sizeText(widest.size)) lie between "
    let names = [before, after].map { section in
      let region = facts.region(of: image.outputSections[section].name).map(facts.name)
      return "'\(image.sectionName(section))'" + (region.map { " in '\($0)'" } ?? "")
    }
    message += "\(names[0]) and \(names[1]) at \(hexadecimal(widest.end))"
    if let stray { message += ", which has contents there and no load address in '\(stray)'" }
    return finding(
      message, at: facts.place(of: after, in: image),
      severity: isDeclared || stray != nil ? .warning : .note,
      notes: notes(image, shipped, widest, facts), subject: image.sectionName(after))
  }

  /// The read-only region that a section with contents in a writable one is not loaded into; nil where the script does
  /// not tell which memory keeps its contents.
  private func strayInMemory(
    _ after: Int, from before: Int, _ image: Image, _ facts: ScriptFacts
  ) -> String? {
    guard let placed = facts.placement(image.outputSections[after].name),
      placed.loadAddress == nil, placed.tail.loadRegion == nil,
      let region = facts.region(of: image.outputSections[after].name),
      let other = facts.region(of: image.outputSections[before].name), region != other,
      facts.isWritable(region) == true, facts.isWritable(other) == false
    else { return nil }
    return facts.name(other)
  }

  /// Memory without contents that the hole is made of, and the other holes.
  private func notes(
    _ image: Image, _ shipped: ShippedImage, _ widest: ShippedImage.Gap, _ facts: ScriptFacts
  ) -> [FindingNote] {
    var notes: [FindingNote] = []
    let loads = LoadAddressesOfBFD(image)
    for (index, section) in image.outputSections.enumerated() where section.size > 0 {
      guard section.flags?.isSuperset(of: [.allocated, .noBits]) == true,
        section.flags?.contains(.threadLocal) == false, case let load = loads.address(of: section),
        load >= widest.start, load < widest.end
      else { continue }
      notes.append(
        FindingNote(
          "'\(image.sectionName(index))' lies in it: \(sizeText(section.size)) without contents, which the file "
            + "has as zeroes because contents follow",
          at: facts.place(of: index, in: image)))
    }
    for gap in shipped.gaps where gap != widest && gap.size >= Self.least {
      guard notes.count < 6, let section = shipped.parts[gap.after].section else { break }
      notes.append(
        FindingNote(
          "\(sizeText(gap.size)) lie in front of '\(image.sectionName(section))' at \(hexadecimal(gap.end))",
          at: facts.place(of: section, in: image)))
    }
    return notes
  }
}

extension ScriptFacts {
  /// Whether the script makes room for the headers of an ELF file or for its page size: a loader reads that.
  fileprivate var isOfProgram: Bool {
    nodes.contains { node in
      switch program.expressions[node] {
      case .sizeofHeaders, .call2(.dataSegmentAlign, _, _): true
      default: false
      }
    }
  }

  /// The memory region that the script puts an output section into.
  fileprivate func region(of section: [UInt8]) -> NameID? {
    placement(section)?.tail.region.map { outline.resolved($0.name) }
  }

  /// Whether the letters of a region say that it is written to; nil where they do not tell, or `!` turns them round.
  fileprivate func isWritable(_ region: NameID) -> Bool? {
    outline.regions.first { $0.name.name == region }
      .flatMap { RegionAttributes($0.attributes, script.names, linker: .bfd).isWritable }
  }
}
