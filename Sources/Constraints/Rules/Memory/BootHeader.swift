// Rule boot-header: a multiboot header stands where no boot loader looks for it.

import LdsParser

/// Looks for multiboot headers in the contents of an x86 image: by their magic number, with a checksum that is right.
///
/// It cannot see headers of other boot protocols, nor what a tool behind the link moves; of the forms that "image" of the
/// configuration can name it knows where the bytes go.
struct BootHeader: Rule {
  static let description = RuleDescription(
    id: "boot-header",
    summary: "a multiboot header lies behind the part of the file that boot loaders search",
    rationale: """
      A boot loader looks for the header in the first 8192 bytes of the file (multiboot) or in the first 32768 (multiboot2), \
      on 4 or 8 bytes. It moves back when a section is added before it, or when the linker's maximum page size grows: with \
      2M pages the first segment begins at 2M of the file. The image links, and GRUB says "no multiboot header found".
      """,
    fix:
      "put the header's section first, in a section of its own, and link with '-z max-page-size=0x1000' or '-n'",
    severity: .warning, needs: [.image],
    good: [
      .image("in the first page", Self.facts([(0x1000, Self.multiboot)])),
      .image("multiboot2 in the first 32K", Self.facts([(0x7000, Self.multiboot2)])),
      .image(
        "no header, since the checksum is another", Self.facts([(0x9000, [0x1bad_b002, 0, 0])])),
    ],
    bad: [
      .image(
        "behind the first 8K", Self.facts([(0x3000, Self.multiboot)]),
        messages: [
          "the multiboot header in '.text' is at 0x3000 of the file, and boot loaders look for it in the first 0x2000 bytes"
        ]),
      .image(
        "not on 8 bytes", Self.facts([(0x1004, Self.multiboot2)]),
        messages: [
          "the multiboot2 header in '.text' is at 0x1004 of the file, which is no multiple of 8"
        ]),
    ])

  private static let multiboot: [UInt32] = [0x1bad_b002, 3, 0 &- (0x1bad_b002 &+ 3)]
  private static let multiboot2: [UInt32] = [0xe852_50d6, 0, 24, 0 &- (0xe852_50d6 &+ 24)]

  private static func facts(_ words: [(Int, [UInt32])]) -> ImageFacts {
    var facts = ImageFacts(
      sections: [ImageFacts.Section(".text", at: 0x10_0000, size: 0x9000, [.read, .execute])],
      profile: "sections")
    facts.sections[0].fileOffset = 0x1000
    facts.words = words
    return facts
  }

  /// One protocol (Multiboot Specification 0.6.96, 3.1.1; Multiboot2 Specification 2.0, 3.1.1).
  private struct BootProtocol {
    var name: String
    var magic: UInt32
    /// Words whose sum is 0, the magic number first.
    var words: Int
    var searched: UInt64
    var alignment: UInt64

    static let all = [
      BootProtocol(name: "multiboot", magic: 0x1bad_b002, words: 3, searched: 8192, alignment: 4),
      BootProtocol(name: "multiboot2", magic: 0xe852_50d6, words: 4, searched: 32768, alignment: 8),
    ]
  }

  private struct Header {
    var boot: BootProtocol
    var section: Int
    var offset: UInt64

    var isFound: Bool {
      offset % boot.alignment == 0 && offset &+ UInt64(boot.words) * 4 <= boot.searched
    }
  }

  func check(_ context: RuleContext) -> [Finding] {
    context.images.flatMap { planned -> [Finding] in
      let image = planned.image
      // EM_386 and EM_X86_64.
      guard image.kind == .elf, !image.isRelocatable, [nil, 3, 62].contains(image.machine) else {
        return []
      }
      let headers = Self.headers(
        of: image, form: context.shipped ?? planned.plan?.mapped.description.image)
      return BootProtocol.all.compactMap { boot in
        let own = headers.filter { $0.boot.magic == boot.magic }
        guard let first = own.first, !own.contains(where: \.isFound) else { return nil }
        return finding(first, image, context)
      }
    }
  }

  private func finding(_ header: Header, _ image: Image, _ context: RuleContext) -> Finding {
    let start =
      "the \(header.boot.name) header in '\(image.sectionName(header.section))' is at \(hexadecimal(header.offset)) of the "
      + "file, "
    let isFar = header.offset &+ UInt64(header.boot.words) * 4 > header.boot.searched
    let segment = image.segments.first { $0.isLoaded }
    var notes: [FindingNote] = []
    if isFar, let segment, segment.fileOffset >= header.boot.searched {
      notes = [
        FindingNote(
          "the first segment begins at \(hexadecimal(segment.fileOffset)) of the file: '-z max-page-size=0x1000' or '-n' "
            + "moves it to the front")
      ]
    }
    return finding(
      start
        + (isFar
          ? "and boot loaders look for it in the first \(hexadecimal(header.boot.searched)) bytes"
          : "which is no multiple of \(header.boot.alignment)"),
      at: context.facts?.place(of: header.section, in: image)
        ?? image.place(ofSection: header.section),
      notes: notes, subject: header.boot.name)
  }

  /// Every header in the contents of an image, where the file that leaves the build has it.
  private static func headers(of image: Image, form: ShippedDescription?) -> [Header] {
    guard image.sources.count > 0 else { return [] }
    let end = form?.end.flatMap { image.value(ofGlobal: $0) }
    let shipped = form.flatMap { ShippedImage(image, form: $0.form, end: end) }
    let buffer = image.sources.buffer(SourceID(index: 0))
    return image.outputSections.indices.flatMap { index -> [Header] in
      let section = image.outputSections[index]
      guard section.isShipped, let start = section.fileOffset, let vma = section.vma,
        let first = Int(exactly: start), let size = Int(exactly: section.size), first >= 0,
        size <= buffer.count, first <= buffer.count - size
      else { return [] }
      return found(buffer, first..<(first + size)).compactMap { boot, place in
        let distance = UInt64(place - first)
        let offset = shipped == nil ? UInt64(place) : shipped?.offset(atAddress: vma &+ distance)
        return offset.map { Header(boot: boot, section: index, offset: $0) }
      }
    }
  }

  /// The headers in a range of the file that begin on 4 bytes.
  private static func found(
    _ buffer: SourceBuffer, _ range: Range<Int>
  ) -> [(boot: BootProtocol, place: Int)] {
    let reader = buffer.reader
    var found: [(boot: BootProtocol, place: Int)] = []
    var place = (range.lowerBound + 3) & ~3
    while place <= range.upperBound - 12 {
      let word = reader.word32(place)
      if word == 0x1bad_b002 || word == 0xe852_50d6,
        let boot = BootProtocol.all.first(where: { $0.magic == word }),
        place <= range.upperBound - boot.words * 4,
        (0..<boot.words).reduce(UInt32(0), { $0 &+ reader.word32(place + $1 * 4) }) == 0
      {
        found.append((boot, place))
      }
      place += 4
    }
    return found
  }
}
