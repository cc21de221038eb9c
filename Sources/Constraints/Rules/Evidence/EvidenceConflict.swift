// Rule evidence-conflict: files given for one image that no one link can have made.

public import LdsParser

/// Reports files that contradict each other. Judging does so too, wherever it is given several files.
///
/// It cannot see which of the files is the old one, nor a difference in what only one of them shows.
public struct EvidenceConflict: Rule {
  /// What is said about it.
  public static let description = RuleDescription(
    id: "evidence-conflict",
    summary: "files given for one image contradict each other",
    rationale: """
      A build that relinks only what changed leaves the map or the listing of an earlier link beside the new \
      image. Judged by both, an ASSERT would hold or fail for an image that never was. lds-check judges by the \
      files of each link alone, and what they do not agree on is undecided.
      """,
    fix: "give files of one link: make the map and the listing again with the image",
    severity: .error, needs: [.image],
    good: [
      .images(
        "a map and the image that was linked with it", .linked("boot.elf", .elf, end: 0x5000),
        .linked("boot.map", .gnuMap, end: 0x5000)),
      .images(
        "two images of one source", .linked("a.elf", .elf, end: 0x5000),
        .linked("b.elf", .elf, end: 0x6000)),
      .images(
        "a map that has nothing in common with the image",
        .linked("boot.elf", .elf, end: 0x5000),
        .linked("other.map", .gnuMap, start: 0x10_0000, end: 0x10_6000)),
    ],
    bad: [
      .images(
        "the map is that of an earlier link", .linked("boot.elf", .elf, end: 0x5000),
        .linked("boot.map", .gnuMap, end: 0x6000),
        messages: [
          "boot.elf and boot.map contradict each other: '_end' is 0x5000 in the one and 0x6000 in the other"
        ])
    ])

  /// Makes the rule.
  public init() {}

  /// What it finds among the images of the context.
  public func check(_ context: RuleContext) -> [Finding] {
    let images = context.images.map(\.image)
    return ImageEvidence.grouping(images).flatMap { group -> [Finding] in
      if group.count == 1 { return [] }
      let files = group.map { images[$0] }
      return Self.findings(Contradictions(files), of: files)
    }
  }

  /// A finding for every two of `files` that contradict each other.
  public static func findings(_ contradictions: Contradictions, of files: [Image]) -> [Finding] {
    contradictions.pairs.map { finding($0, files) }
  }

  private static func finding(_ pair: Contradictions.Pair, _ files: [Image]) -> Finding {
    let first = files[pair.first]
    let second = files[pair.second]
    let names = [first, second].map { $0.path.lastComponent.display }
    var message = "\(names[0]) and \(names[1]) contradict each other"
    if let example = pair.examples.first {
      message +=
        example.subject == .sectionCount
        ? ": \(text(example, names[0], names[1]))" : ": \(text(example, "the one", "the other"))"
    }
    if pair.count > 1 { message += ", and \(pair.count - 1) more" }
    var notes = pair.examples.dropFirst().map { example in
      FindingNote(text(example, names[0], names[1]), at: place(example, in: second))
    }
    let rest = pair.count - pair.examples.count
    if rest > 0 { notes.append(FindingNote("and \(rest) more")) }
    notes.append(
      FindingNote("a verdict stands only where the files of either link lead to it"))
    return EvidenceConflict().finding(
      message, at: pair.examples.first.map { place($0, in: second) } ?? second.wholePlace,
      notes: notes, subject: "\(names[0]) \(names[1])")
  }

  private static func text(
    _ contradiction: Contradiction, _ first: String, _ second: String
  ) -> String {
    let name = String(decoding: contradiction.name, as: UTF8.self)
    if contradiction.subject == .sectionCount {
      let isInFirst = contradiction.first.value != 0
      return "section '\(name)' is in \(isInFirst ? first : second) and not in "
        + (isInFirst ? second : first)
    }
    let subject =
      switch contradiction.subject {
      case .symbol: "'\(name)' is"
      case .sectionAddress: "section '\(name)' is at"
      case .sectionSize, .sectionCount: "the size of section '\(name)' is"
      }
    return "\(subject) \(hexadecimal(contradiction.first.value)) in \(first) and "
      + "\(hexadecimal(contradiction.second.value)) in \(second)"
  }

  private static func place(_ contradiction: Contradiction, in image: Image) -> FindingPlace {
    switch contradiction.subject {
    case .symbol: return image.place(ofSymbol: String(decoding: contradiction.name, as: UTF8.self))
    case .sectionAddress, .sectionSize, .sectionCount:
      let row = image.outputSections.firstIndex { $0.name == contradiction.name }
      return row.map { image.place(ofSection: $0) } ?? image.wholePlace
    }
  }
}

extension ImageFacts {
  /// A small image, for the examples.
  fileprivate static func linked(
    _ name: String, _ kind: ImageKind, start: UInt64 = 0x1000, end: UInt64
  ) -> ImageFacts {
    ImageFacts(
      name, kind: kind,
      symbols: [("_start", start), ("_text", start), ("_etext", start + 0x1000), ("_end", end)])
  }
}
