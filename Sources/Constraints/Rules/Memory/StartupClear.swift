// Rule startup-clear: what start-up code sets to zero is not what has to be zero.

import LdsParser

/// Holds the ranges to clear of the configuration against the sections of an image, or against the script where there is
/// none.
///
/// It cannot see the code that clears. What the script calls NOLOAD is meant to keep what was there before, and what holds
/// nothing of an object (a stack, a heap) needs no zeroes; a loader of ELF files clears by itself, so nothing is said
/// without "clear" in the configuration.
struct StartupClear: Rule {
  private static let configuration = #"{"clear": [{"start": "_sbss", "end": "_ebss"}]}"#

  static let description = RuleDescription(
    id: "startup-clear",
    summary:
      "a range to clear of the configuration misses variables without contents, or takes in contents",
    rationale: """
      Start-up code sets memory to zero from one symbol to another. Common variables without a pattern, an orphan, or a \
      pattern behind the end symbol lie outside: they begin with what the RAM had at power-up. And a range that reaches \
      too far wipes what was just copied.
      """,
    fix: "put the symbols around every pattern of variables without contents, *(COMMON) among them",
    severity: .error, needs: [.script],
    good: [
      .script(
        "all of it", "SECTIONS { .bss : { _sbss = .; *(.bss .bss.*) *(COMMON) _ebss = .; } }",
        configuration: configuration, image: image(end: 0x2000_0040)),
      .script(
        "a stack behind it",
        "SECTIONS { .bss : { _sbss = .; *(.bss) *(COMMON) _ebss = .; . += 0x20; stack_top = .; } }",
        configuration: configuration, image: image(end: 0x2000_0020)),
      .script(
        "kept on purpose",
        """
        SECTIONS {
          .bss : { _sbss = .; *(.bss) *(COMMON) _ebss = .; }
          .noinit (NOLOAD) : { *(.noinit) }
        }
        """, configuration: configuration,
        image: image(
          end: 0x2000_0040,
          further: ImageFacts.Section(
            ".noinit", at: 0x2000_0040, size: 0x10, [.read, .write], flags: [.allocated, .noBits]))),
    ],
    bad: [
      .script(
        "a pattern behind the end",
        "SECTIONS { .bss : { _sbss = .; *(.bss) _ebss = .; ↓*(COMMON) } }",
        configuration: configuration,
        messages: [
          "'COMMON' stands behind '_ebss', where the cleared range from '_sbss' to '_ebss' ends"
        ]),
      .script(
        "a variable behind the end",
        "SECTIONS { .bss : { _sbss = .; *(.bss) ↓_ebss = .; } }", configuration: configuration,
        image: image(end: 0x2000_0020, sized: ("table", 0x2000_0020)),
        messages: [
          "'table' in '.bss' lies at 0x20000020, and no range of the configuration clears it"
        ]),
      .script(
        "what was copied is wiped",
        """
        SECTIONS {
          .data : { *(.data) }
          .bss : { *(.bss) *(COMMON) ↓_ebss = .; }
          _sbss = ADDR(.data);
        }
        """, configuration: configuration,
        image: image(
          end: 0x2000_0040, start: 0x1fff_fff0,
          further: ImageFacts.Section(
            ".data", at: 0x1fff_fff0, size: 0x10, [.read, .write])),
        messages: [
          "the cleared range from '_sbss' to '_ebss' takes in 0x10 bytes of '.data', which has contents"
        ]),
    ])

  private static func image(
    end: UInt64, start: UInt64 = 0x2000_0000, sized: (String, UInt64)? = nil,
    further: ImageFacts.Section? = nil
  ) -> ImageFacts {
    var facts = ImageFacts(
      symbols: [("_sbss", start), ("_ebss", end)],
      sections: [
        ImageFacts.Section(
          ".bss", at: 0x2000_0000, size: 0x40, [.read, .write], flags: [.allocated, .noBits])
      ] + (further.map { [$0] } ?? []), profile: "sections")
    facts.variables = sized.map { [$0] } ?? []
    return facts
  }

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, let contract = context.startup, !contract.clears.isEmpty else {
      return []
    }
    let images = context.images.map(\.image).filter {
      !$0.isRelocatable && $0.outputSections.contains { $0.flags != nil }
    }
    if images.isEmpty { return contract.clears.flatMap { findings(behind: $0, $0.title, facts) } }
    return images.flatMap { image in
      let placed = contract.placed(in: image, context.dialect)
      return placed.clears.flatMap { wiped($0.range, $0.run, placed, image, facts) }
        + missed(placed, image, facts, context)
    }
  }

  /// Contents that a range sets to zero; what is copied there later comes back.
  private func wiped(
    _ range: ConfiguredRange, _ run: Range<UInt64>?, _ placed: PlacedContract, _ image: Image,
    _ facts: ScriptFacts
  ) -> [Finding] {
    guard let run else { return [] }
    let copies = placed.copies.map(\.run)
    return image.outputSections.indices.compactMap { index in
      let section = image.outputSections[index]
      guard section.flags?.contains(.noBits) == false, let memory = section.memory,
        memory.overlaps(run),
        let rest = PlacedContract.rest(of: memory.clamped(to: run), without: copies), !rest.isEmpty
      else { return nil }
      let count = rest.reduce(0) { $0 &+ ($1.upperBound &- $1.lowerBound) }
      let name = image.sectionName(index)
      return finding(
        "\(range.title) takes in \(hexadecimal(count)) bytes of '\(name)', which has contents",
        at: facts.place(of: range.end.text, in: image), subject: name)
    }
  }

  /// Variables without contents that no range clears.
  private func missed(
    _ placed: PlacedContract, _ image: Image, _ facts: ScriptFacts, _ context: RuleContext
  ) -> [Finding] {
    image.outputSections.indices.compactMap { index in
      let section = image.outputSections[index]
      guard section.flags?.contains(.noBits) == true, let memory = section.memory,
        facts.placement(section.name)?.isKeptAsItIs != true,
        let rest = PlacedContract.rest(of: memory, without: placed.clears.map(\.run)),
        let (piece, occupant) = context.occupant(of: rest, behind: placed.clears.map(\.range))
      else { return nil }
      let name = image.sectionName(index)
      let isWhole = piece == memory
      return finding(
        "\(occupant) in '\(name)' lies at \(hexadecimal(piece.lowerBound)), and no range of the configuration clears it",
        at: isWhole
          ? facts.place(of: index, in: image)
          : facts.end(of: piece, placed, image)
            ?? facts.place(of: index, in: image),
        severity: .warning,
        notes: facts.placement(section.name) == nil
          ? [
            FindingNote(
              "no statement of the script takes '\(name)': add '*(\(name))' in front of the symbol that ends the range"
            )
          ] : [], subject: name)
    }
  }
}

extension ConfiguredRange {
  /// `the cleared range 'bss'`, `the cleared range from '_sbss' to '_ebss'`.
  fileprivate var title: String { "the cleared range\(name.dropFirst("clear".utf8.count))" }
}

extension OutputSectionDescription {
  /// Whether the script says that nothing gives it contents: NOLOAD.
  fileprivate var isKeptAsItIs: Bool {
    if case .noload = type { return true }
    return false
  }
}

extension ScriptFacts {
  /// Where the symbol is set that ends the range in front of `piece`.
  fileprivate func end(
    of piece: Range<UInt64>, _ placed: PlacedContract, _ image: Image
  ) -> FindingPlace? {
    let before = placed.clears.first { $0.run?.upperBound == piece.lowerBound }
    return before.map { place(of: $0.range.end.text, in: image) }
  }
}
