// Rule headers-not-loaded: a program whose program headers no segment loads.

import LdsParser

/// Looks for an interpreter in a linked ELF file, and for a loaded segment that has the program headers in it.
///
/// It cannot see programs without an interpreter that look for their headers all the same (`getauxval(AT_PHDR)`, TLS of a
/// static program): of those nothing is said.
struct HeadersNotLoaded: Rule {
  static let description = RuleDescription(
    id: "headers-not-loaded",
    summary: "a program with an interpreter does not load its program headers",
    rationale: """
      The kernel tells the dynamic loader the address of the program headers (AT_PHDR), which it takes from the segment that \
      holds them. With PHDRS in the script GNU ld and lld load them only where FILEHDR and PHDRS stand in an entry, and say \
      nothing where they do not: the loader then finds none, or reads memory that is not mapped, before main.
      """,
    fix:
      "write FILEHDR and PHDRS in the first PT_LOAD entry, and begin with '. = 0x400000 + SIZEOF_HEADERS'",
    severity: .error, needs: [.image],
    good: [
      .image("in the first segment", Self.facts([(0, 0x1000)])),
      .image(
        "no program of an operating system", ImageFacts(segments: [Self.segment(1, 0x1000, 16)])),
    ],
    bad: [
      .image(
        "no room for them", Self.facts([(0x1000, 0x200)]),
        messages: [
          "the program headers (0x40 to 0xb0 of the file) are in no loaded segment, and the interpreter looks for them"
        ])
    ])

  private static func segment(_ type: UInt32, _ offset: UInt64, _ size: UInt64) -> SegmentRecord {
    SegmentRecord(
      type: type, isReadable: true, isWritable: false, isExecutable: false,
      virtualAddress: 0x40_0000 &+ offset, physicalAddress: 0x40_0000 &+ offset, fileOffset: offset,
      fileSize: size, memorySize: size, alignment: 1)
  }

  private static func facts(_ loads: [(UInt64, UInt64)]) -> ImageFacts {
    ImageFacts(segments: loads.map { segment(1, $0, $1) } + [segment(3, 0x1100, 16)])
  }

  func check(_ context: RuleContext) -> [Finding] {
    context.linkedELF.compactMap { image in
      guard
        image.segments.contains(where: {
          $0.type == ELF.segmentInterpreter && $0.fileSize > 0
        })
      else { return nil }
      // GNU ld, lld and gold write the program headers right behind the header of the file.
      let start: UInt64 = image.is32Bit == true ? 52 : 64
      let size: UInt64 = image.is32Bit == true ? 32 : 56
      let end = start &+ UInt64(image.segments.count) &* size
      let isLoaded = image.segments.contains {
        $0.isLoaded && $0.fileOffset <= start && $0.fileOffset &+ $0.fileSize >= end
      }
      guard !isLoaded else { return nil }
      return finding(
        "the program headers (\(hexadecimal(start)) to \(hexadecimal(end)) of the file) are in no loaded segment, and the "
          + "interpreter looks for them",
        at: image.wholePlace, subject: "program headers")
    }
  }
}
